//! The fixtures of both formats: each file beside its expected graph and issues.

use super::{Ead3, Ead2002};
use crate::shared::check::check_all;

#[test]
fn fixtures_of_ead_2002() {
    check_all(&Ead2002, "loaders/ead/fixtures/ead2002", &[".xml"]);
}

#[test]
fn fixtures_of_ead3() {
    check_all(&Ead3, "loaders/ead/fixtures/ead3", &[".xml"]);
}
