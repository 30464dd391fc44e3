//! Aggregations and digital objects: who gives the object, where it is shown, under which rights.

use super::context::Context;
use super::describe::Parts;
use super::object::{self, PID, generic};
use super::rdf::{Resource, Statement, Value};
use super::table;
use crate::shared::core::{self, View};
use crate::shared::rights;
use graph_model::{Description, IssueKind, Node};
use oxrdf::NamedNodeRef;
use vocabularies::{cc, dc, edm, ore, owl, skos, svcs};

/// States the provider's aggregation, its digital objects, and Europeana's aggregation.
pub(super) fn describe(parts: &Parts<'_>, context: &mut Context<'_>, out: &mut Description<'_>) {
    let node = core::aggregation(out);
    for aggregation in &parts.aggregations {
        // Some records give several parts one identifier; each says what stands in it.
        for statement in aggregation.statements.iter().filter(|one| is_of(one, "Aggregation")) {
            one(node, statement, context, out);
        }
    }
    for aggregation in &parts.europeana_aggregations {
        europeana(aggregation, context, out);
    }
    for (view, named) in &parts.views {
        web_resource(view, *named, context, out);
    }
}

/// Whether a statement stands in a part of this class, or in one that does not tell its class by its name.
fn is_of(statement: &Statement, class: &str) -> bool {
    let classes =
        ["ProvidedCHO", "PhysicalThing", "Proxy", "Aggregation", "EuropeanaAggregation", "WebResource"];
    *statement.node == *class || !classes.contains(&&*statement.node)
}

fn one(node: Node, statement: &Statement, context: &mut Context<'_>, out: &mut Description<'_>) {
    let local = &*statement.property.local;
    out.rule(&format!("edm.{local}.{local}"), &format!("{}/edm:{local}", statement.node));
    match local {
        // Quality annotations are Europeana's opinion; see the essay of this module.
        "aggregatedCHO" | "aggregates" | "hasQualityAnnotation" => {}
        "dataProvider" | "provider" | "intermediateProvider" => {
            provider(node, local, &statement.value, context, out);
        }
        "isShownAt" | "isShownBy" | "object" | "hasView" => view(node, local, &statement.value, out),
        "rights" if &*statement.property.namespace == edm::NAMESPACE => {
            licence(node, &statement.value, context, out);
        }
        _ => match table::term(&statement.property) {
            Some(property) => generic(node, property, &statement.value, context, out),
            None => {
                let path = format!("{}/{local}", statement.node);
                out.issue_at(&path, IssueKind::UnmappedField, local, "a property of EDM");
            }
        },
    }
}

/// An organization by its name, or by its IRI with the names that the record gives it.
fn provider(node: Node, local: &str, value: &Value, context: &mut Context<'_>, out: &mut Description<'_>) {
    let property = match local {
        "dataProvider" => edm::DATA_PROVIDER,
        "provider" => edm::PROVIDER,
        _ => edm::INTERMEDIATE_PROVIDER,
    };
    let organization = match value {
        Value::Text { text, .. } if text.is_empty() => return,
        Value::Text { text, language, .. } => {
            let tag = language.as_deref().and_then(|code| object::tag(code, out));
            core::organization(out, text, tag.as_deref())
        }
        Value::Resource(id) => {
            let mut labels = Vec::new();
            for label in context.graph().find(id).into_iter().flat_map(|one| one.values("prefLabel")) {
                if let Value::Text { text, language, .. } = label {
                    labels.push((text.as_str(), language.as_deref()));
                }
            }
            match labels.first() {
                Some((name, language)) => {
                    let tag = language.as_deref().and_then(|code| object::tag(code, out));
                    let organization = core::organization(out, name, tag.as_deref());
                    if let Some(organization) = organization {
                        if let Some(same) = object::external(id, out) {
                            out.link(organization, owl::SAME_AS, same);
                        }
                        for (name, language) in &labels[1..] {
                            let tag = language.as_deref().and_then(|code| object::tag(code, out));
                            out.text(organization, skos::PREF_LABEL, name, tag.as_deref());
                        }
                    }
                    organization
                }
                None => object::external(id, out),
            }
        }
    };
    let Some(organization) = organization else { return };
    // Of each there is one; a second name, as in another language, is no second provider.
    if property != edm::INTERMEDIATE_PROVIDER && out.states(node, property) {
        let met = out.iri_of(organization).to_owned();
        out.issue(IssueKind::BadStructure, &met, format!("one edm:{local}"));
        out.link(node, edm::INTERMEDIATE_PROVIDER, organization);
        return;
    }
    out.link(node, property, organization);
}

fn view(node: Node, local: &str, value: &Value, out: &mut Description<'_>) {
    let url = match value {
        Value::Resource(id) => id.clone(),
        Value::Text { text, .. } if text.is_empty() => return,
        Value::Text { text, .. } => {
            out.issue(IssueKind::BadStructure, text, "a reference in rdf:resource");
            text.to_string()
        }
    };
    let (mut view, property) = match local {
        "isShownAt" => (View::ShownAt, edm::IS_SHOWN_AT),
        "isShownBy" => (View::ShownBy, edm::IS_SHOWN_BY),
        "object" => (View::Preview, edm::OBJECT),
        _ => (View::Other, edm::HAS_VIEW),
    };
    if view != View::Other && out.states(node, property) {
        out.issue(IssueKind::BadStructure, &url, format!("one edm:{local}"));
        view = View::Other;
    }
    let address = object::escaped(&url);
    if address != url {
        out.issue(IssueKind::BadIri, &url, "an IRI without blanks and brackets");
    }
    core::web_resource(out, &address, view, None);
}

/// The statement of rights, or a licence of the provider's own that builds on one.
fn licence(node: Node, value: &Value, context: &mut Context<'_>, out: &mut Description<'_>) {
    let id = match value {
        Value::Text { text, language, .. } => {
            let tag = language.as_deref().and_then(|code| object::tag(code, out));
            return core::rights(out, node, text, tag.as_deref());
        }
        Value::Resource(id) => id,
    };
    if let Some(licence) = context.graph().find(id).filter(|one| one.is("License")) {
        let own = if id.contains("://") { object::external(id, out) } else { None };
        let own = own.unwrap_or_else(|| out.fragment("licence"));
        out.link(node, edm::RIGHTS, own);
        out.a(own, cc::LICENSE_CLASS);
        for statement in &licence.statements {
            if let Some(property) = table::term(&statement.property) {
                out.rule("edm.License.license", &format!("cc:License/{}", statement.property.local));
                generic(own, property, &statement.value, context, out);
            }
        }
        return;
    }
    match rights::statement(id) {
        Some(_) => core::rights(out, node, id, None),
        None => {
            out.issue(
                IssueKind::UnknownRights,
                id,
                "a statement of rightsstatements.org or Creative Commons",
            );
            match if id.contains("://") { object::external(id, out) } else { None } {
                Some(other) => out.link(node, edm::RIGHTS, other),
                None => out.text(node, dc::RIGHTS, id, None),
            }
        }
    }
}

fn web_resource(resource: &Resource, named: bool, context: &mut Context<'_>, out: &mut Description<'_>) {
    out.rule("edm.WebResource.view", "edm:WebResource");
    let aggregation = core::aggregation(out);
    let Some(node) = object::external(&resource.id, out) else { return };
    out.a(node, edm::WEB_RESOURCE);
    if !named {
        // Europeana's thumbnail of a view hangs on its own aggregation; anything else is one more view.
        out.link(aggregation, edm::HAS_VIEW, node);
        out.issue(
            IssueKind::BadStructure,
            &resource.id,
            "a digital object that the aggregation names (isShownBy, hasView, object)",
        );
    }
    for statement in resource.statements.iter().filter(|one| is_of(one, "WebResource")) {
        let local = &*statement.property.local;
        out.rule(&format!("edm.WebResource.{local}"), &format!("edm:WebResource/{local}"));
        if local == "rights" && &*statement.property.namespace == edm::NAMESPACE {
            licence(node, &statement.value, context, out);
            continue;
        }
        let Some(property) = table::term(&statement.property) else {
            // Quality annotations are Europeana's opinion; see the essay of this module.
            if !matches!(local, "hasQualityAnnotation" | "P79F_was_destroyed_by") {
                let path = format!("edm:WebResource/{local}");
                out.issue_at(&path, IssueKind::UnmappedField, local, "a property of EDM");
            }
            continue;
        };
        match &statement.value {
            Value::Resource(id) if property == svcs::HAS_SERVICE => service(node, id, context, out),
            Value::Resource(id) if property == PID => pid(node, id, context, out),
            value => generic(node, property, value, context, out),
        }
    }
}

/// A service such as a IIIF image server: what it conforms to and how far.
fn service(node: Node, id: &str, context: &mut Context<'_>, out: &mut Description<'_>) {
    let Some(service) = object::external(id, out) else { return };
    out.link(node, svcs::HAS_SERVICE, service);
    let Some(described) = context.graph().find(id) else { return };
    out.a(service, svcs::SERVICE);
    for statement in &described.statements {
        if let Some(property) = table::term(&statement.property) {
            out.rule("edm.Service.service", &format!("svcs:Service/{}", statement.property.local));
            generic(service, property, &statement.value, context, out);
        }
    }
}

/// A persistent identifier that the record describes on its own: its value.
pub(super) fn pid(node: Node, id: &str, context: &mut Context<'_>, out: &mut Description<'_>) {
    let told = context.graph().find(id).and_then(|one| {
        one.values("value").find_map(|value| match value {
            Value::Text { text, .. } if !text.is_empty() => Some(text.to_string()),
            _ => None,
        })
    });
    out.text(node, PID, told.as_deref().unwrap_or(id), None);
}

/// Europeana's own aggregation: the country and language of the dataset, its preview and landing page.
fn europeana(aggregation: &Resource, context: &mut Context<'_>, out: &mut Description<'_>) {
    out.rule("edm.EuropeanaAggregation.aggregation", "edm:EuropeanaAggregation");
    let (item, node) = (out.item(), out.fragment("europeana-aggregation"));
    out.a(node, edm::EUROPEANA_AGGREGATION);
    out.link(item, ore::IS_AGGREGATED_BY, node);
    for statement in aggregation.statements.iter().filter(|one| is_of(one, "EuropeanaAggregation")) {
        let local = &*statement.property.local;
        out.rule(&format!("edm.EuropeanaAggregation.{local}"), &format!("edm:EuropeanaAggregation/{local}"));
        let property: Option<NamedNodeRef<'static>> = table::term(&statement.property);
        match (local, property) {
            ("aggregatedCHO" | "aggregates", _) => {}
            ("rights", Some(property)) if property == edm::RIGHTS => {
                licence(node, &statement.value, context, out);
            }
            ("dataProvider" | "provider" | "intermediateProvider", _) => {
                provider(node, local, &statement.value, context, out);
            }
            (_, Some(property)) => generic(node, property, &statement.value, context, out),
            ("hasQualityAnnotation", None) => {}
            (_, None) => {
                let path = format!("edm:EuropeanaAggregation/{local}");
                out.issue_at(&path, IssueKind::UnmappedField, local, "a property of EDM");
            }
        }
    }
}
