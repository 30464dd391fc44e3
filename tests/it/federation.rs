//! `SERVICE`: off unless the operator lists an endpoint, and then to that one alone. The queries run in worker processes,
//! which have no network.

use crate::server::{self, Home};
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// The status and the body of an answer in CSV, with the line ends of text.
fn ask(server: &server::Server, query: &str) -> (u16, String) {
    let answer = server
        .post("/sparql")
        .header("content-type", "application/sparql-query")
        .header("accept", "text/csv, application/problem+json")
        .body(query.to_owned())
        .send()
        .unwrap();
    (answer.status().as_u16(), answer.text().unwrap().replace("\r\n", "\n"))
}

/// An endpoint that answers every request with the same bytes, and counts them.
struct Endpoint {
    address: String,
    met: Arc<AtomicUsize>,
}

impl Endpoint {
    fn answering(answer: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let met = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&met);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                counter.fetch_add(1, Ordering::SeqCst);
                let mut stream = stream.unwrap();
                stream.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
                let mut request = [0; 16 << 10];
                let _ = stream.read(&mut request);
                let _ = stream.write_all(answer.as_bytes());
            }
        });
        Self { address, met }
    }

    fn with(status: &str, header: &str, body: &str) -> Self {
        let length = body.len();
        Self::answering(format!(
            "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n{header}\r\n\r\n{body}"
        ))
    }

    fn met(&self) -> usize {
        self.met.load(Ordering::SeqCst)
    }
}

const JSON: &str = "Content-Type: application/sparql-results+json";

fn beside(settings: &str) -> (Home, server::Server) {
    let (demo, _) = server::demo();
    let home = demo.beside(settings);
    let server = home.serve();
    (home, server)
}

fn listed(addresses: &[&str]) -> String {
    format!("[serve]\nworkers = 2\nfederation = {addresses:?}\n")
}

#[test]
fn nobody_is_called_who_is_not_listed() {
    let watcher = Endpoint::with("200 OK", JSON, "{}");
    let port = watcher.address.rsplit_once(':').unwrap().1.to_owned();
    let six = TcpListener::bind("[::1]:0").ok();
    let six_port = six.as_ref().map_or(9, |listener| listener.local_addr().unwrap().port());
    let mut services = Vec::new();
    for host in [
        "127.0.0.1",
        "localhost",
        "127.1",
        "0x7f000001",
        "2130706433",
        "0177.0.0.1",
        "0.0.0.0",
        "127.0.0.1.",
        "[::ffff:127.0.0.1]",
        "allowed.example@127.0.0.1",
        "user:word@127.0.0.1",
        "LOCALHOST",
        "127.0.0.1%2f",
    ] {
        services.push(format!("http://{host}:{port}/sparql"));
        services.push(format!("https://{host}:{port}/"));
    }
    services.extend(
        [
            "http://169.254.169.254/latest/meta-data/",
            "http://[fe80::1]/",
            "file:///etc/passwd",
            "ftp://127.0.0.1/",
            "gopher://127.0.0.1:70/",
            "data:text/plain,x",
            "urn:x:y",
            "https://allowed.example.org/sparql",
            "https://allowed.example:8443/sparql",
            "http://allowed.example/sparql",
        ]
        .map(str::to_owned),
    );
    services.push(format!("http://[::1]:{six_port}/"));
    // Off, and on for somebody else.
    for settings in ["[serve]\nworkers = 2\n".to_owned(), listed(&["https://allowed.example/sparql"])] {
        let (_home, server) = beside(&settings);
        for service in &services {
            for silent in ["", "SILENT "] {
                let (status, body) =
                    ask(&server, &format!("SELECT * {{ SERVICE {silent}<{service}> {{ ?s ?p ?o }} }}"));
                assert_eq!(status, 400, "{service}: {body}");
            }
        }
        for query in [
            format!("SELECT * {{ VALUES ?x {{ <{}> }} SERVICE ?x {{ ?s ?p ?o }} }}", watcher.address),
            format!("SELECT * {{ BIND(IRI('{}') AS ?x) SERVICE SILENT ?x {{ ?s ?p ?o }} }}", watcher.address),
            format!("ASK {{ FILTER EXISTS {{ SERVICE <{}> {{ ?s ?p ?o }} }} }}", watcher.address),
            format!(
                "SELECT * {{ SERVICE <https://allowed.example/sparql> {{ SERVICE <{}> {{ ?s ?p ?o }} }} }}",
                watcher.address
            ),
            format!("BASE <{}> SELECT * {{ SERVICE </sparql> {{ ?s ?p ?o }} }}", watcher.address),
            format!("PREFIX x: <{}/> SELECT * {{ SERVICE x:sparql {{ ?s ?p ?o }} }}", watcher.address),
            format!("SELECT * FROM <{}/data.ttl> {{ SERVICE x:y {{}} }}", watcher.address),
        ] {
            let (status, body) = ask(&server, &query);
            assert_eq!(status, 400, "{query}: {body}");
        }
        // A graph of another host is not fetched; it is one that is not here.
        let (status, body) =
            ask(&server, &format!("SELECT * FROM <{}/data.ttl> {{ ?s ?p ?o }}", watcher.address));
        assert_eq!((status, body.lines().count()), (200, 1), "{body}");
    }
    assert_eq!(watcher.met(), 0, "somebody was called");
    if let Some(six) = six {
        six.set_nonblocking(true).unwrap();
        assert!(six.accept().is_err(), "somebody was called");
    }
}

#[test]
fn a_listed_endpoint_answers_and_is_joined() {
    let (_, demo) = server::demo();
    let endpoint = format!("{}/sparql", demo.base);
    let (_home, server) = beside(&listed(&[&endpoint]));
    let pattern = "?work <http://purl.org/dc/elements/1.1/creator> ?by";
    let here = format!("SELECT ?by (COUNT(*) AS ?n) {{ {pattern} }} GROUP BY ?by ORDER BY ?by");
    let there = format!(
        "SELECT ?by (COUNT(*) AS ?n) {{ SERVICE <{endpoint}> {{ {pattern} }} }} GROUP BY ?by ORDER BY ?by"
    );
    let (expected, met) = (ask(&server, &here), ask(&server, &there));
    assert_eq!(expected.0, 200, "{}", expected.1);
    assert!(expected.1.lines().count() > 10, "{}", expected.1);
    assert_eq!(met, expected);
    // Half here, half there; yes or no; in the other's own words.
    let name = "?by <http://www.w3.org/2004/02/skos/core#prefLabel> ?name";
    let both =
        ask(&server, &format!("SELECT (COUNT(*) AS ?n) {{ {pattern} SERVICE <{endpoint}> {{ {name} }} }}"));
    assert_eq!(both, ask(&server, &format!("SELECT (COUNT(*) AS ?n) {{ {pattern} . {name} }}")));
    let limited = format!("SELECT ?s {{ SERVICE <{endpoint}> {{ SELECT ?s {{ ?s ?p ?o }} LIMIT 3 }} }}");
    assert_eq!(ask(&server, &limited).1.lines().count(), 4);
    let described = server.get("/sparql?format=nt").send().unwrap().text().unwrap();
    assert!(described.contains("#BasicFederatedQuery>"), "{described}");
    let (_home, threads) = beside(&listed(&[&endpoint]).replace("workers = 2", "workers = 0"));
    assert_eq!(ask(&threads, &there), expected);
}

#[test]
fn what_is_wrong_with_an_endpoint_is_said_and_goes_no_further() {
    let watcher = Endpoint::with("200 OK", JSON, "{}");
    let redirect = Endpoint::with("302 Found", &format!("Location: {}/elsewhere", watcher.address), "");
    let broken =
        Endpoint::with("200 OK", JSON, "{\"head\": {\"vars\": [\"s\"]}, \"results\": {\"bindings\": [");
    let wrong = Endpoint::with("500 Internal Server Error", JSON, "{}");
    let page = Endpoint::with("200 OK", "Content-Type: text/html", "<html>");
    let large = Endpoint::with("200 OK", JSON, &" ".repeat(5 << 20));
    let closed = TcpListener::bind("127.0.0.1:0").unwrap();
    let gone = format!("http://{}", closed.local_addr().unwrap());
    drop(closed);
    // It takes the request and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let mute = format!("http://{}", silent.local_addr().unwrap());
    let port = redirect.address.rsplit_once(':').unwrap().1.to_owned();
    let named = format!("http://localhost:{port}");
    let all = [
        &redirect.address,
        &broken.address,
        &wrong.address,
        &page.address,
        &large.address,
        &gone,
        &mute,
        &named,
    ];
    let addresses: Vec<&str> = all.iter().map(|address| address.as_str()).collect();
    let (_home, server) = beside(&format!("{}[serve.limits]\nseconds = 3\n", listed(&addresses)));
    for (service, status, said) in [
        (&redirect.address, 502, "302"),
        (&broken.address, 502, "cannot be read"),
        (&wrong.address, 502, "500"),
        (&page.address, 502, "text/html"),
        (&large.address, 502, "more than"),
        (&gone, 502, "cannot be reached"),
        (&mute, 504, "did not end within"),
        // A name that leads to this host is not followed, even if it is listed.
        (&named, 502, "public network"),
    ] {
        let (met, body) = ask(&server, &format!("SELECT * {{ SERVICE <{service}> {{ ?s ?p ?o }} }}"));
        assert_eq!(met, status, "{service}: {body}");
        assert!(body.contains(said), "{said}: {body}");
    }
    assert_eq!((redirect.met(), watcher.met()), (1, 0), "a redirect was followed, or a name that leads home");
    // Whoever says SILENT goes on without.
    let (status, body) =
        ask(&server, &format!("SELECT ?x {{ VALUES ?x {{ 1 }} SERVICE SILENT <{gone}> {{ ?s ?p ?o }} }}"));
    assert_eq!((status, body.as_str()), (200, "x\n1\n"));
    // The workers are as good as before.
    assert_eq!(ask(&server, "SELECT ?x { VALUES ?x { 1 } }").0, 200);
}
