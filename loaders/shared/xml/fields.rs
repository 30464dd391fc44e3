//! The fields of an element: what owners' rules and the report on coverage see of a record in XML.

use super::element::{Content, ElementRef};
use crate::shared::languages;
use graph_model::{Field, Visit};

/// Visits every element and attribute below the record's element that holds text, in document order. The paths are the
/// local names below the record's element joined with `/`, attributes as `@name`; `.` for text of the record's element.
///
/// An element holds text when it has text of its own; its text then is all that is in it, with the elements inside.
/// `xml:lang` is told as the language of the fields and is no field itself, and neither are the marks of XML Schema.
pub fn fields(record: ElementRef<'_>, visit: &mut Visit<'_>) {
    Walk::new().element(record, visit);
}

/// The language that an element states in `xml:lang`, or in the `lang` that schemas had before it.
#[must_use]
pub fn own_language(element: ElementRef<'_>) -> Option<&str> {
    element.attribute("xml:lang").or_else(|| element.attribute("lang"))
}

/// A walk over the fields of a record whose format knows more of its elements than XML does.
pub struct Walk<'e> {
    language: fn(ElementRef<'e>) -> Option<&'e str>,
    hidden: fn(ElementRef<'e>) -> bool,
    path: String,
    occurrences: Vec<u32>,
    /// The names met at each level, with how often.
    names: Vec<(&'e str, u32)>,
}

impl<'e> Walk<'e> {
    /// A walk that knows `xml:lang` and hides nothing.
    #[must_use]
    pub fn new() -> Self {
        Self {
            language: |element| element.attribute("xml:lang"),
            hidden: |_| false,
            path: String::new(),
            occurrences: Vec::new(),
            names: Vec::new(),
        }
    }

    /// Takes the language that an element states from elsewhere than `xml:lang` alone.
    #[must_use]
    pub fn language(self, language: fn(ElementRef<'e>) -> Option<&'e str>) -> Self {
        Self { language, ..self }
    }

    /// Leaves out the elements that are not for the public.
    #[must_use]
    pub fn hide(self, hidden: fn(ElementRef<'e>) -> bool) -> Self {
        Self { hidden, ..self }
    }

    /// Visits the fields below an element, which is the record's or another one that stands for it.
    pub fn element(&mut self, element: ElementRef<'e>, visit: &mut Visit<'_>) {
        let language = std::iter::successors(element.parent(), |element| element.parent())
            .find_map(|around| tag((self.language)(around)?));
        self.walk(element, language, false, visit);
    }

    /// Visits an element and the fields below it as a child of the record, for records that keep their children apart.
    pub fn child(&mut self, element: ElementRef<'e>, language: Option<&'e str>, visit: &mut Visit<'_>) {
        self.step(element, language.and_then(tag), false, 0, visit);
    }

    /// Visits an attribute of the record itself, for records that keep them apart.
    pub fn attribute(&mut self, name: &str, value: &str, visit: &mut Visit<'_>) {
        let value = value.trim();
        if value.is_empty() || is_syntax(name) {
            return;
        }
        let end = self.push(name, "@", 1);
        let (path, occurrences) = (&self.path, &self.occurrences);
        visit(&Field { path, text: value, language: None, occurrences, inline: false });
        self.pop(end);
    }

    fn walk(
        &mut self,
        element: ElementRef<'e>,
        around: Option<&'e str>,
        inline: bool,
        visit: &mut Visit<'_>,
    ) {
        let language = (self.language)(element).map_or(around, tag);
        let has_text = element
            .content()
            .any(|content| matches!(content, Content::Text(text) if !text.trim_ascii().is_empty()));
        if has_text {
            let text = element.text();
            // Text that stands in the record's element itself, between its children, is at no name.
            let (path, occurrences) =
                if self.path.is_empty() { (".", &[1][..]) } else { (&*self.path, &*self.occurrences) };
            visit(&Field { path, text: &text, language, occurrences, inline });
        }
        for (name, value) in element.attributes() {
            self.attribute(name, value, visit);
        }
        let level = self.names.len();
        for child in element.elements() {
            self.step(child, language, inline || has_text, level, visit);
        }
        self.names.truncate(level);
    }

    fn step(
        &mut self,
        element: ElementRef<'e>,
        around: Option<&'e str>,
        inline: bool,
        level: usize,
        visit: &mut Visit<'_>,
    ) {
        let name = element.name();
        let occurrence = match self.names[level..].iter_mut().find(|(met, _)| *met == name) {
            Some((_, count)) => {
                *count += 1;
                *count
            }
            None => {
                self.names.push((name, 1));
                1
            }
        };
        if (self.hidden)(element) {
            return;
        }
        let end = self.push(name, "", occurrence);
        self.walk(element, around, inline, visit);
        self.pop(end);
    }

    fn push(&mut self, name: &str, mark: &str, occurrence: u32) -> usize {
        let end = self.path.len();
        if end > 0 {
            self.path.push('/');
        }
        self.path.push_str(mark);
        self.path.push_str(name);
        self.occurrences.push(occurrence);
        end
    }

    fn pop(&mut self, end: usize) {
        self.path.truncate(end);
        self.occurrences.pop();
    }
}

impl Default for Walk<'_> {
    fn default() -> Self {
        Self::new()
    }
}

fn tag(written: &str) -> Option<&str> {
    let written = written.trim();
    let plain = written.len() == 2 && written.bytes().all(|b| b.is_ascii_lowercase());
    if plain {
        return Some(written);
    }
    // A tag with a region or script says more than the code of its language.
    let known = languages::tag(written)?;
    Some(if written.contains(['-', '_']) { written } else { known })
}

fn is_syntax(attribute: &str) -> bool {
    attribute.starts_with("xml:") || attribute.starts_with("xsi:")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::shared::xml::records;

    fn fields_of(xml: &'static str) -> Vec<String> {
        let record = records(Box::new(xml.as_bytes()), |start| start.name() == "r").next().unwrap().unwrap();
        let mut met = Vec::new();
        fields(record.root(), &mut |field| {
            let mut path = String::new();
            field.positioned(&mut path);
            let language = field.language.map(|tag| format!("@{tag}")).unwrap_or_default();
            let inline = if field.inline { " (inline)" } else { "" };
            met.push(format!("{path} = {}{language}{inline}", field.text));
            assert_eq!(field.steps().count(), field.occurrences.len());
        });
        met
    }

    #[test]
    fn elements_with_text_and_attributes_are_fields() {
        let met = fields_of(
            r#"<c xmlns:x="urn:x"><r id="7" xml:lang="fin">
                <x:set sort="1"><name> Suo  ja <b>Jussi</b></name><name xml:lang="sv">Kärret</name></x:set>
                <x:set><empty/><name xml:lang="zxx">–</name></x:set></r></c>"#,
        );
        assert_eq!(
            met,
            [
                "@id = 7",
                "set/@sort = 1",
                "set/name = Suo ja Jussi@fi",
                "set/name/b = Jussi@fi (inline)",
                "set/name[2] = Kärret@sv",
                "set[2]/name = –"
            ]
        );
    }
}
