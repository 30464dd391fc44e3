//! The search, asked as people and programs ask it: what it counts is what the graph holds, and what it finds a query finds.

use crate::server::{Home, Server, demo, value};
use graph_store::rdf::{GraphName, Literal, NamedNode, NamedNodeRef, Quad, RdfFormat, RdfParser, Term};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use vocabularies::{dc, edm, rdf};

const PREFIXES: &str =
    "PREFIX aarre: <https://w3id.org/aarre/ns#> PREFIX dc: <http://purl.org/dc/elements/1.1/>
    PREFIX dcterms: <http://purl.org/dc/terms/> PREFIX edm: <http://www.europeana.eu/schemas/edm/>
    PREFIX skos: <http://www.w3.org/2004/02/skos/core#>";

fn json(server: &Server, address: &str) -> Value {
    let answer = server.get(address).header("accept", "application/json").send().unwrap();
    let (status, text) = (answer.status(), answer.text().unwrap());
    assert_eq!(status, 200, "{address}: {text}");
    serde_json::from_str(&text).unwrap()
}

fn page(server: &Server, address: &str) -> String {
    let answer = server.get(address).header("accept", "text/html").send().unwrap();
    assert_eq!(answer.status(), 200, "{address}");
    answer.text().unwrap()
}

fn iris(found: &Value) -> Vec<String> {
    let items = found["items"].as_array().unwrap();
    items.iter().map(|item| item["iri"].as_str().unwrap().to_owned()).collect()
}

/// All that a search finds, page by page, by the links that the answers have.
fn all(server: &Server, address: &str) -> (u64, Vec<String>) {
    let mut next =
        Some(format!("{address}{}format=json&size=50", if address.contains('?') { '&' } else { '?' }));
    let (mut found, mut total) = (Vec::new(), 0);
    while let Some(address) = next {
        let answer = server.get(&address).header("accept", "application/json").send().unwrap();
        let links = answer.headers()["link"].to_str().unwrap().to_owned();
        let json: Value = serde_json::from_str(&answer.text().unwrap()).unwrap();
        total = json["total"].as_u64().unwrap();
        found.extend(iris(&json));
        let link = links.split(", ").find(|link| link.contains("rel=\"next\""));
        next = link.map(|link| link[1..link.find('>').unwrap()].to_owned());
    }
    (total, found)
}

pub(crate) fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let escape = |rest: &mut std::str::Bytes<'_>| {
            let digits = [rest.next().unwrap(), rest.next().unwrap()];
            u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
        };
        bytes.push(if byte == b'%' { escape(&mut rest) } else { byte });
    }
    String::from_utf8(bytes).unwrap()
}

#[test]
fn facets_count_what_the_graph_holds() {
    let (_, server) = demo();
    let found = json(server, "/search");
    let all = server.rows(&format!("{PREFIXES} SELECT (COUNT(?i) AS ?n) WHERE {{ ?i a edm:ProvidedCHO }}"));
    assert_eq!(found["total"].to_string(), value(&all[0], "n"));
    for (facet, path) in [
        ("sector", "aarre:sector"),
        ("type", "dc:type"),
        ("maker", "dc:creator"),
        ("subject", "dc:subject"),
        ("place", "dcterms:spatial"),
        ("institution", "^edm:aggregatedCHO/edm:dataProvider"),
    ] {
        // Who was merged into another counts as the other.
        let query = format!(
            "{PREFIXES} SELECT ?v (COUNT(DISTINCT ?i) AS ?n) WHERE {{
               ?i a edm:ProvidedCHO ; {path} ?w .
               OPTIONAL {{ ?w dcterms:isReplacedBy ?other }} BIND(COALESCE(?other, ?w) AS ?v)
             }} GROUP BY ?v"
        );
        let rows = server.rows(&query);
        let counts: BTreeMap<&str, u64> =
            rows.iter().map(|row| (value(row, "v"), value(row, "n").parse().unwrap())).collect();
        let told = found["facets"][facet]["values"].as_array().unwrap();
        assert!(told.len() >= 4, "{facet}: {told:?}");
        assert_eq!(found["facets"][facet]["distinct"].as_u64().unwrap() as usize, counts.len(), "{facet}");
        for told in told {
            let count = told["count"].as_u64().unwrap();
            assert_eq!(counts.get(told["iri"].as_str().unwrap()), Some(&count), "{facet}: {told}");
            // And a click gives what was promised.
            let chosen = encoded(told["value"].as_str().unwrap());
            let narrowed = json(server, &format!("/search?{facet}={chosen}"));
            assert_eq!(narrowed["total"].as_u64(), Some(count), "{facet}: {told}");
        }
    }
    // Within a facet choices add up, and its own counts stay; between facets they narrow.
    let two = json(server, "/search?sector=museum&sector=library");
    assert_eq!(two["facets"]["sector"], found["facets"]["sector"]);
    let of = |sector: &str| json(server, &format!("/search?sector={sector}"))["total"].as_u64().unwrap();
    assert_eq!(two["total"].as_u64().unwrap(), of("museum") + of("library"));
    let both = json(server, "/search?sector=museum&reuse=open")["total"].as_u64().unwrap();
    assert!(both > 0 && both <= of("museum"));
}

#[test]
fn the_query_that_a_page_shows_finds_the_same() {
    let (_, server) = demo();
    let maker = json(server, "/search")["facets"]["maker"]["values"][0]["value"].as_str().unwrap().to_owned();
    let mut several = 0;
    for address in [
        "/search".to_owned(),
        "/search?q=kalevala".to_owned(),
        "/search?q=kuolema%20".to_owned(),
        "/search?q=%22suomen%22&sector=library".to_owned(),
        "/search?sector=museum&sector=archive&century=1800".to_owned(),
        "/search?century=1800&century=1900&picture=yes".to_owned(),
        "/search?from=1890&to=1899&reuse=open".to_owned(),
        "/search?from=1900".to_owned(),
        "/search?reuse=unstated&reuse=closed".to_owned(),
        "/search?bounds=20,59,32,70".to_owned(),
        "/search?bounds=22,44,41,54&q=%D0%BA".to_owned(),
        "/search?dataset=monuments".to_owned(),
        format!("/search?maker={}", encoded(&maker)),
        "/search?q=%22%20%5C%7D%20%3Cx%3E".to_owned(),
    ] {
        let html = page(server, &address);
        let start = html.find("/sparql?query=").unwrap() + "/sparql?query=".len();
        let end = start + html[start..].find('"').unwrap();
        let query = decoded(html[start..end].split(['&', '#']).next().unwrap());
        let (total, mut found) = all(server, &address);
        assert_eq!(found.len() as u64, total, "{address}");
        found.sort_unstable();
        let rows = server.rows(&query);
        let mut asked: Vec<String> = rows.iter().map(|row| value(row, "item").to_owned()).collect();
        asked.retain(|iri| !iri.is_empty());
        asked.sort_unstable();
        assert_eq!(asked, found, "{address}\n{query}");
        several += usize::from(total > 1);
        // The page says the same number, and the table has as many rows.
        let csv = server.get(&address).header("accept", "text/csv").send().unwrap().text().unwrap();
        assert_eq!(csv.matches("\r\n").count() as u64, total + 1, "{address}");
    }
    assert!(several >= 11, "{several} of the searches find several");
}

#[test]
fn identifiers_come_first_however_they_are_written() {
    let (_, server) = demo();
    for (text, end) in [
        ("M-004", "/museum/M-004"),
        ("m 004", "/museum/M-004"),
        ("FI-011", "/monuments/FI-011"),
        ("0-19-283570-X", "/library/AARRE-DEMO-kalevala-en-1999"),
        ("ISBN 978-0-19-283570-3", "/library/AARRE-DEMO-kalevala-en-1999"),
    ] {
        let found = json(server, &format!("/search?q={}", encoded(text)));
        assert!(iris(&found)[0].ends_with(end), "{text}: {found}");
    }
    let iri = format!("{}/id/museum/M-004", server.base);
    assert_eq!(iris(&json(server, &format!("/search?q={}", encoded(&iri))))[0], iri);
}

#[test]
fn a_subject_is_found_by_its_name_in_every_language() {
    let (_, server) = demo();
    let rows = server.rows(&format!(
        "{PREFIXES} SELECT DISTINCT ?item ?name WHERE {{
           ?item a edm:ProvidedCHO ; dc:subject ?subject . ?subject skos:exactMatch ?entry .
           ?entry skos:prefLabel ?name . FILTER(LANG(?name) IN (\"fi\", \"sv\", \"en\", \"uk\"))
         }} ORDER BY ?name ?item"
    ));
    let mut languages = BTreeSet::new();
    let mut by_name: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for row in &rows {
        languages.insert(row["name"]["xml:lang"].as_str().unwrap().to_owned());
        by_name.entry(value(row, "name").to_owned()).or_default().push(value(row, "item"));
    }
    assert_eq!(languages.len(), 4, "{languages:?}");
    assert!(by_name.len() >= 12, "{by_name:?}");
    for (name, items) in by_name.iter().step_by(3) {
        let (_, found) = all(server, &format!("/search?q={}", encoded(name)));
        for item in items {
            assert!(found.iter().any(|other| other == item), "{name} finds {item}");
        }
    }
}

#[test]
fn pages_add_up_in_every_order() {
    let (_, server) = demo();
    let mut firsts = BTreeSet::new();
    for sort in ["best", "oldest", "newest", "title"] {
        let (total, found) = all(server, &format!("/search?sort={sort}"));
        let distinct: BTreeSet<&String> = found.iter().collect();
        assert_eq!((found.len() as u64, distinct.len() as u64), (total, total), "{sort}");
        firsts.insert(found[0].clone());
    }
    assert!(firsts.len() >= 3, "{firsts:?}");
    let behind = json(server, "/search?page=399");
    assert_eq!(behind["items"].as_array().unwrap().len(), 0);
    // What lies too deep is told, and where all of it is.
    let deep = server.get("/search?page=5000").header("accept", "application/json").send().unwrap();
    assert_eq!(deep.status(), 400);
    assert!(deep.text().unwrap().contains("dump"));
    let html = page(server, "/search?page=5000");
    assert!(html.contains("/dumps/") && html.contains("Pages do not go that far"), "{html}");
}

#[test]
fn json_ld_is_read_by_a_parser() {
    let (_, server) = demo();
    let answer = server.get("/search?q=kalevala").header("accept", "application/ld+json").send().unwrap();
    assert_eq!(answer.headers()["content-type"], "application/ld+json");
    let text = answer.text().unwrap();
    let format = RdfFormat::from_media_type("application/ld+json").unwrap();
    let quads: Vec<Quad> =
        RdfParser::from_format(format).for_slice(text.as_bytes()).collect::<Result<_, _>>().unwrap();
    let items: BTreeSet<String> = quads
        .iter()
        .filter(|quad| quad.predicate.as_str() == "https://schema.org/item")
        .map(|quad| quad.object.to_string())
        .collect();
    let found = iris(&json(server, "/search?q=kalevala"));
    assert_eq!(items, found.iter().map(|iri| format!("<{iri}>")).collect());
}

#[test]
fn hostile_parameters_are_told_what_is_wrong() {
    let (_, server) = demo();
    for (query, status) in [
        ("page=0", 400),
        ("page=-1", 400),
        ("page=99999999999999999999", 400),
        ("size=1000000", 400),
        ("sort=random", 400),
        ("view=%00", 400),
        ("from=abc", 400),
        ("from=-99999999999", 400),
        ("bounds=1,2,3", 400),
        ("bounds=NaN,NaN,NaN,NaN", 400),
        ("bounds=-180,-90,180,90", 200),
        ("century=1850", 400),
        ("reuse=everything", 400),
        ("maker=%22open", 400),
        ("maker=%20%3Cscript%3E", 400),
        ("maker=agent/nobody", 200),
        ("more=nothing", 400),
        ("format=exe", 406),
        ("q=%FF", 400),
        ("q=%00%22%5C%27%3B--", 200),
        ("q=*~%22-%22", 200),
        ("lang=tlh&q=a&a=b&&&=", 200),
    ] {
        for accept in ["text/html", "application/json"] {
            let answer = server.get(&format!("/search?{query}")).header("accept", accept).send().unwrap();
            assert_eq!(answer.status(), status, "{query} as {accept}");
            if status != 200 && accept == "application/json" {
                assert_eq!(answer.headers()["content-type"], "application/problem+json", "{query}");
            }
        }
    }
    let long = format!("/search?q={}", "x".repeat(2_000));
    assert_eq!(server.get(&long).send().unwrap().status(), 400);
    let many: Vec<String> = (0..100).map(|n| format!("maker=agent/{n}")).collect();
    assert_eq!(server.get(&format!("/search?{}", many.join("&"))).send().unwrap().status(), 400);
    let words: Vec<String> = (b'a'..=b'z').map(|letter| format!("{0}{0}*", letter as char)).collect();
    assert_eq!(server.get(&format!("/search?q={}", words.join("+"))).send().unwrap().status(), 200);
}

#[test]
fn what_a_client_has_is_not_sent_again() {
    let (_, server) = demo();
    for address in ["/search?q=kalevala", "/search?view=map", "/suggest?q=kal"] {
        let first = server.get(address).header("accept", "text/html").send().unwrap();
        let tag = first.headers()["etag"].to_str().unwrap().to_owned();
        let again =
            server.get(address).header("accept", "text/html").header("if-none-match", &tag).send().unwrap();
        assert_eq!(again.status(), 304, "{address}");
    }
}

#[test]
fn suggestions_know_titles_and_names_in_any_language() {
    let (_, server) = demo();
    let suggested = |text: &str| {
        let found = json(server, &format!("/suggest?q={}", encoded(text)));
        let one =
            |one: &Value| format!("{} {}", one["kind"].as_str().unwrap(), one["name"].as_str().unwrap());
        found["suggestions"].as_array().unwrap().iter().map(one).collect::<Vec<_>>()
    };
    let has = |text: &str, expected: &str| {
        let found = suggested(text);
        assert!(found.iter().any(|one| one == expected), "{text}: {found:?}");
    };
    has("gallen ka", "agent Gallen-Kallela, Akseli");
    has("Lemminkäisen ä", "item Lemminkäisen äiti");
    has("lemminkaisen", "item Lemminkäisen äiti");
    has("Мати Лем", "item Мати Лемінкяйнена");
    assert_eq!(suggested(""), Vec::<String>::new());
    assert_eq!(suggested("\u{0}\"<script>"), Vec::<String>::new());
    let page = page(server, "/search?q=lemminkainen&view=gallery&lang=fi");
    assert!(page.contains("class=\"gallery\"") && page.contains("lang=\"fi\""), "{page}");
}

#[test]
fn nothing_that_records_say_becomes_part_of_a_page() {
    let nasty = "x\"><script>alert(1)</script><img src=x onerror=alert(1)>";
    let home = Home::of(|base| {
        let iri = |path: &str| NamedNode::new(format!("{base}{path}")).unwrap();
        let item = iri("/id/art/1");
        let says = |property: NamedNodeRef<'static>, object: Term| {
            Quad::new(item.clone(), property.into_owned(), object, GraphName::NamedNode(iri("/graph/art")))
        };
        let literal = || Term::from(Literal::new_simple_literal(nasty));
        vec![
            says(rdf::TYPE, edm::PROVIDED_CHO.into_owned().into()),
            says(dc::TITLE, literal()),
            says(dc::TYPE, literal()),
            says(dc::CREATOR, literal()),
            says(dc::SUBJECT, literal()),
        ]
    });
    let server = home.serve();
    for address in [
        "/search".to_owned(),
        format!("/search?q={}", encoded(nasty)),
        format!("/search?type={}", encoded(&format!("\"{nasty}\""))),
        "/search?q=x&view=map".to_owned(),
        "/search?q=x&view=timeline".to_owned(),
        "/search?q=x&view=gallery".to_owned(),
    ] {
        let html = page(&server, &address);
        assert!(!html.contains("<script>alert") && !html.contains("<img src=x"), "{address}: {html}");
    }
    let found = json(&server, &format!("/search?type={}", encoded(&format!("\"{nasty}\""))));
    assert_eq!(found["total"], 1);
}
