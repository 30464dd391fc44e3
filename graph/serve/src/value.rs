//! How a term of the graph is shown to people: words rather than IRIs, links where they are safe.

use crate::language::Language;
use crate::pages::link;
use crate::path::Place;
use crate::problem::Problem;
use graph_store::rdf::{LiteralRef, TermRef};
use graph_store::{Label, Snapshot};
use std::collections::HashMap;
use vocabularies::{aarre, lido_events, relators, rights, xsd};

/// A term as a page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Value {
    pub(crate) text: String,
    /// The language of the text, where it is known and not the page's.
    pub(crate) lang: Option<String>,
    pub(crate) href: Option<String>,
    /// Whether the link leads to another site.
    pub(crate) external: bool,
    /// The IRI behind the words.
    pub(crate) iri: Option<String>,
}

/// Turns terms into values, with the names that were looked up for it.
pub(crate) struct Words<'a> {
    pub(crate) place: &'a Place,
    pub(crate) language: Language,
    pub(crate) suffix: &'a str,
    names: HashMap<String, Label>,
}

impl<'a> Words<'a> {
    pub(crate) fn new(place: &'a Place, language: Language, suffix: &'a str) -> Self {
        Self { place, language, suffix, names: HashMap::new() }
    }

    /// Looks up what the entities of this graph among the IRIs are called.
    pub(crate) fn learn<'i>(
        &mut self,
        snapshot: &Snapshot,
        iris: impl IntoIterator<Item = &'i str>,
    ) -> Result<(), Problem> {
        let wanted: Vec<&str> = iris.into_iter().filter(|iri| !self.names.contains_key(*iri)).collect();
        let found = snapshot
            .labels(&wanted, self.language.preferences())
            .map_err(|error| Problem::internal(&error))?;
        self.names.extend(found);
        Ok(())
    }

    /// Whether the graph was found to have a name for it.
    pub(crate) fn knows(&self, iri: &str) -> bool {
        self.names.contains_key(iri)
    }

    /// The language of what an entity is called, where that is known.
    pub(crate) fn language_of(&self, iri: &str) -> Option<&str> {
        self.names.get(iri)?.language.as_deref()
    }

    /// What an entity is called; falls back on the vocabularies, then on the readable end of the IRI.
    pub(crate) fn name(&self, iri: &str) -> Value {
        let named = |text: String, lang: Option<String>| Value { text, lang, ..Value::default() };
        if let Some(label) = self.names.get(iri) {
            return named(label.text.clone(), self.foreign(label.language.as_deref()));
        }
        if let Some(edtf) = self.place.rest(iri).and_then(|rest| rest.strip_prefix("time/")) {
            return named(date(&decoded(edtf), self.language), None);
        }
        if let Some(sector) = iri.strip_prefix(aarre::NAMESPACE) {
            let word = self.language.word(&format!("sector.{sector}"));
            if !word.is_empty() {
                return named(word.to_owned(), None);
            }
        }
        if let Some(role) = relators::by_iri(iri) {
            return named(role.label.to_owned(), None);
        }
        if let Some(statement) = rights::all().iter().find(|statement| statement.iri == iri) {
            return named(statement.label.to_owned(), None);
        }
        if let Some(event) = lido_events::by_iri(iri) {
            return named(event.label.to_owned(), None);
        }
        if let Some(label) = vocabularies::label(iri, self.language.tag()) {
            return named(label.to_owned(), None);
        }
        if let Some(rest) = self.place.rest(iri) {
            let fragment = iri.split_once('#').map_or("", |(_, fragment)| fragment);
            let last = if fragment.is_empty() { rest.rsplit('/').next().unwrap_or(rest) } else { fragment };
            return named(decoded(last), None);
        }
        named(vocabularies::qname(iri).unwrap_or_else(|| iri.to_owned()), None)
    }

    /// A term as a value.
    pub(crate) fn term(&self, term: TermRef<'_>) -> Value {
        match term {
            TermRef::NamedNode(node) => self.iri(node.as_str()),
            TermRef::Literal(literal) => self.literal(literal),
            TermRef::BlankNode(node) => Value { text: format!("_:{}", node.as_str()), ..Value::default() },
            TermRef::Triple(triple) => Value { text: format!("<<( {triple} )>>"), ..Value::default() },
        }
    }

    /// An IRI as a link with a name.
    pub(crate) fn iri(&self, iri: &str) -> Value {
        let inside = self.place.page(iri).map(|page| {
            let path = page.strip_prefix(self.place.root()).unwrap_or(&page).to_owned();
            link(self.place.root(), &path, self.suffix)
        });
        let external = inside.is_none();
        Value {
            href: inside.or_else(|| safe(iri).map(str::to_owned)),
            external,
            iri: Some(iri.to_owned()),
            ..self.name(iri)
        }
    }

    fn literal(&self, literal: LiteralRef<'_>) -> Value {
        let text = literal.value();
        let datatype = literal.datatype();
        let shown = if datatype == xsd::G_YEAR || datatype == xsd::DATE || datatype == xsd::G_YEAR_MONTH {
            date(text, self.language)
        } else {
            text.to_owned()
        };
        Value {
            text: shown,
            lang: self.foreign(literal.language()),
            href: safe(text).filter(|_| !text.contains(char::is_whitespace)).map(str::to_owned),
            external: true,
            iri: None,
        }
    }

    /// The tag, unless it says the language that the page is in anyway.
    fn foreign(&self, tag: Option<&str>) -> Option<String> {
        tag.filter(|tag| *tag != self.language.tag()).map(str::to_owned)
    }
}

/// The address if a click on it can do no harm.
pub(crate) fn safe(iri: &str) -> Option<&str> {
    let scheme = iri.split(':').next()?.to_ascii_lowercase();
    let rest = &iri[scheme.len()..];
    let harmless = match scheme.as_str() {
        // Without a host it would be read as an address of this site.
        "http" | "https" => rest.starts_with("://") && rest.len() > 3,
        "mailto" => rest.len() > 1,
        _ => false,
    };
    harmless.then_some(iri)
}

/// The readable form of a path segment.
pub(crate) fn decoded(segment: &str) -> String {
    percent_encoding::percent_decode_str(segment).decode_utf8_lossy().into_owned()
}

/// An EDTF date (ISO 8601-2, level 1) as people write it; what is not understood stays as it is.
pub(crate) fn date(edtf: &str, language: Language) -> String {
    if let Some((begin, end)) = edtf.split_once('/') {
        let open = |end: &str| matches!(end, "" | "..");
        return match (open(begin), open(end)) {
            (true, false) => language.phrase("date.until", &moment(end, language)),
            (false, true) => language.phrase("date.since", &moment(begin, language)),
            (false, false) => format!("{} – {}", moment(begin, language), moment(end, language)),
            (true, true) => "–".to_owned(),
        };
    }
    moment(edtf, language)
}

fn moment(edtf: &str, language: Language) -> String {
    let (plain, circa, unsure) = match edtf.as_bytes().last() {
        Some(b'~') => (&edtf[..edtf.len() - 1], true, false),
        Some(b'?') => (&edtf[..edtf.len() - 1], false, true),
        Some(b'%') => (&edtf[..edtf.len() - 1], true, true),
        _ => (edtf, false, false),
    };
    let mut text = exact(plain, language);
    if circa {
        text = language.phrase("date.circa", &text);
    }
    if unsure {
        text.push_str(" (?)");
    }
    text
}

fn exact(edtf: &str, language: Language) -> String {
    let (digits, before) = edtf.strip_prefix('-').map_or((edtf, false), |digits| (digits, true));
    let parts: Vec<&str> = digits.split('-').collect();
    let number = |text: &str| text.parse::<u32>().ok();
    let year = |text: &str| match (text.strip_suffix("XX"), text.strip_suffix('X')) {
        (Some(century), _) => {
            number(century).map(|n| language.phrase("date.hundreds", &(n * 100).to_string()))
        }
        (None, Some(decade)) => number(decade).map(|n| language.phrase("date.tens", &(n * 10).to_string())),
        // EDTF counts a year 0; people count 1 BC in its place.
        (None, None) if before => number(text).map(|n| language.phrase("date.bc", &(n + 1).to_string())),
        (None, None) => number(text).map(|n| n.to_string()),
    };
    let shown = match parts.as_slice() {
        [y] => year(y),
        [y, m] if number(m).is_some_and(|m| (1..=12).contains(&m)) => {
            year(y).zip(number(m)).map(|(y, m)| format!("{m}/{y}"))
        }
        [y, m, d] => match (year(y), number(m), number(d)) {
            (Some(y), Some(m), Some(d)) => Some(format!("{d}.{m}.{y}")),
            _ => None,
        },
        _ => None,
    };
    shown.unwrap_or_else(|| edtf.to_owned())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use graph_model::Base;
    use graph_store::rdf::{Literal, NamedNode};

    #[test]
    fn only_harmless_schemes_are_links() {
        let place = Place::new(&Base::new("https://data.example.org").unwrap());
        let words = Words::new(&place, Language::English, "?lang=en");
        for (iri, href) in [
            ("javascript:alert(1)", None),
            ("JaVaScRiPt:alert(1)", None),
            ("data:text/html,x", None),
            ("vbscript:x", None),
            ("file:///etc/passwd", None),
            ("https:javascript:alert(1)", None),
            ("http://example.org/", Some("http://example.org/")),
            ("mailto:a@example.org", Some("mailto:a@example.org")),
            ("https://data.example.org/id/a/1%2F2", Some("/page/a/1%2F2?lang=en")),
        ] {
            let node = NamedNode::new(iri).unwrap();
            assert_eq!(words.term(node.as_ref().into()).href.as_deref(), href, "{iri}");
            let literal = Literal::new_simple_literal(iri);
            assert_eq!(words.term(literal.as_ref().into()).href.is_some(), href.is_some(), "{iri}");
        }
    }

    #[test]
    fn dates_are_written_as_people_write_them() {
        for (edtf, english, finnish) in [
            ("1889", "1889", "1889"),
            ("1889~", "c. 1889", "n. 1889"),
            ("189X", "1890s", "1890-luku"),
            ("18XX", "1800s", "1800-luku"),
            ("1890/1895", "1890 – 1895", "1890 – 1895"),
            ("../1918", "until 1918", "viimeistään 1918"),
            ("1865-04-26", "26.4.1865", "26.4.1865"),
            ("-0043", "44 BC", "44 eaa."),
            ("whatever", "whatever", "whatever"),
            ("1889?", "1889 (?)", "1889 (?)"),
        ] {
            assert_eq!(date(edtf, Language::English), english);
            assert_eq!(date(edtf, Language::Finnish), finnish);
        }
    }
}
