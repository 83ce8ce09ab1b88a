//! Files of packages and artifacts, by content: `<first two digits>/<sha256>` in a folder or a bucket.
//!
//! A file is there whole or not at all: received beside its place, checked, synced, renamed; into a
//! bucket it is sent in parts after the check, and is there once the last one is.

mod chunks;
mod fault;
mod incoming;
mod place;
mod read;
mod small;

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use bytes::BytesMut;
use futures_util::TryStreamExt;
use nupkg::archive;
use object_store::{ObjectStore, ObjectStoreExt, WriteMultipart, path};
use tokio::{
    fs::File,
    io::AsyncReadExt,
    sync::{RwLock, RwLockReadGuard, RwLockWriteGuard},
};

pub use self::{
    fault::Fault,
    incoming::Incoming,
    place::{Place, PlaceError},
    read::{Part, Reading},
    small::Small,
};

/// Bytes of a part that is sent to a bucket, and parts under way: S3 takes no smaller ones, and
/// 10,000 of them, so the largest package fits.
const PART: usize = 6 << 20;
const PARTS_UNDER_WAY: usize = 2;

/// Bytes that are read at once.
const CHUNK: usize = 256 << 10;

/// Why a package was not taken or not given.
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
    /// The bucket, or the folder, refused.
    #[error("the place of the packages did not take the request")]
    Store(#[source] Fault),
    /// A bucket that would be reached without TLS.
    #[error(
        "the endpoint {0} would get keys and packages in clear; give one with https://, or set \
         AWS_ALLOW_HTTP=true"
    )]
    InClear(String),
}

impl From<io::Error> for DepotError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Io(error),
        }
    }
}

impl From<object_store::Error> for DepotError {
    fn from(error: object_store::Error) -> Self {
        Self::Store(Fault(error))
    }
}

/// A content among the others.
#[derive(Debug)]
pub struct Found {
    /// Its name.
    pub sha256: String,
    /// Since it was pushed last.
    pub age: Duration,
}

/// The files of packages.
#[derive(Debug, Clone)]
pub struct Depot {
    place: Place,
    store: Arc<dyn ObjectStore>,
    /// Where packages are received; of a folder, on the same file system.
    incoming: PathBuf,
    /// Held for reading while a file gets its package, for writing while one without is removed.
    pushes: Arc<RwLock<()>>,
    small: Small,
}

impl Depot {
    /// Small contents that were asked for just now.
    pub(crate) fn small(&self) -> &Small {
        &self.small
    }

    /// Opens the place, or creates the folder. Into a bucket packages go by way of the folder `beside`.
    pub fn open(place: &Place, beside: &Path) -> Result<Self, DepotError> {
        let folder = match place {
            Place::Folder(folder) => folder,
            Place::Bucket { .. } => beside,
        };
        // A backup may lie where nothing can be written.
        if !folder.is_dir() {
            std::fs::create_dir_all(folder)?;
        }
        let incoming = folder.join("incoming");
        Ok(Self {
            store: place.store()?,
            place: place.clone(),
            incoming,
            pushes: Arc::default(),
            small: Small::default(),
        })
    }

    /// Opens the place for a server, which receives packages in a folder of its own; what its
    /// earlier runs left half-received is removed. A bucket has to take a first object.
    pub async fn serve(place: &Place, beside: &Path, server: &str) -> Result<Self, DepotError> {
        let mut depot = Self::open(place, beside)?;
        depot.incoming.push(server);
        match std::fs::remove_dir_all(&depot.incoming) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => std::fs::create_dir_all(&depot.incoming)?,
        }
        if let Place::Bucket { .. } = place {
            let probe = path::Path::from_iter(["probes", server]);
            depot
                .store
                .put(&probe, "Octopus can write here.".into())
                .await?;
            depot.store.delete(&probe).await?;
        }
        Ok(depot)
    }

    /// Whether a package could be taken now.
    pub async fn ping(&self) -> Result<(), DepotError> {
        let folder = self.incoming.clone();
        let file = tokio::task::spawn_blocking(move || tempfile::tempfile_in(folder));
        file.await.map_err(io::Error::other)??;
        if let Place::Bucket { .. } = self.place {
            let nothing = path::Path::from("probes/none");
            self.store.list(Some(&nothing)).try_next().await?;
        }
        Ok(())
    }

    /// Keeps sweeps away from a file until its package is known.
    pub async fn open_for_pushes(&self) -> RwLockReadGuard<'_, ()> {
        self.pushes.read().await
    }

    /// Waits for pushes to end, and keeps them waiting.
    pub async fn closed(&self) -> RwLockWriteGuard<'_, ()> {
        self.pushes.write().await
    }

    /// Every file that holds a package.
    pub async fn contents(&self) -> Result<Vec<Found>, DepotError> {
        let found = self.store.list(None).try_filter_map(async |file| {
            let mut parts = file.location.parts();
            let (Some(shard), Some(name), None) = (parts.next(), parts.next(), parts.next()) else {
                return Ok(None);
            };
            // Two digits: not what is being received.
            let is_shard = shard.as_ref().len() == 2;
            let age = std::time::SystemTime::from(file.last_modified).elapsed();
            Ok(is_shard.then(|| Found {
                sha256: name.as_ref().to_owned(),
                age: age.unwrap_or_default(),
            }))
        });
        Ok(found.try_collect().await?)
    }

    /// Since a file was pushed last; `None` where it is not.
    pub async fn age(&self, sha256: &str) -> Result<Option<Duration>, DepotError> {
        match self.store.head(&self.key(sha256)).await {
            Ok(file) => {
                let age = std::time::SystemTime::from(file.last_modified).elapsed();
                Ok(Some(age.unwrap_or_default()))
            }
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes a file; one that has gone is no error.
    pub async fn remove(&self, sha256: &str) -> Result<(), DepotError> {
        self.small.forget(sha256);
        match self.store.delete(&self.key(sha256)).await {
            Err(object_store::Error::NotFound { .. }) => Ok(()),
            removed => Ok(removed?),
        }
    }

    /// Where a content is, for people.
    pub fn name(&self, sha256: &str) -> String {
        format!("{}/{}", self.place, self.key(sha256))
    }

    /// Puts a file with this content, which is on the disk already, in its place.
    pub async fn put(&self, file: tempfile::TempPath, sha256: &str) -> Result<(), DepotError> {
        match &self.place {
            Place::Folder(folder) => {
                let shard = folder.join(shard(sha256));
                let place = shard.join(sha256);
                let rename = move || -> io::Result<()> {
                    std::fs::create_dir_all(&shard)?;
                    file.persist(&place).map_err(|error| error.error)?;
                    sync_folder(&shard)
                };
                let renamed = tokio::task::spawn_blocking(rename);
                Ok(renamed.await.map_err(io::Error::other)??)
            }
            Place::Bucket { .. } => {
                // Goes on when the caller has gone: what is begun leaves no parts behind.
                let sent = tokio::spawn(send(self.store.clone(), self.key(sha256), file));
                sent.await.map_err(io::Error::other)?
            }
        }
    }

    fn key(&self, sha256: &str) -> path::Path {
        path::Path::from_iter([shard(sha256), sha256])
    }
}

/// Sends a file to a bucket, part by part. A small one goes as a whole.
async fn send(
    store: Arc<dyn ObjectStore>,
    key: path::Path,
    file: tempfile::TempPath,
) -> Result<(), DepotError> {
    let mut source = tokio::fs::File::open(&file).await?;
    if source.metadata().await?.len() <= PART as u64 {
        let mut all = Vec::new();
        source.read_to_end(&mut all).await?;
        store.put(&key, all.into()).await?;
        return Ok(());
    }
    let upload = store.put_multipart(&key).await?;
    let mut upload = WriteMultipart::new_with_chunk_size(upload, PART);
    match pass_on(&mut source, &mut upload).await {
        Ok(()) => drop(upload.finish().await?),
        Err(error) => {
            upload.abort().await?;
            return Err(error);
        }
    }
    Ok(())
}

async fn pass_on(source: &mut File, upload: &mut WriteMultipart) -> Result<(), DepotError> {
    loop {
        let mut chunk = BytesMut::with_capacity(CHUNK);
        if source.read_buf(&mut chunk).await? == 0 {
            return Ok(());
        }
        upload.wait_for_capacity(PARTS_UNDER_WAY).await?;
        upload.put(chunk.freeze());
    }
}

fn shard(sha256: &str) -> &str {
    sha256.get(..2).unwrap_or("00")
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A rename lasts only once its folder is synced.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        std::fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}
