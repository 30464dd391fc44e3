//! What it is part of and related to: 760-787, and the series of 440, 490 and 8XX.
//!
//! A record of the same catalogue is linked by its number in `$w`; anything else is a fragment with the title,
//! the number and the identifiers that the field gives.

use super::agents;
use super::authorities;
use super::punctuation::{trim, unbracket};
use super::reading::{Reading, numbered};
use super::record::Field;
use crate::shared::{languages, names};
use graph_model::{Agent, Description, Node};
use oxrdf::NamedNodeRef;
use vocabularies::{bf, dc, dcterms, owl, skos};

/// Tells of one linking entry field.
pub(super) fn describe<'r>(
    field: &Field<'r>,
    property: NamedNodeRef<'static>,
    rule: &str,
    reading: &mut Reading<'r>,
    out: &mut Description<'_>,
) {
    let item = out.item();
    // 758 names the work itself, by the relation "has work manifested" of RDA.
    let work = || field.every('4').any(|code| code.ends_with("P30135"));
    let worded = || field.first('i').is_some_and(|words| words.to_lowercase().contains("work manifested"));
    if field.tag() == "758" && (work() || worded()) {
        reading.rule(out, "marc.758.work", field, "01");
        for iri in authorities::iris(field) {
            if let Some(work) = out.iri(&iri) {
                out.link(item, bf::INSTANCE_OF, work);
            }
        }
        return;
    }
    reading.rule(out, rule, field, "w");
    let mut linked = false;
    if let Some(local) = own_number(field, reading)
        && local != out.local()
    {
        let other = out.sibling(&local);
        out.link(item, property, other);
        linked = true;
    } else {
        reading.rule(out, rule, field, "t");
        let titled = field.first('t').or_else(|| field.first('s'));
        let title = titled.or_else(|| field.first('a')).map(trim).unwrap_or_default();
        let has_number = field.subfields().any(|(code, _)| matches!(code, 'o' | 'r' | 'w' | 'x' | 'z'));
        if !title.is_empty() || has_number {
            let node = numbered(out, "related", &mut reading.relations);
            out.link(item, property, node);
            out.a(node, bf::INSTANCE);
            out.text(node, dc::TITLE, title, None);
            if let Some(name) = field.first('a').filter(|_| titled.is_some()) {
                let read = names::read_name(trim(name));
                let agent = Agent {
                    kind: read.kind_hint,
                    name: &read.name,
                    birth: read.birth.as_deref(),
                    death: read.death.as_deref(),
                    qualifier: read.qualifier.as_deref(),
                    ..Agent::default()
                };
                if let Some(agent) = out.agent(&agent) {
                    out.link(node, dc::CREATOR, agent);
                }
            }
            details(field, node, out);
            numbers(field, node, out);
            for iri in authorities::iris(field) {
                if let Some(other) = out.iri(&iri) {
                    out.link(node, owl::SAME_AS, other);
                }
            }
        }
    }
    if field.tag() == "773" {
        // Where in the host: a citation that a reader can follow.
        reading.rule(out, "marc.773.citation", field, "tg");
        let parts: Vec<&str> = field
            .subfields()
            .filter(|(code, text)| matches!(code, 't' | 'd' | 'g' | 'q') && !text.is_empty())
            .map(|(_, text)| trim(text))
            .collect();
        // Where the host is a record of its own, this is all that tells its title here.
        let place = field.first('g').or_else(|| field.first('q'));
        if place.is_some() && parts.len() == 1 && field.first('g').is_none() {
            // A bare number is no citation.
            out.text(item, bf::SERIES_ENUMERATION, parts[0], None);
        } else if place.is_some() || field.first('t').is_some() && linked {
            out.text(item, dcterms::BIBLIOGRAPHIC_CITATION, &parts.join(", "), None);
        }
    }
}

/// What else the field says of the linked thing.
fn details(field: &Field<'_>, node: Node, out: &mut Description<'_>) {
    for (code, text) in field.subfields() {
        let text = trim(text);
        match code {
            's' if field.first('t').is_some() => out.text(node, dcterms::ALTERNATIVE, text, None),
            'b' => out.text(node, bf::EDITION_STATEMENT, text, None),
            'd' => out.text(node, bf::PUBLICATION_STATEMENT, text, None),
            'h' => out.text(node, dcterms::EXTENT, text, None),
            'k' => out.text(node, bf::SERIES_STATEMENT, text, None),
            'p' => out.text(node, dcterms::ALTERNATIVE, text, None),
            'g' if field.tag() != "773" => out.text(node, skos::NOTE, text, None),
            'c' | 'i' | 'j' | 'm' | 'n' | 'v' | '3' => out.text(node, skos::NOTE, text, None),
            'e' => {
                if let Some(tag) = languages::tag(text) {
                    out.text(node, dc::LANGUAGE, tag, None);
                }
            }
            _ => {}
        }
    }
}

/// ISSN, ISBN and other numbers of the linked thing.
fn numbers(field: &Field<'_>, node: Node, out: &mut Description<'_>) {
    for (code, text) in field.subfields() {
        let number =
            || trim(text).chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect::<String>();
        match code {
            'x' => out.text(node, dc::IDENTIFIER, &format!("urn:issn:{}", number()), None),
            'z' => out.text(node, dc::IDENTIFIER, &format!("urn:isbn:{}", number().replace('-', "")), None),
            'o' | 'w' | 'r' | 'u' | 'y' => out.text(node, dc::IDENTIFIER, text, None),
            _ => {}
        }
    }
}

/// The identifier of the linked record when it is of the same catalogue: the system in parentheses is that of
/// 003, or there is none.
fn own_number(field: &Field<'_>, reading: &Reading<'_>) -> Option<String> {
    let system = reading.record.control("003").trim();
    field.every('w').find_map(|text| {
        let (code, number) = match text.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
            Some((code, number)) => (code.trim(), number.trim()),
            None => ("", text),
        };
        if number.is_empty() || (!code.is_empty() && code != system) {
            return None;
        }
        Some(if system.is_empty() { number.to_owned() } else { format!("{system}-{number}") })
    })
}

/// Tells of one series: 440, 490, 800, 810, 811 or 830.
pub(super) fn series<'r>(field: &Field<'r>, reading: &mut Reading<'r>, out: &mut Description<'_>) {
    // A series that is traced has its heading in 8XX; the statement would tell it twice.
    if field.tag() == "490" && field.indicator(1) == '1' && has_traced(reading) {
        return;
    }
    let item = out.item();
    reading.rule(out, "marc.490-830.series", field, "atv");
    if let Some(local) = own_number(field, reading)
        && local != out.local()
    {
        let other = out.sibling(&local);
        out.link(item, dcterms::IS_PART_OF, other);
        // The record of the series has its title; which number of it this is stands only here.
        let mut statement = series_title(field);
        for number in field.every('v').map(trim) {
            statement.push_str(" ; ");
            statement.push_str(number);
        }
        out.text(item, bf::SERIES_STATEMENT, &statement, None);
        return;
    }
    let title = series_title(field);
    if title.is_empty() {
        return;
    }
    let node = numbered(out, "series", &mut reading.series);
    out.link(item, dcterms::IS_PART_OF, node);
    out.a(node, bf::SERIES);
    out.text(node, dc::TITLE, &title, None);
    if matches!(field.tag(), "800" | "810" | "811")
        && let Some(author) = agents::agent(field, &agents::heading(field), reading, out)
    {
        out.link(node, dc::CREATOR, author);
    }
    if let Some(linked) = reading.in_script(field) {
        out.text(node, dcterms::ALTERNATIVE, &series_title(&linked), None);
    }
    for (code, text) in field.subfields() {
        match code {
            'v' => out.text(node, bf::SERIES_ENUMERATION, trim(text), None),
            'x' => out.text(node, dc::IDENTIFIER, &format!("urn:issn:{}", trim(text)), None),
            'w' => out.text(node, dc::IDENTIFIER, text, None),
            _ => {}
        }
    }
    for iri in authorities::iris(field) {
        if let Some(other) = out.iri(&iri) {
            out.link(node, owl::SAME_AS, other);
        }
    }
}

/// The title of a series, after the name of its author where there is one.
fn series_title(field: &Field<'_>) -> String {
    let named = matches!(field.tag(), "800" | "810" | "811") || field.first('t').is_some();
    let mut title = String::new();
    for (code, text) in field.subfields() {
        // In 490 a further `$a` is a subseries or the same series in another language.
        let part = if named { matches!(code, 't' | 'n' | 'p') } else { matches!(code, 'a' | 'n' | 'p') };
        let text = unbracket(trim(text));
        if part && !text.is_empty() {
            title.push_str(if title.is_empty() { "" } else { ". " });
            title.push_str(text);
        }
    }
    if !named {
        return title;
    }
    let name = agents::heading(field).name;
    if title.is_empty() || name.is_empty() { name + &title } else { format!("{name}: {title}") }
}

fn has_traced(reading: &Reading<'_>) -> bool {
    reading.record.fields().any(|field| matches!(field.tag(), "800" | "810" | "811" | "830"))
}
