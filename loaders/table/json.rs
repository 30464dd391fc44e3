//! JSON: from bytes to records, one an object. A list of objects, and objects one after another (JSON lines).
//!
//! The cutter only counts brackets outside strings; each record is then parsed alone, so that one broken record does not
//! take the others with it and no more than one is in memory.

use super::input::{LONGEST, byte_order_mark};
use super::row::{Cells, Row};
use graph_model::{Broken, Position};
use serde_json::Value;
use std::io::BufRead;

/// Cuts JSON into records.
pub(super) struct Objects<'a> {
    input: Box<dyn BufRead + 'a>,
    position: Position,
    records: u64,
    buffer: Vec<u8>,
    /// Whether the records stand in one list.
    listed: Option<bool>,
    done: bool,
}

impl<'a> Objects<'a> {
    pub(super) fn new(input: Box<dyn BufRead + 'a>) -> Self {
        Self {
            input,
            position: Position { record: 0, byte: 0, line: Some(1) },
            records: 0,
            buffer: Vec::new(),
            listed: None,
            done: false,
        }
    }

    fn broken(&mut self, start: Position, met: impl Into<String>, expected: &'static str) -> Broken {
        let kept = self.buffer.len().min(Broken::RAW_LIMIT);
        Broken {
            position: start,
            id: None,
            met: met.into(),
            expected: expected.into(),
            raw: self.buffer[..kept].to_vec(),
        }
    }

    fn peek(&mut self) -> std::io::Result<Option<u8>> {
        Ok(self.input.fill_buf()?.first().copied())
    }

    fn skip(&mut self, byte: u8) {
        self.input.consume(1);
        self.position.byte += 1;
        if byte == b'\n' {
            self.position.line = self.position.line.map(|line| line + 1);
        }
    }

    /// Goes to the first byte of the next record; `None` at the end.
    fn seek(&mut self) -> std::io::Result<Option<u8>> {
        if self.position.byte == 0
            && let Some((_, length)) = byte_order_mark(self.input.fill_buf()?)
        {
            self.input.consume(length);
            self.position.byte += length as u64;
        }
        while let Some(byte) = self.peek()? {
            match byte {
                b'[' if self.listed.is_none() => {
                    self.listed = Some(true);
                    self.skip(byte);
                }
                b if b.is_ascii_whitespace() || b == b',' => self.skip(b),
                b']' if self.listed == Some(true) => {
                    self.skip(byte);
                    return Ok(None);
                }
                other => {
                    self.listed.get_or_insert(false);
                    return Ok(Some(other));
                }
            }
        }
        if self.listed == Some(true) {
            return Err(std::io::Error::new(
                std::io::ErrorKind::UnexpectedEof,
                "the list has no closing bracket",
            ));
        }
        Ok(None)
    }

    /// Reads one record's bytes into the buffer; false when the input ended, or a new record began, inside it.
    fn cut(&mut self) -> std::io::Result<bool> {
        self.buffer.clear();
        let (mut depth, mut in_string, mut escaped, mut line_start) = (0_u32, false, false, false);
        loop {
            let chunk = self.input.fill_buf()?;
            if chunk.is_empty() {
                return Ok(false);
            }
            let mut taken = 0;
            let mut whole = None;
            for &byte in chunk {
                // In pretty-printed records only the first brace of one stands at the beginning of a line.
                if line_start && byte == b'{' && depth > 0 && self.listed == Some(false) {
                    whole = Some(false);
                    break;
                }
                line_start = byte == b'\n';
                taken += 1;
                if in_string {
                    match byte {
                        _ if escaped => escaped = false,
                        b'\\' => escaped = true,
                        b'"' => in_string = false,
                        // A string of JSON holds no bare line feed: the quotation mark was never closed.
                        b'\n' => {
                            in_string = false;
                            if self.listed == Some(false) {
                                whole = Some(false);
                                break;
                            }
                        }
                        _ => {}
                    }
                    continue;
                }
                match byte {
                    b'"' => in_string = true,
                    b'{' | b'[' => depth += 1,
                    b'}' | b']' => {
                        depth = depth.saturating_sub(1);
                        if depth == 0 {
                            whole = Some(true);
                            break;
                        }
                    }
                    b'\n' | b',' if depth == 0 => {
                        whole = Some(true);
                        break;
                    }
                    _ => {}
                }
            }
            self.buffer.extend_from_slice(&chunk[..taken]);
            let lines = memchr::memchr_iter(b'\n', &chunk[..taken]).count() as u64;
            self.input.consume(taken);
            self.position.byte += taken as u64;
            self.position.line = self.position.line.map(|line| line + lines);
            if let Some(whole) = whole {
                return Ok(whole);
            }
            if self.buffer.len() > LONGEST {
                return Ok(false);
            }
        }
    }
}

impl Iterator for Objects<'_> {
    type Item = Result<Row, Broken>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let sought = self.seek();
        let mut start = self.position;
        start.record = self.records + 1;
        match sought {
            Ok(Some(_)) => {}
            Ok(None) => {
                self.done = true;
                return None;
            }
            Err(error) => {
                self.done = true;
                self.buffer.clear();
                return Some(Err(self.broken(
                    start,
                    format!("the input ends early: {error}"),
                    "']' after the last record",
                )));
            }
        }
        self.records += 1;
        match self.cut() {
            Ok(true) => {}
            Ok(false) => {
                // In a list, nothing tells where the next record begins once the brackets are out of step.
                self.done = self.listed == Some(true);
                return Some(Err(self.broken(
                    start,
                    "a record without its end",
                    "as many closing as opening brackets",
                )));
            }
            Err(error) => {
                self.done = true;
                return Some(Err(self.broken(start, format!("the input ends early: {error}"), "more bytes")));
            }
        }
        match serde_json::from_slice::<Value>(&self.buffer) {
            Ok(value @ Value::Object(_)) => Some(Ok(Row {
                position: start,
                cells: Cells::Object(value),
                oddities: Vec::new(),
                first: self.records == 1,
            })),
            Ok(_) => {
                Some(Err(self.broken(start, "a value that is no object", "an object, in braces, a record")))
            }
            Err(error) => Some(Err(self.broken(
                start,
                format!("JSON that cannot be read: {error}"),
                "an object of JSON",
            ))),
        }
    }
}
