//! Pages for people: plain HTML that works without JavaScript, on a phone and in print.

mod browse;
mod layout;
mod letters;
mod limits;
mod notice;
mod start;
mod statistics;

pub(crate) use browse::{browse, dumps, institutions};
pub(crate) use layout::{Layout, grouped, link, page};
pub(crate) use limits::limits;
pub(crate) use notice::dress;
pub(crate) use start::start;
pub(crate) use statistics::statistics;
