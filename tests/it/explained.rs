//! How queries are answered, told by the server that runs them in worker processes.

use crate::server;
use reqwest::blocking::Response;
use serde_json::Value;
use std::fs;
use std::time::{Duration, Instant};

const WORKS: &str = "PREFIX dc: <http://purl.org/dc/elements/1.1/>\nSELECT ?work ?name { ?work dc:creator ?by ; dc:title ?name }";

/// The lines of the server's log that tell of slow queries, once there are so many.
fn slow_lines(home: &server::Home, number: usize) -> Vec<Value> {
    let begun = Instant::now();
    loop {
        let log = fs::read_to_string(home.path().join("serve.log")).unwrap();
        let lines: Vec<Value> = log
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok())
            .filter(|line| line["target"] == "graph_serve::slow")
            .map(|mut line| line["fields"].take())
            .collect();
        if lines.len() >= number {
            return lines;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "{} of {number} lines in {log}", lines.len());
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn post(server: &server::Server, path: &str, query: &'static str) -> Response {
    server.post(path).header("content-type", "application/sparql-query").body(query).send().unwrap()
}

#[test]
fn the_server_and_the_command_line_tell_the_same() {
    let (home, server) = server::demo();
    let file = home.path().join("works.rq");
    fs::write(&file, WORKS).unwrap();
    let file = file.to_str().unwrap();
    let ask = |explain| post(server, &format!("/sparql?explain={explain}"), WORKS).text().unwrap();
    let (people, programs) = (ask("text"), ask("json"));
    assert!(people.contains("?by") && people.contains("solutions"), "{people}");
    assert_eq!(people, home.aarre(&["query", "--explain", file]).out);
    assert_eq!(programs.trim(), home.aarre(&["query", "--json", "--explain", file]).out.trim());
    let told: Value = serde_json::from_str(&programs).unwrap();
    let rows = told["rows"].as_u64().unwrap();
    assert_eq!(server.rows(WORKS).len() as u64, rows, "{told}");
}

#[test]
fn the_log_of_slow_queries_says_how_they_were_answered() {
    let (demo, _) = server::demo();
    let home = demo.beside("[serve]\nworkers = 2\nslow_query = 0\n[serve.limits]\nseconds = 1\n");
    let server = home.serve_with(&["--json"]);
    // Whatever is less work than handing it to a worker is never slow.
    let computed = "PREFIX dc: <http://purl.org/dc/elements/1.1/>\nSELECT ?work ?name { ?work dc:creator ?by ; dc:title ?name FILTER(STRLEN(?name) > 1) }";
    assert!(!server.rows(computed).is_empty());
    let endless = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(CONCAT(STR(?a), STR(?e)) = STR(?i)) }";
    let answer = post(&server, "/sparql", endless);
    assert!(!answer.status().is_success(), "{}", answer.status());
    let lines = slow_lines(&home, 2);
    let (first, second) = (&lines[0], &lines[1]);
    assert_eq!((first["query"].as_str(), first["outcome"].as_str()), (Some(computed), Some("answered")));
    let plan = first["plan"].as_str().unwrap();
    assert!(plan.contains("?work") && plan.contains("statements") && plan.contains("; "), "{plan}");
    assert!(!plan.contains('\n'), "{plan}");
    assert_ne!(second["outcome"], "answered", "{second}");
    assert!(second["plan"].as_str().unwrap().contains("statements"), "{second}");
}
