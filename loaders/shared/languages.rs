//! Languages: from the codes and names that catalogues use to BCP 47 tags.

/// The BCP 47 tag of a language code (ISO 639-1, 639-2/B, 639-2/T, 639-3), a tag or a language name, e.g. `fi` of
/// `fin`, `Finnish` or `suomi`, `de` of `ger`. `None` for an unknown one, and for the codes that say "undetermined",
/// "several" or "no linguistic content": a tag there would be a guess.
#[must_use]
pub fn tag(code_or_name: &str) -> Option<&'static str> {
    vocabularies::languages::find(code_or_name).map(|language| language.bcp47)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_names_are_one_tag() {
        for (tag_expected, texts) in [
            ("fi", ["fin", "fi", "FI", "fi-FI", "Finnish", "suomi"]),
            ("sv", ["swe", "sv", "SV", "sv_SE", "Swedish", "svenska"]),
            ("de", ["ger", "deu", "de", "de-AT", "German", "Deutsch"]),
            ("uk", ["ukr", "uk", "UK", "uk-UA", "Ukrainian", "українська"]),
        ] {
            for text in texts {
                assert_eq!(tag(text), Some(tag_expected), "{text}");
            }
        }
        for none in ["", "und", "mul", "zxx", "xx", "qqq", "klingonish", "1"] {
            assert_eq!(tag(none), None, "{none}");
        }
    }
}
