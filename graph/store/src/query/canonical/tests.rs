//! Queries that differ only in what does not count, and queries that differ in what does.
#![expect(clippy::unwrap_used, reason = "tests")]

use super::Key;
use crate::query::{DatasetParameters, Prepared, prepare};
use proptest::prelude::{
    Just, ProptestConfig, Strategy, any, prop, prop_assert_eq, prop_assert_ne, prop_oneof, proptest,
};

fn prepared(text: &str) -> Prepared {
    prepare(text, &DatasetParameters::default()).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn key(text: &str) -> Key {
    prepared(text).canonical()
}

/// A query as a person means it.
#[derive(Debug, Clone)]
struct Question {
    form: Form,
    patterns: Vec<Pattern>,
    optional: Option<Pattern>,
    other: Option<Pattern>,
    least: Option<u8>,
    descending: Option<bool>,
    limit: Option<u8>,
    offset: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Select { distinct: bool },
    Count,
    Ask,
    Construct,
}

/// Subject variable, kind of predicate, object.
type Pattern = (u8, Predicate, Object);

#[derive(Debug, Clone, Copy)]
enum Predicate {
    Term(u8),
    Steps(u8, u8),
    Repeated(u8),
}

#[derive(Debug, Clone, Copy)]
enum Object {
    Variable(u8),
    Number(u8),
    Text(u8),
    Blank,
}

/// What does not count.
#[derive(Debug, Clone)]
struct Style {
    name: u8,
    prefixed: bool,
    comments: bool,
    gap: u8,
    lower: bool,
}

/// `v0` and `v1` are selected; their names show.
fn variable(number: u8, style: &Style, form: Form) -> String {
    if number < 2 && matches!(form, Form::Select { .. }) {
        format!("?v{number}")
    } else {
        format!("?{}{number}", ["x", "zz", "_", "a_b"][usize::from(style.name % 4)])
    }
}

fn print(question: &Question, style: &Style) -> String {
    let form = question.form;
    let term = |n: u8| if style.prefixed { format!("e:p{n}") } else { format!("<http://e/p{n}>") };
    let gap = [" ", "\n", "  \t", "\r\n "][usize::from(style.gap % 4)];
    let gap = if style.comments { format!("{gap}# a 'comment' {{\n") } else { gap.to_owned() };
    let word = |word: &str| if style.lower { word.to_lowercase() } else { word.to_owned() };
    let pattern = |(subject, predicate, object): &Pattern| {
        let subject = variable(*subject, style, form);
        let predicate = match predicate {
            Predicate::Term(n) => term(*n),
            Predicate::Steps(a, b) => format!("{}/{}", term(*a), term(*b)),
            Predicate::Repeated(n) => format!("{}+", term(*n)),
        };
        let object = match object {
            Object::Variable(n) => variable(*n, style, form),
            Object::Number(n) if style.prefixed => n.to_string(),
            Object::Number(n) => format!("\"{n}\"^^<http://www.w3.org/2001/XMLSchema#integer>"),
            Object::Text(n) if style.lower => format!("'it\\'s {n}'@en"),
            Object::Text(n) => format!("\"it's {n}\"@en"),
            Object::Blank if style.lower => "[]".to_owned(),
            Object::Blank => "[ ]".to_owned(),
        };
        format!("{subject}{gap}{predicate}{gap}{object}{gap}.{gap}")
    };
    let mut text =
        if style.prefixed { format!("{} e: <http://e/>{gap}", word("PREFIX")) } else { String::new() };
    let first = variable(0, style, form);
    text += &match form {
        Form::Select { distinct } => {
            format!("{} {}{first} {}{gap}", word("SELECT"), if distinct { "DISTINCT " } else { "" }, "?v1")
        }
        Form::Count => format!("{} ({}(*) AS ?n){gap}", word("SELECT"), word("COUNT")),
        Form::Ask => format!("{}{gap}", word("ASK")),
        Form::Construct => format!("{} {{ {first} <http://e/q> 1 }}{gap}", word("CONSTRUCT")),
    };
    text += &format!("{} {{{gap}", word("WHERE"));
    question.patterns.iter().for_each(|p| text += &pattern(p));
    if let Some(other) = &question.other {
        text += &format!("{{ {} }} UNION {{ {first} {} 7 }} ", pattern(other), term(9));
    }
    if let Some(optional) = &question.optional {
        text += &format!("{} {{ {} }}{gap}", word("OPTIONAL"), pattern(optional));
    }
    if let Some(least) = question.least {
        text += &format!("{}({first} >= {least}){gap}", word("FILTER"));
    }
    text += "}";
    if matches!(form, Form::Select { .. }) {
        if let Some(descending) = question.descending {
            text += &format!(
                "{gap}{} {}({first})",
                word("ORDER BY"),
                word(if descending { "DESC" } else { "ASC" })
            );
        }
        if let Some(limit) = question.limit {
            text += &format!("{gap}{} {limit}{gap}{} {}", word("LIMIT"), word("OFFSET"), question.offset);
        }
    }
    text
}

fn patterns() -> impl Strategy<Value = Pattern> {
    let predicate = prop_oneof![
        4 => (0..5u8).prop_map(Predicate::Term),
        1 => (0..5u8, 0..5u8).prop_map(|(a, b)| Predicate::Steps(a, b)),
        1 => (0..5u8).prop_map(Predicate::Repeated),
    ];
    let object = prop_oneof![
        3 => (0..5u8).prop_map(Object::Variable),
        1 => (0..9u8).prop_map(Object::Number),
        1 => (0..9u8).prop_map(Object::Text),
        1 => Just(Object::Blank),
    ];
    (0..5u8, predicate, object)
}

fn questions() -> impl Strategy<Value = Question> {
    let form = prop_oneof![
        3 => any::<bool>().prop_map(|distinct| Form::Select { distinct }),
        1 => Just(Form::Count),
        1 => Just(Form::Ask),
        1 => Just(Form::Construct),
    ];
    (
        form,
        prop::collection::vec(patterns(), 1..5),
        prop::option::of(patterns()),
        prop::option::of(patterns()),
        prop::option::of(0..9u8),
        prop::option::of(any::<bool>()),
        prop::option::of(0..9u8),
        0..3u8,
    )
        .prop_map(|(form, patterns, optional, other, least, descending, limit, offset)| Question {
            form,
            patterns,
            optional,
            other,
            least,
            descending,
            limit,
            offset,
        })
}

fn styles() -> impl Strategy<Value = Style> {
    (any::<u8>(), any::<bool>(), any::<bool>(), any::<u8>(), any::<bool>())
        .prop_map(|(name, prefixed, comments, gap, lower)| Style { name, prefixed, comments, gap, lower })
}

/// The question with one thing changed that counts.
fn changed(mut question: Question, what: u8) -> Question {
    let of_select = matches!(question.form, Form::Select { .. });
    match what % 8 {
        0 if of_select => question.limit = Some(question.limit.map_or(3, |limit| limit + 1)),
        1 if of_select => question.descending = Some(question.descending == Some(false)),
        2 => question.least = Some(question.least.map_or(3, |least| least + 1)),
        3 => {
            question.form = match question.form {
                Form::Select { distinct } => Form::Select { distinct: !distinct },
                Form::Ask => Form::Construct,
                Form::Count | Form::Construct => Form::Ask,
            }
        }
        4 => {
            question.optional =
                if question.optional.is_some() { None } else { Some((0, Predicate::Term(8), Object::Blank)) }
        }
        5 => {
            question.other =
                if question.other.is_some() { None } else { Some((0, Predicate::Term(8), Object::Blank)) }
        }
        _ => {
            let predicate = &mut question.patterns[0].1;
            *predicate = match *predicate {
                Predicate::Term(n) => Predicate::Term(n + 50),
                Predicate::Steps(a, b) => Predicate::Steps(a, b + 50),
                Predicate::Repeated(n) => Predicate::Repeated(n + 50),
            };
        }
    }
    question
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn style_does_not_count(question in questions(), one in styles(), other in styles()) {
        // What declares other prefixes gives other Turtle.
        let other = if question.form == Form::Construct { Style { prefixed: one.prefixed, ..other } } else { other };
        let (one, other) = (print(&question, &one), print(&question, &other));
        prop_assert_eq!(key(&one), key(&other), "{}\n\n{}", one, other);
    }

    #[test]
    fn what_is_printed_and_read_again_is_the_same(question in questions(), style in styles()) {
        // The printer of the algebra makes a subquery of every other form, which is another tree.
        let distinct = matches!(question.form, Form::Select { distinct: true });
        let form = Form::Select { distinct };
        let question = Question { form, ..question };
        let text = print(&question, &Style { prefixed: false, ..style });
        let again = prepared(&text).query.to_string();
        prop_assert_eq!(key(&text), key(&again), "{}\n\n{}", text, again);
    }

    #[test]
    fn what_counts_counts(question in questions(), style in styles(), what in any::<u8>()) {
        let other = changed(question.clone(), what);
        let (one, other) = (print(&question, &style), print(&other, &style));
        prop_assert_ne!(key(&one), key(&other), "{}\n\n{}", one, other);
    }
}

#[test]
fn the_same() {
    for (one, other) in [
        ("ASK { ?a ?b ?c }", "ask{?x ?y ?z}"),
        ("SELECT ?a { ?a <http://e/p> ?b }", "SELECT ?a { ?a <http://e/p> ?zzz }"),
        ("SELECT * { ?a <http://e/p> ?b }", "SELECT ?a ?b { ?a <http://e/p> ?b }"),
        ("SELECT (COUNT(*) AS ?n) { ?a ?b ?c }", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"),
        (
            "SELECT (COUNT(*) AS ?n) { ?a <http://e/p> ?c ; <http://e/q> 1 }",
            "SELECT (COUNT(*) AS ?n) { ?s <http://e/q> 1 ; <http://e/p> ?o }",
        ),
        ("ASK { ?a <http://e/p> ?c ; <http://e/q> 1 }", "ASK { ?s <http://e/q> 1 ; <http://e/p> ?o }"),
        ("DESCRIBE <http://e/1>", "describe <http://e/1> # it"),
        ("SELECT ?a { { SELECT * { ?a ?b ?c } } }", "SELECT ?a { { SELECT * { ?a ?z ?c } } }"),
        (
            "SELECT ?g FROM <http://g/2> FROM <http://g/1> { ?g ?b ?c }",
            "SELECT ?g FROM <http://g/1> FROM <http://g/2> FROM <http://g/1> { ?g ?y ?z }",
        ),
        (
            "SELECT ?t { ?a a <http://e/C> ; <http://e/t> ?t } GROUP BY ?t HAVING (COUNT(?a) > 1)",
            "SELECT ?t { ?i a <http://e/C> ; <http://e/t> ?t } GROUP BY ?t HAVING (COUNT(?i) > 1)",
        ),
    ] {
        assert_eq!(key(one), key(other), "{one}\n{other}");
    }
}

#[test]
fn not_the_same() {
    for (one, other) in [
        ("SELECT ?a ?b { ?a ?b ?c }", "SELECT ?b ?a { ?a ?b ?c }"),
        ("SELECT ?a { ?a ?b ?c }", "SELECT ?x { ?x ?b ?c }"),
        ("SELECT * { ?a ?b ?c }", "SELECT * { ?a ?b ?d }"),
        ("SELECT ?a { ?a ?b ?c }", "SELECT ?a { ?a ?b ?b }"),
        ("SELECT ?a { ?a ?b ?_0 }", "SELECT ?a { ?a ?b ?a }"),
        ("SELECT ?_0 { ?_0 ?b ?c }", "SELECT ?_0 { ?b ?_0 ?c }"),
        // The order of patterns may decide which row comes first, and so which one a limit leaves.
        (
            "SELECT ?a { ?a <http://e/p> ?c ; <http://e/q> 1 }",
            "SELECT ?a { ?a <http://e/q> 1 ; <http://e/p> ?c }",
        ),
        ("SELECT ?a { { ?a ?b 1 } UNION { ?a ?b 2 } }", "SELECT ?a { { ?a ?b 2 } UNION { ?a ?b 1 } }"),
        ("CONSTRUCT WHERE { ?a ?b ?c }", "PREFIX x: <http://e/> CONSTRUCT WHERE { ?a ?b ?c }"),
        ("BASE <http://e/> SELECT (IRI('x') AS ?i) {}", "BASE <http://f/> SELECT (IRI('x') AS ?i) {}"),
        ("SELECT ?a FROM <http://g/1> { ?a ?b ?c }", "SELECT ?a FROM NAMED <http://g/1> { ?a ?b ?c }"),
        ("SELECT ?a FROM <http://g/1> { ?a ?b ?c }", "SELECT ?a { ?a ?b ?c }"),
        ("ASK { ?a ?b 1 }", "ASK { ?a ?b 1.0 }"),
        ("ASK { ?a ?b '1' }", "ASK { ?a ?b '1'@en }"),
        (
            "SELECT * { { SELECT ?a { ?a ?b ?c } LIMIT 1 } }",
            "SELECT * { { SELECT ?a { ?a ?b ?c } LIMIT 2 } }",
        ),
        (
            "SELECT * { { SELECT ?a { ?a ?b ?c } LIMIT 5 } } LIMIT 1",
            "SELECT * { { SELECT ?a { ?a ?b ?c } LIMIT 5 } }",
        ),
        (
            "SELECT (GROUP_CONCAT(?c) AS ?n) { ?a <http://e/p> ?c ; <http://e/q> 1 }",
            "SELECT (GROUP_CONCAT(?c) AS ?n) { ?a <http://e/q> 1 ; <http://e/p> ?c }",
        ),
    ] {
        assert_ne!(key(one), key(other), "{one}\n{other}");
    }
    let text = "SELECT ?a { ?a ?b ?c }";
    let asked = |graphs: &[&str]| DatasetParameters {
        default_graphs: graphs.iter().map(|&graph| graph.to_owned()).collect(),
        ..DatasetParameters::default()
    };
    let of = |graphs: &[&str]| prepare(text, &asked(graphs)).unwrap().canonical();
    assert_eq!(of(&["http://g/1", "http://g/2"]), of(&["http://g/2", "http://g/1"]));
    assert_ne!(of(&["http://g/1"]), of(&["http://g/2"]));
    assert_ne!(of(&["http://g/1"]), of(&[]));
}

#[test]
fn names_as_they_were_written() {
    let prepared = prepared("SELECT ?a (COUNT(?title) AS ?n) { ?a <http://e/p> ?title } GROUP BY ?a");
    assert_eq!((prepared.written("a"), prepared.written("_0")), (Some("a"), Some("title")));
    assert_eq!(prepared.written("_1"), None, "the parser made it");
}
