//! Gold out of records: whoever catalogued them gave agents, places and concepts the identifiers of authorities.
//!
//! Read are N-Quads that `aarre convert` makes of records, from the folder that `AARRE_GOLD_QUADS` names:
//!
//! ```text
//! aarre convert $AARRE_REAL_DATA/marc --out quads/marc.nq; aarre convert $AARRE_REAL_DATA/lido --out quads/lido.nq
//! ```
//!
//! The identifiers are taken out. The authority has an entry for each, with the names and dates of one entity that carries
//! it; the other ways in which records name the same entity are what is to be found, and where there is only one way, that.

use super::gold::{Gold, hash, year};
use graph_reconcile::authority::{Draft, normalised};
use graph_reconcile::matching::Mention;
use graph_reconcile::{Kind, Label, Years};
use oxrdf::{NamedOrBlankNode, Term};
use std::collections::BTreeMap;
use std::path::Path;
use vocabularies::{foaf, owl, rdagr2, rdf, skos};

/// The authorities whose identifiers are taken; ours are the ones that say who or what an entity is.
const AUTHORITIES: &[&str] = &[
    "http://d-nb.info/gnd/",
    "http://www.yso.fi/onto/yso/",
    "http://www.wikidata.org/entity/",
    "http://viaf.org/viaf/",
    "http://vocab.getty.edu/",
    "http://sws.geonames.org/",
    "http://id.loc.gov/authorities/",
    "http://nomisma.org/id/",
];

/// What one record says of an entity.
#[derive(Debug, Default, Clone, PartialEq)]
struct Told {
    mention: Mention,
    is_person: bool,
}

/// The gold out of the files of a folder, in the order of their names.
pub(crate) fn records(folder: &Path) -> Gold {
    let mut told: BTreeMap<String, Vec<Mention>> = BTreeMap::new();
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files {
        entities(&std::fs::read(file).unwrap(), &mut told);
    }
    let (mut entries, mut mentions) = (Vec::new(), Vec::new());
    for (identifier, mut ways) in told {
        // The same words in two records are one way.
        ways.sort_by_key(|mention| hash(&format!("{identifier} {:?}", said(mention))));
        ways.dedup_by(|one, other| said(one) == said(other));
        let Some(first) = ways.first() else { continue };
        entries.push(Draft {
            iri: identifier.clone(),
            kind: first.kind,
            labels: first.labels.clone(),
            born: first.born,
            died: first.died,
            ..Draft::default()
        });
        let others = if ways.len() > 1 { &ways[1..] } else { &ways[..] };
        for (number, mention) in others.iter().enumerate() {
            // An identifier of its own for each, so that both halves of the gold have of all.
            let iri = format!("{identifier}#{number}");
            mentions.push((
                Mention { iri, identifiers: Vec::new(), ..mention.clone() },
                Some(identifier.clone()),
            ));
        }
    }
    Gold { name: "records", entries, mentions }
}

/// What counts as one way of telling of an entity.
fn said(mention: &Mention) -> (Kind, &[Label<'static>], Option<Years>, Option<Years>) {
    (mention.kind, &mention.labels, mention.born, mention.died)
}

/// What a dataset says of its agents, places and concepts.
fn entities(quads: &[u8], told: &mut BTreeMap<String, Vec<Mention>>) {
    let mut found: BTreeMap<String, Told> = BTreeMap::new();
    for quad in oxttl::NQuadsParser::new().for_slice(quads).flatten() {
        let NamedOrBlankNode::NamedNode(subject) = &quad.subject else { continue };
        let Some((_, rest)) = subject.as_str().split_once("/id/") else { continue };
        let kind = match rest.split('/').next() {
            Some("agent") => Kind::Unknown,
            Some("organization") => Kind::Organization,
            Some("place") => Kind::Place,
            Some("concept") => Kind::Concept,
            _ => continue,
        };
        let entity = found.entry(subject.as_str().to_owned()).or_default();
        entity.mention.kind = kind;
        let object = match &quad.object {
            Term::NamedNode(node) => node.as_str(),
            Term::Literal(literal) => literal.value(),
            _ => continue,
        };
        let predicate = quad.predicate.as_ref();
        if predicate == rdf::TYPE {
            entity.is_person |= object == foaf::PERSON.as_str();
        } else if predicate == skos::PREF_LABEL {
            entity.mention.labels.push(Label::preferred(object.to_owned()));
        } else if predicate == skos::ALT_LABEL {
            entity.mention.labels.push(Label::alternative(object.to_owned()));
        } else if predicate == rdagr2::DATE_OF_BIRTH {
            entity.mention.born = year(object);
        } else if predicate == rdagr2::DATE_OF_DEATH {
            entity.mention.died = year(object);
        } else if predicate == owl::SAME_AS || predicate == skos::EXACT_MATCH {
            entity.mention.identifiers.push(normalised(object).into_owned());
        }
    }
    for Told { mut mention, is_person } in found.into_values() {
        if is_person {
            mention.kind = Kind::Person;
        }
        mention.labels.sort();
        mention.labels.dedup();
        if mention.labels.is_empty() || mention.kind == Kind::Unknown {
            continue;
        }
        // The first authority of the list that gave one, so that an entity has one entry.
        let identifier = AUTHORITIES.iter().find_map(|authority| {
            mention.identifiers.iter().find(|identifier| identifier.starts_with(authority))
        });
        if let Some(identifier) = identifier.cloned() {
            told.entry(identifier).or_default().push(mention);
        }
    }
}
