//! What it is, is made of, and is about.

use super::Record;
use super::read::{How, Statement, labels};
use crate::shared::core::EdmType;
use crate::shared::draft::parts;
use crate::shared::identifiers::is_address;
use crate::shared::{schemes, tables};
use vocabularies::{bf, dc, dcmitype, dcterms, media, skos};

/// What repositories put before words of the vocabulary of info:eu-repo.
const SEMANTICS: &str = "info:eu-repo/semantics/";
/// What they put before classes.
const CLASSIFICATION: &str = "info:eu-repo/classification/";
/// Schemes that are known before a number or word: `ddc:330`, `udc 82`, `YSO:…`.
const CLASSES: &[&str] = &["acm", "ddc", "jel", "lcc", "msc", "nlm", "udc", "ykl"];

pub(super) fn edm_type(statements: &[Statement<'_>]) -> Option<EdmType> {
    let of = |how: How| statements.iter().filter(move |statement| statement.row.how == how);
    let by_word = |word: &str| match word {
        "TEXT" => Some(EdmType::Text),
        "IMAGE" => Some(EdmType::Image),
        "SOUND" => Some(EdmType::Sound),
        "VIDEO" => Some(EdmType::Video),
        "3D" => Some(EdmType::ThreeD),
        _ => None,
    };
    let word = |text: &str| -> Option<EdmType> {
        let text = text.rsplit(['/', '#']).next().unwrap_or(text);
        let spaced = words(text);
        by_word(text).or_else(|| {
            let found = media::by_term(text).or_else(|| media::by_term(&spaced));
            by_word(found?.edm_type?)
        })
    };
    let typed = of(How::Type).find_map(|statement| {
        let labels: Vec<&str> = labels(&statement.text).into_iter().map(|(_, label)| label).collect();
        labels.iter().flat_map(|label| parts(label)).find_map(word)
    });
    let formatted = || {
        let formats = of(How::Format).chain(of(How::Medium));
        formats.flat_map(|statement| parts(&statement.text)).find_map(|format| match format.split_once('/') {
            Some(("image", _)) => Some(EdmType::Image),
            Some(("audio", _)) => Some(EdmType::Sound),
            Some(("video", _)) => Some(EdmType::Video),
            Some(("text", _) | ("application", "pdf" | "epub+zip" | "msword")) => Some(EdmType::Text),
            Some(("model", _)) => Some(EdmType::ThreeD),
            Some(_) => None,
            None => word(format),
        })
    };
    let filed = || {
        of(How::File).find_map(|statement| match statement.element.attribute("type")?.split('/').next()? {
            "image" => Some(EdmType::Image),
            "audio" => Some(EdmType::Sound),
            "video" => Some(EdmType::Video),
            _ => None,
        })
    };
    typed.or_else(formatted).or_else(filed)
}

/// `doctoralThesis` as words: `doctoral thesis`.
fn words(text: &str) -> String {
    let mut words = String::with_capacity(text.len() + 4);
    for c in text.chars() {
        if c.is_ascii_uppercase() && words.chars().last().is_some_and(|last| last.is_ascii_lowercase()) {
            words.push(' ');
        }
        words.push(c.to_ascii_lowercase());
    }
    words
}

impl Record<'_, '_> {
    pub(super) fn kind(&mut self, statement: &Statement<'_>) {
        for part in parts(&statement.text) {
            if let Some(word) = part.strip_prefix(SEMANTICS) {
                // The state of a text is no kind of it.
                if word.ends_with("Version")
                    || matches!(word, "draft" | "openAccess" | "closedAccess" | "embargoedAccess")
                {
                    let property = if word.ends_with("Access") { dcterms::ACCESS_RIGHTS } else { bf::STATUS };
                    self.draft.text(property, &words(word), Some("en"));
                } else {
                    self.draft.concept(dc::TYPE, &words(word), Some("en"), Default::default(), &[]);
                }
                continue;
            }
            // A term of the DCMI Type Vocabulary, by its name or its IRI.
            let name = part.strip_prefix(dcmitype::NAMESPACE).unwrap_or(part);
            if let Some(term) = tables::term(&format!("dcmitype:{name}")) {
                let same_as = [term.as_str().to_owned()];
                self.draft.concept(dc::TYPE, &words(name), Some("en"), Default::default(), &same_as);
                continue;
            }
            if is_address(part) {
                if let Some(node) = self.draft.out.iri(part) {
                    self.draft.out.link(self.draft.item, dc::TYPE, node);
                }
                continue;
            }
            self.labelled(part, dc::TYPE, statement);
        }
    }

    /// A concept whose label may stand in several languages.
    fn labelled(&mut self, text: &str, property: oxrdf::NamedNodeRef<'static>, statement: &Statement<'_>) {
        let mut labels = labels(text).into_iter();
        let Some((language, label)) = labels.next() else { return };
        let scheme = statement.scheme.map(schemes::known).unwrap_or_default();
        let language = language.or_else(|| statement.language());
        let Some(node) = self.draft.concept(property, label, language, scheme, &[]) else { return };
        for (language, label) in labels {
            self.draft.out.text(node, skos::PREF_LABEL, label, language);
        }
    }

    pub(super) fn medium(&mut self, statement: &Statement<'_>) {
        for part in parts(&statement.text) {
            self.labelled(part, dcterms::MEDIUM, statement);
        }
    }

    /// A format is a media type, an extent, or a medium.
    pub(super) fn format(&mut self, statement: &Statement<'_>) {
        let text = statement.text.trim();
        let media_type = |part: &str| {
            let mut sides = part.splitn(2, '/');
            let (kind, sub) = (sides.next().unwrap_or_default(), sides.next().unwrap_or_default());
            matches!(
                kind,
                "application"
                    | "audio"
                    | "font"
                    | "image"
                    | "message"
                    | "model"
                    | "multipart"
                    | "text"
                    | "video"
            ) && !sub.is_empty()
                && !part.contains(char::is_whitespace)
        };
        if text.bytes().any(|b| b.is_ascii_digit()) && !parts(text).any(media_type) {
            self.draft.text(dcterms::EXTENT, text, statement.language());
            return;
        }
        for part in parts(text) {
            if media_type(part) {
                self.draft.text(dc::FORMAT, part, None);
            } else if part.split_whitespace().count() > 6 {
                self.draft.text(skos::NOTE, part, statement.language());
            } else if is_address(part) {
                if let Some(node) = self.draft.out.iri(part) {
                    self.draft.out.link(self.draft.item, dcterms::FORMAT, node);
                }
            } else {
                self.labelled(part, dcterms::MEDIUM, statement);
            }
        }
    }

    pub(super) fn subject(&mut self, statement: &Statement<'_>) {
        let qualifier = statement.qualifier.as_deref().or(statement.scheme);
        if let Some(scheme) =
            qualifier.map(str::to_ascii_lowercase).filter(|scheme| CLASSES.contains(&scheme.as_str()))
        {
            self.draft.class(&scheme, &statement.text, None);
            return;
        }
        let scheme = qualifier.map(schemes::known).unwrap_or_default();
        for part in parts(&statement.text) {
            if let Some((scheme, portion)) = class(part) {
                self.draft.class(&scheme, portion, None);
                continue;
            }
            if is_address(part) {
                if let Some(node) = self.draft.out.iri(part) {
                    self.draft.out.link(self.draft.item, dc::SUBJECT, node);
                }
                continue;
            }
            // `LCSH: Forests`, `ysa:virtsa`: the scheme before the heading.
            let prefixed = part
                .split_once(':')
                .map(|(code, rest)| (schemes::known(&code.trim().to_ascii_lowercase()), rest));
            let (scheme, text) = match prefixed {
                Some((known, rest)) if known.iri.is_some() && !rest.trim().is_empty() => (known, rest.trim()),
                _ => (scheme, part),
            };
            let several = labels(text);
            if several.len() > 1 || several[..].first().is_some_and(|(language, _)| language.is_some()) {
                self.labelled(text, dc::SUBJECT, statement);
                continue;
            }
            self.draft.subject(dc::SUBJECT, text, statement.language(), scheme, &[]);
        }
    }

    pub(super) fn class(&mut self, statement: &Statement<'_>) {
        let scheme =
            if statement.row.word == "-" { statement.scheme.unwrap_or_default() } else { statement.row.word };
        for part in parts(&statement.text) {
            match class(part) {
                Some((scheme, portion)) => self.draft.class(&scheme, portion, None),
                None => self.draft.class(scheme, part, None),
            }
        }
    }
}

/// A class with its scheme before it: `info:eu-repo/classification/ddc/330`, `ddc:330`, `UDC 82`.
fn class(text: &str) -> Option<(String, &str)> {
    if let Some((scheme, portion)) = text.strip_prefix(CLASSIFICATION).and_then(|rest| rest.split_once('/')) {
        return Some((scheme.to_ascii_lowercase(), portion));
    }
    let (scheme, portion) = text.split_once([':', ' '])?;
    let scheme = scheme.trim().to_ascii_lowercase();
    let portion = portion.trim_start_matches([':', ' ']);
    (CLASSES.contains(&scheme.as_str()) && portion.bytes().any(|b| b.is_ascii_digit()) && portion.len() <= 30)
        .then_some((scheme, portion))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_and_words() {
        assert_eq!(class("info:eu-repo/classification/ddc/330"), Some(("ddc".to_owned(), "330")));
        assert_eq!(class("UDC 82-31"), Some(("udc".to_owned(), "82-31")));
        assert_eq!(class("Helsinki: history"), None);
        assert_eq!(words("doctoralThesis"), "doctoral thesis");
    }
}
