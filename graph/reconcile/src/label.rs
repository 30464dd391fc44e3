//! Names with their language and role.

use std::borrow::Cow;

/// What a name is to its entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Role {
    /// The name to use, one a language.
    Preferred = 0,
    /// Another name of the same.
    Alternative = 1,
    /// A name to find it by and not to show: a misspelling, an outdated word.
    Hidden = 2,
}

/// A name of an entity.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label<'a> {
    /// What its role is.
    pub role: Role,
    /// The language tag in small letters, when it is known.
    pub language: Option<Cow<'a, str>>,
    /// The name as it is written.
    pub text: Cow<'a, str>,
}

impl<'a> Label<'a> {
    /// A preferred name without a language.
    pub fn preferred(text: impl Into<Cow<'a, str>>) -> Self {
        Self { role: Role::Preferred, language: None, text: text.into() }
    }

    /// Another name without a language.
    pub fn alternative(text: impl Into<Cow<'a, str>>) -> Self {
        Self { role: Role::Alternative, language: None, text: text.into() }
    }

    /// The same name in a language.
    #[must_use]
    pub fn in_language(self, language: impl Into<Cow<'a, str>>) -> Self {
        Self { language: Some(language.into()), ..self }
    }
}

/// What is told of an entity, for people to read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Note<'a> {
    /// The language tag in small letters, when it is known.
    pub language: Option<Cow<'a, str>>,
    /// The text.
    pub text: Cow<'a, str>,
}
