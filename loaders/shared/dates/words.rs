//! The words of dates: the table `words.tsv`, and how a text becomes tokens by it.

use crate::shared::words::WordMap;
use std::sync::LazyLock;

/// What a word means in a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    Month(u8),
    Season(u8),
    Circa,
    Uncertain,
    Before,
    After,
    Since,
    /// `1890 до 1895`; with nothing before it, "until".
    To,
    /// As `To` between two dates, and nothing elsewhere.
    ToOrNoise,
    Between,
    And,
    Or,
    Century,
    /// "Century" beside an ordinal number (`XIX в.`), and nothing elsewhere.
    CenturyOrNoise,
    /// `c.`: "century" after an ordinal number, "circa" elsewhere.
    CenturyOrCirca,
    Decade,
    Half,
    Third,
    Quarter,
    HalfOf(u8),
    Early,
    Mid,
    Late,
    Turn,
    /// 99 is "last".
    Ordinal(u8),
    BeforeChrist,
    AnnoDomini,
    Noise,
    /// The source says that there is no date.
    Unknown,
    Mark(Mark),
}

/// Whether the text says that there is no date.
pub(super) fn is_unknown(text: &str, language: Option<&str>) -> bool {
    tokens(text, language).is_some_and(|tokens| {
        tokens.contains(&Token::Word(Meaning::Unknown))
            && !tokens
                .iter()
                .any(|token| matches!(token, Token::Number { .. } | Token::Mask { .. } | Token::Roman(_)))
    })
}

/// The year of a Roman number that printers cut with dots and spaces: `M.DC.LXI.`, `Anno M D C XLVIII`.
pub(super) fn roman_year(text: &str) -> Option<u32> {
    let text = text.trim_start_matches("Anno").trim_start_matches("anno");
    let joined: String = text.chars().filter(|c| !matches!(c, '.' | ' ' | ',')).map(latin_look).collect();
    if joined.len() < 2 { None } else { roman(&joined).filter(|year| *year >= 1000) }
}

/// What is fixed to a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// `1800-luku`, `1890s`: a century when two zeros end it, else a decade.
    Hundred,
    /// `1890er`, `1900-ті`: always a decade.
    Decade,
    /// `19th`, `XIXe`, `2-га`.
    Ordinal,
}

/// One token of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    Number {
        value: u32,
        digits: u8,
    },
    /// A year with unknown last digits: the known ones, and how many are unknown.
    Mask {
        known: u32,
        unknown: u8,
    },
    Roman(u32),
    Word(Meaning),
    /// `tight` when no white space stands on either side.
    Dash {
        tight: bool,
    },
    Slash,
    Comma,
    Dot,
    Question,
    Open,
    Close,
}

struct Lexicon {
    words: WordMap<Vec<(Meaning, &'static str)>>,
    stems: Vec<(&'static str, Meaning)>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let mut lexicon = Lexicon { words: WordMap::default(), stems: Vec::new() };
    for (word, meaning, languages) in rows() {
        let Some(meaning) = meaning_of(meaning) else { continue };
        match word.strip_suffix('*') {
            Some(stem) => lexicon.stems.push((stem, meaning)),
            None => lexicon.words.entry(word).or_default().push((meaning, languages)),
        }
    }
    lexicon
});

fn rows() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    include_str!("words.tsv").lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut cells = line.split('\t');
        Some((cells.next()?, cells.next()?, cells.next()?))
    })
}

fn meaning_of(code: &str) -> Option<Meaning> {
    if let Some((kind, number)) = code.split_once(':') {
        let number = number.parse().ok()?;
        return match kind {
            "month" => Some(Meaning::Month(number)),
            "season" => Some(Meaning::Season(number)),
            "ord" => Some(Meaning::Ordinal(number)),
            "half" => Some(Meaning::HalfOf(number)),
            _ => None,
        };
    }
    Some(match code {
        "circa" => Meaning::Circa,
        "uncertain" => Meaning::Uncertain,
        "before" => Meaning::Before,
        "after" => Meaning::After,
        "since" => Meaning::Since,
        "to" => Meaning::To,
        "to?" => Meaning::ToOrNoise,
        "between" => Meaning::Between,
        "and" => Meaning::And,
        "or" => Meaning::Or,
        "century" => Meaning::Century,
        "century?" => Meaning::CenturyOrNoise,
        "c" => Meaning::CenturyOrCirca,
        "decade" => Meaning::Decade,
        "half" => Meaning::Half,
        "third" => Meaning::Third,
        "quarter" => Meaning::Quarter,
        "early" => Meaning::Early,
        "mid" => Meaning::Mid,
        "late" => Meaning::Late,
        "turn" => Meaning::Turn,
        "bc" => Meaning::BeforeChrist,
        "ad" => Meaning::AnnoDomini,
        "noise" => Meaning::Noise,
        "unknown" => Meaning::Unknown,
        "~hundred" => Meaning::Mark(Mark::Hundred),
        "~decade" => Meaning::Mark(Mark::Decade),
        "~ordinal" => Meaning::Mark(Mark::Ordinal),
        _ => return None,
    })
}

/// The meaning of a word or phrase in lower case, without dots.
fn look_up(word: &str, language: Option<&str>) -> Option<Meaning> {
    if let Some(meanings) = LEXICON.words.get(word) {
        let primary = language.and_then(|tag| tag.split('-').next());
        let native = meanings.iter().find(|(_, languages)| {
            primary.is_some_and(|primary| languages.split(' ').any(|tag| tag == primary))
        });
        return native.or_else(|| meanings.first()).map(|(meaning, _)| *meaning);
    }
    LEXICON.stems.iter().find(|(stem, _)| word.starts_with(stem)).map(|(_, meaning)| *meaning)
}

/// The longest text that is read as a date; what is longer is prose.
const LONGEST: usize = 200;
/// The most words that a phrase of the table has.
const PHRASE: usize = 5;

/// A run of characters before the table has told what they mean.
enum Raw {
    Token(Token),
    Word { text: String, fixed: bool },
}

/// Cuts a text into tokens; `None` when a word is unknown.
pub(super) fn tokens(text: &str, language: Option<&str>) -> Option<Vec<Token>> {
    if text.len() > LONGEST {
        return None;
    }
    // The hyphen of Jesus-Christ is no sign of a range.
    let raw =
        if text.contains("J.-C") { raw_tokens(&text.replace("J.-C", "JC"))? } else { raw_tokens(text)? };
    let mut tokens = Vec::with_capacity(raw.len());
    let mut at = 0;
    while at < raw.len() {
        match &raw[at] {
            Raw::Token(token) => {
                tokens.push(*token);
                at += 1;
            }
            Raw::Word { text, fixed } => {
                let suffix = if *fixed { look_up(&format!("~{text}"), language) } else { None };
                if let Some(meaning) = suffix {
                    tokens.push(Token::Word(meaning));
                    at += 1;
                    continue;
                }
                let (meaning, length) = phrase(&raw[at..], language)?;
                // `c1999` is a copyright date, `c. 1999` an estimate.
                let copyright = meaning == Meaning::CenturyOrCirca
                    && matches!(raw.get(at + 1), Some(Raw::Token(Token::Number { digits: 4, .. })))
                    && text == "c";
                tokens.push(Token::Word(if copyright { Meaning::Noise } else { meaning }));
                at += length;
                // The dots of an abbreviation say nothing.
                while matches!(raw.get(at), Some(Raw::Token(Token::Dot))) {
                    at += 1;
                }
            }
        }
    }
    Some(tokens)
}

/// The longest phrase at the start, and how many raw tokens it takes.
fn phrase(raw: &[Raw], language: Option<&str>) -> Option<(Meaning, usize)> {
    let mut joined = String::new();
    let mut best = None;
    let mut words = 0;
    for (index, token) in raw.iter().enumerate() {
        match token {
            Raw::Token(Token::Dot) => {}
            Raw::Word { text, .. } if words < PHRASE => {
                if words > 0 {
                    joined.push(' ');
                }
                joined.push_str(text);
                words += 1;
                if let Some(meaning) = look_up(&joined, language)
                    && !matches!(meaning, Meaning::Mark(_))
                {
                    // A stem must not swallow the words that follow it.
                    if words == 1 || LEXICON.words.contains_key(joined.as_str()) {
                        best = Some((meaning, index + 1));
                    }
                }
            }
            _ => break,
        }
    }
    best
}

fn raw_tokens(text: &str) -> Option<Vec<Raw>> {
    let chars: Vec<char> = text.chars().collect();
    let mut raw = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        let before = at.checked_sub(1).map(|before| chars[before]);
        if c.is_ascii_digit() {
            let (token, next) = number(&chars, at)?;
            raw.push(Raw::Token(token));
            at = next;
            // `1890-luku`, `XIX-lea`, `1890’s`: the mark is fixed by a hyphen or an apostrophe.
            at += usize::from(mark_follows(&chars, at));
        } else if c.is_alphabetic() {
            let mut end = at + 1;
            while end < chars.len() && (chars[end].is_alphabetic() || inner_apostrophe(&chars, end)) {
                end += 1;
            }
            let fixed = before.is_some_and(|b| b.is_ascii_digit() || is_joint(b)) && !raw.is_empty() && {
                // The joint must itself stand right after a number.
                at < 2 || before.is_some_and(|b| b.is_ascii_digit()) || chars[at - 2].is_alphanumeric()
            };
            word(&chars[at..end], fixed, &mut raw);
            at = end;
            at += usize::from(
                matches!(raw.last(), Some(Raw::Token(Token::Roman(_)))) && mark_follows(&chars, at),
            );
        } else {
            if let Some(token) = sign(&chars, at) {
                raw.push(Raw::Token(token));
            } else if !(c.is_whitespace() || is_silent(c)) {
                return None;
            }
            at += 1;
        }
    }
    Some(raw)
}

/// The dashes that join: a hyphen-minus, the true hyphens, and apostrophes.
fn is_joint(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}' | '\'' | '’' | 'ʼ')
}

fn inner_apostrophe(chars: &[char], at: usize) -> bool {
    matches!(chars[at], '\'' | '’' | 'ʼ') && chars.get(at + 1).is_some_and(|c| c.is_alphabetic())
}

/// Whether a hyphen or apostrophe and then a known mark stand here, with no space: `-luku`, but not the `-juin` of a range.
fn mark_follows(chars: &[char], at: usize) -> bool {
    if !chars.get(at).is_some_and(|c| is_joint(*c)) {
        return false;
    }
    let letters = chars[at + 1..].iter().take_while(|c| c.is_alphabetic());
    let mark: String = std::iter::once('~').chain(letters.flat_map(|c| c.to_lowercase())).collect();
    // `1890-X` is a mask or a Roman month, not a mark.
    mark.len() > 1 && chars[at + 1].is_lowercase() && LEXICON.words.contains_key(mark.as_str())
}

fn is_silent(c: char) -> bool {
    matches!(
        c,
        '"' | '«' | '»' | '“' | '”' | '„' | '©' | '℗' | '\'' | '’' | '<' | '>' | '=' | '†' | '*' | ':'
    )
}

fn sign(chars: &[char], at: usize) -> Option<Token> {
    let blank = |c: Option<&char>| c.is_none_or(|c| c.is_whitespace());
    Some(match chars[at] {
        '-' | '\u{2010}'..='\u{2015}' | '−' => {
            let tight = at > 0 && !blank(chars.get(at - 1)) && !blank(chars.get(at + 1));
            Token::Dash { tight }
        }
        '/' => Token::Slash,
        ',' | ';' => Token::Comma,
        '.' => Token::Dot,
        '?' => Token::Question,
        '~' | '±' => Token::Word(Meaning::Circa),
        '&' => Token::Word(Meaning::And),
        '(' | '[' | '{' => Token::Open,
        ')' | ']' | '}' => Token::Close,
        'º' | '°' | 'ª' => Token::Word(Meaning::Mark(Mark::Ordinal)),
        _ => return None,
    })
}

/// A number, or a year with unknown last digits (`189u`, `18--`, `19XX`, `189-?`, `189?`).
fn number(chars: &[char], from: usize) -> Option<(Token, usize)> {
    let mut end = from;
    while end < chars.len() && chars[end].is_ascii_digit() {
        end += 1;
    }
    let digits = end - from;
    if digits > 8 {
        return None;
    }
    let value = chars[from..end].iter().fold(0, |value, c| value * 10 + c.to_digit(10).unwrap_or(0));
    let stop = |at: usize| chars.get(at).is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '-' | '–'));
    let alike = |signs: &[char], from: usize, count: usize| {
        (from..from + count).all(|at| chars.get(at).is_some_and(|c| signs.contains(c)))
    };
    if (1..4).contains(&digits) {
        let missing = 4 - digits;
        let letters = alike(&['u', 'U', 'x', 'X', '*', '_'], end, missing) && stop(end + missing)
            || missing == 2 && alike(&['?'], end, missing) && stop(end + missing);
        // One dash may be the sign of a range; three digits before it make a decade.
        let dashes = digits >= 2 && alike(&['-', '–'], end, missing) && stop(end + missing);
        let dashes = dashes && (missing == 2 || !chars[end + 1..].iter().any(char::is_ascii_digit));
        if (letters || dashes) && value > 0 {
            return Some((Token::Mask { known: value, unknown: u8::try_from(missing).ok()? }, end + missing));
        }
        // `189?` is the decade of a year that was never finished, not the year 189.
        if digits == 3 && (100..=210).contains(&value) && chars.get(end) == Some(&'?') {
            return Some((Token::Mask { known: value, unknown: 1 }, end));
        }
    }
    Some((Token::Number { value, digits: u8::try_from(digits).ok()? }, end))
}

/// A word as raw tokens: a Roman number, a Roman number with a mark (`XIXe`), or a word in lower case.
fn word(chars: &[char], fixed: bool, raw: &mut Vec<Raw>) {
    let latin: String = chars.iter().map(|c| latin_look(*c)).collect();
    let capitals = latin.bytes().take_while(|b| b"IVXLCDM".contains(b)).count();
    if capitals == chars.len() && (capitals > 1 || b"IVX".contains(&latin.as_bytes()[0])) {
        if let Some(value) = roman(&latin) {
            raw.push(Raw::Token(Token::Roman(value)));
            return;
        }
    } else if capitals > 0 && capitals < chars.len() && chars[capitals].is_lowercase() {
        let mark: String = chars[capitals..].iter().collect();
        let is_mark = matches!(
            LEXICON.words.get(format!("~{mark}").as_str()).and_then(|meanings| meanings.first()),
            Some((Meaning::Mark(_), _))
        );
        if is_mark
            && (capitals > 1 || b"IVX".contains(&latin.as_bytes()[0]))
            && let Some(value) = roman(&latin[..capitals])
        {
            raw.push(Raw::Token(Token::Roman(value)));
            raw.push(Raw::Token(Token::Word(Meaning::Mark(Mark::Ordinal))));
            return;
        }
    }
    let lower: String = chars
        .iter()
        .flat_map(|c| c.to_lowercase())
        .map(|c| if matches!(c, '’' | 'ʼ') { '\'' } else { c })
        .collect();
    if lower.len() > 1
        && lower.bytes().all(|b| b"ivxlcdm".contains(&b))
        && look_up(&lower, None).is_none()
        && let Some(value) = roman(&lower.to_ascii_uppercase())
    {
        raw.push(Raw::Token(Token::Roman(value)));
        return;
    }
    raw.push(Raw::Word { text: lower, fixed });
}

/// The Latin capital that a Cyrillic one is written for in Roman numbers.
fn latin_look(c: char) -> char {
    match c {
        'І' | 'Ӏ' => 'I',
        'Х' => 'X',
        'С' => 'C',
        'М' => 'M',
        other => other,
    }
}

/// A Roman number in its regular form, up to 3999.
fn roman(text: &str) -> Option<u32> {
    const STEPS: [(&str, u32); 13] = [
        ("M", 1000),
        ("CM", 900),
        ("D", 500),
        ("CD", 400),
        ("C", 100),
        ("XC", 90),
        ("L", 50),
        ("XL", 40),
        ("X", 10),
        ("IX", 9),
        ("V", 5),
        ("IV", 4),
        ("I", 1),
    ];
    let mut rest = text;
    let mut value = 0;
    for (sign, step) in STEPS {
        let most = if sign.len() == 1 && matches!(sign, "M" | "C" | "X" | "I") { 4 } else { 1 };
        let mut times = 0;
        while times < most
            && let Some(after) = rest.strip_prefix(sign)
        {
            rest = after;
            value += step;
            times += 1;
        }
    }
    (rest.is_empty() && (1..=3999).contains(&value)).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_understood() {
        let mut last = ("", "");
        for (word, meaning, languages) in rows() {
            assert!((word, meaning) > last, "{word} stands after {}", last.0);
            assert!(meaning_of(meaning).is_some(), "{word}: {meaning}");
            assert!(
                !languages.is_empty() && languages.split(' ').all(|tag| tag.len() == 2),
                "{word}: {languages}"
            );
            assert!(word.split(' ').count() <= PHRASE, "{word}");
            assert_eq!(word, word.to_lowercase());
            last = (word, meaning);
        }
    }

    #[test]
    fn roman_numbers_are_regular() {
        assert_eq!(roman("MDCCCXCI"), Some(1891));
        assert_eq!(roman("XIX"), Some(19));
        assert_eq!(roman("MDCCCCX"), Some(1910));
        assert_eq!(roman("IC"), None);
        assert_eq!(roman("VX"), None);
    }
}
