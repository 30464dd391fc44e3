//! Identifiers: what kind of number or address a text is, and its one spelling.
//!
//! A number with a scheme of its own is told with it (`urn:isbn:…`, `https://doi.org/…`), so that the same number is the
//! same text everywhere. A kind is taken from what the source calls it, from a word before the number (`ISBN 951-…`) or
//! from its own shape; eight digits with a hyphen are no ISSN unless something says so, for they may be years.

use super::tables::{rows, term};
use oxrdf::NamedNodeRef;
use std::sync::LazyLock;
use vocabularies::bf;

/// An identifier as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Identifier<'t> {
    /// Its class in the detail layer; `None` for one of no known kind.
    pub(crate) class: Option<NamedNodeRef<'static>>,
    /// Its one spelling.
    pub(crate) text: String,
    /// The number as the source writes it, without the word before it.
    pub(crate) written: &'t str,
    /// What a number of its kind looks like, where this is none.
    pub(crate) expected: Option<&'static str>,
    /// Whether it is a citation rather than an identifier.
    pub(crate) citation: bool,
}

impl Identifier<'_> {
    /// The address that leads to the thing.
    pub(crate) fn address(&self) -> Option<&str> {
        [self.written, self.text.as_str()].into_iter().find(|text| is_address(text))
    }
}

#[derive(Clone, Copy)]
struct Kind {
    class: Option<NamedNodeRef<'static>>,
    form: &'static str,
}

static KINDS: LazyLock<Vec<(&'static str, Kind)>> = LazyLock::new(|| {
    rows(include_str!("identifiers.tsv"))
        .filter_map(|mut cells| {
            let (word, class, form) = (cells.next()?, cells.next()?, cells.next()?);
            Some((word, Kind { class: term(class), form }))
        })
        .collect()
});

fn kind(word: &str) -> Option<Kind> {
    let word = word.trim().trim_end_matches([':', '.']).to_lowercase();
    KINDS.binary_search_by(|(known, _)| (*known).cmp(word.as_str())).ok().map(|at| KINDS[at].1)
}

/// Whether an identifier of this kind is known by its name.
pub(crate) fn is_kind(word: &str) -> bool {
    kind(word).is_some()
}

/// Whether the text is an address of the web as a whole.
pub(crate) fn is_address(text: &str) -> bool {
    let start = text.get(..8).unwrap_or(text).to_ascii_lowercase();
    (start.starts_with("http://") || start.starts_with("https://")) && !text.contains(char::is_whitespace)
}

/// Reads an identifier; `scheme` is what the source calls its kind.
pub(crate) fn read<'t>(text: &'t str, scheme: Option<&str>) -> Identifier<'t> {
    let text = text.trim();
    if let Some(kind) = scheme.and_then(kind) {
        return of_kind(without_word(text, scheme.unwrap_or_default()), kind);
    }
    let lower = text.to_ascii_lowercase();
    let known = |word| kind(word).map(|kind| of_kind(text, kind));
    let found = if lower.contains("doi.org/10.") || lower.starts_with("doi:") || is_doi(text) {
        known("doi")
    } else if lower.contains("hdl.handle.net/") || lower.starts_with("hdl:") {
        known("hdl")
    } else if lower.starts_with("urn:isbn:") {
        known("isbn")
    } else if lower.starts_with("urn:issn:") {
        known("issn")
    } else if lower.starts_with("urn:nbn:") || is_address(text) && lower.contains("/urn:nbn:") {
        known("nbn")
    } else if lower.starts_with("urn:") {
        known("urn")
    } else if let Some((word, number)) = text.split_once([':', ' '])
        && kind(word).is_some()
        && number.contains(|c: char| c.is_ascii_digit())
    {
        kind(word).map(|kind| of_kind(number.trim_start_matches([':', ' ']), kind))
    } else if matches!(text.get(..3), Some("978" | "979")) && is_isbn(&compact(text)) {
        known("isbn")
    } else {
        None
    };
    found.unwrap_or_else(|| Identifier {
        class: None,
        text: text.to_owned(),
        written: text,
        expected: None,
        citation: false,
    })
}

/// The number without the name of its kind before it: `ISBN 951-…`, `doi:10.…`.
fn without_word<'t>(text: &'t str, word: &str) -> &'t str {
    let rest =
        text.get(..word.len()).filter(|start| start.eq_ignore_ascii_case(word)).map(|_| &text[word.len()..]);
    let rest = rest.filter(|rest| rest.starts_with([':', ' ']));
    rest.map_or(text, |rest| rest.trim_start_matches([':', ' ']))
}

fn is_doi(text: &str) -> bool {
    text.strip_prefix("10.").and_then(|rest| rest.split_once('/')).is_some_and(|(prefix, suffix)| {
        prefix.len() >= 4 && prefix.bytes().all(|b| b.is_ascii_digit() || b == b'.') && !suffix.is_empty()
    })
}

fn of_kind(text: &str, kind: Kind) -> Identifier<'_> {
    let mut expected = None;
    let whole = match kind.form {
        "isbn" => {
            // `978-951-0-12345-6 (sid.)`: what follows is a qualifier.
            let number = compact(without_word(number_of(text), "urn:isbn"));
            if !is_isbn(&number) {
                expected = Some("an ISBN of 10 or 13 digits whose last fits");
            }
            format!("urn:isbn:{}", thirteen(number))
        }
        "issn" => {
            let number = compact(without_word(number_of(text), "urn:issn"));
            if !is_issn(&number) {
                expected = Some("an ISSN of eight digits whose last fits");
            }
            let hyphened =
                if number.len() == 8 { format!("{}-{}", &number[..4], &number[4..]) } else { number };
            format!("urn:issn:{hyphened}")
        }
        "doi" => {
            let doi = after(text, &["doi.org/"]).trim_start_matches("doi:").trim();
            let doi = without_word(doi, "doi");
            if !is_doi(doi) {
                expected = Some("a DOI, which begins with 10. and has a slash");
            }
            format!("https://doi.org/{}", doi.replace(' ', "%20"))
        }
        "hdl" => match after(text, &["hdl.handle.net/"]).trim() {
            // A repository's own address of a handle.
            address if is_address(address) => address.to_owned(),
            handle => format!("https://hdl.handle.net/{}", without_word(handle, "hdl").replace(' ', "%20")),
        },
        "urn" => {
            let lower = text.to_ascii_lowercase();
            lower.find("/urn:").filter(|_| is_address(text)).map_or(text, |at| &text[at + 1..]).to_owned()
        }
        "iri" | "citation" | "-" => text.to_owned(),
        prefix => {
            let number: String = text.chars().filter(|c| !c.is_whitespace()).collect();
            if number.starts_with(prefix) || is_address(text) { number } else { format!("{prefix}{number}") }
        }
    };
    Identifier { class: kind.class, text: whole, written: text, expected, citation: kind.form == "citation" }
}

/// The number at the beginning, before a qualifier in words or brackets.
fn number_of(text: &str) -> &str {
    let end = text.find(['(', '[', ';', ',']).unwrap_or(text.len());
    let number = text[..end].trim();
    let words = number.find(|c: char| c.is_ascii_alphabetic() && !matches!(c, 'x' | 'X'));
    match words {
        Some(at) if number[..at].contains(|c: char| c.is_ascii_digit()) => number[..at].trim(),
        _ => number,
    }
}

fn after<'t>(text: &'t str, resolvers: &[&str]) -> &'t str {
    let lower = text.to_ascii_lowercase();
    resolvers
        .iter()
        .find_map(|resolver| lower.rfind(resolver).map(|at| &text[at + resolver.len()..]))
        .unwrap_or(text)
}

/// The class of a number that none has told more of.
pub(crate) const ANY: NamedNodeRef<'static> = bf::IDENTIFIER;

/// Letters and digits alone, in upper case.
pub(crate) fn compact(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// An ISBN of thirteen digits, whichever it was, so that one book has one number; what is none stays as it is.
pub(crate) fn thirteen(isbn: String) -> String {
    if isbn.len() != 10 || !is_isbn(&isbn) {
        return isbn;
    }
    let mut long = format!("978{}", &isbn[..9]);
    let sum: u32 = long
        .chars()
        .enumerate()
        .filter_map(|(at, c)| Some(c.to_digit(10)? * if at % 2 == 0 { 1 } else { 3 }))
        .sum();
    long.extend(char::from_digit((10 - sum % 10) % 10, 10));
    long
}

/// Whether the text is an ISBN of ten or thirteen digits, without hyphens, whose last fits.
#[must_use]
pub(crate) fn is_isbn(text: &str) -> bool {
    match text.len() {
        10 => weighted(text, |at| 10 - at as u32, 11),
        13 => {
            text.bytes().all(|b| b.is_ascii_digit())
                && weighted(text, |at| if at % 2 == 0 { 1 } else { 3 }, 10)
        }
        _ => false,
    }
}

/// Whether the text is an ISSN of eight digits, without hyphen, whose last fits.
#[must_use]
pub(crate) fn is_issn(text: &str) -> bool {
    text.len() == 8 && weighted(text, |at| 8 - at as u32, 11)
}

/// Whether the weighted sum of the digits (an X at the end is ten) is a multiple.
fn weighted(text: &str, weight: impl Fn(usize) -> u32, modulus: u32) -> bool {
    let mut sum = 0;
    for (at, c) in text.chars().enumerate() {
        let digit = match c {
            'X' if at + 1 == text.len() => 10,
            _ => match c.to_digit(10) {
                Some(digit) => digit,
                None => return false,
            },
        };
        sum += digit * weight(at);
    }
    sum % modulus == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_one_spelling() {
        for (text, scheme, expected) in [
            ("951-0-12345-6 (sid.)", Some("isbn"), "urn:isbn:9510123456"),
            ("ISBN 978-0-306-40615-7", None, "urn:isbn:9780306406157"),
            ("0-306-40615-2", Some("ISBN"), "urn:isbn:9780306406157"),
            ("9780306406157", None, "urn:isbn:9780306406157"),
            ("urn:ISBN:978-0-306-40615-7", None, "urn:isbn:9780306406157"),
            ("2432-5058", Some("issn"), "urn:issn:2432-5058"),
            ("ISSN: 0378-5955", None, "urn:issn:0378-5955"),
            ("1914-1918", None, "1914-1918"),
            ("10.5962/bhl.title.44870", None, "https://doi.org/10.5962/bhl.title.44870"),
            ("doi:10.5962/x", Some("doi"), "https://doi.org/10.5962/x"),
            (
                "http://dx.doi.org/https://doi.org/10.34416/svc.00029",
                Some("doi"),
                "https://doi.org/10.34416/svc.00029",
            ),
            ("http://hdl.handle.net/11134/20002:1323", None, "https://hdl.handle.net/11134/20002:1323"),
            ("10138/331330", Some("hdl"), "https://hdl.handle.net/10138/331330"),
            ("http://urn.fi/URN:NBN:fi-fe2021", None, "URN:NBN:fi-fe2021"),
            ("2497085", Some("oclc"), "(OCoLC)2497085"),
            ("(OCoLC)2497085", Some("oclc"), "(OCoLC)2497085"),
            ("  90001234 ", Some("lccn"), "lccn:90001234"),
            ("MSS0377-r0001", None, "MSS0377-r0001"),
            ("https://example.org/1", None, "https://example.org/1"),
        ] {
            assert_eq!(read(text, scheme).text, expected, "{text}");
        }
        assert!(read("0-306-40615-3", Some("isbn")).expected.is_some());
        assert!(KINDS.is_sorted_by(|a, b| a.0 < b.0));
        assert!(KINDS.iter().all(|(word, kind)| kind.class.is_some() || *word == "citation"));
    }

    #[test]
    fn check_digits() {
        assert!(
            is_isbn("9789510123454")
                && is_isbn("951010158X") == weighted("951010158X", |at| 10 - at as u32, 11)
        );
        assert!(is_isbn("9780306406157") && is_isbn("0306406152") && !is_isbn("0306406153"));
        assert_eq!(thirteen("080442957X".to_owned()), "9780804429573");
        assert!(is_issn("03785955") && is_issn("2434561X") && !is_issn("03785954"));
    }
}
