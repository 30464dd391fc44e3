//! From records to links to decisions and back: what is loaded, found and decided stays.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::{LINKS, Reconciled, check, reconcile};
use crate::home::{Config, Home};
use crate::load::{Coverage, Loader, Run};
use graph_model::{Agent, AgentKind, Concept, Description, Document};
use graph_reconcile::authority::{About, Builder, Draft};
use graph_reconcile::decisions::{DecisionFile, Pair, What};
use graph_reconcile::{Kind, Label, Years};
use graph_store::WorkingStore;
use graph_store::rdf::Quad;
use std::collections::BTreeSet;
use std::path::Path;
use tempfile::TempDir;
use vocabularies::{dc, dcterms, skos};

const BASE: &str = "https://data.example.org";
const REPIN: &str = "https://names.example.org/repin";
const MUSIC: &str = "https://words.example.org/music";
const ARTS: &str = "https://words.example.org/arts";

struct Place {
    home: TempDir,
    store: WorkingStore,
}

/// A record: its number, its maker with years, and a subject.
type Record<'r> = (&'r str, (&'r str, &'r str, &'r str), &'r str);

const LIBRARY: &[Record<'static>] = &[
    ("1", ("Repin, Ilya", "1844", "1930"), "Music"),
    ("2", ("Shevchenko, Taras", "1814", "1861"), "Unheard-of notion"),
];
const MUSEUM: &[Record<'static>] =
    &[("a", ("Репин, Илья", "1844", "1930"), "musiikki"), ("b", ("Repin, Ilya", "1844", "1930"), "Music")];

impl Place {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let text =
            format!("base = \"{BASE}\"\n[[dataset]]\nid = \"library\"\n[[dataset]]\nid = \"museum\"\n");
        std::fs::write(home.path().join("aarre.toml"), text).unwrap();
        let store = WorkingStore::open(&home.path().join("store")).unwrap();
        let place = Self { home, store };
        place.load("library", LIBRARY);
        place.load("museum", MUSEUM);
        mirrors(&place.home.path().join("authorities"));
        place
    }

    fn home(&self) -> Home {
        Home::open(self.home.path()).unwrap()
    }

    fn load(&self, dataset: &str, records: &[Record<'_>]) {
        let home = self.home();
        let (base, id) = (&home.config.base, &home.dataset(dataset).unwrap().id);
        let mut loader = Loader::begin(&self.store, base, id, &Run::now(id), 0).unwrap();
        for (local, (name, birth, death), subject) in records {
            let mut document = Document::default();
            let mut out = Description::new(base, id, local, &mut document);
            let item = out.item();
            out.a(item, vocabularies::edm::PROVIDED_CHO);
            let (birth, death) = (Some(*birth), Some(*death));
            let agent = Agent { kind: AgentKind::Person, name, birth, death, ..Agent::default() };
            let agent = out.agent(&agent).unwrap();
            out.link(item, dc::CREATOR, agent);
            let concept = out.concept(&Concept { label: subject, ..Concept::default() }).unwrap();
            out.link(item, dc::SUBJECT, concept);
            loader.accept(&document, "test").unwrap();
        }
        loader.finish(Coverage::Whole).unwrap();
    }

    fn reconcile(&self) -> Reconciled {
        reconcile(&self.home(), &self.store, &|_, _| {}).unwrap()
    }

    fn decide(&self, what: What) -> u64 {
        check(&self.home(), &what).unwrap();
        let mut file = DecisionFile::open(self.home.path()).unwrap();
        file.decide(what, "Anna", "2026-11-21T10:00:00Z", Some("seen")).unwrap().id
    }

    fn graph(&self, name: &str) -> BTreeSet<String> {
        let graph = graph_store::rdf::NamedNode::new_unchecked(format!("{BASE}/graph/{name}"));
        let quads: Vec<Quad> = self.store.view().quads_of_graph(graph.as_ref()).map(Result::unwrap).collect();
        quads.iter().map(|quad| format!("{} {} {}", quad.subject, quad.predicate, quad.object)).collect()
    }

    fn says(&self, graph: &str, subject: &str, predicate: &str, object: &str) -> bool {
        self.graph(graph).contains(&format!("<{subject}> {predicate} <{object}>"))
    }
}

fn id(kind: &str, key: &str) -> String {
    let mut iri = format!("{BASE}/id/{kind}/");
    graph_model::encode_segment(key, &mut iri);
    iri
}

fn same() -> String {
    skos::EXACT_MATCH.to_string()
}

fn mirrors(folder: &Path) {
    let about = |name: &str| About {
        name: name.to_owned(),
        title: Some(format!("The {name} of the test")),
        added: "2026-11-01T00:00:00Z".to_owned(),
        ..About::default()
    };
    let person = |iri: &str, names: &[(&'static str, &'static str)], born: i16, died: i16| Draft {
        iri: iri.to_owned(),
        kind: Kind::Person,
        labels: names.iter().map(|(text, tag)| Label::preferred(*text).in_language(*tag)).collect(),
        born: Some(Years::one(born)),
        died: Some(Years::one(died)),
        ..Draft::default()
    };
    let mut names = Builder::new(&folder.join("names")).unwrap();
    names
        .add(&person(
            REPIN,
            &[("Repin, Ilya", "en"), ("Рєпін, Ілля", "uk"), ("Репин, Илья", "ru")],
            1844,
            1930,
        ))
        .unwrap();
    names.add(&person("https://names.example.org/other", &[("Repin, Ilya", "en")], 1901, 1970)).unwrap();
    names.finish(about("names")).unwrap();
    let notion = |iri: &str, names: &[(&'static str, &'static str)], broader: &[&str]| Draft {
        iri: iri.to_owned(),
        kind: Kind::Concept,
        labels: names.iter().map(|(text, tag)| Label::preferred(*text).in_language(*tag)).collect(),
        broader: broader.iter().map(|iri| (*iri).to_owned()).collect(),
        ..Draft::default()
    };
    let mut words = Builder::new(&folder.join("words")).unwrap();
    words
        .add(&notion(
            MUSIC,
            &[("music", "en"), ("musiikki", "fi"), ("musik", "sv"), ("музика", "uk")],
            &[ARTS],
        ))
        .unwrap();
    // A hierarchy that runs in a circle ends all the same.
    words.add(&notion(ARTS, &[("arts", "en"), ("mystery", "sv")], &[MUSIC])).unwrap();
    words.add(&notion("https://words.example.org/unused", &[("unused", "en")], &[])).unwrap();
    words.finish(about("words")).unwrap();
}

#[test]
fn names_in_other_scripts_and_words_in_other_languages_meet() {
    let place = Place::new();
    let owners = (place.graph("library"), place.graph("museum"));
    let report = place.reconcile();
    assert!(
        place.says("links", &id("agent", "repin-ilya-1844-1930"), &same(), REPIN),
        "{:#?}",
        place.graph("links")
    );
    assert!(place.says("links", &id("agent", "репин-илья-1844-1930"), &same(), REPIN));
    for word in ["music", "musiikki"] {
        assert!(place.says("links", &id("concept", word), &same(), MUSIC), "{word}");
    }
    assert_eq!((report.kinds[&Kind::Person].linked, report.kinds[&Kind::Concept].none), (2, 1), "{report:?}");
    // What is linked has its names in every language and what it lies in; what is not linked is not there.
    let words = place.graph("authority/words");
    assert!(words.iter().any(|said| said.contains("\"музика\"@uk")), "{words:#?}");
    assert!(words.iter().any(|said| said.starts_with(&format!("<{ARTS}>")) && said.contains("mystery")));
    assert!(!words.iter().any(|said| said.contains("unused")));
    assert_eq!(owners, (place.graph("library"), place.graph("museum")), "owners' graphs stay as they are");
    // Each link says why, from what and how old that is.
    let links = place.graph("links");
    for said in ["#linkMethod", "#score", "#evidence", "#mirror>", "\"2026-11-01T00:00:00Z\""] {
        assert!(links.iter().any(|quad| quad.contains(said)), "{said}");
    }
}

#[test]
fn the_same_again_changes_nothing_and_what_is_gone_goes() {
    let place = Place::new();
    let first = place.reconcile();
    assert!(first.added > 0 && first.removed == 0);
    let (links, words) = (place.graph("links"), place.graph("authority/words"));
    let again = place.reconcile();
    assert_eq!((again.added, again.removed), (0, 0));
    place.load("museum", MUSEUM);
    assert_eq!((place.graph("links"), place.graph("authority/words")), (links, words));
    std::fs::remove_dir_all(place.home.path().join("authorities/words")).unwrap();
    place.reconcile();
    assert!(place.graph("authority/words").is_empty());
    assert!(!place.says("links", &id("concept", "music"), &same(), MUSIC));
}

#[test]
fn decisions_overrule_and_outlive_reloads() {
    let place = Place::new();
    place.reconcile();
    let (repin, taras) = (id("agent", "repin-ilya-1844-1930"), id("agent", "shevchenko-taras-1814-1861"));
    let other = "https://names.example.org/other";
    let rejected = place.decide(What::Reject(Pair::new(&repin, REPIN)));
    place.decide(What::Accept(Pair::new(&taras, other)));
    for _ in 0..2 {
        place.load("library", LIBRARY);
        place.reconcile();
        assert!(!place.says("links", &repin, &same(), REPIN));
        assert!(place.says("links", &taras, &same(), other));
        let links = place.graph("links");
        assert!(links.iter().any(|quad| quad.contains("#decidedBy> \"Anna\"")), "{links:#?}");
        assert!(place.graph("authority/names").iter().any(|quad| quad.starts_with(&format!("<{other}>"))));
    }
    place.decide(What::Undo { undoes: rejected });
    place.reconcile();
    assert!(place.says("links", &repin, &same(), REPIN));
}

#[test]
fn who_is_merged_leads_to_who_stays_and_lives_again_when_split() {
    let place = Place::new();
    let before = (place.graph("library"), place.graph("museum"));
    let (repin, taras) = (id("agent", "repin-ilya-1844-1930"), id("agent", "shevchenko-taras-1814-1861"));
    let cyrillic = id("agent", "репин-илья-1844-1930");
    place.decide(What::Merge(Pair::new(&repin, &cyrillic)));
    let report = place.reconcile();
    let replaced = dcterms::IS_REPLACED_BY.to_string();
    assert_eq!(report.merged, 1);
    assert!(place.says("links", &cyrillic, &replaced, &repin));
    assert!(place.says("links", &repin, &same(), &cyrillic));
    assert!(place.says("links", &repin, &same(), REPIN), "the one that stays is judged with both names");
    assert!(!place.says("links", &cyrillic, &same(), REPIN));
    // Another merge: both lead straight to who stays.
    place.decide(What::Merge(Pair::new(&taras, &repin)));
    place.reconcile();
    assert!(
        place.says("links", &cyrillic, &replaced, &taras) && place.says("links", &repin, &replaced, &taras)
    );
    assert!(!place.says("links", &cyrillic, &replaced, &repin));
    place.decide(What::Split(Pair::new(&cyrillic, &taras)));
    place.reconcile();
    assert!(!place.graph("links").iter().any(|quad| quad.starts_with(&format!("<{cyrillic}> {replaced}"))));
    assert!(place.says("links", &cyrillic, &same(), REPIN), "it is judged alone again");
    assert_eq!(before, (place.graph("library"), place.graph("museum")));
    let home = place.home();
    for (one, other) in [
        (repin.as_str(), MUSIC),
        (&format!("{BASE}/id/library/1"), &repin),
        (&repin, &id("concept", "music")),
    ] {
        assert!(check(&home, &What::Merge(Pair::new(one, other))).is_err(), "{one} {other}");
    }
}

#[test]
fn never_keeps_two_apart_from_a_third() {
    let place = Place::new();
    let (repin, cyrillic) = (id("agent", "repin-ilya-1844-1930"), id("agent", "репин-илья-1844-1930"));
    place.decide(What::Never(Pair::new(&repin, &cyrillic)));
    place.reconcile();
    let linked = [&repin, &cyrillic].map(|one| place.says("links", one, &same(), REPIN));
    assert_eq!(linked.iter().filter(|linked| **linked).count(), 1, "one of them is linked, the other waits");
    let different = vocabularies::owl::DIFFERENT_FROM.to_string();
    // Of two entities of the graph, the first by IRI comes first.
    assert!(place.says("links", &cyrillic, &different, &repin), "{:#?}", place.graph("links"));
    let (waiting, all) =
        graph_store::proposals(&place.store.view(), &place.home().config.base.graph(LINKS), &["en"], 10)
            .unwrap();
    assert_eq!(waiting.len(), all);
    assert!(
        waiting
            .iter()
            .any(|proposal| proposal.evidence.iter().any(|ground| ground.contains("never the same")))
    );
}

#[test]
fn the_configuration_is_checked() {
    let parse = |text: &str| Config::parse(&format!("base = \"{BASE}\"\n{text}"), Path::new("aarre.toml"));
    let config =
        parse("[reconcile]\nprecision = 0.9\nauthorities = [\"x\"]\n[reconcile.kinds]\nperson = 0.99")
            .unwrap();
    assert_eq!(config.reconcile.kinds[&Kind::Person], 0.99);
    for bad in
        ["precision = 98", "review = -1", "kinds = { person = 0.1 }", "kinds = { peron = 0.9 }", "x = 1"]
    {
        assert!(parse(&format!("[reconcile]\n{bad}")).is_err(), "{bad}");
    }
    let place = Place::new();
    let text = std::fs::read_to_string(place.home.path().join("aarre.toml")).unwrap();
    std::fs::write(
        place.home.path().join("aarre.toml"),
        format!("{text}\n[reconcile]\nauthorities = [\"yso\"]\n"),
    )
    .unwrap();
    let error = reconcile(&place.home(), &place.store, &|_, _| {}).unwrap_err();
    assert!(error.to_string().contains("aarre authority add yso"), "{error}");
    std::fs::write(place.home.path().join("aarre.toml"), format!("{text}\n[reconcile]\nenabled = false\n"))
        .unwrap();
    assert_eq!(place.reconcile().links, 0);
}
