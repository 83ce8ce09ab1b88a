//! What an upgrade will do, said before it is done.

use std::collections::BTreeMap;

use api::HealthStatus;
use axum::{
    extract::{Path, State},
    response::Response,
};

use super::{Person, WebError, html, rows};
use crate::{
    app::App,
    error::ApiError,
    portal::view::{LeftOut, MachineRow, Section, Upgrade, UpgradePage, UpgradeTarget},
};

pub(super) async fn all(State(app): State<App>, person: Person) -> Result<Response, WebError> {
    let machines = rows::machines(&app).await?;
    let machines = machines.into_iter().map(|(row, _)| row);
    several(&app, &person, UpgradeTarget::All, machines.collect())
}

pub(super) async fn environment(
    State(app): State<App>,
    person: Person,
    Path(id): Path<String>,
) -> Result<Response, WebError> {
    let names = rows::environment_names(&app).await?;
    let name = names.get(&id).cloned();
    let name = name.ok_or_else(|| ApiError::not_found("environment", &id))?;
    let machines = rows::machines(&app).await?.into_iter();
    let inside = machines.filter(|(_, machine)| machine.environment_ids.contains(&id));
    let rows = inside.map(|(row, _)| row).collect();
    several(&app, &person, UpgradeTarget::Environment { id, name }, rows)
}

/// Only those that the machine's row calls upgradable; the others with the reason.
fn several(
    app: &App,
    person: &Person,
    target: UpgradeTarget,
    machines: Vec<MachineRow>,
) -> Result<Response, WebError> {
    let (taken, others): (Vec<_>, Vec<_>) =
        machines.into_iter().partition(MachineRow::is_upgradable);
    let mut left_out: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for machine in others {
        let why = match (&machine.available, machine.health, &machine.upgrade) {
            (None, ..) => continue,
            (_, _, Upgrade::Running { .. }) => "an upgrade is at work on them",
            (_, HealthStatus::Unavailable, _) => "offline",
            _ => "they rolled that version back; try it on each by itself",
        };
        left_out.entry(why).or_default().push(machine.name);
    }
    let left_out = left_out.into_iter().map(|(why, machines)| LeftOut {
        why: why.to_owned(),
        machines,
    });
    let version = one_version(&taken);
    html(&UpgradePage {
        shell: person.shell(app, Section::Environments),
        target,
        version,
        machines: taken.into_iter().map(|row| row.name).collect(),
        left_out: left_out.collect(),
        warning: None,
        error: None,
    })
}

fn one_version(machines: &[MachineRow]) -> Option<String> {
    let first = machines.first()?.available.clone();
    let same = machines.iter().all(|machine| machine.available == first);
    first.filter(|_| same)
}

pub(super) async fn machine(
    State(app): State<App>,
    person: Person,
    Path(id): Path<String>,
) -> Result<Response, WebError> {
    let machines = rows::machines(&app).await?;
    let found = machines.into_iter().find(|(row, _)| row.id == id);
    let (row, _) = found.ok_or_else(|| ApiError::not_found("machine", &id))?;
    let warning = match &row.upgrade {
        Upgrade::RolledBack {
            version,
            reason,
            detail,
            ..
        } if row.available.as_deref() == Some(version) => Some(format!(
            "{} rolled {version} back ({reason}): {detail}. This tries it once more.",
            row.name
        )),
        _ => None,
    };
    html(&UpgradePage {
        shell: person.shell(&app, Section::Environments),
        target: UpgradeTarget::Machine {
            id: row.id.clone(),
            name: row.name.clone(),
        },
        version: row.available.clone(),
        machines: row.available.iter().map(|_| row.name.clone()).collect(),
        left_out: Vec::new(),
        warning,
        error: None,
    })
}
