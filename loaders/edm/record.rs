//! One provided object of an `rdf:RDF` element, and the name that its owner gave it.

use super::rdf::{self, Graph, Resource, Value};
use crate::shared::record_name::content_name;
use crate::shared::xml::Element;
use graph_model::{Field, Position, Visit};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// A provided object within the `rdf:RDF` element that it stands in; records of one element share it.
#[derive(Debug)]
pub struct EdmRecord {
    element: Arc<Element>,
    pub(super) graph: Arc<Graph>,
    /// The identifier of the provided object as the record writes it; empty where there is none.
    pub(super) focus: String,
}

/// The records of an element: one for each provided object, and one where there is none.
pub(super) fn split(element: Element) -> Vec<EdmRecord> {
    let graph = Graph::read(element.root());
    let objects = graph.resources.iter().filter(|one| rdf::is_object(one)).map(|one| one.id.clone());
    let mut found: Vec<String> = objects.collect();
    // A record that forgot its provided object still says what its proxies and aggregations are about.
    for (class, property) in [("Proxy", "proxyFor"), ("Aggregation", "aggregatedCHO")] {
        if found.is_empty() {
            let mut known: HashSet<&str> = HashSet::new();
            let about = graph.of(class).flat_map(|one| one.leads(property)).filter(|id| known.insert(id));
            found = about.map(str::to_owned).collect();
        }
    }
    if found.is_empty() {
        found.extend(graph.of("Proxy").chain(graph.of("Aggregation")).take(1).map(|one| one.id.clone()));
    }
    if found.is_empty() {
        found.push(String::new());
    }
    let (element, graph) = (Arc::new(element), Arc::new(graph));
    let record = |focus| EdmRecord { element: Arc::clone(&element), graph: Arc::clone(&graph), focus };
    found.into_iter().map(record).collect()
}

impl EdmRecord {
    pub(super) fn element(&self) -> &Element {
        &self.element
    }

    pub(super) fn position(&self) -> Position {
        self.element.position()
    }

    /// The identifier of the provided object without the mark of a place in the file; without one its `dc:identifier`, or
    /// a name made from all the text of the record. `None` for a record without any text.
    pub(super) fn local(&self) -> Option<Cow<'_, str>> {
        if self.is_named() {
            return Some(Cow::Borrowed(local_of(&self.focus)));
        }
        let own = self.graph.find(&self.focus).into_iter().chain(self.graph.about(&self.focus));
        let told = own.flat_map(|one| one.values("identifier")).find_map(Value::words);
        told.map(Cow::Borrowed).or_else(|| content_name(self.element.root()).map(Cow::Owned))
    }

    /// Whether the record names its provided object; a blank node has no name outside the file.
    pub(super) fn is_named(&self) -> bool {
        !self.focus.starts_with("_:") && !local_of(&self.focus).is_empty()
    }

    /// Visits what the record says, with the resources that it leads to: the names of the node and the property, and
    /// `@resource` of a reference.
    pub(super) fn fields(&self, visit: &mut Visit<'_>) {
        let graph = &*self.graph;
        let mut wanted: Vec<&Resource> = match graph.objects {
            0 | 1 => graph.resources.iter().collect(),
            _ => graph.find(&self.focus).into_iter().chain(graph.about(&self.focus)).collect(),
        };
        let mut known: HashSet<&str> = wanted.iter().map(|one| one.id.as_str()).collect();
        let mut at = 0;
        // Resources that others lead to follow them, but for other objects, which are records of their own.
        while let Some(one) = wanted.get(at).copied() {
            at += 1;
            for statement in &one.statements {
                if let Value::Resource(id) = &statement.value
                    && let Some(next) = graph.find(id)
                    && !rdf::is_object(next)
                    && known.insert(&next.id)
                {
                    wanted.push(next);
                }
            }
        }
        let mut nodes: HashMap<&str, u32> = HashMap::new();
        let mut path = String::new();
        for one in wanted {
            let name = one.statements.first().map_or("", |statement| &*statement.node);
            let node = nodes.entry(name).and_modify(|count| *count += 1).or_insert(1);
            let mut properties: HashMap<&str, u32> = HashMap::new();
            for statement in &one.statements {
                let count =
                    properties.entry(&statement.property.local).and_modify(|count| *count += 1).or_insert(1);
                path.clear();
                path.push_str(&statement.node);
                path.push('/');
                path.push_str(&statement.property.local);
                let (text, language, occurrences) = match &statement.value {
                    Value::Text { text, language, .. } => (text, language.as_deref(), [*node, *count, 0]),
                    Value::Resource(id) => {
                        path.push_str("/@resource");
                        (id, None, [*node, *count, 1])
                    }
                };
                let occurrences = &occurrences[..if occurrences[2] == 0 { 2 } else { 3 }];
                if !text.is_empty() {
                    let language = language.and_then(crate::shared::languages::tag);
                    visit(&Field { path: &path, text, language, occurrences, inline: false });
                }
            }
        }
    }
}

/// The owner's identifier in an identifier of a record: `#GNM:1` is `GNM:1`, `/1/2` is `1/2`.
pub(super) fn local_of(id: &str) -> &str {
    id.trim_start_matches(['#', '/'])
}

/// The identifier in the text of a record that is not well-formed, for the report.
pub(super) fn id_in(raw: &[u8]) -> Option<String> {
    let rest = &raw[memchr::memmem::find(raw, b"ProvidedCHO")?..];
    let rest = &rest[..memchr::memchr(b'>', rest)?];
    let rest = &rest[memchr::memmem::find(rest, b"about=")? + 6..];
    let quote = *rest.first()?;
    let id = std::str::from_utf8(&rest[1..][..memchr::memchr(quote, &rest[1..])?]).ok()?.trim();
    (!id.is_empty() && id.len() <= 400).then(|| id.to_owned())
}
