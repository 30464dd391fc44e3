//! Hashes of statements, the same for what a record says and for what the store gives back.

use graph_model::{ObjectRef, StatementRef};
use graph_store::rdf::{GraphNameRef, NamedOrBlankNodeRef, QuadRef, TermRef};
use graph_store::{Canonical, StoreError};
use std::cell::RefCell;
use std::hash::{BuildHasherDefault, Hasher};
use xxhash_rust::xxh3::xxh3_128;

/// Hashes statements; keeps its buffers.
pub(crate) struct Pen {
    canonical: Canonical,
    line: RefCell<Vec<u8>>,
}

#[derive(Clone, Copy)]
enum Object<'a> {
    Iri(&'a str),
    Literal(&'a str, &'a str, &'a str),
}

impl Pen {
    pub(crate) fn new(canonical: Canonical) -> Self {
        Self { canonical, line: RefCell::default() }
    }

    /// The hash of what a record says, in the form in which the store will give it back.
    pub(super) fn hash(&mut self, statement: &StatementRef<'_>) -> Result<u128, StoreError> {
        let (subject, predicate) = (statement.subject, statement.predicate.as_str());
        Ok(match statement.object {
            ObjectRef::Iri(iri) => hash(subject, predicate, Object::Iri(iri), self.line.get_mut()),
            ObjectRef::Text(text, tag) => {
                let object = Object::Literal(text, tag.unwrap_or_default(), "");
                hash(subject, predicate, object, self.line.get_mut())
            }
            ObjectRef::Typed(text, datatype) => {
                let literal = self.canonical.literal(text, datatype)?;
                let datatype = plain(literal.datatype().as_str());
                let object = Object::Literal(literal.value(), "", datatype);
                hash(subject, predicate, object, self.line.get_mut())
            }
        })
    }

    /// The hash of a quad of the store; those of one graph are comparable with each other.
    pub(crate) fn hash_quad(&self, quad: QuadRef<'_>) -> u128 {
        let subject = match quad.subject {
            NamedOrBlankNodeRef::NamedNode(node) => node.as_str(),
            NamedOrBlankNodeRef::BlankNode(node) => node.as_str(),
        };
        debug_assert!(matches!(quad.graph_name, GraphNameRef::NamedNode(_)));
        let object = match quad.object {
            TermRef::NamedNode(node) => Object::Iri(node.as_str()),
            TermRef::Literal(literal) => {
                let tag = literal.language().unwrap_or_default();
                let datatype = if tag.is_empty() { plain(literal.datatype().as_str()) } else { "" };
                Object::Literal(literal.value(), tag, datatype)
            }
            // Documents have neither blank nodes nor triple terms.
            _ => Object::Iri(""),
        };
        hash(subject, quad.predicate.as_str(), object, &mut self.line.borrow_mut())
    }
}

/// The fingerprint of parts, of which one more came.
pub(super) fn chain(before: u128, part: u128) -> u128 {
    let mut bytes = [0; 32];
    bytes[..16].copy_from_slice(&before.to_le_bytes());
    bytes[16..].copy_from_slice(&part.to_le_bytes());
    xxh3_128(&bytes)
}

/// Text without a datatype is `xsd:string`.
fn plain(datatype: &str) -> &str {
    if datatype == vocabularies::xsd::STRING.as_str() { "" } else { datatype }
}

fn hash(subject: &str, predicate: &str, object: Object<'_>, line: &mut Vec<u8>) -> u128 {
    line.clear();
    // 0xFF is in no UTF-8 text, so it parts the pieces without doubt.
    let mut piece = |text: &str| {
        line.extend_from_slice(text.as_bytes());
        line.push(0xFF);
    };
    piece(subject);
    piece(predicate);
    match object {
        Object::Iri(iri) => piece(iri),
        Object::Literal(text, tag, datatype) => {
            piece(text);
            piece(tag);
            piece(datatype);
        }
    }
    xxh3_128(line)
}

/// The hash of an IRI.
pub(super) fn iri(iri: &str) -> u128 {
    xxh3_128(iri.as_bytes())
}

/// Half of a hash, where a few stray matches among 2⁶⁴ do no harm.
#[expect(clippy::cast_possible_truncation, reason = "the half is what is wanted")]
pub(super) fn short(hash: u128) -> u64 {
    hash as u64
}

/// Keys are hashes already.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Identity(u64);

impl Hasher for Identity {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        // Only u128 and u64 keys are used; anything else still hashes, if poorly.
        for &byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(byte);
        }
    }
    fn write_u128(&mut self, hash: u128) {
        self.0 = short(hash);
    }
    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

pub(crate) type Prehashed = BuildHasherDefault<Identity>;
