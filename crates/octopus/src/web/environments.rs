//! `GET /environments`.

use axum::{
    extract::{Query, State},
    http::{HeaderMap, header},
    response::Response,
};
use serde::Deserialize;

use super::{Person, WebError, html, rows};
use crate::{
    app::App,
    lookup,
    portal::view::{EnvironmentSection, EnvironmentsPage, MachineFilter, Section},
};

#[derive(Deserialize)]
pub(super) struct Narrow {
    #[serde(default)]
    filter: String,
}

pub(super) async fn page(
    State(app): State<App>,
    person: Person,
    Query(narrow): Query<Narrow>,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let machines = rows::machines(&app).await?;
    let environments = app.store.environments().await?;
    let sections = environments.into_iter().map(|environment| {
        let id = lookup::environment_id(environment.id);
        let inside = machines
            .iter()
            .filter(|(_, machine)| machine.environment_ids.contains(&id))
            .map(|(row, _)| row.clone());
        EnvironmentSection {
            machines: inside.collect(),
            name: environment.name,
            description: environment.description,
            id,
        }
    });
    html(&EnvironmentsPage {
        shell: person.shell(&app, Section::Environments),
        filter: MachineFilter::from_query(&narrow.filter),
        environments: sections.collect(),
        server_url: server_url(&headers),
        server_thumbprint: app.identity.thumbprint().to_string(),
    })
}

/// This server's address as the reader's browser wrote it.
pub(super) fn server_url(headers: &HeaderMap) -> String {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let scheme = text("X-Forwarded-Proto").unwrap_or("http");
    let host = text(header::HOST.as_str()).unwrap_or("localhost");
    format!("{scheme}://{host}")
}
