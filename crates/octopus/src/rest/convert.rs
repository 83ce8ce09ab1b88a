//! From rows to resources.

use std::collections::BTreeMap;

use api::{
    CommunicationStyle, Endpoint, Environment, Links, LogCategory, Machine, Package, Task,
    TaskName, TaskState, TentacleVersionDetails, UpgradeStatus,
};
use jiff::Timestamp;
use nupkg::NuGetVersion;

use crate::{
    app::App,
    lookup,
    rest::{call, documents},
    store::{self, Result, environments, packages, tasks},
    tentacles,
};

/// RFC 3339 in UTC.
pub(crate) fn time(ms: i64) -> String {
    Timestamp::from_millisecond(ms).map_or_else(|_| String::new(), |time| time.to_string())
}

pub(crate) fn environment(row: environments::Environment) -> Environment {
    let id = lookup::environment_id(row.id);
    let own = call::link(row.space_id, &format!("environments/{id}"));
    let machines = format!("{own}/machines");
    Environment {
        links: Links::from([("Self".to_owned(), own), ("Machines".to_owned(), machines)]),
        id,
        space_id: call::space_id(row.space_id),
        slug: documents::slug(&row.name),
        name: row.name,
        description: row.description,
        sort_order: row.sort_order,
        use_guided_failure: row.guided_failure,
        allow_dynamic_infrastructure: row.dynamic,
    }
}

/// All machines with what an upgrade is doing to each, by name.
pub(crate) async fn machines(app: &App) -> Result<Vec<Machine>> {
    let spaces = app.store.environments().await?;
    let spaces: BTreeMap<i64, i64> = spaces.iter().map(|one| (one.id, one.space_id)).collect();
    let rows = app.store.machines().await?;
    let upgrading = app.store.activities(TaskName::Upgrade).await?;
    let carried = tentacles::carried(app).await?;
    let machine = |row: store::machines::Machine| {
        let carried = row.rid.as_ref().and_then(|rid| carried.get(rid));
        let carried = carried.and_then(|package| package.version.parse().ok());
        let busy = upgrading.contains_key(&row.id);
        let space = row.environments.iter().find_map(|id| spaces.get(id));
        let space = space.copied().unwrap_or(1);
        machine(row, carried, busy, space)
    };
    Ok(rows.into_iter().map(machine).collect())
}

fn machine(
    row: store::machines::Machine,
    carried: Option<NuGetVersion>,
    busy: bool,
    space: i64,
) -> Machine {
    let id = lookup::machine_id(row.id);
    let running: Option<NuGetVersion> = row.version.as_ref().and_then(|text| text.parse().ok());
    let available = match (&running, carried) {
        (Some(running), Some(carried)) if carried > *running => Some(carried.to_string()),
        _ => None,
    };
    // The newest version that this machine knows was tried, and is not the one that runs.
    let rolled_back = row
        .versions
        .first()
        .is_some_and(|newest| newest.standing == "Bad");
    let upgrade_status = match (busy, rolled_back) {
        (true, _) => Some(UpgradeStatus::Upgrading),
        (false, true) => Some(UpgradeStatus::RolledBack),
        (false, false) => None,
    };
    let own = call::link(space, &format!("machines/{id}"));
    let connection = format!("{own}/connection");
    Machine {
        links: Links::from([
            ("Self".to_owned(), own),
            ("Connection".to_owned(), connection),
        ]),
        id,
        space_id: call::space_id(space),
        is_disabled: row.is_disabled,
        machine_policy_id: "MachinePolicies-1".to_owned(),
        has_latest_calamari: running.is_some() && available.is_none(),
        is_in_process: busy,
        uri: row.uri.clone(),
        thumbprint: row.thumbprint.clone(),
        name: row.name,
        environment_ids: row
            .environments
            .into_iter()
            .map(lookup::environment_id)
            .collect(),
        roles: row.roles,
        endpoint: Endpoint {
            communication_style: CommunicationStyle::TentaclePassive,
            uri: row.uri,
            thumbprint: row.thumbprint,
            tentacle_version_details: TentacleVersionDetails {
                version: row.version,
                upgrade_suggested: available.is_some(),
                available_version: available,
                upgrade_status,
                versions: row.versions,
            },
        },
        health_status: row.health,
        status_summary: row.summary,
        last_seen: row.seen_at.map(time),
        rid: row.rid,
        operating_system: row.operating_system,
    }
}

pub(crate) fn package(row: packages::Package) -> Package {
    let (id, version) = (&row.package_id, &row.version);
    let raw = format!("/api/Spaces-1/packages/{id}/{version}/raw");
    let public = format!("packages-{id}.{version}");
    let own = format!("/api/Spaces-1/packages/{public}");
    Package {
        id: public,
        links: Links::from([("Self".to_owned(), own), ("Raw".to_owned(), raw)]),
        package_id: row.package_id,
        version: row.version,
        title: row.title,
        description: row.description,
        file_extension: nupkg::PackageExtension::split(&row.file_name)
            .map_or(".nupkg", |(_, extension)| extension.as_str())
            .to_owned(),
        package_size_bytes: u64::try_from(row.size).unwrap_or(0),
        hash: row.sha256,
        published: time(row.published_at),
    }
}

pub(crate) fn task(row: tasks::Task) -> Task {
    let id = lookup::task_id(row.id);
    let own = format!("/api/Spaces-1/tasks/{id}");
    let links = [
        ("Details", "/details"),
        ("Raw", "/raw"),
        ("Cancel", "/cancel"),
        ("QueuedBehind", "/queued-behind"),
        ("Self", ""),
    ];
    let until = row.completed_at.unwrap_or_else(store::now_ms);
    let rerun = format!("/api/Spaces-1/tasks/rerun/{id}");
    let interruptions = format!("/api/Spaces-1/interruptions?regarding={id}");
    let more = [("Rerun", rerun), ("Interruptions", interruptions)];
    Task {
        links: links
            .into_iter()
            .map(|(name, path)| (name, format!("{own}{path}")))
            .chain(more)
            .map(|(name, path)| (name.to_owned(), path))
            .collect(),
        id,
        has_pending_interruptions: row.is_interrupted,
        has_warnings_or_errors: row.has_warnings,
        has_been_picked_up_by_processor: row.started_at.is_some(),
        can_rerun: row.state.is_completed(),
        name: row.name,
        description: row.description,
        arguments: row.arguments,
        state: row.state,
        queue_time: time(row.queued_at),
        start_time: row.started_at.map(time),
        completed_time: row.completed_at.map(time),
        is_completed: row.state.is_completed(),
        finished_successfully: row.state == TaskState::Success,
        error_message: row.error,
        duration: row
            .started_at
            .map(|start| duration(until - start))
            .unwrap_or_default(),
    }
}

/// `0.4 s`, `7 s`, `1 m 12 s`, `2 h 5 m`.
fn duration(ms: i64) -> String {
    let ms = ms.max(0);
    let seconds = ms / 1000;
    match seconds {
        0..10 => format!("{seconds}.{} s", ms % 1000 / 100),
        10..60 => format!("{seconds} s"),
        60..3600 => format!("{} m {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} m", seconds / 3600, seconds / 60 % 60),
    }
}

/// The mark of a level in plain-text logs.
pub(crate) fn level_word(level: LogCategory) -> &'static str {
    match level {
        LogCategory::Verbose => "VERBOSE",
        LogCategory::Info => "INFO",
        LogCategory::Highlight => "HIGHLIGHT",
        LogCategory::Wait => "WAIT",
        LogCategory::Warning => "WARNING",
        LogCategory::Error => "ERROR",
    }
}
