//! Feeds: the built-in one, which all spaces share.

use api::{Feed, Page};
use axum::Json;

use super::call::{Call, Paging};
use crate::error::ApiError;

/// The id of the built-in feed.
pub(crate) const BUILT_IN: &str = "feeds-builtin";

fn built_in(call: &Call) -> Feed {
    let links = [
        ("Self", format!("feeds/{BUILT_IN}")),
        (
            "SearchPackageVersionsTemplate",
            format!("feeds/{BUILT_IN}/packages/versions{{?packageId}}"),
        ),
    ];
    Feed {
        id: BUILT_IN.to_owned(),
        space_id: call.space_id(),
        name: "Octopus Server (built-in)".to_owned(),
        feed_type: "BuiltIn".to_owned(),
        package_acquisition_location_options: vec!["Server".to_owned()],
        links: super::documents::links(call.space, &links),
    }
}

pub(super) async fn list(call: Call, paging: Paging) -> Result<Json<Page<Feed>>, ApiError> {
    let (ids, kinds) = (paging.list("ids"), paging.list("feedtype"));
    let part = paging.word("partialname").to_lowercase();
    let mut all = vec![built_in(&call)];
    all.retain(|feed| {
        (ids.is_empty() || ids.contains(&feed.id.as_str()))
            && (kinds.is_empty() || kinds.contains(&feed.feed_type.as_str()))
            && feed.name.to_lowercase().contains(&part)
    });
    Ok(Json(paging.cut("Feed", all)))
}

pub(super) async fn all(call: Call) -> Json<Vec<Feed>> {
    Json(vec![built_in(&call)])
}

pub(super) async fn one(call: Call) -> Result<Json<Feed>, ApiError> {
    match call.id().eq_ignore_ascii_case(BUILT_IN) {
        true => Ok(Json(built_in(&call))),
        false => Err(ApiError::not_found("feed", call.id())),
    }
}
