//! Any bytes, read as `eac`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::convert("eac", bytes));
