//! When and where.

use super::Record;
use super::read::{How, Statement, dcsv};
use crate::shared::draft::parts;
use crate::shared::identifiers::is_address;
use crate::shared::punctuation::full_stop;
use crate::shared::{coordinates, dates};
use graph_model::IssueKind;
use oxrdf::NamedNodeRef;
use vocabularies::{dc, dcterms};

/// What the dates of a record are of.
pub(super) struct Dates {
    /// The property of a plain `date`.
    plain: NamedNodeRef<'static>,
    /// Whether there is a date without a time of day.
    whole: bool,
}

impl Dates {
    pub(super) fn of(statements: &[Statement<'_>]) -> Self {
        let published = statements.iter().any(|statement| statement.row.how == How::Publisher);
        let dated = |statement: &&Statement<'_>| matches!(statement.row.how, How::PlainDate | How::Date);
        Self {
            plain: if published { dcterms::ISSUED } else { dcterms::CREATED },
            whole: statements.iter().filter(dated).any(|statement| !is_stamp(&statement.text)),
        }
    }
}

/// Whether a text is a time to the second, as systems write it: `2021-06-16T06:31:44Z`.
fn is_stamp(text: &str) -> bool {
    text.len() >= 19 && text.as_bytes()[10] == b'T' && text.as_bytes()[13] == b':'
}

/// The text between the two dates of an archive's export, `2012-06-01 -- 2016-06-01`, as EDTF.
fn interval(text: &str) -> Option<String> {
    let (start, end) = text.split_once(" -- ")?;
    Some(format!("{}/{}", start.trim(), end.trim()))
}

/// Dates with months and days of one digit as EDTF: `1806/1807-2`, `-2020-10-20/0015-9-23`. `None` where there is nothing to
/// mend, or more than that.
fn padded(text: &str) -> Option<String> {
    let side = |date: &str| -> Option<String> {
        let (sign, rest) = date.strip_prefix('-').map_or(("", date), |rest| ("-", rest));
        let mut parts = rest.split('-');
        let year = parts.next().filter(|year| year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()))?;
        let mut whole = format!("{sign}{year}");
        for part in parts {
            let number =
                part.parse::<u8>().ok().filter(|number| part.len() <= 2 && (1..=31).contains(number))?;
            whole.push_str(&format!("-{number:02}"));
        }
        Some(whole)
    };
    let edtf = match text.split_once('/') {
        Some((start, end)) => format!("{}/{}", side(start)?, side(end)?),
        None => side(text)?,
    };
    (edtf != text).then_some(edtf)
}

impl Record<'_, '_> {
    pub(super) fn plain_date(&mut self, statement: &Statement<'_>) {
        let stamp = is_stamp(&statement.text) && self.dates.whole;
        let property = if stamp { dcterms::AVAILABLE } else { self.dates.plain };
        self.dated(property, statement);
    }

    pub(super) fn date(&mut self, statement: &Statement<'_>) {
        self.dated(statement.row.property.unwrap_or(self.dates.plain), statement);
    }

    fn dated(&mut self, property: NamedNodeRef<'static>, statement: &Statement<'_>) {
        let text = statement.text.trim();
        let repaired = || interval(text).or_else(|| padded(text)).and_then(|edtf| dates::read_edtf(&edtf));
        if let Some(span) = period(text).or_else(repaired) {
            self.draft.span(property, &span, text);
        } else {
            // A time of day is more than a date has.
            let day = if is_stamp(text) { &text[..10] } else { text };
            self.draft.date(property, day, statement.language());
        }
    }

    pub(super) fn temporal(&mut self, statement: &Statement<'_>) {
        let text = statement.text.trim();
        if let Some(span) = period(text) {
            let name = dcsv(text).into_iter().find(|(key, _)| key == "name").map(|(_, name)| name);
            self.draft.span(dcterms::TEMPORAL, &span, name.unwrap_or(text));
            return;
        }
        let language = statement.language();
        for part in parts(text) {
            let spans = dates::read_dates(bracketed(part).unwrap_or(part), language);
            for span in &spans {
                self.draft.span(dcterms::TEMPORAL, span, part);
            }
            if spans.is_empty() {
                // A period that is a name, such as `Bronze Age`, is a topic.
                self.draft.concept(dc::SUBJECT, full_stop(part), language, Default::default(), &[]);
            }
        }
    }

    /// A coverage is a time where it reads as a date, a place otherwise.
    pub(super) fn coverage(&mut self, statement: &Statement<'_>) {
        let text = statement.text.trim();
        match statement.scheme.map(str::to_ascii_lowercase).as_deref() {
            Some("period" | "w3cdtf" | "temporal") => return self.temporal(statement),
            Some("point" | "box" | "tgn" | "iso3166" | "spatial") => return self.spatial(statement),
            _ => {}
        }
        if period(text).is_some() {
            return self.temporal(statement);
        }
        let sentence = text.split_whitespace().count() > 8;
        let all_dates = || parts(text).all(|part| !dates::read_dates(part, statement.language()).is_empty());
        if sentence && !text.contains([';', '=']) {
            self.draft.text(dc::COVERAGE, text, statement.language());
        } else if text.bytes().any(|b| b.is_ascii_digit())
            && coordinates::read_point(text).is_none()
            && all_dates()
        {
            self.temporal(statement);
        } else {
            self.spatial(statement);
        }
    }

    pub(super) fn spatial(&mut self, statement: &Statement<'_>) {
        let text = statement.text.trim();
        if self.figures(text) {
            return;
        }
        let language = statement.language();
        for part in parts(text) {
            if is_address(part) {
                if let Some(node) = self.draft.out.iri(part) {
                    self.draft.out.link(self.draft.item, dcterms::SPATIAL, node);
                }
                continue;
            }
            // Some write a period where a place belongs.
            let dated = part.bytes().any(|b| b.is_ascii_digit())
                && dates::read_date(part, language).is_some_and(|span| span.edtf != part || part.len() == 4);
            if dated {
                if let Some(span) = dates::read_date(part, language) {
                    self.draft.span(dcterms::TEMPORAL, &span, part);
                }
                continue;
            }
            // Archives join the parts of a heading so, and what follows the place may be anything.
            if let Some((place, _)) = part.split_once(" -- ") {
                self.draft.place(dcterms::SPATIAL, place, None, language, &[]);
                self.draft.concept(dc::SUBJECT, part, language, Default::default(), &[]);
                continue;
            }
            // `Finland--Helsinki`: the second lies within the first.
            let mut within = None;
            for name in part.split("--").map(str::trim).filter(|name| !name.is_empty()) {
                self.draft.place(dcterms::SPATIAL, name, within, language, &[]);
                within = Some(name);
            }
        }
    }

    /// Coordinates, as figures or as DCMI's Point and Box.
    fn figures(&mut self, text: &str) -> bool {
        let parts = dcsv(text);
        let value = |names: &[&str]| {
            parts.iter().find(|(key, _)| names.contains(&key.as_str())).map(|(_, value)| *value)
        };
        let number =
            |names: &[&str]| value(names).and_then(|text| text.replace(',', ".").parse::<f64>().ok());
        let name = value(&["name"]);
        let limits = [
            number(&["westlimit"]),
            number(&["southlimit"]),
            number(&["eastlimit"]),
            number(&["northlimit"]),
        ];
        if let [Some(west), Some(south), Some(east), Some(north)] = limits {
            return self.draft.area([west, south, east, north], text, name).is_some();
        }
        if let (Some(east), Some(north)) = (number(&["east"]), number(&["north"])) {
            if coordinates::in_world(north, east) {
                self.draft.point((north, east), text, name);
            } else {
                self.draft.out.issue(IssueKind::BadCoordinates, text, "east and north in degrees");
            }
            return true;
        }
        if let Some(name) = name.filter(|_| !parts.is_empty()) {
            self.draft.place(dcterms::SPATIAL, name, None, None, &[]);
            return true;
        }
        // Two whole numbers are as likely anything else.
        let figures = text.bytes().filter(u8::is_ascii_digit).count() >= 3;
        match coordinates::read_point(text).filter(|_| figures) {
            Some(point) => {
                self.draft.point(point, text, None);
                true
            }
            None => false,
        }
    }

    /// Coordinates whose order the element tells: `format="lon,lat"`.
    pub(super) fn point(&mut self, statement: &Statement<'_>) {
        let text = statement.text.trim();
        let order = statement.element.attribute("format").unwrap_or_default();
        let turned = order.trim_start().starts_with("lon");
        let numbers =
            text.split_once(',').filter(|_| turned).map(|(first, second)| format!("{second},{first}"));
        match coordinates::read_point(numbers.as_deref().unwrap_or(text)) {
            Some(point) => {
                self.draft.point(point, text, None);
            }
            None => {
                self.draft.out.issue(IssueKind::BadCoordinates, text, "two numbers in degrees");
                self.spatial(statement);
            }
        }
    }
}

/// A DCMI Period: `name=…; start=…; end=…`.
fn period(text: &str) -> Option<graph_model::TimeSpan> {
    if !text.contains("start=") && !text.contains("end=") {
        return None;
    }
    let parts = dcsv(text);
    let value = |name: &str| parts.iter().find(|(key, _)| key == name).map_or("", |(_, value)| *value);
    let (start, end) = (value("start"), value("end"));
    if start.is_empty() && end.is_empty() { None } else { dates::from_bounds(start, end) }
}

/// The years in brackets behind words: `2000s (2000-2009)`.
fn bracketed(text: &str) -> Option<&str> {
    let (words, rest) = text.split_once('(')?;
    let inner = rest.strip_suffix(')')?;
    (!words.trim().is_empty() && !inner.is_empty() && inner.bytes().all(|b| b.is_ascii_digit() || b == b'-'))
        .then_some(inner)
}
