//! XML kept small: events one after another, packed, of which any stretch is read again.
//!
//! Some records are too large to be held as an [`Element`], and say things at their end that change what is meant at
//! their beginning. Their events go onto a tape: names and texts as they are read, packed in blocks with Zstandard
//! (RFC 8878), which makes a tenth or less of XML that repeats itself. An [`Address`] leads back to an event.
//! The tape is memory, no file.

use super::element::{Content, Element, ElementRef, Grow};
use super::start::Start;
use std::cell::RefCell;

/// How many bytes a block has before it is packed.
const BLOCK: usize = 128 << 10;
/// Fast, and smaller than what is slower by less than a tenth.
const LEVEL: i32 = 1;

const START: u8 = 1;
const TEXT: u8 = 2;
const END: u8 = 3;

/// Where an event stands on a tape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, PartialOrd, Ord)]
pub struct Address {
    block: u32,
    byte: u32,
}

#[derive(Debug)]
struct Block {
    packed: Box<[u8]>,
    /// How many bytes it has when it is not packed.
    bytes: usize,
}

/// Events, packed.
#[derive(Debug, Default)]
pub struct Tape {
    blocks: Vec<Block>,
    open: Vec<u8>,
    namespaces: Vec<String>,
    parts: usize,
}

impl Tape {
    /// Where the next event will stand.
    #[must_use]
    pub fn address(&self) -> Address {
        Address { block: self.blocks.len() as u32, byte: self.open.len() as u32 }
    }

    /// How many elements, attributes and texts there are.
    #[must_use]
    pub fn parts(&self) -> usize {
        self.parts
    }

    /// How many bytes it takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.blocks.iter().map(|block| block.packed.len()).sum::<usize>() + self.open.len()
    }

    /// Writes a start tag whose content follows in further writes, up to [`Tape::end`].
    pub fn start(&mut self, start: &Start<'_>) {
        self.tag(start.name(), start.namespace(), start.attributes());
        self.pack();
    }

    /// Writes an end tag.
    pub fn end(&mut self) {
        self.open.push(END);
        self.pack();
    }

    /// Writes an element, whole. Blocks do not part it.
    pub fn element(&mut self, element: &Element) {
        self.write(element.root());
        self.pack();
    }

    fn write(&mut self, element: ElementRef<'_>) {
        self.tag(element.name(), element.namespace(), element.attributes());
        for content in element.content() {
            match content {
                Content::Text(text) => {
                    self.open.push(TEXT);
                    // Texts of nothing but white space are the indents of the file, or part two words.
                    self.string(if text.trim_ascii().is_empty() { " " } else { text });
                    self.parts += 1;
                }
                Content::Element(element) => self.write(element),
            }
        }
        self.open.push(END);
    }

    fn tag<'s>(&mut self, name: &str, namespace: &str, attributes: impl Iterator<Item = (&'s str, &'s str)>) {
        let known = self.namespaces.iter().position(|known| known == namespace);
        let namespace = known.unwrap_or_else(|| {
            self.namespaces.push(namespace.to_owned());
            self.namespaces.len() - 1
        });
        self.open.push(START);
        self.string(name);
        self.number(namespace);
        self.parts += 1;
        for (name, value) in attributes {
            self.string(name);
            self.string(value);
            self.parts += 1;
        }
        // No attribute has an empty name, so one ends the list.
        self.number(0);
    }

    fn string(&mut self, text: &str) {
        self.number(text.len());
        self.open.extend_from_slice(text.as_bytes());
    }

    /// Seven bits a byte, the last without the eighth.
    fn number(&mut self, mut number: usize) {
        while number >= 0x80 {
            self.open.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.open.push(number as u8);
    }

    fn pack(&mut self) {
        if self.open.len() < BLOCK {
            return;
        }
        // Without memory for packing nothing else would go on either; then the bytes stay as they are.
        let packed = zstd::bulk::compress(&self.open, LEVEL).unwrap_or_else(|_| self.open.clone());
        // The buffer of the packer is larger than what came of it.
        self.blocks.push(Block { packed: packed.into_boxed_slice(), bytes: self.open.len() });
        self.open.clear();
    }
}

/// One event of a tape, with its parts in the unpacked block.
enum Played<'t> {
    Start { name: &'t str, namespace: &'t str, attributes: Attributes<'t> },
    Text(&'t str),
    End,
}

/// The attributes of a start tag on a tape.
#[derive(Debug, Clone)]
pub struct Attributes<'t>(&'t [u8]);

impl<'t> Iterator for Attributes<'t> {
    type Item = (&'t str, &'t str);

    fn next(&mut self) -> Option<Self::Item> {
        let name = string(&mut self.0).filter(|name| !name.is_empty())?;
        Some((name, string(&mut self.0)?))
    }
}

/// Reads a tape; it keeps the blocks that it unpacked last.
#[derive(Debug)]
pub struct Player<'t> {
    tape: &'t Tape,
    kept: RefCell<Vec<(u32, std::rc::Rc<Vec<u8>>)>>,
}

impl<'t> Player<'t> {
    /// How many unpacked blocks are kept: sections that many files share stand in one, those of the files in a row
    /// in others.
    const KEPT: usize = 6;

    /// Reads this tape.
    #[must_use]
    pub fn new(tape: &'t Tape) -> Self {
        Self { tape, kept: RefCell::default() }
    }

    fn block(&self, block: u32) -> Option<std::rc::Rc<Vec<u8>>> {
        let mut kept = self.kept.borrow_mut();
        if let Some(at) = kept.iter().position(|(known, _)| *known == block) {
            let met = kept.remove(at);
            let bytes = std::rc::Rc::clone(&met.1);
            kept.push(met);
            return Some(bytes);
        }
        let bytes = match self.tape.blocks.get(block as usize) {
            Some(Block { packed, bytes }) if packed.len() < *bytes => {
                zstd::bulk::decompress(packed, *bytes).ok()?
            }
            Some(Block { packed, .. }) => packed.to_vec(),
            None => self.tape.open.clone(),
        };
        if kept.len() == Self::KEPT {
            kept.remove(0);
        }
        let bytes = std::rc::Rc::new(bytes);
        kept.push((block, std::rc::Rc::clone(&bytes)));
        Some(bytes)
    }

    /// Visits the start tags from one event up to another: name and attributes. Breaks off where nothing more can be read.
    pub fn tags(&self, from: Address, to: Address, visit: &mut dyn FnMut(&str, Attributes<'_>)) {
        self.play(from, to, &mut |event| {
            if let Played::Start { name, attributes, .. } = event {
                visit(name, attributes);
            }
            true
        });
    }

    /// Visits the texts from one event up to another.
    pub fn texts(&self, from: Address, to: Address, visit: &mut dyn FnMut(&str)) {
        self.play(from, to, &mut |event| {
            if let Played::Text(text) = event {
                visit(text);
            }
            true
        });
    }

    fn play(&self, from: Address, to: Address, visit: &mut dyn FnMut(Played<'_>) -> bool) {
        let mut at = from;
        while at < to {
            let Some(bytes) = self.block(at.block) else { return };
            let end = if at.block == to.block { to.byte as usize } else { bytes.len() };
            let Some(mut rest) = bytes.get(at.byte as usize..end.min(bytes.len())) else { return };
            while !rest.is_empty() {
                let Some(event) = self.event(&mut rest) else { return };
                if !visit(event) {
                    return;
                }
            }
            at = Address { block: at.block + 1, byte: 0 };
        }
    }

    fn event<'b>(&'b self, rest: &mut &'b [u8]) -> Option<Played<'b>> {
        let (&kind, after) = rest.split_first()?;
        *rest = after;
        Some(match kind {
            START => {
                let name = string(rest)?;
                let namespace = self.tape.namespaces.get(number(rest)?)?;
                let attributes = Attributes(rest);
                // The list ends with an empty name.
                while !string(rest)?.is_empty() {
                    string(rest)?;
                }
                Played::Start { name, namespace, attributes }
            }
            TEXT => Played::Text(string(rest)?),
            _ => Played::End,
        })
    }
}

fn number(bytes: &mut &[u8]) -> Option<usize> {
    let mut number = 0_usize;
    for shift in (0..63).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= usize::from(byte & 0x7F) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

fn string<'b>(bytes: &mut &'b [u8]) -> Option<&'b str> {
    let length = number(bytes)?;
    let (text, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    std::str::from_utf8(text).ok()
}

/// An element put together from stretches of a tape.
#[derive(Debug)]
pub struct Splice<'p, 't> {
    player: &'p Player<'t>,
    grow: Grow,
}

impl<'p, 't> Splice<'p, 't> {
    /// Begins with the start tag at an address.
    #[must_use]
    pub fn with(player: &'p Player<'t>, at: Address, position: graph_model::Position) -> Self {
        let mut grow = Grow::default();
        grow.begin(position.byte, position.line.unwrap_or_default());
        grow.number(position.record);
        let mut splice = Self { player, grow };
        splice.open(at);
        splice
    }

    /// Adds the start tag at an address, whose content is what is added up to [`Splice::close`].
    pub fn open(&mut self, at: Address) {
        let grow = &mut self.grow;
        self.player.play(at, Address { block: at.block + 1, byte: 0 }, &mut |event| {
            if let Played::Start { name, namespace, attributes } = event {
                grow.open(name, namespace, attributes);
            }
            false
        });
    }

    /// Adds a start tag of one's own.
    pub fn own(&mut self, name: &str) {
        self.grow.open(name, "", std::iter::empty());
    }

    /// Adds all that comes after the start tag at an address, to the end of the tape.
    pub fn rest(&mut self, at: Address) {
        let grow = &mut self.grow;
        let mut first = true;
        self.player.play(at, self.player.tape.address(), &mut |event| {
            if !std::mem::take(&mut first) {
                put(grow, event);
            }
            true
        });
    }

    /// Closes what was opened last.
    pub fn close(&mut self) {
        self.grow.end();
    }

    /// Adds the whole element whose start tag is at an address.
    pub fn element(&mut self, at: Address) {
        let grow = &mut self.grow;
        let mut depth = 0_usize;
        let end = Address { block: self.player.tape.blocks.len() as u32 + 1, byte: 0 };
        self.player.play(at, end, &mut |event| {
            match event {
                Played::Start { .. } => depth += 1,
                Played::End => depth = depth.saturating_sub(1),
                Played::Text(_) => {}
            }
            put(grow, event);
            depth > 0
        });
    }

    /// Adds all events from one address up to another. Tags that are closed but were not opened close what is around.
    pub fn stretch(&mut self, from: Address, to: Address) {
        let grow = &mut self.grow;
        self.player.play(from, to, &mut |event| {
            put(grow, event);
            true
        });
    }

    /// The element, with what is still open closed.
    #[must_use]
    pub fn finish(mut self) -> Element {
        self.grow.finish(Vec::new())
    }
}

fn put(grow: &mut Grow, event: Played<'_>) {
    match event {
        Played::Start { name, namespace, attributes } => grow.open(name, namespace, attributes),
        Played::Text(text) => grow.text(text),
        Played::End => grow.end(),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::shared::xml::{Event, Reader};
    use graph_model::Position;

    fn outline(element: ElementRef<'_>, out: &mut String) {
        out.push('<');
        out.push_str(element.name());
        for (name, value) in element.attributes() {
            out.push_str(&format!(" {name}={value}"));
        }
        out.push_str(&format!(" {}>", element.namespace()));
        for content in element.content() {
            match content {
                Content::Text(text) => out.push_str(text),
                Content::Element(element) => outline(element, out),
            }
        }
        out.push_str("</>");
    }

    #[test]
    fn what_is_on_a_tape_is_read_again_in_any_order() {
        let mut xml = String::from("<r xmlns='urn:x' id='ä'>");
        for number in 0..20_000 {
            xml.push_str(&format!("<p n='{number}' e=''>t<q xmlns='urn:y'>{number}</q>u</p>"));
        }
        xml.push_str("</r>");
        let mut reader = Reader::new(Box::new(xml.as_bytes()));
        let (mut tape, mut at) = (Tape::default(), Vec::new());
        loop {
            match reader.next().unwrap() {
                Event::Start(start) if start.name() == "r" => {
                    at.push(tape.address());
                    tape.start(&start);
                }
                Event::Start(_) => {
                    at.push(tape.address());
                    let element = reader.element().unwrap();
                    tape.element(&element);
                }
                Event::End(_) => tape.end(),
                Event::Text(_) => {}
                Event::Eof => break,
            }
        }
        assert!(tape.blocks.len() > 3 && tape.bytes() * 5 < xml.len(), "{}", tape.bytes());
        let player = Player::new(&tape);
        let mut splice = Splice::with(&player, at[0], Position::default());
        for number in [19_999, 0, 7_000] {
            splice.element(at[number + 1]);
        }
        splice.stretch(at[11], at[12]);
        let (mut met, mut expected) = (String::new(), String::from("<r id=ä urn:x>"));
        outline(splice.finish().root(), &mut met);
        for number in [19_999, 0, 7_000, 10] {
            expected.push_str(&format!("<p n={number} e= urn:x>t<q urn:y>{number}</>u</>"));
        }
        assert_eq!(met, expected + "</>");
        let mut tags = 0;
        player.tags(at[0], tape.address(), &mut |_, attributes| tags += 1 + attributes.count());
        assert_eq!(tags, 1 + 1 + 20_000 * 4);
        let mut texts = 0;
        player.texts(at[0], tape.address(), &mut |text| texts += text.len());
        assert_eq!(texts, 20_000 * 2 + 88_890);
    }
}
