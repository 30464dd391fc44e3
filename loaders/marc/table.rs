//! The table of fields: `mapping.tsv`, read once.

use oxrdf::NamedNodeRef;
use std::sync::LazyLock;

/// What becomes of a field.
#[derive(Debug, Clone, Copy)]
pub(super) enum How {
    Plain(Plain),
    Agents,
    Titles,
    Subjects,
    Publication,
    Identifiers,
    Classes,
    Series,
    Links(NamedNodeRef<'static>, &'static str),
    Places,
    Dates,
    Extent,
    Kinds,
    Languages,
    Rights,
    Access,
    /// Read elsewhere: control fields, languages, linked fields.
    Elsewhere,
    /// Left out on purpose; the table says why.
    LeftOut,
}

/// A field whose subfields become one property.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plain {
    pub(super) subfields: &'static str,
    pub(super) property: NamedNodeRef<'static>,
    pub(super) rule: &'static str,
    pub(super) shape: Shape,
}

/// How the subfields of a plain field become values; the head of `mapping.tsv` tells each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Text,
    Isbd,
    Joined,
    Each,
    Note,
    Concept,
    Place,
    Date,
    ControlNumber,
}

static TABLE: LazyLock<Vec<Option<How>>> = LazyLock::new(|| {
    let mut table = vec![None; 1000];
    for (tag, row) in rows(include_str!("mapping.tsv")).filter_map(|row| Some((row.split('\t').next()?, row)))
    {
        if let Ok(place) = tag.parse::<usize>()
            && let Some(entry) = table.get_mut(place)
        {
            *entry = how(row);
        }
    }
    table
});

/// What becomes of the fields with this tag; `None` for a tag that the table does not have.
pub(super) fn how_of(tag: &str) -> Option<How> {
    let digits = tag.as_bytes();
    let number =
        digits.iter().try_fold(0, |n, b| b.is_ascii_digit().then(|| n * 10 + usize::from(b - b'0')))?;
    TABLE.get(number).copied().flatten()
}

/// The rows of a table of this folder: no comments, no heading.
pub(super) fn rows(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).skip(1)
}

fn how(row: &'static str) -> Option<How> {
    let mut cells = row.split('\t').skip(1);
    let mut cell = || cells.next().unwrap_or_default();
    let (subfields, property, rule, how) = (cell(), cell(), cell(), cell());
    let plain = |shape| Some(How::Plain(Plain { subfields, property: term(property)?, rule, shape }));
    match how {
        "text" => plain(Shape::Text),
        "isbd" => plain(Shape::Isbd),
        "joined" => plain(Shape::Joined),
        "each" => plain(Shape::Each),
        "note" => plain(Shape::Note),
        "concept" => plain(Shape::Concept),
        "place" => plain(Shape::Place),
        "date" => plain(Shape::Date),
        "lccn" => plain(Shape::ControlNumber),
        "links" => Some(How::Links(term(property)?, rule)),
        "agents" => Some(How::Agents),
        "titles" => Some(How::Titles),
        "subjects" => Some(How::Subjects),
        "publication" => Some(How::Publication),
        "identifiers" => Some(How::Identifiers),
        "classes" => Some(How::Classes),
        "series" => Some(How::Series),
        "places" => Some(How::Places),
        "dates" => Some(How::Dates),
        "extent" => Some(How::Extent),
        "kinds" => Some(How::Kinds),
        "languages" => Some(How::Languages),
        "rights" => Some(How::Rights),
        "access" => Some(How::Access),
        "control" | "fixed" | "linked" => Some(How::Elsewhere),
        "out" => Some(How::LeftOut),
        _ => None,
    }
}

/// The term that a prefixed name such as `dc:title` means.
pub(super) fn term(name: &str) -> Option<NamedNodeRef<'static>> {
    let (prefix, local) = name.split_once(':')?;
    let found = vocabularies::terms().iter().find(|term| term.prefix == prefix && term.name == local)?;
    Some(NamedNodeRef::new_unchecked(found.iri))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_understood_and_sorted() {
        let tags: Vec<&str> =
            rows(include_str!("mapping.tsv")).filter_map(|row| row.split('\t').next()).collect();
        assert!(tags.is_sorted_by(|a, b| a < b), "sorted, and no tag twice");
        for row in rows(include_str!("mapping.tsv")) {
            assert_eq!(row.split('\t').count(), 6, "{row}");
            assert!(how(row).is_some(), "{row}");
            let cells: Vec<&str> = row.split('\t').collect();
            assert!(cells[4] != "out" || !cells[5].is_empty(), "a reason for leaving out {}", cells[0]);
        }
    }

    #[test]
    fn the_readme_tells_of_every_field() {
        let readme = include_str!("README.md");
        for row in rows(include_str!("mapping.tsv")) {
            let cells: Vec<&str> = row.split('\t').collect();
            assert!(readme.contains(&format!("| {} | ", cells[0])), "README.md has no row for {}", cells[0]);
            assert!(
                readme.contains(cells[2]) && readme.contains(cells[3]),
                "README.md has no {} of {}",
                cells[3],
                cells[0]
            );
        }
    }
}
