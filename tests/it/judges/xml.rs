//! Every fixture in XML is valid against its standard's schema, unless it is written down why not.

use super::{fixtures, folder, passed_over, table};
use crate::real_data::show;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Which schemas fit the fixtures of a folder that name a namespace: a file is valid when one of them accepts it. Paths are
/// below the folder of the catalogue, those of EDM below its own.
const SCHEMAS: &[(&str, &str, &[&str])] = &[
    ("dc/", "http://purl.org/dc/elements/1.1/", &["schemas_external/dc/2008/dc.xsd"]),
    ("eac/", "urn:isbn:1-931666-33-4", &["schemas_external/eac/2010/cpf.xsd"]),
    ("eac/", "https://archivists.org/ns/eac/v2", &["schemas_external/eac/2.0/eac.xsd"]),
    ("ead/", "urn:isbn:1-931666-22-9", &["schemas_external/ead/2002/ead.xsd"]),
    ("ead/", "http://ead3.archivists.org/schema/", &["schemas_external/ead3/1.1.1/ead3.xsd"]),
    ("edm/", "http://www.w3.org/1999/02/22-rdf-syntax-ns#", &["edm:EDM.xsd", "edm:EDM-INTERNAL.xsd"]),
    (
        "lido/",
        "http://www.lido-schema.org",
        &["schemas_external/lido/1.0/lido-v1.0.xsd", "schemas_external/lido/1.1/lido-v1.1.xsd"],
    ),
    ("marc/", "http://www.loc.gov/MARC21/slim", &["schemas_external/marc/1.2/MARC21slim.xsd"]),
    (
        "mets/",
        "http://www.loc.gov/METS/",
        &["schemas/mets/mets.xsd", "schemas_external/mets/1.12.1/mets-1-12-1.xsd"],
    ),
    ("mets/", "info:lc/xmlns/premis-v2", &["schemas_external/premis/2.3/premis-v2-3.xsd"]),
    ("rules/", "http://www.loc.gov/MARC21/slim", &["schemas_external/marc/1.2/MARC21slim.xsd"]),
    ("mods/", "http://www.loc.gov/mods/v3", &["schemas_external/mods/3.8/mods-3-8.xsd"]),
];

/// Elements of envelopes, which have no schema here; what stands in them is judged all the same.
const ENVELOPES: &[&str] = &["collection", "export", "list", "qualifieddc", "records"];

const OAI: &str = "http://www.openarchives.org/OAI/2.0/";

#[test]
fn fixtures_are_valid_against_their_schemas() {
    let (Some(schemas), Some(edm)) = (folder("AARRE_XML_SCHEMAS"), folder("AARRE_EDM_XSD")) else {
        return passed_over("AARRE_XML_SCHEMAS and AARRE_EDM_XSD do not name the folders of the schemas");
    };
    if Command::new("xmllint").arg("--version").output().is_err() {
        return passed_over("xmllint is not installed");
    }
    let scratch = tempfile::tempdir().unwrap();
    let oai = format!(
        "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" targetNamespace=\"{OAI}\">\
         <xs:element name=\"OAI-PMH\"/></xs:schema>"
    );
    fs::write(scratch.path().join("oai.xsd"), oai).unwrap();
    let mut judged: BTreeMap<(&str, &str), Vec<PathBuf>> = BTreeMap::new();
    let mut names = BTreeMap::new();
    let mut invalid: BTreeMap<String, String> = BTreeMap::new();
    for (name, path) in fixtures() {
        let own = name.starts_with("table/") || name.starts_with("framed/");
        if own || path.extension().is_none_or(|ending| ending != "xml") {
            continue;
        }
        let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
        let fits = |(folder, namespace, _): &&(&str, &str, _)| {
            name.starts_with(folder)
                && [format!("\"{namespace}\""), format!("'{namespace}'")]
                    .iter()
                    .any(|name| text.contains(name))
        };
        invalid.insert(name.clone(), "it names no namespace that has a schema here".to_owned());
        if let Some((_, namespace, schemas)) = SCHEMAS.iter().find(fits) {
            for schema in *schemas {
                judged.entry((namespace, schema)).or_default().push(path.clone());
            }
        }
        names.insert(path.to_str().unwrap().to_owned(), name);
    }
    let count = names.len();
    let mut valid = BTreeSet::new();
    for (number, ((namespace, schema), files)) in judged.iter().enumerate() {
        let schema = match schema.strip_prefix("edm:") {
            Some(file) => edm.join(file),
            None => schemas.join(schema),
        };
        let driver = scratch.path().join(format!("{number}.xsd"));
        fs::write(&driver, around(namespace, &schema)).unwrap();
        let verdict = Command::new("xmllint")
            .env("XML_CATALOG_FILES", schemas.join("catalog_main.xml"))
            .args(["--nonet", "--noout", "--schema"])
            .arg(&driver)
            .args(files)
            .output()
            .unwrap();
        let verdict = String::from_utf8_lossy(&verdict.stderr);
        assert!(!verdict.contains("failed to compile"), "{}: {verdict}", schema.display());
        for file in files {
            let file = file.to_str().unwrap();
            let name = &names[file];
            if verdict.lines().any(|line| line == format!("{file} validates")) {
                valid.insert(name.clone());
            } else {
                let complaint = verdict.lines().find(|line| line.starts_with(&format!("{file}:")));
                let complaint = complaint.unwrap_or("xmllint says nothing").replace(file, "");
                invalid.insert(name.clone(), complaint);
            }
        }
    }
    for name in &valid {
        invalid.remove(name);
    }
    assert!(valid.len() > 50, "only {} fixtures are valid", valid.len());
    show(&format!("xmllint: {} of {count} fixtures are valid", valid.len()));
    let mut expected = BTreeSet::new();
    for row in table("invalid.tsv") {
        let [name, reason] = row.try_into().expect("two cells");
        assert!(!reason.is_empty(), "{name}: a reason");
        expected.insert(name);
    }
    let unexpected = invalid.iter().filter(|(name, _)| !expected.contains(*name));
    let gone = expected.iter().filter(|name| !invalid.contains_key(*name));
    let faults: Vec<String> = unexpected
        .map(|(name, why)| format!("{name}\t{why}"))
        .chain(gone.map(|name| format!("{name}: invalid.tsv has it, and it is valid or gone")))
        .collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// A schema that knows the envelopes beside a standard's own elements: anything may stand in them, and what a schema knows
/// is judged.
fn around(namespace: &str, schema: &Path) -> String {
    let mut driver = format!(
        "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">\n\
         <xs:import namespace=\"{OAI}\" schemaLocation=\"oai.xsd\"/>\n\
         <xs:import namespace=\"{namespace}\" schemaLocation=\"{}\"/>\n",
        schema.display()
    );
    for name in ENVELOPES {
        writeln!(driver, "<xs:element name=\"{name}\"/>").unwrap();
    }
    driver + "</xs:schema>\n"
}
