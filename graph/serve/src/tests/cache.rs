//! Kept answers: the same bytes as fresh ones, found by meaning, over generations, and one evaluation for many.

use super::client::Answer;
use super::{BASE, Site, graph, index, publish};
use graph_store::rdf::{GraphName, Literal, NamedNode, Quad};
use std::collections::HashSet;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};
use vocabularies::dc;

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");
const QUERY: (&str, &str) = ("Content-Type", "application/sparql-query");
const TITLES: &str = "select ?t { ?s <http://purl.org/dc/elements/1.1/title> ?t } order by ?t";

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn get(site: &Site, query: &str, format: &str) -> Answer {
    site.get(&format!("/sparql?format={format}&query={}", encoded(query)))
}

fn wait_for(site: &Site, wanted: &str) {
    let begun = Instant::now();
    while !site.get("/health/ready").text().contains(wanted) {
        assert!(begun.elapsed() < Duration::from_secs(20), "{wanted} is not served");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn other_words_for_the_same_question_find_the_kept_answer() {
    let site = Site::new();
    let first = get(&site, TITLES, "csv");
    assert_eq!((first.status, first.header("aarre-cache")), (200, "miss"));
    for other in [
        TITLES.to_owned(),
        "prefix dc: <http://purl.org/dc/elements/1.1/>\nSELECT ?t # all\nWHERE { ?thing dc:title ?t } ORDER BY ?t".to_owned(),
        TITLES.replace("?s", "?_0"),
    ] {
        let again = get(&site, &other, "csv");
        assert_eq!((again.status, again.header("aarre-cache")), (200, "hit"), "{other}");
        assert_eq!((again.header("etag"), &again.body), (first.header("etag"), &first.body));
        let form = site.ask("POST", "/sparql", &[FORM], &format!("format=csv&query={}", encoded(&other)));
        assert_eq!((form.header("aarre-cache"), &form.body), ("hit", &first.body));
    }
    for other in
        [TITLES.replace("?t", "?title"), format!("{TITLES} limit 2"), TITLES.replace("title", "creator")]
    {
        let other = get(&site, &other, "csv");
        assert_eq!((other.status, other.header("aarre-cache")), (200, "miss"));
        assert_ne!(other.header("etag"), first.header("etag"));
    }
    assert_eq!(get(&site, TITLES, "json").header("aarre-cache"), "miss", "another format");
    let never = "select (rand() as ?x) {}";
    assert_ne!(get(&site, never, "csv").body, get(&site, never, "csv").body);
    assert_eq!(get(&site, never, "csv").header("cache-control"), "no-store");
}

#[test]
fn a_posted_query_is_found_by_its_bytes() {
    let site = Site::new();
    let form = format!("format=csv&query={}", encoded(TITLES));
    let first = site.ask("POST", "/sparql", &[FORM], &form);
    assert_eq!((first.status, first.header("aarre-cache")), (200, "miss"));
    for _ in 0..3 {
        let again = site.ask("POST", "/sparql", &[FORM], &form);
        assert_eq!((again.status, again.header("aarre-cache"), &again.body), (200, "hit", &first.body));
        assert_eq!(again.header("etag"), first.header("etag"));
        let direct = site.ask("POST", "/sparql?format=csv", &[QUERY], TITLES);
        assert_eq!((direct.status, &direct.body), (200, &first.body));
    }
    // The same bytes as something else are another request.
    assert_eq!(site.ask("POST", "/sparql", &[("Content-Type", "text/plain")], &form).status, 415);
    assert_eq!(site.ask("POST", "/sparql", &[QUERY], &form).status, 400);
    assert_ne!(site.ask("POST", "/sparql", &[FORM, ("Accept", "text/html")], &form).status, 415);
    let other = site.ask("POST", "/sparql", &[FORM], &form.replace("csv", "tsv"));
    assert_ne!(other.body, first.body);
    // A body that comes in two pieces goes the long way to the same answer.
    for _ in 0..2 {
        let mut stream = TcpStream::connect(site.address).unwrap();
        let (one, two) = form.split_at(form.len() / 2);
        let head = format!(
            "POST /sparql HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{}: {}\r\nContent-Length: {}\r\n\r\n{one}",
            FORM.0,
            FORM.1,
            form.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.flush().unwrap();
        std::thread::sleep(Duration::from_millis(50));
        stream.write_all(two.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        assert!(answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
        assert!(answer.ends_with(&first.body), "{}", String::from_utf8_lossy(&answer));
    }
}

#[test]
fn a_kept_answer_has_the_bytes_and_headers_of_a_fresh_one() {
    let site = Site::new();
    let fresh_site = Site::with(|config| config.cache_bytes = 0);
    let queries = [
        ("select * {?s ?p ?o} order by ?s ?p ?o limit 90", ["json", "xml", "csv", "tsv"]),
        ("construct {?s ?p ?o} where {?s ?p ?o . filter(isliteral(?o))}", ["ttl", "nt", "rdf", "jsonld"]),
    ];
    let mut paths: Vec<String> = queries
        .iter()
        .flat_map(|(query, formats)| {
            formats.map(|format| format!("/sparql?query={}&format={format}", encoded(query)))
        })
        .collect();
    paths.extend(["ttl", "nt", "rdf", "jsonld"].map(|syntax| format!("/data/art/A%2F1%202.{syntax}")));
    for path in &paths {
        let fresh = fresh_site.get(path);
        for coding in ["identity", "gzip", "zstd"] {
            let coded: Vec<Answer> = (0..6)
                .map(|_| {
                    // The compressed form is made beside the requests.
                    std::thread::sleep(Duration::from_millis(20));
                    site.ask("GET", path, &[("Accept-Encoding", coding)], "")
                })
                .collect();
            let last = coded.last().unwrap();
            assert_eq!(last.header("aarre-cache"), "hit", "{path} {coding}");
            for answer in &coded {
                assert_eq!(plain(answer), fresh.body, "{path} {coding}");
                let names = |answer: &Answer| -> HashSet<(String, String)> {
                    let own = [
                        "date",
                        "aarre-cache",
                        "aarre-query",
                        "content-length",
                        "transfer-encoding",
                        "content-encoding",
                    ];
                    let counted = answer.headers.iter().filter(|(name, _)| !own.contains(&name.as_str()));
                    counted.cloned().collect()
                };
                assert_eq!(names(answer), names(&fresh), "{path} {coding}");
            }
            let tag = last.header("etag");
            let held = site.ask("GET", path, &[("If-None-Match", tag)], "");
            assert_eq!((held.status, held.body.len(), held.header("etag")), (304, 0, tag), "{path}");
            let head = site.ask("HEAD", path, &[], "");
            assert_eq!(
                (head.status, head.header("content-length")),
                (200, fresh.body.len().to_string().as_str())
            );
        }
    }
}

fn plain(answer: &Answer) -> Vec<u8> {
    use std::io::Read as _;
    let mut bytes = Vec::new();
    match answer.header("content-encoding") {
        "gzip" => drop(flate2::read::GzDecoder::new(&*answer.body).read_to_end(&mut bytes)),
        "zstd" => bytes = zstd::stream::decode_all(&*answer.body).unwrap(),
        _ => bytes.clone_from(&answer.body),
    }
    bytes
}

#[test]
fn an_answer_outlives_generations_that_do_not_change_what_it_touches() {
    let mut quads = graph();
    let site = Site::prepared(|home| index(home, 1, &graph()), |_| {});
    let letters = "select ?t { graph <https://data.example.org/graph/letters> { ?s <http://purl.org/dc/elements/1.1/title> ?t } } order by ?t";
    let (all, some) = (get(&site, TITLES, "csv"), get(&site, letters, "csv"));
    assert!(some.text().contains("Familjen"), "{}", some.text());
    // A new title in one graph; nothing else changes.
    quads.push(Quad::new(
        NamedNode::new(format!("{BASE}/id/art/new")).unwrap(),
        dc::TITLE,
        Literal::new_simple_literal("A new title"),
        GraphName::NamedNode(NamedNode::new(format!("{BASE}/graph/art")).unwrap()),
    ));
    let next = |number: u64, quads: &[Quad]| {
        index(site.home.path(), number, quads);
        publish(site.home.path(), number, quads);
        wait_for(&site, &format!("generation {number}"));
    };
    next(2, &quads);
    let (new_all, new_some) = (get(&site, TITLES, "csv"), get(&site, letters, "csv"));
    assert_eq!((new_some.header("aarre-cache"), new_some.header("etag")), ("hit", some.header("etag")));
    assert_eq!(new_some.body, some.body);
    assert_eq!(new_all.header("aarre-cache"), "miss");
    assert_ne!(new_all.header("etag"), all.header("etag"));
    assert!(new_all.text().contains("A new title"));
    let held = |query: &str, tag: &str| {
        let path = format!("/sparql?format=csv&query={}", encoded(query));
        site.ask("GET", &path, &[("If-None-Match", tag)], "").status
    };
    assert_eq!((held(letters, some.header("etag")), held(TITLES, all.header("etag"))), (304, 200));
    // What was taken back is what was answered before.
    next(3, &graph());
    let back = get(&site, TITLES, "csv");
    assert_eq!(
        (back.header("aarre-cache"), back.header("etag"), &back.body),
        ("hit", all.header("etag"), &all.body)
    );
}

/// A product of six hundred statements with themselves.
const ENDLESS: &str = "select * {?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l filter(?a = ?l)}";

fn begin(site: &Site, query: &str) -> TcpStream {
    let mut stream = TcpStream::connect(site.address).unwrap();
    let (name, value) = QUERY;
    let length = query.len();
    write!(
        stream,
        "POST /sparql HTTP/1.1\r\nHost: x\r\n{name}: {value}\r\nContent-Length: {length}\r\n\r\n{query}"
    )
    .unwrap();
    stream
}

/// The names of the queries that run.
fn running(site: &Site) -> Vec<String> {
    let told = super::client::ask(site.private.unwrap(), "GET", "/queries", &[], "").text();
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    let queries = told["queries"].as_array().unwrap().iter();
    queries.map(|query| query["id"].as_str().unwrap().to_owned()).collect()
}

/// One place, an operator, and so many seconds a query.
fn one_place(seconds: u64) -> Site {
    Site::with(|config| {
        config.places = std::num::NonZeroUsize::MIN;
        config.limits.seconds = seconds;
        config.private = Some("127.0.0.1:0".parse().unwrap());
    })
}

fn until_one_runs(site: &Site) -> Vec<String> {
    for _ in 0..600 {
        let queries = running(site);
        if !queries.is_empty() {
            return queries;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("nothing runs");
}

/// The same, counted: there is nothing to send before its end.
const COUNTED: &str = "select (count(*) as ?n) {?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l filter(?a = ?l)}";

#[test]
fn who_asked_first_may_leave_and_the_others_wait_for_the_same_evaluation() {
    let site = one_place(10);
    let first = begin(&site, COUNTED);
    let before = until_one_runs(&site);
    let address = site.address;
    let second =
        std::thread::spawn(move || super::client::ask(address, "POST", "/sparql", &[QUERY], COUNTED));
    std::thread::sleep(Duration::from_secs(2));
    drop(first);
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!(running(&site), before);
    assert_eq!(second.join().unwrap().status, 504);
}

#[test]
fn when_all_left_the_evaluation_ends_and_its_place_is_free() {
    // Longer than anybody waits for a place: who gets one did not wait for the end.
    let site = one_place(600);
    let streams = [begin(&site, ENDLESS), begin(&site, ENDLESS)];
    until_one_runs(&site);
    drop(streams);
    assert_eq!(get(&site, "ask {}", "json").status, 200);
}

#[test]
fn a_server_that_keeps_nothing_makes_every_answer() {
    let site = Site::with(|config| config.cache_bytes = 0);
    for _ in 0..3 {
        assert_eq!(get(&site, TITLES, "csv").header("aarre-cache"), "miss");
    }
    let small = Site::with(|config| config.cache_largest = 200);
    assert!(get(&small, "select * {?s ?p ?o} limit 50", "csv").body.len() > 200);
    assert_eq!(get(&small, "select * {?s ?p ?o} limit 50", "csv").header("aarre-cache"), "miss");
    get(&small, "ask {?s ?p ?o}", "json");
    assert_eq!(get(&small, "ask {?s ?p ?o}", "json").header("aarre-cache"), "hit");
}

#[test]
fn the_operator_sees_what_is_counted_and_the_public_does_not() {
    let site = Site::with(|config| config.private = Some("127.0.0.1:0".parse().unwrap()));
    get(&site, TITLES, "csv");
    get(&site, TITLES, "csv");
    assert_eq!(site.get("/metrics").status, 404);
    let told = super::client::ask(site.private.unwrap(), "GET", "/metrics", &[], "");
    let text = told.text();
    for name in [
        "aarre_requests_total{class=\"sparql\",status=\"200\"}",
        "aarre_cache_lookups_total{result=\"hot\"}",
        "aarre_queries_total{outcome=\"answered\"}",
        "aarre_request_seconds_bucket{class=\"sparql\"",
        "aarre_generation ",
        "aarre_generation_bytes{part=\"store\"}",
    ] {
        assert!(told.status == 200 && text.contains(name), "{name}\n{text}");
    }
}
