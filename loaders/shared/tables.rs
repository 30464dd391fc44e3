//! Tables of a mapping: rows of cells, and the terms that prefixed names in them mean.

use oxrdf::NamedNodeRef;

/// The rows of a table with `#` comments, each as its cells.
pub(crate) fn rows(table: &'static str) -> impl Iterator<Item = std::str::Split<'static, char>> {
    table.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).map(|line| line.split('\t'))
}

/// The term that a prefixed name such as `dc:title` means; `None` for a name that no vocabulary has.
pub(crate) fn term(name: &str) -> Option<NamedNodeRef<'static>> {
    let (prefix, local) = name.split_once(':')?;
    let (_, namespace) = vocabularies::PREFIXES.iter().find(|(known, _)| *known == prefix)?;
    Some(NamedNodeRef::new_unchecked(vocabularies::term(&format!("{namespace}{local}"))?.iri))
}
