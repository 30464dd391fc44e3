//! What the items of an entity have in common: when they were made, with whom and what they are met, where.
//!
//! All of them are counted, by joining sorted numbers; only what is shown is read as text.

use super::map::{Dot, Map};
use crate::generation::Generation;
use crate::language::Language;
use crate::pages::grouped;
use crate::problem::Problem;
use crate::ranks::Ranks;
use crate::value::{Value, Words, decoded};
use graph_index::TermId;
use graph_store::rdf::NamedNodeRef;
use std::collections::{BTreeMap, HashMap};
use vocabularies::{dc, dcterms, skos, wgs84};

/// How many items are looked at; a list that is longer is told by its beginning, and says so.
const ITEMS: usize = 400_000;
/// Fewer items need no overview.
const FEW: usize = 3;
/// How many names a list has, and how many places a map.
const NAMES: usize = 8;
const DOTS: usize = 60;
/// How many decades a timeline has at most; more become centuries.
const DECADES: usize = 40;

/// What the items of an entity have in common.
#[derive(Debug, Default)]
pub(super) struct Overview {
    pub(super) timeline: Option<Timeline>,
    pub(super) beside: Vec<Beside>,
    pub(super) map: Option<Map>,
}

/// The number of items by decade or century.
#[derive(Debug)]
pub(super) struct Timeline {
    pub(super) bars: Vec<Bar>,
    /// The same in words.
    pub(super) words: String,
    pub(super) first: String,
    pub(super) last: String,
}

/// A bar in a drawing 1000 wide and 100 high.
#[derive(Debug)]
pub(super) struct Bar {
    pub(super) x: usize,
    pub(super) y: usize,
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) title: String,
}

/// Those of a kind that the same items name.
#[derive(Debug)]
pub(super) struct Beside {
    pub(super) heading: &'static str,
    pub(super) names: Vec<(Value, String)>,
}

/// Looks at the items, which are sorted.
pub(super) fn overview(
    generation: &Generation,
    iri: &str,
    items: &[u32],
    words: &mut Words<'_>,
) -> Result<Overview, Problem> {
    let mut overview = Overview::default();
    let Some(ranks) = Ranks::of(generation) else { return Ok(overview) };
    let items = &items[..items.len().min(ITEMS)];
    if items.len() < FEW {
        return Ok(overview);
    }
    overview.timeline = timeline(ranks, items, words.language);
    let own = ranks.id(iri).map(|id| id.0);
    let lists: [(&'static str, &[NamedNodeRef<'static>]); 3] = [
        ("agents", &[dc::CREATOR, dc::CONTRIBUTOR]),
        ("concepts", &[dc::SUBJECT]),
        ("places", &[dcterms::SPATIAL]),
    ];
    let mut places = Vec::new();
    for (heading, properties) in lists {
        let mut counts: HashMap<u32, u32> = HashMap::new();
        for property in properties {
            ranks.join(items, *property, |_, object| *counts.entry(object).or_default() += 1);
        }
        counts.retain(|id, _| Some(*id) != own);
        let mut counts: Vec<(u32, u32)> = counts.into_iter().collect();
        counts.sort_unstable_by_key(|(id, count)| (std::cmp::Reverse(*count), *id));
        if heading == "places" {
            places.clone_from(&counts);
        }
        // Names that stand there once say little beside so many.
        let named: Vec<(String, u32)> = counts
            .iter()
            .take(4 * NAMES)
            .map(|(id, count)| (ranks.text(*id), *count))
            .filter(|(iri, _)| words.place.rest(iri).is_some())
            .take(NAMES)
            .collect();
        if named.is_empty() {
            continue;
        }
        words.learn(&generation.snapshot, named.iter().map(|(iri, _)| iri.as_str()))?;
        let names = named.iter().map(|(iri, count)| (words.iri(iri), grouped(u64::from(*count)))).collect();
        overview.beside.push(Beside { heading: words.language.word(heading), names });
    }
    overview.map = map(generation, ranks, &places, words)?;
    Ok(overview)
}

fn timeline(ranks: Ranks<'_>, items: &[u32], language: Language) -> Option<Timeline> {
    let mut years: HashMap<u32, Option<i32>> = HashMap::new();
    let mut of_item: Vec<Option<i32>> = vec![None; items.len()];
    for property in [dcterms::CREATED, dcterms::ISSUED] {
        ranks.join(items, property, |place, time| {
            let year = *years.entry(time).or_insert_with(|| year(&ranks.text(time)));
            let known = &mut of_item[place];
            if known.is_none() {
                *known = year;
            }
        });
    }
    let mut decades: BTreeMap<i32, usize> = BTreeMap::new();
    for year in of_item.into_iter().flatten() {
        *decades.entry(year.div_euclid(10) * 10).or_default() += 1;
    }
    let (first, last) = (*decades.keys().next()?, *decades.keys().next_back()?);
    if decades.len() < 2 {
        return None;
    }
    let span = usize::try_from((last - first) / 10 + 1).unwrap_or(usize::MAX);
    let (step, key) = if span > DECADES { (100, "date.hundreds") } else { (10, "date.tens") };
    let mut counts: BTreeMap<i32, usize> = BTreeMap::new();
    for (decade, count) in decades {
        *counts.entry(decade.div_euclid(step) * step).or_default() += count;
    }
    let first = first.div_euclid(step) * step;
    let slots = usize::try_from((last - first) / step + 1).unwrap_or(1).max(1);
    let most = counts.values().copied().max().unwrap_or(1).max(1);
    let width = (1000 / slots).max(1);
    let name = |year: i32| match year {
        ..0 => language.phrase("date.bc", &year.unsigned_abs().to_string()),
        _ => language.phrase(key, &year.to_string()),
    };
    let bars: Vec<Bar> = counts
        .iter()
        .map(|(year, count)| {
            // What is there is seen, however little it is beside the rest.
            let height = (count * 96 / most).max(3);
            let slot = usize::try_from((year - first) / step).unwrap_or_default();
            Bar {
                x: slot * 1000 / slots,
                y: 100 - height,
                width: (width * 8 / 10).max(1),
                height,
                title: format!("{}: {}", name(*year), language.plural("items", *count as u64)),
            }
        })
        .collect();
    let words = bars.iter().map(|bar| bar.title.as_str()).collect::<Vec<_>>().join(", ");
    Some(Timeline { words, first: name(first), last: name(last.div_euclid(step) * step), bars })
}

/// The first year that an EDTF time speaks of, from the IRI of the time or from a literal.
pub(super) fn year(time: &str) -> Option<i32> {
    let edtf = time.rsplit_once("/id/time/").map_or_else(|| time.to_owned(), |(_, edtf)| decoded(edtf));
    let known = edtf.trim_start_matches("../").trim_start_matches('/').trim_start_matches(['[', '{', 'Y']);
    let (sign, digits) = known.strip_prefix('-').map_or((1, known), |digits| (-1, digits));
    let digits: String = digits
        .chars()
        .take_while(|c| c.is_ascii_digit() || *c == 'X')
        .take(4)
        .collect::<String>()
        .replace('X', "0");
    (digits.len() == 4).then(|| digits.parse::<i32>().ok().map(|year| sign * year)).flatten()
}

/// The places with coordinates of their own, or of the entry of an authority that they are linked with.
fn map(
    generation: &Generation,
    ranks: Ranks<'_>,
    places: &[(u32, u32)],
    words: &mut Words<'_>,
) -> Result<Option<Map>, Problem> {
    let mut found = Vec::new();
    for (id, count) in places.iter().take(4 * DOTS) {
        if let Some((latitude, longitude)) = position(ranks, *id) {
            found.push((ranks.text(*id), *count, latitude, longitude));
        }
        if found.len() == DOTS {
            break;
        }
    }
    words.learn(&generation.snapshot, found.iter().map(|(iri, ..)| iri.as_str()))?;
    let dots = found
        .into_iter()
        .map(|(iri, count, latitude, longitude)| Dot { name: words.iri(&iri), count, latitude, longitude })
        .collect();
    Ok(Map::of(dots))
}

/// Latitude and longitude of a place.
pub(super) fn position(ranks: Ranks<'_>, place: u32) -> Option<(f64, f64)> {
    let own = |id: u32| {
        let number = |property| {
            let first = ranks.objects(TermId(id), property).values.first()?;
            ranks.text(*first).parse::<f64>().ok()
        };
        number(wgs84::LAT)
            .zip(number(wgs84::LONG))
            .filter(|(latitude, longitude)| latitude.abs() <= 90.0 && longitude.abs() <= 180.0)
    };
    own(place).or_else(|| {
        let linked = ranks.objects(TermId(place), skos::EXACT_MATCH);
        linked.values.iter().find_map(|entry| own(*entry))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_year_of_a_time() {
        for (time, expected) in [
            ("https://data.example.org/id/time/1891", Some(1891)),
            ("https://data.example.org/id/time/1890%2F1895", Some(1890)),
            ("https://data.example.org/id/time/18XX", Some(1800)),
            ("https://data.example.org/id/time/189X~", Some(1890)),
            ("1905-04-01", Some(1905)),
            ("../1918", Some(1918)),
            ("-0043", Some(-43)),
            ("spring", None),
            ("", None),
        ] {
            assert_eq!(year(time), expected, "{time}");
        }
    }
}
