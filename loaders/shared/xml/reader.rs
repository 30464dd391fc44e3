//! Events, one after another.

use super::element::{Element, Grow};
use super::fault::{FaultKind, Note, XmlError};
use super::limits;
use super::names::Scope;
use super::plain::{Shape, is_space, shape};
use super::source::{Place, Source, Spot, ends_name};
use super::start::{Start, Tag, push_reference};
use quick_xml::events::{BytesStart, BytesText, Event as Token};
use std::borrow::Cow;
use std::io::BufRead;

/// One event; it borrows from the reader until the next.
#[derive(Debug, Clone, Copy)]
pub enum Event<'e> {
    /// An element begins. One without content ends with the next event.
    Start(Start<'e>),
    /// A piece of text, white space as it stands. A text comes in several pieces where it has references,
    /// CDATA sections or comments.
    Text(&'e str),
    /// The innermost open element ends; its local name.
    End(&'e str),
    /// The input is at its end. It comes again when asked again, and after an error.
    Eof,
}

/// What an event is, with its parts in the reader's buffers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Start,
    Text,
    End,
    Eof,
}

/// What came of reading without `quick-xml`.
enum Plain {
    Is(Kind),
    /// White space between the elements around everything.
    Skipped,
    /// It is for `quick-xml`; nothing was consumed.
    Odd,
}

/// Reads XML as events.
#[derive(Debug)]
pub struct Reader<'i> {
    xml: quick_xml::Reader<Source<'i>>,
    buffer: Vec<u8>,
    scope: Scope,
    tag: Tag,
    text: String,
    /// The buffers of the element that is read.
    grow: Grow,
    /// The last start tag was of an element without content, so its end is the next event.
    end_pending: bool,
    /// The last event was a start.
    at_start: bool,
    failed: bool,
    /// What is read is kept from the next event on.
    marking: bool,
    /// How many bytes were put back to be read again.
    reread: u64,
    rooted: bool,
    text_run: u64,
    /// The text and tags that follow may be read without `quick-xml`, which is between two events as well.
    plain: bool,
    /// How many names of open elements `quick-xml` keeps. It has to see as many ends, or they would become ever more.
    met: usize,
    bad_runs: u64,
    notes: Vec<Note>,
}

impl<'i> Reader<'i> {
    /// Reads from the input; nothing is read before the first event is asked for.
    #[must_use]
    pub fn new(input: Box<dyn BufRead + 'i>) -> Self {
        Self {
            xml: tokens(Source::new(input)),
            buffer: Vec::new(),
            scope: Scope::default(),
            tag: Tag::default(),
            text: String::new(),
            grow: Grow::default(),
            end_pending: false,
            at_start: false,
            failed: false,
            marking: false,
            reread: 0,
            rooted: false,
            text_run: 0,
            plain: false,
            met: 0,
            bad_runs: 0,
            notes: Vec::new(),
        }
    }

    /// The next event.
    ///
    /// # Errors
    /// [`XmlError`] where the input is not well-formed or passes a limit. After an error there are no more
    /// events.
    #[expect(
        clippy::should_implement_trait,
        reason = "events borrow from the reader, so it can be no iterator"
    )]
    pub fn next(&mut self) -> Result<Event<'_>, XmlError> {
        Ok(match self.advance()? {
            Kind::Start => Event::Start(self.start()),
            Kind::Text => Event::Text(&self.text),
            Kind::End => Event::End(&self.text),
            Kind::Eof => Event::Eof,
        })
    }

    /// The whole element whose start was the last event.
    ///
    /// # Errors
    /// As [`Reader::next`]; also when the element is larger than [`limits::ELEMENT`].
    pub fn element(&mut self) -> Result<Element, XmlError> {
        self.grow(|_| false)
    }

    /// Goes past the element whose start was the last event.
    ///
    /// # Errors
    /// As [`Reader::next`].
    pub fn skip_element(&mut self) -> Result<(), XmlError> {
        let depth = self.scope.depth();
        while self.scope.depth() >= depth {
            if self.advance()? == Kind::Eof {
                break;
            }
        }
        Ok(())
    }

    /// Offset in bytes of the last event in the input.
    #[must_use]
    pub fn byte(&self) -> u64 {
        self.spot().byte()
    }

    /// The line of the last event, from 1.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.spot().place().line
    }

    /// How many elements are open.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.scope.depth()
    }

    /// Begins to keep the input from the next event on, for [`Reader::take_marked`].
    pub fn mark(&mut self) {
        self.marking = true;
    }

    /// The input since the mark as UTF-8, at most [`graph_model::Broken::RAW_LIMIT`] bytes of it; the mark is
    /// gone.
    pub fn take_marked(&mut self) -> Vec<u8> {
        self.xml.get_mut().take_kept()
    }

    /// The oddities met since this was asked last, at most [`limits::NOTES`].
    pub fn take_notes(&mut self) -> Vec<Note> {
        std::mem::take(&mut self.notes)
    }

    /// Whether any element was met.
    pub(super) fn rooted(&self) -> bool {
        self.rooted
    }

    fn spot(&self) -> Spot<'_> {
        self.xml.get_ref().event()
    }

    /// The start tag that was the last event.
    #[must_use]
    pub fn start(&self) -> Start<'_> {
        Start { tag: &self.tag, scope: &self.scope, spot: self.spot() }
    }

    /// The name of the last start tag as it was written.
    #[must_use]
    pub fn written(&self) -> &str {
        self.tag.written.of(&self.tag.text)
    }

    /// The whole element whose start was the last event; `forbidden` elements inside end it with a fault.
    ///
    /// # Errors
    /// As [`Reader::element`].
    pub fn grow(&mut self, forbidden: impl Fn(&Start<'_>) -> bool) -> Result<Element, XmlError> {
        let begin = self.begun()?;
        let mut notes = self.take_notes();
        let mut grow = std::mem::take(&mut self.grow);
        grow.begin(begin.byte, begin.line);
        let read = self.fill(&mut grow, begin, 0, forbidden);
        notes.append(&mut self.notes);
        notes.truncate(limits::NOTES);
        let element = read.map(|()| grow.finish(notes));
        self.grow = grow;
        element
    }

    /// Reads the whole element whose start was the last event into another, as the last in it, and gives its place there.
    /// Where it is not whole, the other stays as it was.
    ///
    /// # Errors
    /// As [`Reader::element`].
    pub fn append(&mut self, around: &mut Element) -> Result<usize, XmlError> {
        let begin = self.begun()?;
        let mut grow = std::mem::take(&mut self.grow);
        let before = grow.take_up(around);
        let read = self.fill(&mut grow, begin, before.parts(), |_| false);
        grow.give_back(around, read.is_err().then_some(before));
        self.grow = grow;
        if !self.notes.is_empty() {
            around.note(std::mem::take(&mut self.notes));
        }
        read.map(|()| before.nodes)
    }

    /// The place of the start tag that was the last event.
    fn begun(&mut self) -> Result<Place, XmlError> {
        if !self.at_start {
            return Err(self.fault(
                FaultKind::Malformed,
                "no start tag".to_owned(),
                "a start tag before its element",
            ));
        }
        self.xml.get_mut().settle();
        Ok(self.spot().place())
    }

    /// Reads the element whose start was the last event behind so many parts that were read before.
    fn fill(
        &mut self,
        grow: &mut Grow,
        begin: Place,
        before: usize,
        forbidden: impl Fn(&Start<'_>) -> bool,
    ) -> Result<(), XmlError> {
        grow.start(&self.start());
        let depth = self.scope.depth();
        while self.scope.depth() >= depth {
            match self.advance()? {
                Kind::Start if forbidden(&self.start()) => return Err(self.nested()),
                Kind::Start => grow.start(&self.start()),
                Kind::Text => grow.text(&self.text),
                Kind::End => grow.end(),
                Kind::Eof => break,
            }
            let (size, parts) = (self.byte() - begin.byte, grow.size() - before);
            if size > limits::ELEMENT || parts > limits::NODES {
                let met = format!("an element of more than {size} bytes and {parts} parts");
                let expected = format!("at most {} bytes and {} parts", limits::ELEMENT, limits::NODES);
                return Err(self.too_large(met, expected));
            }
        }
        Ok(())
    }

    /// The fault that the element whose start was the last event stands where it must not.
    pub(crate) fn nested(&mut self) -> XmlError {
        self.failed = true;
        let met = format!("<{}> inside another", self.written());
        self.fault(FaultKind::Malformed, met, "the end of the one before")
    }

    /// The fault that what is read is too large.
    pub(crate) fn too_large(&mut self, met: String, expected: String) -> XmlError {
        self.failed = true;
        self.fault(FaultKind::Limit, met, expected)
    }

    /// After a fault: goes to the next start tag that is written `name`, first in what was kept since the mark
    /// but for its first byte. Gives what was passed, and whether there is such a tag. `depth` elements stay
    /// open. Without such a tag there are no more events.
    pub fn resynchronise(&mut self, name: &str, depth: usize) -> (Vec<u8>, bool) {
        let mut source = std::mem::replace(self.xml.get_mut(), Source::empty());
        source.settle();
        // What was kept reaches to the place of the source only where it is whole. Input made of unclosed
        // comments would be read again and again, so that is bounded.
        let may_reread = source.kept_all && self.reread < 4 * source.place().byte + (4 << 20);
        let mut passed = source.take_kept();
        let found = match find_tag(&passed, name) {
            Some(at) if may_reread => {
                let rest = passed.split_off(at);
                self.reread += rest.len() as u64;
                let lines = memchr::memchr_iter(b'\n', &passed).count() as u64;
                // Replacements are longer than the bytes that they stand for, so this may be beyond the end of it.
                let byte = (source.marked.byte + at as u64).min(source.place().byte);
                let place = Place { byte, line: source.marked.line + lines };
                source.unread(rest, place);
                true
            }
            _ => source.skip_to_tag(name, &mut passed).unwrap_or(false),
        };
        self.bad_runs = source.bad_runs;
        (self.xml, self.plain, self.met) = (tokens(source), false, 0);
        self.scope.truncate(depth);
        self.end_pending = false;
        self.at_start = false;
        self.failed = !found;
        self.text_run = 0;
        self.notes.clear();
        (passed, found)
    }

    fn advance(&mut self) -> Result<Kind, XmlError> {
        if self.failed {
            return Ok(Kind::Eof);
        }
        let kind = self.token();
        self.failed = kind.is_err();
        self.marking = false;
        self.at_start = matches!(kind, Ok(Kind::Start));
        if matches!(kind, Ok(Kind::Start | Kind::End)) {
            self.text_run = 0;
        }
        kind
    }

    fn token(&mut self) -> Result<Kind, XmlError> {
        if self.end_pending {
            self.end_pending = false;
            self.close();
            return Ok(Kind::End);
        }
        loop {
            let source = self.xml.get_mut();
            if self.marking {
                source.mark();
            }
            source.begin_event();
            if self.plain {
                match self.plain_token()? {
                    Plain::Is(kind) => return Ok(kind),
                    Plain::Skipped => continue,
                    Plain::Odd => {}
                }
            }
            self.xml.get_mut().grant(limits::TEXT);
            self.buffer.clear();
            let token = self.xml.read_event_into(&mut self.buffer);
            // After a text it has seen what comes next.
            self.plain = !matches!(token, Err(_) | Ok(Token::Text(_) | Token::Eof));
            match token {
                Ok(Token::Start(_)) => self.met += 1,
                Ok(Token::End(_)) => self.met = self.met.saturating_sub(1),
                _ => {}
            }
            let bad_runs = self.xml.get_ref().bad_runs;
            let notes = &mut self.notes;
            let mut note = |met| note_once(notes, met);
            if bad_runs != self.bad_runs {
                self.bad_runs = bad_runs;
                note(Note::BadBytes);
            }
            self.text.clear();
            match token {
                Ok(Token::Start(start)) => {
                    let read = self.tag.read(&start, &mut self.scope, &mut note);
                    return self.started(read);
                }
                Ok(Token::Empty(start)) => {
                    let read = self.tag.read(&start, &mut self.scope, &mut note);
                    self.end_pending = true;
                    return self.started(read);
                }
                Ok(Token::Text(text)) => {
                    let text = text.xml10_content();
                    // With lone ampersands allowed, a text may begin with one.
                    if text.starts_with('&') {
                        note(Note::LoneAmpersand);
                    }
                    self.text.push_str(&text);
                }
                Ok(Token::CData(text)) => self.text.push_str(&text.xml10_content()),
                Ok(Token::GeneralRef(name)) => push_reference(&name, &mut self.text, &mut note),
                Ok(Token::End(end)) => {
                    let name = end.name().into_inner();
                    if self.scope.innermost() == Some(name) {
                        self.close();
                        return Ok(Kind::End);
                    }
                    let met = format!("</{}>", cut(name));
                    let expected = match self.scope.innermost() {
                        Some(open) => format!("</{open}>"),
                        None => "a start tag".to_owned(),
                    };
                    return Err(self.fault(FaultKind::Malformed, met, expected));
                }
                Ok(Token::Eof) => return self.eof(),
                Ok(Token::DocType(doctype)) => {
                    if has_subset(&doctype) {
                        let met = "a DOCTYPE with declarations of its own".to_owned();
                        let expected = "no DOCTYPE, or one without entities and other declarations";
                        return Err(self.fault(FaultKind::Refused, met, expected));
                    }
                    continue;
                }
                Ok(Token::Decl(_) | Token::Comment(_) | Token::PI(_)) => continue,
                Err(error) => return Err(self.token_fault(&error)),
            }
            if self.text.is_empty() {
                continue;
            }
            if self.takes_text()? {
                return Ok(Kind::Text);
            }
        }
    }

    /// Whether the text is content; between the elements around everything it is white space.
    fn takes_text(&mut self) -> Result<bool, XmlError> {
        if self.scope.depth() == 0 {
            if self.text.trim_ascii().trim_matches('\u{FEFF}').is_empty() {
                return Ok(false);
            }
            let met = format!("'{}' outside of any element", cut(self.text.trim()));
            return Err(self.fault(FaultKind::Malformed, met, "an XML element"));
        }
        self.text_run += self.text.len() as u64;
        if self.text_run > limits::TEXT { Err(self.over()) } else { Ok(true) }
    }

    /// Reads a tag, a text or a reference straight from the buffer: nearly everything in XML is one of these, and
    /// `quick-xml` would copy and check every piece of it once more.
    fn plain_token(&mut self) -> Result<Plain, XmlError> {
        let (shape, length) = loop {
            let source = self.xml.get_mut();
            let longer = match source.plain().map(shape) {
                Ok((Shape::More, _)) => source.extend(),
                Ok(found) => break found,
                Err(error) => Err(error),
            };
            match longer {
                Ok(true) => {}
                Ok(false) => return Ok(Plain::Odd),
                Err(error) => return Err(self.token_fault(&error.into())),
            }
        };
        let Some(token) = self.xml.get_ref().ahead(length) else { return Ok(Plain::Odd) };
        let notes = &mut self.notes;
        let mut note = |met| note_once(notes, met);
        self.text.clear();
        match shape {
            Shape::Start => {
                let content = &token[1..length - 1];
                let tag = content.strip_suffix('/').unwrap_or(content);
                self.end_pending = tag.len() < content.len();
                let name = tag.bytes().position(is_space).unwrap_or(tag.len());
                let read = self.tag.read(&BytesStart::from_content(tag, name), &mut self.scope, &mut note);
                self.xml.get_mut().pass(length);
                return self.started(read).map(Plain::Is);
            }
            Shape::End => {
                let name = token[2..length - 1].trim_end_matches([' ', '\t', '\r', '\n']);
                if self.met > 0 || self.scope.innermost() != Some(name) {
                    return Ok(Plain::Odd);
                }
                self.xml.get_mut().pass(length);
                self.close();
                return Ok(Plain::Is(Kind::End));
            }
            Shape::Reference => push_reference(&token[1..length - 1], &mut self.text, &mut note),
            Shape::Text if memchr::memchr(b'\r', token.as_bytes()).is_some() => {
                self.text.push_str(&BytesText::from_escaped(token).xml10_content());
            }
            Shape::Text => self.text.push_str(token),
            Shape::More | Shape::Other => return Ok(Plain::Odd),
        }
        self.xml.get_mut().pass(length);
        Ok(if self.takes_text()? { Plain::Is(Kind::Text) } else { Plain::Skipped })
    }

    fn started(&mut self, read: Result<(), super::start::Refusal>) -> Result<Kind, XmlError> {
        self.rooted = true;
        match read {
            Ok(()) => Ok(Kind::Start),
            Err((limit, met, expected)) => {
                let kind = if limit { FaultKind::Limit } else { FaultKind::Malformed };
                Err(self.fault(kind, met, expected))
            }
        }
    }

    /// Closes the innermost element and leaves its local name in `text`.
    fn close(&mut self) {
        self.text.clear();
        let written = self.scope.innermost().unwrap_or_default();
        // Names are short: byte after byte is quicker than a search that gets ready for more.
        let local = written.bytes().rposition(|b| b == b':').map_or(0, |at| at + 1);
        self.text.push_str(&written[local..]);
        self.scope.pop();
    }

    fn eof(&mut self) -> Result<Kind, XmlError> {
        let Some(open) = self.scope.innermost() else { return Ok(Kind::Eof) };
        let (met, expected) = (format!("the end of the input inside <{open}>"), format!("</{open}>"));
        Err(self.fault(FaultKind::Ended, met, expected))
    }

    fn token_fault(&mut self, error: &quick_xml::Error) -> XmlError {
        use quick_xml::errors::SyntaxError;
        match error {
            quick_xml::Error::Io(_) if self.xml.get_ref().over_budget => self.over(),
            quick_xml::Error::Io(error) => self.fault(
                FaultKind::Io,
                format!("the input could not be read: {error}"),
                "more of the input",
            ),
            quick_xml::Error::Syntax(SyntaxError::InvalidBangMarkup) => self.fault(
                FaultKind::Malformed,
                "'<!' that begins nothing".to_owned(),
                "a comment, CDATA or DOCTYPE",
            ),
            // All other faults of syntax mean that the end of a piece of markup never came.
            quick_xml::Error::Syntax(error) => {
                let inside = match error {
                    SyntaxError::UnclosedComment => "a comment",
                    SyntaxError::UnclosedCData => "a CDATA section",
                    SyntaxError::UnclosedDoctype => "a DOCTYPE",
                    SyntaxError::UnclosedPI | SyntaxError::UnclosedXmlDecl => "a processing instruction",
                    _ => "a tag",
                };
                let expected = match self.scope.innermost() {
                    Some(open) => format!("</{open}>"),
                    None => "a whole XML document".to_owned(),
                };
                self.fault(FaultKind::Ended, format!("the end of the input inside {inside}"), expected)
            }
            error => self.fault(FaultKind::Malformed, error.to_string(), "well-formed XML"),
        }
    }

    fn over(&self) -> XmlError {
        let expected = format!("at most {} bytes", limits::TEXT);
        self.fault(FaultKind::Limit, "a text or tag that is too long".to_owned(), expected)
    }

    fn fault(&self, kind: FaultKind, met: String, expected: impl Into<Cow<'static, str>>) -> XmlError {
        let Place { byte, line } = self.spot().place();
        XmlError { kind, byte, line, met, expected: expected.into() }
    }
}

fn tokens(source: Source<'_>) -> quick_xml::Reader<Source<'_>> {
    let mut xml = quick_xml::Reader::from_reader(source);
    let config = xml.config_mut();
    // The scope checks names with better words, and knows them after a resynchronisation.
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    xml
}

/// Adds a note that is not there yet, while they are few.
fn note_once(notes: &mut Vec<Note>, note: Note) {
    if notes.len() < limits::NOTES && !notes.contains(&note) {
        notes.push(note);
    }
}

/// Whether a DOCTYPE declares anything itself. An empty pair of brackets is harmless.
fn has_subset(doctype: &str) -> bool {
    let Some((_, subset)) = doctype.split_once('[') else { return false };
    subset.rsplit_once(']').is_none_or(|(subset, _)| !subset.trim().is_empty())
}

/// The place of the tag `<name` in the text, not counting its first byte.
fn find_tag(text: &[u8], name: &str) -> Option<usize> {
    let wanted = format!("<{name}");
    memchr::memmem::find_iter(text, wanted.as_bytes())
        .find(|&at| at > 0 && text.get(at + wanted.len()).is_some_and(|&b| ends_name(b)))
}

fn cut(text: &str) -> &str {
    text.char_indices().nth(60).map_or(text, |(end, _)| &text[..end])
}
