//! Input that chance has broken: nothing panics, and every byte is in a record or in quarantine.
#![expect(clippy::unwrap_used, reason = "tests")]

use super::super::record::MarcRecord;
use super::super::{AlephSeq, MarcJson, MarcLine};
use graph_model::{Broken, Format};
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_oneof, proptest};
use unicode_normalization::UnicodeNormalization as _;

/// One thing that may befall the bytes of a file.
#[derive(Debug, Clone)]
enum Harm {
    Replace(usize, u8),
    Remove(usize, usize),
    Insert(usize, Vec<u8>),
    Cut(usize),
    /// A piece of the file stands once more somewhere else.
    Repeat(usize, usize, usize),
}

fn harm() -> impl Strategy<Value = Harm> {
    let marks = prop_oneof![
        Just(b'\n'),
        Just(b'{'),
        Just(b'}'),
        Just(b'['),
        Just(b']'),
        Just(b'"'),
        Just(b'\\'),
        Just(b'$'),
        Just(b'='),
        Just(b' '),
        Just(0),
        Just(0xFF),
        any::<u8>(),
    ];
    prop_oneof![
        (any::<usize>(), marks.clone()).prop_map(|(at, byte)| Harm::Replace(at, byte)),
        (any::<usize>(), 1..40_usize).prop_map(|(at, length)| Harm::Remove(at, length)),
        (any::<usize>(), proptest::collection::vec(marks, 1..6))
            .prop_map(|(at, bytes)| Harm::Insert(at, bytes)),
        any::<usize>().prop_map(Harm::Cut),
        (any::<usize>(), 1..200_usize, any::<usize>())
            .prop_map(|(from, length, to)| Harm::Repeat(from, length, to)),
    ]
}

fn harmed(mut bytes: Vec<u8>, harms: &[Harm]) -> Vec<u8> {
    for harm in harms {
        let length = bytes.len();
        if length == 0 {
            break;
        }
        match harm {
            Harm::Replace(at, byte) => bytes[at % length] = *byte,
            Harm::Remove(at, count) => {
                let from = at % length;
                bytes.drain(from..(from + count).min(length));
            }
            Harm::Insert(at, more) => {
                let at = at % length;
                bytes.splice(at..at, more.iter().copied());
            }
            Harm::Cut(at) => bytes.truncate(at % length),
            Harm::Repeat(from, count, to) => {
                let from = from % length;
                let again = bytes[from..(from + count).min(length)].to_vec();
                let to = to % length;
                bytes.splice(to..to, again);
            }
        }
    }
    bytes
}

/// The input in small bites, so that every place is once at the edge of what was read.
struct Bites<'b>(&'b [u8]);

impl std::io::Read for Bites<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let count = self.0.len().min(out.len()).min(3);
        out[..count].copy_from_slice(&self.0[..count]);
        self.0 = &self.0[count..];
        Ok(count)
    }
}

fn pieces<F: Format<Record = MarcRecord>>(format: &F, bytes: &[u8]) -> Vec<Result<MarcRecord, Broken>> {
    let whole: Vec<_> = format.records(Box::new(bytes)).collect();
    let bitten = format.records(Box::new(std::io::BufReader::with_capacity(7, Bites(bytes))));
    for (one, other) in whole.iter().zip(bitten) {
        match (one, &other) {
            (Ok(one), Ok(other)) => assert_eq!((one.position, &one.text), (other.position, &other.text)),
            (Err(one), Err(other)) => assert_eq!(one, other),
            _ => panic!("a piece depends on how the input was read: {one:?} {other:?}"),
        }
    }
    whole
}

/// Where each piece begins and ends: up to the beginning of the next.
fn spans(pieces: &[Result<MarcRecord, Broken>], length: usize) -> Vec<(usize, usize)> {
    let begin = |piece: &Result<MarcRecord, Broken>| {
        let position = piece.as_ref().map_or_else(|broken| broken.position, |record| record.position);
        position.byte as usize
    };
    let starts: Vec<usize> = pieces.iter().map(begin).collect();
    assert!(starts.is_sorted(), "pieces in their order: {starts:?}");
    let ends = starts.iter().skip(1).copied().chain([length]);
    starts.iter().copied().zip(ends).collect()
}

/// Everything that a record holds and everything that it complains of.
fn held(record: &MarcRecord) -> String {
    let mut held: String = record.oddities.iter().map(|odd| odd.met.as_str()).collect();
    held.push_str(&record.text);
    // MARC-8 may join a letter and its mark.
    held.nfd().collect()
}

/// Letters and digits of plain ASCII, which no syntax escapes; each must be somewhere.
fn letters(text: &[u8]) -> [usize; 256] {
    let mut counts = [0; 256];
    for byte in text.iter().filter(|byte| byte.is_ascii_alphanumeric()) {
        counts[usize::from(*byte)] += 1;
    }
    counts
}

/// Every line of an input is in a piece; a broken piece is kept to the byte, and no text of a record is lost.
fn conserved<F: Format<Record = MarcRecord>>(format: &F, bytes: &[u8], text_of: impl Fn(&[u8]) -> Vec<u8>) {
    let pieces = pieces(format, bytes);
    if bytes.trim_ascii().is_empty() || bytes.starts_with(b"\xFE\xFF") || bytes.starts_with(b"\xFF\xFE") {
        return;
    }
    assert!(!pieces.is_empty());
    let spans = spans(&pieces, bytes.len());
    // The head of an object around a list of records is of no record.
    let before = &bytes[..spans[0].0];
    let before = if before.trim_ascii_end().ends_with(b"[") { b"" } else { before };
    assert!(
        before.iter().all(|byte| !byte.is_ascii_alphanumeric()),
        "skipped: {}",
        String::from_utf8_lossy(before)
    );
    for (piece, (start, end)) in pieces.iter().zip(&spans) {
        let span = &bytes[*start..*end];
        match piece {
            Err(broken) => {
                assert!(span.starts_with(&broken.raw), "{broken:?}");
                let rest = &span[broken.raw.len()..];
                assert!(
                    rest.iter().all(|byte| !byte.is_ascii_alphanumeric()),
                    "lost: {}",
                    String::from_utf8_lossy(rest)
                );
            }
            Ok(record) => {
                let (met, kept) = (letters(&text_of(span)), letters(held(record).as_bytes()));
                for byte in 0..256 {
                    assert!(
                        kept[byte] >= met[byte],
                        "{} of {:?} in {:?}, {} kept in {:?}",
                        met[byte],
                        byte as u8 as char,
                        String::from_utf8_lossy(span),
                        kept[byte],
                        held(record)
                    );
                }
            }
        }
    }
}

/// The content of lines of Aleph: what stands after the code of script, in lines that are fields other than the leader.
fn aleph_text(span: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    for line in span.split(|byte| *byte == b'\n') {
        let field = line.len() >= 17
            && line[..9].iter().all(u8::is_ascii_digit)
            && line[9] == b' '
            && line[15] == b' ';
        let whole =
            field && line[16].is_ascii_alphabetic() && line[10..13].iter().all(u8::is_ascii_alphanumeric);
        let content = match whole {
            true if line[10..].starts_with(b"LDR") => continue,
            true if line[13..15].iter().all(u8::is_ascii) => line.get(18..).unwrap_or_default(),
            _ => line,
        };
        // A subfield code is no text.
        let mut rest = content;
        while let Some(at) = memchr::memmem::find(rest, b"$$") {
            text.extend_from_slice(&rest[..at]);
            rest = &rest[at + 2..];
            rest = if rest.starts_with(b"$$") { rest } else { rest.get(1..).unwrap_or_default() };
        }
        text.extend_from_slice(rest);
    }
    text
}

/// The content of MarcEdit's lines, where no name in braces changes its letters.
fn line_text(span: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    for line in
        span.split(|byte| *byte == b'\n').filter(|line| line.starts_with(b"=") && !line.contains(&b'{'))
    {
        if !line.starts_with(b"=0")
            && !line.starts_with(b"=LDR")
            && line.get(4..6) == Some(b"  ")
            && line.get(8) == Some(&b'$')
        {
            let parts = line[9..].split(|byte| *byte == b'$');
            text.extend(parts.flat_map(|part| part.get(1..).unwrap_or_default()));
        }
    }
    text
}

/// The texts of a record as another parser reads them, which keeps the last of two with one name.
fn json_text(span: &[u8]) -> Vec<u8> {
    fn texts(value: &serde_json::Value, into: &mut Vec<u8>) {
        match value {
            serde_json::Value::String(text) => into.extend(text.bytes()),
            serde_json::Value::Array(values) => values.iter().for_each(|value| texts(value, into)),
            serde_json::Value::Object(members) => {
                let known = ["leader", "ind1", "ind2", "tag", "code", "id"];
                members
                    .iter()
                    .filter(|(name, _)| !known.contains(&name.as_str()))
                    .for_each(|(_, one)| texts(one, into));
            }
            _ => {}
        }
    }
    fn marc(value: &serde_json::Value) -> Option<&serde_json::Map<String, serde_json::Value>> {
        let members = value.as_object()?;
        let holds = ["fields", "controlfield", "datafield"].iter().any(|name| members.contains_key(*name));
        if holds { Some(members) } else { members.values().find_map(marc) }
    }
    let mut found = Vec::new();
    if let Some(Ok(value)) =
        serde_json::Deserializer::from_slice(span).into_iter::<serde_json::Value>().next()
    {
        // What else stands beside the fields is the system's own.
        let members = marc(&value).into_iter().flat_map(serde_json::Map::values);
        members.filter(|value| !value.is_string()).for_each(|value| texts(value, &mut found));
    }
    found
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/marc/fixtures/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn aleph(harms in proptest::collection::vec(harm(), 0..6)) {
        conserved(&AlephSeq, &harmed(fixture("401-aleph.alephseq"), &harms), aleph_text);
        conserved(&AlephSeq, &harmed(fixture("402-aleph-broken.alephseq"), &harms), aleph_text);
    }

    #[test]
    fn lines(harms in proptest::collection::vec(harm(), 0..6)) {
        conserved(&MarcLine, &harmed(fixture("301-marcedit.mrk"), &harms), line_text);
        conserved(&MarcLine, &harmed(fixture("302-yaz-marcdump.line"), &harms), |_| Vec::new());
    }

    #[test]
    fn json(harms in proptest::collection::vec(harm(), 0..6)) {
        for name in ["201-marc-in-json.json", "202-other-forms-one-a-line.json", "203-brackets-out-of-step.json"] {
            // What follows the list in the object around it is of no record either.
            let bytes = String::from_utf8(fixture(name)).unwrap().replace(", \"count\": 4", "");
            conserved(&MarcJson, &harmed(bytes.into_bytes(), &harms), json_text);
        }
    }

    #[test]
    fn anything_at_all(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        conserved(&AlephSeq, &bytes, aleph_text);
        conserved(&MarcLine, &bytes, |_| Vec::new());
        conserved(&MarcJson, &bytes, |_| Vec::new());
    }
}
