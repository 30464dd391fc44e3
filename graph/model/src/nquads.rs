//! Writing statements as canonical N-Triples and N-Quads, straight from the borrowed parts.
//!
//! RDF 1.1 N-Triples (W3C Recommendation, 25 February 2014), canonical form: one space between the parts,
//! only `"`, `\`, line feed and carriage return escaped. IRIs here were validated when they were minted.

use crate::document::{ObjectRef, StatementRef};

/// Appends one statement and a line feed; with a graph IRI it is an N-Quad, without one an N-Triple.
pub fn write_statement(statement: &StatementRef<'_>, graph: Option<&str>, out: &mut Vec<u8>) {
    let parts = statement.subject.len() + statement.predicate.as_str().len() + graph.map_or(0, str::len);
    // One look at the room for most of what follows; the marks between the parts go together for the same reason.
    out.reserve(parts + 128);
    out.push(b'<');
    out.extend_from_slice(statement.subject.as_bytes());
    out.extend_from_slice(b"> <");
    out.extend_from_slice(statement.predicate.as_str().as_bytes());
    out.extend_from_slice(b"> ");
    match statement.object {
        ObjectRef::Iri(object) => write_iri(object, out),
        ObjectRef::Text(text, tag) => {
            write_text(text, out);
            if let Some(tag) = tag {
                out.push(b'@');
                out.extend_from_slice(tag.as_bytes());
            }
        }
        ObjectRef::Typed(text, datatype) => {
            write_text(text, out);
            out.extend_from_slice(b"^^");
            write_iri(datatype.as_str(), out);
        }
    }
    if let Some(graph) = graph {
        out.extend_from_slice(b" <");
        out.extend_from_slice(graph.as_bytes());
        out.extend_from_slice(b"> .\n");
    } else {
        out.extend_from_slice(b" .\n");
    }
}

/// Appends an IRI in its angle brackets; it has to be a valid one.
pub fn write_iri(iri: &str, out: &mut Vec<u8>) {
    out.push(b'<');
    out.extend_from_slice(iri.as_bytes());
    out.push(b'>');
}

/// Appends a text in its quotation marks, escaped.
pub fn write_text(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    let escaped = |b: u8| matches!(b, b'"' | b'\\' | b'\n' | b'\r');
    let mut rest = text.as_bytes();
    // Nearly every text needs no escape. Looked at as a whole, without a way out, it is compared many bytes at once.
    if rest.iter().fold(false, |met, &b| met | escaped(b)) {
        while let Some(at) = rest.iter().position(|&b| escaped(b)) {
            out.extend_from_slice(&rest[..at]);
            out.extend_from_slice(match rest[at] {
                b'"' => b"\\\"",
                b'\\' => b"\\\\",
                b'\n' => b"\\n",
                _ => b"\\r",
            });
            rest = &rest[at + 1..];
        }
    }
    out.extend_from_slice(rest);
    out.push(b'"');
}
