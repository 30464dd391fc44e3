//! What the mappings of Dublin Core and MODS have in common: the pen with the helpers that turn a field of free text into
//! entities of the core layer.

mod access;
mod agents;
mod subjects;

pub(crate) use access::{View, Words, keeper_sector};
pub(crate) use agents::{Part, Party};

use crate::shared::{dates, identifiers, languages};
use graph_model::{Description, IssueKind, Node, TimeSpan};
use oxrdf::NamedNodeRef;
use std::fmt::{Arguments, Write as _};
use vocabularies::{aarre, bf, dc, dcterms, marc, rdf, skos};

/// The pen of a mapping.
pub(crate) struct Draft<'a, 'd> {
    pub(crate) out: &'a mut Description<'d>,
    pub(crate) item: Node,
    /// Where the present field stands.
    path: String,
    /// The addresses that are linked already.
    addresses: Vec<String>,
    /// The statements of rights met, to be told at the end.
    rights: Vec<Words>,
    /// The numbers told so far.
    numbers: Vec<String>,
}

impl<'a, 'd> Draft<'a, 'd> {
    pub(crate) fn new(out: &'a mut Description<'d>) -> Self {
        let item = out.item();
        Self {
            out,
            item,
            path: String::new(),
            addresses: Vec::new(),
            rights: Vec::new(),
            numbers: Vec::new(),
        }
    }

    /// Names the rule and the field that the statements which follow come from.
    pub(crate) fn rule(&mut self, rule: &str, path: Arguments<'_>) {
        self.path.clear();
        // Writing to a string cannot fail.
        let _ = self.path.write_fmt(path);
        self.out.rule(rule, &self.path);
    }

    /// Another rule for the same field.
    pub(crate) fn again(&mut self, rule: &str) {
        self.out.rule(rule, &self.path);
    }

    /// States a text on the item.
    pub(crate) fn text(&mut self, property: NamedNodeRef<'static>, text: &str, language: Option<&str>) {
        self.out.text(self.item, property, text, language);
    }

    /// A thing that nothing names or describes goes by its identifier.
    pub(crate) fn untitled(&mut self) {
        if !self.out.states(self.item, dc::DESCRIPTION) {
            let local = self.out.local().to_owned();
            self.text(dc::TITLE, &local, None);
        }
    }

    /// States when, as written; a date that cannot be read stays as `dc:date`, with an issue.
    pub(crate) fn date(
        &mut self,
        property: NamedNodeRef<'static>,
        text: &str,
        language: Option<&str>,
    ) -> bool {
        let spans = dates::read_dates(text, language);
        if spans.is_empty() {
            self.out.issue(dates::issue_of(text, language), text, "a date, as EDTF or in words");
            self.text(dc::DATE, text, language);
            return false;
        }
        for span in &spans {
            self.span(property, span, text);
        }
        true
    }

    /// States when. What was written stands beside it where it says it in other words.
    pub(crate) fn span(&mut self, property: NamedNodeRef<'static>, span: &TimeSpan, written: &str) {
        self.out.dated(self.item, property, span, written.trim());
    }

    /// States the languages that a text names; words that are none stay as a note.
    pub(crate) fn languages(&mut self, text: &str) {
        for part in text.split([';', ',', '|']).map(str::trim).filter(|part| !part.is_empty()) {
            let code = part.rsplit('/').next().unwrap_or(part);
            match languages::tag(code) {
                Some(tag) => self.text(dc::LANGUAGE, tag, None),
                None if is_no_language(code) => {}
                // Archives tell the script as a language of its own.
                None if marc::script(code).is_some() => self.text(bf::NOTATION, code, None),
                None => {
                    self.out.issue(
                        IssueKind::UnknownLanguage,
                        part,
                        "a language code of ISO 639 or a language's name",
                    );
                    self.text(skos::NOTE, part, None);
                }
            }
        }
    }

    /// States an identifier, in the core in its one spelling, in the detail layer with its kind; gives the address that it
    /// is, where it is one.
    pub(crate) fn identifier(&mut self, subject: Node, text: &str, scheme: Option<&str>) -> Option<String> {
        let found = identifiers::read(text, scheme);
        if found.text.is_empty() {
            return None;
        }
        if found.citation {
            self.out.text(subject, dcterms::BIBLIOGRAPHIC_CITATION, &found.text, None);
            return None;
        }
        if let Some(expected) = found.expected {
            self.out.issue(IssueKind::BadNumber, text, expected);
        }
        self.out.text(subject, dc::IDENTIFIER, &found.text, None);
        let address = found.address().map(str::to_owned);
        // The detail layer is of the item, and the same number again tells nothing new.
        if subject == self.item
            && !self.numbers.contains(&found.text)
            && (found.class.is_some() || scheme.is_some())
        {
            let node = self.out.next_fragment("identifier");
            self.out.link(subject, bf::IDENTIFIED_BY, node);
            self.out.a(node, found.class.unwrap_or(identifiers::ANY));
            self.out.text(node, rdf::VALUE, found.written, None);
            if let Some(scheme) = scheme
                && !identifiers::is_kind(scheme)
            {
                self.out.text(node, aarre::IDENTIFIER_SCHEME, scheme, None);
            }
            self.numbers.push(found.text);
        }
        address
    }
}

/// Codes and words that say that there is no one language.
fn is_no_language(code: &str) -> bool {
    matches!(
        code.to_ascii_lowercase().as_str(),
        "und"
            | "mul"
            | "zxx"
            | "mis"
            | "xx"
            | "other"
            | "undefined"
            | "undetermined"
            | "multiple languages"
            | "no linguistic content"
            | "not applicable"
            | "n/a"
            | "none"
    )
}

/// The parts of a field in which cataloguers put several values one after another with semicolons.
pub(crate) fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(';').map(str::trim).filter(|part| !part.is_empty())
}
