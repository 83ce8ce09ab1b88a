//! `GET /machines/{id}`.

use axum::{
    extract::{Path, State},
    response::Response,
};

use super::{Person, WebError, html, rows};
use crate::{
    app::App,
    error::ApiError,
    lookup,
    portal::view::{MachineFacts, MachinePage, Section, Standing, VersionRow},
};

/// Tasks in the list of a machine.
const TASKS: i64 = 20;

pub(super) async fn page(
    State(app): State<App>,
    person: Person,
    Path(id): Path<String>,
) -> Result<Response, WebError> {
    let machines = rows::machines(&app).await?;
    let found = machines.into_iter().find(|(row, _)| row.id == id);
    let (row, machine) = found.ok_or_else(|| ApiError::not_found("machine", &id))?;
    let names = rows::environment_names(&app).await?;
    let key = lookup::row_id("Machines", &id).unwrap_or(0);
    let tasks = app.store.tasks_of_machine(key, TASKS).await?;
    let running = row.version.clone().unwrap_or_default();
    let endpoint = machine.endpoint;
    let versions = endpoint.tentacle_version_details.versions.into_iter();
    let versions = versions.map(|record| VersionRow {
        running: record.version == running,
        version: record.version,
        standing: match record.standing.as_str() {
            "Good" => Standing::Good,
            "Trial" => Standing::Trial,
            "Bad" => Standing::Bad,
            _ => Standing::Unknown,
        },
        reason: record.reason,
        detail: record.detail,
        last_lines: record.last_lines,
    });
    html(&MachinePage {
        shell: person.shell(&app, Section::Environments),
        machine: row,
        facts: MachineFacts {
            environments: machine
                .environment_ids
                .iter()
                .filter_map(|id| names.get(id).cloned())
                .collect(),
            communication_style: endpoint.communication_style,
            uri: endpoint.uri,
            thumbprint: endpoint.thumbprint,
            rid: machine.rid,
            operating_system: machine.operating_system,
        },
        versions: versions.collect(),
        tasks: tasks.into_iter().map(rows::task_row).collect(),
    })
}
