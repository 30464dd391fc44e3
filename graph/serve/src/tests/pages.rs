//! What people see.

use super::{Site, graph, node, says, text};
use vocabularies::{bf, dc, dcterms};

#[test]
fn an_entity_page_speaks_in_words() {
    let site = Site::indexed();
    let painting = site.accept("/page/art/A%2F1%202", "text/html").text();
    for words in [
        "<h1>Queen Blanche</h1>",
        "Kuningatar Blanka",
        ">Edelfelt, Albert</a>",
        "href=\"/page/agent/edelfelt-albert-1854-1905\"",
        "<img src=\"/media/queen.svg\" alt=\"Queen Blanche\"",
        "<link rel=\"alternate\" type=\"text/turtle\" href=\"/data/art/A%2F1%202.ttl\">",
        ">Creator<",
        "1877",
    ] {
        assert!(painting.contains(words), "{words}\n{painting}");
    }
    let finnish = site.get("/page/art/A%2F1%202?lang=fi").text();
    assert!(
        finnish.contains("<h1>Kuningatar Blanka</h1>") && finnish.contains("<html lang=\"fi\">"),
        "{finnish}"
    );
    let painter = site.get("/page/agent/edelfelt-albert-1854-1905").text();
    assert!(painter.contains("Queen Blanche") && painter.contains("Brev till modern"), "{painter}");
    let letter = site.get("/page/letters/1%2F3").text();
    assert!(letter.contains("class=\"crumbs\"") && letter.contains("Familjen Edelfelts arkiv"), "{letter}");
    let fonds = site.get("/page/letters/1").text();
    assert!(fonds.contains("id=\"tree\"") && fonds.contains("Brev till modern"), "{fonds}");
}

#[test]
fn the_start_page_shows_pictures_owners_and_changes() {
    let site = Site::indexed();
    for (language, words) in [("en", "Recent changes"), ("uk", "Останні зміни")] {
        let page = site.get(&format!("/?lang={language}")).text();
        let own = format!("/page/art/A%2F1%202?lang={language}");
        for expected in [own.as_str(), "/media/queen.svg", words, "action=\"/search\"", "CC0 1.0"] {
            assert!(page.contains(expected), "{expected}\n{page}");
        }
        let run = format!("href=\"/page/run/art-1?lang={language}\"");
        assert!(page.contains(&run) && page.contains("2.11.2026"), "{page}");
    }
    assert_eq!(site.get("/").text(), site.get("/").text());
    assert!(site.get("/browse/institution?lang=fi").text().contains("<h1>Organisaatiot</h1>"));
}

#[test]
fn an_item_tells_who_else_holds_the_edition() {
    let mut quads = graph();
    let copy = |iri: &str, of: &str| {
        let dataset = iri.split('/').nth(2).unwrap();
        [
            says(dataset, iri, dc::TITLE, text("Tuntematon sotilas", "fi")),
            says("links", iri, bf::HAS_EQUIVALENT, node(of)),
            says("links", iri, bf::INSTANCE_OF, node("/id/work/soldier")),
        ]
    };
    quads.extend(copy("/id/city/1", "/id/parish/1"));
    quads.extend(copy("/id/parish/1", "/id/university/1"));
    quads.push(says("university", "/id/university/1", dc::TITLE, text("Tuntematon sotilas : romaani", "fi")));
    quads.push(says("catalog", "/id/dataset/parish", dcterms::TITLE, text("Parish Library", "en")));
    let site = Site::prepared(move |home| super::publish(home, 2, &quads), |_| {});
    // Who is linked with a neighbour only is told as well.
    for (item, others) in [("city", ["parish", "university"]), ("university", ["city", "parish"])] {
        let page = site.get(&format!("/page/{item}/1?lang=en")).text();
        let (_, held) = page.split_once("id=\"held\"").expect("the heading");
        let held = held.split("</section>").next().unwrap();
        for other in others {
            assert!(held.contains(&format!("href=\"/page/{other}/1")), "{item} {other}: {held}");
        }
        assert!(held.contains("Also held by") && held.contains("Parish Library"), "{held}");
        assert!(!held.contains(&format!("/page/{item}/1")), "{held}");
    }
    assert!(!site.get("/page/art/A%2F1%202").text().contains("id=\"held\""));
}

#[test]
fn a_famous_entity_is_told_by_what_its_items_have_in_common() {
    let site = Site::indexed();
    let painter = site.get("/page/agent/edelfelt-albert-1854-1905").text();
    for expected in [
        "As creator <span class=\"sector\">Museum</span> <span class=\"count\">4<",
        "As subject <span class=\"sector\">Archive</span>",
        "1870s: 2 items, 1880s: 1 item",
        "/page/place/porvoo",
        "<circle",
    ] {
        assert!(painter.contains(expected), "{expected}\n{painter}");
    }
    let ukrainian = site.get("/page/agent/edelfelt-albert-1854-1905?lang=uk").text();
    assert!(ukrainian.contains("1870-ті: 2 об’єкти") && ukrainian.contains("Як автор"), "{ukrainian}");
}

#[test]
fn concepts_stand_in_the_hierarchy_of_the_authority_they_are_linked_with() {
    let site = Site::indexed();
    let swans = site.get("/page/concept/swans?lang=fi").text();
    for expected in [
        "Hierarkiassa",
        "href=\"/page/concept/birds?lang=fi\" lang=\"en\">Birds</a>",
        ">Cranes<",
        "<strong lang=\"en\">Swans</strong>",
    ] {
        assert!(swans.contains(expected), "{expected}\n{swans}");
    }
    let birds = site.get("/page/concept/birds").text();
    assert!(birds.contains("Narrower") && birds.contains("/page/concept/swans"), "{birds}");
    let branches = site.get("/tree/concept/birds").text();
    assert!(branches.contains("Swans") && !branches.contains("<html"), "{branches}");
    let parts = site.get("/tree/letters/1").text();
    assert!(parts.contains("Brev till modern"), "{parts}");
    for path in ["/tree/", "/tree/concept/never", "/tree/%00"] {
        assert_eq!(site.get(path).status, 404, "{path}");
    }
    let letter = site.get("/browse/concept?letter=s").text();
    assert!(letter.contains("Swans") && !letter.contains(">Birds<"), "{letter}");
    for odd in ["letter=%00", "letter=%F0%9F%A6%A2", "letter=S&from=18446744073709551615", "letter="] {
        assert_eq!(site.get(&format!("/browse/concept?{odd}")).status, 200, "{odd}");
    }
}

#[test]
fn a_page_says_who_says_what_and_how_to_cite_it() {
    let site = Site::indexed();
    let painting = site.get("/page/art/A%2F1%202").text();
    for expected in
        ["objects.xml", "aarre explain https://data.example.org/id/art/A%2F1%202", "rules 7", ">art<"]
    {
        assert!(painting.contains(expected), "{expected}\n{painting}");
    }
    let bibtex = site.get("/cite/art/A%2F1%202.bib");
    assert_eq!((bibtex.status, bibtex.header("content-type")), (200, "application/x-bibtex; charset=utf-8"));
    assert!(bibtex.text().contains("title = {{Queen Blanche}}") && bibtex.text().contains("year = {1877}"));
    let ris = site.get("/cite/art/A%2F1%202.ris").text();
    assert!(ris.contains("AU  - Edelfelt, Albert\r\n") && ris.ends_with("ER  - \r\n"), "{ris}");
    for path in ["/cite/art/A%2F1%202", "/cite/art/never.bib", "/cite/.ris", "/cite/art/A%2F1%202.exe"] {
        assert_eq!(site.get(path).status, 404, "{path}");
    }
}

#[test]
fn only_the_servers_of_tiles_may_be_asked() {
    let site = Site::indexed();
    let tiled = site.get("/page/art/tiled");
    let policy = tiled.header("content-security-policy");
    assert!(policy.contains("connect-src 'self' https://iiif.example.org;"), "{policy}");
    assert!(tiled.text().contains("data-service=\"https://iiif.example.org/i/1\""), "{}", tiled.text());
    let plain = site.get("/page/art/A%2F1%202");
    assert!(plain.header("content-security-policy").contains("connect-src 'self';"));
}

#[test]
fn long_lists_are_paged() {
    let site = Site::indexed();
    let concept = site.get("/page/concept/many").text();
    assert!(concept.contains("Show all 300"), "{concept}");
    let first = site.get("/page/concept/many?group=dc%3Asubject").text();
    assert_eq!(first.matches("/page/many/").count(), 60, "{first}");
    let last = site.get("/page/concept/many?group=dc%3Asubject&from=240").text();
    assert!(last.contains("rel=\"prev\"") && !last.contains("rel=\"next\""), "{last}");
    for odd in [
        "from=-1",
        "from=99999999999999999999",
        "from=18446744073709551615",
        "group=x&from=7",
        "group=%00",
        "lang=%3Cb%3E",
    ] {
        let answer = site.get(&format!("/page/concept/many?{odd}"));
        assert_eq!(answer.status, 200, "{odd}");
        assert!(!answer.text().contains("<b>"), "{odd}");
    }
    assert_eq!(site.get("/page/concept/many?lang=%FF").status, 400);
}

#[test]
fn what_records_say_is_never_markup() {
    let site = Site::new();
    let query = "/sparql?format=html&query=select%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D%20limit%20500";
    for path in [
        "/page/art/hostile",
        "/page/agent/edelfelt-albert-1854-1905",
        query,
        "/page/art/hostile?lang=%22%3E%3Cscript%3E",
    ] {
        let answer = site.accept(path, "text/html");
        assert_eq!(answer.status, 200, "{path}");
        let page = answer.text();
        let scripts = page.matches("<script").count();
        assert_eq!(scripts, page.matches("<script src=\"/assets/").count(), "{path}\n{page}");
        assert!(!page.contains("<img src=x"), "{path}\n{page}");
        assert!(
            !page.contains("href=\"javascript:") && !page.contains("src=\"javascript:"),
            "{path}\n{page}"
        );
    }
    let mine = site.accept("/%22%3E%3Cscript%3Ealert(1)%3C/script%3E", "text/html");
    assert_eq!(mine.status, 404);
    assert!(!mine.text().contains("<script>"), "{}", mine.text());
}

#[test]
fn our_own_files_are_kept_for_ever_and_are_all_there() {
    let site = Site::new();
    let page = site.get("/?lang=sv").text();
    let addresses: Vec<&str> = page.split('"').filter(|address| address.starts_with("/assets/")).collect();
    assert!(addresses.len() >= 3, "{page}");
    for address in addresses {
        let file = site.get(address);
        assert_eq!(file.status, 200, "{address}");
        assert_eq!(file.header("cache-control"), "public, max-age=31536000, immutable", "{address}");
        assert_eq!(file.header("x-content-type-options"), "nosniff");
    }
    assert_eq!(site.get("/assets/aarre.css").header("cache-control"), "public, max-age=3600");
    for path in ["/assets/aarre.0000000000000000.css", "/assets/", "/assets/..%2FCargo.toml"] {
        assert_eq!(site.get(path).status, 404, "{path}");
    }
    let packed = site.ask("GET", "/assets/aarre.css", &[("Accept-Encoding", "gzip")], "");
    assert_eq!(packed.header("content-encoding"), "gzip");
    let policy = site.get("/").header("content-security-policy").to_owned();
    assert!(policy.contains("script-src 'self';") && policy.contains("default-src 'none'"), "{policy}");
}

#[test]
fn people_and_machines_get_their_own_problem() {
    let site = Site::new();
    let page = site.accept("/page/art/never", "text/html,*/*;q=0.8");
    assert_eq!((page.status, page.header("content-type")), (404, "text/html; charset=utf-8"));
    assert!(page.text().contains("Nothing here"), "{}", page.text());
    let machine = site.get("/page/art/never");
    assert_eq!((machine.status, machine.header("content-type")), (404, "application/problem+json"));
    assert!(site.accept("/page/art/gone?lang=uk", "text/html").text().contains("Вилучено"));
}

#[test]
fn dumps_are_listed_and_sent_by_range() {
    let site = Site::new();
    let listing = site.get("/dumps/").text();
    assert!(listing.contains("aarre.nq") && listing.contains(&format!("{:064}", 1)), "{listing}");
    let path = "/dumps/aarre.nq";
    let whole = site.get(path);
    assert_eq!((whole.status, whole.body.len(), whole.header("accept-ranges")), (200, 100, "bytes"));
    let part = site.ask("GET", path, &[("Range", "bytes=90-")], "");
    assert_eq!(
        (part.status, part.header("content-range"), part.text().as_str()),
        (206, "bytes 90-99/100", "0123456789")
    );
    assert_eq!(site.ask("GET", path, &[("Range", "bytes=100-")], "").status, 416);
    let stale = site.ask("GET", path, &[("Range", "bytes=90-"), ("If-Range", "\"other\"")], "");
    assert_eq!((stale.status, stale.body.len()), (200, 100));
    assert_eq!(site.ask("HEAD", path, &[], "").header("content-length"), "100");
    for path in ["/dumps/..%2Fvoid.ttl", "/dumps/../void.ttl/x", "/dumps/.hidden", "/media/x.svg"] {
        assert_eq!(site.get(path).status, 404, "{path}");
    }
}
