//! One of Debian's packages: what every one of them has, put together and looked at by lintian.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Context;

use super::tools::{output, succeed};
use super::tree::{FILE, PROGRAM, Tree};
use super::{Release, template};
use crate::programs::repository;

/// A package that is being filled.
pub(super) struct Deb<'a> {
    release: &'a Release,
    id: &'static str,
    /// Its folder in `packaging`.
    folder: &'static str,
    pub(super) tree: Tree,
}

impl<'a> Deb<'a> {
    pub(super) fn new(
        release: &'a Release,
        id: &'static str,
        folder: &'static str,
    ) -> anyhow::Result<Self> {
        let tree = Tree::new(&release.work.join("deb").join(id))?;
        Ok(Self {
            release,
            id,
            folder,
            tree,
        })
    }

    /// A page of the manual.
    pub(super) fn manual(&self, page: &Path, section: u8) -> anyhow::Result<()> {
        let name = page.file_name().context("a page has a name")?;
        let path = format!("usr/share/man/man{section}/{}", name.display());
        self.tree.copy(page, &path, FILE)?;
        self.compress(&path)
    }

    /// Compresses all pages of a section that are there.
    pub(super) fn compress_manual(&self, section: u8) -> anyhow::Result<()> {
        let folder = format!("usr/share/man/man{section}/");
        let files = self.tree.files()?;
        let pages = files.iter().filter(|file| file.starts_with(&folder));
        pages.into_iter().try_for_each(|page| self.compress(page))
    }

    /// Adds what every package has, builds it and has it looked at. `values` are for its `control`.
    pub(super) fn build(&self, notices: &str, values: &[(&str, &str)]) -> anyhow::Result<()> {
        self.documentation(notices)?;
        let overrides = self.own("lintian-overrides");
        if overrides.exists() {
            let path = format!("usr/share/lintian/overrides/{}", self.id);
            self.tree.copy(&overrides, &path, FILE)?;
        }
        self.control(values)?;
        let version = &self.release.version;
        let file = format!("{}_{version}_amd64.deb", self.id);
        let file = self.release.folder.join(file);
        let compression: &[&str] = match self.release.quick {
            true => &["-Zgzip", "-z1"],
            false => &["-Zxz"],
        };
        succeed(
            Command::new("dpkg-deb")
                .env("SOURCE_DATE_EPOCH", &self.release.time)
                .arg("--root-owner-group")
                .args(compression)
                .arg("--build")
                .args([self.tree.root(), &file])
                .stdout(Stdio::null()),
        )?;
        match self.release.quick {
            true => Ok(()),
            false => lintian(&file),
        }
    }

    fn documentation(&self, notices: &str) -> anyhow::Result<()> {
        let (id, release) = (self.id, self.release);
        let folder = format!("usr/share/doc/{id}");
        let licence = fs::read_to_string(repository().join("LICENSE-MIT"))?;
        let copyright = template("debian/copyright", &[("MIT", &indented(&licence))])?;
        let path = format!("{folder}/copyright");
        self.tree.text(&path, &copyright, FILE)?;
        let date = output(
            Command::new("date")
                .args(["--utc", "--rfc-email", "--date"])
                .arg(format!("@{}", release.time)),
        )?;
        let (version, maintainer) = (&release.version, &release.maintainer);
        let changes = format!(
            "{id} ({version}) stable; urgency=medium\n\n  * Version {version} of Octopus.\n\n -- {maintainer}  {date}\n"
        );
        for (name, text) in [("changelog", changes.as_str()), ("THIRD-PARTY", notices)] {
            let path = format!("{folder}/{name}");
            self.tree.text(&path, text, FILE)?;
            self.compress(&path)?;
        }
        Ok(())
    }

    /// Everything in `DEBIAN`, once all other files are there.
    fn control(&self, values: &[(&str, &str)]) -> anyhow::Result<()> {
        let (tree, release) = (&self.tree, self.release);
        let files = tree.files()?;
        let mut bytes = 0;
        for file in &files {
            bytes += fs::metadata(tree.root().join(file))?.len();
        }
        let size = bytes.div_ceil(1024).to_string();
        let sums = output(
            Command::new("md5sum")
                .current_dir(tree.root())
                .args(files.iter().filter(|file| !file.starts_with("etc/"))),
        )?;
        tree.text("DEBIAN/md5sums", &format!("{sums}\n"), FILE)?;
        let mut all = vec![
            ("VERSION", release.version.as_str()),
            ("MAINTAINER", &release.maintainer),
            ("INSTALLED_SIZE", &size),
        ];
        all.extend(values);
        let control = template(&format!("{}/debian/control", self.folder), &all)?;
        tree.text("DEBIAN/control", &control, FILE)?;
        for (name, mode) in [
            ("conffiles", FILE),
            ("postinst", PROGRAM),
            ("prerm", PROGRAM),
            ("postrm", PROGRAM),
        ] {
            if self.own(name).exists() {
                tree.copy(&self.own(name), &format!("DEBIAN/{name}"), mode)?;
            }
        }
        Ok(())
    }

    /// A file of this package's own in `packaging`.
    fn own(&self, name: &str) -> PathBuf {
        let folder = repository().join("packaging").join(self.folder);
        folder.join("debian").join(name)
    }

    fn compress(&self, path: &str) -> anyhow::Result<()> {
        let file = self.tree.root().join(path);
        succeed(Command::new("gzip").args(["-9n", "--force"]).arg(file))
    }
}

/// As the text of a field: indented by a space, and empty lines as a dot.
fn indented(text: &str) -> String {
    let lines = text.trim().lines().map(|line| match line.trim_end() {
        "" => " .".to_owned(),
        line => format!(" {line}"),
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn lintian(package: &Path) -> anyhow::Result<()> {
    succeed(
        Command::new("lintian")
            .args(["--allow-root", "--fail-on", "error"])
            .args(["--tag-display-limit", "0"])
            .arg(package),
    )
    .with_context(|| format!("lintian finds errors in {}", package.display()))
}

#[cfg(test)]
mod tests {
    use super::indented;

    #[test]
    fn a_text_becomes_the_text_of_a_field() {
        assert_eq!(indented("one\n\n two \n"), " one\n .\n  two");
    }
}
