//! Identifiers of the agent: `entityId` of 2010, `identityId` of 2.0.

use super::draft::Draft;
use super::table;
use crate::shared::xml::ElementRef;
use vocabularies::{aarre, dc, owl, rico};

/// States an identifier of the agent, and gives the IRI of the same agent in the authority file that it is of.
pub(super) fn describe(draft: &mut Draft<'_, '_>, id: ElementRef<'_>) -> Option<String> {
    draft.out.rule("eac.entityId.identifier", &format!("identity/{}", id.name()));
    let written = id.text();
    let iri = ["valueURI", "xlink:href", "href"]
        .into_iter()
        .filter_map(|name| id.attribute(name))
        .chain([written.as_ref()])
        .find(|text| text.starts_with("http://") || text.starts_with("https://"))
        .map(table::thing);
    let (scheme, number) = parted(id, &written);
    let iri = iri.or_else(|| scheme.and_then(|scheme| table::entry(scheme, &number)));
    let subject = draft.subject;
    if let Some(iri) = &iri
        && let Some(node) = draft.out.iri(iri)
    {
        draft.out.link(subject, owl::SAME_AS, node);
    }
    if !number.is_empty() {
        draft.out.text(subject, dc::IDENTIFIER, &number, None);
        let node = draft.fragment("identifier");
        draft.out.link(subject, rico::HAS_OR_HAD_IDENTIFIER, node);
        draft.out.a(node, rico::IDENTIFIER_CLASS);
        draft.out.text(node, rico::TEXTUAL_VALUE, &number, None);
        if let Some(scheme) = scheme {
            draft.out.text(node, aarre::IDENTIFIER_SCHEME, scheme, None);
        }
    }
    iri
}

/// The scheme of an identifier, from an attribute or from before the number (`ISNI : 0001 …`), and the number itself.
fn parted<'e>(id: ElementRef<'e>, written: &'e str) -> (Option<&'e str>, String) {
    let told = ["localType", "vocabularySource"]
        .into_iter()
        .find_map(|name| id.attribute(name))
        .map(str::trim)
        .filter(|scheme| !scheme.is_empty());
    let (before, number) = match written.split_once([':', ' ', ')']) {
        Some((word, rest)) if table::find("authority", word.trim_start_matches('(')).is_some() => {
            (Some(word.trim_start_matches('(')), rest.trim_matches([':', ' ']))
        }
        _ => (None, written),
    };
    let scheme = told.or(before);
    // An ISNI is written in groups of four, and its IRI is not.
    let packed = scheme.is_some_and(|scheme| table::find("authority", scheme).is_some())
        && number.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | 'X'));
    let number = if packed { number.replace(' ', "") } else { number.to_owned() };
    (scheme, number)
}
