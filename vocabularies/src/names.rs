//! Tables about names of people and bodies: the words in them, letters of other scripts, spellings that meet.
//!
//! What the rows mean stands at the head of each table. How names are read in records is the loaders' business, how
//! they are compared is `graph-reconcile`'s; both build what they need from these rows.

/// Words and endings of names, sorted: the word in lower case and what it is (`particle`, `generation`, `body` …). A word
/// that is two things has two rows.
///
/// ```
/// assert!(vocabularies::names::words().any(|row| row == ("von", "particle")));
/// ```
pub fn words() -> impl Iterator<Item = (&'static str, &'static str)> {
    rows(include_str!("../names/words.tsv"))
}

/// Letters that are no ASCII without their diacritics, sorted: the letter, its Latin, and its Latin in a Ukrainian word.
///
/// ```
/// assert!(vocabularies::names::letters().any(|row| row == ("г", "g", "h")));
/// ```
pub fn letters() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    rows(include_str!("../names/letters.tsv")).map(|(letter, latin)| match latin.split_once('\t') {
        Some((latin, ukrainian)) => (letter, latin, ukrainian),
        None => (letter, latin, latin),
    })
}

/// Spellings of one sound in Latin letters, sorted: the letters and what stands for them.
///
/// ```
/// assert!(vocabularies::names::sounds().any(|row| row == ("shch", "s")));
/// ```
pub fn sounds() -> impl Iterator<Item = (&'static str, &'static str)> {
    rows(include_str!("../names/sounds.tsv"))
}

/// Given names in all their forms, sorted: the form, folded, and the name that stands for it.
///
/// ```
/// assert!(vocabularies::names::given().any(|row| row == ("bill", "william")));
/// ```
pub fn given() -> impl Iterator<Item = (&'static str, &'static str)> {
    rows(include_str!("../names/given.tsv"))
}

fn rows(table: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    table.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted_and_in_small_letters() {
        let all: Vec<_> = words().collect();
        assert!(all.len() > 400 && all.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(all.iter().all(|(word, _)| *word == word.to_lowercase()));
        let all: Vec<_> = letters().collect();
        assert!(all.len() > 80 && all.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(all.iter().all(|(letter, latin, other)| {
            *letter == letter.to_lowercase() && !letter.is_ascii() && latin.is_ascii() && other.is_ascii()
        }));
        let all: Vec<_> = given().collect();
        assert!(all.len() > 400 && all.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(all.iter().all(|(name, head)| {
            name.bytes().all(|byte| byte.is_ascii_lowercase())
                && head.bytes().all(|byte| byte.is_ascii_lowercase())
        }));
        let all: Vec<_> = sounds().collect();
        assert!(all.len() > 25 && all.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(all.iter().all(|(from, to)| from.is_ascii() && to.is_ascii() && to.len() <= from.len() + 1));
    }
}
