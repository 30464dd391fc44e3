//! ISBD punctuation: what stands between areas belongs to the card, not to the value.

/// Abbreviations that keep their full stop at the end of a value, in lower case and sorted.
const ABBREVIATIONS: &[&str] = &[
    "abb", "aufl", "bd", "bearb", "bros", "ca", "cf", "co", "corp", "dept", "diss", "dist", "dr", "ed",
    "edn", "eds", "esp", "etc", "fl", "fol", "hrsg", "ill", "impr", "inc", "jne", "jr", "julk", "kust",
    "kuv", "lis", "ltd", "mr", "mrs", "ms", "nid", "no", "nr", "op", "osak", "p", "pp", "pr", "prof", "publ",
    "rev", "s", "siv", "sr", "st", "tr", "uppl", "usw", "uud", "verb", "vol", "vols", "vs", "ym", "yms",
    "др", "изд", "им", "ред", "с", "стр", "т",
];

/// The text without spaces and the marks `/ : ; = ,` at its end, and without a full stop that ends a
/// sentence rather than an abbreviation or an initial.
pub(crate) fn trim(text: &str) -> &str {
    let mut text = text.trim();
    loop {
        let shorter = text.trim_end_matches(['/', ':', ';', '=', ',']);
        // `http://` and a lone mark are no punctuation between areas.
        if shorter.len() == text.len() || shorter.is_empty() {
            break;
        }
        text = shorter.trim_end();
    }
    full_stop(text)
}

/// The text without a full stop at its end, unless that belongs to the last word.
pub(crate) fn full_stop(text: &str) -> &str {
    let Some(shorter) = text.strip_suffix('.') else { return text };
    if shorter.ends_with('.') || shorter.is_empty() {
        return text;
    }
    let word = shorter
        .rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '[' | '-' | '/'))
        .next()
        .unwrap_or_default();
    let letters = word.chars().count();
    // `J. R. R.` and `U.S.` end in an initial; `3.` is an ordinal in Finnish and German.
    let initial = letters == 1 && word.chars().all(char::is_alphabetic);
    let inner_stop = word.contains('.');
    let short_number = letters <= 2 && !word.is_empty() && word.chars().all(|c| c.is_ascii_digit());
    let known = letters <= 5 && ABBREVIATIONS.binary_search(&word.to_lowercase().as_str()).is_ok();
    if initial || inner_stop || short_number || known { text } else { shorter.trim_end() }
}

/// The text without square brackets around the whole of it.
pub(crate) fn unbracket(text: &str) -> &str {
    let inner = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    inner.filter(|inner| !inner.contains(['[', ']'])).map_or(text, str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_between_areas_go_and_abbreviations_stay() {
        for (text, expected) in [
            ("Seitsemän veljestä /", "Seitsemän veljestä"),
            ("Waltari, Mika,", "Waltari, Mika"),
            ("Tolkien, J. R. R.,", "Tolkien, J. R. R."),
            ("Davis, John, Jr.", "Davis, John, Jr."),
            ("Helsinki :", "Helsinki"),
            ("Kertomuksia.", "Kertomuksia"),
            ("2. p.", "2. p."),
            ("A history of the U.S.", "A history of the U.S."),
            ("Who? What? ...", "Who? What? ..."),
            ("Gummerus, ;", "Gummerus"),
            ("/", "/"),
            ("3.", "3."),
            ("Vuonna 1918.", "Vuonna 1918"),
        ] {
            assert_eq!(trim(text), expected);
        }
        assert_eq!(unbracket("[Turku]"), "Turku");
        assert_eq!(unbracket("[Turku] ja [Åbo]"), "[Turku] ja [Åbo]");
        assert!(ABBREVIATIONS.is_sorted());
    }
}
