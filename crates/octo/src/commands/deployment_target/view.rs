//! `octo deployment-target view`.

use api::{CommunicationStyle, Environment, Machine, VersionRecord};
use clap::Args;

use crate::error::Error;
use crate::output::{Cell, Format, Tone};
use crate::session::Session;
use crate::{names, output::standing};

/// Shows one deployment target with the versions on it and their standing.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo deployment-target view web-01
  octo deployment-target view Machines-3 -f json")]
pub(crate) struct Arguments {
    /// Its name or id.
    #[arg(value_name = "NAME|ID")]
    target: String,
}

/// Shows it.
pub(crate) fn run(arguments: &Arguments, session: &Session<'_>) -> Result<(), Error> {
    let client = session.client()?;
    let all = names::all_machines(&client)?;
    let machine = names::find(&all, &arguments.target)?;
    let mut environments = Vec::new();
    if session.output.format() == Format::Table {
        environments = client.get(&client.in_space(&["environments", "all"]), &[])?;
    }
    let mut fields = about(machine, &environments, session);
    for record in &machine.endpoint.tentacle_version_details.versions {
        fields.push(("Version", version(record)));
    }
    session.output.record(machine, &machine.name, fields)?;
    Ok(())
}

fn about(
    machine: &Machine,
    environments: &[Environment],
    session: &Session<'_>,
) -> Vec<(&'static str, Cell)> {
    let environments: Vec<&str> = environments
        .iter()
        .filter(|found| machine.environment_ids.contains(&found.id))
        .map(|found| found.name.as_str())
        .collect();
    let optional = |value: &Option<String>| Cell::from(value.as_deref().unwrap_or_default());
    let style = match machine.endpoint.communication_style {
        CommunicationStyle::TentaclePassive => "listens",
        CommunicationStyle::TentacleActive => "polls",
    };
    let last_seen = machine.last_seen.as_deref();
    vec![
        ("Name", (&machine.name).into()),
        ("Id", (&machine.id).into()),
        ("Health", super::health(machine.health_status)),
        ("Summary", (&machine.status_summary).into()),
        (
            "Last seen",
            last_seen
                .map(|at| session.output.time(at))
                .unwrap_or_default()
                .into(),
        ),
        ("Environments", environments.join(", ").into()),
        ("Roles", machine.roles.join(", ").into()),
        (
            "Address",
            format!("{} ({style})", machine.endpoint.uri).into(),
        ),
        ("Thumbprint", (&machine.endpoint.thumbprint).into()),
        ("System", optional(&machine.operating_system)),
        ("Runtime", optional(&machine.rid)),
        ("Tentacle", standing::summary(machine)),
    ]
}

/// `1.3.0 Bad, crashed: It ended five times.`
fn version(record: &VersionRecord) -> Cell {
    let mut text = format!("{} {}", record.version, record.standing);
    for (mark, more) in [(", ", &record.reason), (": ", &record.detail)] {
        if !more.is_empty() {
            text.push_str(mark);
            text.push_str(more);
        }
    }
    Cell::from(text).tone(match record.standing.as_str() {
        "Good" => Tone::Good,
        "Bad" => Tone::Bad,
        _ => Tone::Warning,
    })
}
