//! Packages on their way in: to a local file first, which is looked at as a whole.

use std::{io, path::Path};

use bytes::Bytes;
use futures_util::{Stream, StreamExt, pin_mut};
use nupkg::{Nuspec, PackageExtension, PackageFileName, archive};
use sha2::{Digest, Sha256};
use tokio::{fs, io::AsyncWriteExt};

use super::{Depot, DepotError, hex};

/// A file that was received, and is not in its place yet; removed when dropped.
#[derive(Debug)]
pub struct Incoming {
    pub(super) file: tempfile::TempPath,
    /// Hexadecimal.
    pub sha256: String,
    /// Bytes.
    pub size: u64,
    /// What the package says of itself; of an archive without a nuspec, what its name says.
    pub nuspec: Nuspec,
    /// The format.
    pub extension: PackageExtension,
}

impl Depot {
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
            if let Err(error) = file.write_all(&chunk).await {
                drop((file, path));
                // Clients listen only once they have sent all.
                while let Some(Ok(_)) = chunks.next().await {}
                return Err(error.into());
            }
        }
        file.flush().await?;
        file.sync_all().await?;
        let file = file.into_std().await;
        let name = name.unwrap_or_default().to_owned();
        let look = tokio::task::spawn_blocking(move || inspect(&file, &name));
        let (nuspec, extension) = look.await.map_err(io::Error::other)??;
        Ok(Incoming {
            file: path,
            sha256: hex(&hash.finalize()),
            size,
            nuspec,
            extension,
        })
    }

    /// A file that is not in its place yet; removed when dropped.
    pub fn new_file(&self) -> Result<(std::fs::File, tempfile::TempPath), DepotError> {
        Ok(tempfile::NamedTempFile::new_in(self.incoming()?)?.into_parts())
    }

    /// The folder for such files. What it lies in has to be there: a disk that is not mounted
    /// is not replaced by a folder of the same name.
    pub(super) fn incoming(&self) -> io::Result<&Path> {
        match std::fs::create_dir(&self.incoming) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
            _ => Ok(&self.incoming),
        }
    }

    /// Puts a received package in its place.
    pub async fn keep(&self, incoming: Incoming) -> Result<(), DepotError> {
        self.put(incoming.file, &incoming.sha256).await
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
