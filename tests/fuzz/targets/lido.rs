//! Any bytes, read as `lido`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::convert("lido", bytes));
