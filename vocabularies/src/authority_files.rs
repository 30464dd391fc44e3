//! Tables about authority files: what their properties, classes and columns say.
//!
//! What the rows mean stands at the head of each table.

/// What properties say, sorted by IRI: the property, what it says, and how an identifier becomes an IRI (`{}` stands for
/// the identifier; empty for all others).
///
/// ```
/// let mut rows = vocabularies::authority_files::properties();
/// assert!(rows.any(|(property, says, _)| property == vocabularies::skos::ALT_LABEL.as_str() && says == "alternative"));
/// ```
pub fn properties() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    rows(include_str!("../authority_files/properties.tsv")).map(|(property, says)| {
        match says.split_once('\t') {
            Some((says, template)) => (property, says, template),
            None => (property, says, ""),
        }
    })
}

/// What sort of thing the instances of classes are, sorted by IRI: the class, and the kind by its name or `none`.
///
/// ```
/// let mut rows = vocabularies::authority_files::classes();
/// assert!(rows.any(|row| row == (vocabularies::foaf::PERSON.as_str(), "person")));
/// ```
pub fn classes() -> impl Iterator<Item = (&'static str, &'static str)> {
    rows(include_str!("../authority_files/classes.tsv"))
}

/// What columns of tables say by their headings, sorted: the heading in small letters with one blank for punctuation, what
/// it says, and the language of a name or nothing.
///
/// ```
/// assert!(vocabularies::authority_files::columns().any(|row| row == ("name fi", "preferred", "fi")));
/// ```
pub fn columns() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    rows(include_str!("../authority_files/columns.tsv")).map(|(heading, says)| match says.split_once(' ') {
        Some((says, language)) => (heading, says, language),
        None => (heading, says, ""),
    })
}

fn rows(table: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    table.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted_and_say_what_is_known() {
        let known = [
            "alternative",
            "born",
            "broader",
            "date",
            "died",
            "form",
            "hidden",
            "identifier",
            "label",
            "lat",
            "lifetime",
            "long",
            "note",
            "occupation",
            "part",
            "point",
            "preferred",
            "replaced-by",
            "same-as",
            "type",
        ];
        let all: Vec<_> = properties().collect();
        assert!(all.len() > 100 && all.windows(2).all(|pair| pair[0].0 < pair[1].0));
        for (property, says, template) in all {
            assert!(known.contains(&says), "{property} {says}");
            assert_eq!(says == "identifier", template.matches("{}").count() == 1, "{property}");
            assert!(oxrdf::NamedNode::new(property).is_ok(), "{property}");
        }
        let kinds = ["concept", "family", "none", "organization", "period", "person", "place", "unknown"];
        let all: Vec<_> = classes().collect();
        assert!(all.len() > 100 && all.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(all.iter().all(|(_, kind)| kinds.contains(kind)));
        let all: Vec<_> = columns().collect();
        assert!(all.len() > 60 && all.windows(2).all(|pair| pair[0].0 < pair[1].0));
        let more = ["alternatives", "id", "iri", "kind", "within"];
        assert!(all.iter().all(|(_, says, _)| known.contains(says) || more.contains(says)));
    }
}
