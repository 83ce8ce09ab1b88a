//! A folder that becomes an archive, with the modes that files have there.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;
use walkdir::WalkDir;

use super::Release;
use super::tools::succeed;
use crate::programs::target_folder;

/// Mode of what anyone may read.
pub(super) const FILE: u32 = 0o644;
/// Mode of what anyone may run, and of folders.
pub(super) const PROGRAM: u32 = 0o755;

/// A folder that is being filled.
pub(super) struct Tree {
    root: PathBuf,
}

impl Tree {
    /// An empty one.
    pub(super) fn new(root: &Path) -> anyhow::Result<Self> {
        if root.exists() {
            fs::remove_dir_all(root)?;
        }
        fs::create_dir_all(root)?;
        set_mode(root, PROGRAM)?;
        let root = root.to_owned();
        Ok(Self { root })
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// A folder, and those above it.
    pub(super) fn folder(&self, path: &str, mode: u32) -> anyhow::Result<()> {
        let mut folder = self.root.clone();
        for part in Path::new(path) {
            folder.push(part);
            if !folder.exists() {
                fs::create_dir(&folder)?;
                set_mode(&folder, PROGRAM)?;
            }
        }
        set_mode(&folder, mode)
    }

    pub(super) fn text(&self, path: &str, content: &str, mode: u32) -> anyhow::Result<()> {
        let file = self.place(path)?;
        fs::write(&file, content)?;
        set_mode(&file, mode)
    }

    pub(super) fn copy(&self, from: &Path, path: &str, mode: u32) -> anyhow::Result<()> {
        let file = self.place(path)?;
        fs::copy(from, &file).with_context(|| from.display().to_string())?;
        set_mode(&file, mode)
    }

    /// A program that [`super::tools::cargo_build`] has built.
    pub(super) fn built(&self, release: &Release, name: &str, path: &str) -> anyhow::Result<()> {
        let profile = if release.quick { "debug" } else { "release" };
        let program = target_folder()?.join(profile).join(name);
        self.copy(&program, path, PROGRAM)?;
        if release.quick {
            // An unoptimised program is large by what only a debugger reads.
            succeed(Command::new("strip").arg(self.root.join(path)))?;
        }
        Ok(())
    }

    pub(super) fn link(&self, path: &str, target: &str) -> anyhow::Result<()> {
        Ok(symlink(target, self.place(path)?)?)
    }

    /// Every file, without links, by its path in the tree, sorted.
    pub(super) fn files(&self) -> anyhow::Result<Vec<String>> {
        let mut files = Vec::new();
        for entry in WalkDir::new(&self.root).sort_by_file_name() {
            let entry = entry?;
            if entry.file_type().is_file() {
                let path = entry.path().strip_prefix(&self.root)?;
                files.push(path.to_str().context("a path is no text")?.to_owned());
            }
        }
        Ok(files)
    }

    fn place(&self, path: &str) -> anyhow::Result<PathBuf> {
        if let Some((folder, _)) = path.rsplit_once('/')
            && !self.root.join(folder).exists()
        {
            self.folder(folder, PROGRAM)?;
        }
        Ok(self.root.join(path))
    }
}

fn set_mode(path: &Path, mode: u32) -> anyhow::Result<()> {
    Ok(fs::set_permissions(path, fs::Permissions::from_mode(mode))?)
}
