//! The query library.
//!
//! Every SPARQL text of Aarre is a file beside this folder: `*.rq` with a header of comments that says its
//! title, what it answers in plain words, which parameters are bound before it runs, and who uses it. This
//! crate embeds them and reads their headers; it knows no engine.
//!
//! No query names the base of an installation: the same text runs on any graph of this model.

/// One query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Query {
    /// The name of its file, without the extension.
    pub id: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// What it answers, in plain words.
    pub description: &'static str,
    /// The variables that are bound to terms before it runs; `none` for most.
    pub parameters: &'static str,
    /// Who uses it: `examples` for those that are offered to people.
    pub used_by: &'static str,
    /// The text, without the header.
    pub text: &'static str,
}

impl Query {
    /// Whether it is offered to people as a place to start.
    #[must_use]
    pub fn is_example(&self) -> bool {
        self.used_by == "examples"
    }
}

macro_rules! library {
    ($($id:literal),* $(,)?) => {
        /// Every query, sorted by id.
        pub const ALL: &[Query] = &[$(read($id, include_str!(concat!("../", $id, ".rq")))),*];
    };
}

library!["works-of-one-maker"];

/// The query of that id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Query> {
    ALL.iter().find(|query| query.id == id)
}

/// The queries that are offered to people, in their order.
pub fn examples() -> impl Iterator<Item = &'static Query> {
    ALL.iter().filter(|query| query.is_example())
}

const fn read(id: &'static str, source: &'static str) -> Query {
    Query {
        id,
        title: field(source, "# title: "),
        description: field(source, "# description: "),
        parameters: field(source, "# parameters: "),
        used_by: field(source, "# used by: "),
        text: body(source),
    }
}

/// The rest of the line that begins with `name`; a missing one stops the build.
const fn field(source: &'static str, name: &str) -> &'static str {
    let (bytes, name) = (source.as_bytes(), name.as_bytes());
    let mut start = 0;
    while start < bytes.len() {
        let mut end = start;
        while end < bytes.len() && bytes[end] != b'\n' {
            end += 1;
        }
        let mut same = 0;
        while same < name.len() && start + same < end && bytes[start + same] == name[same] {
            same += 1;
        }
        if same == name.len() {
            return source.split_at(end).0.split_at(start + same).1;
        }
        start = end + 1;
    }
    panic!("a query lacks a line of its header");
}

/// What follows the header: the comment lines at the top and the empty line after them.
const fn body(source: &'static str) -> &'static str {
    let bytes = source.as_bytes();
    let mut start = 0;
    while start < bytes.len() && (bytes[start] == b'#' || bytes[start] == b'\n') {
        while start < bytes.len() && bytes[start] != b'\n' {
            start += 1;
        }
        start += 1;
    }
    source.split_at(start).1
}
