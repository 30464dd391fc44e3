//! The main job, end to end, on the demo: records in, one graph, asked, dereferenced, looked at, downloaded.

use crate::search::encoded;
use crate::server::{Home, demo, files, value};
use oxttl::NQuadsParser;
use rio_api::parser::{QuadsParser as _, TriplesParser as _};
use std::collections::BTreeSet;
use std::fs;
use std::io::Read as _;

const COUNT: &str = "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }";

fn count(rows: &[serde_json::Map<String, serde_json::Value>]) -> u64 {
    value(&rows[0], "n").parse().unwrap()
}

#[test]
fn every_sector_is_in_the_graph() {
    let (_, server) = demo();
    let rows = server.rows(
        "PREFIX aarre: <https://w3id.org/aarre/ns#>
         SELECT ?sector (COUNT(?item) AS ?n) WHERE { ?item aarre:sector ?sector } GROUP BY ?sector",
    );
    let least = [("archive", 60), ("library", 40), ("museum", 30), ("register", 20)];
    for (sector, least) in least {
        let row = rows.iter().find(|row| value(row, "sector").ends_with(sector)).expect(sector);
        let items: u64 = value(row, "n").parse().unwrap();
        assert!(items >= least, "{sector}: {items} items");
    }
}

#[test]
fn from_a_painting_to_its_painter_to_a_letter_to_a_book() {
    let (_, server) = demo();
    let rows = server.rows(
        "PREFIX dc: <http://purl.org/dc/elements/1.1/> PREFIX aarre: <https://w3id.org/aarre/ns#>
         SELECT DISTINCT ?agent ?painting ?archival ?book WHERE {
           ?painting aarre:sector aarre:museum ; dc:creator ?agent .
           ?archival aarre:sector aarre:archive ; (dc:creator|dc:contributor|dc:subject) ?agent .
           ?book aarre:sector aarre:library ; (dc:creator|dc:contributor|dc:subject) ?agent .
         }",
    );
    let agents: BTreeSet<_> = rows.iter().map(|row| value(row, "agent")).collect();
    assert!(agents.len() >= 2, "agents in three sectors: {agents:?}");
    // The same walk by links alone, as a person or a program would take it.
    let row = &rows[0];
    let turtle = server.entity(value(row, "painting"), "text/turtle").text().unwrap();
    assert!(turtle.contains(value(row, "agent")), "{turtle}");
    let page = server.entity(value(row, "agent"), "text/html").text().unwrap();
    let has = |iri: &str| page.contains(&iri.replace(&server.base, "").replace("/id/", ""));
    for item in ["painting", "archival", "book"] {
        let linked =
            rows.iter().any(|other| value(other, "agent") == value(row, "agent") && has(value(other, item)));
        assert!(linked, "the painter's page leads to a {item}:\n{page}");
    }
}

#[test]
fn every_example_query_has_an_answer() {
    let (_, server) = demo();
    assert!(queries::ALL.len() >= 12, "{} queries", queries::ALL.len());
    for query in queries::ALL {
        let rows = server.rows(query.text);
        assert!(!rows.is_empty(), "{} has no answer", query.id);
    }
}

#[test]
fn every_picture_that_the_demo_names_is_there() {
    let (_, server) = demo();
    let rows = server.rows(
        "PREFIX edm: <http://www.europeana.eu/schemas/edm/>
         SELECT DISTINCT ?picture WHERE { ?aggregation edm:isShownBy|edm:hasView|edm:object ?picture }",
    );
    assert!(rows.len() >= 10, "{} pictures", rows.len());
    for row in &rows {
        let picture = value(row, "picture");
        let path = picture.strip_prefix(&server.base).expect(picture);
        assert_eq!(server.get(path).send().unwrap().status(), 200, "{picture}");
    }
}

/// The text of an HTML page's element, its references resolved.
fn unescaped(html: &str) -> String {
    let named = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#34;", "\""),
        ("&#39;", "'"),
    ];
    let text =
        named.iter().fold(html.to_owned(), |text, (reference, letter)| text.replace(reference, letter));
    text.replace("&#38;", "&").replace("&amp;", "&")
}

#[test]
fn code_of_a_query_runs_as_it_is_pasted() {
    let (_, server) = demo();
    let queries = [
        "SELECT ?s WHERE { ?s ?p 'Lemminkäinen\\'s Mother'@en } LIMIT 1",
        "PREFIX dc: <http://purl.org/dc/elements/1.1/>\nSELECT ?s WHERE {\n  ?s dc:title \"Lemminkäinen's Mother\"@en\n}",
    ];
    for query in queries {
        let page = server.get(&format!("/sparql?format=html&query={}", encoded(query))).send().unwrap();
        let page = page.text().unwrap();
        for (language, program, argument) in [
            ("curl", "bash", "-c"),
            ("Python", "python3", "-c"),
            ("JavaScript", "node", "--input-type=module"),
        ] {
            if std::process::Command::new(program).arg("--version").output().is_err() {
                continue;
            }
            let mark = format!("data-language=\"{language}\"");
            let code = page.split(&mark).nth(1).and_then(|rest| rest.split_once('>')).expect(language).1;
            let code = unescaped(code.split("</pre>").next().unwrap());
            let mut run = std::process::Command::new(program);
            run.arg(argument).env("no_proxy", "127.0.0.1");
            let run = if program == "node" { run.args(["-e", &code]) } else { run.arg(&code) };
            let told = run.output().unwrap();
            let told =
                format!("{}{}", String::from_utf8_lossy(&told.stdout), String::from_utf8_lossy(&told.stderr));
            assert!(told.contains("/id/museum/M-004"), "{language}: {told}\n{code}");
        }
    }
}

#[test]
fn an_entity_in_every_format() {
    let (_, server) = demo();
    let rows = server.rows(
        "PREFIX dc: <http://purl.org/dc/elements/1.1/> PREFIX aarre: <https://w3id.org/aarre/ns#>
         SELECT ?item WHERE { ?item aarre:sector aarre:museum ; dc:creator ?agent } ORDER BY ?item LIMIT 1",
    );
    let iri = value(&rows[0], "item");
    let triples = server.entity(iri, "application/n-triples").text().unwrap();
    let mut second = 0;
    rio_turtle::NTriplesParser::new(triples.as_bytes())
        .parse_all(&mut |_| -> Result<(), rio_turtle::TurtleError> {
            second += 1;
            Ok(())
        })
        .unwrap();
    assert!(second > 20, "{triples}");
    let turtle = server.entity(iri, "text/turtle").text().unwrap();
    let mut third = 0;
    rio_turtle::TurtleParser::new(turtle.as_bytes(), None)
        .parse_all(&mut |_| -> Result<(), rio_turtle::TurtleError> {
            third += 1;
            Ok(())
        })
        .unwrap();
    assert_eq!(second, third);
    for (accept, kind) in [
        ("application/ld+json", "application/ld+json"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("text/html,application/xhtml+xml;q=0.9,*/*;q=0.8", "text/html"),
        ("text/turtle;q=0.5, application/ld+json;q=0.9", "application/ld+json"),
    ] {
        let answer = server.entity(iri, accept);
        assert!(answer.headers()["content-type"].to_str().unwrap().starts_with(kind), "{accept}: {answer:?}");
        assert!(!answer.text().unwrap().is_empty());
    }
}

#[test]
fn the_dump_the_counts_and_the_store_agree() {
    let (home, server) = demo();
    let stored = count(&server.rows(COUNT));
    let answer = server.get("/dumps/aarre.nq.gz").send().unwrap();
    assert_eq!(answer.status(), 200);
    let packed = answer.bytes().unwrap();
    let mut text = String::new();
    flate2::read::MultiGzDecoder::new(packed.as_ref()).read_to_string(&mut text).unwrap();
    let quads: Vec<_> = NQuadsParser::new().for_slice(text.as_bytes()).collect::<Result<_, _>>().unwrap();
    assert_eq!(quads.len() as u64, stored);
    let mut second = 0;
    rio_turtle::NQuadsParser::new(text.as_bytes())
        .parse_all(&mut |_| -> Result<(), rio_turtle::TurtleError> {
            second += 1;
            Ok(())
        })
        .unwrap();
    assert_eq!(second, stored);
    let generation = home.path().join("generations/current");
    let zstd = fs::read(generation.join("dumps/aarre.nq.zst")).unwrap();
    assert_eq!(zstd::decode_all(zstd.as_slice()).unwrap(), text.as_bytes());
    let void = server.get("/.well-known/void").send().unwrap().text().unwrap();
    let said = void.split("void:triples ").nth(1).and_then(|rest| rest.split_whitespace().next()).unwrap();
    // A statement that several graphs make counts once, as in the endpoint's default graph.
    let rows = server.rows("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }");
    assert!(
        void.contains(&format!("void:triples {} ;", count(&rows))),
        "VoID counts what the endpoint does: {said}"
    );
    let check = home.aarre(&["verify"]);
    assert_eq!(check.code, 0, "{check:?}");
}

#[test]
fn the_manifest_is_one_that_sha256sum_reads() {
    let (home, _) = demo();
    let status = std::process::Command::new("sha256sum")
        .args(["--check", "--quiet", "MANIFEST.sha256"])
        .current_dir(home.path().join("generations/current"))
        .status()
        .unwrap();
    assert!(status.success());
}

#[test]
fn the_reports_say_what_was_odd() {
    let (home, _) = demo();
    let reports = files(&home.path().join("reports"));
    let issues: String = reports
        .iter()
        .filter(|path| path.ends_with("issues.csv"))
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    for code in ["date.unreadable", "role.unknown", "language.unknown", "coordinates.bad", "rights.unknown"] {
        assert!(issues.contains(code), "{code} is among the messes of the demo:\n{issues}");
    }
    let quarantined = reports.iter().filter(|path| path.ends_with("quarantine.csv")).count();
    assert!(quarantined >= 2, "a truncated MARC record and a short row are set aside");
    let ran = home.aarre(&["query", "-", "--json"]);
    assert_eq!(ran.code, 1, "an empty query is an error: {ran:?}");
}

#[test]
fn the_protocol_says_what_is_wrong() {
    let (_, server) = demo();
    let answer = server.get("/sparql?query=SELECT%20%3Fs%20WHERE%20%7B%20%3Fs%20%3Fp%20").send().unwrap();
    assert_eq!(answer.status(), 400);
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
    assert_eq!(answer.headers()["access-control-allow-origin"], "*");
    let problem: serde_json::Value = answer.json().unwrap();
    assert!(problem["line"].is_u64() && problem["column"].is_u64(), "{problem}");
    let form = server.post("/sparql").form(&[("query", "ASK {}")]).send().unwrap();
    assert_eq!(form.status(), 200);
    assert_eq!(
        server.get("/sparql?query=ASK%20%7B%7D&format=nonsense").send().unwrap().status().as_u16() / 100,
        4
    );
    let update = server.post("/sparql").form(&[("update", "CLEAR ALL")]).send().unwrap();
    assert!(update.status().is_client_error(), "{update:?}");
}

/// Reloads: unchanged records are not written, a changed one is replaced, a missing one leaves a tombstone.
#[test]
fn records_change_and_go() {
    let home = Home::demo();
    let server = home.serve();
    let before = count(&server.rows(COUNT));
    let load = |dataset: &str| {
        let ran = home.aarre(&["load", dataset, "--json"]);
        let json: serde_json::Value = serde_json::from_str(ran.out.lines().last().unwrap()).unwrap();
        (ran.code, json["load"].clone())
    };
    let (code, again) = load("museum");
    assert_eq!(code, 0, "{again}");
    let numbers = ["new", "changed", "deleted", "added", "removed"].map(|number| &again[number]);
    assert_eq!(numbers, [0, 0, 0, 0, 0], "nothing is written for the same records: {again}");
    assert!(again["unchanged"].as_u64().unwrap() > 30, "{again}");
    let objects = home.path().join("records/museum/objects.xml");
    let text = fs::read_to_string(&objects).unwrap();
    let id = remove_first(&objects, "<lido:lido>", "</lido:lido>", "lidoRecID");
    let changed = fs::read_to_string(&objects).unwrap().replacen(
        "</lido:appellationValue>",
        " (changed)</lido:appellationValue>",
        1,
    );
    fs::write(&objects, changed).unwrap();
    let (_, loaded) = load("museum");
    assert_eq!((&loaded["changed"], &loaded["deleted"]), (&1.into(), &1.into()), "{loaded}");
    // Where a file ends in a broken record, more may have stood there: nothing is deleted.
    let books = home.path().join("records/library/books.xml");
    let whole = fs::read_to_string(&books).unwrap();
    remove_first(&books, "<record", "</record>", "tag=\"001\"");
    let (code, loaded) = load("library");
    assert_eq!((code, &loaded["deleted"], &loaded["kept"]), (3, &0.into(), &1.into()), "{loaded}");
    fs::write(&books, whole).unwrap();
    assert_eq!(count(&server.rows(COUNT)), before, "a load is not public before it is published");
    let published = home.aarre(&["publish"]);
    assert_eq!(published.code, 0, "{published:?}");
    let begun = std::time::Instant::now();
    while count(&server.rows(COUNT)) == before {
        assert!(begun.elapsed().as_secs() < 30, "the server takes the new generation");
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    let items = server.rows(&format!(
        "PREFIX aarre: <https://w3id.org/aarre/ns#> SELECT ?item WHERE {{ ?item a aarre:Tombstone FILTER(CONTAINS(STR(?item), '{id}')) }}"
    ));
    assert_eq!(items.len(), 1, "{id} has a tombstone");
    let iri = value(&items[0], "item").to_owned();
    let answer = server.get(&iri).header("accept", "text/turtle").send().unwrap();
    let answer = match answer.headers().get("location") {
        Some(location) => {
            server.get(location.to_str().unwrap()).header("accept", "text/turtle").send().unwrap()
        }
        None => answer,
    };
    assert_eq!(answer.status(), 410, "{iri}");
    fs::write(&objects, &text).unwrap();
    assert_eq!(home.aarre(&["load", "museum"]).code, 0);
    assert_eq!(home.aarre(&["publish"]).code, 0);
    let generation = home.path().join("generations/current");
    assert_eq!(fs::read_link(&generation).unwrap().to_str(), Some("3"));
    assert_eq!(home.aarre(&["rollback"]).code, 0);
    assert_eq!(fs::read_link(&generation).unwrap().to_str(), Some("2"));
}

/// Takes the first record out of a file and gives its identifier, which stands in the element or field named.
fn remove_first(file: &std::path::Path, start: &str, end: &str, field: &str) -> String {
    let text = fs::read_to_string(file).unwrap();
    let (from, to) = (text.find(start).unwrap(), text.find(end).unwrap() + end.len());
    let id = text[from..to]
        .split(field)
        .nth(1)
        .unwrap()
        .split('>')
        .nth(1)
        .unwrap()
        .split('<')
        .next()
        .unwrap()
        .trim();
    let id = id.to_owned();
    fs::write(file, format!("{}{}", &text[..from], &text[to..])).unwrap();
    id
}

/// A run that is killed leaves the generation before; running it again completes.
#[test]
fn a_killed_run_is_completed_by_the_next() {
    use std::os::unix::process::ExitStatusExt as _;
    let home = Home::demo();
    let fresh = home.aarre(&["query", "-", "--format", "csv"]);
    assert_eq!(fresh.code, 1, "{fresh:?}");
    let current = || fs::read_link(home.path().join("generations/current")).unwrap();
    for wait in [5, 20, 60, 120, 250, 500] {
        let before = current();
        let mut child = std::process::Command::new(crate::command::binary())
            .args(["run", "--quiet"])
            .env("AARRE_HOME", home.path())
            .stderr(std::process::Stdio::null())
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(wait));
        child.kill().unwrap();
        let status = child.wait().unwrap();
        if status.signal() == Some(9) {
            let now = current();
            let whole = home.path().join("generations").join(&now).join("MANIFEST.sha256").exists();
            assert!(
                whole,
                "after {wait} ms generation {} is whole (before: {})",
                now.display(),
                before.display()
            );
        }
        assert_eq!(home.aarre(&["verify"]).code, 0);
    }
    let ran = home.aarre(&["run"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert_eq!(home.aarre(&["verify"]).code, 0);
    assert!(
        !files(&home.path().join("generations")).iter().any(|path| path.to_string_lossy().contains(".draft"))
    );
}
