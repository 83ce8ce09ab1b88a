//! What a server would answer.

use api::{
    CommunicationStyle, Endpoint, Environment, HealthStatus, Links, LogCategory, Machine, Package,
    PackageVersion, Page, Task, TaskArguments, TaskLogEntry, TaskName, TaskState,
    TentacleVersionDetails, UpgradeStatus, VersionRecord,
};

/// The two environments.
pub(crate) fn environments() -> Vec<Environment> {
    [
        ("Environments-1", "Staging"),
        ("Environments-2", "Production"),
    ]
    .into_iter()
    .enumerate()
    .map(|(order, (id, name))| Environment {
        id: id.to_owned(),
        name: name.to_owned(),
        description: format!("The {name} servers"),
        sort_order: order as i64,
        links: Links::new(),
        ..Environment::default()
    })
    .collect()
}

/// A page of a longer collection.
pub(crate) fn page<T>(items: Vec<T>, total: u64) -> Page<T> {
    Page {
        total_results: total,
        ..Page::whole("Item", items)
    }
}

/// A machine in Staging.
pub(crate) fn machine(id: &str, name: &str, health: HealthStatus) -> Machine {
    Machine {
        id: id.to_owned(),
        name: name.to_owned(),
        environment_ids: vec!["Environments-1".to_owned()],
        roles: vec!["web".to_owned(), "cache".to_owned()],
        endpoint: Endpoint {
            communication_style: CommunicationStyle::TentaclePassive,
            uri: format!("https://{name}:10933/"),
            thumbprint: "AB".repeat(32),
            tentacle_version_details: TentacleVersionDetails::default(),
        },
        health_status: health,
        status_summary: String::new(),
        last_seen: Some("2026-11-23T22:15:00Z".to_owned()),
        rid: Some("linux-x64".to_owned()),
        operating_system: Some("Linux 6.1".to_owned()),
        space_id: "Spaces-1".to_owned(),
        is_disabled: false,
        machine_policy_id: "MachinePolicies-1".to_owned(),
        has_latest_calamari: true,
        is_in_process: false,
        uri: format!("https://{name}:10933/"),
        thumbprint: "AB".repeat(32),
        links: Links::new(),
    }
}

/// A good one, one that was rolled back, one that was never seen.
pub(crate) fn machines() -> Vec<Machine> {
    let record = |version: &str, standing: &str, reason: &str, detail: &str| VersionRecord {
        version: version.to_owned(),
        standing: standing.to_owned(),
        reason: reason.to_owned(),
        detail: detail.to_owned(),
        last_lines: Vec::new(),
    };
    let mut good = machine("Machines-1", "web-01", HealthStatus::Healthy);
    good.endpoint.tentacle_version_details = TentacleVersionDetails {
        version: Some("1.2.0".to_owned()),
        available_version: Some("1.3.0".to_owned()),
        upgrade_suggested: true,
        upgrade_status: None,
        versions: vec![record("1.2.0", "Good", "", "")],
    };
    let mut back = machine("Machines-2", "web-02", HealthStatus::Unhealthy);
    back.status_summary = "The disk is almost full.".to_owned();
    back.endpoint.tentacle_version_details = TentacleVersionDetails {
        version: Some("1.2.0".to_owned()),
        available_version: None,
        upgrade_suggested: false,
        upgrade_status: Some(UpgradeStatus::RolledBack),
        versions: vec![
            record(
                "1.3.0",
                "Bad",
                "crashed",
                "It ended five times within 30 s.",
            ),
            record("1.2.0", "Good", "", ""),
        ],
    };
    vec![
        good,
        back,
        machine("Machines-3", "db-01", HealthStatus::Unknown),
    ]
}

/// A task in a state.
pub(crate) fn task(id: &str, state: TaskState) -> Task {
    let started = (state != TaskState::Queued).then(|| "2026-11-23T22:00:01Z".to_owned());
    let done = state.is_completed();
    Task {
        id: id.to_owned(),
        name: TaskName::DeployPackage,
        description: "Deploy Acme.Web 1.2.0 to Staging".to_owned(),
        arguments: TaskArguments::default(),
        state,
        queue_time: "2026-11-23T22:00:00Z".to_owned(),
        start_time: started,
        completed_time: done.then(|| "2026-11-23T22:01:13Z".to_owned()),
        is_completed: done,
        finished_successfully: state == TaskState::Success,
        error_message: match state {
            TaskState::Failed => "web-02: PreDeploy.sh ended with exit code 3.".to_owned(),
            _ => String::new(),
        },
        duration: if done {
            "1 m 12 s".to_owned()
        } else {
            String::new()
        },
        has_pending_interruptions: false,
        has_warnings_or_errors: state == TaskState::Failed,
        has_been_picked_up_by_processor: state != TaskState::Queued,
        can_rerun: done,
        links: Links::new(),
    }
}

/// A line of a log.
pub(crate) fn line(sequence: u64, category: LogCategory, text: &str) -> TaskLogEntry {
    TaskLogEntry {
        sequence,
        category,
        occurred_at: format!("2026-11-23T22:00:{sequence:02}Z"),
        message_text: text.to_owned(),
        machine: (sequence > 1).then(|| "web-01".to_owned()),
        step: (sequence > 2).then(|| "PreDeploy".to_owned()),
    }
}

/// A package of the feed.
pub(crate) fn package(id: &str, version: &str) -> Package {
    Package {
        id: format!("packages-{id}.{version}"),
        package_id: id.to_owned(),
        version: version.to_owned(),
        title: String::new(),
        description: String::new(),
        file_extension: ".nupkg".to_owned(),
        package_size_bytes: 1_234_567,
        hash: "cd".repeat(32),
        published: "2026-11-20T08:30:00Z".to_owned(),
        links: Links::new(),
    }
}

/// A version of a package.
pub(crate) fn version(version: &str, bytes: u64) -> PackageVersion {
    PackageVersion {
        package_id: "Acme.Web".to_owned(),
        version: version.to_owned(),
        published: "2026-11-20T08:30:00Z".to_owned(),
        size_bytes: bytes,
    }
}
