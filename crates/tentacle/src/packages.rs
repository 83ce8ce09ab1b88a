//! Packages that were received: `HOME/packages/<sha256>.<extension>`.
//!
//! A package has its name only once its content was checked; until then it is a
//! `.part`, which a later transfer goes on with.

use std::{
    collections::{HashMap, HashSet},
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use bytes::Bytes;
use layout::{Home, install::free_bytes};
use nupkg::PackageExtension;
use sha2::{Digest, Sha256};
use wire::v1::PackageRef;

/// What nobody needs is removed after so long: packages of deployments that failed, and
/// transfers that broke off.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// Why a package was not received.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    /// The request makes no sense.
    #[error("{0}")]
    Request(String),
    /// It is being received already.
    #[error("this package is being received over another connection; try again later")]
    Busy,
    /// What was here when the transfer was planned is gone: another one has completed it.
    #[error(
        "the transfer goes on at {offset}, and only {length} bytes are here; ask again what is here, and send that"
    )]
    Gap {
        /// Bytes that the sender leaves out.
        offset: u64,
        /// Bytes that are here.
        length: u64,
    },
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
    #[error("{path} can't be written; check the space on its disk and its owner")]
    Io {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// The folder of received packages. Clones share what is known of it.
#[derive(Debug, Clone)]
pub struct Packages {
    folder: PathBuf,
    known: Arc<Mutex<Known>>,
}

#[derive(Debug, Default)]
struct Known {
    /// Packages that are arriving.
    arriving: HashSet<PathBuf>,
    /// Packages of which a server was told that they are here, and that it has yet to use.
    promised: HashMap<PathBuf, Promise>,
}

#[derive(Debug)]
struct Promise {
    times: usize,
    last: Instant,
}

/// A package that is arriving.
#[derive(Debug)]
pub struct Receiving {
    file: File,
    part: PathBuf,
    arriving: Arriving,
    expected: String,
    size: u64,
    at: u64,
}

/// Keeps other transfers of the same package away until it is dropped.
#[derive(Debug)]
struct Arriving {
    packages: Packages,
    whole: PathBuf,
}

impl Packages {
    /// The folder of this HOME.
    pub fn new(home: &Home) -> Self {
        Self {
            folder: home.packages(),
            known: Arc::default(),
        }
    }

    /// Where a package is; only there when it is whole.
    ///
    /// # Errors
    /// When the reference is none.
    pub fn path(&self, package: &PackageRef) -> Result<PathBuf, ReceiveError> {
        let name = hexadecimal(package)?;
        // The name was chosen elsewhere: only its extension is taken, if it is a known one.
        let extension = PackageExtension::split(&package.file_name)
            .map_or(PackageExtension::Nupkg, |(_, extension)| extension);
        Ok(self.folder.join(format!("{name}{extension}")))
    }

    /// The path of a package that is here whole.
    pub fn find(&self, package: &PackageRef) -> Result<Option<PathBuf>, ReceiveError> {
        let path = self.path(package)?;
        Ok(path.is_file().then_some(path))
    }

    /// Whether a package is here whole; if so it stays until it was [released] as often, or
    /// for a day.
    ///
    /// [released]: Packages::release
    pub fn promise(&self, package: &PackageRef) -> Result<bool, ReceiveError> {
        let path = self.path(package)?;
        let mut known = self.known();
        let is_here = path.is_file();
        if is_here {
            known.promise(path);
        }
        Ok(is_here)
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
        let arriving = self.arriving(whole).ok_or(ReceiveError::Busy)?;
        self.remove_old();
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
        let length = file.metadata().map_err(failed(&part))?.len();
        if offset > length {
            return Err(ReceiveError::Gap { offset, length });
        }
        file.set_len(offset).map_err(failed(&part))?;
        file.seek(SeekFrom::End(0)).map_err(failed(&part))?;
        Ok(Receiving {
            file,
            part,
            arriving,
            expected: hexadecimal(package)?,
            size: package.size,
            at: offset,
        })
    }

    /// Work with a package has ended. One that `is_used` up is removed, unless other work with
    /// it is to come; else it stays for another try.
    pub fn release(&self, package: &PackageRef, is_used: bool) {
        let Ok(path) = self.path(package) else { return };
        let mut known = self.known();
        if let Some(promise) = known.promised.get_mut(&path) {
            promise.times = promise.times.saturating_sub(1);
            if promise.times > 0 {
                return;
            }
            known.promised.remove(&path);
        }
        if is_used {
            remove(&path);
        }
    }

    /// Removes what nobody has come back for.
    fn remove_old(&self) {
        let mut known = self.known();
        known
            .promised
            .retain(|_, promise| promise.last.elapsed() <= KEPT);
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let modified = entry.metadata().and_then(|metadata| metadata.modified());
            let is_old = modified.is_ok_and(|at| at.elapsed().is_ok_and(|age| age > KEPT));
            let part_of = |whole: &PathBuf| whole.with_extension("part") == path;
            let is_needed =
                known.promised.contains_key(&path) || known.arriving.iter().any(part_of);
            if is_old && !is_needed {
                remove(&path);
            }
        }
    }

    fn arriving(&self, whole: PathBuf) -> Option<Arriving> {
        let is_first = self.known().arriving.insert(whole.clone());
        is_first.then(|| Arriving {
            packages: self.clone(),
            whole,
        })
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn promise(&mut self, whole: PathBuf) {
        let times = self.promised.get(&whole).map_or(0, |promise| promise.times);
        let promise = Promise {
            times: times.saturating_add(1),
            last: Instant::now(),
        };
        self.promised.insert(whole, promise);
    }
}

impl Drop for Arriving {
    fn drop(&mut self) {
        self.packages.known().arriving.remove(&self.whole);
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

    /// Checks the whole, gives it its name, and promises it. A transfer that is not complete
    /// stays a part.
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
        let synced = self.file.sync_all();
        synced.map_err(|error| self.failed(error))?;
        let Arriving { packages, whole } = &self.arriving;
        let mut known = packages.known();
        layout::rename(&self.part, whole).map_err(|error| self.failed(error))?;
        known.promise(whole.clone());
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

fn remove(path: &Path) {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            tracing::warn!("{} can't be removed: {error}", path.display());
        }
        _ => {}
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
