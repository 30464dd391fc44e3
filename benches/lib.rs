//! Benches live beside this file; the crate itself is empty.
