//! Defects of releases: while one is not resolved, the release goes to no later phase.

use api::{Defect, DefectStatus, NewDefect, Page, Release};
use axum::{Json, http::StatusCode};

use super::{Resource, every, find, links, list_of, overtaken, stored};
use crate::{
    error::ApiError,
    rest::{
        Body,
        call::{Call, Paging},
        convert,
        mistakes::Mistakes,
    },
    store::{
        self,
        documents::{Document, NewDocument},
    },
};

/// Characters that a description may have.
const LENGTH: usize = 10_000;

impl Resource for Defect {
    const KIND: &'static str = "Defects";
    const TYPE: &'static str = "Defect";
    const WHAT: &'static str = "defect";
    const NEWEST_FIRST: bool = true;

    fn name(&self) -> &str {
        &self.description
    }

    fn place(&mut self, document: &Document) {
        self.id = document.public_id();
        self.release_id = format!("Releases-{}", document.owner_id);
        let release = format!("releases/{}", self.release_id);
        self.links = links(document.space_id, &[("Release", release)]);
    }

    /// They have no addresses of their own.
    async fn check(&mut self, _call: &Call, _before: Option<&Self>) -> Result<(), ApiError> {
        Ok(())
    }
}

/// What keeps a release from later phases.
pub(crate) async fn unresolved(call: &Call, release: i64) -> Result<Option<Defect>, ApiError> {
    let all = every::<Defect>(call, Some(release)).await?;
    let is_open = |defect: &Defect| defect.status == DefectStatus::Unresolved;
    Ok(all.into_iter().find(is_open))
}

/// `GET /api/{space}/releases/{id}/defects`, the newest first.
pub(in crate::rest) async fn list(
    call: Call,
    paging: Paging,
) -> Result<Json<Page<Defect>>, ApiError> {
    let (release, _) = find::<Release>(&call, call.id()).await?;
    list_of(&call, &paging, Some(release.id)).await.map(Json)
}

/// `POST /api/{space}/releases/{id}/defects`
pub(in crate::rest) async fn report(
    call: Call,
    Body(new): Body<NewDefect>,
) -> Result<(StatusCode, Json<Defect>), ApiError> {
    let made = add(&call, call.id(), &new.description).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// Keeps a release from later phases.
pub(crate) async fn add(call: &Call, id: &str, description: &str) -> Result<Defect, ApiError> {
    let (document, release) = find::<Release>(call, id).await?;
    let mut mistakes = Mistakes::default();
    let description = description.trim();
    if description.is_empty() || description.chars().count() > LENGTH {
        mistakes.add(format!(
            "Description: say in 1 to {LENGTH} characters why the release is to go no further."
        ));
    }
    mistakes.check()?;
    let all = every::<Defect>(call, Some(document.id)).await?;
    if all.iter().any(|one| one.status == DefectStatus::Unresolved) {
        return Err(ApiError::bad(format!(
            "The release {} has an unresolved defect already; resolve that one first.",
            release.version
        )));
    }
    let defect = Defect {
        description: description.to_owned(),
        status: DefectStatus::Unresolved,
        reported: convert::time(store::now_ms()),
        reported_by: call.caller.user.username.clone(),
        ..Defect::default()
    };
    let new = NewDocument {
        kind: Defect::KIND,
        space_id: call.space,
        owner_id: document.id,
        // Of two that are reported at one time, the second one finds its number taken.
        name: (all.len() + 1).to_string(),
        body: stored(&defect)?,
    };
    let words = format!(
        "The release {} goes to no later phase: {description}",
        release.version
    );
    let event = call.event("DefectReported", "", words);
    let store = &call.app.store;
    store.create_document(&new, &[], &event).await?;
    let made = unresolved(call, document.id).await?;
    made.ok_or_else(|| overtaken("release"))
}

/// `POST /api/{space}/releases/{id}/defects/resolve`
pub(in crate::rest) async fn resolve(call: Call) -> Result<Json<Defect>, ApiError> {
    clear(&call, call.id()).await.map(Json)
}

/// Lets a release go to later phases again.
pub(crate) async fn clear(call: &Call, id: &str) -> Result<Defect, ApiError> {
    let (owner, release) = find::<Release>(call, id).await?;
    let Some(mut defect) = unresolved(call, owner.id).await? else {
        return Err(ApiError::bad(format!(
            "The release {} has no unresolved defect; there is nothing to resolve.",
            release.version
        )));
    };
    let (document, _) = find::<Defect>(call, &defect.id).await?;
    defect.status = DefectStatus::Resolved;
    defect.resolved = Some(convert::time(store::now_ms()));
    defect.resolved_by = Some(call.caller.user.username.clone());
    let words = format!(
        "The release {} may go to later phases again.",
        release.version
    );
    let event = call.event("DefectResolved", &release.id, words);
    let body = stored(&defect)?;
    let store = &call.app.store;
    let changed = store.change_document(
        document.id,
        document.revision,
        &document.name,
        &body,
        &event,
    );
    if !changed.await? {
        return Err(overtaken("defect"));
    }
    // What was to go by itself may go now.
    store.promote_again(owner.id).await?;
    crate::runner::promote(&call.app);
    Ok(defect)
}
