//! Projects, and what of them is made with them.

pub(in crate::rest) mod copy;

use api::{Lifecycle, Project, ProjectGroup};
use serde_json::json;

use super::{Resource, every, find, links, slug};
use crate::{
    error::ApiError,
    rest::{
        call::{Call, space_id},
        mistakes::{Mistakes, shown},
    },
    store::documents::{Document, NewDocument},
};

impl Resource for Project {
    const KIND: &'static str = "Projects";
    const TYPE: &'static str = "Project";
    const WHAT: &'static str = "project";

    fn name(&self) -> &str {
        &self.name
    }

    fn slug(&self) -> &str {
        &self.slug
    }

    fn place(&mut self, document: &Document) {
        self.id = document.public_id();
        self.space_id = space_id(document.space_id);
        self.variable_set_id = format!("variableset-{}", self.id);
        self.deployment_process_id = format!("deploymentprocess-{}", self.id);
        let own = format!("projects/{}", self.id);
        let below = |name: &'static str| (name, format!("{own}/{}", name.to_lowercase()));
        self.links = links(
            document.space_id,
            &[
                below("Channels"),
                below("Releases"),
                below("Triggers"),
                ("DeploymentProcess", format!("{own}/deploymentprocesses")),
                ("Progression", format!("{own}/progression")),
                ("Variables", format!("variables/{}", self.variable_set_id)),
                ("Self", own.clone()),
            ],
        );
    }

    async fn check(&mut self, call: &Call, before: Option<&Self>) -> Result<(), ApiError> {
        let mut mistakes = Mistakes::default();
        mistakes.name("Name", &self.name);
        if find::<ProjectGroup>(call, &self.project_group_id)
            .await
            .is_err()
        {
            mistakes.add(format!(
                "ProjectGroupId `{}`: this space has no project group with this id.",
                shown(&self.project_group_id)
            ));
        }
        if find::<Lifecycle>(call, &self.lifecycle_id).await.is_err() {
            mistakes.add(format!(
                "LifecycleId `{}`: this space has no lifecycle with this id.",
                shown(&self.lifecycle_id)
            ));
        }
        if self.slug.is_empty() {
            self.slug = before.map_or_else(|| slug(&self.name), |before| before.slug.clone());
        }
        if self.slug != slug(&self.slug) || self.slug.is_empty() {
            mistakes.add(format!(
                "Slug `{}`: a slug takes lower-case letters, digits and single dashes.",
                shown(&self.slug)
            ));
        }
        let own = before.map_or("", |before| before.id.as_str());
        let others = every::<Self>(call, None).await?;
        if others
            .iter()
            .any(|other| other.slug == self.slug && other.id != own)
        {
            mistakes.add(format!(
                "Slug `{}`: another project has it already; choose another.",
                self.slug
            ));
        }
        mistakes.check()?;
        // Given by name, kept by id.
        self.project_group_id = find::<ProjectGroup>(call, &self.project_group_id)
            .await?
            .1
            .id;
        self.lifecycle_id = find::<Lifecycle>(call, &self.lifecycle_id).await?.1.id;
        Ok(())
    }

    fn children(&self, call: &Call) -> Result<Vec<NewDocument>, ApiError> {
        let child = |kind, name: &str, body: serde_json::Value| NewDocument {
            kind,
            space_id: call.space,
            owner_id: 0,
            name: name.to_owned(),
            body: body.to_string(),
        };
        Ok(vec![
            child(
                "Channels",
                "Default",
                json!({ "Name": "Default", "IsDefault": true }),
            ),
            child("deploymentprocess", "", json!({})),
            child("variableset", "", json!({})),
        ])
    }
}
