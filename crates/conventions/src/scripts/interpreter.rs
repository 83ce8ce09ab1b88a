//! Which program runs a script, and whether this machine has it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::ScriptError;

/// The languages of scripts, in the order in which one is chosen where a package
/// has the same script in several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    /// `.sh`
    Shell,
    /// `.py`
    Python,
    /// `.ps1`
    PowerShell,
    /// `.cmd` and `.bat`
    Batch,
    /// `.csx`
    CSharp,
    /// `.fsx`
    FSharp,
}

impl Language {
    /// The language of a file, by its extension; `None` for what is no script.
    pub fn of(file: &Path) -> Option<Self> {
        Some(
            match file.extension()?.to_str()?.to_ascii_lowercase().as_str() {
                "sh" => Self::Shell,
                "py" => Self::Python,
                "ps1" => Self::PowerShell,
                "cmd" | "bat" => Self::Batch,
                "csx" => Self::CSharp,
                "fsx" => Self::FSharp,
                _ => return None,
            },
        )
    }

    /// The programs that can run it, best first; empty where Tentacle cannot offer
    /// the variables and helper functions in that language.
    fn programs(self) -> &'static [&'static str] {
        match self {
            Self::Shell => &["bash", "sh"],
            Self::Python if cfg!(windows) => &["python3", "python"],
            Self::Python => &["python3"],
            Self::Batch if cfg!(windows) => &["cmd"],
            Self::PowerShell | Self::Batch | Self::CSharp | Self::FSharp => &[],
        }
    }

    /// Finds the interpreter in the folders of `search_path`, the value of `PATH`.
    ///
    /// # Errors
    /// Says what to install, or which languages to use instead.
    pub(super) fn interpreter(
        self,
        script: &Path,
        search_path: Option<OsString>,
    ) -> Result<PathBuf, ScriptError> {
        let programs = self.programs();
        if programs.is_empty() {
            return Err(ScriptError::Unsupported {
                script: script.to_owned(),
                language: self,
            });
        }
        let search_path = search_path.unwrap_or_else(|| "/usr/local/bin:/usr/bin:/bin".into());
        programs
            .iter()
            .find_map(|program| find(program, &search_path))
            .ok_or_else(|| ScriptError::NoInterpreter {
                script: script.to_owned(),
                programs: programs.join(" or "),
                search_path: search_path.to_string_lossy().into_owned(),
            })
    }
}

/// The first executable file of that name.
fn find(program: &str, search_path: &OsString) -> Option<PathBuf> {
    let name = format!("{program}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(search_path)
        // A relative folder would mean the package's own.
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(&name))
        .find(|file| is_executable(file))
}

#[cfg(unix)]
fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata()
        .is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(file: &Path) -> bool {
    file.is_file()
}
