//! Which program runs a script, and whether this machine has it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::ScriptError;

/// What decides about interpreters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Platform {
    Unix,
    Windows,
}

impl Platform {
    /// That of this machine.
    pub(super) const HERE: Self = if cfg!(windows) {
        Self::Windows
    } else {
        Self::Unix
    };
}

/// The languages of scripts.
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

    /// Where a package has the same script in several languages, the one with the lowest number
    /// runs: on each system the one that is at home there.
    pub fn rank(self) -> u8 {
        self.rank_on(Platform::HERE)
    }

    fn rank_on(self, platform: Platform) -> u8 {
        match (self, platform) {
            (Self::PowerShell, Platform::Windows) => 0,
            (Self::Batch, Platform::Windows) => 1,
            (Self::Shell, _) => 2,
            (Self::Python, _) => 3,
            (Self::PowerShell, Platform::Unix) => 4,
            (Self::Batch, Platform::Unix) => 5,
            (Self::CSharp, _) => 6,
            (Self::FSharp, _) => 7,
        }
    }

    /// The programs that can run it, best first; empty where Tentacle runs no such scripts.
    fn programs(self, platform: Platform) -> &'static [&'static str] {
        match (self, platform) {
            (Self::Shell, _) => &["bash", "sh"],
            (Self::Python, Platform::Unix) => &["python3"],
            (Self::Python, Platform::Windows) => &["python3", "python"],
            (Self::PowerShell, Platform::Unix) => &["pwsh"],
            (Self::PowerShell, Platform::Windows) => &["powershell", "pwsh"],
            (Self::Batch, Platform::Windows) => &["cmd"],
            (Self::Batch, Platform::Unix) | (Self::CSharp | Self::FSharp, _) => &[],
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
        let programs = self.programs(Platform::HERE);
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

#[cfg(test)]
mod tests {
    use super::{Language, Platform};

    #[test]
    fn languages_by_platform_with_their_programs_best_first() {
        let shown = |platform| {
            let mut all = [
                Language::Shell,
                Language::Python,
                Language::PowerShell,
                Language::Batch,
                Language::CSharp,
                Language::FSharp,
            ];
            all.sort_by_key(|language| language.rank_on(platform));
            let shown = all.map(|language| {
                let programs = language.programs(platform).join(" ");
                format!("{language:?}: {programs}")
            });
            shown.join(", ")
        };
        assert_eq!(
            shown(Platform::Unix),
            "Shell: bash sh, Python: python3, PowerShell: pwsh, Batch: , CSharp: , FSharp: "
        );
        assert_eq!(
            shown(Platform::Windows),
            "PowerShell: powershell pwsh, Batch: cmd, Shell: bash sh, Python: python3 python, CSharp: , FSharp: "
        );
    }
}
