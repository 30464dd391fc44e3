//! Tables of entries: CSV and TSV whose headings are known, and the dumps of GeoNames, which have none.
//!
//! What a heading says stands in a table (`vocabularies::authority_files::columns`). A row without an IRI of its own gets one
//! from its identifier.

use super::problems::{Problem, Problems};
use super::values;
use graph_reconcile::authority::{AuthorityError, Builder, Draft};
use graph_reconcile::{Kind, Label, Note, Role};
use std::collections::HashMap;
use std::io::BufRead;
use vocabularies::authority_files;

/// A row is not longer, in bytes.
const LONGEST: usize = 1 << 20;
/// The columns of a dump of GeoNames, in their order.
const GEONAMES: [&str; 19] = [
    "id",
    "preferred",
    "alternative",
    "alternatives",
    "lat",
    "long",
    "",
    "type",
    "",
    "",
    "",
    "",
    "",
    "",
    "",
    "",
    "",
    "",
    "",
];
/// Where the entries of GeoNames are.
const GEONAMES_IRIS: &str = "https://sws.geonames.org/";

/// What a column says, and the language of names in it.
type Column = (&'static str, &'static str);

/// How a table is to be read.
#[derive(Debug)]
pub(super) struct Layout {
    delimiter: u8,
    columns: Vec<Column>,
    /// What the IRIs of rows begin with.
    iris: String,
    kind: Kind,
    /// Whether the first row is one of headings.
    headed: bool,
}

impl Layout {
    /// Finds out how a table is to be read from its first line; nothing when its headings are not known.
    pub(super) fn of(first: &str, iris: &str, headings: &HashMap<String, Column>) -> Option<Self> {
        let first = first.trim_end_matches(['\r', '\n']).trim_start_matches('\u{feff}');
        let fields: Vec<&str> = first.split('\t').collect();
        let number = |place: usize| fields.get(place).is_some_and(|field| field.parse::<f64>().is_ok());
        if fields.len() == GEONAMES.len() && number(0) && number(4) && number(5) {
            let columns = GEONAMES.iter().map(|says| (*says, "")).collect();
            let iris = GEONAMES_IRIS.to_owned();
            return Some(Self { delimiter: b'\t', columns, iris, kind: Kind::Place, headed: false });
        }
        let delimiter = *[b'\t', b';', b',', b'|']
            .iter()
            .max_by_key(|delimiter| first.bytes().filter(|byte| byte == *delimiter).count())?;
        let mut fields = Vec::new();
        cut(first, delimiter, &mut fields);
        let columns: Vec<Column> =
            fields.iter().map(|heading| headings.get(&plain(heading)).copied().unwrap_or_default()).collect();
        let has = |wanted: &str| columns.iter().any(|(says, _)| *says == wanted);
        let kind = if has("lat") && has("long") { Kind::Place } else { Kind::Unknown };
        (has("preferred") && (has("id") || has("iri"))).then(|| Self {
            delimiter,
            columns,
            iris: iris.to_owned(),
            kind,
            headed: true,
        })
    }

    /// Reads all rows.
    pub(super) fn read(
        &self,
        input: &mut dyn BufRead,
        file: &str,
        builder: &mut Builder,
        problems: &mut Problems,
    ) -> Result<(), AuthorityError> {
        let (mut line, mut row, mut fields) = (Vec::new(), String::new(), Vec::new());
        let (mut number, mut first) = (0_u64, self.headed);
        loop {
            line.clear();
            let read = std::io::Read::take(&mut *input, LONGEST as u64).read_until(b'\n', &mut line);
            match read {
                Ok(0) => break,
                Ok(_) => number += 1,
                Err(error) => {
                    problems.add(Problem::File, || format!("{file}, line {number}: {error}"));
                    break;
                }
            }
            match std::str::from_utf8(&line) {
                Ok(text) => row.push_str(text),
                Err(_) => {
                    problems.add(Problem::Syntax, || format!("{file}, line {number}: not UTF-8"));
                    row.push_str(&String::from_utf8_lossy(&line));
                }
            }
            // A quotation mark that is open goes on in the next line.
            if self.delimiter != b'\t' && row.matches('"').count() % 2 == 1 {
                if row.len() < LONGEST {
                    continue;
                }
                problems.add(Problem::Syntax, || {
                    format!("{file}, line {number}: a quotation mark without its end")
                });
                row.clear();
                continue;
            }
            if std::mem::take(&mut first) || row.trim().is_empty() {
                row.clear();
                continue;
            }
            cut(row.trim_end_matches(['\r', '\n']), self.delimiter, &mut fields);
            match self.draft(&fields, problems) {
                Some(draft) => builder.add(&draft)?,
                None => problems
                    .add(Problem::Nameless, || format!("{file}, line {number}: no identifier or no name")),
            }
            row.clear();
        }
        if !row.trim().is_empty() {
            problems
                .add(Problem::Syntax, || format!("{file}, line {number}: a quotation mark without its end"));
        }
        Ok(())
    }

    fn draft(&self, fields: &[String], problems: &mut Problems) -> Option<Draft> {
        let mut draft = Draft { kind: self.kind, ..Draft::default() };
        let (mut lat, mut long) = (None, None);
        for ((says, language), field) in self.columns.iter().zip(fields) {
            let text = field.trim();
            if text.is_empty() {
                continue;
            }
            let mut name = |role, text: &str| {
                let language = (!language.is_empty()).then(|| (*language).into());
                if !text.trim().is_empty() {
                    draft.labels.push(Label { role, language, text: text.trim().to_owned().into() });
                }
            };
            match *says {
                "preferred" => name(Role::Preferred, text),
                "alternative" => name(Role::Alternative, text),
                "alternatives" => text.split([',', ';', '|']).for_each(|text| name(Role::Alternative, text)),
                "iri" => text.clone_into(&mut draft.iri),
                "id" if draft.iri.is_empty() => {
                    draft.iri.clone_from(&self.iris);
                    graph_model::encode_segment(text, &mut draft.iri);
                }
                "born" => draft.born = date(text, &draft.iri, problems),
                "died" => draft.died = date(text, &draft.iri, problems),
                "lat" => lat = Some(text),
                "long" => long = Some(text),
                "point" => draft.point = values::point(text),
                "type" => draft.types.push(text.to_owned()),
                "kind" => {
                    let known = Kind::ALL.into_iter().find(|kind| kind.name() == text.to_lowercase());
                    draft.kind = known.unwrap_or(draft.kind);
                }
                "broader" => draft.broader.push(text.to_owned()),
                "occupation" => draft.occupations.push(text.to_owned()),
                "same-as" if text.contains("://") => draft.same_as.push(text.to_owned()),
                // What a place lies in is written from the smallest on, `Halych, Ukraine`: each of them tells it from others.
                "within" => {
                    let wholes =
                        text.split([',', ';', '|', '>']).map(str::trim).filter(|whole| !whole.is_empty());
                    draft.broader.extend(wholes.map(str::to_owned));
                    draft.notes.push(Note { language: None, text: text.to_owned().into() });
                }
                "note" => {
                    draft.notes.push(Note { language: None, text: text.to_owned().into() });
                }
                _ => {}
            }
        }
        if let (Some(lat), Some(long)) = (lat, long) {
            draft.point = values::degrees(lat, long);
            if draft.point.is_none() {
                problems.add(Problem::Point, || format!("{lat}, {long} of {}", draft.iri));
            }
        }
        (!draft.iri.is_empty() && draft.labels.iter().any(|label| label.role == Role::Preferred))
            .then_some(draft)
    }
}

/// The headings that are known.
pub(super) fn headings() -> HashMap<String, Column> {
    authority_files::columns()
        .map(|(heading, says, language)| (heading.to_owned(), (says, language)))
        .collect()
}

fn date(text: &str, iri: &str, problems: &mut Problems) -> Option<graph_reconcile::Years> {
    let years = values::years(text, None);
    if years.is_none() {
        problems.add(Problem::Date, || format!("{text} of {iri}"));
    }
    years
}

/// A heading in small letters with one blank for punctuation.
fn plain(heading: &str) -> String {
    let spaced: String = heading
        .chars()
        .flat_map(char::to_lowercase)
        .map(|letter| if letter.is_alphanumeric() || letter == '\'' { letter } else { ' ' })
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The fields of a row, as RFC 4180 has them; in lines with tabs quotation marks are only letters.
fn cut(row: &str, delimiter: u8, fields: &mut Vec<String>) {
    fields.clear();
    let delimiter = delimiter as char;
    if delimiter == '\t' {
        fields.extend(row.split('\t').map(str::to_owned));
        return;
    }
    let (mut field, mut quoted) = (String::new(), false);
    let mut letters = row.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                field.push('"');
            }
            '"' => quoted = !quoted,
            letter if letter == delimiter && !quoted => fields.push(std::mem::take(&mut field)),
            letter => field.push(letter),
        }
    }
    fields.push(field);
}
