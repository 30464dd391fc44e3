//! Names found in the mirror of an authority: how many a second of one core, and how often the right one is first or among
//! ten.
//!
//! People are made up (`people.rs`): 50,000 and a million names of six traditions, no two alike, each with a variant and
//! links to two other authorities. Who is asked for comes misspelt, turned round, abbreviated, without diacritics, or by
//! another scheme of transliteration. Printed are the rates of identifiers, exact keys, candidates, and of the matcher with
//! all features, hit@1 and hit@10, and what building, opening and the disk cost. With `--beside`, the same list and the same
//! questions go to rapidfuzz's token sort and to csv-reconcile, both from PyPI, and to tantivy's fuzzy words (one letter
//! away a word); every one of them is asked the same few, as the slowest answers three a second.
//!
//! Run as a test it makes a small mirror once and does not measure.

#![expect(clippy::expect_used, clippy::print_stdout, reason = "a bench that cannot run has to say so")]

mod people;
mod tantivy_words;

use graph_reconcile::authority::{About, Authority, Builder, Draft, Scratch};
use graph_reconcile::matching::{self, Matcher, Mention, Settings, Verdict};
use graph_reconcile::names::Name;
use graph_reconcile::{Kind, Label, Years};
use people::{Dice, Somebody, noisy, people};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// So many questions are put to each of the programs beside each other.
const SAMPLE: usize = 100;

/// Who is asked for, and how the name is written.
type Questions = Vec<(usize, String)>;

fn main() {
    let has = |wanted: &str| std::env::args().any(|argument| argument == wanted);
    // Cargo says --bench when it is to be measured, and nothing when it is a test.
    if !has("--bench") {
        let (authority, everybody, _folder) = mirror(2_000);
        let (first, ten, _) = ask(&authority, &questions(&everybody, 500));
        assert!(first > 0.8 && ten > 0.9, "{first} {ten}");
        return;
    }
    for (count, asked) in [(50_000, 10_000), (1_000_000, 5_000)] {
        println!("\n{count} entries");
        let (authority, everybody, folder) = mirror(count);
        let files = std::fs::read_dir(folder.path()).expect("the mirror");
        let bytes: u64 = files.map(|file| file.expect("a file").metadata().expect("its size").len()).sum();
        println!("{:<28} {:>12.0}", "bytes an entry", bytes as f64 / count as f64);
        let begun = Instant::now();
        drop(Authority::open(folder.path()).expect("the mirror"));
        println!("{:<28} {:>12.2} ms", "open", begun.elapsed().as_secs_f64() * 1e3);
        exact(&authority, &everybody, asked);
        let questions = questions(&everybody, asked);
        let (first, ten, rate) = ask(&authority, &questions);
        println!("{:<28} {rate:>12.0} /s   hit@1 {first:.3}   hit@10 {ten:.3}", "candidates, noisy names");
        judged(&authority, &everybody, &questions);
        if has("--beside") && count == 50_000 {
            beside(&authority, &everybody, &questions[..SAMPLE]);
        }
    }
}

fn mirror(count: usize) -> (Authority, Vec<Somebody>, tempfile::TempDir) {
    let everybody = people(count, 7);
    let folder = tempfile::tempdir().expect("a folder");
    let begun = cpu();
    let mut builder = Builder::new(folder.path()).expect("a builder");
    for (number, somebody) in everybody.iter().enumerate() {
        let draft = Draft {
            iri: format!("https://d-nb.info/gnd/{}", 100_000_000 + number),
            kind: Kind::Person,
            types: vec!["https://d-nb.info/standards/elementset/gnd#DifferentiatedPerson".to_owned()],
            labels: vec![Label::preferred(somebody.heading()), Label::alternative(somebody.direct())],
            born: Some(Years::one(somebody.born)),
            died: Some(Years::one(somebody.born + 60)),
            same_as: vec![
                format!("http://viaf.org/viaf/{}", number * 17),
                format!("http://www.wikidata.org/entity/Q{}", number * 31),
            ],
            ..Draft::default()
        };
        builder.add(&draft).expect("a draft");
    }
    builder.finish(About { name: "people".to_owned(), ..About::default() }).expect("an index");
    println!("{:<28} {:>12.0} /s", "built", count as f64 / (cpu() - begun));
    (Authority::open(folder.path()).expect("the mirror"), everybody, folder)
}

fn questions(everybody: &[Somebody], count: usize) -> Questions {
    let mut dice = Dice::new(99);
    (0..count)
        .map(|_| {
            let number = dice.roll(everybody.len());
            (number, noisy(&everybody[number], &mut dice))
        })
        .collect()
}

/// The share of those found first and among ten, and how many a second of one core.
fn ask(authority: &Authority, questions: &[(usize, String)]) -> (f64, f64, f64) {
    let (mut scratch, mut out, mut name) = (Scratch::default(), Vec::new(), Name::default());
    let (mut first, mut ten) = (0, 0);
    let begun = cpu();
    for (number, text) in questions {
        name.read(text);
        authority.candidates(&name, Some(Kind::Person), 10, &mut scratch, &mut out);
        let place = out.iter().position(|candidate| candidate.entry.0 as usize == *number);
        first += usize::from(place == Some(0));
        ten += usize::from(place.is_some());
    }
    let all = questions.len() as f64;
    (first as f64 / all, ten as f64 / all, all / (cpu() - begun))
}

fn exact(authority: &Authority, everybody: &[Somebody], asked: usize) {
    let mut dice = Dice::new(5);
    let who: Vec<usize> = (0..asked * 10).map(|_| dice.roll(everybody.len())).collect();
    let identifiers: Vec<String> =
        who.iter().map(|number| format!("https://viaf.org/viaf/{}/", number * 17)).collect();
    let begun = cpu();
    let met = identifiers.iter().filter(|iri| authority.by_iri(iri).is_some()).count();
    assert_eq!(met, who.len(), "every identifier is found");
    println!("{:<28} {:>12.0} /s", "identifiers", met as f64 / (cpu() - begun));
    let names: Vec<String> = who.iter().map(|number| everybody[*number].direct()).collect();
    let (mut name, mut key, mut ranges) = (Name::default(), String::new(), Vec::new());
    let begun = cpu();
    for text in &names {
        name.read(text);
        key.clear();
        name.key_into(&mut ranges, &mut key);
        assert!(authority.by_key(&key, Some(Kind::Person)).next().is_some(), "{text}");
    }
    println!("{:<28} {:>12.0} /s", "exact keys, with reading", names.len() as f64 / (cpu() - begun));
}

/// The matcher with all features: people whose year of birth is known, by noisy names and by the very name.
fn judged(authority: &Authority, everybody: &[Somebody], questions: &Questions) {
    let matcher = Matcher::new(&[("people", authority.clone())], &Settings::default());
    let (mut scratch, mut verdict) = (matching::Scratch::default(), Verdict::default());
    let mention = |number: usize, text: &str| Mention {
        kind: Kind::Person,
        labels: vec![Label::preferred(text.to_owned())],
        born: Some(Years::one(everybody[number].born)),
        ..Mention::default()
    };
    let noisy: Vec<Mention> = questions.iter().map(|(number, text)| mention(*number, text)).collect();
    let exact: Vec<Mention> =
        questions.iter().map(|(number, _)| mention(*number, &everybody[*number].direct())).collect();
    for (what, mentions) in [("matcher, noisy names", noisy), ("matcher, exact keys", exact)] {
        let (mut right, mut wrong) = (0, 0);
        let begun = cpu();
        for (mention, (number, _)) in mentions.iter().zip(questions) {
            matcher.judge_into(mention, &mut scratch, &mut verdict);
            for linked in verdict.linked() {
                *(if linked.entry.0 as usize == *number { &mut right } else { &mut wrong }) += 1;
            }
        }
        let rate = mentions.len() as f64 / (cpu() - begun);
        println!("{what:<28} {rate:>12.0} /s   linked {right}   wrongly {wrong}   of {}", mentions.len());
    }
}

/// The same list and questions, elsewhere.
fn beside(authority: &Authority, everybody: &[Somebody], questions: &[(usize, String)]) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("names");
    std::fs::create_dir_all(&folder).expect("the target folder can be written");
    let names: Vec<String> = everybody.iter().map(Somebody::heading).collect();
    let (first, ten, rate) = ask(authority, questions);
    println!("\n{SAMPLE} of the questions, to each");
    println!("{:<28} {rate:>12.1} /s   hit@1 {first:.3}   hit@10 {ten:.3}", "candidates");
    let (first, ten, rate) = tantivy_words::ask(&names, questions, cpu);
    println!("{:<28} {rate:>12.1} /s   hit@1 {first:.3}   hit@10 {ten:.3}", "tantivy, fuzzy words");
    std::fs::write(folder.join("names.txt"), names.join("\n")).expect("the list");
    let asked: Vec<String> = questions.iter().map(|(number, text)| format!("{number}\t{text}")).collect();
    std::fs::write(folder.join("questions.tsv"), asked.join("\n")).expect("the questions");
    let python = install(&folder);
    for peer in ["rapidfuzz", "csv-reconcile"] {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("names/peers.py");
        let said = python.clone().and_then(|python| {
            let output = Command::new(python).arg(script).arg(peer).arg(&folder).output();
            let output = output.map_err(|error| error.to_string())?;
            let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
            let complaint =
                String::from_utf8_lossy(&output.stderr).lines().last().unwrap_or_default().to_owned();
            if text.is_empty() { Err(complaint) } else { Ok(text) }
        });
        match said {
            Ok(text) => println!("{text}"),
            Err(why) => println!("{peer}: not here: {why}"),
        }
    }
}

fn install(folder: &Path) -> Result<PathBuf, String> {
    let environment = folder.join("environment");
    let python = environment.join("bin/python");
    let run = |command: &mut Command| {
        let output = command.output().map_err(|error| error.to_string())?;
        let complaint = String::from_utf8_lossy(&output.stderr).lines().last().unwrap_or_default().to_owned();
        if output.status.success() { Ok(()) } else { Err(complaint) }
    };
    if !python.exists() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&environment))?;
    }
    run(Command::new(&python).args(["-m", "pip", "install", "--quiet", "rapidfuzz", "csv-reconcile"]))?;
    Ok(python)
}

/// Seconds of processor time of this thread.
fn cpu() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split_whitespace().next().and_then(|nanoseconds| nanoseconds.parse::<f64>().ok()).unwrap_or_default()
        / 1e9
}
