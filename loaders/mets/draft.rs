//! A description while it is written: the pen, what the identifiers in the record lead to, and what is said so far.

use super::package::Index;
use super::premis::identifier;
use super::record::Large;
use super::table;
use crate::shared::core;
use crate::shared::xml::ElementRef;
use graph_model::{Description, IssueKind, Node, content_key};
use oxrdf::NamedNodeRef;
use std::collections::{HashMap, HashSet};
use vocabularies::{aarre, dcterms, hash_function, premis, rdf, rdfs, skos, xsd};

/// The pen of this format.
pub(super) struct Draft<'a, 'd> {
    pub(super) out: &'a mut Description<'d>,
    pub(super) item: Node,
    counts: Vec<(&'static str, u32)>,
    /// The nodes of PREMIS objects by type and value of their identifiers, and by value alone.
    objects: HashMap<String, Node>,
    /// What the record is a part of, where it is too large to be described as one.
    pub(super) large: Option<&'a Large>,
    /// The objects, events, agents and rights that the record describes.
    pub(super) told: HashSet<Node>,
    /// The agents that some event or right names.
    pub(super) linked_agents: HashSet<Node>,
    /// The events that some object is linked with.
    pub(super) linked_events: HashSet<Node>,
    /// The files and divisions that a descriptive section is about, by its ID.
    pub(super) subjects: HashMap<String, Vec<Node>>,
    /// What is embedded and not read, told once a kind.
    pub(super) unread: HashSet<String>,
    /// Whether an address is linked with `edm:isShownBy`, and one with `edm:object`.
    pub(super) shown_by: bool,
    pub(super) preview: bool,
    /// Whether the item has a title.
    pub(super) titled: bool,
    /// Whether the aggregation has a statement of rights.
    pub(super) rights: bool,
}

impl<'a, 'd> Draft<'a, 'd> {
    pub(super) fn new(out: &'a mut Description<'d>) -> Self {
        let item = out.item();
        Self {
            out,
            item,
            counts: Vec::new(),
            objects: HashMap::new(),
            large: None,
            told: HashSet::new(),
            linked_agents: HashSet::new(),
            linked_events: HashSet::new(),
            subjects: HashMap::new(),
            unread: HashSet::new(),
            shown_by: false,
            preview: false,
            titled: false,
            rights: false,
        }
    }

    /// The next number of a kind of fragment.
    pub(super) fn number(&mut self, word: &'static str) -> u32 {
        if let Some((_, count)) = self.counts.iter_mut().find(|(known, _)| *known == word) {
            *count += 1;
            return *count;
        }
        self.counts.push((word, 1));
        1
    }

    /// The next fragment of a kind: `rule-1`, `rule-2`, …
    pub(super) fn fragment(&mut self, word: &'static str) -> Node {
        let number = self.number(word);
        let prefix = self.large.map(Large::number_prefix).unwrap_or_default();
        self.out.fragment(&format!("{word}-{prefix}{number}"))
    }

    /// The fragment that an identifier of PREMIS names: `event-uuid-1c002c38…`; without any identifier the next number.
    pub(super) fn named(&mut self, word: &'static str, identifier: Option<&Identifier<'_>>) -> Node {
        let key = identifier.map(Identifier::key).unwrap_or_default();
        if key.is_empty() { self.fragment(word) } else { self.out.fragment(&format!("{word}-{key}")) }
    }

    /// Says that a PREMIS object is what a node stands for; the first to say so is right.
    pub(super) fn is_object(&mut self, identifier: &Identifier<'_>, node: Node) {
        let key = identifier.key();
        if !key.is_empty() {
            self.objects.entry(key).or_insert(node);
            self.objects.entry(identifier.value_key()).or_insert(node);
        }
    }

    /// The node of a PREMIS object, by its identifier. Types are written in many ways, so the value alone decides when the
    /// two together are unknown.
    pub(super) fn object(&mut self, identifier: &Identifier<'_>) -> Node {
        let known = self.known_object(identifier);
        known.unwrap_or_else(|| {
            let node = self.named("object", Some(identifier));
            self.is_object(identifier, node);
            node
        })
    }

    /// The node of a PREMIS object that the record describes.
    pub(super) fn known_object(&mut self, identifier: &Identifier<'_>) -> Option<Node> {
        let (key, by_value) = (identifier.key(), identifier.value_key());
        let known = self.objects.get(&key).or_else(|| self.objects.get(&by_value)).copied();
        if known.is_some() || key.is_empty() {
            return known;
        }
        let index = &self.large?.package.index;
        let name = index.object_named(&key).or_else(|| index.object_named(&by_value))?;
        Some(self.out.fragment(name))
    }

    /// Whether the record describes the object, event, agent or right.
    pub(super) fn is_told(&self, node: Node) -> bool {
        self.told.contains(&node) || self.elsewhere(node, Index::is_told)
    }

    /// Whether some event or right names the agent.
    pub(super) fn agent_is_linked(&self, node: Node) -> bool {
        self.linked_agents.contains(&node) || self.elsewhere(node, Index::agent_is_linked)
    }

    fn elsewhere(&self, node: Node, is: fn(&Index, &str) -> bool) -> bool {
        let fragment = self.out.iri_of(node).split_once('#').map(|(_, fragment)| fragment);
        self.large.is_some_and(|large| fragment.is_some_and(|fragment| is(&large.package.index, fragment)))
    }

    /// Whether an event is linked with an object of the record.
    pub(super) fn event_is_linked(&mut self, event: ElementRef<'_>, node: Node) -> bool {
        if self.linked_events.contains(&node) || self.elsewhere(node, Index::event_is_linked) {
            return true;
        }
        // In another part the event may be told, with its links.
        self.large.is_some()
            && event.children("linkingObjectIdentifier").filter_map(identifier).any(|link| {
                let object = self.known_object(&link);
                object.is_some_and(|object| self.is_told(object))
            })
    }

    /// The aggregation, which the first part of a record describes.
    pub(super) fn aggregation(&mut self) -> Node {
        match self.large {
            Some(Large { which, .. }) if !which.begins() => self.out.fragment("aggregation"),
            _ => core::aggregation(self.out),
        }
    }

    /// States a date or moment: `xsd:dateTime`, `xsd:date`, `xsd:gYearMonth` or `xsd:gYear`; anything else as text, and
    /// an issue unless it says that there is no end or that nobody knows.
    pub(super) fn moment(&mut self, subject: Node, predicate: NamedNodeRef<'static>, text: &str) {
        let text = text.trim();
        if let Some(datatype) = datatype(text) {
            self.out.typed(subject, predicate, text, datatype);
        } else if !text.is_empty() {
            self.out.text(subject, predicate, text, None);
            let said = ["open", "unknown", "unkn", "(:unav)", "(:unap)", "present", "nodate"];
            if !said.contains(&text.to_lowercase().as_str()) && !is_edtf(text) {
                self.out.issue(IssueKind::UnreadableDate, text, "a date and time of ISO 8601, or OPEN");
            }
        }
    }

    /// States a number of bytes or the like.
    pub(super) fn whole(&mut self, subject: Node, predicate: NamedNodeRef<'static>, text: &str) {
        let text = text.trim();
        let digits = !text.is_empty() && text.len() < 20 && text.bytes().all(|b| b.is_ascii_digit());
        if digits {
            let plain = text.trim_start_matches('0');
            self.out.typed(subject, predicate, if plain.is_empty() { "0" } else { plain }, xsd::INTEGER);
        } else if !text.is_empty() {
            self.out.issue(IssueKind::BadNumber, text, "a whole number");
        }
    }

    /// States a checksum. Equal ones of a record are one fragment.
    pub(super) fn fixity(&mut self, subject: Node, algorithm: &str, digest: &str, originator: &str) {
        let (algorithm, digest) = (algorithm.trim(), digest.trim());
        if digest.is_empty() {
            return;
        }
        let class = table::find_term("hash", algorithm);
        let key = content_key(&[algorithm, digest]);
        let node = self.out.fragment(&format!("fixity-{key}"));
        self.out.link(subject, premis::FIXITY, node);
        self.out.a(node, premis::FIXITY_CLASS);
        match class {
            Some(class) if class != hash_function::UNK => self.out.a(node, class),
            _ if algorithm.is_empty() => {
                self.out.issue(IssueKind::MissingValue, digest, "the algorithm of the checksum");
            }
            _ => {
                self.out.text(node, rdfs::LABEL, algorithm, None);
                self.out.issue(
                    IssueKind::UnknownCode,
                    algorithm,
                    "an algorithm such as MD5, SHA-256 or SHA-512",
                );
            }
        }
        self.out.text(node, rdf::VALUE, digest, None);
        self.out.text(node, vocabularies::dc::CREATOR, originator, None);
        if let Some(expected) = wrong_digest(algorithm, digest) {
            self.out.issue(IssueKind::BadStructure, digest, expected);
        }
    }

    /// States a format: its name, version and entry in a registry. Equal ones of a record are one fragment.
    pub(super) fn format(&mut self, subject: Node, format: &FileFormat<'_>) {
        let key = content_key(&[format.name, format.version, format.key]);
        if key.is_empty() {
            return;
        }
        let node = self.out.fragment(&format!("format-{key}"));
        self.out.link(subject, dcterms::FORMAT, node);
        self.out.a(node, dcterms::FILE_FORMAT);
        let label = if format.name.is_empty() { format.key } else { format.name };
        self.out.text(node, rdfs::LABEL, label, None);
        self.out.text(node, premis::VERSION, format.version, None);
        if format.key.is_empty() {
            return;
        }
        let namespace = table::find("registry", format.registry.trim_end_matches('/'));
        if let Some(namespace) = namespace
            && let Some(iri) = self.out.iri(&format!("{namespace}{}", format.key))
        {
            self.out.link(node, skos::EXACT_MATCH, iri);
        } else if format.key.starts_with("http") {
            if let Some(iri) = self.out.iri(format.key) {
                self.out.link(node, skos::CLOSE_MATCH, iri);
            }
        } else {
            self.identifier(node, &Identifier { kind: format.registry.into(), value: format.key.into() });
        }
    }

    /// States an identifier and, where it is told, of what kind it is.
    pub(super) fn identifier(&mut self, subject: Node, identifier: &Identifier<'_>) {
        let Identifier { kind, value } = identifier;
        self.out.text(subject, dcterms::IDENTIFIER, value, None);
        let key = identifier.key();
        // These kinds say nothing that the identifier itself does not.
        let plain = ["", "uuid", "local", "uri", "url"].contains(&kind.trim().to_lowercase().as_str());
        if plain || value.is_empty() || key.is_empty() {
            return;
        }
        let node = self.out.fragment(&format!("identifier-{key}"));
        self.out.link(subject, premis::IDENTIFIER, node);
        self.out.a(node, premis::IDENTIFIER_CLASS);
        self.out.text(node, rdf::VALUE, value, None);
        self.out.text(node, aarre::IDENTIFIER_SCHEME, kind, None);
    }
}

/// An identifier as PREMIS has it: type and value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Identifier<'e> {
    pub(super) kind: std::borrow::Cow<'e, str>,
    pub(super) value: std::borrow::Cow<'e, str>,
}

impl Identifier<'_> {
    pub(super) fn value_key(&self) -> String {
        content_key(&[&self.value])
    }

    pub(super) fn key(&self) -> String {
        if content_key(&[&self.value]).is_empty() {
            String::new()
        } else {
            content_key(&[&self.kind, &self.value])
        }
    }
}

/// A file format as METS or PREMIS tells it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct FileFormat<'e> {
    pub(super) name: &'e str,
    pub(super) version: &'e str,
    pub(super) registry: &'e str,
    pub(super) key: &'e str,
}

/// What a digest of an algorithm looks like, when this one does not.
pub(super) fn wrong_digest(algorithm: &str, digest: &str) -> Option<String> {
    let length: usize = table::find("digest", algorithm)?.parse().ok()?;
    let fits = digest.len() == length && digest.bytes().all(|b| b.is_ascii_hexdigit());
    (!fits).then(|| format!("{length} hexadecimal digits, as {algorithm} gives"))
}

/// The XSD type that a date or moment is written in.
pub(super) fn datatype(text: &str) -> Option<NamedNodeRef<'static>> {
    let (date, time) = text.split_once('T').map_or((text, None), |(date, time)| (date, Some(time)));
    let mut parts = date.split('-');
    let mut number = |length: usize, most: u32| -> Option<Option<u32>> {
        let Some(part) = parts.next() else { return Some(None) };
        let digits = part.len() == length && part.bytes().all(|b| b.is_ascii_digit());
        let value: u32 = part.parse().ok().filter(|_| digits)?;
        (value <= most && (length == 4 || value > 0)).then_some(Some(value))
    };
    let (year, month, day) = (number(4, 9999)??, number(2, 12)?, number(2, 31)?);
    if parts.next().is_some() {
        return None;
    }
    match (month, day, time) {
        (Some(month), Some(day), time) if day <= days(year, month) => match time {
            None => Some(xsd::DATE),
            Some(time) => is_time(time).then_some(xsd::DATE_TIME),
        },
        (Some(_), None, None) => Some(xsd::G_YEAR_MONTH),
        (None, None, None) => Some(xsd::G_YEAR),
        _ => None,
    }
}

fn days(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Whether this is a time of XSD: `hh:mm:ss`, fractions and a zone if you like.
fn is_time(time: &str) -> bool {
    let zone_at = time.find(['Z', '+', '-']).unwrap_or(time.len());
    let (clock, zone) = (time.get(..zone_at).unwrap_or_default(), time.get(zone_at..).unwrap_or_default());
    let pair = |text: &str, most: u32| {
        text.len() == 2
            && text.bytes().all(|b| b.is_ascii_digit())
            && text.parse::<u32>().is_ok_and(|value| value <= most)
    };
    let (clock, fraction) = clock.split_once('.').map_or((clock, None), |(clock, rest)| (clock, Some(rest)));
    let parts: Vec<&str> = clock.split(':').collect();
    let clock_fits = matches!(parts[..], [h, m, s] if pair(h, 23) && pair(m, 59) && pair(s, 59));
    let fraction_fits = fraction.is_none_or(|f| !f.is_empty() && f.bytes().all(|b| b.is_ascii_digit()));
    let zone_fits = match zone {
        "" | "Z" => true,
        zone => zone[1..].split_once(':').is_some_and(|(h, m)| pair(h, 14) && pair(m, 59)),
    };
    clock_fits && fraction_fits && zone_fits
}

/// Whether the date is written in the Extended Date/Time Format with a mark of doubt, as PREMIS allows.
fn is_edtf(text: &str) -> bool {
    let plain = text.trim_end_matches(['?', '~', '%']);
    plain.len() < text.len() && datatype(plain).is_some()
        || text.split_once('/').is_some_and(|(from, to)| {
            [from, to]
                .iter()
                .all(|end| matches!(*end, "" | ".." | "open" | "unknown") || datatype(end).is_some())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_have_their_types() {
        for (text, expected) in [
            ("2014-07-23T21:48:03", Some(xsd::DATE_TIME)),
            ("2023-06-22T11:50:18.746987+00:00", Some(xsd::DATE_TIME)),
            ("2011-03-15T12:13:14Z", Some(xsd::DATE_TIME)),
            ("2016-02-29", Some(xsd::DATE)),
            ("2016-04", Some(xsd::G_YEAR_MONTH)),
            ("2016", Some(xsd::G_YEAR)),
            ("2015-02-29", None),
            ("2015-13", None),
            ("2015-01-01T25:00:00", None),
            ("2015-01-01T10:00", None),
            ("2015-01-01T10:00:00+é", None),
            ("OPEN", None),
            ("", None),
        ] {
            assert_eq!(datatype(text), expected, "{text}");
        }
    }

    #[test]
    fn digests_are_known_by_their_length() {
        assert_eq!(wrong_digest("MD5", "9fde2fd78193f7494711df983f0127d0"), None);
        assert!(wrong_digest("MD5", "9fde2fd78193f7494711df983f0127dO").is_some());
        assert!(wrong_digest("SHA-1", "9fde2fd78193f7494711df983f0127d0").is_some());
        assert_eq!(wrong_digest("unheard of", "xyz"), None);
    }
}
