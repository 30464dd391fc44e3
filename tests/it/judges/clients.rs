//! The clients that people have, unmodified, ask the demo's server: SPARQLWrapper, rdflib and pandas in one script,
//! Comunica from npm, and schemathesis tries what the OpenAPI document says.

use super::{passed_over, python, run};
use crate::command::root;
use crate::real_data::show;
use crate::server::demo;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

#[test]
fn python_clients_ask_unmodified() {
    let python = match python("clients.txt") {
        Ok(python) => python,
        Err(why) => return passed_over(&format!("the Python clients cannot be installed: {why}")),
    };
    let (_, server) = demo();
    let asked = Command::new(python)
        .arg("-W")
        .arg("ignore")
        .arg(root().join("tests/judges/clients.py"))
        .arg(&server.base)
        .env("no_proxy", "127.0.0.1")
        .output()
        .unwrap();
    assert!(asked.status.success(), "{}", String::from_utf8_lossy(&asked.stderr));
    let (mut tasks, mut faults) = (BTreeMap::new(), Vec::new());
    for line in String::from_utf8(asked.stdout).unwrap().lines() {
        let verdict: serde_json::Value = serde_json::from_str(line).unwrap();
        let client = verdict["client"].as_str().unwrap().to_owned();
        *tasks.entry(client).or_insert(0) += 1;
        if !verdict["fault"].is_null() {
            faults.push(verdict.to_string());
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    let expected = [("pandas", 2), ("rdflib", 4), ("sparqlwrapper", 6)];
    assert_eq!(tasks, expected.map(|(client, count)| (client.to_owned(), count)).into());
    show(&format!("clients: {tasks:?} tasks done"));
}

/// What schemathesis checks. Left out is that whatever fits the document is taken: no schema tells which texts are queries.
const CHECKS: &str = "no_fault_of_the_server,status_code_conformance,content_type_conformance,\
                      response_schema_conformance,response_headers_conformance,unsupported_method";

#[test]
fn schemathesis_finds_the_server_as_its_document_says() {
    let python = match python("clients.txt") {
        Ok(python) => python,
        Err(why) => return passed_over(&format!("schemathesis cannot be installed: {why}")),
    };
    let (_, server) = demo();
    let scratch = tempfile::tempdir().unwrap();
    let tried = Command::new(python.with_file_name("schemathesis"))
        .args(["run", &format!("{}/openapi.json", server.base), "--checks", CHECKS])
        .args(["--seed", "1", "--max-examples", "20", "--no-color", "--request-timeout", "40"])
        .args(["--generation-database", "none"])
        .current_dir(scratch.path())
        .env("PYTHONPATH", root().join("tests/judges"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("SCHEMATHESIS_HOOKS", "hooks")
        .env("no_proxy", "127.0.0.1")
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&tried.stdout);
    assert!(tried.status.success(), "{told}\n{}", String::from_utf8_lossy(&tried.stderr));
    let cases = told.lines().find(|line| line.contains("generated, ")).unwrap_or_default();
    show(&format!("schemathesis: {}", cases.trim()));
    assert!(cases.contains("passed"), "{told}");
}

#[test]
fn comunica_asks_unmodified() {
    let comunica = match comunica() {
        Ok(comunica) => comunica,
        Err(why) => return passed_over(&format!("Comunica cannot be installed: {why}")),
    };
    let (_, server) = demo();
    let ask = |source: String, query: &str| -> Vec<serde_json::Value> {
        let asked = Command::new(comunica.join("node_modules/.bin/node"))
            .arg(comunica.join("node_modules/@comunica/query-sparql/bin/query.js"))
            .args([&source, query, "--type", "application/json"])
            .env("no_proxy", "127.0.0.1")
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&asked.stdout);
        assert!(asked.status.success(), "{source}: {told}{}", String::from_utf8_lossy(&asked.stderr));
        serde_json::from_str(&told).unwrap_or_else(|error| panic!("{source}: {error}: {told}"))
    };
    let titles = "PREFIX dc: <http://purl.org/dc/elements/1.1/>
        SELECT ?thing ?title WHERE { ?thing dc:title ?title } ORDER BY ?title ?thing LIMIT 20";
    let expected = server.rows(titles);
    assert_eq!(expected.len(), 20);
    // Told that it is an endpoint, and finding it out from the service description.
    for source in [format!("sparql@{}/sparql", server.base), format!("{}/sparql", server.base)] {
        let rows = ask(source.clone(), titles);
        assert_eq!(rows.len(), 20, "{source}");
        for (row, other) in rows.iter().zip(&expected) {
            assert_eq!(row["thing"].as_str(), other["thing"]["value"].as_str(), "{source}");
        }
    }
    // A document by its IRI, and a whole graph, read as files.
    let thing = expected[0]["thing"]["value"].as_str().unwrap();
    let said = ask(thing.to_owned(), &format!("SELECT ?p ?o WHERE {{ <{thing}> ?p ?o }}"));
    assert!(said.len() > 3, "{said:?}");
    let graph =
        server.rows("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?n LIMIT 1");
    let (name, count) = (graph[0]["g"]["value"].as_str().unwrap(), graph[0]["n"]["value"].as_str().unwrap());
    let read = ask(name.to_owned(), "SELECT * WHERE { ?s ?p ?o }");
    assert_eq!(read.len().to_string(), count, "{name}");
    show("Comunica: two ways to the endpoint, a document and a graph");
}

/// The folder below the target folder that has Comunica, with the Node it wants.
fn comunica() -> Result<PathBuf, String> {
    let wanted = root().join("tests/judges/comunica.json");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("comunica");
    let installed = folder.join("installed.json");
    if fs::read(&installed).ok() == Some(fs::read(&wanted).unwrap()) {
        return Ok(folder);
    }
    fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    fs::copy(&wanted, folder.join("package.json")).map_err(|error| error.to_string())?;
    // Bounded, as a registry that does not answer would hold everything up.
    run(Command::new("timeout")
        .args(["420", "npm", "install", "--no-audit", "--no-fund", "--loglevel", "error"])
        .current_dir(&folder))?;
    fs::copy(&wanted, installed).map_err(|error| error.to_string())?;
    Ok(folder)
}
