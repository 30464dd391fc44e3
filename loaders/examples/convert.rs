//! `cargo run -p loaders --example convert -- FORMAT FILE [MAPPING]`: N-Quads of one file to standard output,
//! issues and quarantined pieces to standard error. For trying a loader; `aarre convert` is the real thing.
#![expect(clippy::print_stderr, reason = "this is a command")]

use graph_model::{Base, DatasetId};
use loaders::{Outcome, Setup, Target, format_by_id};
use std::io::{BufReader, Write as _};
use std::ops::ControlFlow;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [format, file, rest @ ..] = arguments.as_slice() else {
        return Err("usage: convert FORMAT FILE [MAPPING]".into());
    };
    let mapping = rest.first().map(std::fs::read_to_string).transpose()?;
    let entry = format_by_id(format).ok_or("no such format")?;
    let format = (entry.setup)(Setup { mapping: mapping.as_deref() })?;
    let (base, dataset) = (Base::new("https://example.org")?, DatasetId::new("try")?);
    let graph = base.graph(dataset.as_str());
    let input = Box::new(BufReader::with_capacity(1 << 16, std::fs::File::open(file)?));
    let mut output = std::io::BufWriter::new(std::io::stdout().lock());
    let (mut documents, mut quarantined, mut issues, mut statements) = (0, 0, 0, 0);
    let target = Target { lines: Some(&graph), ..Target::new(&base, &dataset) };
    let _ = format.convert(input, target, &mut |outcome| {
        match outcome {
            Outcome::Document { document, lines, .. } => {
                documents += 1;
                statements += document.len();
                if output.write_all(lines).is_err() {
                    return ControlFlow::Break(());
                }
                for issue in document.issues() {
                    issues += 1;
                    eprintln!("{}: {issue}", document.local());
                }
            }
            Outcome::Deleted { identifier, .. } => eprintln!("DELETED {identifier}"),
            Outcome::Quarantined(broken) => {
                quarantined += 1;
                eprintln!(
                    "QUARANTINED record {} byte {}: {broken}",
                    broken.position.record, broken.position.byte
                );
            }
        }
        ControlFlow::Continue(())
    });
    eprintln!("{documents} documents, {quarantined} quarantined, {statements} statements, {issues} issues");
    Ok(())
}
