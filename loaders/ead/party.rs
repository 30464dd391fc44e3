//! People, families and bodies as the elements of a finding aid name them. No RDF here.

use super::mapping;
use super::text;
use crate::shared::names;
use crate::shared::xml::ElementRef;
use graph_model::AgentKind;
use std::sync::OnceLock;

/// Somebody, as read from `persname`, `corpname`, `famname`, `name` or bare words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Party {
    /// What kind of agent the element says it is.
    pub kind: AgentKind,
    /// The heading, without dates.
    pub name: String,
    /// Birth or founding, as EDTF.
    pub birth: Option<String>,
    /// Death or end, as EDTF.
    pub death: Option<String>,
    /// What else tells namesakes apart.
    pub qualifier: Option<String>,
    /// What was written.
    pub written: String,
    /// The language code of the element, as written.
    pub language: Option<String>,
    /// IRIs of the same in authority files.
    pub same_as: Vec<String>,
    /// The number in a file that has no web addresses, such as the owner's own authority file.
    pub number: Option<String>,
    /// The role, as written.
    pub role: Option<String>,
    /// The content keys of the agent and of the bare name, made once for all components that have it from above.
    pub(super) keys: (OnceLock<Option<String>>, OnceLock<String>),
}

const NAMES: [&str; 4] = ["persname", "corpname", "famname", "name"];

/// Whether the element names somebody.
pub(super) fn is_name(element: ElementRef<'_>) -> bool {
    NAMES.contains(&element.name())
}

/// Everybody that an `origination` names; its bare words are one name.
pub(super) fn parties(origination: ElementRef<'_>) -> Vec<Party> {
    let label = origination.attribute("label").map(|label| text::fold(label.trim_end_matches([':', ' '])));
    let named: Vec<Party> =
        origination.elements().filter(|child| is_name(*child)).filter_map(party).collect();
    let mut parties = if named.is_empty() { Vec::from_iter(party(origination)) } else { named };
    for party in &mut parties {
        if party.role.is_none() {
            party.role.clone_from(&label);
        }
    }
    parties
}

/// Who a `repository` names; an address in it is left out.
pub(super) fn repository(element: ElementRef<'_>) -> Option<Party> {
    if let Some(name) = element.elements().find(|child| is_name(*child)) {
        return party(name).map(|party| Party { kind: AgentKind::Organization, ..party });
    }
    let words: String = element
        .content()
        .filter_map(|content| match content {
            crate::shared::xml::Content::Text(text) => Some(text.to_owned()),
            crate::shared::xml::Content::Element(inner) => {
                let address = matches!(inner.name(), "address" | "addressline" | "extptr" | "ptr" | "lb");
                (!address).then(|| text::line(inner))
            }
        })
        .collect();
    let name = text::fold(&words);
    (!name.is_empty()).then(|| Party {
        kind: AgentKind::Organization,
        written: name.clone(),
        name,
        language: language(element),
        ..Party::default()
    })
}

/// Who the element names; `None` when it names nobody.
pub(super) fn party(element: ElementRef<'_>) -> Option<Party> {
    let kind = match element.name() {
        "persname" => AgentKind::Person,
        "corpname" => AgentKind::Organization,
        "famname" => AgentKind::Family,
        _ => AgentKind::Unknown,
    };
    let written = if element.child("part").is_some() { from_parts(element) } else { text::line(element) };
    let normal = element.attribute("normal").map(text::fold).filter(|normal| !normal.is_empty());
    let mut heading = normal.unwrap_or_else(|| written.clone());
    // "Architecte : Gae Aulenti" is a role and a name.
    let mut told = None;
    if kind == AgentKind::Unknown
        && let Some((role, name)) = heading.split_once(':')
        && mapping::is_role(role)
    {
        told = Some(text::fold(role));
        heading = text::fold(name);
    }
    let mut party = Party {
        kind,
        language: language(element),
        number: own_number(element),
        same_as: authorities(element),
        role: ["relator", "role"]
            .iter()
            .filter_map(|name| element.attribute(name))
            .map(text::fold)
            .find(|role| !role.is_empty())
            .or(told),
        written,
        ..Party::default()
    };
    if matches!(kind, AgentKind::Person | AgentKind::Unknown) {
        let read = names::read_name(&heading);
        if kind == AgentKind::Unknown {
            party.kind = read.kind_hint;
        }
        let direct = kind == AgentKind::Person && !read.name.contains(',');
        party.name = if direct { names::inverted(&read.name) } else { read.name };
        party.birth = read.birth;
        party.death = read.death;
        party.qualifier = read.qualifier;
    } else {
        heading.trim_end_matches([',', ';']).trim_end().clone_into(&mut party.name);
    }
    (!party.name.is_empty()).then_some(party)
}

/// IRIs of an element's entry in an authority file.
pub(super) fn authorities(element: ElementRef<'_>) -> Vec<String> {
    let source = element.attribute("source");
    ["authfilenumber", "identifier"]
        .iter()
        .filter_map(|name| element.attribute(name))
        .filter_map(|number| mapping::authority(source, number))
        .collect()
}

/// The number of an element's entry in an authority file that no table has, and so no address is known for it.
pub(super) fn own_number(element: ElementRef<'_>) -> Option<String> {
    let source = element.attribute("source");
    ["authfilenumber", "identifier"]
        .iter()
        .filter_map(|name| element.attribute(name))
        .find(|number| mapping::authority(source, number).is_none())
        .map(text::fold)
        .filter(|number| !number.is_empty())
}

/// The language code of an element, as written.
pub(super) fn language(element: ElementRef<'_>) -> Option<String> {
    let own = |element: ElementRef<'_>| {
        ["lang", "xml:lang"].iter().find_map(|name| element.attribute(name)).map(str::to_owned)
    };
    own(element).or_else(|| element.child("part").and_then(own))
}

/// The heading that the parts of an EAD3 name make. `@localtype` is free; the words here are those of the Tag Library's
/// examples, of MARC subfields and of Finnish exports.
fn from_parts(element: ElementRef<'_>) -> String {
    let (mut heading, mut fuller, mut dates) = (String::new(), String::new(), String::new());
    let separator = if element.name() == "corpname" { ". " } else { ", " };
    let first_language = element.child("part").and_then(|part| part.attribute("lang"));
    for part in element.children("part") {
        let words = text::line(part);
        let words = words.trim_end_matches([',', ';', ' ']);
        // The same name in a second language is not a second part.
        let other_language =
            part.attribute("lang").is_some_and(|lang| first_language.is_some_and(|first| first != lang));
        if words.is_empty() || other_language {
            continue;
        }
        let kind = part.attribute("localtype").unwrap_or_default().to_lowercase();
        match kind.as_str() {
            "existdates" | "dates" | "date" | "d" | "lifedates" => words.clone_into(&mut dates),
            "fullerform" | "q" => words.trim_matches(['(', ')']).clone_into(&mut fuller),
            kind if kind.contains("variant") || kind.contains("ajallinen") => {}
            "b" | "c" | "numeration" => append(&mut heading, " ", words),
            _ => append(&mut heading, separator, words),
        }
    }
    if !fuller.is_empty() {
        append(&mut heading, " ", &format!("({fuller})"));
    }
    if !dates.is_empty() {
        append(&mut heading, ", ", &dates);
    }
    heading
}

fn append(heading: &mut String, separator: &str, words: &str) {
    if !heading.is_empty() {
        heading.push_str(separator);
    }
    heading.push_str(words);
}
