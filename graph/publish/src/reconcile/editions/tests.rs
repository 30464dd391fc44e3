//! Libraries that hold the same editions, from their records to one work.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::super::{LINKS, Reconciled, reconcile};
use crate::home::Home;
use crate::load::{Coverage, Loader, Run};
use graph_model::{Agent, AgentKind, Description, Document};
use graph_reconcile::decisions::{DecisionFile, Pair, What};
use graph_store::WorkingStore;
use graph_store::rdf::{NamedNode, Quad};
use std::collections::BTreeSet;
use tempfile::TempDir;
use vocabularies::{bf, dc, dcterms, edm, skos};

const BASE: &str = "https://data.example.org";

/// A record: its number, title, maker, year, language, ISBN, and the title of the work when it names one.
type Record<'r> = (&'r str, &'r str, &'r str, &'r str, &'r str, &'r str, &'r str);

const CITY: &[Record<'static>] = &[
    (
        "1",
        "Tuntematon sotilas : romaani",
        "Linna, Väinö",
        "1954",
        "fi",
        "9789510430477",
        "Tuntematon sotilas",
    ),
    ("2", "Seitsemän veljestä", "Kivi, Aleksis", "1873", "fi", "", ""),
    ("3", "Kotona", "Canth, Minna", "1885", "fi", "9789522345678", ""),
];
const UNIVERSITY: &[Record<'static>] = &[
    ("a", "Tuntematon sotilas", "Linna, V.", "1954", "fi", "9789510430477", ""),
    ("b", "Seitsemän veljestä : kertomus", "Aleksis Kivi", "1873", "fi", "", ""),
    ("c", "Hemma", "Canth, Minna", "1885", "sv", "9789522345678", ""),
    ("d", "Seitsemän veljestä", "Kivi, Aleksis", "1884", "fi", "", ""),
    // The same library has a second record of the same edition.
    ("e", "Tuntematon sotilas", "Linna, Väinö", "1954", "fi", "9789510430477", ""),
];

struct Libraries {
    home: TempDir,
    store: WorkingStore,
}

impl Libraries {
    fn new(libraries: &[(&str, &[Record<'_>])]) -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut text = format!("base = \"{BASE}\"\n");
        for (id, _) in libraries {
            text.push_str(&format!("[[dataset]]\nid = \"{id}\"\n"));
        }
        std::fs::write(home.path().join("aarre.toml"), text).unwrap();
        let store = WorkingStore::open(&home.path().join("store")).unwrap();
        let place = Self { home, store };
        libraries.iter().for_each(|(id, records)| place.load(id, records));
        place
    }

    fn load(&self, dataset: &str, records: &[Record<'_>]) {
        let home = Home::open(self.home.path()).unwrap();
        let (base, id) = (&home.config.base, &home.dataset(dataset).unwrap().id);
        let mut loader = Loader::begin(&self.store, base, id, &Run::now(id), 0).unwrap();
        for (local, title, name, year, language, isbn, work) in records {
            let mut document = Document::default();
            let mut out = Description::new(base, id, local, &mut document);
            let item = out.item();
            out.a(item, edm::PROVIDED_CHO);
            out.a(item, bf::INSTANCE);
            out.text(item, dc::TITLE, title, Some(language));
            out.text(item, dc::LANGUAGE, language, None);
            out.text(item, dcterms::EXTENT, "336 s.", None);
            let agent = Agent { kind: AgentKind::Person, name, ..Agent::default() };
            let agent = out.agent(&agent).unwrap();
            out.link(item, dc::CREATOR, agent);
            let time = out.shared("time", year);
            out.link(item, dcterms::ISSUED, time);
            if !isbn.is_empty() {
                out.text(item, dc::IDENTIFIER, &format!("urn:isbn:{isbn}"), None);
            }
            if !work.is_empty() {
                let work = out.shared("work", &graph_model::content_key(&[name, work]));
                out.a(work, bf::WORK);
                out.link(item, bf::INSTANCE_OF, work);
            }
            loader.accept(&document, "test").unwrap();
        }
        loader.finish(Coverage::Whole).unwrap();
    }

    fn reconcile(&self) -> Reconciled {
        reconcile(&Home::open(self.home.path()).unwrap(), &self.store, &|_, _| {}).unwrap()
    }

    fn decide(&self, what: What) -> u64 {
        let mut file = DecisionFile::open(self.home.path()).unwrap();
        file.decide(what, "Anna", "2026-11-21T10:00:00Z", None).unwrap().id
    }

    fn graph(&self, name: &str) -> BTreeSet<String> {
        let graph = NamedNode::new_unchecked(format!("{BASE}/graph/{name}"));
        let quads: Vec<Quad> = self.store.view().quads_of_graph(graph.as_ref()).map(Result::unwrap).collect();
        quads.iter().map(|quad| format!("{} {} {}", quad.subject, quad.predicate, quad.object)).collect()
    }

    fn says(&self, subject: &str, predicate: &str, object: &str) -> bool {
        self.graph(LINKS).contains(&format!("<{subject}> {predicate} <{object}>"))
    }

    /// Whether two are said to be of one edition.
    fn linked(&self, one: &str, other: &str) -> bool {
        self.says(&item(one), &bf::HAS_EQUIVALENT.to_string(), &item(other))
    }

    fn of_work(&self, item_of: &str, work: &str) -> bool {
        self.says(&item(item_of), &bf::INSTANCE_OF.to_string(), &shared_work(work))
    }
}

fn item(path: &str) -> String {
    format!("{BASE}/id/{path}")
}

fn shared_work(key: &str) -> String {
    let mut iri = format!("{BASE}/id/work/");
    graph_model::encode_segment(key, &mut iri);
    iri
}

#[test]
fn two_libraries_meet_in_one_work_and_keep_their_records() {
    let place = Libraries::new(&[("city", CITY), ("university", UNIVERSITY)]);
    let owners = (place.graph("city"), place.graph("university"));
    let report = place.reconcile();
    for other in ["university/a", "university/e"] {
        assert!(place.linked("city/1", other), "{other}: {:#?}", place.graph(LINKS));
        assert!(place.of_work(other, "linna-väinö-tuntematon-sotilas"), "{other}");
    }
    // Records without a work are led to the one that title and maker name.
    assert!(place.linked("city/2", "university/b"));
    for member in ["city/2", "university/b"] {
        assert!(place.of_work(member, "kivi-aleksis-seitsemän-veljestä"), "{member}");
    }
    assert!(!place.linked("city/2", "university/d"), "another year is another edition");
    assert!(!place.linked("university/a", "university/e"), "a library's own records are its business");
    // One ISBN in two languages: somebody should look.
    assert!(place.says(&item("city/3"), &skos::CLOSE_MATCH.to_string(), &item("university/c")));
    assert_eq!((report.editions, report.editions_to_review, report.works), (3, 1, 2), "{report:?}");
    let links = place.graph(LINKS);
    for said in ["\"both have urn:isbn:9789510430477\"", "\"the language differs\"", "#score> \"0.99\""] {
        assert!(links.iter().any(|quad| quad.contains(said)), "{said}: {links:#?}");
    }
    assert_eq!(owners, (place.graph("city"), place.graph("university")), "owners' graphs stay as they are");
    let again = place.reconcile();
    assert_eq!((again.added, again.removed), (0, 0));
    place.load("university", &[]);
    place.reconcile();
    assert!(!place.graph(LINKS).iter().any(|quad| quad.contains("/id/university/")));
}

#[test]
fn decisions_about_editions_last() {
    let place = Libraries::new(&[("city", CITY), ("university", UNIVERSITY)]);
    let pair = |one: &str, other: &str| Pair::new(item(one), item(other));
    let rejected = place.decide(What::Reject(pair("city/1", "university/a")));
    place.decide(What::Accept(pair("city/3", "university/c")));
    place.decide(What::Accept(pair("city/2", "university/d")));
    let report = place.reconcile();
    assert!(!place.linked("city/1", "university/a") && place.linked("city/1", "university/e"));
    assert!(!place.of_work("university/a", "linna-väinö-tuntematon-sotilas"));
    assert!(place.linked("city/3", "university/c"), "{:#?}", place.graph(LINKS));
    assert!(
        place.linked("city/2", "university/d")
            && place.of_work("university/d", "kivi-aleksis-seitsemän-veljestä")
    );
    assert!(place.graph(LINKS).iter().any(|quad| quad.contains("#decidedBy> \"Anna\"")));
    assert_eq!(report.editions_to_review, 0);
    place.decide(What::Undo { undoes: rejected });
    place.reconcile();
    assert!(place.linked("city/1", "university/a"));
}

#[test]
fn what_is_never_the_same_does_not_meet_through_a_third() {
    let same: &[Record<'static>] = &CITY[..1];
    let place = Libraries::new(&[("city", same), ("parish", same), ("university", same)]);
    assert_eq!(place.reconcile().editions, 2);
    place.decide(What::Never(Pair::new(item("city/1"), item("university/1"))));
    let report = place.reconcile();
    assert!(place.linked("city/1", "parish/1"));
    assert!(!place.linked("parish/1", "university/1"), "{:#?}", place.graph(LINKS));
    assert_eq!(report.editions, 1);
    assert!(place.graph(LINKS).iter().any(|quad| quad.contains("never the same")));
}

#[test]
fn a_title_of_many_editions_stays_within_bounds() {
    let titles: Vec<(String, String)> =
        (0..200).map(|number| (number.to_string(), format!("Vuosikertomus : osasto {number}"))).collect();
    let records: Vec<Record<'_>> = titles
        .iter()
        .map(|(number, title)| (number.as_str(), title.as_str(), "Pankki", "1950", "fi", "", ""))
        .collect();
    let place = Libraries::new(&[("city", &records), ("university", &records)]);
    let report = place.reconcile();
    assert_eq!(report.crowded, 1);
    assert!(report.editions <= 200, "{report:?}");
}
