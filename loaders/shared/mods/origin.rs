//! When, where and by whom it was made and published: `originInfo`.

use super::{Mods, table, tag};
use crate::shared::dates;
use crate::shared::draft::Part;
use crate::shared::places;
use crate::shared::punctuation::trim;
use crate::shared::xml::ElementRef;
use graph_model::{Agent, Node, Place, TimeSpan};
use oxrdf::NamedNodeRef;
use vocabularies::{bf, countries, dc, dcterms, skos};

/// The dates of an `originInfo`, in the order in which they are told, each with its property.
const DATES: &[(&str, NamedNodeRef<'static>)] = &[
    ("dateIssued", dcterms::ISSUED),
    ("dateCreated", dcterms::CREATED),
    ("copyrightDate", dcterms::DATE_COPYRIGHTED),
    ("dateValid", dcterms::VALID),
    ("dateModified", dcterms::MODIFIED),
    ("dateCaptured", bf::CAPTURE),
    ("dateOther", dcterms::DATE),
];

impl<'e> Mods<'e, '_, '_> {
    pub(super) fn origin(&mut self, field: ElementRef<'e>, count: u32) {
        for (name, property) in DATES {
            // Dates of different kinds are different dates.
            let mut kinds: Vec<Option<&str>> = Vec::new();
            for date in field.children(name) {
                let kind = date.attribute("type");
                if !kinds.contains(&kind) {
                    kinds.push(kind);
                }
            }
            for kind in kinds {
                let dates = field.children(name).filter(|date| date.attribute("type") == kind);
                let property = kind.and_then(|kind| table::term("date", kind)).unwrap_or(*property);
                self.draft.rule(
                    &format!("mods.originInfo.{name}"),
                    format_args!("mods:originInfo[{count}]/mods:{name}"),
                );
                self.dates(&dates.collect::<Vec<_>>(), property);
            }
        }
        self.provision(field, count);
        for edition in field.children("edition") {
            self.rule("mods.originInfo.edition", "originInfo", count);
            let tag = tag(edition);
            self.draft.text(bf::EDITION_STATEMENT, trim(&edition.text()), tag.as_deref());
        }
        for issuance in field.children("issuance") {
            self.rule("mods.originInfo.issuance", "originInfo", count);
            self.draft.text(bf::ISSUANCE, &issuance.text(), None);
        }
        for frequency in field.children("frequency") {
            self.rule("mods.originInfo.frequency", "originInfo", count);
            self.draft.text(bf::FREQUENCY, trim(&frequency.text()), None);
        }
        for agent in field.children("agent") {
            self.rule("mods.originInfo.agent", "originInfo", count);
            self.named(agent, Part::Publisher);
        }
    }

    /// The dates of one kind: an interval of two points, or single dates, of which the encoded one counts.
    fn dates(&mut self, dates: &[ElementRef<'e>], property: NamedNodeRef<'static>) {
        let at = |point: &str| dates.iter().find(|date| date.attribute("point") == Some(point)).copied();
        let (start, end) = (at("start"), at("end"));
        let plain: Vec<ElementRef<'e>> = dates
            .iter()
            .copied()
            .filter(|date| date.attribute("point").is_none() && !date.is_empty())
            .collect();
        let coded: Vec<ElementRef<'e>> = plain
            .iter()
            .copied()
            .filter(|date| date.attribute("encoding").is_some_and(|code| !code.is_empty()))
            .collect();
        let written = plain.iter().find(|date| !coded.contains(date)).map(|date| date.text());
        let written = written.as_deref().map(trim);
        if let Some(span) = interval(start, end) {
            let shown = written.map_or_else(
                || {
                    let side = |date: Option<ElementRef<'_>>| {
                        date.map(|date| date.text().into_owned()).unwrap_or_default()
                    };
                    format!("{}–{}", side(start), side(end))
                },
                str::to_owned,
            );
            self.state(property, &span, &shown);
            return;
        }
        if start.is_some() || end.is_some() {
            let met = start.or(end).map(|date| date.text().into_owned()).unwrap_or_default();
            if plain.is_empty() {
                self.draft.date(property, &met, None);
                return;
            }
            self.draft.out.issue(dates::issue_of(&met, None), &met, "two dates, of a start and an end");
        }
        let mut read = false;
        for date in &coded {
            if let Some(span) = encoded(*date) {
                read = true;
                let text = date.text();
                self.state(property, &span, written.unwrap_or(&text));
            }
        }
        if read {
            return;
        }
        for date in &plain {
            let text = date.text();
            let text = trim(&text);
            match qualified(*date, dates::read_date(bare(text), tag(*date).as_deref())) {
                Some(span) => self.state(property, &span, text),
                None => {
                    let tag = tag(*date);
                    self.draft.date(
                        if property == bf::CAPTURE { dcterms::DATE } else { property },
                        text,
                        tag.as_deref(),
                    );
                }
            }
        }
    }

    fn state(&mut self, property: NamedNodeRef<'static>, span: &TimeSpan, written: &str) {
        if property == bf::CAPTURE {
            // When it was digitised is a date of the capture, not of the thing.
            let node = self.draft.out.next_fragment("capture");
            self.draft.out.link(self.draft.item, bf::CAPTURE, node);
            self.draft.out.a(node, bf::CAPTURE_CLASS);
            self.draft.out.dated(node, dcterms::DATE, span, written);
        } else {
            self.draft.span(property, span, written);
        }
    }

    /// Who published, made, distributed or manufactured it, and where.
    fn provision(&mut self, field: ElementRef<'e>, count: u32) {
        let has = |name: &str| field.children(name).any(|child| !child.is_empty());
        if !(has("place") || has("publisher") || has("displayDate")) {
            return;
        }
        self.rule("mods.originInfo.provision", "originInfo", count);
        let event = field.attribute("eventType").or_else(|| field.attribute("displayLabel"));
        let class = event.and_then(|event| table::term("event", event)).unwrap_or(
            // What is dated by its making alone was not published.
            if has("dateCreated") && !has("dateIssued") && !has("publisher") {
                bf::PRODUCTION
            } else {
                bf::PUBLICATION
            },
        );
        let provision = self.draft.out.next_fragment("provision");
        self.draft.out.link(self.draft.item, bf::PROVISION_ACTIVITY, provision);
        self.draft.out.a(provision, class);
        for place in field.children("place") {
            self.provision_place(provision, place);
        }
        let shown = field.children("displayDate").chain(field.children("dateIssued")).find(|date| {
            date.attribute("encoding").is_none() && date.attribute("point").is_none() && !date.is_empty()
        });
        if let Some(date) = shown {
            self.draft.out.text(provision, bf::DATE, trim(&date.text()), None);
        }
        for publisher in field.children("publisher") {
            let text = publisher.text();
            let name = trim(&text).trim_matches(['[', ']']).trim();
            if is_unknown_publisher(name) {
                continue;
            }
            let language = tag(publisher);
            let same_as = super::names::authority(publisher);
            let agent = Agent { name, language: language.as_deref(), same_as: &same_as, ..Agent::default() };
            let Some(agent) = self.draft.out.agent(&agent) else { continue };
            self.draft.out.link(provision, bf::AGENT, agent);
            if class == bf::PUBLICATION {
                self.draft.again("mods.originInfo.publisher");
                self.draft.out.link(self.draft.item, dc::PUBLISHER, agent);
                self.draft.again("mods.originInfo.provision");
            }
        }
    }

    fn provision_place(&mut self, provision: Node, place: ElementRef<'e>) {
        let mut any = false;
        for term in place.children("placeTerm") {
            any = true;
            let text = term.text();
            let authority = term.attribute("authority").unwrap_or_default();
            if term.attribute("type") == Some("code") {
                self.country(provision, authority, &text);
                continue;
            }
            let same_as = super::names::authority(term);
            let language = tag(term);
            self.provision_name(provision, &text, language.as_deref(), &same_as);
        }
        if !any {
            self.provision_name(provision, &place.text(), tag(place).as_deref(), &[]);
        }
    }

    fn provision_name(&mut self, provision: Node, text: &str, language: Option<&str>, same_as: &[String]) {
        let Some(read) = places::read_place(trim(text)) else { return };
        let place = Place { name: read.name, within: read.within, language, same_as, ..Place::default() };
        if let Some(node) = self.draft.out.place(&place) {
            self.draft.out.link(provision, bf::PLACE, node);
        }
    }

    fn country(&mut self, provision: Node, authority: &str, code: &str) {
        let found = known_country(authority, code);
        let Some((label, iri)) = found else {
            if !matches!(code, "xx" | "vp" | "xxx" | "") {
                let expected = "a country's code of MARC or ISO 3166";
                self.draft.out.issue(graph_model::IssueKind::UnknownCode, code, expected);
                self.draft.out.text(provision, skos::NOTE, code, None);
            }
            return;
        };
        let same_as: Vec<String> = iri.map(str::to_owned).into_iter().collect();
        let place = Place { name: label, language: Some("en"), same_as: &same_as, ..Place::default() };
        if let Some(node) = self.draft.out.place(&place) {
            self.draft.out.link(provision, bf::PLACE, node);
        }
    }
}

/// The name of a country and its IRI by a code of MARC or ISO 3166.
pub(super) fn known_country(authority: &str, code: &str) -> Option<(&'static str, Option<&'static str>)> {
    let marc = || countries::by_marc_code(code).map(|country| (country.label, Some(country.iri)));
    let iso = || {
        let country = countries::by_iso_3166(code)?;
        // A country that MARC knows by its parts has the IRI of none of them.
        let mut same = countries::marc_countries().iter().filter(|marc| marc.alpha2 == Some(country.alpha2));
        let first = same.next().filter(|_| same.next().is_none());
        Some((country.name, first.map(|marc| marc.iri)))
    };
    if authority.starts_with("iso3166") { iso().or_else(marc) } else { marc().or_else(iso) }
}

fn is_unknown_publisher(name: &str) -> bool {
    let lower = name.to_lowercase();
    matches!(lower.as_str(), "" | "s.n." | "s.n" | "s. n." | "n.n." | "б. и." | "б.и.")
        || ["not identified", "tuntematon", "nicht ermittelbar", "okänd"]
            .iter()
            .any(|word| lower.contains(word))
}

/// The span between a start and an end; an end that is open or unknown is none.
pub(super) fn interval(start: Option<ElementRef<'_>>, end: Option<ElementRef<'_>>) -> Option<TimeSpan> {
    if start.is_none() && end.is_none() {
        return None;
    }
    let side = |date: Option<ElementRef<'_>>| -> Option<String> {
        let Some(date) = date else { return Some(String::new()) };
        let text = date.text();
        let text = bare(&text);
        if matches!(text, "9999" | "uuuu" | "" | "present") {
            return Some(String::new());
        }
        encoded(date).or_else(|| qualified(date, dates::read_date(text, None))).map(|span| span.edtf)
    };
    let (first, last) = (side(start)?, side(end)?);
    if first.is_empty() && last.is_empty() { None } else { dates::from_bounds(&first, &last) }
}

/// A date in the encoding that it says.
pub(super) fn encoded(date: ElementRef<'_>) -> Option<TimeSpan> {
    let text = date.text();
    let text = bare(&text);
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    let edtf = match (date.attribute("encoding").unwrap_or_default(), text.len()) {
        ("marc" | "temper", 4) => text.replace(['u', '|', '-', '?'], "X").to_uppercase(),
        (_, 6) if digits => format!("{}-{}", &text[..4], &text[4..]),
        (_, 8) if digits => format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..]),
        _ => text.to_owned(),
    };
    qualified(date, dates::read_edtf(&edtf).or_else(|| dates::read_date(&edtf, None)))
}

/// The span with what the element says of its certainty.
fn qualified(date: ElementRef<'_>, span: Option<TimeSpan>) -> Option<TimeSpan> {
    let span = span?;
    let mark = match date.attribute("qualifier") {
        Some("approximate") => '~',
        Some("questionable") => '?',
        // What was inferred from elsewhere is not therefore uncertain.
        _ => return Some(span),
    };
    if span.edtf.contains(['~', '?', '%']) {
        return Some(span);
    }
    let marked: Vec<String> = span
        .edtf
        .split('/')
        .map(|side| if side == ".." || side.is_empty() { side.to_owned() } else { format!("{side}{mark}") })
        .collect();
    dates::read_edtf(&marked.join("/")).or(Some(span))
}

/// The text without the zone that XML Schema allows after a date: `2019-03-27-04:00`.
fn bare(text: &str) -> &str {
    let text = text.trim();
    match text.get(10..) {
        Some(zone) if zone.len() == 6 && zone.starts_with(['+', '-']) && zone.as_bytes()[3] == b':' => {
            &text[..10]
        }
        _ => text.strip_suffix('Z').filter(|rest| rest.len() == 10).unwrap_or(text),
    }
}
