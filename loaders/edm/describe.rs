//! The whole record: whose words stand where.

use super::aggregation;
use super::context::Context;
use super::demands;
use super::object;
use super::rdf::{self, Graph, Resource, Value};
use super::record::EdmRecord;
use super::sector;
use crate::shared::core::{self, EdmType, Sector};
use graph_model::{Description, IssueKind};
use std::collections::HashSet;
use vocabularies::{dc, edm, ore, owl};

pub(super) fn describe(record: &EdmRecord, out: &mut Description<'_>) {
    let graph = &*record.graph;
    let parts = Parts::of(graph, &record.focus);
    out.rule("edm.ProvidedCHO.item", "edm:ProvidedCHO");
    let names =
        parts.aggregations.iter().flat_map(|one| ["dataProvider", "provider"].map(|name| (one, name)));
    let names: Vec<String> = names.flat_map(|(one, name)| object::names(graph, one, name)).collect();
    let sector = sector::of(names.iter().map(String::as_str)).unwrap_or(Sector::Library);
    let kind = edm_type(&parts, out);
    core::begin(out, sector, kind);
    for note in record.element().notes() {
        let (met, expected) = note.words();
        out.issue(IssueKind::BadEncoding, &met, expected);
    }
    let item = out.item();
    if !record.is_named() {
        let met = out.local().to_owned();
        out.issue(IssueKind::MissingIdentifier, &met, "an edm:ProvidedCHO with rdf:about");
    } else if record.focus.starts_with("http")
        && let Some(same) = out.iri(&object::escaped(&record.focus))
    {
        // The identifier of the provided object is the object's own.
        out.link(item, owl::SAME_AS, same);
    }
    if !parts.says("identifier") {
        let local = out.local().to_owned();
        out.text(item, dc::IDENTIFIER, &local, None);
    }
    let mut context = Context::new(graph);
    for provided in &parts.provided {
        object::describe(provided, item, &mut context, out);
    }
    for (number, proxy) in parts.aggregators.iter().enumerate() {
        out.rule("edm.Proxy.aggregator", "ore:Proxy");
        let node = out.fragment(&format!("aggregator-proxy-{}", number + 1));
        proxied(node, proxy, &mut context, out);
    }
    aggregation::describe(&parts, &mut context, out);
    for (number, proxy) in parts.europeana.iter().enumerate() {
        out.rule("edm.Proxy.europeana", "ore:Proxy");
        let node = match number {
            0 => out.fragment("europeana-proxy"),
            more => out.fragment(&format!("europeana-proxy-{}", more + 1)),
        };
        proxied(node, proxy, &mut context, out);
        out.text(node, edm::EUROPEANA_PROXY, "true", None);
    }
    demands::check(&parts, out);
}

/// The words of somebody else than the provider: a proxy of the item.
fn proxied(node: graph_model::Node, proxy: &Resource, context: &mut Context<'_>, out: &mut Description<'_>) {
    let (item, aggregation) = (out.item(), core::aggregation(out));
    out.a(node, ore::PROXY);
    out.link(node, ore::PROXY_FOR, item);
    out.link(aggregation, ore::AGGREGATES, node);
    object::describe(proxy, node, context, out);
}

/// The parts of a record by whose words they are.
pub(super) struct Parts<'g> {
    /// What the provider says of the object: the object itself and the provider's proxies.
    pub(super) provided: Vec<&'g Resource>,
    /// What aggregators between the provider and Europeana say.
    pub(super) aggregators: Vec<&'g Resource>,
    /// What Europeana says.
    pub(super) europeana: Vec<&'g Resource>,
    pub(super) aggregations: Vec<&'g Resource>,
    pub(super) europeana_aggregations: Vec<&'g Resource>,
    /// The digital objects, and whether an aggregation names them.
    pub(super) views: Vec<(&'g Resource, bool)>,
}

impl<'g> Parts<'g> {
    fn of(graph: &'g Graph, focus: &str) -> Self {
        let mut parts = Self {
            // A record without an object has the name of its aggregation, which says nothing of the object itself.
            provided: graph
                .find(focus)
                .into_iter()
                .filter(|one| rdf::is_object(one) || !one.is("Aggregation"))
                .collect(),
            aggregators: Vec::new(),
            europeana: Vec::new(),
            aggregations: Vec::new(),
            europeana_aggregations: Vec::new(),
            views: Vec::new(),
        };
        // With one object, parts whose references are broken are of it all the same.
        let alone = graph.objects <= 1;
        let all: Vec<&Resource> =
            if alone { graph.resources.iter().collect() } else { graph.about(focus).collect() };
        for one in all {
            // Some records give the object and its proxy one identifier: its words are there already.
            if one.is("Proxy") && one.id != focus {
                let words = one.values("europeanaProxy").find_map(Value::words);
                if words.is_some_and(|text| text.eq_ignore_ascii_case("true")) {
                    parts.europeana.push(one);
                } else if one.leads("lineage").next().is_some() {
                    parts.aggregators.push(one);
                } else {
                    parts.provided.push(one);
                }
            }
            if one.is("Aggregation") {
                parts.aggregations.push(one);
            }
            if one.is("EuropeanaAggregation") {
                parts.europeana_aggregations.push(one);
            }
        }
        let mut known: HashSet<&str> = HashSet::new();
        let named = parts.aggregations.iter().flat_map(|one| {
            ["isShownBy", "isShownAt", "object", "hasView"].into_iter().flat_map(|local| one.values(local))
        });
        for value in named {
            let (Value::Resource(id) | Value::Text { text: id, .. }) = value;
            if let Some(view) = graph.find(id)
                && view.is("WebResource")
                && known.insert(&view.id)
            {
                parts.views.push((view, true));
            }
        }
        if alone {
            let rest = graph.of("WebResource").filter(|view| known.insert(&view.id));
            parts.views.extend(rest.map(|view| (view, false)));
        }
        parts
    }

    /// Whether the provider, or whoever speaks in its stead, states the property.
    pub(super) fn says(&self, local: &str) -> bool {
        self.provided.iter().chain(&self.aggregators).any(|one| has_value(one, local))
    }
}

/// Whether a property has a value that is not empty.
pub(super) fn has_value(one: &Resource, local: &str) -> bool {
    one.values(local).any(|value| !value.is_empty())
}

fn edm_type(parts: &Parts<'_>, out: &mut Description<'_>) -> Option<EdmType> {
    let kinds = [EdmType::Text, EdmType::Image, EdmType::Sound, EdmType::Video, EdmType::ThreeD];
    let said = parts.provided.iter().chain(&parts.aggregators).chain(&parts.europeana);
    for value in said.flat_map(|one| {
        one.statements.iter().filter(|statement| {
            &*statement.property.local == "type" && &*statement.property.namespace == edm::NAMESPACE
        })
    }) {
        let Some(text) = value.value.words() else { continue };
        match kinds.iter().find(|kind| kind.as_str().eq_ignore_ascii_case(text)) {
            Some(kind) => return Some(*kind),
            None => {
                out.issue_at("edm:type", IssueKind::UnknownCode, text, "TEXT, IMAGE, SOUND, VIDEO or 3D");
            }
        }
    }
    None
}
