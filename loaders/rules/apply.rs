//! The rules of an owner on one document, after the built-in mapping has described its record.

use super::Rules;
use super::pick::{Of, Picked, Picks};
use super::property::aggregated;
use super::rule::{By, Kind, Rule, Say, Selected, Told, Tongue, What};
use super::say::{Value, say};
use crate::Fields;
use crate::shared::core;
use graph_model::{
    Base, DatasetId, Description, Document, IssueKind, Node, NodeKind, ObjectRef, StatementRef,
};
use oxrdf::NamedNodeRef;
use std::collections::HashSet;
use vocabularies::{aarre, edm, rdf, skos};

impl Rules {
    /// Applies the rules, in the order of their file, to the document of a record whose fields are given.
    pub fn apply(&self, base: &Base, dataset: &DatasetId, fields: &Fields<'_>, document: &mut Document) {
        let picks = Picks::of(&self.wanted, fields);
        for rule in &self.rules {
            let mut work = Work { rule, picks: &picks, base, dataset, document: &mut *document };
            match &rule.what {
                What::Map(slot, told) => work.map(*slot, told),
                What::Constant(values, told) => work.constant(values, told),
                What::Change(selected, told) => work.change(selected, told),
                What::Drop(selected) => work.drop(selected),
                What::Raise(slot, text) => work.raise(*slot, text),
                What::Ignore(kinds, field) => {
                    if picks.hold(&rule.when, None) {
                        document.retain_issues(|issue| {
                            !(kinds.iter().any(|kind| kind.fits(issue.kind.code()))
                                && field.as_ref().is_none_or(|field| is_in(&issue.path, field)))
                        });
                    }
                }
            }
        }
        if let Some(rights) = &self.rights {
            let is = |predicate| document.statements().any(|statement| statement.predicate == predicate);
            if is(edm::AGGREGATED_CHO) && !is(edm::RIGHTS) {
                let mut out = Description::resume(base, dataset, document);
                out.rule("owner.rights", "");
                let aggregation = core::aggregation(&mut out);
                core::rights(&mut out, aggregation, rights, None);
            }
        }
    }
}

struct Work<'w> {
    rule: &'w Rule,
    picks: &'w Picks<'w>,
    base: &'w Base,
    dataset: &'w DatasetId,
    document: &'w mut Document,
}

/// Whether what names an entity that something still leads to stays or goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Names {
    Stay,
    Go,
}

/// A statement that is to be said otherwise.
struct Old {
    subject: Node,
    predicate: NamedNodeRef<'static>,
    object: OldObject,
    path: String,
}

enum OldObject {
    Iri(String),
    Text(String, Option<String>),
    Typed(String, NamedNodeRef<'static>),
}

impl Work<'_> {
    fn map(&mut self, slot: usize, told: &Say) {
        let (rule, picks) = (self.rule, self.picks);
        for field in picks.each(slot) {
            let of = Some(Of::Field(field));
            if !picks.hold(&rule.when, of) {
                continue;
            }
            let (role, within) = (self.told(told.role.as_ref(), of), self.told(told.within.as_ref(), of));
            let language = self.language(told, field.language.as_deref(), of);
            let mut out = Description::resume(self.base, self.dataset, self.document);
            out.rule(&rule.id, &field.path);
            for text in rule.text.apply(&field.text, &mut out) {
                let value = Value {
                    text: &text,
                    language: language.as_deref(),
                    role: role.as_deref(),
                    within: within.as_deref(),
                };
                state(told, None, &value, &mut out);
            }
        }
    }

    fn constant(&mut self, values: &[String], told: &Say) {
        let (rule, picks) = (self.rule, self.picks);
        if !picks.hold(&rule.when, None) {
            return;
        }
        let (role, within) = (self.told(told.role.as_ref(), None), self.told(told.within.as_ref(), None));
        let language = self.language(told, None, None);
        let mut out = Description::resume(self.base, self.dataset, self.document);
        out.rule(&rule.id, "");
        for value in values {
            for text in rule.text.apply(value, &mut out) {
                let value = Value {
                    text: &text,
                    language: language.as_deref(),
                    role: role.as_deref(),
                    within: within.as_deref(),
                };
                state(told, None, &value, &mut out);
            }
        }
    }

    fn raise(&mut self, slot: Option<usize>, text: &str) {
        let (rule, picks) = (self.rule, self.picks);
        let mut out = Description::resume(self.base, self.dataset, self.document);
        match slot {
            None if picks.hold(&rule.when, None) => {
                out.issue_at(&rule.id, IssueKind::OwnersRule, "", text.to_owned());
            }
            None => {}
            Some(slot) => {
                let fits = |field: &&Picked| picks.hold(&rule.when, Some(Of::Field(field)));
                for field in picks.each(slot).filter(fits) {
                    out.issue_at(&field.path, IssueKind::OwnersRule, &field.text, text.to_owned());
                }
            }
        }
    }

    fn drop(&mut self, selected: &Selected) {
        self.without(Names::Stay, |work, statement| work.selects(selected, statement));
    }

    fn change(&mut self, selected: &Selected, told: &Say) {
        let mut old = Vec::new();
        for statement in self.document.statements() {
            if changes(told, &statement) && self.selects(selected, &statement) {
                old.push(Old {
                    subject: statement.subject_node,
                    predicate: statement.predicate,
                    object: match statement.object {
                        ObjectRef::Iri(iri) => OldObject::Iri(iri.to_owned()),
                        ObjectRef::Text(text, tag) => {
                            OldObject::Text(text.to_owned(), tag.map(str::to_owned))
                        }
                        ObjectRef::Typed(text, datatype) => OldObject::Typed(text.to_owned(), datatype),
                    },
                    path: statement.path.to_owned(),
                });
            }
        }
        if old.is_empty() {
            return;
        }
        let labels: Vec<Vec<(String, Option<String>)>> =
            old.iter().map(|old| self.labels(&old.object)).collect();
        // The new is said before what it replaces goes, so that what both lead to is never let go.
        let fresh = self.document.len();
        for (old, labels) in old.iter().zip(&labels) {
            self.anew(old, labels, told);
        }
        let mut at = 0;
        let gone = old.iter().map(|old| (old.subject, old.predicate)).collect::<HashSet<_>>();
        let rule_id = self.rule.id.clone();
        self.without(Names::Go, |work, statement| {
            at += 1;
            at <= fresh
                && gone.contains(&(statement.subject_node, statement.predicate))
                && statement.rule != rule_id
                && changes(told, statement)
                && work.selects(selected, statement)
                && !work.kept_as_it_is(told, statement)
        });
    }

    /// Whether a change leaves the statement as it is, for then it must not go.
    fn kept_as_it_is(&self, told: &Say, statement: &StatementRef<'_>) -> bool {
        let same_property = told.property.is_none_or(|property| property == statement.predicate);
        let same_kind = match (told.kind, statement.object) {
            (None, ObjectRef::Iri(_)) => true,
            (None | Some(Kind::Text), ObjectRef::Text(text, tag)) => {
                let language = self.language(told, tag, Some(Of::Place(statement.path)));
                let mut spare = Document::new();
                let mut out = Description::new(self.base, self.dataset, "-", &mut spare);
                self.rule.text.apply(text, &mut out) == [text] && language.as_deref() == tag
            }
            (None, ObjectRef::Typed(..)) => true,
            _ => false,
        };
        same_property && same_kind
    }

    fn anew(&mut self, old: &Old, labels: &[(String, Option<String>)], told: &Say) {
        let rule = self.rule;
        let of = Some(Of::Place(old.path.as_str()));
        let property = told.property.unwrap_or(old.predicate);
        let moved = told.property.is_some_and(|property| aggregated(property).is_some());
        let subject = if moved { None } else { Some(old.subject) };
        let (role, within) = (self.told(told.role.as_ref(), of), self.told(told.within.as_ref(), of));
        let mut texts: Vec<(String, Option<String>)> = Vec::new();
        match (&old.object, told.kind) {
            (OldObject::Iri(iri), None) => {
                let mut out = Description::resume(self.base, self.dataset, self.document);
                out.rule(&rule.id, &old.path);
                if let (Some(subject), Some(object)) = (subject.or_else(|| Some(out.item())), out.iri(iri)) {
                    out.link(subject, property, object);
                }
                return;
            }
            (OldObject::Iri(iri), Some(Kind::Iri | Kind::Rights)) => texts.push((iri.clone(), None)),
            (OldObject::Iri(_), Some(_)) => texts.extend(labels.iter().cloned()),
            (OldObject::Text(text, tag), _) => texts.push((text.clone(), tag.clone())),
            (OldObject::Typed(text, datatype), None) => {
                let mut out = Description::resume(self.base, self.dataset, self.document);
                out.rule(&rule.id, &old.path);
                out.typed(old.subject, property, text, *datatype);
                return;
            }
            (OldObject::Typed(text, _), Some(_)) => texts.push((text.clone(), None)),
        }
        let kind = told.kind.unwrap_or(Kind::Text);
        for (text, tag) in texts {
            let language = self.language(told, tag.as_deref(), of);
            let mut out = Description::resume(self.base, self.dataset, self.document);
            out.rule(&rule.id, &old.path);
            for text in rule.text.apply(&text, &mut out) {
                let value = Value {
                    text: &text,
                    language: language.as_deref(),
                    role: role.as_deref(),
                    within: within.as_deref(),
                };
                if !(told.only_if_missing && out.states(subject.unwrap_or(out.item()), property)) {
                    say(told, kind, property, subject, &value, &mut out);
                }
            }
        }
    }

    /// The names of what an object is.
    fn labels(&self, object: &OldObject) -> Vec<(String, Option<String>)> {
        let OldObject::Iri(iri) = object else { return Vec::new() };
        let names = |predicate: NamedNodeRef<'_>| {
            let of =
                self.document.statements().filter(|one| one.subject == iri && one.predicate == predicate);
            of.filter_map(|one| match one.object {
                ObjectRef::Text(text, tag) => Some((text.to_owned(), tag.map(str::to_owned))),
                _ => None,
            })
            .collect::<Vec<_>>()
        };
        let preferred = names(skos::PREF_LABEL);
        if !preferred.is_empty() {
            return preferred;
        }
        let date = names(aarre::EDTF);
        if date.is_empty() { vec![(iri.clone(), None)] } else { date }
    }

    /// Takes statements away, and with them what nothing leads to any more. What names an entity that something still
    /// leads to stays, whoever said it.
    fn without(&mut self, names: Names, mut goes: impl FnMut(&Self, &StatementRef<'_>) -> bool) {
        let goes: Vec<bool> = self.document.statements().map(|statement| goes(self, &statement)).collect();
        if !goes.contains(&true) {
            return;
        }
        let lost_before: HashSet<Node> = self.document.unreached();
        let names = |statement: &StatementRef<'_>| {
            let name = [rdf::TYPE, skos::PREF_LABEL, aarre::EDTF, edm::BEGIN, edm::END];
            names == Names::Stay
                && statement.subject_kind == NodeKind::Shared
                && name.contains(&statement.predicate)
        };
        let mut at = 0;
        self.document.retain(|statement| {
            at += 1;
            !goes[at - 1] || names(statement)
        });
        let lost = self.document.unreached();
        if lost.iter().any(|node| !lost_before.contains(node)) {
            self.document.retain(|statement| {
                !lost.contains(&statement.subject_node) || lost_before.contains(&statement.subject_node)
            });
        }
    }

    fn selects(&self, selected: &Selected, statement: &StatementRef<'_>) -> bool {
        selected.property.is_none_or(|property| property == statement.predicate)
            && match &selected.by {
                By::Rules(patterns) => patterns.iter().any(|pattern| pattern.fits(statement.rule)),
                By::Fields(fields) => {
                    !is_frame(statement) && fields.iter().any(|field| is_in(statement.path, field))
                }
            }
            && self.picks.hold(&self.rule.when, Some(Of::Place(statement.path)))
    }

    fn told(&self, told: Option<&Told>, of: Option<Of<'_>>) -> Option<String> {
        match told? {
            Told::Text(text) => Some(text.clone()),
            Told::Field(slot) => self.picks.told(*slot, of).map(str::to_owned),
        }
    }

    fn language(&self, told: &Say, own: Option<&str>, of: Option<Of<'_>>) -> Option<String> {
        match &told.language {
            Tongue::Kept => own.map(str::to_owned),
            Tongue::None => None,
            Tongue::Tag(tag) => Some(tag.clone()),
            Tongue::Told(slot) => {
                self.picks.told(*slot, of).and_then(crate::shared::languages::tag).map(str::to_owned)
            }
        }
    }
}

fn state(told: &Say, subject: Option<Node>, value: &Value<'_>, out: &mut Description<'_>) {
    let (Some(property), Some(kind)) = (told.property, told.kind) else { return };
    if told.only_if_missing {
        let item = out.item();
        let subject = subject.unwrap_or(item);
        let aggregation = aggregated(property).is_some();
        let node = if aggregation { core::aggregation(out) } else { subject };
        if out.states(node, property) {
            return;
        }
    }
    say(told, kind, property, subject, value, out);
}

/// Whether a change may touch the statement. What describes an agent, place or concept belongs to it and is said anew with
/// it, so it is changed only where its property and kind stay: another language, another way to write it.
fn changes(told: &Say, statement: &StatementRef<'_>) -> bool {
    let entity = statement.subject_kind == NodeKind::Shared;
    let stays = told.property.is_none() && told.kind.is_none() && statement.predicate != rdf::TYPE;
    (!entity || stays) && !is_frame(statement)
}

/// What holds the document together: the classes of the item and its aggregation, and how they hang together.
fn is_frame(statement: &StatementRef<'_>) -> bool {
    let own = matches!(statement.subject_kind, NodeKind::Item | NodeKind::Fragment);
    own && (statement.predicate == rdf::TYPE
        || statement.predicate == edm::AGGREGATED_CHO
        || statement.predicate == vocabularies::ore::IS_AGGREGATED_BY)
}

/// Whether a place is that of the field, as somebody wrote it, or in it.
fn is_in(place: &str, field: &str) -> bool {
    crate::coverage::is_in(place, field)
}
