//! Framed records: one a line, as JSON, of any formats: `{"id": "…", "format": "marcxml", "b64": "…"}`.
//!
//! This is how an engine that distributes work hands records over: it cuts a set as it likes and runs `aarre convert
//! --stdin` on each part; whatever the cut, the parts together are what the whole files give. Members of the object
//! (JSON, RFC 8259; lines as in JSON Lines):
//! - `b64`: the bytes of one record as its format has it, or of a whole file with several records, in Base64
//!   (RFC 4648, section 4), with or without padding;
//! - `format`: the identifier of a format of [`FORMATS`]; without it the format is told from the bytes;
//! - `id`: what the engine calls the record. Whatever of the frame goes to quarantine is named by it, unless the record
//!   itself has an identifier that can be read; IRIs are made of the record's own.
//!
//! Other members are passed over. A line that is no such object, or a frame without a record, goes to quarantine with
//! its line; the next line is read all the same. Formats that take a mapping file all take the same one.
//!
//! Deliberately left out: frames in frames, compressed bytes, and lines above 64 MiB. What a format knows only of a
//! whole file (the finding aid around a component, the heading of a table) has to be in the frame.

use crate::convert::{Convert, Fields, Outcome, Target};
use crate::{FORMATS, FormatEntry, Setup, SetupError, threads};
use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use graph_model::{Broken, Document, Position};
use serde::Deserialize;
use std::borrow::Cow;
use std::io::{BufRead, Read as _};
use std::ops::ControlFlow;

/// The line of framed records in the table of formats.
pub const FRAMED: FormatEntry = FormatEntry {
    id: ID,
    title: "Framed records, one a line, of any format",
    sniff,
    setup: |setup| Ok(Box::new(Framed::new(setup))),
};

const ID: &str = "framed";
const LONGEST: usize = 64 << 20;
const EXPECTED: &str = r#"a line such as {"id": "123", "format": "marcxml", "b64": "PHJlY29yZD4…"}"#;
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Whether the first line is an object with a member `b64`. A long one reaches beyond what is looked at.
fn sniff(head: &[u8]) -> bool {
    let line = head.trim_ascii_start();
    let end = memchr::memchr(b'\n', line).unwrap_or(line.len());
    line.starts_with(b"{") && memchr::memmem::find(&line[..end], b"\"b64\"").is_some()
}

/// A format ready to convert, or why it is not.
type Ready = Result<Box<dyn Convert>, SetupError>;

/// Framed records of all formats.
struct Framed {
    formats: Vec<(&'static FormatEntry, Ready)>,
}

/// The object of a line.
#[derive(Deserialize)]
struct Frame<'l> {
    #[serde(default, borrow)]
    id: Cow<'l, str>,
    #[serde(default, borrow)]
    format: Cow<'l, str>,
    #[serde(borrow)]
    b64: Cow<'l, str>,
}

/// One line of the input, not looked at yet.
struct Line {
    position: Position,
    bytes: Vec<u8>,
    /// It is longer than any line may be, and only its beginning is here.
    cut: bool,
}

impl Framed {
    fn new(setup: Setup<'_>) -> Self {
        let others = FORMATS.iter().filter(|entry| entry.id != ID);
        Self { formats: others.map(|entry| (entry, (entry.setup)(setup))).collect() }
    }

    /// The format of a frame and its bytes.
    fn open(&self, frame: &Frame<'_>) -> Result<(&dyn Convert, Vec<u8>), (String, String)> {
        let bytes = BASE64
            .decode(frame.b64.as_bytes())
            .map_err(|error| (format!("no Base64 in 'b64': {error}"), "Base64 as in RFC 4648".to_owned()))?;
        let told = |entry: &FormatEntry| match frame.format.as_ref() {
            "" => (entry.sniff)(&bytes[..bytes.len().min(64 << 10)]),
            id => entry.id == id,
        };
        let ids = || self.formats.iter().map(|(entry, _)| entry.id).collect::<Vec<_>>().join(", ");
        match self.formats.iter().find(|(entry, _)| told(entry)) {
            Some((_, Ok(format))) => Ok((format.as_ref(), bytes)),
            Some((_, Err(error))) => Err((error.to_string(), "a mapping file that fits".to_owned())),
            None if frame.format.is_empty() => {
                Err(("bytes of no known format".to_owned(), format!("one of {}, named in 'format'", ids())))
            }
            None => Err((format!("the format '{}'", frame.format), format!("one of {}", ids()))),
        }
    }

    /// Converts the records of one line. Whatever becomes of them, its position is that of the line.
    fn line(
        &self,
        line: &Line,
        target: Target<'_>,
        sink: &mut dyn FnMut(Outcome<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let broken = |id: &str, met: String, expected: Cow<'static, str>| {
            let id = (!id.is_empty()).then(|| id.to_owned());
            let raw = line.bytes[..line.bytes.len().min(Broken::RAW_LIMIT)].to_vec();
            Broken { position: line.position, id, met, expected, raw }
        };
        if line.cut {
            let met = format!("a line longer than {LONGEST} bytes");
            return sink(Outcome::Quarantined(&broken("", met, "shorter lines".into())));
        }
        let frame: Frame<'_> = match serde_json::from_slice(&line.bytes) {
            Ok(frame) => frame,
            Err(error) => {
                return sink(Outcome::Quarantined(&broken(
                    "",
                    format!("no framed record: {error}"),
                    EXPECTED.into(),
                )));
            }
        };
        let (format, bytes) = match self.open(&frame) {
            Ok(open) => open,
            Err((met, expected)) => {
                return sink(Outcome::Quarantined(&broken(&frame.id, met, expected.into())));
            }
        };
        let mut records = 0_u64;
        format.convert_on_this_thread(Box::new(bytes.as_slice()), target, &mut |outcome| {
            records += 1;
            match outcome {
                Outcome::Document { document, lines, .. } => {
                    sink(Outcome::Document { document, position: line.position, lines })
                }
                Outcome::Deleted { identifier, .. } => {
                    sink(Outcome::Deleted { identifier, position: line.position })
                }
                Outcome::Quarantined(inner) => {
                    let Position { record, byte, .. } = inner.position;
                    let met = format!("{} (record {record} of the frame, byte {byte})", inner.met);
                    let id = inner.id.as_deref().unwrap_or(&frame.id);
                    let raw = inner.raw.clone();
                    let broken = Broken { raw, ..broken(id, met, inner.expected.clone()) };
                    sink(Outcome::Quarantined(&broken))
                }
            }
        })?;
        if records > 0 {
            return ControlFlow::Continue(());
        }
        let met = "a frame without a record".to_owned();
        sink(Outcome::Quarantined(&broken(&frame.id, met, "the bytes of at least one".into())))
    }
}

impl Convert for Framed {
    fn convert(
        &self,
        input: Box<dyn BufRead + Send + '_>,
        target: Target<'_>,
        sink: &mut dyn FnMut(Outcome<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        // The maker writes the lines of what it takes.
        let inner = Target { lines: None, ..target };
        threads::in_order(
            input,
            target.lines,
            |input, hand_out| {
                let _ = Lines::new(input).try_for_each(hand_out);
            },
            |line, maker| match line {
                Ok(line) => self.line(&line, inner, &mut |outcome| maker.take(outcome)),
                Err(broken) => maker.take(Outcome::Quarantined(&broken)),
            },
            sink,
        )
    }

    fn convert_on_this_thread(
        &self,
        input: Box<dyn BufRead + Send + '_>,
        target: Target<'_>,
        sink: &mut dyn FnMut(Outcome<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        Lines::new(input).try_for_each(|line| match line {
            Ok(line) => self.line(&line, target, sink),
            Err(broken) => sink(Outcome::Quarantined(&broken)),
        })
    }

    fn inspect(
        &self,
        input: Box<dyn BufRead + Send + '_>,
        target: Target<'_>,
        sink: &mut dyn FnMut(&Document, &Fields<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        Lines::new(input).flatten().try_for_each(|line| {
            let Ok(frame) = serde_json::from_slice::<Frame<'_>>(&line.bytes) else {
                return ControlFlow::Continue(());
            };
            match self.open(&frame) {
                Ok((format, bytes)) => format.inspect(Box::new(bytes.as_slice()), target, sink),
                Err(_) => ControlFlow::Continue(()),
            }
        })
    }
}

/// The lines of an input that are not empty. An input that cannot be read on gives one broken piece and ends.
struct Lines<'i> {
    input: Box<dyn BufRead + 'i>,
    /// Where the next line begins; `record` counts the frames.
    next: Position,
    over: bool,
}

impl<'i> Lines<'i> {
    fn new(input: Box<dyn BufRead + 'i>) -> Self {
        Self { input, next: Position { record: 1, byte: 0, line: Some(1) }, over: false }
    }

    /// Reads a line; nothing at the end of the input.
    fn read(&mut self) -> std::io::Result<Option<Line>> {
        let (mut bytes, position) = (Vec::new(), self.next);
        let mut read = self.input.by_ref().take(LONGEST as u64).read_until(b'\n', &mut bytes)? as u64;
        let cut = read == LONGEST as u64 && bytes.last() != Some(&b'\n');
        if cut {
            read += skip_line(&mut self.input)?;
        }
        self.next.byte += read;
        self.next.line = position.line.map(|line| line + 1);
        Ok((read > 0).then_some(Line { position, bytes, cut }))
    }
}

impl Iterator for Lines<'_> {
    type Item = Result<Line, Broken>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.over {
            match self.read() {
                Ok(Some(line)) if line.bytes.trim_ascii().is_empty() => {}
                Ok(Some(line)) => {
                    self.next.record += 1;
                    return Some(Ok(line));
                }
                Ok(None) => self.over = true,
                Err(error) => {
                    self.over = true;
                    let met = format!("the input could not be read on: {error}");
                    let expected = Cow::Borrowed("a readable input");
                    return Some(Err(Broken {
                        position: self.next,
                        id: None,
                        met,
                        expected,
                        raw: Vec::new(),
                    }));
                }
            }
        }
        None
    }
}

/// Goes past the end of the line and says how many bytes that were.
fn skip_line(input: &mut impl BufRead) -> std::io::Result<u64> {
    let mut skipped = 0;
    loop {
        let bytes = input.fill_buf()?;
        let end = memchr::memchr(b'\n', bytes);
        let length = end.map_or(bytes.len(), |end| end + 1);
        input.consume(length);
        skipped += length as u64;
        if end.is_some() || length == 0 {
            return Ok(skipped);
        }
    }
}

#[cfg(test)]
mod tests;
