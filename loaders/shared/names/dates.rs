//! The dates of a life as headings write them: `1865-1931`, `synt. 1865`, `b. 1865`, `k. 1931`, `fl. 1520–1540`.

use crate::shared::dates::read_date;

/// What dates beside a name say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Life {
    /// Birth and death as EDTF; at least one is told.
    Dates { birth: Option<String>, death: Option<String> },
    /// Years of activity, or a century: they are no birth and death.
    Active,
}

const BIRTH: &[&str] = &[
    "s",
    "synt",
    "syntynyt",
    "syntyi",
    "f",
    "född",
    "fødd",
    "født",
    "b",
    "born",
    "geb",
    "geboren",
    "né",
    "née",
    "nato",
    "nata",
    "нар",
    "народився",
    "народилася",
    "народилась",
    "род",
    "родился",
    "родилась",
    "ur",
    "n",
    "născut",
    "narozen",
];
const DEATH: &[&str] = &[
    "k",
    "kuollut",
    "kuoli",
    "d",
    "died",
    "död",
    "gest",
    "gestorben",
    "mort",
    "morte",
    "morto",
    "morta",
    "пом",
    "помер",
    "померла",
    "ум",
    "умер",
    "умерла",
    "zm",
    "deceased",
    "m",
];
const ACTIVE: &[&str] = &[
    "fl",
    "flourished",
    "active",
    "act",
    "toimi",
    "toiminut",
    "vaikutti",
    "verksam",
    "verks",
    "tätig",
    "actif",
    "active",
    "attivo",
    "attiva",
    "акт",
    "працював",
    "działał",
    "nachgewiesen",
    "mainittu",
];

/// Reads the dates of a life; `None` when the text is something else.
pub(super) fn read_life(text: &str) -> Option<Life> {
    let text = text.trim().trim_end_matches([',', ';']);
    // A heading's dates are short and have a figure in them.
    if text.len() > 80 || !text.bytes().any(|b| b.is_ascii_digit()) && roman_century(text).is_none() {
        return None;
    }
    let (word, rest) = leading_word(text);
    let bare = word.trim_end_matches('.').to_lowercase();
    let told = |words: &[&str]| !bare.is_empty() && words.contains(&bare.as_str());
    if told(ACTIVE) {
        return (has_year(rest) || is_century(rest)).then_some(Life::Active);
    }
    if let Some(rest) = text.strip_prefix('*') {
        return split_at_death(rest).map_or_else(|| lived(rest, ""), |(birth, death)| lived(birth, death));
    }
    if let Some(rest) = text.strip_prefix(['†', '+']) {
        return lived("", rest);
    }
    // `n. 1500-luku` is a century; `nato` and the Finnish "about" share the letter.
    if bare == "n" && !plain_year(rest) {
        return is_century(rest).then_some(Life::Active).or_else(|| span(text));
    }
    if told(BIRTH) && bare != "n" {
        return match split_at_death(rest) {
            Some((birth, death)) => lived(birth, death),
            None => span(rest).or_else(|| lived(rest, "")),
        };
    }
    if told(DEATH) {
        return lived("", rest);
    }
    if let Some((birth, death)) = split_at_death(text) {
        return lived(birth, death);
    }
    span(text)
}

/// Two years with a dash between them, one year with a dash before or after it, or a century.
fn span(text: &str) -> Option<Life> {
    let dashes: Vec<(usize, char)> = text
        .char_indices()
        .filter(|(at, c)| matches!(c, '–' | '—') || *c == '-' && is_range_sign(text, *at))
        .collect();
    match dashes.as_slice() {
        [(at, dash)] => {
            let (birth, death) = (text[..*at].trim(), text[at + dash.len_utf8()..].trim());
            if is_century(birth) || is_century(death) {
                return read_date(text, None).map(|_| Life::Active);
            }
            // `1891–93` is a span of work, not a life.
            if death.len() == 2 && death.bytes().all(|b| b.is_ascii_digit()) {
                return read_date(text, None).map(|_| Life::Active);
            }
            lived(birth, death)
        }
        [] if is_century(text) => Some(Life::Active),
        // One year alone after a name is the year of birth, as in `Kivi, Aleksis, 1834-` without its hyphen.
        [] if plain_year(
            text.trim_start_matches("n. ").trim_start_matches("ca ").trim_start_matches("c. "),
        ) =>
        {
            lived(text, "")
        }
        _ => None,
    }
}

/// A hyphen that parts two dates, and is not inside `1865-04-26` or `1500-luku`.
fn is_range_sign(text: &str, at: usize) -> bool {
    if text[at + 1..].starts_with(char::is_alphabetic) && text[..at].ends_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let figures = |c: char| c.is_ascii_digit() || c == '-';
    let start = text[..at].trim_end_matches(figures).len();
    let run = &text[start..];
    let run = &run.as_bytes()[..run.find(|c| !figures(c)).unwrap_or(run.len())];
    let place = at - start;
    let iso =
        |date: &[u8]| date.iter().enumerate().all(|(place, byte)| (*byte == b'-') == matches!(place, 4 | 7));
    !run.windows(10)
        .enumerate()
        .any(|(from, date)| iso(date) && matches!(place.checked_sub(from), Some(4 | 7)))
}

fn lived(birth: &str, death: &str) -> Option<Life> {
    let side = |text: &str| -> Option<Option<String>> {
        let text = text.trim().trim_end_matches(',');
        if text.is_empty() || matches!(text, "?" | "…" | "...") {
            return Some(None);
        }
        // Three digits are a year beside a name (`742-814`).
        let digits = text.trim_end_matches('?');
        let short = digits.len() == 3 && digits.bytes().all(|b| b.is_ascii_digit());
        let padded = short.then(|| format!("0{text}"));
        Some(Some(read_date(padded.as_deref().unwrap_or(text), None)?.edtf))
    };
    let (birth, death) = (side(birth)?, side(death)?);
    (birth.is_some() || death.is_some()).then_some(Life::Dates { birth, death })
}

/// Cuts `1865, died 1931`, `1865 † 1931`, `1865, k. 1931` where the word of death stands.
fn split_at_death(text: &str) -> Option<(&str, &str)> {
    if let Some((birth, death)) = text.split_once('†') {
        return Some((birth, death));
    }
    for (at, _) in text.match_indices(' ') {
        let (word, rest) = leading_word(&text[at + 1..]);
        let bare = word.trim_end_matches('.').to_lowercase();
        if DEATH.contains(&bare.as_str()) && has_year(rest) && has_year(&text[..at]) {
            return Some((text[..at].trim_end_matches([',', ';']), rest));
        }
    }
    None
}

fn leading_word(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
    let rest = text[end..].trim_start_matches('.').trim_start_matches(':').trim_start();
    (&text[..end], rest)
}

fn has_year(text: &str) -> bool {
    text.as_bytes().windows(3).any(|digits| digits.iter().all(u8::is_ascii_digit))
}

fn plain_year(text: &str) -> bool {
    let text = text.trim().trim_end_matches(['?', '.']);
    text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit())
}

/// Whether the text names a century or decade rather than a year.
fn is_century(text: &str) -> bool {
    let text = text.trim();
    // Reading a date is dear, and a plain year is told from a century by its want of letters.
    roman_century(text).is_some()
        || text.chars().any(char::is_alphabetic)
            && (!text.contains(['-', '–']) || text.contains("-l") || text.contains("-t"))
            && read_date(text, None).is_some_and(|span| span.edtf.contains(['X', '/']))
}

fn roman_century(text: &str) -> Option<()> {
    let (roman, rest) = leading_word(text);
    let is_roman = !roman.is_empty() && roman.bytes().all(|b| b"IVX".contains(&b));
    (is_roman && !rest.is_empty() && read_date(text, None).is_some()).then_some(())
}
