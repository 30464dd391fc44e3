//! Turns the tables of this crate into Rust: `terms/*.tsv` into one module of constants a vocabulary,
//! `labels.tsv` into the labels of pages, `codes/*.tsv` into static sorted slices.
//!
//! A table that is not sorted, repeats a key or has a row of the wrong width stops the build with the file and
//! line, so that the lookups may rely on order without checking it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// What a column of a code table becomes.
#[derive(Clone, Copy)]
enum Column {
    /// `&'static str`, never empty.
    Text,
    /// `Option<&'static str>`, `None` for an empty cell.
    MaybeText,
    /// `NamedNodeRef<'static>`, written as a prefixed name of a known term.
    Term,
    /// `Option<NamedNodeRef<'static>>`.
    MaybeTerm,
}
use Column::{MaybeTerm, MaybeText, Term, Text};

/// A code table: file name without ending, the struct a row becomes, and its fields in column order. The first
/// column is the key.
type CodeTable = (&'static str, &'static str, &'static [(&'static str, Column)]);

const TABLES: &[CodeTable] = &[
    ("carriers", "RdaType", &[("code", Text), ("iri", Text), ("label", Text)]),
    (
        "content_types",
        "ContentType",
        &[("code", Text), ("iri", Text), ("label", Text), ("edm_type", MaybeText)],
    ),
    ("countries", "Country", &[("alpha2", Text), ("alpha3", Text), ("name", Text)]),
    ("country_names", "CountryName", &[("name", Text), ("alpha2", Text)]),
    ("ead_level_terms", "EadLevelTerm", &[("term", Text), ("code", Text)]),
    (
        "ead_levels",
        "EadLevel",
        &[("code", Text), ("class", Term), ("record_set_type", MaybeTerm), ("label", Text)],
    ),
    ("language_names", "LanguageName", &[("name", Text), ("bcp47", Text)]),
    ("languages", "Language", &[("code", Text), ("bcp47", Text), ("name", Text)]),
    ("licence_words", "LicenceWord", &[("word", Text), ("element", MaybeText)]),
    ("lido_event_terms", "LidoEventTerm", &[("term", Text), ("code", Text)]),
    ("lido_events", "LidoEvent", &[("code", Text), ("iri", Text), ("class", Term), ("label", Text)]),
    ("marc_categories", "Category", &[("code", Text), ("edm_type", MaybeText), ("label", Text)]),
    (
        "marc_countries",
        "MarcCountry",
        &[("code", Text), ("iri", Text), ("label", Text), ("alpha2", MaybeText)],
    ),
    ("marc_levels", "BibliographicLevel", &[("code", Text), ("label", Text)]),
    ("marc_scripts", "LinkageScript", &[("code", Text), ("iso_15924", MaybeText), ("label", Text)]),
    (
        "marc_types",
        "RecordType",
        &[
            ("code", Text),
            ("edm_type", MaybeText),
            ("dcmi_type", MaybeTerm),
            ("work_class", Term),
            ("label", Text),
        ],
    ),
    ("media_terms", "MediaTerm", &[("term", Text), ("edm_type", MaybeText), ("dcmi_type", Term)]),
    ("media_types", "RdaType", &[("code", Text), ("iri", Text), ("label", Text)]),
    ("relator_terms", "RelatorTerm", &[("term", Text), ("code", Text)]),
    ("relators", "Relator", &[("code", Text), ("iri", Text), ("label", Text)]),
    ("rights", "Rights", &[("address", Text), ("iri", Text), ("label", Text)]),
    ("rights_statements", "RightsStatement", &[("text", Text), ("iri", Text)]),
    ("scripts", "Script", &[("code", Text), ("name", Text)]),
];

fn main() {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    for folder in ["terms", "codes", "labels.tsv", "prefixes.tsv", "build.rs"] {
        println!("cargo::rerun-if-changed={folder}");
    }
    let vocabularies = read_vocabularies(&root.join("terms"));
    write(&out.join("terms.rs"), &terms_module(&vocabularies));
    write(&out.join("index.rs"), &index(&root, &vocabularies));
    write(&out.join("codes.rs"), &code_tables(&root, &vocabularies));
}

fn write(path: &Path, text: &str) {
    if let Err(error) = fs::write(path, text) {
        panic!("{}: {error}", path.display());
    }
}

/// A table as read: the `# name: value` lines of its header and its rows with their line numbers.
struct Table {
    path: PathBuf,
    header: BTreeMap<String, String>,
    rows: Vec<(usize, Vec<String>)>,
}

impl Table {
    fn read(path: &Path, width: usize) -> Self {
        let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut header = BTreeMap::new();
        let mut rows: Vec<(usize, Vec<String>)> = Vec::new();
        for (number, line) in text.lines().enumerate().map(|(index, line)| (index + 1, line)) {
            if let Some(comment) = line.strip_prefix('#') {
                if let Some((name, value)) = comment.split_once(':') {
                    header.insert(name.trim().to_owned(), value.trim().to_owned());
                }
                continue;
            }
            let cells: Vec<String> = line.split('\t').map(str::to_owned).collect();
            let place = format!("{}:{number}", path.display());
            assert!(cells.len() == width, "{place}: {} columns, expected {width}", cells.len());
            if let Some((_, before)) = rows.last() {
                assert!(before[0] < cells[0], "{place}: “{}” is not after “{}”", cells[0], before[0]);
            }
            rows.push((number, cells));
        }
        for name in ["source", "licence", "date"] {
            assert!(header.contains_key(name), "{}: the header lacks “# {name}:”", path.display());
        }
        Self { path: path.to_owned(), header, rows }
    }

    fn header(&self, name: &str) -> &str {
        self.header
            .get(name)
            .unwrap_or_else(|| panic!("{}: the header lacks “# {name}:”", self.path.display()))
    }
}

/// One vocabulary with its terms: name, kind, definition.
struct Vocabulary {
    module: String,
    table: Table,
}

fn read_vocabularies(folder: &Path) -> Vec<Vocabulary> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "tsv"));
    paths.sort();
    paths
        .iter()
        .map(|path| {
            let module = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            Vocabulary { module, table: Table::read(path, 3) }
        })
        .collect()
}

fn terms_module(vocabularies: &[Vocabulary]) -> String {
    let mut code = String::new();
    for Vocabulary { module, table } in vocabularies {
        let (namespace, prefix) = (table.header("namespace"), table.header("prefix"));
        let about =
            format!("{} {}, <{}>.", table.header("title"), table.header("version"), table.header("source"));
        let _ = writeln!(code, "#[doc = {about:?}]\npub mod {module} {{");
        let _ = writeln!(code, "use oxrdf::NamedNodeRef;");
        let _ = writeln!(code, "/// What every IRI of this vocabulary begins with.");
        let _ = writeln!(code, "pub const NAMESPACE: &str = {namespace:?};");
        let _ =
            writeln!(code, "/// The usual prefix of the namespace.\npub const PREFIX: &str = {prefix:?};");
        let mut taken: BTreeSet<String> = ["NAMESPACE", "PREFIX"].map(str::to_owned).into();
        // Properties first: a property keeps the plain name, a class that differs from it only in case is `…_CLASS`.
        for wanted in ["property", "class", "individual"] {
            for (line, row) in table.rows.iter().filter(|(_, row)| row[1] == wanted) {
                let (name, definition) = (&row[0], &row[2]);
                let mut constant = constant_name(name);
                if taken.contains(&constant) {
                    let _ = write!(constant, "_{}", wanted.to_uppercase());
                }
                let place = format!("{}:{line}", table.path.display());
                assert!(taken.insert(constant.clone()), "{place}: {constant} is taken");
                let doc = format!("`{prefix}:{name}`: {}", escape_markdown(definition));
                let _ = writeln!(code, "#[doc = {doc:?}]");
                let iri = format!("{namespace}{name}");
                let _ = writeln!(
                    code,
                    "pub const {constant}: NamedNodeRef<'static> = NamedNodeRef::new_unchecked({iri:?});"
                );
            }
        }
        for (line, row) in &table.rows {
            let known = ["property", "class", "individual"].contains(&row[1].as_str());
            assert!(known, "{}:{line}: “{}” is no kind of term", table.path.display(), row[1]);
        }
        code.push_str("}\n");
    }
    code
}

/// `isPartOf` → `IS_PART_OF`, `ProvidedCHO` → `PROVIDED_CHO`, `E12_Production` → `E12_PRODUCTION`.
fn constant_name(term: &str) -> String {
    let letters: Vec<char> = term.chars().collect();
    let mut name = String::new();
    for (index, &letter) in letters.iter().enumerate() {
        let before = index.checked_sub(1).map(|index| letters[index]);
        let after = letters.get(index + 1);
        let starts_word = letter.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase()
                    || (before.is_alphanumeric() && after.is_some_and(|after| after.is_lowercase()))
            });
        if starts_word {
            name.push('_');
        }
        if letter.is_ascii_alphanumeric() {
            name.push(letter.to_ascii_uppercase());
        } else {
            name.push('_');
        }
    }
    name
}

fn escape_markdown(text: &str) -> String {
    text.replace('[', "\\[").replace('<', "\\<")
}

/// The tables that look terms up by IRI: vocabularies, all terms, all prefixes, labels for pages.
fn index(root: &Path, vocabularies: &[Vocabulary]) -> String {
    let mut prefixes: BTreeMap<String, String> = BTreeMap::new();
    let mut terms: BTreeMap<String, String> = BTreeMap::new();
    let mut words: BTreeMap<String, String> = BTreeMap::new();
    for Vocabulary { table, .. } in vocabularies {
        let (namespace, prefix) = (table.header("namespace"), table.header("prefix"));
        prefixes.insert(prefix.to_owned(), namespace.to_owned());
        for (_, row) in &table.rows {
            let kind = match row[1].as_str() {
                "class" => "Class",
                "property" => "Property",
                _ => "Individual",
            };
            let (name, definition) = (&row[0], &row[2]);
            let iri = format!("{namespace}{name}");
            words.insert(iri.clone(), plain_words(name));
            let entry = format!(
                "Term {{ iri: {iri:?}, prefix: {prefix:?}, name: {name:?}, kind: TermKind::{kind}, label: {:?}, \
                 definition: {definition:?} }}",
                plain_words(name)
            );
            assert!(terms.insert(iri.clone(), entry).is_none(), "<{iri}> is in two vocabularies");
        }
    }
    let extra = Table::read(&root.join("prefixes.tsv"), 3);
    for (line, row) in &extra.rows {
        let old = prefixes.insert(row[0].clone(), row[1].clone());
        assert!(old.is_none(), "prefixes.tsv:{line}: the prefix is a vocabulary's");
    }
    let mut code = String::from("pub(crate) static PREFIX_TABLE: &[(&str, &str)] = &[\n");
    for (prefix, namespace) in &prefixes {
        let _ = writeln!(code, "({prefix:?}, {namespace:?}),");
    }
    code.push_str("];\npub(crate) static TERM_TABLE: &[Term] = &[\n");
    for entry in terms.values() {
        let _ = writeln!(code, "{entry},");
    }
    code.push_str("];\npub(crate) static LABEL_TABLE: &[Labels] = &[\n");
    let labels = Table::read(&root.join("labels.tsv"), 5);
    let mut by_iri: BTreeMap<String, &[String]> = BTreeMap::new();
    for (line, row) in &labels.rows {
        let iri = row[0]
            .split_once(':')
            .and_then(|(prefix, name)| Some(format!("{}{name}", prefixes.get(prefix)?)));
        let iri = iri.filter(|iri| terms.contains_key(iri));
        let iri = iri.unwrap_or_else(|| panic!("labels.tsv:{line}: “{}” is not a known term", row[0]));
        by_iri.insert(iri, &row[1..]);
    }
    for (iri, row) in by_iri {
        let _ = writeln!(
            code,
            "Labels {{ iri: {iri:?}, en: {:?}, fi: {:?}, sv: {:?}, uk: {:?} }},",
            row[0], row[1], row[2], row[3]
        );
    }
    code.push_str("];\n");
    code
}

/// `isPartOf` → `is part of`, `P108i_was_produced_by` → `was produced by`, `E12_Production` → `Production`.
fn plain_words(term: &str) -> String {
    let name = match term.split_once('_') {
        Some((code, rest)) if is_crm_code(code) => rest,
        _ => term,
    };
    let constant = constant_name(name).replace('_', " ");
    let mut words: Vec<String> = Vec::new();
    for (index, word) in constant.split_whitespace().enumerate() {
        let acronym = name.contains(word) && word.len() > 1;
        let first_of_class = index == 0 && name.starts_with(|first: char| first.is_uppercase());
        words.push(match (acronym, first_of_class) {
            (true, _) => word.to_owned(),
            (false, true) => word[..1].to_owned() + &word[1..].to_lowercase(),
            (false, false) => word.to_lowercase(),
        });
    }
    words.join(" ")
}

fn is_crm_code(code: &str) -> bool {
    let digits = code.trim_start_matches(['E', 'P']).trim_end_matches('i');
    code.starts_with(['E', 'P']) && !digits.is_empty() && digits.chars().all(|digit| digit.is_ascii_digit())
}

fn code_tables(root: &Path, vocabularies: &[Vocabulary]) -> String {
    let mut code = String::new();
    for (file, row_type, fields) in TABLES {
        let table = Table::read(&root.join("codes").join(format!("{file}.tsv")), fields.len());
        let _ = writeln!(code, "pub(crate) static {}: &[{row_type}] = &[", file.to_uppercase());
        for (line, row) in &table.rows {
            let place = format!("{}:{line}", table.path.display());
            let _ = write!(code, "{row_type} {{ ");
            for ((field, column), cell) in fields.iter().zip(row) {
                let value = match (column, cell.as_str()) {
                    (Text | Term, "") => panic!("{place}: “{field}” is empty"),
                    (MaybeText | MaybeTerm, "") => "None".to_owned(),
                    (Text, cell) => format!("{cell:?}"),
                    (MaybeText, cell) => format!("Some({cell:?})"),
                    (Term, cell) => known_term(vocabularies, cell, &place),
                    (MaybeTerm, cell) => format!("Some({})", known_term(vocabularies, cell, &place)),
                };
                let _ = write!(code, "{field}: {value}, ");
            }
            code.push_str("},\n");
        }
        code.push_str("];\n");
    }
    code
}

/// `crm:E12_Production` as an expression for its IRI; a term that no vocabulary has stops the build.
fn known_term(vocabularies: &[Vocabulary], qname: &str, place: &str) -> String {
    let iri = qname.split_once(':').and_then(|(prefix, name)| {
        let Vocabulary { table, .. } =
            vocabularies.iter().find(|one| one.table.header("prefix") == prefix)?;
        let known = table.rows.iter().any(|(_, row)| row[0] == name);
        known.then(|| format!("{}{name}", table.header("namespace")))
    });
    let iri = iri.unwrap_or_else(|| panic!("{place}: “{qname}” is not a known term"));
    format!("NamedNodeRef::new_unchecked({iri:?})")
}
