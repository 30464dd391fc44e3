//! What one value becomes: an agent, place, concept, identifier, measurement, or a plain literal.

use super::describe::Draft;
use super::mapping::{Rule, Slot, ValueKind, Word};
use super::row::{follow, scalar};
use super::values::{dated, moment, number, plain};
use crate::shared::{names, places};
use graph_model::{Agent, AgentKind, Concept, Description, IssueKind, Node, Place, content_key};
use oxrdf::NamedNodeRef;
use serde_json::Value;
use std::borrow::Cow;
use vocabularies::{aarre, bf, crm, dc, dcmitype, dcterms, relators, skos, xsd};

impl<'r> Draft<'r> {
    pub(super) fn property(
        &mut self,
        rule: &'r Rule,
        property: NamedNodeRef<'static>,
        kind: ValueKind,
        value: &str,
        out: &mut Description<'_>,
    ) {
        let item = out.item();
        let language = self.language(&rule.language);
        match kind {
            ValueKind::Text => match (&rule.parallel, rule.reading.split.first()) {
                (Some(tags), Some(separator)) => {
                    for (part, tag) in value.split(separator.as_str()).zip(tags) {
                        out.text(item, property, part, Some(tag));
                    }
                }
                _ => out.text(item, property, value, language),
            },
            ValueKind::Html => out.text(item, property, &plain(value), language),
            ValueKind::Iri => {
                if let Some(node) = out.iri(value) {
                    out.link(item, property, node);
                }
            }
            ValueKind::Item => {
                let node = out.sibling(value);
                out.link(item, property, node);
            }
            ValueKind::Year => {
                let fits = value.len() == 4 && value.bytes().all(|b| b.is_ascii_digit());
                if fits {
                    out.typed(item, property, value, xsd::G_YEAR);
                } else {
                    out.issue(IssueKind::UnreadableDate, value, "a year of four figures");
                }
            }
            ValueKind::Number => match number(value) {
                Some(number) => out.typed(item, property, &number, xsd::DECIMAL),
                None => out.issue(IssueKind::BadNumber, value, "a number such as 41 or 8.5"),
            },
            ValueKind::Date => dated(item, property, value, language, out),
            ValueKind::Agent => {
                if let Some(node) = self.agent(rule, value, out) {
                    out.link(item, property, node);
                }
            }
            ValueKind::Place => {
                if let Some(node) = self.place(rule, value, out) {
                    out.link(item, property, node);
                    self.place.get_or_insert(node);
                }
            }
            ValueKind::Collection => {
                let key = content_key(&[value]);
                if !key.is_empty() {
                    let node = out.shared("collection", &key);
                    out.a(node, dcmitype::COLLECTION);
                    out.text(node, dc::TITLE, value, language);
                    out.link(item, property, node);
                }
            }
            ValueKind::Concept => {
                if let Some(node) = self.concept(rule, value, out) {
                    out.link(item, property, node);
                }
            }
        }
    }

    pub(super) fn agent(&mut self, rule: &'r Rule, value: &str, out: &mut Description<'_>) -> Option<Node> {
        let part = |slot: Option<Slot>| slot.and_then(|slot| self.cell(slot));
        let Some(parts) = rule.parts.as_ref() else {
            return self.agent_with(rule, value, (None, None), None, None, out);
        };
        let mut life = part(parts.life).map(|text| names::read_life(&text)).unwrap_or_default();
        if let Some(birth) = part(parts.birth).and_then(|text| moment(&text, out)) {
            life.0 = Some(birth);
        }
        if let Some(death) = part(parts.death).and_then(|text| moment(&text, out)) {
            life.1 = Some(death);
        }
        let role = part(parts.role).map(Cow::into_owned);
        let qualifier = part(parts.qualifier);
        self.agent_with(rule, value, life, role, qualifier.as_deref(), out)
    }

    /// An agent of an object inside a JSON record, with its dates and role.
    pub(super) fn agent_object(
        &mut self,
        rule: &'r Rule,
        property: NamedNodeRef<'static>,
        name: &str,
        object: &Value,
        out: &mut Description<'_>,
    ) {
        let member = |path: &Option<String>| {
            path.as_ref()
                .and_then(|path| follow(object, path).into_iter().find_map(scalar))
                .filter(|text| !text.is_empty())
        };
        let Some(written) = follow(object, name).into_iter().find_map(scalar).filter(|text| !text.is_empty())
        else {
            return;
        };
        let Some(parts) = rule.parts.as_ref().map(|parts| &parts.names) else { return };
        let mut life = member(&parts.life).map(|text| names::read_life(&text)).unwrap_or_default();
        if let Some(birth) = member(&parts.birth).and_then(|text| moment(&text, out)) {
            life.0 = Some(birth);
        }
        if let Some(death) = member(&parts.death).and_then(|text| moment(&text, out)) {
            life.1 = Some(death);
        }
        let role = member(&parts.role).map(Cow::into_owned);
        let qualifier = member(&parts.qualifier);
        if let Some(node) = self.agent_with(rule, &written, life, role, qualifier.as_deref(), out) {
            let item = out.item();
            out.link(item, property, node);
        }
    }

    pub(super) fn agent_with(
        &mut self,
        rule: &'r Rule,
        value: &str,
        (birth, death): (Option<String>, Option<String>),
        role: Option<String>,
        qualifier: Option<&str>,
        out: &mut Description<'_>,
    ) -> Option<Node> {
        let name = names::read_name(value);
        let told = role.as_deref().or(name.roles.first().map(String::as_str)).unwrap_or_default();
        let wanted = rule.only_roles.is_empty() || rule.only_roles.iter().any(|role| role == told);
        if !wanted || rule.not_roles.iter().any(|role| role == told) {
            return None;
        }
        let kind = if rule.kind == AgentKind::Unknown { name.kind_hint } else { rule.kind };
        let heading = heading(&name, rule, value);
        let same_as: Vec<String> = rule.same_as.get(value).cloned().into_iter().collect();
        let node = out.agent(&Agent {
            kind,
            name: &heading,
            language: self.language(&rule.language),
            birth: birth.as_deref().or(name.birth.as_deref()),
            death: death.as_deref().or(name.death.as_deref()),
            qualifier: name.qualifier.as_deref(),
            as_written: Some(value),
            same_as: &same_as,
        })?;
        let fixed = role.or_else(|| rule.role.clone());
        let mut contribution = None;
        for role in fixed.iter().map(String::as_str).chain(name.roles.iter().map(String::as_str)) {
            contribution = Some(self.contribution(node, Some(role), out));
        }
        if let Some(qualifier) = qualifier {
            let contribution = contribution.unwrap_or_else(|| self.contribution(node, None, out));
            out.text(contribution, aarre::ATTRIBUTION_QUALIFIER, qualifier, None);
        }
        Some(node)
    }

    /// Keeps the part of somebody: its role in the words of the source, and as a MARC relator where it is one.
    pub(super) fn contribution(
        &mut self,
        agent: Node,
        role: Option<&str>,
        out: &mut Description<'_>,
    ) -> Node {
        self.contributions += 1;
        let item = out.item();
        let node = out.fragment(&format!("contribution-{}", self.contributions));
        out.link(item, aarre::CONTRIBUTION, node);
        out.a(node, bf::CONTRIBUTION_CLASS);
        out.link(node, bf::AGENT, agent);
        if let Some(role) = role {
            match relators::by_term(role).or_else(|| relators::by_code(role)) {
                Some(relator) => {
                    if let Some(iri) = out.iri(relator.iri) {
                        out.link(node, bf::ROLE, iri);
                    }
                }
                None => out.issue(IssueKind::UnknownRole, role, "a role that the tables know"),
            }
            out.text(node, aarre::ROLE_AS_WRITTEN, role, None);
        }
        node
    }

    pub(super) fn place(&mut self, rule: &'r Rule, value: &str, out: &mut Description<'_>) -> Option<Node> {
        let language = self.language(&rule.language);
        let mut written = value;
        let mut others: Vec<(&str, &str)> = Vec::new();
        let mut first_language = language;
        if let (Some(tags), Some(separator)) = (&rule.parallel, rule.reading.split.first()) {
            let mut parts =
                value.split(separator.as_str()).map(str::trim).zip(tags.iter().map(String::as_str));
            if value.contains(separator.as_str())
                && let Some((part, tag)) = parts.next()
            {
                (written, first_language) = (part, Some(tag));
                others = parts.collect();
            }
        }
        let name = places::read_place(written)?;
        let around: Vec<Cow<'r, str>> = rule.within.iter().filter_map(|word| self.word(word)).collect();
        let told = around.first();
        let same_as: Vec<String> = rule.same_as.get(value).cloned().into_iter().collect();
        let node = out.place(&Place {
            name: name.name,
            language: first_language,
            within: told.map(Cow::as_ref).or(name.within),
            same_as: &same_as,
            ..Place::default()
        })?;
        // A list of what is around it is a chain of places, each within the next.
        if rule.within.len() > 1 {
            let mut inner = node;
            for (index, wider) in around.iter().enumerate() {
                let Some(name) = places::read_place(wider) else { continue };
                let within = around.get(index + 1).map(Cow::as_ref).or(name.within);
                let place = Place { name: name.name, language, within, ..Place::default() };
                let Some(outer) = out.place(&place) else { continue };
                if outer != inner {
                    out.link(inner, dcterms::IS_PART_OF, outer);
                }
                inner = outer;
            }
        }
        for (part, tag) in others {
            out.text(node, skos::PREF_LABEL, part, Some(tag));
        }
        Some(node)
    }

    /// A word that is always the same, or that a column tells.
    fn word(&self, word: &'r Word) -> Option<Cow<'r, str>> {
        match word {
            Word::Column(slot) => self.cell(*slot),
            Word::Constant(text) => Some(Cow::Borrowed(text)),
        }
    }

    pub(super) fn concept(&mut self, rule: &'r Rule, value: &str, out: &mut Description<'_>) -> Option<Node> {
        let same_as: Vec<String> = rule.same_as.get(value).cloned().into_iter().collect();
        out.concept(&Concept {
            label: value,
            language: self.language(&rule.language),
            scheme: rule.scheme.as_deref(),
            same_as: &same_as,
        })
    }

    pub(super) fn identifier(&mut self, rule: &'r Rule, value: &str, out: &mut Description<'_>) {
        let item = out.item();
        out.text(item, dc::IDENTIFIER, value, None);
        if let Some(scheme) = &rule.scheme {
            self.identifiers += 1;
            let node = out.fragment(&format!("identifier-{}", self.identifiers));
            out.link(item, crm::P1_IS_IDENTIFIED_BY, node);
            out.a(node, crm::E42_IDENTIFIER);
            out.text(node, crm::P190_HAS_SYMBOLIC_CONTENT, value, None);
            out.text(node, aarre::IDENTIFIER_SCHEME, scheme, None);
        }
    }

    pub(super) fn measurement(&mut self, rule: &'r Rule, value: &str, out: &mut Description<'_>) {
        let item = out.item();
        let language = self.language(&rule.language);
        let dimension = rule.dimension.as_ref().and_then(|word| self.word(word));
        let unit = rule.unit.as_ref().and_then(|word| self.word(word));
        let read = number(value);
        let words = [dimension.as_deref(), Some(read.as_deref().unwrap_or(value)), unit.as_deref()];
        // In words, which the reader of the core layer understands; so nothing is lost where the number cannot be read.
        out.text(item, dcterms::EXTENT, &words.into_iter().flatten().collect::<Vec<_>>().join(" "), None);
        let Some(number) = read else {
            out.issue(IssueKind::BadNumber, value, "a number such as 41 or 8.5");
            return;
        };
        self.measurements += 1;
        let measurement = out.fragment(&format!("measurement-{}", self.measurements));
        out.link(item, crm::P39I_WAS_MEASURED_BY, measurement);
        out.a(measurement, crm::E16_MEASUREMENT);
        let measured = out.fragment(&format!("dimension-{}", self.measurements));
        out.link(item, crm::P43_HAS_DIMENSION, measured);
        out.link(measurement, crm::P40_OBSERVED_DIMENSION, measured);
        out.a(measured, crm::E54_DIMENSION);
        out.typed(measured, crm::P90_HAS_VALUE, &number, xsd::DECIMAL);
        // The symbol of a unit is of no language, and the mapping's own words are not of the table's.
        let told = language.filter(|_| matches!(rule.dimension, Some(Word::Column(_))));
        for (property, label, language) in
            [(crm::P2_HAS_TYPE, &dimension, told), (crm::P91_HAS_UNIT, &unit, None)]
        {
            let concept = label
                .as_deref()
                .and_then(|label| out.concept(&Concept { label, language, ..Concept::default() }));
            if let Some(node) = concept {
                out.link(measured, property, node);
            }
        }
    }
}

/// The heading of a name: turned round where the mapping says that it is in direct order, and never a body's.
pub(super) fn heading(name: &names::Name, rule: &Rule, written: &str) -> String {
    let body = |kind| matches!(kind, AgentKind::Organization | AgentKind::Family);
    if body(rule.kind) && name.kind_hint == AgentKind::Person {
        // It looked like a person's, and the mapping knows better.
        written.to_owned()
    } else if rule.direct && !body(rule.kind) && !body(name.kind_hint) {
        names::inverted(&name.name)
    } else {
        name.name.clone()
    }
}
