//! Forgets releases and packages that the rules don't keep, and removes files that no package has.

use std::{collections::HashSet, time::Duration};

use api::{Release, TaskName};
use conductor::retention::{Candidate, Retention};

use crate::{
    app::App,
    depot::{DepotError, Found},
    feed::shelf::Item,
    lifetimes,
    rest::documents::Resource,
    store::{StoreError, now_ms},
    tentacles,
};

/// Time between two rounds.
const PERIOD: Duration = Duration::from_secs(3600);

/// Why a round was left.
#[derive(Debug, thiserror::Error)]
enum RetentionError {
    #[error("packages were not looked through")]
    Store(#[from] StoreError),
    #[error("releases were not looked through: {0}")]
    Releases(String),
    #[error("the files of packages were not looked through")]
    Depot(#[from] DepotError),
}

/// Looks through the feed, again and again. Without rules only files that no package has are
/// removed.
/// A file without a package may be one that another server is about to add, so it stays for `grace`.
pub(crate) async fn keep_tidy(app: App, retention: Option<Retention>, grace: Duration) {
    let mut ticks = tokio::time::interval(PERIOD);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(error) = round(&app, retention, grace).await {
            tracing::error!("{}", channel::describe(&error));
        }
    }
}

async fn round(
    app: &App,
    retention: Option<Retention>,
    grace: Duration,
) -> Result<(), RetentionError> {
    // First the releases: they keep packages.
    lifetimes::forget(app)
        .await
        .map_err(|why| RetentionError::Releases(why.message))?;
    if let Some(retention) = retention {
        forget(app, retention).await?;
    }
    sweep(app, grace).await
}

async fn forget(app: &App, retention: Retention) -> Result<(), RetentionError> {
    let in_use = InUse::read(app).await?;
    let shelf = app.shelf().await?;
    for versions in shelf.all().chunk_by(|one, other| one.key == other.key) {
        let candidate = |item: &std::sync::Arc<Item>| {
            let age = now_ms().saturating_sub(item.package.published_at);
            (
                in_use.has(item),
                Duration::from_millis(u64::try_from(age).unwrap_or(0)),
            )
        };
        let looked_at: Vec<(bool, Duration)> = versions.iter().map(candidate).collect();
        let candidates: Vec<Candidate<'_>> = versions
            .iter()
            .zip(&looked_at)
            .map(|(item, (in_use, age))| Candidate {
                version: &item.version,
                age: *age,
                in_use: *in_use,
            })
            .collect();
        for place in retention.expired(&candidates) {
            let Some(item) = versions.get(place) else {
                continue;
            };
            app.store.remove_package(item.package.id).await?;
            tracing::info!("{} is kept no longer", item.package.file_name);
        }
    }
    Ok(())
}

/// What something refers to.
struct InUse {
    /// Ids in lower case, and versions.
    packages: HashSet<(String, String)>,
    /// Versions of Tentacle.
    tentacles: HashSet<String>,
}

impl InUse {
    async fn read(app: &App) -> Result<Self, StoreError> {
        let mut packages = HashSet::new();
        let mut tentacles = HashSet::from([app.version.to_string()]);
        for arguments in app.store.all_arguments(TaskName::DeployPackage).await? {
            if let (Some(id), Some(version)) = (arguments.package_id, arguments.package_version) {
                packages.insert((id.to_lowercase(), version));
            }
        }
        for body in app.store.bodies(Release::KIND).await? {
            let release: Release = serde_json::from_str(&body)
                .map_err(|error| StoreError::Damaged(error.to_string()))?;
            packages.extend(chosen(&release));
        }
        let upgrades = app.store.all_arguments(TaskName::Upgrade).await?;
        tentacles.extend(
            upgrades
                .into_iter()
                .filter_map(|arguments| arguments.version),
        );
        let machines = app.store.machines().await?;
        tentacles.extend(machines.into_iter().filter_map(|machine| machine.version));
        Ok(Self {
            packages,
            tentacles,
        })
    }

    fn has(&self, item: &Item) -> bool {
        let version = &item.package.version;
        if tentacles::is_tentacle(&item.package.package_id) {
            return self.tentacles.contains(version);
        }
        self.packages.contains(&(item.key.clone(), version.clone()))
    }
}

/// The packages that a release was made of: id in lower case, and version.
fn chosen(release: &Release) -> Vec<(String, String)> {
    let steps = release.snapshot.iter().flat_map(|it| &it.process.steps);
    let actions = steps.flat_map(|step| &step.actions);
    let references =
        actions.flat_map(|action| action.packages.iter().map(move |package| (action, package)));
    let versions = references.filter_map(|(action, package)| {
        let mut chosen = release.selected_packages.iter();
        let of = chosen.find(|one| {
            one.action_name.eq_ignore_ascii_case(&action.name)
                && one
                    .package_reference_name
                    .eq_ignore_ascii_case(&package.name)
        })?;
        Some((package.package_id.to_lowercase(), of.version.clone()))
    });
    versions.collect()
}

/// Removes the files that no package has. A task that runs may still send the content that a
/// push has replaced, so nothing is removed while there is one.
async fn sweep(app: &App, grace: Duration) -> Result<(), RetentionError> {
    let files = app.depot.contents().await?;
    for Found { sha256, age } in files {
        if age < grace || app.store.is_content_known(&sha256).await? {
            continue;
        }
        // Nobody pushes the same content between the look and the removal.
        let _nobody_pushes = app.depot.closed().await;
        let is_young = app.depot.age(&sha256).await?.is_none_or(|age| age < grace);
        let is_needed = is_young
            || app.store.is_content_known(&sha256).await?
            || app.store.has_unfinished_tasks().await?;
        if !is_needed {
            app.depot.remove(&sha256).await?;
        }
    }
    Ok(())
}
