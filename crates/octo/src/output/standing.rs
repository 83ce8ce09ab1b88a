//! How the Tentacle of a machine stands, in a few words.

use api::{Machine, UpgradeStatus};

use super::{Cell, Tone};

/// The running version's standing, or what an upgrade is doing or came to.
pub(crate) fn of(machine: &Machine) -> Cell {
    let details = &machine.endpoint.tentacle_version_details;
    let bad = || {
        let tried = details
            .versions
            .iter()
            .find(|record| record.standing == "Bad");
        tried.map(|record| match record.reason.as_str() {
            "" => format!("Rolled back from {}", record.version),
            reason => format!("Rolled back from {}: {reason}", record.version),
        })
    };
    match (details.upgrade_status, &details.version) {
        (Some(UpgradeStatus::Upgrading), _) => Cell::from("Upgrading").tone(Tone::Strong),
        (Some(UpgradeStatus::RolledBack), _) => {
            Cell::from(bad().unwrap_or_else(|| "Rolled back".to_owned())).tone(Tone::Bad)
        }
        (None, None) => Cell::from("Never checked").tone(Tone::Faint),
        (None, Some(running)) => {
            let record = details
                .versions
                .iter()
                .find(|record| record.version == *running);
            match record.map(|record| record.standing.as_str()) {
                Some("Good") => Cell::from("Good").tone(Tone::Good),
                Some("Bad") => Cell::from("Bad").tone(Tone::Bad),
                Some("Trial") => Cell::from("On trial").tone(Tone::Warning),
                Some(other) => Cell::from(other),
                None => Cell::from("Running"),
            }
        }
    }
}

/// The running version and the one that could replace it.
pub(crate) fn summary(machine: &Machine) -> Cell {
    let details = &machine.endpoint.tentacle_version_details;
    let running = details.version.as_deref().unwrap_or("unknown");
    match &details.available_version {
        Some(available) => {
            Cell::from(format!("{running} ({available} is available)")).tone(Tone::Warning)
        }
        None => running.into(),
    }
}
