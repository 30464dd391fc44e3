//! Writing graphs out one statement at a time, in any syntax: what the Graph Store Protocol reads.
//!
//! Nothing is held but the statement at hand, however large the graph. A graph written so is slower than
//! [`Snapshot::dump_graph`], which knows one syntax only.

use crate::error::StoreError;
use crate::query::GraphFormat;
use crate::snapshot::Snapshot;
use oxigraph::io::RdfSerializer;
use oxigraph::model::{NamedNodeRef, Quad, TripleRef};
use std::io::Write;

/// Which statements are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent<'g> {
    /// Those of all graphs, each once, in however many graphs it stands.
    All,
    /// Those of one graph.
    Graph(NamedNodeRef<'g>),
}

impl Snapshot {
    /// Whether there is a statement in the graph.
    ///
    /// # Errors
    /// When the store fails.
    pub fn has_graph(&self, graph: NamedNodeRef<'_>) -> Result<bool, StoreError> {
        Ok(self.quads_of_graph(graph).next().transpose()?.is_some())
    }

    /// Writes the statements with the prefixes (name, namespace) declared, and tells how many there were. What is written
    /// is one graph: formats that could name graphs name none, as readers look for it in the default graph.
    ///
    /// # Errors
    /// When the store fails, `out` does, or the format cannot say a statement (RDF/XML has no name for some
    /// properties). What was written until then is not the graph.
    pub fn write_statements<W: Write>(
        &self,
        extent: Extent<'_>,
        format: GraphFormat,
        prefixes: &[(&str, &str)],
        out: W,
    ) -> Result<u64, StoreError> {
        let mut serializer = RdfSerializer::from_format(format.engine());
        if !matches!(format, GraphFormat::NTriples | GraphFormat::NQuads | GraphFormat::JsonLd) {
            for (name, namespace) in prefixes {
                // A namespace that is no IRI abbreviates nothing, and nothing is lost without it.
                if let Ok(with) = serializer.clone().with_prefix(*name, *namespace) {
                    serializer = with;
                }
            }
        }
        let mut writer = serializer.for_writer(out);
        let mut count = 0;
        let graph = match extent {
            Extent::All => None,
            Extent::Graph(graph) => Some(graph),
        };
        for quad in self.matching(None, None, None, graph) {
            let quad = quad?;
            if graph.is_some() || self.is_first(&quad)? {
                writer.serialize_triple(TripleRef::from(quad.as_ref())).map_err(StoreError::Output)?;
                count += 1;
            }
        }
        writer.finish().map_err(StoreError::Output)?;
        Ok(count)
    }

    /// Whether the graph of the quad is the first of those that its statement stands in, by the order of the index.
    fn is_first(&self, quad: &Quad) -> Result<bool, StoreError> {
        let subject = quad.subject.as_ref();
        let mut all = self.store.quads_for_pattern(
            Some(subject),
            Some(quad.predicate.as_ref()),
            Some(quad.object.as_ref()),
            None,
        );
        Ok(all.next().transpose()?.is_none_or(|first| first.graph_name == quad.graph_name))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use oxigraph::io::RdfFormat;
    use oxigraph::store::Store;

    fn written(extent: Extent<'_>, format: GraphFormat) -> (u64, String) {
        let store = Store::new().unwrap();
        let text = "@prefix x: <http://x/> .
            x:g { x:a x:p 1 , x:b . x:b x:q \"Talo\"@fi }  x:h { x:a x:p 1 ; x:r _:n }";
        store.load_from_slice(RdfFormat::TriG, text.as_bytes()).unwrap();
        let mut out = Vec::new();
        let count = Snapshot { store }.write_statements(extent, format, &[("x", "http://x/")], &mut out);
        (count.unwrap(), String::from_utf8(out).unwrap())
    }

    #[test]
    fn each_statement_of_all_graphs_once() {
        let (count, text) = written(Extent::All, GraphFormat::NTriples);
        let mut lines: Vec<&str> = text.lines().collect();
        lines.sort_unstable();
        lines.dedup();
        assert_eq!((count, lines.len()), (4, 4), "{text}");
    }

    #[test]
    fn one_graph_in_every_format() {
        let graph = NamedNodeRef::new("http://x/h").unwrap();
        for format in GraphFormat::ALL {
            let (count, text) = written(Extent::Graph(graph), format);
            assert_eq!(count, 2, "{format:?}: {text}");
            assert!(!text.contains("/h") && !text.contains("x:h"), "{format:?}: {text}");
        }
        let (_, turtle) = written(Extent::Graph(graph), GraphFormat::Turtle);
        // The order is the index's, by hashes: the blank node's name is another each time.
        assert!(turtle.contains("x:p 1") && turtle.contains("x:r _:") && !turtle.contains("x:q"), "{turtle}");
        let none = NamedNodeRef::new("http://x/none").unwrap();
        assert_eq!(written(Extent::Graph(none), GraphFormat::Turtle).0, 0);
    }
}
