//! From a row to a description: every rule of the mapping in turn.

use super::entities::heading;
use super::mapping::{
    Body, Describes, Mapping, Origin, Otherwise, Reading, Rule, Slot, Target, Tongue, ValueKind,
};
use super::row::{Cells, Oddity, Row, Scope};
use super::targets::agent_kind;
use super::{events, site};
use crate::shared::core::View;
use crate::shared::{core, languages, names};
use graph_model::{AgentKind, Description, IssueKind, Node};
use std::borrow::Cow;
use vocabularies::{crm, dc, dcterms, edm, owl, rdfs, skos};

/// Says all that the row says.
pub(super) fn describe(mapping: &Mapping, row: &Row, out: &mut Description<'_>) {
    let mut draft = Draft::new(mapping, row);
    draft.oddities(out);
    let item = out.item();
    let body = draft.body;
    match body.describes {
        Describes::Item(sector) => {
            out.rule("table.core", "");
            core::begin(out, sector, body.edm_type);
            if let Some(provider) = &mapping.provider {
                core::data_provider(out, provider, None);
            }
        }
        Describes::Agent => out.a(item, edm::AGENT),
        Describes::Place => out.a(item, edm::PLACE),
        Describes::Concept => out.a(item, skos::CONCEPT),
    }
    for rule in body.constants.iter().chain(&body.rules) {
        draft.each(rule.each.as_deref(), |draft| {
            if draft.holds(&rule.conditions) {
                out.rule(&rule.id, &rule.path);
                draft.apply(rule, out);
            }
        });
    }
    draft.site.describe(draft.place, body.describes == Describes::Place, 1, out);
    for group in &body.groups {
        draft.each(group.each.as_deref(), |draft| {
            if draft.holds(&group.conditions) {
                events::describe(draft, group, out);
            }
        });
    }
    let mut sites = 1;
    for index in 0..row.more.len() {
        draft.more(index, &mut sites, out);
    }
    draft.row = row;
    draft.finish(out);
}

/// What is known of a row while its rules are applied.
pub(super) struct Draft<'r> {
    pub(super) mapping: &'r Mapping,
    pub(super) row: &'r Row,
    /// The first row of the record, with the further ones.
    whole: &'r Row,
    /// What records of this kind say.
    pub(super) body: &'r Body,
    /// The part of the row in which columns are looked up just now.
    scope: Scope<'r>,
    pub(super) site: site::Site<'r>,
    /// The first place that the record names, for its site to lie in.
    pub(super) place: Option<Node>,
    pub(super) contributions: u32,
    pub(super) measurements: u32,
    pub(super) identifiers: u32,
    pub(super) owners: u32,
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
            whole: row,
            body: row.body(mapping),
            scope: Scope::Row,
            site: site::Site::default(),
            place: None,
            contributions: 0,
            measurements: 0,
            identifiers: 0,
            owners: 0,
            titled: None,
            rights: false,
            images: Vec::new(),
            image_rights: Vec::new(),
            person: Person::default(),
            events: Vec::new(),
        }
    }

    /// Says what a further row of the record says that none before it did.
    fn more(&mut self, index: usize, sites: &mut u32, out: &mut Description<'_>) {
        let (whole, mapping, body) = (self.whole, self.mapping, self.body);
        let row = &whole.more[index];
        let told = |row: &'r Row, slot: Slot| row.values(mapping, Scope::Row, slot);
        let differs = |slots: &[Slot]| {
            let of = |row: &'r Row| slots.iter().map(|slot| told(row, *slot)).collect::<Vec<_>>();
            let own = of(row);
            of(whole) != own && whole.more[..index].iter().all(|before| of(before) != own)
        };
        // A place is told whole or not at all.
        let of_site: Vec<&Rule> = body.rules.iter().filter(|rule| rule.target.is_of_site()).collect();
        let slots: Vec<Slot> = of_site.iter().flat_map(|rule| rule.reading.slots()).copied().collect();
        let elsewhere = differs(&slots);
        self.row = row;
        self.site = site::Site::default();
        for rule in &body.rules {
            if if rule.target.is_of_site() { elsewhere } else { differs(rule.reading.slots()) } {
                self.each(rule.each.as_deref(), |draft| {
                    if draft.holds(&rule.conditions) {
                        out.rule(&rule.id, &rule.path);
                        draft.apply(rule, out);
                    }
                });
            }
        }
        if elsewhere {
            *sites += 1;
            self.site.describe(self.place, body.describes == Describes::Place, *sites, out);
        }
        for group in &body.groups {
            let slots: Vec<Slot> =
                group.parts.iter().flat_map(|part| part.reading.slots()).copied().collect();
            if differs(&slots) {
                self.each(group.each.as_deref(), |draft| {
                    if draft.holds(&group.conditions) {
                        events::describe(draft, group, out);
                    }
                });
            }
        }
    }

    /// Does something in each part of the row that a path leads to, or once in all of it.
    fn each(&mut self, path: Option<&str>, mut act: impl FnMut(&mut Self)) {
        let Some(path) = path else { return act(self) };
        for scope in self.row.scopes(path) {
            self.scope = scope;
            act(self);
        }
        self.scope = Scope::Row;
    }

    fn holds(&self, conditions: &[super::mapping::Condition]) -> bool {
        conditions.iter().all(|condition| self.row.holds(self.mapping, self.scope, condition))
    }

    /// The values of a column, in the part of the row that is looked at.
    pub(super) fn cells(&self, slot: Slot) -> Vec<Cow<'r, str>> {
        self.row.values(self.mapping, self.scope, slot)
    }

    /// The first value of a column.
    pub(super) fn cell(&self, slot: Slot) -> Option<Cow<'r, str>> {
        self.cells(slot).into_iter().next()
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
                Oddity::Other(met, expected) => out.issue_at("row", IssueKind::BadStructure, met, *expected),
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
        if super::identifier(self.mapping, self.body, self.row).is_none() {
            let columns: Vec<&str> =
                self.body.id.iter().map(|slot| self.mapping.columns[*slot].as_str()).collect();
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
                let told = self.cell(*column);
                told.and_then(|told| values.get(told.as_ref())).or(default.as_ref()).map(String::as_str)
            }
        }
    }

    /// The values of a rule: joined, split, looked up, and with what stands before and after them.
    pub(super) fn read(
        &self,
        reading: &'r Reading,
        whole: bool,
        out: &mut Description<'_>,
    ) -> Vec<Cow<'r, str>> {
        let mut values: Vec<Cow<'r, str>> = match &reading.origin {
            Origin::Columns(slots) => match slots.as_slice() {
                [slot] => self.cells(*slot),
                slots if reading.first => slots
                    .iter()
                    .map(|slot| self.cells(*slot))
                    .find(|cells| !cells.is_empty())
                    .unwrap_or_default(),
                slots => slots.iter().flat_map(|slot| self.cells(*slot)).collect(),
            },
            Origin::Constant(texts) => texts.iter().map(|text| Cow::Borrowed(text.as_str())).collect(),
        };
        if let Some(join) = &reading.join
            && values.len() > 1
        {
            values = vec![Cow::Owned(values.join(join))];
        }
        if reading.after.is_some() || !reading.before.is_empty() {
            values = values.into_iter().filter_map(|value| excerpt(value, reading)).collect();
        }
        if !whole {
            for separator in &reading.split {
                values = values.into_iter().flat_map(|value| pieces(value, separator)).collect();
            }
            values.retain(|value| !value.is_empty());
        }
        if values.is_empty()
            && let Some(default) = &reading.default
        {
            values.push(Cow::Borrowed(default));
        }
        if let Some(lookup) = &reading.lookup {
            let mut known = Vec::with_capacity(values.len());
            for value in values {
                match (lookup.get(value.as_ref()), reading.otherwise) {
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
        if !reading.prefix.is_empty() || !reading.suffix.is_empty() {
            for value in &mut values {
                *value = Cow::Owned(format!("{}{value}{}", reading.prefix, reading.suffix));
            }
        }
        values
    }

    fn apply(&mut self, rule: &'r Rule, out: &mut Description<'_>) {
        if let (Some(parts), Origin::Columns(slots)) = (&rule.parts, &rule.reading.origin)
            && let [slot] = slots.as_slice()
            && let Some(name) = &parts.names.name
            && let Target::Property(property, ValueKind::Agent) = rule.target
        {
            // Owned, as the objects borrow the row and not the draft.
            for object in self.row.objects(&self.mapping.columns[*slot]) {
                self.agent_object(rule, property, name, object, out);
            }
            return;
        }
        if let (Target::Ring, Origin::Columns(slots)) = (rule.target, &rule.reading.origin)
            && let [longitude, latitude] = slots.as_slice()
        {
            let (longitudes, latitudes) = (self.cells(*longitude), self.cells(*latitude));
            self.site.take_ring(rule, &longitudes, &latitudes);
            return;
        }
        if let (Target::Wkt, Origin::Columns(slots)) = (rule.target, &rule.reading.origin) {
            for slot in slots {
                for geometry in self.row.geometries(self.mapping, self.scope, *slot) {
                    self.site.take(rule, &geometry, None);
                }
            }
        }
        let values = self.read(&rule.reading, rule.parallel.is_some(), out);
        let item = out.item();
        for value in &values {
            match rule.target {
                Target::Property(property, kind) => self.property(rule, property, kind, value, out),
                Target::Title => self.title(rule, value, out),
                Target::Alternative => {
                    let property = match self.body.describes {
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
                Target::View(view) => self.view(view, value, out),
                Target::DataProvider => drop(core::data_provider(out, value, self.language(&rule.language))),
                Target::Provider => drop(core::provider(out, value, self.language(&rule.language))),
                Target::Latitude
                | Target::Longitude
                | Target::Point
                | Target::Wkt
                | Target::Ring
                | Target::Parcel
                | Target::Address => {
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
                Target::Material | Target::Technique => {
                    if let Some(node) = self.concept(rule, value, out) {
                        self.made_of(rule.target, node, out);
                    }
                }
                Target::OwnerType => {
                    if let Some(kind) = self.concept(rule, value, out) {
                        self.owners += 1;
                        let owner = match self.owners {
                            1 => out.fragment("owner"),
                            number => out.fragment(&format!("owner-{number}")),
                        };
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
                        let property = if self.body.describes == Describes::Concept {
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

    /// A material or technique: of the thing, and of its making.
    fn made_of(&mut self, target: Target, node: Node, out: &mut Description<'_>) {
        let item = out.item();
        out.link(item, dcterms::MEDIUM, node);
        if target == Target::Material {
            out.link(item, crm::P45_CONSISTS_OF, node);
        } else {
            let production = out.fragment("production-1");
            out.link(item, crm::P108I_WAS_PRODUCED_BY, production);
            out.a(production, crm::E12_PRODUCTION);
            out.link(production, crm::P32_USED_GENERAL_TECHNIQUE, node);
        }
    }

    /// Links a page or a file. An aggregation has one of each view; the next of files is a further view, the next of pages is
    /// further information.
    fn view(&mut self, view: View, value: &str, out: &mut Description<'_>) {
        let aggregation = core::aggregation(out);
        let said = match view {
            View::ShownAt => out.states(aggregation, edm::IS_SHOWN_AT),
            View::ShownBy => out.states(aggregation, edm::IS_SHOWN_BY),
            View::Preview => out.states(aggregation, edm::OBJECT),
            View::Other => false,
        };
        if said && view == View::ShownAt {
            let item = out.item();
            out.iri(value).into_iter().for_each(|page| out.link(item, rdfs::SEE_ALSO, page));
        } else if let Some(node) = core::web_resource(out, value, if said { View::Other } else { view }, None)
        {
            self.images.push(node);
        }
    }

    fn title(&mut self, rule: &'r Rule, value: &str, out: &mut Description<'_>) {
        let item = out.item();
        let language = self.language(&rule.language);
        match self.body.describes {
            // A further row may have a further name.
            Describes::Item(_) if self.titled.is_some() && !std::ptr::eq(self.row, self.whole) => {
                if self.titled.as_deref() != Some(value) {
                    out.text(item, dcterms::ALTERNATIVE, value, language);
                }
            }
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

/// What counts of a value: what stands after one text and before others. Without the text before it, nothing.
fn excerpt<'r>(value: Cow<'r, str>, reading: &Reading) -> Option<Cow<'r, str>> {
    let from = match &reading.after {
        Some(after) => value.find(after.as_str())? + after.len(),
        None => 0,
    };
    let ends = reading.before.iter().filter_map(|before| value[from..].find(before.as_str()));
    let to = ends.min().map_or(value.len(), |at| from + at);
    Some(match value {
        Cow::Borrowed(text) => Cow::Borrowed(text[from..to].trim()),
        Cow::Owned(text) => Cow::Owned(text[from..to].trim().to_owned()),
    })
}

/// A value cut at a separator; borrowed where it can be.
fn pieces<'r>(value: Cow<'r, str>, separator: &str) -> Vec<Cow<'r, str>> {
    match value {
        Cow::Borrowed(text) => text.split(separator).map(|part| Cow::Borrowed(part.trim())).collect(),
        Cow::Owned(text) => text.split(separator).map(|part| Cow::Owned(part.trim().to_owned())).collect(),
    }
}
