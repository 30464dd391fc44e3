//! The access log: a line for each request, when its answer begins.
//!
//! Lines are gathered and written by a thread of their own, a few times a second, so that a request pays for the text
//! and never for the writing. When the reader of the log does not keep up, lines are left out and counted rather than
//! gathered without end.
//!
//! No line holds a whole address: of IPv4 the last byte, of IPv6 all but the first 48 bits are left out.

use crate::sparql::Client;
use std::io::Write as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How often lines are written.
const PAUSE: Duration = Duration::from_millis(250);
/// How many bytes may wait.
const MOST: usize = 4 << 20;

/// How lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessForm {
    /// Words and `name=value` pairs.
    Text,
    /// One JSON object a line.
    Json,
}

/// What is said of a request.
#[derive(Debug)]
pub(crate) struct Line<'l> {
    pub(crate) client: Client,
    pub(crate) method: &'l str,
    /// Without the parameters: they may say more than a log should know.
    pub(crate) path: &'l str,
    pub(crate) status: u16,
    /// Unknown when the answer is still being made.
    pub(crate) bytes: Option<u64>,
    pub(crate) took: Duration,
    pub(crate) cache: Option<&'l str>,
    pub(crate) query: Option<&'l str>,
    pub(crate) rows: Option<u64>,
}

/// The log; dropping it writes what is left.
#[derive(Debug)]
pub(crate) struct AccessLog {
    form: AccessForm,
    waiting: Arc<Mutex<Waiting>>,
}

#[derive(Debug, Default)]
struct Waiting {
    lines: Vec<u8>,
    left_out: u64,
    second: u64,
    /// The second in words: it is the same for thousands of lines.
    clock: String,
}

impl AccessLog {
    /// A log on standard error.
    pub(crate) fn start(form: AccessForm) -> Self {
        let waiting = Arc::<Mutex<Waiting>>::default();
        let weak = Arc::downgrade(&waiting);
        let writing = move || {
            while let Some(waiting) = weak.upgrade() {
                write_out(&waiting);
                drop(waiting);
                std::thread::sleep(PAUSE);
            }
        };
        if let Err(error) = std::thread::Builder::new().name("access-log".to_owned()).spawn(writing) {
            tracing::error!(%error, "there is no access log");
        }
        Self { form, waiting }
    }

    pub(crate) fn write(&self, line: &Line<'_>) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.lines.len() > MOST {
            waiting.left_out += 1;
            return;
        }
        let second = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let Waiting { lines, clock, second: shown, .. } = &mut *waiting;
        if *shown != second {
            *shown = second;
            *clock = humantime::format_rfc3339_seconds(UNIX_EPOCH + Duration::from_secs(second)).to_string();
        }
        append(self.form, line, clock, lines);
    }
}

impl Drop for AccessLog {
    fn drop(&mut self) {
        write_out(&self.waiting);
    }
}

fn write_out(waiting: &Mutex<Waiting>) {
    let (lines, left_out) = {
        let mut waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
        (std::mem::take(&mut waiting.lines), std::mem::take(&mut waiting.left_out))
    };
    if !lines.is_empty() {
        // Nobody can be told that the log cannot be written.
        let _ = std::io::stderr().lock().write_all(&lines);
    }
    if left_out > 0 {
        tracing::warn!(left_out, "the access log was too slow for some requests");
    }
}

fn append(form: AccessForm, line: &Line<'_>, clock: &str, out: &mut Vec<u8>) {
    let micros = u64::try_from(line.took.as_micros()).unwrap_or(u64::MAX);
    let json = form == AccessForm::Json;
    if json {
        out.extend_from_slice(b"{\"time\":\"");
        out.extend_from_slice(clock.as_bytes());
        out.extend_from_slice(b"\",\"client\":\"");
        line.client.truncated(out);
        out.extend_from_slice(b"\",\"method\":");
        quoted(line.method, out);
        out.extend_from_slice(b",\"path\":");
        quoted(line.path, out);
    } else {
        out.extend_from_slice(clock.as_bytes());
        out.push(b' ');
        line.client.truncated(out);
        for word in [line.method, line.path] {
            out.push(b' ');
            out.extend_from_slice(word.as_bytes());
        }
    }
    field("status", u64::from(line.status), json, out);
    field("microseconds", micros, json, out);
    for (name, number) in [("bytes", line.bytes), ("rows", line.rows)] {
        if let Some(number) = number {
            field(name, number, json, out);
        }
    }
    for (name, text) in [("cache", line.cache), ("query", line.query)] {
        if let Some(text) = text {
            self::name(name, json, out);
            if json { quoted(text, out) } else { out.extend_from_slice(text.as_bytes()) }
        }
    }
    out.extend_from_slice(if json { b"}\n" } else { b"\n" });
}

fn name(name: &str, json: bool, out: &mut Vec<u8>) {
    out.extend_from_slice(if json { b",\"" } else { b" " });
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(if json { b"\":" } else { b"=" });
}

fn field(name: &str, mut number: u64, json: bool, out: &mut Vec<u8>) {
    self::name(name, json, out);
    let mut digits = [0; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + u8::try_from(number % 10).unwrap_or(0);
        number /= 10;
        if number == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

fn quoted(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    for &byte in text.as_bytes() {
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            // An address and a method hold no control characters; should one come through, it does no harm.
            0..0x20 => out.push(b' '),
            _ => out.push(byte),
        }
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use std::net::IpAddr;

    #[test]
    fn lines_in_both_forms_hold_no_whole_address() {
        let line = |client: &str| Line {
            client: Client::from(client.parse::<IpAddr>().unwrap()),
            method: "GET",
            path: "/id/a\"b",
            status: 200,
            bytes: Some(1024),
            took: Duration::from_micros(57),
            cache: Some("hit"),
            query: None,
            rows: Some(0),
        };
        let written = |form, client| {
            let mut out = Vec::new();
            append(form, &line(client), "2026-11-21T15:00:00Z", &mut out);
            String::from_utf8(out).unwrap()
        };
        assert_eq!(
            written(AccessForm::Text, "192.0.2.77"),
            "2026-11-21T15:00:00Z 192.0.2.0/24 GET /id/a\"b status=200 microseconds=57 bytes=1024 rows=0 cache=hit\n"
        );
        let json = written(AccessForm::Json, "2001:db8:1:2:3:4:5:6");
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(
            (value["client"].as_str(), value["path"].as_str()),
            (Some("2001:db8:1::/48"), Some("/id/a\"b"))
        );
        assert_eq!((value["status"].as_u64(), value["bytes"].as_u64()), (Some(200), Some(1024)));
    }

    #[test]
    fn a_log_that_nobody_reads_does_not_grow() {
        let log = AccessLog { form: AccessForm::Text, waiting: Arc::default() };
        let path = "x".repeat(100_000);
        let line = Line {
            client: Client::local(),
            method: "GET",
            path: &path,
            status: 200,
            bytes: None,
            took: Duration::ZERO,
            cache: None,
            query: None,
            rows: None,
        };
        (0..100).for_each(|_| log.write(&line));
        let mut waiting = log.waiting.lock().unwrap();
        assert!(waiting.lines.len() < MOST + 200_000 && waiting.left_out > 50);
        waiting.lines.clear();
    }
}
