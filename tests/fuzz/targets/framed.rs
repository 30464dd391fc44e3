//! Any bytes, read as `framed`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::convert("framed", bytes));
