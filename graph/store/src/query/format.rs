//! The formats of answers, by media type and by file extension.

use super::prepare::QueryKind;
use oxigraph::io::{JsonLdProfileSet, RdfFormat};
use oxigraph::sparql::results::QueryResultsFormat;

/// A format for rows and for yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SolutionFormat {
    /// SPARQL 1.1 Query Results JSON Format.
    Json,
    /// SPARQL Query Results XML Format.
    Xml,
    /// SPARQL 1.1 Query Results CSV Format: plain values.
    Csv,
    /// SPARQL 1.1 Query Results TSV Format: terms as in Turtle.
    Tsv,
}

/// A format for statements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GraphFormat {
    /// RDF 1.1 Turtle.
    Turtle,
    /// RDF 1.1 N-Triples.
    NTriples,
    /// RDF 1.1 N-Quads; keeps the graphs.
    NQuads,
    /// RDF 1.1 TriG; keeps the graphs.
    TriG,
    /// RDF 1.1 XML.
    RdfXml,
    /// JSON-LD 1.1, expanded.
    JsonLd,
}

/// A format for the answer of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ResultFormat {
    /// For `SELECT` and `ASK`.
    Solutions(SolutionFormat),
    /// For `CONSTRUCT` and `DESCRIBE`.
    Graph(GraphFormat),
}

impl SolutionFormat {
    /// All, in the order of preference.
    pub const ALL: [Self; 4] = [Self::Json, Self::Xml, Self::Csv, Self::Tsv];

    /// The media type for `Content-Type`.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/sparql-results+json",
            Self::Xml => "application/sparql-results+xml",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Tsv => "text/tab-separated-values; charset=utf-8",
        }
    }

    /// The usual extension, which is also the short name in `format=`.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Xml => "xml",
            Self::Csv => "csv",
            Self::Tsv => "tsv",
        }
    }

    /// By media type, parameters aside.
    #[must_use]
    pub fn from_media_type(media_type: &str) -> Option<Self> {
        match essence(media_type).as_str() {
            "application/sparql-results+json" | "application/json" => Some(Self::Json),
            "application/sparql-results+xml" | "application/xml" | "text/xml" => Some(Self::Xml),
            "text/csv" => Some(Self::Csv),
            "text/tab-separated-values" => Some(Self::Tsv),
            _ => None,
        }
    }

    /// By extension or short name.
    #[must_use]
    pub fn from_extension(extension: &str) -> Option<Self> {
        match extension {
            "json" | "srj" => Some(Self::Json),
            "xml" | "srx" => Some(Self::Xml),
            "csv" => Some(Self::Csv),
            "tsv" => Some(Self::Tsv),
            _ => None,
        }
    }

    pub(super) fn engine(self) -> QueryResultsFormat {
        match self {
            Self::Json => QueryResultsFormat::Json,
            Self::Xml => QueryResultsFormat::Xml,
            Self::Csv => QueryResultsFormat::Csv,
            Self::Tsv => QueryResultsFormat::Tsv,
        }
    }
}

impl GraphFormat {
    /// All, in the order of preference.
    pub const ALL: [Self; 6] =
        [Self::Turtle, Self::JsonLd, Self::NTriples, Self::RdfXml, Self::NQuads, Self::TriG];

    /// The media type for `Content-Type`.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Turtle => "text/turtle; charset=utf-8",
            Self::NTriples => "application/n-triples",
            Self::NQuads => "application/n-quads",
            Self::TriG => "application/trig; charset=utf-8",
            Self::RdfXml => "application/rdf+xml",
            Self::JsonLd => "application/ld+json",
        }
    }

    /// The usual extension, which is also the short name in `format=`.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Turtle => "ttl",
            Self::NTriples => "nt",
            Self::NQuads => "nq",
            Self::TriG => "trig",
            Self::RdfXml => "rdf",
            Self::JsonLd => "jsonld",
        }
    }

    /// By media type, parameters aside.
    #[must_use]
    pub fn from_media_type(media_type: &str) -> Option<Self> {
        match essence(media_type).as_str() {
            "text/turtle" | "application/turtle" | "application/x-turtle" => Some(Self::Turtle),
            "application/n-triples" | "text/plain" => Some(Self::NTriples),
            "application/n-quads" => Some(Self::NQuads),
            "application/trig" => Some(Self::TriG),
            "application/rdf+xml" | "application/xml" | "text/xml" => Some(Self::RdfXml),
            "application/ld+json" | "application/json" => Some(Self::JsonLd),
            _ => None,
        }
    }

    /// By extension or short name.
    #[must_use]
    pub fn from_extension(extension: &str) -> Option<Self> {
        match extension {
            "ttl" => Some(Self::Turtle),
            "nt" => Some(Self::NTriples),
            "nq" => Some(Self::NQuads),
            "trig" => Some(Self::TriG),
            "rdf" | "xml" => Some(Self::RdfXml),
            "jsonld" | "json" => Some(Self::JsonLd),
            _ => None,
        }
    }

    /// Whether the format says in which graph a statement stands.
    #[must_use]
    pub fn keeps_graphs(self) -> bool {
        matches!(self, Self::NQuads | Self::TriG)
    }

    pub(crate) fn engine(self) -> RdfFormat {
        match self {
            Self::Turtle => RdfFormat::Turtle,
            Self::NTriples => RdfFormat::NTriples,
            Self::NQuads => RdfFormat::NQuads,
            Self::TriG => RdfFormat::TriG,
            Self::RdfXml => RdfFormat::RdfXml,
            Self::JsonLd => RdfFormat::JsonLd { profile: JsonLdProfileSet::empty() },
        }
    }
}

impl ResultFormat {
    /// The formats that answer a query of this kind, the preferred first.
    #[must_use]
    pub fn offered(kind: QueryKind) -> Vec<Self> {
        match kind {
            QueryKind::Select | QueryKind::Ask => SolutionFormat::ALL.map(Self::Solutions).to_vec(),
            QueryKind::Construct | QueryKind::Describe => GraphFormat::ALL.map(Self::Graph).to_vec(),
        }
    }

    /// Whether an answer of this kind can be written so.
    #[must_use]
    pub fn suits(self, kind: QueryKind) -> bool {
        match kind {
            QueryKind::Select | QueryKind::Ask => matches!(self, Self::Solutions(_)),
            QueryKind::Construct | QueryKind::Describe => matches!(self, Self::Graph(_)),
        }
    }

    /// By media type. `application/xml` and `application/json` mean one thing for rows and another for graphs, so
    /// the kind of the query decides.
    #[must_use]
    pub fn from_media_type(kind: QueryKind, media_type: &str) -> Option<Self> {
        match kind {
            QueryKind::Select | QueryKind::Ask => {
                SolutionFormat::from_media_type(media_type).map(Self::Solutions)
            }
            QueryKind::Construct | QueryKind::Describe => {
                GraphFormat::from_media_type(media_type).map(Self::Graph)
            }
        }
    }

    /// By extension or short name, again by the kind of the query.
    #[must_use]
    pub fn from_extension(kind: QueryKind, extension: &str) -> Option<Self> {
        match kind {
            QueryKind::Select | QueryKind::Ask => {
                SolutionFormat::from_extension(extension).map(Self::Solutions)
            }
            QueryKind::Construct | QueryKind::Describe => {
                GraphFormat::from_extension(extension).map(Self::Graph)
            }
        }
    }

    /// The usual extension, by which [`ResultFormat::from_extension`] finds it again.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Solutions(format) => format.extension(),
            Self::Graph(format) => format.extension(),
        }
    }

    /// The media type for `Content-Type`.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Solutions(format) => format.media_type(),
            Self::Graph(format) => format.media_type(),
        }
    }
}

fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}
