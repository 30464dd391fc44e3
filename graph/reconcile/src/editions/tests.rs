//! Records of editions as libraries write them.

use super::{Description, Edition, Likeness, compare};
use crate::Years;

/// `title | agents | publisher | year | language | extent | identifiers | statement | part`, lists with `;`.
fn edition(line: &str) -> Edition {
    let cells: Vec<&str> = line.split('|').map(str::trim).collect();
    let list = |at: usize| -> Vec<String> {
        let cell = cells.get(at).copied().unwrap_or_default();
        cell.split(';').map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).collect()
    };
    Edition::read(&Description {
        titles: list(0),
        agents: list(1),
        publishers: list(2),
        issued: list(3).first().and_then(|year| year.parse().ok()).map(Years::one),
        languages: list(4),
        extents: list(5),
        identifiers: list(6),
        statements: list(7),
        parts: list(8),
        ..Description::default()
    })
}

fn check(one: &str, other: &str, expected: Likeness) {
    let (a, b) = (edition(one), edition(other));
    let (there, back) = (compare(&a, &b), compare(&b, &a));
    assert_eq!(there.likeness, expected, "{one}\n{other}\n{there:?}");
    assert_eq!((there.likeness, there.score), (back.likeness, back.score), "{one}\n{other}");
    if expected != Likeness::Other {
        let keys: Vec<String> = b.keys().collect();
        assert!(a.keys().any(|key| keys.contains(&key)), "{one}\n{other}: no key in common");
    }
}

const SOLDIER: &str =
    "Tuntematon sotilas : romaani|Linna, Väinö|WSOY|1954|fi|443 sivua|urn:isbn:9789510430477";

#[test]
fn a_number_and_a_title_make_an_edition() {
    for (other, expected) in [
        (
            "Tuntematon sotilas|Väinö Linna|Werner Söderström|1954|fi|443 s.|urn:isbn:9789510430477",
            Likeness::Same,
        ),
        // A reprint by the same publisher.
        ("Tuntematon sotilas|Linna, V.|WSOY|1957|fi||urn:isbn:9789510430477", Likeness::Same),
        ("Tuntematon sotilas|Linna, Väinö|Otava|1999|fi||urn:isbn:9789510430477", Likeness::Review),
        ("Okänd soldat|Linna, Väinö|WSOY|1954|sv||urn:isbn:9789510430477", Likeness::Review),
        ("Tuntematon sotilas|Linna, Väinö|WSOY|1954|fi||urn:isbn:9789510430477||2", Likeness::Review),
        ("Kalevala|Lönnrot, Elias|WSOY|1954|fi||urn:isbn:9789510430477", Likeness::Review),
    ] {
        check(SOLDIER, other, expected);
    }
}

#[test]
fn the_issn_of_a_series_makes_no_edition_of_its_books() {
    let book = "Lapin porot|Korhonen, Aino|Arktinen keskus|2023|fi|120 s.|urn:issn:1235-0583";
    check(book, "Saamen kielet|Magga, Ole|Arktinen keskus|2023|fi|88 s.|urn:issn:1235-0583", Likeness::Other);
    let journal = "Suomen Museo||Suomen muinaismuistoyhdistys||fi||urn:issn:0355-1830";
    check(journal, "Suomen museo||||fi||urn:issn:0355-1830", Likeness::Same);
    let report = "Vuosikertomus||Pankki|2019|fi||urn:issn:0355-1830";
    check(report, "Vuosikertomus||Pankki|2020|fi||urn:issn:0355-1830", Likeness::Review);
}

#[test]
fn without_a_number_more_must_agree() {
    let plain = "Seitsemän veljestä : kertomus|Kivi, Aleksis|Suomalaisen Kirjallisuuden Seura|1873|fi|346 s.";
    for (other, expected) in [
        (
            "Seitsemän veljestä|Kivi, Aleksis, 1834-1872|Suomalaisen kirjallisuuden seura|1873|fi|346 sivua",
            Likeness::Same,
        ),
        ("Seitsemän veljestä|Aleksis Kivi|SKS|1873|fi|346 sivua", Likeness::Review),
        ("Seitsemän veljestä|Kivi, Aleksis||1873|fi|347 s.", Likeness::Same),
        ("Seitsemän veljestä|Kivi, Aleksis||1873|fi|", Likeness::Review),
        ("Seitsemän veljestä|Kivi, Aleksis|Otava|1873|fi|512 s.", Likeness::Other),
        ("Seitsemän veljestä|Kivi, Aleksis|Suomalaisen Kirjallisuuden Seura|1875|fi|346 s.", Likeness::Other),
        ("Seitsemän veljestä|Kivi, Aleksis|Suomalaisen Kirjallisuuden Seura||fi|346 s.", Likeness::Other),
        ("Seitsemän veljestä|Kivi, Aleksis|Suomalaisen Kirjallisuuden Seura|1873|sv|346 s.", Likeness::Other),
        (
            "Seitsemän veljestä|Kivi, Aleksis|Suomalaisen Kirjallisuuden Seura|1873|fi|346 s.||2. painos",
            Likeness::Other,
        ),
        (
            "Seitsemän veljestä|Kivi, Aleksis|Suomalaisen Kirjallisuuden Seura|1873|fi|346 s.||1. painos",
            Likeness::Same,
        ),
        (
            "Seitsemän veljestä|Kivi, Aleksis|Suomalaisen Kirjallisuuden Seura|1873|fi|346 s.|||1",
            Likeness::Other,
        ),
        ("Seitsemän veljestä|Kivi, Anna|Suomalaisen Kirjallisuuden Seura|1873|fi|346 s.", Likeness::Other),
    ] {
        check(plain, other, expected);
    }
    // Two ISBNs are two editions, a bound and a paper one say.
    let bound = format!("{plain}|urn:isbn:9789510430477");
    check(&bound, &format!("{plain}|urn:isbn:9780804429573"), Likeness::Other);
    check(&bound, plain, Likeness::Same);
}

#[test]
fn who_publishes_what_he_made_is_one_witness() {
    let photograph = "Cöln, Gasthaus Zum St. Peter|Quedenfeldt, Erwin|Quedenfeldt|1911||1 Foto";
    check(photograph, photograph, Likeness::Review);
    let booklet = "Cöln, Gasthaus Zum St. Peter|Quedenfeldt, Erwin|Quedenfeldt|1911||24 S.";
    check(booklet, booklet, Likeness::Same);
}

#[test]
fn years_in_titles_tell_reports_apart() {
    let one = "Toimintakertomus 2019|Sitra|Sitra|2020|fi|90 s.|urn:isbn:9789510430477";
    check(one, "Toimintakertomus 2018|Sitra|Sitra|2020|fi|90 s.|urn:isbn:9789510430477", Likeness::Review);
}

#[test]
fn scripts_meet() {
    let one = "Кобзар|Шевченко, Тарас|Дніпро|1985|uk|640 с.";
    check(one, "Kobzar|Shevchenko, Taras|Dnipro|1985|uk|640 p.", Likeness::Same);
}
