//! When, where and by whom it was published or made: 008/06-17, 044, 046, 260, 264, 300.
//!
//! The coded dates of 008 are the hub, as they are the same in every language; what 264$c or 260$c says is kept
//! beside it as written. Only when 008 tells nothing is the written date read.

use super::punctuation::{full_stop, trim, unbracket};
use super::reading::{Reading, numbered};
use super::record::{Field, MarcRecord};
use crate::shared::{dates, places};
use graph_model::{Agent, Description, IssueKind, Node, Place, TimeSpan};
use vocabularies::{bf, countries, dc, dcterms, skos};

/// Tells when: the date of publication, or of making for what was not published.
pub(super) fn date(reading: &Reading<'_>, out: &mut Description<'_>) {
    let record = reading.record;
    let item = out.item();
    let unpublished = matches!(record.leader(6), 'd' | 'f' | 't' | 'p') || record.leader(8) == 'a';
    let property = if unpublished { dcterms::CREATED } else { dcterms::ISSUED };
    // 046$k tells the same more exactly.
    if unpublished && record.tagged("046").any(|field| field.first('k').is_some()) {
        return;
    }
    let written = written_date(record);
    let coded = CodedDates::read(record);
    if let (Some(coded), Some((text, path))) = (&coded, written)
        && coded.contradicts(text)
    {
        let expected = format!("the date of 008/07-14, {}", coded.text.get(1..).unwrap_or_default().trim());
        out.issue_at(path, IssueKind::ImpossibleDate, text, expected);
    }
    if let Some(mut span) = coded.as_ref().and_then(CodedDates::first) {
        out.rule("marc.008.date", "008/06-14");
        // `19uu` and `[199-?]`: the written date may know the decade or the year.
        if span.edtf.len() == 4
            && let Some(known) = span.edtf.find('X')
            && let Some((text, path)) = written
            && let Some(read) = read_written(unbracket(text), reading.catalogue_language)
            && read.edtf.get(..known) == span.edtf.get(..known)
            && !read.edtf.contains('/')
            && read.edtf.matches('X').count() < 4 - known
        {
            out.rule("marc.264c.date", path);
            span = read;
        }
        match written {
            Some((text, _)) => out.dated(item, property, &span, text),
            None => {
                let time = out.time(&span);
                out.link(item, property, time);
            }
        }
    } else if let Some((text, path)) = written {
        out.rule("marc.264c.date", path);
        let plain = unbracket(text);
        match read_written(plain, reading.catalogue_language) {
            Some(span) => out.dated(item, property, &span, text),
            None if dateless(plain) => {}
            None => {
                out.text(item, dc::DATE, text, None);
                out.issue(
                    IssueKind::UnreadableDate,
                    text,
                    "a date in 008/06-14, or one that can be read here",
                );
            }
        }
    }
    if let Some((predicate, span)) = coded.as_ref().and_then(CodedDates::second) {
        out.rule("marc.008.second-date", "008/11-14");
        match predicate {
            Second::Created => {
                let time = out.time(&span);
                out.link(item, dcterms::CREATED, time);
            }
            Second::Original => out.text(item, bf::ORIGIN_DATE, &span.edtf, None),
            Second::Copyright => out.text(item, bf::COPYRIGHT_DATE, &span.edtf, None),
        }
    }
    if let Some(coded) = coded
        && coded.faulty
    {
        out.issue_at(
            "008/06-14",
            IssueKind::ImpossibleDate,
            &coded.text,
            "a kind of date and two dates, each of four digits",
        );
    }
}

/// Reads a date as it was written.
fn read_written(plain: &str, language: Option<&str>) -> Option<TimeSpan> {
    dates::read_date(plain, language)
        .or_else(|| bracketed(plain))
        .or_else(|| bare_year(plain))
        // What still goes on has 9999 for its end; as a beginning it says nothing.
        .filter(|span| span.edtf != "9999")
}

/// What the cataloguer wrote as the date, with its place.
fn written_date(record: &MarcRecord) -> Option<(&str, &'static str)> {
    let published =
        record.tagged("264").find(|field| field.indicator(2) == '1').and_then(|field| field.first('c'));
    if let Some(text) = published {
        return Some((full_stop(trim(text)), "264$c"));
    }
    if let Some(text) = record.tagged("260").find_map(|field| field.first('c')) {
        return Some((full_stop(trim(text)), "260$c"));
    }
    let any = record.tagged("264").find_map(|field| field.first('c'));
    any.map(|text| (full_stop(trim(text)), "264$c"))
}

/// The date in brackets after one of another calendar: `746 [1985 or 1986]`.
fn bracketed(text: &str) -> Option<TimeSpan> {
    let (_, rest) = text.split_once('[')?;
    let inner = rest.split(']').next()?.trim();
    dates::read_date(inner, None).or_else(|| {
        let (first, second) = inner.split_once(" or ").or_else(|| inner.split_once(" tai "))?;
        dates::from_bounds(first.trim(), second.trim())
    })
}

/// A year among marks that say how it was found: `c1984`, `©1984`, `p1984`, `cop. 1984`, `1984, c1983`.
fn bare_year(text: &str) -> Option<TimeSpan> {
    let first = text.split([',', ';']).next().unwrap_or_default();
    let digits =
        first.trim_start_matches(|c: char| !c.is_ascii_digit()).trim_end_matches([']', ')', '.', '?', ' ']);
    let year = digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit());
    year.then(|| dates::read_date(digits, None)).flatten()
}

fn dateless(text: &str) -> bool {
    let text = text.trim_matches(['[', ']', '.', ' ', '?']).to_lowercase();
    matches!(
        text.as_str(),
        "" | "s.a"
            | "s. a"
            | "n.d"
            | "n. d"
            | "o.j"
            | "u.å"
            | "б.г"
            | "б. г"
            | "date of publication not identified"
    ) || text.contains("tuntematon")
        || text.contains("not identified")
}

/// The dates of 008/06-14.
struct CodedDates {
    kind: char,
    one: String,
    two: String,
    text: String,
    faulty: bool,
}

enum Second {
    Created,
    Original,
    Copyright,
}

impl CodedDates {
    fn read(record: &MarcRecord) -> Option<Self> {
        let text = record.control("008").get(6..15)?;
        let kind = text.chars().next()?;
        let (one, two) = (text.get(1..5)?, text.get(5..9)?);
        let shape = |date: &str| {
            date.bytes().all(|b| {
                b.is_ascii_digit() || matches!(b, b'u' | b' ' | b'|' | b'#' | b'-' | b'?' | b'n' | b'x')
            })
        };
        let faulty = one == "9999"
            || !"bcdeikmnpqrstu| ".contains(kind)
            || !shape(one)
            || (kind != 'e' && !shape(two));
        Some(Self {
            kind,
            one: if one == "9999" { String::new() } else { edtf_year(one) },
            two: if kind == 'e' { two.to_owned() } else { edtf_year(two) },
            text: text.to_owned(),
            faulty,
        })
    }

    /// The date of publication (or of making).
    fn first(&self) -> Option<TimeSpan> {
        let (one, two) = (self.one.as_str(), self.two.as_str());
        if one.is_empty() && !matches!(self.kind, 'm' | 'q' | 'i' | 'k') {
            return None;
        }
        match self.kind {
            'e' => detailed(one, two),
            // The end of what still goes on is 9999 or unknown.
            'c' | 'u' => dates::read_date(&format!("{one}/.."), None),
            'd' | 'm' | 'i' | 'k' if one != two => match two {
                "9999" | "" => dates::read_date(&format!("{one}/.."), None),
                _ if one.is_empty() => dates::read_date(&format!("../{two}"), None),
                _ => dates::read_date(&format!("{one}/{two}"), None),
            },
            'q' if one != two && !two.is_empty() && !one.is_empty() => {
                dates::read_date(&format!("{one}?/{two}?"), None)
            }
            'q' => dates::read_date(&format!("{one}?"), None),
            'b' | 'n' => None,
            _ => dates::read_date(one, None),
        }
    }

    /// Whether the written date has years and none of them is one of these, or between them.
    fn contradicts(&self, written: &str) -> bool {
        if self.faulty || self.one.is_empty() || matches!(self.kind, 'b' | 'n' | '|' | ' ') {
            return false;
        }
        let (first, last) = (year(&self.one, 0), year(&self.one, 9));
        let second = if self.kind == 'e' { None } else { year(&self.two, 9) };
        let range = matches!(self.kind, 'c' | 'd' | 'i' | 'k' | 'm' | 'q' | 'u');
        let fits = |met: u32| {
            let within = first.is_some_and(|first| first <= met) && last.is_some_and(|last| met <= last);
            let to = second.unwrap_or(if range { u32::MAX } else { 0 });
            within || second == Some(met) || range && first.is_some_and(|first| first <= met && met <= to)
        };
        let mut years = written
            .split(|c: char| !c.is_ascii_digit())
            .filter(|digits| digits.len() == 4)
            .filter_map(|digits| digits.parse().ok())
            .peekable();
        years.peek().is_some() && !years.any(fits)
    }

    fn second(&self) -> Option<(Second, TimeSpan)> {
        let what = match self.kind {
            'p' => Second::Created,
            'r' => Second::Original,
            't' => Second::Copyright,
            _ => return None,
        };
        (!self.two.is_empty() && self.two != self.one)
            .then(|| dates::read_date(&self.two, None))
            .flatten()
            .map(|span| (what, span))
    }
}

/// The year, an unknown digit taken as the one given.
fn year(edtf: &str, unknown: u32) -> Option<u32> {
    let digits = edtf.chars().map(|c| if c == 'X' { Some(unknown) } else { c.to_digit(10) });
    let number = digits.into_iter().try_fold(0, |number, digit| Some(number * 10 + digit?));
    number.filter(|_| edtf.len() == 4)
}

/// A date of 008 as EDTF: `19uu` is `19XX`; anything that tells no century is empty.
fn edtf_year(text: &str) -> String {
    let known = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest_unknown = text.bytes().skip(known).all(|b| matches!(b, b'u' | b'-' | b'?' | b'x'));
    if text == "0000" || known < 2 || !rest_unknown {
        return String::new();
    }
    format!("{:X<4}", &text[..known])
}

/// A detailed date: year, then month and day.
fn detailed(year: &str, rest: &str) -> Option<TimeSpan> {
    let (month, day) = (rest.get(..2)?, rest.get(2..4)?);
    let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit()) && text != "00";
    let text = match (number(month), number(day)) {
        (true, true) => format!("{year}-{month}-{day}"),
        (true, false) => format!("{year}-{month}"),
        _ => year.to_owned(),
    };
    dates::read_date(&text, None).or_else(|| dates::read_date(year, None))
}

/// Tells of one 260 or 264 field: who published, produced, distributed or manufactured it, and where.
pub(super) fn describe<'r>(field: &Field<'r>, reading: &mut Reading<'r>, out: &mut Description<'_>) {
    let item = out.item();
    let class = match (field.tag(), field.indicator(2)) {
        ("264", '0') => bf::PRODUCTION,
        ("264", '2') => bf::DISTRIBUTION,
        ("264", '3') => bf::MANUFACTURE,
        ("264", '4') => {
            reading.rule(out, "marc.264.copyright-date", field, "c");
            for text in field.every('c') {
                out.text(item, bf::COPYRIGHT_DATE, text, None);
            }
            return;
        }
        _ => bf::PUBLICATION,
    };
    let published = class == bf::PUBLICATION;
    let linked = reading.in_script(field);
    // The same subfield of the linked field, when it has as many of them.
    let in_script = |code: char, at: usize| {
        let linked =
            linked.as_ref().filter(|linked| linked.every(code).count() == field.every(code).count())?;
        linked.every(code).nth(at).map(|text| unbracket(trim(text)))
    };
    let (mut places, mut agents) = (0, 0);
    reading.rule(out, "marc.264.provision", field, "abc");
    let provision = numbered(out, "provision", &mut reading.provisions);
    out.link(item, bf::PROVISION_ACTIVITY, provision);
    out.a(provision, class);
    if published && reading.provisions == 1 {
        country(provision, reading, out);
    }
    for text in field.every('c') {
        out.text(provision, bf::DATE, full_stop(trim(text)), None);
    }
    for text in field.every('3') {
        out.text(provision, skos::NOTE, text, None);
    }
    for (code, text) in field.subfields() {
        let text = unbracket(trim(text));
        match code {
            'a' => {
                if let Some(node) = place(provision, text, out)
                    && let Some(written) = in_script('a', places)
                {
                    out.text(node, skos::ALT_LABEL, written, None);
                }
                places += 1;
            }
            'b' => {
                agents += 1;
                let Some(agent) = publisher(text, out) else { continue };
                if let Some(written) = in_script('b', agents - 1) {
                    out.text(agent, skos::ALT_LABEL, written, None);
                }
                out.link(provision, bf::AGENT, agent);
                if published {
                    reading.rule(out, "marc.264b.publisher", field, "b");
                    out.link(item, dc::PUBLISHER, agent);
                    reading.rule(out, "marc.264.provision", field, "abc");
                }
            }
            _ => {}
        }
    }
    if field.subfields().any(|(code, _)| matches!(code, 'e' | 'f')) {
        reading.rule(out, "marc.260efg.manufacture", field, "efg");
        let manufacture = numbered(out, "provision", &mut reading.provisions);
        out.link(item, bf::PROVISION_ACTIVITY, manufacture);
        out.a(manufacture, bf::MANUFACTURE);
        for (code, text) in field.subfields() {
            let text = trim(text).trim_matches(['(', ')', ' ']);
            match code {
                'e' => {
                    place(manufacture, trim(text), out);
                }
                'f' => {
                    if let Some(agent) = publisher(trim(text), out) {
                        out.link(manufacture, bf::AGENT, agent);
                    }
                }
                'g' => out.text(manufacture, bf::DATE, text, None),
                _ => {}
            }
        }
    }
}

/// Tells of a reproduction, 533: who made it, where and when, beside the note that says all of it.
pub(super) fn reproduction<'r>(field: &Field<'r>, reading: &mut Reading<'r>, out: &mut Description<'_>) {
    if !field.subfields().any(|(code, _)| matches!(code, 'b' | 'c' | 'd')) {
        return;
    }
    reading.rule(out, "marc.533.reproduction", field, "bcd");
    let item = out.item();
    let provision = numbered(out, "provision", &mut reading.provisions);
    out.link(item, bf::PROVISION_ACTIVITY, provision);
    out.a(provision, bf::PROVISION_ACTIVITY_CLASS);
    for (code, text) in field.subfields() {
        let text = unbracket(trim(text));
        match code {
            'a' => out.text(provision, skos::NOTE, text, None),
            'b' => drop(place(provision, text, out)),
            'c' => {
                if let Some(agent) = publisher(text, out) {
                    out.link(provision, bf::AGENT, agent);
                }
            }
            'd' => out.text(provision, bf::DATE, text, None),
            _ => {}
        }
    }
}

/// A publisher by name; `None` for the words that say that none is known.
fn publisher(text: &str, out: &mut Description<'_>) -> Option<Node> {
    let name = unbracket(trim(text)).trim_matches(['[', ']']);
    let lower = name.to_lowercase();
    let unknown = matches!(lower.as_str(), "s.n." | "s.n" | "s. n." | "n.n." | "б. и." | "б.и.")
        || (lower.contains("not identified")
            || lower.contains("tuntematon")
            || lower.contains("nicht ermittelbar")
            || lower.contains("okänd"));
    (!unknown).then(|| out.agent(&Agent { name, ..Agent::default() })).flatten()
}

fn place(provision: Node, text: &str, out: &mut Description<'_>) -> Option<Node> {
    let read = places::read_place(text)?;
    let node = out.place(&Place { name: read.name, within: read.within, ..Place::default() })?;
    out.link(provision, bf::PLACE, node);
    Some(node)
}

/// The country of publication, 008/15-17.
fn country<'r>(provision: Node, reading: &Reading<'r>, out: &mut Description<'_>) {
    let Some(code) = reading.record.control("008").get(15..18) else { return };
    let Some(country) = countries::by_marc_code(code) else {
        let none = code.trim_matches([' ', '|', '#', '-']);
        if !matches!(none, "" | "xx" | "vp" | "xxx") {
            out.issue_at("008/15-17", IssueKind::UnknownCode, code, "a MARC code of a country");
        }
        return;
    };
    let same_as = [country.iri.to_owned()];
    let place = Place { name: country.label, language: Some("en"), same_as: &same_as, ..Place::default() };
    if let Some(node) = out.place(&place) {
        out.link(provision, bf::PLACE, node);
    }
}

/// Tells the dates of 046: of creation in full, before Christ, as EDTF.
pub(super) fn special_dates<'r>(field: &Field<'r>, reading: &mut Reading<'r>, out: &mut Description<'_>) {
    let item = out.item();
    let before_christ =
        |year: &str| Some(format!("-{:04}", year.trim().parse::<u32>().ok()?.checked_sub(1)?));
    let (bc_begin, begin) = (field.first('b'), field.first('c'));
    let (bc_end, end) = (field.first('d'), field.first('e'));
    let span = |begin: Option<String>, end: Option<String>| match (begin, end) {
        (Some(begin), Some(end)) => dates::from_bounds(&begin, &end),
        (Some(one), None) => dates::read_date(&one, None),
        _ => None,
    };
    let edtf = |text: &str| {
        let text = text.trim();
        match text.len() {
            6 if text.bytes().all(|b| b.is_ascii_digit()) => format!("{}-{}", &text[..4], &text[4..]),
            8 if text.bytes().all(|b| b.is_ascii_digit()) => {
                format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..])
            }
            _ => text.to_owned(),
        }
    };
    if bc_begin.is_some() || begin.is_some() {
        reading.rule(out, "marc.046.issued", field, "bcde");
        let from = bc_begin.map_or_else(|| begin.map(edtf), before_christ);
        let to = bc_end.map_or_else(|| end.map(edtf), before_christ);
        match span(from, to) {
            Some(span) => {
                let time = out.time(&span);
                let created = matches!(reading.record.leader(6), 'd' | 'f' | 't' | 'p' | 'r');
                out.link(item, if created { dcterms::CREATED } else { dcterms::ISSUED }, time);
            }
            None => out.issue(IssueKind::UnreadableDate, &field.joined("abcde"), "years in $b to $e"),
        }
    }
    for (from, to, property) in
        [('k', 'l', dcterms::CREATED), ('o', 'p', dcterms::TEMPORAL), ('m', 'n', dcterms::VALID)]
    {
        let Some(begin) = field.first(from) else { continue };
        reading.rule(out, "marc.046.created", field, if from == 'k' { "kl" } else { "mnop" });
        match span(Some(edtf(begin)), field.first(to).map(edtf)) {
            Some(span) => {
                let time = out.time(&span);
                out.link(item, property, time);
            }
            None => out.issue(IssueKind::UnreadableDate, begin, "a date as ISO 8601 or EDTF"),
        }
    }
}

/// Tells the extent: 300.
pub(super) fn extent<'r>(field: &Field<'r>, reading: &mut Reading<'r>, out: &mut Description<'_>) {
    let item = out.item();
    reading.rule(out, "marc.300.extent", field, "abcefg");
    let mut text = String::new();
    for (code, part) in field.subfields().filter(|(code, _)| "abcefg".contains(*code)) {
        let part = measure(part);
        if part.is_empty() {
            continue;
        }
        text.push_str(match code {
            _ if text.is_empty() => "",
            'b' => " : ",
            'c' => " ; ",
            'e' => " + ",
            'a' => ", ",
            _ => " ",
        });
        text.push_str(part);
    }
    out.text(item, dcterms::EXTENT, &text, None);
    reading.rule(out, "marc.300c.dimensions", field, "c");
    for text in field.every('c') {
        out.text(item, bf::DIMENSIONS, measure(text), None);
    }
}

/// A part of 300 without the plus sign that announces accompanying material.
fn measure(text: &str) -> &str {
    trim(trim(text).trim_end_matches('+'))
}
