//! Writing quads: for people and machines by format, and for dumps as fast as bytes can be copied.

use crate::query::GraphFormat;
use graph_model::{write_iri, write_text};
use oxigraph::io::RdfSerializer;
use oxigraph::model::{GraphNameRef, NamedOrBlankNodeRef, Quad, QuadRef, TermRef, TripleRef};
use std::collections::HashSet;
use std::io::{self, Write};
use vocabularies::xsd;

/// Writes quads in the given format. Of the prefixes (name, namespace) those that are used are declared. A format
/// without graphs gets every statement once, in whatever graphs it stands.
///
/// # Errors
/// When `out` fails, or a statement cannot be said in the format (RDF/XML has no name for some properties).
pub fn write_quads<W: Write>(
    quads: &[Quad],
    format: GraphFormat,
    prefixes: &[(&str, &str)],
    out: W,
) -> io::Result<W> {
    let mut serializer = RdfSerializer::from_format(format.engine());
    if !matches!(format, GraphFormat::NTriples | GraphFormat::NQuads | GraphFormat::JsonLd) {
        let iris: Vec<&str> = quads.iter().flat_map(|quad| iris(quad.as_ref())).collect();
        for (name, namespace) in prefixes {
            if iris.iter().any(|iri| iri.len() > namespace.len() && iri.starts_with(namespace)) {
                serializer = serializer.with_prefix(*name, *namespace).map_err(io::Error::other)?;
            }
        }
    }
    let mut writer = serializer.for_writer(out);
    if format.keeps_graphs() {
        for quad in quads {
            writer.serialize_quad(quad)?;
        }
    } else {
        let mut met: HashSet<TripleRef<'_>> = HashSet::with_capacity(quads.len());
        for quad in quads {
            let triple = TripleRef::from(quad.as_ref());
            if met.insert(triple) {
                writer.serialize_triple(triple)?;
            }
        }
    }
    writer.finish()
}

fn iris(quad: QuadRef<'_>) -> impl Iterator<Item = &str> {
    let subject = match quad.subject {
        NamedOrBlankNodeRef::NamedNode(node) => Some(node.as_str()),
        NamedOrBlankNodeRef::BlankNode(_) => None,
    };
    let object = match quad.object {
        TermRef::NamedNode(node) => Some(node.as_str()),
        TermRef::Literal(literal) => Some(literal.datatype().as_str()),
        _ => None,
    };
    let graph = match quad.graph_name {
        GraphNameRef::NamedNode(node) => Some(node.as_str()),
        _ => None,
    };
    [subject, Some(quad.predicate.as_str()), object, graph].into_iter().flatten()
}

/// Appends a quad as one line of canonical N-Quads (RDF 1.1 N-Quads, W3C Recommendation, 25 February 2014).
pub fn write_nquad(quad: QuadRef<'_>, out: &mut Vec<u8>) {
    match quad.subject {
        NamedOrBlankNodeRef::NamedNode(node) => write_iri(node.as_str(), out),
        NamedOrBlankNodeRef::BlankNode(node) => blank(node.as_str(), out),
    }
    out.push(b' ');
    write_iri(quad.predicate.as_str(), out);
    out.push(b' ');
    match quad.object {
        TermRef::NamedNode(node) => write_iri(node.as_str(), out),
        TermRef::BlankNode(node) => blank(node.as_str(), out),
        TermRef::Literal(literal) => {
            write_text(literal.value(), out);
            if let Some(tag) = literal.language() {
                out.push(b'@');
                out.extend_from_slice(tag.as_bytes());
                if let Some(direction) = literal.direction() {
                    out.extend_from_slice(format!("--{direction}").as_bytes());
                }
            } else if literal.datatype() != xsd::STRING {
                out.extend_from_slice(b"^^");
                write_iri(literal.datatype().as_str(), out);
            }
        }
        TermRef::Triple(triple) => out.extend_from_slice(format!("<<( {triple} )>>").as_bytes()),
    }
    match quad.graph_name {
        GraphNameRef::NamedNode(node) => {
            out.push(b' ');
            write_iri(node.as_str(), out);
        }
        GraphNameRef::BlankNode(node) => {
            out.push(b' ');
            blank(node.as_str(), out);
        }
        GraphNameRef::DefaultGraph => {}
    }
    out.extend_from_slice(b" .\n");
}

fn blank(label: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(b"_:");
    out.extend_from_slice(label.as_bytes());
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use oxigraph::io::{RdfFormat, RdfParser};

    const QUADS: &str = concat!(
        "<http://x.org/a> <http://x.org/p#name> \"say \\\"hi\\\"\\n\\\\ \\u00E4\\t!\"@fi <http://x.org/g> .\n",
        "<http://x.org/a> <http://x.org/p#name> \"1\"^^<http://www.w3.org/2001/XMLSchema#integer> <http://x.org/g> .\n",
        "<http://x.org/a> <http://x.org/p#name> \"plain\" .\n",
        "<http://x.org/a> <http://x.org/p#knows> _:b0 <http://x.org/g> .\n",
        "_:b0 <http://x.org/p#knows> <http://x.org/a> <http://x.org/h> .\n",
        "<http://x.org/a> <http://x.org/p#knows> _:b0 <http://x.org/h> .\n",
    );

    fn quads() -> Vec<Quad> {
        RdfParser::from_format(RdfFormat::NQuads).for_slice(QUADS).map(Result::unwrap).collect()
    }

    #[test]
    fn our_lines_read_back_as_the_same_quads() {
        let mut lines = Vec::new();
        for quad in &quads() {
            write_nquad(quad.as_ref(), &mut lines);
        }
        let back: Vec<Quad> =
            RdfParser::from_format(RdfFormat::NQuads).for_slice(&lines).map(Result::unwrap).collect();
        assert_eq!(back, quads());
        let text = String::from_utf8(lines).unwrap();
        assert!(text.contains("\"say \\\"hi\\\"\\n\\\\ ä\t!\"@fi"), "{text}");
        assert!(text.contains("\"plain\" .\n"), "{text}");
    }

    #[test]
    fn formats_without_graphs_say_each_statement_once_and_declare_used_prefixes() {
        let prefixes = [("p", "http://x.org/p#"), ("unused", "http://y.org/")];
        let text = |format| {
            String::from_utf8(write_quads(&quads(), format, &prefixes, Vec::new()).unwrap()).unwrap()
        };
        let turtle = text(GraphFormat::Turtle);
        assert!(turtle.contains("@prefix p: <http://x.org/p#>") && !turtle.contains("unused"), "{turtle}");
        assert_eq!(turtle.matches("p:knows").count(), 2, "{turtle}");
        assert_eq!(text(GraphFormat::NTriples).lines().count(), 5);
        assert_eq!(text(GraphFormat::NQuads).lines().count(), 6);
        assert!(text(GraphFormat::TriG).contains("<http://x.org/h>"));
        assert!(text(GraphFormat::RdfXml).contains("p:knows"));
        assert!(text(GraphFormat::JsonLd).starts_with('['));
    }
}
