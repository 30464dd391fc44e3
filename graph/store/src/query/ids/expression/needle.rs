//! Letters that every text has that a pattern matches.

use graph_index::fold;
use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, ClassUnicodeRange, Hir, HirKind};

/// More alternatives are not worth looking up one by one.
const MOST: usize = 16;
/// Larger classes are not looked through.
const MOST_LETTERS: usize = 16;

/// Of these at least one is in every text that matches, without case; `None` when that is not known.
pub(super) fn needles(pattern: &str, flags: &str) -> Option<Vec<Vec<char>>> {
    if flags.contains('q') {
        return Some(vec![fold(pattern)]);
    }
    let hir = ParserBuilder::new()
        .case_insensitive(flags.contains('i'))
        .multi_line(flags.contains('m'))
        .dot_matches_new_line(flags.contains('s'))
        .ignore_whitespace(flags.contains('x'))
        .build()
        .parse(pattern)
        .ok()?;
    match required(&hir) {
        Part::Exactly(letters) => Some(vec![letters]),
        Part::Contains(choices) => Some(choices),
        Part::Unknown => None,
    }
}

/// What is known of what a part of a pattern matches.
#[derive(Debug, Clone)]
enum Part {
    /// These letters, in whatever case, and nothing else.
    Exactly(Vec<char>),
    /// Something that contains one of these.
    Contains(Vec<Vec<char>>),
    Unknown,
}

impl Part {
    fn choices(self) -> Option<Vec<Vec<char>>> {
        match self {
            Self::Exactly(letters) => Some(vec![letters]),
            Self::Contains(choices) => Some(choices),
            Self::Unknown => None,
        }
    }
}

/// The tree is no deeper than the parser's own limit.
fn required(hir: &Hir) -> Part {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Part::Exactly(Vec::new()),
        HirKind::Literal(literal) => match std::str::from_utf8(&literal.0) {
            Ok(text) => Part::Exactly(fold(text)),
            Err(_) => Part::Unknown,
        },
        HirKind::Class(Class::Unicode(class)) => {
            let letters = class.ranges().iter().flat_map(|range| range.start()..=range.end());
            let mut folded =
                letters.take(MOST_LETTERS + 1).map(|letter| fold(letter.encode_utf8(&mut [0; 4])));
            match folded.next() {
                // All are one letter but for their case.
                Some(first) if folded.by_ref().take(MOST_LETTERS).all(|other| other == first) => {
                    let count: usize = class.ranges().iter().map(ClassUnicodeRange::len).sum();
                    if count <= MOST_LETTERS { Part::Exactly(first) } else { Part::Unknown }
                }
                _ => Part::Unknown,
            }
        }
        HirKind::Class(Class::Bytes(_)) => Part::Unknown,
        HirKind::Capture(capture) => required(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min == 0 => Part::Unknown,
        HirKind::Repetition(repetition) => match required(&repetition.sub) {
            Part::Exactly(letters) if repetition.max != Some(1) => Part::Contains(vec![letters]),
            part => part,
        },
        HirKind::Concat(parts) => concatenation(parts),
        HirKind::Alternation(parts) => {
            let mut all = Vec::new();
            for part in parts {
                match required(part).choices() {
                    Some(choices) => all.extend(choices),
                    None => return Part::Unknown,
                }
            }
            if all.len() <= MOST { Part::Contains(all) } else { Part::Unknown }
        }
    }
}

/// One after the other: what is exactly known runs together, and the best of the runs is taken.
fn concatenation(parts: &[Hir]) -> Part {
    let mut runs = Vec::new();
    let mut run = Vec::new();
    let mut exact = true;
    for part in parts {
        match required(part) {
            Part::Exactly(letters) => run.extend(letters),
            part => {
                exact = false;
                runs.push(vec![std::mem::take(&mut run)]);
                runs.extend(part.choices());
            }
        }
    }
    if exact {
        return Part::Exactly(run);
    }
    runs.push(vec![run]);
    let worth = |choices: &Vec<Vec<char>>| choices.iter().map(Vec::len).min().unwrap_or(0);
    runs.into_iter().max_by_key(worth).filter(|best| worth(best) > 0).map_or(Part::Unknown, Part::Contains)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_have_letters_that_must_occur() {
        let check = |pattern: &str, flags: &str, expected: Option<&[&str]>| {
            let met = needles(pattern, flags);
            let met: Option<Vec<String>> =
                met.map(|needles| needles.iter().map(|letters| letters.iter().collect()).collect());
            assert_eq!(
                met.as_deref(),
                expected.map(|texts| texts.iter().map(ToString::to_string).collect::<Vec<_>>()).as_deref(),
                "{pattern}"
            );
        };
        check("Kalevala", "", Some(&["kalevala"]));
        check("Kalevala", "i", Some(&["kalevala"]));
        check("^kale.*runot$", "", Some(&["runot"]));
        check("(Київ|Kyiv)\\s+", "i", Some(&["київ", "kyiv"]));
        check("[0-9]+", "", None);
        check("a?b*", "", None);
        check("(a|[0-9])x", "", Some(&["x"]));
        check("colou?r", "", Some(&["colo"]));
        check("(ab)+c", "", Some(&["ab"]));
        check("ab{2}c", "", Some(&["c"]));
        check("a.b", "q", Some(&["a.b"]));
        check("stra[sß]e", "i", Some(&["stra"]));
        check(".*", "", None);
        check("(", "", None);
    }
}
