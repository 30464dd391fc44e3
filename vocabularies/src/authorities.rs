//! How the identifiers of authority files are written.
//!
//! Authorities give one identifier several addresses: with http and https, of the thing and of the page about it. Which
//! belong together stands in `authorities.tsv`.

use std::sync::LazyLock;

/// The ways in which identifiers begin, sorted: without the scheme, and in the form that is compared.
static BEGINNINGS: LazyLock<Vec<(&'static str, &'static str)>> = LazyLock::new(|| {
    let lines = include_str!("../authorities.tsv").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once('\t')).collect()
});

/// The two parts of an identifier in the form that is compared: how it begins, and the identifier itself in its authority;
/// `None` when no authority of the table gives such ones.
///
/// ```
/// use vocabularies::authorities::split;
/// assert_eq!(split("https://www.wikidata.org/wiki/Q42"), Some(("http://www.wikidata.org/entity/", "Q42")));
/// assert_eq!(split("https://www.geonames.org/658225/helsinki.html"), Some(("http://sws.geonames.org/", "658225")));
/// assert_eq!(split("https://example.org/1"), None);
/// ```
#[must_use]
pub fn split(iri: &str) -> Option<(&'static str, &str)> {
    let rest = iri.strip_prefix("http://").or_else(|| iri.strip_prefix("https://"))?;
    // Of the beginnings that sort before the text, the last ones are the longest that it can begin with.
    let above = BEGINNINGS.partition_point(|(beginning, _)| *beginning <= rest);
    let host = rest.split('/').next().unwrap_or_default();
    let mut near =
        BEGINNINGS.get(..above)?.iter().rev().take_while(|(beginning, _)| beginning.starts_with(host));
    let (beginning, form) = near.find(|(beginning, _)| rest.starts_with(beginning))?;
    let rest = rest.get(beginning.len()..)?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let id = rest.get(..end)?;
    let id = [".html", ".rdf", ".json", ".ttl", ".nt"]
        .iter()
        .find_map(|ending| id.strip_suffix(ending))
        .unwrap_or(id);
    // The authority itself is no entry of it.
    (!id.is_empty()).then_some((*form, id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_its_forms_stand_for_themselves() {
        assert!(BEGINNINGS.len() > 60 && BEGINNINGS.windows(2).all(|pair| pair[0].0 < pair[1].0));
        for (beginning, form) in BEGINNINGS.iter() {
            for scheme in ["http", "https"] {
                assert_eq!(split(&format!("{scheme}://{beginning}x1")), Some((*form, "x1")), "{beginning}");
            }
            assert_eq!(split(&format!("{form}x1")), Some((*form, "x1")), "{form}");
        }
    }

    #[test]
    fn identifiers_in_several_ways() {
        for (iri, form, id) in [
            ("http://d-nb.info/gnd/118540238", "http://d-nb.info/gnd/", "118540238"),
            ("https://d-nb.info/gnd/118540238/about/lds.ttl", "http://d-nb.info/gnd/", "118540238"),
            ("https://lobid.org/gnd/118540238.json", "http://d-nb.info/gnd/", "118540238"),
            ("https://viaf.org/viaf/24602065/#skos:Concept", "http://viaf.org/viaf/", "24602065"),
            ("http://vocab.getty.edu/page/ulan/500115588", "http://vocab.getty.edu/ulan/", "500115588"),
            (
                "https://id.loc.gov/authorities/names/n79021164.html",
                "http://id.loc.gov/authorities/names/",
                "n79021164",
            ),
            ("https://finto.fi/yso/sv/page/p22006", "http://www.yso.fi/onto/yso/", "p22006"),
            ("https://isni.org/isni/0000000121382459", "http://isni.org/isni/", "0000000121382459"),
            ("http://www.isni.org/0000000121382459", "http://isni.org/isni/", "0000000121382459"),
        ] {
            assert_eq!(split(iri), Some((form, id)), "{iri}");
        }
        for iri in [
            "",
            "http://",
            "Q42",
            "https://viaf.org/",
            "https://viaf.org/viaf/",
            "urn:isbn:1",
            "https://ä.fi/1",
        ] {
            assert_eq!(split(iri), None, "{iri}");
        }
    }
}
