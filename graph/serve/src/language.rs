//! In which language a page speaks.
//!
//! A language is a file, `languages/TAG.tsv`; `build.rs` makes the tables here of all of them. `?lang=` decides, then `Accept-Language` (RFC 9110,
//! section 12.5.4), then English. The language of the data is another matter: a label in the page's language
//! is preferred where there is one, and every text carries its own `lang` attribute.

use crate::negotiate::thousandths;
use crate::pages::grouped;
use axum::http::{HeaderMap, header};

include!(concat!(env!("OUT_DIR"), "/languages.rs"));

/// What a language's file says of the language.
struct About {
    tag: &'static str,
    name: &'static str,
    labels: &'static [&'static str],
    plural: Plural,
}

/// How a number chooses the form of a word (CLDR, whole numbers).
#[derive(Debug, Clone, Copy)]
enum Plural {
    /// One, and all others: English, Finnish, Swedish.
    OneOther,
    /// 1, 21, 31; 2 to 4, 22 to 24; the rest: Ukrainian.
    EastSlavic,
}

impl Plural {
    /// The place of the form in a row of the table.
    fn form(self, number: u64) -> usize {
        match (self, number % 10, number % 100) {
            (Self::OneOther, _, _) => {
                if number == 1 {
                    0
                } else {
                    3
                }
            }
            (Self::EastSlavic, 1, tens) if tens != 11 => 0,
            (Self::EastSlavic, 2..=4, tens) if !(12..=14).contains(&tens) => 1,
            (Self::EastSlavic, _, _) => 2,
        }
    }
}

impl Language {
    pub(crate) const ALL: [Self; LANGUAGES.len()] = LANGUAGES;

    fn about(self) -> &'static About {
        &ABOUT[self as usize]
    }

    /// The BCP 47 tag.
    pub(crate) fn tag(self) -> &'static str {
        self.about().tag
    }

    /// What the language calls itself.
    pub(crate) fn name(self) -> &'static str {
        self.about().name
    }

    /// The language of a tag such as `sv` or `sv-FI`.
    pub(crate) fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split('-').next()?;
        Self::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(primary))
    }

    /// The tags in which a label is looked for, the best first.
    pub(crate) fn preferences(self) -> &'static [&'static str] {
        self.about().labels
    }

    /// The page's own word for something. A key that stands in the code is checked when this is built; one that is
    /// put together at run time and in no file has no word.
    pub(crate) fn word(self, key: &str) -> &'static str {
        let row = TEXTS.binary_search_by(|(other, _)| (*other).cmp(key));
        row.map_or("", |row| TEXTS[row].1[self as usize])
    }

    /// The word with `{}` filled in.
    pub(crate) fn phrase(self, key: &str, filling: &str) -> String {
        self.word(key).replace("{}", filling)
    }

    /// The text in the form that the number needs, with the number in it.
    pub(crate) fn plural(self, key: &str, number: u64) -> String {
        let Ok(row) = COUNTED.binary_search_by(|(other, _)| (*other).cmp(key)) else { return String::new() };
        let text = COUNTED[row].1[self as usize][self.about().plural.form(number)];
        text.replace("{}", &grouped(number))
    }
}

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
    fn numbers_choose_their_form() {
        for (number, english, finnish, ukrainian) in [
            (1, "1 entry", "1 tietue", "1 запис"),
            (3, "3 entries", "3 tietuetta", "3 записи"),
            (11, "11 entries", "11 tietuetta", "11 записів"),
            (21, "21 entries", "21 tietuetta", "21 запис"),
            (1112, "1\u{202F}112 entries", "1\u{202F}112 tietuetta", "1\u{202F}112 записів"),
        ] {
            assert_eq!(Language::English.plural("reconcile.entries", number), english);
            assert_eq!(Language::Finnish.plural("reconcile.entries", number), finnish);
            assert_eq!(Language::Ukrainian.plural("reconcile.entries", number), ukrainian);
        }
    }

    #[test]
    fn the_file_of_a_language_describes_it() {
        let swedish = Language::of_tag("sv-FI").unwrap();
        assert_eq!((swedish.tag(), swedish.name()), ("sv", "Svenska"));
        assert_eq!(swedish.preferences(), ["sv", "fi", "en", "uk"]);
        assert_eq!(swedish.word("skip"), "Till innehållet");
        let absent = "never.written";
        assert_eq!(swedish.word(absent), "");
    }
}
