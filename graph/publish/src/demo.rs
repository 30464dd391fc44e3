//! The demo collection, carried in the binary: records of an archive, a library, a museum and a monument
//! register, written for this project and given away under CC0.

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
