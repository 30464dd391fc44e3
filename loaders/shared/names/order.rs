//! The order of a person's name: which word is the surname, and what goes with it. The words are a
//! table of the vocabularies.

use crate::shared::words::WordMap;
use std::sync::LazyLock;
use vocabularies::names::words as rows;

/// The kinds of each word.
static WORDS: LazyLock<WordMap<Vec<&'static str>>> = LazyLock::new(|| {
    let mut words = WordMap::<Vec<&str>>::default();
    for (word, kind) in rows() {
        words.entry(word).or_default().push(kind);
    }
    words
});

/// The endings by their last bytes, with their kinds: a word is compared with few of them.
static ENDINGS: LazyLock<[Vec<(&'static str, &'static str)>; 256]> = LazyLock::new(|| {
    let mut endings = [const { Vec::new() }; 256];
    for (ending, kind) in rows().filter(|(_, kind)| kind.ends_with("-ending")) {
        if let Some(last) = ending.bytes().last() {
            endings[usize::from(last)].push((ending, kind));
        }
    }
    endings
});

/// Whether the table has the word, in lower case, as of this kind.
fn is(word: &str, kind: &str) -> bool {
    WORDS.get(word).is_some_and(|kinds| kinds.contains(&kind))
}

/// Whether the word ends in an ending of this kind.
fn ends(word: &str, kind: &str) -> bool {
    let fits = |ending: &str| ending.len() < word.len() && word.ends_with(ending);
    let endings = word.bytes().last().map_or(&[][..], |last| &ENDINGS[usize::from(last)]);
    endings.iter().any(|(ending, of)| *of == kind && fits(ending))
}

/// The heading of a person's name in direct order: `Akseli Gallen-Kallela` is `Gallen-Kallela, Akseli`. A name that is
/// inverted already, of one word, with a numeration (`Nikolai II`) or of a chain of fathers (`ibn`) comes back as it is.
/// Particles follow the forenames (`Beethoven, Ludwig van`), except those that Romance languages keep (`La Fontaine, Jean
/// de`); a capital particle is part of the surname.
///
/// ```
/// use loaders::shared::names::inverted;
/// assert_eq!(inverted("Akseli Gallen-Kallela"), "Gallen-Kallela, Akseli");
/// assert_eq!(inverted("Johann Wolfgang von Goethe"), "Goethe, Johann Wolfgang von");
/// assert_eq!(inverted("Шевченко Тарас Григорович"), "Шевченко, Тарас Григорович");
/// ```
#[must_use]
pub fn inverted(direct: &str) -> String {
    let direct = direct.split_whitespace().collect::<Vec<_>>().join(" ");
    let (name, generation) = split_generation(&direct);
    let words: Vec<&str> = name.split(' ').filter(|word| !word.is_empty()).collect();
    let stays = name.contains(',')
        || words.len() < 2
        || ends_in_numeration(name)
        || words.iter().skip(1).any(|word| starts_small(word) && is(word, "chain"))
        || words[0] == "Ibn"
        || !words[0].chars().any(char::is_alphabetic)
        // `Master of Kalanti`, `Meister der Spielkarten`: a word in small letters that belongs to no surname.
        || words.iter().any(|word| starts_small(word) && !is(&word.to_lowercase(), "particle"))
        || is(&words[0].to_lowercase(), "stand-in");
    if stays {
        return direct;
    }
    let (surname, forenames) = divide(&words);
    let mut heading = format!("{surname}, {forenames}");
    if let Some(generation) = generation {
        heading.push_str(", ");
        heading.push_str(generation);
    }
    heading
}

/// Surname and forenames of a name in direct order, or with the surname first where initials or a patronymic show it.
fn divide(words: &[&str]) -> (String, String) {
    let count = words.len();
    let surname_first = count >= 2
        && !is_initial(words[0])
        && (words[1..].iter().all(|word| is_initial(word))
            || count == 3 && is_patronymic(words[2]) && !is_patronymic(words[1]));
    if surname_first {
        return (words[0].to_owned(), words[1..].join(" "));
    }
    // The surname is the last word and the staying particles before it.
    let mut from = count - 1;
    while from > 1 && is(&lower(words[from - 1]), "staying") {
        from -= 1;
    }
    while from > 1 && is_capital_particle(words[from - 1]) {
        from -= 1;
    }
    // The others before it follow the forenames.
    let mut end = from;
    while end > 1 && starts_small(words[end - 1]) && is(&lower(words[end - 1]), "particle") {
        end -= 1;
    }
    let surname = words[from..].join(" ");
    let mut forenames = words[..end].join(" ");
    if end < from {
        forenames.push(' ');
        forenames.push_str(&words[end..from].join(" "));
    }
    // In headings the staying article has a capital: `La Fontaine`.
    (capitalised(&surname), forenames)
}

fn lower(word: &str) -> String {
    word.to_lowercase()
}

fn starts_small(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_lowercase)
}

fn is_capital_particle(word: &str) -> bool {
    !starts_small(word) && word != "E" && is(&lower(word), "particle")
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) if is(text.split(' ').next().unwrap_or_default(), "staying") => {
            first.to_uppercase().chain(chars).collect()
        }
        _ => text.to_owned(),
    }
}

/// An initial, or several run together: `V.`, `Т.Г.`, `J.-P.`.
fn is_initial(word: &str) -> bool {
    let letters = word.split(['.', '-']).filter(|part| !part.is_empty());
    word.contains('.')
        && letters.clone().count() > 0
        && letters.clone().all(|part| part.chars().count() <= 2 && !starts_small(part))
}

fn is_patronymic(word: &str) -> bool {
    let word = lower(word);
    word.chars().count() >= 6 && ends(&word, "patronymic-ending")
}

/// Takes the generation off the end: `Martin Luther King Jr.`, `Lucas Cranach d. Ä.`.
fn split_generation(name: &str) -> (&str, Option<&str>) {
    if let Some((before, after)) = name.rsplit_once(',')
        && is_generation(after.trim())
        && !before.contains(',')
    {
        return (before.trim(), Some(after.trim()));
    }
    for length in [2, 1] {
        let mut start = name.len();
        for _ in 0..length {
            start = name[..start].trim_end().rfind(' ').unwrap_or(0);
        }
        let tail = name[start..].trim();
        // `King II` is a numeration of a ruler, not of a generation, when nothing else stands before it.
        if start > 0 && is_generation(tail) && name[..start].contains(' ') {
            return (name[..start].trim_end(), Some(tail));
        }
    }
    (name, None)
}

/// How many bytes a mark of the generation has at most, with its full stop and in capitals.
const LONGEST_GENERATION: usize = 32;

/// Whether the text is what tells generations apart (`Jr.`, `den äldre`).
pub(super) fn is_generation(text: &str) -> bool {
    // It is asked of nearly every part of every name, and the table's own are short.
    text.len() <= LONGEST_GENERATION && is(lower(text).trim_end_matches('.'), "generation")
}

/// Whether a name of two words ends in the number of a ruler or pope.
pub(super) fn ends_in_numeration(name: &str) -> bool {
    let Some((before, last)) = name.rsplit_once(' ') else { return false };
    !before.is_empty()
        && !last.is_empty()
        && last.trim_end_matches('.').bytes().all(|b| b"IVX".contains(&b))
        && (last.len() > 1 || !last.ends_with('.'))
        && before.split(' ').count() <= 2
        && !last.ends_with('.')
}

/// Whether the name is a corporate body's by one of its words.
pub(super) fn is_corporate(name: &str) -> bool {
    // In one buffer, as this is asked of every word of every name.
    let mut small = String::with_capacity(32);
    name.split([' ', ',', '(', ')', '/']).any(|word| {
        let word = word.trim_end_matches('.').trim_matches(['"', '«', '»', '“', '”', '\'']);
        small.clear();
        if word.is_ascii() {
            small.push_str(word);
            small.make_ascii_lowercase();
        } else {
            small.push_str(&lower(word));
        }
        is(&small, "body") || small.len() > 5 && small.chars().count() > 5 && ends(&small, "body-ending")
    })
}

/// Whether the name is a family's by its last or first word.
pub(super) fn is_family(name: &str) -> bool {
    let mut words = name.split([' ', ',']).filter(|word| !word.is_empty());
    let (first, last) = (words.next(), words.next_back());
    let is = |word: Option<&str>| word.is_some_and(|word| is(&lower(word.trim_end_matches('.')), "family"));
    last.is_some() && (is(first) || is(last))
}

/// Whether the words alone show a person: initials, or a patronymic.
pub(super) fn shows_person(name: &str) -> bool {
    let words: Vec<&str> = name.split(' ').collect();
    looks_personal(name)
        && (words.iter().any(|word| is_initial(word))
            || words.len() == 3 && words[1..].iter().any(|word| is_patronymic(word)))
}

/// Whether the words could be a person's name: two to six of them, every one capital or a particle, no figures.
pub(super) fn looks_personal(name: &str) -> bool {
    let words: Vec<&str> = name.split(' ').collect();
    (2..=6).contains(&words.len())
        && !name.bytes().any(|b| b.is_ascii_digit())
        && words.iter().all(|word| !starts_small(word) || is(&lower(word), "particle") || is_generation(word))
        && words.iter().any(|word| word.chars().count() > 1 && !is_initial(word))
        && !starts_small(words[0])
}

/// Whether head and the part after its comma look like surname and forenames.
pub(super) fn looks_inverted(head: &str, forenames: &str) -> bool {
    let short =
        |text: &str| (1..=5).contains(&text.split(' ').count()) && !text.bytes().any(|b| b.is_ascii_digit());
    short(head) && short(forenames) && !starts_small(forenames) && forenames.chars().any(char::is_alphabetic)
}

/// Whether the text in brackets spells out the initials before it: `Wells, H. G. (Herbert George)`.
pub(super) fn expands_initials(before: &str, inside: &str) -> bool {
    let initials: Vec<char> = before
        .split([' ', ',', '-'])
        .filter(|word| is_initial(word))
        .flat_map(|word| word.split('.').filter_map(|part| part.chars().next()))
        .collect();
    let firsts: Vec<char> = inside.split([' ', '-']).filter_map(|word| word.chars().next()).collect();
    !initials.is_empty()
        && firsts.len() >= initials.len()
        && initials.iter().zip(&firsts).all(|(a, b)| a == b)
}
