//! From a row to a description: every rule of the mapping in turn.

use super::compile::agent_kind;
use super::entities::heading;
use super::mapping::{Describes, Mapping, Origin, Otherwise, Rule, Target, Tongue, ValueKind};
use super::row::{Cells, Oddity, Row};
use super::{events, site};
use crate::shared::{core, languages, names};
use graph_model::{AgentKind, Description, IssueKind, Node};
use std::borrow::Cow;
use vocabularies::{crm, dc, dcterms, edm, owl, skos};

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
    pub(super) contributions: u32,
    pub(super) measurements: u32,
    pub(super) identifiers: u32,
    pub(super) titled: Option<String>,
    pub(super) rights: bool,
    pub(super) images: Vec<Node>,
    pub(super) image_rights: Vec<String>,
    pub(super) person: Person,
    /// Fragments of events told so far, by kind.
    pub(super) events: Vec<&'static str>,
}

/// What a row that describes an agent says.
#[derive(Default)]
pub(super) struct Person {
    pub(super) birth: Option<String>,
    pub(super) death: Option<String>,
    pub(super) kind: AgentKind,
    pub(super) language: Option<String>,
    pub(super) direct: bool,
    pub(super) same_as: Vec<String>,
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
                Target::Life => {
                    let (birth, death) = names::read_life(value);
                    self.person.birth = self.person.birth.take().or(birth);
                    self.person.death = self.person.death.take().or(death);
                }
                Target::Birth | Target::Death => self.life(rule, value, out),
                Target::Kind => match agent_kind(value) {
                    Some(kind) => self.person.kind = kind,
                    None => {
                        out.issue(IssueKind::UnknownCode, value, "person, organization, family or unknown");
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
                // The owner's preferred name is kept as it stands, unless the mapping says that it is in direct order.
                let heading = if rule.direct {
                    heading(&names::read_name(value), rule, value)
                } else {
                    value.to_owned()
                };
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
}
