//! Any bytes, read as `marcxml`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::convert("marcxml", bytes));
