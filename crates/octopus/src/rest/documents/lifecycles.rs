//! Lifecycles.

use api::{Channel, Lifecycle, Project};

use super::{Resource, every, links};
use crate::{
    auth,
    error::ApiError,
    rest::{
        call::{Call, space_id},
        documents::environments,
        mistakes::{Mistakes, shown},
    },
    store::documents::Document,
};

impl Resource for Lifecycle {
    const KIND: &'static str = "Lifecycles";
    const TYPE: &'static str = "Lifecycle";
    const WHAT: &'static str = "lifecycle";

    fn name(&self) -> &str {
        &self.name
    }

    fn place(&mut self, document: &Document) {
        self.id = document.public_id();
        self.space_id = space_id(document.space_id);
        let own = format!("lifecycles/{}", self.id);
        self.links = links(
            document.space_id,
            &[("Projects", format!("{own}/projects")), ("Self", own)],
        );
    }

    async fn check(&mut self, call: &Call, _before: Option<&Self>) -> Result<(), ApiError> {
        let mut mistakes = Mistakes::default();
        mistakes.name("Name", &self.name);
        let names = self.phases.iter().map(|phase| phase.name.as_str());
        mistakes.different("Phases.Name", names);
        let known = environments::ids(call).await?;
        for phase in &mut self.phases {
            mistakes.name("Phases.Name", &phase.name);
            for id in phase
                .optional_deployment_targets
                .iter()
                .chain(&phase.automatic_deployment_targets)
            {
                if !known.contains(id) {
                    mistakes.add(format!(
                        "Phases.OptionalDeploymentTargets `{}`: this space has no environment with this id.",
                        shown(id)
                    ));
                }
            }
            let there =
                phase.optional_deployment_targets.len() + phase.automatic_deployment_targets.len();
            if usize::try_from(phase.minimum_environments_before_promotion)
                .is_ok_and(|least| least > there.max(known.len()))
            {
                mistakes.add(format!(
                    "Phases.MinimumEnvironmentsBeforePromotion `{}`: the phase {} has not so many environments.",
                    phase.minimum_environments_before_promotion, phase.name
                ));
            }
            if phase.id.is_empty() {
                phase.id = auth::new_id()?;
            }
        }
        mistakes.check()
    }

    async fn may_go(call: &Call, id: &str) -> Result<(), ApiError> {
        let projects = every::<Project>(call, None).await?;
        let project = projects.iter().find(|project| project.lifecycle_id == id);
        let channels = every::<Channel>(call, None).await?;
        let channel = channels
            .iter()
            .find(|channel| channel.lifecycle_id.as_deref() == Some(id));
        let user = project
            .map(|project| format!("project {}", project.name))
            .or_else(|| channel.map(|channel| format!("channel {}", channel.name)));
        match user {
            None => Ok(()),
            Some(user) => Err(ApiError::bad(format!(
                "The lifecycle is used by the {user}; give that another one first."
            ))),
        }
    }
}
