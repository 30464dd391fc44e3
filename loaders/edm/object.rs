//! What is said of an object: the statements of the provided object or of a proxy.

use super::context::Context;
use super::rdf::{Graph, Resource, Statement, Value, local_of};
use super::record;
use super::table::{self, Way};
use crate::shared::{dates, languages, names, places};
use graph_model::{Agent, Concept, Description, IssueKind, Node, Place};
use oxrdf::NamedNodeRef;
use std::borrow::Cow;
use vocabularies::{aarre, dc, dcmitype, dcterms, edm, owl, xsd};

/// States all that a resource says of the object, on the item or on the proxy of somebody else.
pub(super) fn describe(
    resource: &Resource,
    subject: Node,
    context: &mut Context<'_>,
    out: &mut Description<'_>,
) {
    let created = resource.values("created").next().is_some() || resource.values("issued").next().is_some();
    // Some records give several parts one identifier; what stands in another part is not said of the object.
    let own = |statement: &&Statement| {
        !matches!(&*statement.node, "Aggregation" | "EuropeanaAggregation" | "WebResource")
    };
    for statement in resource.statements.iter().filter(own) {
        let Some(property) = table::term(&statement.property) else {
            unknown(statement, out);
            continue;
        };
        let qname = vocabularies::qname(property.as_str()).unwrap_or_default();
        out.rule(&rule_of(property), &format!("{}/{qname}", statement.node));
        let pen = Pen { subject, property, created };
        match table::way(property) {
            Some(way) => pen.state(way, &statement.value, context, out),
            // Terms of known vocabularies that EDM does not ask for are kept as they are.
            None => generic(subject, property, &statement.value, context, out),
        }
    }
}

fn unknown(statement: &Statement, out: &mut Description<'_>) {
    let path = format!("{}/{}", statement.node, statement.property.local);
    let met = match &statement.value {
        Value::Text { text, .. } => text.as_str(),
        Value::Resource(id) => id,
    };
    if !met.is_empty() {
        out.issue_at(&path, IssueKind::UnmappedField, met, "a property of EDM");
    }
}

/// The rule of a property: `edm.subject.subject` and the like are stable names by the property alone.
fn rule_of(property: NamedNodeRef<'static>) -> String {
    let local = local_of(property.as_str());
    format!("edm.{local}.{local}")
}

/// A value of a property of an object, where it is stated and how.
struct Pen {
    subject: Node,
    property: NamedNodeRef<'static>,
    /// Whether the object has a date of making or issue.
    created: bool,
}

impl Pen {
    fn state(&self, way: Way, value: &Value, context: &mut Context<'_>, out: &mut Description<'_>) {
        let (subject, property) = (self.subject, self.property);
        match value {
            Value::Text { text, .. } if text.is_empty() => {}
            Value::Text { text, language, .. } => {
                let tag = language.as_deref().and_then(|code| tag(code, out));
                self.text(way, text, tag.as_deref(), context, out);
            }
            Value::Resource(id) if id.is_empty() => {
                out.issue(IssueKind::MissingValue, "", "the identifier of a resource");
            }
            Value::Resource(id) => match way {
                Way::Syntax | Way::Class => {}
                Way::Same => {
                    if let Some(node) = external(id, out) {
                        out.link(subject, owl::SAME_AS, node);
                    }
                }
                Way::Relation | Way::Whole => {
                    let node = context.entity(id, out).or_else(|| other(id, out));
                    if let Some(node) = node {
                        out.link(subject, property, node);
                    }
                }
                Way::Type => {
                    out.issue(IssueKind::BadStructure, id, "TEXT, IMAGE, SOUND, VIDEO or 3D as text");
                }
                Way::Language => {
                    let code = local_of(id);
                    match languages::tag(code) {
                        Some(tag) => out.text(subject, dc::LANGUAGE, tag, None),
                        None => out.issue(IssueKind::UnknownLanguage, id, "a language"),
                    }
                }
                Way::Identifier => out.text(subject, property, id, None),
                Way::Text
                    if property == dc::TITLE
                        || property == dcterms::ALTERNATIVE
                        || property == dc::DESCRIPTION =>
                {
                    out.issue(IssueKind::BadStructure, id, "text");
                    if let Some(node) = external(id, out) {
                        out.link(subject, dcterms::RELATION, node);
                    }
                }
                Way::Coverage => {
                    let property = match context.class(id) {
                        Some("Place") => dcterms::SPATIAL,
                        Some("TimeSpan") => dcterms::TEMPORAL,
                        _ => property,
                    };
                    self.linked(property, id, context, out);
                }
                Way::Date => {
                    self.linked(if self.created { property } else { dcterms::CREATED }, id, context, out);
                }
                Way::Time => {
                    self.linked(property, id, context, out);
                    // A named period is more than its years.
                    if property == dcterms::TEMPORAL
                        && let Some(period) = context.period(id, out)
                    {
                        out.link(subject, property, period);
                    }
                }
                Way::Agent | Way::Concept | Way::Place | Way::Text => self.linked(property, id, context, out),
            },
        }
    }

    fn linked(
        &self,
        property: NamedNodeRef<'static>,
        id: &str,
        context: &mut Context<'_>,
        out: &mut Description<'_>,
    ) {
        if let Some(node) = context.entity(id, out).or_else(|| external(id, out)) {
            out.link(self.subject, property, node);
        }
    }

    fn text(
        &self,
        way: Way,
        text: &str,
        tag: Option<&str>,
        context: &mut Context<'_>,
        out: &mut Description<'_>,
    ) {
        let (subject, property) = (self.subject, self.property);
        // A reference that was written as text is a reference all the same.
        if !matches!(way, Way::Identifier | Way::Text | Way::Syntax)
            && (text.starts_with("http://") || text.starts_with("https://"))
            && !text.contains(' ')
        {
            return self.state(way, &Value::Resource(text.to_owned()), context, out);
        }
        match way {
            Way::Syntax | Way::Class | Way::Type => {}
            Way::Text => out.text(subject, property, text, tag),
            Way::Identifier => out.text(subject, property, text, None),
            Way::Language => language(subject, text, out),
            Way::Agent => {
                if let Some(node) = agent(text, tag, out) {
                    out.link(subject, property, node);
                }
            }
            Way::Concept => {
                let label = text.trim_end_matches(['.', ';']);
                if let Some(node) = out.concept(&Concept { label, language: tag, ..Concept::default() }) {
                    out.link(subject, property, node);
                }
            }
            Way::Place => place(subject, property, text, tag, out),
            Way::Coverage => {
                // Coverage is of time or place, and words tell which only when they are a date.
                let spans = dates::read_dates(text, tag);
                for span in &spans {
                    out.dated(subject, dcterms::TEMPORAL, span, text);
                }
                if spans.is_empty() {
                    out.text(subject, property, text, tag);
                }
            }
            Way::Time | Way::Date => self.time(text, tag, out),
            Way::Relation | Way::Same => out.text(subject, dc::RELATION, text, tag),
            Way::Whole => {
                let whole = out.next_fragment("whole");
                out.link(subject, property, whole);
                out.a(whole, dcmitype::COLLECTION);
                out.text(whole, dc::TITLE, text, tag);
            }
        }
    }

    /// A date. `dc:date` says nothing of what happened; where nothing else is dated it is taken as that of making.
    fn time(&self, text: &str, tag: Option<&str>, out: &mut Description<'_>) {
        let subject = self.subject;
        let unspecific = self.property == dc::DATE;
        let spans = dates::read_dates(text, tag);
        for span in &spans {
            if unspecific && self.created {
                out.text(subject, dc::DATE, text, None);
            } else {
                let property = if unspecific { dcterms::CREATED } else { self.property };
                out.dated(subject, property, span, text);
            }
        }
        if !spans.is_empty() {
            return;
        }
        if self.property == dcterms::TEMPORAL {
            // A period by its name, such as Neolithic.
            if let Some(node) = out.concept(&Concept { label: text, language: tag, ..Concept::default() }) {
                out.link(subject, self.property, node);
            }
            return;
        }
        out.issue(dates::issue_of(text, tag), text, "a date, as EDTF or in words");
        out.text(subject, dc::DATE, text, tag);
    }
}

/// A value kept under its property: text as it is, a resource as a link.
pub(super) fn generic(
    subject: Node,
    property: NamedNodeRef<'static>,
    value: &Value,
    context: &mut Context<'_>,
    out: &mut Description<'_>,
) {
    match value {
        Value::Text { text, language, datatype } => {
            let datatype = datatype.as_deref().and_then(|iri| known_datatype(iri, text));
            match datatype {
                Some(datatype) => out.typed(subject, property, text, datatype),
                None => {
                    let tag = language.as_deref().and_then(|code| tag(code, out));
                    out.text(subject, property, text, tag.as_deref());
                }
            }
        }
        Value::Resource(id) => {
            if let Some(node) = context.entity(id, out).or_else(|| external(id, out)) {
                out.link(subject, property, node);
            }
        }
    }
}

/// A datatype whose lexical form the text has; anything else stays as text.
fn known_datatype(iri: &str, text: &str) -> Option<NamedNodeRef<'static>> {
    let whole = |text: &str| {
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
    };
    match local_of(iri) {
        "integer" | "long" | "int" | "nonNegativeInteger" | "positiveInteger" if whole(text) => {
            Some(xsd::INTEGER)
        }
        "decimal" if text.parse::<f64>().is_ok_and(f64::is_finite) && !text.contains(['e', 'E']) => {
            Some(xsd::DECIMAL)
        }
        "double" | "float" if text.parse::<f64>().is_ok_and(f64::is_finite) => Some(xsd::DOUBLE),
        "boolean" if matches!(text, "true" | "false" | "0" | "1") => Some(xsd::BOOLEAN),
        "date" if dates::read_edtf(text).is_some_and(|span| span.edtf == text && text.len() == 10) => {
            Some(xsd::DATE)
        }
        _ => None,
    }
}

/// The tag of `xml:lang`: BCP 47 as it is, a three-letter code as its tag.
pub(super) fn tag<'c>(code: &'c str, out: &mut Description<'_>) -> Option<Cow<'c, str>> {
    let code = code.trim();
    if code.is_empty() {
        return None;
    }
    if code.contains('-') {
        return Some(Cow::Borrowed(code));
    }
    let known = languages::tag(code).map(Cow::Borrowed);
    if known.is_none() && matches!(code.len(), 2 | 3) && code.bytes().all(|b| b.is_ascii_lowercase()) {
        // A code that the table does not have is a tag all the same, but for those that say that there is none.
        return (!matches!(code, "und" | "zxx" | "mul" | "mis" | "def")).then_some(Cow::Borrowed(code));
    }
    if known.is_none() {
        out.issue(IssueKind::UnknownLanguage, code, "a BCP 47 language tag");
    }
    known
}

fn language(subject: Node, text: &str, out: &mut Description<'_>) {
    for part in text.split([';', ',', '|', '/']).map(str::trim).filter(|part| !part.is_empty()) {
        match languages::tag(part) {
            Some(tag) => out.text(subject, dc::LANGUAGE, tag, None),
            None if matches!(part, "mul" | "und" | "zxx" | "mis") => {}
            None => out.issue(IssueKind::UnknownLanguage, part, "a code of ISO 639 or a language's name"),
        }
    }
}

/// Somebody by a name in text, with the dates and roles that stand in it.
pub(super) fn agent(text: &str, tag: Option<&str>, out: &mut Description<'_>) -> Option<Node> {
    let read = names::read_name(text);
    out.agent(&Agent {
        kind: read.kind_hint,
        name: &read.name,
        language: tag,
        birth: read.birth.as_deref(),
        death: read.death.as_deref(),
        qualifier: read.qualifier.as_deref(),
        as_written: Some(text),
        same_as: &[],
    })
}

fn place(
    subject: Node,
    property: NamedNodeRef<'static>,
    text: &str,
    tag: Option<&str>,
    out: &mut Description<'_>,
) {
    if let Some(point) = crate::shared::coordinates::read_point(text) {
        out.text(subject, aarre::COORDINATES, text, None);
        // Coordinates alone are a place of that name.
        let place = Place { name: text, point: Some(point), ..Place::default() };
        if let Some(node) = out.place(&place) {
            out.link(subject, property, node);
        }
        return;
    }
    if let Some(read) = places::read_place(text) {
        let place = Place { name: read.name, within: read.within, language: tag, ..Place::default() };
        if let Some(node) = out.place(&place) {
            out.link(subject, property, node);
        }
    }
}

/// Something outside the record by its IRI; a name that is good in the file alone is none.
pub(super) fn external(id: &str, out: &mut Description<'_>) -> Option<Node> {
    if id.starts_with("_:") {
        return None;
    }
    if id.contains([' ', '|', '"', '<', '>', '\\', '^', '`', '{', '}']) {
        out.issue(IssueKind::BadIri, id, "an IRI without blanks and brackets");
    }
    out.iri(&escaped(id))
}

/// Another object: by its IRI, or as an item of the same owner where its identifier is a name of the owner's own.
fn other(id: &str, out: &mut Description<'_>) -> Option<Node> {
    let local = record::local_of(id);
    if id.starts_with("_:") || local.is_empty() {
        return None;
    }
    if id.contains("://") || id.starts_with("urn:") {
        return external(id, out);
    }
    Some(out.sibling(local))
}

/// An IRI with what no IRI holds percent-encoded.
pub(super) fn escaped(text: &str) -> String {
    let mut iri = String::with_capacity(text.len());
    for c in text.trim().chars() {
        match c {
            ' ' | '|' | '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '}' => {
                iri.push_str(&format!("%{:02X}", c as u32));
            }
            _ => iri.push(c),
        }
    }
    iri
}

/// The names of the organizations that a property of an aggregation gives.
pub(super) fn names(graph: &Graph, resource: &Resource, property: &str) -> Vec<String> {
    let mut found = Vec::new();
    for value in resource.values(property) {
        match value {
            Value::Text { text, .. } => found.push(text.clone()),
            Value::Resource(id) => {
                for label in graph.find(id).into_iter().flat_map(|one| one.values("prefLabel")) {
                    if let Value::Text { text, .. } = label {
                        found.push(text.clone());
                    }
                }
            }
        }
    }
    found
}

/// The persistent identifier that an element of its own describes.
pub(super) const PID: NamedNodeRef<'static> = edm::PID;
