//! The pen of a mapping: it mints IRIs, checks values and writes statements into a document.

mod absorb;

pub use absorb::Within;

use crate::base::{Base, DatasetId};
use crate::document::{Document, Node, NodeKind, ObjectRef, Part};
use crate::entity::{Agent, AgentKind, Bound, Concept, Place, TimeSpan};
use crate::issue::{Issue, IssueKind};
use crate::key::{encode_segment, is_plainly_composed, push_key};
use oxrdf::NamedNodeRef;
use std::borrow::Cow;
use std::fmt::Write as _;
use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc_quick};
use vocabularies::{aarre, edm, foaf, geo, owl, rdagr2, rdf, skos, wgs84, xsd};

/// Describes one record into a [`Document`].
///
/// ```
/// use graph_model::{Base, DatasetId, Description, Document};
/// use vocabularies::dc;
/// let (base, dataset) = (Base::new("https://data.example.org")?, DatasetId::new("helmet")?);
/// let mut document = Document::new();
/// let mut out = Description::new(&base, &dataset, "123", &mut document);
/// let item = out.item();
/// out.rule("marc.245a.title", "245$a");
/// out.text(item, dc::TITLE, "Seitsemän veljestä", Some("fi"));
/// assert_eq!(document.len(), 1);
/// # Ok::<(), graph_model::BaseError>(())
/// ```
#[derive(Debug)]
pub struct Description<'d> {
    base: &'d Base,
    dataset: &'d DatasetId,
    document: &'d mut Document,
    key: String,
    /// The numbers that [`Description::next_fragment`] gave last, a word.
    numbers: Vec<(&'static str, u32)>,
}

impl<'d> Description<'d> {
    /// The longest literal that is kept, in bytes; a longer one is cut with an issue.
    pub const TEXT_LIMIT: usize = 1 << 20;

    /// Empties the document and begins the description of the record that its owner calls `local`.
    #[must_use]
    pub fn new(base: &'d Base, dataset: &'d DatasetId, local: &str, document: &'d mut Document) -> Self {
        document.reset(local, |iri| base.push(dataset.as_str(), local, iri));
        Self::resume(base, dataset, document)
    }

    /// Goes on with a document that was described before.
    #[must_use]
    pub fn resume(base: &'d Base, dataset: &'d DatasetId, document: &'d mut Document) -> Self {
        Self { base, dataset, document, key: String::new(), numbers: Vec::new() }
    }

    /// Says that this is but a part of what the record says.
    pub fn part(&mut self, part: Part) {
        self.document.set_part(part);
    }

    /// The item itself: `{base}/id/{dataset}/{local}`.
    #[must_use]
    pub fn item(&self) -> Node {
        Node(0)
    }

    /// The owner's identifier of the record.
    #[must_use]
    pub fn local(&self) -> &str {
        self.document.local()
    }

    /// The dataset that the record belongs to.
    #[must_use]
    pub fn dataset(&self) -> &DatasetId {
        self.dataset
    }

    /// The base of all minted IRIs.
    #[must_use]
    pub fn base(&self) -> &Base {
        self.base
    }

    /// The IRI of a node of this document.
    #[must_use]
    pub fn iri_of(&self, node: Node) -> &str {
        self.document.node_iri(node)
    }

    /// A fragment of the item, e.g. `aggregation` or `production-1`. Fragments hold what belongs to this
    /// record alone; every fragment must be reachable from the item.
    pub fn fragment(&mut self, name: &str) -> Node {
        self.document.mint(NodeKind::Fragment, |document, iri| {
            iri.push_str(document.iri());
            iri.push('#');
            encode_segment(name, iri);
        })
    }

    /// A fragment of which the same is said whenever it is mentioned, such as the aggregation: that is said once.
    pub fn fragment_told(&mut self, name: &'static str, tell: impl FnOnce(&mut Self, Node)) -> Node {
        if let Some(node) = self.document.told(name) {
            return node;
        }
        let node = self.fragment(name);
        tell(self, node);
        self.document.set_told(name, node);
        node
    }

    /// The next fragment of a kind that the document does not have yet: `event-1`, `event-2`, … Mappings that meet in one
    /// record (descriptive metadata in a METS file) thus never share a fragment.
    pub fn next_fragment(&mut self, word: &'static str) -> Node {
        let at = self.numbers.iter().position(|(known, _)| *known == word).unwrap_or_else(|| {
            self.numbers.push((word, 0));
            self.numbers.len() - 1
        });
        let mut number = self.numbers[at].1;
        let node = self.document.mint(NodeKind::Fragment, |document, iri| {
            iri.push_str(document.iri());
            iri.push('#');
            iri.push_str(word);
            iri.push('-');
            let stem = iri.len();
            loop {
                number = number.saturating_add(1);
                iri.truncate(stem);
                let _ = write!(iri, "{number}");
                if !document.has_node(iri) || number == u32::MAX {
                    return;
                }
            }
        });
        self.numbers[at].1 = number;
        node
    }

    /// Whether anything is said of a node by a predicate: for properties that a node has once at most. It looks at every
    /// statement, so it is for few of them.
    #[must_use]
    pub fn states(&self, subject: Node, predicate: NamedNodeRef<'_>) -> bool {
        self.document.states(subject, predicate)
    }

    /// Whether the record is about an item, and not about an agent, a place or a concept.
    #[must_use]
    pub fn is_item(&self) -> bool {
        self.document.statements().any(|statement| {
            statement.predicate == rdf::TYPE && statement.object == ObjectRef::Iri(edm::PROVIDED_CHO.as_str())
        })
    }

    /// Another item of the same dataset by its owner's identifier (a parent component, a host record).
    pub fn sibling(&mut self, local: &str) -> Node {
        let (base, dataset) = (self.base, self.dataset);
        self.document.mint(NodeKind::Other, |_, iri| base.push(dataset.as_str(), local, iri))
    }

    /// A fragment of another item of the same dataset, which that item's own document describes.
    pub fn sibling_fragment(&mut self, local: &str, name: &str) -> Node {
        let (base, dataset) = (self.base, self.dataset);
        self.document.mint(NodeKind::Other, |_, iri| {
            base.push(dataset.as_str(), local, iri);
            iri.push('#');
            encode_segment(name, iri);
        })
    }

    /// An IRI of a table that comes with the program, whose tests have checked it.
    pub fn known_iri(&mut self, iri: &'static str) -> Node {
        self.document.node(iri, NodeKind::Other)
    }

    /// An absolute IRI from the source. Spaces around it are dropped; anything else that is no IRI becomes
    /// an issue and no node.
    pub fn iri(&mut self, text: &str) -> Option<Node> {
        let trimmed = text.trim();
        if is_absolute_iri(trimmed) {
            Some(self.document.node(trimmed, NodeKind::Other))
        } else {
            self.issue(IssueKind::BadIri, trimmed, "an absolute IRI such as https://example.org/1");
            None
        }
    }

    /// An entity under `{base}/id/{kind}/` that is neither agent, place, concept nor time, such as an
    /// `organization` (the owner of records).
    pub fn shared(&mut self, kind: &str, key: &str) -> Node {
        let base = self.base;
        self.document.mint(NodeKind::Shared, |_, iri| base.push(kind, key, iri))
    }

    /// The shared entity whose content key these parts make; `None` when nothing of the first is left in it.
    fn keyed(&mut self, kind: &str, parts: &[&str]) -> Option<Node> {
        let mut key = std::mem::take(&mut self.key);
        key.clear();
        let mut named = true;
        for part in parts {
            push_key(part, &mut key);
            named &= !key.is_empty();
        }
        let node = named.then(|| self.shared(kind, &key));
        self.key = key;
        node
    }

    /// Names the rule and the place in the source that the statements which follow come from.
    pub fn rule(&mut self, rule: &str, path: &str) {
        self.document.origin(rule, path);
    }

    /// States that the object node is the value.
    pub fn link(&mut self, subject: Node, predicate: NamedNodeRef<'static>, object: Node) {
        self.document.push_node(subject, predicate, object);
    }

    /// States that a term of a vocabulary is the value.
    pub fn term(&mut self, subject: Node, predicate: NamedNodeRef<'static>, object: NamedNodeRef<'static>) {
        self.document.push_term(subject, predicate, object);
    }

    /// States the class of a node.
    pub fn a(&mut self, subject: Node, class: NamedNodeRef<'static>) {
        self.document.push_term(subject, rdf::TYPE, class);
    }

    /// States a text in NFC with white space trimmed; an empty one states nothing. `language` is a BCP 47
    /// tag, or `None` when the source does not tell. A node has one `skos:prefLabel` in a language: another spelling of it
    /// becomes a `skos:altLabel`. Control characters that no RDF syntax carries become
    /// U+FFFD with an issue.
    pub fn text(
        &mut self,
        subject: Node,
        predicate: NamedNodeRef<'static>,
        text: &str,
        language: Option<&str>,
    ) {
        let clean = self.clean(text);
        if clean.is_empty() {
            return;
        }
        let tag = language.and_then(|tag| self.language_tag(tag));
        if predicate == skos::PREF_LABEL {
            self.document.push_label(subject, &clean, tag.as_deref());
        } else {
            self.document.push(subject, predicate, ObjectRef::Text(&clean, tag.as_deref()));
        }
    }

    /// States a literal of a datatype. The caller gives a valid lexical form.
    pub fn typed(
        &mut self,
        subject: Node,
        predicate: NamedNodeRef<'static>,
        text: &str,
        datatype: NamedNodeRef<'static>,
    ) {
        if datatype == xsd::STRING {
            self.text(subject, predicate, text, None);
        } else if !text.is_empty() {
            self.document.push(subject, predicate, ObjectRef::Typed(text, datatype));
        }
    }

    /// Notes an oddity at the current place in the source.
    pub fn issue(&mut self, kind: IssueKind, met: &str, expected: impl Into<Cow<'static, str>>) {
        let issue = Issue::new(kind, self.document.last_origin().1, met, expected);
        self.document.push_issue(issue);
    }

    /// Notes an oddity at the given place in the source.
    pub fn issue_at(
        &mut self,
        path: &str,
        kind: IssueKind,
        met: &str,
        expected: impl Into<Cow<'static, str>>,
    ) {
        self.document.push_issue(Issue::new(kind, path, met, expected));
    }

    /// Describes somebody and gives the node; `None` for an empty name.
    pub fn agent(&mut self, agent: &Agent<'_>) -> Option<Node> {
        let node = self.keyed("agent", &agent.key_parts())?;
        self.tell_agent(node, agent);
        Some(node)
    }

    /// The same for somebody whom many records name, with the key that [`Agent::key`] gave.
    pub fn agent_keyed(&mut self, agent: &Agent<'_>, key: &str) -> Node {
        let node = self.shared("agent", key);
        self.tell_agent(node, agent);
        node
    }

    fn tell_agent(&mut self, node: Node, agent: &Agent<'_>) {
        self.a(node, edm::AGENT);
        match agent.kind {
            AgentKind::Person => self.a(node, foaf::PERSON),
            AgentKind::Organization => self.a(node, foaf::ORGANIZATION),
            AgentKind::Family => self.a(node, foaf::GROUP),
            AgentKind::Unknown | AgentKind::Event => {}
        }
        self.text(node, skos::PREF_LABEL, agent.name, agent.language);
        if let Some(written) = agent.as_written
            && written.trim() != agent.name
        {
            self.text(node, skos::ALT_LABEL, written, agent.language);
        }
        let (begin, end) = match agent.kind {
            AgentKind::Organization | AgentKind::Event => {
                (rdagr2::DATE_OF_ESTABLISHMENT, rdagr2::DATE_OF_TERMINATION)
            }
            _ => (rdagr2::DATE_OF_BIRTH, rdagr2::DATE_OF_DEATH),
        };
        for (predicate, date) in [(begin, agent.birth), (end, agent.death)] {
            if let Some(date) = date {
                self.moment(node, predicate, date);
            }
        }
        self.same_as(node, agent.same_as, owl::SAME_AS);
    }

    /// Describes somewhere and gives the node; `None` for an empty name.
    pub fn place(&mut self, place: &Place<'_>) -> Option<Node> {
        let node = self.keyed("place", &[place.name, place.within.unwrap_or_default()])?;
        self.a(node, edm::PLACE);
        self.text(node, skos::PREF_LABEL, place.name, place.language);
        if let Some((latitude, longitude)) = place.point {
            self.typed(node, wgs84::LAT, &decimal(latitude), xsd::DECIMAL);
            self.typed(node, wgs84::LONG, &decimal(longitude), xsd::DECIMAL);
        }
        if let Some(wkt) = place.wkt {
            self.typed(node, geo::AS_WKT, wkt, geo::WKT_LITERAL);
        }
        self.same_as(node, place.same_as, owl::SAME_AS);
        Some(node)
    }

    /// Describes a subject, genre, material or kind and gives the node; `None` for an empty label.
    pub fn concept(&mut self, concept: &Concept<'_>) -> Option<Node> {
        let node = self.keyed("concept", &[concept.label])?;
        self.a(node, skos::CONCEPT);
        self.text(node, skos::PREF_LABEL, concept.label, concept.language);
        if let Some(scheme) = concept.scheme
            && let Some(scheme) = self.iri(scheme)
        {
            self.link(node, skos::IN_SCHEME, scheme);
        }
        self.same_as(node, concept.same_as, skos::EXACT_MATCH);
        Some(node)
    }

    /// Describes a stretch of time and gives the node.
    pub fn time(&mut self, span: &TimeSpan) -> Node {
        let node = self.shared("time", &span.edtf);
        self.a(node, edm::TIME_SPAN);
        self.text(node, aarre::EDTF, &span.edtf, None);
        for (predicate, bound) in [(edm::BEGIN, &span.begin), (edm::END, &span.end)] {
            if let Some(bound) = bound {
                let (text, datatype) = match bound {
                    Bound::Year(text) => (text, xsd::G_YEAR),
                    Bound::YearMonth(text) => (text, xsd::G_YEAR_MONTH),
                    Bound::Day(text) => (text, xsd::DATE),
                };
                self.typed(node, predicate, text, datatype);
            }
        }
        node
    }

    /// States when something was, with the words of the source beside the shared time span.
    pub fn dated(&mut self, subject: Node, predicate: NamedNodeRef<'static>, span: &TimeSpan, written: &str) {
        let time = self.time(span);
        self.link(subject, predicate, time);
        self.text(subject, aarre::AS_WRITTEN, written, None);
    }

    /// A birth, death or the like as the narrowest XSD type that its EDTF text fits; approximate and
    /// uncertain ones stay as text.
    fn moment(&mut self, subject: Node, predicate: NamedNodeRef<'static>, edtf: &str) {
        let digits = edtf.strip_prefix('-').unwrap_or(edtf);
        let plain = digits.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        match (plain, digits.len()) {
            (true, 4) => self.typed(subject, predicate, edtf, xsd::G_YEAR),
            (true, 7) => self.typed(subject, predicate, edtf, xsd::G_YEAR_MONTH),
            (true, 10) => self.typed(subject, predicate, edtf, xsd::DATE),
            _ => self.text(subject, predicate, edtf, None),
        }
    }

    fn same_as(&mut self, node: Node, iris: &[String], predicate: NamedNodeRef<'static>) {
        for iri in iris {
            if let Some(other) = self.iri(iri)
                && other != node
            {
                self.link(node, predicate, other);
            }
        }
    }

    /// The tag in its canonical letter case, or `None` with an issue when it is not well-formed.
    fn language_tag<'t>(&mut self, tag: &'t str) -> Option<Cow<'t, str>> {
        // The two-letter tags in lower case are by far the most frequent and need no parser.
        if tag.len() == 2 && tag.bytes().all(|b| b.is_ascii_lowercase()) {
            return Some(Cow::Borrowed(tag));
        }
        if let Ok(parsed) = oxilangtag::LanguageTag::parse_and_normalize(tag) {
            // Oxigraph and rio hold tags in lower case; so do we, lest one literal become two.
            return Some(Cow::Owned(parsed.into_inner().to_ascii_lowercase()));
        }
        self.issue(IssueKind::UnknownLanguage, tag, "a BCP 47 language tag");
        None
    }

    fn clean<'t>(&mut self, text: &'t str) -> Cow<'t, str> {
        let mut text = Cow::Borrowed(text.trim());
        if text.len() > Self::TEXT_LIMIT {
            let met = format!("{} bytes", text.len());
            self.issue(
                IssueKind::TooLong,
                &met,
                format!("at most {} bytes; the rest was cut", Self::TEXT_LIMIT),
            );
            let mut end = Self::TEXT_LIMIT;
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            text = Cow::Owned(text[..end].to_owned());
        }
        let forbidden = |b: u8| (b < b' ' && !matches!(b, b'\t' | b'\n' | b'\r')) || b == 0x7F;
        // Looked at as a whole, without a way out, a text is compared many bytes at once.
        if text.bytes().fold(false, |met, b| met | forbidden(b)) {
            self.issue(IssueKind::BadEncoding, &text, "text without control characters");
            let forbidden = |c: char| u8::try_from(c).is_ok_and(forbidden);
            text = Cow::Owned(text.replace(forbidden, "\u{FFFD}"));
        }
        if is_plainly_composed(&text) || is_nfc_quick(text.chars()) == IsNormalized::Yes {
            text
        } else {
            Cow::Owned(text.nfc().collect())
        }
    }
}

/// A coordinate with at most seven decimals (about a centimetre) and no trailing zeros.
fn decimal(degrees: f64) -> String {
    let text = format!("{degrees:.7}");
    let text = text.trim_end_matches('0');
    if text.ends_with('.') { format!("{text}0") } else { text.to_owned() }
}

fn is_absolute_iri(text: &str) -> bool {
    // A scheme of one letter is a Windows path, not an IRI.
    text.find(':').is_some_and(|at| at > 1) && oxiri::Iri::parse(text).is_ok()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::write_statement;

    fn describe(describe: impl Fn(&mut Description<'_>)) -> (String, Vec<Issue>) {
        let (base, dataset) = (Base::new("https://x.org").unwrap(), DatasetId::new("d").unwrap());
        let mut document = Document::new();
        describe(&mut Description::new(&base, &dataset, "1", &mut document));
        let mut lines = Vec::new();
        for statement in document.statements() {
            write_statement(&statement, None, &mut lines);
        }
        let mut at_once = Vec::new();
        document.write(None, &mut at_once);
        assert_eq!(String::from_utf8_lossy(&at_once), String::from_utf8_lossy(&lines));
        (String::from_utf8(lines).unwrap(), document.issues().to_vec())
    }

    #[test]
    fn an_agent_is_keyed_by_name_and_years() {
        let agent = Agent {
            kind: AgentKind::Person,
            name: "Gallen-Kallela, Akseli",
            birth: Some("1865-04-26"),
            death: Some("1931"),
            ..Agent::default()
        };
        let (lines, issues) = describe(|out| {
            let item = out.item();
            let node = out.agent(&agent).unwrap();
            out.link(item, vocabularies::dc::CREATOR, node);
            assert!(out.agent(&Agent { name: " , ", ..Agent::default() }).is_none());
        });
        assert!(lines.contains("<https://x.org/id/agent/gallen-kallela-akseli-1865-1931>"), "{lines}");
        assert!(lines.contains("\"1865-04-26\"^^<http://www.w3.org/2001/XMLSchema#date>"), "{lines}");
        assert!(lines.contains("\"1931\"^^<http://www.w3.org/2001/XMLSchema#gYear>"), "{lines}");
        assert!(issues.is_empty());
    }

    #[test]
    fn a_statement_stands_once_however_it_was_made() {
        let (lines, _) = describe(|out| {
            let item = out.item();
            let node = out.iri("http://www.w3.org/2004/02/skos/core#Concept").unwrap();
            out.link(item, rdf::TYPE, node);
            out.a(item, skos::CONCEPT);
            out.text(item, vocabularies::dc::TITLE, " Ka\u{308}si ", Some("FI"));
            out.text(item, vocabularies::dc::TITLE, "Käsi", Some("fi"));
        });
        assert_eq!(lines.lines().count(), 2, "{lines}");
        assert!(lines.contains("\"Käsi\"@fi"), "{lines}");
    }

    #[test]
    fn an_agent_has_one_key_however_it_is_made() {
        let (name, birth) = ("Gallen-Kallela, Akseli", Some("1865-04-26"));
        let agent = Agent { name, birth, qualifier: Some("taiteilija"), ..Agent::default() };
        assert_eq!(agent.key().as_deref(), Some("gallen-kallela-akseli-taiteilija-1865"));
        assert_eq!(Agent { name: "…", ..agent }.key(), None);
        describe(|out| {
            let node = out.agent(&agent).unwrap();
            assert_eq!(out.agent_keyed(&agent, &agent.key().unwrap()), node);
            let sibling = out.sibling("2 b");
            let fragment = out.sibling_fragment("2 b", "access");
            assert_eq!(out.iri_of(fragment), format!("{}#access", out.iri_of(sibling)));
        });
    }

    #[test]
    fn a_node_has_one_preferred_label_in_a_language() {
        let (base, dataset) = (Base::new("https://x.org").unwrap(), DatasetId::new("d").unwrap());
        let mut document = Document::new();
        let mut out = Description::new(&base, &dataset, "1", &mut document);
        let spell = |out: &mut Description<'_>| {
            for (label, language) in [
                ("Paintings", Some("en")),
                ("paintings", Some("en")),
                ("Paintings", None),
                ("paintings", None),
            ] {
                out.concept(&Concept { label, language, ..Concept::default() }).unwrap();
                out.concept(&Concept { label, language, ..Concept::default() }).unwrap();
            }
        };
        spell(&mut out);
        let told = |document: &Document, wanted: NamedNodeRef<'_>| {
            let labels = document.statements().filter(|statement| statement.predicate == wanted);
            labels.map(|statement| format!("{:?}", statement.object)).collect::<Vec<_>>()
        };
        let preferred = [r#"Text("Paintings", Some("en"))"#, r#"Text("Paintings", None)"#];
        let alternative = [r#"Text("paintings", Some("en"))"#, r#"Text("paintings", None)"#];
        assert_eq!(told(&document, skos::PREF_LABEL), preferred);
        assert_eq!(told(&document, skos::ALT_LABEL), alternative);
        // So it is after something was taken away.
        document.retain(|statement| statement.predicate != rdf::TYPE);
        spell(&mut Description::resume(&base, &dataset, &mut document));
        assert_eq!(told(&document, skos::PREF_LABEL), preferred);
        assert_eq!(told(&document, skos::ALT_LABEL), alternative);
    }

    #[test]
    fn fragments_are_numbered_past_those_that_are_there() {
        let (lines, _) = describe(|out| {
            let item = out.item();
            let other = out.fragment("event-2");
            for name in ["a", "b"] {
                let node = out.next_fragment("event");
                assert_ne!(node, other);
                assert!(!out.states(node, vocabularies::dc::TITLE));
                out.text(node, vocabularies::dc::TITLE, name, None);
                assert!(out.states(node, vocabularies::dc::TITLE));
                out.link(item, vocabularies::dc::RELATION, node);
            }
        });
        assert!(lines.contains("#event-1> <http://purl.org/dc/elements/1.1/title> \"a\""), "{lines}");
        assert!(lines.contains("#event-3> <http://purl.org/dc/elements/1.1/title> \"b\""), "{lines}");
    }

    #[test]
    fn bad_values_become_issues() {
        let (lines, issues) = describe(|out| {
            let item = out.item();
            out.rule("test", "field[2]");
            assert!(out.iri("C:/windows").is_none());
            assert!(out.iri("no iri").is_none());
            out.text(item, vocabularies::dc::TITLE, "a\u{1}b", Some("not a tag"));
        });
        assert!(lines.contains("\"a\u{FFFD}b\" ."), "{lines}");
        assert_eq!(
            issues.iter().map(|issue| issue.kind).collect::<Vec<_>>(),
            [IssueKind::BadIri, IssueKind::BadIri, IssueKind::BadEncoding, IssueKind::UnknownLanguage]
        );
        assert!(issues.iter().all(|issue| issue.path == "field[2]"));
    }
}
