//! What a record says of the edition, made ready to be compared, and as bytes to be sorted by.

use super::texts;
use crate::Years;
use graph_index::varint;
use std::collections::BTreeSet;

/// What a record says, as it stands there.
#[derive(Debug, Clone, Default)]
pub struct Description {
    /// The titles, the main one first; parts set off as by the ISBD.
    pub titles: Vec<String>,
    /// Who made it and who else took part: names, or what is left of them in a key.
    pub agents: Vec<String>,
    /// Who published it.
    pub publishers: Vec<String>,
    /// When it was published.
    pub issued: Option<Years>,
    /// The languages of the text, as BCP 47.
    pub languages: Vec<String>,
    /// Statements of the edition.
    pub statements: Vec<String>,
    /// Numbers of parts, as they are written.
    pub parts: Vec<String>,
    /// The extents.
    pub extents: Vec<String>,
    /// Carriers or media, by code.
    pub carriers: Vec<String>,
    /// The form: text, sound, picture.
    pub forms: Vec<String>,
    /// Identifiers of any sort; those that are no standard numbers are passed over.
    pub identifiers: Vec<String>,
}

/// What editions are compared by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edition {
    pub(super) keys: Vec<String>,
    pub(super) titles: Vec<String>,
    pub(super) agents: Vec<String>,
    pub(super) publishers: Vec<String>,
    pub(super) issued: Option<Years>,
    pub(super) languages: Vec<String>,
    pub(super) editions: Vec<String>,
    pub(super) parts: Vec<String>,
    pub(super) pages: Vec<String>,
    pub(super) carriers: Vec<String>,
    pub(super) forms: Vec<String>,
    pub(super) numbers: Vec<String>,
}

impl Edition {
    /// Reads what a record says.
    #[must_use]
    pub fn read(said: &Description) -> Self {
        let set = |values: &mut dyn Iterator<Item = String>| -> Vec<String> {
            values.filter(|value| !value.is_empty()).collect::<BTreeSet<_>>().into_iter().collect()
        };
        Self {
            keys: set(&mut said.titles.iter().map(|title| texts::title_key(title))),
            titles: set(&mut said.titles.iter().map(|title| texts::title(title))),
            agents: set(&mut said.agents.iter().filter_map(|name| texts::who(name))),
            publishers: set(&mut said.publishers.iter().filter_map(|name| texts::who(name))),
            issued: said.issued,
            languages: set(&mut said
                .languages
                .iter()
                .map(|tag| tag.split('-').next().unwrap_or_default().to_ascii_lowercase())),
            editions: set(&mut said.statements.iter().filter_map(|statement| {
                texts::number_of_edition(statement).map(|number| number.to_string())
            })),
            parts: set(&mut said.parts.iter().map(|part| texts::title(part))),
            pages: set(&mut said
                .extents
                .iter()
                .filter_map(|extent| texts::pages(extent).map(|pages| pages.to_string()))),
            carriers: set(&mut said.carriers.iter().cloned()),
            forms: set(&mut said.forms.iter().cloned()),
            numbers: set(&mut said.identifiers.iter().filter_map(|text| standard(text).map(str::to_owned))),
        }
    }

    /// What it is looked up by: its numbers, and each title proper with the year. Without a year it is found by number only.
    pub fn keys(&self) -> impl Iterator<Item = String> {
        let by_number = self.numbers.iter().cloned();
        let year = self.issued.filter(|years| years.from == years.to).map(|years| years.from);
        let by_title =
            year.into_iter().flat_map(|year| self.keys.iter().map(move |key| format!("{key}\t{year}")));
        by_number.chain(by_title)
    }

    /// Whether it has a standard number, other than that of a catalogue.
    #[must_use]
    pub fn has_number(&self) -> bool {
        self.numbers.iter().any(|number| !number.starts_with('('))
    }

    /// Appends it to bytes.
    pub fn write(&self, out: &mut Vec<u8>) {
        let years = self.issued.map_or((i16::MAX, i16::MIN), |years| (years.from, years.to));
        out.extend_from_slice(&years.0.to_le_bytes());
        out.extend_from_slice(&years.1.to_le_bytes());
        for list in self.lists() {
            varint::write(list.len() as u64, out);
            for text in list {
                varint::write(text.len() as u64, out);
                out.extend_from_slice(text.as_bytes());
            }
        }
    }

    /// Reads what [`Edition::write`] wrote; nothing where the bytes are none of it.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (years, mut rest) = bytes.split_at_checked(4)?;
        let year = |at: usize| Some(i16::from_le_bytes([*years.get(at)?, *years.get(at + 1)?]));
        let (from, to) = (year(0)?, year(2)?);
        let issued = (from <= to).then_some(Years { from, to });
        let mut edition = Self { issued, ..Self::default() };
        for list in edition.lists_mut() {
            let (count, behind) = varint::read(rest)?;
            rest = behind;
            for _ in 0..count {
                let (length, behind) = varint::read(rest)?;
                let (text, behind) = behind.split_at_checked(usize::try_from(length).ok()?)?;
                list.push(std::str::from_utf8(text).ok()?.to_owned());
                rest = behind;
            }
        }
        Some(edition)
    }

    fn lists(&self) -> [&Vec<String>; 11] {
        let Self { keys, titles, agents, publishers, languages, editions, .. } = self;
        let Self { parts, pages, carriers, forms, numbers, .. } = self;
        [keys, titles, agents, publishers, languages, editions, parts, pages, carriers, forms, numbers]
    }

    fn lists_mut(&mut self) -> [&mut Vec<String>; 11] {
        let Self { keys, titles, agents, publishers, languages, editions, .. } = self;
        let Self { parts, pages, carriers, forms, numbers, .. } = self;
        [keys, titles, agents, publishers, languages, editions, parts, pages, carriers, forms, numbers]
    }
}

/// The identifier, if it is a standard number or the number of a union catalogue: what two libraries give to one edition.
fn standard(text: &str) -> Option<&str> {
    const SCHEMES: [&str; 6] =
        ["urn:isbn:", "urn:issn:", "urn:nbn:", "urn:isrc:", "https://doi.org/", "https://hdl.handle.net/"];
    let is_scheme = SCHEMES.iter().any(|scheme| text.starts_with(scheme));
    // `(OCoLC)12345`: the system in brackets, then its number.
    let of_system = || {
        let (system, number) = text.strip_prefix('(')?.split_once(')')?;
        (!system.is_empty() && number.bytes().filter(u8::is_ascii_digit).count() > 3).then_some(())
    };
    // An ISMN is an EAN that begins with 9790; other EANs are of things, not of editions.
    let is_ismn =
        || text.len() == 13 && text.starts_with("9790") && text.bytes().all(|byte| byte.is_ascii_digit());
    (is_scheme || is_ismn() || of_system().is_some()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read() {
        let edition = Edition::read(&Description {
            titles: vec!["Tuntematon sotilas : romaani".to_owned()],
            agents: vec!["Linna, Väinö".to_owned()],
            issued: Some(Years::one(1954)),
            identifiers: vec!["urn:isbn:9789510430477".to_owned(), "FI-EX-1".to_owned()],
            ..Description::default()
        });
        let mut bytes = Vec::new();
        edition.write(&mut bytes);
        assert_eq!(Edition::from_bytes(&bytes).as_ref(), Some(&edition));
        for end in 0..bytes.len() {
            assert_ne!(Edition::from_bytes(&bytes[..end]).as_ref(), Some(&edition));
        }
        let keys: Vec<String> = edition.keys().collect();
        assert_eq!(keys.len(), 2, "{keys:?}");
        let undated = Edition { issued: None, ..edition };
        assert_eq!(undated.keys().collect::<Vec<_>>(), ["urn:isbn:9789510430477"]);
    }

    #[test]
    fn standard_numbers() {
        for (text, is) in [
            ("urn:isbn:9789510430477", true),
            ("(OCoLC)727814068", true),
            ("(XX)9", false),
            ("9790550110588", true),
            ("6430050850012", false),
            ("123456", false),
            ("https://doi.org/10.1000/182", true),
        ] {
            assert_eq!(standard(text).is_some(), is, "{text}");
        }
    }
}
