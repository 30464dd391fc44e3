//! Any bytes, read as `xlsx`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::convert("xlsx", bytes));
