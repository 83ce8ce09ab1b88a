//! Spaces. A new one begins with a project group and a lifecycle.

use api::Space;
use serde_json::json;

use super::{Resource, links, slug};
use crate::{
    error::ApiError,
    lookup,
    rest::{call::Call, mistakes::Mistakes},
    store::documents::{Document, NEW_SPACE, NewDocument},
};

impl Resource for Space {
    const KIND: &'static str = "Spaces";
    const TYPE: &'static str = "Space";
    const WHAT: &'static str = "space";

    fn name(&self) -> &str {
        &self.name
    }

    fn slug(&self) -> &str {
        &self.slug
    }

    fn place(&mut self, document: &Document) {
        self.id = document.public_id();
        let paths = [
            "Environments",
            "Machines",
            "Projects",
            "ProjectGroups",
            "Lifecycles",
            "Releases",
            "Deployments",
            "Tasks",
            "Feeds",
            "Packages",
            "Events",
        ];
        let below = paths.map(|name| {
            (
                name,
                format!("{}{{?skip,take,ids,partialName}}", name.to_lowercase()),
            )
        });
        self.links = links(document.id, &below);
        let own = format!("/api/spaces/{}", self.id);
        self.links.insert("Self".to_owned(), own);
    }

    async fn check(&mut self, _call: &Call, before: Option<&Self>) -> Result<(), ApiError> {
        let mut mistakes = Mistakes::default();
        mistakes.name("Name", &self.name);
        if self.slug.is_empty() {
            self.slug = slug(&self.name);
        }
        // Exactly one is the default, and it stays that.
        self.is_default = before.is_some_and(|before| before.is_default);
        mistakes.check()
    }

    fn children(&self, _call: &Call) -> Result<Vec<NewDocument>, ApiError> {
        let child = |kind, name: &str| NewDocument {
            kind,
            space_id: NEW_SPACE,
            owner_id: 0,
            name: name.to_owned(),
            body: json!({ "Name": name }).to_string(),
        };
        Ok(vec![
            child("ProjectGroups", "Default Project Group"),
            child("Lifecycles", "Default Lifecycle"),
        ])
    }

    async fn may_go(call: &Call, id: &str) -> Result<(), ApiError> {
        let row = lookup::row_id("Spaces", id).unwrap_or(0);
        if row == 1 {
            return Err(ApiError::bad("The default space can't be deleted."));
        }
        let store = &call.app.store;
        let holds = store.space_holds(row, "Projects").await?
            || !store.environments_of(row).await?.is_empty();
        match holds {
            true => Err(ApiError::bad(
                "The space holds projects or environments; delete them first.",
            )),
            false => Ok(()),
        }
    }
}
