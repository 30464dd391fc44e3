//! Tests of matching.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, reason = "tests")]

mod evaluate;
mod gold;
mod judge;
mod judging;
mod pairs;
mod people;
mod records;
