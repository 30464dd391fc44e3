//! Dates as people wrote them, against the table `cases.tsv`; and properties that hold for any text.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::{from_bounds, read_date, read_dates, read_edtf};
use graph_model::Bound;
use proptest::prelude::*;
use std::fmt::Write as _;

#[test]
fn the_table_of_dates_is_read() {
    let mut wrong = String::new();
    let mut count = 0;
    for line in include_str!("cases.tsv").lines().filter(|line| !line.starts_with('#')) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [text, language, expected] = cells[..] else { panic!("three columns: {line}") };
        count += 1;
        let met = read_date(text, Some(language).filter(|tag| *tag != "-"));
        let met = met.as_ref().map_or("-", |span| &span.edtf);
        if met != expected {
            let _ = writeln!(wrong, "{text} ({language}): {met}, expected {expected}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(count >= 150);
}

#[test]
fn bounds_say_no_more_than_the_source() {
    let day = |text: &str| Some(Bound::Day(text.to_owned()));
    let month = |text: &str| Some(Bound::YearMonth(text.to_owned()));
    let year = |text: &str| Some(Bound::Year(text.to_owned()));
    let cases = [
        ("1891", year("1891"), year("1891")),
        ("1890s", year("1890"), year("1899")),
        ("19th century", year("1800"), year("1899")),
        ("1891-03", month("1891-03"), month("1891-03")),
        ("12.3.1891", day("1891-03-12"), day("1891-03-12")),
        ("12.3.1891-1895", day("1891-03-12"), year("1895")),
        ("before 1900", None, year("1900")),
        ("1900-", year("1900"), None),
        ("44 BC", year("-0043"), year("-0043")),
        ("1 BC", year("0000"), year("0000")),
        ("5th century BC", year("-0499"), year("-0400")),
        ("Spring 1891", month("1891-03"), month("1891-05")),
        ("Winter 1891", month("1891-12"), month("1892-02")),
        ("1891-03-XX", month("1891-03"), month("1891-03")),
    ];
    for (text, begin, end) in cases {
        let span = read_date(text, Some("en")).unwrap_or_else(|| panic!("{text} is not read"));
        assert_eq!((span.begin, span.end), (begin, end), "{text}");
    }
}

#[test]
fn plain_years_are_a_span_as_edtf_has_it() {
    for (begin, end, edtf) in
        [("1890", " 1910", "1890/1910"), ("0001", "2999", "0001/2999"), ("1890", "1890", "1890")]
    {
        let span = from_bounds(begin, end);
        assert_eq!(span, read_edtf(edtf), "{edtf}");
        assert!(span.is_some_and(|span| span.edtf == edtf));
    }
    assert_eq!(from_bounds("1910", "1890"), None);
}

#[test]
fn two_bounds_make_a_span() {
    let edtf = |begin, end| from_bounds(begin, end).map(|span| span.edtf);
    assert_eq!(edtf("1890", "1910").as_deref(), Some("1890/1910"));
    assert_eq!(edtf("1890", "1890").as_deref(), Some("1890"));
    assert_eq!(edtf("1890-01-01", "").as_deref(), Some("1890-01-01/.."));
    assert_eq!(edtf("", "1910").as_deref(), Some("../1910"));
    assert_eq!(edtf("-500", "-401").as_deref(), Some("-0500/-0401"));
    assert_eq!(edtf("189X", "190X").as_deref(), Some("1890/1909"));
    assert_eq!(edtf("1910", "1890"), None);
    assert_eq!(edtf("", ""), None);
    assert_eq!(edtf("soon", "1890"), None);
}

#[test]
fn a_list_of_dates_is_several() {
    for (text, language, expected) in [
        ("1947-1950, 1953", "en", &["1947/1950", "1953"][..]),
        ("1982-1990, 2004-2009", "en", &["1982/1990", "2004/2009"]),
        ("24 February 1976; 18 January 1978", "en", &["1976-02-24", "1978-01-18"]),
        ("1984, revised 1990", "en", &["1984", "1990"]),
        ("1984, 1950 рр.", "uk", &["1984", "1950"]),
        ("друга половина XVIII століття, 1794 рік", "uk", &["1750/1799", "1794"]),
        ("March 12, 1891", "en", &["1891-03-12"]),
        ("1953-1994, undated", "en", &["1953/1994"]),
        ("1891", "en", &["1891"]),
        ("1891, whenever", "en", &[]),
    ] {
        let met: Vec<String> = read_dates(text, Some(language)).into_iter().map(|span| span.edtf).collect();
        assert_eq!(met, expected, "{text}");
    }
}

/// The earliest year that a bound names.
fn year(bound: &Bound) -> i64 {
    let (Bound::Year(text) | Bound::YearMonth(text) | Bound::Day(text)) = bound;
    let (sign, digits) = text.strip_prefix('-').map_or((1, text.as_str()), |rest| (-1, rest));
    sign * digits[..4].parse::<i64>().unwrap()
}

fn sound(text: &str, language: Option<&str>) -> Result<(), TestCaseError> {
    if let Some(span) = read_date(text, language) {
        let again = read_edtf(&span.edtf);
        prop_assert_eq!(again.as_ref(), Some(&span), "{} is not stable", text);
        if let (Some(begin), Some(end)) = (&span.begin, &span.end) {
            prop_assert!(year(begin) <= year(end), "{} begins after it ends: {:?}", text, span);
        }
        prop_assert!(span.begin.is_some() || span.end.is_some());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn any_text_is_survived(text in "\\PC{0,40}") {
        sound(&text, None)?;
    }

    #[test]
    fn any_mixture_of_words_is_survived(
        words in proptest::collection::vec(
            prop_oneof![
                "[0-9]{1,8}", "[IVXLC]{1,6}", "[-–/.,?()\\[\\]~ ]",
                proptest::sample::select(vec![
                    "century", "half", "first", "ca", "before", "and", "between", "to", "-luku", "s", "th", "BC", "AD",
                    "ст.", "кінець", "половина", "-ті", "роки", "до", "н.е.", "vaihde", "ja", "Jh.", "Viertel", "March",
                    "spring", "early", "late", "u", "--", "c.", "turn of", "luvun", "alku",
                ]).prop_map(str::to_owned),
            ],
            0..9,
        ),
        gaps in any::<bool>(),
    ) {
        let text = words.join(if gaps { " " } else { "" });
        for language in [None, Some("en"), Some("fi"), Some("uk")] {
            sound(&text, language)?;
        }
    }

    #[test]
    fn every_plain_date_is_read(year in 1000_u32..2990, month in 1_u32..=12, day in 1_u32..=28) {
        let iso = format!("{year}-{month:02}-{day:02}");
        for text in [iso.clone(), format!("{day}.{month}.{year}"), format!("{day:02}.{month:02}.{year}"), iso.replace('-', "")] {
            prop_assert_eq!(read_date(&text, None).map(|span| span.edtf), Some(iso.clone()), "{}", text);
        }
        prop_assert_eq!(read_date(&format!("{year}-{}", year + 5), None).map(|span| span.edtf), Some(format!("{year}/{}", year + 5)));
    }
}
