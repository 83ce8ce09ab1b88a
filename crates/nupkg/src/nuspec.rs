//! The manifest of a package, `<Id>.nuspec`.

mod read;
mod write;

use crate::id::{PackageId, PackageIdError};
use crate::range::{RangeError, VersionRange};
use crate::version::{NuGetVersion, VersionError};

/// What a nuspec says. Text is without white space around it; what is missing or
/// empty there is `None` or empty here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nuspec {
    /// `<id>`.
    pub id: PackageId,
    /// `<version>`.
    pub version: NuGetVersion,
    /// `<title>`: a name for people.
    pub title: Option<String>,
    /// `<authors>`, split at commas.
    pub authors: Vec<String>,
    /// `<owners>`, split at commas.
    pub owners: Vec<String>,
    /// `<description>`.
    pub description: Option<String>,
    /// `<summary>`.
    pub summary: Option<String>,
    /// `<releaseNotes>`.
    pub release_notes: Option<String>,
    /// `<projectUrl>`.
    pub project_url: Option<String>,
    /// `<iconUrl>`.
    pub icon_url: Option<String>,
    /// `<licenseUrl>`.
    pub license_url: Option<String>,
    /// `<license>`.
    pub license: Option<License>,
    /// `<tags>`, split at white space.
    pub tags: Vec<String>,
    /// `<copyright>`.
    pub copyright: Option<String>,
    /// `<language>`, such as `en-US`.
    pub language: Option<String>,
    /// `<requireLicenseAcceptance>`.
    pub require_license_acceptance: bool,
    /// `<dependencies>`; dependencies outside a group are a group without framework.
    pub dependency_groups: Vec<DependencyGroup>,
    /// `<packageTypes>`.
    pub package_types: Vec<PackageType>,
}

/// `<license type="…">`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum License {
    /// An SPDX expression, such as `MIT OR Apache-2.0`.
    Expression(String),
    /// The path of a file in the package.
    File(String),
}

/// Dependencies for one target framework, or for all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DependencyGroup {
    /// Such as `net8.0`; `None` for all.
    pub target_framework: Option<String>,
    /// In the order of the nuspec.
    pub dependencies: Vec<Dependency>,
}

/// Another package that this one needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency {
    /// Its id.
    pub id: PackageId,
    /// Which of its versions will do; any when the nuspec does not say.
    pub range: VersionRange,
}

/// What a package is for, such as `Dependency` or `DotnetTool`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageType {
    /// Its name.
    pub name: String,
    /// Its version, as written.
    pub version: Option<String>,
}

impl Nuspec {
    /// A nuspec that says nothing but which package this is.
    #[must_use]
    pub fn new(id: PackageId, version: NuGetVersion) -> Self {
        Self {
            id,
            version,
            title: None,
            authors: Vec::new(),
            owners: Vec::new(),
            description: None,
            summary: None,
            release_notes: None,
            project_url: None,
            icon_url: None,
            license_url: None,
            license: None,
            tags: Vec::new(),
            copyright: None,
            language: None,
            require_license_acceptance: false,
            dependency_groups: Vec::new(),
            package_types: Vec::new(),
        }
    }

    /// Reads a nuspec in UTF-8, or in UTF-16 with a byte order mark.
    ///
    /// # Errors
    /// When the bytes are not text, and as [`parse`](Self::parse).
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NuspecError> {
        Self::parse(&read::decode(bytes)?)
    }

    /// Reads a nuspec, of any of the schema namespaces or none; elements that are
    /// not known are passed over.
    ///
    /// # Errors
    /// When it is not XML, has a DTD, or lacks what a package must have.
    pub fn parse(xml: &str) -> Result<Self, NuspecError> {
        read::parse(xml)
    }

    /// Writes the nuspec in the 2013/05 schema, which every NuGet client since 2.7
    /// reads. Clients demand authors and a description: the owners and the title
    /// stand in for them, and in the end the id.
    #[must_use]
    pub fn to_xml(&self) -> String {
        write::to_xml(self)
    }
}

/// Why a text is no nuspec.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NuspecError {
    /// Neither UTF-8 nor UTF-16 with a byte order mark.
    #[error("the nuspec is not text in UTF-8 or UTF-16; save it as UTF-8")]
    NotText,
    /// Not well-formed, or with a DTD.
    #[error("the nuspec is not well-formed XML: {0}")]
    Xml(String),
    /// A required element is missing or empty.
    #[error("the nuspec has no <{0}>; add it")]
    Missing(&'static str),
    /// A yes or no is something else.
    #[error("<{element}> is not `true` or `false` but `{text}`")]
    NotBoolean {
        /// Its name.
        element: &'static str,
        /// What it says.
        text: String,
    },
    /// The id of the package or of a dependency.
    #[error(transparent)]
    Id(#[from] PackageIdError),
    /// The version of the package.
    #[error(transparent)]
    Version(#[from] VersionError),
    /// The version range of a dependency.
    #[error("the version of dependency {id}: {source}")]
    Range {
        /// Which dependency.
        id: PackageId,
        /// What is wrong.
        source: RangeError,
    },
}
