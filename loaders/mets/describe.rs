//! The whole METS document, part by part.

use super::administrative::Sections;
use super::draft::Draft;
use super::package::{Of, PartOf};
use super::record::{Large, MetsRecord};
use super::structure::Structure;
use super::{descriptive, files, header, premis, profile};
use crate::shared::core::{self, EdmType};
use crate::shared::xml::{Element, ElementRef};
use graph_model::{Description, IssueKind};
use vocabularies::{dc, premis as terms};

pub(super) fn describe(record: &MetsRecord, out: &mut Description<'_>) {
    if let Some(large) = record.large() {
        part(record, large, out);
        return;
    }
    let element = record.element();
    let root = element.root();
    out.rule("mets.mets.item", "mets:mets");
    core::begin(out, descriptive::sector(root), edm_type(root));
    let item = out.item();
    out.a(item, terms::INTELLECTUAL_ENTITY);
    notes(&element, out);
    let mut draft = Draft::new(out);
    let mut sections = Sections::of(root);
    let files = files::name(&mut draft, root, &mut sections);
    sections.name_rest(&mut draft);
    header::describe(&mut draft, root, record);
    files::describe(&mut draft, root, &files, &mut sections);
    Structure::new(&files, &mut sections).describe(&mut draft, root);
    sections.attach_rest(&mut draft);
    descriptive::describe(&mut draft, root);
    title(&mut draft, root);
    behaviours(&mut draft, root);
    profile::check(&mut draft, root);
}

fn notes(element: &Element, out: &mut Description<'_>) {
    for note in element.notes() {
        let (met, expected) = note.words();
        out.issue(IssueKind::BadEncoding, &met, expected);
    }
}

/// A part of a package that is too large to be described as one. All parts together say what the whole would say.
fn part(record: &MetsRecord, large: &Large, out: &mut Description<'_>) {
    let package = &large.package;
    let built = package.build(large.part);
    let root = built.element.root();
    out.part(large.which);
    if large.part == PartOf::Head {
        out.rule("mets.mets.item", "mets:mets");
        core::begin(out, package.sector(), package.edm_type());
        let item = out.item();
        out.a(item, terms::INTELLECTUAL_ENTITY);
        notes(&built.element, out);
    }
    let mut draft = Draft::new(out);
    draft.large = Some(large);
    draft.unread = built.unread;
    let mut sections = Sections::of(root);
    sections.continue_with(&built.sections);
    let files = files::name(&mut draft, root, &mut sections);
    sections.name_rest(&mut draft);
    match (large.part, large.stretch().map(|stretch| stretch.of)) {
        (PartOf::Head, _) => {
            header::describe(&mut draft, root, record);
            descriptive::describe(&mut draft, root);
            title(&mut draft, root);
            behaviours(&mut draft, root);
            if profile::is_known(root) {
                let met = "a package of many files";
                let expected =
                    "fewer files in one METS document: its profile is checked in smaller ones only";
                draft.out.issue_at("mets:mets/@PROFILE", IssueKind::ProfileAdvised, met, expected);
            }
        }
        (PartOf::Sections(..), _) => sections.attach_rest(&mut draft),
        (_, Some(Of::Files)) => {
            files::describe(&mut draft, root, &files, &mut sections);
            descriptive::describe(&mut draft, root);
        }
        _ => {
            Structure::new(&files, &mut sections).describe(&mut draft, root);
            descriptive::describe(&mut draft, root);
        }
    }
}

fn behaviours(draft: &mut Draft<'_, '_>, root: ElementRef<'_>) {
    if root.path("behaviorSec/behavior").next().is_some() {
        let expected = "nothing: behaviours are programs";
        draft.out.issue_at("mets:behaviorSec", IssueKind::UnmappedField, "mets:behavior", expected);
    }
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

const TYPES: [EdmType; 5] = [EdmType::Text, EdmType::Image, EdmType::Sound, EdmType::Video, EdmType::ThreeD];

/// How many files are of which kind of medium.
#[derive(Debug, Default)]
pub(super) struct Media([usize; TYPES.len()]);

impl Media {
    /// Counts a media type.
    pub(super) fn count(&mut self, media_type: &str) {
        if let Some(kind) = premis::media(media_type)
            && let Some(at) = TYPES.iter().position(|known| *known == kind)
        {
            self.0[at] += 1;
        }
    }

    /// The kind of most.
    pub(super) fn most(&self) -> Option<EdmType> {
        let most = self.0.iter().copied().max().filter(|most| *most > 0)?;
        self.0.iter().position(|count| *count == most).map(|at| TYPES[at])
    }
}

/// The kind of medium that most files of the package have.
fn edm_type(root: ElementRef<'_>) -> Option<EdmType> {
    let mut media = Media::default();
    for group in root.path("fileSec/fileGrp").filter(|group| files::is_content(*group)) {
        for file in group.descendants().filter(|element| element.name() == "file") {
            media.count(file.attribute("MIMETYPE").unwrap_or_default());
        }
    }
    let formats = root.path(
        "amdSec/techMD/mdWrap/xmlData/object/objectCharacteristics/format/formatDesignation/formatName",
    );
    formats.for_each(|name| media.count(&name.text()));
    media.most()
}
