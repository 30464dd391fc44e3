//! One module a command.

pub(crate) mod authority;
pub(crate) mod completions;
pub(crate) mod config;
pub(crate) mod convert;
pub(crate) mod decide;
pub(crate) mod demo;
mod difference;
pub(crate) mod dump;
pub(crate) mod explain;
pub(crate) mod formats;
pub(crate) mod harvest;
pub(crate) mod init;
mod input;
pub(crate) mod load;
pub(crate) mod preview;
pub(crate) mod publish;
pub(crate) mod query;
pub(crate) mod query_worker;
pub(crate) mod reconcile;
pub(crate) mod review;
pub(crate) mod rollback;
pub(crate) mod rules;
pub(crate) mod run;
pub(crate) mod serve;
pub(crate) mod top;
pub(crate) mod verify;
