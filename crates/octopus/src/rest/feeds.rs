//! Feeds: the built-in one, which all spaces share, and others as people name them.

mod external;
mod search;

use api::{Feed, Page};
use axum::{Json, http::StatusCode};
use serde_json::Value;

use super::{
    Body,
    call::{Call, Paging},
    documents::{self, every, find},
};
use crate::error::ApiError;

pub(super) use search::{notes, search, versions};

/// The id of the built-in feed.
pub(crate) const BUILT_IN: &str = "feeds-builtin";

fn built_in(call: &Call) -> Feed {
    Feed {
        id: BUILT_IN.to_owned(),
        space_id: call.space_id(),
        name: "Octopus Server (built-in)".to_owned(),
        feed_type: "BuiltIn".to_owned(),
        package_acquisition_location_options: vec!["Server".to_owned()],
        links: links(call.space, BUILT_IN),
        ..Feed::default()
    }
}

fn links(space: i64, id: &str) -> api::Links {
    let packages = format!("feeds/{id}/packages");
    let paths = [
        ("Self", format!("feeds/{id}")),
        (
            "SearchPackagesTemplate",
            format!("{packages}/search{{?term,skip,take}}"),
        ),
        (
            "SearchPackageVersionsTemplate",
            format!(
                "{packages}/versions{{?packageId,take,skip,includePreRelease,versionRange,preReleaseTag,filter}}"
            ),
        ),
        (
            "NotesTemplate",
            format!("{packages}/notes{{?packageId,version}}"),
        ),
    ];
    super::documents::links(space, &paths)
}

fn is_built_in(id: &str) -> bool {
    id.eq_ignore_ascii_case(BUILT_IN)
}

async fn feeds(call: &Call) -> Result<Vec<Feed>, ApiError> {
    let mut feeds = vec![built_in(call)];
    feeds.extend(every::<Feed>(call, None).await?);
    Ok(feeds)
}

pub(super) async fn list(call: Call, paging: Paging) -> Result<Json<Page<Feed>>, ApiError> {
    let (ids, kinds) = (paging.list("ids"), paging.list("feedtype"));
    let part = paging.word("partialname").to_lowercase();
    let one_of =
        |wanted: &[&str], text: &str| wanted.iter().any(|one| one.eq_ignore_ascii_case(text));
    let mut all = feeds(&call).await?;
    all.retain(|feed| {
        (ids.is_empty() || one_of(&ids, &feed.id))
            && (kinds.is_empty() || one_of(&kinds, &feed.feed_type))
            && feed.name.to_lowercase().contains(&part)
    });
    Ok(Json(paging.cut("Feed", all)))
}

pub(super) async fn all(call: Call) -> Result<Json<Vec<Feed>>, ApiError> {
    feeds(&call).await.map(Json)
}

pub(super) async fn one(call: Call) -> Result<Json<Feed>, ApiError> {
    match is_built_in(call.id()) {
        true => Ok(Json(built_in(&call))),
        false => Ok(Json(find::<Feed>(&call, call.id()).await?.1)),
    }
}

pub(super) async fn create(
    call: Call,
    body: Body<Feed>,
) -> Result<(StatusCode, Json<Feed>), ApiError> {
    documents::create(call, body).await
}

pub(super) async fn change(call: Call, body: Body<Feed>) -> Result<Json<Feed>, ApiError> {
    keep_built_in(&call)?;
    documents::change(call, body).await
}

pub(super) async fn delete(call: Call) -> Result<Json<Value>, ApiError> {
    keep_built_in(&call)?;
    documents::delete::<Feed>(call).await
}

fn keep_built_in(call: &Call) -> Result<(), ApiError> {
    match is_built_in(call.id()) {
        true => Err(ApiError::bad("The built-in feed stays as it is.")),
        false => Ok(()),
    }
}
