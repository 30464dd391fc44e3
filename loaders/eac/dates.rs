//! When: `date`, `dateRange` and `dateSet`, with their standard forms, bounds, certainty and open ends.

use super::draft::Draft;
use super::table;
use super::text;
use crate::shared::dates;
use crate::shared::xml::ElementRef;
use graph_model::{AgentKind, Description, IssueKind, Node, TimeSpan};
use oxrdf::NamedNodeRef;
use vocabularies::{aarre, rdagr2, rico, xsd};

/// One date or range, as read.
#[derive(Debug, Clone, Default)]
pub(super) struct When {
    /// The beginning of a range, as EDTF.
    pub(super) begin: Option<String>,
    /// The end of a range, as EDTF.
    pub(super) end: Option<String>,
    /// A date that is no range, as EDTF.
    pub(super) single: Option<String>,
    /// What was written.
    pub(super) written: String,
    /// Words that could not be read, and the kind of issue that they are.
    unreadable: Vec<(String, IssueKind)>,
    /// Whether the source says that these are years of activity.
    active: bool,
}

/// Every date and range directly inside the element, those of sets among them.
pub(super) fn whens(element: ElementRef<'_>, language: Option<&str>) -> Vec<When> {
    let mut found = Vec::new();
    for child in element.elements() {
        match child.name() {
            "date" => found.push(single(child, language)),
            "dateRange" => found.push(range(child, language)),
            "dateSet" => found.extend(whens(child, language)),
            _ => {}
        }
    }
    found
}

/// States the dates of a relation, name or activity on its node.
pub(super) fn state(
    draft: &mut Draft<'_, '_>,
    node: Node,
    element: ElementRef<'_>,
    [begin, end, single]: [NamedNodeRef<'static>; 3],
) {
    let language = draft.language_of(element);
    for when in whens(element, language) {
        let dated = [(begin, &when.begin), (end, &when.end), (single, &when.single)];
        for (property, date) in dated {
            if let Some(date) = date {
                moment(draft.out, node, property, date);
            }
        }
        // What is plain is not told twice.
        let plain = dated.iter().filter_map(|(_, date)| date.as_deref()).collect::<Vec<_>>().join("–");
        if plain != when.written {
            draft.out.text(node, aarre::AS_WRITTEN, &when.written, None);
        }
        when.issues(draft.out);
    }
}

/// Begin, end and date of a relation in RiC-O.
pub(super) const RELATION: [NamedNodeRef<'static>; 3] = [rico::BEGINNING_DATE, rico::END_DATE, rico::DATE];

/// States when the agent lived or existed.
pub(super) fn existence(draft: &mut Draft<'_, '_>, element: ElementRef<'_>) {
    draft.out.rule("eac.existDates.dates", "description/existDates");
    let subject = draft.subject;
    let note = element.children("descriptiveNote").map(text::prose).collect::<Vec<_>>().join("\n");
    let kind = element.attribute("localType").unwrap_or_default();
    let language = draft.language_of(element);
    let whens = whens(element, language);
    let active = [kind, note.as_str()].into_iter().any(|words| table::mentions("active", words))
        || whens.iter().any(|when| when.active);
    let person = draft.kind == AgentKind::Person;
    let begin = whens.first().and_then(|when| when.begin.as_deref());
    let end = whens.last().and_then(|when| when.end.as_deref());
    if person && active {
        // Years of activity are no birth and no death.
        if begin.is_some() || end.is_some() {
            let span = format!("{}/{}", begin.unwrap_or_default(), end.unwrap_or_default());
            draft.out.text(subject, rdagr2::DATE_ASSOCIATED_WITH_THE_PERSON, &span, None);
        }
    } else {
        let properties = if person {
            [[rdagr2::DATE_OF_BIRTH, rico::BIRTH_DATE], [rdagr2::DATE_OF_DEATH, rico::DEATH_DATE]]
        } else {
            [
                [rdagr2::DATE_OF_ESTABLISHMENT, rico::BEGINNING_DATE],
                [rdagr2::DATE_OF_TERMINATION, rico::END_DATE],
            ]
        };
        for (date, properties) in [begin, end].into_iter().zip(properties) {
            for property in properties {
                if let Some(date) = date {
                    moment(draft.out, subject, property, date);
                }
            }
        }
    }
    for when in &whens {
        if let Some(single) = &when.single {
            let property = if person { rdagr2::DATE_ASSOCIATED_WITH_THE_PERSON } else { rico::DATE };
            moment(draft.out, subject, property, single);
        }
        draft.out.text(subject, aarre::AS_WRITTEN, &when.written, None);
        when.issues(draft.out);
    }
    if !note.is_empty() {
        draft.out.text(subject, rico::NOTE, &note, language);
    }
    // Exports write dates without their elements; the words are better than nothing.
    let words = element.text();
    if whens.is_empty() && note.is_empty() && !words.is_empty() {
        draft.out.text(subject, aarre::AS_WRITTEN, &words, language);
        draft.out.issue(IssueKind::BadStructure, &words, "a date, dateRange or dateSet");
    }
}

/// A date as the narrowest XSD type that its EDTF text fits; uncertain and approximate ones stay as text.
pub(super) fn moment(out: &mut Description<'_>, node: Node, property: NamedNodeRef<'static>, edtf: &str) {
    let digits = edtf.strip_prefix('-').unwrap_or(edtf);
    let plain = digits.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    match (plain, digits.len()) {
        (true, 4) => out.typed(node, property, edtf, xsd::G_YEAR),
        (true, 7) => out.typed(node, property, edtf, xsd::G_YEAR_MONTH),
        (true, 10) => out.typed(node, property, edtf, xsd::DATE),
        _ => out.text(node, property, edtf, None),
    }
}

impl When {
    fn issues(&self, out: &mut Description<'_>) {
        for (met, kind) in &self.unreadable {
            out.issue(*kind, met, "a date, or @standardDate such as 1890-05-01");
        }
        if let (Some(begin), Some(end)) = (&self.begin, &self.end)
            && dates::from_bounds(begin, end).is_none()
        {
            out.issue(
                IssueKind::ImpossibleDate,
                &format!("{begin}–{end}"),
                "an end that is not before the beginning",
            );
        }
    }
}

/// One date as read: its EDTF text, if it has one, and what was written.
struct Side {
    edtf: Option<String>,
    written: String,
    unreadable: Option<(String, IssueKind)>,
}

fn single(date: ElementRef<'_>, language: Option<&str>) -> When {
    let side = side(date, language);
    let mut when = When { written: side.written, active: is_active(date), ..When::default() };
    when.unreadable.extend(side.unreadable);
    if let Some(edtf) = side.edtf {
        // `1895-1983` in one element is a range all the same.
        if let Some((begin, end)) = edtf.split_once('/') {
            let known = |bound: &str| (bound != ".." && !bound.is_empty()).then(|| bound.to_owned());
            (when.begin, when.end) = (known(begin), known(end));
        } else {
            when.single = Some(edtf);
        }
    }
    when
}

fn range(range: ElementRef<'_>, language: Option<&str>) -> When {
    let (from, to) = (range.child("fromDate"), range.child("toDate"));
    let active = [Some(range), from, to].into_iter().flatten().any(is_active);
    let mut when = When { active, ..When::default() };
    let mut written: Vec<String> = Vec::new();
    for (date, place) in [(from, &mut when.begin), (to, &mut when.end)] {
        let Some(date) = date else { continue };
        let side = side(date, language);
        *place = side.edtf;
        when.unreadable.extend(side.unreadable);
        if !side.written.is_empty() {
            written.push(side.written);
        }
    }
    when.written = written.join("–");
    when
}

fn is_active(date: ElementRef<'_>) -> bool {
    date.attribute("localType").is_some_and(|kind| table::mentions("active", kind))
}

fn side(date: ElementRef<'_>, language: Option<&str>) -> Side {
    let words = date.text();
    let attribute = |name: &str| date.attribute(name).map(str::trim).filter(|value| !value.is_empty());
    // Systems that know no open end write one that is far away.
    let near = |value: &&str| !value.starts_with("9999") && !value.starts_with("2099");
    let standard = attribute("standardDate").filter(near);
    let (earliest, latest) = (attribute("notBefore").filter(near), attribute("notAfter").filter(near));
    let open = attribute("status").is_some() || table::find("open", &words).is_some();
    let read = |text: &str| {
        if text.len() > LONGEST { None } else { dates::read_date(&repaired(text), language) }
    };
    let told: Option<TimeSpan> = match (standard, earliest, latest) {
        (Some(standard), ..) => read(standard).map(|span| narrowed(span, read(&words))),
        (None, None, None) => None,
        (None, earliest, latest) => {
            dates::from_bounds(&repaired(earliest.unwrap_or("")), &repaired(latest.unwrap_or("")))
        }
    };
    let span = told.or_else(|| if open { None } else { read(&words) });
    let unreadable = match (&span, standard) {
        (None, Some(standard)) => Some((standard.to_owned(), dates::issue_of(standard, None))),
        (None, None) if !words.is_empty() && !open => {
            Some((words.to_string(), dates::issue_of(&words, language)))
        }
        _ => None,
    };
    let edtf = span.map(|span| qualified(span.edtf, attribute("certainty").unwrap_or_default()));
    let written = if words.is_empty() {
        standard.or(earliest).or(latest).unwrap_or_default().to_owned()
    } else {
        words.into_owned()
    };
    Side { edtf, written, unreadable }
}

/// Words longer than this are no date.
const LONGEST: usize = 200;

/// The standard form, or the words where they are less exact and within it: systems write the first day of the year for
/// a date of which they know the year alone.
fn narrowed(standard: TimeSpan, words: Option<TimeSpan>) -> TimeSpan {
    match words {
        Some(words)
            if words.edtf.len() < standard.edtf.len()
                && standard.edtf.starts_with(&words.edtf)
                && words.edtf.bytes().all(|b| b.is_ascii_digit() || b == b'-') =>
        {
            words
        }
        _ => standard,
    }
}

/// A date that its cataloguer marks as approximate or uncertain, as EDTF marks it.
fn qualified(edtf: String, certainty: &str) -> String {
    let plain = edtf.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    let words = certainty.to_lowercase();
    if !plain || words.is_empty() {
        return edtf;
    }
    let says = |marks: &[&str]| marks.iter().any(|mark| words.contains(mark));
    if says(&["circa", "approx", "about", "environ", "estimat"]) || words.trim_end_matches('.') == "ca" {
        format!("{edtf}~")
    } else if says(&["uncertain", "probabl", "possib", "doubt", "?", "low"]) {
        format!("{edtf}?")
    } else {
        edtf
    }
}

/// Days without hyphens get them: `19590108` is 1959-01-08.
fn repaired(date: &str) -> String {
    let date = date.trim();
    if date.len() == 8 && date.bytes().all(|b| b.is_ascii_digit()) {
        return format!("{}-{}-{}", &date[..4], &date[4..6], &date[6..]);
    }
    date.to_owned()
}
