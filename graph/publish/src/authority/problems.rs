//! What could not be used of an authority file, in short.

use std::collections::BTreeMap;

/// What could not be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Problem {
    /// A file that cannot be read, or not to its end.
    File,
    /// A statement or a row that is against the syntax.
    Syntax,
    /// An entry without a name.
    Nameless,
    /// A date that nobody can read.
    Date,
    /// A point that is nowhere.
    Point,
    /// More is said of one subject than of any entry.
    TooMuchSaid,
}

impl Problem {
    /// What it is, for people: with a number before it.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::File => "files that cannot be read to their end",
            Self::Syntax => "statements or rows against the syntax",
            Self::Nameless => "entries without a name, set aside",
            Self::Date => "dates that could not be read",
            Self::Point => "points that are nowhere",
            Self::TooMuchSaid => "statements about subjects that have too many",
        }
    }
}

/// Counts with some examples.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems {
    met: BTreeMap<Problem, (u64, Vec<String>)>,
}

impl Problems {
    /// How many examples are kept of each.
    const EXAMPLES: usize = 5;
    /// How long an example is, in letters.
    const LENGTH: usize = 200;

    /// Notes one.
    pub(super) fn add(&mut self, problem: Problem, example: impl FnOnce() -> String) {
        let (count, examples) = self.met.entry(problem).or_default();
        *count += 1;
        if examples.len() < Self::EXAMPLES {
            let example = example();
            let plain = example.chars().map(|letter| if letter.is_control() { ' ' } else { letter });
            examples.push(plain.take(Self::LENGTH).collect());
        }
    }

    /// How many there are of one.
    #[must_use]
    pub fn count(&self, problem: Problem) -> u64 {
        self.met.get(&problem).map_or(0, |(count, _)| *count)
    }

    /// All, each with its number and some examples.
    pub fn iter(&self) -> impl Iterator<Item = (Problem, u64, &[String])> {
        self.met.iter().map(|(problem, (count, examples))| (*problem, *count, examples.as_slice()))
    }
}
