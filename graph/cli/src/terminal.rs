//! What a person or a program sees: results on standard output, everything else on standard error.

use crate::args::Everywhere;
use anyhow::Context as _;
use graph_publish::convert::ConvertError;
use graph_publish::home::Home;
use graph_publish::report::Summary;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use tracing_subscriber::EnvFilter;

/// How a command ended, when it did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Done {
    /// All of the input came through.
    Complete,
    /// Something was set aside; the report says what.
    WithQuarantine,
}

/// Where output goes and how much of it there is.
#[derive(Debug, Clone)]
pub(crate) struct Terminal {
    home: Option<PathBuf>,
    json: bool,
    quiet: bool,
    verbose: u8,
}

impl Terminal {
    pub(crate) fn new(everywhere: &Everywhere) -> Self {
        let Everywhere { home, json, quiet, verbose } = everywhere.clone();
        Self { home, json, quiet, verbose }
    }

    /// Sends logs to standard error. `AARRE_LOG` takes a filter as `tracing` knows it.
    pub(crate) fn start_logs(&self) {
        let level = match (self.quiet, self.verbose) {
            (true, _) => "error",
            (false, 0) => "warn,aarre=info,graph_serve=info,graph_publish=info,graph_store=info",
            (false, 1) => "info",
            (false, 2) => "debug",
            (false, _) => "trace",
        };
        let filter = EnvFilter::try_from_env("AARRE_LOG").unwrap_or_else(|_| EnvFilter::new(level));
        let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
        // Logs that are started twice stay as they were.
        let _ = if self.json {
            logs.json().try_init()
        } else {
            logs.with_ansi(io::stderr().is_terminal()).try_init()
        };
    }

    pub(crate) fn json(&self) -> bool {
        self.json
    }

    pub(crate) fn quiet(&self) -> bool {
        self.quiet
    }

    /// The home that was named, opened.
    pub(crate) fn home(&self) -> anyhow::Result<Home> {
        let path = self.home.as_ref().context(
            "no home was named; use --home DIR or set AARRE_HOME (make one with: aarre init DIR --base IRI)",
        )?;
        Ok(Home::open(path)?)
    }

    /// The path that `--home` or `AARRE_HOME` names.
    pub(crate) fn home_path(&self) -> Option<&Path> {
        self.home.as_deref()
    }

    /// The home when one was named, and none otherwise.
    pub(crate) fn home_if_named(&self) -> anyhow::Result<Option<Home>> {
        self.home.as_ref().map(|_| self.home()).transpose()
    }

    /// A result: a line for people, or one JSON object for machines.
    pub(crate) fn result(&self, people: &str, machines: &serde_json::Value) -> anyhow::Result<()> {
        let mut out = io::stdout().lock();
        if self.json {
            serde_json::to_writer(&mut out, machines)?;
            out.write_all(b"\n")?;
        } else if !self.quiet && !people.is_empty() {
            writeln!(out, "{people}")?;
        }
        out.flush()?;
        Ok(())
    }

    /// Something that people want to know while a command runs.
    pub(crate) fn say(&self, text: &str) {
        if !self.quiet && !self.json {
            // Nothing is lost when standard error is closed.
            let _ = writeln!(io::stderr().lock(), "{text}");
        }
    }

    /// Something that went wrong with a part of the input.
    pub(crate) fn warn(&self, text: &str) {
        let _ = writeln!(io::stderr().lock(), "warning: {text}");
    }

    pub(crate) fn fail(&self, error: &anyhow::Error) {
        let mut text = format!("error: {error}");
        for cause in error.chain().skip(1) {
            // Libraries repeat their cause in their own words now and then.
            let cause = cause.to_string();
            if !text.contains(&cause) {
                text = format!("{text}\n  because: {cause}");
            }
        }
        let _ = writeln!(io::stderr().lock(), "{text}");
        if self.json {
            let problem = serde_json::json!({ "error": error.to_string() });
            let _ = writeln!(io::stdout().lock(), "{problem}");
        }
    }

    /// Says what became of a run's input and how the command ended.
    pub(crate) fn summary(&self, summary: &Summary) -> Done {
        for text in faults(summary) {
            self.warn(&text);
        }
        for piece in &summary.set_aside {
            let line = piece.line.map(|line| format!(", line {line}")).unwrap_or_default();
            let id = piece.id.as_ref().map(|id| format!(" ({id})")).unwrap_or_default();
            self.warn(&format!(
                "{}: record {}{id} at byte {}{line} is set aside: {}; expected {}",
                piece.file, piece.record, piece.byte, piece.met, piece.expected
            ));
        }
        let more = summary.total.quarantined.saturating_sub(summary.set_aside.len() as u64);
        if more > 0 {
            self.warn(&format!("{} more are set aside", grouped(more)));
        }
        if summary.is_clean() { Done::Complete } else { Done::WithQuarantine }
    }
}

/// What could not be read, a line a kind: many files of a folder may lack the same.
fn faults(summary: &Summary) -> Vec<String> {
    let mut kinds: Vec<(&str, &str, &str, u64)> = Vec::new();
    for fault in &summary.faults {
        match kinds.iter_mut().find(|(_, met, expected, _)| *met == fault.met && *expected == fault.expected)
        {
            Some((_, _, _, count)) => *count += 1,
            None => kinds.push((&fault.file, &fault.met, &fault.expected, 1)),
        }
    }
    let words = |(file, met, expected, count): (&str, &str, &str, u64)| match count {
        1 => format!("{file}: {met}; expected {expected}"),
        2 => format!("{file} and one more file: {met}; expected {expected}"),
        _ => format!("{file} and {} more files: {met}; expected {expected}", grouped(count - 1)),
    };
    kinds.into_iter().map(words).collect()
}

/// `12,345,678`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 record`, `2 records`.
pub(crate) fn counted(number: u64, one: &str) -> String {
    format!("{} {one}{}", grouped(number), if number == 1 { "" } else { "s" })
}

/// The summary of a run in one line.
pub(crate) fn in_words(summary: &Summary) -> String {
    let total = &summary.total;
    let mut text = format!(
        "{} in, {} out, {} set aside, {}, {}",
        counted(total.records, "record"),
        counted(total.documents, "document"),
        grouped(total.quarantined),
        counted(total.statements, "statement"),
        counted(total.issues, "issue"),
    );
    if total.deleted > 0 {
        text = format!("{text}; {} deleted by their owner", counted(total.deleted, "record"));
    }
    if !summary.faults.is_empty() {
        text = format!("{text}; {} could not be read", counted(summary.faults.len() as u64, "file"));
    }
    text
}

/// Whether the reader of our output went away, as `head` does.
pub(crate) fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let sink = match error.downcast_ref::<ConvertError>() {
        Some(ConvertError::Sink(inner)) => inner.downcast_ref::<io::Error>(),
        _ => None,
    };
    let causes = error.chain().filter_map(|cause| cause.downcast_ref::<io::Error>());
    causes.chain(sink).any(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests {
    use super::*;
    use graph_publish::report::FaultReport;

    #[test]
    fn faults_of_one_kind_are_one_line() {
        let fault = |file: &str, met: &str| FaultReport {
            file: file.to_owned(),
            met: met.to_owned(),
            expected: "a mapping file".to_owned(),
        };
        let of = |faults: Vec<FaultReport>| super::faults(&Summary { faults, ..Summary::default() });
        assert_eq!(
            of(vec![
                fault("a.json", "none"),
                fault("b.txt", "text"),
                fault("c.json", "none"),
                fault("d.json", "none")
            ]),
            [
                "a.json and 2 more files: none; expected a mapping file",
                "b.txt: text; expected a mapping file"
            ]
        );
        assert_eq!(
            of(vec![fault("a", "none"), fault("b", "none")]),
            ["a and one more file: none; expected a mapping file"]
        );
    }
}
