//! The scan that runs before any parser: one pass over the text, no recursion, no allocation to speak of.
//!
//! It is a tokenizer of SPARQL 1.1 (section 19.8), just good enough to know what is a string, a comment, an IRI and
//! a name, so that it counts brackets, operators and patterns where they are ones. It never accepts or refuses for
//! grammar; that is the parser's work.

use super::federation::Allowed;
use super::prepare::{QueryError, QueryErrorKind};
use super::search::HERE;

/// How large a query may be. The first four are kept by the scan, before any parser sees the text; the others are
/// counted in what was parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScanLimits {
    /// The longest text, in bytes.
    pub bytes: usize,
    /// How deep brackets may nest.
    pub depth: usize,
    /// How many triple patterns, groups and clauses there may be.
    pub patterns: usize,
    /// How many operators of expressions and property paths there may be.
    pub operators: usize,
    /// How many steps one property path may have.
    pub path_steps: usize,
    /// How many rows of `VALUES` there may be altogether.
    pub values_rows: usize,
}

impl Default for ScanLimits {
    fn default() -> Self {
        Self {
            bytes: 64 * 1024,
            depth: 64,
            patterns: 256,
            operators: 1024,
            path_steps: 128,
            values_rows: 10_000,
        }
    }
}

/// The longest IRI, in bytes. What looks like an IRI may be a comparison, whose operators are not counted.
const MAX_IRI: usize = 2048;

/// What the scan found in a query that is small enough.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Scanned<'q> {
    /// The first word after the prologue, if it begins an update.
    pub(super) update: Option<usize>,
    /// The prefixes that the query declares.
    pub(super) prefixes: Vec<(&'q str, &'q str)>,
    /// What looks wrong and where, should the parser refuse: its own words are seldom the plain ones.
    pub(super) hint: Option<(usize, String)>,
    /// Where `true` and `false` stand in capitals, which the parser does not know.
    booleans: Vec<std::ops::Range<usize>>,
    /// The deepest that brackets nest, the patterns and the operators.
    counts: (usize, usize, usize),
}

impl Scanned<'_> {
    /// The text as the parser knows it, each place where it was; `None` for the text itself.
    pub(super) fn lowered(&self, text: &str) -> Option<String> {
        if self.booleans.is_empty() {
            return None;
        }
        let mut lowered = text.to_owned();
        for range in &self.booleans {
            let word = text[range.clone()].to_ascii_lowercase();
            lowered.replace_range(range.clone(), &word);
        }
        Some(lowered)
    }

    /// Whether the first four of these limits are kept, by a text of so many bytes.
    pub(super) fn keeps(&self, bytes: usize, limits: &ScanLimits) -> bool {
        let (depth, patterns, operators) = self.counts;
        bytes <= limits.bytes
            && depth <= limits.depth
            && patterns <= limits.patterns
            && operators <= limits.operators
    }
}

struct Scanner<'q> {
    text: &'q str,
    limits: &'q ScanLimits,
    allowed: Allowed<'q>,
    at: usize,
    /// The open brackets, each with its place.
    open: Vec<(u8, usize)>,
    deepest: usize,
    patterns: usize,
    operators: usize,
    prologue: bool,
    declaring: Option<&'q str>,
    found: Scanned<'q>,
}

/// Counts, and refuses what is too much, with the place where it became so.
pub(super) fn scan<'q>(
    text: &'q str,
    limits: &'q ScanLimits,
    allowed: Allowed<'q>,
) -> Result<Scanned<'q>, QueryError> {
    if text.len() > limits.bytes {
        let message = format!("the query has {} bytes; at most {} are taken", text.len(), limits.bytes);
        return Err(QueryError::at(text, limits.bytes, QueryErrorKind::TooLarge, message));
    }
    let mut scanner = Scanner {
        text,
        limits,
        allowed,
        at: 0,
        open: Vec::with_capacity(limits.depth.min(64)),
        deepest: 0,
        patterns: 0,
        operators: 0,
        prologue: true,
        declaring: None,
        found: Scanned::default(),
    };
    while scanner.at < text.len() {
        scanner.token()?;
    }
    if let Some(&(bracket, at)) = scanner.open.last() {
        let bracket = if bracket == b'<' { "<<".to_owned() } else { char::from(bracket).to_string() };
        scanner.hint(at, || format!("'{bracket}' is never closed"));
    }
    if scanner.prologue {
        scanner
            .hint(text.len(), || "there is no query; expected SELECT, ASK, CONSTRUCT or DESCRIBE".to_owned());
    }
    scanner.found.counts = (scanner.deepest, scanner.patterns, scanner.operators);
    Ok(scanner.found)
}

impl<'q> Scanner<'q> {
    fn token(&mut self) -> Result<(), QueryError> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let next = bytes.get(start + 1).copied();
        self.at += 1;
        match bytes[start] {
            b' ' | b'\t' | b'\r' | b'\n' => {}
            b'#' => self.skip_while(|b| b != b'\n' && b != b'\r'),
            b'<' => return self.less(start),
            b'>' if next == Some(b'>') && self.inside() == Some(b'<') => {
                self.at += 1;
                self.open.pop();
            }
            quote @ (b'"' | b'\'') => self.string(quote, start),
            bracket @ (b'{' | b'(' | b'[') => {
                if bracket == b'{' {
                    self.pattern(start)?;
                }
                return self.push(bracket, start);
            }
            bracket @ (b'}' | b')' | b']') => {
                let opening = if bracket == b')' { b'(' } else { bracket - 2 };
                if self.open.pop().is_none_or(|(open, _)| open != opening) {
                    self.hint(start, || format!("'{}' closes nothing", char::from(bracket)));
                }
            }
            // A decimal, as in 1.5 and .5.
            b'.' if next.is_some_and(|b| b.is_ascii_digit()) => {
                self.skip_while(|b| b.is_ascii_alphanumeric());
            }
            b'.' | b';' | b',' => {
                // Inside parentheses these part arguments, not patterns.
                if self.inside() != Some(b'(') {
                    return self.pattern(start);
                }
            }
            b'?' | b'$' if next.is_some_and(is_name) => self.skip_while(is_name),
            b'@' => self.skip_while(|b| b.is_ascii_alphanumeric() || b == b'-'),
            b'0'..=b'9' => self.skip_while(|b| b.is_ascii_alphanumeric()),
            b'\\' if matches!(next, Some(b'u' | b'U')) => {
                let message = "a \\u escape stands outside of strings and IRIs".to_owned();
                return Err(QueryError::at(self.text, start, QueryErrorKind::Syntax, message));
            }
            byte if is_name(byte) || byte == b':' => return self.word(start),
            _ => return self.operator(start),
        }
        Ok(())
    }

    fn inside(&self) -> Option<u8> {
        self.open.last().map(|&(bracket, _)| bracket)
    }

    /// Keeps the first thing that looks wrong.
    fn hint(&mut self, at: usize, message: impl FnOnce() -> String) {
        self.found.hint.get_or_insert_with(|| (at, message()));
    }

    fn skip_while(&mut self, keep: impl Fn(u8) -> bool) {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += rest.iter().position(|&b| !keep(b)).unwrap_or(rest.len());
    }

    /// `<` begins an IRI, a triple term or a comparison.
    fn less(&mut self, start: usize) -> Result<(), QueryError> {
        let rest = &self.text.as_bytes()[self.at..];
        let end = rest.iter().position(|&b| b <= b' ' || b"<>\"{}|^`".contains(&b));
        if let Some(end) = end
            && rest[end] == b'>'
        {
            if end > MAX_IRI {
                let message = format!("an IRI has {end} bytes; at most {MAX_IRI} are taken");
                return Err(QueryError::at(self.text, start, QueryErrorKind::TooLarge, message));
            }
            let iri = &self.text[self.at..self.at + end];
            // It may be a comparison all the same, and then these are brackets.
            let hidden = iri.bytes().filter(|b| matches!(b, b'(' | b'[')).count();
            if self.open.len() + hidden > self.limits.depth {
                return Err(self.too_deep(start));
            }
            self.deepest = self.deepest.max(self.open.len() + hidden);
            self.at += end + 1;
            if let Some(prefix) = self.declaring.take() {
                self.found.prefixes.push((prefix, iri));
            }
            return Ok(());
        }
        if rest.first() == Some(&b'<') {
            self.at += 1;
            return self.push(b'<', start);
        }
        self.operator(start)
    }

    fn string(&mut self, quote: u8, start: usize) {
        let bytes = self.text.as_bytes();
        let long = bytes[self.at..].starts_with(&[quote, quote]);
        if long {
            self.at += 2;
        }
        while let Some(&byte) = bytes.get(self.at) {
            self.at += 1;
            if byte == b'\\' {
                self.at = (self.at + 1).min(bytes.len());
            } else if byte == quote && !long {
                return;
            } else if byte == quote && bytes[self.at..].starts_with(&[quote, quote]) {
                self.at += 2;
                return;
            } else if !long && matches!(byte, b'\n' | b'\r') {
                break;
            }
        }
        self.hint(start, || "the string is never closed".to_owned());
    }

    /// A keyword or a prefixed name.
    fn word(&mut self, start: usize) -> Result<(), QueryError> {
        let bytes = self.text.as_bytes();
        while let Some(&byte) = bytes.get(self.at) {
            if byte == b'\\' && !matches!(bytes.get(self.at + 1), None | Some(b'u' | b'U')) {
                self.at += 2;
            } else if is_name(byte) || matches!(byte, b':' | b'-' | b'.' | b'%') {
                self.at += 1;
            } else {
                break;
            }
        }
        // An escape may have ended inside a character of several bytes.
        while !self.text.is_char_boundary(self.at) {
            self.at += 1;
        }
        // A name does not end in a dot: that one ends the pattern.
        while self.at > start + 1 && bytes[self.at - 1] == b'.' {
            self.at -= 1;
        }
        let word = &self.text[start..self.at];
        if let Some(prefix) = word.strip_suffix(':') {
            if self.declaring.is_some() {
                self.declaring = Some(prefix);
            }
            return Ok(());
        }
        if let Some((prefix, _)) = word.split_once(':') {
            if prefix != "_" && !self.found.prefixes.iter().any(|&(declared, _)| declared == prefix) {
                self.hint(start, || format!("the prefix '{prefix}:' is not declared"));
            }
            return Ok(());
        }
        self.keyword(word, start)
    }

    fn keyword(&mut self, word: &str, start: usize) -> Result<(), QueryError> {
        let is = |keywords: &[&str]| keywords.iter().any(|keyword| word.eq_ignore_ascii_case(keyword));
        if is(&["true", "false"]) && !matches!(word, "true" | "false") {
            self.found.booleans.push(start..start + word.len());
            return Ok(());
        }
        if is(&["PREFIX"]) {
            self.declaring = Some("");
            return Ok(());
        }
        if is(&["BASE", "VERSION"]) {
            return Ok(());
        }
        if self.prologue {
            self.prologue = false;
            let updates =
                ["INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"];
            if is(&updates) {
                self.found.update = Some(start);
            } else if !is(&["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"]) {
                self.hint(start, || {
                    format!("'{word}' begins no query; expected SELECT, ASK, CONSTRUCT or DESCRIBE")
                });
            }
        }
        // Which endpoint it names is asked of the parsed query.
        if is(&["SERVICE"]) && (!self.allowed.is_none() || self.search_follows()) {
            return self.pattern(start);
        }
        if is(&["SERVICE"]) {
            let message = "SERVICE is refused: this endpoint does not call others".to_owned();
            return Err(QueryError::at(self.text, start, QueryErrorKind::Service, message));
        }
        if is(&["OPTIONAL", "UNION", "MINUS", "FILTER", "BIND", "GRAPH", "VALUES", "LATERAL", "SELECT"]) {
            return self.pattern(start);
        }
        Ok(())
    }

    /// Whether a service is named that is the search for words, which is here. The parsed query is asked again.
    fn search_follows(&self) -> bool {
        let rest = self.text.get(self.at..).unwrap_or_default().trim_start();
        let silent = rest.get(..6).is_some_and(|word| word.eq_ignore_ascii_case("SILENT"));
        let rest = if silent { rest[6..].trim_start() } else { rest };
        if let Some((iri, _)) = rest.strip_prefix('<').and_then(|rest| rest.split_once('>')) {
            return HERE.iter().any(|here| iri == here.as_str());
        }
        let name = rest.split(|c: char| c.is_whitespace() || c == '{').next().unwrap_or_default();
        let Some((prefix, local)) = name.split_once(':') else { return false };
        let declared = self.found.prefixes.iter().rev().find(|(declared, _)| *declared == prefix);
        declared
            .is_some_and(|(_, iri)| HERE.iter().any(|here| here.as_str().strip_prefix(iri) == Some(local)))
    }

    fn push(&mut self, bracket: u8, start: usize) -> Result<(), QueryError> {
        if self.open.len() >= self.limits.depth {
            return Err(self.too_deep(start));
        }
        self.open.push((bracket, start));
        self.deepest = self.deepest.max(self.open.len());
        Ok(())
    }

    fn too_deep(&self, start: usize) -> QueryError {
        let message = format!("brackets nest deeper than {} levels", self.limits.depth);
        QueryError::at(self.text, start, QueryErrorKind::TooDeep, message)
    }

    fn pattern(&mut self, start: usize) -> Result<(), QueryError> {
        self.patterns += 1;
        if self.patterns > self.limits.patterns {
            let message = format!("there are more than {} patterns and clauses", self.limits.patterns);
            return Err(QueryError::at(self.text, start, QueryErrorKind::TooManyPatterns, message));
        }
        Ok(())
    }

    fn operator(&mut self, start: usize) -> Result<(), QueryError> {
        self.operators += 1;
        if self.operators > self.limits.operators {
            let message = format!("there are more than {} operators", self.limits.operators);
            return Err(QueryError::at(self.text, start, QueryErrorKind::TooManyPatterns, message));
        }
        Ok(())
    }
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    const LIMITS: ScanLimits = ScanLimits {
        bytes: 64 * 1024,
        depth: 64,
        patterns: 256,
        operators: 1024,
        path_steps: 128,
        values_rows: 10_000,
    };

    fn scan(text: &str) -> Result<Scanned<'_>, QueryError> {
        super::scan(text, &LIMITS, Allowed::Listed(&[]))
    }

    fn refused(text: &str) -> QueryErrorKind {
        scan(text).unwrap_err().kind
    }

    #[test]
    fn brackets_count_only_where_they_are_brackets() {
        let many = "({[".repeat(100);
        for text in [
            format!("SELECT * {{ ?s ?p \"{many}\" }}"),
            format!("SELECT * {{ ?s ?p '''{many}\n'{many}''' }}"),
            format!("SELECT * {{ ?s ?p \"\\\"{many}\" }}"),
            format!("# {many}\nSELECT * {{ ?s ?p ?o }}"),
        ] {
            assert_eq!(scan(&text).map(|_| ()), Ok(()), "{text}");
        }
        for open in ["{", "(", "[", "<<", "<<(", "{ ?s ?p ?o OPTIONAL ", "?a <", "FILTER(?a<((((((((((("] {
            let text = format!("SELECT * {{ {}", open.repeat(2_500));
            assert_ne!(refused(&text), QueryErrorKind::Syntax, "{open}");
        }
        // Looks like an IRI and may be a comparison.
        let text = format!("SELECT * {{ FILTER(?a<{}1)>2) }}", "(".repeat(70));
        assert_eq!(refused(&text), QueryErrorKind::TooDeep);
    }

    #[test]
    fn what_is_too_much_is_refused_with_its_place() {
        assert_eq!(refused(&" ".repeat(LIMITS.bytes + 1)), QueryErrorKind::TooLarge);
        assert_eq!(refused(&"ä".repeat(LIMITS.bytes)), QueryErrorKind::TooLarge);
        let many = |unit: &str| unit.repeat(2_000);
        assert_eq!(refused(&format!("ASK {{ {} }}", many("?s ?p ?o . "))), QueryErrorKind::TooManyPatterns);
        assert_eq!(refused(&format!("ASK {{ FILTER(1{}) }}", many("+1"))), QueryErrorKind::TooManyPatterns);
        assert_eq!(refused(&format!("ASK {{ ?s ^a{} ?o }}", many("/^a"))), QueryErrorKind::TooManyPatterns);
        assert_eq!(refused(&format!("ASK {{ ?s <{}> ?o }}", many("aaa"))), QueryErrorKind::TooLarge);
        let error = scan("ASK {\n  ä SERVICE <http://x> {} }").unwrap_err();
        assert_eq!((error.kind, error.line, error.column), (QueryErrorKind::Service, 2, 5));
    }

    #[test]
    fn names_and_values_are_not_keywords_or_patterns() {
        for text in [
            "SELECT ?service $SERVICE { ?service x:service service:x, _:service }",
            "# SERVICE\nASK { ?s ?p 'SERVICE'@service }",
        ] {
            assert_eq!(scan(text).map(|_| ()), Ok(()), "{text}");
        }
        let values =
            format!("SELECT * {{ VALUES ?x {{ {} }} }}", "<http://example.org/a/b/c/d> 1.5 ".repeat(900));
        assert_eq!(scan(&values).map(|_| ()), Ok(()));
        let list = format!("ASK {{ ?s ?p ?o FILTER(?o IN ({}1)) }}", "ex:a.b-c, ".repeat(3000));
        assert_eq!(scan(&list).map(|_| ()), Ok(()));
    }

    #[test]
    fn prologue_is_read() {
        let text = "BASE <http://b/>\nPREFIX ex: <http://x.org/>\nprefix : <http://y.org/> ASK { :a ex:b 1 }";
        let scanned = scan(text).unwrap();
        assert_eq!(scanned.prefixes, [("ex", "http://x.org/"), ("", "http://y.org/")]);
        assert_eq!(scanned.update, None);
        assert_eq!(scan("PREFIX ex: <http://x.org/> insert data { }").unwrap().update, Some(27));
    }

    #[test]
    fn hints_tell_what_a_person_would_look_for() {
        for (text, place, hint) in [
            ("SELCT ?x { ?s ?p ?o }", 0, "'SELCT' begins no query"),
            ("SELECT ?x { ?s ?p ?o", 10, "'{' is never closed"),
            ("SELECT ?x { ?s ?p (?o }", 22, "'}' closes nothing"),
            ("SELECT ?x { ?s ?p \"abc }", 18, "the string is never closed"),
            ("PREFIX x: <http://x/> ASK { x:a y:b 1 }", 32, "the prefix 'y:' is not declared"),
            ("PREFIX x: <http://x/>", 21, "there is no query"),
        ] {
            let (at, message) = scan(text).unwrap().hint.unwrap();
            assert!(at == place && message.starts_with(hint), "{text}: {at} {message}");
        }
        assert_eq!(scan("ASK { [ ?p (1 2) ] FILTER(?x < 1 && ?y >1) }").unwrap().hint, None);
    }

    #[test]
    fn never_panics_on_odd_bytes() {
        let odd =
            ["\"\\", "<", "ä\\", "x\\ä", "x\\", "?", "'''", "@", "<<", "1.", ":", "\\u0041", "a\\ä\\", "\"ä"];
        for text in odd {
            let _ = scan(text);
        }
    }
}
