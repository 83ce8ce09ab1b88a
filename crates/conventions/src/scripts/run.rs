//! Runs one script file.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use thiserror::Error;

use super::bootstrap::Bootstrap;
use super::output::Output;
use super::process::{self, Ended};
use super::{Artifact, CancelToken, Language, Level, MaskedLog, OutputVariable};

/// A script and what it runs with.
#[derive(Debug, Clone, Copy)]
pub struct Script<'a> {
    /// The file, an absolute path.
    pub file: &'a Path,
    /// Where it runs, an absolute path.
    pub directory: &'a Path,
    /// Where its helper files are kept while it runs. Nobody else's; cleared by its owner at start.
    pub work_folder: &'a Path,
    /// What `get_octopusvariable` gives: names and values, evaluated.
    pub variables: &'a [(String, String)],
    /// After this time it is ended with all that it started.
    pub timeout: Option<Duration>,
    /// The step's name in the log.
    pub step: &'a str,
    /// Variables of this program's environment that it does not get.
    pub hidden: &'a [&'a str],
}

/// How a script ended and what it asked for.
#[derive(Debug)]
pub struct Report {
    /// How it ended.
    pub end: End,
    /// Its output variables, in order; a name may come again.
    pub variables: Vec<OutputVariable>,
    /// Files to keep.
    pub artifacts: Vec<Artifact>,
    /// The sentence that sums it up, if it gave one. Not masked.
    pub result_message: Option<String>,
    /// Whether it wrote anything to standard error while that counted as an error.
    pub wrote_errors: bool,
}

impl Report {
    /// What was wrong with its end; `None` where it ended well, or was cancelled.
    pub fn complaint(&self, strict: bool, timeout: Option<Duration>) -> Option<String> {
        match self.end {
            End::Code(0) if strict && self.wrote_errors => {
                Some("wrote to standard error, which the step does not allow".to_owned())
            }
            End::Code(0) | End::Cancelled => None,
            End::Code(code) => Some(format!("ended with exit code {code}")),
            End::Signal(signal) => Some(format!("was ended by signal {signal}")),
            End::TimedOut => Some(format!(
                "took longer than the {} s that Octopus.Action.Script.Timeout allows",
                timeout.unwrap_or_default().as_secs_f64()
            )),
        }
    }
}

/// How a script ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// By itself, with this exit code.
    Code(i32),
    /// By this signal, which did not come from here.
    Signal(i32),
    /// Ended because it took longer than it may.
    TimedOut,
    /// Ended because the work was cancelled.
    Cancelled,
}

/// Why a script could not be run.
#[derive(Debug, Error)]
pub enum ScriptError {
    /// The machine lacks the program that runs such scripts.
    #[error(
        "{} cannot be run: there is no {programs} in the PATH of Tentacle ({search_path}); install it, or give the script in another language",
        .script.display()
    )]
    NoInterpreter {
        /// The script.
        script: PathBuf,
        /// Programs that would do.
        programs: String,
        /// Where was looked.
        search_path: String,
    },
    /// Scripts of that language do not run on this system.
    #[error(
        "{} cannot be run: Tentacle runs no {language:?} scripts on this system; give it as a shell script (.sh), in Python (.py) or in PowerShell (.ps1)",
        .script.display()
    )]
    Unsupported {
        /// The script.
        script: PathBuf,
        /// Its language.
        language: Language,
    },
    /// Its helper files could not be written.
    #[error(
        "the helper files of {} could not be written to {}; check free space and permissions there",
        .script.display(),
        .work_folder.display()
    )]
    Prepare {
        /// The script.
        script: PathBuf,
        /// Where its helper files go.
        work_folder: PathBuf,
        /// What went wrong.
        source: io::Error,
    },
    /// It could not be started, or its output could not be read.
    #[error("{} could not be run by {}", .script.display(), .interpreter.display())]
    Run {
        /// The script.
        script: PathBuf,
        /// The program that was to run it.
        interpreter: PathBuf,
        /// What went wrong.
        source: io::Error,
    },
}

/// Runs `script` to its end. Its output goes to `log` as it comes.
///
/// # Errors
/// See [`ScriptError`]. A script that ran and failed is no error here, see [`Report::end`].
pub fn run(
    script: &Script<'_>,
    log: &MaskedLog<'_>,
    cancel: &CancelToken,
) -> Result<Report, ScriptError> {
    let language = Language::of(script.file).unwrap_or(Language::Shell);
    let interpreter = language.interpreter(script.file, std::env::var_os("PATH"))?;
    let prepare = |source| ScriptError::Prepare {
        script: script.file.to_owned(),
        work_folder: script.work_folder.to_owned(),
        source,
    };
    let bootstrap = Bootstrap::new(script.work_folder).map_err(prepare)?;
    let mut command = bootstrap
        .command(language, &interpreter, script.file, script.variables)
        .map_err(prepare)?;
    command.current_dir(script.directory);
    for name in script.hidden {
        command.env_remove(name);
    }

    let mut output = Output::new(log, script);
    let ended = process::run(command, script.timeout, cancel, &mut |stream, bytes| {
        output.feed(stream, bytes)
    });
    let heard = output.finish();
    let ended = ended.map_err(|source| ScriptError::Run {
        script: script.file.to_owned(),
        interpreter,
        source,
    })?;
    if let Ended::Exited {
        left_behind: true, ..
    } = ended
    {
        let text = "The script ended, but a process that it started holds its output open, and goes on. \
            What that writes from here on is lost, and may end it: redirect its output, as with >/dev/null 2>&1.";
        log.line(Level::Warning, script.step, text);
    }
    Ok(Report {
        end: end(&ended),
        variables: heard.variables,
        artifacts: heard.artifacts,
        result_message: heard.result_message,
        wrote_errors: heard.errors,
    })
}

fn end(ended: &Ended) -> End {
    match ended {
        Ended::TimedOut => End::TimedOut,
        Ended::Cancelled => End::Cancelled,
        Ended::Exited { status, .. } => match status.code() {
            Some(code) => End::Code(code),
            None => End::Signal(signal(*status)),
        },
    }
}

#[cfg(unix)]
fn signal(status: std::process::ExitStatus) -> i32 {
    std::os::unix::process::ExitStatusExt::signal(&status).unwrap_or_default()
}

#[cfg(not(unix))]
fn signal(_: std::process::ExitStatus) -> i32 {
    0
}
