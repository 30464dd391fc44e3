//! Text without its case.

/// Writes a letter without its case. However a text is written, in capitals or small letters, by `UCASE`, `LCASE` or a
/// pattern that ignores case, it folds to the same letters: a letter is made small, its capitals, and these small again
/// (`ẞ`, `ß`, `SS` → `ss`; `Σ`, `σ`, `ς` → `σ`; `İ` → `i` and a dot).
pub fn fold_char(letter: char, out: &mut Vec<char>) {
    if letter.is_ascii() {
        out.push(letter.to_ascii_lowercase());
        return;
    }
    for small in letter.to_lowercase() {
        for capital in small.to_uppercase() {
            out.extend(capital.to_lowercase());
        }
    }
}

/// The letters of a text without their case.
#[must_use]
pub fn fold(text: &str) -> Vec<char> {
    let mut folded = Vec::with_capacity(text.len());
    text.chars().for_each(|letter| fold_char(letter, &mut folded));
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_folds_as_its_small_and_its_capital_form() {
        let mut faults = Vec::new();
        for letter in '\0'..=char::MAX {
            let text = letter.to_string();
            let folded = fold(&text);
            if fold(&text.to_lowercase()) != folded || fold(&text.to_uppercase()) != folded {
                faults.push(letter);
            }
        }
        assert_eq!(faults, []);
        assert_eq!(
            fold("ΚΑΛΛΙΣΤΟΣ").iter().collect::<String>(),
            fold("Κάλλιστος").iter().collect::<String>().replace('ά', "α")
        );
        assert_eq!(fold("Straẞe"), fold("STRASSE"));
    }
}
