//! Whether two servers say the same.

/// The rows of an answer, sorted: CSV without its head, or statements.
pub(crate) struct Rows(Vec<Vec<String>>);

impl Rows {
    pub(crate) fn read(query: &str, body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(body);
        let mut rows: Vec<Vec<String>> = if is_graph(query) {
            text.lines()
                .map(str::trim)
                .filter(|line| !line.is_empty())
                .map(|line| vec![line.to_owned()])
                .collect()
        } else {
            records(&text).into_iter().skip(1).collect()
        };
        rows.sort_unstable();
        Self(rows)
    }
}

/// What two answers differ in, if they do. Any rows are right for a limit without an order.
pub(crate) fn difference(query: &str, ours: &Rows, theirs: &Rows) -> Option<String> {
    if ours.0.len() != theirs.0.len() {
        return Some(format!("{} rows, here {}", theirs.0.len(), ours.0.len()));
    }
    if query.contains("LIMIT") && !query.contains("ORDER BY") {
        return None;
    }
    let other = ours.0.iter().zip(&theirs.0).find(|(our, their)| our != their);
    other.map(|(our, their)| format!("{their:?}, here {our:?}"))
}

/// Whether the answer is a graph.
pub(crate) fn is_graph(query: &str) -> bool {
    ["DESCRIBE", "CONSTRUCT"].iter().any(|form| query.contains(form))
}

/// The records of CSV (RFC 4180).
fn records(text: &str) -> Vec<Vec<String>> {
    let (mut records, mut record, mut field) = (Vec::new(), Vec::new(), String::new());
    let mut quoted = false;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                field.push('"');
                letters.next();
            }
            '"' => quoted = !quoted,
            ',' if !quoted => record.push(std::mem::take(&mut field)),
            '\r' if !quoted => {}
            '\n' if !quoted => {
                record.push(std::mem::take(&mut field));
                records.push(std::mem::take(&mut record));
            }
            letter => field.push(letter),
        }
    }
    if !field.is_empty() || !record.is_empty() {
        record.push(field);
        records.push(record);
    }
    records
}
