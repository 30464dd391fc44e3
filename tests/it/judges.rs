//! Judges from outside: pySHACL looks at the graphs, xmllint at the fixtures, clients ask the server.
//!
//! What they may find is written down with its reason: `tests/judges/violations.tsv` and `tests/judges/invalid.tsv`. A row
//! that is no longer found is a fault, too. Each judge is passed over with a printed line where it cannot be had, but not
//! in CI, which sets `AARRE_REQUIRE_REAL_DATA`.

mod catalogue;
mod clients;
mod reconciliation;
mod shacl;
mod xml;

use crate::command::root;
use crate::real_data::{show, walk};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

/// A judge that cannot be had: a fault in CI, a line elsewhere.
pub(crate) fn passed_over(why: &str) {
    assert!(std::env::var_os("AARRE_REQUIRE_REAL_DATA").is_none(), "{why}");
    show(&format!("skipped: {why}"));
}

/// A folder that the environment names.
pub(crate) fn folder(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).filter(|path| !path.is_empty()).map(PathBuf::from)
}

/// The inputs among the loaders' fixtures, by their name below `loaders/`.
fn fixtures() -> Vec<(String, PathBuf)> {
    let loaders = root().join("loaders");
    let mut files = Vec::new();
    walk(&loaders, &mut files);
    files
        .into_iter()
        .map(|path| (path.strip_prefix(&loaders).unwrap().to_str().unwrap().to_owned(), path))
        .filter(|(name, path)| {
            let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
            name.contains("/fixtures/") && !matches!(ending, "nt" | "issues" | "toml" | "md" | "py")
        })
        .collect()
}

/// The rows of a table beside the judges, remarks left out.
fn table(name: &str) -> Vec<Vec<String>> {
    let text = fs::read_to_string(root().join("tests/judges").join(name)).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    lines.map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

/// The Python of an environment below the target folder that has what a file beside the judges asks for.
fn python(requirements: &str) -> Result<PathBuf, String> {
    let wanted = root().join("tests/judges").join(requirements);
    let name = requirements.trim_end_matches(".txt");
    let environment = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("judges-{name}"));
    // Tests run at the same time, and an environment is made once.
    static MAKING: Mutex<()> = Mutex::new(());
    let _making = MAKING.lock().unwrap_or_else(PoisonError::into_inner);
    let (python, installed) = (environment.join("bin/python"), environment.join("installed.txt"));
    if fs::read(&installed).ok() == Some(fs::read(&wanted).unwrap()) {
        return Ok(python);
    }
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment))?;
    run(Command::new(&python)
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"])
        .arg(&wanted))?;
    // Last, so that an installation that was cut short is done anew.
    fs::copy(&wanted, &installed).map_err(|error| error.to_string())?;
    Ok(python)
}

/// What a judge in Python says of a running server, a line of JSON a task; a fault that it names is a fault.
fn verdicts(command: &mut Command) -> Vec<serde_json::Value> {
    let asked = command.env("no_proxy", "127.0.0.1").output().unwrap();
    assert!(asked.status.success(), "{}", String::from_utf8_lossy(&asked.stderr));
    let told = String::from_utf8(asked.stdout).unwrap();
    let verdicts: Vec<serde_json::Value> =
        told.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let faults: Vec<String> =
        verdicts.iter().filter(|verdict| !verdict["fault"].is_null()).map(ToString::to_string).collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    verdicts
}

fn run(command: &mut Command) -> Result<(), String> {
    match command.output() {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => {
            let complaint = String::from_utf8_lossy(&output.stderr);
            Err(complaint.lines().last().unwrap_or("it said nothing").to_owned())
        }
        Err(error) => Err(error.to_string()),
    }
}
