//! What titles, statements and extents are compared by.

use crate::names::{fold, key};
use std::collections::HashSet;
use std::sync::LazyLock;

/// Words in the names of publishers that many of them have.
const OF_PUBLISHERS: &[&str] = &[
    "and",
    "books",
    "company",
    "der",
    "det",
    "die",
    "edition",
    "editions",
    "förlag",
    "förlags",
    "gmbh",
    "group",
    "inc",
    "kirjapaino",
    "kustannus",
    "kustannusosakeyhtiö",
    "librairie",
    "ltd",
    "osakeyhtiö",
    "press",
    "presse",
    "publications",
    "publishers",
    "publishing",
    "sons",
    "the",
    "und",
    "verlag",
    "verlagsbuchhandlung",
    "видавництво",
    "издательство",
];

/// The same, as [`who`] gives them.
static COMMON: LazyLock<HashSet<String>> =
    LazyLock::new(|| OF_PUBLISHERS.iter().map(|word| key(word)).collect());

/// The title proper: what stands before a remainder or a statement of responsibility, as they are set off by the ISBD.
#[must_use]
pub fn proper(title: &str) -> &str {
    let end = [" : ", " / ", " = ", " ; "].iter().filter_map(|mark| title.find(mark)).min();
    let proper = end.and_then(|end| title.get(..end)).unwrap_or(title);
    if proper.trim().is_empty() { title } else { proper }
}

/// The words of a name without figures, in the order of the alphabet; what stands in for a name is none.
pub(super) fn who(name: &str) -> Option<String> {
    let key = key(name);
    let words: Vec<&str> = key.split(' ').filter(|word| !has_figures(word)).collect();
    let tells = words.iter().any(|word| word.chars().count() > 2);
    tells.then(|| words.join(" "))
}

/// Whether two names, as [`who`] gives them, may be of one: every word of the shorter is in the longer, as it is or by its
/// first letter, and one at least as it is.
pub(super) fn may_be_one(one: &str, other: &str) -> bool {
    let words = |name: &str| name.split(' ').filter(|word| !word.is_empty()).count();
    let (short, long) = if words(one) <= words(other) { (one, other) } else { (other, one) };
    let mut whole = false;
    let each = short.split(' ').all(|word| {
        let same = long.split(' ').any(|other| other == word);
        whole |= same && word.chars().count() > 2;
        same || long.split(' ').any(|other| is_initial(word, other) || is_initial(other, word))
    });
    each && whole
}

fn is_initial(letter: &str, word: &str) -> bool {
    let mut letters = letter.chars();
    letters.next().is_some_and(|first| letters.next().is_none() && word.starts_with(first))
}

/// Whether two names of publishers have a word in common that not every publisher has.
pub(super) fn may_be_one_publisher(one: &str, other: &str) -> bool {
    one.split(' ')
        .filter(|word| word.chars().count() > 2 && !COMMON.contains(*word))
        .any(|word| other.split(' ').any(|met| met == word))
}

/// The words of a folded title that tell something.
pub(super) fn telling(title: &str) -> impl Iterator<Item = &str> {
    title.split(' ').filter(|word| word.chars().count() > 2 || has_figures(word))
}

/// Figures in a folded text, in their order; years, numbers of volumes and of parts tell titles apart.
pub(super) fn figures(text: &str) -> impl Iterator<Item = &str> {
    text.split(' ').filter(|word| has_figures(word))
}

fn has_figures(word: &str) -> bool {
    word.bytes().any(|byte| byte.is_ascii_digit())
}

/// The number of an edition: the first figure of its statement that is no year.
pub(super) fn number_of_edition(statement: &str) -> Option<u16> {
    statement
        .split(|letter: char| !letter.is_ascii_digit())
        .filter_map(|figures| figures.parse().ok())
        .find(|number| (1..1000).contains(number))
}

/// The number of pages: the greatest number that stands before the first other detail of an extent, unless it speaks of
/// several volumes.
pub(super) fn pages(extent: &str) -> Option<u32> {
    let first = extent.split([':', ';', '+']).next().unwrap_or_default();
    let numbers =
        first.split(|letter: char| !letter.is_ascii_digit()).filter_map(|number| number.parse().ok());
    numbers.filter(|number| (10..20_000).contains(number)).max()
}

/// A title as it is compared.
pub(super) fn title(text: &str) -> String {
    fold(text)
}

/// A title as it is looked up.
pub(super) fn title_key(text: &str) -> String {
    key(proper(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_meet() {
        for (one, other, expected) in [
            ("Linna, Väinö", "linna väinö 1920 1992", true),
            ("Linna, V.", "Väinö Linna", true),
            ("Linna, Aino", "Linna, Väinö", false),
            ("Linna", "Linna, Väinö", true),
            ("Шевченко, Тарас", "Shevchenko, Taras", true),
            ("Li, A.", "Li, B.", false),
        ] {
            let met = who(one).zip(who(other)).is_some_and(|(one, other)| may_be_one(&one, &other));
            assert_eq!(met, expected, "{one} {other}");
        }
        assert!(who("1920-1992").is_none() && who("").is_none());
    }

    #[test]
    fn publishers_meet() {
        let met = |one: &str, other: &str| {
            who(one).zip(who(other)).is_some_and(|(one, other)| may_be_one_publisher(&one, &other))
        };
        assert!(
            met("Werner Söderström", "Werner Söderström Osakeyhtiö")
                && met("Teubner", "B. G. Teubner Verlag")
        );
        assert!(!met("Penguin Books", "Puffin Books") && !met("Otava", "WSOY"));
    }

    #[test]
    fn numbers_of_editions_and_pages() {
        for (statement, expected) in [
            ("2. painos", Some(2)),
            ("3rd ed., 1998", Some(3)),
            ("Uusi laitos", None),
            ("1998 edition", None),
        ] {
            assert_eq!(number_of_edition(statement), expected, "{statement}");
        }
        for (extent, expected) in [
            ("443 sivua ; 21 cm", Some(443)),
            ("XII, 388 S. : Ill.", Some(388)),
            ("2 osaa ; 25 cm", None),
            ("1 verkkoaineisto", None),
            ("", None),
        ] {
            assert_eq!(pages(extent), expected, "{extent}");
        }
    }

    #[test]
    fn the_title_proper() {
        for (title, expected) in [
            ("Tuntematon sotilas : romaani", "Tuntematon sotilas"),
            ("Sinuhe, egyptiläinen", "Sinuhe, egyptiläinen"),
            ("War / Leo Tolstoy", "War"),
            (" : a remainder", " : a remainder"),
        ] {
            assert_eq!(proper(title), expected);
        }
    }
}
