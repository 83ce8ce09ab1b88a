//! Header after header, each put together from the blocks that describe one entry.

use super::super::error::{ArchiveError, Refusal};
use super::super::limits::Limits;
use super::header::{BLOCK, Header};
use super::pax::Pax;
use super::stream::Stream;
use super::{broken, padded};
use std::io::{self, Read, Seek};

/// What stands before the header of an entry to describe it better, in bytes. A path
/// has at most 4096 on Linux.
const MAX_DESCRIPTION: u64 = 1024 * 1024;

/// One entry as the archive describes it, unchecked.
pub(super) struct Raw {
    pub(super) name: Vec<u8>,
    pub(super) link: Vec<u8>,
    /// The letter of its kind.
    pub(super) kind: u8,
    pub(super) size: u64,
    pub(super) mode: u32,
    pub(super) modified: i64,
    pub(super) sparse: bool,
    /// Where in the unpacked stream its content begins.
    pub(super) content: u64,
}

/// The descriptions that came before the header that they are about.
#[derive(Default)]
struct Before {
    name: Option<Vec<u8>>,
    link: Option<Vec<u8>>,
    pax: Option<Pax>,
}

/// Reads headers one after another, and counts what they claim.
pub(super) struct Headers<'a, R> {
    stream: Stream<R>,
    limits: &'a Limits,
    /// Bytes of headers and content so far, those included that are only claimed.
    claimed: u64,
    first: bool,
}

impl<'a, R: Read + Seek> Headers<'a, R> {
    pub(super) fn new(stream: Stream<R>, limits: &'a Limits) -> Self {
        Self {
            stream,
            limits,
            claimed: 0,
            first: true,
        }
    }

    /// The next entry; none at the end of the archive.
    pub(super) fn next(&mut self) -> Result<Option<Raw>, ArchiveError> {
        let mut before = Before::default();
        loop {
            let mut block = [0; BLOCK];
            self.count(BLOCK as u64)?;
            self.stream.read_exact(&mut block).map_err(broken)?;
            let end = block == [0; BLOCK];
            let whole = before.name.is_none() && before.link.is_none() && before.pax.is_none();
            if end && whole {
                return Ok(None);
            }
            let header = Header::new(&block).filter(|_| !end);
            let header = header.ok_or_else(|| self.no_header())?;
            self.first = false;
            let nonsense = || ArchiveError::Damaged("a header makes no sense".to_owned());
            let size = header.size().ok_or_else(nonsense)?;
            match header.kind() {
                kind @ (b'L' | b'K' | b'x' | b'g') => {
                    let text = self.description(size)?;
                    before.take(kind, text).ok_or_else(nonsense)?;
                }
                _ => {
                    let raw = before.join(&header, size, self.stream.position());
                    let raw = raw.ok_or_else(nonsense)?;
                    self.count(padded(size).ok_or_else(nonsense)?)?;
                    return Ok(Some(raw));
                }
            }
        }
    }

    /// Adds to what the archive claims to hold.
    pub(super) fn count(&mut self, bytes: u64) -> Result<(), ArchiveError> {
        self.claimed = self.claimed.saturating_add(bytes);
        let archive = self.stream.length();
        if self.claimed > self.limits.max_total_bytes {
            return Err(ArchiveError::TooLarge {
                limit: self.limits.max_total_bytes,
            });
        }
        if !self.limits.allows_ratio(self.claimed, archive) {
            return Err(ArchiveError::Bomb {
                bytes: self.claimed,
                archive,
                limit: self.limits.max_ratio,
            });
        }
        Ok(())
    }

    /// Goes on behind content of this size.
    pub(super) fn skip(&mut self, size: u64) -> Result<(), ArchiveError> {
        let next = padded(size).and_then(|size| self.stream.position().checked_add(size));
        let next = next.ok_or_else(|| broken(io::ErrorKind::UnexpectedEof.into()))?;
        self.stream.go_to(next).map_err(broken)
    }

    /// Reads on to the end of the file, where compressed ones have their checksum.
    /// Nothing but zeros may be there: some readers would look at it, others not.
    pub(super) fn finish(mut self) -> Result<Stream<R>, ArchiveError> {
        let mut buffer = [0; 8 * BLOCK];
        loop {
            match self.stream.read(&mut buffer) {
                Ok(0) => return Ok(self.stream),
                Ok(count) => {
                    self.count(count as u64)?;
                    if buffer.iter().take(count).any(|byte| *byte != 0) {
                        let reason = "there is something behind its end";
                        return Err(ArchiveError::Damaged(reason.to_owned()));
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(broken(error)),
            }
        }
    }

    fn description(&mut self, size: u64) -> Result<Vec<u8>, ArchiveError> {
        if size > MAX_DESCRIPTION {
            return Err(Refusal::TooLong {
                bytes: size,
                limit: MAX_DESCRIPTION,
            }
            .of("the description of an entry"));
        }
        self.count(padded(size).unwrap_or(u64::MAX))?;
        let end = self.stream.position().saturating_add(size);
        let mut text = Vec::new();
        let read = self.stream.by_ref().take(size).read_to_end(&mut text);
        read.map_err(broken)?;
        if self.stream.position() < end {
            return Err(broken(io::ErrorKind::UnexpectedEof.into()));
        }
        let padding = padded(size).unwrap_or(size).saturating_sub(size);
        let next = end.saturating_add(padding);
        self.stream.go_to(next).map_err(broken)?;
        Ok(text)
    }

    fn no_header(&self) -> ArchiveError {
        match self.first {
            true => ArchiveError::NotAnArchive {
                format: self.stream.format(),
                reason: "there is no tar in it".to_owned(),
            },
            false => ArchiveError::Damaged("a header is missing".to_owned()),
        }
    }
}

impl Before {
    /// None when it makes no sense, or when there are two of a kind.
    fn take(&mut self, kind: u8, mut text: Vec<u8>) -> Option<()> {
        let place = match kind {
            b'x' => {
                let pax = Pax::parse(&text)?;
                return self.pax.replace(pax).is_none().then_some(());
            }
            // About all entries, such as the comment that git writes.
            b'g' => return (!Pax::parse(&text)?.renames()).then_some(()),
            b'L' => &mut self.name,
            _ => &mut self.link,
        };
        text.truncate(
            text.iter()
                .position(|byte| *byte == 0)
                .unwrap_or(text.len()),
        );
        place.replace(text).is_none().then_some(())
    }

    /// None when the header makes no sense, or the descriptions of it contradict one another.
    fn join(self, header: &Header<'_>, size: u64, content: u64) -> Option<Raw> {
        let pax = self.pax.unwrap_or_default();
        // Readers disagree on where the next header is when it has two sizes.
        if pax.size.is_some_and(|stated| stated != size) {
            return None;
        }
        let one = |gnu: Option<Vec<u8>>, pax: Option<Vec<u8>>| match (gnu, pax) {
            (Some(gnu), Some(pax)) if gnu != pax => None,
            (gnu, pax) => Some(gnu.or(pax)),
        };
        Some(Raw {
            name: one(self.name, pax.path)?.unwrap_or_else(|| header.name().into_owned()),
            link: one(self.link, pax.link)?.unwrap_or_else(|| header.link().to_owned()),
            kind: header.kind(),
            size,
            mode: header.mode()?,
            modified: match pax.modified {
                Some(time) => time,
                None => header.modified()?,
            },
            sparse: pax.sparse,
            content,
        })
    }
}
