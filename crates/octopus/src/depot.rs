//! Package files on disk, by content: `packages/<first two digits>/<sha256>`.
//!
//! A file is there whole or not at all: received beside its place, checked, synced, renamed.

use std::{
    io,
    path::{Path, PathBuf},
};

use bytes::Bytes;
use futures_util::{Stream, StreamExt, pin_mut};
use nupkg::{Nuspec, archive};
use sha2::{Digest, Sha256};
use tokio::{fs, io::AsyncWriteExt};

/// Why a package was not taken.
#[derive(Debug, thiserror::Error)]
pub enum DepotError {
    /// It is no package, or a damaged or hostile one.
    #[error("the package was refused")]
    Package(#[from] archive::ArchiveError),
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
    /// What the package says of itself.
    pub nuspec: Nuspec,
}

/// The folder of package files.
#[derive(Debug, Clone)]
pub struct Depot {
    folder: PathBuf,
}

impl Depot {
    /// Whether a package could be taken now.
    pub async fn ping(&self) -> io::Result<()> {
        let folder = self.folder.clone();
        let file = tokio::task::spawn_blocking(move || tempfile::tempfile_in(folder));
        file.await.map_err(io::Error::other)?.map(drop)
    }

    /// Opens, or creates, the folder; what an earlier run left half-received is removed.
    pub fn open(folder: &Path) -> io::Result<Self> {
        let incoming = folder.join("incoming");
        match std::fs::remove_dir_all(&incoming) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => std::fs::create_dir_all(&incoming)?,
        }
        Ok(Self {
            folder: folder.to_owned(),
        })
    }

    /// Where the content with this SHA-256 is.
    pub fn path(&self, sha256: &str) -> PathBuf {
        let shard = sha256.get(..2).unwrap_or("00");
        self.folder.join(shard).join(sha256)
    }

    /// Receives a package to disk, chunk by chunk, and checks that it is one.
    pub async fn receive<E>(
        &self,
        chunks: impl Stream<Item = Result<Bytes, E>>,
    ) -> Result<Incoming, DepotError>
    where
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let (file, path) =
            tempfile::NamedTempFile::new_in(self.folder.join("incoming"))?.into_parts();
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
        let nuspec = tokio::task::spawn_blocking(move || {
            let reader = io::BufReader::new(&file);
            let mut archive = archive::Archive::open(reader, &archive::Limits::default())?;
            let nuspec = archive.nuspec()?;
            // Damage is found here and now, not later on every machine.
            for entry in archive.entries().to_vec() {
                io::copy(&mut archive.read_entry(&entry)?, &mut io::sink())?;
            }
            Ok::<_, archive::ArchiveError>(nuspec)
        });
        let nuspec = nuspec.await.map_err(io::Error::other)??;
        let sha256 = hash.finalize().iter().map(|b| format!("{b:02x}")).collect();
        Ok(Incoming {
            file: path,
            sha256,
            size,
            nuspec,
        })
    }

    /// Puts a received package in its place.
    pub fn keep(&self, incoming: Incoming) -> Result<(), DepotError> {
        let place = self.path(&incoming.sha256);
        let folder = place.parent().unwrap_or(&self.folder);
        std::fs::create_dir_all(folder)?;
        incoming.file.persist(&place).map_err(|error| error.error)?;
        sync_folder(folder)?;
        Ok(())
    }
}

/// A rename lasts only once its folder is synced.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        std::fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}
