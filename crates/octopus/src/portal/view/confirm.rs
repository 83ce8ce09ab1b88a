//! What an upgrade will do, said before it is done.

use askama::Template;

use super::Shell;
use crate::portal::format::plural;

/// `GET` of `/environments/upgrade`, `/environments/{id}/upgrade` or
/// `/machines/{id}/upgrade`, as a page or inside a dialog. Its form posts the task to
/// `/api/Spaces-1/tasks`, as any other client does.
#[derive(Debug, Clone, Template)]
#[template(path = "upgrade.html")]
pub struct UpgradePage {
    /// Around it.
    pub shell: Shell,
    /// What it is about.
    pub target: UpgradeTarget,
    /// The version they will get; `None` when it is not the same for all.
    pub version: Option<String>,
    /// Names of the machines that will be upgraded.
    pub machines: Vec<String>,
    /// Those that will not, and why.
    pub left_out: Vec<LeftOut>,
    /// Something to know before, such as that this version was rolled back here.
    pub warning: Option<String>,
    /// Why it cannot be done now and what to do.
    pub error: Option<String>,
}

/// What the button was beside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UpgradeTarget {
    /// Every machine that can be upgraded.
    All,
    /// Those of one environment.
    Environment {
        /// `Environments-1`.
        id: String,
        /// Such as `Staging`.
        name: String,
    },
    /// One machine.
    Machine {
        /// `Machines-1`.
        id: String,
        /// Such as `web-01`.
        name: String,
    },
}

/// Machines that an upgrade does not touch, for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Completes "3 machines left out: …", such as `offline` or `rolled 2.0.0 back`.
    pub why: String,
    /// Their names.
    pub machines: Vec<String>,
}

impl UpgradePage {
    fn action(&self) -> String {
        let to = self
            .version
            .as_ref()
            .map(|version| format!(" to {version}"))
            .unwrap_or_default();
        match &self.target {
            UpgradeTarget::Machine { name, .. } => format!("Upgrade {name}{to}"),
            _ => format!("Upgrade {}{to}", plural(self.machines.len(), "Tentacle")),
        }
    }

    fn title(&self) -> String {
        let action = if self.machines.is_empty() {
            "Nothing to upgrade".to_owned()
        } else {
            self.action()
        };
        match &self.target {
            UpgradeTarget::Environment { name, .. } => format!("{action} in {name}"),
            _ => action,
        }
    }

    /// The task's arguments beside its name, as `POST /api/{space}/tasks` takes them.
    fn fields(&self) -> Vec<(&'static str, &str)> {
        let place = match &self.target {
            UpgradeTarget::All => None,
            UpgradeTarget::Environment { id, .. } => Some(("EnvironmentId", id.as_str())),
            UpgradeTarget::Machine { id, .. } => Some(("MachineIds", id.as_str())),
        };
        let version = self.version.as_deref().map(|version| ("Version", version));
        place.into_iter().chain(version).collect()
    }

    fn back(&self) -> String {
        match &self.target {
            UpgradeTarget::Machine { id, .. } => format!("/machines/{id}"),
            _ => "/environments".to_owned(),
        }
    }

    fn is_one(&self) -> bool {
        self.machines.len() == 1
    }
}

impl LeftOut {
    fn count(&self) -> String {
        plural(self.machines.len(), "machine")
    }
}
