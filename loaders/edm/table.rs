//! `properties.tsv`: how each property of an object is read.

use super::rdf::Name;
use oxrdf::NamedNodeRef;
use std::collections::HashMap;
use std::sync::LazyLock;

/// What the values of a property become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Agent,
    Class,
    Concept,
    Coverage,
    Date,
    Identifier,
    Language,
    Place,
    Relation,
    Same,
    /// It says how the parts of the record hang together, and nothing of the object.
    Syntax,
    Text,
    Time,
    Type,
    Whole,
}

static WAYS: LazyLock<HashMap<&'static str, Way>> = LazyLock::new(|| {
    rows().filter_map(|[property, way]| Some((property_named(property)?.as_str(), way_named(way)?))).collect()
});

fn rows() -> impl Iterator<Item = [&'static str; 2]> {
    include_str!("properties.tsv").lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let (property, way) = line.split_once('\t')?;
        Some([property, way])
    })
}

fn way_named(way: &str) -> Option<Way> {
    Some(match way {
        "agent" => Way::Agent,
        "class" => Way::Class,
        "concept" => Way::Concept,
        "coverage" => Way::Coverage,
        "date" => Way::Date,
        "identifier" => Way::Identifier,
        "language" => Way::Language,
        "place" => Way::Place,
        "relation" => Way::Relation,
        "same" => Way::Same,
        "syntax" => Way::Syntax,
        "text" => Way::Text,
        "time" => Way::Time,
        "type" => Way::Type,
        "whole" => Way::Whole,
        _ => return None,
    })
}

fn property_named(name: &str) -> Option<NamedNodeRef<'static>> {
    let (prefix, local) = name.split_once(':')?;
    let (_, namespace) = vocabularies::PREFIXES.iter().find(|(known, _)| *known == prefix)?;
    Some(NamedNodeRef::new_unchecked(vocabularies::term(&format!("{namespace}{local}"))?.iri))
}

/// How a property of an object is read; `None` for one that no table has.
pub(super) fn way(property: NamedNodeRef<'static>) -> Option<Way> {
    WAYS.get(property.as_str()).copied()
}

/// The term of a vocabulary with this name. Namespaces that are written in two ways count as one.
pub(super) fn term(name: &Name) -> Option<NamedNodeRef<'static>> {
    let mut iri = format!("{}{}", name.namespace, name.local);
    if let Some(rest) = iri.strip_prefix("http://schema") {
        iri = format!("https://schema{rest}");
    }
    vocabularies::term(&iri).map(|term| NamedNodeRef::new_unchecked(term.iri))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_its_terms_are_known() {
        let keys: Vec<_> = rows().map(|[property, _]| property).collect();
        assert!(keys.is_sorted_by(|a, b| a < b));
        for [property, way] in rows() {
            assert!(property_named(property).is_some(), "{property}");
            assert!(way_named(way).is_some(), "{way}");
        }
        for header in ["# title:", "# source:", "# licence:", "# date:"] {
            assert!(include_str!("properties.tsv").contains(header), "{header}");
        }
    }
}
