//! From the headers of a tar, perhaps compressed, to checked entries.
//!
//! The whole archive is unpacked once for this, so that an entry at its very end is
//! known before the first one is given out, and checksums are found right.

pub(super) mod header;
mod next;
mod pax;
mod stream;

pub(super) use stream::Stream;

use super::entry::{Entry, EntryKind};
use super::error::{ArchiveError, Refusal};
use super::format::Format;
use super::limits::Limits;
use super::read::damage;
use super::tree::EntryTree;
use header::BLOCK;
use next::{Headers, Raw};
use std::collections::HashMap;
use std::io::{self, Read, Seek};

/// Reads all headers and checks what they say.
pub(super) fn scan<R: Read + Seek>(
    reader: R,
    format: Format,
    limits: &Limits,
) -> Result<(Stream<R>, Vec<Entry>), ArchiveError> {
    let stream = Stream::new(reader, format).map_err(ArchiveError::Io)?;
    let mut headers = Headers::new(stream, limits);
    let mut tree = EntryTree::new(limits.max_entries);
    let mut entries = Vec::new();
    // The sizes of files so far, for the hard links that follow.
    let mut files = HashMap::new();
    while let Some(raw) = headers.next()? {
        let name = String::from_utf8_lossy(&raw.name).into_owned();
        let refused = |refusal: Refusal| refusal.of(&name);
        if std::str::from_utf8(&raw.name).is_err() {
            return Err(refused(Refusal::Encoding));
        }
        let kind = kind(&raw, &name).map_err(refused)?;
        if raw.size > limits.max_entry_bytes {
            return Err(refused(Refusal::TooLong {
                bytes: raw.size,
                limit: limits.max_entry_bytes,
            }));
        }
        if let EntryKind::HardLink { target } = &kind {
            // Extracted it is a copy.
            let size = files.get(target).copied();
            headers.count(size.ok_or_else(|| refused(Refusal::HardLink))?)?;
        }
        let path = tree.add(&name, &kind).map_err(refused)?;
        headers.skip(raw.size)?;
        if path.is_empty() {
            continue;
        }
        match &kind {
            EntryKind::File => files.insert(path.clone(), raw.size),
            EntryKind::HardLink { target } => {
                let size = files.get(target).copied().unwrap_or_default();
                files.insert(path.clone(), size)
            }
            EntryKind::Directory | EntryKind::Symlink { .. } => None,
        };
        entries.push(Entry {
            path,
            kind,
            size: raw.size,
            mode: Some(raw.mode & 0o777),
            modified: Some(raw.modified),
            packaging: false,
            place: raw.content,
            position: entries.len(),
        });
    }
    tree.finish()?;
    Ok((headers.finish()?, entries))
}

/// What the header's letter means. `name` is valid already.
fn kind(raw: &Raw, name: &str) -> Result<EntryKind, Refusal> {
    let link = || {
        let target = String::from_utf8(raw.link.clone()).map_err(|_| Refusal::LinkTarget)?;
        // What a link with content is, nobody agrees on.
        match raw.size {
            0 => Ok(target),
            _ => Err(Refusal::Special),
        }
    };
    match raw.kind {
        _ if raw.sparse => Err(Refusal::Sparse),
        // Before there was a letter for folders, the slash at the end told them.
        0 | b'0' if name.ends_with('/') && raw.size == 0 => Ok(EntryKind::Directory),
        0 | b'0' | b'7' => Ok(EntryKind::File),
        b'1' => {
            let split = super::name::split(&link()?)?.parts.join("/");
            Ok(EntryKind::HardLink { target: split })
        }
        b'2' => Ok(EntryKind::Symlink { target: link()? }),
        b'5' if raw.size == 0 => Ok(EntryKind::Directory),
        b'S' => Err(Refusal::Sparse),
        _ => Err(Refusal::Special),
    }
}

/// An error of the reader below stays one; what was found out about its bytes is damage.
fn broken(error: io::Error) -> ArchiveError {
    match damage(&error) {
        Some(reason) => ArchiveError::Damaged(reason),
        None => ArchiveError::Io(error),
    }
}

/// `size` filled up to whole blocks.
fn padded(size: u64) -> Option<u64> {
    size.checked_next_multiple_of(BLOCK as u64)
}
