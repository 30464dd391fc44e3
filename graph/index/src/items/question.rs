//! What somebody types, read as words.
//!
//! All words have to be met, in any order. The last one may be the beginning of a word, as one types; `kalev*` is a beginning
//! anywhere, `kalevala~` the word or one with a letter wrong, `"in this order"` a phrase, and `-word` what is not to be met.
//! There is nothing that cannot be read: other signs part words.

use super::letters::{identifiers, words};

/// How a word is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Whole,
    Beginning,
    Fuzzy,
}

/// A word as it was written, and folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) written: String,
    pub(super) folded: String,
}

/// A word, or words that follow one another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) words: Vec<Word>,
    pub(super) mode: Mode,
    pub(super) refused: bool,
}

/// More words than that are not looked for: nobody types them.
const MOST: usize = 24;

/// What is looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Question {
    pub(super) parts: Vec<Part>,
    /// The forms of the whole text as an identifier.
    pub(super) identifiers: Vec<String>,
}

impl Question {
    pub(super) fn read(text: &str) -> Self {
        let mut question = Self { parts: Vec::new(), identifiers: identifiers(text) };
        let (mut rest, mut quoted) = (text, false);
        while !rest.is_empty() {
            let (piece, behind) = rest.split_once('"').unwrap_or((rest, ""));
            if quoted {
                let refused = question.ends_with_minus(text, rest);
                question.add(words_of(piece), Mode::Whole, refused);
            } else {
                for token in piece.split_whitespace() {
                    question.token(token);
                }
            }
            quoted = !quoted;
            rest = behind;
        }
        let open = !text.ends_with(char::is_whitespace) && !text.ends_with('"');
        if open
            && let Some(last) = question.parts.last_mut()
            && last.mode == Mode::Whole
            && !last.refused
        {
            last.mode = Mode::Beginning;
        }
        question
    }

    /// Whether a minus stands right before the quotation mark that opens the piece.
    fn ends_with_minus(&self, text: &str, rest: &str) -> bool {
        let before = &text[..text.len() - rest.len()];
        let before = before.strip_suffix('"').unwrap_or(before);
        before.ends_with('-') && !before[..before.len() - 1].ends_with(|letter: char| !letter.is_whitespace())
    }

    fn token(&mut self, token: &str) {
        let (bare, refused) = token.strip_prefix('-').map_or((token, false), |bare| (bare, true));
        let mode = match bare.as_bytes().last() {
            Some(b'*') => Mode::Beginning,
            Some(b'~') => Mode::Fuzzy,
            _ => Mode::Whole,
        };
        // What punctuation parts (Gallen-Kallela) is words one by one; the sign at the end is for the last.
        let words = words_of(bare);
        let count = words.len();
        for (place, word) in words.into_iter().enumerate() {
            let mode = if place + 1 == count { mode } else { Mode::Whole };
            self.add(vec![word], mode, refused);
        }
    }

    fn add(&mut self, words: Vec<Word>, mode: Mode, refused: bool) {
        let part = Part { words, mode, refused };
        if !part.words.is_empty() && self.parts.len() < MOST && !self.parts.contains(&part) {
            self.parts.push(part);
        }
    }

    /// Whether nothing is looked for.
    pub(super) fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }
}

fn words_of(text: &str) -> Vec<Word> {
    let mut all = Vec::new();
    words(text, |_, written, folded| {
        all.push(Word { written: written.to_owned(), folded: folded.unwrap_or(written).to_owned() });
    });
    all.truncate(MOST);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        let part = |part: &Part| {
            let words: Vec<&str> = part.words.iter().map(|word| word.written.as_str()).collect();
            let mode = match part.mode {
                Mode::Whole => "",
                Mode::Beginning => "*",
                Mode::Fuzzy => "~",
            };
            format!("{}{}{mode}", if part.refused { "-" } else { "" }, words.join("+"))
        };
        Question::read(text).parts.iter().map(part).collect()
    }

    #[test]
    fn words_phrases_and_what_is_refused() {
        for (text, expected) in [
            ("", &[] as &[&str]),
            ("Kalevala", &["kalevala*"]),
            ("Kalevala ", &["kalevala"]),
            ("gallen-kallela akseli", &["gallen", "kallela", "akseli*"]),
            ("kalev* runo~", &["kalev*", "runo~"]),
            ("\"suomen kansan\" runot", &["suomen+kansan", "runot*"]),
            ("\"suomen kansan\"", &["suomen+kansan"]),
            ("\"suomen kansan", &["suomen+kansan*"]),
            ("war -peace", &["war", "-peace"]),
            ("war -\"and peace\"", &["war", "-and+peace"]),
            ("a a a", &["a*"]),
            ("*~\"\"-\u{0}<script>", &["-script"]),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
        assert_eq!(read(&"x1 y2 z3 ".repeat(30)), ["x1", "y2", "z3"]);
    }
}
