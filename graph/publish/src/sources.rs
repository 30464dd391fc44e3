//! Opening what people name: files and folders, plain or compressed, of a known or a detected format.
//!
//! A file that cannot be opened or that no loader knows is a [`SourceFault`]: it is reported and the rest
//! goes on.

use flate2::bufread::MultiGzDecoder;
use loaders::FormatEntry;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How many bytes a loader may look at to know its format.
const HEAD: u64 = 64 << 10;
/// A compressed file may grow by this factor, and by [`SMALL`] bytes in any case; beyond that it is a bomb.
const RATIO: u64 = 200;
const SMALL: u64 = 64 << 20;

/// A file to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Where it is.
    pub path: PathBuf,
    /// Its name in reports and provenance: relative to the folder that was named.
    pub name: String,
    /// Its size on disk in bytes.
    pub bytes: u64,
}

/// A file or folder that could not be read as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFault {
    /// What was named.
    pub name: String,
    /// What was met.
    pub met: String,
    /// What was expected, or what to do.
    pub expected: String,
}

impl SourceFault {
    fn io(path: &Path, error: &io::Error) -> Self {
        let expected = match error.kind() {
            io::ErrorKind::NotFound => "a file or folder that exists",
            io::ErrorKind::PermissionDenied => "permission to read it",
            _ => "a file or folder that can be read",
        };
        Self { name: path.display().to_string(), met: error.to_string(), expected: expected.to_owned() }
    }
}

/// An opened file, decompressed, with its format.
pub struct Opened {
    /// The bytes, decompressed.
    pub reader: Box<dyn BufRead + Send>,
    /// The format that was asked for or detected.
    pub format: &'static FormatEntry,
}

/// The files below what was named, folders walked in the order of their names; what cannot be read is a
/// fault. Hidden files are left out of folders.
#[must_use]
pub fn expand(paths: &[PathBuf]) -> (Vec<Source>, Vec<SourceFault>) {
    let (mut sources, mut faults) = (Vec::new(), Vec::new());
    for path in paths {
        let root = if path.is_dir() { path.as_path() } else { path.parent().unwrap_or(Path::new("")) };
        walk(path, root, &mut sources, &mut faults);
    }
    (sources, faults)
}

fn walk(path: &Path, root: &Path, sources: &mut Vec<Source>, faults: &mut Vec<SourceFault>) {
    let entry = match std::fs::metadata(path) {
        Ok(entry) => entry,
        Err(error) => return faults.push(SourceFault::io(path, &error)),
    };
    if !entry.is_dir() {
        let name = path.strip_prefix(root).unwrap_or(path).display().to_string();
        return sources.push(Source { path: path.to_owned(), name, bytes: entry.len() });
    }
    let children = std::fs::read_dir(path).and_then(|entries| {
        entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()
    });
    match children {
        Err(error) => faults.push(SourceFault::io(path, &error)),
        Ok(mut children) => {
            children.sort();
            for child in children {
                let hidden = child.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
                // A link to a folder may lead in a circle; links to files are followed.
                let circle = child.is_symlink() && child.is_dir();
                if !hidden && !circle {
                    walk(&child, root, sources, faults);
                }
            }
        }
    }
}

/// Opens a file: decompresses gzip and zstd by their first bytes and detects the format unless it is given.
/// `progress` counts the bytes read from disk.
///
/// # Errors
/// A [`SourceFault`] when the file cannot be opened, is empty, or is of no known format.
pub fn open(
    source: &Source,
    format: Option<&'static FormatEntry>,
    progress: Arc<AtomicU64>,
) -> Result<Opened, SourceFault> {
    let fault =
        |error: &io::Error| SourceFault { name: source.name.clone(), ..SourceFault::io(&source.path, error) };
    let file = File::open(&source.path).map_err(|error| fault(&error))?;
    open_stream(Box::new(file), &source.name, format, progress)
}

/// The same for bytes that come from anywhere, such as standard input.
///
/// # Errors
/// As [`open`].
pub fn open_stream(
    bytes: Box<dyn Read + Send>,
    name: &str,
    format: Option<&'static FormatEntry>,
    progress: Arc<AtomicU64>,
) -> Result<Opened, SourceFault> {
    let fault =
        |error: &io::Error| SourceFault { name: name.to_owned(), ..SourceFault::io(Path::new(name), error) };
    let unpacked = unpack(bytes, progress).map_err(|error| fault(&error))?;
    let mut head = Vec::new();
    let mut start = unpacked.take(HEAD);
    // A file that breaks off early still has its first records in it: the loader meets the error after them.
    let broken = start.read_to_end(&mut head).err();
    if let Some(error) = &broken
        && head.is_empty()
    {
        return Err(fault(error));
    }
    if head.is_empty() {
        return Err(SourceFault {
            name: name.to_owned(),
            met: "an empty file".to_owned(),
            expected: "records".to_owned(),
        });
    }
    let Some(format) = format.or_else(|| loaders::detect(&head)) else {
        return Err(SourceFault {
            name: name.to_owned(),
            met: format!("a file that begins with '{}'", beginning(&head)),
            expected: format!("one of {}; name it with --format", crate::home::format_ids()),
        });
    };
    let rest: Box<dyn Read + Send> = match broken {
        Some(error) => Box::new(Failing(Some(error))),
        None => start.into_inner(),
    };
    let reader = BufReader::with_capacity(256 << 10, Cursor::new(head).chain(rest));
    Ok(Opened { reader: Box::new(reader), format })
}

/// The bytes of a file, decompressed when they are gzip or zstd. `progress` counts the bytes read
/// from disk.
///
/// # Errors
/// When not even the first bytes can be read.
pub fn unpack(bytes: Box<dyn Read + Send>, progress: Arc<AtomicU64>) -> io::Result<Box<dyn Read + Send>> {
    let read = Arc::new(AtomicU64::new(0));
    let counted = Counted { inner: bytes, counts: [progress, Arc::clone(&read)] };
    let mut raw = BufReader::with_capacity(256 << 10, counted);
    let magic = raw.fill_buf()?;
    Ok(if magic.starts_with(&[0x1F, 0x8B]) {
        Box::new(Bounded { inner: MultiGzDecoder::new(raw), read, written: 0 })
    } else if magic.starts_with(&[0x28, 0xB5, 0x2F, 0xFD]) {
        Box::new(Bounded { inner: zstd::Decoder::with_buffer(raw)?, read, written: 0 })
    } else {
        Box::new(raw)
    })
}

fn beginning(head: &[u8]) -> String {
    String::from_utf8_lossy(&head[..head.len().min(40)])
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

/// Counts what is read from disk, for progress.
struct Counted<R> {
    inner: R,
    counts: [Arc<AtomicU64>; 2],
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        for count in &self.counts {
            count.fetch_add(read as u64, Ordering::Relaxed);
        }
        Ok(read)
    }
}

/// Ends a file that grows beyond all reason when it is unpacked.
struct Bounded<R> {
    inner: R,
    read: Arc<AtomicU64>,
    written: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.written += count as u64;
        let allowed = self.read.load(Ordering::Relaxed).saturating_mul(RATIO).saturating_add(SMALL);
        if self.written > allowed {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                format!("the compressed file grows more than {RATIO} times; it is refused as a bomb"),
            ));
        }
        Ok(count)
    }
}

/// Gives an error that was met while looking ahead, once what stood before it was read.
struct Failing(Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}
