//! Environments.

use api::{Environment, NewEnvironment, Page};
use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
};

use super::{Body, Paging, check_name, check_space, convert};
use crate::{
    app::{App, Change},
    auth::Caller,
    error::ApiError,
};

#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Filter {
    partial_name: Option<String>,
}

pub(super) async fn list(
    State(app): State<App>,
    _caller: Caller,
    Path(space): Path<String>,
    Query(paging): Query<Paging>,
    Query(filter): Query<Filter>,
) -> Result<Json<Page<Environment>>, ApiError> {
    check_space(&space)?;
    let part = filter.partial_name.unwrap_or_default().to_lowercase();
    let all = app.store.environments().await?;
    let all = all.into_iter().map(convert::environment);
    let matching = all.filter(|environment| environment.name.to_lowercase().contains(&part));
    Ok(Json(paging.cut("Environment", matching.collect())))
}

pub(super) async fn all(
    State(app): State<App>,
    _caller: Caller,
    Path(space): Path<String>,
) -> Result<Json<Vec<Environment>>, ApiError> {
    check_space(&space)?;
    let all = app.store.environments().await?;
    Ok(Json(all.into_iter().map(convert::environment).collect()))
}

pub(super) async fn create(
    State(app): State<App>,
    _caller: Caller,
    Path(space): Path<String>,
    Body(new): Body<NewEnvironment>,
) -> Result<(StatusCode, Json<Environment>), ApiError> {
    check_space(&space)?;
    check_name("an environment", &new.name)?;
    let name = new.name.trim();
    let row = app.store.create_environment(name, &new.description).await?;
    app.changed(Change::Machines);
    Ok((StatusCode::CREATED, Json(convert::environment(row))))
}
