//! Statements in, drafts of entries out.
//!
//! What a property says stands in a table (`vocabularies::authority_files`). Statements come in any order, and a name, date or
//! place may stand in a node of its own (SKOS-XL, GeoSPARQL, MADS, Getty), so they are sorted by subject first, on the disk
//! where they are many: each statement under its subject, and an edge under the node that it leads to. Then whatever is
//! said of one subject stands together with the entries that it belongs to. A node behind a node takes another round.
//!
//! Nothing here decides whether something without a name is an entry: all drafts of one IRI meet in the index, and what
//! has no name there is none.

use super::problems::{Problem, Problems};
use super::values;
use graph_index::files::Records;
use graph_index::varint;
use graph_reconcile::authority::{AuthorityError, Builder, Draft};
use graph_reconcile::{Kind, Label, Note, Point, Role};
use oxrdf::{NamedOrBlankNodeRef, TermRef};
use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use vocabularies::authority_files;

/// How much memory the sorting takes, in bytes.
const MEMORY: usize = 64 << 20;
/// How often nodes behind nodes are followed.
const ROUNDS: usize = 3;
/// More is not said of one subject.
const MOST_SAID: usize = 100_000;

/// Marks of records: what a subject says itself sorts before whose node it is.
const SAID: u8 = b'a';
const EDGE: u8 = b'e';

/// Takes statements and makes drafts of them.
pub(super) struct Gatherer {
    tables: Tables,
    scratch: PathBuf,
    records: Records,
    record: Vec<u8>,
    node: String,
}

/// What is known of properties and classes.
struct Tables {
    properties: HashMap<&'static str, (Says, &'static str)>,
    classes: HashMap<&'static str, Option<Kind>>,
}

/// What a property says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Says {
    Preferred,
    Alternative,
    Hidden,
    Label,
    Form,
    Born,
    Died,
    Lifetime,
    Date,
    Lat,
    Long,
    Point,
    Part,
    Broader,
    SameAs,
    Occupation,
    Note,
    Type,
    ReplacedBy,
    Identifier,
}

const SAYS: [(&str, Says); 20] = [
    ("preferred", Says::Preferred),
    ("alternative", Says::Alternative),
    ("hidden", Says::Hidden),
    ("label", Says::Label),
    ("form", Says::Form),
    ("born", Says::Born),
    ("died", Says::Died),
    ("lifetime", Says::Lifetime),
    ("date", Says::Date),
    ("lat", Says::Lat),
    ("long", Says::Long),
    ("point", Says::Point),
    ("part", Says::Part),
    ("broader", Says::Broader),
    ("same-as", Says::SameAs),
    ("occupation", Says::Occupation),
    ("note", Says::Note),
    ("type", Says::Type),
    ("replaced-by", Says::ReplacedBy),
    ("identifier", Says::Identifier),
];

impl Tables {
    fn read() -> Self {
        let says = |word: &str| SAYS.iter().find(|(name, _)| *name == word).map(|(_, says)| *says);
        let properties = authority_files::properties()
            .filter_map(|(property, word, template)| Some((property, (says(word)?, template))))
            .collect();
        let kind = |word: &str| Kind::ALL.into_iter().find(|kind| kind.name() == word);
        Self {
            properties,
            classes: authority_files::classes().map(|(class, word)| (class, kind(word))).collect(),
        }
    }
}

impl Gatherer {
    pub(super) fn new(scratch: &Path) -> Self {
        Self {
            tables: Tables::read(),
            scratch: scratch.to_owned(),
            records: Records::new(scratch, "statements", MEMORY),
            record: Vec::new(),
            node: String::new(),
        }
    }

    /// Takes a statement. `file` keeps blank nodes of different files apart.
    pub(super) fn take(
        &mut self,
        subject: NamedOrBlankNodeRef<'_>,
        property: &str,
        object: TermRef<'_>,
        file: usize,
    ) -> Result<(), AuthorityError> {
        let Some((says, template)) = self.tables.properties.get(property).copied() else { return Ok(()) };
        self.node.clear();
        write_node(subject, file, &mut self.node);
        let (language, value, is_node) = match object {
            TermRef::NamedNode(node) => ("", std::borrow::Cow::Borrowed(node.as_str()), true),
            TermRef::BlankNode(node) => ("", format!("_:{file} {}", node.as_str()).into(), true),
            TermRef::Literal(literal) => {
                (literal.language().unwrap_or_default(), literal.value().into(), false)
            }
            TermRef::Triple(_) => return Ok(()),
        };
        let leads = matches!(
            says,
            Says::Preferred
                | Says::Alternative
                | Says::Hidden
                | Says::Born
                | Says::Died
                | Says::Lifetime
                | Says::Part
                | Says::Point
        );
        if is_node && leads {
            edge(&value, says, &self.node, &mut self.record);
            self.records.push(&self.record)?;
        }
        let value = if template.is_empty() { value } else { template.replace("{}", value.trim()).into() };
        said(&self.node, says, is_node, language, &value, &mut self.record);
        Ok(self.records.push(&self.record)?)
    }

    /// Gives the drafts of all entries to the builder.
    pub(super) fn finish(self, builder: &mut Builder, problems: &mut Problems) -> Result<(), AuthorityError> {
        let Self { tables, scratch, mut records, .. } = self;
        for round in 1..=ROUNDS {
            let mut sorted = records.finish()?;
            records = Records::new(&scratch, ["second", "third", "fourth"][round - 1], MEMORY);
            let mut group = Group::default();
            while let Some(record) = sorted.pull()? {
                let Some(end) = memchr_zero(record) else { continue };
                let (node, rest) = record.split_at(end);
                if group.node != node {
                    group.close(&tables, round, builder, problems)?;
                    group.begin(node);
                }
                let Some((&mark, rest)) = rest.get(1..).and_then(<[u8]>::split_first) else { continue };
                if mark == SAID {
                    if group.said.len() < MOST_SAID {
                        group.said.extend(Said::read(rest));
                    } else {
                        problems.add(Problem::TooMuchSaid, || String::from_utf8_lossy(node).into_owned());
                    }
                } else if let Some((says, owner)) = read_edge(rest) {
                    group.belongs(says, &owner, builder, problems)?;
                    if round < ROUNDS {
                        group.carry_on(says, &owner, &mut records)?;
                    }
                }
            }
            group.close(&tables, round, builder, problems)?;
        }
        Ok(())
    }
}

fn memchr_zero(bytes: &[u8]) -> Option<usize> {
    bytes.iter().position(|byte| *byte == 0)
}

fn write_node(node: NamedOrBlankNodeRef<'_>, file: usize, out: &mut String) {
    let _ = match node {
        NamedOrBlankNodeRef::NamedNode(node) => out.write_str(node.as_str()),
        NamedOrBlankNodeRef::BlankNode(node) => write!(out, "_:{file} {}", node.as_str()),
    };
}

fn said(node: &str, says: Says, is_node: bool, language: &str, value: &str, out: &mut Vec<u8>) {
    out.clear();
    out.extend_from_slice(node.as_bytes());
    out.extend_from_slice(&[0, SAID, says as u8, u8::from(is_node)]);
    varint::write(language.len() as u64, out);
    out.extend_from_slice(language.as_bytes());
    out.extend_from_slice(value.as_bytes());
}

fn edge(node: &str, says: Says, owner: &str, out: &mut Vec<u8>) {
    out.clear();
    out.extend_from_slice(node.as_bytes());
    out.extend_from_slice(&[0, EDGE, says as u8]);
    out.extend_from_slice(owner.as_bytes());
}

fn read_edge(bytes: &[u8]) -> Option<(Says, String)> {
    let (says, owner) = bytes.split_first()?;
    Some((says_of(*says)?, String::from_utf8_lossy(owner).into_owned()))
}

fn says_of(number: u8) -> Option<Says> {
    SAYS.iter().map(|(_, says)| *says).find(|says| *says as u8 == number)
}

/// A statement about the subject of a group.
#[derive(Debug, Clone)]
struct Said {
    says: Says,
    is_node: bool,
    language: String,
    value: String,
}

impl Said {
    fn read(bytes: &[u8]) -> Option<Self> {
        let (&[says, is_node], rest) = bytes.split_first_chunk()?;
        let (length, rest) = varint::read(rest)?;
        let (language, value) = rest.split_at_checked(usize::try_from(length).ok()?)?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Some(Self {
            says: says_of(says)?,
            is_node: is_node == 1,
            language: text(language),
            value: text(value),
        })
    }

    fn label(&self, role: Role) -> Option<Label<'static>> {
        let text = self.value.trim();
        let language = (!self.language.is_empty()).then(|| self.language.to_ascii_lowercase().into());
        (!text.is_empty()).then(|| Label { role, language, text: text.to_owned().into() })
    }
}

/// All that is said of one subject.
#[derive(Debug, Default)]
struct Group {
    node: Vec<u8>,
    said: Vec<Said>,
    /// Whether the statements were written for the next round.
    carried: bool,
}

impl Group {
    fn begin(&mut self, node: &[u8]) {
        self.node.clear();
        self.node.extend_from_slice(node);
        self.said.clear();
        self.carried = false;
    }

    fn node(&self) -> String {
        String::from_utf8_lossy(&self.node).into_owned()
    }

    /// The group is whole: what it says of itself becomes a draft, if it can be an entry.
    fn close(
        &mut self,
        tables: &Tables,
        round: usize,
        builder: &mut Builder,
        problems: &mut Problems,
    ) -> Result<(), AuthorityError> {
        if round > 1 || self.said.is_empty() || self.node.starts_with(b"_:") {
            return Ok(());
        }
        let types: Vec<&str> =
            self.said.iter().filter(|said| said.says == Says::Type).map(|said| said.value.as_str()).collect();
        let known: Vec<Option<Kind>> =
            types.iter().filter_map(|class| tables.classes.get(class).copied()).collect();
        let said = known.iter().flatten().copied().filter(|kind| *kind != Kind::Unknown).min();
        let none = known.contains(&None) && !known.iter().any(Option::is_some);
        if none {
            return Ok(());
        }
        let mut draft = Draft {
            iri: self.node(),
            types: types.into_iter().map(str::to_owned).collect(),
            ..Draft::default()
        };
        self.features(&mut draft, problems);
        for said in self.said.iter().filter(|said| !said.is_node) {
            let role = match said.says {
                Says::Preferred => Role::Preferred,
                Says::Alternative => Role::Alternative,
                Says::Hidden => Role::Hidden,
                _ => continue,
            };
            draft.labels.extend(said.label(role));
        }
        if draft.labels.is_empty() {
            let labels = self.said.iter().filter(|said| said.says == Says::Label && !said.is_node);
            // A thing of an unknown class with a plain label may be anything, so only known ones are named by it.
            if !known.is_empty() {
                draft.labels.extend(labels.filter_map(|said| said.label(Role::Preferred)));
            }
        }
        draft.kind = said.unwrap_or_default();
        if draft.point.is_some() && draft.kind == Kind::Unknown {
            draft.kind = Kind::Place;
        }
        builder.add(&draft)
    }

    /// The subject is a node of an entry, by a property: what it says, it says of the entry.
    fn belongs(
        &self,
        says: Says,
        owner: &str,
        builder: &mut Builder,
        problems: &mut Problems,
    ) -> Result<(), AuthorityError> {
        if owner.starts_with("_:") || self.said.is_empty() {
            return Ok(());
        }
        let mut draft = Draft { iri: owner.to_owned(), ..Draft::default() };
        let role = match says {
            Says::Preferred => Some(Role::Preferred),
            Says::Alternative => Some(Role::Alternative),
            Says::Hidden => Some(Role::Hidden),
            _ => None,
        };
        if let Some(role) = role {
            let forms = self.said.iter().filter(|said| said.says == Says::Form && !said.is_node);
            draft.labels.extend(forms.filter_map(|said| said.label(role)));
        } else if matches!(says, Says::Born | Says::Died | Says::Lifetime) {
            let date =
                |said: &&Said| matches!(said.says, Says::Date | Says::Born | Says::Died) && !said.is_node;
            for said in self.said.iter().filter(date) {
                set_date(&mut draft, says, said, problems);
            }
        } else {
            self.features(&mut draft, problems);
            (draft.broader, draft.same_as, draft.replaced_by) = (Vec::new(), Vec::new(), None);
        }
        builder.add(&draft)
    }

    /// What leads from a node of an entry to further nodes leads there from the entry, in the next round.
    fn carry_on(&mut self, says: Says, owner: &str, next: &mut Records) -> Result<(), AuthorityError> {
        let mut record = Vec::new();
        let through = matches!(says, Says::Part | Says::Point);
        let leads = |said: &&Said| {
            said.is_node && matches!(said.says, Says::Part | Says::Point | Says::Born | Says::Died)
        };
        if through {
            for said in self.said.iter().filter(leads) {
                edge(&said.value, said.says, owner, &mut record);
                next.push(&record)?;
            }
        }
        if !self.carried && matches!(says, Says::Part | Says::Point | Says::Born | Says::Died) {
            self.carried = true;
            let node = self.node();
            for statement in &self.said {
                let Said { says, is_node, language, value } = statement;
                said(&node, *says, *is_node, language, value, &mut record);
                next.push(&record)?;
            }
        }
        Ok(())
    }

    /// Dates, places, hierarchy and all that is no name.
    fn features(&self, draft: &mut Draft, problems: &mut Problems) {
        let (mut lat, mut long) = (None, None);
        for said in &self.said {
            let (value, iri) = (said.value.trim(), said.is_node && !said.value.starts_with("_:"));
            match said.says {
                Says::Born | Says::Died | Says::Lifetime if !said.is_node => {
                    set_date(draft, said.says, said, problems);
                }
                Says::Lat => lat = lat.or(Some(value)),
                Says::Long => long = long.or(Some(value)),
                Says::Point if !said.is_node => match values::point(value) {
                    Some(point) => draft.point = Some(smaller(draft.point, point)),
                    None => problems.add(Problem::Point, || format!("{} of {}", value, self.node())),
                },
                Says::Broader if iri => draft.broader.push(value.to_owned()),
                Says::SameAs if iri => draft.same_as.push(value.to_owned()),
                Says::Identifier => draft.same_as.push(value.to_owned()),
                Says::Occupation if iri || !said.is_node => draft.occupations.push(value.to_owned()),
                Says::ReplacedBy if iri => draft.replaced_by = Some(value.to_owned()),
                Says::Note if !said.is_node && !value.is_empty() => draft.notes.push(Note {
                    language: (!said.language.is_empty()).then(|| said.language.to_ascii_lowercase().into()),
                    text: value.to_owned().into(),
                }),
                _ => {}
            }
        }
        if let (Some(lat), Some(long)) = (lat, long) {
            match values::degrees(lat, long) {
                Some(point) => draft.point = Some(smaller(draft.point, point)),
                None => problems.add(Problem::Point, || format!("{lat}, {long} of {}", self.node())),
            }
        }
    }
}

/// Of two points the one that does not depend on the order in which they come.
fn smaller(one: Option<Point>, other: Point) -> Point {
    one.filter(|one| one.lat.total_cmp(&other.lat).then(one.long.total_cmp(&other.long)).is_lt())
        .unwrap_or(other)
}

fn set_date(draft: &mut Draft, says: Says, said: &Said, problems: &mut Problems) {
    let language = (!said.language.is_empty()).then_some(said.language.as_str());
    let text = said.value.trim();
    if says == Says::Lifetime {
        match values::lifetime(text, language) {
            Some((born, died)) => (draft.born, draft.died) = (draft.born.or(born), draft.died.or(died)),
            None => problems.add(Problem::Date, || format!("{text} of {}", draft.iri)),
        }
        return;
    }
    match values::years(text, language) {
        // Of several the smallest, in whatever order they come.
        Some(years) if says == Says::Born => {
            draft.born = Some(draft.born.map_or(years, |met| met.min(years)));
        }
        Some(years) => draft.died = Some(draft.died.map_or(years, |met| met.min(years))),
        None => problems.add(Problem::Date, || format!("{text} of {}", draft.iri)),
    }
}
