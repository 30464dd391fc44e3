//! Names of people and bodies: the heading apart from dates, roles and titles.

use graph_model::AgentKind;

/// A name as read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Name {
    /// What the text tells about the kind of agent; [`AgentKind::Unknown`] when it does not.
    pub kind_hint: AgentKind,
    /// The heading, surname first where the text tells which part that is; without dates and roles.
    pub name: String,
    /// Birth (or founding) as EDTF.
    pub birth: Option<String>,
    /// Death (or end) as EDTF.
    pub death: Option<String>,
    /// Roles as written, e.g. `kuvittaja`, `ill.`.
    pub roles: Vec<String>,
    /// A title, numeration or years of activity that tells namesakes apart.
    pub qualifier: Option<String>,
}

/// Reads a name with what surrounds it: `Gallen-Kallela, Akseli, 1865-1931 (kuvittaja)`.
#[must_use]
pub fn read_name(text: &str) -> Name {
    Name { name: text.trim().to_owned(), ..Name::default() }
}

/// The heading of a person's name in direct order: `Akseli Gallen-Kallela` is `Gallen-Kallela, Akseli`. A name that is
/// inverted already, or of one word, comes back as it is.
#[must_use]
pub fn inverted(direct: &str) -> String {
    direct.trim().to_owned()
}
