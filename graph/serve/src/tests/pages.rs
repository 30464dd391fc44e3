//! What people see.

use super::Site;

#[test]
fn an_entity_page_speaks_in_words() {
    let site = Site::new();
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
    assert!(fonds.contains("id=\"parts\"") && fonds.contains("Brev till modern"), "{fonds}");
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
fn long_lists_are_paged() {
    let site = Site::new();
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
