//! The files of an installation: finding and changing them.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};
use layout::install::Writes;
use transforms::encoding::{Decoded, decode};
use transforms::{Outcome, TransformError};
use walkdir::WalkDir;

use super::deployment::Deployment;
use super::durable;
use super::failure::Failure;
use crate::scripts::Level;

/// Patterns of file names that a variable gives, separated by commas or line breaks.
/// `*` stays within a folder, `**` does not; case does not matter.
pub(super) struct Patterns(Vec<(String, GlobMatcher)>);

impl Patterns {
    pub(super) fn of(deployment: &Deployment<'_>, name: &'static str) -> Result<Self, Failure> {
        let compile = |pattern: String| {
            // As people write them on Windows, and from the folder itself.
            let plain = pattern.replace('\\', "/");
            let glob = GlobBuilder::new(plain.trim_start_matches("./").trim_start_matches('/'))
                .literal_separator(true)
                .case_insensitive(true)
                .build();
            match glob {
                Ok(glob) => Ok((pattern, glob.compile_matcher())),
                Err(source) => Err(Failure::Pattern {
                    name,
                    pattern,
                    source,
                }),
            }
        };
        deployment
            .list(name)?
            .into_iter()
            .map(compile)
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Whether any pattern matches a path relative to the folder that they count from.
    pub(super) fn matches(&self, path: &Path) -> bool {
        self.0.iter().any(|(_, glob)| glob.is_match(path))
    }

    /// Those of `files` that a pattern matches. Warns of each pattern that matches none.
    pub(super) fn select(&self, files: &[PathBuf], deployment: &Deployment<'_>) -> Vec<PathBuf> {
        for (pattern, glob) in &self.0 {
            if !files.iter().any(|file| glob.is_match(file)) {
                deployment.say(
                    Level::Warning,
                    &format!("No file matches the pattern \"{pattern}\"."),
                );
            }
        }
        files
            .iter()
            .filter(|file| self.matches(file))
            .cloned()
            .collect()
    }
}

/// All files below a folder, relative to it, sorted. Links are not followed, and are no files.
pub(super) fn all(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry = entry.map_err(|error| walk_failure(folder, error))?;
        if entry.file_type().is_file()
            && let Ok(path) = entry.path().strip_prefix(folder)
        {
            files.push(path.to_owned());
        }
    }
    Ok(files)
}

pub(super) fn walk_failure(folder: &Path, error: walkdir::Error) -> Failure {
    let path = error.path().unwrap_or(folder).to_owned();
    Failure::File {
        path,
        action: "read",
        source: error.into(),
    }
}

/// Puts variables into a file, given relative to `folder`, and logs which.
pub(super) fn configure(
    deployment: &Deployment<'_>,
    folder: &Path,
    file: &Path,
    transform: impl FnOnce(&str) -> Result<Outcome, TransformError>,
) -> Result<(), Failure> {
    deployment.check_cancelled()?;
    let mut replaced = Vec::new();
    let path = folder.join(file);
    change_text(&path, |text| {
        let outcome = transform(text).map_err(Failure::transform(&path))?;
        replaced = outcome.replaced;
        Ok(outcome.text)
    })?;
    let replaced = match replaced.is_empty() {
        true => "no variable has a place in it".to_owned(),
        false => replaced.join(", "),
    };
    let line = format!("{}: {replaced}", file.display());
    deployment.say(Level::Verbose, &line);
    Ok(())
}

/// The text of a file, in whatever encoding it is stored.
pub(super) fn read_text(path: &Path) -> Result<Decoded, Failure> {
    let bytes = fs::read(path).map_err(Failure::file(path, "read"))?;
    decode(&bytes).map_err(Failure::encoding(path))
}

/// Changes the text of a file in its own encoding; `true` if it is another one now.
pub(super) fn change_text(
    path: &Path,
    change: impl FnOnce(&str) -> Result<String, Failure>,
) -> Result<bool, Failure> {
    let decoded = read_text(path)?;
    let text = change(&decoded.text)?;
    if text == decoded.text {
        return Ok(false);
    }
    let bytes = decoded.encode(&text).map_err(Failure::encoding(path))?;
    replace(path, |file| file.write_all(&bytes)).map_err(Failure::file(path, "written"))?;
    Ok(true)
}

/// Replaces a file as a whole and keeps its mode. A program that runs from it goes on with the old one.
pub(super) fn replace(
    path: &Path,
    fill: impl FnOnce(&mut File) -> io::Result<()>,
) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".octopus-new");
    let temporary = path.with_file_name(name);
    let permissions = match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_file() => Some(metadata.permissions()),
        _ => None,
    };
    let replaced = File::create(&temporary).and_then(|mut file| {
        fill(&mut file)?;
        if let Some(permissions) = permissions {
            file.set_permissions(permissions)?;
        }
        if durable::UNPACKING == Writes::Durable {
            file.sync_all()?;
        }
        layout::rename(&temporary, path)
    });
    if replaced.is_err() {
        // The first error is the one to tell.
        let _ = fs::remove_file(&temporary);
    }
    replaced
}

/// Writes a new file that only its owner may read.
pub(super) fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(bytes)
}
