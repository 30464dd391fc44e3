//! What it is and is made of: `typeOfResource`, `genre`, `physicalDescription`, `language` of parts.

use super::names::authority;
use super::{Mods, note_tag, table, tag};
use crate::shared::core::EdmType;
use crate::shared::punctuation::trim;
use crate::shared::schemes;
use crate::shared::xml::ElementRef;
use graph_model::IssueKind;
use vocabularies::{bf, dc, dcterms, marc, rdf, skos};

pub(super) fn edm_type(mods: ElementRef<'_>) -> Option<EdmType> {
    let by_word = |word: &str| match word {
        "TEXT" => Some(EdmType::Text),
        "IMAGE" => Some(EdmType::Image),
        "SOUND" => Some(EdmType::Sound),
        "VIDEO" => Some(EdmType::Video),
        "3D" => Some(EdmType::ThreeD),
        _ => None,
    };
    let resource =
        || mods.children("typeOfResource").find_map(|kind| by_word(table::find("media", &kind.text())?));
    let genre = || {
        mods.children("genre")
            .find_map(|genre| by_word(vocabularies::media::by_term(&genre.text())?.edm_type?))
    };
    let file = || {
        mods.path("physicalDescription/internetMediaType").find_map(|format| {
            let format = format.text();
            match format.split('/').next().unwrap_or_default() {
                "image" => Some(EdmType::Image),
                "audio" => Some(EdmType::Sound),
                "video" => Some(EdmType::Video),
                "text" => Some(EdmType::Text),
                "model" => Some(EdmType::ThreeD),
                _ => None,
            }
        })
    };
    resource().or_else(genre).or_else(file)
}

impl<'e> Mods<'e, '_, '_> {
    pub(super) fn type_of_resource(&mut self, field: ElementRef<'e>, count: u32) {
        self.rule("mods.typeOfResource.type", "typeOfResource", count);
        let text = field.text();
        let is = |name: &str| field.attribute(name) == Some("yes");
        if is("collection") {
            self.draft.concept(dc::TYPE, "collection", Some("en"), schemes::Scheme::default(), &[]);
        }
        if is("manuscript") {
            self.draft.concept(dc::TYPE, "manuscript", Some("en"), schemes::Scheme::default(), &[]);
        }
        if text.is_empty() {
            return;
        }
        // The words of the schema are English.
        let listed = table::find("media", &text).is_some();
        if !listed {
            self.draft.out.issue(IssueKind::UnknownCode, &text, "a type of resource of the MODS schema");
        }
        let language = tag(field);
        let language = if listed { Some("en") } else { language.as_deref() };
        self.draft.concept(dc::TYPE, &text, language, schemes::Scheme::default(), &authority(field));
    }

    pub(super) fn genre(&mut self, field: ElementRef<'e>, count: u32) {
        self.rule("mods.genre.type", "genre", count);
        let scheme = field.attribute("authority").map(schemes::known).unwrap_or_default();
        let language = tag(field);
        self.draft.concept(dc::TYPE, trim(&field.text()), language.as_deref(), scheme, &authority(field));
    }

    pub(super) fn physical(&mut self, field: ElementRef<'e>, count: u32) {
        for part in field.elements() {
            let text = part.text();
            let shown = trim(&text);
            if shown.is_empty() {
                continue;
            }
            let path = format_args!("mods:physicalDescription[{count}]/mods:{}", part.name());
            match part.name() {
                "form" => {
                    self.draft.rule("mods.physicalDescription.medium", path);
                    self.form(part, shown);
                }
                "extent" => {
                    self.draft.rule("mods.physicalDescription.extent", path);
                    let unit = part.attribute("unit").map(str::trim).filter(|unit| !unit.is_empty());
                    let whole = unit.map_or_else(|| shown.to_owned(), |unit| format!("{shown} {unit}"));
                    self.draft.text(dcterms::EXTENT, &whole, tag(part).as_deref());
                }
                "internetMediaType" => {
                    self.draft.rule("mods.physicalDescription.format", path);
                    self.draft.text(dc::FORMAT, shown, None);
                }
                "digitalOrigin" | "reformattingQuality" => {
                    self.draft.rule("mods.physicalDescription.digital", path);
                    self.draft.text(bf::DIGITAL_CHARACTERISTIC, shown, None);
                }
                _ => {
                    self.draft.rule("mods.physicalDescription.note", path);
                    self.draft.text(skos::NOTE, &text, note_tag(part, self.cataloguing).as_deref());
                }
            }
        }
    }

    /// A form: a carrier or medium of RDA by its IRI, a material or technique otherwise.
    fn form(&mut self, part: ElementRef<'e>, text: &str) {
        let code = part.attribute("authority").unwrap_or_default();
        let rda = match code {
            "rdacarrier" => Some(bf::CARRIER),
            "rdamedia" => Some(bf::MEDIA),
            "rdacontent" => Some(bf::CONTENT),
            _ => None,
        };
        let known = match code {
            "rdacarrier" => marc::carrier(text).map(|kind| kind.iri),
            "rdamedia" => marc::media_type(text).map(|kind| kind.iri),
            "rdacontent" => marc::content_type(text).map(|kind| kind.iri),
            _ => None,
        };
        let iris = authority(part);
        if let Some(property) = rda
            && let Some(node) =
                known.or(iris.first().map(String::as_str)).and_then(|iri| self.draft.out.iri(iri))
        {
            self.draft.out.link(self.draft.item, property, node);
        }
        let language = tag(part);
        self.draft.concept(dcterms::MEDIUM, text, language.as_deref(), schemes::known(code), &iris);
    }

    pub(super) fn language_of_part(&mut self, part: &str, coded: Option<&str>, field: ElementRef<'e>) {
        let node = self.draft.out.next_fragment("language");
        self.draft.out.link(self.draft.item, bf::LANGUAGE, node);
        self.draft.out.a(node, bf::LANGUAGE_CLASS);
        self.draft.out.text(node, bf::PART, part, None);
        match coded {
            Some(tag) => self.draft.out.text(node, rdf::VALUE, tag, None),
            None => {
                for term in field.children("languageTerm") {
                    self.draft.out.issue(
                        IssueKind::UnknownLanguage,
                        &term.text(),
                        "a language code of ISO 639",
                    );
                    self.draft.out.text(node, rdf::VALUE, &term.text(), None);
                }
            }
        }
    }

    pub(super) fn scripts(&mut self, field: ElementRef<'e>) {
        for script in field.children("scriptTerm").filter(|script| !script.is_empty()) {
            self.draft.again("mods.language.script");
            self.draft.text(bf::NOTATION, &script.text(), None);
        }
    }
}
