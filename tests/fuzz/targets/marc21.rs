//! Any bytes, read as `marc21`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::convert("marc21", bytes));
