//! MARC against lobid: records of the hbz union catalogue with the JSON-LD that lobid.org makes of each.
//!
//! lobid is another reading of the same records, by other people in another model. Compared are the facts that both can
//! say, one by one: each of lobid's is looked for in the graph, after case, marks and punctuation are folded. What lobid
//! adds from elsewhere (tables, enrichments) is told apart by looking for it in the record's own text. The remaining
//! differences by choice are named below and counted apart; `loaders/marc/README.md` explains each.

use crate::real_data::{data, show};
use graph_model::{Base, DatasetId, ObjectRef, content_key};
use loaders::{Outcome, Setup, Target};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::ops::ControlFlow;
use vocabularies::{aarre, bf, dc, dcterms, edm, owl, skos};

/// One fact: what is compared, and a second part such as a role or the end of a span.
type Fact = (String, String);

/// What became of lobid's facts of one property.
#[derive(Default)]
struct Row {
    agreed: u32,
    differing: u32,
    /// Differences that are explained, by their classes.
    classes: BTreeMap<&'static str, u32>,
    /// Facts that only the graph has.
    ours_alone: u32,
}

const NOT_IN_RECORD: &str = "not in the record";
const ROLE_SUPPLIED: &str = "role supplied by lobid";
const ISSUING_BODY: &str = "issuing body";
const TITLE_OF_HOST: &str = "title only in the host's record";
const DATE_OF_PART: &str = "date that $3 gives a publisher";

/// The least share of facts that agree, differences of the classes left out.
const FLOORS: &[(&str, f64)] = &[
    ("identifiers", 0.98),
    ("titles", 0.98),
    ("languages", 0.98),
    ("dates", 0.98),
    ("contributors", 0.95),
    ("subjects", 0.95),
    ("parents", 0.95),
];

/// The statements of one document, by subject and predicate.
#[derive(Default)]
struct Graph {
    item: String,
    statements: HashMap<(String, String), Vec<String>>,
}

impl Graph {
    fn all(&self, subject: &str, predicate: oxrdf::NamedNodeRef<'_>) -> &[String] {
        let key = (subject.to_owned(), predicate.as_str().to_owned());
        self.statements.get(&key).map_or(&[], Vec::as_slice)
    }

    fn item(&self, predicate: oxrdf::NamedNodeRef<'_>) -> &[String] {
        self.all(&self.item, predicate)
    }
}

fn graph(xml: &[u8]) -> Graph {
    let format = loaders::format_by_id("marcxml").unwrap();
    let converter = (format.setup)(Setup { mapping: None }).unwrap();
    let (base, dataset) = (Base::new("https://example.org").unwrap(), DatasetId::new("hbz").unwrap());
    let mut graph = Graph::default();
    let target = Target::new(&base, &dataset);
    let _ = converter.convert_on_this_thread(Box::new(xml), target, &mut |outcome| {
        let Outcome::Document { document, .. } = outcome else { panic!("every record of hbz is read") };
        document.iri().clone_into(&mut graph.item);
        for statement in document.statements() {
            let (ObjectRef::Iri(object) | ObjectRef::Text(object, _) | ObjectRef::Typed(object, _)) =
                statement.object;
            let key = (statement.subject.to_owned(), statement.predicate.as_str().to_owned());
            graph.statements.entry(key).or_default().push(object.to_owned());
        }
        ControlFlow::Continue(())
    });
    graph
}

/// Letters and digits alone, in lower case and composed.
fn fold(text: &str) -> String {
    content_key(&[text]).replace('-', "")
}

fn list<'j>(value: &'j Value, name: &str) -> &'j [Value] {
    match &value[name] {
        Value::Array(values) => values,
        Value::Null => &[],
        one => std::slice::from_ref(one),
    }
}

fn text<'j>(value: &'j Value, name: &str) -> &'j str {
    list(value, name).first().and_then(Value::as_str).unwrap_or_default()
}

fn texts<'j>(value: &'j Value, name: &str) -> impl Iterator<Item = &'j str> {
    list(value, name).iter().filter_map(Value::as_str)
}

fn last(iri: &str) -> &str {
    iri.rsplit('/').next().unwrap_or_default()
}

fn one(text: impl Into<String>) -> Fact {
    (text.into(), String::new())
}

/// Compares one property of one record; `class` says which difference by choice a missing fact is.
fn compare(
    row: &mut Row,
    notes: &mut Vec<String>,
    record: (&str, &str),
    expected: &BTreeSet<Fact>,
    met: &BTreeSet<Fact>,
    class: impl Fn(&Fact) -> Option<&'static str>,
) {
    let (name, raw) = record;
    for fact in expected {
        if met.contains(fact) {
            row.agreed += 1;
            continue;
        }
        let told = raw.contains(&fold(&fact.0));
        match class(fact).or((!told).then_some(NOT_IN_RECORD)) {
            Some(class) => *row.classes.entry(class).or_default() += 1,
            None => {
                row.differing += 1;
                notes.push(format!("{name}: {} {}", fact.0, fact.1));
            }
        }
    }
    row.ours_alone += met.difference(expected).count() as u32;
}

#[test]
fn marc_agrees_with_lobid() {
    let Some(data) = data() else { return };
    let folder = data.join("marc/hbz-lobid-alma");
    let mut names: Vec<String> = fs::read_dir(&folder)
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().to_str()?.strip_suffix(".json").map(str::to_owned))
        .collect();
    names.sort();
    assert!(names.len() > 100, "records of hbz");
    let mut rows: BTreeMap<&str, Row> = BTreeMap::new();
    let mut notes = Vec::new();
    for name in &names {
        let xml = fs::read(folder.join(format!("{name}.xml"))).unwrap();
        let raw = fold(&String::from_utf8_lossy(&xml));
        let json: Value =
            serde_json::from_slice(&fs::read(folder.join(format!("{name}.json"))).unwrap()).unwrap();
        let graph = graph(&xml);
        let none = |_: &Fact| None;
        for (property, expected, met) in [
            ("titles", titles(&json), our_titles(&graph)),
            ("identifiers", identifiers(&json), our_identifiers(&graph)),
            ("languages", languages(&json), graph.item(dc::LANGUAGE).iter().cloned().map(one).collect()),
        ] {
            compare(rows.entry(property).or_default(), &mut notes, (name, &raw), &expected, &met, none);
        }
        let of_part = |fact: &Fact| {
            let part = |node: &String| graph.all(node, skos::NOTE).iter().any(|note| note.contains(&fact.0));
            graph.item(bf::PROVISION_ACTIVITY).iter().any(part).then_some(DATE_OF_PART)
        };
        let row = rows.entry("dates").or_default();
        compare(row, &mut notes, (name, &raw), &dates(&json), &our_dates(&graph), of_part);
        let ours = our_contributors(&graph);
        let role = |(label, role): &Fact| {
            let with = |role: &str| ours.contains(&(label.clone(), role.to_owned()));
            let by_lobid = matches!(role.as_str(), "ctb" | "cre" | "aut" | "oth");
            (by_lobid && with(""))
                .then_some(ROLE_SUPPLIED)
                .or((role == "ctb" && with("isb")).then_some(ISSUING_BODY))
        };
        let row = rows.entry("contributors").or_default();
        compare(row, &mut notes, (name, &raw), &contributors(&json), &ours, role);
        let row = rows.entry("subjects").or_default();
        compare(row, &mut notes, (name, &raw), &subjects(&json), &our_subjects(&graph), none);
        let row = rows.entry("parents").or_default();
        let expected = parents(&json);
        let met = our_parents(&graph, &expected);
        // The number leads to the record of the host, which has the title; the field that links has none.
        let by_number = |(number, title): &Fact| {
            let linked = graph
                .item(dcterms::IS_PART_OF)
                .iter()
                .any(|host| !host.contains('#') && (number.is_empty() || host.ends_with(number.as_str())));
            (linked && !title.is_empty()).then_some(TITLE_OF_HOST)
        };
        compare(row, &mut notes, (name, &raw), &expected, &met, by_number);
    }
    show(&table(&rows));
    show(&notes.join("\n"));
    for (property, floor) in FLOORS {
        let row = &rows[property];
        let share = share(row.agreed, row.agreed + row.differing);
        assert!(share >= *floor, "{property}: {share:.3} agree, at least {floor}\n{}", notes.join("\n"));
    }
}

fn share(part: u32, whole: u32) -> f64 {
    f64::from(part) / f64::from(whole.max(1))
}

fn table(rows: &BTreeMap<&str, Row>) -> String {
    let mut lines = vec![format!(
        "\n{:<14} {:>6} {:>9} {:>9} {:>10} {:>10}  differences by class",
        "lobid", "agreed", "differing", "agreement", "of all", "ours alone"
    )];
    for (property, row) in rows {
        let explained: u32 = row.classes.values().sum();
        let classes: Vec<String> =
            row.classes.iter().map(|(class, count)| format!("{class} {count}")).collect();
        lines.push(format!(
            "{property:<14} {:>6} {:>9} {:>8.1}% {:>9.1}% {:>10}  {}",
            row.agreed,
            row.differing,
            share(row.agreed, row.agreed + row.differing) * 100.0,
            share(row.agreed, row.agreed + row.differing + explained) * 100.0,
            row.ours_alone,
            classes.join(", ")
        ));
    }
    lines.join("\n")
}

fn titles(json: &Value) -> BTreeSet<Fact> {
    ["title", "otherTitleInformation", "alternativeTitle"]
        .iter()
        .flat_map(|name| texts(json, name))
        .map(|title| one(fold(title)))
        .collect()
}

/// The titles of the item, and the parts of its title alone and together.
fn our_titles(graph: &Graph) -> BTreeSet<Fact> {
    let whole = graph.item(dc::TITLE).iter().chain(graph.item(dcterms::ALTERNATIVE)).map(|title| fold(title));
    let mut met: BTreeSet<Fact> = whole.map(one).collect();
    for node in graph.item(bf::TITLE) {
        let of = |predicate| graph.all(node, predicate).concat();
        met.insert(one(fold(&[of(bf::MAIN_TITLE), of(bf::PART_NUMBER), of(bf::PART_NAME)].concat())));
        met.insert(one(fold(&of(bf::SUBTITLE))));
        met.extend(graph.all(node, bf::SUBTITLE).iter().map(|subtitle| one(fold(subtitle))));
    }
    met
}

fn identifiers(json: &Value) -> BTreeSet<Fact> {
    let mut facts = BTreeSet::new();
    for (name, scheme) in [
        ("almaMmsId", ""),
        ("hbzId", "(DE-605)"),
        ("zdbId", "(DE-600)"),
        ("dnbId", "(DE-101)"),
        ("oclcNumber", "(OCoLC)"),
        ("isbn", ""),
        ("issn", ""),
        ("ismn", ""),
        ("doi", ""),
        ("urn", ""),
        ("stockNumber", ""),
    ] {
        facts.extend(texts(json, name).map(|number| {
            // One book has one number, in ten digits or thirteen; the last is a check and another in each.
            let plain = fold(number);
            let number = match name {
                "isbn" if plain.len() == 10 => format!("978{}", &plain[..9]),
                "isbn" => plain[..12].to_owned(),
                "ismn" => plain.replace('m', "9790"),
                _ => plain,
            };
            (number, scheme.to_owned())
        }));
    }
    facts
}

fn our_identifiers(graph: &Graph) -> BTreeSet<Fact> {
    let met = graph.item(dc::IDENTIFIER).iter().map(|identifier| {
        if let Some(isbn) = identifier.strip_prefix("urn:isbn:") {
            return one(isbn.chars().take(12).collect::<String>());
        }
        // A number of another system has its code in brackets; the item's own has that of its catalogue before it.
        let scheme = identifier.starts_with('(').then(|| identifier.split_once(')')).flatten();
        if let Some((code, number)) = scheme {
            return (fold(number), format!("{code})"));
        }
        let bare = ["urn:issn:", "https://doi.org/", "DE-605-"]
            .iter()
            .find_map(|start| identifier.strip_prefix(start));
        one(fold(bare.unwrap_or(identifier)))
    });
    met.collect()
}

fn languages(json: &Value) -> BTreeSet<Fact> {
    let codes = list(json, "language").iter().map(|language| last(text(language, "id")));
    codes.map(|code| one(vocabularies::languages::find(code).map_or(code, |found| found.bcp47))).collect()
}

fn dates(json: &Value) -> BTreeSet<Fact> {
    let events = list(json, "publication").iter().chain(list(json, "manufacture"));
    let spans = events.map(|event| (text(event, "startDate").to_owned(), text(event, "endDate").to_owned()));
    spans.filter(|(start, _)| !start.is_empty()).collect()
}

/// The spans of issue and creation, and the years in the dates of publication, manufacture and reproduction.
fn our_dates(graph: &Graph) -> BTreeSet<Fact> {
    let span = |start: String, end: String| if start == end { one(start) } else { (start, end) };
    let mut met = BTreeSet::new();
    for time in graph.item(dcterms::ISSUED).iter().chain(graph.item(dcterms::CREATED)) {
        let year = |predicate| graph.all(time, predicate).first().map_or("", |text| &text[..4]).to_owned();
        met.insert(span(year(edm::BEGIN), year(edm::END)));
    }
    for node in graph.item(bf::PROVISION_ACTIVITY) {
        for date in graph.all(node, bf::DATE) {
            let mut years = date.split(|c: char| !c.is_ascii_digit()).filter(|digits| digits.len() == 4);
            if let Some(first) = years.next() {
                met.insert(span(first.to_owned(), years.next_back().unwrap_or(first).to_owned()));
            }
        }
    }
    met
}

fn contributors(json: &Value) -> BTreeSet<Fact> {
    let contributions = list(json, "contribution").iter();
    contributions
        .map(|one| (fold(text(&one["agent"], "label")), last(text(&one["role"], "id")).to_owned()))
        .collect()
}

fn our_contributors(graph: &Graph) -> BTreeSet<Fact> {
    let mut met = BTreeSet::new();
    for contribution in graph.item(bf::CONTRIBUTION) {
        let roles = graph.all(contribution, bf::ROLE);
        for agent in graph.all(contribution, bf::AGENT) {
            // A person's titles stand in the heading as it was written.
            for label in [skos::PREF_LABEL, skos::ALT_LABEL].iter().flat_map(|label| graph.all(agent, *label))
            {
                met.extend(roles.iter().map(|role| (fold(label), last(role).to_owned())));
                if roles.is_empty() {
                    met.insert(one(fold(label)));
                }
            }
        }
    }
    met
}

fn subjects(json: &Value) -> BTreeSet<Fact> {
    let mut facts = BTreeSet::new();
    for subject in list(json, "subject") {
        let parts = list(subject, "componentList");
        facts.extend(parts.iter().map(|part| one(fold(text(part, "label")))));
        let notations: Vec<&str> = texts(subject, "notation").collect();
        if text(subject, "id").contains("nwbib") {
            facts.insert(one(text(subject, "id")));
        } else if !notations.is_empty() {
            facts.extend(notations.iter().map(|notation| (fold(notation), "notation".to_owned())));
        } else if parts.is_empty() {
            facts.insert(one(fold(text(subject, "label"))));
        }
    }
    facts.extend(list(json, "spatial").iter().map(|place| one(text(place, "id"))));
    facts
}

fn our_subjects(graph: &Graph) -> BTreeSet<Fact> {
    let mut met = BTreeSet::new();
    let links = [dc::SUBJECT, dcterms::SPATIAL, dcterms::TEMPORAL, dc::TYPE];
    for node in links.iter().flat_map(|link| graph.item(*link)) {
        let labels = [skos::PREF_LABEL, skos::ALT_LABEL, aarre::EDTF].into_iter();
        met.extend(labels.flat_map(|label| graph.all(node, label)).map(|label| one(fold(label))));
        let same = [owl::SAME_AS, skos::EXACT_MATCH].into_iter();
        met.extend(same.flat_map(|same| graph.all(node, same)).cloned().map(one));
    }
    for node in graph.item(bf::CLASSIFICATION) {
        let portions = graph.all(node, bf::CLASSIFICATION_PORTION).iter();
        met.extend(portions.map(|portion| (fold(portion), "notation".to_owned())));
        met.extend(graph.all(node, skos::EXACT_MATCH).iter().cloned().map(one));
    }
    met
}

/// The parents as lobid names them: number and title, either of which may be missing.
fn parents(json: &Value) -> BTreeSet<Fact> {
    let number = |node: &Value| last(text(node, "id")).trim_end_matches("#!").replace("ZDB-", "(DE-600)");
    let hosts = list(json, "isPartOf").iter().flat_map(|part| list(part, "hasSuperordinate"));
    let mut facts: BTreeSet<Fact> = hosts.map(|host| (number(host), fold(text(host, "label")))).collect();
    // The label of these is always the same words.
    facts.extend(list(json, "containedIn").iter().map(|host| one(number(host))));
    facts
}

/// Which of the parents the graph has: the number in the link or among the fragment's identifiers, and the title on the
/// fragment, in the statement of the series or in the citation.
fn our_parents(graph: &Graph, expected: &BTreeSet<Fact>) -> BTreeSet<Fact> {
    let statements = [bf::SERIES_STATEMENT, dcterms::BIBLIOGRAPHIC_CITATION].into_iter();
    let said: Vec<String> = statements.flat_map(|said| graph.item(said)).map(|said| fold(said)).collect();
    let mut met = BTreeSet::new();
    for parent in graph.item(dcterms::IS_PART_OF) {
        let titles: Vec<String> = graph.all(parent, dc::TITLE).iter().map(|title| fold(title)).collect();
        let numbers = graph.all(parent, dc::IDENTIFIER);
        let own = last(parent).trim_start_matches("DE-605-");
        let fits = |(number, title): &&Fact| {
            let numbered = number.is_empty() || number == own || numbers.contains(number);
            numbered
                && (title.is_empty() || titles.iter().chain(&said).any(|said| said.contains(title.as_str())))
        };
        let found: Vec<Fact> = expected.iter().filter(fits).cloned().collect();
        if found.is_empty() {
            met.insert((own.to_owned(), titles.concat()));
        }
        met.extend(found);
    }
    met
}
