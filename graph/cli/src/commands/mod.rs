//! One module a command.

pub(crate) mod completions;
pub(crate) mod config;
pub(crate) mod convert;
pub(crate) mod formats;
pub(crate) mod init;
mod input;
pub(crate) mod preview;
