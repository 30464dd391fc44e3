//! Where geometries lie: which WKT literals can meet a box.
//!
//! Each `geo:wktLiteral` that spargeo can read has a box of longitude and latitude; the boxes are the leaves of a tree
//! whose nodes hold sixteen boxes each, sorted along a curve that keeps neighbours together (Hilbert's). The tree is two
//! arrays, written once and mapped, so that nothing is built when an index is opened. What has no box within the earth's
//! degrees (broken, empty, in another reference system) stands in a list of its own, and has always to be looked at.
//!
//! Pairs of `wgs84:lat` and `wgs84:long` are not here: as numbers they are ranges of ids already.

mod curve;

use crate::build::Sorter;
use crate::error::IndexError;
use crate::map::{Column, Folder};
use crate::output::Output;
use crate::terms::{TermId, Terms};
use curve::along;
use oxrdf::{Literal, NamedNodeRef, Term};
use spargeo::GEOSPARQL_EXTENSION_FUNCTIONS;
use std::ops::Range;
use std::path::Path;
use vocabularies::geo;

/// The boxes, four f64 each: those of the literals, then level by level those of sixteen below.
pub(crate) const BOXES: &str = "places.boxes";
/// The ids of the literals, in the order of their boxes: u32.
pub(crate) const IDS: &str = "places.ids";
/// The ids of those without a box: u32.
pub(crate) const ODD: &str = "places.odd";

/// How many boxes a node has.
const NODE: usize = 16;

/// Degrees: the least longitude and latitude, then the greatest.
pub type Bounds = [f64; 4];

type Function = fn(&[Term]) -> Option<Term>;

/// The box of a geometry, as spargeo reads it; `None` for none.
#[must_use]
pub fn bounds(geometry: &Term) -> Option<Bounds> {
    let name = "/envelope";
    let envelope: Function =
        GEOSPARQL_EXTENSION_FUNCTIONS.into_iter().find(|(iri, _)| iri.as_str().ends_with(name))?.1;
    let Term::Literal(polygon) = envelope(std::slice::from_ref(geometry))? else { return None };
    let (_, numbers) = polygon.value().split_once('(')?;
    let mut numbers = numbers
        .split(|c: char| !matches!(c, '0'..='9' | '-' | '+' | '.' | 'e' | 'E'))
        .filter(|number| !number.is_empty())
        .map(str::parse::<f64>);
    let mut bounds = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
    while let (Some(x), Some(y)) = (numbers.next(), numbers.next()) {
        let (x, y) = (x.ok()?, y.ok()?);
        bounds = [bounds[0].min(x), bounds[1].min(y), bounds[2].max(x), bounds[3].max(y)];
    }
    bounds.iter().all(|number| number.is_finite()).then_some(bounds)
}

fn term(terms: &Terms, id: u32) -> Term {
    terms.term(TermId(id))
}

/// The box of a literal, if it is on the earth, and is of a point only if the literal is one.
fn placed(term: &Term) -> Option<Bounds> {
    let bounds = bounds(term)?;
    let earth = bounds[0] >= -180.0 && bounds[1] >= -90.0 && bounds[2] <= 180.0 && bounds[3] <= 90.0;
    let honest = !is_point(&bounds) || matches!(term, Term::Literal(literal) if is_wkt_point(literal));
    (earth && honest).then_some(bounds)
}

fn is_point(bounds: &Bounds) -> bool {
    bounds[..2] == bounds[2..]
}

fn is_wkt_point(literal: &Literal) -> bool {
    let text = literal.value().trim_start();
    let text = text.rsplit_once('>').map_or(text, |(_, text)| text.trim_start());
    text.get(..5).is_some_and(|name| name.eq_ignore_ascii_case("point"))
}

/// Reads the dictionary of a folder and writes the tree.
pub(crate) fn write(terms: &Terms, folder: &Path, scratch: &Path, memory: usize) -> Result<(), IndexError> {
    let mut sorter = Sorter::new(scratch, "places", memory);
    let mut odd = Output::create(folder, ODD)?;
    for id in terms.of_datatype(wkt()) {
        match placed(&term(terms, id)) {
            Some(bounds) => sorter.push(u128::from(along(&bounds)) << 32 | u128::from(id))?,
            None => odd.u32(id)?,
        }
    }
    odd.finish()?;
    let mut sorted = sorter.finish()?;
    let mut boxes = Output::create(folder, BOXES)?;
    let mut ids = Output::create(folder, IDS)?;
    let mut level: Vec<Bounds> = Vec::new();
    let mut node = Vec::with_capacity(NODE);
    while let Some(entry) = sorted.pull()? {
        let id = entry as u32;
        let Some(bounds) = placed(&term(terms, id)) else { continue };
        ids.u32(id)?;
        write_box(&mut boxes, &bounds)?;
        node.push(bounds);
        if node.len() == NODE {
            level.push(around(&node));
            node.clear();
        }
    }
    if !node.is_empty() {
        level.push(around(&node));
    }
    ids.finish()?;
    while !level.is_empty() {
        for bounds in &level {
            write_box(&mut boxes, bounds)?;
        }
        level = if level.len() > 1 { level.chunks(NODE).map(around).collect() } else { Vec::new() };
    }
    boxes.finish()
}

fn wkt() -> NamedNodeRef<'static> {
    geo::WKT_LITERAL
}

fn write_box(out: &mut Output, bounds: &Bounds) -> Result<(), IndexError> {
    bounds.iter().try_for_each(|number| out.write(&number.to_le_bytes()))
}

fn around(boxes: &[Bounds]) -> Bounds {
    let start = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
    boxes.iter().fold(start, |a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])])
}

fn meet(a: &Bounds, b: &Bounds) -> bool {
    a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3]
}

/// Where the geometries of an index lie.
#[derive(Debug, Clone)]
pub struct Places {
    boxes: Column<f64>,
    ids: Column<u32>,
    odd: Column<u32>,
    literals: Range<u32>,
}

impl Places {
    pub(crate) fn open(folder: &Folder, terms: &Terms) -> Result<Self, IndexError> {
        let (boxes, ids) = (folder.column::<f64>(BOXES)?, folder.column::<u32>(IDS)?);
        let expected: usize = levels(ids.len()).map(|level| level.len() * 4).sum();
        if boxes.len() != expected {
            let reason = format!("{} numbers where {expected} are expected", boxes.len());
            return Err(IndexError::damaged(&folder.path(BOXES), reason));
        }
        Ok(Self { boxes, ids, odd: folder.column(ODD)?, literals: terms.of_datatype(wkt()) })
    }

    /// The ids of all WKT literals.
    #[must_use]
    pub fn literals(&self) -> Range<u32> {
        self.literals.clone()
    }

    /// Those without a box.
    #[must_use]
    pub fn odd(&self) -> &[u32] {
        &self.odd
    }

    /// Those that are one point, in no order.
    pub fn points(&self) -> impl Iterator<Item = u32> + '_ {
        let boxes = self.boxes.chunks_exact(4);
        self.ids.iter().zip(boxes).filter(|(_, bounds)| bounds[..2] == bounds[2..]).map(|(id, _)| *id)
    }

    /// Those whose box meets another, in no order.
    #[must_use]
    pub fn meeting(&self, bounds: &Bounds) -> Vec<u32> {
        let levels: Vec<Range<usize>> = levels(self.ids.len()).collect();
        let mut found = Vec::new();
        let Some(top) = levels.len().checked_sub(1) else { return found };
        let mut open: Vec<(usize, usize)> = (0..levels[top].len()).map(|at| (top, at)).collect();
        while let Some((level, at)) = open.pop() {
            let place = (levels[level].start + at) * 4;
            let Some(&[a, b, c, d]) = self.boxes.get(place..place + 4) else { continue };
            if !meet(&[a, b, c, d], bounds) {
                continue;
            }
            if level == 0 {
                found.extend(self.ids.get(at));
            } else {
                let below = at * NODE..((at + 1) * NODE).min(levels[level - 1].len());
                open.extend(below.map(|at| (level - 1, at)));
            }
        }
        found
    }
}

/// Where the boxes of each level are, from the leaves up to the one at the top.
fn levels(leaves: usize) -> impl Iterator<Item = Range<usize>> {
    let mut next = (leaves > 0).then_some(0..leaves);
    std::iter::from_fn(move || {
        let level = next.take()?;
        // The leaves are always below a node, even a single one.
        next =
            (level.len() > 1 || level.start == 0).then(|| level.end..level.end + level.len().div_ceil(NODE));
        Some(level)
    })
}

#[cfg(test)]
mod tests;
