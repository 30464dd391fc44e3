//! A description while it is written: the pen, and how many fragments of each kind stand.

use graph_model::{Description, Node};

/// The pen of this format.
pub(super) struct Draft<'a, 'd> {
    pub(super) out: &'a mut Description<'d>,
    pub(super) item: Node,
    counts: Vec<(&'static str, u32)>,
    /// Whether making is dated, so that the date of a design is not needed.
    pub(super) created: bool,
    /// The name of the first object or work type, and its language.
    pub(super) kind: Option<(String, Option<String>)>,
    /// The keys of the places whose coordinates are stated.
    pub(super) located: Vec<String>,
    /// The keys of the organizations described so far.
    pub(super) bodies: Vec<String>,
    /// Whether the aggregation has a statement of rights.
    pub(super) rights: bool,
    /// Whether the object itself is linked with `edm:isShownBy`.
    pub(super) shown_by: bool,
    /// Whether a preview is linked with `edm:object`.
    pub(super) preview: bool,
}

impl<'a, 'd> Draft<'a, 'd> {
    pub(super) fn new(out: &'a mut Description<'d>) -> Self {
        let item = out.item();
        Self {
            out,
            item,
            counts: Vec::new(),
            created: false,
            kind: None,
            located: Vec::new(),
            bodies: Vec::new(),
            rights: false,
            shown_by: false,
            preview: false,
        }
    }

    /// The next fragment of a kind: `production-1`, `production-2`, …
    pub(super) fn fragment(&mut self, word: &'static str) -> Node {
        let number = match self.counts.iter_mut().find(|(known, _)| *known == word) {
            Some((_, count)) => {
                *count += 1;
                *count
            }
            None => {
                self.counts.push((word, 1));
                1
            }
        };
        self.out.fragment(&format!("{word}-{number}"))
    }
}
