//! Records of MARCXML in the plain shape, which nearly all have: a leader, control fields, and data fields with
//! subfields; attributes in double quotes; white space and nothing else between elements; no references but the five
//! of XML.
//!
//! Reading them needs no general parser, which would cost more than all that is said of the record. Whatever is of
//! another shape (comments, CDATA, foreign elements, anything ill-formed) is no record here: [`super::marcxml`] then
//! reads it with the general parser from the start, and finds the words for what is wrong with it.

use super::marcxml::{Inside, end};
use super::record::MarcRecord;
use graph_model::Position;

/// Reads one `record` element; `None` when it is of any other shape. The caller looks at what is missing.
pub(super) fn parse(text: &str, position: Position) -> Option<(MarcRecord, bool)> {
    let mut record = MarcRecord { position, leader: [b' '; 24], ..MarcRecord::default() };
    record.text.reserve(text.len() / 2);
    let mut leader_seen = false;
    let (tag, rest) = text.strip_prefix('<')?.split_once('>')?;
    // A mark of the end in an attribute would have cut the tag short.
    if tag.ends_with('/') || tag.contains('\'') || tag.bytes().filter(|b| *b == b'"').count() % 2 != 0 {
        return None;
    }
    let name = tag.split(|c: char| c.is_ascii_whitespace()).next()?;
    let prefix = name.strip_suffix("record")?;
    let mut rest = Rest { text: rest, prefix };
    loop {
        rest.gap();
        if let Some(after) = rest.end_tag("record") {
            return after.is_empty().then_some((record, leader_seen));
        }
        if rest.start_tag("leader").and_then(|()| rest.mark(">")).is_some() {
            let start = rest.content("leader", &mut record)?;
            end(&mut record, Inside::Leader, start, &mut leader_seen);
        } else if rest.start_tag("controlfield").is_some() {
            let tag = match rest.usual(" tag=\"...\">") {
                Some([_, _, _, _, _, _, a, b, c, ..]) => three(&[*a, *b, *c])?,
                _ => three(rest.attributes(["tag", "", ""])?[0]?.as_bytes())?,
            };
            record.begin_field(tag, *b"  ");
            let start = rest.content("controlfield", &mut record)?;
            record.end_value(start);
        } else {
            rest.start_tag("datafield")?;
            let usual = rest.usual(" tag=\"...\" ind1=\".\" ind2=\".\">");
            let (tag, indicators) = if let Some(found) = usual {
                (three(&found[6..9])?, [found[17], found[26]])
            } else {
                let [tag, one, two] = rest.attributes(["tag", "ind1", "ind2"])?;
                (three(tag?.as_bytes())?, [indicator(one)?, indicator(two)?])
            };
            record.begin_field(tag, indicators);
            loop {
                rest.gap();
                if let Some(after) = rest.end_tag("datafield") {
                    rest.text = after;
                    break;
                }
                rest.start_tag("subfield")?;
                let code = match rest.usual(" code=\".\">") {
                    Some(found) => found[7],
                    None => match *rest.attributes(["code", "", ""])?[0]?.as_bytes() {
                        [code] => code,
                        _ => return None,
                    },
                };
                let start = rest.content("subfield", &mut record)?;
                record.push_subfield(code, start, record.text.len());
            }
        }
    }
}

/// What is not read yet, and the prefix that all names have.
struct Rest<'t> {
    text: &'t str,
    prefix: &'t str,
}

impl<'t> Rest<'t> {
    fn gap(&mut self) {
        self.text = self.text.trim_ascii_start();
    }

    fn mark(&mut self, mark: &str) -> Option<()> {
        self.text = self.text.strip_prefix(mark)?;
        Some(())
    }

    /// What stands behind the end tag that comes next, if it is this one.
    fn end_tag(&self, name: &str) -> Option<&'t str> {
        let rest = self.text.strip_prefix("</")?.strip_prefix(self.prefix)?;
        rest.strip_prefix(name)?.strip_prefix('>')
    }

    /// Goes past the name of the start tag that comes next, if it is this one.
    fn start_tag(&mut self, name: &str) -> Option<()> {
        let rest = self.text.strip_prefix('<')?.strip_prefix(self.prefix)?.strip_prefix(name)?;
        // The name ends here.
        rest.starts_with([' ', '>', '\n', '\t', '\r']).then(|| self.text = rest)
    }

    /// The attributes as nearly everybody writes them: a dot stands for one plain character, all else for itself.
    fn usual(&mut self, attributes: &str) -> Option<&'t [u8]> {
        let (found, rest) = self.text.split_at_checked(attributes.len())?;
        let fits = |(met, wanted): (u8, u8)| match wanted {
            b'.' => met.is_ascii() && !matches!(met, b'&' | b'<' | b'"' | b'>'),
            wanted => met == wanted,
        };
        found.bytes().zip(attributes.bytes()).all(fits).then(|| self.text = rest)?;
        Some(found.as_bytes())
    }

    /// The attributes up to the end of the tag, in any order; there may be no other.
    fn attributes(&mut self, names: [&str; 3]) -> Option<[Option<&'t str>; 3]> {
        let mut values = [None; 3];
        loop {
            self.gap();
            if self.mark(">").is_some() {
                return Some(values);
            }
            let (name, rest) = self.text.split_once("=\"")?;
            let (value, rest) = rest.split_once('"')?;
            let known = names.iter().position(|known| !known.is_empty() && *known == name)?;
            // What is escaped, and what may not stand in a value, is for the general parser; so is a doubled name.
            if values[known].is_some() || !value.bytes().all(|b| b.is_ascii() && !matches!(b, b'&' | b'<')) {
                return None;
            }
            values[known] = Some(value);
            self.text = rest;
        }
    }

    /// Adds the text up to the end tag to the record's, and goes past the tag. Gives where it begins there.
    fn content(&mut self, name: &str, record: &mut MarcRecord) -> Option<usize> {
        let start = record.text.len();
        let end = memchr::memchr(b'<', self.text.as_bytes())?;
        let (mut text, rest) = self.text.split_at(end);
        while let Some(at) = memchr::memchr(b'&', text.as_bytes()) {
            let (before, reference) = text.split_at(at);
            record.text.push_str(before);
            let (reference, after) = reference.split_once(';')?;
            record.text.push(match reference {
                "&amp" => '&',
                "&lt" => '<',
                "&gt" => '>',
                "&quot" => '"',
                "&apos" => '\'',
                _ => return None,
            });
            text = after;
        }
        record.text.push_str(text);
        self.text = rest;
        self.text = self.end_tag(name)?;
        Some(start)
    }
}

fn three(tag: &[u8]) -> Option<[u8; 3]> {
    let tag: [u8; 3] = tag.try_into().ok()?;
    tag.iter().all(u8::is_ascii_alphanumeric).then_some(tag)
}

fn indicator(value: Option<&str>) -> Option<u8> {
    match *value.unwrap_or_default().as_bytes() {
        [] => Some(b' '),
        [one] => Some(one),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::super::marcxml;
    use super::*;

    /// The records of a text as both parsers read them, as far as the plain one does.
    fn compare(text: &str) -> (usize, usize) {
        let (mut all, mut plain) = (0, 0);
        let ends = if text.contains("</marc:record>") { "</marc:record>" } else { "</record>" };
        let start = ends.replace('/', "");
        for piece in text.split_inclusive(ends).filter(|piece| piece.ends_with(ends)) {
            let Some(from) = piece.find(start.trim_end_matches('>')) else { continue };
            let bytes = &piece.as_bytes()[from..];
            all += 1;
            if let Some(read) = parse(&piece[from..], Position::default()) {
                plain += 1;
                let general = marcxml::parse_any(bytes, Position::default()).unwrap();
                let read = marcxml::complete(read.0, read.1);
                assert_eq!(format!("{read:?}"), format!("{general:?}"), "{}", &piece[from..]);
            }
        }
        (all, plain)
    }

    #[test]
    fn both_parsers_read_the_same() {
        let (all, plain) = compare(include_str!("../../graph/publish/demo/library/books.xml"));
        assert!(all > 40 && plain == all, "{plain} of {all}");
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("marc/fixtures");
        let mut plain = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            if let Ok(text) = std::fs::read_to_string(entry.unwrap().path()) {
                plain += compare(&text).1;
            }
        }
        assert!(plain > 20, "{plain}");
    }

    #[test]
    fn any_other_shape_is_left_to_the_general_parser() {
        let field =
            r#"<datafield tag="245" ind1="1" ind2="0"><subfield code="a">A &amp; B</subfield></datafield>"#;
        assert_eq!(compare(&format!("<record>{field}</record>")), (1, 1));
        assert_eq!(compare(&format!("<marc:record>{field}</marc:record>")), (1, 0));
        for other in [
            field.replace("A ", "<!-- A -->"),
            field.replace("&amp;", "&#38;"),
            field.replace("&amp;", "&"),
            field.replace('"', "'"),
            field.replace("ind2=\"0\"", "ind2=\"0\" ind2=\"1\""),
            field.replace("ind2=\"0\"", "ind2=\"&lt;\""),
            field.replace("245", "24"),
            field.replace("code=\"a\"", ""),
            field.replace("</datafield>", "text</datafield>"),
            field.replace("</datafield>", "</datafeld>"),
            field.replace("A ", "<![CDATA[A]]>"),
            format!("<other/>{field}"),
        ] {
            assert!(parse(&format!("<record>{other}</record>"), Position::default()).is_none(), "{other}");
        }
        assert!(parse(&format!("<record id='>'>{field}</record>"), Position::default()).is_none());
        assert!(parse("<record>", Position::default()).is_none());
        assert!(parse("", Position::default()).is_none());
    }
}
