//! A fleet in every state.

use api::HealthStatus;
use jiff::{SignedDuration, Timestamp};
use octopus::portal::view::{EnvironmentSection, MachineRow, Standing, Upgrade, VersionRow};

/// Some time before now.
pub(crate) fn before(now: Timestamp, seconds: i64) -> Timestamp {
    now.saturating_sub(SignedDuration::from_secs(seconds))
        .unwrap_or(now)
}

fn machine(now: Timestamp, number: usize, name: &str, roles: &[&str]) -> MachineRow {
    MachineRow {
        id: format!("Machines-{number}"),
        name: name.to_owned(),
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        health: HealthStatus::Healthy,
        summary: "Tentacle answered in 4 ms.".to_owned(),
        version: Some("2.0.0".to_owned()),
        available: None,
        upgrade: Upgrade::None,
        last_seen: Some(before(now, 5 + (number as i64 * 7) % 55)),
    }
}

fn behind(machine: MachineRow) -> MachineRow {
    MachineRow {
        version: Some("1.0.0".to_owned()),
        available: Some("2.0.0".to_owned()),
        ..machine
    }
}

/// A machine on which 2.0.0 crashed.
pub(crate) fn rolled_back(now: Timestamp) -> MachineRow {
    MachineRow {
        upgrade: Upgrade::RolledBack {
            version: "2.0.0".to_owned(),
            reason: "crashed".to_owned(),
            detail: "It ended 5 times in 0.4 s, last with exit code 101.".to_owned(),
            task: Some("ServerTasks-41".to_owned()),
        },
        ..behind(machine(now, 3, "web-03", &["web"]))
    }
}

fn staging(now: Timestamp) -> Vec<MachineRow> {
    let running = |activity: &str, percent| Upgrade::Running {
        task: "ServerTasks-42".to_owned(),
        activity: activity.to_owned(),
        percent,
    };
    vec![
        MachineRow {
            health: HealthStatus::Unhealthy,
            summary: "The disk of /var/lib/tentacle has 12 MB left; a deployment needs 500 MB."
                .to_owned(),
            ..behind(machine(now, 1, "db-01", &["database", "primary"]))
        },
        MachineRow {
            upgrade: running("Copying the package", Some(42)),
            ..behind(machine(now, 2, "web-01", &["web"]))
        },
        MachineRow {
            upgrade: running("Waiting for the new version to prove itself", None),
            ..behind(machine(now, 4, "web-02", &["web"]))
        },
        rolled_back(now),
        behind(machine(now, 5, "web-04", &["web", "canary"])),
        machine(now, 6, "web-05", &["web"]),
        MachineRow {
            health: HealthStatus::Unavailable,
            summary:
                "No answer at https://worker-01.staging.example.com:10933/: connection refused."
                    .to_owned(),
            last_seen: Some(before(now, 3 * 3600)),
            ..behind(machine(now, 7, "worker-01", &["worker"]))
        },
        MachineRow {
            health: HealthStatus::Unknown,
            summary: String::new(),
            version: None,
            last_seen: None,
            ..machine(
                now,
                8,
                "worker-02-with-a-name-that-somebody-made-very-long-indeed",
                &["worker", "queue", "reports", "nightly-batch"],
            )
        },
        MachineRow {
            available: Some("2.0.1".to_owned()),
            upgrade: Upgrade::RolledBack {
                version: "2.0.0".to_owned(),
                reason: "unconfirmed".to_owned(),
                detail: "No server called within 5 minutes.".to_owned(),
                task: None,
            },
            ..behind(machine(
                now,
                9,
                "<script>alert(1)</script>",
                &["\"><img src=x>"],
            ))
        },
    ]
}

/// Environments with machines in every state, and one with many.
pub(crate) fn environments(now: Timestamp) -> Vec<EnvironmentSection> {
    let production = (1..=37).map(|number| {
        let row = machine(
            now,
            100 + number,
            &format!("prod-web-{number:02}"),
            &["web"],
        );
        match number {
            9 | 23 | 31 => MachineRow {
                health: HealthStatus::Unavailable,
                summary: "No answer: timed out after 10 s.".to_owned(),
                last_seen: Some(before(now, 86_400 * 4)),
                ..behind(row)
            },
            _ if number % 3 == 0 => row,
            _ => behind(row),
        }
    });
    let section = |number: usize, name: &str, description: &str, machines| EnvironmentSection {
        id: format!("Environments-{number}"),
        name: name.to_owned(),
        description: description.to_owned(),
        machines,
    };
    vec![
        section(
            1,
            "Staging",
            "What customers see a week later",
            staging(now),
        ),
        section(2, "Production", "", production.collect()),
        section(
            3,
            "Disaster recovery",
            "Empty until the second site is up",
            Vec::new(),
        ),
    ]
}

/// What became of each version on `web-03`.
pub(crate) fn versions() -> Vec<VersionRow> {
    let row = |version: &str, standing, running| VersionRow {
        version: version.to_owned(),
        running,
        standing,
        reason: String::new(),
        detail: String::new(),
        last_lines: Vec::new(),
    };
    vec![
        VersionRow {
            reason: "crashed".to_owned(),
            detail: "It ended 5 times in 0.4 s, last with exit code 101.".to_owned(),
            last_lines: vec![
                "tentacle 2.0.0 starts, home /var/lib/tentacle".to_owned(),
                "thread 'main' panicked: configuration <unreadable>".to_owned(),
                "note: run with RUST_BACKTRACE=1 for the path that led there".to_owned(),
            ],
            ..row("2.0.0", Standing::Bad, false)
        },
        row("1.1.0-rc.1+build.77", Standing::Trial, false),
        row("1.0.0", Standing::Good, true),
        row("0.9.4", Standing::Unknown, false),
    ]
}
