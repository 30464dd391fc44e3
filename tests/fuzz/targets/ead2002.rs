//! Any bytes, read as `ead2002`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::convert("ead2002", bytes));
