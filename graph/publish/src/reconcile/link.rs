//! Links as statements: what is said of two entities, and an assertion with the evidence for it.

use super::difference::Difference;
use graph_reconcile::decisions::Decision;
use graph_reconcile::matching::Method;
use graph_store::StoreError;
use graph_store::rdf::{Literal, NamedNode, NamedNodeRef, Quad, Term};
use vocabularies::{aarre, bf, dcterms, owl, rdf, skos, xsd};
use xxhash_rust::xxh3::xxh3_64;

/// What a link says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Says {
    /// They are not the same, whatever anybody finds.
    Different,
    /// Somebody should look whether they are the same.
    Close,
    /// They are the same.
    Same,
    /// Items that describe the same edition, each its own copy.
    Edition,
    /// The first is what the second was merged into.
    Merged,
}

/// A link and what it rests on.
#[derive(Debug, Clone)]
pub(super) struct Link {
    pub(super) one: String,
    pub(super) other: String,
    pub(super) says: Says,
    pub(super) probability: f32,
    /// How it was found, in words.
    pub(super) method: &'static str,
    /// In what they agree, in words.
    pub(super) features: Vec<String>,
    /// The identifier that proves it.
    pub(super) identifier: Option<String>,
    /// The others that were considered, the likeliest first.
    pub(super) considered: Vec<String>,
    /// The graph of the mirror that the other entity stands in.
    pub(super) mirror: Option<String>,
    /// When that mirror was made.
    pub(super) mirrored: Option<String>,
}

/// How an outcome was reached, in words.
pub(super) fn in_words(method: Method) -> &'static str {
    match method {
        Method::Identifier => "the same identifier of an authority file",
        Method::ExactKey => "the same name, and what else is known agrees",
        Method::Model => "features of names, dates and kinds, weighed by the model",
    }
}

/// A share with three digits, as `xsd:decimal`.
fn decimal(share: f32) -> Literal {
    let text = format!("{share:.3}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    Literal::new_typed_literal(if text.is_empty() { "0" } else { text }, xsd::DECIMAL)
}

impl Link {
    /// A link that rests on nothing but what somebody decided.
    pub(super) fn decided(one: &str, other: &str, says: Says) -> Self {
        Self {
            one: one.to_owned(),
            other: other.to_owned(),
            says,
            probability: 1.0,
            method: "decided by a person",
            features: Vec::new(),
            identifier: None,
            considered: Vec::new(),
            mirror: None,
            mirrored: None,
        }
    }

    /// Says the link and its evidence; `decision` is what somebody decided about it.
    pub(super) fn put(
        &self,
        decision: Option<&Decision>,
        out: &mut Difference<'_>,
    ) -> Result<(), StoreError> {
        let graph = out.graph().clone();
        let predicate: NamedNodeRef<'static> = match self.says {
            Says::Same | Says::Merged => skos::EXACT_MATCH,
            Says::Edition => bf::HAS_EQUIVALENT,
            Says::Close => skos::CLOSE_MATCH,
            Says::Different => owl::DIFFERENT_FROM,
        };
        let node = |iri: &str| NamedNode::new_unchecked(iri);
        let (one, other) = (node(&self.one), node(&self.other));
        let assertion = node(&format!("{}#{}", graph.as_str(), self.name()));
        let mut put = |subject: &NamedNode, predicate: NamedNodeRef<'static>, object: Term| {
            out.put(Quad::new(subject.clone(), predicate, object, graph.clone()))
        };
        put(&one, predicate, other.clone().into())?;
        if self.says == Says::Merged {
            put(&other, dcterms::IS_REPLACED_BY, one.clone().into())?;
        }
        let text = |text: &str| Term::from(Literal::new_simple_literal(text));
        put(&assertion, rdf::TYPE, aarre::LINK_ASSERTION.into_owned().into())?;
        put(&assertion, rdf::SUBJECT, one.into())?;
        put(&assertion, rdf::PREDICATE, predicate.into_owned().into())?;
        put(&assertion, rdf::OBJECT, other.into())?;
        put(&assertion, aarre::LINK_METHOD, text(self.method))?;
        put(&assertion, aarre::SCORE, decimal(self.probability).into())?;
        if let Some(identifier) = &self.identifier {
            put(&assertion, aarre::EVIDENCE, node(identifier).into())?;
        }
        for feature in &self.features {
            put(&assertion, aarre::EVIDENCE, text(feature))?;
        }
        for considered in &self.considered {
            put(&assertion, aarre::CONSIDERED, node(considered).into())?;
        }
        if let Some(mirror) = &self.mirror {
            put(&assertion, aarre::MIRROR, node(mirror).into())?;
        }
        if let Some(mirrored) = &self.mirrored {
            put(&assertion, aarre::MIRRORED_AT, Literal::new_typed_literal(mirrored, xsd::DATE_TIME).into())?;
        }
        let Some(decision) = decision else { return Ok(()) };
        put(&assertion, aarre::DECISION, text(decided(self.says)))?;
        put(
            &assertion,
            aarre::DECISION_NUMBER,
            Literal::new_typed_literal(decision.id.to_string(), xsd::INTEGER).into(),
        )?;
        put(&assertion, aarre::DECIDED_BY, text(&decision.who))?;
        put(
            &assertion,
            aarre::DECIDED_AT,
            Literal::new_typed_literal(&decision.when, xsd::DATE_TIME).into(),
        )?;
        if let Some(why) = &decision.why {
            put(&assertion, aarre::DECIDED_BECAUSE, text(why))?;
        }
        Ok(())
    }

    /// The name of the assertion: it is the same from run to run, for as long as the two are linked.
    fn name(&self) -> String {
        let parts = format!("{}\n{}", self.one, self.other);
        format!("link-{:016x}", xxh3_64(parts.as_bytes()))
    }
}

fn decided(says: Says) -> &'static str {
    match says {
        Says::Different => "never the same",
        Says::Close => "open",
        Says::Same | Says::Edition => "accepted",
        Says::Merged => "merged",
    }
}
