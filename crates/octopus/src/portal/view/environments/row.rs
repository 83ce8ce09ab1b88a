//! One machine in a list.

use api::HealthStatus;
use askama::Template;
use askama::filters::HtmlSafe;
use jiff::Timestamp;

use crate::portal::view::Now;
use crate::portal::view::mark::{Shape, State};

/// A machine as the Environments page shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct MachineRow {
    /// `Machines-1`.
    pub id: String,
    /// Such as `web-01`.
    pub name: String,
    /// Its roles (target tags).
    pub roles: Vec<String>,
    /// As of the last check.
    pub health: HealthStatus,
    /// One sentence about the last check; shown when it is not healthy.
    pub summary: String,
    /// The running version; `None` before the first check.
    pub version: Option<String>,
    /// The version that the server carries, when it is newer than the running one.
    pub available: Option<String>,
    /// What an upgrade is doing or came to.
    pub upgrade: Upgrade,
    /// When it last answered.
    pub last_seen: Option<Timestamp>,
}

/// How an upgrade of a machine stands.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Upgrade {
    /// Nothing to tell.
    #[default]
    None,
    /// A task is at work on it.
    Running {
        /// `ServerTasks-7`.
        task: String,
        /// What it does now, such as `Copying the package`.
        activity: String,
        /// 0 to 100; `None` when it cannot be said.
        percent: Option<u8>,
    },
    /// The newest version tried was rolled back.
    RolledBack {
        /// The version that failed.
        version: String,
        /// `crashed`, `unconfirmed` or `unhealthy`.
        reason: String,
        /// One sentence, such as `ended 5 times in 0.4 s, last with exit code 1`.
        detail: String,
        /// The task that tried it, when known.
        task: Option<String>,
    },
}

impl MachineRow {
    /// Whether "upgrade all" takes it along: a newer version is there, the machine is
    /// reachable, no task is at work on it, and that very version was not rolled back.
    pub fn is_upgradable(&self) -> bool {
        self.available.is_some()
            && self.health != HealthStatus::Unavailable
            && !matches!(self.upgrade, Upgrade::Running { .. })
            && !self.would_repeat()
    }

    /// The version on offer is the one that was rolled back: only a person tries it again.
    fn would_repeat(&self) -> bool {
        matches!(&self.upgrade, Upgrade::RolledBack { version, .. }
            if self.available.as_deref() == Some(version))
    }

    /// A person may try the rolled back version once more.
    pub(crate) fn can_repeat(&self) -> bool {
        self.would_repeat() && self.health != HealthStatus::Unavailable
    }
}

/// A row with the moment for its times.
#[derive(Template)]
#[template(path = "parts/machine_row.html")]
pub(super) struct Row {
    /// A machine may be in several environments: keeps the HTML ids apart.
    pub(super) environment: String,
    pub(super) machine: MachineRow,
    pub(super) now: Now,
}

impl HtmlSafe for Row {}

impl Row {
    fn state(&self) -> State {
        self.machine.health.into()
    }

    fn is_troubled(&self) -> bool {
        !matches!(self.machine.health, HealthStatus::Healthy) && !self.machine.summary.is_empty()
    }

    /// The word on the button of this machine, when it has one.
    fn action(&self) -> Option<&'static str> {
        if self.machine.is_upgradable() {
            Some("Upgrade")
        } else {
            self.machine.can_repeat().then_some("Try again")
        }
    }
}
