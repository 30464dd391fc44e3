//! OAI-PMH 2.0 (2002, rev. 2015): the envelopes that repositories deliver records in.
//!
//! [`records`] cuts a stream of XML into records wherever they stand: bare, in a collection, or in the `record`s of a
//! ListRecords or GetRecord answer (or of a saved piece of one, without namespace). What a header says goes with the
//! record: the identifier under which it is delivered, and that it was deleted. `about` containers (rights and provenance
//! of the metadata), `datestamp`, `setSpec` and `resumptionToken` are about the delivery and are left to the harvester.

use crate::shared::xml::{self, Element, ElementRef, Start};
use graph_model::{Broken, Delivery, Position};
use std::borrow::Cow;
use std::io::BufRead;
use std::sync::Arc;

/// The namespace of OAI-PMH.
pub const NAMESPACE: &str = xml::OAI;

/// A record, with the envelope around it where there is one; or an envelope that says that its record is gone.
#[derive(Debug, Clone)]
pub struct Enveloped {
    tree: Arc<Element>,
    /// Where the record stands in the tree; `None` for a deleted one.
    record: Option<usize>,
}

impl Enveloped {
    /// The record's element; the envelope's where the record was deleted.
    #[must_use]
    pub fn root(&self) -> ElementRef<'_> {
        self.record.map_or_else(|| self.tree.root(), |place| self.tree.at(place))
    }

    /// The element with all that was read with it: its oddities and its position.
    #[must_use]
    pub fn element(&self) -> &Element {
        &self.tree
    }

    /// Where the record, or the envelope around it, begins.
    #[must_use]
    pub fn position(&self) -> Position {
        self.tree.position()
    }

    /// What the envelope tells.
    #[must_use]
    pub fn delivery(&self) -> Option<Delivery<'_>> {
        let envelope = self.tree.root();
        (self.record != Some(envelope.place())).then(|| delivery(envelope)).flatten()
    }
}

/// What an OAI-PMH `record` tells in its header; `None` where there is no header with an identifier.
#[must_use]
pub fn delivery(envelope: ElementRef<'_>) -> Option<Delivery<'_>> {
    envelope.child("header").and_then(header)
}

/// What an OAI-PMH `header` tells; `None` where it has no identifier.
#[must_use]
pub fn header(header: ElementRef<'_>) -> Option<Delivery<'_>> {
    let identifier = header.child("identifier")?.text();
    let deleted = header.attribute("status") == Some("deleted");
    (!identifier.is_empty()).then_some(Delivery { identifier, deleted })
}

/// What the header in the bytes of an envelope, or of its beginning, tells.
#[must_use]
pub fn header_in(bytes: &[u8]) -> Option<Box<(String, bool)>> {
    memchr::memmem::find(bytes, b"header")?;
    let mut reader = xml::Reader::new(Box::new(bytes));
    loop {
        match reader.next().ok()? {
            xml::Event::Start(start) if start.name() == "header" => {
                let element = reader.element().ok()?;
                let Delivery { identifier, deleted } = header(element.root())?;
                return Some(Box::new((identifier.into_owned(), deleted)));
            }
            xml::Event::Eof => return None,
            _ => {}
        }
    }
}

/// Whether a start tag is that of an envelope. Saved pieces of answers have lost the namespace.
#[must_use]
pub fn is_envelope(start: &Start<'_>) -> bool {
    start.name() == "record" && (start.namespace() == NAMESPACE || start.namespace().is_empty())
}

/// Which elements are the records of a format.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// By the start tag, outside of an envelope.
    pub start: fn(&Start<'_>) -> bool,
    /// By the whole element, within an envelope.
    pub element: fn(ElementRef<'_>) -> bool,
    /// What they are called, for messages: `a MODS record`.
    pub expected: &'static str,
}

/// Cuts a stream of XML into records of a kind. An envelope that holds none, and is not marked as deleted, is broken.
pub fn records<'i>(
    input: Box<dyn BufRead + 'i>,
    kind: Kind,
) -> impl Iterator<Item = Result<Enveloped, Broken>> + use<'i> {
    let mut elements = xml::wrapped(input, kind.start, is_envelope);
    // The further records of an envelope that holds several.
    let mut rest: Vec<Enveloped> = Vec::new();
    std::iter::from_fn(move || {
        if let Some(next) = rest.pop() {
            return Some(Ok(next));
        }
        Some(match elements.next()? {
            Ok(element) => {
                let tree = Arc::new(element);
                let mut found = within(&tree, kind);
                found.reverse();
                rest = found;
                match rest.pop() {
                    Some(first) => Ok(first),
                    None => Err(empty(&tree, kind)),
                }
            }
            Err(broken) => Err(Broken { id: id_in(&broken.raw).or(broken.id), ..broken }),
        })
    })
}

/// The records of an element: itself, or those in the envelope that it is.
fn within(tree: &Arc<Element>, kind: Kind) -> Vec<Enveloped> {
    let root = tree.root();
    let at = |record: Option<usize>| Enveloped { tree: Arc::clone(tree), record };
    let envelope = root.name() == "record" && (root.namespace() == NAMESPACE || root.namespace().is_empty());
    if !envelope {
        return vec![at(Some(root.place()))];
    }
    if delivery(root).is_some_and(|delivery| delivery.deleted) {
        return vec![at(None)];
    }
    let mut found: Vec<Enveloped> = Vec::new();
    let mut past = 0;
    for element in root.descendants() {
        // Records do not nest: what is within one belongs to it.
        if element.place() >= past && !around(element, root) && (kind.element)(element) {
            past = element.place()
                + 1
                + element.descendants().last().map_or(0, |last| last.place() - element.place());
            found.push(at(Some(element.place())));
        }
    }
    found
}

/// Whether an element belongs to the envelope itself rather than to what it holds.
fn around(element: ElementRef<'_>, root: ElementRef<'_>) -> bool {
    let top = std::iter::successors(Some(element), |element| element.parent())
        .take_while(|element| *element != root)
        .last()
        .map_or("", ElementRef::name);
    matches!(top, "header" | "about")
}

fn empty(tree: &Element, kind: Kind) -> Broken {
    let root = tree.root();
    let metadata = root.child("metadata").and_then(|metadata| metadata.elements().next());
    let other = || root.elements().find(|element| !matches!(element.name(), "header" | "metadata" | "about"));
    let met = match metadata.or_else(other) {
        Some(other) => format!("an envelope with the element '{}'", other.name()),
        None => "an empty envelope".to_owned(),
    };
    Broken {
        position: tree.position(),
        id: delivery(root).map(|delivery| delivery.identifier.into_owned()),
        met,
        expected: Cow::Borrowed(kind.expected),
        raw: Vec::new(),
    }
}

/// The identifier in the header of an envelope that is not well-formed, for the report.
#[must_use]
pub fn id_in(raw: &[u8]) -> Option<String> {
    let rest = &raw[memchr::memmem::find(raw, b"header")?..];
    let rest = &rest[memchr::memmem::find(rest, b"identifier")?..];
    let rest = &rest[memchr::memchr(b'>', rest)? + 1..];
    let id = std::str::from_utf8(&rest[..memchr::memchr(b'<', rest)?]).ok()?.trim();
    (!id.is_empty() && id.len() <= 200).then(|| id.to_owned())
}

/// Whether the first bytes of a file are those of XML, rather than of something with XML in it.
#[must_use]
pub fn is_xml(head: &[u8]) -> bool {
    head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start().starts_with(b"<")
}

/// Whether the first bytes of a file have a start tag with one of these local names, whatever its prefix.
#[must_use]
pub fn has_tag(head: &[u8], names: &[&str]) -> bool {
    tags(head).any(|tag| names.contains(&tag))
}

/// Whether the first bytes of a file are an answer of OAI-PMH with nothing but deleted records: they are then records of
/// any format, and of none that could be told.
#[must_use]
pub fn only_deletions(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head);
    text.contains(NAMESPACE)
        && (text.contains("status=\"deleted\"") || text.contains("status='deleted'"))
        && !has_tag(head, &["metadata"])
}

/// The first bytes of a file with the zeros of UTF-16 left out, so that tags can be read in them.
#[must_use]
pub fn readable(head: &[u8]) -> Cow<'_, [u8]> {
    if head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF") {
        Cow::Owned(head.iter().copied().filter(|&b| b != 0).collect())
    } else {
        Cow::Borrowed(head)
    }
}

/// The local names of the start tags of the first bytes of a file; of UTF-16 when they were made [`readable`].
pub fn tags(head: &[u8]) -> impl Iterator<Item = &str> {
    let mut rest = head;
    std::iter::from_fn(move || {
        loop {
            let at = memchr::memchr(b'<', rest)?;
            rest = &rest[at + 1..];
            if let Some(comment) = rest.strip_prefix(b"!--") {
                rest = memchr::memmem::find(comment, b"-->").map_or(&[], |end| &comment[end..]);
                continue;
            }
            let end = rest.iter().position(|b| b" \t\r\n/>".contains(b)).unwrap_or(rest.len());
            let name = rest[..end].rsplit(|&b| b == b':').next().unwrap_or_default();
            if let Ok(name) = std::str::from_utf8(name)
                && !name.is_empty()
                && !name.starts_with(['/', '!', '?'])
            {
                return Some(name);
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIND: Kind = Kind {
        start: |start| start.name() == "dc",
        element: |element| element.name() == "dc",
        expected: "a record of the test",
    };

    fn cut(xml: &str) -> Vec<String> {
        records(Box::new(xml.as_bytes()), KIND)
            .map(|record| match record {
                Ok(record) => {
                    let delivery = record.delivery();
                    let gone = delivery.as_ref().is_some_and(|delivery| delivery.deleted);
                    let id = delivery.map_or("-".into(), |delivery| delivery.identifier);
                    if gone { format!("{id} gone") } else { format!("{id} {}", record.root().text()) }
                }
                Err(broken) => format!("{} broken: {broken}", broken.id.as_deref().unwrap_or("-")),
            })
            .collect()
    }

    #[test]
    fn every_envelope_is_something() {
        let xml = r#"<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords>
            <record><header><identifier>1</identifier></header><metadata><dc>a</dc></metadata><about><dc>no</dc></about></record>
            <record><header status="deleted"><identifier> 2 </identifier></header></record>
            <record><header><identifier>3</identifier></header><metadata><mods/></metadata></record>
            <record><header><identifier>4</identifier></header></record>
            <record><header><identifier>5</identifier></header><metadata><c><dc>b</dc><dc>c<dc>d</dc></dc></c></metadata></record>
            <record><header><identifier>6</identifier></header><metadata><dc></metadata></record>
            <record><header><identifier>7</identifier></header><dc>e</dc></record>
            <resumptionToken>x</resumptionToken></ListRecords></OAI-PMH>"#;
        let met = cut(xml);
        assert_eq!(met[..2], ["1 a", "2 gone"]);
        assert_eq!(met[2], "3 broken: an envelope with the element 'mods'; expected a record of the test");
        assert_eq!(met[3], "4 broken: an empty envelope; expected a record of the test");
        assert_eq!(met[4..6], ["5 b", "5 cd"]);
        assert!(met[6].starts_with("6 broken: "), "{}", met[6]);
        assert_eq!(met[7..], ["7 e"]);
    }

    #[test]
    fn bare_records_and_saved_pieces() {
        assert_eq!(cut("<l><dc>a</dc><dc>b</dc></l>"), ["- a", "- b"]);
        assert_eq!(
            cut(
                "<record><header><identifier>1</identifier></header><metadata><dc>a</dc></metadata></record>"
            ),
            ["1 a"]
        );
    }

    #[test]
    fn heads_of_files() {
        let page = br#"<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><header status="deleted"><identifier>1</identifier></header>"#;
        assert!(is_xml(b"\xEF\xBB\xBF <a/>") && !is_xml(b"{\"xml\": \"<mods/>\"}"));
        assert!(only_deletions(page));
        assert!(has_tag(page, &["identifier"]) && !has_tag(page, &["dc"]));
        assert_eq!(tags(b"<?xml?><!-- <no> --><a:b c='1'/></a>").collect::<Vec<_>>(), ["b"]);
    }
}
