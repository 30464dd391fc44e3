//! How far a long run is: a bar on a terminal, a log line every ten seconds otherwise.

use crate::terminal::{Terminal, grouped};
use graph_publish::convert::Watch;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

const BETWEEN_LINES: Duration = Duration::from_secs(10);
/// A look at the clock every so many records is enough.
const RECORDS_BETWEEN_LOOKS: u64 = 64;

/// Shows how far a pass over records is.
#[derive(Debug)]
pub(crate) struct Progress {
    what: String,
    bar: Option<ProgressBar>,
    calls: AtomicU64,
    begun: Instant,
    last_line: Mutex<Instant>,
    silent: bool,
}

impl Progress {
    pub(crate) fn new(terminal: &Terminal, what: &str) -> Self {
        let silent = terminal.quiet() || terminal.json();
        let bar = (!silent && std::io::stderr().is_terminal()).then(|| {
            let bar = ProgressBar::no_length().with_message(what.to_owned());
            let style = "{msg} [{bar:30}] {bytes}/{total_bytes} {bytes_per_sec}, {eta} left; {prefix}";
            if let Ok(style) = ProgressStyle::with_template(style) {
                bar.set_style(style.progress_chars("=> "));
            }
            bar
        });
        let now = Instant::now();
        Self {
            what: what.to_owned(),
            bar,
            calls: AtomicU64::new(0),
            begun: now,
            last_line: Mutex::new(now),
            silent,
        }
    }

    /// Takes the bar away; what was done is said by others.
    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl Watch for Progress {
    fn progress(&self, read: u64, total: u64, documents: u64, quarantined: u64) {
        if self.silent || !self.calls.fetch_add(1, Ordering::Relaxed).is_multiple_of(RECORDS_BETWEEN_LOOKS) {
            return;
        }
        if let Some(bar) = &self.bar {
            bar.set_length(total);
            bar.set_position(read);
            bar.set_prefix(format!("{} records, {} set aside", grouped(documents), grouped(quarantined)));
            return;
        }
        let Ok(mut last) = self.last_line.try_lock() else { return };
        if last.elapsed() < BETWEEN_LINES {
            return;
        }
        *last = Instant::now();
        let share = (read * 100).checked_div(total).map_or(String::new(), |share| format!("{share} %, "));
        let rate =
            documents * 1000 / u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX).max(1);
        tracing::info!(
            "{}: {share}{} records, {} set aside, {}/s",
            self.what,
            grouped(documents),
            grouped(quarantined),
            grouped(rate)
        );
    }
}

/// Shows that something goes on whose end is not known, and how far it is.
#[derive(Debug)]
pub(crate) struct Spinner {
    what: String,
    bar: Option<ProgressBar>,
    last_line: Mutex<Instant>,
    silent: bool,
}

impl Spinner {
    pub(crate) fn new(terminal: &Terminal, what: &str) -> Self {
        let silent = terminal.quiet() || terminal.json();
        let bar = (!silent && std::io::stderr().is_terminal()).then(ProgressBar::new_spinner);
        Self { what: what.to_owned(), bar, last_line: Mutex::new(Instant::now()), silent }
    }

    pub(crate) fn say(&self, text: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(format!("{}: {text}", self.what));
            bar.tick();
            return;
        }
        let Ok(mut last) = self.last_line.try_lock() else { return };
        if !self.silent && last.elapsed() >= BETWEEN_LINES {
            *last = Instant::now();
            tracing::info!("{}: {text}", self.what);
        }
    }

    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
