//! `octo release progression …`.

use api::{Project, Release};
use clap::Subcommand;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

use crate::error::Error;
use crate::names::Named;
use crate::session::Session;

mod allow;
mod prevent;

/// Whether a release may go on to further environments.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Allow(allow::Arguments),
    Prevent(prevent::Arguments),
}

impl Verb {
    /// Runs the command.
    pub(crate) fn run(self, session: &Session<'_>) -> Result<(), Error> {
        match self {
            Self::Allow(arguments) => allow::run(arguments, session),
            Self::Prevent(arguments) => prevent::run(arguments, session),
        }
    }
}

/// Tells the server, and then the person.
fn tell(
    (project, version): (Option<String>, Option<String>),
    below: &[&str],
    body: &Value,
    outcome: &str,
    session: &Session<'_>,
) -> Result<(), Error> {
    let project = session.pick::<Project>(project, "--project", "Project")?;
    let version = super::version(version, &project, session)?;
    let client = session.client()?;
    let release = super::one(&client, &project, &version)?;
    let path = Release::path(&client, &[&[release.id.as_str()], below].concat());
    let _answer: IgnoredAny = client.post(&path, body)?;
    session.output.record(
        &json!({ "Id": release.id, "Version": release.version, "Progression": outcome }),
        &release.version,
        vec![
            ("Id", (&release.id).into()),
            ("Version", (&release.version).into()),
            ("Progression", outcome.into()),
        ],
    )?;
    Ok(())
}
