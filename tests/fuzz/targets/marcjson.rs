//! Any bytes, read as `marcjson`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::convert("marcjson", bytes));
