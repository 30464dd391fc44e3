//! The whole record, part by part.

use super::draft::Draft;
use super::record::{IdentifiedBy, LidoRecord};
use super::{administration, classification, events, identification, relations, subjects};
use crate::shared::core::{self, Sector};
use crate::shared::xml::ElementRef;
use graph_model::{Description, IssueKind};
use vocabularies::{dc, owl};

pub(super) fn describe(record: &LidoRecord, out: &mut Description<'_>) {
    let root = record.root();
    out.rule("lido.lido.item", "lido:lido");
    core::begin(out, Sector::Museum, Some(classification::edm_type(root)));
    for note in record.element().notes() {
        let (met, expected) = note.words();
        out.issue(IssueKind::BadEncoding, &met, expected);
    }
    let mut draft = Draft::new(out);
    identifiers(record, &mut draft);

    classification::category(&mut draft, root);
    let mut descriptive = root.children("descriptiveMetadata");
    for wrap in descriptive.next().into_iter().flat_map(ElementRef::elements) {
        match wrap.name() {
            "objectClassificationWrap" => classification::describe(&mut draft, wrap),
            "objectIdentificationWrap" => identification::describe(&mut draft, wrap),
            "eventWrap" => events::describe(&mut draft, wrap),
            "objectRelationWrap" => {
                subjects::describe(&mut draft, wrap);
                relations::describe(&mut draft, wrap);
            }
            other => {
                let path = format!("lido:{other}");
                draft.out.issue_at(
                    &path,
                    IssueKind::UnmappedField,
                    other,
                    "an element of descriptiveMetadata",
                );
            }
        }
    }
    // All that is said again in another language is about the same events and things; only its words are new.
    for wrap in descriptive.flat_map(ElementRef::elements) {
        match wrap.name() {
            "objectClassificationWrap" => classification::describe(&mut draft, wrap),
            "objectIdentificationWrap" => identification::translation(&mut draft, wrap),
            "objectRelationWrap" => subjects::describe(&mut draft, wrap),
            _ => {}
        }
    }
    identification::title_at_least(&mut draft, root);
    if let Some(administrative) = root.child("administrativeMetadata") {
        administration::describe(&mut draft, administrative);
    }
    administration::keeper_at_least(&mut draft, root);
}

fn identifiers(record: &LidoRecord, draft: &mut Draft<'_, '_>) {
    let item = draft.item;
    draft.out.rule("lido.lidoRecID.identifier", "lido:lidoRecID");
    let by = record.identified().map_or(IdentifiedBy::Content, |(_, by)| by);
    for id in record.root().children("lidoRecID") {
        draft.out.text(item, dc::IDENTIFIER, &id.text(), None);
    }
    if by != IdentifiedBy::RecordId {
        let met = draft.out.local().to_owned();
        draft.out.issue(IssueKind::MissingIdentifier, &met, "a lido:lidoRecID");
    }
    for id in record.root().children("objectPublishedID") {
        draft.out.rule("lido.objectPublishedID.sameAs", "lido:objectPublishedID");
        let text = id.text();
        draft.out.text(item, dc::IDENTIFIER, &text, None);
        // The published identifier is the object's own, so it names the same thing as the item.
        if text.starts_with("http")
            && let Some(same) = draft.out.iri(&text)
        {
            draft.out.link(item, owl::SAME_AS, same);
        }
    }
}
