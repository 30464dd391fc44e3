//! A query as a few lines of a program that run as they are pasted.
//!
//! A query stands in them as it is written where the language has a form of text that needs no escapes for it; else as a
//! text in double quotes with the escapes of JSON, which Python, R and JavaScript read alike.

/// Some lines in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Code {
    /// The language, as people call it.
    pub(super) language: &'static str,
    pub(super) text: String,
}

/// The query in each language; `graph` is whether its answer is one, and no table.
pub(super) fn of(endpoint: &str, query: &str, graph: bool) -> [Code; 4] {
    let query = query.trim();
    let media = if graph { "text/turtle" } else { "text/csv" };
    [
        Code { language: "curl", text: curl(endpoint, query, media) },
        Code { language: "Python", text: python(endpoint, query, graph, media) },
        Code { language: "R", text: r(endpoint, query, graph) },
        Code { language: "JavaScript", text: javascript(endpoint, query, graph) },
    ]
}

fn curl(endpoint: &str, query: &str, media: &str) -> String {
    // In single quotes a shell reads all but the single quote as it is.
    let query = query.replace('\'', "'\\''");
    format!("curl {endpoint} -H 'Accept: {media}' --data-urlencode 'query={query}'")
}

fn python(endpoint: &str, query: &str, graph: bool, media: &str) -> String {
    let plain = !query.contains('\\') && !query.contains("\"\"\"") && !query.ends_with('"');
    let query = if plain { format!("\"\"\"{query}\"\"\"") } else { quoted(query) };
    let (modules, end) = if graph {
        ("urllib.parse, urllib.request", "print(urllib.request.urlopen(request).read().decode())")
    } else {
        (
            "csv, io, urllib.parse, urllib.request",
            "rows = list(csv.DictReader(io.TextIOWrapper(urllib.request.urlopen(request), \"utf-8\")))\nprint(rows)",
        )
    };
    format!(
        "import {modules}\n\nquery = {query}\nrequest = urllib.request.Request(\n    \"{endpoint}\",\n    \
         urllib.parse.urlencode({{\"query\": query}}).encode(),\n    {{\"Accept\": \"{media}\"}},\n)\n{end}"
    )
}

fn r(endpoint: &str, query: &str, graph: bool) -> String {
    let query = if query.contains(")---\"") { quoted(query) } else { format!("r\"---({query})---\"") };
    let address =
        |format| format!("paste0(\"{endpoint}?format={format}&query=\", URLencode(query, reserved = TRUE))");
    if graph {
        format!("query <- {query}\ncat(readLines({}, encoding = \"UTF-8\"), sep = \"\\n\")", address("ttl"))
    } else {
        format!("query <- {query}\nrows <- read.csv({}, encoding = \"UTF-8\")\nprint(rows)", address("csv"))
    }
}

fn javascript(endpoint: &str, query: &str, graph: bool) -> String {
    let plain = !query.contains(['\\', '`']) && !query.contains("${");
    let query = if plain { format!("`{query}`") } else { quoted(query) };
    let (media, end) = if graph {
        ("text/turtle", "await answer.text()")
    } else {
        ("application/sparql-results+json", "(await answer.json()).results?.bindings")
    };
    format!(
        "const query = {query};\nconst answer = await fetch(\"{endpoint}\", {{\n  method: \"POST\",\n  \
         headers: {{ \"Content-Type\": \"application/sparql-query\", Accept: \"{media}\" }},\n  body: query,\n}});\n\
         console.log({end});"
    )
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENDPOINT: &str = "https://data.example.org/sparql";

    #[test]
    fn what_a_language_would_read_otherwise_is_escaped() {
        let odd = "ASK { ?s ?p 'it''s', \"a\\\\b\", \"\"\"x\"\"\", \"${y} `z`\" }";
        let [curl, python, r, javascript] = of(ENDPOINT, odd, false).map(|code| code.text);
        assert!(curl.contains("'\\''it'\\'''\\''s'\\''"), "{curl}");
        assert!(python.contains("query = \"ASK { ?s ?p 'it''s', \\\"a\\\\\\\\b"), "{python}");
        assert!(r.contains("r\"---(ASK {"), "{r}");
        assert!(javascript.contains("const query = \"ASK {"), "{javascript}");
        let [_, _, r, _] = of(ENDPOINT, "ASK { ?s ?p \")---\" }", true).map(|code| code.text);
        assert!(r.contains("query <- \"ASK { ?s ?p \\\")---\\\" }\"") && r.contains("format=ttl"), "{r}");
    }

    #[test]
    fn lines_stay_lines() {
        let query = "SELECT ?s\nWHERE { ?s ?p \"x\" }";
        for code in of(ENDPOINT, query, false) {
            assert!(code.text.contains(query), "{}", code.text);
        }
    }
}
