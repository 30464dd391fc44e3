//! `aarre dump`: the current generation's dump, unpacked, or copied as it is.

use crate::args::DumpArguments;
use crate::terminal::{Done, Terminal};
use anyhow::{Context as _, bail};
use graph_publish::generation;
use serde_json::json;
use std::fs::File;
use std::io::{self, BufWriter, Write as _};

pub(crate) fn run(arguments: &DumpArguments, terminal: &Terminal) -> anyhow::Result<Done> {
    let generation = generation::current(&terminal.home()?.generations())?;
    let name = arguments.dataset.as_deref().unwrap_or("aarre");
    let dumps = generation.path.join("dumps");
    let extension = arguments.out.as_ref().and_then(|path| path.extension()).and_then(|text| text.to_str());
    if let (Some(out), Some(packing @ ("gz" | "zst"))) = (&arguments.out, extension) {
        let source = dumps.join(format!("{name}.nq.{packing}"));
        if source.is_file() {
            std::fs::copy(&source, out)
                .with_context(|| format!("{} cannot be copied to {}", source.display(), out.display()))?;
            return done(terminal, &out.display().to_string());
        }
    }
    let source = dumps.join(format!("{name}.nq.zst"));
    if !source.is_file() {
        let names: Vec<_> = generation.dumps()?.iter().map(|path| path.display().to_string()).collect();
        bail!(
            "generation {} has no dump of '{name}'; there are:\n  {}",
            generation.number,
            names.join("\n  ")
        );
    }
    let mut quads = zstd::Decoder::new(File::open(&source)?)?;
    match &arguments.out {
        None => {
            let mut out = io::stdout().lock();
            io::copy(&mut quads, &mut out)?;
            out.flush()?;
            Ok(Done::Complete)
        }
        Some(path) => {
            let file = File::create(path).with_context(|| format!("{} cannot be written", path.display()))?;
            let mut out = BufWriter::new(file);
            io::copy(&mut quads, &mut out)?;
            out.flush()?;
            done(terminal, &path.display().to_string())
        }
    }
}

fn done(terminal: &Terminal, path: &str) -> anyhow::Result<Done> {
    terminal.result(&format!("{path} is written"), &json!({ "out": path }))?;
    Ok(Done::Complete)
}
