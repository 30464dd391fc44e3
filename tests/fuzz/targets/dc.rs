//! Any bytes, read as `dc`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::convert("dc", bytes));
