//! Identifiers, written in one way.

use std::borrow::Cow;

/// An identifier as it is compared: authorities write one in two ways, with http or https, with or without a slash at
/// the end.
#[must_use]
pub fn normalised(identifier: &str) -> Cow<'_, str> {
    let trimmed = identifier.trim_end_matches('/');
    match trimmed.strip_prefix("https://") {
        Some(rest) => Cow::Owned(format!("http://{rest}")),
        None => Cow::Borrowed(trimmed),
    }
}
