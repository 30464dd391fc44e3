//! Any bytes, read as `mets`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::convert("mets", bytes));
