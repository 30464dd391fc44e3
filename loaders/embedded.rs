//! Records that stand within records of another format, such as a finding aid in a package: no format names another, so
//! whoever meets one asks here, and the table of formats knows who reads it.

use crate::shared::xml::{ElementRef, written};
use crate::{EMBEDDED, Outcome, Setup, Target};
use graph_model::{Description, Document};
use std::io::Cursor;
use std::ops::ControlFlow;
use vocabularies::{edm, rdf};

/// How much of a document shows its format.
const HEAD: usize = 64 << 10;

/// What an embedded record says.
#[derive(Debug)]
pub(crate) struct Embedded {
    /// The identifier of its format.
    pub(crate) format: &'static str,
    /// What it says, of an item of its own name.
    pub(crate) document: Document,
    /// How many more records there are within it, which were not read: the components of a finding aid.
    pub(crate) others: usize,
}

impl Embedded {
    /// Whether it is about an item, and not about an agent or a concept.
    pub(crate) fn is_item(&self) -> bool {
        self.document.statements().any(|statement| {
            statement.predicate == rdf::TYPE
                && statement.object == graph_model::ObjectRef::Iri(edm::PROVIDED_CHO.as_str())
        })
    }
}

/// Reads the record that an element is; `None` where no format knows it, or where it is broken.
pub(crate) fn read(element: ElementRef<'_>, out: &Description<'_>) -> Option<Embedded> {
    let text = written(element);
    let head = &text.as_bytes()[..text.len().min(HEAD)];
    let entry = EMBEDDED.iter().find(|entry| (entry.sniff)(head))?;
    let format = (entry.setup)(Setup::default()).ok()?;
    let target = Target::new(out.base(), out.dataset());
    let (mut last, mut count) = (None, 0_usize);
    let _ = format.convert_on_this_thread(Box::new(Cursor::new(text)), target, &mut |outcome| {
        if let Outcome::Document { document, .. } = outcome {
            // What holds other records comes after them.
            last = Some(std::mem::take(document));
            count += 1;
        }
        ControlFlow::Continue(())
    });
    Some(Embedded { format: entry.id, document: last?, others: count - 1 })
}
