//! Identifiers, written in one way.

use std::borrow::Cow;
use vocabularies::authorities::split;

/// An identifier as it is compared: authorities write one in several ways, with http or https, with or without a slash at
/// the end, as the address of the thing or of the page about it.
///
/// ```
/// use graph_reconcile::authority::normalised;
/// assert_eq!(normalised("https://www.wikidata.org/wiki/Q42"), "http://www.wikidata.org/entity/Q42");
/// assert_eq!(normalised("https://example.org/a/"), "http://example.org/a");
/// ```
#[must_use]
pub fn normalised(identifier: &str) -> Cow<'_, str> {
    let trimmed = identifier.trim().trim_end_matches('/');
    if let Some((form, id)) = split(trimmed) {
        // Mostly it is written so already.
        if trimmed.strip_prefix(form) == Some(id) {
            return Cow::Borrowed(trimmed);
        }
        return Cow::Owned([form, id].concat());
    }
    match trimmed.strip_prefix("https://") {
        Some(rest) => Cow::Owned(format!("http://{rest}")),
        None => Cow::Borrowed(trimmed),
    }
}
