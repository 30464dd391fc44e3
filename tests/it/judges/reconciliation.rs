//! The reconciliation services of the demo before outside judges: the schemas of the specifications, the client that people
//! install from PyPI, and OpenRefine where it is installed (`make openrefine` gets it).

use super::{folder, passed_over, python, verdicts};
use crate::command::root;
use crate::real_data::show;
use crate::server::demo;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// The graph itself, and the demo's mirrors of authority files.
const SERVICES: [&str; 4] = ["graph", "agents", "places", "subjects"];

#[test]
fn every_answer_of_a_reconciliation_service_is_valid() {
    let Some(schemas) = folder("AARRE_RECONCILIATION_API") else {
        return passed_over("AARRE_RECONCILIATION_API names no schemas");
    };
    let python = match python("reconciliation.txt") {
        Ok(python) => python,
        Err(why) => return passed_over(&format!("the client of reconciliation cannot be installed: {why}")),
    };
    let (_, server) = demo();
    let told = verdicts(
        Command::new(python)
            .args(["-W", "ignore"])
            .arg(root().join("tests/judges/reconciliation.py"))
            .arg(&server.base)
            .arg(schemas)
            .args(SERVICES),
    );
    assert_eq!(told.len(), 3 * SERVICES.len());
    show(&format!(
        "reconciliation services: {} valid, in both versions and by reconciler",
        SERVICES.join(", ")
    ));
}

#[test]
fn openrefine_reconciles_a_column() {
    if !Path::new("/usr/share/openrefine/refine").is_file() {
        return show("skipped: OpenRefine is not installed; make openrefine");
    }
    let (_, server) = demo();
    let projects = tempfile::tempdir().unwrap();
    let mut asked = Command::new("timeout")
        .args(["300", "python3"])
        .arg(root().join("tests/judges/openrefine.py"))
        .arg(format!("{}/reconcile/agents", server.base))
        .arg(projects.path())
        .env("no_proxy", "127.0.0.1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let column = "Akseli Gallen-Kallela\nTaras Shevchenko\nТарас Шевченко\nNobody at All\n";
    asked.stdin.take().unwrap().write_all(column.as_bytes()).unwrap();
    let told = asked.wait_with_output().unwrap();
    assert!(told.status.success());
    let rows: Vec<serde_json::Value> = String::from_utf8(told.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(rows.len(), 4);
    let met: Vec<bool> = rows.iter().map(|row| row["id"].is_string() || row["candidates"] != 0).collect();
    assert_eq!(met, [true, true, true, false], "{rows:?}");
    show(&format!("OpenRefine: {rows:?}"));
}
