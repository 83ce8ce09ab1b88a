//! `octo package deploy-local`.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use api::{LogCategory, TaskLogEntry};
use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueHint};
use conventions::{Artifact, CancelToken, DeployRequest, Level, Log, Machine, deploy};
use jiff::Timestamp;

use super::open::open;
use crate::error::Error;
use crate::files::failed;
use crate::output::Output;
use crate::session::Session;
use crate::text::Input;
use crate::variable_file;

/// Installs a package on this machine as Tentacle would, without a server, and prints the log.
///
/// All conventions run, the package's scripts too. What is configured is said by variables, such
/// as Octopus.Action.SubstituteInFiles.TargetFiles.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo package deploy-local Acme.Web.1.2.0.nupkg --home /tmp/try
  octo package deploy-local Acme.Web.1.2.0.nupkg --variables vars.json --environment Staging --home /tmp/try
  octo package deploy-local Acme.Web.1.2.0.zip --variables vars.json --home /tmp/try -f json | jq -r .MessageText")]
pub(crate) struct Arguments {
    /// The package file.
    #[arg(value_hint = ValueHint::FilePath)]
    file: PathBuf,
    /// JSON file of variables; - is standard input.
    #[arg(long, value_name = "VARS.json", value_hint = ValueHint::FilePath)]
    variables: Option<Input>,
    /// The folder for Applications and the journal of deployments; made when it is not there.
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath, value_parser = NonEmptyStringValueParser::new())]
    home: Option<String>,
    #[command(flatten)]
    wanted: variable_file::For,
}

/// Installs it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let home = session.required(arguments.home, "--home", "Folder to install in")?;
    let home = std::path::absolute(&home).map_err(failed("found", Path::new(&home)))?;
    let file = &arguments.file;
    let package = open(file)?;
    let (Some(id), Some(version)) = (package.id, package.version) else {
        return Err(Error::Files {
            message: format!("{} does not tell its id and version.", file.display()),
            hint: "Name it Id.1.2.3.zip, or pack it with octo package nuget create.",
        });
    };
    let environment = arguments.wanted.environment().map(str::to_owned);
    let machine = arguments.wanted.machine().unwrap_or("localhost").to_owned();
    let variables = variable_file::read(arguments.variables.as_ref(), arguments.wanted, session)?;
    let known = || variables.get("Octopus.Environment.Name").ok().flatten();
    let environment = environment
        .or_else(known)
        .unwrap_or_else(|| "Local".to_owned());

    let _alone = claim(&home)?;
    let request = DeployRequest {
        ticket: format!("local-{}", Timestamp::now().as_millisecond()),
        package_file: std::path::absolute(file).map_err(failed("found", file))?,
        package_id: id.clone(),
        version: version.clone(),
        environment,
        applications: home.join("Applications"),
        journal: home.join("deployments.jsonl"),
        work_folder: home.join("work"),
        variables,
        machine: Machine::here(machine),
    };
    let cancel = CancelToken::new();
    let token = cancel.clone();
    // Scripts run in groups of their own, so that Ctrl+C does not reach them by itself. Where a
    // handler can't be set, the key ends octo as ever.
    let _as_ever = ctrlc::set_handler(move || token.cancel());
    let log = Printed {
        output: &session.output,
        lines: AtomicU64::new(0),
    };
    match deploy(&request, &log, &cancel) {
        Ok(outcome) => {
            session.output.note(&outcome.result_message);
            Ok(())
        }
        Err(source) => Err(Error::Deploy {
            id,
            version,
            source,
        }),
    }
}

/// Makes sure that the folder is there and that no one else installs in it meanwhile.
fn claim(home: &Path) -> Result<File, Error> {
    if home.join("versions").exists() || home.join("config").join("tentacle.json").exists() {
        return Err(Error::Files {
            message: format!("{} is the home of a Tentacle.", home.display()),
            hint: "Give a folder of its own with --home; deploy to the Tentacle with octo package deploy.",
        });
    }
    fs::create_dir_all(home).map_err(failed("created", home))?;
    let path = home.join("lock");
    let lock = File::create(&path).map_err(failed("written", &path))?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            return Err(Error::Files {
                message: format!("Another octo installs in {} just now.", home.display()),
                hint: "Wait until it is through, or give another folder with --home.",
            });
        }
        Err(TryLockError::Error(error)) => return Err(failed("locked", &path)(error)),
    }
    // Files of scripts that were killed; they may hold secrets.
    let work = home.join("work");
    match fs::remove_dir_all(&work) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(failed("emptied", &work)(error))
        }
        _ => Ok(lock),
    }
}

/// Prints the log as the result of the command.
struct Printed<'a> {
    output: &'a Output,
    lines: AtomicU64,
}

impl Log for Printed<'_> {
    fn line(&self, level: Level, step: &str, text: &str) {
        let entry = TaskLogEntry {
            sequence: self.lines.fetch_add(1, Ordering::Relaxed) + 1,
            category: match level {
                Level::Verbose => LogCategory::Verbose,
                Level::Info => LogCategory::Info,
                Level::Highlight => LogCategory::Highlight,
                Level::Wait => LogCategory::Wait,
                Level::Warning => LogCategory::Warning,
                Level::Error => LogCategory::Error,
            },
            occurred_at: Timestamp::now().to_string(),
            message_text: text.to_owned(),
            machine: None,
            step: Some(step.to_owned()),
        };
        // Who reads the log may have gone; the deployment goes on.
        let _gone = self.output.log_result(&entry);
    }

    fn progress(&self, step: &str, percentage: u8, message: &str) {
        let text = format!("{percentage} % {message}");
        self.line(Level::Verbose, step, text.trim_end());
    }

    /// It stays where it is.
    fn keep(&self, artifact: &Artifact) -> io::Result<()> {
        let text = format!("Artifact {}: {}", artifact.name, artifact.path.display());
        self.line(Level::Info, "Artifact", &text);
        Ok(())
    }
}
