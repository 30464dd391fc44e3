//! The IRI policy: where every IRI that Aarre mints comes from.

use crate::key::encode_segment;
use std::fmt;
use thiserror::Error;

/// Why a base IRI or a dataset identifier was refused.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum BaseError {
    /// The base is not an absolute http or https IRI.
    #[error(
        "the base IRI is '{met}'; expected an absolute http or https IRI such as https://data.example.org"
    )]
    Base {
        /// What was given.
        met: String,
    },
    /// The dataset identifier has characters that do not belong in a path segment.
    #[error(
        "the dataset identifier is '{met}'; expected 1 to 64 of a-z, 0-9 and '-', starting with a letter"
    )]
    Dataset {
        /// What was given.
        met: String,
    },
}

/// The base of all IRIs of an installation, without a trailing slash, e.g. `https://data.example.org`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Base(String);

impl Base {
    /// Takes an absolute http(s) IRI; a trailing slash is dropped.
    ///
    /// # Errors
    /// [`BaseError::Base`] when it is not absolute, or has a query or a fragment.
    pub fn new(iri: &str) -> Result<Self, BaseError> {
        let trimmed = iri.trim_end_matches('/');
        let refused = || BaseError::Base { met: iri.to_owned() };
        let parsed = oxiri::Iri::parse(trimmed).map_err(|_| refused())?;
        let web =
            matches!(parsed.scheme(), "http" | "https") && parsed.authority().is_some_and(|a| !a.is_empty());
        if !web || parsed.query().is_some() || parsed.fragment().is_some() {
            return Err(refused());
        }
        Ok(Self(trimmed.to_owned()))
    }

    /// The base as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `{base}/id/{dataset}/{local}`: the item that one source record describes.
    #[must_use]
    pub fn item(&self, dataset: &DatasetId, local: &str) -> String {
        let mut iri = String::new();
        self.push(&dataset.0, local, &mut iri);
        iri
    }

    /// Appends `{base}/id/{folder}/{segment}`, the segment encoded.
    pub(crate) fn push(&self, folder: &str, segment: &str, out: &mut String) {
        out.reserve(self.0.len() + folder.len() + segment.len() + 5);
        for part in [&self.0, "/id/", folder, "/"] {
            out.push_str(part);
        }
        encode_segment(segment, out);
    }

    /// `{base}/id/{dataset}/`: what the IRIs of all items of a dataset begin with.
    #[must_use]
    pub fn item_prefix(&self, dataset: &DatasetId) -> String {
        format!("{}/id/{}/", self.0, dataset.0)
    }

    /// `{base}/id/{kind}/{key}` for the entities that records share; `kind` is `agent`, `place`, `concept`,
    /// `time`, `work`, `dataset` or `organization`.
    #[must_use]
    pub fn shared(&self, kind: &str, key: &str) -> String {
        let mut iri = String::new();
        self.push(kind, key, &mut iri);
        iri
    }

    /// `{base}/graph/{name}`: a named graph; for a dataset, the name is its identifier.
    #[must_use]
    pub fn graph(&self, name: &str) -> String {
        format!("{}/graph/{name}", self.0)
    }

    /// Whether the IRI was minted under this base's `/id/`.
    #[must_use]
    pub fn owns(&self, iri: &str) -> bool {
        iri.strip_prefix(self.0.as_str()).is_some_and(|rest| rest.starts_with("/id/"))
    }
}

impl fmt::Display for Base {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The short name of a dataset: one to 64 of `a-z`, `0-9`, `-`, starting with a letter. The kinds of shared
/// entities (`agent`, `place`, …) are refused, as their IRIs stand beside the datasets'.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DatasetId(String);

impl DatasetId {
    const TAKEN: [&str; 8] = ["agent", "concept", "dataset", "organization", "place", "run", "time", "work"];

    /// Checks and takes the name.
    ///
    /// # Errors
    /// [`BaseError::Dataset`].
    pub fn new(id: &str) -> Result<Self, BaseError> {
        let fits = (1..=64).contains(&id.len())
            && id.starts_with(|c: char| c.is_ascii_lowercase())
            && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !Self::TAKEN.contains(&id);
        if fits { Ok(Self(id.to_owned())) } else { Err(BaseError::Dataset { met: id.to_owned() }) }
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DatasetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn mints_and_refuses() {
        let base = Base::new("https://data.example.org/").unwrap();
        let dataset = DatasetId::new("helmet").unwrap();
        assert_eq!(base.item(&dataset, "FI/1 2"), "https://data.example.org/id/helmet/FI%2F1%202");
        assert_eq!(
            base.shared("place", "київ"),
            "https://data.example.org/id/place/%D0%BA%D0%B8%D1%97%D0%B2"
        );
        for bad in ["", "data.example.org", "ftp://x.org", "https://", "https://x.org/?q", "https://x.org/#f"]
        {
            assert!(Base::new(bad).is_err(), "{bad}");
        }
        for bad in ["", "Helmet", "9a", "a/b", "agent", "ä"] {
            assert!(DatasetId::new(bad).is_err(), "{bad}");
        }
    }
}
