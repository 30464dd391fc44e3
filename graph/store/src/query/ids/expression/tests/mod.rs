//! Every expression here is asked of every value and of pairs of values, and of the evaluator of Oxigraph as well.
#![expect(clippy::unwrap_used, reason = "tests")]

mod places;

use super::*;
use crate::query::ids::rows::UNBOUND;
use graph_index::Builder;
use oxrdf::{BlankNode, Dataset, GraphName, Literal, NamedNode, Quad, Term, Triple};
use spareval::QueryResults;
use spargebra::algebra::GraphPattern;
use spargebra::{Query, SparqlParser};
use std::collections::HashMap;

/// Values of every kind, with what is hard about each.
fn terms() -> Vec<Term> {
    let xsd = "http://www.w3.org/2001/XMLSchema#";
    let mut terms: Vec<Term> = Vec::new();
    for iri in ["http://x/a", "http://x/b", "http://x/Å", "http://y/", "urn:x:1", "http://x/a#Street"] {
        terms.push(NamedNode::new(iri).unwrap().into());
    }
    terms.push(BlankNode::new("b1").unwrap().into());
    let strings = [
        "",
        "a",
        "A",
        "abc",
        "ABC",
        "aBc",
        "abd",
        "b",
        "Street",
        "STRASSE",
        "Straße",
        "straße",
        "Ἀθῆναι",
        "ΑΘΗΝΑΣ",
        "ἀθηνᾶς",
        "İstanbul",
        "ıstanbul",
        "Київ",
        "київ",
        "КИЇВ",
        "Škoda",
        "S\u{30c}koda",
        "ﬁn",
        "FIN",
        "10",
        "1",
        "true",
        "en",
        "fi",
        "a\nb",
        "a.b",
        "日本語",
        "日本",
        "ǅ",
        "ǆ",
        "K",
        "k",
        "\u{212a}",
        "ſ",
        "S",
        "x'y\"z",
        "\u{1f600} smile",
        "no\u{0}ne",
    ];
    for text in strings {
        terms.push(Literal::new_simple_literal(text).into());
        for tag in ["fi", "sv", "en-gb", "de-latn-de-1996"] {
            if text.len() % 3 != tag.len() % 3 || text.len() < 4 {
                terms.push(Literal::new_language_tagged_literal(text, tag).unwrap().into());
            }
        }
    }
    let direction = oxrdf::BaseDirection::Rtl;
    terms.push(Literal::new_directional_language_tagged_literal("abc", "ar", direction).unwrap().into());
    let mut typed = |datatype: &str, texts: &[&str]| {
        for text in texts {
            let datatype = NamedNode::new(format!("{xsd}{datatype}")).unwrap();
            let term: Term = Literal::new_typed_literal(*text, datatype).into();
            // The index of a generation holds literals as the store gives them back.
            terms.push(Terms::stored(term.as_ref()).unwrap_or(term));
        }
    };
    typed("integer", &["-5", "0", "1", "2", "1900", "1901", "16777216", "16777217", "9007199254740993", "x"]);
    typed("int", &["7", "01"]);
    typed("decimal", &["1.0", "1.5", "-0.1", "0.1", "1900.0", "16777217.5", "9007199254740993.5", "1e3"]);
    typed("float", &["1", "0.1", "NaN", "INF", "-INF", "16777216", "-0"]);
    typed("double", &["1", "0.1", "NaN", "INF", "1e30", "9007199254740992", "0"]);
    typed("boolean", &["true", "false", "1", "yes"]);
    let dates = [
        "1899-12-31",
        "1900-01-01",
        "1900-01-01Z",
        "1900-01-01+14:00",
        "1900-06-01-05:00",
        "1901-01-01",
        "1900-13-01",
    ];
    typed("date", &dates);
    let moments: Vec<String> = [
        "1899-12-31T23:59:59",
        "1900-01-01T00:00:00Z",
        "1900-01-01T00:00:00+14:00",
        "1899-12-31T14:00:00-10:00",
        "1901-01-01T00:00:00",
    ]
    .iter()
    .map(ToString::to_string)
    .collect();
    typed("dateTime", &moments.iter().map(String::as_str).collect::<Vec<_>>());
    typed("time", &["00:00:00", "12:00:00Z", "12:00:00+02:00"]);
    typed("gYear", &["1899", "1900", "1900Z", "1901", "-0044", "01900x"]);
    typed("gYearMonth", &["1900-01", "1900-02", "1901-01Z"]);
    typed("gMonth", &["--01", "--12"]);
    typed("gMonthDay", &["--01-01", "--12-24"]);
    typed("gDay", &["---01", "---31"]);
    typed("duration", &["P1Y", "P12M", "P365D", "P1M", "P30D"]);
    typed("yearMonthDuration", &["P1Y", "P1M"]);
    typed("dayTimeDuration", &["P30D", "PT24H", "P1D"]);
    typed("anyURI", &["http://x/a"]);
    let wkt = NamedNode::new("http://www.opengis.net/ont/geosparql#wktLiteral").unwrap();
    for text in [
        "POINT(24.9 60.2)",
        "POINT(24.95 60.17)",
        "POINT(179.9 0)",
        "POINT(-179.9 0)",
        "POINT(no)",
        "POLYGON((0 0,9 0,9 9,0 9,0 0))",
    ] {
        terms.push(Literal::new_typed_literal(text, wkt.clone()).into());
    }
    let node = NamedNode::new("http://x/a").unwrap();
    terms.push(Triple::new(node.clone(), node.clone(), Literal::from(1)).into());
    terms.push(Triple::new(node.clone(), node.clone(), Literal::from(2)).into());
    terms.push(Triple::new(node.clone(), node, Literal::from(f64::NAN)).into());
    terms
}

/// The terms as they stand in an index, and the others, which a query computed.
struct World {
    _folder: tempfile::TempDir,
    context: Arc<Context>,
    locals: Locals,
    ids: HashMap<Term, u32>,
}

fn world(terms: &[Term]) -> World {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("index");
    let mut builder = Builder::new(&path).unwrap();
    let (s, p) = (NamedNode::new("http://x/a").unwrap(), NamedNode::new("http://x/p").unwrap());
    // Each seventh is left out.
    for (n, term) in terms.iter().enumerate() {
        if n % 7 != 3 {
            let quad = Quad::new(s.clone(), p.clone(), term.clone(), GraphName::DefaultGraph);
            builder.add(quad.as_ref()).unwrap();
        }
    }
    builder.finish().unwrap();
    let index = Index::open(&path).unwrap();
    let mut locals = Locals::new(index.terms().len());
    let context = Context::new(&index, None, &Cancellation::new());
    let ids = terms
        .iter()
        .map(|term| {
            let id = context.id(term.as_ref()).unwrap_or_else(|| locals.intern(term.clone()));
            (term.clone(), id)
        })
        .collect();
    World { _folder: folder, context: Arc::new(context), locals, ids }
}

fn expression(text: &str) -> Expression {
    let text = format!(
        "PREFIX x: <http://x/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> \
         PREFIX geof: <http://www.opengis.net/def/function/geosparql/> \
         PREFIX geo: <http://www.opengis.net/ont/geosparql#> \
         PREFIX uom: <http://www.opengis.net/def/uom/OGC/1.0/> ASK {{ FILTER({text}) }}"
    );
    let query = SparqlParser::new().parse_query(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let Query::Ask { mut pattern, .. } = query else { panic!("{text}") };
    loop {
        pattern = match pattern {
            GraphPattern::Filter { expr, .. } => return expr,
            GraphPattern::Project { inner, .. } | GraphPattern::Slice { inner, .. } => *inner,
            other => panic!("{text}: {other:?}"),
        }
    }
}

fn v(name: &str) -> Variable {
    Variable::new(name).unwrap()
}

/// Rows of two variables as statements, for the evaluator of Oxigraph.
fn statements(rows: &[[Option<Term>; 2]]) -> Dataset {
    let node = |name: &str| NamedNode::new(format!("http://column/{name}")).unwrap();
    let mut dataset = Dataset::new();
    let mut insert = |row: &str, column: &str, value: Term| {
        dataset.insert(Quad::new(node(row), node(column), value, GraphName::DefaultGraph).as_ref());
    };
    for (n, values) in rows.iter().enumerate() {
        insert(&n.to_string(), "row", Literal::from(n as u64).into());
        for (column, value) in ["x", "y"].into_iter().zip(values) {
            if let Some(value) = value {
                insert(&n.to_string(), column, value.clone());
            }
        }
    }
    dataset
}

/// What that evaluator says of each row: as a value, and as a condition.
fn reference(expression: &Expression, dataset: &Dataset, rows: usize) -> Vec<(Option<Term>, Option<bool>)> {
    let text = "SELECT ?n ?r ?t { ?row <http://column/row> ?n OPTIONAL { ?row <http://column/x> ?x } \
                OPTIONAL { ?row <http://column/y> ?y } BIND(1 AS ?r) BIND(IF(1, true, false) AS ?t) }";
    let mut query = SparqlParser::new().parse_query(text).unwrap();
    let Query::Select { pattern: GraphPattern::Project { inner, .. }, .. } = &mut query else { panic!() };
    let GraphPattern::Extend { expression: Expression::If(test, ..), inner, .. } = &mut **inner else {
        panic!()
    };
    let GraphPattern::Extend { expression: value, .. } = &mut **inner else { panic!() };
    (**test, *value) = (expression.clone(), expression.clone());
    let evaluator = functions::evaluator(&Cancellation::new());
    let QueryResults::Solutions(solutions) = evaluator.prepare(&query).execute(dataset).unwrap() else {
        panic!()
    };
    let mut results = vec![(None, None); rows];
    for solution in solutions {
        let solution = solution.unwrap();
        let Some(Term::Literal(n)) = solution.get("n") else { panic!() };
        let truth = solution.get("t").map(|term| *term == Literal::from(true).into());
        results[n.value().parse::<usize>().unwrap()] = (solution.get("r").cloned(), truth);
    }
    results
}

/// Asks both, as a condition and as a value, and tells where they differ.
fn check(world: &mut World, texts: &[String], rows: &[[Option<Term>; 2]]) {
    let id = |value: &Option<Term>| value.as_ref().map_or(UNBOUND, |term| world.ids[term]);
    let columns = [0, 1].map(|at| rows.iter().map(|row| id(&row[at])).collect()).to_vec();
    let batch = Rows::new(vec![v("x"), v("y")], columns);
    let dataset = statements(rows);
    let mut faults = Vec::new();
    for text in texts {
        let expression = expression(text);
        let expected = reference(&expression, &dataset, rows.len());
        let compile = |expression: &Expression| {
            Condition::compile(expression, &world.context).unwrap_or_else(|| panic!("{text}"))
        };
        let condition = compile(&expression);
        let kept = condition.keep(&batch, &world.locals).unwrap();
        // Once more, as now it remembers.
        assert_eq!(condition.keep(&batch, &world.locals).unwrap(), kept, "{text}");
        let negated = compile(&Expression::Not(Box::new(expression.clone())));
        let refused = negated.keep(&batch, &world.locals).unwrap();
        let range = condition.range();
        let values = Value::compile(&expression, &world.context).unwrap_or_else(|| panic!("{text}"));
        let ids = values.compute(&batch, &mut world.locals).unwrap();
        for (n, (row, (value, truth))) in rows.iter().zip(&expected).enumerate() {
            let mut said = |what: &str, ours: String, theirs: String| {
                let show = |term: &Option<Term>| term.as_ref().map_or("–".to_owned(), ToString::to_string);
                let row = format!("{} {}", show(&row[0]), show(&row[1]));
                faults.push(format!("{text} {what} of {row}: {ours}, expected {theirs}"));
            };
            let told = match (kept[n], refused[n]) {
                (true, false) => Some(true),
                (false, true) => Some(false),
                _ => None,
            };
            if told != *truth || kept[n] && refused[n] {
                said("is true", format!("{told:?}"), format!("{truth:?}"));
            }
            if let Some((variable, range)) = &range
                && *truth == Some(true)
                && let Some(id) = batch.column(variable).map(|column| column[n])
                && id < world.context.terms().len()
                && !range.contains(&id)
            {
                said("has the range", format!("{range:?}"), id.to_string());
            }
            let computed = (ids[n] != UNBOUND).then(|| match world.locals.get(ids[n]) {
                Some(term) => term.clone(),
                None => world.context.terms().term(graph_index::TermId(ids[n])),
            });
            if computed != *value {
                said("as a value", format!("{computed:?}"), format!("{value:?}"));
            }
        }
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults[..faults.len().min(12)].join("\n"));
}

/// Each value alone, and unbound.
fn singles(terms: &[Term]) -> Vec<[Option<Term>; 2]> {
    terms.iter().map(|term| [Some(term.clone()), None]).chain([[None, None]]).collect()
}

fn patterns() -> Vec<String> {
    [
        "",
        "a",
        "A",
        "ab",
        "bc",
        "abc",
        "ABC",
        "straße",
        "STRASSE",
        "ss",
        "київ",
        "КИЇВ",
        "S",
        "k",
        "i̇s",
        "日本",
        "α",
        "σ",
        "ς",
        "б",
        "http://x/",
        "1",
        "10",
    ]
    .iter()
    .map(|text| format!("\"{text}\""))
    .collect()
}

#[test]
fn comparisons_with_constants() {
    let terms = terms();
    let mut world = world(&terms);
    let mut constants: Vec<String> = terms
        .iter()
        .filter(|term| {
            !matches!(term, Term::BlankNode(_) | Term::Triple(_)) && !term.to_string().contains('\0')
        })
        .map(ToString::to_string)
        .collect();
    constants.extend(
        ["1899.5", "\"none\"", "<http://x/none>", "\"1900-06-15\"^^xsd:date", "\"x\"^^<http://x/t>"]
            .map(str::to_owned),
    );
    let texts: Vec<String> = constants
        .iter()
        .flat_map(|constant| {
            ["=", "!=", "<", "<=", ">", ">="].into_iter().map(move |sign| format!("?x {sign} {constant}"))
        })
        .chain(
            constants
                .iter()
                .filter(|text| !text.contains("xsd:int"))
                .map(|constant| format!("sameTerm(?x, {constant})")),
        )
        .chain(constants.iter().step_by(5).map(|constant| format!("{constant} < ?x")))
        .chain(constants.chunks(4).map(|some| format!("?x IN ({})", some.join(", "))))
        .chain(constants.chunks(3).map(|some| format!("?x NOT IN ({})", some.join(", "))))
        .collect();
    check(&mut world, &texts, &singles(&terms));
}

#[test]
fn tests_of_text() {
    let terms = terms();
    let mut world = world(&terms);
    let mut texts = Vec::new();
    for pattern in patterns() {
        for source in
            ["?x", "STR(?x)", "LCASE(?x)", "LCASE(STR(?x))", "UCASE(STR(?x))", "STR(LCASE(?x))", "LANG(?x)"]
        {
            for function in ["CONTAINS", "STRSTARTS", "STRENDS"] {
                texts.push(format!("{function}({source}, {pattern})"));
            }
            for sign in ["=", "<", ">="] {
                texts.push(format!("{source} {sign} {pattern}"));
            }
            for flags in ["", ", \"i\"", ", \"q\"", ", \"is\""] {
                texts.push(format!("REGEX({source}, {pattern}{flags})"));
            }
        }
    }
    for pattern in [
        "^a",
        "b$",
        "a.b",
        "[[:alpha:]]+ße",
        "(abc|київ)",
        "s+",
        "str(a|ee)",
        "\\\\d+",
        "^$",
        "k",
        "ab?c",
        "a{2,3}",
    ] {
        for source in ["?x", "STR(?x)", "LCASE(STR(?x))"] {
            for flags in ["", ", \"i\"", ", \"s\"", ", \"x\""] {
                texts.push(format!("REGEX({source}, \"{pattern}\"{flags})"));
            }
        }
    }
    for range in ["fi", "FI", "en", "en-GB", "de-de", "*", ""] {
        texts.push(format!("LANGMATCHES(LANG(?x), \"{range}\")"));
        texts.push(format!("LANG(?x) = \"{range}\""));
    }
    texts.push("REGEX(?x, \"(\")".to_owned());
    texts.push("REGEX(?x, \"a\", \"z\")".to_owned());
    texts.push("CONTAINS(?x, \"a\"@fi)".to_owned());
    check(&mut world, &texts, &singles(&terms));
    // So many rows that the letters of the index are asked first.
    let many: Vec<_> = singles(&terms).into_iter().cycle().take(3 * terms.len()).collect();
    check(&mut world, &texts, &many);
}

#[test]
fn kinds_years_and_what_is_left_to_the_evaluator() {
    let terms = terms();
    let mut world = world(&terms);
    let texts = [
        "isIRI(?x)",
        "isBLANK(?x)",
        "isLITERAL(?x)",
        "isNUMERIC(?x)",
        "isTRIPLE(?x)",
        "BOUND(?x)",
        "!BOUND(?x)",
        "?x",
        "!?x",
        "1",
        "\"\"",
        "<http://x/a>",
        "DATATYPE(?x) = xsd:integer",
        "DATATYPE(?x) = xsd:string",
        "DATATYPE(?x) = xsd:gYear",
        "DATATYPE(?x) = xsd:dateTime",
        "DATATYPE(?x) != xsd:duration",
        "DATATYPE(?x) = geo:wktLiteral",
        "hasLANG(?x)",
        "hasLANGDIR(?x)",
        "DATATYPE(?x) = <http://www.w3.org/1999/02/22-rdf-syntax-ns#langString>",
        "YEAR(?x) = 1900",
        "YEAR(?x) < 1900",
        "YEAR(?x) >= 1900",
        "YEAR(?x) > 1900",
        "YEAR(?x) <= -44",
        "YEAR(?x) != 1900",
        "YEAR(?x) < 1900.5",
        "?x + 1 > 2",
        "?x * 2 = 4",
        "STRLEN(STR(?x)) = 3",
        "STRLEN(?x)",
        "CONCAT(STR(?x), \"!\")",
        "UCASE(?x)",
        "STR(?x)",
        "LANG(?x)",
        "DATATYPE(?x)",
        "YEAR(?x)",
        "xsd:integer(?x)",
        "xsd:string(?x)",
        "xsd:double(?x) + 1",
        "IRI(STR(?x))",
        "MD5(STR(?x))",
        "SUBSTR(STR(?x), 1, 2)",
        "-?x",
        "ABS(?x)",
        "IF(isNUMERIC(?x), ?x + 1, STR(?x))",
        "IF(?x = 1, true, ?x)",
        "COALESCE(?x + 1, STRLEN(?x), \"none\")",
        "COALESCE(?y, ?x)",
        "COALESCE(?x / 0, 0)",
        "?x > 0 && ?x < 1900",
        "?x < 0 || ?x > 1900",
        "!(?x > 0 && CONTAINS(STR(?x), \"1\"))",
        "?x = 1 || ?x / 0 = 1",
        "?x = 1 && ?x / 0 = 1",
        "?x IN (1, \"abc\", <http://x/a>)",
        "?x NOT IN (1, 2)",
        "?x IN (1, ?y)",
        "?x IN ()",
        "REPLACE(STR(?x), \"a\", \"b\")",
        "?x = ?x",
        "?x <= ?x",
        "?x < ?x",
        "sameTerm(?x, ?x)",
        "sameTerm(?x, STR(?x))",
        "sameTerm(STR(?x), \"abc\")",
        "TRIPLE(?x, <http://x/p>, 1)",
        "OBJECT(?x)",
        "geof:sfWithin(?x, \"POLYGON((20 59,30 59,30 70,20 70,20 59))\"^^geo:wktLiteral)",
        "geof:distance(?x, \"POINT(25 60)\"^^geo:wktLiteral, uom:metre) < 30000",
        "geof:distance(?x, \"POINT(180 0)\"^^geo:wktLiteral, uom:metre)",
        "STRLEN(?z) > 1",
        "BOUND(?z)",
        "?z = 1",
        "REGEX(STR(?x), STR(?x))",
        "CONTAINS(STR(?x), STR(?y))",
    ];
    check(&mut world, &texts.map(str::to_owned), &singles(&terms));
}

#[test]
fn comparisons_of_two_variables() {
    let terms = terms();
    let mut world = world(&terms);
    let mut rows = Vec::new();
    for (n, a) in terms.iter().enumerate() {
        for b in terms.iter().skip(n % 3).step_by(3) {
            rows.push([Some(a.clone()), Some(b.clone())]);
        }
        rows.push([Some(a.clone()), Some(a.clone())]);
        rows.push([None, Some(a.clone())]);
    }
    let texts = [
        "?x = ?y",
        "?x != ?y",
        "?x < ?y",
        "?x <= ?y",
        "?x > ?y",
        "?x >= ?y",
        "sameTerm(?x, ?y)",
        "?x + ?y > 1",
        "STRSTARTS(STR(?x), STR(?y))",
        "IF(?x = ?y, ?x, ?y)",
        "?x = ?y || ?x < ?y",
        "BOUND(?x) && ?x != ?y",
        "COALESCE(?x, ?y)",
        "CONCAT(?x, ?y)",
        "?x IN (?y, 1)",
    ];
    check(&mut world, &texts.map(str::to_owned), &rows);
}

#[test]
fn what_is_never_twice_the_same_is_refused() {
    let world = world(&terms());
    for text in [
        "RAND() < 0.5",
        "STRUUID() = \"\"",
        "BNODE() = ?x",
        "NOW() > ?x",
        "EXISTS { ?x ?p ?o }",
        "<http://x/f>(?x)",
    ] {
        assert!(Condition::compile(&expression(text), &world.context).is_none(), "{text}");
        assert!(Value::compile(&expression(text), &world.context).is_none(), "{text}");
    }
    let cancellation = Cancellation::new();
    let context = Arc::new(Context::new(&world.context.index, None, &cancellation));
    cancellation.cancel();
    let condition = Condition::compile(&expression("?x < 5"), &context).unwrap();
    let rows = Rows::new(vec![v("x")], vec![vec![1, 2, 3]]);
    assert!(matches!(condition.keep(&rows, &world.locals), Err(EvaluateError::Cancelled)));
}

#[test]
fn ranges_of_ids_are_narrow() {
    let terms = terms();
    let world = world(&terms);
    let range = |text: &str| Condition::compile(&expression(text), &world.context).unwrap().range();
    let width = |text: &str| range(text).map(|(_, range)| range.len());
    assert!(width("?x >= \"abc\" && ?x <= \"abd\"").unwrap() < 4);
    assert_eq!(width("?x > 1900 && ?x < 1902"), Some(1));
    assert!(width("STRSTARTS(?x, \"Str\")").is_some());
    assert_eq!(width("isIRI(?x) && STRSTARTS(STR(?x), \"urn:\")"), Some(1));
    assert_eq!(width("?x = <http://x/none>"), Some(0));
    assert_eq!(range("?y != 1 || BOUND(?x)"), None);
}
