//! A start tag: name, namespace, attributes.

use super::fault::Note;
use super::limits;
use super::names::{Scope, Span};
use super::plain::is_space;
use super::source::Spot;
use quick_xml::events::BytesStart;
use std::borrow::Cow;

const XLINK: &str = "http://www.w3.org/1999/xlink";
const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// A start tag, borrowed from the reader until its next event.
#[derive(Debug, Clone, Copy)]
pub struct Start<'e> {
    pub(super) tag: &'e Tag,
    pub(super) scope: &'e Scope,
    pub(super) spot: Spot<'e>,
}

impl<'e> Start<'e> {
    /// The local name, without prefix.
    #[must_use]
    pub fn name(&self) -> &'e str {
        self.tag.local.of(&self.tag.text)
    }

    /// The prefix as it was written; empty when there is none.
    #[must_use]
    pub fn prefix(&self) -> &'e str {
        let written = self.tag.written.of(&self.tag.text);
        written.split_once(':').map_or("", |(prefix, _)| prefix)
    }

    /// The namespace IRI; empty when there is none or its prefix was not declared.
    #[must_use]
    pub fn namespace(&self) -> &'e str {
        self.tag.namespace.map_or("", |span| self.scope.namespace(span))
    }

    /// The value of an attribute; see [`super::ElementRef::attribute`] for how names are written.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&'e str> {
        self.attributes().find(|(met, _)| *met == name).map(|(_, value)| value)
    }

    /// All attributes but namespace declarations, in the order of the tag.
    pub fn attributes(&self) -> impl Iterator<Item = (&'e str, &'e str)> + use<'e> {
        let tag = self.tag;
        tag.attributes.iter().map(|(name, value)| (name.of(&tag.text), value.of(&tag.text)))
    }

    /// How many elements are around this one.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.scope.depth() - 1
    }

    /// Offset in bytes of the tag in the input.
    #[must_use]
    pub fn byte(&self) -> u64 {
        self.spot.byte()
    }

    /// The line of the tag, from 1.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.spot.place().line
    }
}

/// The parts of the last start tag, all in one buffer that is reused.
#[derive(Debug, Default)]
pub(super) struct Tag {
    pub(super) text: String,
    pub(super) written: Span,
    pub(super) local: Span,
    pub(super) namespace: Option<Span>,
    pub(super) attributes: Vec<(Span, Span)>,
}

/// Why a start tag is not taken: whether a limit was reached, what was met, what was expected.
pub(super) type Refusal = (bool, String, Cow<'static, str>);

impl Tag {
    /// Reads the tag and opens its element in the scope.
    pub(super) fn read(
        &mut self,
        start: &BytesStart<'_>,
        scope: &mut Scope,
        note: &mut dyn FnMut(Note),
    ) -> Result<(), Refusal> {
        self.text.clear();
        self.attributes.clear();
        let name = start.name().into_inner();
        check_name(name)?;
        if scope.depth() >= limits::DEPTH {
            let expected = format!("at most {} levels of elements", limits::DEPTH);
            return Err((true, format!("<{name}> at level {}", scope.depth() + 1), expected.into()));
        }
        self.text.push_str(name);
        self.written = Span::from(0, &self.text);
        scope.push(name);
        self.read_attributes(start, scope, note)?;

        let colon = |b| b == b':';
        let prefix = name.bytes().position(colon).map_or("", |at| &name[..at]);
        let local_at = name.bytes().rposition(colon).map_or(0, |at| at + 1);
        self.local = Span { start: local_at as u32, end: name.len() as u32 };
        self.namespace = scope.resolve(prefix);
        self.resolve_attributes(scope);
        Ok(())
    }

    fn read_attributes(
        &mut self,
        start: &BytesStart<'_>,
        scope: &mut Scope,
        note: &mut dyn FnMut(Note),
    ) -> Result<(), Refusal> {
        let (text, spans) = (self.text.len(), self.attributes.len());
        if self.read_plain(start.attributes_raw()) {
            return self.check_doubled();
        }
        self.text.truncate(text);
        self.attributes.truncate(spans);
        let mut attributes = start.attributes();
        // Its own check for doubled names is quadratic; ours follows.
        attributes.with_checks(false);
        let mut count = 0;
        for attribute in attributes {
            let attribute = attribute.map_err(|fault| (false, fault.to_string(), "name=\"value\"".into()))?;
            count += 1;
            if count > limits::ATTRIBUTES {
                let expected = format!("at most {}", limits::ATTRIBUTES);
                return Err((true, format!("an element with {count} attributes"), expected.into()));
            }
            let key = attribute.key.into_inner();
            check_name(key)?;
            let name_at = self.text.len();
            self.text.push_str(key);
            let name = Span::from(name_at, &self.text);
            let value_at = self.text.len();
            push_value(&attribute.value, &mut self.text, note);
            let value = Span::from(value_at, &self.text);
            let prefix = if key == "xmlns" { Some("") } else { key.strip_prefix("xmlns:") };
            if let Some(prefix) = prefix {
                if !scope.declare(prefix, value.of(&self.text)) {
                    let expected = format!("at most {} at one place", limits::BINDINGS);
                    return Err((
                        true,
                        "too many or too long namespace declarations".to_owned(),
                        expected.into(),
                    ));
                }
                self.text.truncate(name_at);
            } else {
                self.attributes.push((name, value));
            }
        }
        self.check_doubled()
    }

    /// Reads attributes as nearly everybody writes them: plain names, values in double quotes, no references, no
    /// declarations of namespaces. False for any others, which are read once more from the first on.
    fn read_plain(&mut self, attributes: &str) -> bool {
        let mut rest = attributes;
        loop {
            let Some(blanks) = rest.bytes().position(|b| !is_space(b)) else { return true };
            let attribute = &rest[blanks..];
            let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b':');
            let length = attribute.bytes().position(|b| !plain(b)).unwrap_or(attribute.len());
            let (name, value) = attribute.split_at(length);
            let Some(value) = value.strip_prefix("=\"") else { return false };
            let Some(end) = memchr::memchr(b'"', value.as_bytes()) else { return false };
            let (value, after) = value.split_at(end);
            let odd = |b: u8| matches!(b, b'&' | b'<' | b'\t' | b'\n' | b'\r');
            if blanks == 0
                || !(1..=limits::NAME).contains(&length)
                || name.starts_with("xmlns")
                || self.attributes.len() >= limits::ATTRIBUTES
                || value.bytes().any(odd)
            {
                return false;
            }
            let (name, value) = (self.keep(name), self.keep(value));
            self.attributes.push((name, value));
            rest = &after[1..];
        }
    }

    fn keep(&mut self, text: &str) -> Span {
        let start = self.text.len();
        self.text.push_str(text);
        Span::from(start, &self.text)
    }

    fn check_doubled(&self) -> Result<(), Refusal> {
        match self.doubled() {
            Some(name) => Err((false, format!("the attribute '{name}' twice"), "each attribute once".into())),
            None => Ok(()),
        }
    }

    /// The name of an attribute that stands twice. Few are compared each with each, many are sorted first.
    fn doubled(&self) -> Option<&str> {
        let name = |index: usize| self.attributes[index].0.of(&self.text);
        let count = self.attributes.len();
        if count <= 12 {
            return (1..count).find(|&i| (0..i).any(|j| name(i) == name(j))).map(name);
        }
        let mut names: Vec<&str> = (0..count).map(name).collect();
        names.sort_unstable();
        names.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0])
    }

    /// Gives attributes with a prefix the name that they are asked for by.
    fn resolve_attributes(&mut self, scope: &Scope) {
        for index in 0..self.attributes.len() {
            let span = self.attributes[index].0;
            let written = span.of(&self.text);
            let Some((prefix, local)) = written.split_once(':') else { continue };
            let Some(namespace) = scope.resolve(prefix) else { continue };
            let own = self.namespace.map(|span| scope.namespace(span));
            let wanted = match scope.namespace(namespace) {
                XLINK => "xlink:",
                XSI => "xsi:",
                // Before the element's own namespace: `rdf:about` has one name on every element.
                vocabularies::rdf::NAMESPACE => "rdf:",
                iri if own == Some(iri) => "",
                _ => continue,
            };
            let local_span = Span { start: span.end - local.len() as u32, end: span.end };
            if wanted.is_empty() {
                self.attributes[index].0 = local_span;
            } else if wanted.strip_suffix(':') != Some(prefix) {
                let name = format!("{wanted}{local}");
                let start = self.text.len();
                self.text.push_str(&name);
                self.attributes[index].0 = Span::from(start, &self.text);
            }
        }
    }
}

fn check_name(name: &str) -> Result<(), Refusal> {
    if name.is_empty() {
        return Err((false, "a tag or attribute without a name".to_owned(), "a name".into()));
    }
    if name.len() > limits::NAME {
        let expected = format!("at most {}", limits::NAME);
        return Err((true, format!("a name of {} bytes", name.len()), expected.into()));
    }
    if name.bytes().any(|b| matches!(b, b'<' | b'&' | b'"' | b'\'' | b'=')) {
        return Err((
            false,
            format!("the name '{name}'"),
            "a name of letters, digits, '-', '.', '_' and ':'".into(),
        ));
    }
    Ok(())
}

/// Appends an attribute value with references resolved and white space made spaces (XML 1.0, 3.3.3).
fn push_value(raw: &str, out: &mut String, note: &mut dyn FnMut(Note)) {
    let mut rest = raw;
    while let Some(at) = memchr::memchr(b'&', rest.as_bytes()) {
        push_spaced(&rest[..at], out);
        rest = &rest[at + 1..];
        // No name of an entity is longer; without this bound many ampersands would be quadratic.
        let mut end = rest.len().min(64);
        while !rest.is_char_boundary(end) {
            end -= 1;
        }
        match memchr::memchr(b';', &rest.as_bytes()[..end]) {
            Some(end) => {
                push_reference(&rest[..end], out, note);
                rest = &rest[end + 1..];
            }
            None => {
                note(Note::LoneAmpersand);
                out.push('&');
            }
        }
    }
    push_spaced(rest, out);
}

fn push_spaced(text: &str, out: &mut String) {
    if memchr::memchr3(b'\t', b'\n', b'\r', text.as_bytes()).is_none() {
        out.push_str(text);
    } else {
        out.extend(text.chars().map(|c| if matches!(c, '\t' | '\n' | '\r') { ' ' } else { c }));
    }
}

/// Appends what the reference `&name;` stands for.
pub(super) fn push_reference(name: &str, out: &mut String, note: &mut dyn FnMut(Note)) {
    let character = match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => name.strip_prefix('#').and_then(|number| {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok(),
                None => number.parse().ok(),
            };
            code.filter(|&code| code != 0).and_then(char::from_u32)
        }),
    };
    if let Some(character) = character {
        out.push(character);
    } else if is_entity_name(name) {
        note(Note::UnknownEntity(name.to_owned()));
        out.push('\u{FFFD}');
    } else {
        // "AT& T; and so on" is no reference but an ampersand that was not escaped.
        note(Note::LoneAmpersand);
        out.push('&');
        out.push_str(name);
        out.push(';');
    }
}

fn is_entity_name(name: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '#' | '-' | '.' | '_' | ':');
    (1..=64).contains(&name.len()) && name.chars().all(fits)
}
