//! What an address of the search page asks for. The address is the whole state: every link on the page is made from it.

use super::values::{self, Value};
use crate::generation::Generation;
use crate::parameters::encode;
use crate::path::Place;
use crate::problem::Problem;
use crate::ranks::Ranks;
use crate::visit::Visit;
use graph_index::items::{Asked, FACETS, Items, Sort, Source, facet};

/// How many items a page has.
pub(super) const PAGE: usize = 24;
/// How many a client may ask for at once.
const LARGEST: usize = 100;
/// How far pages go.
pub(super) const DEEPEST: usize = 10_000;
/// How long words may be, in bytes.
const LONGEST: usize = 1_000;
/// How many values may be chosen.
const CHOSEN: usize = 64;

/// How results are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum View {
    List,
    Gallery,
    Map,
    Timeline,
}

impl View {
    pub(super) const ALL: [Self; 4] = [Self::List, Self::Gallery, Self::Map, Self::Timeline];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Gallery => "gallery",
            Self::Map => "map",
            Self::Timeline => "timeline",
        }
    }
}

/// The orders and their names in addresses.
pub(super) const SORTS: [(Sort, &str); 4] =
    [(Sort::Best, "best"), (Sort::Oldest, "oldest"), (Sort::Newest, "newest"), (Sort::Title, "title")];

/// A search as it was asked for.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    pub(super) words: String,
    /// Facets by their place, and what was chosen in each.
    pub(super) chosen: Vec<(usize, Vec<Value>)>,
    pub(super) from: Option<i32>,
    pub(super) to: Option<i32>,
    /// South, west, north, east in millionths of a degree.
    pub(super) bounds: Option<[i32; 4]>,
    pub(super) sort: Sort,
    pub(super) view: View,
    /// From 1.
    pub(super) page: usize,
    pub(super) size: usize,
    /// The facet of which more values are shown.
    pub(super) more: Option<usize>,
}

impl Wish {
    /// Reads the parameters. What is empty is not there, so that a form may be sent as it is.
    ///
    /// # Errors
    /// 400 for a parameter that says nothing.
    pub(super) fn read(visit: &Visit, place: &Place, generation: &Generation) -> Result<Self, Problem> {
        let given = |name: &str| visit.parameters.get(name).map(str::trim).filter(|value| !value.is_empty());
        let words = given("q").unwrap_or_default().to_owned();
        if words.len() > LONGEST {
            return Err(bad("q", &format!("has at most {LONGEST} bytes")));
        }
        let ranks = Ranks::of(generation);
        let (mut chosen, mut count) = (Vec::new(), 0);
        for (number, facet) in FACETS.iter().enumerate() {
            let mut of_facet: Vec<Value> = Vec::new();
            for text in visit.parameters.all(facet.key).map(str::trim).filter(|text| !text.is_empty()) {
                let value = values::read(facet, text, place, ranks);
                let value = value.ok_or_else(|| bad(facet.key, "has a value that cannot be read"))?;
                if !of_facet.contains(&value) {
                    of_facet.push(value);
                    count += 1;
                }
            }
            if !of_facet.is_empty() {
                chosen.push((number, of_facet));
            }
        }
        if count > CHOSEN {
            return Err(Problem::bad_request(format!("at most {CHOSEN} values are chosen at once")));
        }
        let year =
            |name| given(name).map(|text| year(text).ok_or_else(|| bad(name, "is a year"))).transpose();
        let (from, to) = (year("from")?, year("to")?);
        let bounds = given("bounds")
            .map(|text| bounds(text).ok_or_else(|| bad("bounds", "is west,south,east,north in degrees")));
        let named = |name, known: &[&str]| {
            given(name).map(|text| {
                let place = known.iter().position(|other| *other == text);
                place.ok_or_else(|| bad(name, &format!("is one of {}", known.join(", "))))
            })
        };
        let sort = named("sort", &SORTS.map(|(_, name)| name)).transpose()?;
        let view = named("view", &View::ALL.map(View::name)).transpose()?;
        let more = given("more").map(|key| facet(key).ok_or_else(|| bad("more", "is a facet")));
        let number = |name, least: usize, most: usize, otherwise| match given(name) {
            None => Ok(otherwise),
            Some(text) => match text.parse() {
                Ok(number) if (least..=most).contains(&number) => Ok(number),
                _ => Err(bad(name, &format!("is a whole number from {least} to {most}"))),
            },
        };
        Ok(Self {
            words,
            chosen,
            from,
            to,
            bounds: bounds.transpose()?,
            sort: sort.map_or(Sort::Best, |place| SORTS[place].0),
            view: view.map_or(View::List, |place| View::ALL[place]),
            page: number("page", 1, 1_000_000_000, 1)?,
            size: number("size", 1, LARGEST, PAGE)?,
            more: more.transpose()?,
        })
    }

    /// The years, if any are asked for; open ends reach as far as years go.
    pub(super) fn years(&self) -> Option<[i32; 2]> {
        (self.from.is_some() || self.to.is_some())
            .then(|| [self.from.unwrap_or(i32::MIN), self.to.unwrap_or(i32::MAX)])
    }

    /// The search of it, without what is to be counted.
    pub(super) fn asked(&self) -> Asked<'_> {
        let chosen = |(facet, values): &(usize, Vec<Value>)| {
            // What is no term of this generation has no item, which is something else than no choice.
            (*facet, values.iter().map(|value| value.number.unwrap_or(u32::MAX)).collect())
        };
        Asked {
            text: &self.words,
            chosen: self.chosen.iter().map(chosen).collect(),
            years: self.years(),
            bounds: self.bounds,
            sort: self.sort,
            from: self.start(),
            count: self.size,
            ..Asked::default()
        }
    }

    /// How many items come before those of the page.
    pub(super) fn start(&self) -> usize {
        self.page.saturating_sub(1).saturating_mul(self.size)
    }

    /// Whether the page lies farther than pages go.
    pub(super) fn is_too_deep(&self) -> bool {
        self.start().saturating_add(self.size) > DEEPEST
    }

    /// Whether anything narrows the search besides its words.
    pub(super) fn is_narrowed(&self) -> bool {
        !self.chosen.is_empty() || self.years().is_some() || self.bounds.is_some()
    }

    /// Whether a value is chosen.
    pub(super) fn has(&self, facet: usize, text: &str) -> bool {
        self.chosen
            .iter()
            .any(|(other, values)| *other == facet && values.iter().any(|value| value.text == text))
    }

    /// Names and values, those that say the usual left out; `page` and `more` belong to one look only.
    pub(super) fn parameters(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        if !self.words.is_empty() {
            pairs.push(("q", self.words.clone()));
        }
        for (facet, values) in &self.chosen {
            pairs.extend(values.iter().map(|value| (FACETS[*facet].key, value.text.clone())));
        }
        pairs.extend(self.from.map(|year| ("from", year.to_string())));
        pairs.extend(self.to.map(|year| ("to", year.to_string())));
        pairs.extend(self.bounds.map(|bounds| ("bounds", written(bounds))));
        let sort = SORTS.iter().find(|(sort, _)| *sort == self.sort && self.sort != Sort::Best);
        pairs.extend(sort.map(|(_, name)| ("sort", (*name).to_owned())));
        pairs.extend((self.view != View::List).then(|| ("view", self.view.name().to_owned())));
        pairs.extend((self.size != PAGE).then(|| ("size", self.size.to_string())));
        pairs
    }

    /// The address, with more parameters at its end.
    pub(super) fn path(&self, more: &[(&str, &str)]) -> String {
        let own = self.parameters();
        let pairs = own.iter().map(|(name, value)| (*name, value.as_str())).chain(more.iter().copied());
        let pairs: Vec<String> = pairs.map(|(name, value)| format!("{name}={}", encode(value))).collect();
        if pairs.is_empty() { "/search".to_owned() } else { format!("/search?{}", pairs.join("&")) }
    }

    /// The same with something else.
    pub(super) fn with(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut other = Self { page: 1, more: None, ..self.clone() };
        change(&mut other);
        other
    }

    /// The same without one choice.
    pub(super) fn without(&self, facet: usize, text: &str) -> Self {
        self.with(|wish| {
            for (other, values) in &mut wish.chosen {
                values.retain(|value| *other != facet || value.text != text);
            }
            wish.chosen.retain(|(_, values)| !values.is_empty());
        })
    }
}

/// The facets that pages offer, and how many values each shows at first.
pub(super) fn offered(items: &Items) -> Vec<usize> {
    ["sector", "institution", "type", "maker", "subject", "place", "century", "reuse", "picture"]
        .into_iter()
        .filter_map(facet)
        .filter(|facet| !items.values(*facet).is_empty())
        .collect()
}

fn bad(name: &str, why: &str) -> Problem {
    Problem::bad_request(format!("the parameter '{name}' {why}"))
}

fn year(text: &str) -> Option<i32> {
    text.parse().ok().filter(|year: &i32| year.unsigned_abs() <= 100_000)
}

/// West, south, east, north in degrees, as GeoJSON and OGC write boxes.
fn bounds(text: &str) -> Option<[i32; 4]> {
    let numbers: Vec<f64> =
        text.split(',').map(|number| number.trim().parse().ok()).collect::<Option<_>>()?;
    let &[west, south, east, north] = numbers.as_slice() else { return None };
    let fits = (-90.0..=90.0).contains(&south)
        && (-90.0..=90.0).contains(&north)
        && (-180.0..=180.0).contains(&west)
        && (-180.0..=180.0).contains(&east);
    #[expect(clippy::cast_possible_truncation, reason = "degrees of the earth fit")]
    let millionths = |degrees: f64| (degrees * 1e6).round() as i32;
    (fits && south <= north && west <= east).then(|| [south, west, north, east].map(millionths))
}

/// Bounds as addresses have them.
pub(super) fn written([south, west, north, east]: [i32; 4]) -> String {
    [west, south, east, north].map(degrees).join(",")
}

/// Degrees without needless figures, exactly.
pub(super) fn degrees(millionths: i32) -> String {
    let (sign, size) = (if millionths < 0 { "-" } else { "" }, millionths.unsigned_abs());
    let text = format!("{sign}{}.{:06}", size / 1_000_000, size % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Whether a facet is one of years, which are not looked up by name.
pub(super) fn is_centuries(facet: usize) -> bool {
    FACETS.get(facet).is_some_and(|facet| facet.source == Source::Centuries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_exact_and_within_the_earth() {
        assert_eq!(bounds("24.5,59.9,25,60.25"), Some([59_900_000, 24_500_000, 60_250_000, 25_000_000]));
        assert_eq!(written([59_900_000, 24_500_000, 60_250_000, -1]), "24.5,59.9,-0.000001,60.25");
        for hostile in
            ["", "1,2,3", "a,b,c,d", "NaN,0,1,1", "inf,0,1,1", "0,0,1,91", "5,0,1,1", "1e400,0,1,1"]
        {
            assert_eq!(bounds(hostile), None, "{hostile}");
        }
        assert_eq!(year("-43"), Some(-43));
        assert_eq!(year("99999999999"), None);
    }
}
