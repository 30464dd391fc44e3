//! `[[event]]`, `[[document]]` and `[[inscription]]` made ready.

use super::compile::{Checker, OTHERWISE, expanded, place_of};
use super::file::{self, OneOrMany};
use super::mapping::{Group, GroupKind, Origin, Otherwise, Part, Prop, Reading};
use super::targets::AGENT_KINDS;
use crate::SetupError;
use toml::Spanned;

impl Checker<'_> {
    pub(super) fn group(
        &mut self,
        group: &file::Group,
        told: Option<GroupKind>,
    ) -> Result<Group, SetupError> {
        let kind = match (&group.kind, told) {
            (Some(kind), None) => self.choice(kind, GroupKind::events())?,
            (None, Some(kind)) => kind,
            (Some(kind), Some(told)) => {
                let expected = format!("no 'kind' in [[{}]]; its 'type' tells what it is", told.name());
                return Err(self.source.fault(kind.span(), format!("'{}'", kind.get_ref()), expected));
            }
            (None, None) => {
                let names: Vec<&str> = GroupKind::events().iter().map(|(name, _)| *name).collect();
                let place = group.parts().next().map_or(0..0, |(_, part)| part.span());
                return Err(self.source.fault(
                    place,
                    "an event without its kind",
                    format!("kind = one of {}", names.join(", ")),
                ));
            }
        };
        let split = self.separators(group.split.as_ref())?;
        let mut parts = Vec::new();
        for (name, written) in group.parts() {
            let Some((_, prop)) = Prop::NAMES.iter().find(|(known, _)| *known == name) else { continue };
            let kinds = prop.kinds();
            if !kinds.contains(&kind) {
                let names: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
                return Err(self.source.fault(
                    written.span(),
                    format!("'{name}' in an event of the kind {}", kind.name()),
                    format!("it only in {}", names.join(", ")),
                ));
            }
            parts.push(self.part(*prop, kind, group.each.as_deref(), written, &split)?);
        }
        let language = match &group.language {
            Some(language) => self.tongue(language.get_ref(), language.span())?,
            None => self.language.clone(),
        };
        let agents =
            group.agents.as_ref().map(|kind| self.choice(kind, AGENT_KINDS)).transpose()?.unwrap_or_default();
        Ok(Group {
            kind,
            each: group.each.clone(),
            conditions: self.both_conditions(&group.only, &group.unless),
            parts,
            together: group.together,
            role: group.role.clone(),
            language,
            direct: self.direct(group.order.as_ref())?,
            agents,
        })
    }

    fn part(
        &mut self,
        prop: Prop,
        kind: GroupKind,
        each: Option<&str>,
        written: &Spanned<file::Part>,
        split: &[String],
    ) -> Result<Part, SetupError> {
        let span = written.span();
        let part = match written.get_ref() {
            file::Part::Column(name) => file::WrittenPart {
                columns: Some(OneOrMany::One(name.clone())),
                ..file::WrittenPart::default()
            },
            file::Part::Written(part) => part.as_ref().clone(),
        };
        let columns = part.columns.as_ref().map(OneOrMany::list).unwrap_or_default();
        let origin = match (&part.value, columns) {
            (Some(value), []) => Origin::Constant(vec![value.clone()]),
            (None, columns) if !columns.is_empty() && columns.iter().all(|name| !name.trim().is_empty()) => {
                Origin::Columns(columns.iter().map(|name| self.slot(name)).collect())
            }
            _ => {
                return Err(self.source.fault(
                    span,
                    format!("'{}' without its column", prop.name()),
                    "columns = \"…\", or value = \"…\" for what is always the same",
                ));
            }
        };
        let otherwise = match part.otherwise.as_deref() {
            None => Otherwise::Issue,
            Some(word) => {
                OTHERWISE.iter().find(|(name, _)| *name == word).map(|(_, otherwise)| *otherwise).ok_or_else(
                    || self.source.fault(span.clone(), format!("'{word}'"), "one of drop, issue, keep"),
                )?
            }
        };
        let own = part.split.as_ref().map(|split| Spanned::new(span.clone(), split.clone()));
        let lookup = part.lookup.as_ref().map(|lookup| self.lookup(lookup, span)).transpose()?;
        let name = columns.first().map_or("constant", String::as_str);
        // Beginning and end are one date, and an act is one act however much of it is told.
        let said = match prop {
            Prop::Begin | Prop::End => "date",
            Prop::ActUrl | Prop::ActDate => "act",
            prop => prop.name(),
        };
        Ok(Part {
            prop,
            id: format!("table.{name}.{}-{said}", kind.name()),
            path: place_of(each, columns),
            reading: Reading {
                origin,
                join: part.join.clone(),
                first: part.first,
                after: part.after.clone(),
                before: part.before.as_ref().map(|texts| texts.list().to_vec()).unwrap_or_default(),
                split: match own {
                    Some(own) => self.separators(Some(&own))?,
                    None => split.to_vec(),
                },
                lookup,
                otherwise,
                default: part.default.clone(),
                prefix: expanded(&part.prefix),
                suffix: part.suffix.clone(),
            },
        })
    }
}
