//! Any text, read as the rule file of an owner and as the mapping file of a table.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::rules(bytes));
