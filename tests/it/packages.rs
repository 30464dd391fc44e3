//! The profiles of packages on E-ARK's own cases: every valid METS document keeps the rules, every invalid one whose fault
//! stands in the METS document itself is told apart. What cannot be told from it is listed here with the reason.

use graph_model::{Base, DatasetId, IssueKind};
use loaders::{Outcome, Setup, Target};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::ops::ControlFlow;
use std::path::PathBuf;

/// Invalid cases whose METS document is sound by itself, by the beginning of their names.
const ELSEWHERE: &[(&str, &str)] = &[
    (
        "CSIP__CSIP19__invalid__IP_18000_CSIP19_1__representations__rep1",
        "the fault is in the METS of the package's root",
    ),
    ("CSIP__CSIP1__invalid__rep_mets_file", "OBJID is compared with the name of a folder"),
    ("CSIP__CSIP1__invalid__root_mets_file", "OBJID is compared with the name of a folder"),
    ("CSIP__CSIP22__invalid__IP_18000_CSIP22_1", "the checksum is compared with the file's"),
    ("CSIP__CSIP27__invalid__IP_18000_CSIP27_2", "the size is compared with the file's"),
    ("CSIP__CSIP51__invalid__mdRef_wrong_reference", "the file that is pointed to is not in the package"),
    ("CSIP__CSIPSTR5__invalid__", "the metadata folder is not as the specification has it"),
];

/// The rules that a METS document breaks, and whether each must be kept.
fn broken(path: &PathBuf) -> Vec<(IssueKind, String)> {
    let bytes = fs::read(path).unwrap();
    let format = loaders::detect(&bytes).expect("a package is known");
    assert_eq!(format.id, "mets", "{}", path.display());
    let converter = (format.setup)(Setup::default()).unwrap();
    let (base, dataset) = (Base::new("https://example.org").unwrap(), DatasetId::new("packages").unwrap());
    let mut found = Vec::new();
    let mut documents = 0;
    let target = Target::new(&base, &dataset);
    let _ = converter.convert_on_this_thread(Box::new(&*bytes), target, &mut |outcome| {
        match outcome {
            Outcome::Document { document, .. } => {
                documents += 1;
                for issue in document.issues() {
                    if matches!(issue.kind, IssueKind::ProfileViolated | IssueKind::ProfileAdvised) {
                        let rule = issue.expected.split(':').next().unwrap_or_default();
                        found.push((issue.kind, rule.to_owned()));
                    }
                }
            }
            Outcome::Deleted { identifier, .. } => panic!("{}: {identifier} is deleted", path.display()),
            Outcome::Quarantined(broken) => panic!("{}: {broken}", path.display()),
        }
        ControlFlow::Continue(())
    });
    assert_eq!(documents, 1, "{}", path.display());
    found
}

#[test]
fn valid_packages_are_told_from_invalid_ones() {
    let Some(data) = crate::real_data::data() else { return };
    let mut paths: Vec<PathBuf> =
        fs::read_dir(data.join("mets/eark")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut table: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    let mut faults = Vec::new();
    for path in &paths {
        let name = path.file_name().unwrap().to_str().unwrap();
        let verdict = name.split("__").nth(2).unwrap_or_default();
        let case = match verdict {
            "valid" => "valid",
            "invalid" => "invalid",
            _ => continue,
        };
        let rules = broken(path);
        let met = if rules.iter().any(|(kind, _)| *kind == IssueKind::ProfileViolated) {
            "must broken"
        } else if rules.is_empty() {
            "none"
        } else {
            "should or may"
        };
        let elsewhere = ELSEWHERE.iter().find(|(start, _)| name.starts_with(start));
        *table.entry((if elsewhere.is_some() { "invalid elsewhere" } else { case }, met)).or_default() += 1;
        match (case, met, elsewhere) {
            ("valid", "none", None) => {}
            ("valid", _, _) => faults.push(format!("{name} is valid and breaks {rules:?}")),
            (_, "none", None) => faults.push(format!("{name} is invalid and nothing was found")),
            (_, "none", Some(_)) | (_, _, None) => {}
            (_, _, Some((start, _))) => faults.push(format!("{start} can be told after all: {rules:?}")),
        }
        // A case is named by the requirement that it breaks; a requirement next to it may speak of the same thing.
        let wanted = name.split("__").nth(1).unwrap_or_default();
        if case == "invalid" && elsewhere.is_none() && !rules.iter().any(|(_, rule)| rule == wanted) {
            let stands_for = [("CSIP11", "CSIP12"), ("CSIP31", "CSIP93"), ("CSIP61", "CSIP91")]
                .contains(&(wanted, &*rules[0].1));
            if !stands_for {
                faults.push(format!("{name} breaks {rules:?} and not {wanted}"));
            }
        }
    }
    let mut out = std::io::stdout().lock();
    writeln!(out, "\n{:<20} {:<15} {:>5}", "case", "issues", "cases").unwrap();
    for ((case, met), count) in &table {
        writeln!(out, "{case:<20} {met:<15} {count:>5}").unwrap();
    }
    for (start, reason) in ELSEWHERE {
        writeln!(out, "not in the METS document: {start}…: {reason}").unwrap();
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    assert_eq!(table.get(&("valid", "none")), Some(&13));
}
