//! IRIs, pages and documents by `Accept`.

use super::{BASE, Site};

#[test]
fn the_thing_answers_by_accept() {
    let site = Site::new();
    for (accept, status, location) in [
        ("text/html", 303, "/page/art/A%2F1%202"),
        ("text/turtle", 303, "/data/art/A%2F1%202.ttl"),
        ("application/ld+json", 303, "/data/art/A%2F1%202.jsonld"),
        ("application/n-triples", 303, "/data/art/A%2F1%202.nt"),
        ("application/rdf+xml", 303, "/data/art/A%2F1%202.rdf"),
        ("text/html;q=0.2, text/turtle;q=0.9", 303, "/data/art/A%2F1%202.ttl"),
        ("*/*", 303, "/page/art/A%2F1%202"),
        ("image/png", 406, ""),
    ] {
        let answer = site.accept("/id/art/A%2F1%202", accept);
        assert_eq!((answer.status, answer.header("location")), (status, location), "{accept}");
        assert!(answer.header("vary").contains("Accept"), "{accept}");
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{accept}");
    }
}

#[test]
fn every_syntax_holds_the_document_with_its_fragments() {
    let site = Site::new();
    for (extension, content_type) in [
        ("ttl", "text/turtle; charset=utf-8"),
        ("jsonld", "application/ld+json"),
        ("nt", "application/n-triples"),
        ("rdf", "application/rdf+xml"),
    ] {
        let path = format!("/data/art/A%2F1%202.{extension}");
        let answer = site.get(&path);
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("content-type"), content_type);
        assert_eq!(answer.header("content-location"), path);
        let text = answer.text();
        assert!(text.contains("Queen Blanche") && text.contains("A%2F1%202#aggregation"), "{text}");
        let tag = answer.header("etag").to_owned();
        assert!(tag.starts_with("W/\"g1-"), "{tag}");
        let again = site.ask("GET", &path, &[("If-None-Match", &tag)], "");
        assert_eq!((again.status, again.body.len()), (304, 0));
        let head = site.ask("HEAD", &path, &[], "");
        assert_eq!((head.status, head.body.len()), (200, 0));
        assert_eq!(head.header("content-length"), answer.body.len().to_string());
    }
    assert_eq!(site.get("/data/art/A%2F1%202").status, 404);
    assert_eq!(site.get("/data/art/A%2F1%202.exe").status, 404);
}

#[test]
fn unknown_withdrawn_merged_and_misspelt() {
    let site = Site::new();
    for path in [
        "/id/art/never",
        "/page/art/never",
        "/data/art/never.ttl",
        "/id/",
        "/id//",
        "/id/art/%FF",
        "/id/art/A/1%202",
    ] {
        assert_eq!(site.get(path).status, 404, "{path}");
    }
    assert_eq!(site.accept("/id/art/gone", "text/html").status, 410);
    let gone = site.accept("/id/art/gone", "text/turtle");
    assert_eq!((gone.status, gone.header("content-type")), (410, "text/turtle; charset=utf-8"));
    assert!(gone.text().contains("Tombstone"), "{}", gone.text());
    assert_eq!(site.get("/page/art/gone").status, 410);
    assert_eq!(site.get("/data/art/gone.nt").status, 410);
    // A painting is of this year, and nothing says what that is.
    let named = site.accept("/id/time/1877", "text/turtle");
    assert_eq!((named.status, named.header("location")), (303, "/data/time/1877.ttl"));
    let told = site.get("/data/time/1877.ttl");
    assert!(told.status == 200 && told.text().contains("/id/time/1877>"), "{}", told.text());
    let page = site.get("/page/time/1877");
    assert!(page.status == 200 && page.text().contains("none describes it"), "{}", page.text());
    let merged = site.get("/id/art/merged");
    assert_eq!(
        (merged.status, merged.header("location")),
        (308, format!("{BASE}/id/art/A%2F1%202").as_str())
    );
    let spelt = site.get("/id/art/A%2f1%202");
    assert_eq!((spelt.status, spelt.header("location")), (308, "/id/art/A%2F1%202"));
}

#[test]
fn a_base_with_a_path_works_behind_either_kind_of_proxy() {
    let site = Site::with(|config| {
        config.base = graph_model::Base::new("https://data.example.org/heritage").unwrap();
    });
    for path in ["/", "/heritage", "/heritage/", "/heritage/sparql", "/sparql"] {
        let answer = site.accept(path, "text/html");
        assert_eq!(answer.status, 200, "{path}");
        assert!(answer.text().contains("href=\"/heritage/sparql\""), "{path}");
    }
}
