//! What rules do.

use super::{BOOKS, converted, difference, difference_of, rules};
use crate::format_by_id;

#[test]
fn no_rule_changes_nothing() {
    assert_eq!(difference(""), [""; 0]);
    assert!(rules("version = \"1\"").is_empty());
}

#[test]
fn a_field_is_mapped_under_a_condition_on_its_own_occurrence() {
    let met = difference(
        r#"
        prefixes = { hel = "https://hel.example.org/terms#" }
        [[rule]]
        name = "yso"
        field = "650$a"
        to = "hel:aihe"
        language = "fi"
        when = { field = "650$2", starts_with = "yso" }
        "#,
    );
    assert_eq!(
        met,
        [
            "+ d/1 https://hel.example.org/terms#aihe \"metsät\"@fi | owner.yso | 650[3]$a",
            "+ d/1 https://hel.example.org/terms#aihe \"veljekset\"@fi | owner.yso | 650$a"
        ]
    );
}

#[test]
fn a_text_is_split_looked_up_and_said_as_a_concept() {
    let met = difference(
        r#"
        tables.kinds = { K = "kirkot", L = "linnat" }
        tables.places = { file = "places.tsv" }
        [[rule]]
        name = "kinds"
        field = "909$a"
        split = ";"
        lookup = "kinds"
        case = "sentence"
        otherwise = "drop"
        to = "dc:type"
        as = "text"
        [[rule]]
        name = "places"
        field = "909$b"
        lookup = "places"
        to = "dcterms:spatial"
        language = "sv"
        "#,
    );
    assert_eq!(
        met,
        [
            "+ d/1 dc:type \"kirkot\" | owner.kinds | 909$a",
            "+ d/1 dc:type \"linnat\" | owner.kinds | 909$a",
            "+ d/1 dcterms:spatial place/%C3%A5bo | owner.places | 909$b",
            "+ place/%C3%A5bo rdf:type edm:Place | owner.places | 909$b",
            "+ place/%C3%A5bo skos:prefLabel \"Åbo\"@sv | owner.places | 909$b"
        ]
    );
    let issue = difference(
        "[[rule]]\nname = \"k\"\nfield = \"909$a\"\nsplit = \";\"\nlookup = { K = \"k\", L = \"l\" }\nto = \"dcterms:extent\"",
    );
    assert!(issue.iter().any(|line| line.contains("code.unknown at 909$a: met 'X'")), "{issue:?}");
    assert!(issue.iter().any(|line| line.contains("dcterms:extent \"X\"")), "kept and reported: {issue:?}");
}

#[test]
fn an_agent_takes_its_role_from_the_same_field() {
    let met = difference(
        r#"
        [[rule]]
        name = "illustrators"
        field = "970$a"
        to = "dc:contributor"
        kind = "person"
        role = { field = "970$4" }
        "#,
    );
    let has = |part: &str| assert!(met.iter().any(|line| line.contains(part)), "{part} in {met:#?}");
    has("+ d/1 dc:contributor agent/aalto-ilmari | owner.illustrators | 970$a");
    has("bf:role relators:ill");
    has("aarre:roleAsWritten \"ill\"");
    has("agent/aalto-ilmari rdf:type foaf:Person");
    assert!(met.iter().all(|line| line.starts_with("+ ")), "{met:#?}");
}

#[test]
fn what_is_dropped_takes_with_it_what_nothing_leads_to() {
    let met = difference("[[rule]]\nname = \"no-subjects\"\ndrop = \"marc.650.*\"");
    assert!(met.iter().all(|line| line.starts_with("- ")), "{met:#?}");
    let (format, rules) =
        (format_by_id("marcxml").unwrap(), rules("[[rule]]\nname = \"x\"\ndrop = \"marc.650.*\""));
    let left = converted(format, BOOKS, None, Some(&rules));
    assert!(!left.iter().any(|line| line.contains("concept/veljekset")), "{left:#?}");
    // Dropped for some occurrences alone, told by their own $2.
    let met = difference(
        "[[rule]]\nname = \"x\"\ndrop = \"marc.650.*\"\nwhen = { field = \"650$2\", is = \"lcsh\" }",
    );
    assert!(met.iter().any(|line| line.contains("concept/brothers")), "{met:#?}");
    assert!(!met.iter().any(|line| line.contains("veljekset") || line.contains("mets")), "{met:#?}");
    // By field, and by property.
    let met = difference("[[rule]]\nname = \"x\"\ndrop_field = \"245$a\"\nproperty = \"dc:title\"");
    assert_eq!(met.len(), 2, "{met:#?}");
    assert!(met[0].starts_with("- d/1 dc:title"), "{met:#?}");
}

#[test]
fn a_built_in_mapping_is_changed() {
    let met = difference(
        "[[rule]]\nname = \"t\"\nchange = \"marc.245a.title\"\nproperty = \"dc:title\"\nto = \"dcterms:alternative\"\nlanguage = \"sv\"",
    );
    assert_eq!(
        met,
        [
            "- d/1 dc:title \"Seitsemän veljestä : kertomus\"@fi | marc.245a.title | 245$abnp",
            "- d/2 dc:title \"Kullervo\" | marc.245a.title | 245$abnp",
            "+ d/1 dcterms:alternative \"Seitsemän veljestä : kertomus\"@sv | owner.t | 245$abnp",
            "+ d/2 dcterms:alternative \"Kullervo\"@sv | owner.t | 245$abnp"
        ]
    );
    // A concept becomes its words, and is gone.
    let met = difference(
        "[[rule]]\nname = \"w\"\nchange = \"marc.650.*\"\nproperty = \"dc:subject\"\nas = \"text\"",
    );
    assert!(met.iter().any(|line| line.starts_with("+ d/2 dc:subject \"Kullervo\"")), "{met:#?}");
    assert!(met.iter().any(|line| line.starts_with("- concept/veljekset skos:prefLabel")), "{met:#?}");
    // Another language for labels of concepts; the links to them stay.
    let met = difference(
        "[[rule]]\nname = \"l\"\nchange = \"marc.650.*\"\nlanguage = \"sv\"\nwhen = { field = \"650$2\", is = \"lcsh\" }",
    );
    assert!(
        met.iter().any(|line| line.starts_with("+ concept/brothers skos:prefLabel \"brothers\"@sv")),
        "{met:#?}"
    );
    assert!(
        met.iter().any(|line| line.starts_with("- concept/brothers skos:prefLabel \"brothers\"")),
        "{met:#?}"
    );
    assert!(!met.iter().any(|line| line.contains("dc:subject")), "{met:#?}");
    // Changed into what it is already: nothing happens.
    assert_eq!(
        difference("[[rule]]\nname = \"s\"\nchange = \"marc.245a.title\"\nto = \"dc:title\""),
        [""; 0]
    );
}

#[test]
fn constants_and_rights_by_default() {
    let met = difference(
        r#"
        rights = "CC BY 4.0"
        [[rule]]
        name = "shelf"
        constant = "Old books"
        to = "dcterms:isPartOf"
        as = "text"
        when = { field = "008", present = true }
        [[rule]]
        name = "titles"
        constant = "never"
        to = "dc:title"
        only_if_missing = true
        "#,
    );
    assert_eq!(
        met,
        [
            "+ d/1 dcterms:isPartOf \"Old books\" | owner.shelf | ",
            "+ d/1#aggregation edm:rights http://creativecommons.org/licenses/by/4.0/ | owner.rights | "
        ]
    );
}

#[test]
fn issues_are_raised_and_ignored() {
    let met = difference(
        "[[rule]]\nname = \"no-date\"\nraise = \"the year of printing\"\nwhen = { field = \"008\", present = false }",
    );
    assert_eq!(met, ["+ 2 ! owner.rule at owner.no-date: met '', expected the year of printing"]);
    let met = difference(
        "[[rule]]\nname = \"x\"\nfield = \"650$2\"\nraise = \"a thesaurus in use\"\nwhen = { field = \"650$2\", is_not = [\"yso/fin\"] }",
    );
    assert_eq!(met.len(), 2, "{met:#?}");
    assert!(met[0].contains("at 650[2]$2: met 'lcsh'"), "{met:#?}");
    let bad = BOOKS.replace("fin  <", "xyz  <");
    let met = difference_of(
        "marcxml",
        &bad,
        None,
        "[[rule]]\nname = \"x\"\nignore = \"language.*\"\nfield = \"008\"",
    );
    assert!(met.len() == 1 && met[0].starts_with("- 1 ! language.unknown at 008/35-37"), "{met:#?}");
}

#[test]
fn patterns_replace_and_prefixes_make_links() {
    let met = difference(
        r#"
        [[rule]]
        name = "link"
        field = "001"
        replace = { matches = "^(\\d+)$", to = "q$1" }
        prefix = "https://catalogue.example.org/"
        suffix = ".html"
        to = "edm:isShownAt"
        when = { field = "001", matches = "^1$" }
        "#,
    );
    assert!(
        met.contains(
            &"+ d/1#aggregation edm:isShownAt https://catalogue.example.org/q1.html | owner.link | 001"
                .to_owned()
        ),
        "{met:#?}"
    );
    assert!(!met.iter().any(|line| line.contains("d/2")), "{met:#?}");
}

#[test]
fn conditions_keep_to_the_parent_in_xml() {
    let lido = r#"<lido:lido xmlns:lido="http://www.lido-schema.org"><lido:lidoRecID lido:type="local">9</lido:lidoRecID>
        <lido:descriptiveMetadata xml:lang="de"><lido:objectIdentificationWrap><lido:titleWrap>
        <lido:titleSet lido:type="exhibition"><lido:appellationValue>Frühling</lido:appellationValue></lido:titleSet>
        <lido:titleSet lido:type="own"><lido:appellationValue>Sommer</lido:appellationValue></lido:titleSet>
        </lido:titleWrap></lido:objectIdentificationWrap></lido:descriptiveMetadata></lido:lido>"#;
    let met = difference_of(
        "lido",
        lido,
        None,
        r#"
        [[rule]]
        name = "own"
        field = "titleSet/appellationValue"
        to = "dcterms:alternative"
        case = "upper"
        when = { field = "titleSet/@type", is = "own" }
        "#,
    );
    assert_eq!(
        met,
        [
            "+ d/9 dcterms:alternative \"SOMMER\"@de | owner.own | descriptiveMetadata/objectIdentificationWrap/titleWrap/titleSet[2]/appellationValue"
        ]
    );
}

#[test]
fn rules_stand_on_top_of_the_mapping_file_of_a_table() {
    let mapping = r#"
        id = "nro"
        sector = "register"
        [[column]]
        name = "nimi"
        to = "title"
        [[rule]]
        name = "town"
        field = "Kunta / kommun"
        to = "dcterms:spatial"
        [[rule]]
        name = "no-title"
        change = "table.nimi.title"
        language = "fi"
        "#;
    let met = difference_of("csv", "nro,nimi,Kunta / kommun\n1,Kirkko,Petäjävesi\n", Some(mapping), mapping);
    assert!(
        met.iter()
            .any(|line| line
                .contains("dcterms:spatial place/pet%C3%A4j%C3%A4vesi | owner.town | Kunta / kommun")),
        "{met:#?}"
    );
    assert!(met.iter().any(|line| line.starts_with("+ d/1 dc:title \"Kirkko\"@fi")), "{met:#?}");
}
