//! Integration tests: the binary, a real server, real records, and the rules of the house.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod bad_input;
mod command;
mod demo;
mod engines;
mod explained;
mod federation;
mod gold_eac;
mod gold_ead;
mod hostile;
mod hostile_queries;
mod judges;
mod lobid;
mod packages;
mod real_data;
mod search;
mod server;
mod tidy;
mod w3c;
