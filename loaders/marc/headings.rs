//! Authority records (leader/06 `z`): somebody, something or somewhere under one heading.
//!
//! The item is the entity itself: an agent, a concept or a place with the heading as its label, see-from
//! tracings as alternative labels, and the IRIs of 024. It is tied to the shared entity that bibliographic records
//! with the same heading use. Source notes (67X) and the parts on cataloguing are left out.

use super::agents;
use super::authorities;
use super::punctuation::trim;
use super::reading::Reading;
use super::record::{Field, MarcRecord};
use super::works;
use crate::shared::{dates, places};
use graph_model::{AgentKind, Concept, Description, IssueKind, Node, Place};
use oxrdf::NamedNodeRef;
use vocabularies::{bf, dc, edm, foaf, owl, rdagr2, skos, xsd};

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
    for field in record.tagged("024") {
        let source = field.first('2').unwrap_or_default();
        let found = field.first('a').and_then(|text| {
            authorities::iri(text).or_else(|| authorities::iri(&format!("({source}){text}")))
        });
        same_as.extend(found);
    }
    for field in record.tagged("035") {
        same_as.extend(field.first('a').and_then(authorities::iri));
    }
    let label = label(&main);
    let titled = main.first('t').is_some() || main.tag() == "130";
    let shared: Option<Node> = match main.tag() {
        _ if titled => {
            out.a(item, bf::WORK);
            let heading = (main.tag() != "130").then(|| agents::heading(&main));
            let title = if main.tag() == "130" { works::title_of(&main) } else { works::titled(&main) };
            {
                let article = if heading.is_none() { main.indicator(2) } else { '0' };
                works::work(heading.as_ref(), &title, article, out)
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
            let person = matches!(heading.kind, AgentKind::Person | AgentKind::Family);
            let (begin, end) = if person {
                (rdagr2::DATE_OF_BIRTH, rdagr2::DATE_OF_DEATH)
            } else {
                (rdagr2::DATE_OF_ESTABLISHMENT, rdagr2::DATE_OF_TERMINATION)
            };
            let exact = |codes: &str| record.tagged("046").any(|field| !field.joined(codes).is_empty());
            for (property, date, codes) in [(begin, &heading.birth, "fq"), (end, &heading.death, "gr")] {
                // 046 tells the same, often to the day.
                if let Some(date) = date
                    && !exact(codes)
                {
                    moment(item, property, date, out);
                }
            }
            out.agent(&heading.agent(&same_as))
        }
        "151" => {
            out.a(item, edm::PLACE);
            places::read_place(&label).and_then(|read| {
                out.place(&Place {
                    name: read.name,
                    within: read.within,
                    same_as: &same_as,
                    ..Place::default()
                })
            })
        }
        _ => {
            out.a(item, skos::CONCEPT);
            out.concept(&Concept { label: &label, same_as: &same_as, ..Concept::default() })
        }
    };
    out.text(item, skos::PREF_LABEL, &label, None);
    if let Some(shared) = shared {
        let concept = !titled && !matches!(main.tag(), "100" | "110" | "111" | "151");
        out.link(item, if concept { skos::EXACT_MATCH } else { owl::SAME_AS }, shared);
        if titled {
            let node = item;
            out.link(shared, owl::SAME_AS, node);
        }
    }
    out.text(item, dc::IDENTIFIER, out.local().to_owned().as_str(), None);
    for field in record.fields() {
        reading.count(&field);
        rest(&field, item, reading, out);
    }
}

fn rest<'r>(field: &Field<'r>, item: Node, reading: &mut Reading<'r>, out: &mut Description<'_>) {
    match field.tag() {
        "046" => {
            reading.rule(out, "marc-authority.046.dates", field, "fg");
            for (code, property) in [
                ('f', rdagr2::DATE_OF_BIRTH),
                ('g', rdagr2::DATE_OF_DEATH),
                ('q', rdagr2::DATE_OF_ESTABLISHMENT),
                ('r', rdagr2::DATE_OF_TERMINATION),
            ] {
                let Some(text) = field.first(code) else { continue };
                match dates::read_date(text, None) {
                    Some(span) => moment(item, property, &span.edtf, out),
                    None => out.issue(IssueKind::UnreadableDate, text, "a date as ISO 8601 or EDTF"),
                }
            }
        }
        "024" | "035" => {
            reading.rule(out, "marc-authority.024.same-as", field, "a");
            let source = field.first('2').unwrap_or_default();
            let text = field.first('a').unwrap_or_default();
            let found = authorities::iri(text).or_else(|| authorities::iri(&format!("({source}){text}")));
            if let Some(node) = found.and_then(|iri| out.iri(&iri)) {
                out.link(item, owl::SAME_AS, node);
            }
        }
        "678" => {
            reading.rule(out, "marc-authority.678.biography", field, "ab");
            out.text(item, skos::NOTE, &field.joined("ab"), None);
        }
        "680" => {
            reading.rule(out, "marc-authority.680.scope", field, "ia");
            out.text(item, skos::SCOPE_NOTE, &field.joined("ia"), None);
        }
        _ if is_heading(field, '4') => {
            reading.rule(out, "marc-authority.4xx.see-from", field, "a");
            out.text(item, skos::ALT_LABEL, &label(field), None);
        }
        _ if is_heading(field, '7') => {
            reading.rule(out, "marc-authority.7xx.same-as", field, "0");
            out.text(item, skos::ALT_LABEL, &label(field), None);
            for iri in authorities::iris(field) {
                if let Some(node) = out.iri(&iri) {
                    out.link(item, skos::EXACT_MATCH, node);
                }
            }
        }
        // The years of a life as a heading of their own, a habit of the GND; they stand in 100$d.
        "548" => {}
        _ if is_heading(field, '5') => {
            reading.rule(out, "marc-authority.5xx.see-also", field, "a");
            related(field, item, out);
        }
        "880" => {
            let linked = field.first('6').unwrap_or_default();
            if linked.starts_with('1') || linked.starts_with('4') {
                reading.rule(out, "marc-authority.880.label", field, "a");
                out.text(item, skos::ALT_LABEL, &label(field), None);
            }
        }
        _ => {}
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

/// A see-also tracing: broader or narrower by `$w`, related otherwise.
fn related(field: &Field<'_>, item: Node, out: &mut Description<'_>) {
    let text = label(field);
    let same_as = authorities::iris(field);
    match &field.tag()[1..] {
        "00" | "10" | "11" => {
            let heading = agents::heading(field);
            let agent = heading.agent(&same_as);
            if let Some(node) = out.agent(&agent) {
                out.link(item, skos::RELATED, node);
            }
        }
        "51" => {
            if let Some(read) = places::read_place(&text)
                && let Some(node) = out.place(&Place {
                    name: read.name,
                    within: read.within,
                    same_as: &same_as,
                    ..Place::default()
                })
            {
                out.link(item, skos::RELATED, node);
            }
        }
        _ => {
            let Some(node) = out.concept(&Concept { label: &text, same_as: &same_as, ..Concept::default() })
            else {
                return;
            };
            let property = match field.first('w').and_then(|w| w.chars().next()) {
                Some('g') => skos::BROADER,
                Some('h') => skos::NARROWER,
                _ => skos::RELATED,
            };
            out.link(item, property, node);
        }
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
