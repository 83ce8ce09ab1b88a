//! Publishing: whole or not at all.

use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use expect_test::{Expect, expect};
use nupkg::PackageBuilder;

use super::*;
use crate::home::{Home, PROGRAM};
use crate::names::names_in;

struct Fixture {
    folder: tempfile::TempDir,
    home: Home,
}

impl Fixture {
    fn new() -> Fixture {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::new(folder.path().join("home"));
        Fixture { folder, home }
    }

    fn package(&self, files: &[(&str, &str)]) -> PathBuf {
        let path = self.folder.path().join("package.nupkg");
        fs::write(&path, pack(files)).unwrap();
        path
    }

    fn tentacle(&self, content: &str) -> PathBuf {
        self.package(&[(PROGRAM, content), ("lib/a/b.txt", "b")])
    }

    fn install(
        &self,
        package: &Path,
        version: &str,
        stamp: &str,
        existing: Existing,
    ) -> Result<(), InstallError> {
        let (version, stamp) = (version.parse().unwrap(), stamp.parse().unwrap());
        install_version(&self.home, package, &version, &stamp, existing)
    }

    /// Everything under `versions/`, with the content of files.
    fn versions(&self) -> String {
        let mut lines = Vec::new();
        list(&self.home.versions(), "", &mut lines);
        lines.sort();
        lines.join("\n")
    }

    fn check_refused(&self, package: &Path, version: &str, expected: &Expect) {
        let before = self.versions();
        let folders = names_in(&self.home.versions());
        let error = self
            .install(package, version, "t-2", Existing::Keep)
            .unwrap_err();
        assert_eq!(self.versions(), before);
        assert_eq!(names_in(&self.home.versions()), folders);
        let chain = std::iter::successors(Some(&error as &dyn std::error::Error), |error| {
            error.source()
        });
        let text: Vec<String> = chain.map(ToString::to_string).collect();
        expected.assert_eq(
            &text
                .join("\n")
                .replace(self.folder.path().to_str().unwrap(), "DIR"),
        );
    }
}

fn pack(files: &[(&str, &str)]) -> Vec<u8> {
    let mut builder = PackageBuilder::zip();
    for (path, content) in files {
        builder = builder.file(path, 0o640, content.as_bytes()).unwrap();
    }
    builder
        .finish(Cursor::new(Vec::new()))
        .unwrap()
        .into_inner()
}

fn list(folder: &Path, prefix: &str, lines: &mut Vec<String>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        let name = format!("{prefix}{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() {
            list(&path, &format!("{name}/"), lines);
        } else {
            lines.push(format!(
                "{name}: {}",
                fs::read_to_string(&path).unwrap().trim_end()
            ));
        }
    }
}

#[test]
fn a_version_is_published_whole_with_stamp_and_modes() {
    let fixture = Fixture::new();
    let package = fixture.tentacle("#!");
    let version = "1.10.0-RC.1";
    fixture
        .install(&package, version, "t-1", Existing::Keep)
        .unwrap();
    expect![[r#"
        1.10.0-rc.1/.stamp: t-1
        1.10.0-rc.1/lib/a/b.txt: b
        1.10.0-rc.1/tentacle: #!"#]]
    .assert_eq(&fixture.versions());
    assert_eq!(fixture.home.installed().len(), 1);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &str| {
            let path = fixture.home.versions().join(path);
            fs::metadata(path).unwrap().permissions().mode() & 0o777
        };
        assert_eq!(mode("1.10.0-rc.1/tentacle"), 0o755);
        assert_eq!(mode("1.10.0-rc.1/lib/a/b.txt"), 0o640);
    }
}

#[test]
fn the_same_order_twice_is_done_once_and_another_one_replaces_only_when_told() {
    let fixture = Fixture::new();
    let install = |content: &str, stamp: &str, existing| {
        fixture.install(&fixture.tentacle(content), "1.0.0", stamp, existing)
    };
    install("first", "t-1", Existing::Keep).unwrap();
    install("second", "t-1", Existing::Keep).unwrap();
    assert!(fixture.versions().contains("tentacle: first"));
    fixture.check_refused(
        &fixture.tentacle("second"),
        "1.0.0",
        &expect!["Tentacle 1.0.0 is installed already, by `t-1`: remove it first, or install another version"],
    );
    install("second", "t-2", Existing::Replace).unwrap();
    expect![[r#"
        1.0.0/.stamp: t-2
        1.0.0/lib/a/b.txt: b
        1.0.0/tentacle: second"#]]
    .assert_eq(&fixture.versions());
}

#[test]
fn refused_with_a_reason_and_nothing_half_done() {
    let fixture = Fixture::new();
    fixture
        .install(&fixture.tentacle("old"), "1.0.0", "t-1", Existing::Keep)
        .unwrap();
    fixture.check_refused(
        &fixture.folder.path().join("missing.nupkg"),
        "2.0.0",
        &expect![[r#"
        the package DIR/missing.nupkg cannot be installed
        the package could not be read
        No such file or directory (os error 2)"#]],
    );
    fixture.check_refused(
        &fixture.package(&[("lib/tentacle", "")]),
        "2.0.0",
        &expect!["the package DIR/package.nupkg has no file `tentacle` at its root: build or download it again"],
    );
    let forged = [(PROGRAM, ""), (".stamp", "forged")];
    let forged = fixture.package(&forged);
    fixture
        .install(&forged, "2.0.0", "t-2", Existing::Keep)
        .unwrap_err();

    let mut state = 1_u32;
    let mut noise = String::new();
    for _ in 0..20_000 {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        noise.push(char::from(b' ' + (state >> 26) as u8));
    }
    let path = fixture.tentacle(&noise);
    let mut bytes = fs::read(&path).unwrap();
    let name = bytes
        .windows(PROGRAM.len())
        .position(|at| at == PROGRAM.as_bytes());
    let inside = name.unwrap() + 1_000;
    bytes[inside] ^= 0xff;
    fs::write(&path, &bytes).unwrap();
    fixture.check_refused(
        &path,
        "2.0.0",
        &expect![[r#"
        the package DIR/package.nupkg cannot be unpacked
        entry `tentacle` is damaged (Invalid checksum); fetch or build the package again"#]],
    );
    fs::write(&path, &bytes[..inside]).unwrap();
    fixture.check_refused(&path, "2.0.0", &expect![[r#"
        the package DIR/package.nupkg cannot be installed
        this is not a whole zip archive (invalid Zip archive: Could not find EOCD); fetch or build the package again"#]]);
}

#[test]
fn removal_leaves_nothing_and_may_be_repeated() {
    let fixture = Fixture::new();
    fixture
        .install(&fixture.tentacle(""), "1.0.0", "t-1", Existing::Keep)
        .unwrap();
    let version = "1.0.0".parse().unwrap();
    remove_version(&fixture.home, &version).unwrap();
    assert_eq!(fixture.versions(), "");
    assert!(names_in(&fixture.home.versions()).is_empty());
    remove_version(&fixture.home, &version).unwrap();
    // What can't be removed is told.
    fs::remove_dir(fixture.home.versions()).unwrap();
    fs::write(fixture.home.versions(), "a file").unwrap();
    remove_version(&fixture.home, &version).unwrap_err();
}

#[test]
fn a_disk_tells_its_free_space() {
    let folder = tempfile::tempdir().unwrap();
    let free = free_bytes(folder.path()).unwrap();
    // No disk that tests run on is that full.
    assert!(free.is_some_and(|bytes| bytes > 4096), "{free:?}");
    free_bytes(&folder.path().join("missing")).unwrap_err();
}

#[test]
fn a_disk_without_room_is_told_before_anything_is_written() {
    let room = |free| super::publish::room(Path::new("/data"), 4096, free);
    room(Some(4096)).unwrap();
    room(None).unwrap();
    expect!["/data has 4095 bytes free, and 4096 are needed: free some space on that disk"]
        .assert_eq(&room(Some(4095)).unwrap_err().to_string());
}

#[test]
fn an_error_says_what_helps() {
    use std::io::{Error, ErrorKind};
    for (kind, expected) in [
        (
            ErrorKind::StorageFull,
            "the disk is full, free some space on it",
        ),
        (
            ErrorKind::QuotaExceeded,
            "the disk quota is used up, raise it or free some space",
        ),
        (
            ErrorKind::PermissionDenied,
            "make it writable for the user of this service",
        ),
        (
            ErrorKind::ReadOnlyFilesystem,
            "the file system is read-only, mount it writable",
        ),
        (
            ErrorKind::InvalidFilename,
            "the name is not allowed there, use a shorter or plainer one",
        ),
        (
            ErrorKind::AlreadyExists,
            "something of that name is there already, remove it",
        ),
        (
            ErrorKind::Other,
            "see that its folder and disk are in order",
        ),
    ] {
        let path = PathBuf::from("/data");
        let error = WriteError {
            path,
            source: Error::from(kind),
        };
        assert_eq!(
            error.to_string(),
            format!("/data cannot be written: {expected}")
        );
    }
}
