//! Pages whose every text is hostile.

mod pages;

use api::{HealthStatus, LogCategory, TaskState};
use jiff::{SignedDuration, Timestamp};

pub(super) use pages::every_page;

use crate::portal::view::*;

/// 2026-11-23 23:49:12 UTC.
pub(super) const NOW: Timestamp = Timestamp::constant(1_795_477_752, 0);

/// What must never reach a page as it is.
pub(super) const HOSTILE: &str = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>&amp;";

pub(super) fn hostile() -> String {
    HOSTILE.to_owned()
}

pub(super) fn before(seconds: i64) -> Timestamp {
    NOW - SignedDuration::from_secs(seconds)
}

pub(super) fn shell() -> Shell {
    Shell {
        user: hostile(),
        csrf: "token".to_owned(),
        server_version: hostile(),
        now: Now(NOW),
        section: Section::Tasks,
    }
}

pub(super) fn machine(name: &str) -> MachineRow {
    MachineRow {
        id: format!("Machines-{name}"),
        name: name.to_owned(),
        roles: vec!["web".to_owned()],
        health: HealthStatus::Healthy,
        summary: String::new(),
        version: Some("1.0.0".to_owned()),
        available: Some("2.0.0".to_owned()),
        upgrade: Upgrade::None,
        last_seen: Some(before(180)),
    }
}

pub(super) fn fleet(filter: MachineFilter, machines: Vec<MachineRow>) -> EnvironmentsPage {
    let section = |number: usize, machines| EnvironmentSection {
        id: format!("Environments-{number}"),
        name: hostile(),
        description: hostile(),
        machines,
    };
    EnvironmentsPage {
        shell: shell(),
        filter,
        environments: vec![section(1, machines.clone()), section(2, machines)],
        server_url: hostile(),
        server_thumbprint: hostile(),
    }
}

pub(super) fn task(state: TaskState) -> TaskView {
    let machine = |number: usize, state, error: &str| TaskMachine {
        id: format!("Machines-{number}"),
        name: hostile(),
        state,
        activity: hostile(),
        percent: Some(42),
        bytes: None,
        error: error.to_owned(),
        started: Some(before(60)),
        completed: None,
    };
    TaskView {
        id: "ServerTasks-7".to_owned(),
        state,
        description: hostile(),
        activity: hostile(),
        percent: Some(38),
        error: if state == TaskState::Failed {
            hostile()
        } else {
            String::new()
        },
        queued: before(75),
        started: Some(before(72)),
        completed: state.is_completed().then(|| before(1)),
        machines: vec![
            machine(1, TaskState::Executing, ""),
            machine(2, TaskState::Failed, HOSTILE),
        ],
        artifacts: vec![TaskArtifact {
            id: "Artifacts-1".to_owned(),
            name: hostile(),
            size: 1234,
            machine: hostile(),
        }],
        questions: vec![TaskQuestion {
            id: "Interruptions-1".to_owned(),
            title: hostile(),
            instructions: hostile(),
            responsible: hostile(),
            choices: vec![("Proceed", "Proceed"), ("Abort", "Abort")],
        }],
    }
}

pub(super) fn line(sequence: u64, machine: Option<&str>, step: &str, text: &str) -> LogLine {
    LogLine {
        sequence,
        at: before(60),
        level: if sequence.is_multiple_of(2) {
            LogCategory::Info
        } else {
            LogCategory::Warning
        },
        machine: machine.map(str::to_owned),
        step: step.to_owned(),
        text: text.to_owned(),
    }
}

pub(super) fn log() -> Vec<LogLine> {
    vec![
        line(1, None, HOSTILE, HOSTILE),
        line(2, Some("Machines-1"), HOSTILE, HOSTILE),
        line(3, Some("Machines-2"), "", HOSTILE),
        line(4, Some(HOSTILE), "", HOSTILE),
    ]
}

pub(super) fn task_page(state: TaskState, lines: Vec<LogLine>, query: &str) -> TaskPage {
    TaskPage {
        shell: shell(),
        task: task(state),
        lines,
        query: query.to_owned(),
    }
}

/// Machines in every state.
pub(super) fn machines() -> Vec<MachineRow> {
    let rolled_back = Upgrade::RolledBack {
        version: "2.0.0".to_owned(),
        reason: hostile(),
        detail: hostile(),
        task: Some("ServerTasks-7".to_owned()),
    };
    vec![
        machine("plain"),
        MachineRow {
            upgrade: rolled_back.clone(),
            ..machine("rolled-back")
        },
        MachineRow {
            upgrade: rolled_back,
            available: Some("2.0.1".to_owned()),
            ..machine("rolled-back-newer")
        },
        MachineRow {
            upgrade: Upgrade::Running {
                task: hostile(),
                activity: hostile(),
                percent: Some(7),
            },
            ..machine("running")
        },
        MachineRow {
            health: HealthStatus::Unavailable,
            summary: hostile(),
            roles: vec![hostile()],
            ..machine("offline")
        },
        MachineRow {
            health: HealthStatus::Unhealthy,
            version: Some(hostile()),
            available: None,
            ..machine("unhealthy")
        },
        MachineRow {
            health: HealthStatus::Unknown,
            last_seen: None,
            version: None,
            available: None,
            ..machine("new")
        },
    ]
}

pub(super) fn upgrade(target: UpgradeTarget, machines: &[&str]) -> UpgradePage {
    UpgradePage {
        shell: shell(),
        target,
        version: Some("2.0.0".to_owned()),
        machines: machines.iter().map(|name| (*name).to_owned()).collect(),
        left_out: vec![LeftOut {
            why: hostile(),
            machines: vec![hostile()],
        }],
        warning: Some(hostile()),
        error: Some(hostile()),
    }
}
