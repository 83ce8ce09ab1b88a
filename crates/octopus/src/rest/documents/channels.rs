//! Channels of projects.

use api::{Channel, Lifecycle, Project};

use super::{Resource, every, find, links, list_of};
use crate::{
    auth,
    error::ApiError,
    lookup,
    rest::{
        call::{Call, Paging, space_id},
        mistakes::{Mistakes, shown},
    },
    store::documents::Document,
};

impl Resource for Channel {
    const KIND: &'static str = "Channels";
    const TYPE: &'static str = "Channel";
    const WHAT: &'static str = "channel";

    fn name(&self) -> &str {
        &self.name
    }

    fn owner(&self) -> &str {
        &self.project_id
    }

    fn place(&mut self, document: &Document) {
        self.id = document.public_id();
        self.space_id = space_id(document.space_id);
        self.project_id = format!("Projects-{}", document.owner_id);
        let own = format!("channels/{}", self.id);
        self.links = links(
            document.space_id,
            &[
                ("Project", format!("projects/{}", self.project_id)),
                ("Releases", format!("{own}/releases")),
                ("Self", own),
            ],
        );
    }

    async fn check(&mut self, call: &Call, before: Option<&Self>) -> Result<(), ApiError> {
        let mut mistakes = Mistakes::default();
        mistakes.name("Name", &self.name);
        match find::<Project>(call, &self.project_id).await {
            Ok((_, project)) => self.project_id = project.id,
            Err(_) => mistakes.add(format!(
                "ProjectId `{}`: this space has no project with this id.",
                shown(&self.project_id)
            )),
        }
        if let Some(id) = &mut self.lifecycle_id {
            match find::<Lifecycle>(call, id).await {
                // Given by name, kept by id.
                Ok((_, lifecycle)) => *id = lifecycle.id,
                Err(_) => mistakes.add(format!(
                    "LifecycleId `{}`: this space has no lifecycle with this id.",
                    shown(id)
                )),
            }
        }
        for rule in &mut self.rules {
            if !rule.version_range.is_empty()
                && let Err(error) = rule.version_range.parse::<nupkg::VersionRange>()
            {
                mistakes.add(format!(
                    "Rules.VersionRange `{}`: {error}",
                    shown(&rule.version_range)
                ));
            }
            if let Err(error) = conductor::release::check_tag(&rule.tag) {
                mistakes.add(format!("Rules.Tag `{}`: {error}", shown(&rule.tag)));
            }
            if rule.action_packages.is_empty() {
                mistakes.add("Rules.ActionPackages: a rule is about at least one package.");
            }
            if rule.id.is_empty() {
                rule.id = auth::new_id()?;
            }
        }
        mistakes.check()?;
        // The first channel is the default one, until another takes its place.
        let was_default = before.is_some_and(|before| before.is_default);
        if was_default {
            self.is_default = true;
        } else if self.is_default {
            let owner = lookup::row_id("Projects", &self.project_id);
            for mut other in every::<Self>(call, owner).await? {
                if other.is_default {
                    other.is_default = false;
                    give_up_default(call, other).await?;
                }
            }
        }
        Ok(())
    }

    async fn may_go(call: &Call, id: &str) -> Result<(), ApiError> {
        let (_, channel) = find::<Self>(call, id).await?;
        match channel.is_default {
            true => Err(ApiError::bad(
                "The default channel can't be deleted; make another one the default first.",
            )),
            false => Ok(()),
        }
    }
}

async fn give_up_default(call: &Call, channel: Channel) -> Result<(), ApiError> {
    let (document, _) = find::<Channel>(call, &channel.id).await?;
    let message = format!("The channel {} is no longer the default.", channel.name);
    let event = call.event("Modified", &channel.id, message);
    let body = super::stored(&channel)?;
    let store = &call.app.store;
    store
        .change_document(document.id, document.revision, &channel.name, &body, &event)
        .await?;
    Ok(())
}

/// `GET /api/{space}/projects/{id}/channels`
pub(in crate::rest) async fn of_project(
    call: Call,
    paging: Paging,
) -> Result<axum::Json<api::Page<Channel>>, ApiError> {
    let (project, _) = find::<Project>(&call, call.id()).await?;
    list_of(&call, &paging, Some(project.id))
        .await
        .map(axum::Json)
}
