//! Targets for what packages are called, and say of themselves.

use nupkg::{NuGetVersion, Nuspec, PackageFileName, PackageId, VersionRange};

/// Versions, ranges, ids and file names.
pub fn version(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    if let Ok(version) = NuGetVersion::parse(text) {
        let again = NuGetVersion::parse(&version.to_string());
        assert_eq!(again.as_ref(), Ok(&version), "the normal form is a version");
    }
    if let Ok(range) = VersionRange::parse(text) {
        let again = VersionRange::parse(&range.to_string());
        assert_eq!(again.as_ref(), Ok(&range), "the normal form is a range");
    }
    if let Ok(name) = PackageFileName::parse(text) {
        // Of which package is another matter: an id may end with numbers.
        let again = PackageFileName::parse(&name.to_string());
        assert!(again.is_ok(), "the normal form {name} is no file name");
    }
    let _ = PackageId::parse(text);
}

/// A nuspec.
pub fn nuspec(data: &[u8]) {
    if let Ok(nuspec) = Nuspec::from_bytes(data) {
        // What NuGet requires is filled in; after that nothing changes.
        let filled = Nuspec::from_bytes(nuspec.to_xml().as_bytes());
        let filled = filled.expect("what is written can be read");
        let again = Nuspec::from_bytes(filled.to_xml().as_bytes());
        assert_eq!(again.as_ref(), Ok(&filled), "the same is read again");
    }
}
