//! A script that is given as text, without a package.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use variables::VariableSet;

use super::{CancelToken, End, MaskedLog, OutputVariable, Script, run, timeout, values};

/// A script and what it runs with.
#[derive(Debug, Clone, Copy)]
pub struct Inline<'a> {
    /// The step's name in the log.
    pub step: &'a str,
    /// The script itself; may hold variables.
    pub body: &'a str,
    /// `Bash`, `Python` or `PowerShell`; Bash when empty.
    pub syntax: &'a str,
    /// What `get_octopusvariable` gives.
    pub variables: &'a VariableSet,
    /// Nobody else's; removed at the end, with what the script has left there.
    pub folder: &'a Path,
    /// Variables of this program's environment that it does not get.
    pub hidden: &'a [&'a str],
}

/// Why a script has not done its work. The words have their secrets masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InlineError {
    /// What was wrong and what to do.
    Failed(String),
    /// The work was cancelled.
    Cancelled,
}

/// Runs it to its end; gives the sentence that sums it up, and what it has set for later steps.
///
/// # Errors
/// See [`InlineError`].
pub fn run_inline(
    script: &Inline<'_>,
    log: &MaskedLog<'_>,
    cancel: &CancelToken,
) -> Result<(String, Vec<OutputVariable>), InlineError> {
    let outcome = write(script).and_then(|file| perform(script, &file, log, cancel));
    // It may hold secrets.
    let _gone = fs::remove_dir_all(script.folder);
    outcome
}

fn write(script: &Inline<'_>) -> Result<PathBuf, InlineError> {
    let syntax = script.syntax;
    let extension = match syntax.to_lowercase().as_str() {
        "" | "bash" => "sh",
        "python" => "py",
        "powershell" => "ps1",
        _ => {
            let text = format!("scripts in {syntax} are not run here; write it in Bash or Python");
            return Err(InlineError::Failed(text));
        }
    };
    // Windows PowerShell takes a file without a byte order mark for one of the machine's code page.
    let mark = if extension == "ps1" { "\u{FEFF}" } else { "" };
    let body = format!("{mark}{}", script.variables.evaluate(script.body).text);
    let file = script.folder.join(format!("script.{extension}"));
    let written =
        fs::create_dir_all(script.folder.join("work")).and_then(|()| fs::write(&file, body));
    written.map_err(|error| {
        let file = file.display();
        InlineError::Failed(format!(
            "{file} can't be written: {error}; look at the disk's space"
        ))
    })?;
    Ok(file)
}

fn perform(
    script: &Inline<'_>,
    file: &Path,
    log: &MaskedLog<'_>,
    cancel: &CancelToken,
) -> Result<(String, Vec<OutputVariable>), InlineError> {
    let Inline {
        step,
        variables,
        folder,
        hidden,
        ..
    } = *script;
    let values = values(variables, log, step);
    let timeout = timeout(variables).map_err(|error| failed(&error))?;
    let whole = Script {
        file,
        directory: &folder.join("work"),
        work_folder: folder,
        variables: &values,
        timeout,
        step,
        hidden,
    };
    let report = run(&whole, log, cancel).map_err(|error| failed(&error))?;
    log.keep(step, &report.artifacts);
    let strict = variables.is_truthy("Octopus.Action.FailScriptOnErrorOutput");
    let said = report.result_message.as_ref().map(|it| log.mask(it));
    if let Some(how) = report.complaint(strict.unwrap_or(false), timeout) {
        let said = said.map_or_else(String::new, |it| format!(", and says: {it}"));
        return Err(InlineError::Failed(format!("the script {how}{said}")));
    }
    match report.end {
        End::Cancelled => Err(InlineError::Cancelled),
        _ => Ok((
            said.unwrap_or_else(|| "The script has run.".to_owned()),
            report.variables,
        )),
    }
}

fn failed(error: &(dyn Error + 'static)) -> InlineError {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    InlineError::Failed(text)
}
