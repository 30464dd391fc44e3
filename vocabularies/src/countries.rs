//! Countries: ISO 3166-1, names, and MARC country codes.

use crate::{codes, fold};

/// One country of ISO 3166-1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Country {
    /// The two-letter code in upper case.
    pub alpha2: &'static str,
    /// The three-letter code in upper case.
    pub alpha3: &'static str,
    /// The English name.
    pub name: &'static str,
}

/// One MARC country code: a country, or a part of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarcCountry {
    /// Two or three letters, without the blank that MARC 008 pads with.
    pub code: &'static str,
    /// The IRI at the Library of Congress.
    pub iri: &'static str,
    /// The English label.
    pub label: &'static str,
    /// The ISO 3166-1 two-letter code of the country, where there is one.
    pub alpha2: Option<&'static str>,
}

/// A name of a country.
pub(crate) struct CountryName {
    pub(crate) name: &'static str,
    pub(crate) alpha2: &'static str,
}

/// The country with this MARC code (008/15-17), padded or not: records have a blank, `#`, `-` or `|` for the third
/// letter.
///
/// `None` also for `xx` and `vp`, which say that no place is known or that there are several.
///
/// ```
/// use vocabularies::countries;
///
/// assert_eq!(countries::by_marc_code("fi ").and_then(|country| country.alpha2), Some("FI"));
/// assert_eq!(countries::by_marc_code("enk").map(|country| country.label), Some("England"));
/// ```
#[must_use]
pub fn by_marc_code(code: &str) -> Option<&'static MarcCountry> {
    let code = code.trim_matches([' ', '#', '|', '-']);
    fold::find(codes::MARC_COUNTRIES, code, |row| row.code)
        .filter(|country| !["xx", "vp"].contains(&country.code))
}

/// The country with this two- or three-letter ISO 3166-1 code, in either case.
#[must_use]
pub fn by_iso_3166(code: &str) -> Option<&'static Country> {
    let code = code.trim();
    codes::COUNTRIES.iter().find(|country| {
        country.alpha2.eq_ignore_ascii_case(code) || country.alpha3.eq_ignore_ascii_case(code)
    })
}

/// The country with this name, in any of some twenty European languages.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static Country> {
    by_iso_3166(fold::find(codes::COUNTRY_NAMES, name, |row| row.name)?.alpha2)
}

/// All MARC country codes, sorted by code.
#[must_use]
pub fn marc_countries() -> &'static [MarcCountry] {
    codes::MARC_COUNTRIES
}
