//! Licences and rights statements: addresses in all their spellings, and what people write instead, to the one IRI
//! that `edm:rights` wants.
//!
//! A Creative Commons licence counts only with its version, for without one nobody knows which text was meant; CC0
//! and the Public Domain Mark have only one.

use crate::{codes, fold};

/// A licence or a rights statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rights {
    /// The address without scheme and trailing slash, in lower case.
    pub(crate) address: &'static str,
    /// The IRI as its publisher writes it.
    pub iri: &'static str,
    /// The English label.
    pub label: &'static str,
}

/// What a licence or a statement allows others to do with the object, as the Europeana Licensing Framework groups them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reuse {
    /// None, or only after asking.
    Closed,
    /// Some: not for money, not changed, or only in teaching.
    Restricted,
    /// All, at most with a name or under the same licence.
    Open,
}

/// What the licence or statement with this IRI allows; what is not known allows nothing.
///
/// ```
/// use vocabularies::rights::{Reuse, reuse};
///
/// assert_eq!(reuse("http://creativecommons.org/licenses/by-sa/4.0/"), Reuse::Open);
/// assert_eq!(reuse("http://creativecommons.org/licenses/by-nc/3.0/de/"), Reuse::Restricted);
/// assert_eq!(reuse("http://rightsstatements.org/vocab/InC-EDU/1.0/"), Reuse::Restricted);
/// assert_eq!(reuse("http://rightsstatements.org/vocab/InC/1.0/"), Reuse::Closed);
/// ```
#[must_use]
pub fn reuse(iri: &str) -> Reuse {
    let mut segments = iri.split('/').skip(2);
    match (segments.next(), segments.next(), segments.next()) {
        (Some("creativecommons.org"), Some("publicdomain"), Some("zero" | "mark"))
        | (Some("creativecommons.org"), Some("licenses"), Some("by" | "by-sa")) => Reuse::Open,
        (Some("creativecommons.org"), Some("licenses"), Some(_))
        | (Some("rightsstatements.org"), Some("vocab"), Some("NoC-NC" | "NoC-OKLR" | "InC-EDU")) => {
            Reuse::Restricted
        }
        _ => Reuse::Closed,
    }
}

/// Words for rights.
pub(crate) struct RightsStatement {
    pub(crate) text: &'static str,
    pub(crate) iri: &'static str,
}

/// A word in the name of a Creative Commons licence.
pub(crate) struct LicenceWord {
    pub(crate) word: &'static str,
    pub(crate) element: Option<&'static str>,
}

/// The licence or statement that a text names: an address anywhere in it, or words that are nothing else.
///
/// ```
/// use vocabularies::rights;
///
/// let iri = |text| rights::by_statement(text).map(|rights| rights.iri);
/// assert_eq!(iri("CC BY 4.0"), Some("http://creativecommons.org/licenses/by/4.0/"));
/// assert_eq!(
///     iri("https://creativecommons.org/licenses/by/4.0/deed.fi"),
///     Some("http://creativecommons.org/licenses/by/4.0/")
/// );
/// assert_eq!(iri("Vapaa käyttö"), Some("http://creativecommons.org/publicdomain/mark/1.0/"));
/// assert_eq!(iri("CC BY"), None);
/// ```
#[must_use]
pub fn by_statement(text: &str) -> Option<&'static Rights> {
    by_address(text).or_else(|| by_words(text)).or_else(|| by_licence_name(text))
}

/// Looks for an address of a known publisher, with whatever stands before and after it.
fn by_address(text: &str) -> Option<&'static Rights> {
    let text = text.to_ascii_lowercase();
    for host in
        ["creativecommons.org/", "rightsstatements.org/", "europeana.eu/", "deutsche-digitale-bibliothek.de/"]
    {
        let Some(start) = text.find(host) else { continue };
        let address = &text[start..];
        let end = address.find(|letter: char| letter.is_whitespace() || "<>\"'()[]{}?#;,".contains(letter));
        let address = address[..end.unwrap_or(address.len())].trim_end_matches(['/', '.']);
        let mut segments: Vec<&str> = address.split('/').filter(|segment| !segment.is_empty()).collect();
        while segments.last().is_some_and(|last| is_form_of_page(last)) {
            segments.pop();
        }
        if let ["rightsstatements.org", form, ..] = segments.as_mut_slice()
            && ["page", "data"].contains(form)
        {
            *form = "vocab";
        }
        // Two publishers write their addresses with `www`, two without.
        let address = segments.join("/");
        let found = by_key(&address).or_else(|| by_key(&format!("www.{address}")));
        if found.is_some() {
            return found;
        }
    }
    None
}

/// The last segment of an address that names a form of the licence's page (`deed.fi`, `legalcode`), not a licence.
fn is_form_of_page(segment: &str) -> bool {
    ["deed", "legalcode", "rdf"]
        .iter()
        .any(|form| segment.strip_prefix(form).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
}

fn by_key(address: &str) -> Option<&'static Rights> {
    let found = codes::RIGHTS.binary_search_by(|row| row.address.cmp(address)).ok()?;
    codes::RIGHTS.get(found)
}

fn by_words(text: &str) -> Option<&'static Rights> {
    let text = text.trim_start_matches(['©', ' ']);
    let row = fold::find(codes::RIGHTS_STATEMENTS, text, |row| row.text)?;
    codes::RIGHTS.iter().find(|rights| rights.iri == row.iri)
}

/// Reads the name of a Creative Commons licence word by word; a word that does not belong there means that the text
/// says more than a name.
fn by_licence_name(text: &str) -> Option<&'static Rights> {
    let folded: String = fold::fold(text).collect();
    let mut rest = folded.as_str();
    let mut elements: Vec<&str> = Vec::new();
    let mut version: Option<&str> = None;
    while !rest.is_empty() {
        if let Some(met) = version_at(rest) {
            if version.is_some_and(|before| before != met) {
                return None;
            }
            version = Some(met);
            rest = after(rest, met.len());
            continue;
        }
        let (length, element) = longest_word(rest)?;
        elements.extend(element);
        rest = after(rest, length);
    }
    let has = |element: &str| elements.contains(&element);
    let name = match (has("by"), has("nc"), has("nd"), has("sa")) {
        (true, false, false, false) => "by",
        (true, false, false, true) => "by-sa",
        (true, false, true, false) => "by-nd",
        (true, true, false, false) => "by-nc",
        (true, true, false, true) => "by-nc-sa",
        (true, true, true, false) => "by-nc-nd",
        _ => return None,
    };
    by_key(&format!("creativecommons.org/licenses/{name}/{}", version?.replace(' ', ".")))
}

/// A version at the beginning of a folded text: `4 0` for `4.0`.
fn version_at(text: &str) -> Option<&str> {
    let version = text.get(..3)?;
    let known = ["1 0", "2 0", "2 5", "3 0", "4 0"].contains(&version);
    (known && text[3..].chars().next().is_none_or(|next| next == ' ')).then_some(version)
}

/// The longest word of a licence's name at the beginning of a folded text: its length and what it says.
fn longest_word(text: &str) -> Option<(usize, Option<&'static str>)> {
    let mut ends: Vec<usize> = text.match_indices(' ').map(|(index, _)| index).take(5).collect();
    ends.push(text.len());
    ends.iter().rev().find_map(|&end| {
        let row = fold::find(codes::LICENCE_WORDS, &text[..end], |row| row.word)?;
        Some((end, row.element))
    })
}

fn after(text: &str, length: usize) -> &str {
    text[length..].trim_start()
}

/// All addresses with their licences and statements, sorted by address.
#[must_use]
pub fn all() -> &'static [Rights] {
    codes::RIGHTS
}
