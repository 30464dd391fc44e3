//! An answer that is kept: its bytes, and its compressed forms, made once when it is asked for again.

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, header};
use std::io::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

/// Smaller answers are sent as they are: a packet is a packet.
const WORTH_IT: usize = 1_024;
const GZIP_LEVEL: u32 = 6;
const ZSTD_LEVEL: i32 = 6;

/// A coding of the transfer (RFC 9110, section 8.4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coding {
    Identity,
    Gzip,
    Zstd,
}

impl Coding {
    /// What a client with these headers gets; `None` when it weighs codings, which takes a closer look.
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        let mut best = Self::Identity;
        for value in headers.get_all(header::ACCEPT_ENCODING) {
            for coding in value.to_str().ok()?.split(',') {
                match coding.trim() {
                    "zstd" => best = Self::Zstd,
                    "gzip" if best == Self::Identity => best = Self::Gzip,
                    weighed if weighed.contains(';') => return None,
                    _ => {}
                }
            }
        }
        Some(best)
    }

    /// Its name in `Content-Encoding`; plain bytes have none.
    pub(crate) fn name(self) -> Option<HeaderValue> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some(HeaderValue::from_static("gzip")),
            Self::Zstd => Some(HeaderValue::from_static("zstd")),
        }
    }
}

/// The bytes of one answer.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    bytes: Bytes,
    /// Rows of bindings or statements, where they were counted.
    pub(crate) rows: Option<u64>,
    gzip: Form,
    zstd: Form,
}

#[derive(Debug, Default)]
struct Form {
    made: OnceLock<Bytes>,
    begun: AtomicBool,
}

impl Kept {
    pub(crate) fn new(bytes: Bytes, rows: Option<u64>) -> Arc<Self> {
        Arc::new(Self { bytes, rows, ..Self::default() })
    }

    /// As it was made.
    pub(crate) fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// What it weighs in a cache, forms included that may still be made.
    pub(crate) fn weight(&self) -> usize {
        self.bytes.len() + self.bytes.len() / 2 + 256
    }

    /// The bytes in the coding wished for, or plain where compressing is not worth it. `None` when that form is not
    /// there yet: it is being made, beside the requests, and the next ones will get it.
    pub(crate) fn form(self: &Arc<Self>, wish: Coding) -> Option<(Bytes, Coding)> {
        let form = match wish {
            Coding::Gzip if self.bytes.len() >= WORTH_IT => &self.gzip,
            Coding::Zstd if self.bytes.len() >= WORTH_IT => &self.zstd,
            _ => return Some((self.bytes.clone(), Coding::Identity)),
        };
        if let Some(bytes) = form.made.get() {
            return Some((bytes.clone(), wish));
        }
        if !form.begun.swap(true, Ordering::Relaxed) {
            let this = Arc::clone(self);
            tokio::task::spawn_blocking(move || this.make(wish));
        }
        None
    }

    fn make(&self, coding: Coding) {
        let (form, made) = match coding {
            Coding::Identity => return,
            Coding::Gzip => (&self.gzip, gzip(&self.bytes)),
            Coding::Zstd => (&self.zstd, zstd::bulk::compress(&self.bytes, ZSTD_LEVEL)),
        };
        match made {
            Ok(bytes) => drop(form.made.set(bytes.into())),
            Err(error) => tracing::warn!(%error, "an answer could not be compressed"),
        }
    }
}

fn gzip(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let level = flate2::Compression::new(GZIP_LEVEL);
    let mut packed = flate2::write::GzEncoder::new(Vec::with_capacity(bytes.len() / 3), level);
    packed.write_all(bytes)?;
    packed.finish()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use std::io::Read as _;

    #[test]
    fn the_client_chooses_the_coding() {
        for (asked, expected) in [
            ("", Some(Coding::Identity)),
            ("identity", Some(Coding::Identity)),
            ("gzip", Some(Coding::Gzip)),
            ("gzip, deflate, br, zstd", Some(Coding::Zstd)),
            ("zstd,gzip", Some(Coding::Zstd)),
            ("br", Some(Coding::Identity)),
            ("gzip;q=0", None),
            ("*;q=0.1", None),
        ] {
            let mut headers = HeaderMap::new();
            if !asked.is_empty() {
                headers.insert(header::ACCEPT_ENCODING, asked.parse().unwrap());
            }
            assert_eq!(Coding::of(&headers), expected, "{asked}");
        }
    }

    #[tokio::test]
    async fn forms_are_made_once_and_hold_the_same() {
        let plain = "Queen Blanche, 1877\n".repeat(200);
        let kept = Kept::new(Bytes::from(plain.clone()), None);
        for coding in [Coding::Gzip, Coding::Zstd] {
            assert!(kept.form(coding).is_none(), "nothing is made before somebody asks");
            let packed = loop {
                if let Some((bytes, made)) = kept.form(coding) {
                    assert_eq!(made, coding);
                    break bytes;
                }
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            };
            let mut text = String::new();
            match coding {
                Coding::Gzip => {
                    flate2::read::GzDecoder::new(&*packed).read_to_string(&mut text).unwrap();
                }
                _ => text = String::from_utf8(zstd::bulk::decompress(&packed, 1 << 20).unwrap()).unwrap(),
            }
            assert_eq!(text, plain);
            assert_eq!(kept.form(coding).unwrap().0.as_ptr(), packed.as_ptr(), "made once");
        }
        let small = Kept::new(Bytes::from_static(b"small"), None);
        assert_eq!(small.form(Coding::Zstd).unwrap(), (Bytes::from_static(b"small"), Coding::Identity));
    }
}
