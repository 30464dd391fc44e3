//! Queries beside Oxigraph's own server and Virtuoso: the same statements, the same 25 queries, one run.
//!
//! `cargo bench --bench queries -- QUADS` makes a collection of about so many quads, publishes it as a home, loads the
//! same statements into the others, and asks each server each query in turn. What is compared is the CPU time that a
//! server spends on a query (its worker processes included), as a ratio to Oxigraph's; times by the clock of a shared
//! machine tell little. Answers have to have the same number of rows everywhere, or the table says so.
//!
//! Oxigraph gets the statements in its default graph, deduplicated and optimised: its best case. `OXIGRAPH`, `VIRTUOSO`
//! and `ISQL` name the programs; without one of them its column stays empty. Data stays in `target/queries` for the next
//! run. Without an argument, as `cargo test` runs it, a few thousand quads are served by Aarre alone and every query has
//! to be answered.

#![expect(clippy::expect_used, reason = "a bench that cannot be set up has to stop")]
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

mod client;
mod collection;
mod cost;
mod data;
mod peers;

use client::Client;
use cost::Cost;
use peers::Peer;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A query is asked until it cost so much, or so often; the cheapest round counts.
const ENOUGH: Duration = Duration::from_millis(600);
const ROUNDS: u32 = 3;
const SMALL: u64 = 20_000;

fn main() {
    let quads = std::env::args().skip(1).find_map(|argument| argument.parse::<u64>().ok());
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("queries-{}", quads.unwrap_or(SMALL)));
    let data = data::prepare(&folder, quads.unwrap_or(SMALL));
    println!("{} statements in {}", data.statements, folder.display());
    let peers: Vec<Peer> = peers::start(&data, quads.is_none());
    let mut products: Vec<(f64, u32)> = vec![(0.0, 0); peers.len()];
    let head: String = peers.iter().map(|peer| format!(" {:>12}", peer.name)).collect();
    println!("{:<34}{head}   CPU ms a query; (ratio to Oxigraph)", "query");
    for (name, text) in texts() {
        let answers: Vec<Answer> = peers.iter().map(|peer| ask(peer, &text)).collect();
        let base = peers.iter().position(|peer| peer.name == "oxigraph").and_then(|at| answers[at].cost());
        let mut line = format!("{name:<34}");
        for (answer, product) in answers.iter().zip(&mut products) {
            line.push_str(&format!(" {:>12}", answer.shown()));
            if let (Some(base), Some(cost)) = (base, answer.cost()) {
                line.push_str(&format!(" ({:.2})", cost / base));
                product.0 += (cost / base).ln();
                product.1 += 1;
            }
        }
        let rows: Vec<usize> = answers.iter().filter_map(Answer::rows).collect();
        if rows.windows(2).any(|pair| pair[0] != pair[1]) {
            line.push_str(&format!("   rows differ: {rows:?}"));
        }
        println!("{line}");
        if quads.is_none() {
            assert!(answers[0].rows().is_some(), "{name} has no answer");
        }
    }
    for (peer, (sum, count)) in peers.iter().zip(products) {
        let mean = if count == 0 { f64::NAN } else { (sum / f64::from(count)).exp() };
        println!(
            "{:<12} geometric mean {mean:.3} of Oxigraph; {} MiB in memory",
            peer.name,
            peer.memory() >> 20
        );
    }
}

enum Answer {
    Answered { cost: Duration, rows: usize },
    Refused(String),
}

impl Answer {
    fn cost(&self) -> Option<f64> {
        match self {
            Self::Answered { cost, .. } => Some(cost.as_secs_f64().max(1e-6)),
            Self::Refused(_) => None,
        }
    }

    fn rows(&self) -> Option<usize> {
        match self {
            Self::Answered { rows, .. } => Some(*rows),
            Self::Refused(_) => None,
        }
    }

    fn shown(&self) -> String {
        match self {
            Self::Answered { cost, .. } => format!("{:.3}", cost.as_secs_f64() * 1e3),
            Self::Refused(why) => why.clone(),
        }
    }
}

/// Asks once to warm up, then in rounds.
fn ask(peer: &Peer, text: &str) -> Answer {
    let mut client = Client::new(peer.address, peer.path);
    let first = match client.query(text) {
        Ok(rows) => rows,
        Err(why) => return Answer::Refused(why),
    };
    let before = Cost::of(&peer.processes());
    if let Err(why) = client.query(text) {
        return Answer::Refused(why);
    }
    let one = Cost::of(&peer.processes()).since(&before).max(Duration::from_micros(20));
    let times = (ENOUGH.as_nanos() / one.as_nanos()).clamp(1, 400) as u32;
    let mut best = Duration::MAX;
    for _ in 0..ROUNDS {
        let before = Cost::of(&peer.processes());
        for _ in 0..times {
            if let Err(why) = client.query(text) {
                return Answer::Refused(why);
            }
        }
        best = best.min(Cost::of(&peer.processes()).since(&before) / times);
        if one > Duration::from_secs(10) {
            break;
        }
    }
    Answer::Answered { cost: best, rows: first }
}

/// The queries, by name.
fn texts() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("queries/texts");
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .expect("the queries")
        .map(|entry| entry.expect("a query").path())
        .collect();
    files.sort();
    let name = |path: &Path| path.file_stem().expect("a name").to_string_lossy().into_owned();
    files.iter().map(|path| (name(path), std::fs::read_to_string(path).expect("a query"))).collect()
}
