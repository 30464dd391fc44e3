//! Dates: from what people wrote to EDTF (ISO 8601-2:2019, level 1) and the first and last moment it can be.
//!
//! [`read_date`] takes EDTF as well as free text in Finnish, Swedish, English, German, French, Ukrainian,
//! Russian, Polish, Romanian, Italian and Spanish. The words live in `words.tsv`; how they combine lives in
//! `phrase.rs`. A date that no rule understands as a whole is `None`: half an understanding would be a guess.
//!
//! Decisions:
//! - A century is the hundred years that share their first digits (`18XX`, 1800–1899) in every language. The
//!   strict count (1801–1900) differs by one year at each end, and no catalogue means it.
//! - "Beginning", "middle" and "end" are thirds and approximate (`1800~/1833~`); halves and quarters are exact.
//! - "Circa" does not widen the bounds, as in EDTF itself. "Before 1900" keeps 1900 as its last moment: a date
//!   that a cataloguer could not fix is better found once too often.
//! - The calendar is proleptic Gregorian and years are astronomical: 44 BC is `-0043`, 1 BC is `0000`.

mod fields;
mod figures;
mod phrase;
mod span;
mod words;

use edtf_core::{Bound as Edge, BoundDate, Edtf, IntervalEndpoint, Precision};
use graph_model::{Bound, IssueKind, TimeSpan};

/// Reads a date, EDTF or free text, as a stretch of time. `language` is the BCP 47 tag of the text where the
/// source tells it; it only decides between words that two languages share.
#[must_use]
pub fn read_date(text: &str, language: Option<&str>) -> Option<TimeSpan> {
    let text = text.trim();
    if let Some(year) = plain_year(text) {
        return Some(year);
    }
    if let Some(years) = plain_years(text) {
        return Some(years);
    }
    // A zero in the place of the time or of the month is how databases say nothing.
    let text = text
        .split_once([' ', 'T'])
        .filter(|(_, time)| time.starts_with("00:00"))
        .map_or(text, |(day, _)| day);
    if text.is_empty() || !text.chars().any(char::is_alphanumeric) {
        return None;
    }
    if !is_short_range(text)
        && let Some(span) = read_edtf(text)
    {
        return Some(span);
    }
    let copyright = [", c1", ", c2", ", p1", ", p2", "©", "℗"].iter().any(|sign| text.contains(sign));
    if copyright && let Some([one]) = read_list(text, language).as_deref() {
        return Some(one.clone());
    }
    if let Some(edtf) = phrase::edtf_of(text, language) {
        return read_edtf(&edtf);
    }
    if let Some(year) = words::roman_year(text) {
        return plain_year(&year.to_string());
    }
    if language == Some("it")
        && let Some(century) = bare_century(text)
        && let Some(edtf) = phrase::edtf_of(&century, language)
    {
        return read_edtf(&edtf);
    }
    match read_list(text, language).as_deref() {
        Some([one]) => Some(one.clone()),
        _ => None,
    }
}

/// Reads one date or a list of them: `1982–1990, 2004–2009` is two spans, and what lies between them is none. Empty when
/// it cannot be read as a whole.
#[must_use]
pub fn read_dates(text: &str, language: Option<&str>) -> Vec<TimeSpan> {
    if text.contains([',', ';'])
        && let Some(spans) = read_list(text, language)
    {
        return spans;
    }
    read_date(text, language).into_iter().collect()
}

/// The dates of a list, each of which is whole in itself. Copyright dates and "undated" beside a date do not count.
fn read_list(text: &str, language: Option<&str>) -> Option<Vec<TimeSpan>> {
    let parts: Vec<&str> = text.split([',', ';']).map(str::trim).collect();
    if !(2..=20).contains(&parts.len()) {
        return None;
    }
    let mut spans: Vec<TimeSpan> = Vec::with_capacity(parts.len());
    for part in parts {
        let copyright = part.trim_start_matches('[').starts_with(['©', '℗', 'c', 'p'])
            && part.ends_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | ']'))
            && part.chars().filter(|c| c.is_alphabetic()).count() <= 4;
        if !(copyright && !spans.is_empty() || words::is_unknown(part, language)) {
            let edtf =
                if plain_year(part).is_some() { part.to_owned() } else { phrase::edtf_of(part, language)? };
            spans.push(read_edtf(&edtf)?);
        }
    }
    (!spans.is_empty()).then_some(spans)
}

/// A century as Italian catalogues write it, by its number alone and with the fraction after it (`XIX fine`,
/// `sec. XIX prima metà`), in the order of speech.
fn bare_century(text: &str) -> Option<String> {
    let bare = ["secc.", "sec.", "secolo", "sec"]
        .iter()
        .find_map(|word| text.strip_prefix(word))
        .unwrap_or(text)
        .trim();
    let is_number = |word: &str| !word.is_empty() && word.chars().all(|c| matches!(c, 'I' | 'V' | 'X'));
    let told =
        bare.split(|c: char| !c.is_alphanumeric()).any(|word| matches!(word, "sec" | "secc" | "secolo"));
    if told {
        return None;
    }
    // In the order of speech, but without the word: `inizi XX`.
    if let Some((rest, number)) = bare.rsplit_once(' ')
        && is_number(number)
        && rest.starts_with(char::is_lowercase)
    {
        return Some(format!("{rest} sec. {number}"));
    }
    let end = bare.find(|c: char| !matches!(c, 'I' | 'V' | 'X')).unwrap_or(bare.len());
    let (number, rest) = bare.split_at(end);
    if number.is_empty() || rest.starts_with(char::is_alphanumeric) {
        return None;
    }
    let rest = rest.trim_start_matches([',', ' ']);
    let numbers = rest.is_empty() || rest.starts_with(['/', '-', '–', 'a', 'd', 'A', 'D', '(', '?']);
    Some(if numbers { format!("sec. {number} {rest}") } else { format!("{rest} sec. {number}") })
}

/// Which issue a date is that [`read_date`] could not read: one that was understood and cannot be (31 February, 1895–1890),
/// or one that no rule knows.
#[must_use]
pub fn issue_of(text: &str, language: Option<&str>) -> IssueKind {
    if phrase::edtf_of(text.trim(), language).is_some() {
        IssueKind::ImpossibleDate
    } else {
        IssueKind::UnreadableDate
    }
}

/// Four digits and nothing else, by far the most frequent date.
fn plain_year(text: &str) -> Option<TimeSpan> {
    let plain =
        text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit()) && ("0001".."3000").contains(&text);
    plain.then(|| {
        let year = || Some(Bound::Year(text.to_owned()));
        TimeSpan { edtf: text.to_owned(), begin: year(), end: year() }
    })
}

/// From one plain year to a later one, with a dash or hyphen between and nothing else.
fn plain_years(text: &str) -> Option<TimeSpan> {
    let (first, rest) = text.split_at_checked(4)?;
    let last = rest.strip_prefix(['-', '–'])?;
    let (first, last) = (plain_year(first)?, plain_year(last)?);
    (first.edtf < last.edtf).then(|| from_to(first, last))
}

fn from_to(first: TimeSpan, last: TimeSpan) -> TimeSpan {
    let edtf = format!("{}/{}", first.edtf, last.edtf);
    TimeSpan { edtf, begin: first.begin, end: last.end }
}

/// Whether a text such as `1914-21` is rather a range of years than EDTF's spring of 1914: the seasons of EDTF are rare
/// in records, and ranges are not. `1901-12` stays December 1901.
fn is_short_range(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 7
        && bytes[4] == b'-'
        && bytes[..4].iter().all(u8::is_ascii_digit)
        && matches!(bytes[5..], [b'2', b'1'..=b'4'])
        && bytes[5..] > bytes[2..4]
}

/// Reads an EDTF text of level 0 or 1, and only that. Times of day are dropped: no span here is shorter than a day.
#[must_use]
pub fn read_edtf(text: &str) -> Option<TimeSpan> {
    // Nothing longer than two qualified dates with times is EDTF of level 1.
    if text.is_empty() || text.len() > 80 {
        return None;
    }
    let mut parsed = Edtf::parse(text).ok()?;
    if parsed.level() > 1 {
        return None;
    }
    if let Edtf::DateTime(moment) = parsed {
        parsed = Edtf::Date(moment.date);
    }
    let bounds = parsed.bounds();
    let (first, last) = match &parsed {
        Edtf::Date(date) => (precision(date), precision(date)),
        Edtf::Interval(interval) => {
            (endpoint_precision(&interval.start)?, endpoint_precision(&interval.end)?)
        }
        _ => return None,
    };
    if let (Edge::Date(earliest), Edge::Date(latest)) = (bounds.earliest, bounds.latest)
        && earliest > latest
    {
        return None;
    }
    let span = TimeSpan {
        edtf: parsed.to_string(),
        begin: bound(bounds.earliest, first),
        end: bound(bounds.latest, last),
    };
    // An interval without any end known says nothing.
    (span.begin.is_some() || span.end.is_some()).then_some(span)
}

/// A span from two bounds as LIDO's earliest and latest date or EAD's `normal` give them; each is an ISO-like
/// date, EDTF or plain free text, and either may be empty for an open end. A year may have fewer than four digits.
/// `None` when one of them cannot be read, or when the end lies before the beginning.
#[must_use]
pub fn from_bounds(begin: &str, end: &str) -> Option<TimeSpan> {
    from_bounds_in(begin, end, None)
}

/// The same, with the BCP 47 tag of the words where the source tells it.
#[must_use]
pub fn from_bounds_in(begin: &str, end: &str, language: Option<&str>) -> Option<TimeSpan> {
    // From one plain year to a later one is by far the most frequent span.
    if let (Some(first), Some(last)) = (plain_year(begin.trim()), plain_year(end.trim()))
        && first.edtf < last.edtf
    {
        return Some(from_to(first, last));
    }
    let side = |text: &str, earliest: bool| -> Option<String> {
        let text = text.trim();
        if text.is_empty() || text == ".." {
            return Some("..".to_owned());
        }
        let span = match padded_year(text) {
            Some(year) => read_edtf(&year)?,
            None => read_date(text, language)?,
        };
        // What is itself a stretch gives its near end, as an interval of level 1 has no unknown digits.
        if !span.edtf.contains(['/', 'X']) {
            return Some(span.edtf);
        }
        let bound = if earliest { span.begin } else { span.end };
        Some(bound.map_or("..".to_owned(), |bound| match bound {
            Bound::Year(text) | Bound::YearMonth(text) | Bound::Day(text) => text,
        }))
    };
    let (first, last) = (side(begin, true)?, side(end, false)?);
    if first == last { read_edtf(&first) } else { read_edtf(&format!("{first}/{last}")) }
}

/// A year of up to four digits as EDTF wants it, e.g. `-0500` of `-500`.
fn padded_year(text: &str) -> Option<String> {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    let short = (1..4).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    short.then(|| format!("{sign}{digits:0>4}"))
}

fn precision(date: &edtf_core::Date) -> Precision {
    match date.precision() {
        // A month that is not told leaves the year; a season is told by its months.
        Precision::Month if date.month.is_some_and(edtf_core::DateField::has_unspecified) => Precision::Year,
        Precision::Day if date.has_unspecified() => match date.month {
            Some(month) if !month.has_unspecified() => Precision::Month,
            _ => Precision::Year,
        },
        Precision::Season => Precision::Month,
        told => told,
    }
}

fn endpoint_precision(endpoint: &IntervalEndpoint) -> Option<Precision> {
    match endpoint {
        IntervalEndpoint::Date(date) => Some(precision(date)),
        IntervalEndpoint::Open | IntervalEndpoint::Unknown => Some(Precision::Year),
        // Level 2.
        IntervalEndpoint::OnOrBefore(_) | IntervalEndpoint::OnOrAfter(_) => None,
    }
}

/// The edge as the narrowest XSD type that says no more than the source did.
fn bound(edge: Edge, precision: Precision) -> Option<Bound> {
    let Edge::Date(BoundDate { year, month, day }) = edge else { return None };
    let sign = if year < 0 { "-" } else { "" };
    let magnitude = year.unsigned_abs();
    Some(match precision {
        Precision::Year => Bound::Year(format!("{sign}{magnitude:04}")),
        Precision::Month | Precision::Season => Bound::YearMonth(format!("{sign}{magnitude:04}-{month:02}")),
        Precision::Day => Bound::Day(format!("{sign}{magnitude:04}-{month:02}-{day:02}")),
    })
}

#[cfg(test)]
mod tests;
