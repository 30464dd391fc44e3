//! Turns `languages/*.tsv` into the languages of the pages and `assets/` into a table of files with the digest of
//! each, and checks every word and every file that sources and templates ask for.
//!
//! A language is a file. A key that one language has and another lacks, a placeholder that a translation forgot, a
//! form of a number that the language needs, a word that a template asks for and nobody wrote: each stops the build
//! with the name of the file. So does a text that nothing asks for.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// The rules by which a number chooses a form (CLDR, whole numbers only), with the forms that each needs.
const PLURALS: &[(&str, &str, &[&str])] =
    &[("one-other", "OneOther", &["one", "other"]), ("east-slavic", "EastSlavic", &["one", "few", "many"])];
/// All forms, in the order of the table that is made.
const FORMS: [&str; 4] = ["one", "few", "many", "other"];
/// What a file says of its language itself.
const META: [&str; 4] = ["language", "language.english", "language.labels", "language.plural"];

struct Language {
    file: String,
    tag: String,
    texts: BTreeMap<String, String>,
}

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or(io::ErrorKind::NotFound)?);
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?);
    for watched in ["languages", "assets", "templates", "src"] {
        println!("cargo::rerun-if-changed={}", root.join(watched).display());
    }
    let mut faults = Vec::new();
    let mut languages = Vec::new();
    for path in files(&root.join("languages"))? {
        languages.push(read(&path, &mut faults)?);
    }
    compare(&languages, &mut faults);
    let assets = files(&root.join("assets"))?;
    let names: BTreeSet<String> = assets.iter().map(|path| below(&root.join("assets"), path)).collect();
    used(&root, &languages, &names, &mut faults)?;
    for fault in &faults {
        println!("cargo::error={fault}");
    }
    if faults.is_empty() {
        fs::write(out.join("languages.rs"), tables(&languages))?;
        let mut table = String::from("&[\n");
        for path in &assets {
            let bytes = fs::read(path)?;
            let name = below(&root.join("assets"), path);
            let media =
                media(&name).ok_or_else(|| io::Error::other(format!("{name}: unknown kind of file")))?;
            let digest = format!("{:016x}", digest(&[&bytes]));
            let _ = writeln!(
                table,
                "Asset {{ name: {name:?}, digest: {digest:?}, media: {media:?}, bytes: include_bytes!({path:?}) }},"
            );
        }
        fs::write(out.join("assets.rs"), table + "]\n")?;
        let mut all = Vec::new();
        for folder in ["languages", "assets", "templates"] {
            for path in files(&root.join(folder))? {
                all.push(fs::read(path)?);
            }
        }
        let all: Vec<&[u8]> = all.iter().map(Vec::as_slice).collect();
        println!("cargo::rustc-env=AARRE_PAGES={:016x}", digest(&all));
    }
    Ok(())
}

/// All files of a folder, sorted.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { found.extend(files(&path)?) } else { found.push(path) }
    }
    found.sort();
    Ok(found)
}

/// The path as an address below the folder.
fn below(folder: &Path, path: &Path) -> String {
    let name = path.strip_prefix(folder).unwrap_or(path);
    name.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
}

fn media(name: &str) -> Option<&'static str> {
    Some(match name.rsplit('.').next()? {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "json" => "application/json",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => return None,
    })
}

/// FNV-1a: it tells versions of our own files apart, nobody attacks it.
fn digest(parts: &[&[u8]]) -> u64 {
    let mut sum = 0xcbf2_9ce4_8422_2325_u64;
    for byte in parts.iter().copied().flatten() {
        sum = (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    }
    sum
}

fn read(path: &Path, faults: &mut Vec<String>) -> io::Result<Language> {
    let file = below(path.parent().and_then(Path::parent).unwrap_or(path), path);
    let tag = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let mut texts = BTreeMap::new();
    let mut last = String::new();
    for (number, line) in fs::read_to_string(path)?.lines().enumerate() {
        if line.starts_with('#') {
            continue;
        }
        let at = format!("{file}:{}", number + 1);
        match line.split_once('\t') {
            Some((key, text)) if !key.is_empty() && !text.trim().is_empty() && !text.contains('\t') => {
                if key <= last.as_str() {
                    faults.push(format!("{at}: {key} stands after {last}; keys are sorted, each once"));
                }
                key.clone_into(&mut last);
                texts.insert(key.to_owned(), text.to_owned());
            }
            _ => faults.push(format!("{at}: not a key, a tab and a text")),
        }
    }
    for key in META {
        if !texts.contains_key(key) {
            faults.push(format!("{file}: {key} is missing"));
        }
    }
    Ok(Language { file, tag, texts })
}

impl Language {
    fn meta(&self, key: &str) -> &str {
        self.texts.get(key).map_or("", String::as_str)
    }

    fn plural(&self) -> Option<&'static (&'static str, &'static str, &'static [&'static str])> {
        PLURALS.iter().find(|(name, _, _)| *name == self.meta("language.plural"))
    }

    /// The keys without what a number adds to them.
    fn keys(&self) -> BTreeSet<&str> {
        self.texts.keys().map(|key| stem(key).0).collect()
    }
}

/// The key and, for one form of a text by number, the form.
fn stem(key: &str) -> (&str, Option<&str>) {
    match key.strip_suffix(']').and_then(|key| key.split_once('[')) {
        Some((stem, form)) => (stem, Some(form)),
        None => (key, None),
    }
}

/// The placeholders of a text: `{}` and `{name}`.
fn placeholders(text: &str) -> BTreeSet<&str> {
    text.match_indices('{').filter_map(|(at, _)| Some(&text[at..=at + text[at..].find('}')?])).collect()
}

/// All languages have the same keys, the same placeholders, and the forms that their numbers need.
fn compare(languages: &[Language], faults: &mut Vec<String>) {
    let all: BTreeSet<&str> = languages.iter().flat_map(Language::keys).collect();
    let by_number: BTreeSet<&str> = languages
        .iter()
        .flat_map(|language| language.texts.keys().map(|key| stem(key)))
        .filter_map(|(key, form)| form.map(|_| key))
        .collect();
    for language in languages {
        let file = &language.file;
        let Some((_, _, forms)) = language.plural() else {
            faults.push(format!("{file}: language.plural is none of the rules that build.rs knows"));
            continue;
        };
        for key in &all {
            let mut own: Vec<&str> = language
                .texts
                .keys()
                .map(|key| stem(key))
                .filter(|(stem, _)| stem == key)
                .map(|(_, form)| form.unwrap_or_default())
                .collect();
            let mut needed = if by_number.contains(key) { forms.to_vec() } else { vec![""] };
            own.sort_unstable();
            needed.sort_unstable();
            if own != needed {
                faults.push(format!("{file}: {key} is there as {own:?}, needed as {needed:?}"));
            }
        }
        for (key, text) in &language.texts {
            if META.contains(&key.as_str()) {
                continue;
            }
            let theirs = languages
                .iter()
                .flat_map(|other| other.texts.iter())
                .find(|(other, _)| stem(other).0 == stem(key).0);
            if let Some((_, other)) = theirs
                && placeholders(text) != placeholders(other)
            {
                faults.push(format!(
                    "{file}: {key} fills in {:?}, elsewhere {:?}",
                    placeholders(text),
                    placeholders(other)
                ));
            }
        }
    }
}

/// Every word and file that sources and templates name is there, and every text is named somewhere.
fn used(
    root: &Path,
    languages: &[Language],
    assets: &BTreeSet<String>,
    faults: &mut Vec<String>,
) -> io::Result<()> {
    let known: BTreeSet<&str> = languages.iter().flat_map(Language::keys).collect();
    let mut mentioned = BTreeSet::new();
    // What a key that is put together begins and ends with: `"sector.{sector}"`.
    let mut pieces = BTreeSet::new();
    for folder in ["src", "templates"] {
        for path in files(&root.join(folder))? {
            let (text, file) = (fs::read_to_string(&path)?, below(root, &path));
            for (before, literal) in literals(&text) {
                let asks = |call: &str| before.ends_with(call);
                let word = ["word(", "phrase(", ".plural(", ".filled("].into_iter().any(asks);
                if word && !known.contains(literal) {
                    faults.push(format!("{file}: no language file has the key {literal}"));
                }
                if asks("asset(") && !assets.contains(literal) {
                    faults.push(format!("{file}: there is no assets/{literal}"));
                }
                if let (Some(from), Some(to)) = (literal.find('{'), literal.rfind('}')) {
                    pieces.insert((
                        literal[..from].to_owned(),
                        literal[to.max(from) + usize::from(to > from)..].to_owned(),
                    ));
                } else {
                    mentioned.insert(literal.to_owned());
                }
            }
        }
    }
    for key in known.iter().filter(|key| !META.contains(*key) && !mentioned.contains(**key)) {
        let put_together = |(from, to): &(String, String)| {
            (from.ends_with('.') || to.starts_with('.'))
                && key.starts_with(from.as_str())
                && key.ends_with(to.as_str())
        };
        if !pieces.iter().any(put_together) {
            faults.push(format!("languages: nothing asks for {key}"));
        }
    }
    Ok(())
}

/// The string literals of a text, each with what stands before it on its way, spaces aside.
fn literals(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.match_indices('"').filter_map(|(at, _)| {
        let literal = &text[at + 1..];
        let literal = &literal[..literal.find(['"', '\n'])?];
        Some((text[..at].trim_end(), literal))
    })
}

fn tables(languages: &[Language]) -> String {
    let mut code = String::from(
        "/// A language that pages speak.\n#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]\npub(crate) enum Language {\n",
    );
    for language in languages {
        let _ = writeln!(code, "{},", language.meta("language.english"));
    }
    let _ = writeln!(code, "}}\nconst LANGUAGES: [Language; {}] = [", languages.len());
    for language in languages {
        let _ = writeln!(code, "Language::{},", language.meta("language.english"));
    }
    code.push_str("];\nstatic ABOUT: [About; LANGUAGES.len()] = [\n");
    for language in languages {
        let wished: Vec<&str> = language.meta("language.labels").split(' ').collect();
        let rest = languages.iter().map(|other| other.tag.as_str()).filter(|tag| !wished.contains(tag));
        let labels: Vec<&str> = wished.iter().copied().chain(rest).collect();
        let rule = language.plural().map_or("OneOther", |(_, rule, _)| rule);
        let (tag, name) = (&language.tag, language.meta("language"));
        let _ = writeln!(
            code,
            "About {{ tag: {tag:?}, name: {name:?}, labels: &{labels:?}, plural: Plural::{rule} }},"
        );
    }
    code.push_str("];\n");
    let keys = languages.iter().flat_map(Language::keys).collect::<BTreeSet<_>>();
    let keys: Vec<&str> = keys.into_iter().filter(|key| !META.contains(key)).collect();
    let (plain, counted): (Vec<&str>, Vec<&str>) =
        keys.into_iter().partition(|key| languages.iter().all(|language| language.texts.contains_key(*key)));
    let _ = writeln!(code, "static TEXTS: [(&str, [&str; LANGUAGES.len()]); {}] = [", plain.len());
    for key in plain {
        let texts: Vec<&str> = languages.iter().map(|language| language.meta(key)).collect();
        let _ = writeln!(code, "({key:?}, {texts:?}),");
    }
    let _ =
        writeln!(code, "];\nstatic COUNTED: [(&str, [[&str; 4]; LANGUAGES.len()]); {}] = [", counted.len());
    for key in counted {
        let forms = |language: &Language| {
            let last = language.plural().and_then(|(_, _, forms)| forms.last().copied()).unwrap_or_default();
            FORMS.map(|form| {
                let own = language.texts.get(&format!("{key}[{form}]"));
                own.or_else(|| language.texts.get(&format!("{key}[{last}]"))).cloned().unwrap_or_default()
            })
        };
        let texts: Vec<[String; 4]> = languages.iter().map(forms).collect();
        let _ = writeln!(code, "({key:?}, {texts:?}),");
    }
    code + "];\n"
}
