//! What becomes of one value: its text made ready, then a literal, an entity or a link.

use super::property::{Aggregated, aggregated};
use super::rule::{Case, Kind, Otherwise, Replace, Say, Transform};
use crate::shared::{core, dates, names, places, roles};
use graph_model::{Agent, AgentKind, Concept, Description, IssueKind, Node, Place};
use oxrdf::NamedNodeRef;
use std::borrow::Cow;
use vocabularies::{aarre, bf, xsd};

/// A text and what is told about it.
pub(super) struct Value<'v> {
    pub(super) text: &'v str,
    pub(super) language: Option<&'v str>,
    pub(super) role: Option<&'v str>,
    pub(super) within: Option<&'v str>,
}

impl Transform {
    /// The values that a text becomes.
    pub(super) fn apply(&self, text: &str, out: &mut Description<'_>) -> Vec<String> {
        let mut values = vec![text];
        for separator in &self.split {
            values = values.into_iter().flat_map(|value| value.split(separator.as_str())).collect();
        }
        let mut done = Vec::with_capacity(values.len());
        for value in values {
            let mut value = Cow::Borrowed(value.trim());
            for replace in &self.replace {
                value = match replace {
                    Replace::Text(from, to) if value.contains(from.as_str()) => {
                        Cow::Owned(value.replace(from.as_str(), to))
                    }
                    Replace::Text(..) => value,
                    Replace::Pattern(pattern, to) => {
                        Cow::Owned(pattern.replace_all(&value, to.as_str()).into_owned())
                    }
                };
            }
            let trimmed = value.trim();
            let mut value = match self.case {
                None => trimmed.to_owned(),
                Some(Case::Lower) => trimmed.to_lowercase(),
                Some(Case::Upper) => trimmed.to_uppercase(),
                Some(Case::Sentence) => {
                    let mut letters = trimmed.chars();
                    let first = letters.next();
                    first.into_iter().flat_map(char::to_uppercase).chain(letters).collect()
                }
            };
            if let Some(lookup) = &self.lookup {
                match (lookup.get(&value), self.otherwise) {
                    (Some(meaning), _) => value.clone_from(meaning),
                    (None, Otherwise::Drop) => continue,
                    (None, Otherwise::Keep) => {}
                    (None, Otherwise::Issue) => {
                        out.issue(IssueKind::UnknownCode, &value, "a value of the owner's table");
                    }
                }
            }
            if !value.is_empty() {
                done.push(if self.prefix.is_empty() && self.suffix.is_empty() {
                    value
                } else {
                    format!("{}{value}{}", self.prefix, self.suffix)
                });
            }
        }
        done
    }
}

/// States a value of a property, of the item or the subject given. What belongs to the aggregation is stated there.
pub(super) fn say(
    told: &Say,
    kind: Kind,
    property: NamedNodeRef<'static>,
    subject: Option<Node>,
    value: &Value<'_>,
    out: &mut Description<'_>,
) {
    let text = value.text;
    match aggregated(property) {
        // Only an item has an aggregation; an agent or a concept that a record describes has none.
        Some(_) if !out.is_item() => {
            out.issue(IssueKind::BadStructure, text, "an item, as only items have an aggregation");
        }
        Some(Aggregated::Rights) => {
            let aggregation = core::aggregation(out);
            core::rights(out, aggregation, text, value.language);
        }
        Some(Aggregated::View(view)) => drop(core::web_resource(out, text, view, None)),
        Some(Aggregated::DataProvider | Aggregated::Provider) if kind == Kind::Iri => {
            if let Some(object) = out.iri(text) {
                let aggregation = core::aggregation(out);
                out.link(aggregation, property, object);
            }
        }
        Some(Aggregated::DataProvider) => drop(core::data_provider(out, text, value.language)),
        Some(Aggregated::Provider) => drop(core::provider(out, text, value.language)),
        None => {
            let subject = subject.unwrap_or(out.item());
            plain(told, kind, property, subject, value, out);
        }
    }
}

fn plain(
    told: &Say,
    kind: Kind,
    property: NamedNodeRef<'static>,
    subject: Node,
    value: &Value<'_>,
    out: &mut Description<'_>,
) {
    let text = value.text;
    let object = match kind {
        Kind::Text => return out.text(subject, property, text, value.language),
        Kind::Number | Kind::Integer | Kind::Year | Kind::Boolean => {
            return typed(kind, property, subject, text, out);
        }
        Kind::Date => return date(property, subject, value, out),
        Kind::Rights => return core::rights(out, subject, text, value.language),
        Kind::Item => Some(out.sibling(text)),
        Kind::Iri => out.iri(text),
        Kind::Concept => out.concept(&Concept {
            label: text,
            language: value.language,
            scheme: told.scheme.as_deref(),
            same_as: &[],
        }),
        Kind::Place => places::read_place(text).and_then(|name| {
            out.place(&Place {
                name: name.name,
                language: value.language,
                within: value.within.or(name.within),
                ..Place::default()
            })
        }),
        Kind::Agent => agent(told, value, out),
    };
    if let Some(object) = object {
        out.link(subject, property, object);
    }
}

fn typed(kind: Kind, property: NamedNodeRef<'static>, subject: Node, text: &str, out: &mut Description<'_>) {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    match kind {
        Kind::Integer if digits(unsigned) => out.typed(subject, property, text, xsd::INTEGER),
        Kind::Number => {
            // A decimal comma is as common as a point.
            let plain = text.replace(',', ".");
            let (whole, part) = plain.split_once('.').unwrap_or((&plain, "0"));
            if digits(whole.strip_prefix(['-', '+']).unwrap_or(whole)) && digits(part) {
                out.typed(subject, property, &plain, xsd::DECIMAL);
            } else {
                out.issue(IssueKind::BadNumber, text, "a number such as 41 or 8.5");
            }
        }
        Kind::Integer => out.issue(IssueKind::BadNumber, text, "a whole number such as 41"),
        Kind::Year if text.len() == 4 && digits(text) => out.typed(subject, property, text, xsd::G_YEAR),
        Kind::Year => out.issue(IssueKind::UnreadableDate, text, "a year of four figures"),
        _ => match text {
            "true" | "1" => out.typed(subject, property, "true", xsd::BOOLEAN),
            "false" | "0" => out.typed(subject, property, "false", xsd::BOOLEAN),
            _ => out.issue(IssueKind::UnknownCode, text, "true or false"),
        },
    }
}

fn date(property: NamedNodeRef<'static>, subject: Node, value: &Value<'_>, out: &mut Description<'_>) {
    let spans = dates::read_dates(value.text, value.language);
    for span in &spans {
        out.dated(subject, property, span, value.text);
    }
    if spans.is_empty() {
        out.text(subject, aarre::AS_WRITTEN, value.text, None);
        let kind = dates::issue_of(value.text, value.language);
        out.issue(kind, value.text, "a date in EDTF or in words, such as 1891 or ca 1890");
    }
}

/// Somebody, with the role in which they took part.
fn agent(told: &Say, value: &Value<'_>, out: &mut Description<'_>) -> Option<Node> {
    let name = names::read_name(value.text);
    let kind = if told.agent == AgentKind::Unknown { name.kind_hint } else { told.agent };
    let body = matches!(kind, AgentKind::Organization | AgentKind::Family);
    let heading = if told.direct && !body { names::inverted(&name.name) } else { name.name.clone() };
    let node = out.agent(&Agent {
        kind,
        name: &heading,
        language: value.language,
        birth: name.birth.as_deref(),
        death: name.death.as_deref(),
        qualifier: name.qualifier.as_deref(),
        as_written: Some(value.text),
        same_as: &[],
    })?;
    if let Some(role) = value.role {
        let contribution = out.next_fragment("contribution");
        let item = out.item();
        out.link(item, aarre::CONTRIBUTION, contribution);
        out.a(contribution, bf::CONTRIBUTION_CLASS);
        out.link(contribution, bf::AGENT, node);
        match roles::of_code(role) {
            roles::Role::Known { iri, .. } => {
                if let Some(iri) = out.iri(iri) {
                    out.link(contribution, bf::ROLE, iri);
                }
            }
            roles::Role::Unknown(_) => {
                out.issue(IssueKind::UnknownRole, role, "a role that the tables know");
            }
        }
        out.text(contribution, aarre::ROLE_AS_WRITTEN, role, None);
    }
    Some(node)
}
