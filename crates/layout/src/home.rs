//! Where things lie: one HOME per Tentacle instance.

#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use nupkg::NuGetVersion;

use crate::again::look;
use crate::names::names_in;
use crate::stamp::Stamp;

/// Runtime identifier of the packages that this build installs and runs.
pub const RID: &str = if cfg!(windows) {
    "win-x64"
} else {
    "linux-x64"
};

pub(crate) const PROGRAM: &str = if cfg!(windows) {
    "Tentacle.exe"
} else {
    "tentacle"
};
const STAGING: &str = ".staging-";

/// The folder of one Tentacle instance, and every path of the contract in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    root: PathBuf,
}

/// A version that can be started: its folder is published and has the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installed {
    /// The version, as its folder is named.
    pub version: NuGetVersion,
    /// Which install of that version it is.
    pub stamp: Stamp,
}

/// The installer's package in `bundle/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    /// Its version, by the file's name.
    pub version: NuGetVersion,
    /// The package.
    pub path: PathBuf,
}

/// A pin that says nothing.
#[derive(Debug, thiserror::Error)]
pub enum PinError {
    /// The file is there and cannot be read.
    #[error(
        "the file {path} cannot be read: make it readable, or remove it to run the newest version"
    )]
    Unreadable {
        /// The pin's path.
        path: PathBuf,
        /// What the file system said.
        source: io::Error,
    },
    /// Its content is no version.
    #[error(
        "the file {path} says `{text}`, which is not a version: write one such as 1.2.0, or remove the file to run the newest"
    )]
    NotAVersion {
        /// The pin's path.
        path: PathBuf,
        /// The start of the content.
        text: String,
    },
}

impl Home {
    /// Names the HOME; nothing is read or written.
    pub fn new(root: impl Into<PathBuf>) -> Home {
        Home { root: root.into() }
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The installer's packages.
    pub fn bundle_folder(&self) -> PathBuf {
        self.root.join("bundle")
    }

    /// The installed versions, a folder each.
    pub fn versions(&self) -> PathBuf {
        self.root.join("versions")
    }

    /// The folder of one version. It exists whole or not at all.
    pub fn version_folder(&self, version: &NuGetVersion) -> PathBuf {
        self.versions().join(folder_name(version))
    }

    /// The program of one version.
    pub fn program(&self, version: &NuGetVersion) -> PathBuf {
        self.version_folder(version).join(PROGRAM)
    }

    /// The ledger. Suction Cup alone writes it.
    pub fn ledger(&self) -> PathBuf {
        self.root.join("ledger")
    }

    /// The operator's pin.
    pub fn pin(&self) -> PathBuf {
        self.root.join("pin")
    }

    /// Tentacle's configuration.
    pub fn config(&self) -> PathBuf {
        self.root.join("config")
    }

    /// What belongs to the run at hand.
    pub fn run(&self) -> PathBuf {
        self.root.join("run")
    }

    /// The health marker of the running Tentacle.
    pub fn marker(&self) -> PathBuf {
        self.run().join("healthy")
    }

    /// The log files, each bounded by its writer.
    pub fn log(&self) -> PathBuf {
        self.root.join("log")
    }

    /// Suction Cup's changes of state, oldest first. Earlier ones may be in the same name with `.1`.
    pub fn supervisor_log(&self) -> PathBuf {
        self.log().join("suction-cup.log")
    }

    /// What Tentacle prints. Earlier lines may be in the same name with `.1`.
    pub fn tentacle_log(&self) -> PathBuf {
        self.log().join("tentacle.log")
    }

    /// The last lines of the run for which a version was marked bad.
    pub fn failed_run(&self, version: &NuGetVersion) -> PathBuf {
        self.log()
            .join(format!("failed-{}.txt", folder_name(version)))
    }

    /// Packages that Tentacle received.
    pub fn packages(&self) -> PathBuf {
        self.root.join("packages")
    }

    /// Tentacle's tickets.
    pub fn work(&self) -> PathBuf {
        self.root.join("work")
    }

    /// Where Tentacle installs applications.
    pub fn applications(&self) -> PathBuf {
        self.root.join("Applications")
    }

    /// The versions that can be started, newest first. Staging folders, names that are
    /// no normalised version, and folders without the program are left out; a `versions/`
    /// that cannot be read is the same as an empty one.
    pub fn installed(&self) -> Vec<Installed> {
        let mut found: Vec<Installed> = names_in(&self.versions())
            .into_iter()
            .filter_map(|name| {
                let version: NuGetVersion = name.parse().ok()?;
                // Another spelling of a version would not be found again by its folder.
                let program = self.program(&version);
                let is_file = || look(|| fs::metadata(&program)).is_ok_and(|it| it.is_file());
                let startable = folder_name(&version) == name && is_file();
                startable.then(|| Installed {
                    stamp: Stamp::of_folder(&self.version_folder(&version)),
                    version,
                })
            })
            .collect();
        found.sort_by(|a, b| b.version.cmp(&a.version));
        found
    }

    /// The newest of the installer's packages for this runtime identifier.
    pub fn bundle(&self) -> Option<Bundle> {
        let (prefix, suffix) = (format!("Octopus.Tentacle.{RID}."), ".nupkg");
        names_in(&self.bundle_folder())
            .into_iter()
            .filter_map(|name| {
                let version = name
                    .strip_prefix(&prefix)?
                    .strip_suffix(suffix)?
                    .parse()
                    .ok()?;
                Some(Bundle {
                    version,
                    path: self.bundle_folder().join(name),
                })
            })
            .min_by_key(|bundle| Reverse(bundle.version.clone()))
    }

    /// The version that the operator pinned, if any.
    ///
    /// # Errors
    /// [`PinError`] when there is a pin that says no version.
    pub fn read_pin(&self) -> Result<Option<NuGetVersion>, PinError> {
        let path = self.pin();
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(PinError::Unreadable { path, source }),
        };
        let text = text.trim();
        text.parse().map(Some).map_err(|_| PinError::NotAVersion {
            path,
            text: text.chars().take(40).collect(),
        })
    }

    /// Removes what a broken off install left behind. Only while nothing installs here.
    ///
    /// # Errors
    /// The first of the file system's; the others are removed all the same.
    pub fn clean_staging(&self) -> io::Result<()> {
        let mut result = Ok(());
        let names = names_in(&self.versions()).into_iter();
        for name in names.filter(|name| is_staging_name(name)) {
            result = result.and(fs::remove_dir_all(self.versions().join(name)));
        }
        result
    }

    /// A name in `versions/` that nothing looks at, `what` telling it from others.
    pub(crate) fn staging(&self, what: &str) -> PathBuf {
        self.versions().join(format!("{STAGING}{what}"))
    }
}

/// Equal versions have one name: normalised, and in lower case as in NuGet's own folders.
fn folder_name(version: &NuGetVersion) -> String {
    version.to_string().to_lowercase()
}

/// Whether an entry of `versions/` is unfinished, never to be looked at.
pub fn is_staging_name(name: &str) -> bool {
    name.starts_with(STAGING)
}
