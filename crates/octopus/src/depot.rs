//! Files of packages and artifacts on disk, by content: `packages/<first two digits>/<sha256>`.
//!
//! A file is there whole or not at all: received beside its place, checked, synced, renamed.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use futures_util::{Stream, StreamExt, pin_mut};
use nupkg::{Nuspec, PackageExtension, PackageFileName, archive};
use sha2::{Digest, Sha256};
use tokio::{
    fs,
    io::AsyncWriteExt,
    sync::{RwLock, RwLockReadGuard, RwLockWriteGuard},
};

/// Why a package was not taken.
#[derive(Debug, thiserror::Error)]
pub enum DepotError {
    /// It is no package, or a damaged or hostile one.
    #[error("the package was refused")]
    Package(#[from] archive::ArchiveError),
    /// An archive without a nuspec, under a name that does not say what it is.
    #[error("{name}: a package that is no .nupkg needs a name that says its id and version")]
    Name {
        /// As it was sent.
        name: String,
        /// What is wrong with it.
        source: nupkg::FileNameError,
    },
    /// Only programs are kept here.
    #[error("{0} is a package of symbols, which this feed does not keep; push the package itself")]
    Symbols(String),
    /// The transfer broke off.
    #[error("the upload broke off; send it again")]
    Broken(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// No room left.
    #[error("the server's disk is full; free some space and send the package again")]
    Full,
    /// The file system refused.
    #[error("the package could not be stored")]
    Io(#[source] io::Error),
}

impl From<io::Error> for DepotError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Io(error),
        }
    }
}

/// A file that was received, and is not in its place yet; removed when dropped.
#[derive(Debug)]
pub struct Incoming {
    file: tempfile::TempPath,
    /// Hexadecimal.
    pub sha256: String,
    /// Bytes.
    pub size: u64,
    /// What the package says of itself; of an archive without a nuspec, what its name says.
    pub nuspec: Nuspec,
    /// The format.
    pub extension: PackageExtension,
}

/// A file in its place.
#[derive(Debug)]
pub struct Stored {
    /// Where it is.
    pub path: PathBuf,
    /// Size and times.
    pub metadata: std::fs::Metadata,
}

/// The folder of package files.
#[derive(Debug, Clone)]
pub struct Depot {
    folder: PathBuf,
    /// Where packages are received; on the same file system.
    incoming: PathBuf,
    /// Held for reading while a file gets its package, for writing while one without is removed.
    pushes: Arc<RwLock<()>>,
}

impl Depot {
    /// Whether a package could be taken now.
    pub async fn ping(&self) -> io::Result<()> {
        let folder = self.folder.clone();
        let file = tokio::task::spawn_blocking(move || tempfile::tempfile_in(folder));
        file.await.map_err(io::Error::other)?.map(drop)
    }

    /// Opens, or creates, the folder.
    pub fn open(folder: &Path) -> io::Result<Self> {
        let incoming = folder.join("incoming");
        std::fs::create_dir_all(&incoming)?;
        Ok(Self {
            folder: folder.to_owned(),
            incoming,
            pushes: Arc::default(),
        })
    }

    /// Opens the folder for a server, which receives packages in a place of its own; what its
    /// earlier runs left half-received is removed.
    pub fn serve(folder: &Path, server: &str) -> io::Result<Self> {
        let incoming = folder.join("incoming").join(server);
        match std::fs::remove_dir_all(&incoming) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => std::fs::create_dir_all(&incoming)?,
        }
        Ok(Self {
            folder: folder.to_owned(),
            incoming,
            pushes: Arc::default(),
        })
    }

    /// Keeps sweeps away from a file until its package is known.
    pub async fn open_for_pushes(&self) -> RwLockReadGuard<'_, ()> {
        self.pushes.read().await
    }

    /// Waits for pushes to end, and keeps them waiting.
    pub async fn closed(&self) -> RwLockWriteGuard<'_, ()> {
        self.pushes.write().await
    }

    /// Every file, and how long ago it was pushed last.
    pub async fn contents(&self) -> Result<Vec<(String, Duration)>, DepotError> {
        let depot = self.clone();
        let list = tokio::task::spawn_blocking(move || {
            let files = depot.files()?.into_iter().map(|file| {
                let name = file.path.file_name().unwrap_or_default();
                let age = file.metadata.modified()?.elapsed().unwrap_or_default();
                Ok((name.to_string_lossy().into_owned(), age))
            });
            files.collect::<io::Result<_>>()
        });
        Ok(list.await.map_err(io::Error::other)??)
    }

    /// Removes a file; one that has gone is no error.
    pub async fn remove(&self, sha256: &str) -> Result<(), DepotError> {
        match fs::remove_file(self.path(sha256)).await {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Where the content with this SHA-256 is.
    pub fn path(&self, sha256: &str) -> PathBuf {
        let shard = sha256.get(..2).unwrap_or("00");
        self.folder.join(shard).join(sha256)
    }

    /// Every file that holds a package.
    pub fn files(&self) -> io::Result<Vec<Stored>> {
        let mut files = Vec::new();
        for shard in std::fs::read_dir(&self.folder)? {
            let shard = shard?;
            // Two digits: not the folder of what is being received.
            if shard.file_name().len() != 2 {
                continue;
            }
            for file in std::fs::read_dir(shard.path())? {
                let file = file?;
                files.push(Stored {
                    path: file.path(),
                    metadata: file.metadata()?,
                });
            }
        }
        Ok(files)
    }

    /// Receives a package to disk, chunk by chunk, and checks that it is one. By its name a
    /// package may be of another format than NuGet's; no name is needed for those.
    pub async fn receive<E>(
        &self,
        name: Option<&str>,
        chunks: impl Stream<Item = Result<Bytes, E>>,
    ) -> Result<Incoming, DepotError>
    where
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let (file, path) = self.new_file()?;
        let mut file = fs::File::from_std(file);
        let mut hash = Sha256::new();
        let mut size = 0;
        pin_mut!(chunks);
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(|error| DepotError::Broken(error.into()))?;
            hash.update(&chunk);
            size += chunk.len() as u64;
            file.write_all(&chunk).await?;
        }
        file.flush().await?;
        file.sync_all().await?;
        let file = file.into_std().await;
        let name = name.unwrap_or_default().to_owned();
        let look = tokio::task::spawn_blocking(move || inspect(&file, &name));
        let (nuspec, extension) = look.await.map_err(io::Error::other)??;
        let sha256 = hash.finalize().iter().map(|b| format!("{b:02x}")).collect();
        Ok(Incoming {
            file: path,
            sha256,
            size,
            nuspec,
            extension,
        })
    }

    /// A file that is not in its place yet; removed when dropped.
    pub fn new_file(&self) -> Result<(std::fs::File, tempfile::TempPath), DepotError> {
        Ok(tempfile::NamedTempFile::new_in(&self.incoming)?.into_parts())
    }

    /// Puts a received package in its place.
    pub fn keep(&self, incoming: Incoming) -> Result<(), DepotError> {
        self.put(incoming.file, &incoming.sha256)
    }

    /// Puts a file with this content, which is on the disk already, in its place.
    pub fn put(&self, file: tempfile::TempPath, sha256: &str) -> Result<(), DepotError> {
        let place = self.path(sha256);
        let folder = place.parent().unwrap_or(&self.folder);
        std::fs::create_dir_all(folder)?;
        file.persist(&place).map_err(|error| error.error)?;
        sync_folder(folder)?;
        Ok(())
    }
}

/// Looks at all of a package. Damage is found here and now, not later on every machine.
fn inspect(file: &std::fs::File, name: &str) -> Result<(Nuspec, PackageExtension), DepotError> {
    let extension = PackageExtension::split(name).map(|(_, extension)| extension);
    let extension = extension.unwrap_or(PackageExtension::Nupkg);
    let (reader, limits) = (io::BufReader::new(file), archive::Limits::default());
    let mut archive = archive::Archive::open_as(reader, extension, &limits)?;
    let nuspec = match extension {
        PackageExtension::Nupkg => archive.nuspec()?,
        _ => {
            let named = PackageFileName::parse(name).map_err(|source| DepotError::Name {
                name: name.to_owned(),
                source,
            })?;
            Nuspec::new(named.id, named.version)
        }
    };
    let mut types = nuspec.package_types.iter();
    if types.any(|kind| kind.name.eq_ignore_ascii_case("SymbolsPackage")) {
        return Err(DepotError::Symbols(format!(
            "{} {}",
            nuspec.id, nuspec.version
        )));
    }
    for entry in archive.entries().to_vec() {
        io::copy(&mut archive.read_entry(&entry)?, &mut io::sink())
            .map_err(archive::ArchiveError::from)?;
    }
    Ok((nuspec, extension))
}

/// A rename lasts only once its folder is synced.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        std::fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}
