//! Scripts and languages: which letters a text is in, and whether they are those of its language.
//!
//! A record gives the title in Latin letters and, in a linked 880 field, as it stands on the thing. Both are
//! in the language that the record names, yet only one is written as that language is: the other is a
//! transliteration, which BCP 47 tags as `ru-latn`. Text in letters that the language does not use (a parallel
//! title) gets no tag at all.

/// Unicode blocks of letters by script (ISO 15924); other letters are unknown.
fn script_of(c: char) -> Option<&'static str> {
    Some(match c as u32 {
        0x41..=0x24F | 0x1E00..=0x1EFF | 0x2C60..=0x2C7F | 0xA720..=0xA7FF if c.is_alphabetic() => "latn",
        0x370..=0x3FF | 0x1F00..=0x1FFF => "grek",
        0x400..=0x52F | 0x1C80..=0x1C8F | 0x2DE0..=0x2DFF | 0xA640..=0xA69F => "cyrl",
        0x530..=0x58F => "armn",
        0x590..=0x5FF | 0xFB1D..=0xFB4F => "hebr",
        0x600..=0x6FF | 0x750..=0x77F | 0x8A0..=0x8FF | 0xFB50..=0xFDFF | 0xFE70..=0xFEFF => "arab",
        0x900..=0x97F => "deva",
        0x980..=0x9FF => "beng",
        0xA80..=0xAFF => "gujr",
        0xB80..=0xBFF => "taml",
        0xC00..=0xC7F => "telu",
        0xE00..=0xE7F => "thai",
        0xE80..=0xEFF => "laoo",
        0xF00..=0xFFF => "tibt",
        0x1000..=0x109F => "mymr",
        0x10A0..=0x10FF | 0x2D00..=0x2D2F => "geor",
        0x1100..=0x11FF | 0xAC00..=0xD7FF => "hang",
        0x1200..=0x139F => "ethi",
        0x1780..=0x17FF => "khmr",
        0x3040..=0x30FF => "kana",
        0x3400..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF => "hani",
        _ => return None,
    })
}

/// The scripts of the languages that are not written in Latin letters, sorted by language.
const SCRIPTS: &[(&str, &[&str])] = &[
    ("ab", &["cyrl"]),
    ("am", &["ethi"]),
    ("ar", &["arab"]),
    ("ba", &["cyrl"]),
    ("be", &["cyrl"]),
    ("bg", &["cyrl"]),
    ("bn", &["beng"]),
    ("bo", &["tibt"]),
    ("ce", &["cyrl"]),
    ("cu", &["cyrl"]),
    ("cv", &["cyrl"]),
    ("el", &["grek"]),
    ("fa", &["arab"]),
    ("grc", &["grek"]),
    ("gu", &["gujr"]),
    ("he", &["hebr"]),
    ("hi", &["deva"]),
    ("hy", &["armn"]),
    ("ja", &["kana", "hani"]),
    ("ka", &["geor"]),
    ("kk", &["cyrl", "latn"]),
    ("km", &["khmr"]),
    ("ko", &["hang", "hani"]),
    ("kv", &["cyrl"]),
    ("ky", &["cyrl"]),
    ("lo", &["laoo"]),
    ("mk", &["cyrl"]),
    ("mn", &["cyrl"]),
    ("mr", &["deva"]),
    ("my", &["mymr"]),
    ("ne", &["deva"]),
    ("orv", &["cyrl"]),
    ("os", &["cyrl"]),
    ("ps", &["arab"]),
    ("ru", &["cyrl"]),
    ("rue", &["cyrl"]),
    ("sa", &["deva"]),
    ("sr", &["cyrl", "latn"]),
    ("syr", &["syrc"]),
    ("ta", &["taml"]),
    ("te", &["telu"]),
    ("tg", &["cyrl"]),
    ("th", &["thai"]),
    ("ti", &["ethi"]),
    ("tt", &["cyrl", "latn"]),
    ("udm", &["cyrl"]),
    ("ug", &["arab"]),
    ("uk", &["cyrl"]),
    ("ur", &["arab"]),
    ("yi", &["hebr"]),
    ("zh", &["hani"]),
];

/// The BCP 47 tag of a text that is in `language`: that language, `{language}-latn` for a transliteration, or
/// none when the letters are of another script or of several.
pub(super) fn tag(text: &str, language: &'static str) -> Option<String> {
    let Ok(at) = SCRIPTS.binary_search_by_key(&language, |(language, _)| language) else {
        // A language in Latin letters: a text without any letter, such as `1984`, is in it all the same.
        let foreign = !text.is_ascii() && text.chars().filter_map(script_of).any(|script| script != "latn");
        return (!foreign).then(|| language.to_owned());
    };
    let own = SCRIPTS[at].1;
    let (mut fits, mut latin) = (false, false);
    for script in text.chars().filter_map(script_of) {
        fits |= own.contains(&script);
        latin |= script == "latn";
    }
    match (fits, latin) {
        // A foreign word in Latin letters does not make the text another language's.
        (true, _) => Some(language.to_owned()),
        (false, true) => Some(format!("{language}-latn")),
        (false, false) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_follow_the_letters() {
        assert_eq!(tag("Война и мир", "ru").as_deref(), Some("ru"));
        assert_eq!(tag("Voĭna i mir", "ru").as_deref(), Some("ru-latn"));
        assert_eq!(tag("1984", "fi").as_deref(), Some("fi"));
        assert_eq!(tag("Кобзар", "fi"), None);
        assert_eq!(tag("בראשית", "he").as_deref(), Some("he"));
        assert!(SCRIPTS.is_sorted_by(|a, b| a.0 < b.0));
    }
}
