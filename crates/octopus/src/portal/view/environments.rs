//! `GET /environments`: every machine, its version, and what can be upgraded.

mod count;
mod row;

use askama::Template;

pub use count::MachineFilter;
pub use row::{MachineRow, Upgrade};

use super::Shell;
use super::filter::Count;
use crate::portal::format::{plural, shell_word};
use row::Row;

/// The main page. Hand over all machines: the page counts, and narrows by `filter`.
#[derive(Debug, Clone, Template)]
#[template(path = "environments.html")]
pub struct EnvironmentsPage {
    /// Around it.
    pub shell: Shell,
    /// From the query `?filter=`.
    pub filter: MachineFilter,
    /// In their order.
    pub environments: Vec<EnvironmentSection>,
    /// This server's address as clients reach it, such as `https://octopus.example.com`.
    /// For the commands to paste.
    pub server_url: String,
    /// SHA-256 thumbprint of this server's certificate, which Tentacles trust.
    pub server_thumbprint: String,
}

/// An environment with its machines.
#[derive(Debug, Clone)]
pub struct EnvironmentSection {
    /// `Environments-1`.
    pub id: String,
    /// Such as `Staging`.
    pub name: String,
    /// Free text; may be empty.
    pub description: String,
    /// All of them, in the order of their names.
    pub machines: Vec<MachineRow>,
}

impl EnvironmentsPage {
    /// A machine that is in two environments counts once.
    fn machines(&self) -> Vec<&MachineRow> {
        let mut seen = std::collections::HashSet::new();
        let all = self
            .environments
            .iter()
            .flat_map(|environment| &environment.machines);
        all.filter(|machine| seen.insert(machine.id.as_str()))
            .collect()
    }

    fn counts(&self) -> Vec<Count> {
        count::counts(&self.machines(), self.filter)
    }

    fn upgrade_label(&self) -> Option<String> {
        upgrade_label(self.machines().into_iter())
    }

    fn has_machines(&self) -> bool {
        self.environments
            .iter()
            .any(|environment| !environment.machines.is_empty())
    }

    /// Whether the filter leaves anything to show.
    fn shows_any(&self) -> bool {
        self.environments
            .iter()
            .any(|environment| !self.shown(environment).is_empty())
    }

    fn shown(&self, environment: &EnvironmentSection) -> Vec<Row> {
        let machines = environment.machines.iter();
        let kept = machines.filter(|machine| self.filter.keeps(machine));
        let row = |machine: &MachineRow| Row {
            environment: environment.id.clone(),
            machine: machine.clone(),
            now: self.shell.now,
        };
        kept.map(row).collect()
    }

    /// The environment that a new machine would go to.
    fn first_environment(&self) -> String {
        let first = self.environments.first();
        let named = first.map_or(Some("Staging".to_owned()), |first| shell_word(&first.name));
        named.unwrap_or_else(|| "ENVIRONMENT".to_owned())
    }

    fn create_command(&self) -> String {
        format!(
            "octo environment create --name {}",
            self.first_environment()
        )
    }

    fn register_command(&self) -> String {
        format!(
            "tentacle register-with --home HOME --server {} --api-key API-… --environment {} --role web",
            self.server_url,
            self.first_environment(),
        )
    }

    fn live_url(&self) -> String {
        self.filter.url()
    }
}

impl EnvironmentSection {
    fn summary(&self) -> String {
        let machines: Vec<&MachineRow> = self.machines.iter().collect();
        let mut parts = vec![plural(machines.len(), "machine")];
        for filter in MachineFilter::NARROW {
            let count = machines
                .iter()
                .filter(|machine| filter.keeps(machine))
                .count();
            if count > 0 {
                parts.push(format!("{count} {}", filter.word()));
            }
        }
        parts.join(" · ")
    }

    fn upgrade_label(&self) -> Option<String> {
        upgrade_label(self.machines.iter())
    }
}

/// `Upgrade 37 Tentacles to 2.0.0`; without the version when there are several,
/// `None` when there is nothing to upgrade.
fn upgrade_label<'a>(machines: impl Iterator<Item = &'a MachineRow>) -> Option<String> {
    let upgradable: Vec<&MachineRow> = machines.filter(|machine| machine.is_upgradable()).collect();
    let first = upgradable.first()?.available.as_deref()?;
    let same = upgradable
        .iter()
        .all(|machine| machine.available.as_deref() == Some(first));
    let to = if same {
        format!(" to {first}")
    } else {
        String::new()
    };
    Some(format!(
        "Upgrade {}{to}",
        plural(upgradable.len(), "Tentacle")
    ))
}
