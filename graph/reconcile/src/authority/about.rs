//! What is known of a mirror of an authority file as a whole.

use crate::Kind;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is known of a mirror of an authority file: `about.json` in its folder. A mirror has an age, as the authority
/// goes on and the mirror does not.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct About {
    /// Its short name, which stands in links and graphs.
    pub name: String,
    /// Its name for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Under which licence it may be used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// When it was added here, as RFC 3339.
    pub added: String,
    /// The files that it was made from.
    pub sources: Vec<SourceFile>,
    /// How many entries there are.
    #[serde(default)]
    pub entries: u32,
    /// How many there are of each kind.
    #[serde(default)]
    pub kinds: BTreeMap<Kind, u32>,
    /// How many names they have.
    #[serde(default)]
    pub labels: u64,
    /// How many entries of the source files could not be used.
    #[serde(default)]
    pub set_aside: u64,
}

/// A file that a mirror was made from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SourceFile {
    /// Its name, relative to what was named.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// The SHA-256 digest of its bytes, in hexadecimal.
    pub sha256: String,
}
