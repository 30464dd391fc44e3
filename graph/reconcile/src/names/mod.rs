//! Names, so that two ways of writing one meet and two names do not.
//!
//! Three forms of a text, each coarser than the one before:
//!
//! * [`fold`]: small ASCII letters and figures with one blank between words. Case, diacritics, ligatures and punctuation are
//!   gone; Cyrillic and Greek stand in Latin. Other scripts keep their letters. What is compared letter by letter.
//! * [`key`]: spellings of one sound meet as well (ISO 9 `Ševčenko`, ALA-LC and popular `Shevchenko`, German `Mueller` and
//!   `Müller`), and the order of words does not count, so that inverted and direct order meet. What is looked up.
//! * [`phonetic`]: only the consonants that ears tell apart, word by word. For finding candidates, never for a link.
//!
//! [`Name`] is a text taken apart: family name, given names, initials, particles, patronymic, number, titles. The words and
//! spellings are tables of `vocabularies`. A key is made for speed of look-up and lets different names meet now and then
//! (`Maria` and `Mara`): who finds by it compares the folded forms.
//!
//! Deliberately left out: German and French popular forms of Cyrillic (`Chruschtschow`) do not meet in the key, only in the
//! phonetic form; and Chinese, Japanese or Korean names are not turned into Latin.

mod fold;
mod key;
mod parse;
mod quick;
mod words;

#[cfg(test)]
mod tests;

pub use fold::{fold, fold_into};
pub use key::{KeyScratch, key, key_into, phonetic, phonetic_into};
pub use parse::{Name, Part, PartKind};
pub(crate) use quick::QuickMap;
