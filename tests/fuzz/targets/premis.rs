//! Any bytes, read as `premis`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::convert("premis", bytes));
