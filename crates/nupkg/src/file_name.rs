//! Names of package files: `<id>.<version>.<extension>`.

use crate::id::{PackageId, shorten};
use crate::version::NuGetVersion;
use std::fmt;
use std::str::FromStr;

/// The name of a package file, such as `Octopus.Tentacle.linux-x64.1.0.0.nupkg`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PackageFileName {
    /// The package.
    pub id: PackageId,
    /// Its version.
    pub version: NuGetVersion,
    /// The format of the file.
    pub extension: PackageExtension,
}

/// The package formats, by the extension of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PackageExtension {
    /// `.nupkg`: a zip with a nuspec.
    Nupkg,
    /// `.zip`
    Zip,
    /// `.tar`
    Tar,
    /// `.tar.gz`
    TarGz,
    /// `.tgz`: the same as `.tar.gz`.
    Tgz,
    /// `.tar.bz2`
    TarBz2,
}

impl PackageExtension {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Nupkg,
        Self::Zip,
        Self::Tar,
        Self::TarGz,
        Self::Tgz,
        Self::TarBz2,
    ];

    /// The extension with its dot.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nupkg => ".nupkg",
            Self::Zip => ".zip",
            Self::Tar => ".tar",
            Self::TarGz => ".tar.gz",
            Self::Tgz => ".tgz",
            Self::TarBz2 => ".tar.bz2",
        }
    }

    /// The extension of `file_name`, in any case, and what stands before it.
    #[must_use]
    pub fn split(file_name: &str) -> Option<(&str, Self)> {
        Self::ALL.into_iter().find_map(|extension| {
            let at = file_name.len().checked_sub(extension.as_str().len())?;
            let (stem, end) = file_name.split_at_checked(at)?;
            end.eq_ignore_ascii_case(extension.as_str())
                .then_some((stem, extension))
        })
    }
}

impl fmt::Display for PackageExtension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl PackageFileName {
    /// Takes a file name apart, without a path before it. The version is the
    /// longest dotted end that is one, so the id may have parts that are numbers
    /// only when five or more of them come together.
    ///
    /// # Errors
    /// When the extension is not of a package, or no id and version are found.
    pub fn parse(file_name: &str) -> Result<Self, FileNameError> {
        let error = |rule| FileNameError {
            text: shorten(file_name),
            rule,
        };
        let (stem, extension) = PackageExtension::split(file_name).ok_or_else(|| {
            error("it must end with .nupkg, .zip, .tar, .tar.gz, .tgz or .tar.bz2")
        })?;
        stem.match_indices('.')
            .find_map(|(at, _)| {
                let (id, rest) = stem.split_at_checked(at)?;
                Some(Self {
                    version: NuGetVersion::parse(rest.strip_prefix('.')?).ok()?,
                    id: PackageId::parse(id).ok()?,
                    extension,
                })
            })
            .ok_or_else(|| {
                error("it must be an id, a dot and a version, such as Acme.Web.1.2.0.nupkg")
            })
    }
}

impl FromStr for PackageFileName {
    type Err = FileNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

/// The version is normalised and without metadata, as NuGet names its files.
impl fmt::Display for PackageFileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}{}", self.id, self.version, self.extension)
    }
}

/// Why a text is not the name of a package file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not the name of a package file: {rule}")]
pub struct FileNameError {
    text: String,
    rule: &'static str,
}
