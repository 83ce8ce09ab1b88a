//! What an archive becomes on disk.

use std::io::{Cursor, Write as _};

use nupkg::Limits;
use zip::write::SimpleFileOptions;
use zip::{DateTime, ZipWriter};

use super::*;

type Zip = ZipWriter<Cursor<Vec<u8>>>;

fn tar(build: impl FnOnce(&mut tar::Builder<Vec<u8>>)) -> Archive<Cursor<Vec<u8>>> {
    let mut tar = tar::Builder::new(Vec::new());
    build(&mut tar);
    Archive::open(Cursor::new(tar.into_inner().unwrap()), &Limits::default()).unwrap()
}

fn archive(build: impl FnOnce(&mut Zip)) -> Archive<Cursor<Vec<u8>>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    build(&mut zip);
    Archive::open(zip.finish().unwrap(), &Limits::default()).unwrap()
}

fn file(zip: &mut Zip, path: &str, mode: u32) {
    let time = DateTime::from_date_and_time(2021, 3, 4, 5, 6, 8).unwrap();
    let options = SimpleFileOptions::default()
        .unix_permissions(mode)
        .last_modified_time(time);
    zip.start_file(path, options).unwrap();
    write!(zip, "content of {path}").unwrap();
}

#[test]
fn times_are_kept_and_empty_folders_made() {
    let mut archive = archive(|zip| {
        file(zip, "a/b/c.txt", 0o644);
        zip.add_directory("a/empty", SimpleFileOptions::default())
            .unwrap();
        zip.add_directory("a", SimpleFileOptions::default())
            .unwrap();
    });
    let folder = tempfile::tempdir().unwrap();
    unpack(&mut archive, folder.path(), Writes::Durable).unwrap();
    let path = folder.path().join("a/b/c.txt");
    assert_eq!(fs::read_to_string(&path).unwrap(), "content of a/b/c.txt");
    assert!(folder.path().join("a/empty").is_dir());
    let modified = fs::metadata(&path).unwrap().modified().unwrap();
    let since = modified.duration_since(SystemTime::UNIX_EPOCH).unwrap();
    // 2021-03-04 05:06:08 UTC.
    assert_eq!(since.as_secs(), 1_614_834_368);
}

#[cfg(unix)]
#[test]
fn links_are_made_and_modes_stay_usable_for_the_owner() {
    use std::os::unix::fs::PermissionsExt as _;
    let mut archive = archive(|zip| {
        zip.add_symlink("latest", "lib/tool.sh", SimpleFileOptions::default())
            .unwrap();
        file(zip, "lib/tool.sh", 0o755);
        file(zip, "lib/locked", 0o044);
    });
    let folder = tempfile::tempdir().unwrap();
    unpack(&mut archive, folder.path(), Writes::Cached).unwrap();
    let link = fs::read_link(folder.path().join("latest")).unwrap();
    assert_eq!(link, Path::new("lib/tool.sh"));
    let mode = |path: &str| {
        fs::metadata(folder.path().join(path))
            .unwrap()
            .permissions()
            .mode()
            & 0o7777
    };
    assert_eq!(mode("lib/tool.sh"), 0o755);
    assert_eq!(mode("lib/locked"), 0o644);
}

#[cfg(unix)]
#[test]
fn a_tar_keeps_modes_times_and_links_and_its_hard_links_become_copies() {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    let mut archive = tar(|tar| {
        let mut header = tar::Header::new_gnu();
        header.set_size(2);
        header.set_mode(0o755);
        header.set_mtime(86_400);
        tar.append_data(&mut header, "bin/run", &b"#!"[..]).unwrap();
        header.set_size(0);
        header.set_entry_type(tar::EntryType::Link);
        tar.append_link(&mut header, "bin/same", "bin/run").unwrap();
        header.set_entry_type(tar::EntryType::Symlink);
        tar.append_link(&mut header, "run", "bin/run").unwrap();
    });
    let folder = tempfile::tempdir().unwrap();
    unpack(&mut archive, folder.path(), Writes::Durable).unwrap();
    for path in ["bin/run", "bin/same", "run"] {
        let path = folder.path().join(path);
        let metadata = fs::metadata(&path).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "#!");
        assert_eq!(metadata.permissions().mode() & 0o777, 0o755);
        assert_eq!(metadata.mtime(), 86_400);
        assert_eq!(metadata.nlink(), 1);
    }
    let link = fs::read_link(folder.path().join("run")).unwrap();
    assert_eq!(link, Path::new("bin/run"));
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link_that_was_there() {
    let outside = tempfile::tempdir().unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(outside.path(), folder.path().join("lib")).unwrap();
    std::os::unix::fs::symlink(outside.path().join("file"), folder.path().join("file")).unwrap();
    for path in ["lib/tool.sh", "file"] {
        let mut archive = archive(|zip| file(zip, path, 0o644));
        unpack(&mut archive, folder.path(), Writes::Cached).unwrap_err();
    }
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
}

/// Gives one piece after the other, and then this error.
struct Pieces(Vec<&'static [u8]>, io::ErrorKind);

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.0.pop() {
            None => Err(self.1.into()),
            Some(b"interrupted") => Err(io::ErrorKind::Interrupted.into()),
            Some(mut piece) => piece.read(buffer),
        }
    }
}

#[test]
fn an_interruption_is_gone_over_and_any_other_error_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    let mut file = File::create_new(&path).unwrap();
    let mut content = Pieces(
        vec![b"", b"two", b"interrupted", b"one "],
        io::ErrorKind::Other,
    );
    copy(&mut content, &mut file, &path).unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"one two");
    let mut broken = Pieces(vec![b"one"], io::ErrorKind::UnexpectedEof);
    let error = copy(&mut broken, &mut file, &path).unwrap_err();
    assert!(matches!(error, UnpackError::Archive(_)), "{error:?}");
}

#[test]
fn times_before_and_after_1970() {
    let at = |seconds| system_time(seconds).unwrap();
    let day = Duration::from_secs(86_400);
    assert_eq!(at(0), SystemTime::UNIX_EPOCH);
    assert_eq!(at(86_400), SystemTime::UNIX_EPOCH + day);
    assert_eq!(at(-86_400), SystemTime::UNIX_EPOCH - day);
}

#[test]
fn what_fails_leaves_nothing_at_any_depth() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("last")).unwrap();
    let mut archive = archive(|zip| {
        file(zip, "a/b/c.txt", 0o644);
        file(zip, "top.txt", 0o644);
        // It is there.
        file(zip, "last", 0o644);
    });
    unpack(&mut archive, folder.path(), Writes::Cached).unwrap_err();
    assert_eq!(crate::names::names_in(folder.path()), ["last"]);
}
