//! One entry of an archive, as an extractor needs it.

/// A file, folder or link of an archive that was checked on opening.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Relative path inside the package's folder: `/` between the parts, no empty
    /// part, no `.` or `..`; percent-decoded in a nupkg. Never empty.
    pub path: String,
    /// What it is.
    pub kind: EntryKind,
    /// Bytes of content, uncompressed; 0 for a hard link.
    pub size: u64,
    /// Unix permission bits (`0o755`) when the archive has them; nothing above `0o777`.
    pub mode: Option<u32>,
    /// When it was last changed, in whole seconds since 1970-01-01 UTC. A zip without the
    /// extended timestamp knows only local time, which is then taken as UTC.
    pub modified: Option<i64>,
    /// Part of the nupkg's packaging, not of its content: `_rels/`,
    /// `package/services/metadata/`, `[Content_Types].xml`, the signature and the
    /// root nuspec. Always false in a tar, and in a zip without a root nuspec.
    pub packaging: bool,
    /// Where in the archive: of a zip the number in its directory, of a tar where in
    /// the unpacked stream the content begins.
    pub(super) place: u64,
    /// Where in [`Archive::entries`](super::Archive::entries).
    pub(super) position: usize,
}

/// What an [`Entry`] is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// An ordinary file.
    File,
    /// A folder. Folders need no entry of their own.
    Directory,
    /// The same file as one before it in the archive; extracted it is a copy, so that
    /// changing one of them doesn't change the other.
    HardLink {
        /// [`Entry::path`] of the file.
        target: String,
    },
    /// A symbolic link that was found to stay inside the package's folder.
    Symlink {
        /// As in the archive: relative to the link's folder, `/` between the parts.
        target: String,
    },
}

impl Entry {
    pub(super) fn is_root_nuspec(&self) -> bool {
        self.kind == EntryKind::File && is_root_nuspec(&self.path)
    }
}

/// Whether a path is that of a nuspec at the root of a package.
pub(crate) fn is_root_nuspec(path: &str) -> bool {
    !path.contains('/') && path.to_ascii_lowercase().ends_with(".nuspec")
}

/// Whether a path of a nupkg belongs to its packaging. `package/` itself may hold
/// content; the rule is that of NuGet's `PackageHelper.IsPackageFile`.
pub(crate) fn is_packaging(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    let within = |folder: &str| {
        path.strip_prefix(folder)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    within("_rels")
        || within("package/services/metadata")
        || path == "[content_types].xml"
        || path == ".signature.p7s"
        || is_root_nuspec(&path)
}
