//! `octo deployment-target view`.

use api::{CommunicationStyle, Environment, Machine, VersionRecord};
use clap::Args;

use crate::client::Client;
use crate::commands::parts::yes;
use crate::error::Error;
use crate::names::{self, Named, NamesById};
use crate::output::standing;
use crate::output::{Cell, Format, Tone};
use crate::session::Session;

/// Shows one deployment target with the versions on it and their standing.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo deployment-target view web-01
  octo deployment-target view Machines-3 -f json")]
pub(crate) struct Arguments {
    /// Its name or id.
    #[arg(value_name = "NAME|ID")]
    target: Option<String>,
}

/// Shows it; one that is reached in another way counts as unknown.
pub(super) fn run(
    arguments: Arguments,
    style: Option<CommunicationStyle>,
    session: &Session<'_>,
) -> Result<(), Error> {
    let fits = |one: &Machine| style.is_none_or(|style| one.endpoint.communication_style == style);
    let of_style = |client: &Client| {
        let mut all = Machine::list(client)?;
        all.retain(fits);
        Ok(all)
    };
    let target = session.pick_from(arguments.target, "NAME", "Deployment target", |client| {
        of_style(client).map(|all| names::names(&all))
    })?;
    let client = session.client()?;
    let all = of_style(&client)?;
    let machine = names::find(&all, &target)?;
    let environments = match session.output.format() {
        Format::Table => NamesById::of::<Environment>(&client)?,
        _ => NamesById::default(),
    };
    let mut fields = about(machine, &environments, session);
    for record in &machine.endpoint.tentacle_version_details.versions {
        fields.push(("Version", version(record)));
    }
    session.output.record(machine, &machine.name, fields)?;
    Ok(())
}

fn about(
    machine: &Machine,
    environments: &NamesById,
    session: &Session<'_>,
) -> Vec<(&'static str, Cell)> {
    let optional = |value: &Option<String>| Cell::from(value.as_deref().unwrap_or_default());
    let style = super::style(machine.endpoint.communication_style);
    let last_seen = machine.last_seen.as_deref();
    vec![
        ("Name", (&machine.name).into()),
        ("Id", (&machine.id).into()),
        ("Disabled", yes(machine.is_disabled)),
        ("Health", super::health(machine.health_status)),
        ("Summary", (&machine.status_summary).into()),
        (
            "Last seen",
            last_seen
                .map(|at| session.output.time(at))
                .unwrap_or_default()
                .into(),
        ),
        (
            "Environments",
            environments.names(&machine.environment_ids).into(),
        ),
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
