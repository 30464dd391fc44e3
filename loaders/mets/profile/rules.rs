//! `rules.tsv`, read: the rules of the profiles in words of their own.

use crate::shared::xml::ElementRef;
use graph_model::IssueKind;
use std::sync::LazyLock;

/// One rule of a profile.
#[derive(Debug)]
pub(super) struct Rule {
    /// The profile's name of the requirement, e.g. `CSIP12`.
    pub(super) id: &'static str,
    pub(super) kind: IssueKind,
    pub(super) profile: Profile,
    /// Where it holds: the way to an element from the root, with conditions.
    pub(super) context: Vec<Step>,
    /// What has to hold of the whole document for the rule to be asked.
    pub(super) when: Option<Vec<Step>>,
    pub(super) test: Test,
    /// What is expected, in words.
    pub(super) text: &'static str,
}

/// Which documents a rule is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Profile {
    /// Any package of E-ARK.
    Csip,
    /// CSIP 2, by its address.
    Csip2,
    /// E-ARK SIP.
    Sip,
    /// The Finnish national profile in any version.
    Finnish,
    /// Version 1.7 and later.
    Finnish17,
    /// Versions before 1.7.
    Finnish16,
}

/// One step of a way: the name of a child and what its attributes have to be.
#[derive(Debug)]
pub(super) struct Step {
    name: &'static str,
    conditions: Vec<Condition>,
}

#[derive(Debug)]
struct Condition {
    attribute: &'static str,
    compare: Compare,
}

#[derive(Debug)]
enum Compare {
    Exists,
    Absent,
    Equals(Vec<&'static str>),
    Begins(&'static str),
    Other(&'static str),
}

#[derive(Debug)]
pub(super) enum Test {
    /// The attribute is there, empty or not.
    Present(&'static str),
    /// The attribute is there and not empty.
    Attribute(&'static str),
    /// One and only one of two attributes is there.
    EitherAttribute(&'static str, &'static str),
    /// At least one of two attributes is there.
    AnyAttribute(&'static str, &'static str),
    /// The attribute has one of these values.
    Is(&'static str, Vec<&'static str>),
    /// The attribute, where it is there, has one of these values.
    Optional(&'static str, Vec<&'static str>),
    /// The attribute has none of these values.
    Not(&'static str, Vec<&'static str>),
    /// The attribute is not there.
    No(&'static str),
    /// The attribute is a media type of a kind that IANA registers.
    Media(&'static str),
    /// The digest fits its algorithm.
    Digest(&'static str, &'static str),
    /// The attribute leads to administrative or descriptive sections.
    Admin(&'static str),
    Descriptive(&'static str),
    /// So many elements stand there, at least and at most.
    Count(Vec<Step>, usize, usize),
    /// An element there has text.
    Filled(Vec<Step>),
    /// The text of the element itself is not empty.
    Text,
    /// A pointer in a division whose label ends in this word leads to the group.
    Pointed(&'static str),
    /// The pointer leads to a group for this use.
    PointsTo(&'static str),
    /// Files with one checksum are told to be of one size.
    OneSize,
    /// The section is named by some ADMID or DMDID.
    Referenced,
}

pub(super) static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| rows().filter_map(parse).collect());

fn rows() -> impl Iterator<Item = &'static str> {
    include_str!("rules.tsv").lines().filter(|line| !line.starts_with('#'))
}

fn parse(row: &'static str) -> Option<Rule> {
    let columns: Vec<&'static str> = row.split('\t').collect();
    let [id, level, profile, context, when, test, text] = columns[..] else { return None };
    let kind = match level {
        "MUST" => IssueKind::ProfileViolated,
        "SHOULD" | "MAY" => IssueKind::ProfileAdvised,
        _ => return None,
    };
    let profile = match profile {
        "csip" => Profile::Csip,
        "csip2" => Profile::Csip2,
        "sip" => Profile::Sip,
        "fi" => Profile::Finnish,
        "fi17" => Profile::Finnish17,
        "fi16" => Profile::Finnish16,
        _ => return None,
    };
    let context = if context == "-" { Vec::new() } else { steps(context)? };
    let when = if when == "-" { None } else { Some(steps(when)?) };
    Some(Rule { id, kind, profile, context, when, test: parse_test(test)?, text })
}

fn parse_test(test: &'static str) -> Option<Test> {
    let (word, rest) = test.split_once(' ').unwrap_or((test, ""));
    let values = || -> Option<(&'static str, Vec<&'static str>)> {
        let (name, values) = rest.split_once('=')?;
        Some((name, values.split('|').collect()))
    };
    Some(match word {
        "present" => Test::Present(rest),
        "attribute" => Test::Attribute(rest),
        "either" => rest.split_once(' ').map(|(a, b)| Test::EitherAttribute(a, b))?,
        "any" => rest.split_once(' ').map(|(a, b)| Test::AnyAttribute(a, b))?,
        "is" => values().map(|(name, values)| Test::Is(name, values))?,
        "optional" => values().map(|(name, values)| Test::Optional(name, values))?,
        "not" => values().map(|(name, values)| Test::Not(name, values))?,
        "no" => Test::No(rest),
        "media" => Test::Media(rest),
        "digest" => rest.split_once(' ').map(|(a, b)| Test::Digest(a, b))?,
        "admin" => Test::Admin(rest),
        "descriptive" => Test::Descriptive(rest),
        "some" => Test::Count(steps(rest)?, 1, usize::MAX),
        "one" => Test::Count(steps(rest)?, 1, 1),
        "at-most-one" => Test::Count(steps(rest)?, 0, 1),
        "none" => Test::Count(steps(rest)?, 0, 0),
        "filled" => Test::Filled(steps(rest)?),
        "text" => Test::Text,
        "pointed" => Test::Pointed(rest),
        "points-to" => Test::PointsTo(rest),
        "one-size" => Test::OneSize,
        "referenced" => Test::Referenced,
        _ => return None,
    })
}

/// `metsHdr/agent[@ROLE=CREATOR][@TYPE]`: `.` is the element itself.
fn steps(path: &'static str) -> Option<Vec<Step>> {
    let mut found = Vec::new();
    // A slash inside of brackets is part of a value.
    let (mut depth, mut from) = (0_i32, 0);
    for (at, byte) in path.bytes().chain([b'/']).enumerate() {
        match byte {
            b'[' => depth += 1,
            b']' => depth -= 1,
            b'/' if depth == 0 => {
                found.push(step(&path[from..at])?);
                from = at + 1;
            }
            _ => {}
        }
    }
    Some(found)
}

fn step(text: &'static str) -> Option<Step> {
    let (name, rest) = text.split_at(text.find('[').unwrap_or(text.len()));
    let mut conditions = Vec::new();
    for condition in rest.split('[').skip(1) {
        let condition = condition.strip_suffix(']')?.strip_prefix('@')?;
        let (attribute, compare) = if let Some((name, value)) = condition.split_once("^=") {
            (name, Compare::Begins(value))
        } else if let Some((name, value)) = condition.split_once("!=") {
            (name, Compare::Other(value))
        } else if let Some((name, values)) = condition.split_once('=') {
            (name, Compare::Equals(values.split('|').collect()))
        } else if let Some(name) = condition.strip_suffix('!') {
            (name, Compare::Absent)
        } else {
            (condition, Compare::Exists)
        };
        conditions.push(Condition { attribute, compare });
    }
    Some(Step { name, conditions })
}

/// An attribute by its name; `*:NAME` is one with any prefix, as the profiles' own have.
pub(super) fn attribute<'e>(element: ElementRef<'e>, name: &str) -> Option<&'e str> {
    let Some(local) = name.strip_prefix("*:") else { return element.attribute(name) };
    let prefixed = |met: &str| met.split_once(':').is_some_and(|(_, met)| met == local);
    element.attributes().find(|(met, _)| prefixed(met)).map(|(_, value)| value)
}

impl Condition {
    fn holds(&self, element: ElementRef<'_>) -> bool {
        let value = attribute(element, self.attribute).map(str::trim);
        match &self.compare {
            Compare::Exists => value.is_some(),
            Compare::Absent => value.is_none(),
            Compare::Equals(values) => value.is_some_and(|value| values.contains(&value)),
            Compare::Begins(start) => value.is_some_and(|value| value.starts_with(start)),
            Compare::Other(other) => value != Some(other),
        }
    }
}

impl Step {
    fn fits(&self, element: ElementRef<'_>) -> bool {
        matches!(self.name, "*" | ".") || element.name() == self.name
    }

    fn holds(&self, element: ElementRef<'_>) -> bool {
        self.fits(element) && self.conditions.iter().all(|condition| condition.holds(element))
    }
}

/// Visits the elements that a way leads to; `.` stays where it is, `>name` goes to any depth.
pub(super) fn walk<'e>(element: ElementRef<'e>, way: &[Step], visit: &mut dyn FnMut(ElementRef<'e>)) {
    let Some((first, rest)) = way.split_first() else {
        visit(element);
        return;
    };
    if first.name == "." {
        if first.holds(element) {
            walk(element, rest, visit);
        }
        return;
    }
    if let Some(name) = first.name.strip_prefix('>') {
        let fits =
            |inner: &ElementRef<'e>| inner.name() == name && first.conditions.iter().all(|c| c.holds(*inner));
        for inner in element.descendants().filter(fits) {
            walk(inner, rest, visit);
        }
        return;
    }
    for child in element.elements().filter(|child| first.holds(*child)) {
        walk(child, rest, visit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_a_rule_and_they_are_in_order() {
        let rows: Vec<&str> = rows().collect();
        for row in &rows {
            assert!(parse(row).is_some(), "{row}");
        }
        for pair in rows.windows(2) {
            assert!(pair[0] < pair[1], "{}\n{}", pair[0], pair[1]);
        }
        assert_eq!(RULES.len(), rows.len());
    }
}
