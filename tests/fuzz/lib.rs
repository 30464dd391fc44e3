//! What must hold for any bytes in any format: nothing panics, what comes out is valid N-Quads, a second pass gives the
//! same documents, and no fault of a mapping hides behind a record set aside.
//!
//! `make fuzz` runs each target for a minute with the format's fixtures to begin from; `cargo fuzz run --fuzz-dir tests/fuzz
//! -s none marcxml` runs one for as long as you like. What a run finds becomes a fixture of its format.

use graph_model::{Base, DatasetId, write_statement};
use loaders::rules::{Rules, TableFiles};
use loaders::{Outcome, Setup, Target, format_by_id};
use oxttl::NQuadsParser;
use std::io::Cursor;
use std::ops::ControlFlow;

/// For the formats whose fields mean nothing by themselves: columns of every sort, under names that bytes may hit upon.
const MAPPING: &str = include_str!("mapping.toml");

/// Converts the bytes as one format, twice, and looks at what comes out.
///
/// # Panics
/// When something that must hold does not.
pub fn convert(format: &str, bytes: &[u8]) {
    let base = Base::new("https://data.example.org").expect("a base");
    let dataset = DatasetId::new("fuzz").expect("a name");
    let entry = format_by_id(format).expect("a format");
    // Only in XML a mapping has to tell what a record is.
    let mapping =
        if format == "xml" { format!("{MAPPING}\n[records]\nat = \"r\"\n") } else { MAPPING.to_owned() };
    let converter = (entry.setup)(Setup { mapping: Some(&mapping) }).expect("a mapping that fits");
    let target = Target { owner: Some("Example archive"), ..Target::new(&base, &dataset) };
    let (mut fingerprints, mut lines) = (Vec::new(), Vec::new());
    let flow = converter.convert_on_this_thread(Box::new(Cursor::new(bytes)), target, &mut |outcome| {
        match outcome {
            Outcome::Document { document, .. } => {
                lines.clear();
                for statement in document.statements() {
                    write_statement(&statement, Some("https://data.example.org/graph/fuzz"), &mut lines);
                }
                let quads = NQuadsParser::new().for_slice(&lines).map(|quad| quad.expect("valid N-Quads"));
                assert_eq!(quads.count(), document.len(), "each statement is one quad");
                assert!(document.iri().starts_with("https://data.example.org/id/"));
                fingerprints.push(document.fingerprint());
            }
            Outcome::Deleted { .. } => {}
            Outcome::Quarantined(broken) => {
                assert!(!broken.met.starts_with("a fault in the mapping"), "{}", broken.met);
            }
        }
        ControlFlow::Continue(())
    });
    assert!(flow.is_continue());
    let mut again = fingerprints.iter();
    let _ = converter.inspect(Box::new(Cursor::new(bytes)), target, &mut |document, fields| {
        assert_eq!(again.next(), Some(&document.fingerprint()), "the same bytes, the same document");
        fields(&mut |field| assert!(!field.path.is_empty() && !field.text.is_empty()));
        ControlFlow::Continue(())
    });
    assert!(again.next().is_none(), "as many documents as before");
}

/// Reads any text as a rule file and, where it is one, applies it to a record; reads it as a mapping file, too.
///
/// # Panics
/// When something that must hold does not.
pub fn rules(bytes: &[u8]) {
    const RECORD: &[u8] = include_bytes!("record.xml");
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    // Faults are answered, not thrown; what they say is for people and cannot be judged here.
    let _ = loaders::rules::files_of(text);
    let csv = format_by_id("csv").expect("a format");
    let _ = (csv.setup)(Setup { mapping: Some(text) });
    let Ok(rules) = Rules::read(text, &TableFiles::new()) else { return };
    let base = Base::new("https://data.example.org").expect("a base");
    let dataset = DatasetId::new("fuzz").expect("a name");
    let marcxml = format_by_id("marcxml").expect("a format");
    let converter = (marcxml.setup)(Setup { mapping: None }).expect("a format without a mapping");
    let target = Target { rules: Some(&rules), ..Target::new(&base, &dataset) };
    let mut lines = Vec::new();
    let _ = converter.convert_on_this_thread(Box::new(RECORD), target, &mut |outcome| {
        let Outcome::Document { document, .. } = outcome else { panic!("rules never set a record aside") };
        lines.clear();
        for statement in document.statements() {
            write_statement(&statement, Some("https://data.example.org/graph/fuzz"), &mut lines);
        }
        let quads = NQuadsParser::new().for_slice(&lines).map(|quad| quad.expect("valid N-Quads"));
        assert_eq!(quads.count(), document.len(), "each statement is one quad");
        ControlFlow::Continue(())
    });
}
