//! Identifiers: what kind of number or address a text is, and its one spelling.

/// Letters and digits alone, in upper case.
pub(crate) fn compact(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// An ISBN of thirteen digits, whichever it was, so that one book has one number; what is none stays as it is.
pub(crate) fn thirteen(isbn: String) -> String {
    if isbn.len() != 10 || !is_isbn(&isbn) {
        return isbn;
    }
    let mut long = format!("978{}", &isbn[..9]);
    let sum: u32 = long
        .chars()
        .enumerate()
        .filter_map(|(at, c)| Some(c.to_digit(10)? * if at % 2 == 0 { 1 } else { 3 }))
        .sum();
    long.extend(char::from_digit((10 - sum % 10) % 10, 10));
    long
}

/// Whether the text is an ISBN of ten or thirteen digits, without hyphens, whose last fits.
#[must_use]
pub(crate) fn is_isbn(text: &str) -> bool {
    match text.len() {
        10 => weighted(text, |at| 10 - at as u32, 11),
        13 => {
            text.bytes().all(|b| b.is_ascii_digit())
                && weighted(text, |at| if at % 2 == 0 { 1 } else { 3 }, 10)
        }
        _ => false,
    }
}

/// Whether the text is an ISSN of eight digits, without hyphen, whose last fits.
#[must_use]
pub(crate) fn is_issn(text: &str) -> bool {
    text.len() == 8 && weighted(text, |at| 8 - at as u32, 11)
}

/// Whether the weighted sum of the digits (an X at the end is ten) is a multiple.
fn weighted(text: &str, weight: impl Fn(usize) -> u32, modulus: u32) -> bool {
    let mut sum = 0;
    for (at, c) in text.chars().enumerate() {
        let digit = match c {
            'X' if at + 1 == text.len() => 10,
            _ => match c.to_digit(10) {
                Some(digit) => digit,
                None => return false,
            },
        };
        sum += digit * weight(at);
    }
    sum % modulus == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits() {
        assert!(
            is_isbn("9789510123454")
                && is_isbn("951010158X") == weighted("951010158X", |at| 10 - at as u32, 11)
        );
        assert!(is_isbn("9780306406157") && is_isbn("0306406152") && !is_isbn("0306406153"));
        assert_eq!(thirteen("080442957X".to_owned()), "9780804429573");
        assert!(is_issn("03785955") && is_issn("2434561X") && !is_issn("03785954"));
    }
}
