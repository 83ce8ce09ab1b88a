//! The server with octo and the Tentacles of its own version: a tarball, and Debian's package.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, ensure};

use super::deb::Deb;
use super::tentacle::Bundle;
use super::tools::{cargo_build, output};
use super::tree::{FILE, PROGRAM, Tree};
use super::{Release, notices, octo, of_version, tar};
use crate::programs::repository;

const ID: &str = "octopus-server";
const OCTO: &str = "usr/bin/octo";
const PROGRAMS: [&str; 2] = ["usr/lib/octopus-server/octopus", OCTO];
const TARGET: &str = "x86_64-unknown-linux-gnu";

/// Builds the programs, and makes both.
pub(super) fn make(release: &Release, bundle: &Bundle) -> anyhow::Result<()> {
    eprintln!("building the server and octo (many minutes the first time)");
    cargo_build(&["octopus", "octo"], &release.version, release.quick)?;
    let notices = notices::of(&["octopus", "octo"], TARGET)? + &bundle.notices;
    if !release.quick {
        tarball(release, &notices)?;
    }
    deb(release, &notices)
}

/// For any Linux with glibc: unpack, and run `octopus serve`.
fn tarball(release: &Release, notices: &str) -> anyhow::Result<()> {
    let name = format!("{ID}-{}-linux-x64", release.version);
    let tree = Tree::new(&release.work.join(name))?;
    for program in ["octopus", "octo"] {
        tree.built(release, program, program)?;
    }
    carry(release, &tree, "tentacles")?;
    octo::aids(&tree.root().join("octo"), &tree, &octo::BESIDE)?;
    for file in ["octopus-server.service", "README"] {
        tree.copy(&packaging(file), file, FILE)?;
    }
    for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
        tree.copy(&repository().join(licence), licence, FILE)?;
    }
    tree.text("THIRD-PARTY", notices, FILE)?;
    tar(release, tree.root())
}

fn deb(release: &Release, notices: &str) -> anyhow::Result<()> {
    let deb = Deb::new(release, ID, "server")?;
    let tree = &deb.tree;
    for (program, place) in ["octopus", "octo"].iter().zip(PROGRAMS) {
        tree.built(release, program, place)?;
    }
    tree.link("usr/bin/octopus", "../lib/octopus-server/octopus")?;
    carry(release, tree, "usr/lib/octopus-server/tentacles")?;
    for (file, folder) in [
        ("octopus-server.service", "lib/systemd/system"),
        ("README.Debian", "usr/share/doc/octopus-server"),
    ] {
        tree.copy(&packaging(file), &format!("{folder}/{file}"), FILE)?;
    }
    let settings = packaging("octopus-server.default");
    tree.copy(&settings, "etc/default/octopus-server", FILE)?;
    tree.folder("var/lib/octopus-server", PROGRAM)?;
    octo::aids(&tree.root().join(OCTO), tree, &octo::INSTALLED)?;
    deb.compress_manual(1)?;
    let needed = needed_libraries(release, tree)?;
    deb.build(notices, &[("DEPENDS", &needed)])
}

/// The Tentacle packages of this version. The server looks beside its program.
fn carry(release: &Release, tree: &Tree, folder: &str) -> anyhow::Result<()> {
    let names = of_version(&release.folder, &release.version)?;
    let is_tentacle = |name: &&String| name.starts_with("Octopus.Tentacle.");
    let packages: Vec<&String> = names.iter().filter(is_tentacle).collect();
    ensure!(!packages.is_empty(), "no Tentacle package was made");
    for name in packages {
        let from = release.folder.join(name);
        tree.copy(&from, &format!("{folder}/{name}"), FILE)?;
    }
    Ok(())
}

fn packaging(file: &str) -> PathBuf {
    repository().join("packaging/server").join(file)
}

/// What the programs need, as Debian calls it.
fn needed_libraries(release: &Release, tree: &Tree) -> anyhow::Result<String> {
    // The tool wants to be in a source package.
    let source = Tree::new(&release.work.join("source"))?;
    let control = format!("Source: {ID}\n\nPackage: {ID}\nArchitecture: amd64\n");
    source.text("debian/control", &control, FILE)?;
    let printed = output(
        Command::new("dpkg-shlibdeps")
            .current_dir(source.root())
            .arg("-O")
            .args(PROGRAMS.map(|program| tree.root().join(program))),
    )?;
    let needed = printed.strip_prefix("shlibs:Depends=");
    Ok(needed
        .context("dpkg-shlibdeps names no libraries")?
        .to_owned())
}
