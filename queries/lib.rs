//! The query library: every SPARQL text of Aarre.
//!
//! A query is a file, `examples/<id>.rq`, that opens with a header of comments: `# title:`, `# description:`
//! (what a researcher asks and why the answer is worth having) and `# used by:`, each on one line. This crate
//! embeds the files and cuts their headers off while it is compiled, so that a missing line stops the build
//! with the name of the file. The order of [`ALL`] is the order in which people meet them, simple to rich.
//!
//! No query names the base IRI of an installation: people and subjects are found by what they are called, so
//! the same text runs on any graph of this model. The crate knows no engine; that the queries parse is
//! tested here, that each has an answer is tested on the demo, above.

pub mod search;

/// One query, as it is offered to people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Query {
    /// The name of its file without the extension: lower-case ASCII letters, digits and hyphens.
    pub id: &'static str,
    /// What it is called, in a few words.
    pub title: &'static str,
    /// What it asks and why the answer is interesting, in plain words.
    pub description: &'static str,
    /// The SPARQL text without the header, ready to run; it begins with its first prefix.
    pub text: &'static str,
}

/// Embeds the named files, in this order.
macro_rules! library {
    ($($id:literal,)*) => {
        /// Every query, in a sensible order of reading: from counting to walking across the sectors.
        pub const ALL: &[Query] = &[$(
            read($id, include_str!(concat!("examples/", $id, ".rq")), concat!(
                "queries/examples/", $id, ".rq must open with a line each of # title:, # description: and # used by:"
            )),
        )*];
    };
}

library![
    "what-each-sector-holds",
    "everything-about-one-person",
    "made-in-the-1890s",
    "timeline-by-decade",
    "people-in-many-sectors",
    "subjects-in-common",
    "kalevala-editions",
    "words-best-first",
    "search-as-the-page-does",
    "archive-tree",
    "everything-from-one-place",
    "materials-and-techniques",
    "free-pictures",
    "age-at-the-work",
    "portraits-and-papers",
    "languages-of-the-texts",
    "who-sent-letters",
    "who-keeps-them",
    "painters-who-wrote",
    "who-worked-together",
    "a-subject-in-every-language",
    "found-by-another-language",
    "below-a-subject",
    "seen-in-paris-in-1900",
    "from-painting-to-letters",
    "buildings-and-drawings",
    "homes-on-the-map",
    "around-lake-tuusula",
    "damaged-monuments",
    "finland-and-ukraine",
    "like-this-painting",
    "dates-as-written",
    "links-and-their-evidence",
    "where-it-comes-from",
    "statistics-by-dataset",
    "statistics-by-sector",
    "statistics-by-type",
    "statistics-by-century",
    "statistics-by-place",
    "statistics-by-rights",
    "statistics-by-month",
];

/// The query of that id, if there is one.
#[must_use]
pub fn by_id(id: &str) -> Option<&'static Query> {
    ALL.iter().find(|query| query.id == id)
}

/// Cuts a file into its header and its text; `fault` is what the compiler says when the header is not whole.
const fn read(id: &'static str, source: &'static str, fault: &'static str) -> Query {
    let (title, rest) = line(source, "# title: ", fault);
    let (description, rest) = line(rest, "# description: ", fault);
    let (_, rest) = line(rest, "# used by: ", fault);
    Query { id, title, description, text: rest.trim_ascii() }
}

/// What follows `mark` in the first line of `source`, and all the lines after it.
const fn line(source: &'static str, mark: &str, fault: &'static str) -> (&'static str, &'static str) {
    let (bytes, mark) = (source.as_bytes(), mark.as_bytes());
    let mut at = 0;
    while at < mark.len() {
        assert!(at < bytes.len() && bytes[at] == mark[at], "{}", fault);
        at += 1;
    }
    while at < bytes.len() && bytes[at] != b'\n' {
        at += 1;
    }
    assert!(at > mark.len() && at < bytes.len(), "{}", fault);
    let (first, rest) = source.split_at(at);
    (first.split_at(mark.len()).1, rest.split_at(1).1)
}

#[cfg(test)]
mod tests;
