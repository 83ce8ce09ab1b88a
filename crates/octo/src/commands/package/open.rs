//! Opening package files, which refuses hostile ones as a whole.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use nupkg::{Archive, ArchiveError, Limits, Nuspec, PackageExtension, PackageFileName};

use crate::error::Error;
use crate::files::failed;

/// A package file that was found in order, though its content may still be damaged.
pub(super) struct Package {
    pub(super) archive: Archive<BufReader<File>>,
    /// Of a NuGet package; others have none.
    pub(super) nuspec: Option<Nuspec>,
    /// Of the file.
    pub(super) bytes: u64,
    /// The package's id; without a nuspec, by its file name.
    pub(super) id: Option<String>,
    /// The same for its version.
    pub(super) version: Option<String>,
}

/// Opens one.
pub(super) fn open(path: &Path) -> Result<Package, Error> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let file = File::open(path).map_err(failed("read", path))?;
    let metadata = file.metadata().map_err(failed("read", path))?;
    let refused = |source: ArchiveError| Error::Package {
        path: path.to_owned(),
        source,
    };
    let limits = Limits::default();
    let archive = match PackageExtension::split(&name) {
        Some((_, extension)) => Archive::open_as(BufReader::new(file), extension, &limits),
        None => Archive::open(BufReader::new(file), &limits),
    };
    let mut archive = archive.map_err(refused)?;
    let nuspec = match archive.is_nupkg() {
        true => Some(archive.nuspec().map_err(refused)?),
        false => None,
    };
    let (id, version) = match &nuspec {
        Some(nuspec) => (
            Some(nuspec.id.to_string()),
            Some(nuspec.version.to_string()),
        ),
        None => PackageFileName::parse(&name)
            .ok()
            .map(|name| (name.id.to_string(), name.version.to_string()))
            .unzip(),
    };
    Ok(Package {
        archive,
        nuspec,
        bytes: metadata.len(),
        id,
        version,
    })
}
