//! The SPARQL Protocol, limits, and what every answer carries.

use super::Site;
use std::time::Duration;

const ALL: &str = "select%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D";
const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");
const QUERY: (&str, &str) = ("Content-Type", "application/sparql-query");

#[test]
fn formats_by_accept_and_by_name() {
    let site = Site::new();
    let asked = format!("/sparql?query={ALL}%20limit%203");
    for (accept, content_type) in [
        ("", "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv", "text/csv; charset=utf-8; header=present"),
        (
            "text/csv;q=0.1, text/tab-separated-values",
            "text/tab-separated-values; charset=utf-8; header=present",
        ),
        ("text/html", "text/html; charset=utf-8"),
    ] {
        let answer = if accept.is_empty() { site.get(&asked) } else { site.accept(&asked, accept) };
        assert_eq!((answer.status, answer.header("content-type")), (200, content_type), "{accept}");
    }
    let csv = site.get(&format!("{asked}&format=csv"));
    assert_eq!(csv.text().lines().count(), 4);
    let tag = csv.header("etag").to_owned();
    assert_eq!(site.ask("GET", &format!("{asked}&format=csv"), &[("If-None-Match", &tag)], "").status, 304);
    let graph = format!("/sparql?query={}", "construct%20where%20%7B%3Fs%20%3Fp%20%3Fo%7D");
    for (format, content_type) in [
        ("ttl", "text/turtle; charset=utf-8"),
        ("nt", "application/n-triples"),
        ("rdf", "application/rdf+xml"),
        ("jsonld", "application/ld+json"),
        ("html", "text/html; charset=utf-8"),
    ] {
        let answer = site.get(&format!("{graph}&format={format}"));
        assert_eq!((answer.status, answer.header("content-type")), (200, content_type), "{format}");
    }
    assert_eq!(site.get(&format!("{graph}&format=csv")).status, 400);
    assert_eq!(site.accept(&asked, "image/png").status, 406);
    let truth = site.ask("POST", "/sparql", &[QUERY, ("Accept", "text/html")], "ask {?s ?p ?o}");
    assert!(truth.text().contains("Yes"), "{}", truth.text());
}

#[test]
fn the_three_ways_to_ask_and_the_dataset() {
    let site = Site::new();
    let count = |graphs: &str| {
        let answer = site.get(&format!("/sparql?format=csv&query={ALL}{graphs}"));
        assert_eq!(answer.status, 200);
        answer.text().lines().count() - 1
    };
    let letters = "&default-graph-uri=https%3A%2F%2Fdata.example.org%2Fgraph%2Fletters";
    assert_eq!(count(letters), 6);
    assert!(count("") > 600, "the default graph is the union of all");
    let form = site.ask("POST", "/sparql", &[FORM], &format!("query={ALL}{letters}&format=csv"));
    assert_eq!(form.text().lines().count(), 7);
    let direct = site.ask("POST", &format!("/sparql?format=csv{letters}"), &[QUERY], "select * {?s ?p ?o}");
    assert_eq!(direct.text().lines().count(), 7);
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let site = Site::new();
    let broken = site.ask("POST", "/sparql", &[QUERY], "select *\n{ ?s ?p ");
    assert_eq!((broken.status, broken.header("content-type")), (400, "application/problem+json"));
    let problem: serde_json::Value = serde_json::from_slice(&broken.body).unwrap();
    assert_eq!(problem["line"], 2, "{problem}");
    assert!(problem["column"].is_u64() && problem["status"] == 400, "{problem}");
    assert_eq!(broken.header("access-control-allow-origin"), "*");
    let page = site.ask("GET", "/sparql?query=select%20%3Cscript%3E", &[("Accept", "text/html")], "");
    assert_eq!(page.status, 400);
    assert!(!page.text().contains("<script>"), "{}", page.text());
    for (status, method, headers, body) in [
        (415, "POST", vec![("Content-Type", "text/plain")], "ask {}".to_owned()),
        (413, "POST", vec![QUERY], " ".repeat((1 << 20) + 1)),
        (405, "PUT", vec![], String::new()),
        (405, "DELETE", vec![], String::new()),
        (400, "POST", vec![FORM], "update=x".to_owned()),
        (400, "POST", vec![FORM], "query=%FF".to_owned()),
        (400, "POST", vec![QUERY], format!("ask {}{}", "{".repeat(5_000), "}".repeat(5_000))),
    ] {
        let answer = site.ask(method, "/sparql", &headers, &body);
        assert_eq!(answer.status, status, "{method} {headers:?}");
        assert_eq!(answer.header("content-type"), "application/problem+json", "{method} {headers:?}");
        assert_eq!(answer.header("allow").is_empty(), status != 405, "{answer:?}");
    }
    assert_eq!(site.get(&format!("/sparql?query={}", "a".repeat(70_000))).status, 414);
    let service = site.accept("/sparql", "text/turtle");
    assert!(service.status == 200 && service.text().contains("sd:endpoint"), "{}", service.text());
    assert_eq!(
        site.ask(
            "OPTIONS",
            "/sparql",
            &[("Origin", "https://a.example"), ("Access-Control-Request-Method", "POST")],
            ""
        )
        .status,
        200
    );
}

#[test]
fn how_a_query_is_answered_is_told_to_people_and_programs() {
    let site = Site::prepared(|home| super::index(home, 1, &super::graph()), |_| {});
    let query = "select%20%3Fwork%20%7B%3Fwork%20%3Chttp%3A%2F%2Fpurl.org%2Fdc%2Felements%2F1.1%2Fcreator%3E\
                 %20%3Fby%3B%20%3Chttp%3A%2F%2Fpurl.org%2Fdc%2Felements%2F1.1%2Ftitle%3E%20%3Fname%7D";
    let asked = format!("/sparql?query={query}&explain");
    let people = site.get(&format!("{asked}=text"));
    assert_eq!((people.status, people.header("content-type")), (200, "text/plain; charset=utf-8"));
    assert_eq!(people.header("cache-control"), "no-store");
    let text = people.text();
    for part in
        ["answered by the index", "?work", "?by", "(expected about ", "outcome: 5 solutions", "algebra: "]
    {
        assert!(text.contains(part), "{part} in {text}");
    }
    let programs = site.get(&format!("{asked}=json"));
    assert_eq!((programs.status, programs.header("content-type")), (200, "application/json"));
    let told: serde_json::Value = serde_json::from_slice(&programs.body).unwrap();
    let steps = told["steps"].as_array().unwrap();
    assert!(steps.iter().any(|step| step["rows"] == 5 && step["expected"].is_u64()), "{told}");
    assert_eq!(told["rows"], 5, "{told}");
    for step in steps {
        assert!(text.contains(step["text"].as_str().unwrap()), "{step} in {text}");
    }
    for (accept, content_type) in
        [("", "text/plain; charset=utf-8"), ("application/json", "application/json")]
    {
        assert_eq!(site.accept(&asked, accept).header("content-type"), content_type, "{accept}");
    }
    assert_eq!(site.get(&format!("{asked}=xml")).status, 400);
    // A query that does not end, for want of time or of memory, is told as far as it was done.
    let site =
        Site::prepared(|home| super::index(home, 1, &super::graph()), |config| config.limits.seconds = 1);
    let endless = site.ask("POST", "/sparql?explain=json", &[QUERY], ENDLESS);
    let told: serde_json::Value = serde_json::from_slice(&endless.body).unwrap();
    assert_eq!((endless.status, &told["rows"]), (200, &serde_json::Value::Null), "{told}");
    assert!(!told["steps"].as_array().unwrap().is_empty(), "{told}");
    let outcome = told["outcome"].as_str().unwrap();
    assert!(outcome.contains("in time") || outcome.contains("needs more than"), "{told}");
}

/// A product of six hundred statements with themselves: it neither ends in time nor fits into what is held.
const ENDLESS: &str = "select * {?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l filter(?a = ?l)}";

#[test]
fn a_query_that_takes_too_long_is_stopped() {
    let site = Site::with(|config| config.limits.seconds = 1);
    let answer = site.ask("POST", "/sparql", &[QUERY], ENDLESS);
    assert_eq!((answer.status, answer.header("content-type")), (504, "application/problem+json"));
}

#[test]
fn an_answer_that_breaks_off_looks_broken() {
    let site = Site::with(|config| config.limits.seconds = 2);
    let flood = "select * {?a ?b ?c . ?d ?e ?f . ?g ?h ?i}";
    let answer = site.ask("POST", "/sparql", &[QUERY, ("Accept", "text/csv")], flood);
    assert_eq!(answer.status, 200);
    assert!(!answer.whole && answer.body.len() > crate::sparql::HELD, "{} bytes", answer.body.len());
}

#[test]
fn one_too_many_is_told_to_come_back() {
    let site = Site::with(|config| {
        config.limits.seconds = 3;
        config.places = std::num::NonZeroUsize::MIN;
        config.limits.queue = 0;
    });
    let address = site.address;
    let first = std::thread::spawn(move || super::client::ask(address, "POST", "/sparql", &[QUERY], ENDLESS));
    std::thread::sleep(Duration::from_millis(700));
    let second = site.ask("POST", "/sparql", &[QUERY], "select * {?s ?p ?o} limit 1");
    assert_eq!(second.status, 503);
    let problem: serde_json::Value = serde_json::from_slice(&second.body).unwrap();
    assert_eq!(problem["query"].as_str(), Some(second.header("aarre-query")), "{problem}");
    assert!(problem["dumps"].as_str().is_some_and(|link| link.ends_with("/dumps/")), "{problem}");
    assert!(second.header("retry-after").parse::<u32>().is_ok(), "{second:?}");
    assert_eq!(first.join().unwrap().status, 504);
}

#[test]
fn equal_queries_at_once_are_one_evaluation() {
    // With one place and no queue, a second evaluation would be refused.
    let site = Site::with(|config| {
        config.places = std::num::NonZeroUsize::MIN;
        config.limits.queue = 0;
    });
    let address = site.address;
    let text = "select (count(*) as ?n) {?a ?b ?c . ?d ?e ?f}";
    let asking: Vec<_> = (0..24)
        .map(|_| std::thread::spawn(move || super::client::ask(address, "POST", "/sparql", &[QUERY], text)))
        .collect();
    for thread in asking {
        assert_eq!(thread.join().unwrap().status, 200);
    }
}

#[test]
fn every_answer_is_safe_and_small() {
    let site = Site::new();
    for path in ["/", "/sparql", "/page/art/A%2F1%202", "/nowhere", "/void.ttl", "/dumps/"] {
        let answer = site.accept(path, "text/html, */*;q=0.1");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        let policy = answer.header("content-security-policy");
        assert!(
            policy.contains("default-src 'none'") && !policy.contains("unsafe-inline"),
            "{path}: {policy}"
        );
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{path}");
    }
    for coding in ["gzip", "zstd"] {
        let answer = site.ask("GET", "/page/art/A%2F1%202", &[("Accept-Encoding", coding)], "");
        assert_eq!(answer.header("content-encoding"), coding);
    }
    assert_eq!(site.get("/health/live").status, 200);
    assert!(site.get("/health/ready").text().contains("generation 1"));
}
