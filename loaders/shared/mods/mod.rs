//! MODS 3.4 to 3.8, the Metadata Object Description Schema: <https://www.loc.gov/standards/mods/>.
//!
//! The mapping of one `mods` element onto the item, for every format that carries one: MODS itself and METS. The caller
//! begins the core layer; the mapping says everything else that the element says: the core as everywhere, and BIBFRAME 2
//! for what the core cannot say (contributions with their roles, provision activities, kinds of titles and numbers,
//! classes, copies). What words mean stands in `mapping.tsv`.
//!
//! Decisions:
//! - A name without a role is a creator, as in the Library of Congress's mapping to Dublin Core.
//! - A `subject` with several parts is one heading, its parts joined by `--` as in its scheme, unless the parts have
//!   authorities of their own; places, times and genres in it are told once more as what they are.
//! - The date of an element is the encoded one where there is one; what is not encoded is how it was written.
//! - Notes are in the language of cataloguing where the record tells it; titles and abstracts only in their own.
//!
//! Deliberately left out: `extension` (of another schema), `recordInfo` but for identifiers and the language of
//! cataloguing (the history of a record is provenance), `location/holdingExternal` (likewise), sort keys, `@ID`,
//! `@IDREF`, `@altRepGroup` and other attributes of display.

mod access;
mod names;
mod notes;
mod origin;
mod parts;
mod physical;
mod related;
mod subjects;
mod table;
mod titles;

use crate::shared::core::{EdmType, Sector};
use crate::shared::draft::{Draft, keeper_sector};
use crate::shared::languages;
use crate::shared::xml::ElementRef;
use graph_model::{Description, IssueKind};
use std::borrow::Cow;
use vocabularies::{dc, dcterms};

/// Says all that a `mods` element says of the item. The caller has begun the core layer ([`crate::shared::core::begin`]).
pub fn describe(element: ElementRef<'_>, out: &mut Description<'_>) {
    let mut mods = Mods {
        root: element,
        cataloguing: element
            .path("recordInfo/languageOfCataloging/languageTerm")
            .find_map(|term| languages::tag(&term.text())),
        draft: Draft::new(out),
    };
    mods.titles();
    let mut counts: Vec<(&str, u32)> = Vec::new();
    for child in element.elements() {
        let name = child.name();
        let count = match counts.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => {
                *count += 1;
                *count
            }
            None => {
                counts.push((name, 1));
                1
            }
        };
        mods.field(child, count);
    }
    mods.title_at_least();
    mods.draft.finish("mods.accessCondition.rights", "mods:accessCondition");
}

/// The kind of media that a `mods` element tells.
#[must_use]
pub fn edm_type(element: ElementRef<'_>) -> Option<EdmType> {
    physical::edm_type(element)
}

/// The sector of the institution that keeps the thing, where a name in the record tells it.
#[must_use]
pub fn sector(element: ElementRef<'_>) -> Option<Sector> {
    ["location/physicalLocation", "recordInfo/recordContentSource"]
        .iter()
        .flat_map(|path| element.path(path))
        .find_map(|keeper| keeper_sector(&keeper.text()))
}

/// The owner's identifier of the record: `recordIdentifier`, or an identifier that is not said to be wrong, one of the
/// owner's own numbers first.
#[must_use]
pub fn identifier(element: ElementRef<'_>) -> Option<Cow<'_, str>> {
    let record = element.path("recordInfo/recordIdentifier").map(ElementRef::text);
    let sound = || element.children("identifier").filter(|id| id.attribute("invalid") != Some("yes"));
    let local = sound().filter(|id| id.attribute("type").is_some_and(|kind| kind.starts_with("local")));
    let any = sound().filter(|id| id.attribute("type").is_none_or(|kind| !matches!(kind, "issn" | "isbn")));
    record.chain(local.map(ElementRef::text)).chain(any.map(ElementRef::text)).find(|text| !text.is_empty())
}

/// A description while it is written.
struct Mods<'e, 'a, 'd> {
    root: ElementRef<'e>,
    draft: Draft<'a, 'd>,
    /// The language of cataloguing: that of notes.
    cataloguing: Option<&'static str>,
}

impl<'e> Mods<'e, '_, '_> {
    fn field(&mut self, field: ElementRef<'e>, count: u32) {
        match field.name() {
            "titleInfo" => {} // `titles` has told them.
            "name" => self.name(field, count),
            "typeOfResource" => self.type_of_resource(field, count),
            "genre" => self.genre(field, count),
            "originInfo" => self.origin(field, count),
            "language" => self.language(field, count),
            "physicalDescription" => self.physical(field, count),
            "abstract" => {
                self.rule("mods.abstract.description", "abstract", count);
                let tag = tag(field);
                self.draft.text(dc::DESCRIPTION, &field.text(), tag.as_deref());
            }
            "tableOfContents" => {
                self.rule("mods.tableOfContents.contents", "tableOfContents", count);
                let tag = tag(field);
                self.draft.text(dcterms::TABLE_OF_CONTENTS, &field.text(), tag.as_deref());
            }
            "targetAudience" => self.audience(field, count),
            "note" => self.note(field, count),
            "subject" => self.subject(field, count),
            "classification" => self.classification(field, count),
            "relatedItem" => self.related(field, count),
            "identifier" => self.identifier(field, count),
            "location" => self.location(field, count),
            "accessCondition" => self.access_condition(field, count),
            "part" => self.part(field, count),
            "recordInfo" => self.record_info(field, count),
            "extension" => {}
            other => {
                let met = other.to_owned();
                let path = format!("mods:{met}[{count}]");
                self.draft.out.issue_at(&path, IssueKind::UnmappedField, &met, "a top element of MODS");
            }
        }
    }

    /// Names the rule and the top element.
    fn rule(&mut self, rule: &str, name: &str, count: u32) {
        self.draft.rule(rule, format_args!("mods:{name}[{count}]"));
    }

    fn language(&mut self, field: ElementRef<'e>, count: u32) {
        self.rule("mods.language.language", "language", count);
        let part = field.attribute("objectPart").map(str::trim).filter(|part| !part.is_empty());
        let terms = || field.children("languageTerm");
        let coded = terms().find_map(|term| languages::tag(&term.text()));
        // The languages of a summary or of a translated original are not those of the thing.
        if let Some(part) = part {
            self.draft.again("mods.language.part");
            self.language_of_part(part, coded, field);
            return;
        }
        match coded {
            Some(tag) => self.draft.text(dc::LANGUAGE, tag, None),
            None => {
                // A code and its words say one thing; one of them is enough.
                if let Some(term) = terms().find(|term| !term.is_empty()) {
                    self.draft.languages(&term.text());
                }
            }
        }
        self.scripts(field);
    }
}

/// The language of an element: its own `lang` or `xml:lang`, or that of the nearest element around with one; with its
/// script where the record tells it, or where a transliteration is in Latin letters.
fn tag(element: ElementRef<'_>) -> Option<String> {
    let mut around = std::iter::successors(Some(element), |element| element.parent());
    let (holder, code) = around.find_map(|holder| {
        let code = holder.attribute("xml:lang").or_else(|| holder.attribute("lang"))?;
        Some((holder, code.trim())).filter(|(_, code)| !code.is_empty())
    })?;
    let language = languages::tag(code)?;
    let script = holder
        .attribute("script")
        .map(str::trim)
        .filter(|script| script.len() == 4 && script.bytes().all(|b| b.is_ascii_alphabetic()));
    let latin = || {
        let transliterated =
            holder.attribute("transliteration").is_some_and(|system| !system.trim().is_empty());
        transliterated && element.text().chars().filter(|c| c.is_alphabetic()).all(|c| c < '\u{250}')
    };
    Some(match script {
        Some(script) => format!("{language}-{}", script.to_ascii_lowercase()),
        None if latin() => format!("{language}-latn"),
        None => language.to_owned(),
    })
}

/// The language of a note: its own, or that of cataloguing.
fn note_tag(element: ElementRef<'_>, cataloguing: Option<&'static str>) -> Option<String> {
    tag(element).or_else(|| cataloguing.map(str::to_owned))
}
