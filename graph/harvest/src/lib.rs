//! Harvest: from the network to bytes on disk, and nothing else.
//!
//! Files are fetched over HTTP(S) into a folder, named by the SHA-256 of their bytes, with a manifest beside
//! them that says what came from where. A file that has not changed is not fetched twice (`ETag`,
//! `Last-Modified`), and one that fails leaves what was fetched before in its place. Nothing is parsed here.
//! OAI-PMH is left for later.

mod manifest;
mod service;

pub use manifest::{Entry, Manifest};
pub use service::ask_service;

use reqwest::StatusCode;
use reqwest::blocking::{Client, Response};
use reqwest::header::{ETAG, HeaderMap, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED};
use sha2::{Digest as _, Sha256};
use std::fs::{self, File};
use std::io::{self, BufWriter, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;
use thiserror::Error;

/// Why an address could not be fetched.
#[derive(Debug, Error)]
pub enum HarvestError {
    /// Neither http nor https.
    #[error("'{0}' is no address to fetch from; expected http:// or https://")]
    Address(String),
    /// The connection failed or broke off.
    #[error("{url}: {source}")]
    Network {
        /// What was asked for.
        url: String,
        /// Why.
        source: reqwest::Error,
    },
    /// The server said no.
    #[error("{url}: the server answered {status}; expected 200")]
    Status {
        /// What was asked for.
        url: String,
        /// What it answered.
        status: u16,
    },
    /// The transfer ended before the announced length.
    #[error("{url}: {met} bytes came; the server announced {expected}")]
    Short {
        /// What was asked for.
        url: String,
        /// Bytes that came.
        met: u64,
        /// Bytes that were announced.
        expected: u64,
    },
    /// The disk failed.
    #[error("{path}: {source}")]
    Disk {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// What became of one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fetched {
    /// It was fetched, and its bytes are new.
    New,
    /// It was fetched, and its bytes were here already.
    Same,
    /// The server said that nothing has changed.
    Unchanged,
}

/// Fetches into one folder.
#[derive(Debug)]
pub struct Harvester {
    client: Client,
    folder: PathBuf,
    manifest: Manifest,
}

impl Harvester {
    /// Opens (or makes) the folder.
    ///
    /// # Errors
    /// When the folder or its manifest cannot be read, or TLS does not start.
    pub fn open(folder: &Path) -> Result<Self, HarvestError> {
        let disk = |source| HarvestError::Disk { path: folder.to_owned(), source };
        fs::create_dir_all(folder).map_err(disk)?;
        let manifest = Manifest::read(folder).map_err(disk)?;
        // Somebody else in the process may have installed it before us; then all is well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .user_agent(concat!("aarre/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(Duration::from_secs(30))
            // Big exports take long; what must not happen is that nothing comes.
            .timeout(None)
            .build()
            .map_err(|source| HarvestError::Network { url: "TLS".to_owned(), source })?;
        Ok(Self { client, folder: folder.to_owned(), manifest })
    }

    /// Fetches one address; the manifest on disk is up to date when this returns.
    ///
    /// # Errors
    /// [`HarvestError`]; what was fetched before stays.
    pub fn fetch(&mut self, url: &str) -> Result<Fetched, HarvestError> {
        if !(url.starts_with("http://") || url.starts_with("https://")) {
            return Err(HarvestError::Address(url.to_owned()));
        }
        let network = |source| HarvestError::Network { url: url.to_owned(), source };
        let known = self.manifest.entry(url).filter(|entry| self.folder.join(&entry.file).exists());
        let mut request = self.client.get(url);
        if let Some(entry) = known {
            if let Some(etag) = &entry.etag {
                request = request.header(IF_NONE_MATCH, etag);
            }
            if let Some(modified) = &entry.last_modified {
                request = request.header(IF_MODIFIED_SINCE, modified);
            }
        }
        let response = request.send().map_err(network)?;
        match response.status() {
            StatusCode::OK => self.keep(url, response),
            StatusCode::NOT_MODIFIED if known.is_some() => Ok(Fetched::Unchanged),
            status => Err(HarvestError::Status { url: url.to_owned(), status: status.as_u16() }),
        }
    }

    /// The files that belong to these addresses, in their order; those never fetched are left out.
    #[must_use]
    pub fn files(&self, urls: &[String]) -> Vec<PathBuf> {
        urls.iter()
            .filter_map(|url| self.manifest.entry(url))
            .map(|entry| self.folder.join(&entry.file))
            .collect()
    }

    fn keep(&mut self, url: &str, mut response: Response) -> Result<Fetched, HarvestError> {
        let headers = response.headers().clone();
        let announced = response.content_length();
        let draft = self.folder.join(".part");
        let disk = |path: &Path| {
            let path = path.to_owned();
            move |source| HarvestError::Disk { path, source }
        };
        let mut out = BufWriter::new(File::create(&draft).map_err(disk(&draft))?);
        let (mut hash, mut bytes) = (Sha256::new(), 0_u64);
        let mut buffer = vec![0; 64 << 10];
        loop {
            let read = match response.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(_) => {
                    let expected = announced.unwrap_or(bytes + 1);
                    return Err(HarvestError::Short { url: url.to_owned(), met: bytes, expected });
                }
            };
            hash.update(&buffer[..read]);
            out.write_all(&buffer[..read]).map_err(disk(&draft))?;
            bytes += read as u64;
        }
        let file = out.into_inner().map_err(|error| disk(&draft)(error.into_error()))?;
        file.sync_all().map_err(disk(&draft))?;
        let digest = hash.finalize();
        let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        let name = format!("{digest}{}", extension(url));
        let target = self.folder.join(&name);
        let same = target.exists();
        fs::rename(&draft, &target).map_err(disk(&target))?;
        let text = |name| text_of(&headers, name);
        self.manifest.set(Entry {
            url: url.to_owned(),
            file: name,
            sha256: digest,
            bytes,
            etag: text(ETAG),
            last_modified: text(LAST_MODIFIED),
        });
        self.manifest.write(&self.folder).map_err(disk(&self.folder))?;
        Ok(if same { Fetched::Same } else { Fetched::New })
    }
}

fn text_of(headers: &HeaderMap, name: reqwest::header::HeaderName) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

/// The extension of the address's path, so that people know what a file is; at most 12 plain characters.
fn extension(url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    match name.split_once('.') {
        Some((_, rest))
            if rest.len() <= 12 && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.') =>
        {
            format!(".{rest}")
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests;
