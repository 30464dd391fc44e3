//! The tables of this format as typed look-ups: what a note means, what a form of material is, whose
//! identifiers an authority file's are. A line “this word means that property” stands in a table beside
//! this file; a condition stands in Rust.

use crate::shared::core::EdmType;
use crate::shared::words::WordMap;
use oxrdf::NamedNodeRef;

use std::sync::LazyLock;

/// What one kind of note means.
#[derive(Debug, Clone, Copy)]
pub(super) struct Note {
    /// The element.
    pub(super) element: &'static str,
    /// The rule's identifier.
    pub(super) rule: &'static str,
    /// The text as a property of the core layer.
    pub(super) core: Option<NamedNodeRef<'static>>,
    /// The text as a property of RiC-O.
    pub(super) detail: Option<NamedNodeRef<'static>>,
    /// What a link in the text to something on the web is.
    pub(super) link: Option<NamedNodeRef<'static>>,
}

static NOTES: LazyLock<WordMap<Note>> = LazyLock::new(|| {
    rows(include_str!("mapping.tsv"))
        .map(|row| {
            let [element, core, detail, link] = columns(row);
            let (_, meaning) =
                if core.is_empty() { detail } else { core }.split_once(':').unwrap_or_default();
            // Rule identifiers live as long as the program, as the table does.
            let rule: &'static str = Box::leak(format!("ead.{element}.{meaning}").into_boxed_str());
            (
                element,
                Note { element, rule, core: property(core), detail: property(detail), link: property(link) },
            )
        })
        .collect()
});

/// What a role means.
#[derive(Debug, Clone, Copy)]
pub(super) struct Role {
    /// The link in the core layer; none where the role is not about the making or the subject.
    pub(super) core: Option<NamedNodeRef<'static>>,
    /// The link in RiC-O.
    pub(super) detail: Option<NamedNodeRef<'static>>,
}

static ROLES: LazyLock<WordMap<Role>> = LazyLock::new(|| {
    rows(include_str!("roles.tsv"))
        .map(|row| {
            let [role, core, detail] = columns(row);
            (role, Role { core: property(core), detail: property(detail) })
        })
        .collect()
});

static FORMS: LazyLock<WordMap<EdmType>> = LazyLock::new(|| {
    rows(include_str!("forms.tsv"))
        .filter_map(|row| {
            let [form, kind] = columns(row);
            Some((form, edm_type(kind)?))
        })
        .collect()
});

static UNDATED: LazyLock<WordMap<()>> =
    LazyLock::new(|| rows(include_str!("undated.tsv")).map(|row| (columns::<1>(row)[0], ())).collect());

static STATES: LazyLock<WordMap<()>> =
    LazyLock::new(|| rows(include_str!("states.tsv")).map(|row| (columns::<1>(row)[0], ())).collect());

static AUTHORITIES: LazyLock<WordMap<&'static str>> = LazyLock::new(|| {
    rows(include_str!("authorities.tsv"))
        .filter_map(|row| {
            let [code, prefix] = columns(row);
            Some((code, namespace(prefix)?))
        })
        .collect()
});

/// What this kind of note means, if the table has it.
pub(super) fn note(element: &str) -> Option<&'static Note> {
    NOTES.get(element)
}

/// What a role means: the whole text, else the MARC relator that it is (`Creator (cre)`), else one of its words (`subject
/// oth`).
pub(super) fn role(text: &str) -> Option<Role> {
    let text = text.trim().to_lowercase();
    if let Some(role) = ROLES.get(text.as_str()) {
        return Some(*role);
    }
    let relator = vocabularies::relators::by_term(&text).and_then(|relator| ROLES.get(relator.code));
    relator
        .copied()
        .or_else(|| text.split(|c: char| !c.is_alphabetic()).find_map(|word| ROLES.get(word).copied()))
}

/// Whether the whole text is a role that the table has.
pub(super) fn is_role(text: &str) -> bool {
    ROLES.contains_key(text.trim().to_lowercase().as_str())
}

/// The kind of thing that a form of material is: the whole text, or else the words in it where they agree.
pub(super) fn form(text: &str) -> Option<EdmType> {
    let text = text.trim().to_lowercase();
    if let Some(kind) = FORMS.get(text.as_str()) {
        return Some(*kind);
    }
    let mut kinds = text.split(|c: char| !c.is_alphabetic()).filter_map(|word| FORMS.get(word).copied());
    let first = kinds.next()?;
    kinds.all(|kind| kind == first).then_some(first)
}

/// Whether the words say that there is no date.
pub(super) fn is_undated(written: &str) -> bool {
    let words = written.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    words.is_empty() || UNDATED.contains_key(words.as_str())
}

/// Whether a form of material says how a record came about rather than what it is.
pub(super) fn is_state(form: &str) -> bool {
    STATES.contains_key(form.trim().to_lowercase().as_str())
}

/// The IRI of an entry of an authority file: the identifier itself where it is one, otherwise its number behind the
/// namespace of the file.
pub(super) fn authority(source: Option<&str>, identifier: &str) -> Option<String> {
    let identifier = identifier.trim();
    if identifier.starts_with("http://")
        || identifier.starts_with("https://")
        || identifier.starts_with("urn:")
    {
        return Some(identifier.to_owned());
    }
    let namespace = AUTHORITIES.get(source?.trim().to_lowercase().as_str())?;
    // An entry's number has digits; a heading that was put in the wrong attribute is no number.
    let number = identifier.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && identifier.bytes().any(|b| b.is_ascii_digit());
    number.then(|| format!("{namespace}{identifier}"))
}

fn rows(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn columns<const N: usize>(row: &'static str) -> [&'static str; N] {
    let mut cells = row.split('\t');
    std::array::from_fn(|_| cells.next().unwrap_or_default())
}

fn namespace(prefix: &str) -> Option<&'static str> {
    vocabularies::PREFIXES.iter().find(|(name, _)| *name == prefix).map(|(_, namespace)| *namespace)
}

fn property(name: &str) -> Option<NamedNodeRef<'static>> {
    let (prefix, local) = name.split_once(':')?;
    let term = vocabularies::term(&format!("{}{local}", namespace(prefix)?))?;
    Some(NamedNodeRef::new_unchecked(term.iri))
}

fn edm_type(name: &str) -> Option<EdmType> {
    [EdmType::Text, EdmType::Image, EdmType::Sound, EdmType::Video, EdmType::ThreeD]
        .into_iter()
        .find(|kind| kind.as_str() == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(table: &'static str) {
        let keys: Vec<&str> = rows(table).map(|row| row.split('\t').next().unwrap_or_default()).collect();
        assert!(keys.is_sorted_by(|a, b| a < b), "keys are sorted and unique");
        for header in ["# title:", "# source:", "# licence:", "# date:"] {
            assert!(table.contains(header), "{header}");
        }
    }

    #[test]
    fn every_property_is_known() {
        sorted(include_str!("mapping.tsv"));
        for row in rows(include_str!("mapping.tsv")) {
            let cells: [&str; 4] = columns(row);
            assert_eq!(row.split('\t').count(), 4, "{row}");
            for name in &cells[1..] {
                assert!(name.is_empty() || property(name).is_some(), "{name} in {row}");
            }
            assert!(cells[1..].iter().any(|name| !name.is_empty()), "{row}");
        }
    }

    #[test]
    fn every_form_role_and_authority_is_known() {
        sorted(include_str!("forms.tsv"));
        for row in rows(include_str!("forms.tsv")) {
            let [form, kind] = columns(row);
            assert!(edm_type(kind).is_some(), "{row}");
            assert_eq!(form, form.to_lowercase());
        }
        sorted(include_str!("roles.tsv"));
        for row in rows(include_str!("roles.tsv")) {
            let [_, core, detail]: [&str; 3] = columns(row);
            for name in [core, detail] {
                assert!(name.is_empty() || property(name).is_some(), "{row}");
            }
        }
        sorted(include_str!("undated.tsv"));
        assert!(is_undated("[n.d.]") && is_undated("S.d.") && !is_undated("1900"));
        sorted(include_str!("states.tsv"));
        assert!(is_state("Copie authentique") && !is_state("copybook"));
        sorted(include_str!("authorities.tsv"));
        assert_eq!(AUTHORITIES.len(), rows(include_str!("authorities.tsv")).count());
    }

    #[test]
    fn forms_agree_or_say_nothing() {
        assert_eq!(form("12 Photographs"), Some(EdmType::Image));
        assert_eq!(form("3 letters, 2 photographs"), None);
        assert_eq!(form("0.3 meter"), None);
    }

    #[test]
    fn an_authority_needs_a_number() {
        assert_eq!(authority(Some("VIAF"), "97006051").as_deref(), Some("http://viaf.org/viaf/97006051"));
        assert_eq!(authority(Some("naf"), "Bowers, Kate"), None);
        assert_eq!(authority(None, "EAC_008"), None);
    }
}
