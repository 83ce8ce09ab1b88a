//! Resources that are kept as documents: listing, looking, making, changing, removing.
//!
//! One set of handlers serves all kinds; what differs is in each kind's [`Resource`].

pub(super) mod channels;
pub(crate) mod defects;
pub(super) mod environments;
pub(super) mod groups;
pub(super) mod lifecycles;
pub(crate) mod processes;
pub(super) mod projects;
pub(super) mod releases;
pub(super) mod spaces;
pub(super) mod triggers;
pub(crate) mod variables;

use std::future::{Future, ready};

use api::Page;
use axum::{Json, http::StatusCode};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{
    Body,
    call::{Call, Paging},
};
use crate::{
    error::ApiError,
    lookup,
    store::documents::{Document, NewDocument, Wanted},
};

/// A kind of resource that is kept as a document.
pub(crate) trait Resource: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The prefix of its ids.
    const KIND: &'static str;
    /// What lists call it.
    const TYPE: &'static str;
    /// What people call one.
    const WHAT: &'static str;
    /// Lists show the newest first, else by name.
    const NEWEST_FIRST: bool = false;

    /// Unique among those of its space and owner.
    fn name(&self) -> &str;

    /// Another name for addresses.
    fn slug(&self) -> &str {
        ""
    }

    /// The id of what it goes with.
    fn owner(&self) -> &str {
        ""
    }

    /// Fills in what is not stored: id, space, links; and takes out what never comes out.
    fn place(&mut self, document: &Document);

    /// Checks it, and fills in what the server chooses. `before`: what it is to replace.
    fn check(
        &mut self,
        call: &Call,
        before: Option<&Self>,
    ) -> impl Future<Output = Result<(), ApiError>> + Send;

    /// Documents that are made with it.
    fn children(&self, _call: &Call) -> Result<Vec<NewDocument>, ApiError> {
        Ok(Vec::new())
    }

    /// What follows once it is stored.
    fn made(&self, _call: &Call) {}

    /// Whether it may become so only as long as no deployment is made of it.
    fn is_fixed_once_deployed(&self, _before: &Self) -> bool {
        false
    }

    /// Refuses the removal of what is in use.
    fn may_go(_call: &Call, _id: &str) -> impl Future<Output = Result<(), ApiError>> + Send {
        ready(Ok(()))
    }
}

/// `GET` of a collection.
pub(crate) async fn list<T: Resource>(
    call: Call,
    paging: Paging,
) -> Result<Json<Page<T>>, ApiError> {
    list_of::<T>(&call, &paging, None).await.map(Json)
}

/// A page of a collection, or of what goes with one document.
pub(crate) async fn list_of<T: Resource>(
    call: &Call,
    paging: &Paging,
    owner: Option<i64>,
) -> Result<Page<T>, ApiError> {
    let ids = paging.list("ids");
    if !ids.is_empty() {
        let mut found = Vec::new();
        for id in ids {
            if let Ok((_, resource)) = find::<T>(call, id).await {
                found.push(resource);
            }
        }
        return Ok(paging.cut(T::TYPE, found));
    }
    let wanted = Wanted {
        part: paging.word("partialname"),
        owner_id: owner,
        ..wanted::<T>(call)
    };
    let (skip, take) = paging.skip_take();
    let (documents, total) = call.app.store.documents(wanted, skip, take).await?;
    let items = documents
        .iter()
        .map(from_document)
        .collect::<Result<_, _>>()?;
    Ok(paging.page(T::TYPE, items, u64::try_from(total).unwrap_or(0)))
}

/// `GET` of a whole collection.
pub(crate) async fn all<T: Resource>(call: Call) -> Result<Json<Vec<T>>, ApiError> {
    every::<T>(&call, None).await.map(Json)
}

/// All of a kind, or all that go with one document.
pub(crate) async fn every<T: Resource>(
    call: &Call,
    owner: Option<i64>,
) -> Result<Vec<T>, ApiError> {
    let wanted = Wanted {
        owner_id: owner,
        ..wanted::<T>(call)
    };
    let (documents, _) = call.app.store.documents(wanted, 0, i64::MAX).await?;
    documents.iter().map(from_document).collect()
}

fn wanted<T: Resource>(call: &Call) -> Wanted<'static> {
    Wanted {
        kind: T::KIND,
        space_id: space_of::<T>(call),
        owner_id: None,
        part: "",
        newest_first: T::NEWEST_FIRST,
    }
}

/// Spaces and teams belong to no space, whatever the address says.
fn space_of<T: Resource>(call: &Call) -> i64 {
    match T::KIND {
        "Spaces" | "Teams" | "ScopedUserRoles" => 0,
        _ => call.space,
    }
}

/// `GET` of one.
pub(crate) async fn one<T: Resource>(call: Call) -> Result<Json<T>, ApiError> {
    Ok(Json(find(&call, call.id()).await?.1))
}

/// One, by id, slug or name.
pub(crate) async fn find<T: Resource>(call: &Call, text: &str) -> Result<(Document, T), ApiError> {
    let missing = || ApiError::not_found(T::WHAT, text);
    let space = space_of::<T>(call);
    if let Some(id) = lookup::row_id(T::KIND, text) {
        let document = call.app.store.document(T::KIND, id).await?;
        let document = document
            .filter(|found| found.space_id == space)
            .ok_or_else(missing)?;
        let resource = from_document(&document)?;
        return Ok((document, resource));
    }
    let wanted = wanted::<T>(call);
    let (documents, _) = call.app.store.documents(wanted, 0, i64::MAX).await?;
    for document in documents {
        let resource: T = from_document(&document)?;
        let is_same = |name: &str| !name.is_empty() && name.to_lowercase() == text.to_lowercase();
        if is_same(resource.slug()) || is_same(resource.name()) {
            return Ok((document, resource));
        }
    }
    Err(missing())
}

/// `POST` to a collection.
pub(crate) async fn create<T: Resource>(
    call: Call,
    Body(resource): Body<T>,
) -> Result<(StatusCode, Json<T>), ApiError> {
    let made = make(&call, resource).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// Checks and stores a new one.
pub(crate) async fn make<T: Resource>(call: &Call, resource: T) -> Result<T, ApiError> {
    let children = resource.children(call)?;
    make_with(call, resource, &children).await
}

/// Checks and stores a new one with these documents of its own.
pub(crate) async fn make_with<T: Resource>(
    call: &Call,
    mut resource: T,
    children: &[NewDocument],
) -> Result<T, ApiError> {
    resource.check(call, None).await?;
    let new = NewDocument {
        kind: T::KIND,
        space_id: space_of::<T>(call),
        owner_id: owner_row(&resource),
        name: resource.name().trim().to_owned(),
        body: stored(&resource)?,
    };
    let message = format!("The {} {} was created.", T::WHAT, new.name);
    let event = call.event("Created", "", message);
    let id = call
        .app
        .store
        .create_document(&new, children, &event)
        .await?;
    let document = call.app.store.document(T::KIND, id).await?;
    let document = document.ok_or_else(|| ApiError::not_found(T::WHAT, &new.name))?;
    let made: T = from_document(&document)?;
    made.made(call);
    Ok(made)
}

/// `PUT` of one.
pub(crate) async fn change<T: Resource>(
    call: Call,
    Body(resource): Body<T>,
) -> Result<Json<T>, ApiError> {
    replace(&call, call.id(), resource).await.map(Json)
}

/// Checks a new state of one, and stores it.
pub(crate) async fn replace<T: Resource>(
    call: &Call,
    id: &str,
    mut resource: T,
) -> Result<T, ApiError> {
    let (document, before) = find::<T>(call, id).await?;
    resource.check(call, Some(&before)).await?;
    if owner_row(&resource) != document.owner_id {
        let message = format!("A {} can't be moved to another owner.", T::WHAT);
        return Err(ApiError::bad(message));
    }
    let name = resource.name().trim();
    let message = format!("The {} {name} was changed.", T::WHAT);
    let event = call.event("Modified", &document.public_id(), message);
    let body = stored(&resource)?;
    let store = &call.app.store;
    let changed = match resource.is_fixed_once_deployed(&before) {
        true => {
            store
                .change_undeployed(&document, name, &body, &event)
                .await?
        }
        false => {
            let (id, revision) = (document.id, document.revision);
            let change = store.change_document(id, revision, name, &body, &event);
            change.await?
        }
    };
    if !changed {
        return Err(overtaken(T::WHAT));
    }
    Ok(find::<T>(call, &document.public_id()).await?.1)
}

/// 409: somebody else was quicker.
pub(crate) fn overtaken(what: &str) -> ApiError {
    let message = format!(
        "Somebody else has changed the {what} meanwhile; read it again and repeat the change."
    );
    ApiError::new(StatusCode::CONFLICT, message)
}

/// `DELETE` of one.
pub(crate) async fn delete<T: Resource>(call: Call) -> Result<Json<Value>, ApiError> {
    let (document, resource) = find::<T>(&call, call.id()).await?;
    T::may_go(&call, &document.public_id()).await?;
    let message = format!("The {} {} was deleted.", T::WHAT, resource.name());
    let event = call.event("Deleted", &document.public_id(), message);
    call.app.store.delete_document(document.id, &event).await?;
    Ok(Json(json!({})))
}

fn owner_row<T: Resource>(resource: &T) -> i64 {
    let number = resource
        .owner()
        .rsplit_once('-')
        .map(|(_, number)| number.parse());
    number.and_then(Result::ok).unwrap_or(0)
}

/// The resource in a document.
pub(crate) fn from_document<T: Resource>(document: &Document) -> Result<T, ApiError> {
    let mut resource: T =
        serde_json::from_str(&document.body).map_err(|error| ApiError::internal(&error))?;
    resource.place(document);
    Ok(resource)
}

/// What is stored of a resource.
pub(crate) fn stored<T: Serialize>(resource: &T) -> Result<String, ApiError> {
    let mut value = serde_json::to_value(resource).map_err(|error| ApiError::internal(&error))?;
    if let Some(fields) = value.as_object_mut() {
        for made in ["Id", "Links", "ScopeValues"] {
            fields.remove(made);
        }
    }
    Ok(value.to_string())
}

/// `Self` and others, from paths below the space.
pub(crate) fn links(space: i64, paths: &[(&str, String)]) -> api::Links {
    let links = paths
        .iter()
        .map(|(name, path)| ((*name).to_owned(), super::call::link(space, path)));
    links.collect()
}

/// A name for addresses: lower case letters, digits and single dashes.
pub(crate) fn slug(name: &str) -> String {
    let mut slug = String::new();
    for character in name.trim().to_lowercase().chars() {
        match character.is_alphanumeric() {
            true => slug.push(character),
            false if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
            false => {}
        }
    }
    slug.trim_end_matches('-').to_owned()
}
