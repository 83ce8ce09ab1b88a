//! octo on its own, for machines that build and deploy: a static tarball; and what helps to use it, which goes into
//! the server's packages as well.

use std::path::Path;
use std::process::Command;

use super::agents::{self, Agent};
use super::tools::{output, succeed};
use super::tree::{FILE, PROGRAM, Tree};
use super::{Release, notices, tar};
use crate::programs::repository;

/// Where the manual and the completions go.
pub(super) struct Places {
    manual: &'static str,
    /// Shell, and the file that it looks for.
    completions: [(&'static str, &'static str); 3],
}

/// Beside the program in a tarball.
pub(super) const BESIDE: Places = Places {
    manual: "man/man1",
    completions: [
        ("bash", "completions/octo.bash"),
        ("zsh", "completions/_octo"),
        ("fish", "completions/octo.fish"),
    ],
};

/// Where Debian's packages have them.
pub(super) const INSTALLED: Places = Places {
    manual: "usr/share/man/man1",
    completions: [
        ("bash", "usr/share/bash-completion/completions/octo"),
        ("zsh", "usr/share/zsh/vendor-completions/_octo"),
        ("fish", "usr/share/fish/vendor_completions.d/octo.fish"),
    ],
};

/// For any Linux: unpack, and run `octo`.
pub(super) fn make(release: &Release) -> anyhow::Result<()> {
    eprintln!("building octo, static (many minutes the first time)");
    let program = agents::build(Agent::Octo, Some(&release.version))?;
    let name = format!("octopus-cli-{}-linux-x64", release.version);
    let tree = Tree::new(&release.work.join(name))?;
    tree.copy(&program, "octo", PROGRAM)?;
    aids(&program, &tree, &BESIDE)?;
    for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
        tree.copy(&repository().join(licence), licence, FILE)?;
    }
    let notices = notices::of(&["octo"], agents::TARGET)?;
    tree.text("THIRD-PARTY", &notices, FILE)?;
    tar(release, tree.root())
}

/// The manual and the completions, as the program itself writes them.
pub(super) fn aids(octo: &Path, tree: &Tree, places: &Places) -> anyhow::Result<()> {
    tree.folder(places.manual, PROGRAM)?;
    let manual = tree.root().join(places.manual);
    succeed(Command::new(octo).arg("manual").arg(manual))?;
    for (shell, path) in places.completions {
        let script = output(Command::new(octo).args(["completion", shell]))?;
        tree.text(path, &format!("{script}\n"), FILE)?;
    }
    Ok(())
}
