//! From the directory of a zip to checked entries.

use super::entry::{self, Entry, EntryKind};
use super::error::{ArchiveError, Refusal};
use super::format::Format;
use super::limits::Limits;
use super::read::EntryReader;
use super::tree::EntryTree;
use super::zip::{Header, find_directory};
use crate::escape;
use crate::file_name::PackageExtension;
use std::borrow::Cow;
use std::io::{BufReader, Read, Seek, SeekFrom};

/// The longest target of a symbolic link, in bytes (`PATH_MAX` on Linux).
const MAX_LINK_BYTES: u64 = 4096;

/// Reads the directory, then looks at each entry's local header and checks it.
pub(super) fn scan<R: Read + Seek>(
    reader: &mut R,
    limits: &Limits,
    extension: Option<PackageExtension>,
) -> Result<(Vec<Header>, Vec<Entry>), ArchiveError> {
    let archive_bytes = reader.seek(SeekFrom::End(0)).map_err(ArchiveError::Io)?;
    let directory = read_directory(reader, limits)?;
    check_sizes(&directory, archive_bytes, limits)?;

    let names: Vec<Cow<'_, str>> = directory.iter().map(Header::name).collect();
    let may_be_nupkg = extension.is_none_or(|extension| extension == PackageExtension::Nupkg);
    let is_nupkg = may_be_nupkg
        && names
            .iter()
            .any(|name| entry::is_root_nuspec(&escape::percent_decode(name)));

    let mut tree = EntryTree::new(limits.max_entries);
    let mut entries = Vec::with_capacity(directory.len());
    for (index, (raw, name)) in directory.iter().zip(&names).enumerate() {
        let name = if is_nupkg {
            escape::percent_decode(name)
        } else {
            Cow::Borrowed(name.as_ref())
        };
        let refused = |refusal: Refusal| refusal.of(&name);
        raw.check_encoding().map_err(refused)?;
        let mode = raw.attributes >> 16;
        let kind = kind(raw, mode, &name).map_err(refused)?;
        let mut content = EntryReader::of_zip(reader, raw, &name)?;
        let kind = match kind {
            Kind::File => EntryKind::File,
            Kind::Directory => EntryKind::Directory,
            Kind::Symlink => {
                let mut target = Vec::new();
                content.read_to_end(&mut target)?;
                let target = String::from_utf8(target).map_err(|_| refused(Refusal::LinkTarget))?;
                EntryKind::Symlink { target }
            }
        };
        let path = tree.add(&name, &kind).map_err(refused)?;
        if path.is_empty() {
            continue;
        }
        entries.push(Entry {
            packaging: is_nupkg && entry::is_packaging(&path),
            path,
            kind,
            size: raw.size,
            mode: (mode != 0).then_some(mode & 0o777),
            modified: raw.modified(),
            place: index as u64,
            position: entries.len(),
        });
    }
    tree.finish()?;
    Ok((directory, entries))
}

/// Their number is looked at before they are read.
fn read_directory<R: Read + Seek>(
    reader: &mut R,
    limits: &Limits,
) -> Result<Vec<Header>, ArchiveError> {
    let directory = find_directory(reader).map_err(|error| match error {
        ArchiveError::Damaged(reason) => ArchiveError::NotAnArchive {
            format: Format::Zip,
            reason,
        },
        other => other,
    })?;
    let entries = usize::try_from(directory.entries).unwrap_or(usize::MAX);
    if entries > limits.max_entries {
        return Err(ArchiveError::TooManyEntries {
            entries,
            limit: limits.max_entries,
        });
    }
    reader
        .seek(SeekFrom::Start(directory.start))
        .map_err(ArchiveError::Io)?;
    // In pieces, and what it holds of the content is not read.
    let mut reader = BufReader::new(reader);
    (0..entries).map(|_| Header::read(&mut reader)).collect()
}

fn check_sizes(
    directory: &[Header],
    archive_bytes: u64,
    limits: &Limits,
) -> Result<(), ArchiveError> {
    let mut total: u64 = 0;
    for raw in directory {
        let (bytes, packed) = (raw.size, raw.packed_size);
        let refused = |refusal: Refusal| refusal.of(&raw.lossy_name());
        if bytes > limits.max_entry_bytes {
            return Err(refused(Refusal::TooLong {
                bytes,
                limit: limits.max_entry_bytes,
            }));
        }
        if !limits.allows_ratio(bytes, packed) {
            return Err(refused(Refusal::Bomb {
                bytes,
                packed,
                limit: limits.max_ratio,
            }));
        }
        total = total.saturating_add(bytes);
    }
    if total > limits.max_total_bytes {
        return Err(ArchiveError::TooLarge {
            limit: limits.max_total_bytes,
        });
    }
    // Entries may share their bytes, so that each of them alone looks harmless.
    if !limits.allows_ratio(total, archive_bytes) {
        return Err(ArchiveError::Bomb {
            bytes: total,
            archive: archive_bytes,
            limit: limits.max_ratio,
        });
    }
    Ok(())
}

enum Kind {
    File,
    Directory,
    Symlink,
}

/// The type bits count whatever system the archive says it was made on: some
/// extractor would follow them.
fn kind(raw: &Header, mode: u32, name: &str) -> Result<Kind, Refusal> {
    const TYPE: u32 = 0o170_000;
    const DOS_DIRECTORY: u32 = 0x10;
    let named_folder = name.ends_with(['/', '\\']);
    let kind = match mode & TYPE {
        0o120_000 if !named_folder => Kind::Symlink,
        0o040_000 => Kind::Directory,
        0 | 0o100_000 if named_folder => Kind::Directory,
        0 if raw.attributes & DOS_DIRECTORY != 0 && raw.size == 0 => Kind::Directory,
        0 | 0o100_000 => Kind::File,
        _ => return Err(Refusal::Special),
    };
    match kind {
        Kind::Directory if raw.size > 0 => Err(Refusal::Special),
        Kind::Symlink if raw.size > MAX_LINK_BYTES => Err(Refusal::LinkTarget),
        kind => Ok(kind),
    }
}
