//! Extractors with the usual mistakes.

use std::fs::{self, File};
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};

use layout::install::{Writes, unpack};
use nupkg::{Archive, Limits};

use super::checks::normal;

/// Joins names to the folder as they are, and follows links.
pub fn names(bytes: &[u8], into: &Path) -> Result<(), String> {
    let text = |error: io::Error| error.to_string();
    if bytes.first() == Some(&b'P') {
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|e| e.to_string())?;
        for index in 0..zip.len() {
            let mut entry = zip.by_index(index).map_err(|e| e.to_string())?;
            let name = entry.name().map_err(|e| e.to_string())?.into_owned();
            let path = place(into, Path::new(&name))?;
            let link = entry
                .unix_mode()
                .is_some_and(|mode| mode & 0o170_000 == 0o120_000);
            if entry.is_dir() {
                fs::create_dir_all(path).map_err(text)?;
            } else if link {
                let mut target = String::new();
                entry.read_to_string(&mut target).map_err(text)?;
                symlink(&target, &path).map_err(text)?;
            } else {
                write(&path, &mut entry).map_err(text)?;
            }
        }
        return Ok(());
    }
    let mut unpacked = Vec::new();
    match bytes {
        [0x1f, ..] => flate2::read::GzDecoder::new(bytes).read_to_end(&mut unpacked),
        [b'B', ..] => bzip2::read::BzDecoder::new(bytes).read_to_end(&mut unpacked),
        _ => Ok(io::copy(&mut &bytes[..], &mut unpacked).map_err(text)? as usize),
    }
    .map_err(text)?;
    let mut tar = tar::Archive::new(unpacked.as_slice());
    for entry in tar.entries().map_err(text)? {
        let mut entry = entry.map_err(text)?;
        let path = place(into, &entry.path().map_err(text)?)?;
        match entry.header().entry_type() {
            tar::EntryType::Directory => fs::create_dir_all(path).map_err(text)?,
            tar::EntryType::Symlink => {
                let target = entry
                    .link_name()
                    .map_err(text)?
                    .unwrap_or_default()
                    .into_owned();
                symlink(&target.to_string_lossy(), &path).map_err(text)?;
            }
            _ => write(&path, &mut entry).map_err(text)?,
        }
    }
    Ok(())
}

/// Trusts the name, but for what would change the machine that runs the test.
fn place(into: &Path, name: &Path) -> Result<PathBuf, String> {
    let path = into.join(name);
    let yard = into.ancestors().nth(5).ok_or("no yard")?;
    match normal(&path).starts_with(yard) {
        true => Ok(path),
        false => Err("it would leave the yard".to_owned()),
    }
}

fn write(path: &Path, content: &mut dyn Read) -> io::Result<()> {
    fs::create_dir_all(path.parent().unwrap())?;
    io::copy(content, &mut File::create(path)?).map(drop)
}

#[cfg(unix)]
fn symlink(target: &str, path: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, path)
}

#[cfg(not(unix))]
fn symlink(_target: &str, _path: &Path) -> io::Result<()> {
    Ok(())
}

/// Checks all that is checked on opening, but leaves what it wrote before it met damage.
pub fn leaving(bytes: &[u8], into: &Path) -> Result<(), String> {
    let archive = Archive::open(Cursor::new(bytes), &super::LIMITS);
    let mut archive = archive.map_err(|error| error.to_string())?;
    for entry in archive.content_entries() {
        let mut content = archive
            .read_entry(&entry)
            .map_err(|error| error.to_string())?;
        if entry.kind == nupkg::EntryKind::File {
            write(&into.join(&entry.path), &mut content).map_err(|error| error.to_string())?;
        }
    }
    Ok(())
}

/// Takes any amount.
pub fn unlimited(bytes: &[u8], into: &Path) -> Result<(), String> {
    let limits = Limits {
        max_entries: usize::MAX,
        max_entry_bytes: u64::MAX,
        max_total_bytes: u64::MAX,
        max_ratio: u64::MAX,
    };
    let archive = Archive::open(Cursor::new(bytes), &limits);
    let mut archive = archive.map_err(|error| error.to_string())?;
    unpack(&mut archive, into, Writes::Cached).map_err(|error| error.to_string())
}
