//! From the file as written to the rules made ready.

use super::file::{self, Conditions, Lookup, OneOrMany, Replacements, Source};
use super::nearest::nearest;
use super::pick::Wanted;
use super::property::Vocabulary;
use super::rule::{
    By, Case, Condition, Kind, Otherwise, Pattern, Replace, Rule, Say, Selected, Slot, Test, Told, Tongue,
    Transform, What,
};
use super::table;
use crate::SetupError;
use graph_model::{AgentKind, IssueKind};
use regex::Regex;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use toml::Spanned;

const KINDS: &[(&str, Kind)] = &[
    ("agent", Kind::Agent),
    ("boolean", Kind::Boolean),
    ("concept", Kind::Concept),
    ("date", Kind::Date),
    ("integer", Kind::Integer),
    ("iri", Kind::Iri),
    ("item", Kind::Item),
    ("number", Kind::Number),
    ("place", Kind::Place),
    ("text", Kind::Text),
    ("year", Kind::Year),
];

const AGENTS: &[(&str, AgentKind)] = &[
    ("family", AgentKind::Family),
    ("organization", AgentKind::Organization),
    ("person", AgentKind::Person),
    ("unknown", AgentKind::Unknown),
];

const OTHERWISE: &[(&str, Otherwise)] =
    &[("drop", Otherwise::Drop), ("issue", Otherwise::Issue), ("keep", Otherwise::Keep)];

const CASES: &[(&str, Case)] =
    &[("lower", Case::Lower), ("sentence", Case::Sentence), ("upper", Case::Upper)];

type MakeTest = fn(Vec<String>) -> Test;

/// A file made ready.
#[derive(Debug)]
pub(super) struct Compiled {
    pub(super) version: Option<String>,
    pub(super) rules: Vec<Rule>,
    pub(super) wanted: Vec<Wanted>,
    pub(super) rights: Option<String>,
    /// The ids of built-in rules that are named, and where.
    pub(super) named: Vec<(Pattern, String)>,
}

/// Reads and checks a file; `files` are the tables that it names.
pub(super) fn compile(text: &str, files: &BTreeMap<String, String>) -> Result<Compiled, SetupError> {
    let source = Source(text);
    let file = file::read(text)?;
    let vocabulary = Vocabulary::new(&file.prefixes, source)?;
    let tables = table::read(&file, files, source)?;
    let mut compiler =
        Compiler { source, vocabulary, tables, wanted: Vec::new(), named: Vec::new(), names: Vec::new() };
    let rights = file.rights.as_ref().map(|rights| compiler.rights(rights)).transpose()?;
    let rules = file.rule.iter().map(|rule| compiler.rule(rule)).collect::<Result<_, _>>()?;
    let Compiler { wanted, named, .. } = compiler;
    Ok(Compiled { version: file.version, rules, wanted, rights, named })
}

struct Compiler<'t> {
    source: Source<'t>,
    vocabulary: Vocabulary,
    tables: BTreeMap<String, Arc<BTreeMap<String, String>>>,
    wanted: Vec<Wanted>,
    named: Vec<(Pattern, String)>,
    names: Vec<String>,
}

impl Compiler<'_> {
    fn rights(&self, rights: &Spanned<String>) -> Result<String, SetupError> {
        crate::shared::rights::statement(rights.get_ref()).map(str::to_owned).ok_or_else(|| {
            self.source.fault(
                rights.span(),
                format!("'{}'", rights.get_ref()),
                "a statement of rightsstatements.org or Creative Commons, such as \"CC BY 4.0\" or \"InC\"",
            )
        })
    }

    fn rule(&mut self, rule: &file::Rule) -> Result<Rule, SetupError> {
        let name = rule.name.get_ref();
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if name.is_empty() || !name.chars().all(plain) {
            return Err(self.source.fault(
                rule.name.span(),
                format!("the name '{name}'"),
                "a name of a-z, 0-9 and '-', such as house-subjects",
            ));
        }
        if self.names.contains(name) {
            return Err(self.source.fault(
                rule.name.span(),
                format!("the name '{name}' once more"),
                "each name once, as statements are traced to their rule by it",
            ));
        }
        self.names.push(name.clone());
        let what = self.what(rule)?;
        self.unused_keys(rule, &what)?;
        let when = match &rule.when {
            None => Vec::new(),
            Some(when) => self.conditions(when)?,
        };
        Ok(Rule { id: format!("owner.{name}"), what, when, text: self.transform(rule)? })
    }

    fn what(&mut self, rule: &file::Rule) -> Result<What, SetupError> {
        let works_on: Vec<(&str, Range<usize>)> = [
            ("constant", rule.constant.as_ref().map(Spanned::span)),
            ("change", rule.change.as_ref().map(Spanned::span)),
            ("drop", rule.drop.as_ref().map(Spanned::span)),
            ("drop_field", rule.drop_field.as_ref().map(Spanned::span)),
            ("raise", rule.raise.as_ref().map(Spanned::span)),
            ("ignore", rule.ignore.as_ref().map(Spanned::span)),
        ]
        .into_iter()
        .filter_map(|(name, span)| Some((name, span?)))
        .collect();
        if let [_, (second, span), ..] = works_on.as_slice() {
            let first = works_on[0].0;
            return Err(self.source.fault(
                span.clone(),
                format!("'{second}' beside '{first}'"),
                "one of them; write two rules",
            ));
        }
        let beside_field = matches!(works_on.first(), None | Some(("raise" | "ignore", _)));
        if let (Some(field), false) = (&rule.field, beside_field) {
            return Err(self.source.fault(
                field.span(),
                format!("'field' beside '{}'", works_on[0].0),
                "one of them; a condition on a field stands in 'when'",
            ));
        }
        if let Some(raise) = &rule.raise {
            let slot = rule.field.as_ref().map(|field| self.slot(field)).transpose()?;
            return Ok(What::Raise(slot, raise.get_ref().clone()));
        }
        if let Some(ignore) = &rule.ignore {
            let mut kinds = Vec::new();
            for kind in ignore.get_ref().list() {
                let pattern = Pattern::new(kind);
                if !IssueKind::ALL.iter().any(|kind| pattern.fits(kind.code())) {
                    let codes: Vec<&str> = IssueKind::ALL.iter().map(|kind| kind.code()).collect();
                    return Err(self.unknown(ignore.span(), kind, &codes, "a kind of issue"));
                }
                kinds.push(pattern);
            }
            return Ok(What::Ignore(kinds, rule.field.as_ref().map(|field| field.get_ref().clone())));
        }
        if let Some(drop) = &rule.drop {
            let by = By::Rules(self.patterns(drop)?);
            return Ok(What::Drop(Selected { by, property: self.property(rule.property.as_ref())? }));
        }
        if let Some(fields) = &rule.drop_field {
            let by = By::Fields(fields.get_ref().list().to_vec());
            return Ok(What::Drop(Selected { by, property: self.property(rule.property.as_ref())? }));
        }
        if let Some(change) = &rule.change {
            let by = By::Rules(self.patterns(change)?);
            let selected = Selected { by, property: self.property(rule.property.as_ref())? };
            return Ok(What::Change(selected, self.say(rule, false)?));
        }
        if let Some(constant) = &rule.constant {
            return Ok(What::Constant(constant.get_ref().list().to_vec(), self.say(rule, true)?));
        }
        if let Some(field) = &rule.field {
            let slot = self.slot(field)?;
            return Ok(What::Map(slot, self.say(rule, true)?));
        }
        Err(self.source.fault(
            rule.name.span(),
            format!("the rule '{}' that works on nothing", rule.name.get_ref()),
            "field, constant, change, drop, drop_field, raise or ignore",
        ))
    }

    /// Keys that the rule would not look at are slips, too.
    fn unused_keys(&self, rule: &file::Rule, what: &What) -> Result<(), SetupError> {
        let says = matches!(what, What::Map(..) | What::Constant(..) | What::Change(..));
        let selects = matches!(what, What::Change(..) | What::Drop(..));
        let kind = match what {
            What::Map(..) => "field",
            What::Constant(..) => "constant",
            What::Change(..) => "change",
            What::Drop(_) => "drop",
            What::Raise(..) => "raise",
            What::Ignore(..) => "ignore",
        };
        let span = |key: Option<Range<usize>>| key;
        let saying = [
            ("split", span(rule.split.as_ref().map(Spanned::span))),
            ("replace", rule.replace.as_ref().map(Spanned::span)),
            ("case", rule.case.as_ref().map(Spanned::span)),
            ("lookup", rule.lookup.as_ref().map(Spanned::span)),
            ("otherwise", rule.otherwise.as_ref().map(Spanned::span)),
            ("prefix", rule.prefix.as_ref().map(Spanned::span)),
            ("suffix", rule.suffix.as_ref().map(Spanned::span)),
            ("to", rule.to.as_ref().map(Spanned::span)),
            ("as", rule.kind_of_value.as_ref().map(Spanned::span)),
            ("language", rule.language.as_ref().map(Spanned::span)),
            ("role", rule.role.as_ref().map(Spanned::span)),
            ("kind", rule.kind.as_ref().map(Spanned::span)),
            ("order", rule.order.as_ref().map(Spanned::span)),
            ("scheme", rule.scheme.as_ref().map(Spanned::span)),
            ("within", rule.within.as_ref().map(Spanned::span)),
            ("only_if_missing", rule.only_if_missing.as_ref().map(Spanned::span)),
        ];
        for (key, span) in saying {
            if let (Some(span), false) = (span, says) {
                let expected = format!("no '{key}': a rule with '{kind}' says nothing with a value");
                return Err(self.source.fault(span, format!("'{key}' beside '{kind}'"), expected));
            }
        }
        if let (Some(property), false) = (&rule.property, selects) {
            let expected = "'to' for what is said; 'property' goes with change, drop and drop_field";
            return Err(self.source.fault(property.span(), format!("'property' beside '{kind}'"), expected));
        }
        if let (Some(otherwise), None) = (&rule.otherwise, &rule.lookup) {
            return Err(self.source.fault(otherwise.span(), "'otherwise' without 'lookup'", "a lookup"));
        }
        Ok(())
    }

    fn slot(&mut self, field: &Spanned<String>) -> Result<Slot, SetupError> {
        self.slot_of(field.get_ref(), field.span())
    }

    fn slot_of(&mut self, field: &str, span: Range<usize>) -> Result<Slot, SetupError> {
        let field = field.trim();
        if field.is_empty() {
            return Err(self.source.fault(
                span,
                "no field",
                "the path of a field, such as 245$a, did/unittitle or the name of a column",
            ));
        }
        let wanted = Wanted::new(field);
        Ok(self.wanted.iter().position(|known| *known == wanted).unwrap_or_else(|| {
            self.wanted.push(wanted);
            self.wanted.len() - 1
        }))
    }

    fn patterns(&mut self, written: &Spanned<OneOrMany>) -> Result<Vec<Pattern>, SetupError> {
        let list = written.get_ref().list();
        if list.is_empty() {
            return Err(self.source.fault(
                written.span(),
                "no rule",
                "the id of a rule; see: aarre rules FORMAT",
            ));
        }
        let patterns: Vec<Pattern> = list.iter().map(|one| Pattern::new(one.trim())).collect();
        for pattern in &patterns {
            self.named.push((pattern.clone(), self.source.place(written.span().start)));
        }
        Ok(patterns)
    }

    fn property(
        &self,
        written: Option<&Spanned<String>>,
    ) -> Result<Option<oxrdf::NamedNodeRef<'static>>, SetupError> {
        written
            .map(|written| self.vocabulary.property(written.get_ref(), written.span(), self.source))
            .transpose()
    }

    fn say(&mut self, rule: &file::Rule, needs_property: bool) -> Result<Say, SetupError> {
        let property = self.property(rule.to.as_ref())?;
        if needs_property && property.is_none() {
            return Err(self.source.fault(
                rule.name.span(),
                format!("the rule '{}' without 'to'", rule.name.get_ref()),
                "to = \"…\", a property such as dc:subject",
            ));
        }
        let written = rule.kind_of_value.as_ref().map(|kind| self.choice(kind, KINDS)).transpose()?;
        let kind = if needs_property { Some(Kind::of(property, written)) } else { written };
        let changes = property.is_some() || kind.is_some() || rule.language.is_some() || has_transform(rule);
        if !needs_property && !changes {
            return Err(self.source.fault(
                rule.name.span(),
                format!("the rule '{}' that changes nothing", rule.name.get_ref()),
                "to, as, language, or something to do to the text; to take statements away use drop",
            ));
        }
        let language = match rule.language.as_ref().map(|told| (told.get_ref(), told.span())) {
            None => Tongue::Kept,
            Some((file::Told::Text(tag), _)) if tag == "none" => Tongue::None,
            Some((file::Told::Text(tag), span)) => match vocabularies::languages::find(tag) {
                Some(_) => Tongue::Tag(tag.clone()),
                None => {
                    return Err(self.source.fault(
                        span,
                        format!("the language '{tag}'"),
                        "a BCP 47 language tag such as fi or uk, \"none\", or { field = \"…\" }",
                    ));
                }
            },
            Some((file::Told::Field(by), span)) => Tongue::Told(self.slot_of(&by.field, span)?),
        };
        let direct = match &rule.order {
            None => false,
            Some(order) => self.choice(order, &[("as-written", false), ("direct", true)])?,
        };
        let agent = rule.kind.as_ref().map(|kind| self.choice(kind, AGENTS)).transpose()?.unwrap_or_default();
        let scheme = match &rule.scheme {
            None => None,
            Some(scheme) => Some(self.vocabulary.iri(scheme.get_ref(), scheme.span(), self.source)?),
        };
        let role = self.told(rule.role.as_ref())?;
        let within = self.told(rule.within.as_ref())?;
        let only_if_missing = rule.only_if_missing.as_ref().is_some_and(|written| *written.get_ref());
        Ok(Say { property, kind, language, role, agent, direct, scheme, within, only_if_missing })
    }

    fn told(&mut self, told: Option<&Spanned<file::Told>>) -> Result<Option<Told>, SetupError> {
        Ok(match told.map(|told| (told.get_ref(), told.span())) {
            None => None,
            Some((file::Told::Text(text), _)) => Some(Told::Text(text.clone())),
            Some((file::Told::Field(by), span)) => Some(Told::Field(self.slot_of(&by.field, span)?)),
        })
    }

    fn transform(&self, rule: &file::Rule) -> Result<Transform, SetupError> {
        let mut split = Vec::new();
        if let Some(written) = &rule.split {
            split = written.get_ref().list().to_vec();
            if split.is_empty() || split.iter().any(String::is_empty) {
                let expected = "what stands between two values, such as \";\"";
                return Err(self.source.fault(written.span(), "an empty text", expected));
            }
        }
        let mut replace = Vec::new();
        if let Some(written) = &rule.replace {
            let list = match written.get_ref() {
                Replacements::One(one) => std::slice::from_ref(one),
                Replacements::Many(many) => many,
            };
            for one in list {
                replace.push(match (&one.from, &one.matches) {
                    (Some(from), None) if !from.is_empty() => Replace::Text(from.clone(), one.to.clone()),
                    (None, Some(pattern)) => {
                        Replace::Pattern(self.pattern(pattern, written.span())?, one.to.clone())
                    }
                    _ => {
                        return Err(self.source.fault(
                            written.span(),
                            "a replacement without 'from' or 'matches', or with both",
                            "{ from = \"…\", to = \"…\" } or { matches = \"…\", to = \"…\" }",
                        ));
                    }
                });
            }
        }
        let lookup = match rule.lookup.as_ref().map(|lookup| (lookup.get_ref(), lookup.span())) {
            None => None,
            Some((Lookup::Inline(table), _)) => Some(Arc::new(table.clone())),
            Some((Lookup::Named(name), span)) => Some(self.tables.get(name).cloned().ok_or_else(|| {
                let names: Vec<&str> = self.tables.keys().map(String::as_str).collect();
                self.unknown(span, name, &names, "the name of a table under [tables]")
            })?),
        };
        let text = |written: &Option<Spanned<String>>| {
            written.as_ref().map(|written| self.vocabulary.expanded(written.get_ref())).unwrap_or_default()
        };
        Ok(Transform {
            split,
            replace,
            case: rule.case.as_ref().map(|case| self.choice(case, CASES)).transpose()?,
            lookup,
            otherwise: rule
                .otherwise
                .as_ref()
                .map(|otherwise| self.choice(otherwise, OTHERWISE))
                .transpose()?
                .unwrap_or_default(),
            prefix: text(&rule.prefix),
            suffix: rule.suffix.as_ref().map(|suffix| suffix.get_ref().clone()).unwrap_or_default(),
        })
    }

    fn conditions(&mut self, when: &Spanned<Conditions>) -> Result<Vec<Condition>, SetupError> {
        let list = match when.get_ref() {
            Conditions::One(one) => std::slice::from_ref(&**one),
            Conditions::Many(many) => many,
        };
        let mut conditions = Vec::new();
        for one in list {
            let slot = self.slot_of(&one.field, when.span())?;
            let lists: [(_, MakeTest); 5] = [
                (&one.is, Test::Is),
                (&one.is_not, Test::IsNot),
                (&one.starts_with, Test::StartsWith),
                (&one.ends_with, Test::EndsWith),
                (&one.contains, Test::Contains),
            ];
            let before = conditions.len();
            for (list, test) in lists {
                if let Some(list) = list {
                    conditions.push(Condition { slot, test: test(list.list().to_vec()) });
                }
            }
            if let Some(pattern) = &one.matches {
                let pattern = self.pattern(pattern, when.span())?;
                conditions.push(Condition { slot, test: Test::Matches(pattern) });
            }
            if let Some(present) = one.present {
                conditions.push(Condition { slot, test: if present { Test::Present } else { Test::Absent } });
            }
            if conditions.len() == before {
                return Err(self.source.fault(
                    when.span(),
                    format!("a condition on '{}' that asks nothing", one.field),
                    "is, is_not, starts_with, ends_with, contains, matches or present",
                ));
            }
        }
        Ok(conditions)
    }

    fn pattern(&self, pattern: &str, span: Range<usize>) -> Result<Regex, SetupError> {
        // Matching takes time linear in the text whatever the pattern; its size is bounded besides.
        regex::RegexBuilder::new(pattern).size_limit(1 << 20).build().map_err(|error| {
            let reason = error.to_string();
            let reason = reason.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
            self.source.fault(span, format!("the pattern '{pattern}': {reason}"), "a regular expression")
        })
    }

    fn choice<T: Copy>(&self, written: &Spanned<String>, choices: &[(&str, T)]) -> Result<T, SetupError> {
        choices.iter().find(|(name, _)| name == written.get_ref()).map(|(_, value)| *value).ok_or_else(|| {
            let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
            self.unknown(written.span(), written.get_ref(), &names, "one")
        })
    }

    fn unknown(&self, span: Range<usize>, met: &str, names: &[&str], what: &str) -> SetupError {
        let all = names.join(", ");
        let expected = match nearest(met, names.iter().copied()) {
            Some(near) => format!("'{near}'? There are {all}"),
            None if all.is_empty() => format!("{what}; there is none"),
            None => format!("{what} of {all}"),
        };
        self.source.fault(span, format!("'{met}'"), expected)
    }
}

fn has_transform(rule: &file::Rule) -> bool {
    rule.split.is_some()
        || rule.replace.is_some()
        || rule.case.is_some()
        || rule.lookup.is_some()
        || rule.prefix.is_some()
        || rule.suffix.is_some()
}
