//! From the mapping file as written to the mapping made ready: names are checked, properties looked up, columns numbered.

use super::file::{self, File, Language, Lookup, OneOrMany, Source};
use super::mapping::{
    Describes, EventKind, EventRule, Mapping, Origin, Otherwise, PartSlots, Rule, Slot, Target, Tongue,
    ValueKind, Within,
};
use crate::SetupError;
use crate::shared::core::{EdmType, Sector, View};
use graph_model::AgentKind;
use oxrdf::NamedNodeRef;
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;
use vocabularies::{TermKind, dc, dcterms, edm};

/// The names that `to` takes besides properties such as `dc:title`, with what they mean.
const TARGETS: &[(&str, Target)] = &[
    ("address", Target::Address),
    ("alternative", Target::Alternative),
    ("birth", Target::Birth),
    ("contributor", Target::Property(dc::CONTRIBUTOR, ValueKind::Agent)),
    ("created", Target::Property(dcterms::CREATED, ValueKind::Date)),
    ("creator", Target::Property(dc::CREATOR, ValueKind::Agent)),
    ("current-location", Target::Property(edm::CURRENT_LOCATION, ValueKind::Place)),
    ("data-provider", Target::DataProvider),
    ("death", Target::Death),
    ("description", Target::Property(dc::DESCRIPTION, ValueKind::Text)),
    ("extent", Target::Property(dcterms::EXTENT, ValueKind::Text)),
    ("identifier", Target::Identifier),
    ("image-rights", Target::ImageRights),
    ("issued", Target::Property(dcterms::ISSUED, ValueKind::Date)),
    ("keeper", Target::Keeper),
    ("kind", Target::Kind),
    ("language", Target::Language),
    ("latitude", Target::Latitude),
    ("life", Target::Life),
    ("longitude", Target::Longitude),
    ("measurement", Target::Measurement),
    ("medium", Target::Property(dcterms::MEDIUM, ValueKind::Concept)),
    ("owner", Target::Owner),
    ("owner-type", Target::OwnerType),
    ("part-of", Target::PartOf),
    ("place", Target::Property(dcterms::SPATIAL, ValueKind::Place)),
    ("point", Target::Point),
    ("preview", Target::View(View::Preview)),
    ("provider", Target::Provider),
    ("publisher", Target::Property(dc::PUBLISHER, ValueKind::Agent)),
    ("rights", Target::Rights),
    ("same-as", Target::SameAs),
    ("shown-at", Target::View(View::ShownAt)),
    ("shown-by", Target::View(View::ShownBy)),
    ("subject", Target::Property(dc::SUBJECT, ValueKind::Concept)),
    ("temporal", Target::Property(dcterms::TEMPORAL, ValueKind::Date)),
    ("title", Target::Title),
    ("type", Target::Property(dc::TYPE, ValueKind::Concept)),
    ("view", Target::View(View::Other)),
    ("wkt", Target::Wkt),
];

const VALUE_KINDS: &[(&str, ValueKind)] = &[
    ("agent", ValueKind::Agent),
    ("concept", ValueKind::Concept),
    ("date", ValueKind::Date),
    ("html", ValueKind::Html),
    ("iri", ValueKind::Iri),
    ("item", ValueKind::Item),
    ("number", ValueKind::Number),
    ("place", ValueKind::Place),
    ("text", ValueKind::Text),
    ("year", ValueKind::Year),
];

const AGENT_KINDS: &[(&str, AgentKind)] = &[
    ("family", AgentKind::Family),
    ("organization", AgentKind::Organization),
    ("person", AgentKind::Person),
    ("unknown", AgentKind::Unknown),
];

/// The kind of agent that a word of a mapping names.
pub(super) fn agent_kind(word: &str) -> Option<AgentKind> {
    AGENT_KINDS.iter().find(|(name, _)| *name == word).map(|(_, kind)| *kind)
}

impl Mapping {
    /// Reads and checks a mapping file.
    pub(super) fn read(text: &str) -> Result<Self, SetupError> {
        let file = file::read(text)?;
        Checker {
            source: Source(text),
            columns: Vec::new(),
            lookups: file.lookups.clone(),
            language: Tongue::None,
        }
        .mapping(&file)
    }
}

/// What is at hand while a file is checked.
struct Checker<'t> {
    source: Source<'t>,
    columns: Vec<String>,
    lookups: BTreeMap<String, BTreeMap<String, String>>,
    language: Tongue,
}

impl Checker<'_> {
    fn mapping(mut self, file: &File) -> Result<Mapping, SetupError> {
        if let Some(language) = &file.language {
            self.language = self.tongue(&Language::Tag(language.get_ref().clone()), language.span())?;
        }
        let ids = file.id.get_ref().list();
        if ids.is_empty() || ids.iter().any(|id| id.trim().is_empty()) {
            return Err(self.source.fault(
                file.id.span(),
                "no column",
                "the column, or columns, with the owner's identifier",
            ));
        }
        let id = ids.iter().map(|name| self.slot(name)).collect();
        let describes = self.describes(file)?;
        let edm_type = match &file.edm_type {
            None => None,
            Some(written) => Some(self.choice(
                written,
                &[
                    ("3D", EdmType::ThreeD),
                    ("IMAGE", EdmType::Image),
                    ("SOUND", EdmType::Sound),
                    ("TEXT", EdmType::Text),
                    ("VIDEO", EdmType::Video),
                ],
            )?),
        };
        let encoding = match &file.encoding {
            None => encoding_rs::UTF_8,
            Some(label) => encoding_rs::Encoding::for_label(label.get_ref().as_bytes()).ok_or_else(|| {
                self.source.fault(
                    label.span(),
                    label.get_ref().clone(),
                    "an encoding such as utf-8, utf-16le, windows-1251",
                )
            })?,
        };
        let delimiter = match &file.delimiter {
            None => None,
            Some(written) => match written.get_ref().as_bytes() {
                [byte] if byte.is_ascii() && !matches!(byte, b'"' | b'\n' | b'\r') => Some(*byte),
                _ => {
                    return Err(self.source.fault(
                        written.span(),
                        written.get_ref().clone(),
                        "one character such as \";\" or \"\\t\"",
                    ));
                }
            },
        };
        if let Some(rights) = &file.rights
            && crate::shared::rights::statement(rights.get_ref()).is_none()
        {
            return Err(self.source.fault(
                rights.span(),
                rights.get_ref().clone(),
                "a statement of rightsstatements.org or Creative Commons, such as \"CC BY 4.0\"",
            ));
        }
        let mut rules = Vec::with_capacity(file.column.len());
        for column in &file.column {
            rules.push(self.rule(column)?);
        }
        let mut constants = Vec::new();
        for (to, values) in &file.constants {
            constants.push(self.constant(to, values)?);
        }
        let mut events = Vec::with_capacity(file.event.len());
        for event in &file.event {
            events.push(self.event(event)?);
        }
        Ok(Mapping {
            columns: self.columns,
            ignore: file.ignore.clone(),
            id,
            join: file.join.clone().unwrap_or_else(|| "-".to_owned()),
            describes,
            edm_type,
            encoding,
            delimiter,
            nulls: file.nulls.clone(),
            provider: file.provider.clone(),
            rights: file.rights.as_ref().map(|rights| rights.get_ref().clone()),
            constants,
            rules,
            events,
        })
    }

    fn describes(&self, file: &File) -> Result<Describes, SetupError> {
        let kinds = [
            ("agent", Some(Describes::Agent)),
            ("concept", Some(Describes::Concept)),
            ("item", None),
            ("place", Some(Describes::Place)),
        ];
        let told = match &file.describes {
            Some(written) => self.choice(written, &kinds)?,
            None => None,
        };
        if let Some(told) = told {
            return Ok(told);
        }
        let sectors = [
            ("archive", Sector::Archive),
            ("library", Sector::Library),
            ("museum", Sector::Museum),
            ("register", Sector::Register),
        ];
        match &file.sector {
            Some(written) => Ok(Describes::Item(self.choice(written, &sectors)?)),
            None => Err(self.source.fault(
                0..0,
                "no sector",
                "sector = \"archive\", \"library\", \"museum\" or \"register\"",
            )),
        }
    }

    fn slot(&mut self, name: &str) -> Slot {
        let name = name.trim();
        self.columns.iter().position(|column| column == name).unwrap_or_else(|| {
            self.columns.push(name.to_owned());
            self.columns.len() - 1
        })
    }

    fn slot_of(&mut self, name: Option<&String>) -> Option<Slot> {
        name.map(|name| self.slot(name))
    }

    fn choice<T: Copy>(&self, written: &Spanned<String>, choices: &[(&str, T)]) -> Result<T, SetupError> {
        choices.iter().find(|(name, _)| name == written.get_ref()).map(|(_, value)| *value).ok_or_else(|| {
            let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
            self.source.fault(
                written.span(),
                format!("'{}'", written.get_ref()),
                format!("one of {}", names.join(", ")),
            )
        })
    }

    fn tongue(&mut self, language: &Language, span: Range<usize>) -> Result<Tongue, SetupError> {
        let tag = |tag: &String| {
            let known = vocabularies::languages::find(tag).is_some();
            if known {
                Ok(tag.clone())
            } else {
                Err(self.source.fault(
                    span.clone(),
                    format!("'{tag}'"),
                    "a BCP 47 language tag such as fi or uk",
                ))
            }
        };
        Ok(match language {
            Language::Tag(text) if text == "none" => Tongue::None,
            Language::Tag(text) => Tongue::Tag(tag(text)?),
            Language::Told(told) => {
                let values = told
                    .values
                    .iter()
                    .map(|(value, text)| Ok((value.clone(), tag(text)?)))
                    .collect::<Result<_, SetupError>>()?;
                let default = told.default.as_ref().map(tag).transpose()?;
                Tongue::Told { column: self.slot(&told.column), values, default }
            }
        })
    }

    fn target(
        &self,
        to: &str,
        span: Range<usize>,
        kind: Option<&Spanned<String>>,
    ) -> Result<Target, SetupError> {
        let kind = kind.map(|written| self.choice(written, VALUE_KINDS)).transpose()?;
        if let Some((_, target)) = TARGETS.iter().find(|(name, _)| *name == to) {
            return Ok(match (*target, kind) {
                (Target::Property(property, _), Some(kind)) => Target::Property(property, kind),
                (target, _) => target,
            });
        }
        if let Some((prefix, name)) = to.split_once(':') {
            let namespace = vocabularies::PREFIXES
                .iter()
                .find(|(known, _)| *known == prefix)
                .map(|(_, namespace)| *namespace);
            let term = namespace.and_then(|namespace| vocabularies::term(&format!("{namespace}{name}")));
            if let Some(term) = term.filter(|term| term.kind == TermKind::Property) {
                return Ok(Target::Property(
                    NamedNodeRef::new_unchecked(term.iri),
                    kind.unwrap_or(ValueKind::Text),
                ));
            }
            let expected = if namespace.is_none() {
                let prefixes: Vec<&str> = vocabularies::PREFIXES.iter().map(|(prefix, _)| *prefix).collect();
                format!("a property with one of the prefixes {}", prefixes.join(", "))
            } else {
                format!("a property of the vocabulary {prefix}")
            };
            return Err(self.source.fault(span, format!("'{to}'"), expected));
        }
        let names: Vec<&str> = TARGETS.iter().map(|(name, _)| *name).collect();
        Err(self.source.fault(
            span,
            format!("'{to}'"),
            format!("a property such as dc:title, or one of {}", names.join(", ")),
        ))
    }

    fn rule(&mut self, column: &file::Column) -> Result<Rule, SetupError> {
        let name = column.name.get_ref();
        if name.trim().is_empty() {
            return Err(self.source.fault(column.name.span(), "no name", "the name of a column"));
        }
        let slot = self.slot(name);
        let to = column.to.get_ref();
        let target = self.target(to, column.to.span(), column.kind_of_value.as_ref())?;
        let names_agent = matches!(
            target,
            Target::Property(_, ValueKind::Agent)
                | Target::Owner
                | Target::Keeper
                | Target::DataProvider
                | Target::Provider
        );
        let language = match &column.language {
            Some(language) => self.tongue(language.get_ref(), language.span())?,
            // The language of the table is not that of the names of people in it.
            None if names_agent => Tongue::None,
            None => self.language.clone(),
        };
        let split = self.separator(column.split.as_ref())?;
        let lookup = match column.lookup.as_ref().map(|lookup| (lookup.get_ref(), lookup.span())) {
            None => None,
            Some((Lookup::Inline(table), _)) => Some(table.clone()),
            Some((Lookup::Named(name), span)) => Some(self.lookups.get(name).cloned().ok_or_else(|| {
                let names: Vec<&str> = self.lookups.keys().map(String::as_str).collect();
                self.source.fault(
                    span,
                    format!("'{name}'"),
                    format!("the name of a table under [lookups]: {}", names.join(", ")),
                )
            })?),
        };
        let otherwise = match &column.otherwise {
            None => Otherwise::Issue,
            Some(written) => self.choice(
                written,
                &[("drop", Otherwise::Drop), ("issue", Otherwise::Issue), ("keep", Otherwise::Keep)],
            )?,
        };
        let kind =
            column.kind.as_ref().map(|kind| self.choice(kind, AGENT_KINDS)).transpose()?.unwrap_or_default();
        let direct = self.direct(column.order.as_ref())?;
        for iri in column.same_as.values() {
            if !expanded(iri.get_ref()).starts_with("http") {
                return Err(self.source.fault(
                    iri.span(),
                    format!("'{}'", iri.get_ref()),
                    "an absolute IRI such as https://example.org/1",
                ));
            }
        }
        let parallel = match &column.parallel {
            None => None,
            Some(tags) => {
                for tag in tags.get_ref() {
                    self.tongue(&Language::Tag(tag.clone()), tags.span())?;
                }
                if split.is_none() {
                    return Err(self.source.fault(
                        tags.span(),
                        "parallel without split",
                        "split = \"…\", the text between the languages",
                    ));
                }
                Some(tags.get_ref().clone())
            }
        };
        let within = column.within.as_ref().map(|within| match within.strip_prefix('=') {
            Some(constant) => Within::Constant(constant.trim().to_owned()),
            None => Within::Column(self.slot(within)),
        });
        let parts = column.parts.as_ref().map(|parts| PartSlots {
            // With a name of its own, the parts are members of a JSON object and no columns.
            birth: parts.birth.as_ref().filter(|_| parts.name.is_none()).map(|name| self.slot(name)),
            death: parts.death.as_ref().filter(|_| parts.name.is_none()).map(|name| self.slot(name)),
            role: parts.role.as_ref().filter(|_| parts.name.is_none()).map(|name| self.slot(name)),
            names: parts.clone(),
        });
        Ok(Rule {
            id: format!("table.{name}.{}", last_name(to)),
            path: name.clone(),
            origin: Origin::Column(slot),
            target,
            language,
            split,
            lookup,
            otherwise,
            default: column.default.clone(),
            prefix: expanded(&column.prefix),
            suffix: column.suffix.clone(),
            role: column.role.clone(),
            kind,
            direct,
            only_roles: column.only_roles.clone(),
            not_roles: column.not_roles.clone(),
            scheme: column.scheme.as_deref().map(expanded),
            unit: column.unit.clone(),
            dimension: column.dimension.clone(),
            within,
            parallel,
            same_as: column
                .same_as
                .iter()
                .map(|(value, iri)| (value.clone(), expanded(iri.get_ref())))
                .collect(),
            parts,
        })
    }

    fn separator(&self, split: Option<&Spanned<String>>) -> Result<Option<String>, SetupError> {
        match split {
            Some(text) if text.get_ref().is_empty() => Err(self.source.fault(
                text.span(),
                "an empty text",
                "what stands between two values, such as \";\"",
            )),
            other => Ok(other.map(|text| text.get_ref().clone())),
        }
    }

    fn direct(&self, order: Option<&Spanned<String>>) -> Result<bool, SetupError> {
        order.map_or(Ok(false), |order| self.choice(order, &[("as-written", false), ("direct", true)]))
    }

    fn constant(&self, to: &str, values: &Spanned<OneOrMany>) -> Result<Rule, SetupError> {
        let target = self.target(to, values.span(), None)?;
        Ok(Rule {
            id: format!("table.constant.{}", last_name(to)),
            path: String::new(),
            origin: Origin::Constant(values.get_ref().list().to_vec()),
            target,
            language: self.language.clone(),
            split: None,
            lookup: None,
            otherwise: Otherwise::Keep,
            default: None,
            prefix: String::new(),
            suffix: String::new(),
            role: None,
            kind: AgentKind::Unknown,
            direct: false,
            only_roles: Vec::new(),
            not_roles: Vec::new(),
            scheme: None,
            unit: None,
            dimension: None,
            within: None,
            parallel: None,
            same_as: BTreeMap::new(),
            parts: None,
        })
    }

    fn event(&mut self, event: &file::Event) -> Result<EventRule, SetupError> {
        let kind = self.choice(&event.kind, EventKind::NAMES)?;
        let only = |name: &str, written: Option<&Spanned<String>>, kinds: &[EventKind]| match written {
            Some(written) if !kinds.contains(&kind) => {
                let names: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
                Err(self.source.fault(
                    written.span(),
                    format!("'{name}' in an event of the kind {}", kind.name()),
                    format!("it only in {}", names.join(", ")),
                ))
            }
            _ => Ok(()),
        };
        let transfers = [EventKind::Acquisition, EventKind::Custody, EventKind::Move];
        only("from", event.from.as_ref(), &transfers)?;
        only("to", event.to.as_ref(), &transfers)?;
        only("state", event.state.as_ref(), &[EventKind::Condition])?;
        for (name, written) in [
            ("category", &event.category),
            ("number", &event.number),
            ("act", &event.act),
            ("act_url", &event.act_url),
        ] {
            only(name, written.as_ref(), &[EventKind::Protection])?;
        }
        let split = self.separator(event.split.as_ref())?;
        let language = match &event.language {
            Some(language) => self.tongue(language.get_ref(), language.span())?,
            None => self.language.clone(),
        };
        let direct = self.direct(event.order.as_ref())?;
        let spanned =
            |written: &Option<Spanned<String>>| written.as_ref().map(|written| written.get_ref().clone());
        let rule = EventRule {
            kind,
            date: self.slot_of(event.date.as_ref()),
            begin: self.slot_of(event.begin.as_ref()),
            end: self.slot_of(event.end.as_ref()),
            by: self.slot_of(event.by.as_ref()),
            role: event.role.clone(),
            place: self.slot_of(event.place.as_ref()),
            note: self.slot_of(event.note.as_ref()),
            type_of: self.slot_of(event.type_of.as_ref()),
            from: self.slot_of(spanned(&event.from).as_ref()),
            to: self.slot_of(spanned(&event.to).as_ref()),
            state: self.slot_of(spanned(&event.state).as_ref()),
            category: self.slot_of(spanned(&event.category).as_ref()),
            number: self.slot_of(spanned(&event.number).as_ref()),
            act: self.slot_of(spanned(&event.act).as_ref()),
            act_url: self.slot_of(spanned(&event.act_url).as_ref()),
            split,
            language,
            direct,
        };
        Ok(rule)
    }
}

/// A text that begins with a known prefix, such as `wd:Q42`, with the whole namespace; any other text as it is.
fn expanded(text: &str) -> String {
    let Some((prefix, name)) = text.split_once(':') else { return text.to_owned() };
    match vocabularies::PREFIXES.iter().find(|(known, _)| *known == prefix) {
        Some((_, namespace)) => format!("{namespace}{name}"),
        None => text.to_owned(),
    }
}

/// The last part of a target's name, for rule ids: `title` of `dc:title`.
fn last_name(to: &str) -> &str {
    to.rsplit(':').next().unwrap_or(to)
}
