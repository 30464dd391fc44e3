//! Decisions on the operator's listener: the page with the two sides, and the same for programs.

use super::client::{Answer, ask};
use super::{BASE, Site, node, says};
use graph_store::rdf::Literal;
use serde_json::{Value, json};
use vocabularies::{aarre, rdf, skos, xsd};

const PAINTER: &str = "/id/agent/edelfelt-albert-1854-1905";
const OTHER: &str = "/id/agent/edelfelt-a";

/// A site whose links propose that two painters are one.
fn site() -> Site {
    let link = "/graph/links#link-1";
    let text = |text: &str| Literal::new_simple_literal(text);
    let mut quads = super::graph();
    quads.extend([
        says("letters", OTHER, skos::PREF_LABEL, text("Edelfelt, A. <b>")),
        says("links", PAINTER, skos::CLOSE_MATCH, node(OTHER)),
        says("links", link, rdf::TYPE, aarre::LINK_ASSERTION.into_owned()),
        says("links", link, rdf::SUBJECT, node(PAINTER)),
        says("links", link, rdf::PREDICATE, skos::CLOSE_MATCH.into_owned()),
        says("links", link, rdf::OBJECT, node(OTHER)),
        says("links", link, aarre::LINK_METHOD, text("the model")),
        says("links", link, aarre::SCORE, Literal::new_typed_literal("0.71", xsd::DECIMAL)),
        says("links", link, aarre::EVIDENCE, text("the family name is the same")),
    ]);
    Site::prepared(
        move |home| super::publish(home, 2, &quads),
        |config| config.private = Some("127.0.0.1:0".parse().unwrap()),
    )
}

fn private(site: &Site, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    ask(site.private.unwrap(), method, path, headers, body)
}

fn form(site: &Site, body: &str, headers: &[(&str, &str)]) -> Answer {
    let mut all = vec![("Content-Type", "application/x-www-form-urlencoded")];
    all.extend(headers);
    private(site, "POST", "/review", &all, body)
}

fn program(site: &Site, body: &Value) -> Answer {
    private(site, "POST", "/decisions", &[("Content-Type", "application/json")], &body.to_string())
}

fn page(site: &Site) -> String {
    private(site, "GET", "/review?who=Anna", &[("Accept", "text/html")], "").text()
}

#[test]
fn two_sides_beside_each_other_and_a_decision_that_is_undone() {
    let site = site();
    let listed = private(&site, "GET", "/review", &[("Accept", "application/json")], "").text();
    let listed: Value = serde_json::from_str(&listed).unwrap();
    assert_eq!((&listed["waiting"], &listed["proposals"][0]["score"]), (&json!(1), &json!(0.71)));
    let shown = page(&site);
    for text in ["71 % likely", "Edelfelt, Albert", "Edelfelt, A. &#60;b&#62;", "the family name is the same"]
    {
        assert!(shown.contains(text), "{text}\n{shown}");
    }
    let pair = format!("one={}&other={}", encoded(PAINTER), encoded(OTHER));
    assert_eq!(form(&site, &format!("what=accept&{pair}"), &[]).status, 400, "nobody decides");
    let taken = form(&site, &format!("what=accept&{pair}&who=Anna+A.&why=same+hand"), &[]);
    assert_eq!((taken.status, taken.header("location")), (303, "/review?who=Anna%20A."));
    let shown = page(&site);
    assert!(shown.contains("Nothing waits") && shown.contains("Anna A. on 2"), "{shown}");
    let log = std::fs::read_to_string(site.home.path().join("decisions/decisions.jsonl")).unwrap();
    assert!(log.contains("\"accept\"") && log.contains("same hand") && log.ends_with('\n'), "{log}");
    assert_eq!(form(&site, "what=undo&undoes=1&who=Anna", &[]).status, 303);
    assert!(page(&site).contains("71 % likely"));
    let log = private(&site, "GET", "/decisions", &[], "").text();
    let log: Value = serde_json::from_str(&log).unwrap();
    let in_force: Vec<_> = log["decisions"].as_array().unwrap().iter().map(|row| &row["inForce"]).collect();
    assert_eq!(in_force[0], false, "{log}");
}

fn encoded(path: &str) -> String {
    crate::parameters::encode(&format!("{BASE}{path}"))
}

#[test]
fn what_contradicts_or_comes_from_elsewhere_is_refused() {
    let site = site();
    let (one, other) = (format!("{BASE}{PAINTER}"), format!("{BASE}{OTHER}"));
    let decide = |what: &str| json!({ "what": what, "one": one, "other": other, "who": "Anna" });
    let never = program(&site, &decide("never"));
    assert_eq!((never.status, never.text().contains("\"id\":1")), (201, true), "{}", never.text());
    let merge = program(&site, &decide("merge"));
    assert_eq!(merge.status, 409, "{}", merge.text());
    assert_eq!(program(&site, &decide("marry")).status, 400);
    assert_eq!(program(&site, &json!({ "what": "undo", "who": "Anna" })).status, 400);
    assert_eq!(program(&site, &json!({ "what": "undo", "undoes": 9, "who": "Anna" })).status, 409);
    assert_eq!(
        program(&site, &json!({ "what": "accept", "one": "x", "other": other, "who": "A" })).status,
        400
    );
    let pair = format!("what=merge&who=x&one={}&other={}", encoded(PAINTER), encoded(OTHER));
    let page = form(&site, &pair, &[]);
    assert!(page.status == 409 && page.text().contains("Not taken"), "{}", page.text());
    assert_eq!(form(&site, &pair, &[("Origin", "https://evil.example")]).status, 403);
    // The public has none of it.
    for path in ["/review", "/decisions"] {
        assert_eq!(site.get(path).status, 404, "{path}");
    }
}
