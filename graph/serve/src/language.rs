//! In which language a page speaks.
//!
//! Pages speak English, Finnish, Swedish and Ukrainian. `?lang=` decides, then `Accept-Language` (RFC 9110,
//! section 12.5.4), then English. The language of the data is another matter: a label in the page's language
//! is preferred where there is one, and every text carries its own `lang` attribute.

use crate::negotiate::thousandths;
use axum::http::{HeaderMap, header};
use std::collections::HashMap;
use std::sync::LazyLock;

/// A language that pages speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Language {
    English,
    Finnish,
    Swedish,
    Ukrainian,
}

impl Language {
    pub(crate) const ALL: [Self; 4] = [Self::English, Self::Finnish, Self::Swedish, Self::Ukrainian];

    /// The BCP 47 tag.
    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Finnish => "fi",
            Self::Swedish => "sv",
            Self::Ukrainian => "uk",
        }
    }

    /// What the language calls itself.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Finnish => "Suomi",
            Self::Swedish => "Svenska",
            Self::Ukrainian => "Українська",
        }
    }

    /// The language of a tag such as `sv` or `sv-FI`.
    pub(crate) fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split('-').next()?;
        Self::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(primary))
    }

    /// The tags in which a label is looked for, the best first. English and Finnish come before the rest, as
    /// most readers of the data read one of them.
    pub(crate) fn preferences(self) -> [&'static str; 4] {
        match self {
            Self::English => ["en", "fi", "sv", "uk"],
            Self::Finnish => ["fi", "en", "sv", "uk"],
            Self::Swedish => ["sv", "fi", "en", "uk"],
            Self::Ukrainian => ["uk", "en", "fi", "sv"],
        }
    }

    /// The page's own word for something; every key is in `texts.tsv`.
    pub(crate) fn word(self, key: &str) -> &'static str {
        let column = Self::ALL.iter().position(|language| *language == self).unwrap_or(0);
        TEXTS.get(key).map_or("", |texts| texts[column])
    }

    /// The word with `{}` filled in.
    pub(crate) fn phrase(self, key: &str, filling: &str) -> String {
        self.word(key).replace("{}", filling)
    }
}

static TEXTS: LazyLock<HashMap<&'static str, [&'static str; 4]>> = LazyLock::new(|| {
    include_str!("texts.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let mut cells = line.split('\t');
            Some((cells.next()?, [cells.next()?, cells.next()?, cells.next()?, cells.next()?]))
        })
        .collect()
});

/// The page's language from the `lang` parameter and the headers.
pub(crate) fn choose(parameter: Option<&str>, headers: &HeaderMap) -> Language {
    if let Some(language) = parameter.and_then(Language::of_tag) {
        return language;
    }
    let mut best = (0, Language::English);
    for value in headers.get_all(header::ACCEPT_LANGUAGE).iter().filter_map(|value| value.to_str().ok()) {
        for range in value.split(',') {
            let mut parts = range.split(';');
            let Some(language) = parts.next().and_then(|tag| Language::of_tag(tag.trim())) else { continue };
            let quality = parts
                .find_map(|part| part.trim().strip_prefix("q="))
                .map_or(Some(1000), |quality| thousandths(quality.trim()));
            if let Some(quality) = quality
                && quality > best.0
            {
                best = (quality, language);
            }
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn parameter_then_header_then_english() {
        let mut headers = HeaderMap::new();
        assert_eq!(choose(None, &headers), Language::English);
        headers.insert(header::ACCEPT_LANGUAGE, "de, sv-FI;q=0.8, fi;q=0.9".parse().unwrap());
        assert_eq!(choose(None, &headers), Language::Finnish);
        assert_eq!(choose(Some("uk"), &headers), Language::Ukrainian);
        assert_eq!(choose(Some("tlh"), &headers), Language::Finnish);
    }

    #[test]
    fn every_text_is_in_every_language_and_in_order() {
        let keys: Vec<&str> = include_str!("texts.tsv")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .map(|line| {
                let cells: Vec<&str> = line.split('\t').collect();
                assert_eq!(cells.len(), 5, "{line}");
                assert!(cells.iter().all(|cell| !cell.trim().is_empty()), "{line}");
                cells[0]
            })
            .collect();
        assert!(keys.is_sorted(), "keys are sorted");
        assert_eq!(keys.len(), TEXTS.len(), "no key stands twice");
    }
}
