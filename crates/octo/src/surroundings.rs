//! The one place that reads the environment and the terminal.

use std::ffi::OsString;
use std::io::{self, IsTerminal, Read};
use std::path::PathBuf;

use console::Term;
use jiff::ZonedDateTime;

use crate::client::ApiKey;

mod prompt;

/// What a run finds around itself.
#[derive(Debug)]
pub struct Surroundings {
    /// `OCTOPUS_URL`.
    pub(crate) server: Option<String>,
    /// `OCTOPUS_API_KEY`.
    pub(crate) api_key: Option<ApiKey>,
    /// `OCTOPUS_ACCESS_TOKEN`.
    pub(crate) access_token: Option<ApiKey>,
    /// `OCTOPUS_SPACE`.
    pub(crate) space: Option<String>,
    /// Where `login` saves; `None` when no home folder is known.
    pub(crate) config_file: Option<PathBuf>,
    /// A person can be asked: standard input and error are terminals, and `CI` is not set.
    pub(crate) interactive: bool,
    /// Nothing is piped in.
    pub(crate) input_is_terminal: bool,
    /// Progress bars make sense.
    pub(crate) error_is_terminal: bool,
    /// Columns of the terminal that results go to; `None` when they do not go to one.
    pub(crate) width: Option<u16>,
    /// Results may be coloured (a terminal, and no `NO_COLOR`).
    pub(crate) color_out: bool,
    /// The same for progress and errors.
    pub(crate) color_err: bool,
    /// When the run began, in the zone in which times are shown.
    pub(crate) now: ZonedDateTime,
}

impl Surroundings {
    /// Those of this process.
    pub fn of_this_process() -> Self {
        let input_is_terminal = io::stdin().is_terminal();
        let error_is_terminal = io::stderr().is_terminal();
        Self {
            server: text("OCTOPUS_URL"),
            api_key: text("OCTOPUS_API_KEY").map(|key| ApiKey::new(&key)),
            access_token: text("OCTOPUS_ACCESS_TOKEN").map(|token| ApiKey::new(&token)),
            space: text("OCTOPUS_SPACE"),
            config_file: config_file(),
            interactive: input_is_terminal && error_is_terminal && !continuous_integration(),
            input_is_terminal,
            error_is_terminal,
            width: Term::stdout().size_checked().map(|(_, columns)| columns),
            color_out: console::colors_enabled(),
            color_err: console::colors_enabled_stderr(),
            now: ZonedDateTime::now(),
        }
    }

    /// Everything that is piped in.
    pub(crate) fn read_input(&self) -> io::Result<String> {
        let mut text = String::new();
        io::stdin().lock().read_to_string(&mut text)?;
        Ok(text)
    }

    /// The same, of any encoding.
    pub(crate) fn read_input_bytes(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

fn text(name: &str) -> Option<String> {
    let value = variable(name)?.to_string_lossy().trim().to_owned();
    (!value.is_empty()).then_some(value)
}

fn continuous_integration() -> bool {
    text("CI").is_some_and(|value| !value.eq_ignore_ascii_case("false"))
}

fn config_file() -> Option<PathBuf> {
    if let Some(path) = variable("OCTO_CONFIG") {
        return Some(path.into());
    }
    // The XDG base directory rules: a relative path is invalid and passed over.
    let folder = if cfg!(windows) {
        variable("APPDATA").map(PathBuf::from)
    } else {
        variable("XDG_CONFIG_HOME")
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
            .or_else(|| variable("HOME").map(|home| PathBuf::from(home).join(".config")))
    };
    folder.map(|folder| folder.join("octopus").join("octo.json"))
}
