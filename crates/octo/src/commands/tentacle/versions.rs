//! `octo tentacle versions`.

use api::{Machine, UpgradeStatus, VersionRecord};
use clap::Args;
use serde::Serialize;

use crate::error::Error;
use crate::names::Named;
use crate::output::{Cell, Tone, standing};
use crate::session::Session;

/// Lists the Tentacles with their versions and how those stand.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo tentacle versions
  octo tentacle versions -f json")]
pub(crate) struct Arguments {}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Row<'a> {
    id: &'a str,
    name: &'a str,
    version: Option<&'a str>,
    available_version: Option<&'a str>,
    upgrade_status: Option<UpgradeStatus>,
    versions: &'a [VersionRecord],
    standing: String,
    #[serde(skip)]
    standing_cell: Cell,
}

impl<'a> Row<'a> {
    fn of(machine: &'a Machine) -> Self {
        let details = &machine.endpoint.tentacle_version_details;
        let standing = standing::of(machine);
        Self {
            id: &machine.id,
            name: &machine.name,
            version: details.version.as_deref(),
            available_version: details.available_version.as_deref(),
            upgrade_status: details.upgrade_status,
            versions: &details.versions,
            standing: standing.text().to_owned(),
            standing_cell: standing,
        }
    }
}

/// Lists them.
pub(crate) fn run(_: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let machines = Machine::list(&session.client()?)?;
    let rows: Vec<Row<'_>> = machines.iter().map(Row::of).collect();
    session.output.list(
        &rows,
        &["Machine", "Version", "Available", "Standing"],
        |row| row.name,
        |row| {
            vec![
                row.name.into(),
                row.version.unwrap_or("unknown").into(),
                match row.available_version {
                    Some(version) => Cell::from(version).tone(Tone::Warning),
                    None => Cell::from("-").tone(Tone::Faint),
                },
                row.standing_cell.clone(),
            ]
        },
    )?;
    Ok(())
}
