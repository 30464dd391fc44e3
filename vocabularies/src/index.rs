//! Looks terms up by IRI: what a page needs to show words instead of IRIs.

include!(concat!(env!("OUT_DIR"), "/index.rs"));

/// Every prefix with its namespace, sorted by prefix: vocabularies and well-known sets of instances.
pub const PREFIXES: &[(&str, &str)] = PREFIX_TABLE;

/// What a term is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TermKind {
    /// A class or a datatype.
    Class,
    /// A property.
    Property,
    /// A named individual.
    Individual,
}

/// One term of a vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// The whole IRI.
    pub iri: &'static str,
    /// The prefix of its vocabulary.
    pub prefix: &'static str,
    /// The local name.
    pub name: &'static str,
    /// Class, property or individual.
    pub kind: TermKind,
    /// The local name as English words.
    pub label: &'static str,
    /// A short definition.
    pub definition: &'static str,
}

/// The labels that pages show for one term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Labels {
    /// The term's IRI.
    pub iri: &'static str,
    /// English.
    pub en: &'static str,
    /// Finnish.
    pub fi: &'static str,
    /// Swedish.
    pub sv: &'static str,
    /// Ukrainian.
    pub uk: &'static str,
}

/// All terms of all vocabularies, sorted by IRI.
#[must_use]
pub fn terms() -> &'static [Term] {
    TERM_TABLE
}

/// The term with this IRI, if a vocabulary listed here has it.
#[must_use]
pub fn term(iri: &str) -> Option<&'static Term> {
    let found = TERM_TABLE.binary_search_by(|term| term.iri.cmp(iri)).ok()?;
    TERM_TABLE.get(found)
}

/// An English label: the one that pages show where there is one, otherwise the term's name as words.
#[must_use]
pub fn label_of(iri: &str) -> Option<&'static str> {
    page_labels(iri).map(|labels| labels.en).or_else(|| Some(term(iri)?.label))
}

/// The label in a language (`en`, `fi`, `sv`, `uk`; a longer tag such as `sv-FI` counts as its first part), or the
/// English one when there is none in that language.
///
/// ```
/// assert_eq!(vocabularies::label(vocabularies::dc::TITLE.as_str(), "fi"), Some("Nimeke"));
/// assert_eq!(vocabularies::label(vocabularies::bf::SCALE.as_str(), "fi"), Some("scale"));
/// ```
#[must_use]
pub fn label(iri: &str, language: &str) -> Option<&'static str> {
    let primary = language.split(['-', '_']).next().unwrap_or_default();
    let labels = page_labels(iri);
    let found = labels.and_then(|labels| match primary {
        "fi" => Some(labels.fi),
        "sv" => Some(labels.sv),
        "uk" => Some(labels.uk),
        _ => None,
    });
    found.or_else(|| label_of(iri))
}

fn page_labels(iri: &str) -> Option<&'static Labels> {
    let found = LABEL_TABLE.binary_search_by(|labels| labels.iri.cmp(iri)).ok()?;
    LABEL_TABLE.get(found)
}

/// The IRI as a prefixed name (`dcterms:isPartOf`), if its namespace is known and what is left is a plain local
/// name.
///
/// ```
/// assert_eq!(vocabularies::qname("http://www.wikidata.org/entity/Q42").as_deref(), Some("wd:Q42"));
/// assert_eq!(vocabularies::qname("http://example.org/x"), None);
/// ```
#[must_use]
pub fn qname(iri: &str) -> Option<String> {
    let fits = PREFIXES.iter().filter(|(_, namespace)| iri.starts_with(namespace));
    let (prefix, namespace) = fits.max_by_key(|(_, namespace)| namespace.len())?;
    let name = &iri[namespace.len()..];
    let plain = name.chars().all(|letter| letter.is_alphanumeric() || letter == '_' || letter == '-');
    (plain && !name.is_empty()).then(|| format!("{prefix}:{name}"))
}
