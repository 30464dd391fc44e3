//! What the parts of one description share: the record, its languages, and the counters of fragments.

use super::record::{Field, MarcRecord};
use super::scripts;
use crate::shared::languages;
use graph_model::{Description, IssueKind, Node};
use std::fmt::Write as _;

/// The reading of one record.
pub(super) struct Reading<'r> {
    pub(super) record: &'r MarcRecord,
    /// The languages of the text: 041$a and $d, else 008/35-37.
    pub(super) languages: Vec<&'static str>,
    /// The one language of the text, where there is but one; it is the language of the title.
    pub(super) language: Option<&'static str>,
    /// The language of cataloguing, 040$b: that of notes.
    pub(super) catalogue_language: Option<&'static str>,
    /// The node of the work, where the record tells enough to know it again.
    pub(super) work: Option<Node>,
    /// Whether any contribution stands yet.
    pub(super) contributions: u32,
    pub(super) identifiers: u32,
    pub(super) part_languages: u32,
    pub(super) areas: u32,
    pub(super) classes: u32,
    pub(super) provisions: u32,
    pub(super) relations: u32,
    pub(super) series: u32,
    /// Numbers and addresses that were told already.
    pub(super) seen: Vec<String>,
    pub(super) shown_by: bool,
    pub(super) shown_at: bool,
    /// How often each tag was met so far, and whether it stands more than once in the record.
    counts: Vec<([u8; 3], u32)>,
    path: String,
}

impl<'r> Reading<'r> {
    pub(super) fn new(record: &'r MarcRecord, out: &mut Description<'_>) -> Self {
        let languages = text_languages(record, out);
        let language = if let [one] = languages.as_slice() { Some(*one) } else { None };
        let catalogue_language = record.first("040", 'b').and_then(languages::tag);
        Self {
            record,
            languages,
            language,
            catalogue_language,
            work: None,
            contributions: 0,
            identifiers: 0,
            part_languages: 0,
            areas: 0,
            classes: 0,
            provisions: 0,
            relations: 0,
            series: 0,
            seen: Vec::new(),
            shown_by: false,
            shown_at: false,
            counts: Vec::with_capacity(24),
            path: String::with_capacity(16),
        }
    }

    /// Counts a field, so that its place can be told apart from that of another with the same tag.
    pub(super) fn count(&mut self, field: &Field<'r>) {
        match self.counts.iter_mut().find(|(tag, _)| *tag == field.tag_bytes()) {
            Some((_, count)) => *count += 1,
            None => self.counts.push((field.tag_bytes(), 1)),
        }
    }

    /// Names the rule and the place, e.g. `650[2]$a`: the occurrence only from the second on.
    pub(super) fn rule(&mut self, out: &mut Description<'_>, rule: &str, field: &Field<'r>, codes: &str) {
        self.path.clear();
        self.path.push_str(field.tag());
        if let Some((_, count)) = self.counts.iter().find(|(tag, _)| *tag == field.tag_bytes())
            && *count > 1
        {
            // Writing to a string cannot fail.
            let _ = write!(self.path, "[{count}]");
        }
        if !codes.is_empty() {
            self.path.push('$');
            self.path.push_str(codes);
        }
        out.rule(rule, &self.path);
    }

    /// The 880 field that gives this field in its own script: the two name each other in `$6`.
    pub(super) fn in_script(&self, field: &Field<'r>) -> Option<Field<'r>> {
        let occurrence = field.first('6')?.strip_prefix("880-")?.get(..2)?;
        if occurrence == "00" {
            return None;
        }
        self.record.tagged("880").find(|linked| {
            linked.first('6').is_some_and(|link| {
                link.get(..3) == Some(field.tag())
                    && link.get(3..4) == Some("-")
                    && link.get(4..6) == Some(occurrence)
            })
        })
    }

    /// The tag of a text in the record's language, as far as its script agrees with that language.
    pub(super) fn tag_of(&self, text: &str) -> Option<String> {
        scripts::tag(text, self.language?)
    }
}

/// The fragment `{name}-{number}`, counted up.
pub(super) fn numbered(out: &mut Description<'_>, name: &str, counter: &mut u32) -> Node {
    *counter += 1;
    out.fragment(&format!("{name}-{counter}"))
}

fn text_languages(record: &MarcRecord, out: &mut Description<'_>) -> Vec<&'static str> {
    let mut tags: Vec<&'static str> = Vec::new();
    let mut add = |code: &str, path: &str, out: &mut Description<'_>| {
        let code = code.trim();
        // Undetermined, multiple and none are no languages; neither are fill characters.
        let none = matches!(
            code,
            "" | "und" | "mul" | "zxx" | "mis" | "XXX" | "|||" | "^^^" | "###" | "---" | "n/a" | "N/A"
        );
        if none || code.contains('|') {
            return;
        }
        match languages::tag(code) {
            Some(tag) if !tags.contains(&tag) => tags.push(tag),
            Some(_) => {}
            None => {
                out.issue_at(path, IssueKind::UnknownLanguage, code, "a MARC or ISO 639 code of a language");
            }
        }
    };
    let mut told = false;
    for field in record.tagged("041") {
        for (code, text) in field.subfields().filter(|(code, _)| matches!(code, 'a' | 'd')) {
            told = true;
            let path = if code == 'a' { "041$a" } else { "041$d" };
            let word = text.len() > 3 && languages::tag(text).is_some();
            if word && field.first('2').is_none() {
                out.issue_at(
                    path,
                    IssueKind::UnknownCode,
                    text,
                    "the language's code; the name was understood",
                );
            }
            // Older records run the codes together.
            if text.len() > 3
                && text.len() % 3 == 0
                && text.bytes().all(|b| b.is_ascii_lowercase())
                && field.first('2').is_none()
                && !word
            {
                for at in (0..text.len()).step_by(3) {
                    add(&text[at..at + 3], path, out);
                }
            } else {
                add(text, path, out);
            }
        }
    }
    let coded = record.control("008").get(35..38);
    if !told && let Some(code) = coded {
        add(code, "008/35-37", out);
    } else if let Some(code) = coded
        && let Some(tag) = languages::tag(code)
        && !tags.is_empty()
        && !tags.contains(&tag)
    {
        out.issue_at("008/35-37", IssueKind::UnknownLanguage, code, "one of the languages of 041$a");
    }
    tags
}
