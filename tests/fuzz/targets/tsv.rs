//! Any bytes, read as `tsv`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::convert("tsv", bytes));
