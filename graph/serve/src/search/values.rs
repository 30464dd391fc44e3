//! The values of facets: as addresses write them, and as people read them.

use crate::path::Place;
use crate::ranks::Ranks;
use crate::value::Words;
use graph_index::TermId;
use graph_index::items::{FIRST_CENTURY, Facet, Reuse, Source, century};
use graph_store::rdf::{Literal, NamedNode, Term};
use queries::search;
use vocabularies::aarre;

/// A value that was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Value {
    /// As the address has it.
    pub(super) text: String,
    /// As the index has it; `None` for what is in no statement of this generation.
    pub(super) number: Option<u32>,
}

/// The names of what others may do with an item.
const REUSE: [&str; 4] = ["open", "restricted", "closed", "unstated"];
/// Something is there.
const YES: &str = "yes";

/// Reads a value; `None` for what cannot be one.
pub(super) fn read(facet: &Facet, text: &str, place: &Place, ranks: Option<Ranks<'_>>) -> Option<Value> {
    let number = match facet.source {
        Source::Centuries => {
            let year: i32 = text.parse().ok()?;
            (year.rem_euclid(100) == 0 && year.unsigned_abs() <= 100_000).then(|| Some(century(year)))?
        }
        Source::Reuse => Some(REUSE.iter().position(|name| *name == text)? as u32),
        Source::There(_) => (text == YES).then_some(Some(1))?,
        Source::Paths(_) | Source::Graphs => {
            let term = term(facet, text, place)?;
            ranks.and_then(|ranks| ranks.index.terms().id(term.as_ref())).map(|id| id.0)
        }
    };
    Some(Value { text: text.to_owned(), number })
}

/// The term that a text of an address names.
fn term(facet: &Facet, text: &str, place: &Place) -> Option<Term> {
    if let Some(rest) = text.strip_prefix('"') {
        let (text, language) = rest.rsplit_once('"')?;
        return Some(match language.strip_prefix('@') {
            Some(language) => Literal::new_language_tagged_literal(text, language).ok()?.into(),
            None if language.is_empty() => Literal::new_simple_literal(text).into(),
            None => return None,
        });
    }
    let iri = if facet.source == Source::Graphs {
        format!("{}/graph/{text}", place.base())
    } else if facet.key == "sector" {
        format!("{}{text}", aarre::NAMESPACE)
    } else if text.contains(':') {
        text.to_owned()
    } else {
        place.iri(text)
    };
    Some(NamedNode::new(iri).ok()?.into())
}

/// How an address writes a value of the index; `None` for a literal of another datatype, which nobody chooses.
pub(super) fn written(facet: &Facet, number: u32, place: &Place, ranks: Ranks<'_>) -> Option<String> {
    Some(match facet.source {
        Source::Centuries => first_year(number).to_string(),
        Source::Reuse => (*REUSE.get(number as usize)?).to_owned(),
        Source::There(_) => YES.to_owned(),
        Source::Paths(_) | Source::Graphs => match ranks.index.terms().term(TermId(number)) {
            Term::NamedNode(node) => {
                let iri = node.as_str();
                let graphs = format!("{}/graph/", place.base());
                if facet.source == Source::Graphs {
                    iri.strip_prefix(&graphs)?.to_owned()
                } else if facet.key == "sector" {
                    iri.strip_prefix(aarre::NAMESPACE)?.to_owned()
                } else {
                    let own = iri.strip_prefix(place.base()).and_then(|rest| rest.strip_prefix("/id/"));
                    own.filter(|rest| !rest.contains(':')).unwrap_or(iri).to_owned()
                }
            }
            Term::Literal(literal) => match literal.language() {
                Some(language) => format!("\"{}\"@{language}", literal.value()),
                None => format!("\"{}\"", literal.value()),
            },
            _ => return None,
        },
    })
}

/// The first year of a century of the index.
pub(super) fn first_year(number: u32) -> i32 {
    i32::try_from(number).unwrap_or_default().saturating_add(FIRST_CENTURY).saturating_mul(100)
}

/// The IRI of a value, if it is one.
pub(super) fn iri(facet: &Facet, number: u32, ranks: Ranks<'_>) -> Option<String> {
    if !matches!(facet.source, Source::Paths(_) | Source::Graphs) {
        return None;
    }
    match ranks.index.terms().term(TermId(number)) {
        Term::NamedNode(node) => Some(node.into_string()),
        _ => None,
    }
}

/// What people call a value.
pub(super) fn name(facet: &Facet, number: u32, words: &Words<'_>, ranks: Ranks<'_>) -> crate::value::Value {
    let plain = |text: String| crate::value::Value { text, ..crate::value::Value::default() };
    match facet.source {
        Source::Centuries => {
            let year = first_year(number);
            match year {
                0.. => plain(words.language.phrase("date.hundreds", &year.to_string())),
                _ => plain(words.language.phrase("date.bc", &format!("{}–{}", -year, -year - 99))),
            }
        }
        Source::Reuse => plain(
            match Reuse::ALL.get(number as usize) {
                Some(Reuse::Open) => words.language.word("search.reuse.open"),
                Some(Reuse::Restricted) => words.language.word("search.reuse.restricted"),
                Some(Reuse::Closed) => words.language.word("search.reuse.closed"),
                _ => words.language.word("search.reuse.unstated"),
            }
            .to_owned(),
        ),
        Source::There(_) => plain(words.language.word("search.yes").to_owned()),
        Source::Paths(_) | Source::Graphs => match ranks.index.terms().term(TermId(number)) {
            Term::NamedNode(node) => words.name(node.as_str()),
            term => words.term(term.as_ref()),
        },
    }
}

/// A value as SPARQL writes it.
pub(super) fn sparql(facet: &Facet, text: &str, place: &Place) -> Option<String> {
    Some(match term(facet, text, place)? {
        Term::NamedNode(node) => search::iri(node.as_str()),
        Term::Literal(literal) => match literal.language() {
            Some(language) => format!("{}@{language}", search::literal(literal.value())),
            None => search::literal(literal.value()),
        },
        _ => return None,
    })
}
