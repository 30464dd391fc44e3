//! From the ways in which XML writes Dublin Core to one statement: an element, its qualifier, scheme and language.
//!
//! Read are the fifteen elements and the DCMI terms in their namespaces or in none, names with dots
//! (`dc.date.issued`), `type`, `qualifier` and `scheme` attributes (Finna), `xsi:type` (DCMI's guidelines), `dim:field` and
//! `dcvalue` (DSpace).

use crate::shared::languages;
use crate::shared::tables;
use crate::shared::xml::ElementRef;
use oxrdf::NamedNodeRef;
use std::borrow::Cow;
use std::sync::LazyLock;

/// How a statement is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    Access,
    Address,
    Aggregator,
    Agent,
    Alternative,
    Body,
    Class,
    Contributor,
    Coverage,
    Creator,
    Date,
    Extent,
    File,
    Format,
    Identifier,
    Language,
    Medium,
    Note,
    /// Left out; the table says why.
    Out,
    PlainDate,
    Point,
    Provenance,
    Provider,
    Publisher,
    Record,
    Related,
    Rights,
    Role,
    Series,
    Source,
    Spatial,
    Subject,
    Temporal,
    Text,
    Title,
    Type,
    View,
}

/// A row of `terms.tsv`.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) element: &'static str,
    pub(super) qualifier: &'static str,
    pub(super) how: How,
    /// The last cell as it stands: a role, a kind, a reason.
    pub(super) word: &'static str,
    pub(super) property: Option<NamedNodeRef<'static>>,
    /// The rule's id: `dc.date.issued`.
    pub(super) rule: String,
}

pub(super) static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    tables::rows(include_str!("terms.tsv"))
        .filter_map(|mut cells| {
            let (element, qualifier, word_of_how, word) =
                (cells.next()?, cells.next()?, cells.next()?, cells.next()?);
            let rule = if qualifier.is_empty() {
                format!("dc.{element}")
            } else {
                format!("dc.{element}.{qualifier}")
            };
            Some(Row { element, qualifier, how: how(word_of_how)?, word, property: tables::term(word), rule })
        })
        .collect()
});

fn how(word: &str) -> Option<How> {
    Some(match word {
        "access" => How::Access,
        "address" => How::Address,
        "aggregator" => How::Aggregator,
        "agent" => How::Agent,
        "alternative" => How::Alternative,
        "body" => How::Body,
        "class" => How::Class,
        "contributor" => How::Contributor,
        "coverage" => How::Coverage,
        "creator" => How::Creator,
        "date" => How::Date,
        "extent" => How::Extent,
        "file" => How::File,
        "format" => How::Format,
        "identifier" => How::Identifier,
        "language" => How::Language,
        "medium" => How::Medium,
        "note" => How::Note,
        "out" => How::Out,
        "plaindate" => How::PlainDate,
        "point" => How::Point,
        "provenance" => How::Provenance,
        "provider" => How::Provider,
        "publisher" => How::Publisher,
        "record" => How::Record,
        "related" => How::Related,
        "rights" => How::Rights,
        "role" => How::Role,
        "series" => How::Series,
        "source" => How::Source,
        "spatial" => How::Spatial,
        "subject" => How::Subject,
        "temporal" => How::Temporal,
        "text" => How::Text,
        "title" => How::Title,
        "type" => How::Type,
        "view" => How::View,
        _ => return None,
    })
}

fn row(element: &str, qualifier: &str) -> Option<&'static Row> {
    let at = ROWS.binary_search_by(|row| (row.element, row.qualifier).cmp(&(element, qualifier))).ok()?;
    Some(&ROWS[at])
}

/// One statement of a record.
pub(super) struct Statement<'e> {
    pub(super) element: ElementRef<'e>,
    pub(super) row: &'static Row,
    /// What the value is of: `W3CDTF`, `ysa`, `issn`.
    pub(super) scheme: Option<&'e str>,
    /// A qualifier that the table does not have.
    pub(super) qualifier: Option<String>,
    pub(super) text: Cow<'e, str>,
    /// How many of its element stand before it, and it.
    pub(super) count: u32,
}

impl<'e> Statement<'e> {
    /// The language of the text: its own, or that of an element around.
    pub(super) fn language(&self) -> Option<&'static str> {
        let around = std::iter::successors(Some(self.element), |element| element.parent());
        around.take(3).find_map(own_language)
    }

    /// The language that the element itself states: names are not in that of the record around them.
    pub(super) fn own_language(&self) -> Option<&'static str> {
        own_language(self.element)
    }
}

fn own_language(element: ElementRef<'_>) -> Option<&'static str> {
    ["xml:lang", "lang", "language"].iter().find_map(|name| element.attribute(name)).and_then(languages::tag)
}

/// What all namespaces of Dublin Core begin with, those of the elements and of the terms.
pub fn family() -> &'static str {
    let (one, other) = (vocabularies::dc::NAMESPACE, vocabularies::dcterms::NAMESPACE);
    let common = one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count();
    &one[..common]
}

/// Whether an element is one of Dublin Core's.
pub(super) fn is_term(element: ElementRef<'_>) -> bool {
    element.namespace().starts_with(family()) || find(element).is_some()
}

/// The row of an element and what stands beside its name: a qualifier without row, and a scheme.
fn find(element: ElementRef<'_>) -> Option<(&'static Row, Option<String>, Option<&str>)> {
    let name = element.name();
    let attribute = |name: &str| element.attribute(name).map(str::trim).filter(|value| !value.is_empty());
    let (mut base, mut qualifier) = (name.to_ascii_lowercase(), String::new());
    if matches!(name, "field" | "dcvalue") {
        // Metadata of other schemas than Dublin Core are the repository's own.
        let schema = attribute("mdschema").or_else(|| attribute("schema")).unwrap_or("dc");
        if !matches!(schema, "dc" | "dcterms") {
            return None;
        }
        base = attribute("element")?.to_ascii_lowercase();
        qualifier =
            attribute("qualifier").filter(|word| *word != "none").unwrap_or_default().to_ascii_lowercase();
    } else {
        let stripped = base.strip_prefix("dc.").unwrap_or(&base).to_owned();
        match stripped.split_once('.') {
            Some((element, rest)) => (base, qualifier) = (element.to_owned(), rest.to_owned()),
            None => base = stripped,
        }
    }
    let mut scheme = attribute("xsi:type").map(|scheme| scheme.rsplit(':').next().unwrap_or(scheme));
    if qualifier.is_empty()
        && let Some(word) =
            attribute("type").or_else(|| attribute("qualifier")).or_else(|| attribute("scheme"))
    {
        let lower = word.to_ascii_lowercase();
        if row(&base, &lower).is_some() {
            qualifier = lower;
        } else {
            scheme = scheme.or(Some(word));
        }
    }
    if let Some(found) = row(&base, &qualifier) {
        return Some((found, None, scheme));
    }
    let found = row(&base, "")?;
    Some((found, Some(qualifier).filter(|qualifier| !qualifier.is_empty()), scheme))
}

/// The statements of an element that holds Dublin Core, and the elements that are none.
pub(super) fn statements<'e>(holder: ElementRef<'e>) -> (Vec<Statement<'e>>, Vec<ElementRef<'e>>) {
    let (mut statements, mut others): (Vec<Statement<'e>>, Vec<ElementRef<'e>>) = Default::default();
    let mut counts: Vec<(&str, u32)> = Vec::new();
    for element in holder.elements() {
        let Some((row, qualifier, scheme)) = find(element) else {
            others.push(element);
            continue;
        };
        let count = match counts.iter_mut().find(|(known, _)| *known == row.element) {
            Some((_, count)) => {
                *count += 1;
                *count
            }
            None => {
                counts.push((row.element, 1));
                1
            }
        };
        let mut text = element.text();
        // `rdf:resource` beside no text, as some exports write an address.
        if text.is_empty() && row.how != How::File {
            match ["rdf:resource", "resource", "href", "xlink:href"]
                .iter()
                .find_map(|name| element.attribute(name))
            {
                Some(value) => text = Cow::Borrowed(value.trim()),
                None => continue,
            }
        }
        statements.push(Statement { element, row, scheme, qualifier, text, count });
    }
    (statements, others)
}

/// A text in several languages as Finnish repositories write it: `fi=Artikkeli|en=Article|`. One without marks is one label
/// without language.
pub(super) fn labels(text: &str) -> Vec<(Option<&'static str>, &str)> {
    let marked: Option<Vec<_>> = text
        .split('|')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(|part| {
            let (code, label) = part.split_once('=')?;
            let tag = (code.trim().len() == 2).then(|| languages::tag(code.trim())).flatten()?;
            Some((Some(tag), label.trim()))
        })
        .collect();
    match marked {
        Some(mut labels) => {
            labels.retain(|(_, label)| !label.is_empty());
            labels
        }
        None => vec![(None, text.trim())],
    }
}

/// The parts of a value in DCSV (DCMI's structured values): `name=Helsinki; east=24.9; north=60.2`.
pub(super) fn dcsv(text: &str) -> Vec<(String, &str)> {
    text.split(';')
        .filter_map(|part| part.split_once('='))
        .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim()))
        .filter(|(_, value)| !value.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_whole() {
        assert!(ROWS.is_sorted_by(|a, b| (a.element, a.qualifier) < (b.element, b.qualifier)));
        for cells in tables::rows(include_str!("terms.tsv")) {
            let cells: Vec<&str> = cells.collect();
            assert_eq!(cells.len(), 4, "{cells:?}");
            let Some(how) = how(cells[2]) else { panic!("{cells:?}") };
            assert!(!cells[3].contains(':') || tables::term(cells[3]).is_some(), "{cells:?}");
            let needs =
                matches!(how, How::Text | How::Date | How::Related | How::Series | How::Agent | How::Access);
            assert!(!needs || tables::term(cells[3]).is_some(), "{cells:?}");
            let role = how == How::Role;
            assert!(!role || vocabularies::relators::by_code(cells[3]).is_some(), "{cells:?}");
        }
    }

    #[test]
    fn texts_in_several_languages() {
        assert_eq!(labels("fi=Artikkeli|en=Article|"), [(Some("fi"), "Artikkeli"), (Some("en"), "Article")]);
        assert_eq!(labels("E = mc²"), [(None, "E = mc²")]);
        assert_eq!(labels("a | b"), [(None, "a | b")]);
    }

    #[test]
    fn structured_values() {
        let met = dcsv("name=The Great Depression; start=1929; end=1939;");
        assert_eq!(met[1], ("start".to_owned(), "1929"));
        assert_eq!(met.len(), 3);
    }
}
