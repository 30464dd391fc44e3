//! One module a command.

pub(crate) mod completions;
pub(crate) mod config;
pub(crate) mod convert;
pub(crate) mod dump;
pub(crate) mod formats;
pub(crate) mod init;
mod input;
pub(crate) mod preview;
pub(crate) mod publish;
pub(crate) mod query;
pub(crate) mod rollback;
pub(crate) mod verify;
