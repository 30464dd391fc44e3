//! The Reconciliation Service API over a mirror and over the graph, in both of its versions.

use super::{BASE, Site};
use graph_reconcile::authority::{About, Builder, Draft};
use graph_reconcile::{Kind, Label, Note, Point, Years};
use serde_json::{Value, json};
use std::path::Path;
use vocabularies::{edm, foaf, rdagr2, skos};

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");
const JSON: (&str, &str) = ("Content-Type", "application/json");

fn person(iri: &str, name: &str, lived: (i16, i16)) -> Draft {
    Draft {
        iri: iri.to_owned(),
        kind: Kind::Person,
        labels: vec![Label::preferred(name.to_owned())],
        born: Some(Years::one(lived.0)),
        died: Some(Years::one(lived.1)),
        ..Draft::default()
    }
}

fn mirror(folder: &Path, name: &str) {
    let akseli = person("https://names.example/1", "Gallen-Kallela, Akseli", (1865, 1931));
    let akseli = Draft {
        labels: [akseli.labels, vec![Label::alternative("Gallén, Axel".to_owned())]].concat(),
        occupations: vec!["painter".to_owned()],
        same_as: vec!["http://www.wikidata.org/entity/Q170068".to_owned()],
        notes: vec![Note { language: Some("en".into()), text: "Illustrated the Kalevala.".into() }],
        ..akseli
    };
    let place = |iri: &str, names: &[(&'static str, &'static str)], broader: &[&str]| Draft {
        iri: iri.to_owned(),
        kind: Kind::Place,
        labels: names.iter().map(|(tag, name)| Label::preferred(*name).in_language(*tag)).collect(),
        point: Point::new(60.17, 24.94),
        broader: broader.iter().map(|iri| (*iri).to_owned()).collect(),
        ..Draft::default()
    };
    let mut builder = Builder::new(folder).unwrap();
    for draft in [
        akseli,
        person("https://names.example/2", "Järnefelt, Eero", (1863, 1937)),
        place("https://names.example/place/1", &[("fi", "Suomi"), ("en", "Finland")], &[]),
        place(
            "https://names.example/place/2",
            &[("fi", "Helsinki"), ("sv", "Helsingfors")],
            &["https://names.example/place/1"],
        ),
    ] {
        builder.add(&draft).unwrap();
    }
    let about = About {
        name: name.to_owned(),
        title: Some("Names & places".to_owned()),
        added: "2026-11-02T10:00:00Z".to_owned(),
        ..About::default()
    };
    builder.finish(about).unwrap();
}

fn site() -> Site {
    Site::prepared(
        |home| {
            mirror(&home.join("authorities/names"), "names");
            mirror(&home.join("generations/1/entities"), "graph");
        },
        |_| {},
    )
}

fn read(answer: &super::client::Answer) -> Value {
    assert_eq!(answer.header("content-type"), "application/json", "{}", answer.text());
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    serde_json::from_slice(&answer.body).unwrap()
}

fn encoded(value: &str) -> String {
    crate::parameters::encode(value)
}

#[test]
fn two_manifests_for_two_versions() {
    let site = site();
    let old = read(&site.get("/reconcile/names"));
    assert_eq!((&old["versions"], &old["name"]), (&json!(["0.2"]), &json!("Names & places")));
    assert_eq!(old["identifierSpace"], "https://names.example/");
    assert_eq!(old["view"]["url"], format!("{BASE}/reconcile/names/view?id={{{{id}}}}"));
    let types: Vec<_> = old["defaultTypes"].as_array().unwrap().iter().map(|kind| &kind["name"]).collect();
    assert_eq!(types, ["Person", "Place"]);
    let draft = read(&site.get("/reconcile/names/draft"));
    assert_eq!((&draft["versions"], &draft["suggest"]["entity"]), (&json!(["1.0-draft"]), &json!(true)));
    // The graph's own, and what there is for people.
    assert_eq!(read(&site.get("/reconcile"))["name"], read(&site.get("/reconcile/graph"))["name"]);
    let page = site.accept("/reconcile", "text/html");
    assert!(page.text().contains("Names &#38; places"), "{}", page.text());
    assert!(page.text().contains(&format!("{BASE}/reconcile/names")));
    for missing in ["/reconcile/none", "/reconcile/..%2f", "/reconcile/names/suggest/thing"] {
        assert_eq!(site.get(missing).status, 404, "{missing}");
    }
}

#[test]
fn a_batch_is_answered_in_both_versions() {
    let site = site();
    let batch = json!({
        "q0": { "query": "Akseli Gallen-Kallela", "limit": 3 },
        "q1": { "query": "Helsinki", "type": edm::PLACE.as_str() },
        "q2": { "query": "Helsinki", "type": [foaf::PERSON.as_str()] },
        "q3": { "query": "https://names.example/2" },
        "q4": { "query": "http://www.wikidata.org/entity/Q170068" },
        "q5": { "query": "qqqq" },
    });
    let body = format!("queries={}", encoded(&batch.to_string()));
    let old = read(&site.ask("POST", "/reconcile/names", &[FORM], &body));
    assert_eq!(old, read(&site.get(&format!("/reconcile/names?{body}"))));
    let first = |name: &str| &old[name]["result"][0]["id"];
    assert_eq!(first("q0"), "https://names.example/1");
    assert_eq!(old["q0"]["result"][0]["match"], true);
    assert_eq!(old["q0"]["result"][0]["description"], "1865–1931, painter; Illustrated the Kalevala.");
    assert_eq!(first("q1"), "https://names.example/place/2");
    assert_eq!(first("q3"), "https://names.example/2");
    assert_eq!(first("q4"), "https://names.example/1");
    for nothing in ["q2", "q5"] {
        assert_eq!(old[nothing]["result"], json!([]), "{nothing}");
    }
    let batch = json!({ "queries": [
        { "conditions": [{ "matchType": "name", "propertyValue": "Helsingfors" }], "lang": "sv" },
        { "conditions": [{ "matchType": "id", "propertyValue": "https://names.example/2" }] },
        { "conditions": [
            { "matchType": "name", "propertyValue": "Eero Järnefelt" },
            { "matchType": "property", "propertyId": rdagr2::DATE_OF_BIRTH.as_str(),
              "propertyValue": "1900", "required": true },
        ] },
    ]});
    let draft = read(&site.ask("POST", "/reconcile/names/draft/match", &[JSON], &batch.to_string()));
    let candidates = |number: usize| &draft["results"][number]["candidates"];
    assert_eq!(candidates(0)[0]["name"], "Helsingfors");
    assert_eq!(candidates(1)[0]["id"], "https://names.example/2");
    assert_eq!(candidates(2), &json!([]));
}

#[test]
fn columns_suggestions_and_previews() {
    let site = site();
    let wanted = json!({
        "ids": ["https://names.example/place/2", "https://names.example/none"],
        "properties": [
            { "id": skos::BROADER.as_str() },
            { "id": skos::PREF_LABEL.as_str(), "settings": { "limit": "1" } },
        ],
    });
    let body = format!("extend={}", encoded(&wanted.to_string()));
    let old = read(&site.ask("POST", "/reconcile/names", &[FORM], &body));
    let row = &old["rows"]["https://names.example/place/2"];
    assert_eq!(row[skos::BROADER.as_str()][0]["name"], "Finland");
    assert_eq!(row[skos::PREF_LABEL.as_str()], json!([{ "str": "Helsinki" }]));
    let none = &old["rows"]["https://names.example/none"][skos::BROADER.as_str()];
    assert_eq!(none, &json!([{}]));
    let draft = read(&site.ask("POST", "/reconcile/names/draft/extend", &[JSON], &wanted.to_string()));
    assert_eq!(draft["rows"][0]["properties"][0]["values"][0]["id"], "https://names.example/place/1");
    let name = &draft["rows"][0]["properties"][1]["values"][0];
    assert_eq!(name, &json!({ "str": "Helsinki", "lang": "fi" }));
    assert_eq!(draft["rows"][1]["properties"][0]["values"], json!([]));

    let ids = |path: &str| -> Vec<String> {
        let told = read(&site.get(path));
        let result = told["result"].as_array().unwrap().iter();
        result.map(|thing| thing["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids("/reconcile/names/suggest/entity?prefix=helsin"), ["https://names.example/place/2"]);
    assert_eq!(ids("/reconcile/names/suggest/entity?prefix=gallen"), ["https://names.example/1"]);
    assert_eq!(ids("/reconcile/names/suggest/entity?prefix=helsin&cursor=1"), [""; 0]);
    assert_eq!(ids("/reconcile/names/suggest/type?prefix=per"), [foaf::PERSON.as_str()]);
    assert_eq!(ids("/reconcile/names/suggest/property?prefix=born"), [rdagr2::DATE_OF_BIRTH.as_str()]);
    let proposed =
        read(&site.get(&format!("/reconcile/names/properties?type={}&limit=2", foaf::PERSON.as_str())));
    assert_eq!(proposed["properties"].as_array().unwrap().len(), 2);

    let id = encoded("https://names.example/1");
    let preview = site.get(&format!("/reconcile/names/preview?id={id}"));
    assert!(preview.status == 200 && preview.text().contains("Gallén, Axel"), "{}", preview.text());
    assert!(preview.header("content-security-policy").contains("frame-ancestors *"));
    let view = site.get(&format!("/reconcile/names/view?id={id}"));
    assert_eq!((view.status, view.header("location")), (303, "https://names.example/1"));
    for path in ["preview", "view"] {
        assert_eq!(site.get(&format!("/reconcile/names/{path}?id=x")).status, 404, "{path}");
    }
}

#[test]
fn what_is_wrong_is_said() {
    let site = site();
    let post = |path: &str, header: (&str, &str), body: &str| site.ask("POST", path, &[header], body).status;
    for (queries, status) in [
        ("queries=", 400),
        ("queries=[]", 400),
        ("queries={\"q\":{}}", 400),
        ("queries={\"q\":{\"query\":\"x\",\"limit\":-1}}", 200),
        ("queries={\"q\":{\"query\":7}}", 400),
        ("extend={\"ids\":[],\"properties\":[{\"id\":\"x\"}]}", 400),
        ("queries={}&extend={}", 400),
        ("x=y", 400),
    ] {
        assert_eq!(post("/reconcile/names", FORM, queries), status, "{queries}");
    }
    let many: Value = (0..51).map(|number| (format!("q{number}"), json!({ "query": "x" }))).collect();
    assert_eq!(post("/reconcile/names", FORM, &format!("queries={many}")), 413);
    let deep = format!("queries={}", "[".repeat(100_000));
    assert_eq!(post("/reconcile/names", FORM, &deep), 400);
    assert_eq!(post("/reconcile/names", JSON, "{}"), 415);
    assert_eq!(post("/reconcile/names/draft/match", FORM, "{}"), 415);
    for body in ["", "{}", "[]", "{\"queries\":[{}]}", "{\"queries\":[{\"conditions\":[]}]}"] {
        assert_eq!(post("/reconcile/names/draft/match", JSON, body), 400, "{body}");
    }
}

#[test]
fn a_mirror_that_was_replaced_is_taken_up() {
    let site = site();
    assert_eq!(site.get("/reconcile/other").status, 404);
    mirror(&site.home.path().join("authorities/other"), "other");
    assert_eq!(site.get("/reconcile/other").status, 200);
    std::fs::remove_dir_all(site.home.path().join("authorities/other")).unwrap();
    assert_eq!(site.get("/reconcile/other").status, 404);
}
