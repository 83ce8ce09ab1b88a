//! Writing packages: the same input gives the same bytes.

mod opc;

use crate::archive::{EntryKind, EntryTree, Refusal};
use crate::nuspec::Nuspec;
use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Read, Seek, Write};
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, System, ZipWriter};

/// Collects the files of a package and writes it.
///
/// Files are written sorted by path, all with the same time of change (1980-01-01,
/// where a zip's time begins), so that neither the order nor the moment of packing
/// shows in the bytes.
pub struct PackageBuilder<'a> {
    nuspec: Option<Nuspec>,
    tree: EntryTree,
    files: BTreeMap<String, File<'a>>,
}

struct File<'a> {
    mode: u32,
    content: Box<dyn Read + 'a>,
}

impl<'a> PackageBuilder<'a> {
    /// A NuGet package (`.nupkg`).
    #[must_use]
    pub fn new(nuspec: Nuspec) -> Self {
        Self {
            nuspec: Some(nuspec),
            ..Self::zip()
        }
    }

    /// A plain zip (`.zip`), which has its id and version only in its file name.
    #[must_use]
    pub fn zip() -> Self {
        Self {
            nuspec: None,
            tree: EntryTree::new(usize::MAX),
            files: BTreeMap::new(),
        }
    }

    /// Adds a file. `path` is relative to the package's folder, with `/` or `\`
    /// between the parts; `mode` are its Unix permission bits, such as `0o644`.
    /// `content` is read when the package is written, one file after another, so a
    /// reader that opens its file on the first read keeps few files open.
    ///
    /// # Errors
    /// When [`Archive::open`](crate::Archive::open) would refuse a package with this
    /// path in it, or when the path belongs to the packaging of a nupkg.
    pub fn file(
        mut self,
        path: &str,
        mode: u32,
        content: impl Read + 'a,
    ) -> Result<Self, PackError> {
        let path = self
            .tree
            .add(path, &EntryKind::File)
            .map_err(|refusal| PackError::Path {
                path: path.to_owned(),
                refusal,
            })?;
        if self.nuspec.is_some() && opc::is_packaging(&path) {
            return Err(PackError::Reserved(path));
        }
        let content = Box::new(content);
        self.files.insert(path, File { mode, content });
        Ok(self)
    }

    /// Writes the package and gives `writer` back.
    ///
    /// # Errors
    /// When a file cannot be read or `writer` fails.
    pub fn finish<W: Write + Seek>(mut self, writer: W) -> Result<W, PackError> {
        let mut zip = ZipWriter::new(writer).set_auto_large_file();
        if let Some(nuspec) = &self.nuspec {
            for part in opc::parts(nuspec, self.files.keys()) {
                let mut content = part.content.as_bytes();
                add(&mut zip, &part.name, 0o644, &mut content)?;
            }
        }
        for (path, mut file) in std::mem::take(&mut self.files) {
            let name = match self.nuspec {
                Some(_) => opc::encode(&path),
                None => path,
            };
            add(&mut zip, &name, file.mode, &mut file.content)?;
        }
        zip.finish().map_err(write_error)
    }
}

fn add<W: Write + Seek>(
    zip: &mut ZipWriter<W>,
    name: &str,
    mode: u32,
    content: &mut dyn Read,
) -> Result<(), PackError> {
    const REGULAR_FILE: u32 = 0o100_000;
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .system(System::Unix)
        .external_attributes((REGULAR_FILE | mode & 0o777) << 16);
    zip.start_file(name, options).map_err(write_error)?;
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let count = match content.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(source) => {
                return Err(PackError::Read {
                    path: name.to_owned(),
                    source,
                });
            }
        };
        zip.write_all(buffer.get(..count).unwrap_or_default())
            .map_err(PackError::Write)?;
    }
}

fn write_error(error: ZipError) -> PackError {
    PackError::Write(error.into())
}

/// A package could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PackError {
    /// No package may have such a path.
    #[error("`{path}` {refusal}; rename the file or leave it out")]
    Path {
        /// The path that was given.
        path: String,
        /// What is wrong with it.
        refusal: Refusal,
    },
    /// The path is one of the nupkg's own parts.
    #[error("`{0}` is a part of the package format itself; rename the file or leave it out")]
    Reserved(String),
    /// A file's reader failed.
    #[error("`{path}` could not be read")]
    Read {
        /// The file's name in the package.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// The writer failed.
    #[error("the package could not be written")]
    Write(#[source] io::Error),
}

impl fmt::Debug for PackageBuilder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PackageBuilder")
            .field("nuspec", &self.nuspec)
            .field("files", &self.files.keys())
            .finish_non_exhaustive()
    }
}
