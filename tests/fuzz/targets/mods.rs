//! Any bytes, read as `mods`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::convert("mods", bytes));
