//! `octo build-information upload`.

use std::path::PathBuf;

use api::BuildInformation;
use clap::Args;
use serde_json::json;

use crate::commands::package::Existing;
use crate::error::Error;
use crate::files::{self, Hints};
use crate::names::Named;
use crate::output::Cell;
use crate::session::Session;

const HINTS: Hints = Hints {
    no_json: "The file is the one that the build server's plug-in writes.",
    no_object: "Write {\"BuildEnvironment\": \"…\", \"BuildNumber\": \"…\", \"Commits\": [{\"Id\": \"…\", \"Comment\": \"…\"}]}.",
};

/// Uploads what a build tells about the packages that it made, as its server's plug-in wrote it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo build-information upload --package-id Acme.Web --version 1.2.0 --file buildinformation.json
  octo build-information upload --package-id Acme.Web --package-id Acme.Api --version 1.2.0 \
--file build.json --overwrite-mode overwrite")]
pub(crate) struct Arguments {
    /// The id of a package; may be given several times.
    #[arg(long, short, value_name = "ID")]
    package_id: Vec<String>,
    /// The version of the packages.
    #[arg(long, short)]
    version: Option<String>,
    /// The file: JSON with BuildEnvironment, BuildNumber, VcsCommitNumber, Commits and the like.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// What to do about a version that has build information already.
    #[arg(long, value_name = "MODE", default_value = "fail")]
    overwrite_mode: Existing,
}

/// Uploads it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let question = "Ids of the packages";
    let packages = session.required_list(arguments.package_id, "--package-id", question)?;
    let version = session.required(arguments.version, "--version", "Version of the packages")?;
    let file = arguments
        .file
        .map(|file| file.into_os_string().to_string_lossy().into_owned());
    let file = session.required(file, "--file", "File with the build information")?;
    let told = files::json_object(file.as_ref(), &HINTS)?;
    let client = session.client()?;
    let mode = arguments.overwrite_mode.mode().name();
    let path = BuildInformation::path(&client, &[]);
    let path = format!("{path}?overwriteMode={mode}");
    let mut made: Vec<BuildInformation> = Vec::new();
    for package in packages {
        let new = json!({
            "PackageId": package, "Version": version, "OctopusBuildInformation": told,
        });
        made.push(client.post(&path, &new)?);
    }
    session.output.list(
        &made,
        &["Package", "Version", "Id", "Commits"],
        |one| &one.id,
        |one| {
            vec![
                (&one.package_id).into(),
                (&one.version).into(),
                (&one.id).into(),
                Cell::from(one.commits.len().to_string()).right(),
            ]
        },
    )?;
    Ok(())
}
