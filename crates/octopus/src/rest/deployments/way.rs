//! How far a release has come on its way through its lifecycle, and where it may go.

use api::{Defect, Project, Release};
use conductor::release::{Phase, is_held_back, may_go_to};

use crate::{
    error::ApiError,
    lifetimes, lookup,
    rest::{
        call::Call,
        documents::{defects, environments},
        mistakes::shown,
    },
};

/// The way of a release through its lifecycle.
pub(in crate::rest) struct Way {
    /// As the conductor looks at them.
    pub(in crate::rest) phases: Vec<Phase>,
    /// The same, as people configured them.
    pub(in crate::rest) own: Vec<Option<api::Phase>>,
    /// Ids of all environments.
    pub(in crate::rest) all: Vec<String>,
    /// Ids of those where it is, or was.
    pub(in crate::rest) done: Vec<String>,
    /// What keeps it from later phases.
    pub(in crate::rest) defect: Option<Defect>,
}

impl Way {
    /// Whether it may go to an environment; else why not.
    pub(in crate::rest) fn leads_to(&self, environment: &str) -> Result<(), String> {
        may_go_to(&self.phases, &self.all, &self.done, environment)
            .map_err(|why| why.to_string())?;
        match &self.defect {
            Some(defect) if is_held_back(&self.phases, &self.all, &self.done, environment) => {
                Err(format!(
                    "a person keeps the release from later phases ({}); resolve that first",
                    shown(&defect.description)
                ))
            }
            _ => Ok(()),
        }
    }

    /// Ids of all environments that it may go to now.
    pub(in crate::rest) fn open(&self) -> Vec<String> {
        let open = self.all.iter().filter(|id| self.leads_to(id).is_ok());
        open.cloned().collect()
    }

    /// The phases with their environments.
    pub(in crate::rest) fn shown(&self) -> Vec<Phase> {
        conductor::release::shown(&self.phases, &self.all)
    }
}

/// The way of a release with this row id.
pub(in crate::rest) async fn way(
    call: &Call,
    project: &Project,
    release: &Release,
    row: i64,
) -> Result<Way, ApiError> {
    let lifecycle = lifetimes::lifecycle(&call.app.store, project, release).await?;
    let lifecycle =
        lifecycle.ok_or_else(|| ApiError::not_found("lifecycle", &project.lifecycle_id))?;
    let phase = |phase: &api::Phase| Phase {
        name: phase.name.clone(),
        environments: [
            phase.optional_deployment_targets.as_slice(),
            &phase.automatic_deployment_targets,
        ]
        .concat(),
        automatic: phase.automatic_deployment_targets.clone(),
        optional: phase.is_optional_phase,
        minimum: usize::try_from(phase.minimum_environments_before_promotion).unwrap_or(0),
    };
    let done = call.app.store.deployed_to(row).await?;
    Ok(Way {
        phases: lifecycle.phases.iter().map(phase).collect(),
        own: lifecycle.phases.into_iter().map(Some).collect(),
        all: environments::ids(call).await?,
        done: done.into_iter().map(lookup::environment_id).collect(),
        defect: defects::unresolved(call, row).await?,
    })
}
