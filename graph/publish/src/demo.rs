//! The demo collection, carried in the binary: records of an archive, a library, a museum and a monument
//! register, and three small authority files, written for this project and given away under CC0.

use crate::authority::{self, AddError, Told};
use crate::convert::Unwatched;
use crate::home::Home;
use graph_model::Base;
use std::fs;
use std::io;
use std::path::Path;

/// Every file, by its path in the home's `records/` (or `media/`).
const FILES: &[(&str, &[u8])] = &include!(concat!(env!("OUT_DIR"), "/demo_files.rs"));

/// The address that the demo's records name for their images; it becomes the base of the home.
const WRITTEN_FOR: &str = "http://127.0.0.1:7878";

/// Lays out a demo home: `aarre.toml`, `records/`, `media/`. What is there of an earlier one is written anew.
///
/// # Errors
/// When the folder cannot be written.
pub fn lay_out(home: &Path, base: &Base) -> io::Result<()> {
    fs::create_dir_all(home)?;
    for (name, bytes) in FILES {
        let path = if name.starts_with("media/") { home.join(name) } else { home.join("records").join(name) };
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        match std::str::from_utf8(bytes) {
            // ISO 2709 counts its bytes and must stay as it is.
            Ok(text) if !name.ends_with(".mrc") => fs::write(path, text.replace(WRITTEN_FOR, base.as_str()))?,
            _ => fs::write(path, bytes)?,
        }
    }
    fs::write(home.join("aarre.toml"), include_str!("demo.toml").replace(WRITTEN_FOR, base.as_str()))
}

/// The authority files, by their names in `authorities/`: the short name, and the name for people.
const AUTHORITIES: [(&str, &str); 3] = [
    ("agents", "Demo authority of people"),
    ("places", "Demo authority of places"),
    ("subjects", "Demo thesaurus"),
];
/// Their licence, as that of all of the demo.
const CC0: &str = "http://creativecommons.org/publicdomain/zero/1.0/";
/// Makes the mirrors of the demo's authority files in a home that was laid out.
///
/// # Errors
/// When the folder cannot be written.
pub fn mirror_authorities(home: &Home) -> Result<(), AddError> {
    for (name, title) in AUTHORITIES {
        let file = home.path().join("records/authorities").join(name).with_extension("ttl");
        let told = Told { title: Some(title.to_owned()), licence: Some(CC0.to_owned()), ..Told::default() };
        authority::add(home, name, &[file], &told, &Unwatched)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use graph_reconcile::authority::Authority;

    #[test]
    fn the_authorities_can_be_read() {
        let folder = tempfile::tempdir().unwrap();
        lay_out(folder.path(), &Base::new("https://demo.example.org").unwrap()).unwrap();
        let home = Home::open(folder.path()).unwrap();
        mirror_authorities(&home).unwrap();
        let subjects = Authority::open(&home.authorities().join("subjects")).unwrap();
        let swans = subjects.by_iri("https://demo.example.org/authority/subjects/swans").unwrap();
        assert_eq!(subjects.entry(swans).labels().count(), 4);
        assert_eq!(subjects.entry(swans).broader().count(), 1);
        let agents = Authority::open(&home.authorities().join("agents")).unwrap();
        assert!(agents.entries().all(|entry| entry.born().is_some() && entry.died().is_some()));
        let places = Authority::open(&home.authorities().join("places")).unwrap();
        assert!(places.entries().all(|entry| entry.point().is_some()));
    }
}
