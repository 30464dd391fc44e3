//! Bytes for the cutters of tables and JSON: decoding of what is no superset of ASCII, and reading on with a limit.

use encoding_rs::{Decoder, Encoding, UTF_8};
use std::io::{self, BufRead, Read};

/// The longest record, in bytes. A quotation mark or bracket that is never closed must not take in the rest of the file.
pub(super) const LONGEST: usize = 64 << 20;

/// The encoding that a byte order mark tells, and its length.
pub(super) fn byte_order_mark(head: &[u8]) -> Option<(&'static Encoding, usize)> {
    Encoding::for_bom(head)
}

/// Turns UTF-16 into UTF-8 as it is read. Other encodings keep their bytes until a row is cut, so that offsets are those
/// of the file; in UTF-16 a byte of a line feed may be half of a letter, and they are those of the decoded text.
pub(super) struct Transcoded<'a> {
    inner: Box<dyn BufRead + 'a>,
    decoder: Decoder,
    ready: Vec<u8>,
    at: usize,
    done: bool,
}

impl<'a> Transcoded<'a> {
    pub(super) fn new(inner: Box<dyn BufRead + 'a>, encoding: &'static Encoding) -> Self {
        Self {
            inner,
            decoder: encoding.new_decoder_with_bom_removal(),
            ready: Vec::new(),
            at: 0,
            done: false,
        }
    }
}

impl Read for Transcoded<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let ready = self.fill_buf()?;
        let count = ready.len().min(out.len());
        out[..count].copy_from_slice(&ready[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Transcoded<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.at == self.ready.len() && !self.done {
            self.ready.clear();
            self.at = 0;
            let source = self.inner.fill_buf()?;
            let last = source.is_empty();
            let room = self.decoder.max_utf8_buffer_length(source.len()).unwrap_or(4096).max(64);
            self.ready.resize(room, 0);
            let (_, read, written, _) = self.decoder.decode_to_utf8(source, &mut self.ready, last);
            self.ready.truncate(written);
            self.inner.consume(read);
            self.done = last;
        }
        Ok(&self.ready[self.at..])
    }

    fn consume(&mut self, count: usize) {
        self.at = (self.at + count).min(self.ready.len());
    }
}

/// Whether the encoding keeps ASCII bytes for ASCII letters alone, so that rows may be cut before they are decoded.
pub(super) fn cuts_by_bytes(encoding: &'static Encoding) -> bool {
    encoding == UTF_8 || encoding.is_single_byte()
}
