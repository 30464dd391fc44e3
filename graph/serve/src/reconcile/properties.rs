//! The properties that a service knows: what a question can be narrowed by, what can be suggested, and what data can be
//! extended with.

use crate::language::Language;
use graph_reconcile::authority::Entry;
use graph_reconcile::{Kind, Role, Years};
use graph_store::rdf::NamedNodeRef;
use serde_json::{Value, json};
use vocabularies::{edm, foaf, owl, rdagr2, rdf, rdfs, skos, wgs84};

/// What of an entry a property gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Name,
    OtherName,
    Born,
    Died,
    Occupation,
    Broader,
    Point,
    SameAs,
    Type,
    Note,
}

/// A property with the kinds of entities that have it; none for all.
pub(super) struct Property {
    pub(super) what: What,
    pub(super) iri: NamedNodeRef<'static>,
    kinds: &'static [Kind],
}

const LIVED: &[Kind] = &[Kind::Person, Kind::Family, Kind::Organization, Kind::Period];

/// All of them, those that people want most often first.
pub(super) const PROPERTIES: [Property; 10] = [
    Property { what: What::Born, iri: rdagr2::DATE_OF_BIRTH, kinds: LIVED },
    Property { what: What::Died, iri: rdagr2::DATE_OF_DEATH, kinds: LIVED },
    Property { what: What::Occupation, iri: rdagr2::PROFESSION_OR_OCCUPATION, kinds: &[Kind::Person] },
    Property { what: What::Point, iri: wgs84::LAT_LONG, kinds: &[Kind::Place] },
    Property { what: What::Broader, iri: skos::BROADER, kinds: &[Kind::Concept, Kind::Place, Kind::Period] },
    Property { what: What::SameAs, iri: owl::SAME_AS, kinds: &[] },
    Property { what: What::Name, iri: skos::PREF_LABEL, kinds: &[] },
    Property { what: What::OtherName, iri: skos::ALT_LABEL, kinds: &[] },
    Property { what: What::Note, iri: skos::NOTE, kinds: &[] },
    Property { what: What::Type, iri: rdf::TYPE, kinds: &[] },
];

impl Property {
    /// The property of an IRI, or of the name that people see.
    pub(super) fn of(id: &str) -> Option<&'static Self> {
        PROPERTIES.iter().find(|property| property.iri.as_str() == id).or_else(|| {
            PROPERTIES.iter().find(|property| {
                Language::ALL
                    .into_iter()
                    .any(|language| property.name(language).to_lowercase() == id.to_lowercase())
            })
        })
    }

    pub(super) fn id(&self) -> &'static str {
        self.iri.as_str()
    }

    pub(super) fn name(&self, language: Language) -> String {
        named(self.id(), language)
    }

    pub(super) fn suits(&self, kind: Option<Kind>) -> bool {
        self.kinds.is_empty() || kind.is_none_or(|kind| kind == Kind::Unknown || self.kinds.contains(&kind))
    }

    /// What the entry has of it.
    pub(super) fn values(&self, entry: &Entry<'_>) -> Vec<Told> {
        let labels = |wanted: Role| {
            entry
                .labels()
                .filter(|label| label.role == wanted)
                .map(|label| Told {
                    text: label.text.into_owned(),
                    language: label.language.map(std::borrow::Cow::into_owned),
                    is_entity: false,
                })
                .collect()
        };
        match self.what {
            What::Name => labels(Role::Preferred),
            What::OtherName => labels(Role::Alternative),
            What::Born => entry.born().map(years).into_iter().map(Told::text).collect(),
            What::Died => entry.died().map(years).into_iter().map(Told::text).collect(),
            What::Occupation => entry.occupations().map(Told::text).collect(),
            // What a table calls the wider place is a name, not an entry.
            What::Broader => entry
                .broader()
                .map(|wider| if wider.contains(':') { Told::entity(wider) } else { Told::text(wider) })
                .collect(),
            What::Point => {
                let told = entry.point().map(|point| format!("{},{}", point.lat, point.long));
                told.into_iter().map(Told::text).collect()
            }
            What::SameAs => entry.same_as().map(Told::text).collect(),
            What::Type => entry.types().map(Told::text).collect(),
            What::Note => entry
                .notes()
                .map(|note| Told {
                    text: note.text.into_owned(),
                    language: note.language.map(std::borrow::Cow::into_owned),
                    is_entity: false,
                })
                .collect(),
        }
    }
}

/// A value of a property.
pub(super) struct Told {
    pub(super) text: String,
    pub(super) language: Option<String>,
    /// Whether the text is the identifier of another entity.
    pub(super) is_entity: bool,
}

impl Told {
    fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), language: None, is_entity: false }
    }

    fn entity(iri: impl Into<String>) -> Self {
        Self { is_entity: true, ..Self::text(iri) }
    }
}

/// Years as people write them: `1864`, or `1860/1870` when it lies between.
pub(super) fn years(years: Years) -> String {
    if years.from == years.to { years.from.to_string() } else { format!("{}/{}", years.from, years.to) }
}

/// The class of a kind.
pub(super) fn class(kind: Kind) -> NamedNodeRef<'static> {
    match kind {
        Kind::Person => foaf::PERSON,
        Kind::Family => foaf::GROUP,
        Kind::Organization => foaf::ORGANIZATION,
        Kind::Place => edm::PLACE,
        Kind::Concept => skos::CONCEPT,
        Kind::Period => edm::TIME_SPAN,
        Kind::Unknown => rdfs::RESOURCE,
    }
}

/// The kind that a type stands for, by its class.
pub(super) fn kind(id: &str) -> Option<Kind> {
    Kind::ALL.into_iter().filter(|kind| *kind != Kind::Unknown).find(|kind| class(*kind).as_str() == id)
}

/// What people call a class or property.
pub(super) fn named(iri: &str, language: Language) -> String {
    match vocabularies::label(iri, language.tag()) {
        Some(label) => label.to_owned(),
        None => vocabularies::qname(iri)
            .unwrap_or_else(|| iri.rsplit(['/', '#']).next().unwrap_or(iri).to_owned()),
    }
}

/// A type as both versions write it.
pub(super) fn type_of(iri: &str, language: Language) -> Value {
    json!({ "id": iri, "name": named(iri, language) })
}
