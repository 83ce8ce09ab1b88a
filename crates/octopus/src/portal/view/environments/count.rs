//! The counts above the machines, and what a click on one leaves.

use api::HealthStatus;

use super::row::{MachineRow, Upgrade};
use crate::portal::view::filter::Count;

/// What the Environments page is narrowed to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum MachineFilter {
    /// Everything.
    #[default]
    All,
    /// [`MachineRow::is_upgradable`].
    Upgradable,
    /// The last check got no answer.
    Offline,
    /// The last check got a bad answer.
    Unhealthy,
    /// The newest version tried was rolled back.
    RolledBack,
    /// A task is at work on it.
    Upgrading,
}

impl MachineFilter {
    pub(super) const NARROW: [Self; 5] = [
        Self::Upgradable,
        Self::Offline,
        Self::Unhealthy,
        Self::RolledBack,
        Self::Upgrading,
    ];

    /// From the value of `?filter=`; anything unknown is [`Self::All`].
    pub fn from_query(value: &str) -> Self {
        let known = Self::NARROW
            .into_iter()
            .find(|filter| filter.key() == value);
        known.unwrap_or_default()
    }

    pub(super) fn keeps(self, machine: &MachineRow) -> bool {
        match self {
            Self::All => true,
            Self::Upgradable => machine.is_upgradable(),
            Self::Offline => machine.health == HealthStatus::Unavailable,
            Self::Unhealthy => machine.health == HealthStatus::Unhealthy,
            Self::RolledBack => matches!(machine.upgrade, Upgrade::RolledBack { .. }),
            Self::Upgrading => matches!(machine.upgrade, Upgrade::Running { .. }),
        }
    }

    pub(super) fn url(self) -> String {
        match self {
            Self::All => "/environments".to_owned(),
            narrow => format!("/environments?filter={}", narrow.key()),
        }
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::All => "machines",
            Self::Upgradable => "upgradable",
            Self::Offline => "offline",
            Self::Unhealthy => "unhealthy",
            Self::RolledBack => "rolled back",
            Self::Upgrading => "upgrading",
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::All => "",
            Self::RolledBack => "rolled-back",
            other => other.word(),
        }
    }
}

pub(super) fn counts(machines: &[&MachineRow], filter: MachineFilter) -> Vec<Count> {
    let path = "/environments";
    let all = Count::all(
        path,
        machines.len(),
        "machine",
        filter == MachineFilter::All,
    );
    let narrow = MachineFilter::NARROW.into_iter().map(|narrow| {
        let number = machines
            .iter()
            .filter(|machine| narrow.keeps(machine))
            .count();
        Count::new(path, narrow.key(), number, narrow.word(), filter == narrow)
    });
    std::iter::once(all).chain(narrow).collect()
}
