//! Words as tantivy takes them.

use super::letters::{FOLDED, words};
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// The name under which the fields know it.
pub(super) const NAME: &str = "aarre";

/// Cuts texts into words: each as it is written, and folded where that differs.
#[derive(Debug, Clone, Default)]
pub(super) struct Cutter {
    tokens: Vec<Token>,
}

impl Tokenizer for Cutter {
    type TokenStream<'a> = Cut<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Cut<'a> {
        let tokens = &mut self.tokens;
        let mut count = 0;
        words(text, |place, word, folded| {
            let mut put = |mark: &str, word: &str| {
                if tokens.len() == count {
                    tokens.push(Token::default());
                }
                if let Some(token) = tokens.get_mut(count) {
                    token.position = place;
                    token.text.clear();
                    token.text.push_str(mark);
                    token.text.push_str(word);
                    count += 1;
                }
            };
            put("", word);
            if let Some(folded) = folded {
                put(FOLDED.encode_utf8(&mut [0; 4]), folded);
            }
        });
        Cut { tokens: tokens.get_mut(..count).unwrap_or_default(), at: 0 }
    }
}

/// The words of one text.
pub(super) struct Cut<'a> {
    tokens: &'a mut [Token],
    /// The place behind the one that is given.
    at: usize,
}

impl TokenStream for Cut<'_> {
    fn advance(&mut self) -> bool {
        self.at += 1;
        self.at <= self.tokens.len()
    }

    fn token(&self) -> &Token {
        &self.tokens[self.at - 1]
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.tokens[self.at - 1]
    }
}
