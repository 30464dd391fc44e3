//! Which fields of a record something was said from: the ground of the report on coverage.
//!
//! A statement or issue has a place in its record, e.g. `245[2]$abn`, `did/unittitle`, `lido:titleSet`. A field is
//! *named* when such a place is the field itself or something in it (`008/35-37` is in `008`). It is *around* when a place
//! is something that the field stands in: the rule read the whole of `titleSet`, or an element with its attributes. Any
//! other field is *unused*: nothing in the document tells of it.
//!
//! Positions (`[2]`) and prefixes (`lido:`) do not count, and a place may be shortened at its beginning: `titleSet` is the
//! place of `descriptiveMetadata/objectIdentificationWrap/titleWrap/titleSet/appellationValue`. So a field counts as
//! used when one of its occurrences is.

use crate::Fields;
use graph_model::{Document, Field, IssueKind};
use std::collections::{BTreeMap, BTreeSet};

/// How far a document tells of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FieldUse {
    /// A statement or issue has its place in it.
    Named,
    /// A statement or issue has its place in something around it.
    Around,
    /// Nothing tells of it.
    Unused,
}

/// The places of all statements and issues of a document.
#[derive(Debug, Default)]
pub struct Places {
    /// By the last step and each step before it.
    places: BTreeSet<Vec<String>>,
}

impl Places {
    /// The places in a document; gathered once, as each is looked up for many fields.
    #[must_use]
    pub fn of(document: &Document) -> Self {
        let mut places = Self::default();
        let mut last = "";
        for statement in document.statements() {
            if statement.path != last {
                last = statement.path;
                places.add(last);
            }
        }
        issue_places(document).for_each(|place| places.add(place));
        places
    }

    /// One place alone.
    pub(crate) fn one(place: &str) -> Self {
        let mut places = Self::default();
        places.add(place);
        places
    }

    fn add(&mut self, place: &str) {
        // A column's name may have separators of its own.
        self.places.insert(vec![place.to_owned()]);
        let steps: Vec<String> = graph_model::steps(place).map(|step| plain(step).to_owned()).collect();
        // Several subfields of one field are told at once: 245$abn.
        if let [tag, codes] = steps.as_slice()
            && place.contains('$')
        {
            for code in codes.chars() {
                self.places.insert(vec![tag.clone(), code.to_string()]);
            }
        }
        self.places.insert(steps);
    }

    /// How far the places tell of the field.
    #[must_use]
    pub fn tell_of(&self, field: &Field<'_>) -> FieldUse {
        let steps: Vec<&str> = field.steps().collect();
        let mut met = FieldUse::Unused;
        for place in &self.places {
            match told(place, &steps) {
                Some(FieldUse::Named) => return FieldUse::Named,
                Some(around) => met = met.min(around),
                None => {}
            }
        }
        met
    }
}

/// The places of the issues of a document, but for those that only say that a field is not used.
pub(crate) fn issue_places(document: &Document) -> impl Iterator<Item = &str> {
    document
        .issues()
        .iter()
        .filter(|issue| issue.kind != IssueKind::UnmappedField)
        .map(|issue| issue.path.as_str())
}

/// Whether a place is that of a field: the place, or its beginning, is what the field ends with, or what stands in the
/// middle of it.
fn told(place: &[String], field: &[&str]) -> Option<FieldUse> {
    let first = place.first().filter(|first| !first.is_empty())?;
    let mut met = None;
    for (at, step) in field.iter().enumerate() {
        if step != first {
            continue;
        }
        let rest = &field[at..];
        let common = rest.iter().zip(place).take_while(|(one, other)| *one == other).count();
        if common == rest.len() {
            return Some(FieldUse::Named);
        }
        if common == place.len() {
            met = Some(FieldUse::Around);
        }
    }
    met
}

/// Whether a place is that of a field, as somebody wrote it, or something in it: both may be shortened at their
/// beginnings.
pub(crate) fn is_in(place: &str, field: &str) -> bool {
    let mut places = Places::default();
    places.add(place);
    let whole = vec![field];
    let steps: Vec<&str> = graph_model::steps(field).collect();
    places.places.iter().any(|place| {
        let within = |at: usize| {
            steps.len() <= place.len() - at && steps.iter().zip(&place[at..]).all(|(one, other)| one == other)
        };
        told(place, &whole) == Some(FieldUse::Named)
            || told(place, &steps) == Some(FieldUse::Named)
            || (1..place.len()).any(within)
    })
}

/// A step without prefix and position: `titleSet` of `lido:titleSet[1]`.
fn plain(step: &str) -> &str {
    let step = step.split('[').next().unwrap_or(step);
    match step.split_once(':') {
        Some((_, name)) if !step.starts_with('@') => name,
        _ => step,
    }
}

/// The paths of the record's fields that nothing in its document tells of, with how often each stands in the record. A
/// field whose text is part of another's (`inline`) is used when that one is.
#[must_use]
pub fn unused_fields(fields: &Fields<'_>, document: &Document) -> BTreeMap<String, u32> {
    let places = Places::of(document);
    let mut unused = BTreeMap::new();
    let mut known: BTreeMap<String, FieldUse> = BTreeMap::new();
    let mut outer = (String::new(), FieldUse::Unused);
    fields(&mut |field| {
        let met = match known.get(field.path) {
            Some(met) => *met,
            None => {
                let met = places.tell_of(field);
                known.insert(field.path.to_owned(), met);
                met
            }
        };
        let met = if field.inline { met.min(outer.1) } else { met };
        if !field.inline && !field.path.contains('@') {
            outer = (field.path.to_owned(), met);
        }
        if met == FieldUse::Unused {
            *unused.entry(field.path.to_owned()).or_insert(0) += 1;
        }
    });
    unused
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]
    use super::*;
    use crate::{FORMATS, FormatEntry, Setup, Target, detect, format_by_id};
    use graph_model::{Base, DatasetId};
    use std::ops::ControlFlow;
    use std::path::{Path, PathBuf};

    fn inspect(
        format: &FormatEntry,
        mapping: Option<&str>,
        bytes: &[u8],
        mut look: impl FnMut(&Document, &Fields<'_>),
    ) {
        let (base, dataset) =
            (Base::new("https://data.example.org").unwrap(), DatasetId::new("fixture").unwrap());
        let converter = (format.setup)(Setup { mapping }).unwrap();
        let target = Target::new(&base, &dataset);
        let _ = converter.inspect(Box::new(bytes), target, &mut |document, fields| {
            look(document, fields);
            ControlFlow::Continue(())
        });
    }

    fn fixtures() -> Vec<PathBuf> {
        fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
            for entry in std::fs::read_dir(folder).unwrap().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    walk(&path, files);
                } else if path.iter().any(|part| part == "fixtures") {
                    files.push(path);
                }
            }
        }
        let mut files = Vec::new();
        walk(Path::new(env!("CARGO_MANIFEST_DIR")), &mut files);
        files.sort();
        files
    }

    #[test]
    fn every_format_visits_fields() {
        let files = fixtures();
        for format in FORMATS {
            let mut visited = 0;
            for path in &files {
                let other = ["nt", "issues", "toml"]
                    .iter()
                    .any(|ending| path.extension().is_some_and(|met| met == *ending));
                let Ok(bytes) = std::fs::read(path) else { continue };
                if other || detect(&bytes[..bytes.len().min(64 << 10)]).is_none_or(|met| met.id != format.id)
                {
                    continue;
                }
                let mapping = std::fs::read_to_string(path.with_extension("toml")).ok();
                if (format.setup)(Setup { mapping: mapping.as_deref() }).is_err() {
                    continue;
                }
                inspect(format, mapping.as_deref(), &bytes, |_, fields| {
                    fields(&mut |field| {
                        assert!(!field.text.is_empty(), "{}: {}", path.display(), field.path);
                        assert!(!field.path.is_empty() && !field.occurrences.is_empty());
                        assert!(!field.occurrences.contains(&0), "{}: {}", path.display(), field.path);
                        visited += 1;
                    });
                });
            }
            assert!(visited > 0, "no field of {} is visited on any fixture", format.id);
        }
    }

    fn unused(format: &str, mapping: Option<&str>, bytes: &str) -> Vec<String> {
        let mut met = Vec::new();
        inspect(format_by_id(format).expect("a format"), mapping, bytes.as_bytes(), |document, fields| {
            met.extend(
                unused_fields(fields, document).into_iter().map(|(path, count)| format!("{path} {count}")),
            );
        });
        met
    }

    #[test]
    fn a_place_tells_of_its_field_and_of_what_is_in_it() {
        let check = |place: &str, path: &str, expected: FieldUse| {
            let mut places = Places::default();
            places.add(place);
            let occurrences = vec![1; graph_model::steps(path).count()];
            let field = Field { path, text: "x", language: None, occurrences: &occurrences, inline: false };
            assert_eq!(places.tell_of(&field), expected, "{place} of {path}");
        };
        check("245$abn", "245$b", FieldUse::Named);
        check("245$abn", "245$c", FieldUse::Unused);
        check("650[3]$a", "650$a", FieldUse::Named);
        check("650[3]$a", "650/@ind2", FieldUse::Unused);
        check("655", "655$a", FieldUse::Around);
        check("008/35-37", "008", FieldUse::Named);
        check("LDR/06", "LDR", FieldUse::Named);
        check("lido:titleSet[2]", "a/titleSet/appellationValue", FieldUse::Around);
        check("titleSet/appellationValue", "a/titleSet/appellationValue", FieldUse::Named);
        check("titleSet/sourceAppellation", "a/titleSet/appellationValue", FieldUse::Unused);
        check("a/b/@c", "a/b", FieldUse::Named);
        check("", "a", FieldUse::Unused);
        check("..", "a", FieldUse::Unused);
        check("place.name", "place.name", FieldUse::Named);
    }

    #[test]
    fn marc_leaves_out_what_its_table_says() {
        let met = unused(
            "marcxml",
            None,
            r#"<record xmlns="http://www.loc.gov/MARC21/slim"><leader>00000nam a2200000 i 4500</leader>
            <controlfield tag="001">1</controlfield><controlfield tag="005">20260101</controlfield>
            <datafield tag="245" ind1="1" ind2="0"><subfield code="a">Seitsemän veljestä</subfield></datafield>
            <datafield tag="650" ind1=" " ind2="7"><subfield code="a">veljekset</subfield><subfield code="2">yso/fin</subfield>
            <subfield code="9">x</subfield></datafield>
            <datafield tag="909" ind1=" " ind2=" "><subfield code="x">own</subfield></datafield>
            <datafield tag="909" ind1=" " ind2=" "><subfield code="x">own 2</subfield></datafield></record>"#,
        );
        for expected in ["005 1", "909$x 2", "650$9 1"] {
            assert!(met.iter().any(|path| path == expected), "{expected} in {met:?}");
        }
        assert!(!met.iter().any(|path| path.starts_with("245$") || path.starts_with("650$a")), "{met:?}");
    }
}
