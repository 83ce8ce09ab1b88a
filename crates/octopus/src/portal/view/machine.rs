//! `GET /machines/{id}`: one machine, its versions, its tasks.

use api::CommunicationStyle;
use askama::Template;

use super::mark::{Shape, State};
use super::{MachineRow, Shell, TaskRow, Upgrade};

/// The page of a machine.
#[derive(Debug, Clone, Template)]
#[template(path = "machine.html")]
pub struct MachinePage {
    /// Around it.
    pub shell: Shell,
    /// As in the list.
    pub machine: MachineRow,
    /// What the list has no room for.
    pub facts: MachineFacts,
    /// Every version that Suction Cup knows, newest first.
    pub versions: Vec<VersionRow>,
    /// Its latest tasks, newest first.
    pub tasks: Vec<TaskRow>,
}

/// Facts about a machine.
#[derive(Debug, Clone)]
pub struct MachineFacts {
    /// Names of its environments.
    pub environments: Vec<String>,
    /// Who dials.
    pub communication_style: CommunicationStyle,
    /// `https://host:10933/`; empty for polling Tentacles.
    pub uri: String,
    /// SHA-256 thumbprint of Tentacle's certificate.
    pub thumbprint: String,
    /// Such as `linux-x64`.
    pub rid: Option<String>,
    /// Such as `Linux 6.1`.
    pub operating_system: Option<String>,
}

/// What became of one installed version.
#[derive(Debug, Clone)]
pub struct VersionRow {
    /// NuGet version.
    pub version: String,
    /// It is the one that runs.
    pub running: bool,
    /// Suction Cup's verdict.
    pub standing: Standing,
    /// For bad ones: `crashed`, `unconfirmed` or `unhealthy`.
    pub reason: String,
    /// For bad ones: one sentence.
    pub detail: String,
    /// For bad ones: what the failed run printed last, oldest first.
    pub last_lines: Vec<String>,
}

/// Suction Cup's verdict on a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Not told.
    Unknown,
    /// Never yet seen good.
    Trial,
    /// Proved itself.
    Good,
    /// Failed; not started again by itself.
    Bad,
}

impl From<Standing> for State {
    fn from(standing: Standing) -> Self {
        match standing {
            Standing::Unknown => Self::new("idle", Shape::Diamond, "Unknown"),
            Standing::Trial => Self::new("busy", Shape::Half, "Trial"),
            Standing::Good => Self::new("good", Shape::Check, "Good"),
            Standing::Bad => Self::new("bad", Shape::Cross, "Bad"),
        }
    }
}

impl VersionRow {
    fn state(&self) -> State {
        self.standing.into()
    }
}

impl MachinePage {
    fn state(&self) -> State {
        self.machine.health.into()
    }

    /// `Upgrade to 2.0.0`, when that is possible.
    fn upgrade_label(&self) -> Option<String> {
        let version = self.machine.available.as_ref()?;
        if self.machine.is_upgradable() {
            Some(format!("Upgrade to {version}…"))
        } else if self.machine.can_repeat() {
            Some(format!("Try {version} again…"))
        } else {
            None
        }
    }

    fn communication(&self) -> &'static str {
        match self.facts.communication_style {
            CommunicationStyle::TentaclePassive => "Listening: the server dials Tentacle",
            CommunicationStyle::TentacleActive => "Polling: Tentacle dials the server",
        }
    }
}
