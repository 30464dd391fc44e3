//! When: `unitdate` of EAD 2002 and EAD3, `unitdatestructured` of EAD3.
//!
//! What a date says of a set and of a record differs in RiC-O: the dates of a series are those of its members. A date
//! that leaves the year to what holds the component ("June–August", "Apr-96") is read by the years of that; a component
//! without a date lies within them (`dcterms:temporal`), which is not its own date.

use super::mapping::is_undated;
use super::record::{Nature, Own, Record};
use super::text;
use crate::shared::dates;
use crate::shared::xml::ElementRef;
use graph_model::{Bound, Description, IssueKind, TimeSpan};
use oxrdf::NamedNodeRef;
use std::borrow::Cow;
use vocabularies::{aarre, dcterms, rico};

/// What a date is of: in the core layer and in RiC-O.
#[derive(Clone, Copy)]
struct Kind {
    core: NamedNodeRef<'static>,
    detail: NamedNodeRef<'static>,
}

/// How the words of a date are to be read.
#[derive(Clone, Copy)]
struct Reading<'r> {
    language: Option<&'r str>,
    /// The dates of what holds the component.
    around: Option<&'r TimeSpan>,
}

/// Says when the material was made, from one date of the `did`.
pub(super) fn describe(
    date: ElementRef<'_>,
    record: &Record,
    nature: Nature,
    language: Option<&str>,
    out: &mut Description<'_>,
) {
    let kind = kind(date, nature);
    let around = record.parent.as_deref().and_then(|parent| parent.dates.as_ref());
    let reading = Reading { language, around };
    if date.name() == "unitdatestructured" {
        out.rule("ead.unitdatestructured.created", "did/unitdatestructured");
        structured(date, kind, reading, out);
        return;
    }
    out.rule("ead.unitdate.created", "did/unitdate");
    let written = text::line(date);
    let normal = date.attribute("normal").map(text::fold).unwrap_or_default();
    if let Some(span) = normalised(&normal) {
        state(&span, if written.is_empty() { &normal } else { &written }, kind, out);
        return;
    }
    let spans = if is_gregorian(date) { read(&written, reading) } else { Vec::new() };
    for span in &spans {
        state(span, &written, kind, out);
    }
    if spans.is_empty() && !written.is_empty() {
        let item = out.item();
        out.text(item, aarre::AS_WRITTEN, &written, language);
        if is_backwards(&normal) {
            out.issue(IssueKind::ImpossibleDate, &normal, "an end that is not before the beginning");
        } else if !is_undated(&written) {
            out.issue(IssueKind::UnreadableDate, &written, "a date, or @normal such as 1890/1910");
        }
    }
}

/// Says that a component without dates of its own lies within those of what holds it.
pub(super) fn inherited(record: &Record, out: &mut Description<'_>) {
    let around = record.parent.as_deref().and_then(|parent| parent.dates.as_ref());
    let dated =
        || record.own.did().any(|child| child.name().starts_with("unitdate") || has_inner_date(child));
    let Some(span) = around.filter(|_| !dated()) else { return };
    out.rule("ead.unitdate.inherited", "../did/unitdate");
    let (item, time) = (out.item(), out.time(span));
    out.link(item, dcterms::TEMPORAL, time);
}

fn has_inner_date(child: ElementRef<'_>) -> bool {
    child.name() == "unittitle" && child.descendants().any(|inner| inner.name() == "unitdate")
}

/// The dates that the components of a description lie within: the first of its own that tells them.
pub(super) fn of_components(
    own: &Own,
    language: Option<&str>,
    around: Option<&TimeSpan>,
) -> Option<TimeSpan> {
    let reading = Reading { language, around };
    own.did().find_map(|date| match date.name() {
        "unitdate" if kind(date, Nature::Set).core == dcterms::CREATED => {
            let normal = date.attribute("normal").map(text::fold).unwrap_or_default();
            normalised(&normal).or_else(|| {
                let mut spans =
                    if is_gregorian(date) { read(&text::line(date), reading) } else { Vec::new() };
                (spans.len() == 1).then(|| spans.remove(0))
            })
        }
        "unitdatestructured" => {
            let mut dates = date.elements().filter(|part| part.name() != "dateset");
            dates
                .next()
                .and_then(|part| one(part, reading))
                .and_then(|(span, _)| span)
                .filter(|_| dates.next().is_none())
        }
        _ => None,
    })
}

fn state(span: &TimeSpan, written: &str, kind: Kind, out: &mut Description<'_>) {
    let (item, time) = (out.item(), out.time(span));
    out.a(time, rico::DATE_CLASS);
    out.link(item, kind.core, time);
    out.link(item, kind.detail, time);
    out.text(item, aarre::AS_WRITTEN, written, None);
}

/// Words longer than this are no date.
const LONGEST: usize = 400;

/// The dates that words tell; none where any of them cannot be read.
fn read(written: &str, reading: Reading<'_>) -> Vec<TimeSpan> {
    if written.is_empty() || written.len() > LONGEST || is_undated(written) {
        return Vec::new();
    }
    if let Some(span) = dates::read_date(written, reading.language) {
        return vec![span];
    }
    if let Some(spans) = several(written, reading.language) {
        return spans;
    }
    reading.around.and_then(|around| within(written, reading.language, around)).into_iter().collect()
}

/// A date that leaves the year, or its first two figures, to what holds the component.
fn within(written: &str, language: Option<&str>, around: &TimeSpan) -> Option<TimeSpan> {
    let (first, last) = (year(around.begin.as_ref()?)?, year(around.end.as_ref()?)?);
    let spread = last.checked_sub(first).filter(|spread| (0..100).contains(spread))?;
    let figures = || written.split(|c: char| !c.is_ascii_digit()).filter(|figures| !figures.is_empty());
    if spread == 0 && figures().all(|figures| figures.len() <= 2) && written.contains(char::is_alphabetic) {
        return dates::read_date(&format!("{written} {first:04}"), language);
    }
    // "Apr-96" is how a spreadsheet writes April 1996.
    let (month, short) = written.split_once('-')?;
    let short: i32 = short.parse().ok().filter(|_| short.len() == 2)?;
    let mut years = (first..=last).filter(|year| year % 100 == short);
    let year = years.next().filter(|_| month.chars().all(char::is_alphabetic))?;
    if years.next().is_some() { None } else { dates::read_date(&format!("{month} {year:04}"), language) }
}

fn year(bound: &Bound) -> Option<i32> {
    let (Bound::Year(text) | Bound::YearMonth(text) | Bound::Day(text)) = bound;
    text.get(..4)?.parse().ok()
}

/// Whether both bounds are dates, which together make no span.
fn is_backwards(normal: &str) -> bool {
    let read = |bound: &str| dates::read_date(&repaired(bound), None).is_some();
    normal.split_once('/').is_some_and(|(begin, end)| read(begin) && read(end))
}

/// Whether the words count years as everybody does: 1340 of the hijra or year VII of the Republic is no year of ours.
fn is_gregorian(date: ElementRef<'_>) -> bool {
    let calendar = date.attribute("calendar").map(str::trim).unwrap_or_default().to_lowercase();
    calendar.is_empty() || calendar.starts_with("gr") || calendar.starts_with("jul") || calendar == "iso8601"
}

fn structured(date: ElementRef<'_>, kind: Kind, reading: Reading<'_>, out: &mut Description<'_>) {
    for part in date.elements() {
        if part.name() == "dateset" {
            structured(part, kind, reading, out);
            continue;
        }
        let Some((span, written)) = one(part, reading) else { continue };
        if let Some(span) = span {
            let written = if written.is_empty() { &span.edtf } else { &written };
            state(&span, written, kind, out);
        } else if !written.is_empty() {
            let item = out.item();
            out.text(item, aarre::AS_WRITTEN, &written, None);
            if !is_undated(&written) {
                out.issue(IssueKind::UnreadableDate, &written, "a date, or @standarddate such as 1890-05");
            }
        }
    }
}

/// A `datesingle` or `daterange`: its span, where it can be read, and its words.
fn one(part: ElementRef<'_>, reading: Reading<'_>) -> Option<(Option<TimeSpan>, String)> {
    match part.name() {
        "datesingle" => {
            let written = text::line(part);
            let span = match (part.attribute("notbefore"), part.attribute("notafter")) {
                (Some(begin), Some(end)) if part.attribute("standarddate").is_none() => {
                    dates::from_bounds(&repaired(begin), &repaired(end))
                }
                _ => {
                    let standard = bound(part, &["standarddate", "notbefore", "notafter"]);
                    dates::read_date(&repaired(&standard), None)
                        .or_else(|| read(&written, reading).into_iter().next())
                }
            };
            Some((span, written))
        }
        "daterange" => {
            let (from, to) = (part.child("fromdate"), part.child("todate"));
            let side = |date: Option<ElementRef<'_>>, early: &'static str, late: &'static str| {
                date.map(|date| bound(date, &["standarddate", early, late])).unwrap_or_default()
            };
            let begin = side(from, "notbefore", "notafter");
            let end = side(to, "notafter", "notbefore");
            let words: Vec<String> =
                [from, to].into_iter().flatten().map(spoken).filter(|words| !words.is_empty()).collect();
            let span = if begin.is_empty() && end.is_empty() {
                None
            } else {
                years(&repaired(&begin), &repaired(&end))
            };
            let written = words.join("–");
            let span = span.or_else(|| read(&written, reading).into_iter().next());
            Some((span, written))
        }
        _ => None,
    }
}

/// A list of dates (`1938-1941, 1950; undated`, `1950-1984 (bulk 1950-1968)`), each of which must be readable.
fn several(written: &str, language: Option<&str>) -> Option<Vec<TimeSpan>> {
    let joined = [" and ", " et ", " und "].iter().any(|word| written.contains(word));
    // What is no list was read as a whole already.
    if written.len() > LONGEST || !joined && !written.contains([',', ';', '(', ')', '&', ':']) {
        return None;
    }
    let mut spans = Vec::new();
    let words = written.replace(" and ", ",").replace(" & ", ",").replace(" et ", ",").replace(" und ", ",");
    for part in words.split([',', ';', '(', ')']) {
        let part = part.trim().trim_start_matches("bulk").trim_start_matches(':').trim();
        if is_undated(part) {
            continue;
        }
        // A part without a year is half a date, not a date of its own.
        let year = part.split(|c: char| !c.is_ascii_digit()).any(|digits| digits.len() == 4);
        spans.push(dates::read_date(part, language).filter(|_| year)?);
    }
    (!spans.is_empty()).then_some(spans)
}

/// The words of one end of a range, or else its standard form.
fn spoken(date: ElementRef<'_>) -> String {
    let words = text::line(date);
    if words.is_empty() { date.attribute("standarddate").map(text::fold).unwrap_or_default() } else { words }
}

/// The first of the attributes that has a value, or else the words.
fn bound(date: ElementRef<'_>, attributes: &[&str]) -> String {
    attributes
        .iter()
        .filter_map(|name| date.attribute(name))
        .map(text::fold)
        .find(|value| !value.is_empty())
        .unwrap_or_else(|| text::line(date))
}

/// A date of publication is one of issue, one of the contents is of what the material is about; all others, accumulation
/// among them, are dates of the material.
fn kind(date: ElementRef<'_>, nature: Nature) -> Kind {
    let words = |name: &str| date.attribute(name).unwrap_or_default().to_lowercase();
    let kind = words("datechar");
    let begins = |starts: &[&str]| starts.iter().any(|start| kind.starts_with(start));
    if begins(&["publi", "copyright"]) {
        return Kind { core: dcterms::ISSUED, detail: rico::HAS_PUBLICATION_DATE };
    }
    if begins(&["content", "coverage", "subject", "sujet"]) {
        return Kind { core: dcterms::TEMPORAL, detail: rico::IS_ASSOCIATED_WITH_DATE };
    }
    let detail = if begins(&["accumulation", "recordkeeping", "record-keeping"]) {
        rico::IS_ASSOCIATED_WITH_DATE
    } else if nature != Nature::Set {
        rico::HAS_CREATION_DATE
    } else if words("type") == "bulk" || words("unitdatetype") == "bulk" {
        rico::HAS_OR_HAD_MOST_MEMBERS_WITH_CREATION_DATE
    } else {
        rico::HAS_OR_HAD_ALL_MEMBERS_WITH_CREATION_DATE
    };
    Kind { core: dcterms::CREATED, detail }
}

/// A span from `@normal`: one ISO 8601 date, or two with a slash between.
pub(super) fn normalised(normal: &str) -> Option<TimeSpan> {
    if normal.is_empty() {
        return None;
    }
    let normal = repaired(normal);
    match normal.split_once('/') {
        Some((begin, end)) => years(begin, end),
        None => dates::read_date(&normal, None),
    }
}

/// A span from two bounds. From the first day of one year to the last day of another is from year to year: that is
/// how exports spell years out.
fn years(begin: &str, end: &str) -> Option<TimeSpan> {
    // Systems that know no open end write one that is far away.
    let far = |bound: &str| bound.starts_with("9999") || bound.starts_with("2099");
    let open = |bound: &str| matches!(bound, "" | ".." | "open" | "unknown") || far(bound);
    match (open(begin), open(end)) {
        (true, true) => None,
        (true, false) => dates::from_bounds("", end),
        (false, true) => dates::from_bounds(begin, ""),
        (false, false) => match (begin.strip_suffix("-01-01"), end.strip_suffix("-12-31")) {
            (Some(first), Some(last)) => dates::from_bounds(first, last),
            _ => dates::from_bounds(begin, end),
        },
    }
}

/// Spellings of exports as EDTF: `1881-uu-uu` is 1881, `18uu` is 18XX, `1924-1-1` is 1924-01-01, `19200101` is 1920-01-01.
fn repaired(date: &str) -> Cow<'_, str> {
    if date.split('/').all(is_sound) {
        return Cow::Borrowed(date);
    }
    Cow::Owned(date.split('/').map(|bound| repaired_bound(bound.trim())).collect::<Vec<_>>().join("/"))
}

/// Whether a bound is a year, month or day as EDTF writes it: nearly all are, and need no repair.
fn is_sound(bound: &str) -> bool {
    let in_place =
        |(at, byte): (usize, u8)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() };
    matches!(bound.len(), 4 | 7 | 10) && bound.bytes().enumerate().all(in_place) && !bound.ends_with("-00")
}

fn repaired_bound(bound: &str) -> String {
    let bound =
        bound.trim_end_matches("-uu").trim_end_matches("-uu").trim_end_matches("-00").trim_end_matches("-00");
    if bound.len() == 8 && bound.bytes().all(|b| b.is_ascii_digit()) {
        return format!("{}-{}-{}", &bound[..4], &bound[4..6], &bound[6..]);
    }
    let simple = bound.starts_with(|c: char| c.is_ascii_digit())
        && bound.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'u'));
    if !simple {
        return bound.to_owned();
    }
    let parts: Vec<String> = bound
        .split('-')
        .enumerate()
        .map(|(index, part)| {
            let part = part.replace('u', "X");
            if index == 0 { format!("{part:0>4}") } else { format!("{part:0>2}") }
        })
        .collect();
    parts.join("-")
}
