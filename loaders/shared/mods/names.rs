//! Who: `name`, with its parts, roles and authorities.

use super::{Mods, table, tag};
use crate::shared::draft::{Part, Party};
use crate::shared::names::{self, Name};
use crate::shared::punctuation::trim;
use crate::shared::roles::{self, Role};
use crate::shared::schemes;
use crate::shared::xml::ElementRef;
use graph_model::{AgentKind, IssueKind};
use vocabularies::{dc, rdagr2, skos};

/// The IRIs in authority files that an element gives: `valueURI`, `xlink:href`, and a bare number where the authority is
/// one whose IRIs begin with its own.
pub(super) fn authority(element: ElementRef<'_>) -> Vec<String> {
    let mut iris: Vec<String> = Vec::new();
    for name in ["valueURI", "xlink:href"] {
        let Some(value) = element.attribute(name).map(str::trim).filter(|value| !value.is_empty()) else {
            continue;
        };
        let iri = if value.starts_with("http://") || value.starts_with("https://") {
            Some(value.to_owned())
        } else {
            let scheme = element
                .attribute("authority")
                .and_then(|authority| schemes::known(authority).iri)
                .filter(|iri| iri.ends_with('/'));
            let plain = value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
            scheme.filter(|_| plain).map(|scheme| format!("{scheme}{value}"))
        };
        if let Some(iri) = iri.filter(|iri| !iri.contains(char::is_whitespace))
            && !iris.contains(&iri)
        {
            iris.push(iri);
        }
    }
    iris
}

fn kind(name: ElementRef<'_>) -> AgentKind {
    match name.attribute("type").unwrap_or_default().trim() {
        "personal" => AgentKind::Person,
        "corporate" => AgentKind::Organization,
        "conference" => AgentKind::Event,
        "family" => AgentKind::Family,
        _ => AgentKind::Unknown,
    }
}

/// Reads a `name` (or an `alternativeName`).
pub(super) fn party(name: ElementRef<'_>) -> Party {
    let mut kind = kind(name);
    let (mut plain, mut family, mut given): (Vec<String>, Vec<String>, Vec<String>) = Default::default();
    let (mut terms, mut dates): (Vec<String>, Vec<String>) = Default::default();
    for part in name.children("namePart") {
        let text = part.text();
        let text = trim(text.trim_matches([',', ' '])).to_owned();
        if text.is_empty() {
            continue;
        }
        match part.attribute("type").unwrap_or_default().trim() {
            "family" => family.push(text),
            "given" => given.push(text),
            "termsOfAddress" => terms.push(text),
            "date" => dates.push(text),
            // Parts of other kinds than the schema has are no part of the heading.
            "affiliation" | "displayForm" => {}
            _ => plain.push(text),
        }
    }
    let display =
        name.child("displayForm").map(|form| form.text().into_owned()).filter(|form| !form.is_empty());
    let mut read = Name::default();
    if !family.is_empty() || !given.is_empty() {
        read.name = match (family.is_empty(), given.is_empty()) {
            (false, false) => format!("{}, {}", family.join(" "), given.join(" ")),
            (false, true) => family.join(" "),
            _ => given.join(" "),
        };
        kind = if kind == AgentKind::Unknown { AgentKind::Person } else { kind };
    } else {
        // Of a body, further parts are units below it; of a person, they were written apart.
        let between = if matches!(kind, AgentKind::Organization | AgentKind::Event) { ". " } else { ", " };
        let whole = if plain.is_empty() { display.clone().unwrap_or_default() } else { plain.join(between) };
        if matches!(kind, AgentKind::Organization | AgentKind::Event) {
            read.name = whole;
        } else {
            read = names::read_name(&whole);
            if kind == AgentKind::Unknown {
                kind = read.kind_hint;
            } else if kind == AgentKind::Person
                && !read.name.contains(',')
                && name.attribute("authority").is_none()
            {
                // The source says that it is a person's, so the order can be told.
                read.name = names::inverted(&read.name);
            }
        }
    }
    for text in dates {
        let (birth, death) = names::read_life(&text);
        if birth.is_none() && death.is_none() {
            // Years of activity tell namesakes apart.
            terms.push(text);
        }
        read.birth = read.birth.or(birth);
        read.death = read.death.or(death);
    }
    if !terms.is_empty() {
        let qualifier = read.qualifier.take().into_iter().chain(terms).collect::<Vec<_>>();
        read.qualifier = Some(qualifier.join(", "));
    }
    let mut same_as = authority(name);
    for identifier in name.children("nameIdentifier") {
        if let Some(iri) = identifier_iri(identifier)
            && !same_as.contains(&iri)
        {
            same_as.push(iri);
        }
    }
    Party { kind, language: tag(name), as_written: display, same_as, name: read }
}

/// The IRI that a `nameIdentifier` means.
fn identifier_iri(identifier: ElementRef<'_>) -> Option<String> {
    let text = identifier.text();
    if text.starts_with("http://") || text.starts_with("https://") {
        return (!text.contains(' ')).then(|| text.into_owned());
    }
    let kind = identifier.attribute("type").or_else(|| identifier.attribute("typeURI"))?;
    let prefix = table::find("agent-identifier", kind.rsplit('/').next().unwrap_or(kind))?;
    let number: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let number = number.rsplit(':').next().unwrap_or_default();
    (!number.is_empty() && number.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
        .then(|| format!("{prefix}{number}"))
}

/// The roles of a name: a code and a word in one `role` say one thing.
pub(super) fn roles(name: ElementRef<'_>) -> Vec<Role> {
    let mut found: Vec<Role> = Vec::new();
    for role in name.children("role") {
        let mut one: Vec<Role> = Vec::new();
        for term in role.children("roleTerm") {
            let by_iri = term.attribute("valueURI").map(roles::of_code).filter(|role| !role.unknown());
            let text = term.text();
            if text.is_empty() && by_iri.is_none() {
                continue;
            }
            let read = by_iri.unwrap_or_else(|| match term.attribute("type") {
                Some("code") => roles::of_code(&text),
                _ => roles::of_word(text.trim_end_matches('.')),
            });
            if !one.contains(&read) {
                one.push(read);
            }
        }
        if one.iter().any(|role| !role.unknown()) {
            one.retain(|role| !role.unknown());
        }
        for role in one {
            if !found.contains(&role) {
                found.push(role);
            }
        }
    }
    found
}

impl<'e> Mods<'e, '_, '_> {
    pub(super) fn name(&mut self, field: ElementRef<'e>, count: u32) {
        self.rule("mods.name.agent", "name", count);
        self.named(field, Part::Creator);
    }

    /// Somebody who took part; `part` is that of one without a role.
    pub(super) fn named(&mut self, field: ElementRef<'e>, part: Part) {
        let party = party(field);
        for others in field.children("etal") {
            self.draft.text(skos::NOTE, &others.text(), tag(others).as_deref());
        }
        let Some(agent) = self.draft.agent(&party) else {
            if field.child("etal").is_none() {
                self.draft.out.issue(IssueKind::MissingValue, &field.text(), "a name in mods:namePart");
            }
            return;
        };
        for form in field.children("alternativeName") {
            self.draft.out.text(
                agent,
                skos::ALT_LABEL,
                &super::names::party(form).name.name,
                tag(form).as_deref(),
            );
        }
        for affiliation in field.children("affiliation") {
            self.draft.out.text(agent, rdagr2::AFFILIATION, &affiliation.text(), None);
        }
        for description in field.children("description") {
            self.draft.out.text(agent, skos::NOTE, &description.text(), tag(description).as_deref());
        }
        let roles = roles(field);
        let has = |wanted: &str| {
            roles.iter().any(|role| matches!(role, Role::Known { code, .. } if *code == wanted))
        };
        // Whom a picture shows is what it is about.
        if has("dpc") && roles.len() == 1 {
            self.draft.out.link(self.draft.item, dc::SUBJECT, agent);
            return;
        }
        let primary = field.attribute("usage") == Some("primary");
        let part = if roles.is_empty() {
            part
        } else if roles.iter().any(Role::makes) || primary && roles.iter().all(Role::unknown) {
            Part::Creator
        } else if has("pbl") {
            Part::Publisher
        } else {
            Part::Contributor
        };
        let contribution = self.draft.part(agent, part, &roles, "mods.name.contribution");
        if let Some(contribution) = contribution
            && primary
        {
            self.draft.out.a(contribution, vocabularies::bf::PRIMARY_CONTRIBUTION);
        }
    }
}
