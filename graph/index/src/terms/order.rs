//! The order of terms, as bytes.
//!
//! A *key* is a term written so that keys compare byte by byte as `ORDER BY` compares terms (SPARQL 1.1, 15.1): blank
//! nodes, IRIs by code point, literals, triple terms. Nothing is lost: the term is read back from its key. So the
//! dictionary is a sorted list of byte strings, a look-up is a binary search, and no term is parsed to compare it.
//!
//! Where SPARQL leaves the order open, it is total here all the same, and the same in every generation:
//! - literals stand together by [`Kind`], so that the numbers, the strings, the dates are ranges of their own;
//! - numbers by exact value over all their types, NaN last; equal ones by datatype, then by text;
//! - strings by code point; texts with a language by text, then by tag, then by direction;
//! - dateTimes, dates, times and the calendar's fields by their place on the time line, those without a time zone as
//!   if they were in UTC and before those with one; this agrees with XSD wherever that says which is earlier;
//! - durations by where they lead from one fixed moment (see `value.rs`);
//! - other literals by datatype, then by text; triple terms by subject, predicate, object.
//!
//! | kind | key after the byte of the kind |
//! |---|---|
//! | blank node, IRI, string | text |
//! | text with language | text, end, tag; with a direction also end and `1` (left to right) or `2` |
//! | number, boolean, moment, duration | value (see `number.rs`, `value.rs`), byte of the datatype, text |
//! | other typed | datatype, end, text |
//! | triple term | key of the subject, end, key of the predicate, end, key of the object |
//!
//! *End* is two zero bytes; a zero inside what it ends is written as 0, 255.

use super::kind::Kind;
use super::value::{DATATYPES, Value, value};
use memchr::memchr;
use oxrdf::vocab::{rdf, xsd};
use oxrdf::{
    BaseDirection, BlankNode, Literal, LiteralRef, NamedNode, NamedNodeRef, NamedOrBlankNode, Term, TermRef,
    Triple,
};
use std::borrow::Cow;

const END: [u8; 2] = [0, 0];
/// How deep triple terms are read that stand in one another. Nothing that an engine takes in is as deep; a damaged file
/// may seem to be.
const DEPTH: usize = 1_000;

/// Writes the key of a term behind what is there.
pub(crate) fn write_key(term: TermRef<'_>, key: &mut Vec<u8>) {
    match term {
        TermRef::BlankNode(node) => plain(Kind::BlankNode, node.as_str(), key),
        TermRef::NamedNode(node) => plain(Kind::NamedNode, node.as_str(), key),
        TermRef::Literal(literal) => write_literal(literal, key),
        TermRef::Triple(triple) => {
            key.push(Kind::Triple as u8);
            let mut part = Vec::new();
            write_key(triple.subject.as_ref().into(), &mut part);
            escaped(&part, key);
            key.extend_from_slice(&END);
            part.clear();
            write_key(triple.predicate.as_ref().into(), &mut part);
            escaped(&part, key);
            key.extend_from_slice(&END);
            write_key(triple.object.as_ref(), key);
        }
    }
}

fn write_literal(literal: LiteralRef<'_>, key: &mut Vec<u8>) {
    let text = literal.value();
    if let Some(tag) = literal.language() {
        let direction = literal.direction();
        let kind = if direction.is_some() { Kind::DirectionalString } else { Kind::LanguageString };
        key.push(kind as u8);
        escaped(text.as_bytes(), key);
        key.extend_from_slice(&END);
        key.extend_from_slice(tag.as_bytes());
        if let Some(direction) = direction {
            key.extend_from_slice(&END);
            key.push(if direction == BaseDirection::Ltr { 1 } else { 2 });
        }
        return;
    }
    let datatype = literal.datatype();
    if datatype == xsd::STRING {
        plain(Kind::String, text, key);
    } else if let Some((value, code)) = value(text, datatype) {
        key.push(value.kind() as u8);
        value.write(key);
        key.push(code);
        key.extend_from_slice(text.as_bytes());
    } else {
        key.push(Kind::OtherTyped as u8);
        escaped(datatype.as_str().as_bytes(), key);
        key.extend_from_slice(&END);
        key.extend_from_slice(text.as_bytes());
    }
}

/// Writes what all keys of literals begin with that have the value.
pub(crate) fn write_value(value: Value, key: &mut Vec<u8>) {
    key.push(value.kind() as u8);
    value.write(key);
}

fn plain(kind: Kind, text: &str, key: &mut Vec<u8>) {
    key.push(kind as u8);
    key.extend_from_slice(text.as_bytes());
}

/// Writes bytes in which no end can be.
pub(crate) fn escaped(mut bytes: &[u8], key: &mut Vec<u8>) {
    while let Some(zero) = memchr(0, bytes) {
        let (before, rest) = bytes.split_at(zero + 1);
        key.extend_from_slice(before);
        key.push(255);
        bytes = rest;
    }
    key.extend_from_slice(bytes);
}

/// What is before the first end, and what is behind it.
fn ended(bytes: &[u8]) -> Option<(Cow<'_, [u8]>, &[u8])> {
    let mut from = 0;
    let mut zeros = false;
    loop {
        let zero = from + memchr(0, bytes.get(from..)?)?;
        match bytes.get(zero + 1)? {
            0 => {
                let (before, rest) = (bytes.get(..zero)?, bytes.get(zero + 2..)?);
                return Some((
                    if zeros { Cow::Owned(unescaped(before)) } else { Cow::Borrowed(before) },
                    rest,
                ));
            }
            _ => zeros = true,
        }
        from = zero + 2;
    }
}

fn unescaped(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(bytes.len());
    let mut skip = false;
    for &byte in bytes {
        if !skip {
            plain.push(byte);
        }
        skip = !skip && byte == 0;
    }
    plain
}

/// A term as its key holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Parts<'k> {
    pub(crate) kind: Kind,
    /// The label, IRI or lexical form; that of a triple term in the syntax of N-Triples.
    pub(crate) text: Cow<'k, str>,
    /// The language tag, or the datatype; nothing for what is no literal.
    pub(crate) detail: Cow<'k, str>,
    direction: Option<BaseDirection>,
}

/// Reads a key; `None` when it is none.
pub(crate) fn parts(key: &[u8]) -> Option<Parts<'_>> {
    let (&kind, rest) = key.split_first()?;
    let kind = Kind::of_byte(kind)?;
    let text = |bytes| std::str::from_utf8(bytes).ok().map(Cow::Borrowed);
    let parts = |text, detail| Some(Parts { kind, text, detail, direction: None });
    match kind {
        Kind::BlankNode | Kind::NamedNode => parts(text(rest)?, Cow::Borrowed("")),
        Kind::String => parts(text(rest)?, Cow::Borrowed(xsd::STRING.as_str())),
        Kind::LanguageString => {
            let (before, tag) = ended(rest)?;
            parts(string(before)?, text(tag)?)
        }
        Kind::DirectionalString => {
            let (before, rest) = ended(rest)?;
            let (rest, direction) = match rest.split_last()? {
                (1, rest) => (rest, BaseDirection::Ltr),
                (2, rest) => (rest, BaseDirection::Rtl),
                _ => return None,
            };
            let tag = text(rest.strip_suffix(&END)?)?;
            Some(Parts { kind, text: string(before)?, detail: tag, direction: Some(direction) })
        }
        Kind::OtherTyped => {
            let (datatype, rest) = ended(rest)?;
            parts(text(rest)?, string(datatype)?)
        }
        Kind::Triple => parts(Cow::Owned(term(key)?.to_string()), Cow::Borrowed("")),
        Kind::Numeric => typed(kind, rest, if *rest.get(8)? == 0 { 9 } else { 25 }),
        Kind::Boolean => typed(kind, rest, 1),
        Kind::Duration => typed(kind, rest, 40),
        _ => typed(kind, rest, 17),
    }
}

/// A literal behind a value of so many bytes.
fn typed(kind: Kind, rest: &[u8], value: usize) -> Option<Parts<'_>> {
    let (&code, text) = rest.get(value..)?.split_first()?;
    let datatype = DATATYPES.get(usize::from(code))?;
    let text = std::str::from_utf8(text).ok()?;
    Some(Parts { kind, text: text.into(), detail: datatype.as_str().into(), direction: None })
}

fn string(bytes: Cow<'_, [u8]>) -> Option<Cow<'_, str>> {
    match bytes {
        Cow::Borrowed(bytes) => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
        Cow::Owned(bytes) => String::from_utf8(bytes).ok().map(Cow::Owned),
    }
}

/// Reads a key as a term; `None` when it is none.
pub(crate) fn term(key: &[u8]) -> Option<Term> {
    nested(key, DEPTH)
}

fn nested(key: &[u8], depth: usize) -> Option<Term> {
    if key.first() == Some(&(Kind::Triple as u8)) {
        let depth = depth.checked_sub(1)?;
        let (subject, rest) = ended(key.get(1..)?)?;
        let (predicate, object) = ended(rest)?;
        let subject = match nested(&subject, 0)? {
            Term::NamedNode(node) => NamedOrBlankNode::from(node),
            Term::BlankNode(node) => node.into(),
            _ => return None,
        };
        let Term::NamedNode(predicate) = nested(&predicate, 0)? else { return None };
        return Some(Triple::new(subject, predicate, nested(object, depth)?).into());
    }
    let Parts { kind, text, detail, direction } = parts(key)?;
    let text = text.into_owned();
    Some(match kind {
        Kind::BlankNode => BlankNode::new_unchecked(text).into(),
        Kind::NamedNode => NamedNode::new_unchecked(text).into(),
        Kind::String => Literal::new_simple_literal(text).into(),
        Kind::LanguageString | Kind::DirectionalString => match direction {
            None => Literal::new_language_tagged_literal_unchecked(text, detail).into(),
            Some(direction) => {
                Literal::new_directional_language_tagged_literal_unchecked(text, detail, direction).into()
            }
        },
        _ => Literal::new_typed_literal(text, NamedNodeRef::new_unchecked(&detail)).into(),
    })
}

/// The datatype of a literal of the kind whose detail is its language.
pub(crate) fn datatype_of_language(kind: Kind) -> NamedNodeRef<'static> {
    if kind == Kind::DirectionalString { rdf::DIR_LANG_STRING } else { rdf::LANG_STRING }
}
