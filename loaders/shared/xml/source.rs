//! From bytes in any encoding to UTF-8, with the place of every byte.
//!
//! `quick-xml` consumes exactly the bytes of an event and never reads ahead, so what was consumed tells the exact place.
//! Lines are counted, and text is kept, not at every event but when somebody asks or the buffer is filled anew.

use super::limits;
use encoding_rs::{Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};
use std::io::{self, BufRead, Read};

const CHUNK: usize = 64 << 10;
/// How much plain text is looked at as a whole.
const LONGEST: usize = CHUNK;
const REPLACEMENT: &[u8] = "\u{FFFD}".as_bytes();

/// How many bytes of the input stand behind the decoded text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    /// As many as the UTF-8 has.
    Same,
    /// One a character.
    Character,
    /// Two a UTF-16 code unit.
    Utf16,
}

/// A place in the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) byte: u64,
    pub(super) line: u64,
}

/// A place, and the text between it and the one that is meant: the way there is gone when somebody asks for it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot<'e> {
    near: Place,
    between: &'e [u8],
    unit: Unit,
}

impl Spot<'_> {
    pub(super) fn byte(self) -> u64 {
        self.near.byte + length(self.unit, self.between)
    }

    pub(super) fn place(self) -> Place {
        let mut place = self.near;
        advance(&mut place, self.unit, self.between);
        place
    }
}

pub(super) struct Source<'i> {
    inner: Box<dyn BufRead + 'i>,
    started: bool,
    ended: bool,
    decoder: Option<Decoder>,
    unit: Unit,
    /// For UTF-8, `text[at..valid]` is checked text and `text[valid..filled]` is not checked yet; for other
    /// encodings all of `text[at..valid]` was decoded.
    text: Vec<u8>,
    /// `text[checked_at..valid]` once more, as text: so no piece of it is checked again when it is taken.
    checked: String,
    checked_at: usize,
    /// `checked` is of what `text` holds now.
    fresh: bool,
    at: usize,
    valid: usize,
    filled: usize,
    /// Length of the bad bytes at `at` in whose place U+FFFD is being served, and how much of that was taken.
    bad: Option<(usize, usize)>,
    /// Text that was put back, served before anything else, and the place to return to after it.
    back: Vec<u8>,
    back_at: usize,
    after_back: Place,
    /// The place of `text[settled]`; what stands from there to `at` is consumed, and neither counted nor kept yet.
    place: Place,
    settled: usize,
    /// Where the event began: in `text`, or its place once that was settled.
    event: usize,
    event_place: Option<Place>,
    /// How many bytes may still be consumed before a limit is reached.
    budget: u64,
    pub(super) over_budget: bool,
    /// How many runs of bad bytes were met.
    pub(super) bad_runs: u64,
    /// What was consumed since the mark, at most [`Source::KEEP`] bytes.
    kept: Option<Vec<u8>>,
    pub(super) kept_all: bool,
    pub(super) marked: Place,
}

impl std::fmt::Debug for Source<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Source").field("place", &self.place).finish_non_exhaustive()
    }
}

impl<'i> Source<'i> {
    /// How much is kept since the mark.
    pub(super) const KEEP: usize = graph_model::Broken::RAW_LIMIT;

    pub(super) fn new(inner: Box<dyn BufRead + 'i>) -> Self {
        Self {
            inner,
            started: false,
            ended: false,
            decoder: None,
            unit: Unit::Same,
            text: Vec::new(),
            checked: String::new(),
            checked_at: 0,
            fresh: false,
            at: 0,
            valid: 0,
            filled: 0,
            bad: None,
            back: Vec::new(),
            back_at: 0,
            after_back: Place { byte: 0, line: 1 },
            place: Place { byte: 0, line: 1 },
            settled: 0,
            event: 0,
            event_place: None,
            budget: limits::TEXT,
            over_budget: false,
            bad_runs: 0,
            kept: None,
            kept_all: true,
            marked: Place { byte: 0, line: 1 },
        }
    }

    pub(super) fn empty() -> Self {
        Self::new(Box::new(io::empty()))
    }

    /// Where the next byte stands.
    pub(super) fn place(&mut self) -> Place {
        self.settle();
        self.place
    }

    /// Counts and keeps what was consumed.
    pub(super) fn settle(&mut self) {
        if self.event_place.is_none() {
            self.event_place = Some(self.event().place());
        }
        if self.settled == self.at {
            return;
        }
        let bytes = &self.text[self.settled..self.at];
        if let Some(kept) = &mut self.kept {
            self.kept_all &= keep(kept, bytes);
        }
        advance(&mut self.place, self.unit, bytes);
        self.settled = self.at;
    }

    /// Remembers that an event begins here.
    pub(super) fn begin_event(&mut self) {
        self.event = self.at;
        self.event_place = None;
        // Where bytes are not those of the input, the way to the next event would be gone again and again.
        if self.back_at < self.back.len() || self.bad.is_some() || self.unit != Unit::Same {
            self.settle();
        }
    }

    /// Where the last event began.
    pub(super) fn event(&self) -> Spot<'_> {
        match self.event_place {
            Some(near) => Spot { near, between: &[], unit: self.unit },
            None => {
                let between = &self.text[self.settled..self.event];
                Spot { near: self.place, between, unit: self.unit }
            }
        }
    }

    /// The text from here to the end of the buffer, where it is plain input: nothing was put back, no bytes are bad.
    pub(super) fn plain(&mut self) -> io::Result<&[u8]> {
        if !self.started {
            self.start()?;
        }
        if self.back_at < self.back.len() {
            return Ok(&[]);
        }
        if self.at == self.valid && self.bad.is_none() {
            self.refill()?;
        }
        if self.bad.is_some() {
            return Ok(&[]);
        }
        if !self.fresh {
            self.freshen();
        }
        Ok(&self.text[self.at..self.valid])
    }

    fn freshen(&mut self) {
        self.checked.clear();
        self.checked_at = self.at;
        // It is not where a character was cut by what took single bytes.
        let text = std::str::from_utf8(&self.text[self.at..self.valid]);
        self.fresh = text.is_ok();
        self.checked.push_str(text.unwrap_or_default());
    }

    /// Reads on behind the plain text; false when it cannot become longer.
    pub(super) fn extend(&mut self) -> io::Result<bool> {
        let length = self.valid - self.at;
        if self.decoder.is_some() || self.ended || length == 0 || length > LONGEST {
            return Ok(false);
        }
        let next = std::str::from_utf8(&self.text[self.valid..self.filled]);
        if next.is_err_and(|error| error.error_len().is_some()) {
            return Ok(false);
        }
        self.settle();
        self.text.copy_within(self.at..self.filled, 0);
        (self.filled, self.valid) = (self.filled - self.at, length);
        (self.at, self.settled) = (0, 0);
        self.read_more()?;
        self.valid += match std::str::from_utf8(&self.text[length..self.filled]) {
            Ok(more) => more.len(),
            Err(error) => error.valid_up_to(),
        };
        self.freshen();
        Ok(self.valid > length)
    }

    /// So many bytes of the plain text, where they end with a whole character.
    pub(super) fn ahead(&self, length: usize) -> Option<&str> {
        let from = self.at.checked_sub(self.checked_at).filter(|_| self.fresh)?;
        self.checked.get(from..from + length)
    }

    /// Consumes plain text.
    pub(super) fn pass(&mut self, amount: usize) {
        self.at += amount;
    }

    /// Grants the next event its bytes.
    pub(super) fn grant(&mut self, bytes: u64) {
        self.budget = bytes;
        self.over_budget = false;
    }

    /// Begins to keep what is consumed, from here on.
    pub(super) fn mark(&mut self) {
        self.settle();
        self.kept.get_or_insert_default().clear();
        self.kept_all = true;
        self.marked = self.place;
    }

    /// What was consumed since the mark.
    pub(super) fn take_kept(&mut self) -> Vec<u8> {
        self.settle();
        self.kept.take().unwrap_or_default()
    }

    /// Puts text back; it was consumed last and stood at `place`.
    pub(super) fn unread(&mut self, text: Vec<u8>, place: Place) {
        self.settle();
        if self.back[..self.back_at].ends_with(&text) {
            // It came from here, so it need not be copied; many small faults would else be quadratic.
            self.back_at -= text.len();
            self.place = place;
            return;
        }
        if self.back_at < self.back.len() {
            let rest = self.back.split_off(self.back_at);
            self.back = text;
            self.back.extend_from_slice(&rest);
        } else {
            self.after_back = self.place;
            self.back = text;
        }
        self.back_at = 0;
        self.place = place;
    }

    fn start(&mut self) -> io::Result<()> {
        self.settle();
        self.started = true;
        self.text = vec![0; CHUNK];
        // A declaration stands within the first kilobyte; a short read is no end.
        while self.filled < 1_024 && !self.ended {
            self.read_more()?;
        }
        let head = &self.text[..self.filled];
        let (encoding, mark) = match Encoding::for_bom(head) {
            Some(found) => found,
            None if head.starts_with(b"<\0?\0") => (UTF_16LE, 0),
            None if head.starts_with(b"\0<\0?") => (UTF_16BE, 0),
            None => (declared(head).unwrap_or(UTF_8), 0),
        };
        self.fresh = false;
        self.place.byte = mark as u64;
        (self.at, self.settled) = (mark, mark);
        self.valid = mark;
        if encoding != UTF_8 {
            self.unit = if encoding == UTF_16LE || encoding == UTF_16BE {
                Unit::Utf16
            } else if encoding.is_single_byte() {
                Unit::Character
            } else {
                // The byte places of the multi-byte encodings of East Asia are only near the truth.
                Unit::Same
            };
            let raw = self.text[mark..self.filled].to_vec();
            self.decoder = Some(encoding.new_decoder_without_bom_handling());
            (self.at, self.settled, self.valid, self.filled) = (0, 0, 0, 0);
            self.decode(&raw, self.ended);
        }
        Ok(())
    }

    /// Reads once from the input behind `filled`.
    fn read_more(&mut self) -> io::Result<()> {
        if self.filled == self.text.len() {
            self.text.resize(self.filled + CHUNK, 0);
        }
        loop {
            match self.inner.read(&mut self.text[self.filled..]) {
                Ok(0) => self.ended = true,
                Ok(read) => self.filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            }
            return Ok(());
        }
    }

    fn decode(&mut self, raw: &[u8], last: bool) {
        let Some(decoder) = &mut self.decoder else { return };
        let needed = decoder.max_utf8_buffer_length(raw.len()).unwrap_or(raw.len() * 3 + 16);
        if self.text.len() < needed {
            self.text.resize(needed, 0);
        }
        let (_, _, written, bad) = decoder.decode_to_utf8(raw, &mut self.text, last);
        self.bad_runs += u64::from(bad);
        self.fresh = false;
        (self.at, self.settled, self.valid, self.filled) = (0, 0, written, written);
    }

    /// Makes `at < valid`, or sets `bad`, unless the input is at its end.
    fn refill(&mut self) -> io::Result<()> {
        self.settle();
        self.fresh = false;
        if self.decoder.is_some() {
            while self.at == self.valid && !self.ended {
                let mut raw = vec![0; CHUNK / 4];
                let read = match self.inner.read(&mut raw) {
                    Ok(read) => read,
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    Err(error) => return Err(error),
                };
                self.ended = read == 0;
                self.decode(&raw[..read], read == 0);
            }
            return Ok(());
        }
        loop {
            if self.valid == self.filled {
                (self.at, self.settled, self.valid, self.filled) = (0, 0, 0, 0);
                if self.ended {
                    return Ok(());
                }
                self.read_more()?;
                if self.ended {
                    return Ok(());
                }
            }
            match std::str::from_utf8(&self.text[self.valid..self.filled]) {
                Ok(_) => self.valid = self.filled,
                Err(error) if error.valid_up_to() > 0 => self.valid += error.valid_up_to(),
                Err(error) => match error.error_len() {
                    Some(length) => self.bad = Some((length, 0)),
                    None if self.ended => self.bad = Some((self.filled - self.valid, 0)),
                    None => {
                        self.text.copy_within(self.valid..self.filled, 0);
                        (self.at, self.settled, self.filled) = (0, 0, self.filled - self.valid);
                        self.valid = 0;
                        self.read_more()?;
                        continue;
                    }
                },
            }
            return Ok(());
        }
    }

    /// Goes past everything before the next `<name` that is a whole tag name, and adds what was passed to
    /// `passed` up to [`Source::KEEP`]. False when there is none.
    pub(super) fn skip_to_tag(&mut self, name: &str, passed: &mut Vec<u8>) -> io::Result<bool> {
        let wanted: Vec<u8> = std::iter::once(b'<').chain(name.bytes()).collect();
        loop {
            self.grant(u64::MAX);
            let available = self.fill_buf()?;
            if available.is_empty() {
                return Ok(false);
            }
            let gap = memchr::memchr(b'<', available).unwrap_or(available.len());
            if gap > 0 {
                keep(passed, &available[..gap]);
                self.consume(gap);
                continue;
            }
            let place = self.place();
            let mut met = Vec::with_capacity(wanted.len() + 1);
            while met.len() <= wanted.len() {
                let Some(&byte) = self.fill_buf()?.first() else { break };
                let fits = wanted.get(met.len()).map_or_else(|| ends_name(byte), |&wanted| wanted == byte);
                if !fits {
                    break;
                }
                met.push(byte);
                self.consume_one();
            }
            if met.len() > wanted.len() {
                self.unread(met, place);
                return Ok(true);
            }
            keep(passed, &met);
        }
    }

    /// Consumes one byte, which may be a part of a character.
    fn consume_one(&mut self) {
        self.consume(1);
    }
}

/// Whether the byte ends the name in a start tag.
pub(super) fn ends_name(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'/' | b'>')
}

/// Adds bytes up to [`Source::KEEP`].
pub(super) fn keep(kept: &mut Vec<u8>, bytes: &[u8]) -> bool {
    let room = Source::KEEP.saturating_sub(kept.len());
    kept.extend_from_slice(&bytes[..bytes.len().min(room)]);
    bytes.len() <= room
}

impl BufRead for Source<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if !self.started {
            self.start()?;
        }
        if self.budget == 0 {
            self.over_budget = true;
            return Err(io::Error::other("over the limit"));
        }
        if self.back_at < self.back.len() {
            return Ok(&self.back[self.back_at..]);
        }
        if self.at == self.valid && self.bad.is_none() {
            self.refill()?;
        }
        if let Some((_, served)) = self.bad {
            return Ok(&REPLACEMENT[served..]);
        }
        Ok(&self.text[self.at..self.valid])
    }

    fn consume(&mut self, amount: usize) {
        if amount == 0 {
            return;
        }
        self.budget = self.budget.saturating_sub(amount as u64);
        if self.back_at == self.back.len() && self.bad.is_none() {
            self.at += amount;
            return;
        }
        // What was put back or is bad stands outside of the text, so it is counted and kept at once.
        self.settle();
        let bytes = match self.bad {
            _ if self.back_at < self.back.len() => &self.back[self.back_at..self.back_at + amount],
            Some((_, served)) => &REPLACEMENT[served..served + amount],
            None => &[],
        };
        if let Some(kept) = &mut self.kept {
            self.kept_all &= keep(kept, bytes);
        }
        if self.back_at < self.back.len() {
            advance(&mut self.place, self.unit, bytes);
            // What is read again may have replacements longer than the bytes they stand for.
            self.place.byte = self.place.byte.min(self.after_back.byte);
            self.back_at += amount;
            if self.back_at == self.back.len() {
                self.back = Vec::new();
                self.back_at = 0;
                self.place = self.after_back;
            }
        } else if let Some((length, served)) = self.bad {
            let served = served + amount;
            self.bad = if served == REPLACEMENT.len() { None } else { Some((length, served)) };
            if self.bad.is_none() {
                self.place.byte += length as u64;
                self.fresh = false;
                self.valid += length;
                (self.at, self.settled) = (self.valid, self.valid);
                self.bad_runs += 1;
            }
        }
    }
}

impl Read for Source<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let length = available.len().min(buffer.len());
        buffer[..length].copy_from_slice(&available[..length]);
        self.consume(length);
        Ok(length)
    }
}

fn advance(place: &mut Place, unit: Unit, bytes: &[u8]) {
    place.line += memchr::memchr_iter(b'\n', bytes).count() as u64;
    place.byte += length(unit, bytes);
}

/// How many bytes of the input stand behind decoded text.
fn length(unit: Unit, bytes: &[u8]) -> u64 {
    match unit {
        Unit::Same => bytes.len() as u64,
        // A character begins with a byte that is no continuation byte.
        Unit::Character => bytes.iter().filter(|&&b| b & 0xC0 != 0x80).count() as u64,
        // Characters beyond the basic plane begin with 0xF0 or higher and take two units.
        Unit::Utf16 => {
            bytes.iter().map(|&b| u64::from(b & 0xC0 != 0x80) + u64::from(b >= 0xF0)).sum::<u64>() * 2
        }
    }
}

/// The encoding that the XML declaration names; UTF-16 in a declaration that could be read as ASCII is not
/// so.
fn declared(head: &[u8]) -> Option<&'static Encoding> {
    let declaration = head.strip_prefix(b"<?xml")?;
    let declaration = &declaration[..memchr::memchr(b'>', declaration)?];
    let at = memchr::memmem::find(declaration, b"encoding")?;
    let rest = declaration[at + "encoding".len()..].trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let (&quote, rest) = rest.split_first()?;
    let label = &rest[..memchr::memchr(quote, rest)?];
    Encoding::for_label(label).filter(|e| *e != UTF_16LE && *e != UTF_16BE && e.is_ascii_compatible())
}
