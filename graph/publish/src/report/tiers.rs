//! The tiers of the Europeana Publishing Framework, content 0 to 4 and metadata 0, A, B, C, for one document.
//!
//! The rules are those of Europeana's own indexing (Publishing Framework, content 2022, metadata 2.0):
//! content by the kind of the item, its media and their rights; metadata by the smallest of three, languages,
//! enabling elements and contextual classes.
//!
//! One thing differs: Europeana fetches the media and measures them, a report fetches nothing. The type of a file is
//! taken from the record or the ending of its address, the pixels from the record alone; where they are missing
//! the tier is the one without them, and the obstacle says so.

use graph_model::{Document, NodeKind, ObjectRef, StatementRef};
use oxrdf::NamedNodeRef;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use vocabularies::rights::{Reuse, reuse};
use vocabularies::{dc, dcterms, ebucore, edm, rdagr2, rdf, skos, wgs84};

/// The content tier; higher is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Content {
    /// Below what Europeana takes.
    #[serde(rename = "0")]
    T0,
    /// A search engine for collections: a page or a small view.
    #[serde(rename = "1")]
    T1,
    /// A showcase: media of a fair size.
    #[serde(rename = "2")]
    T2,
    /// A distribution platform: good media that may be used again in some ways.
    #[serde(rename = "3")]
    T3,
    /// A free-reuse platform: good media that all may use.
    #[serde(rename = "4")]
    T4,
}

/// The metadata tier; higher is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Metadata {
    /// Below A.
    #[serde(rename = "0")]
    T0,
    /// Findable.
    A,
    /// Explorable.
    B,
    /// A platform for knowledge.
    C,
}

/// What keeps an item from a higher content tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Obstacle {
    /// The item has no `edm:type`.
    NoType,
    /// An image or video without a preview.
    NoPreview,
    /// No link to the object itself, only to a page at best.
    NoMedia,
    /// The media are of a kind that does not fit the type of the item, or of no known kind.
    OtherMedia,
    /// The record does not tell how many pixels an image or video has, and nothing was fetched.
    SizeUnknown,
    /// Too few pixels.
    TooSmall,
    /// The rights, or their absence.
    Rights,
}

/// The tiers of one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tiers {
    /// The content tier.
    pub content: Content,
    /// What keeps it from being 4.
    pub obstacle: Option<Obstacle>,
    /// The metadata tier for languages.
    pub languages: Metadata,
    /// The metadata tier for elements by which people find things.
    pub elements: Metadata,
    /// The metadata tier for agents, places, concepts and times that are described.
    pub classes: Metadata,
}

impl Tiers {
    /// The tiers of the item of a document; `None` for a document that is of no item, such as one of an agent.
    #[must_use]
    pub fn of(document: &Document) -> Option<Self> {
        let record = Record::read(document);
        if !record.is_item {
            return None;
        }
        let (content, obstacle) = record.content();
        Some(Self {
            content,
            obstacle,
            languages: record.languages(),
            elements: record.elements(),
            classes: record.classes(),
        })
    }

    /// The metadata tier: the smallest of the three.
    #[must_use]
    pub fn metadata(&self) -> Metadata {
        self.languages.min(self.elements).min(self.classes)
    }
}

/// The properties whose share with a language counts.
const LANGUAGE: &[NamedNodeRef<'static>] = &[
    dc::COVERAGE,
    dc::DESCRIPTION,
    dc::FORMAT,
    dc::RELATION,
    dc::RIGHTS,
    dc::SOURCE,
    dc::SUBJECT,
    dc::TITLE,
    dc::TYPE,
    dcterms::ALTERNATIVE,
    dcterms::HAS_PART,
    dcterms::IS_PART_OF,
    dcterms::IS_REFERENCED_BY,
    dcterms::MEDIUM,
    dcterms::PROVENANCE,
    dcterms::REFERENCES,
    dcterms::SPATIAL,
    dcterms::TABLE_OF_CONTENTS,
    dcterms::TEMPORAL,
    edm::CURRENT_LOCATION,
    edm::HAS_TYPE,
    edm::IS_RELATED_TO,
];

const TIME: u8 = 1;
const CONCEPT: u8 = 2;
const AGENT: u8 = 4;
const PLACE: u8 = 8;

/// The elements by which people find things, with the class of thing that each always speaks of.
const ENABLING: &[(NamedNodeRef<'static>, u8)] = &[
    (dcterms::CREATED, TIME),
    (dcterms::ISSUED, TIME),
    (dcterms::TEMPORAL, TIME),
    (dc::FORMAT, CONCEPT),
    (dc::TYPE, CONCEPT),
    (dcterms::MEDIUM, CONCEPT),
    (dc::CREATOR, AGENT),
    (dc::CONTRIBUTOR, AGENT),
    (dc::PUBLISHER, AGENT),
    (dcterms::SPATIAL, PLACE),
    (edm::CURRENT_LOCATION, PLACE),
];

/// Those whose class is known only from what they link to, with the classes that count.
const ENABLING_BY_LINK: &[(NamedNodeRef<'static>, u8)] =
    &[(edm::HAS_MET, TIME | AGENT), (dc::SUBJECT, CONCEPT | AGENT | PLACE)];

/// Pixels of an image.
const SMALL: u64 = 100_000;
const MEDIUM: u64 = 420_000;
const LARGE: u64 = 950_000;
/// Lines of a video.
const TALL: u64 = 480;

/// What a described entity has.
#[derive(Debug, Default, Clone, Copy)]
struct Entity {
    classes: u8,
    label: bool,
    label_with_language: bool,
    about_a_life: bool,
    begin: bool,
    end: bool,
    latitude: bool,
    longitude: bool,
    related: bool,
}

/// A digital object.
#[derive(Debug, Default, Clone, Copy)]
struct Media<'d> {
    url: &'d str,
    format: Option<&'d str>,
    rights: Option<Reuse>,
    width: Option<u64>,
    height: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Image,
    Audio,
    Video,
    Pdf,
    Other,
}

/// What counts of a document.
#[derive(Debug, Default)]
struct Record<'d> {
    is_item: bool,
    edm_type: Option<&'d str>,
    values: Vec<(NamedNodeRef<'static>, ObjectRef<'d>)>,
    entities: HashMap<&'d str, Entity>,
    rights: Option<Reuse>,
    page: bool,
    preview: bool,
    media: Vec<&'d str>,
    resources: HashMap<&'d str, Media<'d>>,
}

impl<'d> Record<'d> {
    fn read(document: &'d Document) -> Self {
        let mut record = Self::default();
        for statement in document.statements() {
            match statement.subject_kind {
                NodeKind::Item => record.of_item(&statement),
                NodeKind::Fragment => record.of_aggregation(&statement),
                NodeKind::Shared => record.of_entity(&statement),
                NodeKind::Other => {
                    record.of_resource(&statement);
                    record.of_entity(&statement);
                }
            }
        }
        record
    }

    fn of_item(&mut self, statement: &StatementRef<'d>) {
        match (statement.predicate, statement.object) {
            (rdf::TYPE, ObjectRef::Iri(class)) if class == edm::PROVIDED_CHO.as_str() => self.is_item = true,
            (edm::TYPE, ObjectRef::Text(text, _)) => self.edm_type = Some(text),
            (predicate, object) => self.values.push((predicate, object)),
        }
    }

    fn of_aggregation(&mut self, statement: &StatementRef<'d>) {
        let ObjectRef::Iri(iri) = statement.object else { return };
        match statement.predicate {
            edm::RIGHTS => self.rights = self.rights.max(Some(reuse(iri))),
            edm::IS_SHOWN_AT => self.page = true,
            edm::OBJECT => self.preview = true,
            edm::IS_SHOWN_BY | edm::HAS_VIEW => self.media.push(iri),
            _ => {}
        }
    }

    fn of_resource(&mut self, statement: &StatementRef<'d>) {
        match (statement.predicate, statement.object) {
            (edm::RIGHTS, ObjectRef::Iri(iri)) => self.media_of(statement).rights = Some(reuse(iri)),
            (ebucore::HAS_MIME_TYPE | dc::FORMAT, ObjectRef::Text(text, _)) => {
                self.media_of(statement).format = Some(text);
            }
            (ebucore::WIDTH, ObjectRef::Text(text, _) | ObjectRef::Typed(text, _)) => {
                self.media_of(statement).width = text.parse().ok();
            }
            (ebucore::HEIGHT, ObjectRef::Text(text, _) | ObjectRef::Typed(text, _)) => {
                self.media_of(statement).height = text.parse().ok();
            }
            _ => {}
        }
    }

    fn of_entity(&mut self, statement: &StatementRef<'d>) {
        match (statement.predicate, statement.object) {
            (rdf::TYPE, ObjectRef::Iri(class)) => {
                let bit = class_bit(class);
                if bit > 0 {
                    self.entity_of(statement).classes |= bit;
                }
            }
            (skos::PREF_LABEL, ObjectRef::Text(_, tag)) => {
                let entity = self.entity_of(statement);
                entity.label = true;
                entity.label_with_language |= tag.is_some();
            }
            (edm::BEGIN, _) => self.entity_of(statement).begin = true,
            (edm::END, _) => self.entity_of(statement).end = true,
            (wgs84::LAT, _) => self.entity_of(statement).latitude = true,
            (wgs84::LONG, _) => self.entity_of(statement).longitude = true,
            (
                rdagr2::DATE_OF_BIRTH
                | rdagr2::DATE_OF_DEATH
                | rdagr2::PLACE_OF_BIRTH
                | rdagr2::PLACE_OF_DEATH
                | rdagr2::PROFESSION_OR_OCCUPATION,
                _,
            ) => self.entity_of(statement).about_a_life = true,
            (
                skos::NOTE
                | skos::BROADER
                | skos::NARROWER
                | skos::EXACT_MATCH
                | skos::CLOSE_MATCH
                | skos::RELATED,
                _,
            ) => self.entity_of(statement).related = true,
            _ => {}
        }
    }

    fn media_of(&mut self, statement: &StatementRef<'d>) -> &mut Media<'d> {
        self.resources.entry(statement.subject).or_default()
    }

    fn entity_of(&mut self, statement: &StatementRef<'d>) -> &mut Entity {
        self.entities.entry(statement.subject).or_default()
    }

    fn content(&self) -> (Content, Option<Obstacle>) {
        let Some(edm_type) = self.edm_type else { return (Content::T0, Some(Obstacle::NoType)) };
        if edm_type == "VIDEO" && !self.preview {
            return (Content::T0, Some(Obstacle::NoPreview));
        }
        // Europeana makes the preview of an image from the image itself.
        if edm_type == "IMAGE" && !self.preview && self.media.is_empty() {
            return (Content::T0, Some(if self.page { Obstacle::NoPreview } else { Obstacle::NoMedia }));
        }
        if self.media.is_empty() {
            let page = self.page && matches!(edm_type, "TEXT" | "SOUND" | "VIDEO");
            return (if page { Content::T1 } else { Content::T0 }, Some(Obstacle::NoMedia));
        }
        let of_media = |url: &&'d str| {
            let known = self.resources.get(url).copied().unwrap_or_default();
            self.of_media(edm_type, &Media { url, ..known })
        };
        // The best of the media decides; among equals the obstacle nearest to the top.
        self.media
            .iter()
            .map(of_media)
            .max_by_key(|(tier, obstacle)| (*tier, *obstacle))
            .unwrap_or((Content::T0, Some(Obstacle::NoMedia)))
    }

    fn of_media(&self, edm_type: &str, media: &Media<'_>) -> (Content, Option<Obstacle>) {
        let page = if self.page { Content::T1 } else { Content::T0 };
        let kind = kind_of(media);
        let embedded = PLAYERS.iter().any(|player| host_of(media.url).ends_with(player));
        let (tier, obstacle) = match (edm_type, kind) {
            ("IMAGE", Kind::Image) => by_pixels(media, Content::T0),
            ("TEXT", Kind::Image) => by_pixels(media, page),
            ("TEXT", Kind::Pdf) | ("SOUND", Kind::Audio) => (Content::T4, None),
            ("VIDEO", Kind::Video) => match media.height {
                Some(height) if height >= TALL => (Content::T4, None),
                Some(_) => (Content::T1, Some(Obstacle::TooSmall)),
                None => (Content::T1, Some(Obstacle::SizeUnknown)),
            },
            ("SOUND" | "VIDEO", _) if embedded => (Content::T4, None),
            ("TEXT" | "SOUND" | "VIDEO", _) => (page, Some(Obstacle::OtherMedia)),
            // Of 3D alone the framework asks for rights that are told.
            ("3D", _) if media.rights.or(self.rights).is_none() => (Content::T0, Some(Obstacle::Rights)),
            ("3D", Kind::Audio | Kind::Video | Kind::Other) => (Content::T4, None),
            _ => (Content::T0, Some(Obstacle::OtherMedia)),
        };
        let allowed = match media.rights.or(self.rights).unwrap_or(Reuse::Closed) {
            Reuse::Open => Content::T4,
            Reuse::Restricted => Content::T3,
            Reuse::Closed => Content::T2,
        };
        if allowed < tier { (allowed, Some(Obstacle::Rights)) } else { (tier, obstacle) }
    }

    fn languages(&self) -> Metadata {
        let (mut met, mut tagged) = (0_u32, 0_u32);
        for property in LANGUAGE {
            let mut values = self
                .values
                .iter()
                .filter(|(predicate, _)| predicate == property)
                .map(|(_, value)| value)
                .peekable();
            if values.peek().is_none() {
                continue;
            }
            met += 1;
            let in_a_language = |value: &ObjectRef<'d>| match value {
                ObjectRef::Text(_, tag) => tag.is_some(),
                ObjectRef::Iri(iri) => self.entities.get(iri).is_some_and(|entity| {
                    entity.label_with_language && entity.classes & (PLACE | TIME | CONCEPT) > 0
                }),
                ObjectRef::Typed(..) => false,
            };
            tagged += u32::from(values.any(in_a_language));
        }
        match tagged * 4 {
            _ if met == 0 => Metadata::T0,
            quarters if quarters < met => Metadata::T0,
            quarters if quarters < met * 2 => Metadata::A,
            quarters if quarters < met * 3 => Metadata::B,
            _ => Metadata::C,
        }
    }

    fn elements(&self) -> Metadata {
        let (mut elements, mut groups) = (0_u32, 0_u8);
        for (property, group) in ENABLING {
            if self.values.iter().any(|(predicate, _)| predicate == property) {
                elements += 1;
                groups |= group;
            }
        }
        for (property, wanted) in ENABLING_BY_LINK {
            let linked = self
                .values
                .iter()
                .filter(|(predicate, _)| predicate == property)
                .filter_map(|(_, value)| self.entity(value))
                .fold(0, |classes, entity| classes | entity.classes & wanted);
            if linked > 0 {
                elements += 1;
                groups |= linked;
            }
        }
        match (groups.count_ones(), elements) {
            (2.., 4..) => Metadata::C,
            (2.., 3) => Metadata::B,
            (1.., 1..) => Metadata::A,
            _ => Metadata::T0,
        }
    }

    fn classes(&self) -> Metadata {
        let classes =
            self.values.iter().filter_map(|(_, value)| self.entity(value)).fold(0, |classes, entity| {
                let mut enough = 0;
                if entity.label && (entity.about_a_life || entity.begin || entity.end) {
                    enough |= AGENT;
                }
                if entity.label && entity.related {
                    enough |= CONCEPT;
                }
                if entity.label && entity.latitude && entity.longitude {
                    enough |= PLACE;
                }
                if entity.begin && entity.end {
                    enough |= TIME;
                }
                classes | entity.classes & enough
            });
        match classes.count_ones() {
            0 => Metadata::A,
            1 => Metadata::B,
            _ => Metadata::C,
        }
    }

    fn entity(&self, value: &ObjectRef<'d>) -> Option<&Entity> {
        match value {
            ObjectRef::Iri(iri) => self.entities.get(iri),
            _ => None,
        }
    }
}

fn class_bit(class: &str) -> u8 {
    [(edm::TIME_SPAN, TIME), (skos::CONCEPT, CONCEPT), (edm::AGENT, AGENT), (edm::PLACE, PLACE)]
        .into_iter()
        .find(|(known, _)| known.as_str() == class)
        .map_or(0, |(_, bit)| bit)
}

fn by_pixels(media: &Media<'_>, least: Content) -> (Content, Option<Obstacle>) {
    let Some(pixels) = media.width.zip(media.height).map(|(width, height)| width.saturating_mul(height))
    else {
        return (least, Some(Obstacle::SizeUnknown));
    };
    let tier = match pixels {
        LARGE.. => return (Content::T4, None),
        MEDIUM.. => Content::T2,
        SMALL.. => Content::T1,
        _ => Content::T0,
    };
    (tier.max(least), Some(Obstacle::TooSmall))
}

/// The hosts of players that Europeana can embed.
const PLAYERS: &[&str] = &["soundcloud.com", "vimeo.com", "youtube.com", "youtu.be"];

fn host_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#', ':']).next().unwrap_or_default()
}

/// The endings of addresses that tell the kind of a file.
const ENDINGS: &[(&[&str], Kind)] = &[
    (&["gif", "jp2", "jpeg", "jpg", "png", "svg", "tif", "tiff", "webp"], Kind::Image),
    (&["aac", "flac", "m4a", "mp3", "oga", "ogg", "opus", "wav"], Kind::Audio),
    (&["avi", "m4v", "mkv", "mov", "mp4", "mpeg", "mpg", "ogv", "webm"], Kind::Video),
    (&["pdf"], Kind::Pdf),
];

fn kind_of(media: &Media<'_>) -> Kind {
    if let Some(format) = media.format.map(str::trim).filter(|format| format.contains('/')) {
        return match format.split('/').next().unwrap_or_default() {
            "image" => Kind::Image,
            "audio" => Kind::Audio,
            "video" => Kind::Video,
            "application" if format.starts_with("application/pdf") => Kind::Pdf,
            _ => Kind::Other,
        };
    }
    let path = media.url.split(['?', '#']).next().unwrap_or_default();
    let ending = path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map(|(_, ending)| ending);
    let Some(ending) = ending.map(str::to_ascii_lowercase) else { return Kind::Other };
    ENDINGS
        .iter()
        .find(|(endings, _)| endings.contains(&ending.as_str()))
        .map_or(Kind::Other, |(_, kind)| *kind)
}
