//! What the server and a worker say to each other: messages with a kind, a length and a content.
//!
//! A message is one byte of kind, four of length (little-endian), and so many bytes. Questions, ends and faults are
//! JSON; the bytes of an answer are themselves.

use crate::sparql::{Ended, Fault};
use serde::{Deserialize, Serialize};
use std::io::{self, Read, Write};

/// The length of what stands before each content.
pub(crate) const HEAD: usize = 5;
/// The longest content that is believed.
pub(crate) const LONGEST: usize = 16 << 20;

/// The server asks.
pub(crate) const ASK: u8 = b'A';
/// The server does not want the answer any more.
pub(crate) const CANCEL: u8 = b'C';
/// The worker is ready.
pub(crate) const READY: u8 = b'R';
/// A part of the answer.
pub(crate) const BYTES: u8 = b'B';
/// The answer ended, well or not.
pub(crate) const END: u8 = b'E';
/// The worker wants another endpoint asked.
pub(crate) const CALL: u8 = b'S';
/// What that endpoint answered: after a first byte of 0 its bytes, after one of 1 why there are none.
pub(crate) const CALLED: u8 = b'T';

/// A question to another endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Call {
    pub(crate) service: String,
    pub(crate) query: String,
}

/// What an endpoint answered, as the content of a message.
pub(crate) fn called(answer: Result<Vec<u8>, String>) -> Vec<u8> {
    let (first, bytes) = match answer {
        Ok(bytes) => (0, bytes),
        Err(why) => (1, why.into_bytes()),
    };
    // Who would send more than is believed is told so instead.
    if bytes.len() >= LONGEST {
        return called(Err("its answer is too long".to_owned()));
    }
    let mut content = Vec::with_capacity(bytes.len() + 1);
    content.push(first);
    content.extend_from_slice(&bytes);
    content
}

/// The reverse of [`called`].
pub(crate) fn answer(content: &[u8]) -> Result<Vec<u8>, String> {
    match content.split_first() {
        Some((0, bytes)) => Ok(bytes.to_vec()),
        Some((_, why)) => Err(String::from_utf8_lossy(why).into_owned()),
        None => Err("it was not asked".to_owned()),
    }
}

/// A query for a worker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Question {
    pub(crate) number: u64,
    pub(crate) text: String,
    pub(crate) default_graphs: Vec<String>,
    pub(crate) named_graphs: Vec<String>,
    /// The name of what is wanted.
    pub(crate) form: String,
    pub(crate) lines: Option<usize>,
    /// How long it may take from now on.
    pub(crate) milliseconds: u64,
    /// From how long on it is told how it was answered.
    pub(crate) slow: u64,
}

/// What a worker says when it is ready.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ready {
    /// Why the kernel does not keep it from the network, if it does not.
    pub(crate) open: Option<String>,
}

/// How an answer ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct End {
    pub(crate) result: Result<Ended, Fault>,
    /// Whether so much memory stays taken that the worker should not get another query.
    pub(crate) full: bool,
    /// How a slow query was answered, as far as it was, in a line.
    pub(crate) plan: Option<String>,
}

/// Writes a message at once.
pub(crate) fn send(out: &mut impl Write, kind: u8, content: &[u8]) -> io::Result<()> {
    let mut message = Vec::with_capacity(HEAD + content.len());
    push(&mut message, kind, content);
    out.write_all(&message)
}

/// Appends a message.
pub(crate) fn push(message: &mut Vec<u8>, kind: u8, content: &[u8]) {
    message.extend_from_slice(&head(kind, content.len()));
    message.extend_from_slice(content);
}

/// What stands before a content.
pub(crate) fn head(kind: u8, length: usize) -> [u8; HEAD] {
    // Nobody here sends more than `LONGEST`.
    let [a, b, c, d] = u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes();
    [kind, a, b, c, d]
}

/// The kind and the length, if they can be believed.
pub(crate) fn read_head(head: [u8; HEAD]) -> io::Result<(u8, usize)> {
    let [kind, a, b, c, d] = head;
    match usize::try_from(u32::from_le_bytes([a, b, c, d])) {
        Ok(length) if length <= LONGEST => Ok((kind, length)),
        _ => Err(io::Error::new(io::ErrorKind::InvalidData, "a message is too long")),
    }
}

/// Reads a message; `None` when the other side is gone.
pub(crate) fn receive(input: &mut impl Read) -> io::Result<Option<(u8, Vec<u8>)>> {
    let mut head = [0; HEAD];
    match input.read_exact(&mut head) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    }
    let (kind, length) = read_head(head)?;
    let mut content = vec![0; length];
    input.read_exact(&mut content)?;
    Ok(Some((kind, content)))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn what_is_sent_is_received() {
        let mut sent = Vec::new();
        send(&mut sent, BYTES, b"hello").unwrap();
        let end = End { result: Err(Fault::TooLarge("more".to_owned())), full: true, plan: None };
        send(&mut sent, END, &serde_json::to_vec(&end).unwrap()).unwrap();
        let mut input = sent.as_slice();
        assert_eq!(receive(&mut input).unwrap(), Some((BYTES, b"hello".to_vec())));
        let (kind, content) = receive(&mut input).unwrap().unwrap();
        assert_eq!((kind, serde_json::from_slice::<End>(&content).unwrap()), (END, end));
        assert_eq!(receive(&mut input).unwrap(), None);
        for told in [Ok(b"rows".to_vec()), Err("why".to_owned())] {
            assert_eq!(answer(&called(told.clone())), told);
        }
        assert!(answer(&called(Ok(vec![0; LONGEST]))).is_err() && answer(&[]).is_err());
        assert!(receive(&mut [BYTES, 255, 255, 255, 255].as_slice()).is_err());
        assert!(receive(&mut [BYTES, 9, 0, 0, 0, 1].as_slice()).is_err());
    }
}
