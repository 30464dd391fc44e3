//! What the Library of Congress's own converter is held to, beside what is said here: the expectations of its specification
//! for titles (`ConvSpec-200-247not240-Titles`), over its own cases.
//!
//! Its other expectations are about cases that are not at hand, or about the form of its graph rather than its facts.

use super::super::MarcXml;
use crate::{Convert, Outcome, Target};
use graph_model::{Base, DatasetId, ObjectRef};
use std::io::Cursor;
use std::ops::ControlFlow;
use std::path::Path;

/// The case, the control number, what its converter says, and why that is not said here; empty where it is.
const EXPECTED: &[(&str, &str, &str, &str)] = &[
    ("marc210", "2", "Idler", ""),
    ("marc210", "2", "Lond.", "210 is left out: 245 and 222 have the title in full"),
    ("marc242", "1", "Le Bureau", ""),
    ("marc242", "1", "The Office", ""),
    (
        "marc242",
        "2",
        "Rapport annuel du ministre des Approvisionnements et services Canada présenté sous l'empire et des syndicates ouvriers",
        "",
    ),
    ("marc242", "2", "Partie II", "the parts of a translated title stay in its text"),
    ("marc242", "2", "Syndicats ouvriers", "the parts of a translated title stay in its text"),
    ("marc245", "1", "Le Bureau", ""),
    (
        "marc245",
        "1",
        "Bureau",
        "the title of a work keeps its article, as the thing has it; keys leave it out",
    ),
    (
        "marc245",
        "2",
        "Rapport annuel du ministre des Approvisionnements et services Canada présenté sous l'empire et des syndicates ouvriers",
        "",
    ),
    ("marc245", "2", "Partie II", ""),
    ("marc245", "2", "Labour unions", ""),
    ("marc245", "2", "Syndicats ouvriers", ""),
    ("marc245", "3", "The plays of Oscar Wilde", ""),
    ("marc245", "3", "Alan Bird", ""),
    ("marc245", "4", "1760-1878", "told as the time span 1760/1878"),
    ("marc245", "5", "Jan.-Dec. 1985", "told as the time span 1985-01/1985-12"),
    ("marc245", "4", "Member release", "a version stays in the text of the title"),
    ("marc245", "6", "sound recording", "the kind of media is told from leader, 007 and 336-338"),
    ("marc247", "1", "Everywoman's magazine", ""),
    ("marc247", "1", "v. 1-24, Jan. 1948-57", ""),
    ("marc247", "1", "varies slightly", ""),
    ("marc247", "1", "Serie A", "the parts of a varying title stay in its text"),
];

/// The texts and the time spans that are said of each record, by its control number.
fn told(path: &Path) -> Vec<(String, Vec<String>)> {
    let (base, dataset) = (Base::new("https://example.org").unwrap(), DatasetId::new("loc").unwrap());
    let mut told = Vec::new();
    let input = Box::new(Cursor::new(std::fs::read(path).unwrap()));
    let _ = MarcXml.convert_on_this_thread(input, Target::new(&base, &dataset), &mut |outcome| {
        if let Outcome::Document { document, .. } = outcome {
            let texts = document.statements().filter_map(|statement| match statement.object {
                ObjectRef::Text(text, _) => Some(text.to_owned()),
                _ => None,
            });
            told.push((document.local().to_owned(), texts.collect()));
        }
        ControlFlow::Continue(())
    });
    told
}

#[test]
fn titles_agree_with_the_specification_of_the_library_of_congress() {
    let Some(data) = std::env::var_os("AARRE_REAL_DATA").filter(|path| !path.is_empty()) else { return };
    let folder = Path::new(&data).join("marc/loc-marc2bibframe2");
    for (case, number, expected, why) in EXPECTED {
        let told = told(&folder.join(case).with_extension("xml"));
        let (_, texts) = told.iter().find(|(local, _)| local == number).unwrap();
        let said = texts.iter().any(|text| text == expected);
        assert_eq!(said, why.is_empty(), "{case} {number}: '{expected}' ({why}) in {texts:#?}");
        if let Some(span) = why.strip_prefix("told as the time span ") {
            assert!(texts.iter().any(|text| text == span), "{case} {number}: {span} in {texts:#?}");
        }
    }
}
