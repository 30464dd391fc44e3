//! Any bytes, read as `xml`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::convert("xml", bytes));
