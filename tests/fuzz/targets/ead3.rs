//! Any bytes, read as `ead3`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::convert("ead3", bytes));
