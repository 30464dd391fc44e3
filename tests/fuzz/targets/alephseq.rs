//! Any bytes, read as `alephseq`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::convert("alephseq", bytes));
