//! What the index has to know of one item, gathered from the statements.

use super::Point;
use super::facets::{FACETS, FIRST_CENTURY, PLACES, RIGHTS, Reuse, Source, Step, TIMES, century};
use super::graph::Walk;
use super::letters::{beginning, identifiers};
use crate::{Index, Kind, TermId};
use oxrdf::NamedNodeRef;
use std::collections::{HashMap, HashSet};
use vocabularies::{bf, crm, dc, dcterms, edm, foaf, owl, rdf, rdfs, rico, schema, skos, wgs84};

/// What names a thing.
const LABELS: [NamedNodeRef<'static>; 9] = [
    skos::PREF_LABEL,
    skos::ALT_LABEL,
    skos::HIDDEN_LABEL,
    rdfs::LABEL,
    foaf::NAME,
    schema::NAME,
    schema::ALTERNATE_NAME,
    dc::TITLE,
    dcterms::TITLE,
];
/// The titles of an item.
const TITLES: [NamedNodeRef<'static>; 5] =
    [dc::TITLE, dcterms::TITLE, dcterms::ALTERNATIVE, skos::PREF_LABEL, rico::TITLE];
/// What describes an item in words.
const TEXTS: [NamedNodeRef<'static>; 5] = [
    dc::DESCRIPTION,
    dcterms::ABSTRACT,
    dcterms::TABLE_OF_CONTENTS,
    skos::NOTE,
    bf::RESPONSIBILITY_STATEMENT,
];
/// The things whose names lead to an item.
const NAMED: [NamedNodeRef<'static>; 9] = [
    dc::CREATOR,
    dc::CONTRIBUTOR,
    dc::PUBLISHER,
    dc::SUBJECT,
    dc::TYPE,
    dcterms::SPATIAL,
    dcterms::MEDIUM,
    edm::CURRENT_LOCATION,
    bf::INSTANCE_OF,
];
/// Where identifiers stand.
const IDENTIFIERS: [&[Step]; 4] = [
    &[Step::Along(dc::IDENTIFIER)],
    &[Step::Along(rico::IDENTIFIER)],
    &[Step::Along(bf::IDENTIFIED_BY), Step::Along(rdf::VALUE)],
    &[Step::Along(crm::P1_IS_IDENTIFIED_BY), Step::Along(crm::P190_HAS_SYMBOLIC_CONTENT)],
];
/// The names of so many entities are remembered: a place or a subject stands in thousands of items.
const REMEMBERED: usize = 1 << 16;
/// Longer texts are cut; the words of a whole book are no description.
const LONGEST: usize = 64 << 10;

/// One item, before it is written.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// Lines.
    pub(super) titles: String,
    pub(super) names: String,
    pub(super) texts: String,
    pub(super) identifiers: Vec<String>,
    /// The literals that are titles.
    pub(super) title_ids: Vec<u32>,
    /// By facet.
    pub(super) values: Vec<Vec<u32>>,
    /// First and last year, apart from each other and in order.
    pub(super) spans: Vec<[i32; 2]>,
    /// Latitude and longitude in millionths of a degree, and the place that lies there.
    pub(super) points: Vec<Point>,
}

/// Gathers one item after another.
pub(super) struct Gather<'i> {
    walk: Walk<'i>,
    names: HashMap<u32, Box<str>>,
    found: Vec<u32>,
    seen: HashSet<u32>,
}

impl<'i> Gather<'i> {
    pub(super) fn new(index: &'i Index) -> Self {
        Self { walk: Walk::new(index), names: HashMap::new(), found: Vec::new(), seen: HashSet::new() }
    }

    /// Replaces a draft by another item.
    pub(super) fn item(&mut self, item: u32, graphs: &[u32], draft: &mut Draft) {
        draft.titles.clear();
        draft.names.clear();
        draft.texts.clear();
        draft.identifiers.clear();
        draft.title_ids.clear();
        draft.spans.clear();
        draft.points.clear();
        draft.values.resize(FACETS.len(), Vec::new());
        draft.values.iter_mut().for_each(Vec::clear);
        self.spans(item, draft);
        self.points(item, draft);
        for (place, facet) in FACETS.iter().enumerate() {
            let mut values = std::mem::take(&mut draft.values[place]);
            self.values(item, facet.source, graphs, &draft.spans, &mut values);
            values.sort_unstable();
            values.dedup();
            draft.values[place] = values;
        }
        self.words(item, draft);
    }

    fn words(&mut self, item: u32, draft: &mut Draft) {
        let terms = self.walk.index.terms();
        let text = |id: u32, out: &mut String| line(terms, id, out);
        self.seen.clear();
        for property in TITLES {
            let (titles, ids, seen) = (&mut draft.titles, &mut draft.title_ids, &mut self.seen);
            self.walk.objects(item, property, |id| {
                if terms.kind(TermId(id)).is_literal() && seen.insert(id) {
                    ids.push(id);
                    text(id, titles);
                }
            });
        }
        for property in TEXTS {
            let (texts, seen) = (&mut draft.texts, &mut self.seen);
            self.walk.objects(item, property, |id| {
                if terms.kind(TermId(id)).is_literal() && seen.insert(id) {
                    text(id, texts);
                }
            });
        }
        for property in NAMED {
            let mut found = std::mem::take(&mut self.found);
            found.clear();
            self.walk.objects(item, property, |id| found.push(id));
            for id in &found {
                if self.seen.insert(*id) {
                    self.name(*id, &mut draft.names);
                }
            }
            self.found = found;
        }
        for path in IDENTIFIERS {
            let mut found = std::mem::take(&mut self.found);
            found.clear();
            self.walk.follow(item, path, &mut found);
            for id in found.iter().filter(|id| terms.kind(TermId(**id)).is_literal()) {
                terms.with_text(TermId(*id), |text, _, _| draft.identifiers.extend(identifiers(text)));
            }
            self.found = found;
        }
        // Its address finds it as well, and the last part of that, which is often what the owner calls it.
        terms.with_text(TermId(item), |iri, _, _| {
            draft.identifiers.extend(identifiers(iri));
            draft.identifiers.extend(identifiers(iri.rsplit('/').next().unwrap_or_default()));
        });
        draft.identifiers.sort_unstable();
        draft.identifiers.dedup();
    }

    /// Adds all that an entity is called, by itself and by what it is the same as.
    fn name(&mut self, entity: u32, out: &mut String) {
        let terms = self.walk.index.terms();
        if terms.kind(TermId(entity)).is_literal() {
            line(terms, entity, out);
            return;
        }
        let entity = self.walk.surviving(entity);
        if let Some(names) = self.names.get(&entity) {
            out.push_str(names);
            return;
        }
        let mut names = String::new();
        let mut literals = Vec::new();
        let mut same = vec![entity];
        for property in [skos::EXACT_MATCH, owl::SAME_AS] {
            self.walk.objects(entity, property, |other| same.push(other));
        }
        for other in same {
            for property in LABELS {
                self.walk.objects(other, property, |id| literals.push(id));
            }
        }
        // One name in several languages stands there once for each; its words are needed once.
        let mut spelled = HashSet::new();
        for id in literals {
            terms.with_text(TermId(id), |text, kind, _| {
                if kind.is_literal() && spelled.insert(text.to_owned()) {
                    push_line(text, &mut names);
                }
            });
        }
        out.push_str(&names);
        if self.names.len() >= REMEMBERED {
            self.names.clear();
        }
        self.names.insert(entity, names.into());
    }

    fn values(&mut self, item: u32, source: Source, graphs: &[u32], spans: &[[i32; 2]], out: &mut Vec<u32>) {
        match source {
            Source::Paths(paths) => {
                paths.iter().for_each(|path| self.walk.follow(item, path, out));
                out.iter_mut().for_each(|value| *value = self.walk.surviving(*value));
            }
            Source::There(paths) => {
                paths.iter().for_each(|path| self.walk.follow(item, path, out));
                let there = !out.is_empty();
                out.clear();
                out.extend(there.then_some(1));
            }
            Source::Graphs => out.extend(graphs.iter().filter(|graph| **graph != crate::Graphs::DEFAULT)),
            Source::Centuries => {
                for [first, last] in spans {
                    out.extend(century(*first)..=century(*last));
                }
            }
            Source::Reuse => {
                RIGHTS.iter().for_each(|path| self.walk.follow(item, path, out));
                let terms = self.walk.index.terms();
                for value in out.iter_mut() {
                    *value = terms.with_text(TermId(*value), |iri, _, _| Reuse::of(iri)) as u32;
                }
                if out.is_empty() {
                    out.push(Reuse::Unstated as u32);
                }
            }
        }
    }

    /// The years of an item. A span that is open at one end is as long as the year that is known.
    fn spans(&mut self, item: u32, draft: &mut Draft) {
        let terms = self.walk.index.terms();
        let mut times = Vec::new();
        for property in TIMES {
            self.walk.objects(item, property, |time| times.push(time));
        }
        for time in times {
            let mut ends = [None, None];
            for (end, property) in ends.iter_mut().zip([edm::BEGIN, edm::END]) {
                self.walk.objects(time, property, |id| {
                    let year = terms.with_text(TermId(id), |text, kind, _| year(text, kind));
                    *end = end.or(year);
                });
            }
            let (first, last) = (ends[0].or(ends[1]), ends[1].or(ends[0]));
            if let (Some(first), Some(last)) = (first, last) {
                draft.spans.push([first.min(last), first.max(last)]);
            }
        }
        draft.spans.sort_unstable();
        draft.spans.dedup_by(|later, earlier| {
            let meets = later[0] <= earlier[1];
            if meets {
                earlier[1] = earlier[1].max(later[1]);
            }
            meets
        });
    }

    fn points(&mut self, item: u32, draft: &mut Draft) {
        let mut places = Vec::new();
        for property in PLACES {
            self.walk.objects(item, property, |place| places.push(place));
        }
        for place in places {
            let stays = self.walk.surviving(place);
            let mut same = vec![place];
            same.extend((stays != place).then_some(stays));
            for place in same {
                self.point(place, stays, draft);
                // What it is the same as in an authority file may know where it is.
                let mut linked = std::mem::take(&mut self.found);
                linked.clear();
                self.walk.objects(place, skos::EXACT_MATCH, |other| linked.push(other));
                for other in &linked {
                    self.point(*other, stays, draft);
                }
                self.found = linked;
            }
        }
        draft.points.sort_unstable();
        draft.points.dedup();
    }

    /// Adds where a thing lies, as where the place does.
    fn point(&mut self, thing: u32, place: u32, draft: &mut Draft) {
        let terms = self.walk.index.terms();
        let mut point = [None, None];
        for (degrees, property) in point.iter_mut().zip([wgs84::LAT, wgs84::LONG]) {
            self.walk.objects(thing, property, |id| {
                let number = terms.with_text(TermId(id), |text, _, _| text.trim().parse::<f64>().ok());
                *degrees = degrees.or(number);
            });
        }
        let [Some(latitude), Some(longitude)] = point else { return };
        if !(-90.0..=90.0).contains(&latitude) || !(-180.0..=180.0).contains(&longitude) {
            return;
        }
        let [latitude, longitude] = [millionths(latitude), millionths(longitude)];
        draft.points.push(Point { latitude, longitude, place });
    }
}

/// Millionths of a degree, which are a tenth of a metre.
#[expect(clippy::cast_possible_truncation, reason = "degrees of the earth fit")]
pub(super) fn millionths(degrees: f64) -> i32 {
    (degrees * 1e6).round() as i32
}

fn line(terms: &crate::Terms, id: u32, out: &mut String) {
    terms.with_text(TermId(id), |text, _, _| push_line(text, out));
}

/// Adds a text as a line, cut where it would be too long.
fn push_line(text: &str, out: &mut String) {
    let room = LONGEST.saturating_sub(out.len());
    out.push_str(beginning(text, room));
    out.push('\n');
}

/// The year of a date; years far outside of history are none.
pub(super) fn year(text: &str, kind: Kind) -> Option<i32> {
    let dated = matches!(kind, Kind::Date | Kind::DateTime | Kind::GYear | Kind::GYearMonth);
    let (digits, before) = text.strip_prefix('-').map_or((text, false), |digits| (digits, true));
    let end = digits.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(digits.len());
    let year: i32 = digits[..end].parse().ok()?;
    (dated && year <= FIRST_CENTURY.abs() * 100).then_some(if before { -year } else { year })
}
