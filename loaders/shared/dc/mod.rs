//! Dublin Core: the fifteen elements, the DCMI metadata terms, and the ways in which XML carries them.
//!
//! The mapping of one element with Dublin Core in it onto the item, for every format that carries one: `oai_dc:dc`,
//! `qualifieddc`, `dim`, or any wrapper such as `mets:xmlData`. The caller begins the core layer; the mapping says
//! everything else that the element says. `terms.tsv` says what becomes of each element and qualifier, `read.rs` how they
//! are written.
//!
//! Dublin Core is vague, and the mapping reads what a value is before it says so:
//! - `date` is the date of issue where there is a publisher, otherwise that of making. A time stamp to the second beside
//!   a plain date is when a repository made the thing available.
//! - `coverage` is a time where it reads as a date, a place with coordinates where it reads as such, otherwise a place.
//! - `format` is a media type, an extent (it has figures) or a medium; `type` a concept, and `edm:type` where it is known.
//! - `identifier`: ISBN, ISSN, DOI, handle and URN are known by their shape; an address shows the thing (a file is the thing
//!   itself). A long text is a citation.
//! - `subject`: a heading with the years of a life is that person; a number with a scheme's name before it is a class.
//! - A second `title` in no other language is an alternative one.

mod agents;
mod coverage;
mod kinds;
mod read;
mod relations;

use crate::shared::core::{self, EdmType, Sector};
use crate::shared::draft::{Draft, View, keeper_sector};
use crate::shared::identifiers;
use crate::shared::xml::ElementRef;
use graph_model::{Description, IssueKind};
pub use read::family;
use read::{How, Statement};
use std::borrow::Cow;
use vocabularies::{dc, dcterms, skos};

/// Says all that the Dublin Core elements directly inside of `element` say of the item. The caller has begun the core
/// layer ([`crate::shared::core::begin`]).
pub fn describe(element: ElementRef<'_>, out: &mut Description<'_>) {
    let (statements, others) = read::statements(element);
    let mut record =
        Record { dates: coverage::Dates::of(&statements), draft: Draft::new(out), titles: Vec::new() };
    // What is said to show the thing comes before addresses that may.
    for statement in statements.iter().filter(|statement| is_view(statement.row.how)) {
        record.view(statement);
    }
    for statement in statements.iter().filter(|statement| !is_view(statement.row.how)) {
        record.statement(statement);
    }
    for other in others.iter().filter(|other| !other.is_empty()) {
        let path = format!("dc:{}", other.attribute("element").unwrap_or(other.name()));
        let met = other.text();
        record.draft.out.issue_at(&path, IssueKind::UnmappedField, &met, "an element of Dublin Core");
    }
    record.title_at_least(&statements);
    record.draft.finish("dc.rights", "dc:rights");
}

/// Whether an element is one of Dublin Core's.
#[must_use]
pub fn is_term(element: ElementRef<'_>) -> bool {
    read::is_term(element)
}

/// The kind of media that the elements directly inside tell.
#[must_use]
pub fn edm_type(element: ElementRef<'_>) -> Option<EdmType> {
    kinds::edm_type(&read::statements(element).0)
}

/// The sector of the institution that keeps the thing, where its name tells it.
#[must_use]
pub fn sector(element: ElementRef<'_>) -> Option<Sector> {
    let (statements, _) = read::statements(element);
    let kept = |how: How| statements.iter().filter(move |statement| statement.row.how == how);
    kept(How::Provider).chain(kept(How::Provenance)).find_map(|statement| keeper_sector(&statement.text))
}

/// The owner's identifier of the record: Finna's `recordID`, or the first `identifier` that is no citation and no number
/// of a whole edition or journal.
#[must_use]
pub fn identifier(element: ElementRef<'_>) -> Option<Cow<'_, str>> {
    let (statements, _) = read::statements(element);
    let record = statements.iter().position(|statement| statement.row.how == How::Record);
    let own = || {
        statements.iter().position(|statement| {
            let found = identifiers::read(&statement.text, statement.scheme);
            statement.row.how == How::Identifier
                && !found.citation
                && !is_citation(&statement.text)
                && !found.text.starts_with("urn:isbn:")
                && !found.text.starts_with("urn:issn:")
        })
    };
    let at = record.or_else(own)?;
    statements.into_iter().nth(at).map(|statement| statement.text)
}

fn is_view(how: How) -> bool {
    matches!(how, How::View | How::File | How::Address)
}

/// Whether a text among the identifiers is a reference in words.
fn is_citation(text: &str) -> bool {
    text.split_whitespace().count() >= 6
}

/// A description while it is written.
struct Record<'a, 'd> {
    draft: Draft<'a, 'd>,
    dates: coverage::Dates,
    /// The languages of the titles so far.
    titles: Vec<Option<&'static str>>,
}

impl Record<'_, '_> {
    /// Names the rule and the element.
    fn rule(&mut self, statement: &Statement<'_>) {
        let (row, count) = (statement.row, statement.count);
        self.draft.rule(&row.rule, format_args!("dc:{}[{count}]", row.element));
    }

    fn statement(&mut self, statement: &Statement<'_>) {
        self.rule(statement);
        let text = &*statement.text;
        let property = statement.row.property;
        match statement.row.how {
            How::Title => self.title(statement),
            How::Alternative => self.draft.text(dcterms::ALTERNATIVE, text, statement.language()),
            How::Creator | How::Contributor | How::Role => self.person(statement),
            How::Body => self.body(statement),
            How::Publisher => self.publisher(statement),
            How::Agent => self.agent(statement),
            How::Subject => self.subject(statement),
            How::Class => self.class(statement),
            How::Text => {
                if let Some(property) = property {
                    self.draft.text(property, text, statement.language());
                }
            }
            How::Note => self.draft.text(skos::NOTE, text, statement.language()),
            How::PlainDate => self.plain_date(statement),
            How::Date => self.date(statement),
            How::Coverage => self.coverage(statement),
            How::Spatial => self.spatial(statement),
            How::Temporal => self.temporal(statement),
            How::Point => self.point(statement),
            How::Type => self.kind(statement),
            How::Format => self.format(statement),
            How::Extent => self.draft.text(dcterms::EXTENT, text, statement.language()),
            How::Medium => self.medium(statement),
            How::Identifier => self.identifier(statement),
            How::Record => self.draft.text(dc::IDENTIFIER, text, None),
            How::Language => self.draft.languages(text),
            How::Source => self.source(statement),
            How::Related => self.related(statement),
            How::Series => self.series(statement),
            How::Access => self.access(statement),
            How::Rights => {
                for (language, label) in read::labels(text) {
                    self.draft.rights(label, language.or_else(|| statement.language()));
                }
            }
            How::Provenance => self.draft.text(dcterms::PROVENANCE, text, statement.language()),
            How::Provider => self.draft.provider(text, statement.own_language()),
            How::Aggregator => {
                core::provider(self.draft.out, text, statement.own_language());
            }
            How::View | How::File | How::Address | How::Out => {}
        }
    }

    fn title(&mut self, statement: &Statement<'_>) {
        for (language, label) in read::labels(&statement.text) {
            let language = language.or_else(|| statement.language());
            // A second title in no language of its own is another name of the thing.
            let further = !self.titles.is_empty() && (language.is_none() || self.titles.contains(&language));
            let property = if further { dcterms::ALTERNATIVE } else { dc::TITLE };
            self.draft.text(property, label, language);
            self.titles.push(language);
        }
    }

    /// What shows the thing.
    fn view(&mut self, statement: &Statement<'_>) {
        self.rule(statement);
        let text = statement.text.trim();
        let view = match (statement.row.how, statement.row.word) {
            (How::View, "at") => Some(View::ShownAt),
            (How::View, "by") => Some(View::ShownBy),
            (How::View, "preview") => Some(View::Preview),
            (How::View, _) => Some(View::Other),
            (How::Address, _) => {
                // `http://dx.doi.org/https://doi.org/…`: the last address in it.
                let at = text.rfind("http").unwrap_or(0);
                self.draft.address(&text[at..], Some(View::ShownAt), None);
                return;
            }
            _ => {
                self.file(statement);
                return;
            }
        };
        self.draft.address(text, view, None);
    }

    /// A file of Finna: `file/@href`, with its bundle (`ORIGINAL`, `THUMBNAIL`, `page`) and media type.
    fn file(&mut self, statement: &Statement<'_>) {
        let attribute =
            |name: &str| statement.element.attribute(name).map(str::trim).filter(|value| !value.is_empty());
        let Some(href) =
            attribute("href").or_else(|| Some(statement.text.trim()).filter(|text| !text.is_empty()))
        else {
            return;
        };
        let format = attribute("type").filter(|format| format.contains('/'));
        let view = match attribute("bundle").unwrap_or_default().to_ascii_uppercase().as_str() {
            "ORIGINAL" | "CONTENT" => Some(View::ShownBy),
            "THUMBNAIL" => Some(View::Preview),
            "PAGE" => Some(View::ShownAt),
            _ => None,
        };
        self.draft.address(href, view, format);
    }

    fn identifier(&mut self, statement: &Statement<'_>) {
        let text = &*statement.text;
        let qualifier = statement.qualifier.as_deref().or(statement.scheme);
        let kind = qualifier.or(Some(statement.row.word)).filter(|kind| *kind != "-" && *kind != "URI");
        if kind.is_none() && is_citation(text) {
            self.draft.text(dcterms::BIBLIOGRAPHIC_CITATION, text, statement.own_language());
            return;
        }
        // The number of something related to the thing is not its own.
        if statement.row.element == "relation" {
            self.related(statement);
            return;
        }
        if let Some(address) = self.draft.identifier(self.draft.item, text, kind) {
            self.draft.again("dc.identifier.address");
            self.draft.address(&address, None, None);
        }
    }

    fn access(&mut self, statement: &Statement<'_>) {
        let text = &*statement.text;
        // A licence among the conditions of access is one all the same.
        if crate::shared::rights::statement(text).is_some() {
            self.draft.rights(text, statement.language());
        } else {
            for (language, label) in read::labels(text) {
                let words = label.strip_prefix("info:eu-repo/semantics/").unwrap_or(label);
                self.draft.text(dcterms::ACCESS_RIGHTS, words, language.or_else(|| statement.language()));
            }
        }
    }

    /// Without a title the thing goes by what else names or describes it.
    fn title_at_least(&mut self, statements: &[Statement<'_>]) {
        if !self.titles.is_empty() || self.draft.out.states(self.draft.item, dc::TITLE) {
            return;
        }
        self.draft.rule("dc.title", format_args!("dc:title"));
        let other = statements.iter().find(|statement| statement.row.how == How::Alternative);
        let met = other.map(|statement| statement.text.as_ref()).unwrap_or_default();
        self.draft.out.issue(IssueKind::MissingTitle, met, "a dc:title");
        match other {
            Some(statement) => self.draft.text(dc::TITLE, &statement.text, statement.language()),
            None => self.draft.untitled(),
        }
    }
}
