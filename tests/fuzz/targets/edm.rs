//! Any bytes, read as `edm`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::convert("edm", bytes));
