//! RDF/XML from strangers, looked at before a parser sees it.
//!
//! The parser expands entities without a limit and checks attributes against each other. So a DOCTYPE may declare only
//! short entities without others in them, as ontologies do for their namespaces, and a tag or a text has an end.

use std::io::{self, BufRead, Read};

/// How long a declaration of types, a tag and a text may be, in bytes.
const LONGEST_DOCTYPE: usize = 64 << 10;
const LONGEST_TAG: usize = 256 << 10;
const LONGEST_TEXT: usize = 16 << 20;
/// How long the value of an entity may be, and how many there are.
const LONGEST_ENTITY: usize = 256;
const MOST_ENTITIES: usize = 256;

/// Passes XML on, and ends with an error where it is none that should be read.
pub(super) struct Guard<R> {
    inner: R,
    state: State,
    length: usize,
    doctype: Vec<u8>,
    root: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Text,
    /// Behind `<`.
    Open,
    Tag,
    /// Within a value with this quotation mark.
    Quoted(u8),
    /// Behind `<!`; how it goes on is looked at with some bytes.
    Mark,
    Doctype,
    Comment,
    Cdata,
}

impl<R: BufRead> Guard<R> {
    pub(super) fn new(inner: R) -> Self {
        Self { inner, state: State::Text, length: 0, doctype: Vec::new(), root: false }
    }

    fn see(&mut self, byte: u8) -> Result<(), &'static str> {
        self.length += 1;
        let next = match (self.state, byte) {
            (State::Text, b'<') => State::Open,
            (State::Text, _) if self.length > LONGEST_TEXT => return Err("a text without an end"),
            (State::Open, b'!') => {
                self.doctype.clear();
                State::Mark
            }
            (State::Open, b'?') => State::Tag,
            (State::Open, _) => {
                self.root = true;
                State::Tag
            }
            (State::Tag, b'>') => State::Text,
            (State::Tag, quote @ (b'"' | b'\'')) if self.root => State::Quoted(quote),
            (State::Quoted(quote), byte) if byte == quote => {
                self.state = State::Tag;
                return Ok(());
            }
            (State::Tag | State::Quoted(_), _) if self.length > LONGEST_TAG => {
                return Err("a tag without an end");
            }
            (State::Mark, byte) => {
                self.doctype.push(byte);
                match self.doctype.as_slice() {
                    b"--" => State::Comment,
                    b"[CDATA[" => State::Cdata,
                    b"DOCTYPE" if !self.root => State::Doctype,
                    met if b"--".starts_with(met)
                        || b"[CDATA[".starts_with(met)
                        || b"DOCTYPE".starts_with(met) =>
                    {
                        return Ok(());
                    }
                    _ => return Err("a declaration where none is expected"),
                }
            }
            (State::Comment, byte) => {
                self.ends(byte);
                if self.doctype.ends_with(b"-->") { State::Text } else { State::Comment }
            }
            (State::Cdata, byte) => {
                self.ends(byte);
                if self.length > LONGEST_TEXT {
                    return Err("a text without an end");
                }
                if self.doctype.ends_with(b"]]>") { State::Text } else { State::Cdata }
            }
            (State::Doctype, byte) => {
                self.doctype.push(byte);
                if self.doctype.len() > LONGEST_DOCTYPE {
                    return Err("a DOCTYPE without an end");
                }
                if byte == b'>' && doctype_ends(&self.doctype) {
                    harmless(&self.doctype)?;
                    State::Text
                } else {
                    State::Doctype
                }
            }
            (state, _) => state,
        };
        if next != self.state {
            self.length = 0;
        }
        self.state = next;
        Ok(())
    }

    /// Keeps the last three bytes, by which comments and sections end.
    fn ends(&mut self, byte: u8) {
        if self.doctype.len() >= 3 {
            self.doctype.remove(0);
        }
        self.doctype.push(byte);
    }
}

fn doctype_ends(doctype: &[u8]) -> bool {
    match doctype.iter().position(|byte| *byte == b'[') {
        None => true,
        Some(open) => {
            doctype[open..].iter().rev().skip(1).find(|byte| !byte.is_ascii_whitespace()) == Some(&b']')
        }
    }
}

fn harmless(doctype: &[u8]) -> Result<(), &'static str> {
    let text = String::from_utf8_lossy(doctype);
    let mut entities = 0;
    for declaration in text.split("<!").skip(1) {
        let Some(entity) = declaration.strip_prefix("ENTITY") else {
            return Err("a DOCTYPE that declares more than entities");
        };
        entities += 1;
        let value = entity.split(['"', '\'']).nth(1).unwrap_or_default();
        if entity.trim_start().starts_with('%') || entity.contains("SYSTEM") || entity.contains("PUBLIC") {
            return Err("a DOCTYPE with entities from elsewhere");
        }
        if value.contains(['&', '%', '<']) || value.len() > LONGEST_ENTITY || entities > MOST_ENTITIES {
            return Err("a DOCTYPE with entities that grow");
        }
    }
    Ok(())
}

impl<R: BufRead> Read for Guard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        for byte in buffer.iter().take(count) {
            self.see(*byte)
                .map_err(|met| io::Error::new(io::ErrorKind::InvalidData, format!("refused: {met}")))?;
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn passes(text: &str) -> Result<String, String> {
        let mut out = String::new();
        let read = Guard::new(io::BufReader::with_capacity(7, text.as_bytes())).read_to_string(&mut out);
        read.map(|_| out).map_err(|error| error.to_string())
    }

    #[test]
    fn ordinary_files_pass_as_they_are() {
        for text in [
            "<?xml version='1.0'?><!-- a > b \"--><r a='>' b=\"'\">text<![CDATA[<x>]]]></r>",
            "<!DOCTYPE rdf:RDF [ <!ENTITY owl \"http://x.org/owl#\" > <!ENTITY a 'b'> ]><rdf:RDF/>",
            "<!DOCTYPE r><r/>",
        ] {
            assert_eq!(passes(text).as_deref(), Ok(text));
        }
    }

    #[test]
    fn bombs_are_refused() {
        let laughs = "<!DOCTYPE r [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]><r>&b;</r>";
        assert!(passes(laughs).unwrap_err().contains("entities that grow"));
        let outside = "<!DOCTYPE r [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><r>&a;</r>";
        assert!(passes(outside).unwrap_err().contains("from elsewhere"));
        let endless = format!("<r {}", "a".repeat(LONGEST_TAG + 10));
        assert!(passes(&endless).unwrap_err().contains("tag without an end"));
        assert!(passes("<r><!DOCTYPE x></r>").is_err());
    }
}
