//! From the directory of a zip to checked entries.

use super::entry::{self, Entry, EntryKind};
use super::error::{ArchiveError, Refusal};
use super::format::Format;
use super::limits::Limits;
use super::read::EntryReader;
use super::tree::EntryTree;
use crate::escape;
use crate::file_name::PackageExtension;
use std::borrow::Cow;
use std::io::{Read, Seek, SeekFrom};
use zip::extra_fields::ExtraField;
use zip::read::{ArchiveOffset, Config, OwnedZipFileEntry, ZipFile};
use zip::result::ZipError;
use zip::unstable::read::ZipIterable;
use zip::{CompressionMethod, DateTime};

/// The longest target of a symbolic link, in bytes (`PATH_MAX` on Linux).
const MAX_LINK_BYTES: u64 = 4096;

/// Reads the directory, then looks at each entry's local header and checks it.
pub(super) fn scan<R: Read + Seek>(
    reader: &mut R,
    limits: &Limits,
    extension: Option<PackageExtension>,
) -> Result<(Vec<OwnedZipFileEntry>, Vec<Entry>), ArchiveError> {
    let archive_bytes = reader.seek(SeekFrom::End(0)).map_err(ArchiveError::Io)?;
    let directory = read_directory(reader, limits)?;
    check_sizes(&directory, archive_bytes, limits)?;

    let names = directory
        .iter()
        .map(|raw| raw.name().map(Cow::into_owned).map_err(damaged))
        .collect::<Result<Vec<_>, _>>()?;
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
            Cow::Borrowed(name.as_str())
        };
        let refused = |refusal: Refusal| refusal.of(&name);
        check_encoding(raw).map_err(refused)?;
        let mode = raw.external_attributes() >> 16;
        let kind = kind(raw, mode, &name).map_err(refused)?;
        let mut content = EntryReader::of_zip(reader, raw, &name)?;
        let modified = content.raw().and_then(modified);
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
            size: raw.size(),
            mode: (mode != 0).then_some(mode & 0o777),
            modified,
            place: index as u64,
            position: entries.len(),
        });
    }
    tree.finish()?;
    Ok((directory, entries))
}

/// `ZipIterable` keeps entries of the same name apart and tells their number before
/// it reads them; `ZipArchive` does neither. The archive must begin at the first
/// byte: whatever else a file begins with, other programs could read it differently.
fn read_directory<R: Read + Seek>(
    reader: &mut R,
    limits: &Limits,
) -> Result<Vec<OwnedZipFileEntry>, ArchiveError> {
    let config = Config {
        archive_offset: ArchiveOffset::Known(0),
    };
    let mut zip = ZipIterable::try_new(reader, config).map_err(|error| match damaged(error) {
        ArchiveError::Damaged(reason) => ArchiveError::NotAnArchive {
            format: Format::Zip,
            reason,
        },
        other => other,
    })?;
    if zip.len() > limits.max_entries {
        return Err(ArchiveError::TooManyEntries {
            entries: zip.len(),
            limit: limits.max_entries,
        });
    }
    zip.files()
        .map_err(damaged)?
        .map(|entry| entry.map(OwnedZipFileEntry::from).map_err(damaged))
        .collect()
}

fn check_sizes(
    directory: &[OwnedZipFileEntry],
    archive_bytes: u64,
    limits: &Limits,
) -> Result<(), ArchiveError> {
    let mut total: u64 = 0;
    for raw in directory {
        let (bytes, packed) = (raw.size(), raw.compressed_size());
        let refused = |refusal: Refusal| refusal.of(&String::from_utf8_lossy(raw.name_raw()));
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

fn check_encoding(raw: &OwnedZipFileEntry) -> Result<(), Refusal> {
    if raw.encrypted() {
        return Err(Refusal::Encrypted);
    }
    match raw.compression() {
        CompressionMethod::Stored | CompressionMethod::Deflated => Ok(()),
        other => Err(Refusal::Method(other.to_string())),
    }
}

enum Kind {
    File,
    Directory,
    Symlink,
}

/// The type bits count whatever system the archive says it was made on: some
/// extractor would follow them.
fn kind(raw: &OwnedZipFileEntry, mode: u32, name: &str) -> Result<Kind, Refusal> {
    const TYPE: u32 = 0o170_000;
    const DOS_DIRECTORY: u32 = 0x10;
    let named_folder = name.ends_with(['/', '\\']);
    let kind = match mode & TYPE {
        0o120_000 if !named_folder => Kind::Symlink,
        0o040_000 => Kind::Directory,
        0 | 0o100_000 if named_folder => Kind::Directory,
        0 if raw.external_attributes() & DOS_DIRECTORY != 0 && raw.size() == 0 => Kind::Directory,
        0 | 0o100_000 => Kind::File,
        _ => return Err(Refusal::Special),
    };
    match kind {
        Kind::Directory if raw.size() > 0 => Err(Refusal::Special),
        Kind::Symlink if raw.size() > MAX_LINK_BYTES => Err(Refusal::LinkTarget),
        kind => Ok(kind),
    }
}

fn modified<R: Read>(raw: &ZipFile<'_, R>) -> Option<i64> {
    let extended = raw.extra_data_fields().find_map(|field| match field {
        ExtraField::ExtendedTimestamp(times) => times.mod_time(),
        _ => None,
    });
    extended
        .map(i64::from)
        .or_else(|| raw.last_modified().as_ref().map(seconds_since_1970))
}

/// Days by the civil calendar: years begin in March, so that the leap day comes last.
fn seconds_since_1970(time: &DateTime) -> i64 {
    let (month, day) = (i64::from(time.month()), i64::from(time.day()));
    let year = i64::from(time.year()) - i64::from(month <= 2);
    let month_from_march = (month + 9) % 12;
    let days_before_year = 365 * year + year / 4 - year / 100 + year / 400;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    const DAYS_TO_1970: i64 = 719_468;
    let days = days_before_year + day_of_year - DAYS_TO_1970;
    let [hour, minute, second] = [time.hour(), time.minute(), time.second()].map(i64::from);
    ((days * 24 + hour) * 60 + minute) * 60 + second
}

fn damaged(error: ZipError) -> ArchiveError {
    match error {
        ZipError::Io(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            ArchiveError::Damaged("it ends too early".to_owned())
        }
        ZipError::Io(error) => ArchiveError::Io(error),
        other => ArchiveError::Damaged(other.to_string()),
    }
}
