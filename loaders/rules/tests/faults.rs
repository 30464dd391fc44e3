//! What is wrong with a file, and where.

use super::super::{Rules, TableFiles, files_of};

#[track_caller]
fn fault(text: &str, expected: &str) {
    let met = Rules::read(text, &TableFiles::new()).expect_err(text).to_string();
    assert_eq!(met, expected);
}

#[test]
fn a_fault_names_its_place_what_was_met_and_what_is_allowed() {
    fault(
        "[[rule]]\nname = \"a\"\nfeild = \"245$a\"\n",
        "rule file, line 3, column 1: unknown key 'feild'; expected 'field'? The keys here are name, note, field, \
         constant, change, drop, drop_field, raise, ignore, property, when, split, replace, case, lookup, otherwise, \
         prefix, suffix, to, as, language, role, kind, order, scheme, within, only_if_missing",
    );
    fault(
        "rihgts = \"CC0\"\n",
        "rule file, line 1, column 1: unknown key 'rihgts'; expected 'rights'? The keys here are version, title, \
         rights, prefixes, tables, rule",
    );
    fault(
        "[[rule]]\nname = \"a\"\nfield = \"245$a\"\nto = \"dc:titel\"\n",
        "rule file, line 4, column 6: 'dc:titel'; expected dc:title?",
    );
    fault(
        "[[rule]]\nname = \"a\"\nfield = \"245$a\"\nto = \"title\"\n",
        "rule file, line 4, column 6: 'title'; expected dc:title? A property is written with its prefix",
    );
    fault(
        "[[rule]]\nname = \"a\"\nfield = \"245$a\"\nto = \"dct:title\"\n",
        "rule file, line 4, column 6: the prefix 'dct'; expected dc:title? Prefixes of your own are declared under \
         [prefixes]",
    );
    fault(
        "[[rule]]\nname = \"a\"\nfield = \"245$a\"\n",
        "rule file, line 2, column 8: the rule 'a' without 'to'; expected to = \"…\", a property such as dc:subject",
    );
    fault(
        "[[rule]]\nname = \"a\"\n",
        "rule file, line 2, column 8: the rule 'a' that works on nothing; expected field, constant, change, drop, \
         drop_field, raise or ignore",
    );
    fault(
        "[[rule]]\nname = \"a\"\ndrop = \"marc.650.*\"\nto = \"dc:type\"\n",
        "rule file, line 4, column 6: 'to' beside 'drop'; expected no 'to': a rule with 'drop' says nothing with a value",
    );
    fault(
        "[[rule]]\nname = \"a\"\nfield = \"x\"\nto = \"dc:type\"\nas = \"konsept\"\n",
        "rule file, line 5, column 6: 'konsept'; expected 'concept'? There are agent, boolean, concept, date, integer, \
         iri, item, number, place, text, year",
    );
    fault(
        "[[rule]]\nname = \"a\"\nfield = \"x\"\nto = \"dc:type\"\nlookup = \"kinds\"\n",
        "rule file, line 5, column 10: 'kinds'; expected the name of a table under [tables]; there is none",
    );
    fault(
        "[[rule]]\nname = \"a\"\nfield = \"x\"\nto = \"dc:type\"\nwhen = { field = \"y\", matches = \"(\" }\n",
        "rule file, line 5, column 8: the pattern '(': unclosed group; expected a regular expression",
    );
    fault(
        "[[rule]]\nname = \"a\"\nignore = \"date.unreadible\"\n",
        "rule file, line 3, column 10: 'date.unreadible'; expected 'date.unreadable'? There are date.unreadable, \
         date.impossible, language.unknown, role.unknown, code.unknown, rights.unknown, title.missing, \
         identifier.missing, value.missing, iri.bad, coordinates.bad, number.bad, encoding.bad, structure.bad, \
         field.unmapped, value.too-long, owner.rule, profile.violated, profile.advised",
    );
    fault(
        "rights = \"mine\"\n",
        "rule file, line 1, column 10: 'mine'; expected a statement of rightsstatements.org or Creative Commons, such \
         as \"CC BY 4.0\" or \"InC\"",
    );
    fault(
        "tables.x = { file = \"x.tsv\" }\n",
        "rule file, line 1, column 12: the file 'x.tsv', which cannot be read; expected a file of two columns beside \
         the rule file",
    );
    fault(
        "[[rule]]\nname = \"a\"\nfield = \"x\"\nto = \"dc:type\"\n[[rule]]\nname = \"a\"\nfield = \"y\"\nto = \"dc:type\"\n",
        "rule file, line 6, column 8: the name 'a' once more; expected each name once, as statements are traced to \
         their rule by it",
    );
}

#[test]
fn a_rule_id_has_to_exist_in_the_format() {
    let check = |id: &str, formats: &[&str]| {
        let text = format!("[[rule]]\nname = \"a\"\ndrop = \"{id}\"\n");
        Rules::read(&text, &TableFiles::new()).expect("good but for the id").check_ids(formats)
    };
    assert_eq!(check("marc.245a.title", &["marcxml"]), Ok(()));
    assert_eq!(check("marc.65*", &["marc21"]), Ok(()));
    assert_eq!(check("owner.other", &["marc21"]), Ok(()));
    assert_eq!(check("table.any.title", &["csv"]), Ok(()));
    let met = |id, formats: &[&str]| check(id, formats).expect_err(id).to_string();
    assert_eq!(
        met("marc.245a.titel", &["marcxml"]),
        "rule file, line 3, column 8: the rule id 'marc.245a.titel'; expected 'marc.245a.title'? All ids are listed \
         by: aarre rules marcxml"
    );
    assert!(
        met("lido.titleSet.title", &["marcxml"]).contains("one of lido"),
        "{}",
        met("lido.titleSet.title", &["marcxml"])
    );
    assert!(check("marc.nothing.*", &["marcxml"]).is_err());
}

#[test]
fn the_files_of_tables_are_told() {
    let files = files_of("tables.x = { file = \"x.tsv\" }\ntables.y = { a = \"b\" }\n").expect("a good file");
    assert_eq!(files, ["x.tsv"]);
}
