//! Names of people and bodies: the heading apart from dates, roles and titles.
//!
//! [`read_name`] takes a name with what catalogues put around it; [`inverted`] turns a person's name in direct order into
//! a heading. A name is turned round only where the text itself shows that it is a person's (life dates, initials, a
//! patronymic): a firm called `Akseli Gallen` must not become `Gallen, Akseli`. What was written is for the caller to
//! keep (`Agent::as_written`).
//!
//! Left out: splitting double surnames that are written without a hyphen, and names of cultures that put the family
//! name first without a sign of it.

mod dates;
mod order;

pub use order::inverted;

use graph_model::AgentKind;
use std::borrow::Cow;

/// A name as read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Name {
    /// What the text tells about the kind of agent; [`AgentKind::Unknown`] when it does not.
    pub kind_hint: AgentKind,
    /// The heading, surname first where the text tells which part that is; without dates and roles.
    pub name: String,
    /// Birth (or founding) as EDTF.
    pub birth: Option<String>,
    /// Death (or end) as EDTF.
    pub death: Option<String>,
    /// Roles as written, e.g. `kuvittaja`, `ill.`.
    pub roles: Vec<String>,
    /// A title, numeration or years of activity that tells namesakes apart.
    pub qualifier: Option<String>,
}

/// Reads a name with what surrounds it.
///
/// ```
/// use loaders::shared::names::read_name;
/// let name = read_name("Gallen-Kallela, Akseli, 1865-1931 (kuvittaja)");
/// assert_eq!(name.name, "Gallen-Kallela, Akseli");
/// assert_eq!((name.birth.as_deref(), name.death.as_deref()), (Some("1865"), Some("1931")));
/// assert_eq!(name.roles, ["kuvittaja"]);
/// ```
#[must_use]
pub fn read_name(text: &str) -> Name {
    let mut name = Name::default();
    let text = one_spaced(text);
    let mut rest = take_brackets(&text, &mut name);
    rest = rest.trim_matches([' ', ',', ';', ':', '/', '|']).to_owned();
    let mut last = take_trailing_dates(&mut rest, &mut name);
    // Dates after a comma are the manner of headings, whose order is right already.
    let dated = name.birth.is_some() || name.death.is_some();
    let mut parts: Vec<&str> = rest.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
    // From the end: dates, roles and titles; the first part is always the name.
    let mut kept: Vec<&str> = Vec::new();
    while parts.len() > 1 {
        let Some(part) = parts.pop() else { break };
        // Dates at the end were read before.
        if last.take().or_else(|| dates::read_life(part)).is_some_and(|life| take_life(life, part, &mut name))
        {
            continue;
        }
        if parts.len() >= 2 && is_role(part) || is_role_abbreviation(part) {
            name.roles.insert(0, part.to_owned());
            continue;
        }
        kept.push(part);
    }
    kept.reverse();
    let head = parts.first().copied().unwrap_or_default();
    name.kind_hint = if order::is_family(head) {
        AgentKind::Family
    } else if order::is_corporate(&rest) {
        AgentKind::Organization
    } else {
        AgentKind::Unknown
    };
    if name.kind_hint != AgentKind::Unknown {
        name.name = [&[head], kept.as_slice()].concat().join(", ");
        strip_stop(&mut name.name);
        return name;
    }
    let mut heading = head.to_owned();
    // `Nikolai II, Venäjän keisari`: a numeration shows that what follows is no given name.
    let numbered = order::ends_in_numeration(head);
    // `Agar, 1st Earl of Normanton, Welbore`: what begins with a figure is a title, and the forenames follow it.
    let is_title = |part: &str| part.starts_with(|c: char| c.is_ascii_digit());
    let forenames =
        kept.iter().find(|part| !order::is_generation(part) && !is_title(part)).filter(|_| !numbered);
    let generations = kept.iter().filter(|part| order::is_generation(part));
    for part in forenames.into_iter().chain(generations) {
        heading.push_str(", ");
        heading.push_str(part);
    }
    let rest_of_it: Vec<&str> = kept
        .iter()
        .filter(|part| !order::is_generation(part) && forenames != Some(*part))
        .copied()
        .chain(name.qualifier.as_deref())
        .collect();
    name.qualifier = (!rest_of_it.is_empty()).then(|| rest_of_it.join(", "));
    if kept.is_empty() || kept.iter().all(|part| order::is_generation(part)) {
        if (order::shows_person(head) || dated && order::looks_personal(head)) && !numbered {
            heading = inverted(&heading);
            name.kind_hint = AgentKind::Person;
        } else if dated && numbered {
            name.kind_hint = AgentKind::Person;
        }
    } else if !numbered && order::looks_inverted(head, kept[0]) {
        name.kind_hint = AgentKind::Person;
    }
    strip_stop(&mut heading);
    name.name = heading;
    name
}

/// Birth and death as EDTF from a note on a life such as `1762–1787`, `born 1930` or `British, c. 1755 - 1802`. Years of
/// activity are not those of a life: both are then `None`, as when nothing can be read.
#[must_use]
pub fn read_life(text: &str) -> (Option<String>, Option<String>) {
    let parts = std::iter::once(text).chain(text.match_indices(',').map(|(at, _)| &text[at + 1..]));
    for part in parts {
        match dates::read_life(part) {
            Some(dates::Life::Dates { birth, death }) => return (birth, death),
            Some(dates::Life::Active) => break,
            None => {}
        }
    }
    (None, None)
}

/// Takes out what stands in brackets: roles, dates, titles. What belongs to the name comes back as it was.
fn take_brackets(text: &str, name: &mut Name) -> String {
    let mut rest = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(open) = text[at..].find(['(', '[']).map(|open| at + open) {
        let closing = if text[open..].starts_with('(') { ')' } else { ']' };
        let Some(close) = text[open..].find(closing).map(|close| open + close) else { break };
        let inside = text[open + 1..close].trim();
        let square = closing == ']';
        rest.push_str(text[at..open].trim_end());
        at = close + 1;
        if rest.is_empty() && square {
            // `[Kivi, Aleksis]`: the cataloguer found out whose work it is.
            rest.push_str(inside);
        } else if inside.is_empty() || take_dates(inside, name) || order::expands_initials(&rest, inside) {
            // Dates are told, and the full forenames of initials are no part of the heading.
        } else if square && !inside.bytes().any(|b| b.is_ascii_digit()) || is_role(inside) {
            name.roles.extend(
                inside.split([',', ';']).map(|role| role.trim().to_owned()).filter(|role| !role.is_empty()),
            );
        } else {
            name.qualifier = Some(match name.qualifier.take() {
                Some(earlier) => format!("{earlier}, {inside}"),
                None => inside.to_owned(),
            });
        }
    }
    rest.push_str(&text[at..]);
    rest
}

/// Dates after the last word without a comma: `Akseli Gallen-Kallela 1865–1931`.
/// A last part that is nothing but dates is left, and what was read in it comes back.
fn take_trailing_dates(rest: &mut String, name: &mut Name) -> Option<dates::Life> {
    if name.birth.is_some() || name.death.is_some() {
        return None;
    }
    // Such a part is taken as a whole, with its words.
    if let Some(life) = rest.rsplit_once(',').and_then(|(_, last)| dates::read_life(last)) {
        return Some(life);
    }
    let first_digit = rest.find(|c: char| c.is_ascii_digit())?;
    // The words of dates (`synt.`, `ca`) stand before the digits; a comma ends the search.
    let words: Vec<usize> = rest[..first_digit].match_indices(' ').map(|(at, _)| at).collect();
    // The longest run of words that is a date wins: `ca 1500` rather than `1500`.
    for &at in &words[words.len().saturating_sub(3)..] {
        let tail = rest[at..].trim();
        if !rest[..at].ends_with(',') && !tail.contains(',') && take_dates(tail, name) {
            rest.truncate(at);
            return None;
        }
    }
    None
}

/// Whether the text is dates of a life; they are then taken into the name.
fn take_dates(text: &str, name: &mut Name) -> bool {
    dates::read_life(text).is_some_and(|life| take_life(life, text, name))
}

/// Takes what was read in the text into the name.
fn take_life(life: dates::Life, text: &str, name: &mut Name) -> bool {
    match life {
        dates::Life::Dates { birth, death } => {
            name.birth = name.birth.take().or(birth);
            name.death = name.death.take().or(death);
        }
        dates::Life::Active => {
            // Years of activity are no birth and death, but they do tell namesakes apart.
            name.qualifier.get_or_insert_with(|| text.to_owned());
        }
    }
    true
}

/// The text with one blank where there was white space, and none at its ends.
fn one_spaced(text: &str) -> Cow<'_, str> {
    let trimmed = text.trim();
    let odd = |c: char| c != ' ' && c.is_whitespace();
    if trimmed.contains("  ") || trimmed.contains(odd) {
        Cow::Owned(trimmed.split_whitespace().collect::<Vec<_>>().join(" "))
    } else {
        Cow::Borrowed(trimmed)
    }
}

/// Whether a text in brackets or after a second comma is a role: known to the tables, or an abbreviation of one.
fn is_role(text: &str) -> bool {
    is_role_abbreviation(text)
        || text.split([',', ';']).all(|role| {
            let role = role.trim().trim_end_matches('.');
            vocabularies::relators::by_term(role).is_some()
        })
}

/// Whether the text is a small-letter abbreviation as roles have it (`ill.`, `toim.`, `ред.`).
fn is_role_abbreviation(text: &str) -> bool {
    let Some(stem) = text.strip_suffix('.') else { return false };
    stem.chars().count() >= 2
        && stem.chars().all(char::is_lowercase)
        && !order::is_generation(text)
        && vocabularies::relators::by_term(stem).is_some()
}

/// Drops a full stop that ends the heading, unless it belongs to an initial or abbreviation.
fn strip_stop(name: &mut String) {
    let Some(stem) = name.strip_suffix('.') else { return };
    let last = stem.rsplit([' ', '.', '-', ',']).next().unwrap_or_default();
    if last.chars().count() > 3 {
        name.truncate(stem.len());
    }
}

#[cfg(test)]
mod tests;
