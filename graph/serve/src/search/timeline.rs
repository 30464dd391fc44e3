//! Items by year, decade or century, as bars that lead on.

use super::wish::{View, Wish};
use crate::language::Language;
use graph_index::items::Scale;

/// More bars than that are no picture.
const BARS: i32 = 64;
/// The size of the picture: of a bar, and of the highest.
const WIDTH: usize = 24;
const HEIGHT: u32 = 180;

/// Bars in a row.
pub(super) struct Timeline {
    pub(super) bars: Vec<Bar>,
    /// The width of the picture.
    pub(super) width: usize,
    /// What the first and the last bar stand for.
    pub(super) ends: Vec<String>,
    /// How many items have no year.
    pub(super) undated: u64,
}

/// The items of some years.
pub(super) struct Bar {
    pub(super) label: String,
    pub(super) count: u64,
    pub(super) href: String,
    pub(super) x: usize,
    pub(super) y: u32,
    pub(super) height: u32,
}

/// The finest scale whose bars fit, drawn.
pub(super) fn timeline(scales: &[Scale], undated: u64, wish: &Wish, language: Language) -> Timeline {
    let fits = |scale: &&Scale| match (scale.counts.first(), scale.counts.last()) {
        (Some((first, _)), Some((last, _))) => (last - first) / scale.step < BARS,
        _ => true,
    };
    let Some(scale) = scales.iter().find(fits).or_else(|| scales.last()) else {
        return Timeline { bars: Vec::new(), width: WIDTH, ends: Vec::new(), undated };
    };
    let most = scale.counts.iter().map(|(_, count)| *count).max().unwrap_or(1).max(1);
    let first = scale.counts.first().map_or(0, |(year, _)| *year);
    let place = |year: i32| usize::try_from((year - first) / scale.step).unwrap_or_default();
    let last = scale.counts.last().map_or(0, |(year, _)| place(*year));
    let bar = |(year, count): &(i32, u32)| {
        let (from, to) = (*year, year.saturating_add(scale.step - 1));
        let narrowed = wish.with(|wish| {
            wish.from = Some(wish.from.map_or(from, |own| own.max(from)));
            wish.to = Some(wish.to.map_or(to, |own| own.min(to)));
            // There is nothing finer than a year.
            wish.view = if scale.step == 1 { View::List } else { View::Timeline };
        });
        let height = (u64::from(*count) * u64::from(HEIGHT)).div_ceil(u64::from(most));
        let height = u32::try_from(height).unwrap_or(HEIGHT).max(2);
        let label = label(from, scale.step, language);
        Bar {
            label,
            count: u64::from(*count),
            href: narrowed.path(&[]),
            x: place(from) * WIDTH,
            y: HEIGHT - height,
            height,
        }
    };
    let bars: Vec<Bar> = scale.counts.iter().map(bar).collect();
    let mut ends: Vec<String> =
        bars.first().iter().chain(&bars.last()).map(|bar| bar.label.clone()).collect();
    ends.dedup();
    Timeline { bars, width: (last + 1) * WIDTH, ends, undated }
}

/// Some years as people call them.
fn label(year: i32, step: i32, language: Language) -> String {
    match (year, step) {
        (0.., 1) => year.to_string(),
        (0.., 10) => language.phrase("date.tens", &year.to_string()),
        (0.., 100) => language.phrase("date.hundreds", &year.to_string()),
        (0.., _) => format!("{year}–{}", year + step - 1),
        // A year 0 is the year 1 before our era.
        (_, 1) => language.phrase("date.bc", &(1 - year).to_string()),
        _ => language.phrase("date.bc", &format!("{}–{}", 1 - year, 1 - (year + step - 1))),
    }
}
