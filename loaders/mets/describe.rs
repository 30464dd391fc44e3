//! The whole METS document, part by part.

use super::administrative::Sections;
use super::draft::Draft;
use super::record::MetsRecord;
use super::structure::Structure;
use super::{descriptive, files, header, premis, profile};
use crate::shared::core::{self, EdmType};
use crate::shared::xml::ElementRef;
use graph_model::{Description, IssueKind};
use vocabularies::{dc, premis as terms};

pub(super) fn describe(record: &MetsRecord, out: &mut Description<'_>) {
    let root = record.root();
    out.rule("mets.mets.item", "mets:mets");
    core::begin(out, descriptive::sector(root), edm_type(root));
    let item = out.item();
    out.a(item, terms::INTELLECTUAL_ENTITY);
    for note in record.element().notes() {
        let (met, expected) = note.words();
        out.issue(IssueKind::BadEncoding, &met, expected);
    }
    let mut draft = Draft::new(out);
    let mut sections = Sections::of(root);
    let files = files::name(&mut draft, root, &mut sections);
    sections.name_rest(&mut draft);
    header::describe(&mut draft, record);
    files::describe(&mut draft, root, &files, &mut sections);
    Structure::new(&files, &mut sections).describe(&mut draft, root);
    sections.attach_rest(&mut draft);
    descriptive::describe(&mut draft, root);
    title(&mut draft, root);
    if root.path("behaviorSec/behavior").next().is_some() {
        let expected = "nothing: behaviours are programs";
        draft.out.issue_at("mets:behaviorSec", IssueKind::UnmappedField, "mets:behavior", expected);
    }
    profile::check(&mut draft, root);
}

/// A title for what has none in its descriptive metadata: the label of the document or of its structure.
fn title(draft: &mut Draft<'_, '_>, root: ElementRef<'_>) {
    let item = draft.item;
    let label = root.attribute("LABEL").map(str::trim).filter(|label| !label.is_empty());
    let division = || {
        root.path("structMap/div")
            .filter_map(|div| div.attribute("LABEL"))
            .find(|label| !label.trim().is_empty())
    };
    if draft.titled {
        if let Some(label) = label {
            draft.out.rule("mets.LABEL.alternative", "mets:mets/@LABEL");
            draft.out.text(item, vocabularies::dcterms::ALTERNATIVE, label, None);
        }
        return;
    }
    draft.out.rule("mets.LABEL.title", "mets:mets/@LABEL");
    if let Some(label) = label.or_else(division) {
        draft.out.text(item, dc::TITLE, label, None);
        return;
    }
    let local = draft.out.local().to_owned();
    draft.out.text(item, dc::TITLE, &local, None);
    draft.out.issue(IssueKind::MissingTitle, &local, "a title in a dmdSec, or a LABEL");
}

/// The kind of medium that most files of the package have.
fn edm_type(root: ElementRef<'_>) -> Option<EdmType> {
    const TYPES: [EdmType; 5] =
        [EdmType::Text, EdmType::Image, EdmType::Sound, EdmType::Video, EdmType::ThreeD];
    let mut counts = [0_usize; TYPES.len()];
    let mut count = |media_type: &str| {
        if let Some(kind) = premis::media(media_type)
            && let Some(at) = TYPES.iter().position(|known| *known == kind)
        {
            counts[at] += 1;
        }
    };
    for group in root.path("fileSec/fileGrp").filter(|group| files::is_content(*group)) {
        for file in group.descendants().filter(|element| element.name() == "file") {
            count(file.attribute("MIMETYPE").unwrap_or_default());
        }
    }
    let formats = root.path(
        "amdSec/techMD/mdWrap/xmlData/object/objectCharacteristics/format/formatDesignation/formatName",
    );
    formats.for_each(|name| count(&name.text()));
    let most = counts.iter().copied().max().filter(|most| *most > 0)?;
    counts.iter().position(|count| *count == most).map(|at| TYPES[at])
}
