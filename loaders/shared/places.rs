//! Names of places: the name itself, apart from what it lies within and from a cataloguer's brackets.

/// A place name as read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PlaceName<'t> {
    /// The name.
    pub name: &'t str,
    /// What it lies within, where the text says so: `Finland` of `Turku (Finland)`.
    pub within: Option<&'t str>,
}

/// What stands where no place is known, in lower case without brackets and final dots.
const UNKNOWN: &[&str] = &[
    "s.l",
    "s. l",
    "sine loco",
    "o. o",
    "o.o",
    "u.o",
    "u. o",
    "n.p",
    "n. p",
    "unknown",
    "place of publication not identified",
    "publication place not identified",
    "paikka tuntematon",
    "kustannuspaikka tuntematon",
    "julkaisupaikka tuntematon",
    "tuntematon",
    "okänd ort",
    "utgivningsort okänd",
    "okänd",
    "unbekannt",
    "ort unbekannt",
    "lieu inconnu",
    "inconnu",
    "б. м",
    "б.м",
    "без місця",
    "невідомо",
    "без места",
    "неизвестно",
    "?",
    "-",
    "–",
];

/// Reads a place name: `[Helsinki]`, `Turku (Finland)`, `Porvoo :`. A question mark is dropped; unknown places (`S.l.`,
/// `paikka tuntematon`) are `None`.
///
/// ```
/// use loaders::shared::places::read_place;
/// let turku = read_place("[Turku (Finland)] :").map(|place| (place.name, place.within));
/// assert_eq!(turku, Some(("Turku", Some("Finland"))));
/// assert_eq!(read_place("[S.l.]"), None);
/// ```
#[must_use]
pub fn read_place(text: &str) -> Option<PlaceName<'_>> {
    let mut name =
        text.trim_matches(|c: char| c.is_whitespace() || matches!(c, ':' | ';' | ',' | '/' | '|' | '='));
    name = unwrapped(name);
    let unknown = name.trim_end_matches(['.', '?', ' ']).to_lowercase();
    if unknown.is_empty() || UNKNOWN.contains(&unknown.as_str()) {
        return None;
    }
    let mut within = None;
    if let Some(open) = name.rfind(['(', '['])
        && open > 0
        && name.ends_with([')', ']'])
    {
        let inside = name[open + 1..name.len() - 1].trim();
        let told = inside.trim_start_matches("i.e.").trim();
        // `Åbo [Turku]` names the same place twice; only round brackets say where it lies.
        if name[open..].starts_with('(') && !told.is_empty() && told.chars().all(|c| !c.is_ascii_digit()) {
            within = Some(told);
        }
        name = name[..open].trim_end();
    }
    let name = name
        .trim_end_matches(['?', ' '])
        .trim_matches(|c: char| matches!(c, ',' | ';' | ':') || c.is_whitespace());
    let name = if is_abbreviation(name) { name } else { name.trim_end_matches('.') };
    name.chars().any(char::is_alphanumeric).then_some(PlaceName { name, within })
}

/// The text without brackets around all of it.
fn unwrapped(text: &str) -> &str {
    for (open, close) in [('[', ']'), ('(', ')')] {
        if let Some(inside) = text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close))
            && !inside.contains([open, close])
        {
            return inside.trim();
        }
        // Only the opening one is left where the field was cut at its end.
        if let Some(inside) = text.strip_prefix(open)
            && !inside.contains(close)
        {
            return inside.trim();
        }
    }
    text.strip_suffix(']').filter(|rest| !rest.contains('[')).unwrap_or(text)
}

/// Whether a final full stop belongs to the name, as in `Washington, D.C.`.
fn is_abbreviation(name: &str) -> bool {
    name.strip_suffix('.')
        .is_some_and(|stem| stem.rsplit([' ', '.', ',']).next().is_some_and(|last| last.chars().count() <= 3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_without_what_surrounds_them() {
        let cases = [
            ("Helsinki", "Helsinki", None),
            (" Helsinki : ", "Helsinki", None),
            ("[Helsinki]", "Helsinki", None),
            ("[Helsinki?]", "Helsinki", None),
            ("[Helsinki", "Helsinki", None),
            ("Helsinki]", "Helsinki", None),
            ("Helsinki.", "Helsinki", None),
            ("Turku (Finland)", "Turku", Some("Finland")),
            ("Cambridge (Mass.)", "Cambridge", Some("Mass.")),
            ("Åbo [Turku]", "Åbo", None),
            ("Washington, D.C.", "Washington, D.C.", None),
            ("Київ (Україна)", "Київ", Some("Україна")),
            ("Frankfurt (Oder)", "Frankfurt", Some("Oder")),
            ("Saint-Denis (93)", "Saint-Denis", None),
        ];
        for (text, name, within) in cases {
            assert_eq!(read_place(text), Some(PlaceName { name, within }), "{text}");
        }
        for none in ["", "[S.l.]", "S.l.", "s. l.", "?", "[paikka tuntematon]", "Б. м.", " : ", "[]", "()"]
        {
            assert_eq!(read_place(none), None, "{none}");
        }
    }
}
