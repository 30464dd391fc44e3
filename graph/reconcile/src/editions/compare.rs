//! Whether two records are of the same edition.

use super::edition::Edition;
use super::texts::{figures, may_be_one, may_be_one_publisher, telling};

/// What two records are to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// Nothing says that they are of one edition, or something says that they are not.
    Other,
    /// A person should look.
    Review,
    /// They are of the same edition.
    Same,
}

/// What a likeness rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Grounds {
    /// What they are to each other.
    pub likeness: Likeness,
    /// How sure that is, 0 to 1: the shares that were right where they were counted, by what agrees.
    pub score: f32,
    /// The number that both have.
    pub number: Option<String>,
    /// In what they agree and differ, in words.
    pub words: Vec<&'static str>,
}

/// What two lists are to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Met {
    /// One of the records says nothing.
    Unknown,
    Agree,
    Differ,
}

impl Met {
    fn of(one: &[String], other: &[String], agree: impl Fn(&str, &str) -> bool) -> Self {
        if one.is_empty() || other.is_empty() {
            return Self::Unknown;
        }
        let met = one.iter().any(|one| other.iter().any(|other| agree(one, other)));
        if met { Self::Agree } else { Self::Differ }
    }

    fn same(one: &[String], other: &[String]) -> Self {
        Self::of(one, other, |one, other| one == other)
    }
}

/// Compares two records.
#[must_use]
pub fn compare(one: &Edition, other: &Edition) -> Grounds {
    let number = best_number(one, other);
    let mut words = Vec::new();
    let mut say = |met: Met, agree: &'static str, differ: &'static str| {
        match met {
            Met::Agree => words.push(agree),
            Met::Differ => words.push(differ),
            Met::Unknown => {}
        }
        met
    };
    let proper = say(Met::same(&one.keys, &other.keys), "the title proper is the same", "the titles differ");
    let titles = if proper == Met::Agree { proper } else { Met::of(&one.titles, &other.titles, overlap) };
    let agents = say(
        Met::of(&one.agents, &other.agents, may_be_one),
        "somebody who made it agrees",
        "nobody who made it agrees",
    );
    let year = match one.issued.zip(other.issued) {
        None => Met::Unknown,
        Some((one, other)) if one.apart(other) == 0 => Met::Agree,
        Some(_) => Met::Differ,
    };
    say(year, "the year is the same", "the year differs");
    let publishers = Met::of(&one.publishers, &other.publishers, may_be_one_publisher);
    say(publishers, "the publisher agrees", "the publisher differs");
    let pages = Met::of(&one.pages, &other.pages, near);
    say(pages, "the number of pages agrees", "the number of pages differs");
    // What tells editions apart.
    let one_sided = one.parts.is_empty() != other.parts.is_empty();
    let parts = match Met::same(&one.parts, &other.parts) {
        Met::Unknown if one_sided => Met::Differ,
        met => met,
    };
    let apart = [
        say(parts, "the number of the part is the same", "the number of the part differs"),
        say(Met::same(&one.languages, &other.languages), "the language is the same", "the language differs"),
        say(
            Met::same(&one.editions, &other.editions),
            "the number of the edition is the same",
            "the number of the edition differs",
        ),
        say(Met::same(&one.carriers, &other.carriers), "the carrier is the same", "the carrier differs"),
        say(Met::same(&one.forms, &other.forms), "the form is the same", "the form differs"),
    ];
    let is_held = apart.contains(&Met::Differ) || !same_figures(one, other);
    let (likeness, score) = match number {
        Some(number) if number.starts_with("urn:issn:") => serial(proper, is_held, year),
        Some(_) => numbered(titles, is_held, year, publishers, agents),
        None => {
            let isbns =
                |edition: &Edition| edition.numbers.iter().any(|number| number.starts_with("urn:isbn:"));
            let second = one.editions.is_empty() != other.editions.is_empty()
                && one.editions.iter().chain(&other.editions).any(|number| number != "1");
            if isbns(one) && isbns(other) || is_held || second {
                (Likeness::Other, 0.0)
            } else {
                // Who made it and publishes it is one witness, not two.
                let publishers = match publishers {
                    Met::Agree if !published_by_others(one, other) => Met::Unknown,
                    met => met,
                };
                plain(proper, agents, year, publishers, pages)
            }
        }
    };
    Grounds { likeness, score, number: number.map(str::to_owned), words }
}

/// Whether a publisher agrees who is none of those that made it.
fn published_by_others(one: &Edition, other: &Edition) -> bool {
    let is_other =
        |edition: &Edition, publisher: &str| edition.agents.iter().all(|agent| !may_be_one(agent, publisher));
    one.publishers.iter().filter(|publisher| is_other(one, publisher)).any(|publisher| {
        let mut of_other = other.publishers.iter().filter(|publisher| is_other(other, publisher));
        of_other.any(|met| may_be_one_publisher(publisher, met))
    })
}

/// The number that both have which tells most: any other than an ISSN, which all books of a series may have.
fn best_number<'e>(one: &'e Edition, other: &Edition) -> Option<&'e str> {
    let shared = || one.numbers.iter().filter(|number| other.numbers.binary_search(number).is_ok());
    shared().find(|number| !number.starts_with("urn:issn:")).or_else(|| shared().next()).map(String::as_str)
}

/// A journal has its ISSN and its title; a book of a series has the ISSN of the series and a title of its own.
fn serial(proper: Met, is_held: bool, year: Met) -> (Likeness, f32) {
    match proper {
        Met::Agree if !is_held && year != Met::Differ => (Likeness::Same, 0.97),
        Met::Agree if !is_held => (Likeness::Review, 0.5),
        _ => (Likeness::Other, 0.0),
    }
}

fn numbered(titles: Met, is_held: bool, year: Met, publishers: Met, agents: Met) -> (Likeness, f32) {
    // The same number a year apart is a reprint; with another publisher or by somebody else it may be another book.
    let other_book = year == Met::Differ && (publishers != Met::Agree || agents == Met::Differ);
    match titles {
        Met::Agree if !is_held && !other_book => (Likeness::Same, 0.99),
        Met::Agree => (Likeness::Review, 0.6),
        Met::Unknown => (Likeness::Review, 0.5),
        Met::Differ => (Likeness::Review, 0.3),
    }
}

fn plain(proper: Met, agents: Met, year: Met, publishers: Met, pages: Met) -> (Likeness, f32) {
    if proper != Met::Agree || year != Met::Agree || agents == Met::Differ {
        return (Likeness::Other, 0.0);
    }
    match (agents, publishers, pages) {
        (Met::Agree, Met::Agree, Met::Agree) => (Likeness::Same, 0.98),
        // A publisher has two names, or a library counts the plates among the pages.
        (Met::Agree, Met::Agree, Met::Unknown) | (Met::Agree, Met::Unknown, Met::Agree) => {
            (Likeness::Same, 0.95)
        }
        (Met::Agree, Met::Differ, Met::Agree) => (Likeness::Review, 0.7),
        (Met::Agree, Met::Unknown, Met::Unknown) | (Met::Unknown, Met::Agree, Met::Agree) => {
            (Likeness::Review, 0.6)
        }
        _ => (Likeness::Other, 0.0),
    }
}

/// Whether one title says nearly all of what the other says.
fn overlap(one: &str, other: &str) -> bool {
    let least = telling(one).count().min(telling(other).count());
    // Titles without any telling word are compared as they are.
    if least == 0 {
        return one == other;
    }
    let met = telling(one).filter(|word| telling(other).any(|other| other == *word)).count();
    // Half of the words, and of two words both.
    met * 2 >= least && (met > 1 || least == 1)
}

fn near(one: &str, other: &str) -> bool {
    let number = |text: &str| text.parse::<u32>().unwrap_or_default();
    number(one).abs_diff(number(other)) <= 2
}

/// Whether titles have the same figures; where one of them has none, nothing is said.
fn same_figures(one: &Edition, other: &Edition) -> bool {
    let all = |edition: &Edition| edition.titles.iter().any(|title| figures(title).next().is_some());
    if !all(one) || !all(other) {
        return true;
    }
    one.titles.iter().any(|one| other.titles.iter().any(|other| figures(one).eq(figures(other))))
}
