//! The manifests of the suites: what is asked of what, and what is expected.

use oxigraph::io::{RdfFormat, RdfParser};
use oxrdf::{Graph, NamedNodeRef, NamedOrBlankNode, NamedOrBlankNodeRef, Term, TermRef, Triple};
use std::fs;
use std::path::{Path, PathBuf};

/// Test manifests.
pub(super) const MF: &str = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#";
/// What is said of query tests.
const QT: &str = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#";
const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";

/// What a test checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Evaluation,
    Csv,
    Positive,
    Negative,
    Update,
}

/// A test of a query.
#[derive(Debug)]
pub(super) struct Test {
    /// `sparql11/aggregates/agg01`.
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) query: PathBuf,
    /// What relative IRIs of the query are resolved against.
    pub(super) base: String,
    /// The IRIs of the default graph's data, then of the named ones.
    pub(super) data: Vec<String>,
    pub(super) named: Vec<String>,
    pub(super) result: Option<PathBuf>,
    /// `REDUCED` may leave out what repeats.
    pub(super) lax: bool,
}

/// One folder with a manifest.
#[derive(Debug)]
pub(super) struct Suite {
    pub(super) name: String,
    pub(super) folder: PathBuf,
    pub(super) base: String,
}

impl Suite {
    /// All suites, sorted.
    pub(super) fn all(root: &Path) -> Vec<Self> {
        let mut suites = Vec::new();
        for (version, base) in [
            ("sparql10", "http://www.w3.org/2001/sw/DataAccess/tests/data-r2"),
            ("sparql11", "http://www.w3.org/2009/sparql/docs/tests/data-sparql11"),
        ] {
            for entry in fs::read_dir(root.join(version)).unwrap() {
                let folder = entry.unwrap().path();
                let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
                if folder.join("manifest.ttl").exists() {
                    let (name, base) = (format!("{version}/{name}"), format!("{base}/{name}/"));
                    suites.push(Self { name, folder, base });
                }
            }
        }
        suites.sort_by(|a, b| a.name.cmp(&b.name));
        suites
    }

    /// The file behind an IRI of this suite.
    pub(super) fn path(&self, iri: &str) -> PathBuf {
        self.folder.join(iri.strip_prefix(&self.base).unwrap_or_else(|| panic!("{iri} is elsewhere")))
    }

    /// The tests of queries and updates, in the order of the manifest.
    pub(super) fn tests(&self) -> Vec<Test> {
        let manifest = Manifest::read(&self.folder.join("manifest.ttl"), &self.base);
        manifest.entries().iter().filter_map(|entry| self.test(&manifest, entry)).collect()
    }

    fn test(&self, manifest: &Manifest, entry: &NamedOrBlankNode) -> Option<Test> {
        let kinds = manifest.objects(entry.as_ref(), &format!("{RDF}type"));
        let kind = kinds.iter().find_map(|kind| {
            let Term::NamedNode(kind) = kind else { return None };
            Some(match kind.as_str().strip_prefix(MF)? {
                "QueryEvaluationTest" => Kind::Evaluation,
                "CSVResultFormatTest" => Kind::Csv,
                "PositiveSyntaxTest" | "PositiveSyntaxTest11" => Kind::Positive,
                "NegativeSyntaxTest" | "NegativeSyntaxTest11" => Kind::Negative,
                "UpdateEvaluationTest" | "PositiveUpdateSyntaxTest11" | "NegativeUpdateSyntaxTest11" => {
                    Kind::Update
                }
                _ => return None,
            })
        })?;
        let action = manifest.object(entry.as_ref(), &format!("{MF}action")).unwrap();
        let mut test = Test {
            name: format!("{}/{}", self.name, fragment(&entry.to_string())),
            kind,
            query: PathBuf::new(),
            base: self.base.clone(),
            data: Vec::new(),
            named: Vec::new(),
            result: None,
            lax: manifest.object(entry.as_ref(), &format!("{MF}resultCardinality")).is_some(),
        };
        match &action {
            Term::NamedNode(query) => {
                test.query = self.path(query.as_str());
                query.as_str().clone_into(&mut test.base);
            }
            Term::BlankNode(node) => {
                let node = NamedOrBlankNodeRef::from(node.as_ref());
                let update = "http://www.w3.org/2009/sparql/tests/test-update#request";
                let query = manifest.object(node, &format!("{QT}query"));
                let query = iri(&query.or_else(|| manifest.object(node, update)).unwrap());
                test.query = self.path(&query);
                test.base = query;
                test.data = manifest.objects(node, &format!("{QT}data")).iter().map(iri).collect();
                test.named = manifest.objects(node, &format!("{QT}graphData")).iter().map(iri).collect();
            }
            other => panic!("{}: {other} is no action", test.name),
        }
        if let Some(Term::NamedNode(result)) = manifest.object(entry.as_ref(), &format!("{MF}result")) {
            test.result = Some(self.path(result.as_str()));
        }
        Some(test)
    }
}

/// A manifest as a graph.
pub(super) struct Manifest {
    graph: Graph,
}

impl Manifest {
    pub(super) fn read(path: &Path, base: &str) -> Self {
        Self { graph: read_graph(path, &format!("{base}manifest.ttl")) }
    }

    /// The members of the list of entries.
    pub(super) fn entries(&self) -> Vec<NamedOrBlankNode> {
        let entries = format!("{MF}entries");
        let lists = self.graph.triples_for_predicate(NamedNodeRef::new(&entries).unwrap());
        let lists: Vec<Term> = lists.map(|triple| triple.object.into_owned()).collect();
        lists.iter().flat_map(|list| self.list(list)).map(|member| node(&member)).collect()
    }

    /// The members of a list.
    pub(super) fn list(&self, list: &Term) -> Vec<Term> {
        let mut members = Vec::new();
        let mut rest = list.clone();
        while rest.to_string() != format!("<{RDF}nil>") {
            let cell = node(&rest);
            members.extend(self.object(cell.as_ref(), &format!("{RDF}first")));
            rest = self.object(cell.as_ref(), &format!("{RDF}rest")).expect("a list goes on or ends");
        }
        members
    }

    pub(super) fn objects(&self, subject: NamedOrBlankNodeRef<'_>, predicate: &str) -> Vec<Term> {
        let predicate = NamedNodeRef::new(predicate).unwrap();
        self.graph.objects_for_subject_predicate(subject, predicate).map(TermRef::into_owned).collect()
    }

    pub(super) fn object(&self, subject: NamedOrBlankNodeRef<'_>, predicate: &str) -> Option<Term> {
        self.objects(subject, predicate).into_iter().next()
    }
}

/// The node that a term is.
pub(super) fn node(term: &Term) -> NamedOrBlankNode {
    match term {
        Term::NamedNode(node) => node.clone().into(),
        Term::BlankNode(node) => node.clone().into(),
        other => panic!("{other} is no node"),
    }
}

fn iri(term: &Term) -> String {
    match term {
        Term::NamedNode(node) => node.as_str().to_owned(),
        other => panic!("{other} is no IRI"),
    }
}

/// What follows the hash.
pub(super) fn fragment(iri: &str) -> String {
    iri.trim_matches(['<', '>']).rsplit('#').next().unwrap().to_owned()
}

/// Reads a file of triples.
pub(super) fn read_graph(path: &Path, base: &str) -> Graph {
    let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    parse_graph(&bytes, format_of(path), base).unwrap_or_else(|why| panic!("{}: {why}", path.display()))
}

/// Reads triples.
pub(super) fn parse_graph(bytes: &[u8], format: RdfFormat, base: &str) -> Result<Graph, String> {
    let parser = RdfParser::from_format(format).with_base_iri(base).map_err(|error| error.to_string())?;
    let mut graph = Graph::new();
    for quad in parser.rename_blank_nodes().for_slice(bytes) {
        graph.insert(&Triple::from(quad.map_err(|error| error.to_string())?));
    }
    Ok(graph)
}

fn format_of(path: &Path) -> RdfFormat {
    RdfFormat::from_extension(path.extension().unwrap().to_str().unwrap()).unwrap()
}
