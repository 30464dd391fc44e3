//! The suites that are made of requests: protocol, graph store protocol, service description.
//!
//! The graph store of a public address is read only. So what a test writes is published before the server starts, a graph
//! for each state that the test reads; each write is sent too, and has to be refused with the methods that there are.

use super::manifest::{MF, Manifest, Suite, fragment, node, parse_graph};
use super::{Ledger, answers, suites};
use crate::server::{Home, Server};
use oxigraph::io::RdfFormat;
use oxrdf::{Graph, NamedOrBlankNode, Term};
use reqwest::Method;
use std::collections::BTreeMap;

/// The suites whose rows of the skip list are judged here.
pub(super) const SUITES: [&str; 3] =
    ["sparql11/protocol/", "sparql11/graph-store-protocol/", "sparql11/service-description/"];
const HT: &str = "http://www.w3.org/2011/http#";
const CNT: &str = "http://www.w3.org/2011/content#";
const UT: &str = "http://www.w3.org/2009/sparql/tests/test-update#";
const SD: &str = "http://www.w3.org/ns/sparql-service-description#";

/// A request with what is expected of its answer.
struct Step {
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    statuses: Vec<String>,
    truth: Option<bool>,
    format: Option<String>,
    content_type: Option<String>,
    graph: Option<String>,
}

fn text(term: Option<Term>) -> Option<String> {
    match term? {
        Term::Literal(literal) => Some(literal.value().to_owned()),
        Term::NamedNode(node) => Some(fragment(node.as_str())),
        other => panic!("{other} is no text"),
    }
}

fn steps(manifest: &Manifest, test: &NamedOrBlankNode) -> Vec<Step> {
    let action = node(&manifest.object(test.as_ref(), &format!("{MF}action")).unwrap());
    let list = manifest.object(action.as_ref(), &format!("{HT}requests")).unwrap();
    manifest.list(&list).iter().map(|request| step(manifest, &node(request))).collect()
}

fn step(manifest: &Manifest, request: &NamedOrBlankNode) -> Step {
    let of = |subject: &NamedOrBlankNode, name: String| manifest.object(subject.as_ref(), &name);
    let headers = |subject: &NamedOrBlankNode| -> Vec<(String, String)> {
        let list = of(subject, format!("{HT}headers"));
        let members = list.iter().flat_map(|list| manifest.list(list)).map(|member| node(&member));
        members
            .map(|header| {
                let part = |name: &str| text(of(&header, format!("{HT}{name}"))).unwrap();
                (part("fieldName"), part("fieldValue"))
            })
            .collect()
    };
    let body = |subject: &NamedOrBlankNode| -> Option<Vec<u8>> {
        let body = node(&of(subject, format!("{HT}body"))?);
        let chars = text(of(&body, format!("{CNT}chars")))?;
        Some(match text(of(&body, format!("{CNT}characterEncoding"))).as_deref() {
            Some("UTF-16") => chars.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            _ => chars.into_bytes(),
        })
    };
    let response = node(&of(request, format!("{HT}resp")).unwrap());
    let statuses = manifest.objects(response.as_ref(), &format!("{MF}expectedStatus"));
    Step {
        method: text(of(request, format!("{HT}methodName"))).unwrap(),
        path: text(of(request, format!("{HT}absolutePath"))).unwrap(),
        headers: headers(request),
        body: body(request).unwrap_or_default(),
        statuses: statuses.into_iter().filter_map(|status| text(Some(status))).collect(),
        truth: text(of(&response, format!("{MF}expectedBoolean"))).map(|truth| truth == "true"),
        format: text(of(&response, format!("{MF}expectedFormat"))),
        content_type: headers(&response).into_iter().next().map(|(_, value)| value),
        graph: body(&response).map(|bytes| String::from_utf8(bytes).unwrap()),
    }
}

/// What a server said.
struct Said {
    status: u16,
    content_type: String,
    allow: String,
    body: Vec<u8>,
}

fn send(server: &Server, step: &Step, path: &str) -> Said {
    let method = Method::from_bytes(step.method.as_bytes()).unwrap();
    let mut request = server.request(method, path);
    for (name, value) in &step.headers {
        request = request.header(name, value);
    }
    let response = request.body(step.body.clone()).send().unwrap();
    let header = |name: &str| {
        response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
    };
    let (content_type, allow) = (header("content-type"), header("allow"));
    Said { status: response.status().as_u16(), content_type, allow, body: response.bytes().unwrap().to_vec() }
}

fn status_fits(step: &Step, said: &Said) -> Result<(), String> {
    let fits = step.statuses.iter().any(|status| match status.as_str() {
        "StatusCode2xx" => (200..300).contains(&said.status),
        "StatusCode3xx" => (300..400).contains(&said.status),
        "StatusCode4xx" => (400..500).contains(&said.status),
        "OK" => said.status == 200,
        "NotFound" => said.status == 404,
        "Created" => said.status == 201,
        "NoContent" => said.status == 204,
        other => panic!("{other} is no status"),
    });
    if fits {
        return Ok(());
    }
    let body = String::from_utf8_lossy(&said.body);
    Err(format!(
        "{} {}: status {} instead of {:?}: {body}",
        step.method, step.path, said.status, step.statuses
    ))
}

fn suite(root: &std::path::Path, name: &str) -> Suite {
    Suite::all(root).into_iter().find(|suite| suite.name == name).unwrap()
}

#[test]
fn protocol() {
    let Some(root) = suites() else { return };
    let suite = suite(&root, "sparql11/protocol");
    let manifest = Manifest::read(&suite.folder.join("manifest.ttl"), &suite.base);
    let label = "http://www.w3.org/2000/01/rdf-schema#label";
    let mut graphs = BTreeMap::new();
    for test in manifest.entries() {
        for data in manifest.objects(test.as_ref(), &format!("{UT}graphData")) {
            let data = node(&data);
            let name = text(manifest.object(data.as_ref(), label)).unwrap();
            let Some(Term::NamedNode(file)) = manifest.object(data.as_ref(), &format!("{UT}graph")) else {
                panic!("{data} has no file")
            };
            graphs.insert(name, super::read_graph(&suite.path(file.as_str()), file.as_str()));
        }
    }
    assert!(graphs.len() >= 3, "{} graphs", graphs.len());
    let home = Home::of(|_| super::quads(&graphs));
    let server = home.serve();
    let mut ledger = Ledger::new("index");
    for test in manifest.entries() {
        let name = format!("{}/{}", suite.name, fragment(&test.to_string()));
        let verdict = steps(&manifest, &test).iter().try_for_each(|step| {
            let path = step.path.replacen("/sparql/", "/sparql", 1);
            let said = send(&server, step, &path);
            status_fits(step, &said)?;
            if said.status >= 400 {
                return problem(&said);
            }
            let fits = match step.format.as_deref() {
                Some("boolean") => matches!(
                    answers::given(&said.content_type, &said.body)?,
                    answers::Answer::Truth(truth) if Some(truth) == step.truth.or(Some(truth))
                ),
                Some("tabular") => {
                    matches!(answers::given(&said.content_type, &said.body)?, answers::Answer::Rows { .. })
                }
                Some(_) => {
                    matches!(answers::given(&said.content_type, &said.body)?, answers::Answer::Graph(_))
                }
                None => true,
            };
            if fits { Ok(()) } else { Err(format!("{}: {}", step.path, said.content_type)) }
        });
        ledger.enter(&suite.name, &name, verdict);
    }
    let faults = ledger.close(|name| name.starts_with(SUITES[0]));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What is refused is refused as RFC 9457 has it.
fn problem(said: &Said) -> Result<(), String> {
    let body: serde_json::Value = serde_json::from_slice(&said.body).map_err(|error| error.to_string())?;
    let whole = said.content_type == "application/problem+json"
        && body["status"] == said.status
        && ["type", "title", "detail"]
            .iter()
            .all(|name| body[*name].as_str().is_some_and(|text| !text.is_empty()));
    if whole { Ok(()) } else { Err(format!("{} with {body}", said.content_type)) }
}

/// A step of a test of the graph store: the graph that a read finds, under a name of its own.
struct Read {
    step: Step,
    path: String,
    /// What is published under which name; `None` for the default graph.
    holds: Option<(Option<String>, Graph)>,
}

enum Replayed {
    Read(Box<Read>),
    Write(Step),
}

const WRITTEN: &str = "http://www.example/gsp/";

/// Plays the writes of a test on a store of our own, and notes what each read has to find.
fn replay(number: usize, steps: Vec<Step>, base: &str) -> Vec<Replayed> {
    let mut store: BTreeMap<String, Graph> = BTreeMap::new();
    let mut replayed = Vec::new();
    for (index, step) in steps.into_iter().enumerate() {
        let created = format!("{WRITTEN}created-{number}");
        let address = step.path.replace("$LOCATION$", &created);
        let name = match address.split_once('?') {
            Some((_, "default")) => "default".to_owned(),
            Some((_, query)) => decode(query.strip_prefix("graph=").unwrap()),
            None if address == "/gsp" => created,
            None => format!("http://www.example{address}"),
        };
        if !matches!(step.method.as_str(), "GET" | "HEAD") {
            let parts = parts(&step);
            match step.method.as_str() {
                "PUT" => drop(store.insert(name, parts)),
                "POST" => store.entry(name).or_default().extend(&parts),
                "DELETE" => drop(store.remove(&name)),
                other => panic!("{other} is no method of the protocol"),
            }
            replayed.push(Replayed::Write(step));
            continue;
        }
        let graph = store.get(&name).cloned();
        let own = format!("gsp/{number}-{index}/{}", name.trim_start_matches(WRITTEN));
        let (path, published) = match address.split_once('?') {
            Some((_, "default")) => ("/rdf-graph-store?default".to_owned(), None),
            // Everything around the name stays as the test spells it.
            Some((_, query)) => {
                let plain = query.replacen("gsp/", &format!("gsp/{number}-{index}/"), 1);
                let coded = plain.replacen("gsp%2F", &format!("gsp%2F{number}-{index}%2F"), 1);
                (format!("/rdf-graph-store?{coded}"), Some(format!("http://www.example/{own}")))
            }
            None => (format!("/graph/{own}"), Some(format!("{base}/graph/{own}"))),
        };
        replayed.push(Replayed::Read(Box::new(Read {
            step,
            path,
            holds: graph.map(|graph| (published, graph)),
        })));
    }
    replayed
}

fn decode(text: &str) -> String {
    let mut parts = text.split('%');
    let mut decoded = parts.next().unwrap().to_owned();
    for part in parts {
        decoded.push(char::from(u8::from_str_radix(&part[..2], 16).unwrap()));
        decoded.push_str(&part[2..]);
    }
    decoded
}

/// The graph in the body of a write, in parts or in one.
fn parts(step: &Step) -> Graph {
    let body = String::from_utf8(step.body.clone()).unwrap();
    let content_type = step.headers.iter().find(|(name, _)| name == "content-type");
    let turtle = match content_type.and_then(|(_, value)| value.split_once("boundary=")) {
        None => vec![body],
        Some((_, boundary)) => body
            .split(&format!("--{boundary}"))
            .filter_map(|part| part.split_once("\r\n\r\n").or_else(|| part.split_once("\n\n")))
            .map(|(_, turtle)| turtle.to_owned())
            .collect(),
    };
    let mut graph = Graph::new();
    for turtle in turtle {
        graph.extend(&parse_graph(turtle.as_bytes(), RdfFormat::Turtle, WRITTEN).unwrap());
    }
    graph
}

#[test]
fn graph_store_protocol() {
    let Some(root) = suites() else { return };
    let suite = suite(&root, "sparql11/graph-store-protocol");
    let mut ledger = Ledger::new("index");
    // What stands in the default graph is the union of all, so the test of it has a home of its own.
    for default in [true, false] {
        let mut tests = Vec::new();
        let home = Home::of(|base| {
            let mut graphs = BTreeMap::new();
            for file in ["manifest-direct.ttl", "manifest-indirect.ttl"] {
                let manifest = Manifest::read(&suite.folder.join(file), &suite.base);
                for test in manifest.entries() {
                    let steps = steps(&manifest, &test);
                    if steps.iter().any(|step| step.path.ends_with("?default")) != default {
                        continue;
                    }
                    let name = format!("{}/{}", suite.name, fragment(&test.to_string()));
                    let replayed = replay(tests.len(), steps, base);
                    for step in &replayed {
                        if let Replayed::Read(read) = step
                            && let Some((name, graph)) = &read.holds
                        {
                            let name = name.clone().unwrap_or_else(|| "http://www.example/any".to_owned());
                            graphs.insert(name, graph.clone());
                        }
                    }
                    tests.push((name, replayed));
                }
            }
            super::quads(&graphs)
        });
        assert!(!tests.is_empty());
        let server = home.serve();
        for (name, replayed) in tests {
            ledger.enter(&suite.name, &name, replayed.iter().try_for_each(|step| play(&server, step)));
        }
    }
    let faults = ledger.close(|name| name.starts_with(SUITES[1]));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn play(server: &Server, replayed: &Replayed) -> Result<(), String> {
    let read = match replayed {
        Replayed::Write(step) => {
            let path = match step.path.strip_prefix("/gsp/") {
                Some(direct) => format!("/graph/gsp/{direct}"),
                None => step.path.replacen("/gsp", "/rdf-graph-store", 1),
            };
            let said = send(server, step, &path);
            let refused =
                said.status == 405 && said.allow.contains("GET") && !said.allow.contains(&step.method);
            return if refused {
                problem(&said)
            } else {
                Err(format!("{} is answered {}", step.method, said.status))
            };
        }
        Replayed::Read(read) => read,
    };
    let said = send(server, &read.step, &read.path);
    status_fits(&read.step, &said)?;
    let fits = read.step.content_type.as_ref().is_none_or(|wanted| *wanted == said.content_type);
    if !fits {
        return Err(format!("{}: {} instead of {:?}", read.path, said.content_type, read.step.content_type));
    }
    let Some(turtle) = &read.step.graph else { return Ok(()) };
    let wanted = answers::given("text/turtle", turtle.as_bytes()).unwrap();
    answers::compare(&wanted, &answers::given(&said.content_type, &said.body)?, false)
}

#[test]
fn service_description() {
    let Some(root) = suites() else { return };
    let suite = suite(&root, "sparql11/service-description");
    let manifest = Manifest::read(&suite.folder.join("manifest.ttl"), &suite.base);
    let home = Home::of(|_| super::quads(&BTreeMap::new()));
    let server = home.serve();
    let described = |accept: &str| {
        let response = server.get("/sparql").header("accept", accept).send().unwrap();
        assert_eq!(response.status(), 200, "{accept}");
        let content_type = response.headers()["content-type"].to_str().unwrap().to_owned();
        answers::given(&content_type, &response.bytes().unwrap())
    };
    let mut ledger = Ledger::new("index");
    for test in manifest.entries() {
        let name = fragment(&test.to_string());
        let answers::Answer::Graph(rows) = described("text/turtle").unwrap() else { panic!("no graph") };
        let verdict = match name.as_str() {
            "returns-rdf" => ["application/rdf+xml", "application/n-triples", "application/ld+json", "*/*"]
                .iter()
                .try_for_each(|accept| {
                    let same = answers::compare(&described("text/turtle")?, &described(accept)?, false);
                    same.map_err(|why| format!("{accept}: {why}"))
                }),
            "has-endpoint-triple" => {
                let endpoint = format!("<{}/sparql>", server.base);
                let found = rows.iter().flatten().flatten().any(|term| term.to_string() == endpoint)
                    && rows
                        .iter()
                        .any(|row| said(row, 1) == format!("<{SD}endpoint>") && said(row, 2) == endpoint);
                if found { Ok(()) } else { Err(format!("no sd:endpoint {endpoint}")) }
            }
            "conforms-to-schema" => conforms(&rows),
            other => panic!("{other} is a test that is not known"),
        };
        ledger.enter(&suite.name, &format!("{}/{name}", suite.name), verdict);
    }
    let faults = ledger.close(|name| name.starts_with(SUITES[2]));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn said(row: &[Option<Term>], place: usize) -> String {
    row[place].as_ref().unwrap().to_string()
}

/// The properties of the Service Description vocabulary with the class of what has them and of what they point at;
/// nothing where the vocabulary says nothing.
const SCHEMA: [(&str, &str, &str); 14] = [
    ("endpoint", "Service", ""),
    ("feature", "Service", ""),
    ("defaultEntailmentRegime", "Service", ""),
    ("entailmentRegime", "NamedGraph", ""),
    ("extensionFunction", "Service", "Function"),
    ("extensionAggregate", "Service", "Aggregate"),
    ("languageExtension", "Service", ""),
    ("supportedLanguage", "Service", ""),
    ("propertyFeature", "Service", ""),
    ("defaultDataset", "Service", "Dataset"),
    ("availableGraphs", "Service", "GraphCollection"),
    ("resultFormat", "Service", ""),
    ("inputFormat", "Service", ""),
    ("defaultGraph", "Dataset", "Graph"),
];

/// Whether each property of the vocabulary is one, stands on what it may and points at what it may.
fn conforms(rows: &[Vec<Option<Term>>]) -> Result<(), String> {
    let class = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>";
    let is = |term: &str, kind: &str| {
        rows.iter().any(|row| {
            said(row, 0) == term && said(row, 1) == class && said(row, 2) == format!("<{SD}{kind}>")
        })
    };
    let mut used = 0;
    for row in rows {
        let property = said(row, 1);
        let Some(name) = property.strip_prefix(&format!("<{SD}")).map(|rest| rest.trim_end_matches('>'))
        else {
            continue;
        };
        let others = [
            ("namedGraph", "Dataset", "NamedGraph"),
            ("name", "NamedGraph", ""),
            ("graph", "NamedGraph", "Graph"),
        ];
        let known = SCHEMA.iter().chain(&others).find(|(property, ..)| *property == name);
        let Some((_, domain, range)) = known else { return Err(format!("sd:{name} is no property")) };
        if !is(&said(row, 0), domain) || !(range.is_empty() || is(&said(row, 2), range)) {
            return Err(format!("sd:{name} stands between {} and {}", said(row, 0), said(row, 2)));
        }
        used += 1;
    }
    if used >= 6 { Ok(()) } else { Err(format!("only {used} statements describe the service")) }
}
