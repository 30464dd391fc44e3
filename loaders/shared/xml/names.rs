//! The open elements and the namespaces in force.

use super::limits;

/// A stretch of a text buffer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) start: u32,
    pub(super) end: u32,
}

impl Span {
    /// The stretch from `start` to the end of the buffer. Every buffer here is far below 4 GiB by the limits.
    pub(super) fn from(start: usize, buffer: &str) -> Self {
        Self { start: start as u32, end: buffer.len() as u32 }
    }

    pub(super) fn of(self, buffer: &str) -> &str {
        &buffer[self.start as usize..self.end as usize]
    }
}

#[derive(Debug)]
struct Binding {
    prefix: Span,
    namespace: Span,
}

#[derive(Debug)]
struct Open {
    name_at: usize,
    bindings: usize,
    bound: usize,
}

/// The open elements, outermost first, with their namespace declarations.
#[derive(Debug, Default)]
pub(super) struct Scope {
    open: Vec<Open>,
    names: String,
    bindings: Vec<Binding>,
    bound: String,
}

impl Scope {
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// The name of the innermost open element as it was written.
    pub(super) fn innermost(&self) -> Option<&str> {
        self.open.last().map(|open| &self.names[open.name_at..])
    }

    /// Opens an element; its declarations follow by [`Scope::declare`].
    pub(super) fn push(&mut self, name: &str) {
        let (name_at, bindings, bound) = (self.names.len(), self.bindings.len(), self.bound.len());
        self.open.push(Open { name_at, bindings, bound });
        self.names.push_str(name);
    }

    /// Closes the innermost element.
    pub(super) fn pop(&mut self) {
        if let Some(open) = self.open.pop() {
            self.names.truncate(open.name_at);
            self.bindings.truncate(open.bindings);
            self.bound.truncate(open.bound);
        }
    }

    /// Closes elements until `depth` are open.
    pub(super) fn truncate(&mut self, depth: usize) {
        while self.open.len() > depth {
            self.pop();
        }
    }

    /// Declares a namespace on the innermost element; false when there are too many.
    pub(super) fn declare(&mut self, prefix: &str, namespace: &str) -> bool {
        if self.bindings.len() == limits::BINDINGS || namespace.len() > limits::NAMESPACE {
            return false;
        }
        let start = self.bound.len();
        self.bound.push_str(prefix);
        let prefix = Span::from(start, &self.bound);
        let start = self.bound.len();
        self.bound.push_str(namespace);
        let namespace = Span::from(start, &self.bound);
        self.bindings.push(Binding { prefix, namespace });
        true
    }

    /// The namespace that a prefix stands for; `None` when it was not declared.
    pub(super) fn resolve(&self, prefix: &str) -> Option<Span> {
        let found = self.bindings.iter().rev().find(|binding| binding.prefix.of(&self.bound) == prefix);
        found.map(|binding| binding.namespace)
    }

    pub(super) fn namespace(&self, span: Span) -> &str {
        span.of(&self.bound)
    }
}
