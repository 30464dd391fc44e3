//! The page of a search.

use super::map::{self, Map};
use super::timeline::{self, Timeline};
use super::wish::{DEEPEST, PAGE, SORTS, View, Wish, degrees, is_centuries, offered};
use super::{Ground, failed, known, sparql, values};
use crate::entity::{Thing, thing};
use crate::pages::{Layout, page};
use crate::parameters::encode;
use crate::problem::Problem;
use crate::value::Words;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use graph_index::items::{Answer, Asked, Counts, FACETS, Hit, Sort};
use graph_store::rdf::Term;

/// How many values a facet shows, and how many after asking for more.
const FEW: usize = 7;
const MANY: usize = 300;

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage {
    at: Layout,
    words: String,
    /// What the search box takes along: all that is chosen.
    kept: Vec<(&'static str, String)>,
    /// What the facets' form takes along: all that it does not hold itself.
    hidden: Vec<(&'static str, String)>,
    total: u64,
    chips: Vec<Chip>,
    clear: String,
    views: Vec<Tab>,
    sorts: Vec<Tab>,
    things: Vec<Found>,
    gallery: bool,
    facets: Vec<FacetView>,
    from: String,
    to: String,
    pager: Pager,
    timeline: Option<Timeline>,
    map: Option<Map>,
    files: Vec<File>,
    query: String,
    help: Option<Help>,
    /// Whether the page lies farther than pages go.
    deep: bool,
    /// A page behind the last one.
    behind: bool,
}

/// A choice that can be taken back.
struct Chip {
    facet: &'static str,
    text: String,
    lang: Option<String>,
    href: String,
}

/// One of several ways to look at the same.
struct Tab {
    label: &'static str,
    href: String,
    current: bool,
}

/// An item that was found.
struct Found {
    thing: Thing,
    sector: String,
    institution: String,
}

struct FacetView {
    key: &'static str,
    legend: &'static str,
    values: Vec<ValueView>,
    /// Where more values are, and how many there are.
    more: Option<(String, u64)>,
    fewer: Option<String>,
}

struct ValueView {
    text: String,
    name: String,
    lang: Option<String>,
    count: u64,
    checked: bool,
}

#[derive(Default)]
struct Pager {
    previous: Option<String>,
    next: Option<String>,
    page: u64,
    pages: u64,
}

struct File {
    name: &'static str,
    media: &'static str,
    href: String,
}

/// What to do when nothing was found.
struct Help {
    meant: Option<(String, String)>,
    only_words: Option<String>,
}

/// Builds the page.
pub(super) fn answer(ground: &Ground<'_>, wish: &Wish) -> Result<Response, Problem> {
    let mut words = ground.words();
    let deep = wish.is_too_deep();
    let draws = matches!(wish.view, View::Map | View::Timeline);
    let facets = offered(ground.items);
    let counted = facets.iter().map(|facet| (*facet, if wish.more == Some(*facet) { MANY } else { FEW }));
    let asked = Asked {
        facets: counted.collect(),
        scales: wish.view == View::Timeline,
        // A picture is the page; a list below it would be another one.
        count: if draws || deep { 0 } else { wish.size },
        ..wish.asked()
    };
    let found = ground.items.search(&asked, &|| ground.go_on()).map_err(|error| failed(&error))?;
    let drawn = match wish.view {
        View::Map => Some(map::map(ground, wish, &mut words)?.1),
        _ => None,
    };
    let mut things = Vec::with_capacity(found.hits.len());
    for hit in &found.hits {
        things.push(item(ground, hit, &mut words)?);
    }
    let shown = facet_views(ground, wish, &found.facets, &mut words)?;
    let help = if found.total == 0 { Some(help(ground, wish)?) } else { None };
    let timeline = (wish.view == View::Timeline).then(|| {
        let undated = u64::from(found.total.saturating_sub(found.dated));
        timeline::timeline(&found.scales, undated, wish, words.language)
    });
    let heading = match wish.words.as_str() {
        "" => words.language.word("search.all").to_owned(),
        text => words.language.phrase("search.for", text),
    };
    let mut at = Layout::new(ground.app, ground.visit, ground.generation.number, heading);
    at.description = words.language.plural("search.found", u64::from(found.total));
    let view = SearchPage {
        chips: chips(ground, wish, &at, &mut words)?,
        clear: at.href(
            &wish.with(|wish| (wish.chosen, wish.from, wish.to, wish.bounds) = Default::default()).path(&[]),
        ),
        views: tabs(&at, View::ALL, |view| {
            (view_label(view), wish.view == view, wish.with(|wish| wish.view = view))
        }),
        sorts: if draws {
            Vec::new()
        } else {
            let label = |sort| words.language.word(sort_label(sort));
            SORTS
                .iter()
                .map(|(sort, _)| Tab {
                    label: label(*sort),
                    href: at.href(&wish.with(|wish| wish.sort = *sort).path(&[])),
                    current: wish.sort == *sort,
                })
                .collect()
        },
        kept: wish.parameters().into_iter().filter(|(name, _)| *name != "q").collect(),
        hidden: hidden(wish, &shown),
        total: u64::from(found.total),
        gallery: wish.view == View::Gallery,
        facets: shown,
        from: wish.from.map(|year| year.to_string()).unwrap_or_default(),
        to: wish.to.map(|year| year.to_string()).unwrap_or_default(),
        pager: if draws || deep { Pager::default() } else { pager(wish, &found, &at) },
        files: files(wish, &at),
        query: at.href(&format!(
            "/sparql?query={}",
            encode(&sparql::query(
                wish,
                &ground.app.place,
                ground.ranks,
                ground.items.values(known("rights"))
            ))
        )),
        behind: !deep && !draws && found.total > 0 && things.is_empty(),
        words: wish.words.clone(),
        timeline,
        map: drawn,
        things,
        help,
        deep,
        at,
    };
    Ok(page(StatusCode::OK, words.language, &view))
}

fn view_label(view: View) -> &'static str {
    match view {
        View::List => "search.view.list",
        View::Gallery => "search.view.gallery",
        View::Map => "search.view.map",
        View::Timeline => "search.view.timeline",
    }
}

fn sort_label(sort: Sort) -> &'static str {
    match sort {
        Sort::Best => "search.sort.best",
        Sort::Oldest => "search.sort.oldest",
        Sort::Newest => "search.sort.newest",
        Sort::Title => "search.sort.title",
    }
}

fn legend(key: &str) -> &'static str {
    match key {
        "sector" => "search.facet.sector",
        "institution" => "search.facet.institution",
        "type" => "search.facet.type",
        "maker" => "search.facet.maker",
        "subject" => "search.facet.subject",
        "place" => "search.facet.place",
        "century" => "search.facet.century",
        "reuse" => "search.facet.reuse",
        "rights" => "search.facet.rights",
        "picture" => "search.facet.picture",
        "contributor" => "search.facet.contributor",
        "publisher" => "search.facet.publisher",
        "medium" => "search.facet.medium",
        "location" => "search.facet.location",
        "part" => "search.facet.part",
        _ => "search.facet.dataset",
    }
}

fn tabs<T: Copy>(
    at: &Layout,
    all: impl IntoIterator<Item = T>,
    tab: impl Fn(T) -> (&'static str, bool, Wish),
) -> Vec<Tab> {
    let tab = |one| {
        let (label, current, wish) = tab(one);
        Tab { label: at.word(label), href: at.href(&wish.path(&[])), current }
    };
    all.into_iter().map(tab).collect()
}

fn item(ground: &Ground<'_>, hit: &Hit, words: &mut Words<'_>) -> Result<Found, Problem> {
    let Term::NamedNode(node) = ground.ranks.index.terms().term(hit.id) else {
        return Err(Problem::internal(&"an item is no IRI"));
    };
    words.learn(&ground.generation.snapshot, [node.as_str()])?;
    let thing = thing(ground.generation, node.as_str(), "", words)?;
    let mut first = |key: &str| -> Result<String, Problem> {
        let facet = known(key);
        let Some(number) = ground.items.values_of(hit.item, facet).next() else { return Ok(String::new()) };
        let iri = values::iri(&FACETS[facet], number, ground.ranks);
        words.learn(&ground.generation.snapshot, iri.iter().map(String::as_str))?;
        Ok(values::name(&FACETS[facet], number, words, ground.ranks).text)
    };
    let (sector, institution) = (first("sector")?, first("institution")?);
    Ok(Found { thing, sector, institution })
}

fn facet_views(
    ground: &Ground<'_>,
    wish: &Wish,
    counts: &[Counts],
    words: &mut Words<'_>,
) -> Result<Vec<FacetView>, Problem> {
    let place = &ground.app.place;
    let mut views = Vec::new();
    for counts in counts {
        let facet = &FACETS[counts.facet];
        let mut values = counts.values.clone();
        if is_centuries(counts.facet) {
            // Time has an order of its own.
            values.sort_unstable();
        }
        let iris: Vec<String> =
            values.iter().filter_map(|(number, _)| values::iri(facet, *number, ground.ranks)).collect();
        words.learn(&ground.generation.snapshot, iris.iter().map(String::as_str))?;
        let value = |(number, count): &(u32, u32)| {
            let text = values::written(facet, *number, place, ground.ranks)?;
            let name = values::name(facet, *number, words, ground.ranks);
            let checked = wish.has(counts.facet, &text);
            Some(ValueView { text, name: name.text, lang: name.lang, count: u64::from(*count), checked })
        };
        let values: Vec<ValueView> = values.iter().filter_map(value).collect();
        if values.is_empty() {
            continue;
        }
        let suffix = &ground.visit.suffix;
        let link =
            |path: &str| crate::pages::link(place.root(), &format!("{path}#facet-{}", facet.key), suffix);
        let all = wish.more == Some(counts.facet);
        let more = (!all && counts.distinct > FEW)
            .then(|| (link(&wish.path(&[("more", facet.key)])), counts.distinct.min(MANY) as u64));
        views.push(FacetView {
            key: facet.key,
            legend: words.language.word(legend(facet.key)),
            values,
            more,
            fewer: all.then(|| link(&wish.path(&[]))),
        });
    }
    Ok(views)
}

fn chips(ground: &Ground<'_>, wish: &Wish, at: &Layout, words: &mut Words<'_>) -> Result<Vec<Chip>, Problem> {
    let mut chips = Vec::new();
    for (number, chosen) in &wish.chosen {
        let facet = &FACETS[*number];
        for value in chosen {
            let iri = value.number.and_then(|number| values::iri(facet, number, ground.ranks));
            words.learn(&ground.generation.snapshot, iri.iter().map(String::as_str))?;
            let name = match value.number {
                Some(number) => values::name(facet, number, words, ground.ranks),
                None => crate::value::Value { text: value.text.clone(), ..crate::value::Value::default() },
            };
            chips.push(Chip {
                facet: at.word(legend(facet.key)),
                text: name.text,
                lang: name.lang,
                href: at.href(&wish.without(*number, &value.text).path(&[])),
            });
        }
    }
    let plain = |facet, text, other: Wish| Chip { facet, text, lang: None, href: at.href(&other.path(&[])) };
    if wish.years().is_some() {
        let year = |year: Option<i32>| year.map(|year| year.to_string()).unwrap_or_default();
        let text = format!("{}–{}", year(wish.from), year(wish.to));
        chips.push(plain(
            at.word("search.years"),
            text,
            wish.with(|wish| (wish.from, wish.to) = (None, None)),
        ));
    }
    if let Some([south, west, north, east]) = wish.bounds {
        let text = [[south, west], [north, east]]
            .map(|[latitude, longitude]| format!("{}°, {}°", short(latitude), short(longitude)))
            .join(" – ");
        chips.push(plain(at.word("search.area"), text, wish.with(|wish| wish.bounds = None)));
    }
    Ok(chips)
}

/// Degrees with two decimals, for people.
fn short(millionths: i32) -> String {
    degrees((millionths + 5_000 * millionths.signum()) / 10_000 * 10_000)
}

/// What the facets' form cannot show: choices in facets that are not offered, and the rest of the address.
fn hidden(wish: &Wish, shown: &[FacetView]) -> Vec<(&'static str, String)> {
    let has = |name: &str, value: &str| {
        shown.iter().any(|facet| facet.key == name && facet.values.iter().any(|other| other.text == value))
    };
    let kept = |(name, value): &(&str, String)| !matches!(*name, "from" | "to") && !has(name, value);
    wish.parameters().into_iter().filter(kept).collect()
}

fn pager(wish: &Wish, found: &Answer, at: &Layout) -> Pager {
    let last = (found.total as usize).min(DEEPEST).div_ceil(wish.size).max(1);
    let to = |page: usize| at.href(&wish.path(&[("page", &page.to_string())]));
    Pager {
        previous: (wish.page > 1).then(|| to((wish.page - 1).min(last))),
        next: (wish.page < last).then(|| to(wish.page + 1)),
        page: wish.page as u64,
        pages: (found.total as usize).div_ceil(wish.size).max(1) as u64,
    }
}

fn files(wish: &Wish, at: &Layout) -> Vec<File> {
    let page = wish.page.to_string();
    let file = |name, media, id: &'static str| {
        let mut more = vec![("format", id)];
        if wish.page > 1 && id != "csv" {
            more.push(("page", page.as_str()));
        }
        File { name, media, href: at.href(&wish.path(&more)) }
    };
    vec![
        file("CSV", "text/csv", "csv"),
        file("JSON", "application/json", "json"),
        file("JSON-LD", "application/ld+json", "jsonld"),
    ]
}

fn help(ground: &Ground<'_>, wish: &Wish) -> Result<Help, Problem> {
    let link =
        |wish: &Wish| crate::pages::link(ground.app.place.root(), &wish.path(&[]), &ground.visit.suffix);
    let meant = ground.items.meant(&wish.words, &|| ground.go_on()).map_err(|error| failed(&error))?;
    let bare = Wish {
        words: wish.words.clone(),
        chosen: Vec::new(),
        from: None,
        to: None,
        bounds: None,
        sort: Sort::Best,
        view: wish.view,
        page: 1,
        size: PAGE,
        more: None,
    };
    Ok(Help {
        meant: meant.map(|text| {
            let href = link(&wish.with(|wish| wish.words.clone_from(&text)));
            (text, href)
        }),
        only_words: (wish.is_narrowed() && !wish.words.is_empty()).then(|| link(&bare)),
    })
}
