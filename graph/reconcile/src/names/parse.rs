//! A name taken apart.

use super::fold::{fold_as, is_ukrainian};
use super::key::{join_sorted, spell};
use super::words::{self, CHAIN, ELDER, HONORIFIC, PARTICLE, STAND_IN, YOUNGER};
use std::mem::take;
use std::ops::Range;

/// What a word of a name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PartKind {
    /// Of the family name, as far as the order of the words shows it.
    Family,
    /// A given name in full.
    Given,
    /// The first letters of a given name, mostly one.
    Initial,
    /// The name after the father, beside a given name.
    Patronymic,
    /// `von`, `de la`, `ibn`: noted, and never what tells two names apart.
    Particle,
    /// The number of a ruler or pope; the word is the numeral.
    Number,
    /// `the younger`, `Jr.`
    Younger,
    /// `the elder`, `Sr.`
    Elder,
    /// A title or form of address.
    Honorific,
    /// What stands in brackets behind the name to tell it from others.
    Qualifier,
    /// A word of a name that is no person's.
    Word,
}

/// A word of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub kind: PartKind,
    folded: Range<usize>,
    spelled: Range<usize>,
    /// Whether a hyphen joins it to the word before.
    hyphen: bool,
}

/// A name, its words folded and told apart. The memory of one can be used for the next.
///
/// ```
/// use graph_reconcile::names::{Name, PartKind};
/// let name = Name::parse("Brueghel, Pieter, the younger");
/// let parts: Vec<_> = name.parts().iter().map(|part| (part.kind, name.folded(part))).collect();
/// assert_eq!(
///     parts,
///     [
///         (PartKind::Family, "brueghel"),
///         (PartKind::Given, "pieter"),
///         (PartKind::Younger, "the younger"),
///     ]
/// );
/// assert_eq!(name.key(), Name::parse("Pieter Brueghel the younger").key());
/// ```
#[derive(Debug, Clone, Default)]
pub struct Name {
    folded: String,
    spelled: String,
    parts: Vec<Part>,
    inverted: bool,
    stand_in: bool,
    words: Vec<Raw>,
    kinds: Vec<Option<PartKind>>,
    lengths: Vec<usize>,
    bare: Vec<usize>,
}

/// A word as it stood in the text.
#[derive(Debug, Clone)]
struct Raw {
    folded: Range<usize>,
    /// The part of the text between commas that it stands in.
    segment: usize,
    letters: usize,
    small: bool,
    dotted: bool,
    hyphen: bool,
    bracket: bool,
}

impl Name {
    /// Takes apart the name of a person or family; a name with a word of corporate bodies is taken as one of these.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut name = Self::default();
        name.read(text);
        name
    }

    /// The words of a name that is no person's: a place, a body, a concept.
    #[must_use]
    pub fn plain(text: &str) -> Self {
        let mut name = Self::default();
        name.read_plain(text);
        name
    }

    /// As [`Name::parse`], into the memory of this name.
    pub fn read(&mut self, text: &str) {
        self.split(text);
        let body = self.words.iter().any(|word| words::shows_body(self.text(&word.folded)));
        if body {
            self.all_words();
        } else {
            self.drop_dates();
            self.tell_apart();
        }
        self.finish();
    }

    /// As [`Name::read`], for a name that is known to be a person's: `Church, Frederic` has a word of bodies and is none.
    pub fn read_person(&mut self, text: &str) {
        self.split(text);
        self.drop_dates();
        self.tell_apart();
        self.finish();
    }

    /// As [`Name::plain`], into the memory of this name.
    pub fn read_plain(&mut self, text: &str) {
        self.split(text);
        self.all_words();
        self.finish();
    }

    /// The words in the order of the text, without dates.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The words of a kind, folded.
    pub fn of(&self, kind: PartKind) -> impl Iterator<Item = &str> {
        self.parts.iter().filter(move |part| part.kind == kind).map(|part| self.folded(part))
    }

    /// A part as [`super::fold`] writes it.
    #[must_use]
    pub fn folded(&self, part: &Part) -> &str {
        self.text(&part.folded)
    }

    /// A part in the spelling of [`super::key`].
    #[must_use]
    pub fn spelled(&self, part: &Part) -> &str {
        self.spelled.get(part.spelled.clone()).unwrap_or_default()
    }

    /// All words in the spelling of [`super::key`], in the order of the text.
    pub fn tokens(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().flat_map(|part| self.spelled(part).split(' '))
    }

    /// Whether the text had the family name first, with a comma.
    #[must_use]
    pub const fn is_inverted(&self) -> bool {
        self.inverted
    }

    /// Whether the text stands for an unknown name (`Monogrammist C. R.`, `Unbekannt`): likeness of such names says little.
    #[must_use]
    pub const fn is_stand_in(&self) -> bool {
        self.stand_in
    }

    /// The key of the name without dates, titles and what stands in brackets.
    #[must_use]
    pub fn key(&self) -> String {
        let mut out = String::with_capacity(self.spelled.len());
        self.key_into(&mut Vec::new(), &mut out);
        out
    }

    /// Appends the key to a buffer; the ranges are memory to work in.
    pub fn key_into(&self, ranges: &mut Vec<Range<usize>>, out: &mut String) {
        ranges.clear();
        let told = |part: &&Part| !matches!(part.kind, PartKind::Honorific | PartKind::Qualifier);
        ranges.extend(self.parts.iter().filter(told).flat_map(|part| {
            // `the younger` is two words of the key, as it is where the text is not taken apart.
            let (start, text) = (part.spelled.start, self.spelled(part));
            text.split(' ').map(move |word| {
                let from = start + (word.as_ptr() as usize - text.as_ptr() as usize);
                from..from + word.len()
            })
        }));
        join_sorted(&self.spelled, ranges, out);
    }

    fn text(&self, range: &Range<usize>) -> &str {
        self.folded.get(range.clone()).unwrap_or_default()
    }

    /// Cuts the text into words, each with what stood around it.
    fn split(&mut self, text: &str) {
        self.folded.clear();
        self.spelled.clear();
        self.parts.clear();
        self.words.clear();
        (self.inverted, self.stand_in) = (false, false);
        let ukrainian = is_ukrainian(text);
        let (mut segment, mut depth, mut start, mut before) = (0, 0_usize, None, ' ');
        for (at, letter) in text.char_indices().chain([(text.len(), ' ')]) {
            let joins = letter.is_alphanumeric()
                || unicode_normalization::char::is_combining_mark(letter)
                || start.is_some() && matches!(letter, '\'' | '’' | 'ʼ' | 'ʹ' | 'ʺ' | '`' | '·' | 'ʻ');
            if joins {
                start.get_or_insert(at);
                continue;
            }
            if let Some(from) = start.take() {
                let word = text.get(from..at).unwrap_or_default();
                self.word(
                    word,
                    ukrainian,
                    &Around { segment, dotted: letter == '.', before, bracket: depth > 0 },
                );
            }
            match letter {
                ',' | '،' | ';' if depth == 0 => segment += 1,
                '(' | '[' => depth += 1,
                ')' | ']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            before = letter;
        }
    }

    fn word(&mut self, word: &str, ukrainian: bool, around: &Around) {
        let start = if self.folded.is_empty() { 0 } else { self.folded.len() + 1 };
        if start > 0 {
            self.folded.push(' ');
        }
        fold_as(word, ukrainian, &mut self.folded);
        if self.folded.len() <= start {
            self.folded.truncate(start.saturating_sub(1));
            return;
        }
        let letters = word.chars().filter(|letter| letter.is_alphanumeric()).count();
        let small = word.chars().next().is_some_and(char::is_lowercase);
        let mut from = start;
        // `d'Arc` has become two words.
        while from < self.folded.len() {
            let rest = self.folded.get(from..).unwrap_or_default();
            let end = rest.find(' ').map_or(self.folded.len(), |blank| from + blank);
            let whole = from == start && end == self.folded.len();
            self.words.push(Raw {
                folded: from..end,
                segment: around.segment,
                letters: if whole { letters } else { end - from },
                small: small && from == start,
                dotted: around.dotted && whole,
                hyphen: around.before == '-' && from == start,
                bracket: around.bracket,
            });
            from = end + 1;
        }
    }

    fn all_words(&mut self) {
        for number in 0..self.words.len() {
            let word = &self.words[number];
            let kind = if word.bracket && number > 0 { PartKind::Qualifier } else { PartKind::Word };
            self.push(kind, number..number + 1);
        }
    }

    /// Drops the dates of a life behind the name, and what belongs to them in the same segment or bracket.
    fn drop_dates(&mut self) {
        let is_year = |name: &Self, word: &Raw| {
            let text = name.text(&word.folded);
            text.len() >= 3 && text.bytes().filter(u8::is_ascii_digit).count() >= 3
        };
        let dated: Vec<(usize, bool)> = (0..self.words.len())
            .filter(|number| *number > 0 && is_year(self, &self.words[*number]))
            .map(|number| (self.words[number].segment, self.words[number].bracket))
            .collect();
        if dated.is_empty() {
            return;
        }
        let mut words = take(&mut self.words);
        words.retain(|word| {
            let within = dated.contains(&(word.segment, word.bracket));
            // In the segment of the name itself only the years go.
            let apart = word.segment > 0 || word.bracket;
            !within || !apart && !self.text(&word.folded).bytes().any(|byte| byte.is_ascii_digit())
        });
        self.words = words;
    }

    /// Tells what each word is.
    fn tell_apart(&mut self) {
        let count = self.words.len();
        let Some(first) = self.words.first() else { return };
        self.stand_in = words::kinds(self.text(&first.folded)) & STAND_IN != 0;
        let (mut kinds, mut lengths, mut bare) =
            (take(&mut self.kinds), take(&mut self.lengths), take(&mut self.bare));
        kinds.clear();
        kinds.resize(count, None);
        lengths.clear();
        lengths.resize(count, 1);
        for number in 0..count {
            if kinds[number].is_none() {
                let (kind, length) = self.special(number);
                kinds[number] = kind;
                if length > 1 {
                    lengths[number] = length;
                    for (kind, length) in kinds.iter_mut().zip(&mut lengths).skip(number + 1).take(length - 1)
                    {
                        (*kind, *length) = (Some(PartKind::Word), 0);
                    }
                }
            }
        }
        let head = self.words[0].segment;
        self.inverted = (0..count).any(|number| self.words[number].segment > head && is_name(kinds[number]))
            && (0..count).any(|number| self.words[number].segment == head && is_name(kinds[number]));
        bare.clear();
        bare.extend((0..count).filter(|number| kinds[*number].is_none()));
        let of_family = if self.inverted { 0..0 } else { self.direct(&bare, &kinds) };
        for &number in &bare {
            let family =
                if self.inverted { self.words[number].segment == head } else { of_family.contains(&number) };
            kinds[number] = Some(if family { PartKind::Family } else { PartKind::Given });
        }
        self.patronymic(&mut kinds);
        self.spelled_out(&mut kinds, &mut lengths);
        for number in 0..count {
            if lengths[number] > 0 {
                let kind = kinds[number].unwrap_or(PartKind::Given);
                self.push(kind, number..number + lengths[number]);
            }
        }
        (self.kinds, self.lengths, self.bare) = (kinds, lengths, bare);
    }

    /// What a word is that its own look shows, and how many words it takes.
    fn special(&self, number: usize) -> (Option<PartKind>, usize) {
        let word = &self.words[number];
        let text = self.text(&word.folded);
        if word.bracket {
            return (Some(PartKind::Qualifier), 1);
        }
        let next = self.words.get(number + 1).filter(|next| next.segment == word.segment && !next.bracket);
        let starts = number == 0 || self.words[number - 1].segment != word.segment;
        let head = word.segment == self.words[0].segment;
        let kinds = words::kinds(text);
        if number > 0 {
            if let Some(next) = next.filter(|_| word.small)
                && let Some(kind) = generation(words::kinds(self.text(&(word.folded.start..next.folded.end))))
            {
                return (Some(kind), 2);
            }
            let alone = starts && next.is_none();
            let shown =
                alone || word.dotted || word.small || text.len() <= 2 || matches!(text, "junior" | "senior");
            if let Some(kind) = generation(kinds).filter(|_| shown && (!starts || alone)) {
                return (Some(kind), 1);
            }
            // One letter is a number only at the end of a name that is not turned round: `Gustav V`.
            let last = next.is_none() && (!starts || alone) && !word.dotted && !word.small;
            if last && words::roman(text).is_some() && (text.len() > 1 || head && !starts && number == 1) {
                return (Some(PartKind::Number), 1);
            }
        }
        let others =
            self.words.iter().filter(|other| other.segment == word.segment && !other.bracket).count() > 1;
        let inverted = self.words.iter().any(|other| other.segment != word.segment && !other.bracket);
        if kinds & HONORIFIC != 0 && (starts && head && others && !inverted || !head && (word.letters > 1)) {
            return (Some(PartKind::Honorific), 1);
        }
        let particle = kinds & PARTICLE != 0 && (text.len() > 1 || word.small)
            || kinds & CHAIN != 0 && (!starts || word.small);
        if particle && (others || !head) && !word.dotted {
            return (Some(PartKind::Particle), 1);
        }
        // `d'`, and `d.` for `de`: a small letter is no initial.
        if matches!(text, "d" | "v") && word.letters == 1 && word.small && others {
            return (Some(PartKind::Particle), 1);
        }
        let at_end = number + 1 == self.words.len();
        let short = word.letters == 1 || word.dotted && word.letters <= if at_end { 2 } else { 4 };
        let letters = !text.bytes().any(|byte| byte.is_ascii_digit());
        let initial = short && letters && others_or_later(word, head, others);
        (initial.then_some(PartKind::Initial), 1)
    }

    /// Which of the open words of a name in direct order are the family's: those whose number is in the range.
    fn direct(&self, bare: &[usize], kinds: &[Option<PartKind>]) -> Range<usize> {
        let Some((&last, before)) = bare.split_last() else { return 0..0 };
        let patronymic = |number: usize| words::is_patronymic(self.text(&self.words[number].folded));
        let initials_follow = before.is_empty()
            && last == 0
            && kinds.len() > 1
            && kinds[1..].iter().all(|kind| *kind == Some(PartKind::Initial));
        // `Шевченко Тарас Григорович`: the family name is first.
        let turned = bare.len() == 3 && patronymic(last) && !patronymic(bare[1]);
        if initials_follow || turned {
            return bare[0]..bare[0] + 1;
        }
        if bare.len() == 1 && !kinds.contains(&Some(PartKind::Initial)) {
            // One name alone, perhaps with a number or title: `Rembrandt`, `Nikolai II`.
            let ruler = kinds.contains(&Some(PartKind::Number));
            return if ruler { 0..0 } else { last..last + 1 };
        }
        let mut family = last;
        while self.words[family].hyphen && family > 0 && bare.contains(&(family - 1)) {
            family -= 1;
        }
        family..self.words.len()
    }

    /// A given name behind another that has the ending of a name after the father is one.
    fn patronymic(&self, kinds: &mut [Option<PartKind>]) {
        let mut given = 0;
        for (word, kind) in self.words.iter().zip(kinds) {
            if matches!(kind, Some(PartKind::Given | PartKind::Initial)) {
                if given > 0
                    && *kind == Some(PartKind::Given)
                    && words::is_patronymic(self.text(&word.folded))
                {
                    *kind = Some(PartKind::Patronymic);
                }
                given += 1;
            }
        }
    }

    /// `Wells, H. G. (Herbert George)`: the names in brackets stand for the initials.
    fn spelled_out(&self, kinds: &mut [Option<PartKind>], lengths: &mut [usize]) {
        let any = |wanted: PartKind| kinds.contains(&Some(wanted));
        // Most names have neither.
        if !any(PartKind::Initial) || !any(PartKind::Qualifier) {
            return;
        }
        let of = |wanted: PartKind, kinds: &[Option<PartKind>]| -> Vec<usize> {
            (0..kinds.len()).filter(|number| kinds[*number] == Some(wanted)).collect()
        };
        let (initials, names) = (of(PartKind::Initial, kinds), of(PartKind::Qualifier, kinds));
        let letter = |number: &usize| self.text(&self.words[*number].folded).chars().next();
        if initials.is_empty()
            || names.len() < initials.len()
            || !initials.iter().zip(&names).all(|(initial, name)| letter(initial) == letter(name))
        {
            return;
        }
        for number in initials {
            lengths[number] = 0;
        }
        for number in names {
            kinds[number] = Some(PartKind::Given);
        }
    }

    fn push(&mut self, kind: PartKind, words: Range<usize>) {
        let (Some(first), Some(last)) = (self.words.get(words.start), self.words.get(words.end - 1)) else {
            return;
        };
        let (folded, hyphen) = (first.folded.start..last.folded.end, first.hyphen);
        let start = self.spelled.len();
        for (number, word) in self.folded.get(folded.clone()).unwrap_or_default().split(' ').enumerate() {
            if number > 0 {
                self.spelled.push(' ');
            }
            spell(word, &mut self.spelled);
        }
        self.parts.push(Part { kind, folded, spelled: start..self.spelled.len(), hyphen });
    }

    /// A text without any word that can be told apart is one word as it stands, so that no name is empty.
    fn finish(&mut self) {
        if !self.parts.is_empty() || self.folded.is_empty() {
            return;
        }
        self.all_words();
    }
}

impl Part {
    /// Whether a hyphen joins the word to the one before.
    #[must_use]
    pub const fn is_joined(&self) -> bool {
        self.hyphen
    }
}

struct Around {
    segment: usize,
    dotted: bool,
    before: char,
    bracket: bool,
}

fn is_name(kind: Option<PartKind>) -> bool {
    matches!(kind, None | Some(PartKind::Initial))
}

/// A lone letter is a name of its own where it stands alone before the comma.
const fn others_or_later(word: &Raw, head: bool, others: bool) -> bool {
    others || !head || word.segment > 0
}

fn generation(kinds: u16) -> Option<PartKind> {
    match kinds {
        kinds if kinds & YOUNGER != 0 => Some(PartKind::Younger),
        kinds if kinds & ELDER != 0 => Some(PartKind::Elder),
        _ => None,
    }
}
