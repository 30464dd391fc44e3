//! `aarre convert PATH…`: bytes to N-Quads, without a store.

use super::input::Input;
use crate::args::ConvertArguments;
use crate::progress::Progress;
use crate::terminal::{Done, Terminal, in_words};
use anyhow::Context as _;
use flate2::write::GzEncoder;
use graph_publish::convert::Fate;
use graph_publish::report::Report;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

pub(crate) fn run(arguments: &ConvertArguments, terminal: &Terminal) -> anyhow::Result<Done> {
    let input = Input::new(&arguments.input, terminal)?;
    let mut report = match &arguments.report {
        Some(path) => Report::written(input.dataset.as_str(), path)
            .with_context(|| format!("the report cannot be written to {}", path.display()))?,
        None => Report::counted(input.dataset.as_str()),
    };
    let progress = Progress::new(terminal, "convert");
    let graph = input.base.graph(input.dataset.as_str());
    let mut output = Output::open(arguments.out.as_deref())?;
    input.convert(Some(&graph), &progress, &mut report, &mut |converted| {
        output.writer.write_all(converted.lines)?;
        Ok(Fate::Taken)
    })?;
    output.finish()?;
    progress.finish();
    let folder = report.path().map(Path::to_owned);
    let summary = report.finish().context("the report cannot be written")?;
    let done = terminal.summary(&summary);
    if arguments.out.is_some() && terminal.json() {
        terminal.result("", &serde_json::to_value(&summary)?)?;
    } else {
        // Standard output carries the quads, so the summary stands beside it.
        terminal.say(&in_words(&summary));
    }
    match folder {
        Some(folder) => terminal.say(&format!("report: {}", folder.join("report.html").display())),
        None if done == Done::WithQuarantine || summary.total.issues > 0 => {
            terminal.say("name a folder with --report DIR to see each issue and what was set aside");
        }
        None => {}
    }
    Ok(done)
}

/// Where the quads go. A file gets its name only once it is whole.
struct Output {
    writer: Writer,
    file: Option<(PathBuf, PathBuf)>,
}

enum Writer {
    Plain(BufWriter<Box<dyn Write>>),
    Gzip(BufWriter<GzEncoder<File>>),
    Zstd(BufWriter<zstd::Encoder<'static, File>>),
}

impl Write for Writer {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(writer) => writer.write(buffer),
            Self::Gzip(writer) => writer.write(buffer),
            Self::Zstd(writer) => writer.write(buffer),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(writer) => writer.flush(),
            Self::Gzip(writer) => writer.flush(),
            Self::Zstd(writer) => writer.flush(),
        }
    }
}

impl Output {
    fn open(path: Option<&Path>) -> anyhow::Result<Self> {
        const BUFFER: usize = 1 << 20;
        let Some(path) = path else {
            let writer = Writer::Plain(BufWriter::with_capacity(BUFFER, Box::new(io::stdout())));
            return Ok(Self { writer, file: None });
        };
        // A device or a pipe is written to as it is: a file in its place would be the end of it.
        let special = std::fs::metadata(path).is_ok_and(|known| !known.is_file() && !known.is_dir());
        let mut draft = path.as_os_str().to_owned();
        if !special {
            draft.push(".part");
        }
        let draft = PathBuf::from(draft);
        let file = File::create(&draft).with_context(|| format!("{} cannot be written", draft.display()))?;
        let writer = match path.extension().and_then(|extension| extension.to_str()) {
            Some("gz") => Writer::Gzip(BufWriter::with_capacity(
                BUFFER,
                GzEncoder::new(file, flate2::Compression::default()),
            )),
            Some("zst") => Writer::Zstd(BufWriter::with_capacity(BUFFER, zstd::Encoder::new(file, 3)?)),
            _ => Writer::Plain(BufWriter::with_capacity(BUFFER, Box::new(file))),
        };
        Ok(Self { writer, file: (!special).then(|| (draft, path.to_owned())) })
    }

    fn finish(self) -> anyhow::Result<()> {
        match self.writer {
            Writer::Plain(mut writer) => writer.flush()?,
            Writer::Gzip(writer) => {
                writer.into_inner().map_err(io::IntoInnerError::into_error)?.finish()?;
            }
            Writer::Zstd(writer) => {
                writer.into_inner().map_err(io::IntoInnerError::into_error)?.finish()?;
            }
        }
        if let Some((draft, path)) = self.file {
            File::open(&draft)?.sync_all()?;
            std::fs::rename(&draft, &path)
                .with_context(|| format!("{} cannot be written", path.display()))?;
        }
        Ok(())
    }
}
