//! Between request paths and IRIs.
//!
//! An IRI is the base and a path, byte by byte as it was minted: `%2F` in a local identifier is not a slash,
//! so nothing here decodes a path and hopes. The path is taken raw from the request line. Where a client
//! spelt it otherwise (lower-case escapes, plain letters beyond ASCII), [`Place::canonical`] gives the
//! spelling in which Aarre mints, and the client is sent there.
//!
//! The server may stand behind a proxy under another host name; only the path part of the base matters here.

use graph_model::{Base, encode_segment};
use percent_encoding::percent_decode_str;

/// Where the graph's IRIs and the server's pages lie.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    base: String,
    root: String,
}

impl Place {
    pub(crate) fn new(base: &Base) -> Self {
        let base = base.as_str().to_owned();
        let after_scheme = base.find("://").map_or(0, |at| at + 3);
        let root = base[after_scheme..].find('/').map_or("", |at| &base[after_scheme + at..]).to_owned();
        Self { base, root }
    }

    /// The base IRI.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// What every local link begins with: empty, or the path of the base.
    pub(crate) fn root(&self) -> &str {
        &self.root
    }

    /// The request path without the base's own path, which a proxy may or may not have cut off.
    pub(crate) fn inside<'p>(&self, path: &'p str) -> &'p str {
        match path.strip_prefix(self.root.as_str()) {
            Some(rest) if rest.starts_with('/') => rest,
            _ => path,
        }
    }

    /// The IRI of the entity whose path under `/id/`, `/page/` or `/data/` is `rest`.
    pub(crate) fn iri(&self, rest: &str) -> String {
        format!("{}/id/{rest}", self.base)
    }

    /// What follows `/id/` in an IRI of this graph, without the fragment.
    pub(crate) fn rest<'i>(&self, iri: &'i str) -> Option<&'i str> {
        let rest = iri.strip_prefix(self.base.as_str())?.strip_prefix("/id/")?;
        let rest = rest.split('#').next().unwrap_or(rest);
        (!rest.is_empty()).then_some(rest)
    }

    /// The path of the page about an IRI of this graph, with its fragment; `None` for other people's IRIs.
    pub(crate) fn page(&self, iri: &str) -> Option<String> {
        let rest = self.rest(iri)?;
        let fragment = iri.find('#').map_or("", |at| &iri[at..]);
        Some(format!("{}/page/{rest}{fragment}", self.root))
    }

    /// The spelling of `rest` in which Aarre mints, where that differs.
    pub(crate) fn canonical(rest: &str) -> Option<String> {
        let mut canonical = String::with_capacity(rest.len());
        for (position, segment) in rest.split('/').enumerate() {
            if position > 0 {
                canonical.push('/');
            }
            encode_segment(&percent_decode_str(segment).decode_utf8().ok()?, &mut canonical);
        }
        (canonical != rest).then_some(canonical)
    }
}

/// The document of an IRI: everything before the fragment.
pub(crate) fn document_of(iri: &str) -> &str {
    iri.split('#').next().unwrap_or(iri)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn iris_and_paths_round_trip_to_the_byte() {
        let place = Place::new(&Base::new("https://data.example.org").unwrap());
        for local in
            ["helmet/FI%2F1%202", "place/%D0%BA%D0%B8%D1%97%D0%B2", "a/100%25", "a/%2E%2E", "a/x.ttl"]
        {
            let iri = place.iri(local);
            assert_eq!(place.rest(&iri), Some(local));
            assert_eq!(place.page(&iri).unwrap(), format!("/page/{local}"));
            assert_eq!(Place::canonical(local), None, "{local}");
        }
        assert_eq!(place.page("https://data.example.org/id/a/1#event-1").unwrap(), "/page/a/1#event-1");
        assert_eq!(place.page("https://elsewhere.example/id/a/1"), None);
        assert_eq!(place.page("https://data.example.org.evil/id/a/1"), None);
        assert_eq!(Place::canonical("place/%d0%ba").unwrap(), "place/%D0%BA");
        assert_eq!(Place::canonical("place/київ").unwrap(), "place/%D0%BA%D0%B8%D1%97%D0%B2");
        assert_eq!(Place::canonical("a/%FF"), None, "not UTF-8, so never minted");
    }

    #[test]
    fn a_base_with_a_path_is_a_prefix_of_links() {
        let place = Place::new(&Base::new("https://example.org/heritage/").unwrap());
        assert_eq!(place.root(), "/heritage");
        assert_eq!(place.inside("/heritage/id/a/1"), "/id/a/1");
        assert_eq!(place.inside("/id/a/1"), "/id/a/1");
        assert_eq!(place.inside("/heritages/id"), "/heritages/id");
        assert_eq!(place.page("https://example.org/heritage/id/a/1").unwrap(), "/heritage/page/a/1");
    }
}
