//! An element as XML again, so that what reads bytes can read what stands within something else.

use super::element::{Content, ElementRef};

/// The prefixes that attributes are asked for by, with what they stand for.
const PREFIXES: [(&str, &str); 3] = [
    ("xlink", "http://www.w3.org/1999/xlink"),
    ("xsi", "http://www.w3.org/2001/XMLSchema-instance"),
    ("rdf", vocabularies::rdf::NAMESPACE),
];

/// The element with all that is in it as a document in UTF-8: the same names, namespaces, attributes and texts. Elements have
/// no prefixes.
#[must_use]
pub fn written(element: ElementRef<'_>) -> String {
    let mut out = String::with_capacity(1_024);
    write(element, None, &mut out);
    out
}

fn write(element: ElementRef<'_>, around: Option<&str>, out: &mut String) {
    let (name, namespace) = (element.name(), element.namespace());
    out.push('<');
    out.push_str(name);
    if around.unwrap_or_default() != namespace {
        attribute("xmlns", namespace, out);
    }
    if around.is_none() {
        for (prefix, namespace) in PREFIXES {
            attribute(&["xmlns:", prefix].concat(), namespace, out);
        }
    }
    for (name, value) in element.attributes() {
        attribute(name, value, out);
    }
    out.push('>');
    for content in element.content() {
        match content {
            Content::Text(text) => escape(text, out),
            // Elements nest no deeper than the reader allows.
            Content::Element(inner) => write(inner, Some(namespace), out),
        }
    }
    out.extend(["</", name, ">"]);
}

fn attribute(name: &str, value: &str, out: &mut String) {
    out.extend([" ", name, "=\""]);
    escape(value, out);
    out.push('"');
}

fn escape(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"', '\t', '\n', '\r']) {
        out.push_str(&rest[..at]);
        out.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            b'\t' => "&#9;",
            b'\n' => "&#10;",
            _ => "&#13;",
        });
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::shared::xml::{Element, Event, Reader};

    fn read(xml: &str) -> Element {
        let mut reader = Reader::new(Box::new(xml.as_bytes()));
        while !matches!(reader.next().unwrap(), Event::Start(start) if start.name() == "r") {}
        reader.element().unwrap()
    }

    fn outline(element: ElementRef<'_>, out: &mut Vec<String>) {
        out.push(format!("<{} {}", element.name(), element.namespace()));
        out.extend(element.attributes().map(|(name, value)| format!("{name}={value}")));
        for content in element.content() {
            match content {
                Content::Text(text) => out.push(text.to_owned()),
                Content::Element(inner) => outline(inner, out),
            }
        }
        out.push(">".to_owned());
    }

    #[test]
    fn what_is_written_reads_the_same() {
        let xml = "<x:a xmlns:x='urn:x' xmlns:l='http://www.w3.org/1999/xlink'><x:r l:href='a&amp;b&#10;\"c\"' xml:lang='fi'>\
                   1 &lt; 2 &amp; 3&#13;\n<i xmlns=''/><x:s t='&gt;'>ä<y xmlns='urn:y'><z/></y></x:s> ]]&gt;</x:r></x:a>";
        let (mut before, mut after) = (Vec::new(), Vec::new());
        let first = read(xml);
        outline(first.root(), &mut before);
        let second = read(&written(first.root()));
        outline(second.root(), &mut after);
        assert_eq!(before, after);
        assert!(before.contains(&"xlink:href=a&b\n\"c\"".to_owned()), "{before:?}");
    }
}
