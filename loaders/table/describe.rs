//! From a row to a description: every rule of the mapping in turn.

use super::mapping::{
    Describes, Mapping, Origin, Otherwise, Rule, Slot, Target, Tongue, ValueKind, Within, agent_kind,
};
use super::row::{Cells, Oddity, Row, follow, scalar};
use super::{events, site};
use crate::shared::{core, dates, languages, names, places};
use graph_model::{Agent, AgentKind, Concept, Description, IssueKind, Node, Place};
use oxrdf::NamedNodeRef;
use serde_json::Value;
use std::borrow::Cow;
use vocabularies::{aarre, bf, crm, dc, dcterms, edm, foaf, owl, rdagr2, relators, skos, xsd};

/// Says all that the row says.
pub(super) fn describe(mapping: &Mapping, row: &Row, out: &mut Description<'_>) {
    let mut draft = Draft::new(mapping, row);
    draft.oddities(out);
    let item = out.item();
    match mapping.describes {
        Describes::Item(sector) => {
            out.rule("table.core", "");
            core::begin(out, sector, mapping.edm_type);
            if let Some(provider) = &mapping.provider {
                core::data_provider(out, provider, None);
            }
        }
        Describes::Agent => out.a(item, edm::AGENT),
        Describes::Place => out.a(item, edm::PLACE),
        Describes::Concept => out.a(item, skos::CONCEPT),
    }
    for rule in mapping.constants.iter().chain(&mapping.rules) {
        out.rule(&rule.id, &rule.path);
        draft.apply(rule, out);
    }
    draft.site.describe(draft.place, mapping.describes == Describes::Place, out);
    for rule in &mapping.events {
        events::describe(&mut draft, rule, out);
    }
    draft.finish(out);
}

/// What is known of a row while its rules are applied.
pub(super) struct Draft<'r> {
    pub(super) mapping: &'r Mapping,
    pub(super) row: &'r Row,
    pub(super) site: site::Site<'r>,
    /// The first place that the record names, for its site to lie in.
    pub(super) place: Option<Node>,
    contributions: u32,
    measurements: u32,
    identifiers: u32,
    titled: Option<String>,
    rights: bool,
    images: Vec<Node>,
    image_rights: Vec<String>,
    person: Person,
    /// Fragments of events told so far, by kind.
    pub(super) events: Vec<&'static str>,
}

/// What a row that describes an agent says.
#[derive(Default)]
struct Person {
    birth: Option<String>,
    death: Option<String>,
    kind: AgentKind,
    language: Option<String>,
    direct: bool,
    same_as: Vec<String>,
}

impl<'r> Draft<'r> {
    fn new(mapping: &'r Mapping, row: &'r Row) -> Self {
        Self {
            mapping,
            row,
            site: site::Site::default(),
            place: None,
            contributions: 0,
            measurements: 0,
            identifiers: 0,
            titled: None,
            rights: false,
            images: Vec::new(),
            image_rights: Vec::new(),
            person: Person::default(),
            events: Vec::new(),
        }
    }

    fn oddities(&self, out: &mut Description<'_>) {
        for oddity in &self.row.oddities {
            match oddity {
                Oddity::Encoding => {
                    out.issue_at(
                        "row",
                        IssueKind::BadEncoding,
                        "bytes that are not UTF-8",
                        "the encoding that the mapping names",
                    );
                }
                Oddity::TooMany(count) => {
                    out.issue_at(
                        "row",
                        IssueKind::BadStructure,
                        &format!("{count} cells"),
                        "no more cells than columns",
                    );
                }
                Oddity::Quote => {
                    out.issue_at(
                        "row",
                        IssueKind::BadStructure,
                        "text after a closing quotation mark",
                        "a delimiter there",
                    );
                }
            }
        }
        if super::identifier(self.mapping, self.row).is_none() {
            let columns: Vec<&str> =
                self.mapping.id.iter().map(|slot| self.mapping.columns[*slot].as_str()).collect();
            out.issue_at(
                &columns.join(", "),
                IssueKind::MissingIdentifier,
                "",
                "the owner's identifier; the row's content gave it one",
            );
        }
        // Said once a table, beside its first row, lest every row repeat it.
        if let (true, Cells::Table { header, .. }) = (self.row.first, &self.row.cells) {
            for (column, place) in self.mapping.columns.iter().zip(&header.places) {
                if place.is_none() {
                    out.issue_at(
                        column,
                        IssueKind::MissingValue,
                        "no such column",
                        "a column of this name, as the mapping uses it",
                    );
                }
            }
            for name in &header.names {
                if !self.mapping.columns.contains(name) && !self.mapping.ignore.contains(name) {
                    out.issue_at(
                        name,
                        IssueKind::UnmappedField,
                        "a column that no rule uses",
                        "a rule for it, or its name under 'ignore'",
                    );
                }
            }
        }
    }

    pub(super) fn language(&self, tongue: &'r Tongue) -> Option<&'r str> {
        match tongue {
            Tongue::None => None,
            Tongue::Tag(tag) => Some(tag),
            Tongue::Told { column, values, default } => {
                let told = self.row.value(self.mapping, *column);
                told.and_then(|told| values.get(told.as_ref())).or(default.as_ref()).map(String::as_str)
            }
        }
    }

    /// The values of a rule, split and looked up.
    fn values(&self, rule: &'r Rule, out: &mut Description<'_>) -> Vec<Cow<'r, str>> {
        let found = match &rule.origin {
            Origin::Column(slot) => self.row.values(self.mapping, *slot),
            Origin::Constant(texts) => texts.iter().map(|text| Cow::Borrowed(text.as_str())).collect(),
        };
        let mut values: Vec<Cow<'r, str>> = Vec::with_capacity(found.len());
        match &rule.split {
            Some(separator) if rule.parallel.is_none() => {
                for value in found {
                    values.extend(
                        value.split(separator.as_str()).map(|part| Cow::Owned(part.trim().to_owned())),
                    );
                }
            }
            _ => values = found,
        }
        values.retain(|value| !value.is_empty());
        if values.is_empty()
            && let Some(default) = &rule.default
        {
            values.push(Cow::Borrowed(default));
        }
        if let Some(lookup) = &rule.lookup {
            let mut known = Vec::with_capacity(values.len());
            for value in values {
                match (lookup.get(value.as_ref()), rule.otherwise) {
                    (Some(meaning), _) if meaning.is_empty() => {}
                    (Some(meaning), _) => known.push(Cow::Borrowed(meaning.as_str())),
                    (None, Otherwise::Drop) => {}
                    (None, Otherwise::Keep) => known.push(value),
                    (None, Otherwise::Issue) => {
                        out.issue(IssueKind::UnknownCode, &value, "a value of the mapping's lookup");
                        known.push(value);
                    }
                }
            }
            values = known;
        }
        if !rule.prefix.is_empty() || !rule.suffix.is_empty() {
            for value in &mut values {
                *value = Cow::Owned(format!("{}{value}{}", rule.prefix, rule.suffix));
            }
        }
        values
    }

    fn apply(&mut self, rule: &'r Rule, out: &mut Description<'_>) {
        if let (Some(parts), Origin::Column(slot)) = (&rule.parts, &rule.origin)
            && let Some(name) = &parts.names.name
            && let Target::Property(property, ValueKind::Agent) = rule.target
        {
            // Owned, as the objects borrow the row and not the draft.
            for object in self.row.objects(&self.mapping.columns[*slot]) {
                self.agent_object(rule, property, name, object, out);
            }
            return;
        }
        let values = self.values(rule, out);
        let item = out.item();
        for value in &values {
            match rule.target {
                Target::Property(property, kind) => self.property(rule, property, kind, value, out),
                Target::Title => self.title(rule, value, out),
                Target::Alternative => {
                    let property = match self.mapping.describes {
                        Describes::Item(_) => dcterms::ALTERNATIVE,
                        _ => skos::ALT_LABEL,
                    };
                    out.text(item, property, value, self.language(&rule.language));
                }
                Target::Identifier => self.identifier(rule, value, out),
                Target::Language => match languages::tag(value) {
                    Some(tag) => out.text(item, dc::LANGUAGE, tag, None),
                    None => out.issue(IssueKind::UnknownLanguage, value, "a code or name of a language"),
                },
                Target::PartOf => {
                    let whole = out.sibling(value);
                    out.link(item, dcterms::IS_PART_OF, whole);
                }
                Target::Rights => {
                    self.rights = true;
                    let aggregation = core::aggregation(out);
                    core::rights(out, aggregation, value, self.language(&rule.language));
                }
                Target::ImageRights => self.image_rights.push(value.clone().into_owned()),
                Target::View(view) => {
                    if let Some(node) = core::web_resource(out, value, view, None) {
                        self.images.push(node);
                    }
                }
                Target::DataProvider => drop(core::data_provider(out, value, self.language(&rule.language))),
                Target::Provider => drop(core::provider(out, value, self.language(&rule.language))),
                Target::Latitude | Target::Longitude | Target::Point | Target::Wkt | Target::Address => {
                    let language = self.language(&rule.language);
                    self.site.take(rule, value, language);
                }
                Target::Owner | Target::Keeper => {
                    let property = if rule.target == Target::Owner {
                        crm::P52_HAS_CURRENT_OWNER
                    } else {
                        crm::P50_HAS_CURRENT_KEEPER
                    };
                    if let Some(node) = self.agent(rule, value, out) {
                        out.link(item, property, node);
                    }
                }
                Target::OwnerType => {
                    if let Some(kind) = self.concept(rule, value, out) {
                        let owner = out.fragment("owner");
                        out.link(item, crm::P52_HAS_CURRENT_OWNER, owner);
                        out.a(owner, crm::E39_ACTOR);
                        out.link(owner, crm::P2_HAS_TYPE, kind);
                    }
                }
                Target::Measurement => self.measurement(rule, value, out),
                Target::Birth | Target::Death => self.life(rule, value, out),
                Target::Kind => match agent_kind(value) {
                    Some(kind) => self.person.kind = kind,
                    None => {
                        out.issue(IssueKind::UnknownCode, value, "person, organization, family or unknown")
                    }
                },
                Target::SameAs => {
                    if let Some(node) = out.iri(value) {
                        let property = if self.mapping.describes == Describes::Concept {
                            skos::EXACT_MATCH
                        } else {
                            owl::SAME_AS
                        };
                        out.link(item, property, node);
                        self.person.same_as.push(value.clone().into_owned());
                    }
                }
            }
        }
    }

    fn title(&mut self, rule: &'r Rule, value: &str, out: &mut Description<'_>) {
        let item = out.item();
        let language = self.language(&rule.language);
        match self.mapping.describes {
            Describes::Item(_) => out.text(item, dc::TITLE, value, language),
            Describes::Agent => {
                // The heading, where the text tells which part is the surname; otherwise as it stands.
                let name = names::read_name(value);
                let heading = heading(&name, rule);
                out.text(item, skos::PREF_LABEL, &heading, language);
                if heading != value {
                    out.text(item, skos::ALT_LABEL, value, language);
                }
                self.person.direct = rule.direct;
            }
            Describes::Place | Describes::Concept => out.text(item, skos::PREF_LABEL, value, language),
        }
        if self.titled.is_none() {
            self.titled = Some(value.to_owned());
            self.person.language = language.map(str::to_owned);
        }
    }

    fn property(
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
            ValueKind::Text => match (&rule.parallel, &rule.split) {
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
            ValueKind::Concept => {
                if let Some(node) = self.concept(rule, value, out) {
                    out.link(item, property, node);
                }
            }
        }
    }

    fn agent(&mut self, rule: &'r Rule, value: &str, out: &mut Description<'_>) -> Option<Node> {
        let part = |slot: Option<Slot>| slot.and_then(|slot| self.row.value(self.mapping, slot));
        let parts = rule.parts.as_ref();
        let birth = part(parts.and_then(|parts| parts.birth)).and_then(|text| moment(&text, out));
        let death = part(parts.and_then(|parts| parts.death)).and_then(|text| moment(&text, out));
        let role = part(parts.and_then(|parts| parts.role)).map(Cow::into_owned);
        self.agent_with(rule, value, (birth, death), role, out)
    }

    /// An agent of an object inside a JSON record, with its dates and role.
    fn agent_object(
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
        let birth = member(&parts.birth).and_then(|text| moment(&text, out));
        let death = member(&parts.death).and_then(|text| moment(&text, out));
        let role = member(&parts.role).map(Cow::into_owned);
        if let Some(node) = self.agent_with(rule, &written, (birth, death), role, out) {
            let item = out.item();
            out.link(item, property, node);
        }
    }

    fn agent_with(
        &mut self,
        rule: &'r Rule,
        value: &str,
        (birth, death): (Option<String>, Option<String>),
        role: Option<String>,
        out: &mut Description<'_>,
    ) -> Option<Node> {
        let name = names::read_name(value);
        let kind = if rule.kind == AgentKind::Unknown { name.kind_hint } else { rule.kind };
        let heading = heading(&name, rule);
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
        for role in fixed.iter().map(String::as_str).chain(name.roles.iter().map(String::as_str)) {
            self.contribution(node, role, out);
        }
        Some(node)
    }

    /// Keeps a role in the words of the source, and as a MARC relator where it is one.
    pub(super) fn contribution(&mut self, agent: Node, role: &str, out: &mut Description<'_>) {
        self.contributions += 1;
        let item = out.item();
        let node = out.fragment(&format!("contribution-{}", self.contributions));
        out.link(item, aarre::CONTRIBUTION, node);
        out.a(node, bf::CONTRIBUTION_CLASS);
        out.link(node, bf::AGENT, agent);
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

    fn place(&mut self, rule: &'r Rule, value: &str, out: &mut Description<'_>) -> Option<Node> {
        let language = self.language(&rule.language);
        let mut written = value;
        let mut others: Vec<(&str, &str)> = Vec::new();
        let mut first_language = language;
        if let (Some(tags), Some(separator)) = (&rule.parallel, &rule.split) {
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
        let told = match &rule.within {
            None => None,
            Some(Within::Column(slot)) => self.row.value(self.mapping, *slot),
            Some(Within::Constant(text)) => Some(Cow::Borrowed(text.as_str())),
        };
        let same_as: Vec<String> = rule.same_as.get(value).cloned().into_iter().collect();
        let node = out.place(&Place {
            name: name.name,
            language: first_language,
            within: told.as_deref().or(name.within),
            same_as: &same_as,
            ..Place::default()
        })?;
        for (part, tag) in others {
            out.text(node, skos::PREF_LABEL, part, Some(tag));
        }
        Some(node)
    }

    fn concept(&mut self, rule: &'r Rule, value: &str, out: &mut Description<'_>) -> Option<Node> {
        let same_as: Vec<String> = rule.same_as.get(value).cloned().into_iter().collect();
        out.concept(&Concept {
            label: value,
            language: self.language(&rule.language),
            scheme: rule.scheme.as_deref(),
            same_as: &same_as,
        })
    }

    fn identifier(&mut self, rule: &'r Rule, value: &str, out: &mut Description<'_>) {
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

    fn measurement(&mut self, rule: &'r Rule, value: &str, out: &mut Description<'_>) {
        let item = out.item();
        let Some(number) = number(value) else {
            out.issue(IssueKind::BadNumber, value, "a number such as 41 or 8.5");
            return;
        };
        let words = [rule.dimension.as_deref(), Some(number.as_str()), rule.unit.as_deref()];
        out.text(item, dcterms::EXTENT, &words.into_iter().flatten().collect::<Vec<_>>().join(" "), None);
        self.measurements += 1;
        let measurement = out.fragment(&format!("measurement-{}", self.measurements));
        out.link(item, crm::P39I_WAS_MEASURED_BY, measurement);
        out.a(measurement, crm::E16_MEASUREMENT);
        let dimension = out.fragment(&format!("dimension-{}", self.measurements));
        out.link(item, crm::P43_HAS_DIMENSION, dimension);
        out.link(measurement, crm::P40_OBSERVED_DIMENSION, dimension);
        out.a(dimension, crm::E54_DIMENSION);
        out.typed(dimension, crm::P90_HAS_VALUE, &number, xsd::DECIMAL);
        for (property, label) in [(crm::P2_HAS_TYPE, &rule.dimension), (crm::P91_HAS_UNIT, &rule.unit)] {
            let concept =
                label.as_deref().and_then(|label| out.concept(&Concept { label, ..Concept::default() }));
            if let Some(node) = concept {
                out.link(dimension, property, node);
            }
        }
    }

    /// Birth and death of the agent that the row describes.
    fn life(&mut self, rule: &'r Rule, value: &str, out: &mut Description<'_>) {
        let Some(edtf) = moment(value, out) else { return };
        let slot = if rule.target == Target::Birth { &mut self.person.birth } else { &mut self.person.death };
        slot.get_or_insert(edtf);
    }

    /// What can be said only when all rules have spoken.
    fn finish(&mut self, out: &mut Description<'_>) {
        let item = out.item();
        if let Describes::Item(_) = self.mapping.describes {
            if self.titled.is_none() {
                out.issue_at(
                    "title",
                    IssueKind::MissingTitle,
                    "",
                    "a column with to = \"title\" that is not empty",
                );
            }
            if let (false, Some(rights)) = (self.rights, &self.mapping.rights) {
                out.rule("table.core.rights", "");
                let aggregation = core::aggregation(out);
                core::rights(out, aggregation, rights, None);
            }
            out.rule("table.image-rights.rights", "");
            for text in std::mem::take(&mut self.image_rights) {
                for image in &self.images {
                    core::rights(out, *image, &text, None);
                }
            }
            return;
        }
        let Some(title) = self.titled.take() else {
            out.issue_at("title", IssueKind::MissingTitle, "", "a name in a column with to = \"title\"");
            return;
        };
        out.rule("table.shared", "");
        let language = self.person.language.clone();
        // The row's own node is what the owner keeps; the shared one is what other records arrive at by the same name.
        let shared = match self.mapping.describes {
            Describes::Agent => {
                let name = names::read_name(&title);
                let kind =
                    if self.person.kind == AgentKind::Unknown { name.kind_hint } else { self.person.kind };
                let birth = self.person.birth.clone().or(name.birth.clone());
                let death = self.person.death.clone().or(name.death.clone());
                match kind {
                    AgentKind::Person => out.a(item, foaf::PERSON),
                    AgentKind::Organization => out.a(item, foaf::ORGANIZATION),
                    AgentKind::Family => out.a(item, foaf::GROUP),
                    AgentKind::Unknown | AgentKind::Event => {}
                }
                let body = kind == AgentKind::Organization;
                let begin = if body { rdagr2::DATE_OF_ESTABLISHMENT } else { rdagr2::DATE_OF_BIRTH };
                let end = if body { rdagr2::DATE_OF_TERMINATION } else { rdagr2::DATE_OF_DEATH };
                for (property, edtf) in [(begin, &birth), (end, &death)] {
                    if let Some(edtf) = edtf {
                        state_moment(item, property, edtf, out);
                    }
                }
                let turn = self.person.direct && !matches!(kind, AgentKind::Organization | AgentKind::Family);
                let heading = if turn { names::inverted(&name.name) } else { name.name.clone() };
                out.agent(&Agent {
                    kind,
                    name: &heading,
                    language: language.as_deref(),
                    birth: birth.as_deref(),
                    death: death.as_deref(),
                    qualifier: name.qualifier.as_deref(),
                    as_written: None,
                    same_as: &self.person.same_as,
                })
            }
            Describes::Concept => out.concept(&Concept {
                label: &title,
                language: language.as_deref(),
                scheme: None,
                same_as: &self.person.same_as,
            }),
            // Two rooms or parishes of one name are not one place: only the owner knows.
            Describes::Place | Describes::Item(_) => None,
        };
        if let Some(shared) = shared {
            let property =
                if self.mapping.describes == Describes::Concept { skos::EXACT_MATCH } else { owl::SAME_AS };
            out.link(item, property, shared);
        }
    }
}

fn heading(name: &names::Name, rule: &Rule) -> String {
    let kind = if rule.kind == AgentKind::Unknown { name.kind_hint } else { rule.kind };
    if rule.direct && !matches!(kind, AgentKind::Organization | AgentKind::Family) {
        names::inverted(&name.name)
    } else {
        name.name.clone()
    }
}

/// States a date as a shared time span; one that cannot be read is kept in its words, with an issue.
pub(super) fn dated(
    subject: Node,
    property: NamedNodeRef<'static>,
    value: &str,
    language: Option<&str>,
    out: &mut Description<'_>,
) {
    match dates::read_date(value, language) {
        Some(span) => out.dated(subject, property, &span, value),
        None => {
            out.text(subject, aarre::AS_WRITTEN, value, None);
            out.issue(
                IssueKind::UnreadableDate,
                value,
                "a date in EDTF or in words, such as 1891 or ca 1890",
            );
        }
    }
}

/// A birth or death as EDTF; what cannot be read is an issue.
fn moment(text: &str, out: &mut Description<'_>) -> Option<String> {
    let read = dates::read_date(text, None).map(|span| span.edtf);
    if read.is_none() {
        out.issue(IssueKind::UnreadableDate, text, "a date such as 1865");
    }
    read
}

fn state_moment(subject: Node, property: NamedNodeRef<'static>, edtf: &str, out: &mut Description<'_>) {
    let digits = edtf.strip_prefix('-').unwrap_or(edtf);
    let plain = digits.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    match (plain, digits.len()) {
        (true, 4) => out.typed(subject, property, edtf, xsd::G_YEAR),
        (true, 7) => out.typed(subject, property, edtf, xsd::G_YEAR_MONTH),
        (true, 10) => out.typed(subject, property, edtf, xsd::DATE),
        _ => out.text(subject, property, edtf, None),
    }
}

/// A decimal number in the lexical form of XSD; a comma may stand for the point.
fn number(text: &str) -> Option<String> {
    let text = text.trim().replace(',', ".");
    let digits = text.strip_prefix(['-', '+']).unwrap_or(&text);
    let sound = !digits.is_empty()
        && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && digits.matches('.').count() <= 1
        && digits.bytes().any(|b| b.is_ascii_digit());
    sound.then_some(text)
}

/// Text without the tags of HTML; a line break becomes a line feed.
fn plain(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        text.push_str(&rest[..open]);
        let Some(close) = rest[open..].find('>') else { break };
        let tag = rest[open + 1..open + close].trim_matches(['/', ' ']).to_ascii_lowercase();
        if matches!(tag.as_str(), "br" | "p" | "li" | "div") {
            text.push('\n');
        }
        rest = &rest[open + close + 1..];
    }
    text.push_str(rest);
    for (entity, sign) in
        [("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
    {
        if text.contains(entity) {
            text = text.replace(entity, sign);
        }
    }
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}
