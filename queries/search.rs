//! A search for items, written down as a query that finds the same.
//!
//! The words go through `SERVICE aarre:items`, which is the search itself; everything else is plain SPARQL over the core of
//! the model, so that the query can be read, changed and joined.

use std::fmt::Write as _;

/// A condition that items fulfil.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// One of the values stands at the end of the path.
    Values {
        /// A property path, as SPARQL writes it.
        path: String,
        /// Terms, as SPARQL writes them.
        values: Vec<String>,
        /// Whether items with nothing at the end of the path are found as well.
        or_none: bool,
    },
    /// Something stands at the end of the path.
    There(String),
    /// A graph of these says that it is an item: IRIs.
    Graphs(Vec<String>),
    /// A time span of the item touches one of the spans of years.
    Years(Vec<[i32; 2]>),
    /// A place of the item lies within south, west, north and east.
    Within([String; 4]),
}

const BEGIN: &str = "PREFIX aarre: <https://w3id.org/aarre/ns#>
PREFIX dc: <http://purl.org/dc/elements/1.1/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX edm: <http://www.europeana.eu/schemas/edm/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX wgs84: <http://www.w3.org/2003/01/geo/wgs84_pos#>

SELECT ?item (MIN(STR(?title)) AS ?itemLabel)
WHERE {
";
const ITEM: &str = "  ?item a edm:ProvidedCHO .\n";
const END: &str = "  OPTIONAL { ?item dc:title ?title }
}
GROUP BY ?item
";
const TIMES: &str = "  ?item dcterms:created|dcterms:issued ?time .
  OPTIONAL { ?time edm:begin ?begin }
  OPTIONAL { ?time edm:end ?end }
  BIND(YEAR(COALESCE(?begin, ?end)) AS ?first)
  BIND(YEAR(COALESCE(?end, ?begin)) AS ?last)
";
const PLACES: &str =
    "  ?item (dcterms:spatial|edm:currentLocation)/dcterms:isReplacedBy?/skos:exactMatch? ?place .
  ?place wgs84:lat ?lat ; wgs84:long ?long .
";

/// The query of a search: words as somebody typed them, and conditions that all hold.
#[must_use]
pub fn found(words: &str, most: usize, conditions: &[Condition]) -> String {
    let mut text = BEGIN.to_owned();
    if words.trim().is_empty() {
        text.push_str(ITEM);
    } else {
        let words = literal(words);
        // Writing to a string does not fail.
        let _ = writeln!(text, "  SERVICE aarre:items {{ ?item aarre:query {words} ; aarre:limit {most} }}");
    }
    for (number, condition) in conditions.iter().enumerate() {
        condition.write(number + 1, &mut text);
    }
    text.push_str(END);
    text
}

impl Condition {
    fn write(&self, number: usize, text: &mut String) {
        let _ = match self {
            Self::Values { path, values, or_none: false } => {
                let values = values.join(" ");
                writeln!(text, "  VALUES ?v{number} {{ {values} }}\n  ?item {path} ?v{number} .")
            }
            Self::Values { path, values, or_none: true } => {
                let values = values.join(" ");
                let none = format!("FILTER NOT EXISTS {{ ?item {path} ?n{number} }}");
                writeln!(
                    text,
                    "  {{ VALUES ?v{number} {{ {values} }} ?item {path} ?v{number} }}\n  UNION {{ ?item a edm:ProvidedCHO {none} }}"
                )
            }
            Self::There(path) => writeln!(text, "  ?item {path} ?v{number} ."),
            Self::Graphs(graphs) => {
                let graphs: Vec<String> = graphs.iter().map(|graph| iri(graph)).collect();
                let graphs = graphs.join(" ");
                writeln!(
                    text,
                    "  VALUES ?g{number} {{ {graphs} }}\n  GRAPH ?g{number} {{ ?item a edm:ProvidedCHO }}"
                )
            }
            Self::Years(spans) => {
                text.push_str(
                    &TIMES
                        .replace("?begin", &format!("?begin{number}"))
                        .replace("?end", &format!("?end{number}"))
                        .replace("?time", &format!("?time{number}"))
                        .replace("?first", &format!("?first{number}"))
                        .replace("?last", &format!("?last{number}")),
                );
                let touches = |[first, last]: &[i32; 2]| {
                    format!("(?last{number} >= {first} && ?first{number} <= {last})")
                };
                let any: Vec<String> = spans.iter().map(touches).collect();
                writeln!(text, "  FILTER({})", any.join(" || "))
            }
            Self::Within([south, west, north, east]) => {
                text.push_str(PLACES);
                writeln!(
                    text,
                    "  FILTER(?lat >= {south} && ?lat <= {north} && ?long >= {west} && ?long <= {east})"
                )
            }
        };
    }
}

/// An IRI as SPARQL writes it. Characters that would end it are escaped as code points.
#[must_use]
pub fn iri(iri: &str) -> String {
    let mut text = String::with_capacity(iri.len() + 2);
    text.push('<');
    for letter in iri.chars() {
        match letter {
            '\0'..=' ' | '<' | '>' | '"' | '{' | '}' | '|' | '^' | '`' | '\\' => {
                let _ = write!(text, "%{:02X}", u32::from(letter));
            }
            letter => text.push(letter),
        }
    }
    text.push('>');
    text
}

/// A plain text as SPARQL writes it.
#[must_use]
pub fn literal(text: &str) -> String {
    let mut written = String::with_capacity(text.len() + 2);
    written.push('"');
    for letter in text.chars() {
        match letter {
            '"' => written.push_str("\\\""),
            '\\' => written.push_str("\\\\"),
            '\n' => written.push_str("\\n"),
            '\r' => written.push_str("\\r"),
            '\t' => written.push_str("\\t"),
            letter if letter.is_control() => {
                let _ = write!(written, "\\u{:04X}", u32::from(letter));
            }
            letter => written.push(letter),
        }
    }
    written.push('"');
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_cannot_leave_its_place() {
        assert_eq!(literal("a\"b\\c\n\u{1}"), "\"a\\\"b\\\\c\\n\\u0001\"");
        assert_eq!(iri("http://x/a> } DROP ALL #"), "<http://x/a%3E%20%7D%20DROP%20ALL%20#>");
    }

    #[test]
    fn every_condition_is_sparql() {
        let conditions = [
            Condition::Values {
                path: "dc:creator".to_owned(),
                values: vec![iri("http://x/a"), literal("b")],
                or_none: false,
            },
            Condition::Values {
                path: "^edm:aggregatedCHO/edm:rights".to_owned(),
                values: vec![iri("http://x/r")],
                or_none: true,
            },
            Condition::There("(^edm:aggregatedCHO/edm:isShownBy)".to_owned()),
            Condition::Graphs(vec!["http://x/g".to_owned()]),
            Condition::Years(vec![[1800, 1899], [-50, 3]]),
            Condition::Within(["60.1", "24.9", "60.2", "25"].map(str::to_owned)),
        ];
        for words in ["", "kalev* \"runo\""] {
            let text = found(words, 10_000, &conditions);
            spargebra::SparqlParser::new()
                .parse_query(&text)
                .unwrap_or_else(|error| panic!("{error}: {text}"));
        }
    }
}
