//! From the numbers and codes of controlled headings to IRIs: `$0`, `$1` and `$2`.

use super::record::Field;
use super::table::rows;
pub(super) use crate::shared::schemes::{Scheme, known};
use std::sync::LazyLock;

static AUTHORITIES: LazyLock<Vec<(&str, &str)>> =
    LazyLock::new(|| rows(include_str!("authorities.tsv")).filter_map(|row| row.split_once('\t')).collect());

/// The IRIs that `$0` and `$1` give, in their order. Numbers of systems that no table has are left out.
pub(super) fn iris(field: &Field<'_>) -> Vec<String> {
    let mut iris: Vec<String> = Vec::new();
    for (_, text) in field.subfields().filter(|(code, _)| matches!(code, '0' | '1')) {
        if let Some(iri) = iri(text)
            && !iris.contains(&iri)
        {
            iris.push(iri);
        }
    }
    iris
}

/// The IRI that one `$0` or `$1` means: an IRI as it is, or a number after its system's code in parentheses.
pub(super) fn iri(text: &str) -> Option<String> {
    let text = text.trim();
    if text.starts_with("http://") || text.starts_with("https://") {
        // A search in a catalogue and a look-up by another file's number are no names of the thing.
        return (!text.contains('?') && !text.contains("/sourceID/")).then(|| escaped(text));
    }
    let (code, number) = text.strip_prefix('(')?.split_once(')')?;
    let number = number.trim();
    if number.is_empty() {
        return None;
    }
    if code.eq_ignore_ascii_case("uri") && number.starts_with("http") {
        return Some(number.to_owned());
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ' ');
    if !number.chars().all(plain) {
        return None;
    }
    let packed: String = number.chars().filter(|c| *c != ' ').collect();
    if packed.starts_with("http") {
        return None;
    }
    // The letters before a number of these two say which of their files it is of.
    let letters = packed.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (folder, number) = match code {
        "DLC" if packed.starts_with('n') => ("DLC n".to_owned(), packed.as_str()),
        "DLC" => (format!("DLC {}", &packed[..letters]), packed.as_str()),
        "OCoLC" => (format!("OCoLC {}", &packed[..letters]), packed[letters..].trim_start_matches('0')),
        _ => (code.to_owned(), packed.as_str()),
    };
    let at = AUTHORITIES.binary_search_by_key(&folder.as_str(), |(code, _)| code).ok()?;
    (!number.is_empty()).then(|| format!("{}{number}", AUTHORITIES[at].1))
}

/// An IRI with what no IRI holds percent-encoded, such as the bar of VIAF's source identifiers.
fn escaped(text: &str) -> String {
    let mut iri = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            ' ' => iri.push_str("%20"),
            '|' => iri.push_str("%7C"),
            '"' => iri.push_str("%22"),
            '<' => iri.push_str("%3C"),
            '>' => iri.push_str("%3E"),
            '\\' => iri.push_str("%5C"),
            '^' => iri.push_str("%5E"),
            '`' => iri.push_str("%60"),
            '{' => iri.push_str("%7B"),
            '}' => iri.push_str("%7D"),
            _ => iri.push(c),
        }
    }
    iri
}

/// The scheme of a subject or genre: the second indicator or `$2`.
pub(super) fn scheme(field: &Field<'_>) -> Scheme {
    match field.indicator(2) {
        '0' => known("lcsh"),
        '1' => known("lcshac"),
        '2' => known("mesh"),
        '3' => known("nal"),
        '5' => known("csh"),
        '6' => known("rvm"),
        _ => field.first('2').map(known).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_lead_to_iris() {
        for (text, expected) in [
            ("(DE-588)118540238", Some("https://d-nb.info/gnd/118540238")),
            ("(FI-ASTERI-N)000058462", Some("http://urn.fi/URN:NBN:fi:au:finaf:000058462")),
            ("(DLC)n  79021164", Some("http://id.loc.gov/authorities/names/n79021164")),
            ("(DLC)sh 85149838", Some("http://id.loc.gov/authorities/subjects/sh85149838")),
            ("(OCoLC)fst00943473", Some("http://id.worldcat.org/fast/943473")),
            ("http://www.yso.fi/onto/yso/p94388", Some("http://www.yso.fi/onto/yso/p94388")),
            ("(FI-MELINDA)001", None),
            ("(DE-588)", None),
            ("12345", None),
        ] {
            assert_eq!(iri(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn tables_are_sorted() {
        assert!(AUTHORITIES.is_sorted_by(|a, b| a.0 < b.0));
    }
}
