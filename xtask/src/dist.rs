//! What is given away, in `target/dist/`: the packages by which servers upgrade Tentacle, tarballs and Debian's
//! packages of Tentacle and of the server, Tentacle's installer for Windows, and octo alone. But for the times in the latter,
//! the same commit gives the same bytes.
//!
//! The server carries every `Octopus.Tentacle.<rid>.<version>.nupkg` of its own version that lies in
//! `target/dist/`, whoever put it there.

pub(crate) mod agents;
pub(crate) mod apt;
mod deb;
pub(crate) mod msi;
pub(crate) mod notices;
mod octo;
mod server;
mod tentacle;
mod tools;
mod tree;
mod windows;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;

use self::tools::{output, succeed};
use crate::programs::{repository, target_folder};

/// `cargo xtask dist`
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Only Tentacle's files, or only the server's package, which needs Tentacle's.
    #[arg(long, value_enum)]
    only: Option<Part>,
    /// The maintainer that Debian's packages name.
    #[arg(
        long,
        value_name = "NAME <MAIL>",
        default_value = MAINTAINER
    )]
    maintainer: String,
    /// Another version than the workspace's, to try an upgrade to.
    #[arg(long, value_name = "VERSION", default_value = env!("CARGO_PKG_VERSION"))]
    release: String,
    /// All but Suction Cup unoptimised, not static, and nothing for Windows: to be tried on this machine, not to
    /// be given away.
    #[arg(long)]
    quick: bool,
}

impl Options {
    /// To be tried: all of it, or Tentacle's files alone.
    pub(crate) fn to_try(version: &str, quick: bool, server: bool) -> Self {
        Self {
            only: (!server).then_some(Part::Tentacle),
            maintainer: MAINTAINER.to_owned(),
            release: version.to_owned(),
            quick,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    Tentacle,
    Server,
}

/// What all that is made has in common.
struct Release {
    version: String,
    maintainer: String,
    quick: bool,
    /// Unix time of the last commit, as the time of every file.
    time: String,
    /// Where things are made.
    work: PathBuf,
    /// Where they end.
    folder: PathBuf,
}

const MAINTAINER: &str = "The Octopus developers <octopus@packages.invalid>";
const CHECKSUMS: &str = "SHA256SUMS";

pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    apt::need(&[
        ("/usr/bin/dpkg-deb", "dpkg"),
        ("/usr/bin/dpkg-shlibdeps", "dpkg-dev"),
        ("/usr/bin/lintian", "lintian"),
    ])?;
    let folder = target_folder()?.join("dist");
    let release = Release {
        version: options.release.clone(),
        maintainer: options.maintainer.clone(),
        quick: options.quick,
        time: output(Command::new("git").current_dir(repository()).args([
            "log",
            "-1",
            "--format=%ct",
        ]))?,
        work: folder.join("work"),
        folder,
    };
    fs::create_dir_all(&release.folder)?;
    let bundle = tentacle::bundle(&release)?;
    if !release.quick && options.only != Some(Part::Server) {
        windows::make(&release)?;
    }
    if options.only != Some(Part::Server) {
        tentacle::tarball(&release, &bundle)?;
        tentacle::deb(&release, &bundle)?;
    }
    if options.only != Some(Part::Tentacle) {
        server::make(&release, &bundle)?;
        if !release.quick {
            octo::make(&release)?;
        }
    }
    finish(&release)
}

/// Checksums of what is there of this version, and the sizes on standard output.
fn finish(release: &Release) -> anyhow::Result<()> {
    let names = of_version(&release.folder, &release.version)?;
    for name in &names {
        let size = fs::metadata(release.folder.join(name))?.len() / 1000;
        println!("{size:>9} kB  {name}");
    }
    let sums = output(
        Command::new("sha256sum")
            .current_dir(&release.folder)
            .args(names),
    )?;
    let path = release.folder.join(CHECKSUMS);
    fs::write(&path, format!("{sums}\n"))?;
    fs::remove_dir_all(&release.work)?;
    println!("{}", path.display());
    Ok(())
}

/// The files of a version in a folder, by name.
fn of_version(folder: &Path, version: &str) -> anyhow::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let mut parts = name.match_indices(version);
        // Not 11.0.0 for 1.0.0.
        let whole = parts.any(|(at, _)| {
            name.get(..at)
                .is_some_and(|text| text.ends_with(['_', '-', '.']))
        });
        if whole && entry.file_type()?.is_file() {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// A file of the folder `packaging`, with what stands between `@` filled in.
fn template(file: &str, values: &[(&str, &str)]) -> anyhow::Result<String> {
    let path = repository().join("packaging").join(file);
    let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    Ok(fill_in(text, values))
}

fn fill_in(text: String, values: &[(&str, &str)]) -> String {
    values.iter().fold(text, |text, (name, value)| {
        text.replace(&format!("@{name}@"), value)
    })
}

/// A `.tar.gz` of one folder.
fn tar(release: &Release, folder: &Path) -> anyhow::Result<()> {
    let name = folder.file_name().context("a folder without a name")?;
    let file = format!("{}.tar.gz", name.display());
    let file = release.folder.join(file);
    succeed(
        Command::new("tar")
            .current_dir(folder.parent().unwrap_or(folder))
            .args(["--create", "--sort=name", "--format=gnu", "--numeric-owner"])
            .args(["--owner=0", "--group=0"])
            .arg(format!("--mtime=@{}", release.time))
            .arg(match release.quick {
                true => "--use-compress-program=gzip -1n",
                false => "--use-compress-program=gzip -9n",
            })
            .arg("--file")
            .args([file.as_os_str(), name]),
    )
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{fill_in, of_version};

    #[test]
    fn every_place_is_filled_in_and_others_are_left_alone() {
        let text = "@HOME@/bin run --home @HOME@ @OTHER@ a@b.c".to_owned();
        let filled = fill_in(text, &[("HOME", "/srv/t"), ("NAME", "x")]);
        assert_eq!(filled, "/srv/t/bin run --home /srv/t @OTHER@ a@b.c");
    }

    #[test]
    fn files_of_other_versions_are_not_of_this_one() {
        let folder = tempfile::tempdir().unwrap();
        for name in [
            "octopus-tentacle_1.0.0_amd64.deb",
            "octopus-tentacle_11.0.0_amd64.deb",
            "Octopus.Tentacle.win-x64.1.0.0.nupkg",
            "octopus-tentacle_2.0.0_amd64.deb",
            "SHA256SUMS",
        ] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        fs::create_dir(folder.path().join("work-1.0.0")).unwrap();
        let expected = [
            "Octopus.Tentacle.win-x64.1.0.0.nupkg",
            "octopus-tentacle_1.0.0_amd64.deb",
        ];
        assert_eq!(of_version(folder.path(), "1.0.0").unwrap(), expected);
    }
}
