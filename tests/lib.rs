//! Integration tests live in `it/`; the crate itself is empty.
