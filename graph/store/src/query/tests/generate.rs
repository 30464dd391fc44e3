//! Random queries: the clauses of SPARQL in each other, over few variables, so that they meet.
//!
//! What the standard leaves open is left out: which value is sampled, in which order values are concatenated, the least of
//! values of different kinds. So is what Oxigraph does otherwise than the standard: an `EXISTS` in an inner group sees
//! the variables of the outer one there, so it has none of these here.

use super::Random;

const VARIABLES: &[&str] = &["?a", "?b", "?c", "?d", "?e"];
const VALUES: &[&str] = &[
    ":e1",
    ":e2",
    ":e3",
    ":C1",
    "5",
    "12",
    "2.5",
    "\"Turku\"",
    "\"Turku\"@fi",
    "true",
    "\"1901-02-03\"^^xsd:date",
    "\"1901\"^^xsd:gYear",
    ":none",
    "77",
];

/// A query in parts, so that it can be asked with and without its modifiers.
#[derive(Debug, Clone)]
pub(super) struct Generated {
    head: String,
    body: String,
    tail: String,
    pub(super) order: Option<(String, bool)>,
    then: String,
    pub(super) limit: Option<usize>,
    pub(super) offset: usize,
    pub(super) has_dataset: bool,
}

const PREFIXES: &str = "PREFIX : <http://x/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n";

impl Generated {
    pub(super) fn without_modifiers(self) -> Self {
        Self { order: None, limit: None, offset: 0, ..self }
    }

    pub(super) fn whole(&self) -> String {
        format!("{PREFIXES}{} WHERE {{ {} }} {}", self.head, self.body, self.tail)
    }

    pub(super) fn text(&self) -> String {
        let mut text = self.whole();
        if let Some((name, descending)) = &self.order {
            let key = if *descending { format!("DESC(?{name})") } else { format!("?{name}") };
            text.push_str(&format!(" ORDER BY {key}{}", self.then));
        }
        if let Some(limit) = self.limit {
            text.push_str(&format!(" LIMIT {limit}"));
        }
        if self.offset > 0 {
            text.push_str(&format!(" OFFSET {}", self.offset));
        }
        text
    }
}

pub(super) struct Generator {
    random: Random,
}

impl Generator {
    pub(super) fn new(random: Random) -> Self {
        Self { random }
    }

    pub(super) fn query(&mut self) -> Generated {
        let body = self.group(2);
        let has_dataset = self.random.once_in(10);
        let dataset = match self.random.below(3) {
            _ if !has_dataset => "",
            0 => "FROM :g1 FROM :g2",
            1 => "FROM :g3 FROM NAMED :g1",
            _ => "FROM NAMED :g2 FROM NAMED :g3",
        };
        if self.random.once_in(12) {
            let head = format!("ASK {dataset}");
            let (tail, then) = (String::new(), String::new());
            return Generated { head, body, tail, order: None, then, limit: None, offset: 0, has_dataset };
        }
        let grouped = self.random.once_in(4);
        let mut names: Vec<String> = Vec::new();
        let (head, tail) = if grouped { self.aggregates(&mut names) } else { self.projection(&mut names) };
        let order = self
            .random
            .once_in(3)
            .then(|| (self.random.pick(&names).trim_start_matches('?').to_owned(), self.random.once_in(2)));
        let then =
            if self.random.once_in(2) { format!(" {}", self.random.pick(&names)) } else { String::new() };
        let limit = self.random.once_in(4).then(|| self.random.below(6));
        let offset = if self.random.once_in(8) { self.random.below(4) } else { 0 };
        Generated { head: format!("{head} {dataset}"), body, tail, order, then, limit, offset, has_dataset }
    }

    fn projection(&mut self, names: &mut Vec<String>) -> (String, String) {
        for variable in VARIABLES.iter().chain(&["?n"]) {
            if self.random.once_in(2) {
                names.push((*variable).to_owned());
            }
        }
        if names.is_empty() {
            names.push("?a".to_owned());
        }
        let distinct = if self.random.once_in(3) { "DISTINCT " } else { "" };
        (format!("SELECT {distinct}{}", names.join(" ")), String::new())
    }

    fn aggregates(&mut self, names: &mut Vec<String>) -> (String, String) {
        let keys: Vec<&str> =
            (0..self.random.below(3)).map(|_| *self.random.pick(&["?a", "?b", "?c"])).collect();
        names.extend(keys.iter().map(|key| (*key).to_owned()));
        names.sort();
        names.dedup();
        let mut head = format!("SELECT {}", names.join(" "));
        for n in 0..1 + self.random.below(2) {
            let value = *self.random.pick(VARIABLES);
            let distinct = if self.random.once_in(2) { "DISTINCT " } else { "" };
            let aggregate = match self.random.below(7) {
                0 => format!("COUNT({distinct}*)"),
                1 | 2 => format!("COUNT({distinct}{value})"),
                3 => format!("SUM({distinct}?n)"),
                4 => format!("AVG({distinct}?n)"),
                5 => "MIN(?n)".to_owned(),
                _ => "MAX(?n + 1)".to_owned(),
            };
            head.push_str(&format!(" ({aggregate} AS ?k{n})"));
            names.push(format!("?k{n}"));
        }
        let mut tail = String::new();
        if !keys.is_empty() {
            tail = format!("GROUP BY {}", keys.join(" "));
            if self.random.once_in(4) {
                tail.push_str(" HAVING (COUNT(*) > 1)");
            }
        }
        (head, tail)
    }

    /// What stands between two braces.
    fn group(&mut self, depth: usize) -> String {
        let mut parts = vec![self.triples()];
        for _ in 0..self.random.below(3) {
            let part = self.clause(depth, &parts[0].clone());
            parts.push(part);
        }
        // A filter may stand anywhere, and a clause before any triple.
        if parts.len() > 1 && self.random.once_in(6) {
            parts.swap(0, 1);
        }
        parts.join(" ")
    }

    fn clause(&mut self, depth: usize, first: &str) -> String {
        if depth == 0 {
            return match self.random.below(3) {
                0 => self.triples(),
                1 => format!("FILTER({})", self.condition()),
                _ => self.values(),
            };
        }
        match self.random.below(14) {
            0 | 1 => format!("OPTIONAL {{ {} }}", self.group(depth - 1)),
            2 => format!("{{ {} }} UNION {{ {} }}", self.group(depth - 1), self.group(depth - 1)),
            3 => format!("MINUS {{ {} }}", self.group(depth - 1)),
            4 | 5 => format!("FILTER({})", self.condition()),
            6 => {
                let not = if self.random.once_in(2) { "NOT " } else { "" };
                format!("FILTER {not}EXISTS {{ {} }}", self.exists(first))
            }
            7 => format!("GRAPH ?g {{ {} }}", self.triples()),
            8 => format!("GRAPH :g{} {{ {} }}", 1 + self.random.below(3), self.group(depth - 1)),
            9 => self.values(),
            10 => {
                let expression = match self.random.below(4) {
                    0 => "STR(?a)".to_owned(),
                    1 => "?n + 1".to_owned(),
                    2 => "IF(BOUND(?b), ?b, 5)".to_owned(),
                    _ => "COALESCE(?c, ?d, \"none\")".to_owned(),
                };
                format!("BIND({expression} AS ?x{})", self.random.below(1_000_000))
            }
            11 => self.path(),
            12 => {
                format!("{{ SELECT DISTINCT ?a ?b WHERE {{ {} }} }}", self.group(depth - 1))
            }
            _ => format!("{{ {} }}", self.group(depth - 1)),
        }
    }

    fn exists(&mut self, first: &str) -> String {
        let mut inside = self.triples();
        if self.random.once_in(3) {
            inside = format!("{inside} FILTER({})", self.condition());
        }
        for variable in VARIABLES.iter().chain(&["?n"]) {
            if !first.contains(variable) {
                inside = inside.replace(variable, &format!("{variable}x"));
            }
        }
        inside
    }

    fn triples(&mut self) -> String {
        (0..1 + self.random.below(3)).map(|_| self.triple()).collect()
    }

    fn triple(&mut self) -> String {
        let subject = match self.random.below(7) {
            0 => format!(":e{}", self.random.below(12)),
            1 => "[]".to_owned(),
            _ => (*self.random.pick(VARIABLES)).to_owned(),
        };
        match self.random.below(10) {
            0 | 1 => format!("{subject} a :C{} . ", self.random.below(4)),
            2 => format!("{subject} a {} . ", self.random.pick(VARIABLES)),
            3 | 4 => format!("{subject} :n ?n . "),
            5 => format!("{subject} {} {} . ", self.random.pick(&["?b", "?e"]), self.random.pick(VARIABLES)),
            _ => {
                let predicate = *self.random.pick(&[":p", ":q", ":r", ":d", ":none"]);
                let predicate =
                    if predicate == ":none" && !self.random.once_in(3) { ":p" } else { predicate };
                let object = match self.random.below(5) {
                    0 => (*self.random.pick(VALUES)).to_owned(),
                    _ => (*self.random.pick(VARIABLES)).to_owned(),
                };
                format!("{subject} {predicate} {object} . ")
            }
        }
    }

    fn path(&mut self) -> String {
        let path = *self.random.pick(&[
            ":q+",
            ":q*",
            ":r?",
            "(:q|:r)",
            "(:q|^:r)+",
            ":q/:r",
            "^:q",
            "(:q/:r)*",
            "(:p|a)",
        ]);
        let start = if self.random.once_in(3) { ":e3" } else { *self.random.pick(VARIABLES) };
        let end = if self.random.once_in(4) { ":e5" } else { *self.random.pick(VARIABLES) };
        format!("{start} {path} {end} . ")
    }

    fn values(&mut self) -> String {
        let value = |random: &mut Random| {
            if random.once_in(8) { "UNDEF".to_owned() } else { (*random.pick(VALUES)).to_owned() }
        };
        let variable = *self.random.pick(VARIABLES);
        if self.random.once_in(2) {
            let values: Vec<String> = (0..3).map(|_| value(&mut self.random)).collect();
            return format!("VALUES {variable} {{ {} }}", values.join(" "));
        }
        let rows: Vec<String> =
            (0..3).map(|_| format!("({} {})", value(&mut self.random), value(&mut self.random))).collect();
        let other = if variable == "?a" { "?b" } else { "?a" };
        format!("VALUES ({variable} {other}) {{ {} }}", rows.join(" "))
    }

    fn condition(&mut self) -> String {
        let (one, other) = (*self.random.pick(VARIABLES), *self.random.pick(VARIABLES));
        let value = *self.random.pick(VALUES);
        let operator = *self.random.pick(&["=", "!=", "<", "<=", ">", ">="]);
        match self.random.below(14) {
            0..=2 => format!("{one} {operator} {value}"),
            3 => format!("?n {operator} 2"),
            4 => format!("{one} {operator} {other}"),
            5 => format!("BOUND({one})"),
            6 => format!("isIRI({one}) || ?n > 2"),
            7 => format!("{one} IN ({value}, :e4, 12)"),
            8 => format!("CONTAINS(STR({one}), \"u\")"),
            9 => format!("LANG({one}) = \"fi\""),
            10 => format!("!({one} {operator} {value}) && isLiteral({other})"),
            11 => format!("REGEX({one}, \"t\", \"i\")"),
            12 => format!("CONTAINS({one}, \"{}\")", self.random.pick(&["urk", "boat", "1901"])),
            _ => format!("REGEX(LCASE({one}), \"^.?({}).*$\")", self.random.pick(&["urku", "[aå]bo", "bcd"])),
        }
    }
}
