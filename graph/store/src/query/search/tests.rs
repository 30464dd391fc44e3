//! Both forms of a search, by the executor and by the evaluator over columns.
#![expect(clippy::unwrap_used, reason = "tests")]

use crate::query::{
    Asked, Cancellation, DatasetParameters, Engine, EvaluateError, Limits, QueryErrorKind, ResultFormat,
    SolutionFormat, prepare,
};
use graph_index::{Builder, Index};
use oxrdf::{GraphName, Literal, NamedNode, Quad};

const TITLES: [&str; 7] = [
    "Kalevala",
    "Kalevalan runot",
    "Uuden Kalevalan esipuhe",
    "Kalevela",
    "Kanteletar",
    "KALEVALA taikka vanhoja Karjalan runoja",
    "Das Kalevala",
];

fn engines() -> (tempfile::TempDir, [Engine; 2]) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("index");
    let mut builder = Builder::new(&path).unwrap();
    let title = NamedNode::new("http://x/title").unwrap();
    for (n, text) in TITLES.iter().enumerate() {
        let item = NamedNode::new(format!("http://x/{n}")).unwrap();
        let literal = Literal::new_language_tagged_literal(*text, if n == 6 { "de" } else { "fi" }).unwrap();
        builder.add(Quad::new(item, title.clone(), literal, GraphName::DefaultGraph).as_ref()).unwrap();
    }
    builder.finish().unwrap();
    let index = Index::open(&path).unwrap();
    (folder, [Engine::indexed(index.clone()), Engine::by_columns(index)])
}

fn ask(engine: &Engine, text: &str) -> Result<String, EvaluateError> {
    let text = format!("PREFIX aarre: <https://w3id.org/aarre/ns#> PREFIX x: <http://x/> {text}");
    let prepared = prepare(&text, &DatasetParameters::default()).unwrap();
    let mut out = Vec::new();
    let format = ResultFormat::Solutions(SolutionFormat::Csv);
    engine.evaluate(&Asked::new(&prepared, &Limits::default(), &Cancellation::new()), format, &mut out)?;
    Ok(String::from_utf8(out).unwrap().replace("\r\n", "|"))
}

#[test]
fn words_bind_the_texts_that_have_them() {
    let (_folder, engines) = engines();
    for engine in &engines {
        let check = |text: &str, expected: &str| assert_eq!(ask(engine, text).unwrap(), expected, "{text}");
        check(
            "SELECT ?i { ?i x:title ?t . ?t aarre:matches \"kalevala\" } ORDER BY ?i",
            "i|http://x/0|http://x/5|http://x/6|",
        );
        check(
            "SELECT ?i { ?i x:title/aarre:matches \"kalev* runo*\" } ORDER BY ?i",
            "i|http://x/1|http://x/5|",
        );
        check(
            "SELECT ?t { ?t aarre:matches \"kalevela~\" } ORDER BY ?t",
            "t|Das Kalevala|KALEVALA taikka vanhoja Karjalan runoja|Kalevala|Kalevela|",
        );
        check(
            "SELECT ?i { ?i x:title ?t FILTER NOT EXISTS { ?t aarre:matches \"kalev*\" } }",
            "i|http://x/4|",
        );
        check("ASK { ?t aarre:matches \"sampo\" }", "false");
        check(
            "SELECT ?t { \"Das Kalevala\"@de aarre:matches \"das\" . ?t aarre:matches \"esipuhe\" }",
            "t|Uuden Kalevalan esipuhe|",
        );
        check(
            "SELECT ?t ?s { SERVICE aarre:text { ?t aarre:query \"kalevala\" ; aarre:score ?s ; aarre:limit 2 } } ORDER BY DESC(?s) ?t",
            "t,s|Kalevala,1|Das Kalevala,0.5|",
        );
        check("SELECT (COUNT(*) AS ?n) { SERVICE aarre:text { ?t aarre:query \"kalev*\" } }", "n|6|");
    }
}

#[test]
fn a_search_that_is_none_is_refused_before_it_is_asked() {
    let refused = |inner: &str| {
        let text = format!(
            "PREFIX aarre: <https://w3id.org/aarre/ns#> SELECT * {{ SERVICE aarre:text {{ {inner} }} }}"
        );
        prepare(&text, &DatasetParameters::default()).unwrap_err()
    };
    for inner in [
        "",
        "?t aarre:score ?s",
        "?t aarre:query ?q",
        "?t aarre:query \"a\" ; aarre:limit 10001",
        "?t aarre:query \"a\" ; aarre:limit \"x\"",
        "?t aarre:query \"a\" . ?u aarre:query \"b\"",
        "?t aarre:query \"a\" ; ?p ?o",
        "?t aarre:query \"a\" FILTER(1)",
        "?t aarre:query \"a\" ; aarre:score ?t",
        "<http://x/> aarre:query \"a\"",
    ] {
        assert_eq!(refused(inner).kind, QueryErrorKind::Service, "{inner}");
    }
    let other = prepare("ASK { SERVICE <http://x/text> { ?s ?p ?o } }", &DatasetParameters::default());
    assert_eq!(other.unwrap_err().kind, QueryErrorKind::Service);
}

#[test]
fn an_answer_with_a_search_depends_on_all_texts() {
    for text in [
        "SELECT ?t { ?t <https://w3id.org/aarre/ns#matches> \"a\" }",
        "SELECT ?t { SERVICE <https://w3id.org/aarre/ns#text> { ?t <https://w3id.org/aarre/ns#query> \"a\" } }",
    ] {
        let prepared = prepare(text, &DatasetParameters::default()).unwrap();
        assert_eq!((&prepared.touch().predicates, &prepared.touch().graphs), (&None, &None), "{text}");
        assert!(prepared.lasting(), "{text}");
    }
}
