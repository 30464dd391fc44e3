//! JSON: from bytes to records, one an object. A list of objects, objects one after another (JSON lines), and the values
//! at a path inside of others, which are passed without being held.
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
    /// The paths of the records, where the mapping tells them.
    at: &'a [Vec<String>],
    /// The values that are open around the place of reading, when there are paths.
    open: Vec<Open>,
    /// Whether any value stood at one of the paths.
    reached: bool,
    /// The name under which the record stands, where a path ends with `*`.
    key: Option<String>,
    input: Box<dyn BufRead + 'a>,
    position: Position,
    records: u64,
    buffer: Vec<u8>,
    /// Whether the records stand in one list.
    listed: Option<bool>,
    done: bool,
}

/// An object or list that is open around the place of reading.
#[derive(Debug)]
struct Open {
    list: bool,
    /// How many steps of which path lead here.
    matched: Vec<(usize, usize)>,
    /// The name of the member that comes next; `None` where one is expected.
    name: Option<String>,
}

/// How many objects and lists may stand around a record.
const DEPTH: usize = 256;
/// How many bytes the name of a member around a record has.
const NAME: usize = 4_096;

impl<'a> Objects<'a> {
    pub(super) fn new(input: Box<dyn BufRead + 'a>, at: &'a [Vec<String>]) -> Self {
        Self {
            at,
            open: Vec::new(),
            reached: false,
            key: None,
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
        if !self.at.is_empty() {
            return self.seek_at();
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

    /// Goes to the first byte of the next record at one of the paths.
    fn seek_at(&mut self) -> std::io::Result<Option<u8>> {
        self.listed = Some(true);
        while let Some(byte) = self.peek()? {
            match byte {
                b if b.is_ascii_whitespace() || b == b':' => self.skip(b),
                b',' => {
                    self.skip(byte);
                    if let Some(open) = self.open.last_mut() {
                        open.name = None;
                    }
                }
                b'}' | b']' => {
                    self.skip(byte);
                    self.open.pop();
                }
                b'"' if self.open.last().is_some_and(|open| !open.list && open.name.is_none()) => {
                    let name = self.name()?;
                    if let Some(open) = self.open.last_mut() {
                        open.name = Some(name);
                    }
                }
                _ => {
                    let matched = self.matched();
                    let whole = matched.iter().any(|&(path, steps)| self.at[path].len() == steps);
                    self.reached |= whole;
                    match byte {
                        b'{' if whole => {
                            let last = self.open.last();
                            self.key = last.filter(|open| !open.list).and_then(|open| open.name.clone());
                            return Ok(Some(byte));
                        }
                        b'{' | b'[' if !matched.is_empty() => {
                            if self.open.len() == DEPTH {
                                return Err(invalid("more than 256 objects and lists around the records"));
                            }
                            self.skip(byte);
                            self.open.push(Open { list: byte == b'[', matched, name: None });
                        }
                        _ => self.pass()?,
                    }
                }
            }
        }
        match (self.open.is_empty(), self.reached || self.position.byte == 0) {
            (false, _) => Err(invalid("a bracket around the records is not closed")),
            (true, true) => Ok(None),
            (true, false) => {
                let paths: Vec<String> = self.at.iter().map(|path| path.join("/")).collect();
                Err(invalid(&format!("there is nothing at '{}'", paths.join("', '"))))
            }
        }
    }

    /// The paths that lead to the value which comes next, with how many of their steps are gone. Lists are no steps.
    fn matched(&self) -> Vec<(usize, usize)> {
        let Some(around) = self.open.last() else {
            return (0..self.at.len()).map(|path| (path, 0)).collect();
        };
        if around.list {
            return around.matched.clone();
        }
        let Some(name) = &around.name else { return Vec::new() };
        let fits = |&&(path, steps): &&(usize, usize)| {
            self.at[path].get(steps).is_some_and(|step| step == "*" || step == name)
        };
        around.matched.iter().filter(fits).map(|&(path, steps)| (path, steps + 1)).collect()
    }

    /// The name of a member.
    fn name(&mut self) -> std::io::Result<String> {
        let mut bytes = Vec::new();
        let mut escaped = false;
        while let Some(byte) = self.peek()? {
            self.skip(byte);
            bytes.push(byte);
            if bytes.len() > NAME {
                return Err(invalid("a name of more than 4,096 bytes"));
            }
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' if bytes.len() > 1 => break,
                _ => {}
            }
        }
        serde_json::from_slice(&bytes)
            .map_err(|error| invalid(&format!("a name that cannot be read: {error}")))
    }

    /// Passes a value without holding it.
    fn pass(&mut self) -> std::io::Result<()> {
        let (mut depth, mut in_string, mut escaped) = (0_u64, false, false);
        loop {
            let chunk = self.input.fill_buf()?;
            if chunk.is_empty() {
                return Ok(());
            }
            let mut taken = 0;
            let mut whole = false;
            for &byte in chunk {
                if !in_string && depth == 0 && matches!(byte, b',' | b'}' | b']') {
                    whole = true;
                    break;
                }
                taken += 1;
                match byte {
                    _ if escaped => escaped = false,
                    b'\\' if in_string => escaped = true,
                    b'"' => in_string = !in_string,
                    _ if in_string => {}
                    b'{' | b'[' => depth += 1,
                    b'}' | b']' => depth -= 1,
                    // Values one after another on the top level have nothing between them but white space.
                    b'\n' if depth == 0 => whole = true,
                    _ => {}
                }
                if whole || (depth == 0 && !in_string && matches!(byte, b'}' | b']' | b'"')) {
                    whole = true;
                    break;
                }
            }
            let lines = memchr::memchr_iter(b'\n', &chunk[..taken]).count() as u64;
            self.input.consume(taken);
            self.position.byte += taken as u64;
            self.position.line = self.position.line.map(|line| line + lines);
            if whole {
                return Ok(());
            }
        }
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
                    match error.kind() {
                        std::io::ErrorKind::InvalidData => error.to_string(),
                        _ => format!("the input ends early: {error}"),
                    },
                    if self.at.is_empty() {
                        "']' after the last record"
                    } else {
                        "records at the path that [records] names"
                    },
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
        let mut parsed = serde_json::from_slice::<Value>(&self.buffer);
        if let (Ok(Value::Object(members)), Some(key)) = (&mut parsed, self.key.take()) {
            members.entry("@key").or_insert(Value::String(key));
        }
        match parsed {
            Ok(value @ Value::Object(_)) => Some(Ok(Row {
                position: start,
                cells: Cells::Object(value),
                oddities: Vec::new(),
                first: self.records == 1,
                more: Vec::new(),
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

fn invalid(met: &str) -> std::io::Error {
    std::io::Error::new(std::io::ErrorKind::InvalidData, met.to_owned())
}
