//! XML in another encoding than UTF-8, made UTF-8 on its way in.
//!
//! The byte order mark has the first word, the XML declaration the second (XML 1.0, appendix F); without
//! either it is UTF-8, which passes untouched. Positions in such an input are those of its UTF-8 form.

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8};
use std::io::{BufRead, Read, Result};

/// The input as UTF-8.
pub(super) fn utf8<'a>(mut input: Box<dyn BufRead + 'a>) -> Box<dyn BufRead + 'a> {
    let encoding = match input.fill_buf() {
        Ok(head) => declared(head),
        // The reader meets the same error again and reports it.
        Err(_) => UTF_8,
    };
    if encoding == UTF_8 {
        return input;
    }
    Box::new(Transcoded {
        input,
        decoder: encoding.new_decoder(),
        text: String::with_capacity(64 << 10),
        at: 0,
        ended: false,
    })
}

fn declared(head: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return encoding;
    }
    let head = &head[..head.len().min(256)];
    let Some(end) = memchr::memmem::find(head, b"?>") else { return UTF_8 };
    let declaration = String::from_utf8_lossy(&head[..end]);
    let Some((_, after)) = declaration.split_once("encoding") else { return UTF_8 };
    let value = after.trim_start_matches(|c: char| c == '=' || c.is_whitespace());
    let Some(quote) = value.chars().next().filter(|c| matches!(c, '"' | '\'')) else { return UTF_8 };
    let name = value[1..].split(quote).next().unwrap_or_default();
    // A declaration of UTF-16 that can be read as ASCII is wrong.
    Encoding::for_label(name.as_bytes()).filter(|encoding| encoding.is_ascii_compatible()).unwrap_or(UTF_8)
}

struct Transcoded<'a> {
    input: Box<dyn BufRead + 'a>,
    decoder: Decoder,
    text: String,
    at: usize,
    ended: bool,
}

impl BufRead for Transcoded<'_> {
    fn fill_buf(&mut self) -> Result<&[u8]> {
        while self.at == self.text.len() && !self.ended {
            self.text.clear();
            self.at = 0;
            let bytes = self.input.fill_buf()?;
            let last = bytes.is_empty();
            let (result, read, _) = self.decoder.decode_to_string(bytes, &mut self.text, last);
            self.input.consume(read);
            self.ended = last && result == CoderResult::InputEmpty;
        }
        Ok(&self.text.as_bytes()[self.at..])
    }

    fn consume(&mut self, amount: usize) {
        self.at = (self.at + amount).min(self.text.len());
    }
}

impl Read for Transcoded<'_> {
    fn read(&mut self, out: &mut [u8]) -> Result<usize> {
        let mut available = self.fill_buf()?;
        let read = available.read(out)?;
        self.consume(read);
        Ok(read)
    }
}
