//! What kind of thing: leader/06-07, 007, 336, 337, 338.

use super::punctuation::trim;
use super::reading::Reading;
use super::record::{Field, MarcRecord};
use crate::shared::core::EdmType;
use graph_model::{Concept, Description, IssueKind};
use vocabularies::{bf, dc, marc};

/// The kind of media, as far as the codes tell.
pub(super) fn edm_type(record: &MarcRecord) -> Option<EdmType> {
    let leader = record.leader(6);
    let by_word = |word: &str| match word {
        "TEXT" => Some(EdmType::Text),
        "IMAGE" => Some(EdmType::Image),
        "SOUND" => Some(EdmType::Sound),
        "VIDEO" => Some(EdmType::Video),
        "3D" => Some(EdmType::ThreeD),
        _ => None,
    };
    let content = || {
        record
            .tagged("336")
            .flat_map(|field| field.every('b'))
            .find_map(|code| by_word(marc::content_type(code)?.edm_type?))
    };
    let category = || {
        let kind = record.tagged("007").find_map(|field| field.value().chars().next())?;
        by_word(marc::category(kind)?.edm_type?)
    };
    match leader {
        // Slides and transparencies are projected too, but do not move.
        'g' => match record.control("008").chars().nth(33) {
            Some('s' | 't' | 'f') => Some(EdmType::Image),
            _ => Some(EdmType::Video),
        },
        'r' => Some(EdmType::ThreeD),
        // A computer file is what its content is.
        'm' => content().or_else(|| match record.control("008").chars().nth(26) {
            Some('c') => Some(EdmType::Image),
            Some('h') => Some(EdmType::Sound),
            Some('d' | 'e') => Some(EdmType::Text),
            _ => None,
        }),
        'o' | ' ' => content().or_else(category),
        _ => marc::record_type(leader)
            .and_then(|kind| by_word(kind.edm_type?))
            .or_else(content)
            .or_else(category),
    }
}

/// Tells what the leader says the thing is, as `dc:type`.
pub(super) fn describe(record: &MarcRecord, out: &mut Description<'_>) {
    out.rule("marc.leader.type", "LDR/06-07");
    let item = out.item();
    let (kind, level) = (record.leader(6), record.leader(7));
    let label = match (kind, level) {
        ('a' | 't', 's') => Some("serial"),
        ('a', 'a' | 'b') => Some("article"),
        ('a', 'i') => Some("integrating resource"),
        ('a', 'm') => Some("book"),
        ('t', 'm') => Some("manuscript"),
        (_, 'c') if kind == 'p' || record.leader(8) == 'a' => Some("collection of papers"),
        ('a' | 't', 'c' | 'd') => Some("collection"),
        ('e', _) => Some("map"),
        ('f', _) => Some("manuscript map"),
        ('c', _) => Some("sheet music"),
        ('d', _) => Some("manuscript music"),
        ('g', _) if edm_type(record) == Some(EdmType::Image) => Some("projected graphic"),
        ('g', _) => Some("film or video"),
        ('i', _) => Some("sound recording"),
        ('j', _) => Some("music recording"),
        ('k', _) => Some("picture"),
        ('m', _) => Some("electronic resource"),
        ('r', _) => Some("object"),
        _ => marc::record_type(kind).map(|kind| kind.label),
    };
    match label {
        Some(label) => {
            if let Some(concept) = out.concept(&Concept { label, language: Some("en"), ..Concept::default() })
            {
                out.link(item, dc::TYPE, concept);
            }
        }
        None if kind == ' ' => {}
        None => {
            out.issue(IssueKind::UnknownCode, kind.encode_utf8(&mut [0; 4]), "a type of record in leader/06");
        }
    }
}

/// Tells one of 007, 336, 337 and 338.
pub(super) fn types<'r>(field: &Field<'r>, reading: &mut Reading<'r>, out: &mut Description<'_>) {
    let (property, rule) = match field.tag() {
        "336" => (bf::CONTENT, "marc.336.content"),
        "337" => (bf::MEDIA, "marc.337.media"),
        "338" => (bf::CARRIER, "marc.338.carrier"),
        // 007 serves edm:type where the leader does not tell.
        _ => return,
    };
    reading.rule(out, rule, field, "b");
    let item = out.item();
    let mut known = false;
    for code in field.every('b') {
        let iri = match field.tag() {
            "336" => marc::content_type(code).map(|kind| kind.iri),
            "337" => marc::media_type(code).map(|kind| kind.iri),
            _ => marc::carrier(code).map(|kind| kind.iri),
        };
        match iri {
            Some(iri) => {
                known = true;
                let node = out.known_iri(iri);
                out.link(item, property, node);
            }
            None => out.issue(IssueKind::UnknownCode, code, "an RDA code of content, media or carrier"),
        }
    }
    if known {
        return;
    }
    // Without a code that is known, the term or its IRI tells the same.
    for (code, text) in field.subfields().filter(|(code, _)| matches!(code, '0' | '1' | 'a')) {
        reading.rule(out, rule, field, code.encode_utf8(&mut [0; 4]));
        let key = if code == 'a' { trim(text) } else { text.rsplit('/').next().unwrap_or(text) };
        let iri = match field.tag() {
            "336" => {
                marc::content_type(key).or_else(|| marc::content_type_by_label(key)).map(|kind| kind.iri)
            }
            "337" => marc::media_type(key).or_else(|| marc::media_type_by_label(key)).map(|kind| kind.iri),
            _ => marc::carrier(key).or_else(|| marc::carrier_by_label(key)).map(|kind| kind.iri),
        };
        match iri {
            Some(iri) => {
                let node = out.known_iri(iri);
                out.link(item, property, node);
            }
            // A word in another language is kept as it is.
            None if code == 'a' => out.text(item, property, key, None),
            None => {}
        }
    }
}
