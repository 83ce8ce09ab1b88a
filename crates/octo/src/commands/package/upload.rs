//! `octo package upload`.

use std::fs::File;
use std::io::Seek;
use std::path::{Path, PathBuf};

use api::Package;
use clap::{ArgAction, Args, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;

use crate::client::{Client, ClientError, OverwriteMode, Uploaded};
use crate::error::Error;
use crate::files;
use crate::output::{Cell, Format, Tone, size};
use crate::session::Session;

/// Uploads packages to the server's feed.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo package upload --package Acme.Web.1.2.0.nupkg
  octo package upload --package 'out/**/*.nupkg' --overwrite-mode ignore
  octo package upload Acme.Web.1.2.0.nupkg Acme.Api.1.2.0.nupkg
  octo package upload --package '*.nupkg' --continue-on-error -f json")]
pub(crate) struct Arguments {
    /// The same as --package.
    #[arg(value_name = "GLOB")]
    packages: Vec<String>,
    /// Path of a package, or a pattern with *, ?, ** or {a,b}; may be given several times.
    #[arg(long, short, value_name = "GLOB", num_args = 1..)]
    package: Vec<String>,
    /// What to do about a package that the feed already has with other content.
    #[arg(long, value_name = "MODE", default_value = "fail")]
    overwrite_mode: Existing,
    /// Go on with the other packages when one fails.
    #[arg(long)]
    continue_on_error: bool,
    /// Send only what is new, where the server has another version of the package.
    #[arg(
        long,
        value_name = "BOOL",
        num_args = 0..=1,
        require_equals = true,
        default_value_t = true,
        default_missing_value = "true",
        action = ArgAction::Set
    )]
    use_delta_compression: bool,
}

/// What to do about something that the server has already.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Existing {
    /// Refuse it.
    Fail,
    /// Replace it.
    Overwrite,
    /// Keep it.
    Ignore,
}

impl Existing {
    /// As the server understands it.
    pub(crate) fn mode(self) -> OverwriteMode {
        match self {
            Self::Fail => OverwriteMode::FailIfExists,
            Self::Overwrite => OverwriteMode::OverwriteExisting,
            Self::Ignore => OverwriteMode::IgnoreIfExists,
        }
    }
}

/// What became of a file.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Row {
    file: String,
    outcome: Outcome,
    package: Option<Package>,
    error: Option<String>,
}

#[derive(Clone, Copy, Serialize)]
enum Outcome {
    Uploaded,
    Unchanged,
    Failed,
}

/// Uploads them.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let patterns = session.required_list(
        [arguments.packages, arguments.package].concat(),
        "--package",
        "Packages to upload (paths or patterns)",
    )?;
    let files = named(&patterns)?;
    let client = session.client()?;
    let mode = arguments.overwrite_mode.mode();
    let by_delta = arguments.use_delta_compression;
    let mut rows = Vec::new();
    let mut failures = Vec::new();
    for file in &files {
        let (outcome, package, error) = match upload(file, &client, mode, by_delta, session) {
            Ok(done) if done.stored => (Outcome::Uploaded, Some(done.package), None),
            Ok(done) => (Outcome::Unchanged, Some(done.package), None),
            Err(error) => {
                let text = error.to_string();
                failures.push(error);
                (Outcome::Failed, None, Some(text))
            }
        };
        let file = file.display().to_string();
        rows.push(Row {
            file,
            outcome,
            package,
            error,
        });
        if !failures.is_empty() && !arguments.continue_on_error {
            break;
        }
    }
    if session.output.format() == Format::Basic {
        rows.retain(|row| row.package.is_some());
    }
    print(&rows, session)?;
    match failures.pop() {
        None => Ok(()),
        Some(only) if failures.is_empty() => Err(only),
        Some(last) => {
            failures.push(last);
            failures
                .iter()
                .for_each(|error| session.output.report(&error.report()));
            Err(Error::Uploads {
                failed: failures.len(),
                total: files.len(),
            })
        }
    }
}

/// The files that the patterns name, each once.
fn named(patterns: &[String]) -> Result<Vec<PathBuf>, Error> {
    let mut files: Vec<PathBuf> = Vec::new();
    for pattern in patterns {
        let found = files::find(pattern)?;
        if found.is_empty() {
            return Err(Error::Files {
                message: format!("No file matches \"{pattern}\"."),
                hint: "Paths are relative to the current folder; quote patterns to keep them from the shell.",
            });
        }
        for file in found {
            if !files.contains(&file) {
                files.push(file);
            }
        }
    }
    Ok(files)
}

fn upload(
    path: &Path,
    client: &Client,
    mode: OverwriteMode,
    by_delta: bool,
    session: &Session<'_>,
) -> Result<Uploaded, Error> {
    let unreadable = |source| Error::File {
        verb: "read",
        path: path.to_owned(),
        source,
    };
    let mut file = File::open(path).map_err(unreadable)?;
    let length = file.metadata().map_err(unreadable)?.len();
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let refused = |error| match error {
        ClientError::Refused { status: 409, .. } => Error::Files {
            message: error.to_string(),
            hint: "Raise the version; or give --overwrite-mode overwrite to replace the package, \
                   or --overwrite-mode ignore to keep it.",
        },
        error => error.into(),
    };
    if by_delta {
        let delta = client.delta(&name, length, &file);
        file.rewind().map_err(unreadable)?;
        if let Some(delta) = delta {
            let new = size(delta.length());
            let base = delta.base();
            let text = format!("Uploading {name} ({new}, its difference from version {base})");
            session.output.note(&text);
            match client.upload_delta(&name, delta, mode) {
                Err(ClientError::Refused { status, .. }) if status != 409 => {
                    let text =
                        "The server does not take the difference; the whole package follows.";
                    session.output.note(text);
                }
                done => return done.map_err(refused),
            }
        }
    }
    let bar = bar(&name, length, session);
    let sent = client.upload(&name, length, bar.wrap_read(file), mode);
    bar.finish_and_clear();
    sent.map_err(refused)
}

/// A bar on a terminal, a line elsewhere.
fn bar(name: &str, length: u64, session: &Session<'_>) -> ProgressBar {
    if !session.around.error_is_terminal {
        session
            .output
            .note(&format!("Uploading {name} ({})", size(length)));
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::stderr());
    let style = "{msg}  {wide_bar}  {decimal_bytes} of {decimal_total_bytes}  {eta}";
    if let Ok(style) = ProgressStyle::with_template(style) {
        bar.set_style(style.progress_chars("━━ "));
    }
    bar.with_message(name.to_owned())
}

fn print(rows: &[Row], session: &Session<'_>) -> Result<(), Error> {
    session.output.list(
        rows,
        &["Outcome", "Package", "Version", "Size", "File"],
        |row| &row.file,
        |row| {
            let package = row.package.as_ref();
            let bytes = package.map(|package| size(package.package_size_bytes));
            vec![
                match row.outcome {
                    Outcome::Uploaded => Cell::from("Uploaded").tone(Tone::Good),
                    Outcome::Unchanged => Cell::from("Unchanged"),
                    Outcome::Failed => Cell::from("Failed").tone(Tone::Bad),
                },
                package.map_or("", |package| &package.package_id).into(),
                package.map_or("", |package| &package.version).into(),
                Cell::from(bytes.unwrap_or_default()).right(),
                (&row.file).into(),
            ]
        },
    )?;
    Ok(())
}
