//! Queries beside Oxigraph's own server and Virtuoso: the same statements, the same 25 queries, one run.
//!
//! `cargo bench --bench queries -- QUADS [NAME…]` makes a collection of about so many quads, publishes it as a home, loads
//! the same statements into the others, and asks each server each query in turn (or only those whose names hold one of the
//! words given). What is compared is the CPU time that a server spends on a query, its worker processes included, as a
//! ratio to Oxigraph's; times by the clock of a shared machine tell little. Aarre keeps no answers here. Answers have to be
//! the same everywhere, or the table says where they are not. In the end 64 clients ask Aarre at once, and the table tells
//! what memory that took.
//!
//! Oxigraph gets the statements in its default graph, deduplicated and optimised: its best case. `OXIGRAPH`, `VIRTUOSO`
//! and `ISQL` name the programs; without one of them its column stays empty. Data stays in `target/queries` for the next
//! run. Without an argument, as `cargo test` runs it, a few thousand quads are served by Aarre alone and every query has
//! to be answered.

#![expect(clippy::expect_used, reason = "a bench that cannot be set up has to stop")]
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

mod agree;
mod client;
mod collection;
mod cost;
mod crowd;
mod data;
mod peers;

use agree::{Rows, difference};
use client::Client;
use cost::Cost;
use peers::Peer;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A round asks until so much was spent, or so often.
const ENOUGH: Duration = Duration::from_millis(200);
const MOST: u32 = 6_000;
/// The median of the rounds counts.
const ROUNDS: usize = 3;
/// What costs so much is asked once.
const LONG: Duration = Duration::from_secs(8);
const SMALL: u64 = 20_000;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let quads = arguments.iter().find_map(|argument| argument.parse::<u64>().ok());
    let names: Vec<&String> = arguments.iter().filter(|word| word.parse::<u64>().is_err()).collect();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("queries-{}", quads.unwrap_or(SMALL)));
    let data = data::prepare(&folder, quads.unwrap_or(SMALL));
    println!("{} statements in {}", data.statements, folder.display());
    let peers: Vec<Peer> = peers::start(&data, quads.is_none());
    let mut products: Vec<(f64, u32)> = vec![(0.0, 0); peers.len()];
    let head: String = peers.iter().map(|peer| format!(" {:>19}", peer.name)).collect();
    println!("{:<34}{head}   CPU ms a query; (ratio to Oxigraph)", "query");
    let chosen = |name: &str| names.is_empty() || names.iter().any(|word| name.contains(word.as_str()));
    for (name, text) in texts().into_iter().filter(|(name, _)| chosen(name)) {
        let answers: Vec<Answer> = peers.iter().map(|peer| ask(peer, &text)).collect();
        let base = peers.iter().position(|peer| peer.name == "oxigraph").and_then(|at| answers[at].cost());
        let mut line = format!("{name:<34}");
        for (answer, product) in answers.iter().zip(&mut products) {
            let mut ratio = String::new();
            if let (Some(base), Some(cost)) = (base, answer.cost()) {
                ratio = format!("({:.3})", cost / base);
                product.0 += (cost / base).ln();
                product.1 += 1;
            }
            line.push_str(&format!(" {:>10} {ratio:>8}", answer.shown()));
        }
        println!("{line}");
        for (peer, answer) in peers.iter().zip(&answers).skip(1) {
            if let (Answer::Answered { rows: ours, .. }, Answer::Answered { rows: theirs, .. }) =
                (&answers[0], answer)
                && let Some(difference) = difference(&text, ours, theirs)
            {
                println!("    {} answers otherwise: {difference}", peer.name);
            }
        }
        if quads.is_none() {
            assert!(matches!(answers[0], Answer::Answered { .. }), "{name} has no answer");
        }
    }
    for (peer, (sum, count)) in peers.iter().zip(products) {
        let mean = if count == 0 { f64::NAN } else { (sum / f64::from(count)).exp() };
        println!("{:<12} geometric mean {mean:.3} of Oxigraph; {}", peer.name, peer.memory());
    }
    if names.is_empty() {
        crowd::ask(
            &peers[0],
            &texts(),
            if quads.is_some() { Duration::from_secs(30) } else { Duration::ZERO },
        );
    }
}

enum Answer {
    Answered { cost: Duration, rows: Rows },
    Refused(String),
}

impl Answer {
    fn cost(&self) -> Option<f64> {
        match self {
            Self::Answered { cost, .. } => Some(cost.as_secs_f64().max(1e-6)),
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
    let before = Cost::of(&peer.processes());
    let rows = match client.query(text) {
        Ok(body) => Rows::read(text, &body),
        Err(why) => return Answer::Refused(why),
    };
    let first = Cost::of(&peer.processes()).since(&before);
    if first > LONG {
        return Answer::Answered { cost: first, rows };
    }
    let mut costs = Vec::new();
    for _ in 0..ROUNDS {
        let (mut asked, mut spent, mut times) = (0, Duration::ZERO, 1);
        let before = Cost::of(&peer.processes());
        while spent < ENOUGH && asked < MOST {
            for _ in 0..times {
                if let Err(why) = client.query(text) {
                    return Answer::Refused(why);
                }
            }
            asked += times;
            times = asked;
            spent = Cost::of(&peer.processes()).since(&before);
        }
        costs.push(spent / asked);
    }
    costs.sort_unstable();
    Answer::Answered { cost: costs[ROUNDS / 2], rows }
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
