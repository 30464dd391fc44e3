#![expect(clippy::unwrap_used, reason = "tests")]

use crate::mets::{Mets, MetsRecord, records_of};
use crate::shared::check;
use crate::{Convert, Outcome, Target};
use graph_model::{Base, Broken, DatasetId, Delivery, Description, Format, ObjectRef, Part, Position, Visit};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::io::BufRead;
use std::ops::ControlFlow;
use vocabularies::{dcterms, premis, rdf};

/// METS with every package in parts, each as small as can be.
struct InParts(usize);

impl Format for InParts {
    type Record = MetsRecord;

    const ID: &'static str = "mets";

    fn records<'a>(
        &'a self,
        input: Box<dyn BufRead + 'a>,
    ) -> Box<dyn Iterator<Item = Result<MetsRecord, Broken>> + 'a> {
        Box::new(records_of(input, 0, self.0))
    }

    fn identify<'r>(&self, record: &'r MetsRecord) -> Option<Cow<'r, str>> {
        Mets.identify(record)
    }

    fn position(&self, record: &MetsRecord) -> Position {
        Mets.position(record)
    }

    fn delivery<'r>(&self, record: &'r MetsRecord) -> Option<Delivery<'r>> {
        Mets.delivery(record)
    }

    fn describe(&self, record: &MetsRecord, out: &mut Description<'_>) {
        Mets.describe(record, out);
    }

    fn fields(&self, record: &MetsRecord, visit: &mut Visit<'_>) {
        Mets.fields(record, visit);
    }
}

/// What has no identifier is numbered in each part by itself.
fn numbered_alike(graph: &str) -> HashSet<String> {
    let part = regex::Regex::new("-(?:sections|part)[0-9]+-([0-9]+)").unwrap();
    graph.lines().map(|line| part.replace_all(line, "-$1").into_owned()).collect()
}

/// Rules of profiles ask the whole document, so parts do not ask them.
fn without_profile(issues: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = issues.lines().filter(|line| !line.contains("profile.")).collect();
    lines.sort_unstable();
    lines.dedup();
    lines
}

#[test]
fn parts_say_together_what_the_whole_says() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("mets/fixtures/mets");
    let mut differ = String::new();
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "xml") {
            continue;
        }
        count += 1;
        let bytes = std::fs::read(&path).unwrap();
        let (whole, whole_issues) = check::convert(&Mets, &bytes);
        for part in [0, 40] {
            let (parts, issues) = check::convert(&InParts(part), &bytes);
            let (whole, parts) = (numbered_alike(&whole), numbered_alike(&parts));
            let _ = writeln!(differ, "{} in parts of {part}", path.display());
            let before = differ.len();
            for line in whole.difference(&parts) {
                let _ = writeln!(differ, "- {line}");
            }
            for line in parts.difference(&whole) {
                let _ = writeln!(differ, "+ {line}");
            }
            let (wanted, met) = (without_profile(&whole_issues), without_profile(&issues));
            if wanted != met {
                let _ = writeln!(differ, "issues: {wanted:#?}\n{met:#?}");
            }
            if differ.len() == before {
                differ.truncate(differ[..before - 1].rfind('\n').map_or(0, |at| at + 1));
            }
        }
    }
    assert!(count > 10);
    assert!(differ.is_empty(), "{differ}");
}

/// A package with so many files, each with an object of PREMIS, in folders of a hundred.
fn package(files: usize) -> String {
    let mut xml = String::from(
        "<mets xmlns='http://www.loc.gov/METS/' xmlns:xlink='http://www.w3.org/1999/xlink' OBJID='large' LABEL='Scans'>\
         <metsHdr CREATEDATE='2024-05-06T07:08:09Z'/><amdSec>",
    );
    for file in 0..files {
        let _ = write!(
            xml,
            "<techMD ID='t{file}'><mdWrap MDTYPE='PREMIS:OBJECT'><xmlData><object xmlns='http://www.loc.gov/premis/v3' \
             xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:type='file'><objectIdentifier>\
             <objectIdentifierType>local</objectIdentifierType><objectIdentifierValue>o-{file}</objectIdentifierValue>\
             </objectIdentifier><originalName>{file}.tif</originalName></object></xmlData></mdWrap></techMD>"
        );
    }
    xml.push_str(
        "<digiprovMD ID='e'><mdWrap MDTYPE='PREMIS:EVENT'><xmlData><event xmlns='http://www.loc.gov/premis/v3'>\
         <eventIdentifier><eventIdentifierType>local</eventIdentifierType><eventIdentifierValue>scan</eventIdentifierValue>\
         </eventIdentifier><eventType>capture</eventType></event></xmlData></mdWrap></digiprovMD></amdSec>\
         <fileSec><fileGrp USE='master'>",
    );
    for file in 0..files {
        let _ = write!(
            xml,
            "<file ID='f{file}' ADMID='t{file} e' SIZE='{file}' MIMETYPE='image/tiff'><FLocat xlink:href='a/{file}.tif'/></file>"
        );
    }
    xml.push_str("</fileGrp></fileSec><structMap><div LABEL='all'>");
    for folder in 0..files.div_ceil(100) {
        let _ = write!(xml, "<div TYPE='folder' LABEL='{folder}'>");
        for file in (folder * 100..files).take(100) {
            let _ = write!(xml, "<fptr FILEID='f{file}'/>");
        }
        xml.push_str("</div>");
    }
    xml + "</div></structMap></mets>"
}

#[test]
fn a_large_package_is_read_whole() {
    let files = 12_000;
    let xml = package(files);
    let (base, dataset) = (Base::new("https://x.org").unwrap(), DatasetId::new("d").unwrap());
    let mut parts = Vec::new();
    let mut leads: HashMap<String, Vec<String>> = HashMap::new();
    let (mut described, mut named, mut used, mut sequences) = (0, 0, 0, Vec::new());
    let _ = Mets.convert(Box::new(xml.as_bytes()), Target::new(&base, &dataset), &mut |outcome| {
        let Outcome::Document { document, .. } = outcome else { panic!("{outcome:?}") };
        assert!(document.issues().is_empty(), "{:?}", document.issues());
        assert_eq!((document.iri(), document.local()), ("https://x.org/id/d/large", "large"));
        assert!(document.len() < 20_000, "a part with {} statements", document.len());
        parts.push(document.part());
        for statement in document.statements() {
            match statement.object {
                ObjectRef::Iri(object) => {
                    described +=
                        usize::from(object == premis::FILE.as_str() && statement.predicate == rdf::TYPE);
                    used += usize::from(
                        object.ends_with("#event-local-scan") && statement.subject.contains("#file-"),
                    );
                    leads.entry(statement.subject.to_owned()).or_default().push(object.to_owned());
                }
                _ if statement.predicate == premis::ORIGINAL_NAME => {
                    named += 1;
                    let number = statement.subject.rsplit("#file-f").next().unwrap();
                    assert_eq!(statement.object, ObjectRef::Text(&format!("{number}.tif"), None));
                }
                ObjectRef::Typed(number, _) if statement.predicate == vocabularies::aarre::SEQUENCE => {
                    sequences.push((statement.subject.to_owned(), number.to_owned()));
                }
                _ => {}
            }
        }
        ControlFlow::Continue(())
    });
    assert_eq!((described, named, used), (files, files, files));
    assert_eq!((parts[0], *parts.last().unwrap()), (Part::First, Part::Last));
    assert!(parts.len() > 20 && parts[1..parts.len() - 1].iter().all(|part| *part == Part::Middle));
    let folders: Vec<_> = sequences.iter().filter(|(subject, _)| subject.contains("#div-1-1-")).collect();
    assert_eq!(folders.len(), files / 100);
    for (folder, number) in folders {
        assert!(folder.ends_with(&format!("#div-1-1-{number}")), "{folder} is the {number}th");
        let held = leads[folder].iter().filter(|object| object.contains("#file-f")).count();
        assert_eq!(held, 100, "{folder}");
    }
    let (mut reached, mut next) = (HashSet::new(), vec!["https://x.org/id/d/large".to_owned()]);
    while let Some(node) = next.pop() {
        for object in leads.get(&node).into_iter().flatten() {
            if reached.insert(object.clone()) {
                next.push(object.clone());
            }
        }
    }
    for subject in leads.keys().filter(|subject| subject.contains('#')) {
        assert!(reached.contains(subject), "{subject} is not reached by {}", dcterms::HAS_PART);
    }
}
