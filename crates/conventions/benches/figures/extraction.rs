//! Extraction beside `unzip`, both to the same disk and with the same syncs.

use std::fs::{self, File};
use std::io::{BufReader, Cursor};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use layout::install::{Writes, unpack};
use nupkg::{Archive, Limits, Nuspec, PackageBuilder};

use crate::{Figure, RUNS};

const FILES: u32 = 200;
const FILE_SIZE: usize = 65_000;

/// The time of Tentacle's way in parts of that of `unzip`.
pub(crate) fn figure() -> Figure {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let package = folder.path().join("Acme.Web.1.0.0.nupkg");
    fs::write(&package, content()).unwrap();
    let (ours, theirs) = (folder.path().join("ours"), folder.path().join("theirs"));
    let mut quotients = Vec::new();
    // One after the other, so that both have the same disk.
    for _ in 0..RUNS {
        let mine = timed(&ours, || {
            let file = BufReader::new(File::open(&package).unwrap());
            let mut archive = Archive::open(file, &Limits::default()).unwrap();
            unpack(&mut archive, &ours, Writes::Cached).unwrap();
        });
        let other = timed(&theirs, || {
            let status = Command::new("unzip")
                .args(["-q", "-d"])
                .args([&theirs, &package])
                .status()
                .expect("unzip, of Debian's package of this name, is needed for comparison");
            assert!(status.success());
        });
        same_files(&ours, &theirs);
        eprintln!(
            "extraction: {:.1} ms, unzip {:.1} ms",
            mine.as_secs_f64() * 1000.0,
            other.as_secs_f64() * 1000.0
        );
        quotients.push(mine.as_secs_f64() / other.as_secs_f64());
    }
    quotients.sort_by(f64::total_cmp);
    Figure {
        name: "13 MB package of 200 files, extracted and flushed",
        unit: "× unzip",
        measured: quotients[RUNS / 2],
        wanted: 1.2,
        more_is_better: false,
    }
}

/// Extracts into an empty folder, and waits until all of it is on the disk.
fn timed(into: &Path, extract: impl FnOnce()) -> Duration {
    if into.is_dir() {
        fs::remove_dir_all(into).unwrap();
    }
    fs::create_dir(into).unwrap();
    let folder = File::open(into).unwrap();
    flush(&folder);
    let start = Instant::now();
    extract();
    flush(&folder);
    start.elapsed()
}

#[cfg(target_os = "linux")]
fn flush(folder: &File) {
    rustix::fs::syncfs(folder).unwrap();
}

#[cfg(not(target_os = "linux"))]
fn flush(_: &File) {}

fn same_files(ours: &Path, theirs: &Path) {
    for number in 0..FILES {
        let name = name(number);
        assert_eq!(
            fs::read(ours.join(&name)).unwrap(),
            fs::read(theirs.join(&name)).unwrap(),
            "{name}"
        );
    }
}

fn name(number: u32) -> String {
    format!("bin/{}/file{number:03}.dat", number % 10)
}

/// Half of each file is noise, as in programs, and half repeats itself, as in texts.
fn content() -> Vec<u8> {
    let mut state = 1_u64;
    let files: Vec<Vec<u8>> = (0..FILES)
        .map(|number| {
            let line = format!("line of file {number}, which is much like the others\n");
            let mut content = line.repeat(FILE_SIZE / 2 / line.len()).into_bytes();
            while content.len() < FILE_SIZE {
                // Xorshift, by Marsaglia.
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                content.extend_from_slice(&state.to_le_bytes());
            }
            content
        })
        .collect();
    let nuspec = Nuspec::new("Acme.Web".parse().unwrap(), "1.0.0".parse().unwrap());
    let mut package = PackageBuilder::new(nuspec);
    for (number, content) in (0..).zip(files) {
        let content = Cursor::new(content);
        package = package.file(&name(number), 0o644, content).unwrap();
    }
    package
        .finish(Cursor::new(Vec::new()))
        .unwrap()
        .into_inner()
}
