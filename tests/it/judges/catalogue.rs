//! The catalogue of the demo before strangers: the shapes of DCAT-AP, the counts of VoID, extruct, the client of signposts.

use super::{folder, passed_over, python, verdicts};
use crate::command::root;
use crate::real_data::show;
use crate::server::demo;
use std::process::Command;

#[test]
fn strangers_read_the_catalogue() {
    let Some(shapes) = folder("AARRE_DCAT_AP") else {
        return passed_over("AARRE_DCAT_AP names no shapes");
    };
    let python = match python("catalogue.txt") {
        Ok(python) => python,
        Err(why) => return passed_over(&format!("the readers of catalogues cannot be installed: {why}")),
    };
    let (_, server) = demo();
    let told = verdicts(
        Command::new(python)
            .args(["-W", "ignore"])
            .arg(root().join("tests/judges/catalogue.py"))
            .arg(&server.base)
            .arg(shapes)
            .arg(format!("{}/id/museum/M-001", server.base)),
    );
    assert_eq!(told.len(), 7);
    show("catalogue: DCAT-AP, VoID against the endpoint, extruct, signposts, site map, feeds, cubes");
}
