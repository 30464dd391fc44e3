//! Authority records (leader/06 `z`): somebody, something or somewhere under one heading.
//!
//! The item is the entity itself: an agent, a concept or a place with the heading as its label, see-from
//! tracings as alternative labels, and the IRIs of 024. It is tied to the shared entity that bibliographic records
//! with the same heading use, which has all its names as well. What it says besides names is told by `authority.tsv`
//! (`attributes.rs`), what its tracings mean by `relations.tsv`.

use super::agents::{self, Heading};
use super::attributes;
use super::authorities::{self, Scheme};
use super::punctuation::trim;
use super::reading::Reading;
use super::record::{Field, MarcRecord};
use super::table::{rows, term};
use super::works;
use crate::shared::dates;
use graph_model::{AgentKind, Concept, Description, IssueKind, Node};
use oxrdf::NamedNodeRef;
use std::sync::LazyLock;
use vocabularies::{bf, dc, dcterms, edm, foaf, owl, rdagr2, skos, xsd};

static RELATIONS: LazyLock<Vec<(&str, NamedNodeRef<'static>)>> = LazyLock::new(|| {
    let cells = rows(include_str!("relations.tsv")).filter_map(|row| row.split_once('\t'));
    cells.filter_map(|(code, property)| Some((code, term(property)?))).collect()
});

/// The entity of an authority record.
struct Entity {
    /// The record's item: the entity as this record describes it.
    item: Node,
    /// The entity that bibliographic records share.
    shared: Option<Node>,
    /// The name, where it is somebody's.
    heading: Option<Heading>,
    /// The scheme of a subject.
    scheme: Scheme,
}

impl Entity {
    /// A further label. It stands on both nodes, so that whoever looks for the shared one finds it by any name.
    fn variant(&self, label: &str, language: Option<&str>, out: &mut Description<'_>) {
        for node in [Some(self.item), self.shared].into_iter().flatten() {
            out.text(node, skos::ALT_LABEL, label, language);
        }
    }
}

/// Describes one authority record.
pub(super) fn describe<'r>(record: &'r MarcRecord, reading: &mut Reading<'r>, out: &mut Description<'_>) {
    let item = out.item();
    // Local systems have headings of their own (103); better a plain concept than nothing.
    let local = || record.fields().find(|field| field.tag().starts_with('1') && field.first('a').is_some());
    let Some(main) = record.fields().find(|field| is_heading(field, '1')).or_else(local) else {
        out.rule("marc-authority.001.identifier", "001");
        out.a(item, skos::CONCEPT);
        out.text(item, dc::IDENTIFIER, out.local().to_owned().as_str(), None);
        out.issue_at("1XX", IssueKind::MissingTitle, "", "a heading in 1XX");
        return;
    };
    reading.rule(out, "marc-authority.1xx.heading", &main, "a");
    let mut same_as = vec![out.iri_of(item).to_owned()];
    for field in record.fields() {
        same_as.extend(same(&field, record));
    }
    let label = label(&main);
    let titled = main.first('t').is_some() || main.tag() == "130";
    let mut entity = Entity { item, shared: None, heading: None, scheme: Scheme::default() };
    match main.tag() {
        _ if titled => {
            out.a(item, bf::WORK);
            let heading = (main.tag() != "130").then(|| agents::heading(&main));
            let title = if main.tag() == "130" { works::title_of(&main) } else { works::titled(&main) };
            let article = if heading.is_none() { main.indicator(2) } else { '0' };
            entity.shared = works::work(heading.as_ref(), &title, article, out);
            if let Some(creator) = heading.and_then(|heading| out.agent(&heading.agent(&[]))) {
                out.link(item, dc::CREATOR, creator);
            }
        }
        "100" | "110" | "111" => {
            let heading = agents::heading(&main);
            out.a(item, edm::AGENT);
            match heading.kind {
                AgentKind::Person => out.a(item, foaf::PERSON),
                AgentKind::Organization => out.a(item, foaf::ORGANIZATION),
                AgentKind::Family => out.a(item, foaf::GROUP),
                _ => {}
            }
            dates_of_life(record, &heading, item, out);
            reading.rule(out, "marc-authority.1xx.heading", &main, "a");
            entity.shared = out.agent(&heading.agent(&same_as));
            if let Some(full) = &heading.full {
                entity.variant(full, None, out);
            }
            agents::fuller(&main, &heading, item, out);
            entity.heading = Some(heading);
        }
        "151" => {
            out.a(item, edm::PLACE);
            entity.shared = attributes::place(&label, &same_as, out);
        }
        _ => {
            out.a(item, skos::CONCEPT);
            entity.scheme = scheme(record);
            let Scheme { iri: scheme, language } = entity.scheme;
            entity.shared = out.concept(&Concept { label: &label, language, scheme, same_as: &same_as });
            if let Some(scheme) = scheme.and_then(|iri| out.iri(iri)) {
                out.link(item, skos::IN_SCHEME, scheme);
            }
        }
    }
    out.text(item, skos::PREF_LABEL, &label, entity.scheme.language);
    if let Some(shared) = entity.shared {
        let concept = !titled && !matches!(main.tag(), "100" | "110" | "111" | "151");
        out.link(item, if concept { skos::EXACT_MATCH } else { owl::SAME_AS }, shared);
        if titled {
            out.link(shared, owl::SAME_AS, item);
        }
    }
    out.text(item, dc::IDENTIFIER, out.local().to_owned().as_str(), None);
    let mut unmapped: Vec<&str> = Vec::new();
    for field in record.fields() {
        reading.count(&field);
        rest(&field, &entity, &mut unmapped, reading, out);
    }
}

/// The IRIs of the same entity elsewhere that one field gives.
fn same(field: &Field<'_>, record: &MarcRecord) -> Vec<String> {
    let text = field.first('a').unwrap_or_default();
    match field.tag() {
        "024" => {
            let source = field.first('2').unwrap_or_default();
            let mut found = authorities::iris(field);
            let named = authorities::iri(text).or_else(|| authorities::iri(&format!("({source}){text}")));
            found.extend(named.filter(|iri| !found.contains(iri)).into_iter().collect::<Vec<_>>());
            found
        }
        "035" => authorities::iri(text).into_iter().collect(),
        // The number of the Library of Congress leads to its file, in records of its own and of its partners.
        "010" if record.control("003").trim() == "DLC" || record.control("001").trim() == text => {
            authorities::iri(&format!("(DLC){text}")).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// The scheme of a subject: 040$f, else 008/11.
fn scheme(record: &MarcRecord) -> Scheme {
    if let Some(code) = record.first("040", 'f') {
        let found = authorities::known(code);
        if found.iri.is_some() || found.language.is_some() {
            return found;
        }
    }
    match record.control("008").chars().nth(11) {
        Some('a') => authorities::known("lcsh"),
        Some('b') => authorities::known("lcshac"),
        Some('c') => authorities::known("mesh"),
        Some('d') => authorities::known("nal"),
        Some('k') => authorities::known("csh"),
        Some('r') => authorities::known("aat"),
        Some('v') => authorities::known("rvm"),
        _ => Scheme::default(),
    }
}

/// Birth and death, or founding and end: 046 tells them to the day, then 548 of the GND, then the heading.
fn dates_of_life(record: &MarcRecord, heading: &Heading, item: Node, out: &mut Description<'_>) {
    let person = matches!(heading.kind, AgentKind::Person | AgentKind::Family);
    let (begin, end) = if person {
        (rdagr2::DATE_OF_BIRTH, rdagr2::DATE_OF_DEATH)
    } else {
        (rdagr2::DATE_OF_ESTABLISHMENT, rdagr2::DATE_OF_TERMINATION)
    };
    let told = |code| record.tagged("548").find(|field| field.every('4').any(|met| met == code));
    let exact =
        told("datx").or_else(|| told("datl")).or_else(|| told("datb")).and_then(|field| field.first('a'));
    let (birth, death) = exact.map(agents::life).unwrap_or_default();
    let coded = |codes: &str| record.tagged("046").any(|field| !field.joined(codes).is_empty());
    for (property, exact, date, codes) in
        [(begin, birth, &heading.birth, "fqs"), (end, death, &heading.death, "grt")]
    {
        if coded(codes) {
            continue;
        }
        if let Some(exact) = exact {
            out.rule("marc-authority.548.dates", "548$a");
            moment(item, property, &exact, out);
        } else if let Some(date) = date {
            out.rule("marc-authority.1xx.heading", "1XX$d");
            moment(item, property, date, out);
        }
    }
}

fn rest<'r>(
    field: &Field<'r>,
    entity: &Entity,
    unmapped: &mut Vec<&'r str>,
    reading: &mut Reading<'r>,
    out: &mut Description<'_>,
) {
    let item = entity.item;
    match field.tag() {
        "046" => {
            reading.rule(out, "marc-authority.046.dates", field, "fgklqrst");
            for (code, property) in [
                ('f', rdagr2::DATE_OF_BIRTH),
                ('g', rdagr2::DATE_OF_DEATH),
                ('k', dcterms::CREATED),
                ('q', rdagr2::DATE_OF_ESTABLISHMENT),
                ('r', rdagr2::DATE_OF_TERMINATION),
            ] {
                let Some(text) = field.first(code) else { continue };
                match (dates::read_date(text, None), code) {
                    (Some(span), 'k') => {
                        let time = out.time(&span);
                        out.link(item, property, time);
                    }
                    (Some(span), _) => moment(item, property, &span.edtf, out),
                    (None, _) => out.issue(IssueKind::UnreadableDate, text, "a date as ISO 8601 or EDTF"),
                }
            }
            // Years of activity and of membership are no life.
            let active: Vec<&str> = field
                .subfields()
                .filter(|(code, _)| matches!(code, 's' | 't'))
                .map(|(_, text)| text)
                .collect();
            if !active.is_empty() {
                out.text(item, rdagr2::DATE_ASSOCIATED_WITH_THE_PERSON, &active.join("/"), None);
            }
        }
        "010" | "024" | "035" => {
            reading.rule(out, "marc-authority.024.same-as", field, "a");
            for iri in same(field, reading.record) {
                if let Some(node) = out.iri(&iri) {
                    out.link(item, owl::SAME_AS, node);
                }
            }
        }
        _ if is_heading(field, '4') => {
            reading.rule(out, "marc-authority.4xx.see-from", field, "a");
            let full =
                (field.tag() == "400" && field.first('t').is_none()).then(|| agents::heading(field).full);
            entity.variant(&full.flatten().unwrap_or_else(|| label(field)), entity.scheme.language, out);
        }
        _ if is_heading(field, '7') => {
            reading.rule(out, "marc-authority.7xx.same-as", field, "0");
            let language = entity.heading.is_none().then(|| authorities::scheme(field).language).flatten();
            entity.variant(&label(field), language, out);
            for iri in authorities::iris(field) {
                if let Some(node) = out.iri(&iri) {
                    out.link(item, skos::EXACT_MATCH, node);
                }
            }
        }
        "548" => {
            // The years of a life are told with the heading; those of a work are its making.
            let code = field.every('4').next().unwrap_or_default();
            if matches!(code, "dats" | "datf")
                && entity.heading.is_none()
                && let Some(span) = field.first('a').and_then(|text| dates::read_date(text, None))
            {
                reading.rule(out, "marc-authority.548.dates", field, "a");
                let time = out.time(&span);
                out.link(item, dcterms::CREATED, time);
            }
        }
        _ if is_heading(field, '5') => {
            reading.rule(out, "marc-authority.5xx.see-also", field, "a");
            related(field, entity, out);
        }
        "880" => {
            let linked = field.first('6').unwrap_or_default();
            if linked.starts_with('1') || linked.starts_with('4') {
                reading.rule(out, "marc-authority.880.label", field, "a");
                entity.variant(&label(field), None, out);
            }
        }
        tag => match attributes::row(tag) {
            Some(row) => attributes::describe(field, row, item, entity.heading.as_ref(), reading, out),
            None if tag.contains('9') || !tag.bytes().all(|byte| byte.is_ascii_digit()) => {}
            None if unmapped.contains(&tag) || tag.starts_with(['1', '4', '5', '7']) => {}
            None => {
                unmapped.push(tag);
                out.issue_at(
                    tag,
                    IssueKind::UnmappedField,
                    &field.joined("abct"),
                    "a field of authority records",
                );
            }
        },
    }
}

/// A birth, death or the like as the narrowest XSD type that fits.
fn moment(item: Node, property: NamedNodeRef<'static>, edtf: &str, out: &mut Description<'_>) {
    let plain = edtf.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    match (plain, edtf.len()) {
        (true, 4) => out.typed(item, property, edtf, xsd::G_YEAR),
        (true, 7) => out.typed(item, property, edtf, xsd::G_YEAR_MONTH),
        (true, 10) => out.typed(item, property, edtf, xsd::DATE),
        _ => out.text(item, property, edtf, None),
    }
}

/// A see-also tracing: what it says stands in the code of `$4`, else in `$w`.
fn related(field: &Field<'_>, entity: &Entity, out: &mut Description<'_>) {
    let find = |code: &str| {
        let at = RELATIONS.binary_search_by_key(&code, |(code, _)| code).ok()?;
        Some(RELATIONS[at].1)
    };
    let by_w = || field.first('w').and_then(|w| w.get(..1)).and_then(find);
    let property = field.every('4').find_map(find).or_else(by_w).unwrap_or(skos::RELATED);
    let text = label(field);
    let same_as = authorities::iris(field);
    let node = match &field.tag()[1..] {
        _ if field.first('t').is_some() => {
            let heading = agents::heading(field);
            works::work(Some(&heading), &works::titled(field), '0', out)
        }
        "00" | "10" | "11" => {
            let heading = agents::heading(field);
            out.agent(&heading.agent(&same_as))
        }
        "30" => works::work(None, &works::title_of(field), field.indicator(2), out),
        "51" => attributes::place(&text, &same_as, out),
        _ => {
            let Scheme { language, iri } = entity.scheme;
            out.concept(&Concept { label: &text, language, scheme: iri, same_as: &same_as })
        }
    };
    if let Some(node) = node {
        out.link(entity.item, property, node);
    }
}

fn is_heading(field: &Field<'_>, first: char) -> bool {
    let tag = field.tag();
    tag.starts_with(first)
        && matches!(
            &tag[1..],
            "00" | "10" | "11" | "30" | "47" | "48" | "50" | "51" | "55" | "62" | "80" | "81" | "82" | "85"
        )
}

/// The heading in words: names without dates, subjects with their subdivisions.
fn label(field: &Field<'_>) -> String {
    let name = match &field.tag()[1..] {
        "00" | "10" | "11" => {
            let mut name = agents::heading(field).name;
            if field.first('t').is_some() {
                name = format!("{name}: {}", works::titled(field));
            }
            name
        }
        _ => String::new(),
    };
    let mut label = name;
    let first_part = label.is_empty();
    for (code, text) in field.subfields() {
        let text = trim(text);
        match code {
            'v' | 'x' | 'y' | 'z' if !text.is_empty() => {
                label.push_str("--");
                label.push_str(text);
            }
            'a' | 'b' | 'n' | 'p' if first_part && !text.is_empty() => {
                label.push_str(if label.is_empty() { "" } else { ". " });
                label.push_str(text);
            }
            _ => {}
        }
    }
    if label.is_empty() { trim(&field.joined("abcdfgklmnoprst")).to_owned() } else { label }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relations_are_sorted_and_known() {
        assert!(RELATIONS.is_sorted_by(|a, b| a.0 < b.0));
        assert_eq!(RELATIONS.len(), rows(include_str!("relations.tsv")).count(), "every property is a term");
    }
}
