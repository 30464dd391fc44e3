//! When: `unitdate` of EAD 2002 and EAD3, `unitdatestructured` of EAD3.

use super::mapping::is_undated;
use super::text;
use crate::shared::dates;
use crate::shared::xml::ElementRef;
use graph_model::{Description, IssueKind, Node, TimeSpan};
use oxrdf::NamedNodeRef;
use vocabularies::{aarre, dcterms};

/// Says when the material was made, from one date of the `did`.
pub(super) fn describe(date: ElementRef<'_>, language: Option<&str>, out: &mut Description<'_>) {
    let item = out.item();
    let property = property(date);
    if date.name() == "unitdatestructured" {
        out.rule("ead.unitdatestructured.created", "did/unitdatestructured");
        structured(date, item, property, out);
        return;
    }
    out.rule("ead.unitdate.created", "did/unitdate");
    let written = text::line(date);
    let normal = date.attribute("normal").map(text::fold).unwrap_or_default();
    if let Some(span) = normalised(&normal) {
        out.dated(item, property, &span, if written.is_empty() { &normal } else { &written });
    } else if let Some(span) = read(&written, language) {
        out.dated(item, property, &span, &written);
    } else if let Some(spans) = several(&written, language) {
        for span in &spans {
            out.dated(item, property, span, &written);
        }
    } else if !written.is_empty() {
        out.text(item, aarre::AS_WRITTEN, &written, language);
        if is_backwards(&normal) {
            out.issue(IssueKind::ImpossibleDate, &normal, "an end that is not before the beginning");
        } else if !is_undated(&written) {
            out.issue(IssueKind::UnreadableDate, &written, "a date, or @normal such as 1890/1910");
        }
    }
}

/// Words longer than this are no date.
const LONGEST: usize = 400;

fn read(written: &str, language: Option<&str>) -> Option<TimeSpan> {
    if written.len() > LONGEST { None } else { dates::read_date(written, language) }
}

/// Whether both bounds are dates, which together make no span.
fn is_backwards(normal: &str) -> bool {
    let read = |bound: &str| dates::read_date(&repaired(bound), None).is_some();
    normal.split_once('/').is_some_and(|(begin, end)| read(begin) && read(end))
}

fn structured(date: ElementRef<'_>, item: Node, property: NamedNodeRef<'static>, out: &mut Description<'_>) {
    for part in date.elements() {
        let (span, written) = match part.name() {
            "dateset" => {
                structured(part, item, property, out);
                continue;
            }
            "datesingle" => {
                let written = text::line(part);
                let standard = bound(part, &["standarddate", "notbefore", "notafter"]);
                let span = match (part.attribute("notbefore"), part.attribute("notafter")) {
                    (Some(begin), Some(end)) if part.attribute("standarddate").is_none() => {
                        dates::from_bounds(&repaired(begin), &repaired(end))
                    }
                    _ => dates::read_date(&repaired(&standard), None),
                };
                (span, written)
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
                (span, words.join("–"))
            }
            _ => continue,
        };
        if let Some(span) = span {
            let written = if written.is_empty() { span.edtf.clone() } else { written };
            out.dated(item, property, &span, &written);
        } else if !written.is_empty() && !is_undated(&written) {
            out.text(item, aarre::AS_WRITTEN, &written, None);
            out.issue(IssueKind::UnreadableDate, &written, "a date, or @standarddate such as 1890-05");
        }
    }
}

/// A list of dates (`1938-1941, 1950; undated`, `1950-1984 (bulk 1950-1968)`), each of which must be readable.
fn several(written: &str, language: Option<&str>) -> Option<Vec<TimeSpan>> {
    if written.len() > LONGEST {
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

/// A date of publication is one of issue; all others, accumulation among them, are dates of the material.
fn property(date: ElementRef<'_>) -> NamedNodeRef<'static> {
    let kind = date.attribute("datechar").unwrap_or_default().to_lowercase();
    if kind.starts_with("publi") || kind.starts_with("copyright") {
        dcterms::ISSUED
    } else {
        dcterms::CREATED
    }
}

/// A span from `@normal`: one ISO 8601 date, or two with a slash between.
fn normalised(normal: &str) -> Option<TimeSpan> {
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
fn repaired(date: &str) -> String {
    date.split('/').map(|bound| repaired_bound(bound.trim())).collect::<Vec<_>>().join("/")
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
