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

/// An environment on the way of a release.
pub(crate) struct Place {
    /// `Environments-1`.
    pub(crate) id: String,
    pub(crate) name: String,
    /// Why the release can't go there now.
    pub(crate) obstacle: Option<String>,
}

/// The environments on the way of a release with this row id, in the order of its phases.
pub(crate) async fn places(
    call: &Call,
    project: &Project,
    release: &Release,
    row: i64,
) -> Result<Vec<Place>, ApiError> {
    let way = way(call, project, release, row).await?;
    let names = environments::ids_and_names(call).await?;
    let mut places: Vec<Place> = Vec::new();
    for id in way.shown().into_iter().flat_map(|phase| phase.environments) {
        let name = names.iter().find(|(other, _)| *other == id);
        if let Some((_, name)) = name
            && !places.iter().any(|place| place.id == id)
        {
            places.push(Place {
                obstacle: way.leads_to(&id).err(),
                name: name.clone(),
                id,
            });
        }
    }
    Ok(places)
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
