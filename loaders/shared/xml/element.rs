//! One sub-tree, owned: a text buffer, and nodes in document order that point into it.

use super::fault::Note;
use super::names::Span;
use super::start::Start;
use graph_model::{Delivery, Position};
use std::borrow::Cow;

#[derive(Debug, Clone, Copy)]
struct Node {
    /// The name of an element, or the text of a text node.
    span: Span,
    /// Of an element, its place in `namespaces`; [`Node::TEXT`] for a text node.
    namespace: u32,
    /// The element around; of the root, itself.
    parent: u32,
    /// The node after the whole sub-tree.
    end: u32,
    attributes: Span,
}

impl Node {
    const TEXT: u32 = u32::MAX;
}

/// A sub-tree of a document: an element with all that is in it. It owns its text, can be sent to another
/// thread, and holds no more than four allocations however large it is.
#[derive(Debug, Clone, Default)]
pub struct Element {
    text: String,
    nodes: Vec<Node>,
    attributes: Vec<(Span, Span)>,
    namespaces: Vec<Span>,
    notes: Vec<Note>,
    position: Position,
    delivery: Option<Box<(String, bool)>>,
}

impl Element {
    /// An element of which only the start tag was read; [`super::Reader::append`] adds what is in it.
    #[must_use]
    pub fn begin(start: &Start<'_>) -> Self {
        // Room for the usual, lest it be grown piece by piece.
        let mut tree = Self {
            text: String::with_capacity(512),
            nodes: Vec::with_capacity(24),
            attributes: Vec::with_capacity(8),
            ..Self::default()
        };
        tree.open(0, start.name(), start.namespace(), start.attributes());
        tree.nodes[0].end = 1;
        tree
    }

    /// Adds a node for an element that begins, and gives its place.
    fn open<'s>(
        &mut self,
        parent: u32,
        name: &str,
        namespace: &str,
        attributes: impl Iterator<Item = (&'s str, &'s str)>,
    ) -> u32 {
        let attributes_at = self.attributes.len() as u32;
        for (name, value) in attributes {
            let name = keep(&mut self.text, name);
            let value = keep(&mut self.text, value);
            self.attributes.push((name, value));
        }
        let known = self.namespaces.iter().rposition(|span| span.of(&self.text) == namespace);
        let namespace = known.unwrap_or_else(|| {
            let span = keep(&mut self.text, namespace);
            self.namespaces.push(span);
            self.namespaces.len() - 1
        });
        let span = keep(&mut self.text, name);
        let attributes = Span { start: attributes_at, end: self.attributes.len() as u32 };
        let at = self.nodes.len() as u32;
        self.nodes.push(Node { span, namespace: namespace as u32, parent, end: 0, attributes });
        at
    }

    /// Whether there is not even a start tag.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The element itself.
    #[must_use]
    pub fn root(&self) -> ElementRef<'_> {
        ElementRef { tree: self, index: 0 }
    }

    /// Where its start tag stands; the number of the record is 0 unless [`super::records`] made it.
    #[must_use]
    pub fn position(&self) -> Position {
        self.position
    }

    /// The oddities met inside.
    #[must_use]
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// The element that stood at a place; see [`ElementRef::place`].
    #[must_use]
    pub fn at(&self, place: usize) -> ElementRef<'_> {
        ElementRef { tree: self, index: place.min(self.nodes.len().saturating_sub(1)) }
    }

    /// What the envelope of OAI-PMH around it tells, for elements that [`super::delivered`] gave.
    #[must_use]
    pub fn delivery(&self) -> Option<Delivery<'_>> {
        let (identifier, deleted) = self.delivery.as_deref()?;
        Some(Delivery { identifier: Cow::Borrowed(identifier), deleted: *deleted })
    }

    pub(crate) fn deliver(&mut self, delivery: Option<Box<(String, bool)>>) {
        self.delivery = delivery;
    }

    /// Adds oddities that were met around it.
    pub(crate) fn note(&mut self, mut notes: Vec<Note>) {
        notes.retain(|note| !self.notes.contains(note));
        self.notes.append(&mut notes);
        self.notes.truncate(super::limits::NOTES);
    }

    pub(crate) fn number(&mut self, record: u64) {
        self.position.record = record;
    }
}

/// A piece of mixed content.
#[derive(Debug, Clone, Copy)]
pub enum Content<'e> {
    /// Text, white space as it stands.
    Text(&'e str),
    /// An element.
    Element(ElementRef<'e>),
}

/// An element within an [`Element`].
#[derive(Clone, Copy)]
pub struct ElementRef<'e> {
    tree: &'e Element,
    index: usize,
}

impl std::fmt::Debug for ElementRef<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<{}> with '{}'", self.name(), self.text())
    }
}

impl PartialEq for ElementRef<'_> {
    /// Whether both are the same place of the same tree.
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.tree, other.tree) && self.index == other.index
    }
}

impl<'e> ElementRef<'e> {
    /// Its place in its tree, by which [`Element::at`] finds it again.
    #[must_use]
    pub fn place(self) -> usize {
        self.index
    }

    fn node(self) -> Node {
        self.tree.nodes[self.index]
    }

    /// The local name, without prefix.
    #[must_use]
    pub fn name(self) -> &'e str {
        self.node().span.of(&self.tree.text)
    }

    /// The namespace IRI; empty when there is none or its prefix was not declared.
    #[must_use]
    pub fn namespace(self) -> &'e str {
        self.tree.namespaces[self.node().namespace as usize].of(&self.tree.text)
    }

    /// The value of an attribute. A name without prefix means an attribute without namespace or of the
    /// element's own namespace; `xml:`, `xlink:`, `xsi:` and `rdf:` mean their namespaces, whatever prefix the
    /// document uses for them; any other prefix is taken as it was written.
    #[must_use]
    pub fn attribute(self, name: &str) -> Option<&'e str> {
        self.attributes().find(|(met, _)| *met == name).map(|(_, value)| value)
    }

    /// All attributes but namespace declarations, in the order of the tag.
    pub fn attributes(self) -> impl Iterator<Item = (&'e str, &'e str)> {
        let Span { start, end } = self.node().attributes;
        let text = &self.tree.text;
        self.tree.attributes[start as usize..end as usize]
            .iter()
            .map(|(name, value)| (name.of(text), value.of(text)))
    }

    /// The element around, unless this is the root of the tree.
    #[must_use]
    pub fn parent(self) -> Option<Self> {
        let index = self.node().parent as usize;
        (index != self.index).then_some(Self { tree: self.tree, index })
    }

    /// The value of `xml:lang` here or on the nearest element around that has one.
    #[must_use]
    pub fn language(self) -> Option<&'e str> {
        let around = std::iter::successors(Some(self), |element| element.parent());
        around.into_iter().find_map(|element| element.attribute("xml:lang"))
    }

    /// The content, in order.
    pub fn content(self) -> impl Iterator<Item = Content<'e>> {
        let tree = self.tree;
        let end = self.node().end as usize;
        let mut next = self.index + 1;
        std::iter::from_fn(move || {
            let node = *tree.nodes[..end].get(next)?;
            let index = std::mem::replace(&mut next, node.end as usize);
            Some(if node.namespace == Node::TEXT {
                Content::Text(node.span.of(&tree.text))
            } else {
                Content::Element(ElementRef { tree, index })
            })
        })
    }

    /// The elements directly inside, in order.
    pub fn elements(self) -> impl Iterator<Item = Self> {
        self.content().filter_map(|content| match content {
            Content::Element(element) => Some(element),
            Content::Text(_) => None,
        })
    }

    /// The elements with this local name directly inside, in order.
    pub fn children<'n>(self, name: &'n str) -> impl Iterator<Item = Self> + use<'e, 'n> {
        self.elements().filter(move |element| element.name() == name)
    }

    /// The first element with this local name directly inside.
    #[must_use]
    pub fn child(self, name: &str) -> Option<Self> {
        self.children(name).next()
    }

    /// All elements that the local names lead to, in document order, e.g. `eventSet/event/eventType`.
    pub fn path<'n>(self, path: &'n str) -> Box<dyn Iterator<Item = Self> + 'n>
    where
        'e: 'n,
    {
        match path.split_once('/') {
            None => Box::new(self.children(path)),
            Some((name, rest)) => Box::new(self.children(name).flat_map(move |element| element.path(rest))),
        }
    }

    /// All elements inside, at any depth, in document order.
    pub fn descendants(self) -> impl Iterator<Item = Self> {
        let tree = self.tree;
        let range = self.index + 1..self.node().end as usize;
        range
            .filter(|&index| tree.nodes[index].namespace != Node::TEXT)
            .map(move |index| Self { tree, index })
    }

    /// All text inside, at any depth, with runs of white space made one space and none at the ends.
    #[must_use]
    pub fn text(self) -> Cow<'e, str> {
        let mut texts = self.texts();
        let Some(first) = texts.next() else { return Cow::Borrowed("") };
        let Some(second) = texts.next() else { return normalised(first) };
        let mut whole = format!("{first}{second}");
        whole.extend(texts);
        match normalised(&whole) {
            Cow::Borrowed(same) if same.len() == whole.len() => Cow::Owned(whole),
            other => Cow::Owned(other.into_owned()),
        }
    }

    /// All text inside, at any depth, white space as it stands.
    #[must_use]
    pub fn raw_text(self) -> Cow<'e, str> {
        let mut texts = self.texts();
        let Some(first) = texts.next() else { return Cow::Borrowed("") };
        let Some(second) = texts.next() else { return Cow::Borrowed(first) };
        let mut whole = format!("{first}{second}");
        whole.extend(texts);
        Cow::Owned(whole)
    }

    /// The pieces of text inside, at any depth.
    pub fn texts(self) -> impl Iterator<Item = &'e str> {
        let tree = self.tree;
        let nodes = &tree.nodes[self.index + 1..self.node().end as usize];
        nodes.iter().filter(|node| node.namespace == Node::TEXT).map(|node| node.span.of(&tree.text))
    }

    /// Whether there is neither element nor text but white space inside.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.content().all(|content| matches!(content, Content::Text(text) if text.trim_ascii().is_empty()))
    }
}

/// The text with runs of white space (as XML knows it) made one space and none at the ends.
fn normalised(text: &str) -> Cow<'_, str> {
    let trimmed = text.trim_ascii();
    let plain = !trimmed.bytes().any(|b| matches!(b, b'\t' | b'\n' | b'\r')) && !trimmed.contains("  ");
    if plain {
        Cow::Borrowed(trimmed)
    } else {
        Cow::Owned(trimmed.split_ascii_whitespace().collect::<Vec<_>>().join(" "))
    }
}

/// How much of an element there is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Length {
    text: usize,
    pub(super) nodes: usize,
    attributes: usize,
    namespaces: usize,
}

impl Length {
    /// How many elements, texts and attributes.
    pub(super) fn parts(self) -> usize {
        self.nodes + self.attributes
    }
}

/// An element while it is read, in buffers that serve one element after another.
#[derive(Debug, Default)]
pub(super) struct Grow {
    tree: Element,
    open: Vec<u32>,
}

impl Grow {
    /// Text longer than this is handed over rather than copied, so that no buffer stays large.
    const COPIED: usize = 64 << 10;

    /// Forgets what was read before and begins an element.
    pub(super) fn begin(&mut self, byte: u64, line: u64) {
        let Self { tree, open } = self;
        tree.text.clear();
        tree.nodes.clear();
        tree.attributes.clear();
        tree.namespaces.clear();
        tree.position = Position { record: 0, byte, line: Some(line) };
        open.clear();
    }

    pub(super) fn size(&self) -> usize {
        self.tree.nodes.len() + self.tree.attributes.len()
    }

    pub(super) fn number(&mut self, record: u64) {
        self.tree.number(record);
    }

    pub(super) fn start(&mut self, start: &Start<'_>) {
        self.open(start.name(), start.namespace(), start.attributes());
    }

    pub(super) fn open<'s>(
        &mut self,
        name: &str,
        namespace: &str,
        attributes: impl Iterator<Item = (&'s str, &'s str)>,
    ) {
        let parent = self.open.last().copied().unwrap_or(0);
        let at = self.tree.open(parent, name, namespace, attributes);
        self.open.push(at);
    }

    /// Adds text; pieces that touch become one.
    pub(super) fn text(&mut self, text: &str) {
        let tree = &mut self.tree;
        let at = tree.text.len() as u32;
        tree.text.push_str(text);
        let end = tree.text.len() as u32;
        let parent = self.open.last().copied().unwrap_or(0);
        // Text at the end of an element that has just ended is its own.
        if let Some(last) = tree.nodes.last_mut()
            && last.namespace == Node::TEXT
            && last.parent == parent
            && last.span.end == at
        {
            last.span.end = end;
            return;
        }
        let after = tree.nodes.len() as u32 + 1;
        let span = Span { start: at, end };
        let parent = self.open.last().copied().unwrap_or(0);
        tree.nodes.push(Node {
            span,
            namespace: Node::TEXT,
            parent,
            end: after,
            attributes: Span::default(),
        });
    }

    pub(super) fn end(&mut self) {
        let after = self.tree.nodes.len() as u32;
        if let Some(index) = self.open.pop() {
            self.tree.nodes[index as usize].end = after;
        }
    }

    /// Goes on with an element, so that what is read next is the last in it.
    pub(super) fn take_up(&mut self, element: &mut Element) -> Length {
        std::mem::swap(&mut self.tree, element);
        self.open.clear();
        self.open.push(0);
        Length {
            text: self.tree.text.len(),
            nodes: self.tree.nodes.len(),
            attributes: self.tree.attributes.len(),
            namespaces: self.tree.namespaces.len(),
        }
    }

    /// Gives the element back with what was read, or as it was where that is not whole.
    pub(super) fn give_back(&mut self, element: &mut Element, before: Option<Length>) {
        if let Some(Length { text, nodes, attributes, namespaces }) = before {
            self.tree.text.truncate(text);
            self.tree.nodes.truncate(nodes);
            self.tree.attributes.truncate(attributes);
            self.tree.namespaces.truncate(namespaces);
            self.open.truncate(1);
        }
        while !self.open.is_empty() {
            self.end();
        }
        std::mem::swap(&mut self.tree, element);
    }

    /// Gives the element, with no more memory than it needs where it is of the usual size.
    pub(super) fn finish(&mut self, notes: Vec<Note>) -> Element {
        while !self.open.is_empty() {
            self.end();
        }
        let large = self.size() * size_of::<Node>() + self.tree.text.len() > Self::COPIED;
        let tree = if large { std::mem::take(&mut self.tree) } else { self.tree.clone() };
        Element { notes, ..tree }
    }
}

fn keep(buffer: &mut String, text: &str) -> Span {
    let start = buffer.len();
    buffer.push_str(text);
    Span::from(start, buffer)
}
