//! Properties by their prefixed names: those of the vocabularies, and those of a prefix that the owner declares.

use super::file::Source;
use super::nearest::nearest;
use super::rule::Kind;
use crate::SetupError;
use crate::shared::core::View;
use oxrdf::{NamedNode, NamedNodeRef};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::{LazyLock, Mutex, PoisonError};
use toml::Spanned;
use vocabularies::{TermKind, dc, dcterms, edm};

/// The prefixes that a file may use.
pub(super) struct Vocabulary {
    own: BTreeMap<String, String>,
}

/// Where on the aggregation a property has its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aggregated {
    DataProvider,
    Provider,
    View(View),
    Rights,
}

/// Whether a property belongs to the aggregation of the item.
pub(super) fn aggregated(property: NamedNodeRef<'_>) -> Option<Aggregated> {
    Some(match property {
        edm::DATA_PROVIDER => Aggregated::DataProvider,
        edm::PROVIDER => Aggregated::Provider,
        edm::IS_SHOWN_AT => Aggregated::View(View::ShownAt),
        edm::IS_SHOWN_BY => Aggregated::View(View::ShownBy),
        edm::OBJECT => Aggregated::View(View::Preview),
        edm::HAS_VIEW => Aggregated::View(View::Other),
        edm::RIGHTS => Aggregated::Rights,
        _ => return None,
    })
}

impl Kind {
    /// What a value becomes: what is written, or what the core layer has for the property.
    pub(super) fn of(property: Option<NamedNodeRef<'_>>, written: Option<Self>) -> Self {
        let usual = match property {
            Some(edm::RIGHTS) => return Self::Rights,
            Some(dc::CREATOR | dc::CONTRIBUTOR | dc::PUBLISHER) => Self::Agent,
            Some(dcterms::CREATED | dcterms::ISSUED | dcterms::TEMPORAL) => Self::Date,
            Some(dc::TYPE | dcterms::MEDIUM | dc::SUBJECT) => Self::Concept,
            Some(dcterms::SPATIAL | edm::CURRENT_LOCATION) => Self::Place,
            Some(dcterms::IS_PART_OF | dcterms::HAS_PART) => Self::Item,
            Some(edm::IS_SHOWN_AT | edm::IS_SHOWN_BY | edm::OBJECT | edm::HAS_VIEW) => Self::Iri,
            _ => Self::Text,
        };
        written.unwrap_or(usual)
    }
}

impl Vocabulary {
    pub(super) fn new(
        prefixes: &BTreeMap<String, Spanned<String>>,
        source: Source<'_>,
    ) -> Result<Self, SetupError> {
        let mut own = BTreeMap::new();
        for (prefix, namespace) in prefixes {
            let taken = vocabularies::PREFIXES.iter().find(|(known, _)| known == prefix);
            if let Some((_, taken)) = taken
                && taken != namespace.get_ref()
            {
                return Err(source.fault(
                    namespace.span(),
                    format!("the prefix '{prefix}', which means {taken}"),
                    "a prefix of your own",
                ));
            }
            let iri = namespace.get_ref();
            let ends = iri.ends_with(['/', '#']);
            if !ends || !is_web(iri) {
                return Err(source.fault(
                    namespace.span(),
                    format!("'{iri}'"),
                    "an absolute IRI that ends in '/' or '#', such as https://example.org/terms#",
                ));
            }
            own.insert(prefix.clone(), iri.clone());
        }
        Ok(Self { own })
    }

    fn namespace(&self, prefix: &str) -> Option<(&str, bool)> {
        if let Some(own) = self.own.get(prefix) {
            return Some((own, true));
        }
        let known = vocabularies::PREFIXES.iter().find(|(known, _)| *known == prefix);
        known.map(|(_, namespace)| (*namespace, false))
    }

    /// The property of a prefixed name. Of a vocabulary that is known it has to be one of its properties.
    pub(super) fn property(
        &self,
        written: &str,
        span: Range<usize>,
        source: Source<'_>,
    ) -> Result<NamedNodeRef<'static>, SetupError> {
        let prefixes = || {
            let known = vocabularies::PREFIXES.iter().map(|(prefix, _)| *prefix);
            known.chain(self.own.keys().map(String::as_str)).collect::<Vec<_>>()
        };
        let Some((prefix, name)) = written.split_once(':') else {
            let near = vocabularies::terms()
                .iter()
                .filter(|term| {
                    term.kind == TermKind::Property && matches!(term.prefix, "dc" | "dcterms" | "edm")
                })
                .find(|term| term.name.eq_ignore_ascii_case(written));
            let expected = match near {
                Some(term) => format!("{}:{}? A property is written with its prefix", term.prefix, term.name),
                None => "a property with its prefix, such as dc:subject".to_owned(),
            };
            return Err(source.fault(span, format!("'{written}'"), expected));
        };
        let Some((namespace, own)) = self.namespace(prefix) else {
            let prefixes = prefixes();
            let expected = match nearest(prefix, prefixes.iter().copied()) {
                Some(near) => format!("{near}:{name}? Prefixes of your own are declared under [prefixes]"),
                None => {
                    format!("one of the prefixes {}, or one declared under [prefixes]", prefixes.join(", "))
                }
            };
            return Err(source.fault(span, format!("the prefix '{prefix}'"), expected));
        };
        let iri = format!("{namespace}{name}");
        if own {
            let plain =
                !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
            return if plain && is_web(&iri) {
                Ok(kept(&iri))
            } else {
                let expected = "a name of letters, figures, '_' and '-' after the prefix";
                Err(source.fault(span, format!("'{written}'"), expected))
            };
        }
        if let Some(term) = vocabularies::term(&iri).filter(|term| term.kind == TermKind::Property) {
            return Ok(NamedNodeRef::new_unchecked(term.iri));
        }
        let names = vocabularies::terms()
            .iter()
            .filter(|term| term.prefix == prefix && term.kind == TermKind::Property)
            .map(|term| term.name);
        let expected = match nearest(name, names) {
            Some(near) => format!("{prefix}:{near}?"),
            None => format!("a property of the vocabulary {prefix}"),
        };
        Err(source.fault(span, format!("'{written}'"), expected))
    }

    /// An IRI, written out or with a prefix.
    pub(super) fn iri(
        &self,
        written: &str,
        span: Range<usize>,
        source: Source<'_>,
    ) -> Result<String, SetupError> {
        let iri = self.expanded(written);
        if is_web(&iri) || iri.starts_with("urn:") {
            Ok(iri)
        } else {
            let expected = "an absolute IRI such as https://example.org/1, or one with a prefix";
            Err(source.fault(span, format!("'{written}'"), expected))
        }
    }

    /// A text that begins with a known prefix, such as `wd:Q42`, with the whole namespace; any other text as it is.
    pub(super) fn expanded(&self, text: &str) -> String {
        match text.split_once(':').and_then(|(prefix, name)| Some((self.namespace(prefix)?.0, name))) {
            Some((namespace, name)) => format!("{namespace}{name}"),
            None => text.to_owned(),
        }
    }
}

fn is_web(iri: &str) -> bool {
    (iri.starts_with("http://") || iri.starts_with("https://")) && NamedNode::new(iri).is_ok()
}

/// Documents hold predicates by reference, as nearly all are constants. The few of owners are kept once each for as long
/// as the program runs.
fn kept(iri: &str) -> NamedNodeRef<'static> {
    static KEPT: LazyLock<Mutex<BTreeSet<&'static str>>> = LazyLock::new(Mutex::default);
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    let known = kept.get(iri).copied().unwrap_or_else(|| {
        let new: &'static str = Box::leak(iri.to_owned().into_boxed_str());
        kept.insert(new);
        new
    });
    NamedNodeRef::new_unchecked(known)
}
