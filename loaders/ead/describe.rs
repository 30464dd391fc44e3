//! From a description of the finding aid to a document: what it is, its title, its place in the tree; the
//! other stories are told by the modules beside this one.

use super::access::{self, Counters};
use super::identity;
use super::mapping;
use super::record::{Identity, Nature, Own, Record};
use super::{agents, dates, extent, finding_aid, languages, notes, objects, text};
use crate::shared::core::{self, EdmType, Sector};
use crate::shared::xml::{ElementRef, Note, limits};
use graph_model::{Description, IssueKind};
use oxrdf::NamedNodeRef;
use std::borrow::Cow;
use vocabularies::{aarre, dc, dcterms, ead_levels, rico};

/// Says all that a record says.
pub(super) fn describe(record: &Record, out: &mut Description<'_>) {
    let nature = kind(record, out);
    place_in_tree(record, out);
    oddities(record, out);
    if record.internal() {
        // What the owner marked as internal is not for a public graph; that it exists, and where, is.
        out.rule("ead.audience.accessStatus", "@audience");
        let item = out.item();
        out.text(item, aarre::ACCESS_STATUS, "restricted", None);
        out.text(item, dc::TITLE, &level_words(record), None);
        agents::repository(record, out);
        return;
    }
    title(record, out);
    identifiers(record, out);
    let mut counters = Counters::default();
    agents::originations(record, &mut counters.contributions, out);
    for element in record.own.did() {
        let language = language_of(element, record);
        let language = language.as_deref();
        match element.name() {
            "unitdate" | "unitdatestructured" => dates::describe(element, record, nature, language, out),
            "unittitle" => {
                for date in element.descendants().filter(|inner| inner.name() == "unitdate") {
                    dates::describe(date, record, nature, language, out);
                }
            }
            "physdesc" | "physdescset" | "physdescstructured" => {
                extent::describe(element, language, &mut counters, out);
            }
            "langmaterial" => languages::describe(element, nature, language, out),
            _ => {}
        }
    }
    dates::inherited(record, out);
    access::describe(record, nature, &mut counters, out);
    notes::describe(record, out);
    agents::repository(record, out);
    objects::describe(record, out);
    finding_aid::describe(record, out);
}

/// What kind of thing a description is of.
pub(super) struct Level {
    class: NamedNodeRef<'static>,
    set_type: Option<NamedNodeRef<'static>>,
    pub(super) nature: Nature,
    /// The owner's own word for the level.
    other: String,
    /// A level that no table has.
    unknown: Option<String>,
}

/// Reads the level of a description. What holds components, or stands at the top, is a set of records whatever its level
/// is called.
pub(super) fn level(own: &Own, set: bool) -> Level {
    let written = own.attribute("level").map(text::fold).unwrap_or_default();
    let other = own.attribute("otherlevel").map(text::fold).unwrap_or_default();
    // "otherlevel" says only that @otherlevel has the word for it.
    let own_word =
        || Some(&other).filter(|other| !other.is_empty()).and_then(|other| ead_levels::by_term(other));
    let level = match written.as_str() {
        "" | "otherlevel" => own_word(),
        written => ead_levels::by_code(written).or_else(|| ead_levels::by_term(written)).or_else(own_word),
    };
    let class = match level {
        Some(level) if level.class != rico::RECORD_RESOURCE => level.class,
        _ if set => rico::RECORD_SET,
        _ => rico::RECORD_RESOURCE,
    };
    let nature = if class == rico::RECORD_SET {
        Nature::Set
    } else if class == rico::RECORD || class == rico::RECORD_PART {
        Nature::Record
    } else {
        Nature::Unknown
    };
    let unknown = level.is_none() && !matches!(written.as_str(), "" | "otherlevel");
    Level {
        class,
        set_type: level.and_then(|level| level.record_set_type),
        nature,
        other,
        unknown: unknown.then_some(written),
    }
}

fn kind(record: &Record, out: &mut Description<'_>) -> Nature {
    out.rule("ead.core", "");
    let edm_type = if record.internal() { None } else { Some(edm_type(record)) };
    core::begin(out, Sector::Archive, edm_type);
    let item = out.item();
    out.rule("ead.level.type", "@level");
    let level = level(&record.own, record.has_components || record.parent.is_none());
    if let Some(unknown) = &level.unknown {
        out.issue(IssueKind::UnknownCode, unknown, "a level of EAD such as fonds, series, file or item");
    }
    out.a(item, level.class);
    if !record.internal() {
        out.text(item, rico::TYPE, &level.other, None);
    }
    if let Some(set_type) = level.set_type {
        out.term(item, rico::HAS_RECORD_SET_TYPE, set_type);
    }
    level.nature
}

/// What kind of thing it is to a reader: what its genres, or else its extents, agree on; text otherwise.
fn edm_type(record: &Record) -> EdmType {
    let mut genres = Vec::new();
    for note in record.own.notes().filter(|note| note.name() == "controlaccess") {
        genres.extend(note.descendants().filter(|inner| inner.name() == "genreform").map(text::line));
    }
    let extents = || {
        let physical = record.own.did().filter(|child| child.name().starts_with("physdesc"));
        physical.map(text::line).collect::<Vec<_>>()
    };
    agreed(&genres).or_else(|| agreed(&extents())).or_else(|| objects::kind(record)).unwrap_or(EdmType::Text)
}

fn agreed(words: &[String]) -> Option<EdmType> {
    let mut kinds = words.iter().filter_map(|words| mapping::form(words));
    let first = kinds.next()?;
    kinds.all(|kind| kind == first).then_some(first)
}

fn place_in_tree(record: &Record, out: &mut Description<'_>) {
    let item = out.item();
    if let Some(parent) = &record.parent {
        out.rule("ead.tree.isPartOf", "..");
        let node = out.sibling(&parent.local);
        out.link(item, dcterms::IS_PART_OF, node);
        // What is in a set is included; what is in a record, such as a letter in a bound volume, is a part of it.
        let within = if parent.nature == Nature::Record {
            rico::IS_DIRECT_PART_OF
        } else {
            rico::IS_DIRECTLY_INCLUDED_IN
        };
        out.link(item, within, node);
    }
    if let Some(previous) = &record.previous {
        out.rule("ead.tree.sequence", "..");
        let node = out.sibling(previous);
        out.link(item, rico::DIRECTLY_FOLLOWS_IN_SEQUENCE, node);
    }
}

fn oddities(record: &Record, out: &mut Description<'_>) {
    match record.identity {
        Identity::Owner => {}
        Identity::Content => {
            let met = format!("<{}> without @id and unitid", record.own.name());
            out.issue_at(
                "did/unitid",
                IssueKind::MissingIdentifier,
                &met,
                "@id, or a unitid that is not empty",
            );
        }
        Identity::Twin => out.issue_at(
            "did/unitid",
            IssueKind::MissingIdentifier,
            &record.local,
            "an identifier that no other description has",
        ),
    }
    if record.cut_short {
        let expected = format!("</{}>", record.own.name());
        out.issue_at(record.own.name(), IssueKind::BadStructure, "the input broke before its end", expected);
    }
    let mut met = Vec::new();
    for note in record.own.oddities() {
        if met.contains(&note) {
            continue;
        }
        // A record has as many of them as anybody will read.
        if met.len() == limits::NOTES {
            break;
        }
        met.push(note);
        let kind =
            if matches!(note, Note::BadBytes) { IssueKind::BadEncoding } else { IssueKind::BadStructure };
        let (words, expected) = note.words();
        out.issue_at(record.own.name(), kind, &words, expected);
    }
}

/// Every `unittitle` in words; a second one in another language is a title too, any other is an alternative.
fn title(record: &Record, out: &mut Description<'_>) {
    let item = out.item();
    out.rule("ead.unittitle.title", "did/unittitle");
    let mut first: Option<Option<Cow<'static, str>>> = None;
    for element in record.own.did().filter(|child| child.name() == "unittitle") {
        let words = text::line(element);
        if words.is_empty() {
            continue;
        }
        let language = language_of(element, record);
        let alternative = first.as_ref().is_some_and(|first| *first == language);
        out.text(
            item,
            if alternative { dcterms::ALTERNATIVE } else { dc::TITLE },
            &words,
            language.as_deref(),
        );
        out.text(item, rico::TITLE, &words, language.as_deref());
        first.get_or_insert(language);
    }
    if first.is_some() {
        return;
    }
    if let (None, Some(title)) = (&record.parent, &record.header.title) {
        out.rule("ead.titleproper.title", "titlestmt/titleproper");
        out.text(item, dc::TITLE, title, record.header.language);
        return;
    }
    let dated = || {
        let dates = record.own.did().filter(|child| child.name().starts_with("unitdate")).map(text::line);
        dates.filter(|words| !words.is_empty()).collect::<Vec<_>>().join(", ")
    };
    let made = [dated(), identity::unitid(&record.own).unwrap_or_default(), level_words(record)];
    let made = made.into_iter().find(|words| !words.is_empty()).unwrap_or_default();
    out.issue(IssueKind::MissingTitle, &made, "a unittitle that is not empty");
    out.text(item, dc::TITLE, &made, None);
}

/// Words for the level, as the last resort of a title.
fn level_words(record: &Record) -> String {
    let level = record.own.attribute("otherlevel").or_else(|| record.own.attribute("level"));
    format!(
        "[{}]",
        level
            .map(text::fold)
            .filter(|level| !level.is_empty())
            .unwrap_or_else(|| record.own.name().to_owned())
    )
}

fn identifiers(record: &Record, out: &mut Description<'_>) {
    let item = out.item();
    out.rule("ead.unitid.identifier", "did/unitid");
    for element in record.own.did().filter(|child| child.name() == "unitid") {
        let words = text::line(element);
        let number = element.attribute("identifier").map(text::fold).unwrap_or_default();
        for code in [words, number] {
            out.text(item, dc::IDENTIFIER, &code, None);
            out.text(item, rico::IDENTIFIER, &code, None);
        }
    }
    if let (None, Some(id)) = (&record.parent, &record.header.id) {
        out.rule("ead.eadid.identifier", "eadid");
        out.text(item, dc::IDENTIFIER, id, None);
    }
}

/// The BCP 47 tag of the text of an element: its own, that of the description, or that of the finding aid. `None` where
/// nothing tells.
pub(super) fn language_of(element: ElementRef<'_>, record: &Record) -> Option<Cow<'static, str>> {
    let around = || record.own.language();
    match code_of(element).or_else(around).map(str::trim).filter(|code| !code.is_empty()) {
        Some(code) => tag_of(code),
        None => record.header.language.map(Cow::Borrowed),
    }
}

/// The BCP 47 tag that an element itself, or its first part, has.
pub(super) fn own_language(element: ElementRef<'_>) -> Option<Cow<'static, str>> {
    code_of(element).map(str::trim).and_then(tag_of)
}

fn code_of<'e>(element: ElementRef<'e>) -> Option<&'e str> {
    // One look at the attributes, as this is asked of every element that has words.
    let own = |element: ElementRef<'e>| {
        let mut of_xml = None;
        for (name, value) in element.attributes() {
            match name {
                "lang" => return Some(value),
                "xml:lang" => of_xml = Some(value),
                _ => {}
            }
        }
        of_xml
    };
    own(element).or_else(|| element.child("part").and_then(own))
}

fn tag_of(code: &str) -> Option<Cow<'static, str>> {
    crate::shared::languages::tag(code).map(Cow::Borrowed).or_else(|| {
        let (primary, _) = code.split_once('-')?;
        crate::shared::languages::tag(primary).map(|_| Cow::Owned(code.to_owned()))
    })
}
