//! Look-up tables: written in the rule file, or in a file of tab- or comma-separated values beside it.

use super::file::{File, Source};
use crate::SetupError;
use std::collections::BTreeMap;
use std::sync::Arc;

type Table = BTreeMap<String, String>;

/// The file that a table under `[tables]` names: `name = { file = "categories.tsv" }`.
pub(super) fn file_of(table: &Table) -> Option<&str> {
    if table.len() == 1 { table.get("file").map(String::as_str) } else { None }
}

/// All tables under `[tables]`.
pub(super) fn read(
    file: &File,
    files: &BTreeMap<String, String>,
    source: Source<'_>,
) -> Result<BTreeMap<String, Arc<Table>>, SetupError> {
    let mut tables = BTreeMap::new();
    for (name, table) in &file.tables {
        let read = match file_of(table.get_ref()) {
            None => table.get_ref().clone(),
            Some(path) => {
                let text = files.get(path).ok_or_else(|| {
                    let met = format!("the file '{path}', which cannot be read");
                    source.fault(table.span(), met, "a file of two columns beside the rule file")
                })?;
                parse(text, path.ends_with(".csv")).map_err(|(line, met)| {
                    source.fault(
                        table.span(),
                        format!("the file '{path}', line {line}: {met}"),
                        "two columns, the value and its meaning, each value once",
                    )
                })?
            }
        };
        tables.insert(name.clone(), Arc::new(read));
    }
    Ok(tables)
}

/// The first two columns of a table; lines that begin with `#` are remarks. The fault of a wrong one is its line.
fn parse(text: &str, commas: bool) -> Result<Table, (usize, String)> {
    let mut table = Table::new();
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    for (index, line) in text.lines().enumerate() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let cells =
            if commas { comma_separated(line) } else { line.split('\t').map(str::to_owned).collect() };
        let [value, meaning, ..] = cells.as_slice() else {
            return Err((index + 1, format!("one column, '{line}'")));
        };
        let value = value.trim().to_owned();
        if table.contains_key(&value) {
            return Err((index + 1, format!("'{value}' once more")));
        }
        table.insert(value, meaning.trim().to_owned());
    }
    Ok(table)
}

/// The cells of one line; a cell in quotation marks may hold commas, and doubled marks.
fn comma_separated(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        let cell = cells.len() - 1;
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cells[cell].push('"');
            }
            '"' if quoted || cells[cell].trim().is_empty() => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            letter => cells[cell].push(letter),
        }
    }
    cells
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn tables_of_both_kinds_are_read() {
        let tabs = parse("# remark\nk\tkirkko\n\nl\tlinna\tmore\n", false).unwrap();
        let commas = parse("k,kirkko\r\nl,\"linna, \"\"iso\"\"\"\n", true).unwrap();
        assert_eq!(tabs["l"], "linna");
        assert_eq!(commas["l"], "linna, \"iso\"");
        assert_eq!(parse("a\tb\nc\n", false).unwrap_err().0, 2);
        assert_eq!(parse("a\tb\na\tc\n", false).unwrap_err(), (2, "'a' once more".to_owned()));
    }
}
