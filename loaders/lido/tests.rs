use super::Lido;
use crate::shared::check;

#[test]
fn fixtures() {
    check::check_all(&Lido, "loaders/lido/fixtures", &[".xml"]);
}
