//! Case, diacritics, punctuation and script folded away.

use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::{decompose_canonical, is_combining_mark};

/// Past the last letter of the table.
const LETTERS: usize = 0x530;

/// Latin for a letter, and Latin for it in a Ukrainian word.
type Latin = (&'static str, &'static str);

static LATIN: LazyLock<Vec<Option<Latin>>> = LazyLock::new(|| {
    let mut table = vec![None; LETTERS];
    for (letter, latin, ukrainian) in vocabularies::names::letters() {
        let mut chars = letter.chars();
        if let (Some(letter), None) = (chars.next(), chars.next())
            && let Some(place) = table.get_mut(letter as usize)
        {
            *place = Some((latin, ukrainian));
        }
    }
    table
});

/// Two letters that are read as one sound, and the Latin for it.
static PAIRS: LazyLock<Vec<(char, char, &'static str)>> = LazyLock::new(|| {
    let pair = |(letters, latin, _): (&'static str, &'static str, &'static str)| {
        let mut chars = letters.chars();
        Some((chars.next()?, chars.next()?, latin))
    };
    vocabularies::names::letters().filter_map(pair).collect()
});

/// The text in small Latin letters and figures, with one blank between words.
///
/// Letters of scripts other than Latin, Cyrillic and Greek stay. An apostrophe joins (`O'Brien` is `obrien`), save after the
/// article of Romance names (`d'Arc` is `d arc`).
///
/// ```
/// use graph_reconcile::names::fold;
/// assert_eq!(fold("Gallen-Kallela, Akseli"), "gallen kallela akseli");
/// assert_eq!(fold("Шевченко, Тарас Григорович"), "shevchenko taras grigorovich");
/// ```
#[must_use]
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    fold_into(text, &mut out);
    out
}

/// Appends what [`fold`] gives to a buffer. Nothing is allocated when the buffer is large enough.
pub fn fold_into(text: &str, out: &mut String) {
    fold_as(text, is_ukrainian(text), out);
}

/// Whether a letter shows that the text is Ukrainian.
pub(super) fn is_ukrainian(text: &str) -> bool {
    // These letters begin with two bytes that no letter of Latin begins with.
    text.bytes().any(|byte| matches!(byte, 0xD0..=0xD2))
        && text.contains(['і', 'ї', 'є', 'ґ', 'І', 'Ї', 'Є', 'Ґ'])
}

/// Appends the folded text, read as Ukrainian or not.
pub(super) fn fold_as(text: &str, ukrainian: bool, out: &mut String) {
    let mut writer = Writer { start: out.len(), out, gap: false };
    if text.is_ascii() {
        for byte in text.bytes() {
            writer.ascii(byte);
        }
        return;
    }
    // Most texts are composed already, and asking the normal form costs more than all else.
    if text.chars().all(is_plain) {
        fold_letters(text.chars(), ukrainian, &mut writer);
    } else {
        fold_letters(text.nfkc(), ukrainian, &mut writer);
    }
}

/// Whether a letter is the same in NFKC when only such letters stand beside it: ASCII, precomposed Latin and Cyrillic.
fn is_plain(letter: char) -> bool {
    matches!(
        letter,
        '\0'..='~'
            | 'À'..='ı'
            | 'Ĵ'..='ľ'
            | 'Ł'..='ň'
            | 'Ŋ'..='ž'
            | '\u{400}'..='\u{481}'
            | '\u{48a}'..='\u{52f}'
    )
}

fn fold_letters(text: impl Iterator<Item = char>, ukrainian: bool, writer: &mut Writer<'_>) {
    let mut letters = text.flat_map(char::to_lowercase).peekable();
    while let Some(letter) = letters.next() {
        if letter.is_ascii() {
            writer.ascii(letter as u8);
            continue;
        }
        let pair = letters
            .peek()
            .and_then(|next| PAIRS.iter().find(|(first, second, _)| *first == letter && second == next));
        if let Some((_, _, latin)) = pair {
            letters.next();
            writer.letters(latin);
            continue;
        }
        writer.letter(letter, ukrainian);
    }
}

struct Writer<'o> {
    out: &'o mut String,
    start: usize,
    gap: bool,
}

impl Writer<'_> {
    fn ascii(&mut self, byte: u8) {
        if byte.is_ascii_alphanumeric() {
            self.begin();
            self.out.push(byte.to_ascii_lowercase() as char);
        } else if matches!(byte, b'\'' | b'`') {
            self.apostrophe();
        } else {
            self.gap = true;
        }
    }

    fn letter(&mut self, letter: char, ukrainian: bool) {
        if let Some(latin) = latin(letter, ukrainian) {
            self.letters(latin);
        } else if matches!(letter, '’' | '‘' | 'ʼ' | 'ʻ' | '´' | 'ʹ' | 'ʺ' | 'ʾ' | 'ʿ' | '′' | '″' | '·')
        {
            self.apostrophe();
        } else if is_combining_mark(letter) {
            // A mark that NFKC left apart: one of a European or Semitic script is dropped, an Indic vowel stays.
            if !is_droppable(letter) && !self.gap {
                self.out.push(letter);
            }
        } else if !letter.is_alphanumeric() {
            self.gap = true;
        } else if is_droppable(letter) {
            decompose_canonical(letter, |part| {
                if part.is_ascii_alphanumeric() {
                    self.begin();
                    self.out.push(part.to_ascii_lowercase());
                } else if let Some(latin) = latin(part, ukrainian) {
                    self.letters(latin);
                } else if !is_combining_mark(part) {
                    self.begin();
                    self.out.push(part);
                }
            });
        } else {
            self.begin();
            self.out.push(letter);
        }
    }

    fn letters(&mut self, latin: &str) {
        if !latin.is_empty() {
            self.begin();
            self.out.push_str(latin);
        }
    }

    /// Writes the blank that stands for what was between two words.
    fn begin(&mut self) {
        if self.gap && self.out.len() > self.start {
            self.out.push(' ');
        }
        self.gap = false;
    }

    fn apostrophe(&mut self) {
        let written = self.out.get(self.start..).unwrap_or_default();
        let word = written.rsplit(' ').next().unwrap_or_default();
        if !self.gap && matches!(word, "d" | "l" | "dell") {
            self.gap = true;
        }
    }
}

fn latin(letter: char, ukrainian: bool) -> Option<&'static str> {
    let (latin, other) = (*LATIN.get(letter as usize)?)?;
    Some(if ukrainian { other } else { latin })
}

/// Whether diacritics of the letter are no part of what tells words apart: those of Latin, Greek, Cyrillic, Hebrew and Arabic.
fn is_droppable(letter: char) -> bool {
    matches!(letter, '\u{80}'..='\u{8ff}' | '\u{1ab0}'..='\u{1fff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}
