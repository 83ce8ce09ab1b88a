//! Which lifecycle holds for a release, and how long it keeps things; releases that it keeps no
//! longer are forgotten.

use std::{collections::HashMap, time::Duration};

use api::{Channel, Lifecycle, Project, Release, RetentionPeriod, RetentionUnit};
use conductor::retention::{self as rules, Keep};

use crate::{
    app::App,
    error::ApiError,
    lookup,
    rest::{
        call::Call,
        documents::{Resource, every, from_document},
    },
    store::{
        self, Store, StoreError,
        documents::{Document, Wanted},
        now_ms,
        releases::Visit,
    },
};

const DAY: Duration = Duration::from_secs(86_400);

/// The lifecycles of all spaces, the oldest first.
pub(crate) struct Lifecycles(Vec<Lifecycle>);

impl Lifecycles {
    /// Reads them all.
    pub(crate) async fn read(store: &Store) -> store::Result<Self> {
        let documents = store.documents_of(&[Lifecycle::KIND]).await?;
        let all = documents.iter().map(of_document).collect::<Result<_, _>>();
        all.map(Self)
    }

    /// The one that holds for the releases of a channel: the channel's own, else the project's,
    /// else the space's first one, which is the default.
    ///
    /// Source: Octopus's documentation of channels: a channel without a lifecycle takes over the
    /// project's.
    pub(crate) fn of(&self, project: &Project, channel: Option<&Channel>) -> Option<&Lifecycle> {
        let own = |one: &&Lifecycle| one.space_id == project.space_id;
        let here = || self.0.iter().filter(own);
        let named = |text: &str| {
            // Channels kept names once.
            let same = |name: &str| name.to_lowercase() == text.to_lowercase();
            here().find(|one| one.id == text || same(&one.name))
        };
        channel
            .and_then(|channel| named(channel.lifecycle_id.as_deref()?))
            .or_else(|| named(&project.lifecycle_id))
            .or_else(|| here().next())
    }
}

/// The lifecycle that holds for one release.
pub(crate) async fn lifecycle(
    store: &Store,
    project: &Project,
    release: &Release,
) -> store::Result<Option<Lifecycle>> {
    let channel = match lookup::row_id(Channel::KIND, &release.channel_id) {
        Some(row) => store.document(Channel::KIND, row).await?,
        None => None,
    };
    let channel: Option<Channel> = channel.as_ref().map(of_document).transpose()?;
    let all = Lifecycles::read(store).await?;
    Ok(all.of(project, channel.as_ref()).cloned())
}

fn of_document<T: Resource>(document: &Document) -> store::Result<T> {
    from_document(document).map_err(|_| StoreError::Damaged(document.public_id()))
}

/// What holds for the releases that go through a lifecycle into an environment; `None`: for those
/// that have been nowhere.
pub(crate) fn of_releases(lifecycle: &Lifecycle, environment: Option<&str>) -> RetentionPeriod {
    let phase = phase_of(lifecycle, environment);
    let own = phase.and_then(|phase| phase.release_retention_policy.clone());
    own.unwrap_or_else(|| lifecycle.release_retention_policy.clone())
}

/// What holds for what machines of an environment keep.
pub(crate) fn of_machines(lifecycle: &Lifecycle, environment: &str) -> RetentionPeriod {
    let phase = phase_of(lifecycle, Some(environment));
    let own = phase.and_then(|phase| phase.tentacle_retention_policy.clone());
    own.unwrap_or_else(|| lifecycle.tentacle_retention_policy.clone())
}

/// The phase that names an environment, or else the one that takes all that no other names.
fn phase_of<'a>(lifecycle: &'a Lifecycle, environment: Option<&str>) -> Option<&'a api::Phase> {
    let environment = environment?;
    let named = |phase: &&api::Phase| {
        let lists = [
            &phase.optional_deployment_targets,
            &phase.automatic_deployment_targets,
        ];
        lists.into_iter().flatten().any(|id| id == environment)
    };
    let open = |phase: &&api::Phase| {
        phase.optional_deployment_targets.is_empty()
            && phase.automatic_deployment_targets.is_empty()
    };
    let phases = || lifecycle.phases.iter();
    phases().find(named).or_else(|| phases().find(open))
}

fn keep(period: &RetentionPeriod) -> Keep {
    let days = |count: u32| DAY.checked_mul(count).unwrap_or(Duration::MAX);
    match (period.should_keep_forever, period.unit) {
        (true, _) => Keep::Forever,
        (false, RetentionUnit::Items) => {
            Keep::Items(usize::try_from(period.quantity_to_keep).unwrap_or(usize::MAX))
        }
        (false, RetentionUnit::Days) => Keep::Younger(days(period.quantity_to_keep)),
    }
}

/// Looks through all projects once.
pub(crate) async fn forget(app: &App) -> Result<(), ApiError> {
    let lifecycles = Lifecycles::read(&app.store).await?;
    for document in app.store.documents_of(&[Project::KIND]).await? {
        let project: Project = from_document(&document)?;
        let call = Call::of_server(app, document.space_id);
        of_project(&call, &project, document.id, &lifecycles).await?;
    }
    Ok(())
}

async fn of_project(
    call: &Call,
    project: &Project,
    row: i64,
    lifecycles: &Lifecycles,
) -> Result<(), ApiError> {
    let channels = every::<Channel>(call, Some(row)).await?;
    let wanted = Wanted {
        kind: Release::KIND,
        space_id: call.space,
        owner_id: Some(row),
        part: "",
        newest_first: true,
    };
    let store = &call.app.store;
    // First the releases: what is deployed after that is seen when one is forgotten.
    let (documents, _) = store.documents(wanted, 0, i64::MAX).await?;
    let mut visits: HashMap<i64, Vec<Visit>> = HashMap::new();
    for visit in store.visits(row).await? {
        visits.entry(visit.release_id).or_default().push(visit);
    }
    let mut looked_at = Vec::new();
    for document in &documents {
        let release: Release = from_document(document)?;
        let channel = channels.iter().find(|one| one.id == release.channel_id);
        let Some(lifecycle) = lifecycles.of(project, channel) else {
            continue;
        };
        let made = release.assembled.parse::<jiff::Timestamp>();
        let visit = |visit: &Visit| rules::Visit {
            environment: visit.environment_id,
            last: visit.last,
            succeeded: Some(visit.succeeded).filter(|id| *id > 0),
            age: age(visit.last_at),
            is_open: visit.open > 0,
            keep: keep(&of_releases(
                lifecycle,
                Some(&lookup::environment_id(visit.environment_id)),
            )),
        };
        let own = visits.get(&document.id).map_or(&[][..], Vec::as_slice);
        looked_at.push(rules::Release {
            id: document.id,
            age: made.map_or(Duration::ZERO, |made| age(made.as_millisecond())),
            keep: keep(&of_releases(lifecycle, None)),
            visits: own.iter().map(visit).collect(),
        });
    }
    for id in rules::forgotten(&looked_at) {
        let Some(document) = documents.iter().find(|one| one.id == id) else {
            continue;
        };
        let last = visits
            .get(&id)
            .and_then(|own| own.iter().map(|it| it.last).max());
        let words = format!(
            "The release {} of {} was deleted, because its lifecycle keeps it no longer.",
            document.name, project.name
        );
        let event = call.event("Deleted", &document.public_id(), words);
        let last = last.unwrap_or(0);
        if store.forget_release(row, id, last, &event).await? {
            tracing::info!("{} is kept no longer", document.public_id());
        }
    }
    Ok(())
}

fn age(since: i64) -> Duration {
    let age = now_ms().saturating_sub(since);
    Duration::from_millis(u64::try_from(age).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lifecycle(id: &str, space: &str) -> Lifecycle {
        Lifecycle {
            id: format!("Lifecycles-{id}"),
            space_id: format!("Spaces-{space}"),
            name: format!("Way {id}"),
            ..Lifecycle::default()
        }
    }

    #[test]
    fn a_channel_has_its_own_lifecycle_or_the_projects_or_the_spaces_first() {
        let all = [("1", "2"), ("3", "1"), ("4", "1"), ("5", "1")];
        let all = Lifecycles(all.map(|(id, space)| lifecycle(id, space)).into());
        for (channel, project, expected) in [
            (Some("Lifecycles-5"), "Lifecycles-4", "Lifecycles-5"),
            (Some("way 5"), "Lifecycles-4", "Lifecycles-5"),
            (None, "Lifecycles-4", "Lifecycles-4"),
            // Gone, or another space's.
            (Some("Lifecycles-9"), "Lifecycles-4", "Lifecycles-4"),
            (Some("Lifecycles-1"), "Lifecycles-4", "Lifecycles-4"),
            (None, "Lifecycles-9", "Lifecycles-3"),
        ] {
            let project = Project {
                space_id: "Spaces-1".to_owned(),
                lifecycle_id: project.to_owned(),
                ..Project::default()
            };
            let channel = Channel {
                lifecycle_id: channel.map(str::to_owned),
                ..Channel::default()
            };
            let found = all.of(&project, Some(&channel)).unwrap();
            assert_eq!(found.id, expected);
        }
        let nowhere = Project {
            space_id: "Spaces-7".to_owned(),
            ..Project::default()
        };
        assert!(all.of(&nowhere, None).is_none());
    }
}
