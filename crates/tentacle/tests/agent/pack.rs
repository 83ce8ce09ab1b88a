//! Packages: good ones, and zips as nobody should make them.

use std::io::{Cursor, Write};

use nupkg::{Nuspec, PackageBuilder};
use sha2::{Digest, Sha256};
use wire::v1::PackageRef;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// A package as the server holds it.
pub(crate) struct Package {
    pub(crate) reference: PackageRef,
    pub(crate) bytes: Vec<u8>,
}

impl Package {
    /// `Acme.Web` 1.2.0 with one script.
    pub(crate) fn script(text: &str) -> Self {
        Self::new("Acme.Web", "1.2.0", &[("Deploy.sh", text)])
    }

    /// A package with these files: path and content.
    pub(crate) fn new(id: &str, version: &str, files: &[(&str, &str)]) -> Self {
        let nuspec = Nuspec::new(id.parse().unwrap(), version.parse().unwrap());
        let mut builder = PackageBuilder::new(nuspec);
        for (path, content) in files {
            builder = builder.file(path, 0o644, content.as_bytes()).unwrap();
        }
        let packed = builder.finish(Cursor::new(Vec::new())).unwrap();
        Self::of(id, version, packed.into_inner())
    }

    /// Whatever bytes, named by their true SHA-256.
    pub(crate) fn of(id: &str, version: &str, bytes: Vec<u8>) -> Self {
        Self {
            reference: PackageRef {
                id: id.to_owned(),
                version: version.to_owned(),
                sha256: Sha256::digest(&bytes).to_vec().into(),
                size: bytes.len() as u64,
                file_name: format!("{id}.{version}.nupkg"),
            },
            bytes,
        }
    }

    /// A Tentacle for this machine whose program is a shell script.
    pub(crate) fn tentacle(version: &str) -> Self {
        let program = [("tentacle", "#!/bin/sh\nexit 0\n"), ("lib/data", "data")];
        Self::new(&tentacle_id(), version, &program)
    }

    /// The package without its second half.
    pub(crate) fn truncated(mut self) -> Self {
        self.bytes.truncate(self.bytes.len() / 2);
        Self::of(&self.reference.id, &self.reference.version, self.bytes)
    }
}

pub(crate) fn tentacle_id() -> String {
    format!("Octopus.Tentacle.{}", layout::RID)
}

/// Writes entries that [`PackageBuilder`] refuses, next to those of a good package.
pub(crate) struct Zip(ZipWriter<Cursor<Vec<u8>>>);

impl Zip {
    pub(crate) fn new() -> Self {
        Self(ZipWriter::new(Cursor::new(Vec::new()))).file("before.txt", b"x")
    }

    pub(crate) fn file(mut self, name: &str, content: &[u8]) -> Self {
        // What is short can be found again in the archive's bytes.
        let method = match content.len() {
            0..1000 => CompressionMethod::Stored,
            _ => CompressionMethod::Deflated,
        };
        let options = SimpleFileOptions::default().compression_method(method);
        self.0.start_file(name, options).unwrap();
        self.0.write_all(content).unwrap();
        self
    }

    pub(crate) fn link(mut self, name: &str, target: &str) -> Self {
        let options = SimpleFileOptions::default();
        self.0.add_symlink(name, target, options).unwrap();
        self
    }

    pub(crate) fn package(self, id: &str, version: &str) -> Package {
        let bytes = self.0.finish().unwrap().into_inner();
        Package::of(id, version, bytes)
    }
}
