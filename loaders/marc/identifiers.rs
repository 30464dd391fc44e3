//! What it is numbered: 001, 010 to 035, and the classifications 05X to 08X.
//!
//! A number with a scheme of its own is a URN (`urn:isbn:…`) as `dc:identifier`, without hyphens, so that the
//! same number is the same text everywhere; what was written stands in the detail layer beside its qualifier.

use super::authorities;
use super::punctuation::trim;
use super::reading::{Reading, numbered};
use super::record::Field;
use crate::shared::identifiers::{compact, is_isbn, is_issn, thirteen};
use graph_model::{Description, IssueKind, Node};
use oxrdf::NamedNodeRef;
use vocabularies::{bf, dc, rdf, skos};

/// Tells the numbers of one field.
pub(super) fn describe<'r>(field: &Field<'r>, reading: &mut Reading<'r>, out: &mut Description<'_>) {
    match field.tag() {
        "020" => {
            reading.rule(out, "marc.020.isbn", field, "a");
            for text in field.every('a') {
                // `951-0-12345-6 (sid.)`: the qualifier in the same subfield, as before 2013.
                let (number, rest) = text.split_once([' ', '(']).unwrap_or((text, ""));
                let qualifier = field.first('q').or_else(|| Some(rest).filter(|rest| !rest.is_empty()));
                let compact = compact(number);
                if !is_isbn(&compact) {
                    out.issue(IssueKind::BadNumber, text, "an ISBN of 10 or 13 digits whose last fits");
                }
                let compact = thirteen(compact);
                number_of(bf::ISBN, "urn:isbn:", &compact, trim(number), qualifier, reading, out);
            }
            field.every('z').for_each(|text| no_longer(bf::ISBN, text, "cancelled or invalid", reading, out));
        }
        "022" => {
            reading.rule(out, "marc.022.issn", field, "a");
            for text in field.every('a') {
                let number = text.split([' ', '(']).next().unwrap_or(text);
                let compact = compact(number);
                if !is_issn(&compact) {
                    out.issue(IssueKind::BadNumber, text, "an ISSN of eight digits whose last fits");
                }
                let hyphened =
                    if compact.len() == 8 { format!("{}-{}", &compact[..4], &compact[4..]) } else { compact };
                number_of(bf::ISSN, "urn:issn:", &hyphened, trim(number), None, reading, out);
            }
            for text in field.every('l') {
                number_of(bf::ISSN_L, "urn:issn-l:", trim(text), trim(text), None, reading, out);
            }
            for (code, why) in [('m', "cancelled ISSN-L"), ('y', "incorrect"), ('z', "cancelled")] {
                field.every(code).for_each(|text| no_longer(bf::ISSN, text, why, reading, out));
            }
        }
        "024" => other_standard(field, reading, out),
        "028" => {
            reading.rule(out, "marc.028.publisher-number", field, "ab");
            if let Some(number) = field.first('a') {
                let class = match field.indicator(1) {
                    '0' => bf::AUDIO_ISSUE_NUMBER,
                    '2' => bf::MUSIC_PLATE,
                    '3' => bf::MUSIC_PUBLISHER_NUMBER,
                    '4' => bf::VIDEO_RECORDING_NUMBER,
                    _ => bf::PUBLISHER_NUMBER,
                };
                let written = match field.first('b') {
                    Some(label) => format!("{} {}", trim(label), trim(number)),
                    None => trim(number).to_owned(),
                };
                number_of(class, "", &written, trim(number), field.first('q'), reading, out);
            }
        }
        "016" => {
            reading.rule(out, "marc.016.identifier", field, "a");
            let item = out.item();
            for text in field.every('a') {
                // In the manner of 035, so that one number in both is one; 7 says that $2 names the agency.
                match field.first('2').filter(|_| field.indicator(1) == '7') {
                    Some(agency) => {
                        let number: String = text.split_whitespace().collect::<Vec<_>>().join("-");
                        out.text(item, dc::IDENTIFIER, &format!("({agency}){number}"), None);
                    }
                    None => out.text(item, dc::IDENTIFIER, text, None),
                }
            }
        }
        "015" => {
            reading.rule(out, "marc.015.identifier", field, "a");
            for text in field.every('a') {
                let node = number_of(bf::NBN, "", text, text, field.first('q'), reading, out);
                if let (Some(node), Some(source)) = (node, field.first('2')) {
                    out.text(node, bf::SOURCE, source, None);
                }
            }
        }
        // 035: a number with the code of its system.
        tag => {
            let rule = format!("marc.{tag}.identifier");
            reading.rule(out, &rule, field, "a");
            let item = out.item();
            for text in field.every('a') {
                out.text(item, dc::IDENTIFIER, text, None);
            }
            field
                .every('z')
                .for_each(|text| no_longer(bf::LOCAL, text, "cancelled or invalid", reading, out));
        }
    }
}

fn other_standard<'r>(field: &Field<'r>, reading: &mut Reading<'r>, out: &mut Description<'_>) {
    reading.rule(out, "marc.024.identifier", field, "a");
    let source = field.first('2').unwrap_or_default().to_ascii_lowercase();
    for text in field.every('a') {
        let packed = compact(text);
        let (class, prefix, number) = match (field.indicator(1), source.as_str()) {
            ('0', _) => (bf::ISRC, "urn:isrc:", packed),
            ('1', _) => (bf::UPC, "", packed),
            // An ISMN began with M before it had thirteen digits; the check digit is the same.
            ('2', _) => {
                (bf::ISMN, "", packed.strip_prefix('M').map_or(packed.clone(), |rest| format!("9790{rest}")))
            }
            ('3', _) => (bf::EAN, "", packed),
            ('4', _) => (bf::SICI, "", text.to_owned()),
            ('7', "doi") => (
                bf::DOI,
                "https://doi.org/",
                // Every DOI begins with 10; what stands before it is a resolver, well spelt or not.
                text.find("10.").map_or(text, |at| &text[at..]).to_owned(),
            ),
            ('7', "hdl") => {
                (bf::HDL, "https://hdl.handle.net/", after_resolver(text, "hdl.handle.net/").to_owned())
            }
            ('7', "urn") => (bf::URN, "", text.to_owned()),
            ('7', "uri") => (bf::IDENTIFIER, "", text.to_owned()),
            ('7', "isni") => (bf::ISNI, "", packed),
            ('7', "isan") => (bf::ISAN, "", packed),
            ('7', "wikidata") => (
                bf::IDENTIFIER,
                "http://www.wikidata.org/entity/",
                after_resolver(text, "/entity/").to_owned(),
            ),
            _ => (bf::IDENTIFIER, "", text.to_owned()),
        };
        let node = number_of(class, prefix, &number, text, field.first('q'), reading, out);
        // A class of its own says of which scheme the number is; the others need the code.
        if let (Some(node), Some(source), true) = (node, field.first('2'), class == bf::IDENTIFIER) {
            out.text(node, bf::SOURCE, source, None);
        }
    }
    field.every('z').for_each(|text| no_longer(bf::IDENTIFIER, text, "cancelled or invalid", reading, out));
}

/// A number that is wrong or no longer valid: people still search by it, so the detail layer has it.
fn no_longer(
    class: NamedNodeRef<'static>,
    written: &str,
    why: &str,
    reading: &mut Reading<'_>,
    out: &mut Description<'_>,
) {
    let item = out.item();
    let node = numbered(out, "identifier", &mut reading.identifiers);
    out.link(item, bf::IDENTIFIED_BY, node);
    out.a(node, class);
    out.text(node, rdf::VALUE, trim(written), None);
    out.text(node, bf::STATUS, why, Some("en"));
}

/// What follows the address of a resolver, or the text itself.
fn after_resolver<'t>(text: &'t str, resolver: &str) -> &'t str {
    text.find(resolver).map_or(text, |at| &text[at + resolver.len()..])
}

/// One number: the core's text, and in the detail layer its class, what was written and its qualifier.
fn number_of(
    class: NamedNodeRef<'static>,
    prefix: &str,
    number: &str,
    written: &str,
    qualifier: Option<&str>,
    reading: &mut Reading<'_>,
    out: &mut Description<'_>,
) -> Option<Node> {
    if number.is_empty() {
        return None;
    }
    let item = out.item();
    let whole = format!("{prefix}{number}");
    // The same number again, often with a link of its own, tells nothing new.
    if reading.seen.contains(&whole) {
        return None;
    }
    out.text(item, dc::IDENTIFIER, &whole, None);
    reading.seen.push(whole);
    let node = numbered(out, "identifier", &mut reading.identifiers);
    out.link(item, bf::IDENTIFIED_BY, node);
    out.a(node, class);
    out.text(node, rdf::VALUE, written, None);
    if let Some(qualifier) = qualifier {
        out.text(node, bf::QUALIFIER, trim(qualifier).trim_matches(['(', ')', ' ', ':', ';']), None);
    }
    Some(node)
}

/// Tells the class that one 05X to 08X field puts the thing in.
pub(super) fn class<'r>(field: &Field<'r>, reading: &mut Reading<'r>, out: &mut Description<'_>) {
    let class = match field.tag() {
        "050" => bf::CLASSIFICATION_LCC,
        "060" => bf::CLASSIFICATION_NLM,
        "080" => bf::CLASSIFICATION_UDC,
        "082" | "083" => bf::CLASSIFICATION_DDC,
        _ => bf::CLASSIFICATION_CLASS,
    };
    let rule = format!("marc.{}.classification", field.tag());
    reading.rule(out, &rule, field, "a");
    let item = out.item();
    for text in field.every('a') {
        // A slash marks where a Dewey number may be cut.
        let portion =
            if class == bf::CLASSIFICATION_DDC { text.replace(['/', '\''], "") } else { text.to_owned() };
        // The auxiliaries of UDC belong to the number: `894.541-3(024.7)`.
        let portion = match field.tag() {
            "080" if field.first('x').is_some() && field.every('a').nth(1).is_none() => {
                field.every('x').fold(portion, |number, auxiliary| number + auxiliary)
            }
            _ => portion,
        };
        let node = numbered(out, "classification", &mut reading.classes);
        out.link(item, bf::CLASSIFICATION, node);
        out.a(node, class);
        out.text(node, bf::CLASSIFICATION_PORTION, &portion, None);
        if let Some(item_number) = field.first('b') {
            out.text(node, bf::ITEM_PORTION, item_number, None);
        }
        if let Some(source) = field.first('2') {
            out.text(node, bf::SOURCE, source, None);
        }
        // Which of several numbers the link is of cannot be told.
        if field.every('a').nth(1).is_none() {
            for iri in authorities::iris(field) {
                if let Some(other) = out.iri(&iri) {
                    out.link(node, skos::EXACT_MATCH, other);
                }
            }
        }
    }
}
