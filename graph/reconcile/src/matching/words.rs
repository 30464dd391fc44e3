//! The names of two places, bodies, concepts or periods.

use super::edit::near;
use super::features::{Features, Length, Words};
use super::person::qualifier;
use crate::names::{Name, PartKind};

/// Words that names of bodies and places have or leave out without becoming others, folded.
const SMALL: &[&str] = &[
    "a", "and", "auf", "da", "das", "de", "dei", "del", "della", "der", "des", "di", "die", "du", "e", "el",
    "et", "for", "i", "in", "inc", "ja", "la", "las", "le", "les", "ltd", "na", "o", "och", "of", "on", "os",
    "ta", "the", "und", "v", "von", "y", "z", "zu",
];

/// More words than this are not looked at one by one.
const MOST: usize = 24;

/// Compares two names that are no people's.
pub(super) fn compare(one: &Name, other: &Name, features: &mut Features) {
    features.set(words(one, other));
    features.set(qualifier(one, other));
    features.set(match main(one).filter(|word| !is_small(word)).count() {
        0 => Length::unknown,
        1 => Length::one,
        2 => Length::two,
        _ => Length::more,
    });
}

/// The words outside brackets.
fn main(name: &Name) -> impl Iterator<Item = &str> {
    name.parts().iter().filter(|part| part.kind != PartKind::Qualifier).map(|part| name.folded(part))
}

fn spelled(name: &Name) -> impl Iterator<Item = &str> {
    name.parts().iter().filter(|part| part.kind != PartKind::Qualifier).map(|part| name.spelled(part))
}

fn is_small(word: &str) -> bool {
    SMALL.binary_search(&word).is_ok()
}

fn words(one: &Name, other: &Name) -> Words {
    if main(one).next().is_none() || main(other).next().is_none() {
        return Words::unknown;
    }
    if main(one).eq(main(other)) {
        return Words::same;
    }
    if spelled(one).eq(spelled(other)) {
        return Words::spelled;
    }
    let (mut found, mut counts, mut all_exact) = ([false; MOST], [0_usize; 2], true);
    counts[1] = main(other).take(MOST).filter(|word| !is_small(word)).count();
    let (mut matched, mut close) = (0, 0);
    for (word, sound) in main(one).zip(spelled(one)).filter(|(word, _)| !is_small(word)).take(MOST) {
        counts[0] += 1;
        let others = main(other).zip(spelled(other)).take(MOST).enumerate();
        let free: Option<(usize, bool)> = others
            .filter(|(place, (met, _))| !found[*place] && !is_small(met))
            .filter_map(|(place, (met, other_sound))| {
                (met == word || other_sound == sound)
                    .then_some((place, true))
                    .or_else(|| near(met, word).then_some((place, false)))
            })
            .min_by_key(|(place, exact)| (!exact, *place));
        match free {
            Some((place, exact)) => {
                found[place] = true;
                matched += 1;
                close += usize::from(!exact);
                all_exact &= exact;
            }
            None => all_exact = false,
        }
    }
    let small = |name: &Name| main(name).any(is_small);
    if matched == 0 || counts[0].min(counts[1]) == 0 {
        return Words::different;
    }
    if matched == counts[0] && matched == counts[1] {
        return match (close, small(one) || small(other)) {
            (0, true) => Words::words,
            (0, false) => Words::spelled,
            // Figures in names tell years and numbers apart.
            (1, _)
                if main(one)
                    .chain(main(other))
                    .all(|word| !word.bytes().any(|byte| byte.is_ascii_digit())) =>
            {
                Words::near
            }
            _ => Words::different,
        };
    }
    if all_exact && matched == counts[0] || close == 0 && matched == counts[1] {
        Words::part
    } else {
        Words::different
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_words_are_sorted() {
        assert!(SMALL.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn names_of_bodies_and_places() {
        for (one, other, expected) in [
            ("Turku", "Turku", Words::same),
            ("Museum of the Rockies", "Museum of the Rockies, The", Words::words),
            ("Koeln", "Köln", Words::spelled),
            ("Saari, Suuri", "Suuri Saari", Words::spelled),
            ("Kyiv", "Київ", Words::same),
            ("Turun yliopisto", "Turun yliopiston kirjasto", Words::different),
            ("Springfield", "Springfield Township", Words::part),
            ("Harkivska", "Kharkivska", Words::spelled),
            ("Zhytomyr", "Zhitomyr", Words::spelled),
            ("Jyväskylä", "Jyvaskyla", Words::same),
            ("Helsingfors", "Helsinki", Words::different),
            ("Hämeenlinna", "Hämenlinna", Words::near),
            ("World War, 1914-1918", "World War, 1939-1945", Words::different),
            ("…", "Turku", Words::unknown),
        ] {
            assert_eq!(words(&Name::plain(one), &Name::plain(other)), expected, "{one} {other}");
            assert_eq!(words(&Name::plain(other), &Name::plain(one)), expected, "{other} {one}");
        }
    }
}
