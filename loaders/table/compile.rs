//! From the mapping file as written to the mapping made ready: names are checked, properties looked up, columns numbered.

use super::file::{self, Conditions, File, Language, Lookup, OneOrMany, Source};
use super::mapping::{
    Body, Condition, Describes, Mapping, Origin, Otherwise, PartSlots, Reading, Records, Rule, Slot, Target,
    Tongue, ValueKind, Word,
};
use super::targets::{AGENT_KINDS, TARGETS, VALUE_KINDS};
use super::written::Written;
use crate::SetupError;
use crate::shared::core::{EdmType, Sector};
use graph_model::AgentKind;
use oxrdf::NamedNodeRef;
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;
use vocabularies::TermKind;

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
pub(super) struct Checker<'t> {
    pub(super) source: Source<'t>,
    columns: Vec<String>,
    lookups: BTreeMap<String, BTreeMap<String, String>>,
    pub(super) language: Tongue,
}

impl Checker<'_> {
    fn mapping(mut self, file: &File) -> Result<Mapping, SetupError> {
        if let Some(language) = &file.language {
            self.language = self.tongue(&Language::Tag(language.get_ref().clone()), language.span())?;
        }
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
        let main = self.body(&Written::main(file))?;
        let mut variants = Vec::with_capacity(file.variant.len());
        for variant in &file.variant {
            variants.push(self.body(&Written::variant(file, variant))?);
        }
        Ok(Mapping {
            records: self.records(&file.records)?,
            columns: self.columns,
            ignore: file.ignore.clone(),
            encoding,
            delimiter,
            nulls: file.nulls.clone(),
            provider: file.provider.clone(),
            main,
            variants,
        })
    }

    fn records(&self, records: &file::Records) -> Result<Records, SetupError> {
        let mut at = Vec::new();
        if let Some(paths) = &records.at {
            for path in paths.get_ref().list() {
                let steps: Vec<String> =
                    path.trim_matches('/').split('/').map(|step| step.trim().to_owned()).collect();
                if steps.iter().any(String::is_empty) {
                    return Err(self.source.fault(
                        paths.span(),
                        format!("'{path}'"),
                        "the path of the records, such as \"data/items\"; * is any step",
                    ));
                }
                at.push(steps);
            }
        }
        let header = match &records.header {
            None => 1,
            Some(row) => u32::try_from(*row.get_ref()).ok().filter(|row| *row > 0).ok_or_else(|| {
                let met = format!("'{}'", row.get_ref());
                self.source.fault(
                    row.span(),
                    met,
                    "the number of the row with the names of the columns, from 1",
                )
            })?,
        };
        Ok(Records {
            at,
            except: records.except.clone(),
            beside: records.beside.clone(),
            header,
            sheets: records.sheet.as_ref().map(|sheet| sheet.list().to_vec()).unwrap_or_default(),
            fill: records.fill.clone(),
            unite: records.unite,
        })
    }

    fn body(&mut self, written: &Written<'_>) -> Result<Body, SetupError> {
        let when = match written.when {
            None => Vec::new(),
            Some(when) if when.get_ref().is_empty() => {
                return Err(self.source.fault(
                    when.span(),
                    "no condition",
                    "when = { \"column\" = \"value\" }, by which the variant is told",
                ));
            }
            Some(when) => self.conditions(when.get_ref(), false),
        };
        let ids = written.id.get_ref().list();
        if ids.is_empty() || ids.iter().any(|id| id.trim().is_empty()) {
            return Err(self.source.fault(
                written.id.span(),
                "no column",
                "the column, or columns, with the owner's identifier",
            ));
        }
        let id = ids.iter().map(|name| self.slot(name)).collect();
        let describes = self.describes(written)?;
        let edm_type = match written.edm_type {
            None => None,
            Some(told) => Some(self.choice(
                told,
                &[
                    ("3D", EdmType::ThreeD),
                    ("IMAGE", EdmType::Image),
                    ("SOUND", EdmType::Sound),
                    ("TEXT", EdmType::Text),
                    ("VIDEO", EdmType::Video),
                ],
            )?),
        };
        if let Some(rights) = written.rights
            && crate::shared::rights::statement(rights.get_ref()).is_none()
        {
            return Err(self.source.fault(
                rights.span(),
                rights.get_ref().clone(),
                "a statement of rightsstatements.org or Creative Commons, such as \"CC BY 4.0\"",
            ));
        }
        let mut rules = Vec::with_capacity(written.columns.len());
        for column in written.columns {
            rules.push(self.rule(column)?);
        }
        let mut constants = Vec::new();
        for (to, values) in written.constants {
            constants.push(self.constant(to, values)?);
        }
        let mut groups = Vec::new();
        for (list, kind) in written.groups {
            for group in list {
                groups.push(self.group(group, kind)?);
            }
        }
        Ok(Body {
            when,
            id,
            join: written.join.map_or_else(|| vec!["-".to_owned()], |join| join.list().to_vec()),
            describes,
            edm_type,
            rights: written.rights.map(|rights| rights.get_ref().clone()),
            constants,
            rules,
            groups,
        })
    }

    fn describes(&self, written: &Written<'_>) -> Result<Describes, SetupError> {
        let kinds = [
            ("agent", Some(Describes::Agent)),
            ("concept", Some(Describes::Concept)),
            ("item", None),
            ("place", Some(Describes::Place)),
        ];
        let told = match written.describes {
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
        match written.sector {
            Some(written) => Ok(Describes::Item(self.choice(written, &sectors)?)),
            None => Err(self.source.fault(
                0..0,
                "no sector",
                "sector = \"archive\", \"library\", \"museum\" or \"register\"",
            )),
        }
    }

    fn conditions(&mut self, conditions: &Conditions, negated: bool) -> Vec<Condition> {
        conditions
            .iter()
            .map(|(column, values)| Condition {
                slot: self.slot(column),
                values: values.list().to_vec(),
                negated,
            })
            .collect()
    }

    pub(super) fn both_conditions(&mut self, only: &Conditions, unless: &Conditions) -> Vec<Condition> {
        let mut conditions = self.conditions(only, false);
        conditions.extend(self.conditions(unless, true));
        conditions
    }

    pub(super) fn slot(&mut self, name: &str) -> Slot {
        let name = name.trim();
        self.columns.iter().position(|column| column == name).unwrap_or_else(|| {
            self.columns.push(name.to_owned());
            self.columns.len() - 1
        })
    }

    pub(super) fn choice<T: Copy>(
        &self,
        written: &Spanned<String>,
        choices: &[(&str, T)],
    ) -> Result<T, SetupError> {
        choices.iter().find(|(name, _)| name == written.get_ref()).map(|(_, value)| *value).ok_or_else(|| {
            let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
            self.source.fault(
                written.span(),
                format!("'{}'", written.get_ref()),
                format!("one of {}", names.join(", ")),
            )
        })
    }

    pub(super) fn tongue(&mut self, language: &Language, span: Range<usize>) -> Result<Tongue, SetupError> {
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
        let names = column.name.get_ref().list();
        if names.is_empty() || names.iter().any(|name| name.trim().is_empty()) {
            return Err(self.source.fault(column.name.span(), "no name", "the name of a column"));
        }
        let slots: Vec<Slot> = names.iter().map(|name| self.slot(name)).collect();
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
        let split = self.separators(column.split.as_ref())?;
        let lookup = match column.lookup.as_ref() {
            None => None,
            Some(lookup) => Some(self.lookup(lookup.get_ref(), lookup.span())?),
        };
        let otherwise = match &column.otherwise {
            None => Otherwise::Issue,
            Some(written) => self.choice(written, OTHERWISE)?,
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
                if split.is_empty() {
                    return Err(self.source.fault(
                        tags.span(),
                        "parallel without split",
                        "split = \"…\", the text between the languages",
                    ));
                }
                Some(tags.get_ref().clone())
            }
        };
        let mut within = Vec::new();
        for step in column.within.as_ref().map(OneOrMany::list).unwrap_or_default() {
            within.push(match step.strip_prefix('=') {
                Some(constant) => Word::Constant(constant.trim().to_owned()),
                None => Word::Column(self.slot(step)),
            });
        }
        let parts = column.parts.as_ref().map(|parts| {
            // With a name of its own, the parts are members of a JSON object and no columns.
            let own = parts.name.is_none();
            let mut slot = |name: &Option<String>| name.as_ref().filter(|_| own).map(|name| self.slot(name));
            PartSlots {
                life: slot(&parts.life),
                birth: slot(&parts.birth),
                death: slot(&parts.death),
                role: slot(&parts.role),
                qualifier: slot(&parts.qualifier),
                names: parts.clone(),
            }
        });
        if target == Target::Ring && slots.len() != 2 {
            let expected = "two columns, with the longitudes and the latitudes of the corners";
            return Err(self.source.fault(column.name.span(), format!("{} columns", slots.len()), expected));
        }
        let name = &names[0];
        Ok(Rule {
            id: format!("table.{name}.{}", last_name(to)),
            path: place_of(column.each.as_deref(), names),
            each: column.each.clone(),
            conditions: self.both_conditions(&column.only, &column.unless),
            reading: Reading {
                origin: Origin::Columns(slots),
                join: column.join.clone(),
                first: column.first,
                after: column.after.clone(),
                before: column.before.as_ref().map(|texts| texts.list().to_vec()).unwrap_or_default(),
                split,
                lookup,
                otherwise,
                default: column.default.clone(),
                prefix: expanded(&column.prefix),
                suffix: column.suffix.clone(),
            },
            target,
            language,
            role: column.role.clone(),
            kind,
            direct,
            only_roles: column.only_roles.clone(),
            not_roles: column.not_roles.clone(),
            scheme: column.scheme.as_deref().map(expanded),
            unit: self.word(column.unit.as_ref()),
            dimension: self.word(column.dimension.as_ref()),
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

    fn word(&mut self, word: Option<&file::Word>) -> Option<Word> {
        word.map(|word| match word {
            file::Word::Constant(text) => Word::Constant(text.clone()),
            file::Word::Told(told) => Word::Column(self.slot(&told.column)),
        })
    }

    pub(super) fn lookup(
        &self,
        lookup: &Lookup,
        span: Range<usize>,
    ) -> Result<BTreeMap<String, String>, SetupError> {
        match lookup {
            Lookup::Inline(table) => Ok(table.clone()),
            Lookup::Named(name) => self.lookups.get(name).cloned().ok_or_else(|| {
                let names: Vec<&str> = self.lookups.keys().map(String::as_str).collect();
                self.source.fault(
                    span,
                    format!("'{name}'"),
                    format!("the name of a table under [lookups]: {}", names.join(", ")),
                )
            }),
        }
    }

    pub(super) fn separators(&self, split: Option<&Spanned<OneOrMany>>) -> Result<Vec<String>, SetupError> {
        match split {
            Some(texts) if texts.get_ref().list().iter().any(String::is_empty) => Err(self.source.fault(
                texts.span(),
                "an empty text",
                "what stands between two values, such as \";\"",
            )),
            other => Ok(other.map(|texts| texts.get_ref().list().to_vec()).unwrap_or_default()),
        }
    }

    pub(super) fn direct(&self, order: Option<&Spanned<String>>) -> Result<bool, SetupError> {
        order.map_or(Ok(false), |order| self.choice(order, &[("as-written", false), ("direct", true)]))
    }

    fn constant(&self, to: &str, values: &Spanned<OneOrMany>) -> Result<Rule, SetupError> {
        let target = self.target(to, values.span(), None)?;
        Ok(Rule {
            id: format!("table.constant.{}", last_name(to)),
            path: String::new(),
            each: None,
            conditions: Vec::new(),
            reading: Reading::constant(values.get_ref().list().to_vec()),
            target,
            language: self.language.clone(),
            role: None,
            kind: AgentKind::Unknown,
            direct: false,
            only_roles: Vec::new(),
            not_roles: Vec::new(),
            scheme: None,
            unit: None,
            dimension: None,
            within: Vec::new(),
            parallel: None,
            same_as: BTreeMap::new(),
            parts: None,
        })
    }
}

/// What becomes of a value that a lookup lacks, by name.
pub(super) const OTHERWISE: &[(&str, Otherwise)] =
    &[("drop", Otherwise::Drop), ("issue", Otherwise::Issue), ("keep", Otherwise::Keep)];

/// The place in the record that a rule's columns are: `AU/AUT/AUTN`, or several with `+` between them.
pub(super) fn place_of(each: Option<&str>, columns: &[String]) -> String {
    match each {
        None => columns.join(" + "),
        Some(each) => format!("{each}: {}", columns.join(" + ")),
    }
}

/// A text that begins with a known prefix, such as `wd:Q42`, with the whole namespace; any other text as it is.
pub(super) fn expanded(text: &str) -> String {
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
