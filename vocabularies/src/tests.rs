//! What holds for all tables together. That each is sorted, has unique keys and names only known terms is checked by
//! the build script; here is what needs the finished crate.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::collections::BTreeSet;

use oxrdf::{NamedNode, TermRef};
use oxttl::TurtleParser;

use crate::fold::fold;
use crate::{
    PREFIXES, bf, codes, contexts, countries, crm, dcterms, ead_levels, label, label_of, languages,
    lido_events, marc, media, qname, relators, ric_rst, rico, rights, sh, shapes, term, terms,
};

/// Keys of a word table are folded, so that a look-up with the same word finds its row.
fn assert_folded<'a>(table: &str, keys: impl Iterator<Item = &'a str>) {
    for key in keys {
        assert_eq!(fold(key).collect::<String>(), key, "{table}: the key is not folded");
    }
}

#[test]
fn word_tables_are_folded_and_in_the_order_of_the_search() {
    assert_folded("country_names", codes::COUNTRY_NAMES.iter().map(|row| row.name));
    assert_folded("ead_level_terms", codes::EAD_LEVEL_TERMS.iter().map(|row| row.term));
    assert_folded("language_names", codes::LANGUAGE_NAMES.iter().map(|row| row.name));
    assert_folded("licence_words", codes::LICENCE_WORDS.iter().map(|row| row.word));
    assert_folded("lido_event_terms", codes::LIDO_EVENT_TERMS.iter().map(|row| row.term));
    assert_folded("media_terms", codes::MEDIA_TERMS.iter().map(|row| row.term));
    assert_folded("relator_terms", codes::RELATOR_TERMS.iter().map(|row| row.term));
    assert_folded("rights_statements", codes::RIGHTS_STATEMENTS.iter().map(|row| row.text));
}

#[test]
fn every_row_of_a_word_table_leads_somewhere() {
    for row in codes::RELATOR_TERMS {
        assert!(relators::by_term(row.term).is_some_and(|found| found.code == row.code), "{}", row.term);
    }
    for row in codes::LANGUAGE_NAMES {
        assert!(languages::by_name(row.name).is_some_and(|found| found.bcp47 == row.bcp47), "{}", row.name);
    }
    for row in codes::COUNTRY_NAMES {
        assert!(countries::by_name(row.name).is_some_and(|found| found.alpha2 == row.alpha2), "{}", row.name);
    }
    for row in codes::LIDO_EVENT_TERMS {
        assert!(lido_events::by_term(row.term).is_some_and(|found| found.code == row.code), "{}", row.term);
    }
    for row in codes::EAD_LEVEL_TERMS {
        assert!(ead_levels::by_term(row.term).is_some_and(|found| found.code == row.code), "{}", row.term);
    }
    for row in codes::RIGHTS_STATEMENTS {
        assert!(rights::by_statement(row.text).is_some_and(|found| found.iri == row.iri), "{}", row.text);
    }
    for row in codes::RIGHTS {
        for text in [format!("http://{}/", row.address), format!("see https://{}.", row.address)] {
            assert!(rights::by_statement(&text).is_some_and(|found| found.iri == row.iri), "{text}");
        }
    }
    for country in countries::marc_countries() {
        let alpha2 = country.alpha2;
        assert!(alpha2.is_none_or(|code| countries::by_iso_3166(code).is_some()), "{}", country.code);
    }
    for row in codes::MARC_SCRIPTS {
        assert!(row.iso_15924.is_none_or(|code| marc::script(code).is_some()), "{}", row.code);
    }
    for row in codes::MEDIA_TERMS {
        let known = row.edm_type.is_none_or(|kind| ["TEXT", "IMAGE", "SOUND", "VIDEO", "3D"].contains(&kind));
        assert!(known, "{}", row.term);
    }
}

#[test]
fn every_iri_is_absolute_and_valid() {
    let mut iris: Vec<&str> = terms().iter().map(|term| term.iri).collect();
    iris.extend(PREFIXES.iter().map(|(_, namespace)| *namespace));
    iris.extend(relators::all().iter().map(|row| row.iri));
    iris.extend(lido_events::all().iter().map(|row| row.iri));
    iris.extend(countries::marc_countries().iter().map(|row| row.iri));
    iris.extend(rights::all().iter().map(|row| row.iri));
    iris.extend(codes::CONTENT_TYPES.iter().map(|row| row.iri));
    iris.extend(codes::MEDIA_TYPES.iter().chain(codes::CARRIERS).map(|row| row.iri));
    for iri in iris {
        assert!(NamedNode::new(iri).is_ok(), "{iri}");
        assert!(iri.starts_with("http://") || iri.starts_with("https://"), "{iri}");
    }
}

#[test]
fn terms_are_distinct_and_found_again() {
    let iris: BTreeSet<&str> = terms().iter().map(|term| term.iri).collect();
    assert_eq!(iris.len(), terms().len());
    assert!(terms().is_sorted_by_key(|term| term.iri));
    for one in terms() {
        assert_eq!(term(one.iri), Some(one));
        assert!(label_of(one.iri).is_some_and(|label| !label.is_empty()), "{}", one.iri);
        assert!(!one.definition.is_empty(), "{}", one.iri);
    }
    let namespaces: BTreeSet<&str> = PREFIXES.iter().map(|(_, namespace)| *namespace).collect();
    assert_eq!(namespaces.len(), PREFIXES.len(), "two prefixes share a namespace");
}

#[test]
fn languages_match_iso_639_2_in_both_forms() {
    for (code, tag) in [
        ("fin", "fi"),
        ("ger", "de"),
        ("deu", "de"),
        ("fre", "fr"),
        ("fra", "fr"),
        ("rum", "ro"),
        ("ron", "ro"),
        ("ukr", "uk"),
        ("swe", "sv"),
        ("smn", "smn"),
        ("scr", "hr"),
        ("chu", "cu"),
        ("fse", "fse"),
        ("ekk", "et"),
        ("FIN", "fi"),
    ] {
        assert_eq!(languages::by_iso_639_2(code).map(|language| language.bcp47), Some(tag), "{code}");
    }
    assert!(languages::all().len() > 500);
    for unknown in ["", "xyz", "und", "zxx"] {
        assert_eq!(languages::find(unknown), None, "{unknown}");
    }
    for (text, tag) in [("fi", "fi"), ("fin", "fi"), ("Suomi", "fi"), ("українська", "uk"), ("sv-FI", "sv")]
    {
        assert_eq!(languages::find(text).map(|language| language.bcp47), Some(tag), "{text}");
    }
}

#[test]
fn relators_are_all_there() {
    assert!(relators::all().len() > 280, "{}", relators::all().len());
    for (term, code) in [
        ("kirjoittaja", "aut"),
        ("Säveltäjä", "cmp"),
        ("kuvittaja", "ill"),
        ("författare", "aut"),
        ("Verfasser", "aut"),
        ("Verfasser*in", "aut"),
        ("художник", "art"),
        ("illustrator,", "ill"),
        ("Creator (cre)", "cre"),
        ("Bildhauer*in", "scl"),
        ("Fotograf", "pht"),
        ("ill.", "ill"),
    ] {
        assert_eq!(relators::by_term(term).map(|role| role.code), Some(code), "{term}");
    }
    assert_eq!(relators::by_code("clb").unwrap().iri, relators::by_code("ctb").unwrap().iri);
    assert_eq!(relators::by_iri("https://id.loc.gov/vocabulary/relators/aut/"), relators::by_code("aut"));
    assert_eq!(relators::by_code(""), None);
}

#[test]
fn events_levels_and_types_have_their_classes() {
    let class = |iri| lido_events::by_iri(iri).map(|event| event.class);
    assert_eq!(class("http://terminology.lido-schema.org/lido00007"), Some(crm::E12_PRODUCTION));
    assert_eq!(class("http://terminology.lido-schema.org/eventType/acquisition"), Some(crm::E8_ACQUISITION));
    assert_eq!(class("http://example.org/lido00007"), None);
    for (term, class) in [
        ("valmistus", crm::E12_PRODUCTION),
        ("Producere", crm::E12_PRODUCTION),
        ("Event (non-specified)", crm::E5_EVENT),
        ("Provenance", crm::E7_ACTIVITY),
        ("Restaurierung", crm::E11_MODIFICATION),
    ] {
        assert_eq!(lido_events::by_term(term).map(|event| event.class), Some(class), "{term}");
    }
    let fonds = ead_levels::by_code("fonds").unwrap();
    assert_eq!((fonds.class, fonds.record_set_type), (rico::RECORD_SET, Some(ric_rst::FONDS)));
    assert_eq!(ead_levels::by_code("item").unwrap().class, rico::RECORD);
    assert_eq!(ead_levels::by_term("sous-sous-série").unwrap().code, "subsubseries");
    assert_eq!(marc::record_type('e').unwrap().work_class, bf::CARTOGRAPHY);
    assert_eq!(marc::content_type("sti").unwrap().edm_type, Some("IMAGE"));
    assert_eq!(marc::carrier("nc").unwrap().label, "volume");
    assert_eq!(media::by_term("картина").unwrap().edm_type, Some("IMAGE"));
}

#[test]
fn rights_are_found_in_every_spelling() {
    let cases = [
        (
            "http://creativecommons.org/licenses/by-nc-sa/3.0/",
            "http://creativecommons.org/licenses/by-nc-sa/3.0/",
        ),
        ("https://www.creativecommons.org/licenses/by/4.0", "http://creativecommons.org/licenses/by/4.0/"),
        (
            "https://creativecommons.org/licenses/by-sa/3.0/de/legalcode",
            "http://creativecommons.org/licenses/by-sa/3.0/de/",
        ),
        (
            "<a href='https://creativecommons.org/licenses/by/4.0/deed.en'>",
            "http://creativecommons.org/licenses/by/4.0/",
        ),
        (
            "http://rightsstatements.org/page/NoC-US/1.0/?language=fi",
            "http://rightsstatements.org/vocab/NoC-US/1.0/",
        ),
        ("http://rightsstatements.org/vocab/InC/1.0", "http://rightsstatements.org/vocab/InC/1.0/"),
        ("http://www.europeana.eu/rights/rr-f/", "http://rightsstatements.org/vocab/InC/1.0/"),
        ("CC BY-SA 4.0", "http://creativecommons.org/licenses/by-sa/4.0/"),
        ("CC-BY-NC-ND 4.0 International", "http://creativecommons.org/licenses/by-nc-nd/4.0/"),
        (
            "Namensnennung - Nicht kommerziell 4.0 (CC BY-NC 4.0)",
            "http://creativecommons.org/licenses/by-nc/4.0/",
        ),
        (
            "Attribution-NonCommercial-ShareAlike 4.0 International",
            "http://creativecommons.org/licenses/by-nc-sa/4.0/",
        ),
        ("Nimeä 4.0 Kansainvälinen", "http://creativecommons.org/licenses/by/4.0/"),
        ("CC0", "http://creativecommons.org/publicdomain/zero/1.0/"),
        ("CC0 1.0 Universal (CC0 1.0)", "http://creativecommons.org/publicdomain/zero/1.0/"),
        ("Public Domain Mark 1.0", "http://creativecommons.org/publicdomain/mark/1.0/"),
        ("Суспільне надбання", "http://creativecommons.org/publicdomain/mark/1.0/"),
        ("In Copyright", "http://rightsstatements.org/vocab/InC/1.0/"),
        ("InC-OW-EU", "http://rightsstatements.org/vocab/InC-OW-EU/1.0/"),
        ("© All rights reserved", "http://rightsstatements.org/vocab/InC/1.0/"),
        ("Alla rättigheter förbehållna", "http://rightsstatements.org/vocab/InC/1.0/"),
    ];
    for (text, iri) in cases {
        assert_eq!(rights::by_statement(text).map(|rights| rights.iri), Some(iri), "{text}");
    }
    for text in [
        "",
        "CC BY",
        "4.0",
        "CC BY 3.0 and CC BY 4.0",
        "© Museum",
        "http://rightReserved.html",
        "CC BY-ND-SA 4.0",
    ] {
        assert_eq!(rights::by_statement(text), None, "{text}");
    }
}

#[test]
fn countries_have_their_codes() {
    for (code, alpha2) in [
        ("fi ", "FI"),
        ("sw", "SE"),
        ("un", "UA"),
        ("xxu", "US"),
        ("nyu", "US"),
        ("gw ", "DE"),
        ("unr", "UA"),
    ] {
        assert_eq!(countries::by_marc_code(code).and_then(|country| country.alpha2), Some(alpha2), "{code}");
    }
    assert_eq!(countries::by_marc_code("xx "), None);
    assert_eq!(countries::by_name("Ruotsi").map(|country| country.alpha2), Some("SE"));
    assert_eq!(countries::by_name("Україна").map(|country| country.alpha3), Some("UKR"));
}

#[test]
fn words_for_pages() {
    assert_eq!(label(dcterms::EXTENT.as_str(), "sv-FI"), Some("Omfång"));
    assert_eq!(label(crm::E12_PRODUCTION.as_str(), "uk"), Some("Виготовлення"));
    assert_eq!(label_of(crm::P45_CONSISTS_OF.as_str()), Some("consists of"));
    assert_eq!(label_of("http://example.org/"), None);
    assert_eq!(qname(dcterms::IS_PART_OF.as_str()).as_deref(), Some("dcterms:isPartOf"));
}

/// In a shape every IRI of a vocabulary is one of its terms: a misspelt property would never be violated.
#[test]
fn shapes_parse_and_use_known_terms() {
    let mut names = BTreeSet::new();
    for (name, turtle) in shapes::ALL.iter().chain(shapes::PROFILES) {
        assert!(names.insert(name), "{name} twice");
        let mut triples = 0;
        for triple in TurtleParser::new().for_slice(turtle) {
            let triple = triple.expect(name);
            triples += 1;
            for part in
                [triple.subject.as_ref().into(), triple.predicate.as_ref().into(), triple.object.as_ref()]
            {
                if let TermRef::NamedNode(node) = part {
                    assert!(term(node.as_str()).is_some(), "{name}: {node} is not a known term");
                }
            }
        }
        assert!(triples > 5, "{name} is empty");
    }
}

/// Object ID asks for photographs, nine answers, a short description and an identifying number.
#[test]
fn object_id_is_whole() {
    let (_, turtle) = shapes::PROFILES.iter().find(|(name, _)| *name == "object-id").unwrap();
    let (mut named, mut messages, mut counted) = (Vec::new(), 0, 0);
    for triple in TurtleParser::new().for_slice(turtle) {
        let triple = triple.unwrap();
        match triple.predicate {
            p if p == sh::NAME => named.push(triple.object.to_string()),
            p if p == sh::MESSAGE => {
                messages += usize::from(triple.object.to_string().starts_with("\"Object ID: "));
            }
            p if p == sh::MIN_COUNT => counted += 1,
            _ => {}
        }
    }
    let expected = [
        "Photographs",
        "Type of object",
        "Materials and techniques",
        "Measurements",
        "Inscriptions and markings",
        "Distinguishing features",
        "Title",
        "Subject",
        "Date or period",
        "Maker",
        "Short description",
        "Identifying number",
    ];
    assert_eq!(named, expected.map(|name| format!("\"{name}\"")));
    assert_eq!((messages, counted), (expected.len(), expected.len()));
}

#[test]
fn the_context_uses_known_terms() {
    let context: serde_json::Value = serde_json::from_str(contexts::AARRE).unwrap();
    for (name, value) in context["@context"].as_object().unwrap() {
        let target = value.as_str().or_else(|| value["@id"].as_str()).unwrap_or_default();
        if let Some((_, namespace)) = PREFIXES.iter().find(|(prefix, _)| prefix == name) {
            assert_eq!(target, *namespace, "{name}");
        } else if let Some((prefix, local)) = target.split_once(':') {
            let (_, namespace) = PREFIXES.iter().find(|(known, _)| *known == prefix).expect(name);
            assert!(term(&format!("{namespace}{local}")).is_some(), "{name}: {target} is not a known term");
        } else {
            assert!(target.is_empty() || target.starts_with('@'), "{name}: {target}");
        }
    }
}
