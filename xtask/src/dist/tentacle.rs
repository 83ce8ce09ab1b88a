//! Tentacle with its Suction Cup: the package that upgrades it, the tarball, and Debian's package.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::agents::{self, Agent};
use super::deb::Deb;
use super::tools::{cargo_build, succeed};
use super::tree::{FILE, PROGRAM, Tree};
use super::{Release, notices, tar, template};
use crate::programs::{self, repository};

/// Runtime identifier of what is built here.
const RID: &str = "linux-x64";
const ID: &str = "octopus-tentacle";

/// What a Tentacle is installed from.
pub(super) struct Bundle {
    suction_cup: PathBuf,
    /// `Octopus.Tentacle.<rid>.<version>.nupkg`
    package: PathBuf,
    package_name: String,
    /// The licences of what is in both.
    pub(super) notices: String,
}

/// Builds the agents, and packs Tentacle as a build server packs an application.
pub(super) fn bundle(release: &Release) -> anyhow::Result<Bundle> {
    eprintln!("building Suction Cup and Tentacle, static (many minutes the first time)");
    let suction_cup = agents::build(Agent::SuctionCup, None)?;
    let version = release.version.as_str();
    let content = Tree::new(&release.work.join("tentacle"))?;
    if release.quick {
        cargo_build(&["tentacle"], version, true)?;
        content.built(release, "tentacle", "tentacle")?;
    } else {
        let tentacle = agents::build(Agent::Tentacle, Some(version))?;
        content.copy(&tentacle, "tentacle", PROGRAM)?;
    }
    Ok(Bundle {
        suction_cup,
        package: pack(release, RID, &content)?,
        package_name: package_name(release, RID),
        notices: notices::of(&["suction-cup", "tentacle"], agents::TARGET)?,
    })
}

/// Packs a folder with Tentacle for a runtime identifier; gives the package.
pub(super) fn pack(release: &Release, rid: &str, content: &Tree) -> anyhow::Result<PathBuf> {
    let version = release.version.as_str();
    let octo = release.work.join("octo");
    programs::build(programs::Target::Program("octo"), version, &octo)?;
    let id = format!("Octopus.Tentacle.{rid}");
    let description = "The agent that receives, installs and configures packages";
    succeed(
        Command::new(octo)
            .args(["package", "nuget", "create", "--id", &id])
            .args(["--version", version, "--description", description])
            .args(["--author", "The Octopus developers", "--overwrite"])
            .arg("--base-path")
            .arg(content.root())
            .arg("--out-folder")
            .arg(&release.folder)
            .stdout(Stdio::null()),
    )?;
    Ok(release.folder.join(package_name(release, rid)))
}

fn package_name(release: &Release, rid: &str) -> String {
    format!("Octopus.Tentacle.{rid}.{}.nupkg", release.version)
}

/// For any Linux, with an installer.
pub(super) fn tarball(release: &Release, bundle: &Bundle) -> anyhow::Result<()> {
    let name = format!("{ID}-{}-{RID}", release.version);
    let tree = Tree::new(&release.work.join(name))?;
    tree.copy(&bundle.suction_cup, "suction-cup", PROGRAM)?;
    tree.copy(&bundle.package, &bundle.package_name, FILE)?;
    for (file, mode) in [
        ("install.sh", PROGRAM),
        ("register.sh", FILE),
        ("service.sh", FILE),
        ("octopus-tentacle.service", FILE),
        ("hardened.conf", FILE),
    ] {
        tree.copy(&packaging(file), file, mode)?;
    }
    for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
        tree.copy(&repository().join(licence), licence, FILE)?;
    }
    tree.text("THIRD-PARTY", &bundle.notices, FILE)?;
    tar(release, tree.root())
}

/// For Debian and what comes of it.
pub(super) fn deb(release: &Release, bundle: &Bundle) -> anyhow::Result<()> {
    let library = "usr/lib/octopus-tentacle";
    let home = "var/lib/octopus-tentacle";
    let deb = Deb::new(release, ID, "tentacle")?;
    let tree = &deb.tree;
    let program = format!("{library}/suction-cup");
    tree.copy(&bundle.suction_cup, &program, PROGRAM)?;
    let package = format!("{library}/bundle/{}", bundle.package_name);
    tree.copy(&bundle.package, &package, FILE)?;
    let shared = format!("{library}/register.sh");
    tree.copy(&packaging("register.sh"), &shared, FILE)?;
    let register = "octopus-tentacle-register";
    let command = format!("usr/sbin/{register}");
    tree.copy(&packaging(register), &command, PROGRAM)?;
    deb.manual(&packaging(&format!("{register}.8")), 8)?;
    // Suction Cup looks for the bundle in its HOME; what a package brings lies in /usr.
    tree.folder(home, PROGRAM)?;
    tree.link(&format!("{home}/bundle"), &format!("/{library}/bundle"))?;
    tree.folder(&format!("{home}/config"), 0o700)?;
    let (program, home) = (format!("/{program}"), format!("/{home}"));
    let values = [("PROGRAM", program.as_str()), ("HOME", home.as_str())];
    let unit = template("tentacle/octopus-tentacle.service", &values)?;
    let place = "lib/systemd/system/octopus-tentacle.service";
    tree.text(place, &unit, FILE)?;
    let hardened = template("tentacle/hardened.conf", &values)?;
    let place = "usr/share/doc/octopus-tentacle/examples/hardened.conf";
    tree.text(place, &hardened, FILE)?;
    deb.build(&bundle.notices, &[])
}

fn packaging(file: &str) -> PathBuf {
    repository().join("packaging/tentacle").join(file)
}
