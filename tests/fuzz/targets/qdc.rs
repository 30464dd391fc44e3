//! Any bytes, read as `qdc`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::convert("qdc", bytes));
