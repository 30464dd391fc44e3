//! Contextual entities: agents, places, concepts and time spans of the record, as the entities that all records share.

use super::object::{self, generic};
use super::rdf::{Graph, Resource, Value};
use super::table;
use crate::shared::{dates, names, places};
use graph_model::{Agent, AgentKind, Concept, Description, IssueKind, Node, Place};
use std::collections::HashMap;
use vocabularies::{edm, wgs84, xsd};

/// The entities of a record, each described once, when something refers to it.
pub(super) struct Context<'g> {
    graph: &'g Graph,
    described: HashMap<String, Option<Node>>,
}

/// How many entities may lead from one to the next (a town in its region in its country …).
const DEEPEST: usize = 16;

impl<'g> Context<'g> {
    pub(super) fn new(graph: &'g Graph) -> Self {
        Self { graph, described: HashMap::new() }
    }

    pub(super) fn graph(&self) -> &'g Graph {
        self.graph
    }

    /// The class of an entity that the record describes.
    pub(super) fn class(&self, id: &str) -> Option<&'static str> {
        let resource = self.graph.find(id)?;
        let classes = [
            ("Agent", &["Agent", "Person", "Organization"][..]),
            ("Place", &["Place"]),
            ("TimeSpan", &["TimeSpan"]),
            ("Concept", &["Concept"]),
        ];
        classes
            .into_iter()
            .find(|(_, names)| names.iter().any(|name| resource.is(name)))
            .map(|(class, _)| class)
    }

    /// The node of an entity that the record describes, described on first use. `None` for what it does not describe, or
    /// what has no name to know it by.
    pub(super) fn entity(&mut self, id: &str, out: &mut Description<'_>) -> Option<Node> {
        self.entity_at(id, 0, out)
    }

    fn entity_at(&mut self, id: &str, depth: usize, out: &mut Description<'_>) -> Option<Node> {
        if let Some(known) = self.described.get(id) {
            return *known;
        }
        let class = self.class(id)?;
        let resource = self.graph.find(id)?;
        // Entities that lead to each other must not go round.
        self.described.insert(id.to_owned(), None);
        let path = format!("{}/skos:prefLabel", resource.classes.first().map_or(class, |name| &**name));
        out.rule(&format!("edm.{class}.entity"), &path);
        let labels = labels(resource, out);
        let node = match class {
            "Agent" => agent(resource, &labels, out),
            "Place" => place(resource, &labels, out),
            "TimeSpan" => time(resource, &labels, out),
            _ => concept(resource, &labels, out),
        };
        self.described.insert(id.to_owned(), node);
        if let Some(node) = node
            && class != "TimeSpan"
        {
            self.details(resource, &labels, node, depth, out);
        }
        node
    }

    /// A time span that has a name which is no date: the period as a concept, beside its years.
    pub(super) fn period(&mut self, id: &str, out: &mut Description<'_>) -> Option<Node> {
        if self.class(id) != Some("TimeSpan") {
            return None;
        }
        let resource = self.graph.find(id)?;
        let labels = labels(resource, out);
        let (label, tag) = labels.first()?;
        if dates::read_date(label, tag.as_deref()).is_some() {
            return None;
        }
        let same_as = same_as(resource);
        out.concept(&Concept { label, language: tag.as_deref(), scheme: None, same_as: &same_as })
    }

    /// What else is said of an entity.
    fn details(
        &mut self,
        resource: &Resource,
        labels: &[(String, Option<String>)],
        node: Node,
        depth: usize,
        out: &mut Description<'_>,
    ) {
        for statement in &resource.statements {
            let local = &*statement.property.local;
            // Names, dates, coordinates and IRIs of the same are told by the entity itself.
            if matches!(
                local,
                "begin"
                    | "end"
                    | "sameAs"
                    | "exactMatch"
                    | "lat"
                    | "long"
                    | "dateOfBirth"
                    | "dateOfDeath"
                    | "dateOfEstablishment"
                    | "dateOfTermination"
            ) {
                continue;
            }
            let Some(property) = table::term(&statement.property) else {
                let path = format!("{}/{local}", statement.node);
                out.issue_at(&path, IssueKind::UnmappedField, local, "a property of EDM");
                continue;
            };
            let qname = vocabularies::qname(property.as_str()).unwrap_or_default();
            out.rule("edm.context.detail", &format!("{}/{qname}", statement.node));
            match &statement.value {
                // The first name is told, apart from dates and brackets; what it was as a whole stands beside it.
                Value::Text { text, .. } if labels.first().is_some_and(|(first, _)| first == text) => {}
                Value::Resource(id) if self.class(id).is_some() && depth < DEEPEST => {
                    let id = id.clone();
                    let other = self.entity_at(&id, depth + 1, out).or_else(|| object::external(&id, out));
                    if let Some(other) = other
                        && other != node
                    {
                        out.link(node, property, other);
                    }
                }
                Value::Resource(id) if !id.contains(':') => {}
                value => generic(node, property, value, &mut Context::new(self.graph), out),
            }
        }
    }
}

/// The names of an entity: preferred ones first, as written.
fn labels(resource: &Resource, out: &mut Description<'_>) -> Vec<(String, Option<String>)> {
    let mut found = Vec::new();
    for local in ["prefLabel", "name", "label", "altLabel"] {
        for value in resource.values(local) {
            if let Value::Text { text, language, .. } = value
                && !text.is_empty()
            {
                let tag = language
                    .as_deref()
                    .and_then(|code| object::tag(code, out))
                    .map(std::borrow::Cow::into_owned);
                found.push((text.clone(), tag));
            }
        }
    }
    found
}

/// The entity's own IRI, and those that it is said to be the same as.
fn same_as(resource: &Resource) -> Vec<String> {
    let own = std::iter::once(resource.id.as_str());
    let told = ["sameAs", "exactMatch"].into_iter().flat_map(|local| resource.values(local)).map(|value| {
        let (Value::Resource(iri) | Value::Text { text: iri, .. }) = value;
        iri.as_str()
    });
    own.chain(told)
        .filter(|iri| iri.contains("://") || iri.starts_with("urn:"))
        .map(object::escaped)
        .collect()
}

fn first_text<'r>(resource: &'r Resource, local: &'r str) -> Option<&'r str> {
    resource.values(local).find_map(|value| match value {
        Value::Text { text, .. } if !text.is_empty() => Some(text.as_str()),
        _ => None,
    })
}

fn agent(
    resource: &Resource,
    labels: &[(String, Option<String>)],
    out: &mut Description<'_>,
) -> Option<Node> {
    let (label, tag) = labels.first()?;
    let has = |local: &str| first_text(resource, local).is_some();
    let kind = if resource.is("Organization") || has("dateOfEstablishment") || has("dateOfTermination") {
        AgentKind::Organization
    } else if resource.is("Person") || has("dateOfBirth") || has("dateOfDeath") || has("gender") {
        AgentKind::Person
    } else {
        AgentKind::Unknown
    };
    let read = if kind == AgentKind::Organization {
        names::Name { name: label.clone(), kind_hint: kind, ..names::Name::default() }
    } else {
        names::read_name(label)
    };
    let mut date = |locals: [&str; 3]| {
        let written = locals.into_iter().find_map(|local| first_text(resource, local))?;
        let span = dates::read_date(written, None);
        if span.is_none() {
            out.issue(dates::issue_of(written, None), written, "a date of birth, death or the like");
        }
        span.map(|span| span.edtf)
    };
    let birth = date(["dateOfBirth", "dateOfEstablishment", "begin"]);
    let death = date(["dateOfDeath", "dateOfTermination", "end"]);
    let name = if kind == AgentKind::Person && !read.name.contains(',') {
        names::inverted(&read.name)
    } else {
        read.name
    };
    let same_as = same_as(resource);
    out.agent(&Agent {
        kind: if kind == AgentKind::Unknown { read.kind_hint } else { kind },
        name: &name,
        language: tag.as_deref(),
        birth: birth.or(read.birth).as_deref(),
        death: death.or(read.death).as_deref(),
        qualifier: read.qualifier.as_deref(),
        as_written: Some(label),
        same_as: &same_as,
    })
}

fn place(
    resource: &Resource,
    labels: &[(String, Option<String>)],
    out: &mut Description<'_>,
) -> Option<Node> {
    let (latitude, longitude) = (first_text(resource, "lat"), first_text(resource, "long"));
    let point = latitude.zip(longitude).and_then(|(latitude, longitude)| {
        let read = latitude.parse().ok().zip(longitude.parse().ok());
        let read =
            read.filter(|(latitude, longitude)| crate::shared::coordinates::in_world(*latitude, *longitude));
        if read.is_none() {
            let met = format!("{latitude}, {longitude}");
            out.issue(IssueKind::BadCoordinates, &met, "a latitude and a longitude in degrees");
        }
        read
    });
    let same_as = same_as(resource);
    let named = labels.iter().find_map(|(label, tag)| Some((places::read_place(label)?, tag.as_deref())));
    match named {
        Some((read, tag)) => out.place(&Place {
            name: read.name,
            within: read.within,
            language: tag,
            point,
            wkt: None,
            same_as: &same_as,
        }),
        None => {
            // A place without a name is where its coordinates are, under its own IRI.
            let (latitude, longitude) = point?;
            let node = object::external(&resource.id, out)?;
            out.a(node, edm::PLACE);
            out.typed(node, wgs84::LAT, &format!("{latitude:?}"), xsd::DECIMAL);
            out.typed(node, wgs84::LONG, &format!("{longitude:?}"), xsd::DECIMAL);
            Some(node)
        }
    }
}

fn concept(
    resource: &Resource,
    labels: &[(String, Option<String>)],
    out: &mut Description<'_>,
) -> Option<Node> {
    let (label, tag) = labels.first()?;
    let same_as = same_as(resource);
    out.concept(&Concept { label, language: tag.as_deref(), scheme: None, same_as: &same_as })
}

/// A time span by its bounds, or by its name where that is a date.
fn time(resource: &Resource, labels: &[(String, Option<String>)], out: &mut Description<'_>) -> Option<Node> {
    let (begin, end) = (first_text(resource, "begin"), first_text(resource, "end"));
    let span = if begin.is_some() || end.is_some() {
        let (first, last) = (begin.unwrap_or_default(), end.unwrap_or_default());
        // From the first day of one year to the last of another is from year to year: that is how systems spell years out.
        let years = first.strip_suffix("-01-01").zip(last.strip_suffix("-12-31"));
        let (first, last) = years.unwrap_or((first, last));
        let span = dates::from_bounds(first, last);
        if span.is_none() {
            let met = format!("{}–{}", begin.unwrap_or_default(), end.unwrap_or_default());
            out.issue(
                IssueKind::UnreadableDate,
                &met,
                "edm:begin and edm:end as dates, the first before the last",
            );
        }
        span
    } else {
        None
    };
    let span =
        span.or_else(|| labels.iter().find_map(|(label, tag)| dates::read_date(label, tag.as_deref())));
    span.map(|span| out.time(&span))
}
