//! What about: 6XX. Persons, bodies and works are shared with those of creation; topics are concepts; places go
//! to `dcterms:spatial`, periods to `dcterms:temporal`, genres and forms to `dc:type`.
//!
//! A heading with subdivisions stays one concept with its parts joined by `--`, as its scheme has it; the
//! subdivisions of place, time and form are told once more as what they are.

use super::agents;
use super::authorities::{self, Scheme};
use super::punctuation::trim;
use super::reading::Reading;
use super::record::Field;
use super::works;
use crate::shared::{dates, names, places};
use graph_model::{Agent, AgentKind, Concept, Description, Node, Place};
use oxrdf::NamedNodeRef;
use vocabularies::{dc, dcterms, owl, skos};

/// Tells what one 6XX field says.
pub(super) fn describe<'r>(field: &Field<'r>, reading: &mut Reading<'r>, out: &mut Description<'_>) {
    let scheme = authorities::scheme(field);
    match field.tag() {
        "600" | "610" | "611" => name(field, scheme, reading, out),
        "648" => {
            reading.rule(out, "marc.648.temporal", field, "a");
            let divided = field.subfields().any(|(code, _)| matches!(code, 'x' | 'v'));
            for text in field.every('a') {
                if divided || !period(text, scheme, out) {
                    topic(field, scheme, dc::SUBJECT, "axvyz", reading, out);
                }
            }
        }
        "651" => place(field, scheme, reading, out),
        "689" => chain(field, reading, out),
        "688" => {
            reading.rule(out, "marc.688.subject", field, "a");
            topic(field, scheme, dc::SUBJECT, "agvxyz", reading, out);
        }
        "662" => hierarchical(field, "abcdfgh", "marc.662.spatial", reading, out),
        "653" => uncontrolled(field, scheme, reading, out),
        "655" => {
            reading.rule(out, "marc.655.type", field, "a");
            topic(field, scheme, dc::TYPE, "avxyz", reading, out);
        }
        "654" => {
            reading.rule(out, "marc.654.subject", field, "b");
            topic(field, scheme, dc::SUBJECT, "abvyz", reading, out);
        }
        "630" | "647" => {
            reading.rule(out, "marc.630.subject", field, "a");
            topic(field, scheme, dc::SUBJECT, "acdfgklmnoprstvxyz", reading, out);
        }
        tag => {
            let rule = if tag == "650" { "marc.650.subject" } else { "marc.65x.subject" };
            reading.rule(out, rule, field, "a");
            topic(field, scheme, dc::SUBJECT, "abcdvxyz", reading, out);
        }
    }
    if !matches!(field.tag(), "655" | "689") {
        subdivisions(field, scheme, reading, out);
    }
}

fn name<'r>(field: &Field<'r>, scheme: Scheme, reading: &mut Reading<'r>, out: &mut Description<'_>) {
    reading.rule(out, "marc.600-611.subject", field, "a");
    let heading = agents::heading(field);
    let item = out.item();
    let divided = field.subfields().any(|(code, _)| matches!(code, 'x' | 'v' | 'y' | 'z'));
    if field.first('t').is_some() {
        if let Some(work) = works::work(Some(&heading), &works::titled(field), '0', out) {
            out.link(item, dc::SUBJECT, work);
            if !divided {
                same_work(work, &authorities::iris(field), out);
            }
        }
        return aspects(field, scheme, reading, out);
    }
    // The IRIs of a divided heading are those of the whole string, not of the person.
    let iris = if divided { Vec::new() } else { authorities::iris(field) };
    let agent = out.agent(&heading.agent(&iris));
    if let Some(agent) = agent {
        out.link(item, dc::SUBJECT, agent);
        if let Some(linked) = reading.in_script(field) {
            out.text(agent, skos::ALT_LABEL, &agents::heading(&linked).name, None);
        }
        agents::fuller(field, &heading, agent, out);
    }
    aspects(field, scheme, reading, out);
}

/// What of somebody or of a work: the topical subdivisions.
fn aspects<'r>(field: &Field<'r>, scheme: Scheme, reading: &mut Reading<'r>, out: &mut Description<'_>) {
    let item = out.item();
    for (code, text) in field.subfields() {
        if code == 'x' {
            reading.rule(out, "marc.6xx.subdivision", field, "x");
            let label = trim(text);
            let concept = Concept { label, language: scheme.language, ..Concept::default() };
            if let Some(node) = out.concept(&concept) {
                out.link(item, dc::SUBJECT, node);
            }
        }
    }
}

/// One link of a chain of headings of the GND (689), a habit of German-speaking libraries: `$D` or `$A` says of what
/// kind it is.
fn chain<'r>(field: &Field<'r>, reading: &mut Reading<'r>, out: &mut Description<'_>) {
    reading.rule(out, "marc.689.subject", field, "a");
    let scheme = authorities::known("gnd");
    let item = out.item();
    let iris = authorities::iris(field);
    // `$D` tells the kind of a heading of the GND, `$A` that of words without one; the letters mean different things.
    let first = |code| field.first(code).and_then(|kind: &str| kind.chars().next());
    let (controlled, free) = (first('D'), first('A'));
    let heading = match (controlled, free) {
        (Some('p'), _) => agents::person(field),
        (Some('b' | 'k'), _) => agents::body(field),
        (Some('f'), _) => agents::meeting(field),
        (Some('g'), _) => {
            let mut name = field.first('a').map(trim).unwrap_or_default().to_owned();
            let parts: Vec<&str> = field
                .subfields()
                .filter(|(code, _)| "gxzb".contains(*code))
                .map(|(_, text)| trim(text))
                .collect();
            if !parts.is_empty() {
                name = format!("{name} ({})", parts.join(", "));
            }
            let place = Place { name: &name, language: scheme.language, same_as: &iris, ..Place::default() };
            if let Some(node) = out.place(&place) {
                out.link(item, dcterms::SPATIAL, node);
            }
            return;
        }
        (Some('u'), _) => {
            let title = field.joined("tapnmrs");
            if let Some(work) = works::work(None, &title, '0', out) {
                out.link(item, dc::SUBJECT, work);
                same_work(work, &iris, out);
            }
            return;
        }
        (None, Some('z')) if field.first('a').is_some_and(|text| period(text, scheme, out)) => return,
        (None, Some('z')) => {
            // `Geschichte 1962-1965`: the history of those years, told as both.
            if let Some((_, years)) = field.first('a').and_then(|text| text.split_once(' ')) {
                period(years, scheme, out);
            }
            return topic(field, scheme, dc::SUBJECT, "agtxz", reading, out);
        }
        (None, Some('f')) => return topic(field, scheme, dc::TYPE, "agxz", reading, out),
        _ => return topic(field, scheme, dc::SUBJECT, "agtxz", reading, out),
    };
    if field.first('t').is_some() {
        // A work by its creator and title; the identifiers are the work's.
        if let Some(work) = works::work(Some(&heading), &works::titled(field), '0', out) {
            out.link(item, dc::SUBJECT, work);
            same_work(work, &iris, out);
        }
        return;
    }
    let agent = heading.agent(&iris);
    if let Some(node) = out.agent(&agent) {
        out.link(item, dc::SUBJECT, node);
    }
}

fn same_work(work: Node, iris: &[String], out: &mut Description<'_>) {
    for iri in iris {
        if let Some(other) = out.iri(iri) {
            out.link(work, owl::SAME_AS, other);
        }
    }
}

/// A topic or genre as one concept, its parts joined by `--`.
fn topic<'r>(
    field: &Field<'r>,
    scheme: Scheme,
    property: NamedNodeRef<'static>,
    codes: &str,
    reading: &Reading<'r>,
    out: &mut Description<'_>,
) {
    let label = string(field, codes);
    let same_as = authorities::iris(field);
    let concept = Concept { label: &label, language: scheme.language, scheme: scheme.iri, same_as: &same_as };
    let Some(node) = out.concept(&concept) else { return };
    let item = out.item();
    out.link(item, property, node);
    if let Some(linked) = reading.in_script(field) {
        out.text(node, skos::ALT_LABEL, &string(&linked, codes), None);
    }
}

/// The heading as its scheme writes it: main parts with spaces, subdivisions after `--`.
fn string(field: &Field<'_>, codes: &str) -> String {
    let mut label = String::new();
    for (code, text) in field.subfields().filter(|(code, _)| codes.contains(*code)) {
        let text = trim(text);
        if text.is_empty() {
            continue;
        }
        if !label.is_empty() {
            label.push_str(match code {
                'v' | 'x' | 'y' | 'z' => "--",
                // Parts of a title: `Bible. Genesis`.
                'n' | 'p' | 'k' | 'l' | 't' if field.tag() == "630" && !label.ends_with('.') => ". ",
                _ => " ",
            });
        }
        label.push_str(text);
    }
    label
}

fn place<'r>(field: &Field<'r>, scheme: Scheme, reading: &mut Reading<'r>, out: &mut Description<'_>) {
    reading.rule(out, "marc.651.spatial", field, "a");
    let item = out.item();
    let divided = field.subfields().any(|(code, _)| matches!(code, 'x' | 'v' | 'y' | 'z' | 'b'));
    let iris = if divided { Vec::new() } else { authorities::iris(field) };
    let linked = reading.in_script(field);
    for (at, text) in field.every('a').enumerate() {
        let Some(node) = named_place(text, scheme.language, &iris, out) else { continue };
        out.link(item, dcterms::SPATIAL, node);
        if at == 0
            && let Some(written) = linked.and_then(|linked| linked.first('a'))
        {
            out.text(node, skos::ALT_LABEL, trim(written), None);
        }
    }
    if field.subfields().any(|(code, _)| code == 'x') {
        reading.rule(out, "marc.651.subject", field, "ax");
        topic(field, scheme, dc::SUBJECT, "avxyz", reading, out);
    }
}

/// Describes a place by its name, `Helsinki (Finland)` or alone.
fn named_place(
    text: &str,
    language: Option<&str>,
    same_as: &[String],
    out: &mut Description<'_>,
) -> Option<Node> {
    let read = places::read_place(trim(text))?;
    out.place(&Place { name: read.name, language, within: read.within, same_as, ..Place::default() })
}

/// A place given from the largest to the smallest, as in 662 and 752: the smallest, within the next larger.
pub(super) fn hierarchical<'r>(
    field: &Field<'r>,
    codes: &str,
    rule: &str,
    reading: &mut Reading<'r>,
    out: &mut Description<'_>,
) {
    reading.rule(out, rule, field, "a");
    let parts: Vec<&str> = field
        .subfields()
        .filter(|(code, text)| codes.contains(*code) && !text.is_empty())
        .map(|(_, text)| trim(text))
        .collect();
    let Some((name, larger)) = parts.split_last() else { return };
    let same_as = authorities::iris(field);
    let language = authorities::scheme(field).language;
    let place =
        Place { name, language, within: larger.last().copied(), same_as: &same_as, ..Place::default() };
    if let Some(node) = out.place(&place) {
        let item = out.item();
        out.link(item, dcterms::SPATIAL, node);
    }
}

/// Free words: the second indicator says what each is.
fn uncontrolled<'r>(field: &Field<'r>, scheme: Scheme, reading: &mut Reading<'r>, out: &mut Description<'_>) {
    reading.rule(out, "marc.653.subject", field, "a");
    let item = out.item();
    // In 653 the second indicator is no scheme.
    let language = field.first('2').map(|_| scheme.language).unwrap_or_default();
    for text in field.every('a') {
        let label = trim(text);
        match field.indicator(2) {
            kind @ ('1' | '2' | '3') => {
                let read = names::read_name(label);
                let kind = match kind {
                    '1' => AgentKind::Person,
                    '2' => AgentKind::Organization,
                    _ => AgentKind::Event,
                };
                let name = if kind == AgentKind::Person { read.name.as_str() } else { label };
                let agent = Agent {
                    kind,
                    name,
                    birth: read.birth.as_deref(),
                    death: read.death.as_deref(),
                    ..Agent::default()
                };
                if let Some(node) = out.agent(&agent) {
                    out.link(item, dc::SUBJECT, node);
                }
            }
            '5' => {
                if let Some(node) = named_place(label, language, &[], out) {
                    out.link(item, dcterms::SPATIAL, node);
                }
            }
            '4' if period(label, scheme, out) => {}
            kind => {
                if let Some(node) = out.concept(&Concept { label, language, ..Concept::default() }) {
                    out.link(item, if kind == '6' { dc::TYPE } else { dc::SUBJECT }, node);
                }
            }
        }
    }
}

/// The subdivisions of place, time and form, told as what they are.
fn subdivisions<'r>(field: &Field<'r>, scheme: Scheme, reading: &mut Reading<'r>, out: &mut Description<'_>) {
    let item = out.item();
    // `Finland--Helsinki`: the second lies within the first.
    let mut within: Option<&str> = (field.tag() == "651").then(|| field.first('a').map(trim)).flatten();
    for (code, text) in field.subfields() {
        match code {
            'z' => {
                reading.rule(out, "marc.6xx.subdivision-place", field, "z");
                if let Some(read) = places::read_place(trim(text)) {
                    let place = Place {
                        name: read.name,
                        language: scheme.language,
                        within: read.within.or(within),
                        ..Place::default()
                    };
                    if let Some(node) = out.place(&place) {
                        out.link(item, dcterms::SPATIAL, node);
                    }
                    within = Some(read.name);
                }
            }
            'y' => {
                reading.rule(out, "marc.6xx.subdivision-time", field, "y");
                period(text, scheme, out);
            }
            'v' => {
                reading.rule(out, "marc.6xx.subdivision-form", field, "v");
                let concept = Concept { label: trim(text), language: scheme.language, ..Concept::default() };
                if let Some(node) = out.concept(&concept) {
                    out.link(item, dc::TYPE, node);
                }
            }
            _ => {}
        }
    }
}

/// A period as a time span; false when it cannot be read as one.
fn period(text: &str, scheme: Scheme, out: &mut Description<'_>) -> bool {
    let Some(span) = dates::read_date(trim(text), scheme.language) else { return false };
    let item = out.item();
    let time = out.time(&span);
    out.link(item, dcterms::TEMPORAL, time);
    true
}
