//! What the elements of LIDO have in common: languages, preferred names, concepts with their identifiers.

use super::draft::Draft;
use super::table;
use crate::shared::languages;
use crate::shared::xml::ElementRef;
use graph_model::{Concept, IssueKind, Node};
use std::borrow::Cow;
use vocabularies::skos;

/// A text and its language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Label<'e> {
    pub(super) text: Cow<'e, str>,
    pub(super) language: Option<&'e str>,
    pub(super) rank: Rank,
}

/// What a source says about a name among others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rank {
    Preferred,
    Unsaid,
    Alternate,
    /// The preferred name once more, as it is shown.
    Display,
}

impl<'e> Label<'e> {
    pub(super) fn of(element: ElementRef<'e>, language: Option<&'e str>) -> Self {
        let rank = match element.attribute("pref").and_then(|pref| table::find("preference", pref)) {
            Some("preferred") => Rank::Preferred,
            Some("alternate") => Rank::Alternate,
            Some("display") => Rank::Display,
            _ => Rank::Unsaid,
        };
        Self { text: element.text(), language, rank }
    }
}

/// The language that an element itself states.
pub(super) fn own_language(element: ElementRef<'_>) -> Option<&str> {
    // Some exports lost the prefix of `xml:lang`.
    let written = element.attribute("xml:lang").or_else(|| element.attribute("lang"))?.trim();
    let plain = written.len() == 2 && written.bytes().all(|b| b.is_ascii_lowercase());
    if plain {
        return Some(written);
    }
    languages::tag(written).or((!written.is_empty()).then_some(written))
}

/// The language of an element: its own, or that of the nearest element around that states one.
pub(super) fn language(element: ElementRef<'_>) -> Option<&str> {
    std::iter::successors(Some(element), |element| element.parent()).find_map(own_language)
}

/// The texts of the children with a name that are not empty.
pub(super) fn texts<'e>(element: ElementRef<'e>, name: &'static str) -> impl Iterator<Item = Label<'e>> {
    element
        .children(name)
        .map(|child| Label::of(child, language(child)))
        .filter(|label| !label.text.is_empty())
}

/// The first text of a child with a name.
pub(super) fn text<'e>(element: ElementRef<'e>, name: &'static str) -> Option<Label<'e>> {
    texts(element, name).next()
}

/// One name for each language, the preferred before others, and all further names.
#[derive(Debug, Default)]
pub(super) struct Names<'e> {
    /// The first is the one to go by.
    pub(super) preferred: Vec<Label<'e>>,
    pub(super) others: Vec<Label<'e>>,
}

impl<'e> Names<'e> {
    /// Sorts names into preferred and other ones. `inherit` says whether a name without a language is in that
    /// of the elements around: the names of places are, those of people are not.
    pub(super) fn of(elements: impl Iterator<Item = ElementRef<'e>>, inherit: Inherit) -> Self {
        let labels = elements
            .map(|element| {
                let tag = match inherit {
                    Inherit::Yes => language(element),
                    Inherit::No => own_language(element),
                };
                Label::of(element, tag)
            })
            .filter(|label| !label.text.is_empty());
        Self::sort(labels.collect())
    }

    pub(super) fn sort(mut labels: Vec<Label<'e>>) -> Self {
        labels.sort_by_key(|label| match label.rank {
            Rank::Preferred => 0,
            Rank::Unsaid => 1,
            Rank::Alternate => 2,
            Rank::Display => 3,
        });
        let mut names = Self::default();
        for label in labels {
            let same = |known: &Label<'_>| known.text == label.text && known.language == label.language;
            if names.preferred.iter().chain(&names.others).any(same) {
                continue;
            }
            if names.preferred.iter().all(|known| known.language != label.language) {
                names.preferred.push(label);
            } else if label.rank != Rank::Display {
                names.others.push(label);
            }
        }
        names
    }

    pub(super) fn first(&self) -> Option<&Label<'e>> {
        self.preferred.first()
    }

    /// States the names beside the first, which the entity was described with.
    pub(super) fn state_rest(&self, draft: &mut Draft<'_, '_>, node: Node) {
        for label in self.preferred.iter().skip(1) {
            draft.out.text(node, skos::PREF_LABEL, &label.text, label.language);
        }
        for label in &self.others {
            draft.out.text(node, skos::ALT_LABEL, &label.text, label.language);
        }
    }
}

/// Whether a language is taken from the elements around.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Inherit {
    Yes,
    No,
}

/// A concept: its names and its IRIs in authority files.
#[derive(Debug, Default)]
pub(super) struct Term<'e> {
    pub(super) names: Names<'e>,
    pub(super) iris: Vec<String>,
}

impl Term<'_> {
    /// The label to go by.
    pub(super) fn label(&self) -> Option<&str> {
        self.names.first().map(|label| &*label.text)
    }

    /// Whether a row of the table fits one of the IRIs or names.
    pub(super) fn find(&self, kind: &str) -> Option<&'static str> {
        let names = self.names.preferred.iter().chain(&self.names.others).map(|label| &*label.text);
        self.iris.iter().map(String::as_str).chain(names).find_map(|word| table::find(kind, word))
    }

    /// Describes the concept. One without a name is the IRI of an authority itself.
    pub(super) fn node(&self, draft: &mut Draft<'_, '_>) -> Option<Node> {
        let Some(first) = self.names.first() else {
            return draft.out.iri(self.iris.first()?);
        };
        let concept =
            Concept { label: &first.text, language: first.language, scheme: None, same_as: &self.iris };
        let node = draft.out.concept(&concept)?;
        self.names.state_rest(draft, node);
        Some(node)
    }
}

/// The identifiers in children of a name that are IRIs. What claims to be one and is none becomes an issue,
/// unless it is the code of an organization that is told apart by itself (ISIL).
pub(super) fn iris(draft: &mut Draft<'_, '_>, element: ElementRef<'_>, name: &'static str) -> Vec<String> {
    let mut iris = Vec::new();
    for child in element.children(name) {
        let text = child.text();
        if text.starts_with("http://") || text.starts_with("https://") || text.starts_with("urn:") {
            if let Some(iri) = table::thing(&text)
                && !iris.iter().any(|known| *known == iri)
            {
                iris.push(iri.into_owned());
            }
        } else if !text.is_empty()
            && name != "legalBodyID"
            && child.attribute("type").and_then(|kind| table::find("identifier", kind)) == Some("iri")
        {
            draft.out.issue(IssueKind::BadIri, &text, "an absolute IRI, as its type says");
        }
    }
    iris
}

/// The concepts of an element with `conceptID`, `term` and, from LIDO 1.1 on, `skos:Concept`. Mostly there is
/// one; several terms in one language and without identifiers are as many concepts.
pub(super) fn terms<'e>(draft: &mut Draft<'_, '_>, element: ElementRef<'e>) -> Vec<Term<'e>> {
    let mut iris = iris(draft, element, "conceptID");
    let mut labels: Vec<Label<'e>> = Vec::new();
    let mut added: Vec<Label<'e>> = Vec::new();
    let mut nested = false;
    for child in element.elements() {
        nested = true;
        match child.name() {
            // A term added for searching is mostly a broader one, so it is no name of the concept.
            "term" if child.attribute("addedSearchTerm") == Some("yes") => {
                added.push(Label::of(child, language(child)));
            }
            "term" => labels.push(Label::of(child, language(child))),
            "Concept" => concept(child, &mut labels, &mut iris),
            _ => {}
        }
    }
    if !nested {
        labels.push(Label::of(element, language(element)));
    }
    labels.retain(|label| !label.text.is_empty());
    if labels.is_empty() && iris.is_empty() {
        labels = added;
        labels.retain(|label| !label.text.is_empty());
    }
    if labels.is_empty() && iris.is_empty() {
        return Vec::new();
    }
    let names = Names::sort(labels);
    if !iris.is_empty() || names.others.iter().any(|label| label.rank == Rank::Alternate) {
        return vec![Term { names, iris }];
    }
    let Names { preferred, others } = names;
    let first = Term { names: Names { preferred, others: Vec::new() }, iris };
    let further = others
        .into_iter()
        .map(|label| Term { names: Names { preferred: vec![label], others: Vec::new() }, iris: Vec::new() });
    std::iter::once(first).chain(further).collect()
}

/// Reads a `skos:Concept` as LIDO 1.1 embeds it.
fn concept<'e>(concept: ElementRef<'e>, labels: &mut Vec<Label<'e>>, iris: &mut Vec<String>) {
    let mut add = |iri: &str| {
        if let Some(iri) = table::thing(iri)
            && iri.starts_with("http")
            && !iris.iter().any(|known| *known == iri)
        {
            iris.push(iri.into_owned());
        }
    };
    if let Some(about) = concept.attribute("rdf:about") {
        add(about);
    }
    for child in concept.elements() {
        match child.name() {
            "prefLabel" => {
                labels.push(Label {
                    text: child.text(),
                    language: own_language(child),
                    rank: Rank::Preferred,
                });
            }
            "altLabel" => {
                labels.push(Label {
                    text: child.text(),
                    language: own_language(child),
                    rank: Rank::Alternate,
                });
            }
            "exactMatch" => add(child.attribute("rdf:resource").unwrap_or(&child.text())),
            _ => {}
        }
    }
}
