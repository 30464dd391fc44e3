//! Single values: dates, numbers, text with tags in it.

use crate::shared::dates;
use graph_model::{Description, IssueKind, Node};
use oxrdf::NamedNodeRef;
use vocabularies::{aarre, xsd};

/// States a date as a shared time span; one that cannot be read is kept in its words, with an issue.
pub(super) fn dated(
    subject: Node,
    property: NamedNodeRef<'static>,
    value: &str,
    language: Option<&str>,
    out: &mut Description<'_>,
) {
    let spans = dates::read_dates(value, language);
    for span in &spans {
        out.dated(subject, property, span, value);
    }
    if spans.is_empty() {
        out.text(subject, aarre::AS_WRITTEN, value, None);
        let kind = dates::issue_of(value, language);
        out.issue(kind, value, "a date in EDTF or in words, such as 1891 or ca 1890");
    }
}

/// A birth or death as EDTF; what cannot be read is an issue.
pub(super) fn moment(text: &str, out: &mut Description<'_>) -> Option<String> {
    let read = dates::read_date(text, None).map(|span| span.edtf);
    if read.is_none() {
        out.issue(IssueKind::UnreadableDate, text, "a date such as 1865");
    }
    read
}

pub(super) fn state_moment(
    subject: Node,
    property: NamedNodeRef<'static>,
    edtf: &str,
    out: &mut Description<'_>,
) {
    let digits = edtf.strip_prefix('-').unwrap_or(edtf);
    let plain = digits.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    match (plain, digits.len()) {
        (true, 4) => out.typed(subject, property, edtf, xsd::G_YEAR),
        (true, 7) => out.typed(subject, property, edtf, xsd::G_YEAR_MONTH),
        (true, 10) => out.typed(subject, property, edtf, xsd::DATE),
        _ => out.text(subject, property, edtf, None),
    }
}

/// A decimal number in the lexical form of XSD; a comma may stand for the point.
pub(super) fn number(text: &str) -> Option<String> {
    let text = text.trim().replace(',', ".");
    let digits = text.strip_prefix(['-', '+']).unwrap_or(&text);
    let sound = !digits.is_empty()
        && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && digits.matches('.').count() <= 1
        && digits.bytes().any(|b| b.is_ascii_digit());
    sound.then_some(text)
}

/// Text without the tags of HTML; a line break becomes a line feed.
pub(super) fn plain(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        text.push_str(&rest[..open]);
        let Some(close) = rest[open..].find('>') else { break };
        let tag = rest[open + 1..open + close].trim_matches(['/', ' ']).to_ascii_lowercase();
        if matches!(tag.as_str(), "br" | "p" | "li" | "div") {
            text.push('\n');
        }
        rest = &rest[open + close + 1..];
    }
    text.push_str(rest);
    for (entity, sign) in
        [("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
    {
        if text.contains(entity) {
            text = text.replace(entity, sign);
        }
    }
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}
