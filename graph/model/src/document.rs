//! A document: all that one record says.
//!
//! Statements are held in one arena: a text buffer, a table of nodes and a list of small fixed-size
//! statements that point into both. Nothing is allocated per statement beyond the arena's growth, and a
//! cleared document keeps its memory for the next record.

mod edit;

use crate::issue::Issue;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use oxrdf::{GraphNameRef, LiteralRef, NamedNodeRef, QuadRef, TermRef};
use vocabularies::skos;
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

/// A node of a document; valid only in the document that gave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Node(pub(crate) u32);

/// Whose IRI a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeKind {
    /// The record's own item.
    Item,
    /// A fragment of the item, such as an event or the aggregation.
    Fragment,
    /// An entity that records share: agent, place, concept or time.
    Shared,
    /// Any other IRI, such as an authority's, a file's or another item's.
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    start: u32,
    end: u32,
}

#[derive(Debug, Clone, Copy)]
struct NodeEntry {
    iri: Span,
    kind: NodeKind,
    /// The hash of the IRI, kept as every statement about or with the node needs it.
    hash: u64,
}

#[derive(Debug, Clone, Copy)]
enum Object {
    Node(Node),
    Term(NamedNodeRef<'static>),
    Text(Span, Option<Span>),
    Typed(Span, NamedNodeRef<'static>),
}

#[derive(Debug, Clone, Copy)]
struct Statement {
    subject: Node,
    predicate: NamedNodeRef<'static>,
    object: Object,
    origin: u32,
}

/// The object of a statement, borrowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObjectRef<'a> {
    /// An IRI.
    Iri(&'a str),
    /// Text, with its BCP 47 tag where the source tells the language.
    Text(&'a str, Option<&'a str>),
    /// A literal of a datatype.
    Typed(&'a str, NamedNodeRef<'static>),
}

/// One statement, borrowed, with where it came from.
#[derive(Debug, Clone, Copy)]
pub struct StatementRef<'a> {
    /// The subject's IRI.
    pub subject: &'a str,
    /// Whose IRI the subject is.
    pub subject_kind: NodeKind,
    /// The subject as a node of its document.
    pub subject_node: Node,
    /// The predicate.
    pub predicate: NamedNodeRef<'static>,
    /// The object.
    pub object: ObjectRef<'a>,
    /// The id of the rule that made the statement, e.g. `marc.245a.title`.
    pub rule: &'a str,
    /// The place in the source record, e.g. `245$a`; empty where the rule says it all.
    pub path: &'a str,
}

impl<'a> StatementRef<'a> {
    /// The statement as an `oxrdf` quad in the given graph.
    #[must_use]
    pub fn quad(&self, graph: NamedNodeRef<'a>) -> QuadRef<'a> {
        let object: TermRef<'a> = match self.object {
            ObjectRef::Iri(iri) => NamedNodeRef::new_unchecked(iri).into(),
            ObjectRef::Text(text, None) => LiteralRef::new_simple_literal(text).into(),
            ObjectRef::Text(text, Some(tag)) => {
                LiteralRef::new_language_tagged_literal_unchecked(text, tag).into()
            }
            ObjectRef::Typed(text, datatype) => LiteralRef::new_typed_literal(text, datatype).into(),
        };
        let subject = NamedNodeRef::new_unchecked(self.subject);
        QuadRef::new(subject, self.predicate, object, GraphNameRef::NamedNode(graph))
    }
}

/// All that one record says: statements about its item, the item's fragments and the entities it shares
/// with other records, and the issues met. It is the unit of replacement, of dereferencing and of provenance.
#[derive(Debug, Default)]
pub struct Document {
    local: String,
    text: String,
    nodes: Vec<NodeEntry>,
    /// Each node, by the hash of its IRI.
    node_index: HashTable<Node>,
    statements: Vec<Statement>,
    /// Where each statement stands in the list, beside its hash.
    statement_index: HashTable<(u64, u32)>,
    /// The preferred label of each node in each language: the statement, beside the hash of node and language.
    preferred: HashTable<(u64, u32)>,
    /// The fragments that were told of in full, by their names in the program.
    told: Vec<(&'static str, Node)>,
    /// What is being minted, kept for its memory.
    minted: String,
    origins: Vec<(Span, Span)>,
    issues: Vec<Issue>,
    part: Part,
}

/// Which part of what its record says a document holds. Nearly every record is one document; one that is too large to be
/// held at once comes as several of the same IRI, one after another, which together say what one would say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Part {
    /// All of it.
    #[default]
    Whole,
    /// The first of several.
    First,
    /// One more, not the last.
    Middle,
    /// The last.
    Last,
}

impl Part {
    /// Whether a record begins here.
    #[must_use]
    pub fn begins(self) -> bool {
        matches!(self, Self::Whole | Self::First)
    }

    /// Whether a record ends here.
    #[must_use]
    pub fn ends(self) -> bool {
        matches!(self, Self::Whole | Self::Last)
    }
}

impl Document {
    /// An empty document; [`crate::Description`] fills it.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Empties the document and keeps its memory.
    pub(crate) fn reset(&mut self, local: &str, item_iri: impl FnOnce(&mut String)) {
        self.local.clear();
        self.local.push_str(local);
        self.text.clear();
        self.nodes.clear();
        self.node_index.clear();
        self.statements.clear();
        self.statement_index.clear();
        self.preferred.clear();
        self.told.clear();
        self.origins.clear();
        self.issues.clear();
        self.part = Part::Whole;
        self.mint(NodeKind::Item, |_, iri| item_iri(iri));
        self.origin("", "");
    }

    /// Which part of what its record says this is.
    #[must_use]
    pub fn part(&self) -> Part {
        self.part
    }

    pub(crate) fn set_part(&mut self, part: Part) {
        self.part = part;
    }

    /// The owner's identifier of the record.
    #[must_use]
    pub fn local(&self) -> &str {
        &self.local
    }

    /// The IRI of the item.
    ///
    /// # Panics
    /// When nothing was described into the document yet.
    #[must_use]
    pub fn iri(&self) -> &str {
        self.node_iri(Node(0))
    }

    /// How many statements there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.statements.len()
    }

    /// Whether the record says nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.statements.is_empty()
    }

    /// What was odd about the record.
    #[must_use]
    pub fn issues(&self) -> &[Issue] {
        &self.issues
    }

    /// All statements, in the order in which the description made them; none stands twice.
    pub fn statements(&self) -> impl ExactSizeIterator<Item = StatementRef<'_>> {
        self.statements.iter().map(|statement| {
            let (rule, path) = self.origins[statement.origin as usize];
            StatementRef {
                subject: self.node_iri(statement.subject),
                subject_kind: self.nodes[statement.subject.0 as usize].kind,
                subject_node: statement.subject,
                predicate: statement.predicate,
                object: self.object(statement.object),
                rule: self.slice(rule),
                path: self.slice(path),
            }
        })
    }

    /// Appends all statements in canonical form; with a graph IRI as N-Quads, without one as N-Triples. The same as
    /// [`crate::write_statement`] for each, yet what many have in common is put together once.
    pub fn write(&self, graph: Option<&str>, out: &mut Vec<u8>) {
        let end = graph.map_or_else(|| "> .\n".to_owned(), |graph| ["> <", graph, "> .\n"].concat());
        // Behind a literal the same without the bracket that ends an IRI.
        let after_text = &end.as_bytes()[1..];
        let text = self.text.as_bytes();
        let bytes = |span: Span| &text[span.start as usize..span.end as usize];
        let (mut subject, mut begin) = (None, Vec::with_capacity(128));
        for statement in &self.statements {
            if subject != Some(statement.subject) {
                subject = Some(statement.subject);
                begin.clear();
                begin.push(b'<');
                begin.extend_from_slice(bytes(self.nodes[statement.subject.0 as usize].iri));
                begin.extend_from_slice(b"> <");
            }
            let predicate = statement.predicate.as_str().as_bytes();
            // One look at the room for most of what follows.
            out.reserve(begin.len() + predicate.len() + end.len() + 96);
            out.extend_from_slice(&begin);
            out.extend_from_slice(predicate);
            let iri = match statement.object {
                Object::Node(node) => bytes(self.nodes[node.0 as usize].iri),
                Object::Term(term) => term.as_str().as_bytes(),
                Object::Text(text, tag) => {
                    out.extend_from_slice(b"> ");
                    crate::nquads::write_text(self.slice(text), out);
                    if let Some(tag) = tag {
                        out.push(b'@');
                        out.extend_from_slice(bytes(tag));
                    }
                    out.extend_from_slice(after_text);
                    continue;
                }
                Object::Typed(text, datatype) => {
                    out.extend_from_slice(b"> ");
                    crate::nquads::write_text(self.slice(text), out);
                    out.extend_from_slice(b"^^<");
                    datatype.as_str().as_bytes()
                }
            };
            if !matches!(statement.object, Object::Typed(..)) {
                out.extend_from_slice(b"> <");
            }
            out.extend_from_slice(iri);
            out.extend_from_slice(end.as_bytes());
        }
    }

    /// The IRIs of all nodes, and whose they are.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = (&str, NodeKind)> {
        self.nodes.iter().map(|entry| (self.slice(entry.iri), entry.kind))
    }

    /// A fingerprint of everything that the document says, the same on every machine. Two versions of a
    /// record with the same fingerprint need no write.
    #[must_use]
    pub fn fingerprint(&self) -> u128 {
        let mut hasher = Xxh3::new();
        let mut line = Vec::with_capacity(512);
        for statement in self.statements() {
            line.clear();
            crate::nquads::write_statement(&statement, None, &mut line);
            hasher.update(&line);
        }
        hasher.digest128()
    }

    pub(crate) fn push_issue(&mut self, issue: Issue) {
        self.issues.push(issue);
    }

    pub(crate) fn has_node(&self, iri: &str) -> bool {
        let hash = xxh3_64(iri.as_bytes());
        let is = |node: &Node| {
            let entry = self.nodes[node.0 as usize];
            entry.hash == hash && self.slice(entry.iri) == iri
        };
        self.node_index.find(hash, is).is_some()
    }

    /// Whether anything is said of a node by a predicate.
    pub(crate) fn states(&self, subject: Node, predicate: NamedNodeRef<'_>) -> bool {
        self.statements.iter().any(|known| known.subject == subject && known.predicate == predicate)
    }

    pub(crate) fn node(&mut self, iri: &str, kind: NodeKind) -> Node {
        let hash = xxh3_64(iri.as_bytes());
        let Self { nodes, text, node_index, .. } = self;
        let is = |node: &Node| {
            let entry = nodes[node.0 as usize];
            entry.hash == hash && slice(text, entry.iri) == iri
        };
        match node_index.entry(hash, is, |node| nodes[node.0 as usize].hash) {
            Entry::Occupied(entry) => *entry.get(),
            Entry::Vacant(entry) => {
                let node = Node(index(nodes.len()));
                entry.insert(node);
                let iri = keep(text, iri);
                nodes.push(NodeEntry { iri, kind, hash });
                node
            }
        }
    }

    /// The node of the IRI that is written; nothing is allocated for it but its room in the arena.
    pub(crate) fn mint(&mut self, kind: NodeKind, write: impl FnOnce(&Self, &mut String)) -> Node {
        let mut iri = std::mem::take(&mut self.minted);
        iri.clear();
        write(self, &mut iri);
        let node = self.node(&iri, kind);
        self.minted = iri;
        node
    }

    /// The fragment of this name that was told of in full.
    pub(crate) fn told(&self, name: &'static str) -> Option<Node> {
        self.told.iter().find(|(known, _)| *known == name).map(|(_, node)| *node)
    }

    pub(crate) fn set_told(&mut self, name: &'static str, node: Node) {
        self.told.push((name, node));
    }

    pub(crate) fn node_iri(&self, node: Node) -> &str {
        self.slice(self.nodes[node.0 as usize].iri)
    }

    /// Sets where the statements that follow come from.
    pub(crate) fn origin(&mut self, rule: &str, path: &str) {
        if let Some(&(last_rule, last_path)) = self.origins.last()
            && self.slice(last_rule) == rule
            && self.slice(last_path) == path
        {
            return;
        }
        let spans = (self.keep(rule), self.keep(path));
        self.origins.push(spans);
    }

    pub(crate) fn last_origin(&self) -> (&str, &str) {
        self.origins.last().map_or(("", ""), |&(rule, path)| (self.slice(rule), self.slice(path)))
    }

    /// Adds a preferred label. A node has one in a language: any further spelling is an alternative.
    pub(crate) fn push_label(&mut self, subject: Node, text: &str, language: Option<&str>) {
        let tag = language.unwrap_or_default();
        let hash = hash_of_label(subject, tag);
        let Self { statements, nodes, text: buffer, preferred, .. } = self;
        let known = Known { statements, nodes, text: buffer };
        let of_node = |(met, at): &(u64, u32)| {
            let statement = known.statements[*at as usize];
            let language_of = |object| match known.object(object) {
                ObjectRef::Text(_, met) => Some(met == language),
                _ => None,
            };
            *met == hash && statement.subject == subject && language_of(statement.object) == Some(true)
        };
        let predicate = match preferred.entry(hash, of_node, |(hash, _)| *hash) {
            Entry::Vacant(entry) => {
                entry.insert((hash, index(known.statements.len())));
                skos::PREF_LABEL
            }
            Entry::Occupied(entry) => {
                let first = known.statements[entry.get().1 as usize];
                if known.object(first.object) == ObjectRef::Text(text, language) {
                    return;
                }
                skos::ALT_LABEL
            }
        };
        self.push(subject, predicate, ObjectRef::Text(text, language));
    }

    /// Adds a statement unless it is there already.
    pub(crate) fn push(&mut self, subject: Node, predicate: NamedNodeRef<'static>, object: ObjectRef<'_>) {
        if !self.enter(subject, predicate, object, hash_of(object)) {
            return;
        }
        let object = match object {
            ObjectRef::Iri(iri) => Object::Node(self.node(iri, NodeKind::Other)),
            ObjectRef::Text(text, language) => {
                let text = self.keep(text);
                Object::Text(text, language.map(|tag| self.keep(tag)))
            }
            ObjectRef::Typed(text, datatype) => Object::Typed(self.keep(text), datatype),
        };
        self.push_new(subject, predicate, object);
    }

    pub(crate) fn push_node(&mut self, subject: Node, predicate: NamedNodeRef<'static>, object: Node) {
        let entry = self.nodes[object.0 as usize];
        let Self { statements, nodes, text, statement_index, .. } = self;
        let iri = ObjectRef::Iri(slice(text, entry.iri));
        let known = Known { statements, nodes, text };
        if known.enter(statement_index, subject, predicate, iri, entry.hash) {
            self.push_new(subject, predicate, Object::Node(object));
        }
    }

    pub(crate) fn push_term(
        &mut self,
        subject: Node,
        predicate: NamedNodeRef<'static>,
        object: NamedNodeRef<'static>,
    ) {
        let iri = ObjectRef::Iri(object.as_str());
        if self.enter(subject, predicate, iri, hash_of(iri)) {
            self.push_new(subject, predicate, Object::Term(object));
        }
    }

    /// Enters the statement that is to be pushed next in the index; false when it stands there already.
    fn enter(
        &mut self,
        subject: Node,
        predicate: NamedNodeRef<'static>,
        object: ObjectRef<'_>,
        object_hash: u64,
    ) -> bool {
        let Self { statements, nodes, text, statement_index, .. } = self;
        Known { statements, nodes, text }.enter(statement_index, subject, predicate, object, object_hash)
    }

    fn push_new(&mut self, subject: Node, predicate: NamedNodeRef<'static>, object: Object) {
        let origin = index(self.origins.len() - 1);
        self.statements.push(Statement { subject, predicate, object, origin });
    }

    fn object(&self, object: Object) -> ObjectRef<'_> {
        Known { statements: &self.statements, nodes: &self.nodes, text: &self.text }.object(object)
    }

    fn keep(&mut self, text: &str) -> Span {
        keep(&mut self.text, text)
    }

    fn slice(&self, span: Span) -> &str {
        slice(&self.text, span)
    }
}

/// What a document holds, borrowed apart from its index.
struct Known<'d> {
    statements: &'d [Statement],
    nodes: &'d [NodeEntry],
    text: &'d str,
}

impl<'d> Known<'d> {
    fn enter(
        self,
        statement_index: &mut HashTable<(u64, u32)>,
        subject: Node,
        predicate: NamedNodeRef<'static>,
        object: ObjectRef<'_>,
        object_hash: u64,
    ) -> bool {
        let spread = u64::from(subject.0 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let hash = (hash_of_predicate(predicate.as_str()) ^ spread).rotate_left(29) ^ object_hash;
        let is = |(met, at): &(u64, u32)| {
            *met == hash && {
                let known = self.statements[*at as usize];
                known.subject == subject
                    && known.predicate == predicate
                    && self.object(known.object) == object
            }
        };
        match statement_index.entry(hash, is, |(hash, _)| *hash) {
            Entry::Occupied(_) => false,
            Entry::Vacant(entry) => {
                entry.insert((hash, index(self.statements.len())));
                true
            }
        }
    }

    fn object(&self, object: Object) -> ObjectRef<'d> {
        let text = |span| slice(self.text, span);
        match object {
            Object::Node(node) => ObjectRef::Iri(text(self.nodes[node.0 as usize].iri)),
            Object::Term(term) => ObjectRef::Iri(term.as_str()),
            Object::Text(words, tag) => ObjectRef::Text(text(words), tag.map(text)),
            Object::Typed(words, datatype) => ObjectRef::Typed(text(words), datatype),
        }
    }
}

fn keep(buffer: &mut String, text: &str) -> Span {
    let start = index(buffer.len());
    buffer.push_str(text);
    Span { start, end: index(buffer.len()) }
}

fn slice(buffer: &str, span: Span) -> &str {
    &buffer[span.start as usize..span.end as usize]
}

/// The predicates of one document are few and differ at their ends, so these will do; two alike only cost a second look.
fn hash_of_predicate(iri: &str) -> u64 {
    let Some((rest, last)) = iri.as_bytes().split_last_chunk::<8>() else { return iri.len() as u64 };
    let before = rest.last_chunk::<8>().map_or(0, |before| u64::from_le_bytes(*before));
    let ends = u64::from_le_bytes(*last) ^ before.wrapping_mul(0xC2B2_AE3D_27D4_EB4F);
    ends.wrapping_mul(0x9E37_79B1_85EB_CA87) ^ iri.len() as u64
}

/// The hash of a node and the language of a label.
fn hash_of_label(subject: Node, tag: &str) -> u64 {
    xxh3_64(tag.as_bytes()) ^ u64::from(subject.0 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

fn hash_of(object: ObjectRef<'_>) -> u64 {
    let hash = |text: &str| xxh3_64(text.as_bytes());
    match object {
        ObjectRef::Iri(iri) => hash(iri),
        ObjectRef::Text(text, None) => hash(text).rotate_left(1),
        ObjectRef::Text(text, Some(tag)) => hash(text).rotate_left(1) ^ hash(tag).rotate_left(2),
        ObjectRef::Typed(text, datatype) => hash(text).rotate_left(3) ^ hash(datatype.as_str()),
    }
}

#[expect(clippy::expect_used, reason = "a record is cut at 64 MiB long before its document reaches 4 GiB")]
fn index(length: usize) -> u32 {
    u32::try_from(length).expect("a document holds less than 4 GiB")
}
