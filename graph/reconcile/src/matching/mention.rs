//! What is to be found in an authority.

use crate::{Kind, Label, Point, Years};

/// An entity of the graph with all that its records say of it and that tells it from others.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Mention {
    /// Its IRI.
    pub iri: String,
    /// What sort of thing it is.
    pub kind: Kind,
    /// Its names.
    pub labels: Vec<Label<'static>>,
    /// When a person was born, a body founded, a period begun.
    pub born: Option<Years>,
    /// When a person died, a body dissolved, a period ended.
    pub died: Option<Years>,
    /// When the things were made that it is said to have made; not those that only show or name it.
    pub active: Option<Years>,
    /// Where it is.
    pub point: Option<Point>,
    /// The names or IRIs of the places that it lies in.
    pub within: Vec<String>,
    /// Professions, roles and fields of activity, as IRIs or words.
    pub occupations: Vec<String>,
    /// Identifiers of authorities that its records give, as IRIs.
    pub identifiers: Vec<String>,
    /// Names of others in the same records.
    pub beside: Vec<String>,
}
