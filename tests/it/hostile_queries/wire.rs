//! A client that sees what is on the wire: whether a transfer came to its end, and when.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// What came of a request.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    /// The body, as far as it was kept.
    pub(crate) body: Vec<u8>,
    pub(crate) bytes: u64,
    /// Whether the transfer came to its end.
    pub(crate) whole: bool,
    pub(crate) took: Duration,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.head
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map_or("", |(_, value)| value.trim())
    }

    /// The word for it in the table of hostile queries.
    pub(crate) fn word(&self) -> String {
        if self.status == 200 && !self.whole { "broken".to_owned() } else { self.status.to_string() }
    }
}

/// A request that was sent and is being answered.
pub(crate) struct Asked {
    stream: TcpStream,
    begun: Instant,
    seen: Vec<u8>,
}

/// How much of a body is kept.
const KEPT: usize = 64 << 10;

/// Sends a query; `from` is the client that a proxy would name.
pub(crate) fn send(address: &str, from: &str, accept: &str, query: &str) -> Asked {
    send_to(address, "/sparql", from, accept, query)
}

pub(crate) fn send_to(address: &str, path: &str, from: &str, accept: &str, query: &str) -> Asked {
    let begun = Instant::now();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nX-Forwarded-For: {from}\r\n\
         Accept: {accept}\r\nContent-Type: application/sparql-query\r\nContent-Length: {}\r\n\r\n",
        query.len()
    );
    // The server may answer and close before it has read a body that is too large.
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(query.as_bytes()));
    Asked { stream, begun, seen: Vec::new() }
}

/// Sends a GET.
pub(crate) fn get(address: &str, path: &str, from: &str) -> Answer {
    let begun = Instant::now();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let head = format!(
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nX-Forwarded-For: {from}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    Asked { stream, begun, seen: Vec::new() }.answer()
}

impl Asked {
    /// Reads until so many bytes came, or the end.
    pub(crate) fn read_some(&mut self, bytes: usize) {
        let mut buffer = vec![0; 64 << 10];
        while self.seen.len() < bytes {
            match self.stream.read(&mut buffer) {
                Ok(0) | Err(_) => break,
                Ok(length) => self.seen.extend_from_slice(&buffer[..length]),
            }
        }
    }

    /// The head, once some of it was read.
    pub(crate) fn header(&self, name: &str) -> String {
        let head = String::from_utf8_lossy(&self.seen[..self.seen.len().min(4096)]).into_owned();
        Answer { status: 0, head, body: Vec::new(), bytes: 0, whole: false, took: Duration::ZERO }
            .header(name)
            .to_owned()
    }

    /// Reads to the end.
    pub(crate) fn answer(mut self) -> Answer {
        while !self.seen.windows(4).any(|window| window == b"\r\n\r\n") {
            let before = self.seen.len();
            self.read_some(before + 1);
            assert!(self.seen.len() > before, "there is no answer after {:?}", self.begun.elapsed());
        }
        let end = self.seen.windows(4).position(|window| window == b"\r\n\r\n").unwrap() + 4;
        let head = String::from_utf8_lossy(&self.seen[..end]).into_owned();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let mut body = self.seen.split_off(end);
        let mut bytes = body.len() as u64;
        let mut tail = body.clone();
        let mut buffer = vec![0; 256 << 10];
        loop {
            match self.stream.read(&mut buffer) {
                Ok(0) | Err(_) => break,
                Ok(length) => {
                    bytes += length as u64;
                    let room = KEPT.saturating_sub(body.len());
                    body.extend_from_slice(&buffer[..length.min(room)]);
                    tail.extend_from_slice(&buffer[..length]);
                    tail.drain(..tail.len().saturating_sub(8));
                }
            }
        }
        let mut answer = Answer { status, head, body, bytes, whole: false, took: self.begun.elapsed() };
        answer.whole = if answer.header("transfer-encoding").is_empty() {
            answer.header("content-length").parse() == Ok(bytes)
        } else {
            tail.ends_with(b"\r\n0\r\n\r\n") || (bytes == 5 && tail == b"0\r\n\r\n")
        };
        answer
    }
}
