//! Whole graphs by the Graph Store Protocol, the service's description of itself, and the OpenAPI document.

use super::{BASE, Site};
use vocabularies::aarre;

const LETTERS: &str = "https%3A%2F%2Fdata.example.org%2Fgraph%2Fletters";

#[test]
fn a_graph_by_name_and_by_address_in_every_format() {
    let site = Site::new();
    let named = format!("/rdf-graph-store?graph={LETTERS}");
    for (format, content_type) in [
        ("ttl", "text/turtle; charset=utf-8"),
        ("jsonld", "application/ld+json"),
        ("nt", "application/n-triples"),
        ("rdf", "application/rdf+xml"),
        ("nq", "application/n-quads"),
        ("trig", "application/trig; charset=utf-8"),
    ] {
        let essence = content_type.split(';').next().unwrap();
        let by_name = site.get(&format!("{named}&format={format}"));
        let by_accept = site.accept(&named, essence);
        let by_address = site.accept("/graph/letters", essence);
        assert_eq!((by_name.status, by_name.header("content-type")), (200, content_type));
        assert!(by_name.whole && !by_name.body.is_empty(), "{format}");
        assert_eq!((&by_name.body, &by_name.body), (&by_accept.body, &by_address.body), "{format}");
    }
    let lines = site.get(&format!("{named}&format=nt"));
    assert_eq!(lines.text().lines().count(), 6, "{}", lines.text());
    let all = site.get("/rdf-graph-store?default&format=nt");
    let mut distinct: Vec<String> = all.text().lines().map(str::to_owned).collect();
    let count = distinct.len();
    distinct.sort();
    distinct.dedup();
    assert!(all.whole && count > 600 && distinct.len() == count, "{count} lines");
    let head = site.ask("HEAD", &named, &[], "");
    assert_eq!((head.status, head.header("content-type")), (200, "text/turtle; charset=utf-8"));
    let tag = lines.header("etag").to_owned();
    let again = site.ask("GET", &format!("{named}&format=nt"), &[("If-None-Match", &tag)], "");
    assert_eq!(again.status, 304);
}

#[test]
fn what_is_no_graph_and_what_would_write() {
    let site = Site::new();
    for (status, path) in [
        (404, "/rdf-graph-store?graph=urn:no"),
        (404, "/graph/nobody"),
        (400, "/rdf-graph-store"),
        (400, "/rdf-graph-store?graph=relative"),
        (400, "/rdf-graph-store?graph=urn:a&graph=urn:b"),
        (400, "/rdf-graph-store?graph=urn:a&default"),
        (400, "/rdf-graph-store?default&format=csv"),
        (400, "/rdf-graph-store?default&format=ttl&format=nt"),
    ] {
        let answer = site.get(path);
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (status, "application/problem+json"),
            "{path}"
        );
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{path}");
    }
    assert_eq!(site.accept("/rdf-graph-store?default", "text/csv").status, 406);
    for method in ["PUT", "POST", "DELETE", "PATCH"] {
        for path in ["/rdf-graph-store?default", "/rdf-graph-store", "/graph/letters", "/graph/new"] {
            let answer = site.ask(method, path, &[("Content-Type", "text/turtle")], "<urn:a> <urn:b> 1 .");
            assert_eq!(answer.status, 405, "{method} {path}");
            assert_eq!(answer.header("allow"), "GET, HEAD, OPTIONS", "{method} {path}");
            assert_eq!(answer.header("content-type"), "application/problem+json", "{method} {path}");
        }
    }
}

#[test]
fn the_service_describes_itself() {
    let site = Site::new();
    for (accept, content_type) in [
        ("", "text/turtle; charset=utf-8"),
        ("*/*", "text/turtle; charset=utf-8"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("application/trig", "application/trig; charset=utf-8"),
        ("text/turtle, text/html;q=0.5", "text/turtle; charset=utf-8"),
        ("text/html, */*;q=0.5", "text/html; charset=utf-8"),
    ] {
        let answer = if accept.is_empty() { site.get("/sparql") } else { site.accept("/sparql", accept) };
        assert_eq!((answer.status, answer.header("content-type")), (200, content_type), "{accept}");
    }
    let text = site.get("/sparql?format=nt").text();
    for said in [
        "#endpoint> <https://data.example.org/sparql>",
        "#UnionDefaultGraph>",
        "formats/TriG>",
        "/entailment/Simple>",
        "/geosparql/distance>",
        &format!("#propertyFeature> {}", aarre::MATCHES),
        &format!("#languageExtension> {}", aarre::TEXT),
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    // What is counted is what a query counts.
    let site = Site::prepared(|home| super::index(home, 1, &super::graph()), |_| {});
    let text = site.get("/sparql?format=nt").text();
    for (said, query) in [
        ("triples", "select (count(*) as ?n) {?s ?p ?o}"),
        ("properties", "select (count(distinct ?p) as ?n) {?s ?p ?o}"),
        ("distinctSubjects", "select (count(distinct ?s) as ?n) {?s ?p ?o}"),
        ("distinctObjects", "select (count(distinct ?o) as ?n) {?s ?p ?o}"),
    ] {
        let path = "/sparql?format=tsv";
        let answer = site.ask("POST", path, &[("Content-Type", "application/sparql-query")], query).text();
        let number = answer.lines().nth(1).unwrap().to_owned();
        let line = format!("/void#{said}> \"{number}\"");
        assert!(number.parse::<u64>().unwrap() > 5 && text.contains(&line), "{line}: {text}");
    }
    // A request that names graphs has lost its query.
    assert_eq!(site.get(&format!("/sparql?default-graph-uri={LETTERS}")).status, 400);
    assert_eq!(site.get("/sparql?query=").status, 400);
    assert_eq!(site.accept("/sparql", "image/png").status, 406);
    let relative = site.get("/sparql?query=ASK%7B%7D&default-graph-uri=letters");
    assert!(relative.status == 400 && relative.text().contains("no absolute IRI"), "{}", relative.text());
}

#[test]
fn formats_go_by_the_names_that_clients_use() {
    let site = Site::new();
    let rows = "/sparql?query=select%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D%20limit%202";
    let graph = "/sparql?query=construct%20where%20%7B%3Fs%20%3Fp%20%3Fo%7D";
    for (query, parameters, content_type) in [
        (rows, "output=csv", "text/csv; charset=utf-8; header=present"),
        (rows, "results=xml", "application/sparql-results+xml"),
        (rows, "format=json&output=json&results=json", "application/sparql-results+json"),
        (rows, "format=application%2Fsparql-results%2Bxml", "application/sparql-results+xml"),
        (rows, "format=csv&format=text%2Fcsv", "text/csv; charset=utf-8; header=present"),
        (graph, "format=turtle", "text/turtle; charset=utf-8"),
        (graph, "format=xml", "application/rdf+xml"),
        (graph, "format=json-ld", "application/ld+json"),
        (graph, "format=nquads", "application/n-quads"),
        (graph, "format=trig", "application/trig; charset=utf-8"),
    ] {
        let answer = site.get(&format!("{query}&{parameters}"));
        assert_eq!((answer.status, answer.header("content-type")), (200, content_type), "{parameters}");
    }
    assert_eq!(site.get(&format!("{rows}&format=csv&format=json")).status, 400);
}

#[test]
fn the_openapi_document_names_what_is_there() {
    let site = Site::indexed();
    let answer = site.get("/openapi.json");
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"));
    let document: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(document["servers"][0]["url"], BASE);
    for path in document["paths"].as_object().unwrap().keys() {
        // What has no rest to fill in has to be there.
        if !path.contains('{') {
            let status = site.get(path).status;
            assert!(status == 200 || path == "/rdf-graph-store", "{path}: {status}");
        }
    }
}
