//! Who: 1XX, 7XX and 720, with their roles.
//!
//! A main entry made the thing, so it is a creator unless its role says otherwise; of the added entries those
//! are creators whose role is one of making, the others contributors. Each is a `bf:Contribution` in the
//! detail layer, with the relator of `$4` or `$e`.

use super::authorities;
use super::punctuation::{full_stop, trim};
use super::reading::{Reading, numbered};
use super::record::Field;
use super::roles::{self, Role};
use super::works;
use crate::shared::{dates, names};
use graph_model::{Agent, AgentKind, Description, IssueKind, Node};
use vocabularies::{aarre, bf, dc, skos};

/// A controlled name taken apart.
#[derive(Debug, Default)]
pub(super) struct Heading {
    pub(super) kind: AgentKind,
    pub(super) name: String,
    pub(super) birth: Option<String>,
    pub(super) death: Option<String>,
    pub(super) qualifier: Option<String>,
    /// The name with its titles, as its heading has it.
    pub(super) full: Option<String>,
}

impl Heading {
    /// The one whom the heading names, with these identifiers in authority files.
    pub(super) fn agent<'h>(&'h self, same_as: &'h [String]) -> Agent<'h> {
        Agent {
            kind: self.kind,
            name: &self.name,
            birth: self.birth.as_deref(),
            death: self.death.as_deref(),
            qualifier: self.qualifier.as_deref(),
            as_written: self.full.as_deref(),
            same_as,
            ..Agent::default()
        }
    }
}

/// Reads the name of an X00, X10 or X11 field.
pub(super) fn heading(field: &Field<'_>) -> Heading {
    match field.tag().get(1..).unwrap_or_default() {
        "10" => body(field),
        "11" => meeting(field),
        _ => person(field),
    }
}

pub(super) fn person(field: &Field<'_>) -> Heading {
    let kind = if field.indicator(1) == '3' { AgentKind::Family } else { AgentKind::Person };
    let mut heading = Heading { kind, ..Heading::default() };
    let mut titles: Vec<&str> = Vec::new();
    for (code, text) in field.subfields() {
        match code {
            'a' if heading.name.is_empty() => heading.name.push_str(trim(text)),
            'b' => {
                heading.name.push(' ');
                heading.name.push_str(trim(text));
            }
            'c' => titles.push(trim(text)),
            'd' => (heading.birth, heading.death) = life(text),
            // What follows a title belongs to a work of this person.
            't' => break,
            _ => {}
        }
    }
    titles.retain(|title| !title.is_empty());
    if !titles.is_empty() {
        let titles = titles.join(", ");
        let between = if titles.starts_with('(') { " " } else { ", " };
        let whole = format!("{}{between}{titles}", heading.name.trim_end_matches(','));
        if heading.name.contains(',') {
            heading.full = Some(whole);
            heading.qualifier = Some(titles);
        } else {
            // `Albertus` alone is nobody: of a name without surname, the titles are a part.
            heading.name = whole;
        }
    }
    heading
}

pub(super) fn body(field: &Field<'_>) -> Heading {
    let mut heading = Heading { kind: AgentKind::Organization, ..Heading::default() };
    let mut parts: Vec<&str> = Vec::new();
    for (code, text) in field.subfields() {
        match code {
            'a' if heading.name.is_empty() => heading.name.push_str(trim(text)),
            'b' => {
                heading.name.push_str(". ");
                heading.name.push_str(trim(text));
            }
            'n' | 'd' | 'c' | 'g' => parts.push(part(text)),
            't' => break,
            _ => {}
        }
    }
    tell_apart(&mut heading.name, parts);
    heading
}

/// What tells a body or meeting from others of its name: number, date and place, in brackets after it.
fn tell_apart(name: &mut String, mut parts: Vec<&str>) {
    parts.retain(|part| !part.is_empty());
    if !parts.is_empty() && !name.is_empty() {
        name.push_str(" (");
        name.push_str(&parts.join(" : "));
        name.push(')');
    }
}

/// A number, date or place without the punctuation that parts them in older headings.
fn part(text: &str) -> &str {
    trim(trim(text).trim_matches(['(', ')', ' ', ':']))
}

pub(super) fn meeting(field: &Field<'_>) -> Heading {
    let mut heading = Heading { kind: AgentKind::Event, ..Heading::default() };
    let mut parts: Vec<&str> = Vec::new();
    for (code, text) in field.subfields() {
        match code {
            'a' if heading.name.is_empty() => heading.name.push_str(trim(text)),
            'e' | 'q' => {
                heading.name.push_str(". ");
                heading.name.push_str(trim(text));
            }
            'n' | 'd' | 'c' | 'g' => parts.push(part(text)),
            't' => break,
            _ => {}
        }
    }
    tell_apart(&mut heading.name, parts);
    heading
}

/// Birth and death from `$d`: `1865-1931`, `1865-`, `-1931`, `b. 1865`, `n. 1500-1570`. Years of activity are
/// neither.
pub(super) fn life(text: &str) -> (Option<String>, Option<String>) {
    let text = trim(text).trim_matches(['(', ')', '[', ']', ' ']);
    let text = text.strip_suffix('.').unwrap_or(text);
    let lower = text.to_lowercase();
    if ["active", "fl.", "flourished", "toim", "verksam", "wirk", "working", "century", "luku"]
        .iter()
        .any(|word| lower.contains(word))
    {
        return (None, None);
    }
    let moment = |side: &str| {
        let side = side.trim();
        let side = [
            "b.", "s.", "f.", "d.", "k.", "born", "died", "geb.", "gest.", "synt.", "kuoll.", "нар.", "род.",
            "пом.", "ум.",
        ]
        .iter()
        .find_map(|word| side.strip_prefix(word))
        .unwrap_or(side)
        .trim();
        if side.len() == 4 && side.bytes().all(|b| b.is_ascii_digit()) {
            return Some(side.to_owned());
        }
        let span = (!side.is_empty()).then(|| dates::read_date(side, None)).flatten()?;
        // An interval is no moment.
        (!span.edtf.contains('/')).then_some(span.edtf)
    };
    match text.split_once(['-', '–', '—']) {
        Some((birth, death)) => (moment(birth), moment(death)),
        None if ["d.", "k.", "died", "gest.", "kuoll.", "пом.", "ум."]
            .iter()
            .any(|word| lower.starts_with(word)) =>
        {
            (None, moment(text))
        }
        None if ["b.", "s.", "f.", "born", "geb.", "synt.", "нар.", "род."]
            .iter()
            .any(|word| lower.starts_with(word)) =>
        {
            (moment(text), None)
        }
        None => (None, None),
    }
}

/// Describes the agent of a heading.
pub(super) fn agent(
    field: &Field<'_>,
    heading: &Heading,
    reading: &Reading<'_>,
    out: &mut Description<'_>,
) -> Option<Node> {
    // The IRIs of a name with a title are those of the work.
    let iris = if field.first('t').is_some() { Vec::new() } else { authorities::iris(field) };
    let node = out.agent(&heading.agent(&iris))?;
    if let Some(linked) = reading.in_script(field) {
        let written = self::heading(&linked).name;
        out.text(node, skos::ALT_LABEL, &written, None);
    }
    fuller(field, heading, node, out);
    Some(node)
}

/// Says the forenames in full of somebody who goes by initials.
pub(super) fn fuller(field: &Field<'_>, heading: &Heading, node: Node, out: &mut Description<'_>) {
    if let Some(fuller) = field.first('q') {
        // `Tolkien, J. R. R. (John Ronald Reuel)`: the forenames in full.
        let forenames = trim(fuller).trim_matches(['(', ')']);
        if let Some((surname, _)) = heading.name.split_once(',')
            && heading.kind == AgentKind::Person
        {
            out.text(node, skos::ALT_LABEL, &format!("{surname}, {forenames}"), None);
        }
    }
}

/// Tells who one 1XX, 7XX or 720 field names, and in what role.
pub(super) fn describe<'r>(field: &Field<'r>, reading: &mut Reading<'r>, out: &mut Description<'_>) {
    let main = field.tag().starts_with('1');
    let heading = match field.tag() {
        "720" => uncontrolled(field),
        _ => heading(field),
    };
    let titled = field.first('t').is_some();
    if titled {
        reading.rule(out, "marc.7xx.related-work", field, "t");
        // A work related to this one says nothing of who took part in this one, unless it is a part of it.
        let work = works::related(field, &heading, out);
        if field.indicator(2) == '2'
            && let Some(agent) = agent(field, &heading, reading, out)
        {
            let item = out.item();
            out.link(item, dc::CONTRIBUTOR, agent);
            if let Some(work) = work {
                out.link(work, dc::CREATOR, agent);
            }
        }
        return;
    }
    let rule = if main { "marc.1xx.creator" } else { "marc.7xx.contributor" };
    reading.rule(out, rule, field, "a");
    let Some(agent) = agent(field, &heading, reading, out) else {
        let met = field.joined("abcdq");
        out.issue(IssueKind::MissingValue, &met, "a name in $a");
        return;
    };
    let roles = roles_of(field, reading, out);
    let makes = roles.iter().any(Role::makes);
    let creator = if roles.is_empty() { main } else { makes || (main && roles.iter().all(Role::unknown)) };
    reading.rule(out, rule, field, "a");
    let item = out.item();
    out.link(item, if creator { dc::CREATOR } else { dc::CONTRIBUTOR }, agent);

    reading.rule(out, "marc.1xx-7xx.contribution", field, "4e");
    let contribution = numbered(out, "contribution", &mut reading.contributions);
    out.link(item, bf::CONTRIBUTION, contribution);
    out.a(contribution, bf::CONTRIBUTION_CLASS);
    if main {
        out.a(contribution, bf::PRIMARY_CONTRIBUTION);
    }
    out.link(contribution, bf::AGENT, agent);
    for role in roles {
        match role {
            Role::Known { iri, .. } => {
                let node = out.known_iri(iri);
                out.link(contribution, bf::ROLE, node);
            }
            Role::Unknown(word) => out.text(contribution, aarre::ROLE_AS_WRITTEN, &word, None),
        }
    }
}

fn uncontrolled(field: &Field<'_>) -> Heading {
    let text = field.first('a').unwrap_or_default();
    if field.indicator(1) == '2' {
        return Heading { kind: AgentKind::Organization, name: trim(text).to_owned(), ..Heading::default() };
    }
    let read = names::read_name(trim(text));
    // The first indicator says that it is a person; without it, only the name itself can tell.
    let kind = if field.indicator(1) == '1' { AgentKind::Person } else { read.kind_hint };
    Heading {
        kind,
        name: read.name,
        birth: read.birth,
        death: read.death,
        qualifier: read.qualifier,
        full: None,
    }
}

/// The roles of a field: codes of `$4`, words of `$e` (`$j` for meetings); a word that only repeats a code counts once.
fn roles_of<'r>(field: &Field<'r>, reading: &mut Reading<'r>, out: &mut Description<'_>) -> Vec<Role> {
    let meeting = field.tag().ends_with("11");
    let mut found: Vec<Role> = Vec::new();
    for (code, text) in field.subfields() {
        if text.is_empty() || !(code == '4' || (code == 'e' && !meeting) || (code == 'j' && meeting)) {
            continue;
        }
        let text = if code == '4' { text } else { full_stop(trim(text)) };
        let role = if code == '4' { roles::of_code(text) } else { roles::of_word(text) };
        if let Role::Unknown(word) = &role {
            reading.rule(out, "marc.1xx-7xx.contribution", field, if code == '4' { "4" } else { "e" });
            out.issue(IssueKind::UnknownRole, word, "a MARC relator code or term");
        }
        if !found.contains(&role) {
            found.push(role);
        }
    }
    if found.iter().any(|role| !role.unknown()) {
        // One that is known tells enough when the other is only its unknown spelling.
        let coded = field.first('4').is_some();
        found.retain(|role| !(coded && role.unknown()));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lives() {
        let read = |text| {
            let (birth, death) = life(text);
            (birth.unwrap_or_default(), death.unwrap_or_default())
        };
        let pair = |birth: &str, death: &str| (birth.to_owned(), death.to_owned());
        assert_eq!(read("1865-1931,"), pair("1865", "1931"));
        assert_eq!(read("1954-."), pair("1954", ""));
        assert_eq!(read("-1931"), pair("", "1931"));
        assert_eq!(read("b. 1865"), pair("1865", ""));
        assert_eq!(read("d. 1570."), pair("", "1570"));
        assert_eq!(read("active 16th century"), pair("", ""));
    }
}
