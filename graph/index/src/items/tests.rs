//! A search finds what reading every item would, and counts what a click would give.
#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::Builder;
use oxrdf::{GraphName, Literal, NamedNode, NamedNodeRef, Quad, Term};
use std::collections::{BTreeMap, BTreeSet};
use tempfile::TempDir;
use vocabularies::{aarre, dc, dcterms, edm, rdf, skos, wgs84, xsd};

const FREE: &str = "http://creativecommons.org/publicdomain/mark/1.0/";
const IN_COPYRIGHT: &str = "http://rightsstatements.org/vocab/InC/1.0/";

struct Graph(Builder);

fn node(name: &str) -> NamedNode {
    NamedNode::new(if name.contains(':') { name.to_owned() } else { format!("http://x/id/{name}") }).unwrap()
}

fn said(text: &str) -> Literal {
    match text.split_once('@') {
        Some((text, language)) => Literal::new_language_tagged_literal(text, language).unwrap(),
        None => Literal::new_simple_literal(text),
    }
}

impl Graph {
    fn say(&mut self, subject: &str, property: NamedNodeRef<'_>, object: impl Into<Term>) {
        let graph = GraphName::NamedNode(node("http://x/graph/all"));
        self.0.add(Quad::new(node(subject), property.into_owned(), object, graph).as_ref()).unwrap();
    }

    fn item(&mut self, name: &str, titles: &[&str]) {
        self.say(name, rdf::TYPE, edm::PROVIDED_CHO.into_owned());
        titles.iter().for_each(|title| self.say(name, dc::TITLE, said(title)));
        let aggregation = format!("{name}#aggregation");
        self.say(&aggregation, edm::AGGREGATED_CHO, node(name));
    }

    fn links(&mut self, subject: &str, property: NamedNodeRef<'_>, objects: &[&str]) {
        objects.iter().for_each(|object| self.say(subject, property, node(object)));
    }

    fn names(&mut self, subject: &str, names: &[&str]) {
        names.iter().for_each(|name| self.say(subject, skos::PREF_LABEL, said(name)));
    }

    fn time(&mut self, name: &str, years: [i32; 2]) {
        for (property, year) in [edm::BEGIN, edm::END].into_iter().zip(years) {
            self.say(name, property, Literal::new_typed_literal(format!("{year:04}"), xsd::G_YEAR));
        }
    }

    fn point(&mut self, name: &str, degrees: [&str; 2]) {
        for (property, number) in [wgs84::LAT, wgs84::LONG].into_iter().zip(degrees) {
            self.say(name, property, Literal::new_typed_literal(number, xsd::DECIMAL));
        }
    }
}

fn made(fill: impl FnOnce(&mut Graph)) -> (TempDir, Index, Items) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("index");
    let mut graph = Graph(Builder::with_memory(&path, 1 << 20).unwrap());
    fill(&mut graph);
    graph.0.finish().unwrap();
    let index = Index::open(&path).unwrap();
    // So little memory that rows are sorted on the disk.
    with_memory(&index, &folder.path().join("search"), 4 << 10).unwrap();
    let items = Items::open(&folder.path().join("search"), &index).unwrap();
    items.verify().unwrap();
    (folder, index, items)
}

/// A museum, an archive and a library in small.
fn small() -> (TempDir, Index, Items) {
    made(|graph| {
        graph.item("museum/A-I-223", &["Lemminkäinen's Mother@en", "Lemminkäisen äiti@fi"]);
        graph.say("museum/A-I-223", dc::IDENTIFIER, said("A I 223"));
        graph.links("museum/A-I-223", dc::CREATOR, &["agent/gallen"]);
        graph.links("museum/A-I-223", dc::SUBJECT, &["concept/death"]);
        graph.links("museum/A-I-223", dcterms::CREATED, &["time/1897"]);
        graph.links("museum/A-I-223", dcterms::SPATIAL, &["place/helsinki"]);
        graph.links("museum/A-I-223#aggregation", edm::RIGHTS, &[FREE]);
        graph.links("museum/A-I-223#aggregation", edm::IS_SHOWN_BY, &["http://x/media/1.svg"]);
        graph.links("museum/A-I-223", aarre::SECTOR, &["http://x/museum"]);
        graph.item("library/1", &["Kalevala", "Kalevala, suomalainen kansaneepos@fi"]);
        graph.say("library/1", dc::IDENTIFIER, said("ISBN 0-19-283570-X"));
        graph.say("library/1", dc::DESCRIPTION, said("About death and mothers.@en"));
        graph.links("library/1", dcterms::ISSUED, &["time/1999"]);
        graph.links("library/1#aggregation", edm::RIGHTS, &[IN_COPYRIGHT]);
        graph.links("library/1", aarre::SECTOR, &["http://x/library"]);
        graph.item("library/2", &["Saatio"]);
        graph.item("library/3", &["Säätiö"]);
        graph.item("archive/223", &["Листи до Києва@uk"]);
        graph.links("archive/223", dc::CREATOR, &["agent/galen"]);
        graph.links("archive/223", dcterms::CREATED, &["time/1890-1905"]);
        graph.names("agent/gallen", &["Gallen-Kallela, Akseli"]);
        graph.say("agent/galen", dcterms::IS_REPLACED_BY, node("agent/gallen"));
        graph.names("concept/death", &["death@en"]);
        graph.links("concept/death", skos::EXACT_MATCH, &["http://y/kuolema"]);
        graph.names("http://y/kuolema", &["kuolema@fi", "döden@sv", "смерть@uk"]);
        graph.names("place/helsinki", &["Helsinki@fi"]);
        graph.links("place/helsinki", skos::EXACT_MATCH, &["http://y/helsinki"]);
        graph.point("http://y/helsinki", ["60.17", "24.94"]);
        graph.time("time/1897", [1897, 1897]);
        graph.time("time/1999", [1999, 1999]);
        graph.time("time/1890-1905", [1890, 1905]);
    })
}

fn iris(index: &Index, items: &Items, asked: &Asked<'_>) -> Vec<String> {
    let answer = items.search(asked, &|| true).unwrap();
    assert!(answer.total as usize >= answer.hits.len());
    let iri = |hit: &Hit| {
        index.terms().with_text(hit.id, |iri, _, _| iri.trim_start_matches("http://x/id/").to_owned())
    };
    answer.hits.iter().map(iri).collect()
}

#[test]
fn words_of_every_language_and_identifiers_find_their_items() {
    let (_folder, index, items) = small();
    for (text, expected) in [
        ("lemminkäisen", &["museum/A-I-223"] as &[&str]),
        ("mother lemm", &["museum/A-I-223"]),
        // An authority entry's name in another language.
        ("döden", &["museum/A-I-223"]),
        ("смерть", &["museum/A-I-223"]),
        // In a name, and in a description, where it weighs less.
        ("death", &["museum/A-I-223", "library/1"]),
        ("kalevala", &["library/1"]),
        // Exactly as written first, and the other way round.
        ("säätiö", &["library/3", "library/2"]),
        ("saatio", &["library/2", "library/3"]),
        ("києва", &["archive/223"]),
        // The merged name leads to what stays.
        ("gallen-kallela", &["archive/223", "museum/A-I-223"]),
        ("\"kansaneepos suomalainen\"", &[]),
        ("\"suomalainen kansaneepos\"", &["library/1"]),
        ("kallela -mother", &["archive/223"]),
        ("kalevla~", &["library/1"]),
        // Identifiers, however they are written.
        ("A-I-223", &["museum/A-I-223"]),
        ("a i 223", &["museum/A-I-223"]),
        ("978-0-19-283570-3", &["library/1"]),
        ("http://x/id/library/2", &["library/2"]),
        ("!?", &[]),
        ("nowhere", &[]),
    ] {
        let asked = Asked { text, count: 10, ..Asked::default() };
        assert_eq!(iris(&index, &items, &asked), expected, "{text}");
    }
    let all = Asked { count: 10, ..Asked::default() };
    let by_title = ["library/1", "museum/A-I-223", "library/2", "library/3", "archive/223"];
    assert_eq!(iris(&index, &items, &all), by_title);
    let oldest = Asked { sort: Sort::Oldest, count: 3, ..Asked::default() };
    assert_eq!(iris(&index, &items, &oldest), ["archive/223", "museum/A-I-223", "library/1"]);
    let newest = Asked { sort: Sort::Newest, count: 2, ..Asked::default() };
    assert_eq!(iris(&index, &items, &newest), ["library/1", "archive/223"]);
    assert_eq!(items.meant("kalewala", &|| true).unwrap().as_deref(), Some("kalevala"));
    assert_eq!(items.meant("kalevala", &|| true).unwrap(), None);
    let late = items.search(&all, &|| false);
    assert!(matches!(late, Err(IndexError::Late)), "{late:?}");
}

#[test]
fn titles_are_suggested_by_their_beginning_then_by_their_words() {
    let (_folder, index, items) = small();
    let titles = |text: &str| -> Vec<String> {
        let found = items.titles(text, 5, &|| true).unwrap();
        let text = |id| index.terms().with_text(id, |text, _, _| text.to_owned());
        found.into_iter().map(|title| text(title.title.unwrap_or(title.id))).collect()
    };
    assert_eq!(titles("k"), ["Kalevala"]);
    assert_eq!(titles("LEMMINKÄI"), ["Lemminkäinen's Mother"]);
    assert_eq!(titles("äiti"), ["http://x/id/museum/A-I-223"]);
    assert_eq!(titles("лис"), ["Листи до Києва"]);
    assert_eq!(titles(""), Vec::<String>::new());
}

#[test]
fn years_the_map_and_rights_are_counted_and_narrow() {
    let (_folder, index, items) = small();
    let grid = Grid { bounds: [60_000_000, 24_000_000, 61_000_000, 26_000_000], rows: 2, columns: 2 };
    let facets = ["century", "reuse", "maker", "picture"].map(|key| (facet(key).unwrap(), 5));
    let asked = Asked { facets: facets.to_vec(), scales: true, grid: Some(grid), ..Asked::default() };
    let answer = items.search(&asked, &|| true).unwrap();
    let century = |year| century(year);
    assert_eq!(answer.facets[0].values, [(century(1800), 2), (century(1900), 2)]);
    assert_eq!(
        answer.facets[1].values,
        [(Reuse::Unstated as u32, 3), (Reuse::Open as u32, 1), (Reuse::Closed as u32, 1)]
    );
    let gallen = index.terms().id(node("agent/gallen").as_ref().into()).unwrap();
    assert_eq!(answer.facets[2].values, [(gallen.0, 2)]);
    assert_eq!(answer.facets[3].values, [(1, 1)]);
    assert_eq!((answer.total, answer.dated, answer.placed), (5, 3, 1));
    let helsinki = index.terms().id(node("place/helsinki").as_ref().into()).unwrap().0;
    let middle = [60_170_000, 24_940_000];
    assert_eq!(answer.cells, [Cell { row: 0, column: 0, count: 1, middle, place: helsinki, places: 1 }]);
    let decades = &answer.scales[1];
    assert_eq!((decades.step, decades.counts.as_slice()), (10, &[(1890, 2), (1900, 1), (1990, 1)][..]));
    let narrowed = Asked { years: Some([1900, 1905]), scales: true, count: 9, ..Asked::default() };
    assert_eq!(iris(&index, &items, &narrowed), ["archive/223"]);
    let answer = items.search(&narrowed, &|| true).unwrap();
    assert_eq!(answer.scales[0].counts.len(), 6, "only the years that were asked for");
    let there = Asked { bounds: Some(grid.bounds_of(0, 0)), count: 9, ..Asked::default() };
    assert_eq!(iris(&index, &items, &there), ["museum/A-I-223"]);
    let elsewhere = Asked { bounds: Some(grid.bounds_of(0, 1)), count: 9, ..Asked::default() };
    assert_eq!(iris(&index, &items, &elsewhere), Vec::<String>::new());
}

#[test]
fn cells_tile_their_grid() {
    let grid = Grid { bounds: [-7, -5, 20, 31], rows: 5, columns: 7 };
    for latitude in -7..=20 {
        for longitude in -5..=31 {
            let place = grid.place(&Point { latitude, longitude, place: 0 }).unwrap() as u32;
            let mut holding = Vec::new();
            for (row, column) in (0..5).flat_map(|row| (0..7).map(move |column| (row, column))) {
                let [south, west, north, east] = grid.bounds_of(row, column);
                if (south..=north).contains(&latitude) && (west..=east).contains(&longitude) {
                    holding.push(row * 7 + column);
                }
            }
            assert_eq!(holding, [place], "{latitude} {longitude}");
        }
    }
}

/// Numbers that look random and are the same at each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }
}

/// An item as the test knows it.
#[derive(Default)]
struct Known {
    words: BTreeSet<&'static str>,
    values: [BTreeSet<String>; 2],
    years: [i32; 2],
}

#[test]
fn every_count_is_what_a_click_would_give() {
    const WORDS: [&str; 6] = ["kirje", "talo", "kartta", "kirkko", "venė", "суд"];
    let mut dice = Dice(11);
    let mut known: Vec<Known> = Vec::new();
    let (_folder, index, items) = made(|graph| {
        for number in 0..400 {
            let name = format!("art/{number:03}");
            let mut item = Known::default();
            let words: Vec<&str> = (0..1 + dice.below(3)).map(|_| WORDS[dice.below(6)]).collect();
            item.words.extend(words.iter().copied());
            graph.item(&name, &[&words.join(" ")]);
            for (place, property) in [dc::CREATOR, dc::SUBJECT].into_iter().enumerate() {
                for _ in 0..dice.below(3) {
                    let value = format!("v/{place}-{}", dice.below(8));
                    graph.links(&name, property, &[&value]);
                    item.values[place].insert(value);
                }
            }
            let first = 1700 + dice.below(300) as i32;
            item.years = [first, first + dice.below(30) as i32];
            graph.links(&name, dcterms::CREATED, &[&format!("time/{number}")]);
            graph.time(&format!("time/{number}"), item.years);
            known.push(item);
        }
    });
    let keys = ["maker", "subject"].map(|key| facet(key).unwrap());
    let id = |value: &str| index.terms().id(node(value).as_ref().into()).unwrap().0;
    let mut several = 0;
    for round in 0..300 {
        let word = WORDS[dice.below(6)];
        let text = if round % 3 == 0 { String::new() } else { format!("{word} ") };
        let chosen: [Vec<String>; 2] = [0, 1].map(|place| {
            (0..dice.below(3))
                .map(|_| format!("v/{place}-{}", dice.below(8)))
                .collect::<BTreeSet<_>>()
                .into_iter()
                .collect()
        });
        let years = (round % 4 == 0).then(|| [1750, 1750 + dice.below(200) as i32]);
        let fits = |item: &Known, but: Option<usize>| {
            (text.is_empty() || item.words.contains(word))
                && years.is_none_or(|[first, last]| item.years[0] <= last && item.years[1] >= first)
                && (0..2).all(|place| {
                    but == Some(place)
                        || chosen[place].is_empty()
                        || chosen[place].iter().any(|value| item.values[place].contains(value))
                })
        };
        let asked = Asked {
            text: &text,
            years,
            chosen: (0..2)
                .filter(|place| !chosen[*place].is_empty())
                .map(|place| (keys[place], chosen[place].iter().map(|value| id(value)).collect()))
                .collect(),
            facets: keys.iter().map(|key| (*key, 100)).collect(),
            count: 1_000,
            ..Asked::default()
        };
        let answer = items.search(&asked, &|| true).unwrap();
        let mut found: Vec<u32> = answer.hits.iter().map(|hit| hit.item).collect();
        found.sort_unstable();
        let expected: Vec<u32> = (0..400).filter(|item| fits(&known[*item as usize], None)).collect();
        assert_eq!(found, expected, "{asked:?}");
        assert_eq!(answer.total as usize, expected.len());
        several += usize::from(expected.len() > 3);
        for (place, chosen) in chosen.iter().enumerate() {
            let mut counts: BTreeMap<u32, u32> = BTreeMap::new();
            for item in known.iter().filter(|item| fits(item, Some(place))) {
                item.values[place].iter().for_each(|value| *counts.entry(id(value)).or_default() += 1);
            }
            let distinct = counts.len();
            for value in chosen {
                counts.entry(id(value)).or_default();
            }
            let told: BTreeMap<u32, u32> = answer.facets[place].values.iter().copied().collect();
            assert_eq!(told, counts, "{asked:?}");
            assert_eq!(answer.facets[place].distinct, distinct);
        }
        // Page by page it is the same.
        let mut paged = Vec::new();
        for from in (0..expected.len()).step_by(7) {
            let page = Asked { from, count: 7, facets: Vec::new(), ..asked.clone() };
            paged.extend(items.search(&page, &|| true).unwrap().hits);
        }
        assert_eq!(paged, answer.hits);
    }
    assert!(several > 100, "{several} of the searches find several");
}

#[test]
fn items_of_another_index_are_refused() {
    let (folder, ..) = small();
    let (_other, index, _) = made(|graph| graph.item("a/1", &["One"]));
    let refused = Items::open(&folder.path().join("search"), &index);
    assert!(matches!(refused, Err(IndexError::Damaged { .. })), "{refused:?}");
    // And a graph without an item is one in which nothing is found.
    let (_none, _, items) = made(|graph| graph.names("agent/1", &["Nobody"]));
    assert!(items.is_empty());
    let asked = Asked { text: "nobody", count: 5, ..Asked::default() };
    assert_eq!(items.search(&asked, &|| true).unwrap().total, 0);
    assert_eq!(items.titles("no", 5, &|| true).unwrap(), []);
}
