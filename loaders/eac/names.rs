//! Names: entries with their parts, uses and scripts, alone or in parallel, and the shared agent that the authorised one
//! leads to.

use super::dates;
use super::draft::{self, Draft};
use super::table;
use crate::shared::names as headings;
use crate::shared::xml::ElementRef;
use graph_model::{Agent, AgentKind, IssueKind};
use oxrdf::NamedNodeRef;
use std::borrow::Cow;
use vocabularies::{foaf, owl, rico, skos};

/// Dates of the use of a name.
const USE: [NamedNodeRef<'static>; 3] = [rico::USED_FROM_DATE, rico::USED_TO_DATE, rico::DATE];

/// How far the source prefers a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Preferred,
    Plain,
    Variant,
}

struct Name<'e> {
    entry: ElementRef<'e>,
    /// The set of parallel names that it stands in.
    set: Option<ElementRef<'e>>,
    heading: String,
    rank: Rank,
    tag: Option<String>,
    path: String,
}

/// States all names of an identity, and ties the agent to the one that other records share.
pub(super) fn describe(draft: &mut Draft<'_, '_>, identity: ElementRef<'_>, same_as: &[String]) {
    let mut names: Vec<Name<'_>> = Vec::new();
    for (index, child) in
        identity.elements().filter(|child| child.name().starts_with("nameEntry")).enumerate()
    {
        let path = format!("identity/{}[{}]", child.name(), index + 1);
        if child.name() == "nameEntry" {
            names.extend(name(draft, child, None, path));
        } else {
            for (inner, entry) in child.children("nameEntry").enumerate() {
                let path = format!("{path}/nameEntry[{}]", inner + 1);
                names.extend(name(draft, entry, Some(child), path));
            }
        }
    }
    // A record whose names say nothing of preference means its first one.
    let best = names.iter().map(|name| name.rank).min();
    let first = names.iter().position(|name| Some(name.rank) == best);
    let mut tags: Vec<Option<&str>> = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let preferred = match name.rank {
            _ if Some(index) == first => true,
            Rank::Preferred => name.tag.is_some() && !tags.contains(&name.tag.as_deref()),
            _ => false,
        };
        if preferred {
            tags.push(name.tag.as_deref());
        }
        state(draft, name, preferred);
    }
    match first.and_then(|first| names.get(first)) {
        Some(name) => share(draft, name, same_as),
        None => draft.out.issue_at(
            "identity/nameEntry",
            IssueKind::MissingTitle,
            "",
            "a nameEntry with a part that holds the name",
        ),
    }
}

fn name<'e>(
    draft: &mut Draft<'_, '_>,
    entry: ElementRef<'e>,
    set: Option<ElementRef<'e>>,
    path: String,
) -> Option<Name<'e>> {
    let heading = heading(entry, draft.kind);
    if heading.is_empty() {
        draft.out.issue_at(&path, IssueKind::MissingValue, "", "a part that holds the name");
        return None;
    }
    let kind = entry.attribute("localType").unwrap_or_default();
    let own = |name: &str| entry.child(name).is_some() || set.is_some_and(|set| set.child(name).is_some());
    let status = entry.attribute("status").unwrap_or_default();
    let rank = if entry.child("authorizedForm").is_some()
        || entry.child("preferredForm").is_some()
        || status == "authorized"
        || entry.attribute("preferredForm") == Some("true")
        || table::find("name", kind) == Some("preferred") && entry.child("alternativeForm").is_none()
    {
        Rank::Preferred
    } else if status == "alternative" || own("alternativeForm") || set.is_some() {
        Rank::Variant
    } else {
        Rank::Plain
    };
    Some(Name { entry, set, heading, rank, tag: draft::tag_of_name(entry), path })
}

fn state(draft: &mut Draft<'_, '_>, name: &Name<'_>, preferred: bool) {
    let (subject, tag) = (draft.subject, name.tag.as_deref());
    let rule = if preferred { "eac.nameEntry.preferred" } else { "eac.nameEntry.variant" };
    draft.out.rule(rule, &name.path);
    let label = if preferred { skos::PREF_LABEL } else { skos::ALT_LABEL };
    draft.out.text(subject, label, &name.heading, tag);
    let node = draft.fragment("name");
    draft.out.link(subject, rico::HAS_OR_HAD_AGENT_NAME, node);
    draft.out.a(node, rico::AGENT_NAME);
    draft.out.text(node, rico::TEXTUAL_VALUE, &name.heading, tag);
    if let Some(kind) = name.entry.attribute("localType") {
        draft.out.text(node, rico::TYPE, table::last_segment(kind), None);
    }
    for (words, role) in [("authorizedForm", "rule"), ("alternativeForm", "rule"), ("preferredForm", "rule")]
    {
        for form in name.entry.children(words) {
            // The form is named by the rules or the file that it follows, or else by `unknown`.
            let text = form.text();
            if !text.is_empty() && text != "unknown" {
                let rule = draft.out.fragment(&format!("{role}-{}", graph_model::content_key(&[&text])));
                draft.out.link(node, rico::IS_OR_WAS_REGULATED_BY, rule);
                draft.out.a(rule, rico::RULE);
                draft.out.text(rule, rico::NAME, &text, None);
            }
        }
    }
    for around in [Some(name.entry), name.set].into_iter().flatten() {
        for used in around.children("useDates") {
            dates::state(draft, node, used, USE);
        }
    }
    for note in name.entry.children("descriptiveNote") {
        let language = draft.language_of(note);
        draft.out.text(node, rico::NOTE, &super::text::prose(note), language);
    }
    if preferred && draft.kind == AgentKind::Person {
        for part in name.entry.children("part") {
            let property = match part_kind(part) {
                Some("surname") => foaf::FAMILY_NAME,
                Some("forename") => foaf::GIVEN_NAME,
                _ => continue,
            };
            draft.out.text(subject, property, part.text().trim_end_matches([',', ' ']), tag);
        }
    }
}

/// The shared agent with this heading, as finding aids and catalogues name it, is the agent of this record.
fn share(draft: &mut Draft<'_, '_>, name: &Name<'_>, same_as: &[String]) {
    draft.out.rule("eac.nameEntry.agent", &name.path);
    let mut same: Vec<String> = vec![draft.out.iri_of(draft.subject).to_owned()];
    same.extend_from_slice(same_as);
    let read = read(&name.heading, draft.kind);
    let hub = draft.out.agent(&Agent {
        kind: draft.kind,
        name: &read.name,
        language: name.tag.as_deref(),
        birth: read.birth.as_deref(),
        death: read.death.as_deref(),
        qualifier: read.qualifier.as_deref(),
        as_written: Some(&name.heading),
        same_as: &same,
    });
    if let Some(hub) = hub {
        let subject = draft.subject;
        draft.out.link(subject, owl::SAME_AS, hub);
    }
}

/// A name as the key of the shared agent wants it: persons apart from their dates, bodies and families as they stand.
pub(super) fn read(heading: &str, kind: AgentKind) -> headings::Name {
    if !matches!(kind, AgentKind::Person | AgentKind::Unknown) {
        return headings::Name {
            kind_hint: kind,
            name: heading.trim_end_matches([',', ';', ' ']).to_owned(),
            ..headings::Name::default()
        };
    }
    let mut read = headings::read_name(heading);
    if kind == AgentKind::Person {
        read.kind_hint = kind;
        if !read.name.contains(',') {
            read.name = headings::inverted(&read.name);
        }
    }
    read
}

/// The kind of a part: its word, or the code of a MARC subfield (`100a`, `400$d`).
fn part_kind(part: ElementRef<'_>) -> Option<&'static str> {
    let kind = part.attribute("localType")?;
    table::find("part", kind).or_else(|| {
        let word = table::last_segment(kind);
        let code = word.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '_' | '$'));
        (code.len() == 1 && code.len() < word.len()).then(|| table::find("part", code)).flatten()
    })
}

/// The heading that the parts of a name make.
pub(super) fn heading(entry: ElementRef<'_>, kind: AgentKind) -> String {
    let parts: Vec<(Option<&str>, Cow<'_, str>)> = entry
        .children("part")
        .map(|part| (part_kind(part), part.text()))
        .filter(|(_, text)| !text.is_empty())
        .collect();
    match parts.as_slice() {
        // Old exports and slips write the name without a part.
        [] => return bare(entry),
        [(_, only)] => return only.trim_end_matches([',', ' ']).to_owned(),
        _ => {}
    }
    let of = |wanted: &str| -> Vec<&str> {
        parts
            .iter()
            .filter(|(kind, _)| *kind == Some(wanted))
            .map(|(_, text)| text.trim_end_matches([',', ' ']))
            .collect()
    };
    let person = kind == AgentKind::Person;
    let (surname, mut forenames) = (of("surname").join(" "), of("forename").join(" "));
    forenames = [forenames, of("prefix").join(" ")].join(" ").trim().to_owned();
    let mut heading = match (surname.is_empty(), forenames.is_empty()) {
        (false, false) => format!("{surname}, {forenames}"),
        _ => format!("{surname}{forenames}"),
    };
    for (kind, text) in &parts {
        let text = text.trim_end_matches([',', ' ']);
        let separator = match kind {
            Some("surname" | "forename" | "prefix" | "dates" | "fuller") => continue,
            Some("subdivision") if person => " ",
            Some("subdivision") => ". ",
            Some("numeration") => " ",
            Some("title") => ", ",
            _ if person => ", ",
            // A full stop that is there already parts the names of bodies well enough.
            _ if heading.ends_with('.') => " ",
            _ => ". ",
        };
        if heading.is_empty() {
            text.clone_into(&mut heading);
        } else {
            if separator == ". " {
                heading.truncate(heading.trim_end_matches('.').len());
            }
            heading.push_str(separator);
            heading.push_str(text);
        }
    }
    for fuller in of("fuller") {
        heading.push_str(" (");
        heading.push_str(fuller.trim_matches(['(', ')', ' ', ',']));
        heading.push(')');
    }
    for dates in of("dates") {
        heading.truncate(heading.trim_end_matches([',', ' ']).len());
        // `Cadell, Thomas.` ends in the full stop of a sentence, `Cadell, T.` in that of an initial.
        if let Some(stem) = heading.strip_suffix('.')
            && stem.rsplit([' ', '.', ',']).next().is_some_and(|word| word.chars().count() > 3)
        {
            heading.truncate(stem.len());
        }
        heading.push_str(", ");
        heading.push_str(dates);
    }
    heading
}

/// The words of an entry that stand outside any element.
fn bare(entry: ElementRef<'_>) -> String {
    let words: String = entry
        .content()
        .filter_map(|piece| match piece {
            crate::shared::xml::Content::Text(text) => Some(text),
            crate::shared::xml::Content::Element(_) => None,
        })
        .collect();
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}
