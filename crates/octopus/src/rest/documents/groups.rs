//! Project groups.

use api::{Project, ProjectGroup};

use super::{Resource, every, links};
use crate::{
    error::ApiError,
    rest::{
        call::{Call, space_id},
        mistakes::Mistakes,
    },
    store::documents::Document,
};

impl Resource for ProjectGroup {
    const KIND: &'static str = "ProjectGroups";
    const TYPE: &'static str = "ProjectGroup";
    const WHAT: &'static str = "project group";

    fn name(&self) -> &str {
        &self.name
    }

    fn place(&mut self, document: &Document) {
        self.id = document.public_id();
        self.space_id = space_id(document.space_id);
        let own = format!("projectgroups/{}", self.id);
        self.links = links(
            document.space_id,
            &[("Projects", format!("{own}/projects")), ("Self", own)],
        );
    }

    async fn check(&mut self, _call: &Call, _before: Option<&Self>) -> Result<(), ApiError> {
        let mut mistakes = Mistakes::default();
        mistakes.name("Name", &self.name);
        mistakes.check()
    }

    async fn may_go(call: &Call, id: &str) -> Result<(), ApiError> {
        let projects = every::<Project>(call, None).await?;
        match projects
            .iter()
            .find(|project| project.project_group_id == id)
        {
            None => Ok(()),
            Some(project) => Err(ApiError::bad(format!(
                "The project group holds the project {}; move or delete its projects first.",
                project.name
            ))),
        }
    }
}
