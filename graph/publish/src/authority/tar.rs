//! The members of an archive in the tar format (POSIX ustar and its GNU form), one after another.
//!
//! Nothing is unpacked to the disk, so names lead nowhere; links and folders are passed over.

use std::io::{self, BufRead, Read};

const BLOCK: u64 = 512;

/// A file in an archive.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) name: String,
    /// How much of it is not read yet, and how much fills its last block.
    left: u64,
    padding: u64,
}

/// The next file; nothing at the end.
pub(super) fn next(archive: &mut dyn BufRead) -> io::Result<Option<Member>> {
    loop {
        let mut header = [0; BLOCK as usize];
        let mut filled = 0;
        while filled < header.len() {
            match archive.read(&mut header[filled..])? {
                0 if filled == 0 => return Ok(None),
                0 => return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the archive is cut")),
                count => filled += count,
            }
        }
        if header.iter().all(|byte| *byte == 0) {
            return Ok(None);
        }
        let wrong = || io::Error::new(io::ErrorKind::InvalidData, "a header that is none of an archive");
        let size = number(&header[124..136]).ok_or_else(wrong)?;
        let text = |range: std::ops::Range<usize>| {
            let bytes = header.get(range).unwrap_or_default();
            let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
            String::from_utf8_lossy(&bytes[..end]).into_owned()
        };
        let name = text(0..100);
        let mut member = Member { name, left: size, padding: (BLOCK - size % BLOCK) % BLOCK };
        if matches!(header[156], b'0' | 0) && !member.name.ends_with('/') {
            return Ok(Some(member));
        }
        member.skip(archive)?;
    }
}

fn number(field: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(field).ok()?.trim_matches(['\0', ' ']);
    u64::from_str_radix(text, 8).ok().filter(|size| *size < 1 << 40)
}

impl Member {
    /// What is in it, as far as it is not read yet.
    pub(super) fn content<'m>(&'m mut self, archive: &'m mut dyn BufRead) -> Content<'m> {
        Content { member: self, archive }
    }

    /// Passes over what is not read.
    pub(super) fn skip(&mut self, archive: &mut dyn BufRead) -> io::Result<()> {
        let mut left = self.left + self.padding;
        (self.left, self.padding) = (0, 0);
        while left > 0 {
            let here = archive.fill_buf()?.len() as u64;
            if here == 0 {
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the archive is cut"));
            }
            let step = here.min(left);
            archive.consume(step as usize);
            left -= step;
        }
        Ok(())
    }
}

/// What is in a member.
pub(super) struct Content<'m> {
    member: &'m mut Member,
    archive: &'m mut dyn BufRead,
}

impl Read for Content<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = buffer.len().min(usize::try_from(self.member.left).unwrap_or(usize::MAX));
        let count = match buffer.get_mut(..most) {
            Some(buffer) if most > 0 => self.archive.read(buffer)?,
            _ => return Ok(0),
        };
        if count == 0 {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the archive is cut"));
        }
        self.member.left -= count as u64;
        Ok(count)
    }
}
