//! Packages that were received: `HOME/packages/<sha256>.<extension>`.
//!
//! A package has its name only once its content was checked; until then it is a
//! `.part`, which a later transfer goes on with.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read, Seek, SeekFrom, Write},
    path::PathBuf,
};

use bytes::Bytes;
use layout::{Home, install::free_bytes};
use sha2::{Digest, Sha256};
use wire::v1::PackageRef;

/// Why a package was not received.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    /// The request makes no sense.
    #[error("{0}")]
    Request(String),
    /// It is being received already.
    #[error("this package is being received over another connection; try again later")]
    Busy,
    /// It would not fit.
    #[error(
        "the package takes {needed} bytes and {free} are free where {path} is; free some space"
    )]
    NoSpace {
        /// Where it was to go.
        path: PathBuf,
        /// Bytes.
        needed: u64,
        /// Bytes.
        free: u64,
    },
    /// What arrived is not what was announced.
    #[error(
        "the package's SHA-256 is {actual} and not {expected}: it was damaged on the way, or \
         changed; nothing was kept, send it again"
    )]
    Damaged {
        /// Hexadecimal.
        expected: String,
        /// Hexadecimal.
        actual: String,
    },
    /// The file system refused.
    #[error("{path} can't be written")]
    Io {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// The folder of received packages.
#[derive(Debug, Clone)]
pub struct Packages {
    folder: PathBuf,
}

/// A package that is arriving.
#[derive(Debug)]
pub struct Receiving {
    file: File,
    part: PathBuf,
    whole: PathBuf,
    expected: String,
    size: u64,
    at: u64,
}

impl Packages {
    /// The folder of this HOME.
    pub fn new(home: &Home) -> Self {
        Self {
            folder: home.packages(),
        }
    }

    /// Where a package is; only there when it is whole.
    ///
    /// # Errors
    /// When the reference is none.
    pub fn path(&self, package: &PackageRef) -> Result<PathBuf, ReceiveError> {
        let name = hexadecimal(package)?;
        // The name was chosen elsewhere: only a plain extension is taken from it.
        let extension: String = match package.file_name.rsplit_once('.') {
            Some((_, extension)) if extension.chars().all(|c| c.is_ascii_alphanumeric()) => {
                extension.chars().take(10).collect()
            }
            _ => "nupkg".to_owned(),
        };
        Ok(self.folder.join(format!("{name}.{extension}")))
    }

    /// The path of a package that is here whole.
    pub fn find(&self, package: &PackageRef) -> Result<Option<PathBuf>, ReceiveError> {
        let path = self.path(package)?;
        Ok(path.is_file().then_some(path))
    }

    /// Bytes of a transfer that broke off.
    pub fn received(&self, package: &PackageRef) -> Result<u64, ReceiveError> {
        let part = self.path(package)?.with_extension("part");
        Ok(fs::metadata(part).map_or(0, |metadata| metadata.len()))
    }

    /// Begins, or goes on with, a transfer at `offset`.
    pub fn receive(&self, package: &PackageRef, offset: u64) -> Result<Receiving, ReceiveError> {
        let whole = self.path(package)?;
        let part = whole.with_extension("part");
        let failed = |path: &PathBuf| {
            let path = path.clone();
            move |source| ReceiveError::Io { path, source }
        };
        fs::create_dir_all(&self.folder).map_err(failed(&self.folder))?;
        let needed = package.size.saturating_sub(offset);
        if let Ok(Some(free)) = free_bytes(&self.folder)
            && free < needed
        {
            let path = self.folder.clone();
            return Err(ReceiveError::NoSpace { path, needed, free });
        }
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&part)
            .map_err(failed(&part))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(ReceiveError::Busy),
            Err(TryLockError::Error(error)) => return Err(failed(&part)(error)),
        }
        let length = file.metadata().map_err(failed(&part))?.len();
        if offset > length {
            let text =
                format!("the transfer goes on at {offset}, and only {length} bytes are here");
            return Err(ReceiveError::Request(text));
        }
        file.set_len(offset).map_err(failed(&part))?;
        file.seek(SeekFrom::End(0)).map_err(failed(&part))?;
        Ok(Receiving {
            file,
            part,
            whole,
            expected: hexadecimal(package)?,
            size: package.size,
            at: offset,
        })
    }

    /// Removes a package that is no longer needed.
    pub fn remove(&self, package: &PackageRef) {
        if let Ok(path) = self.path(package)
            && let Err(error) = fs::remove_file(&path)
        {
            tracing::warn!("{} can't be removed: {error}", path.display());
        }
    }
}

impl Receiving {
    /// Writes a chunk; never more than was announced.
    pub fn write(&mut self, chunk: &Bytes) -> Result<(), ReceiveError> {
        let at = self.at.saturating_add(chunk.len() as u64);
        if at > self.size {
            let text = format!(
                "more bytes arrived than the {} that were announced",
                self.size
            );
            return Err(ReceiveError::Request(text));
        }
        self.file
            .write_all(chunk)
            .map_err(|error| self.failed(error))?;
        self.at = at;
        Ok(())
    }

    /// Checks the whole and gives it its name. A transfer that is not complete stays a part.
    pub fn finish(mut self) -> Result<u64, ReceiveError> {
        if self.at < self.size {
            return Ok(self.at);
        }
        let actual = self.hash().map_err(|error| self.failed(error))?;
        if actual != self.expected {
            let removed = fs::remove_file(&self.part);
            removed.map_err(|error| self.failed(error))?;
            return Err(ReceiveError::Damaged {
                expected: self.expected,
                actual,
            });
        }
        let kept = self
            .file
            .sync_all()
            .and_then(|()| fs::rename(&self.part, &self.whole));
        kept.map_err(|error| self.failed(error))?;
        Ok(self.at)
    }

    fn hash(&mut self) -> io::Result<String> {
        self.file.seek(SeekFrom::Start(0))?;
        let mut hash = Sha256::new();
        let mut buffer = vec![0; wire::CHUNK_BYTES];
        loop {
            let count = self.file.read(&mut buffer)?;
            let Some(bytes) = buffer.get(..count).filter(|bytes| !bytes.is_empty()) else {
                return Ok(to_hexadecimal(&hash.finalize()));
            };
            hash.update(bytes);
        }
    }

    fn failed(&self, source: io::Error) -> ReceiveError {
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => ReceiveError::NoSpace {
                path: self.part.clone(),
                needed: self.size.saturating_sub(self.at),
                free: 0,
            },
            _ => ReceiveError::Io {
                path: self.part.clone(),
                source,
            },
        }
    }
}

fn hexadecimal(package: &PackageRef) -> Result<String, ReceiveError> {
    if package.sha256.len() != 32 {
        let text = "the package is named without its SHA-256 of 32 bytes".to_owned();
        return Err(ReceiveError::Request(text));
    }
    Ok(to_hexadecimal(&package.sha256))
}

fn to_hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
