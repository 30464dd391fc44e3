//! Any bytes, read as `marcline`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::convert("marcline", bytes));
