//! RDF/XML as a small graph: RDF 1.1 XML Syntax (W3C, 2014).
//!
//! Identifiers stay as they were written, but for `xml:base`: records of EDM use short names of their own (`#timespan-1`,
//! `/proxy/provider/1`), and what they are called outside is for the mapping to say.

use crate::shared::xml::ElementRef;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use vocabularies::rdf;

/// The name of a class or property: its namespace and local name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Name {
    pub(super) namespace: Arc<str>,
    pub(super) local: Arc<str>,
}

/// A value of a property.
#[derive(Debug, Clone)]
pub(super) enum Value {
    /// Text, with its language or datatype as written.
    Text { text: String, language: Option<Arc<str>>, datatype: Option<Arc<str>> },
    /// The identifier of a resource.
    Resource(String),
}

impl Value {
    /// Whether nothing is said.
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Text { text, .. } => text.is_empty(),
            Self::Resource(id) => id.is_empty(),
        }
    }

    /// The text, unless it is a resource or empty.
    pub(super) fn words(&self) -> Option<&str> {
        match self {
            Self::Text { text, .. } if !text.is_empty() => Some(text),
            _ => None,
        }
    }
}

/// What is said of one resource by one property.
#[derive(Debug, Clone)]
pub(super) struct Statement {
    pub(super) property: Name,
    pub(super) value: Value,
    /// The node element that says it, for the place in the record.
    pub(super) node: Arc<str>,
}

/// A resource with all that is said of it.
#[derive(Debug, Default)]
pub(super) struct Resource {
    pub(super) id: String,
    /// Local names of its classes.
    pub(super) classes: Vec<Arc<str>>,
    pub(super) statements: Vec<Statement>,
}

impl Resource {
    pub(super) fn is(&self, class: &str) -> bool {
        self.classes.iter().any(|known| **known == *class)
    }

    /// The values of the properties with this local name.
    pub(super) fn values<'r>(&'r self, local: &'r str) -> impl Iterator<Item = &'r Value> {
        self.statements
            .iter()
            .filter(move |statement| *statement.property.local == *local)
            .map(|statement| &statement.value)
    }

    /// The resources that a property of this local name leads to.
    pub(super) fn leads<'r>(&'r self, local: &'r str) -> impl Iterator<Item = &'r str> {
        self.values(local).filter_map(|value| match value {
            Value::Resource(id) => Some(id.as_str()),
            Value::Text { .. } => None,
        })
    }
}

/// The resources of an `rdf:RDF` element, in the order in which they are first described.
#[derive(Debug, Default)]
pub(super) struct Graph {
    pub(super) resources: Vec<Resource>,
    /// How many of them are provided objects.
    pub(super) objects: usize,
    index: HashMap<String, usize>,
    /// By the identifier of a provided object: the proxies and aggregations of it.
    about: HashMap<String, Vec<usize>>,
    names: HashSet<Arc<str>>,
    blanks: usize,
}

impl Graph {
    /// Reads all that stands in the element.
    pub(super) fn read(root: ElementRef<'_>) -> Self {
        let mut graph = Self::default();
        for node in root.elements() {
            graph.node(node);
        }
        for (at, one) in graph.resources.iter().enumerate() {
            graph.objects += usize::from(is_object(one));
            let property = if one.is("Proxy") {
                "proxyFor"
            } else if one.is("Aggregation") || one.is("EuropeanaAggregation") {
                "aggregatedCHO"
            } else {
                continue;
            };
            for object in one.leads(property) {
                graph.about.entry(object.to_owned()).or_default().push(at);
            }
        }
        graph
    }

    /// The resource with this identifier, if anything is said of it.
    pub(super) fn find(&self, id: &str) -> Option<&Resource> {
        self.index.get(id).map(|&at| &self.resources[at])
    }

    /// The resources of a class.
    pub(super) fn of<'n>(&'n self, class: &'n str) -> impl Iterator<Item = &'n Resource> {
        self.resources.iter().filter(move |resource| resource.is(class))
    }

    /// The proxies and aggregations of a provided object.
    pub(super) fn about(&self, object: &str) -> impl Iterator<Item = &Resource> {
        self.about.get(object).into_iter().flatten().map(|&at| &self.resources[at])
    }

    /// One copy of a name that stands many times.
    fn name(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.names.get(text) {
            return Arc::clone(known);
        }
        let name: Arc<str> = text.into();
        self.names.insert(Arc::clone(&name));
        name
    }

    fn resource(&mut self, id: &str) -> usize {
        if let Some(&at) = self.index.get(id) {
            return at;
        }
        let at = self.resources.len();
        self.resources.push(Resource { id: id.to_owned(), ..Resource::default() });
        self.index.insert(id.to_owned(), at);
        at
    }

    fn blank(&mut self) -> String {
        self.blanks += 1;
        format!("_:{}", self.blanks)
    }

    /// A node element: its identifier, class, and the properties in its attributes and elements.
    fn node(&mut self, element: ElementRef<'_>) -> String {
        let id = identifier(element).unwrap_or_else(|| self.blank());
        let at = self.resource(&id);
        if element.name() != "Description" {
            self.class(at, element.name());
        }
        let node = self.name(element.name());
        self.attributes(at, element, &node);
        self.properties(at, element, &node);
        id
    }

    /// The property attributes of an element. Those without a prefix are of the element's own namespace.
    fn attributes(&mut self, at: usize, element: ElementRef<'_>, node: &Arc<str>) {
        for (name, value) in element.attributes() {
            let (namespace, local) = match name.split_once(':') {
                Some(("rdf", "type")) => {
                    self.class(at, local_of(value));
                    continue;
                }
                Some((prefix, _)) if is_syntax(prefix) => continue,
                Some((prefix, local)) => {
                    let mut known = vocabularies::PREFIXES.iter();
                    let known = known.find(|(known, _)| known.eq_ignore_ascii_case(prefix));
                    let Some((_, namespace)) = known else { continue };
                    (*namespace, local)
                }
                // Slips that drop the prefix of RDF's own attributes.
                None if is_slip(name) => continue,
                None => (element.namespace(), name),
            };
            let property = Name { namespace: self.name(namespace), local: self.name(local) };
            let language = element.language().map(|code| self.name(code));
            let value = Value::Text { text: value.trim().to_owned(), language, datatype: None };
            self.resources[at].statements.push(Statement { property, value, node: Arc::clone(node) });
        }
    }

    fn properties(&mut self, at: usize, element: ElementRef<'_>, node: &Arc<str>) {
        for property in element.elements() {
            self.property(at, property, node);
        }
    }

    fn property(&mut self, at: usize, element: ElementRef<'_>, node: &Arc<str>) {
        let reference = attribute(element, "resource")
            .map(|iri| resolved(element, iri))
            .or_else(|| attribute(element, "nodeID").map(|name| format!("_:{name}")));
        if element.name() == "type" && element.namespace() == rdf::NAMESPACE {
            if let Some(class) = &reference {
                self.class(at, local_of(class));
            }
            return;
        }
        let property = Name { namespace: self.name(element.namespace()), local: self.name(element.name()) };
        let mut values: Vec<Value> = Vec::new();
        match attribute(element, "parseType") {
            Some("Resource") => {
                let id = self.blank();
                let inner = self.resource(&id);
                self.properties(inner, element, node);
                values.push(Value::Resource(id));
            }
            Some("Literal") => values.push(self.text(element)),
            _ => {
                if let Some(id) = reference {
                    if has_property_attributes(element) {
                        let inner = self.resource(&id);
                        self.attributes(inner, element, node);
                    }
                    values.push(Value::Resource(id));
                    // A reference with words inside says two things.
                    if element.elements().next().is_none() && !element.is_empty() {
                        values.push(self.text(element));
                    }
                }
                for inner in element.elements() {
                    let id = self.node(inner);
                    values.push(Value::Resource(id));
                }
                if values.is_empty() && element.is_empty() && has_property_attributes(element) {
                    let id = self.blank();
                    let inner = self.resource(&id);
                    self.attributes(inner, element, node);
                    values.push(Value::Resource(id));
                }
                if values.is_empty() {
                    values.push(self.text(element));
                }
            }
        }
        let statements = values.into_iter().map(|value| {
            let (property, node) = (property.clone(), Arc::clone(node));
            Statement { property, value, node }
        });
        self.resources[at].statements.extend(statements);
    }

    fn class(&mut self, at: usize, local: &str) {
        if !local.is_empty() && !self.resources[at].is(local) {
            let name = self.name(local);
            self.resources[at].classes.push(name);
        }
    }

    fn text(&mut self, element: ElementRef<'_>) -> Value {
        Value::Text {
            text: element.text().into_owned(),
            language: element.language().map(|code| self.name(code)),
            datatype: attribute(element, "datatype").map(|iri| self.name(iri.trim())),
        }
    }
}

/// Whether a resource is a provided object; EDM's first drafts called it a physical thing.
pub(super) fn is_object(resource: &Resource) -> bool {
    resource.is("ProvidedCHO") || resource.is("PhysicalThing")
}

/// Attributes of RDF without their prefix.
fn is_slip(name: &str) -> bool {
    matches!(name, "about" | "resource" | "ID" | "nodeID" | "datatype" | "lang" | "parseType")
}

/// Prefixes whose attributes say how something is written, and nothing of the resource.
fn is_syntax(prefix: &str) -> bool {
    matches!(prefix, "rdf" | "xml" | "xsi" | "xlink")
}

/// The identifier of a node element.
pub(super) fn identifier(element: ElementRef<'_>) -> Option<String> {
    attribute(element, "about")
        .map(|about| resolved(element, about))
        .or_else(|| attribute(element, "ID").map(|id| resolved(element, &format!("#{}", id.trim()))))
        .or_else(|| attribute(element, "nodeID").map(|id| format!("_:{id}")))
        .filter(|id| !id.is_empty())
}

/// An attribute of RDF, or the same without its prefix, a frequent slip.
fn attribute<'e>(element: ElementRef<'e>, local: &str) -> Option<&'e str> {
    element
        .attributes()
        .find(|(name, _)| name.strip_prefix("rdf:").unwrap_or(name) == local)
        .map(|(_, value)| value)
}

fn has_property_attributes(element: ElementRef<'_>) -> bool {
    element.attributes().any(|(name, _)| name.split_once(':').is_some_and(|(prefix, _)| !is_syntax(prefix)))
}

/// An identifier against the `xml:base` around it; without one as it was written.
fn resolved(element: ElementRef<'_>, written: &str) -> String {
    let written = written.trim();
    let around = std::iter::successors(Some(element), |element| element.parent());
    let base = around.into_iter().find_map(|element| element.attribute("xml:base")).map(str::trim);
    match base {
        Some(base) if !written.contains(':') && !base.is_empty() => {
            let plain = base.split('#').next().unwrap_or(base);
            let folder = || plain.rfind('/').map_or(plain, |slash| &plain[..=slash]);
            let authority = || {
                let start = plain.find("://").map_or(0, |at| at + 3);
                plain[start..].find('/').map_or(plain, |slash| &plain[..start + slash])
            };
            match written.as_bytes().first() {
                None => plain.to_owned(),
                Some(b'#') => format!("{plain}{written}"),
                Some(b'/') => format!("{}{written}", authority()),
                Some(_) => format!("{}{written}", folder()),
            }
        }
        _ => written.to_owned(),
    }
}

/// The local name of an IRI.
pub(super) fn local_of(iri: &str) -> &str {
    iri.trim().rsplit(['/', '#']).next().unwrap_or_default()
}
