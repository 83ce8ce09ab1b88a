//! The upgrade of one Tentacle: from the order to the verdict.
//!
//! The machine itself decides whether a version is good; this only reads what it
//! reports, and never calls an upgrade done before the machine's ledger does.

use std::time::Duration;

use nupkg::NuGetVersion;

/// How long a verdict may take, from the installation on: the machine's own trial window
/// (5 minutes), the same again for a way back, and a margin for five waits between starts.
pub const PATIENCE: Duration = Duration::from_secs(15 * 60);

/// What a Tentacle reports of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The version that answers.
    pub version: NuGetVersion,
    /// Every version that the machine's ledger knows.
    pub ledger: Vec<Record>,
}

/// One version in a machine's ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Which.
    pub version: NuGetVersion,
    /// The ticket that installed it; empty for the installer's bundle.
    pub ticket: String,
    /// What became of it.
    pub standing: Standing,
}

/// What became of a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Not confirmed yet.
    Trial,
    /// It has served.
    Good,
    /// It was rolled back.
    Bad {
        /// `crashed`, `unconfirmed`, `unhealthy`.
        reason: String,
        /// One sentence.
        detail: String,
        /// What it printed last.
        last_lines: Vec<String>,
    },
}

/// What to do with a machine before anything is sent to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opening {
    /// Send the package and order its installation.
    Install,
    /// Nothing to do.
    AlreadyRuns,
    /// It would never be started: the newest version runs.
    Refuse(String),
}

/// Compares what runs with what was ordered.
pub fn opening(report: &Report, ordered: &NuGetVersion) -> Opening {
    let good = |record: &Record| record.version == *ordered && record.standing == Standing::Good;
    if report.version == *ordered {
        // On trial still: the verdict is worth waiting for, and installing again is harmless.
        return if report.ledger.iter().any(good) {
            Opening::AlreadyRuns
        } else {
            Opening::Install
        };
    }
    if report.version > *ordered {
        return Opening::Refuse(format!(
            "Tentacle {} runs there, which is newer than {ordered}; the newest good version always runs.",
            report.version
        ));
    }
    Opening::Install
}

/// What is known of a machine when an upgrade of many is planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// It answered the last check, or was never checked.
    pub reachable: bool,
    /// The running version, if it ever answered.
    pub running: Option<NuGetVersion>,
    /// The ordered version was tried there before, and rolled back.
    pub rolled_back: bool,
}

/// Why an upgrade of many passes a machine by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LeftOut {
    /// Nothing to do there.
    #[error("it runs that version or a newer one")]
    Current,
    /// Nothing can be done there now.
    #[error("it is offline")]
    Offline,
    /// It would most likely end the same.
    #[error("it rolled that version back before; name the machine to try once more")]
    RolledBack,
}

/// Whether an upgrade of many passes a machine by; `None` when it takes it along. A person
/// who names the machine is not held up by this.
pub fn leave_out(known: &Known, ordered: &NuGetVersion) -> Option<LeftOut> {
    let is_newer = |running: &NuGetVersion| running >= ordered;
    if known.running.as_ref().is_some_and(is_newer) {
        Some(LeftOut::Current)
    } else if !known.reachable {
        Some(LeftOut::Offline)
    } else {
        known.rolled_back.then_some(LeftOut::RolledBack)
    }
}

/// Watches one machine after the installation.
#[derive(Debug)]
pub struct Watch {
    ordered: NuGetVersion,
    ticket: String,
    deadline: Duration,
}

/// What the watch came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Look again; what is happening, for people.
    Wait(String),
    /// The ordered version runs and the machine calls it good.
    Done,
    /// It was rolled back, or nothing can be known.
    Failed {
        /// One or two sentences.
        reason: String,
        /// What the failed version printed last.
        last_lines: Vec<String>,
    },
}

impl Watch {
    /// Begins at `now`, a duration since any fixed point.
    pub fn new(now: Duration, ordered: NuGetVersion, ticket: &str) -> Self {
        Self {
            ordered,
            ticket: ticket.to_owned(),
            deadline: now.saturating_add(PATIENCE),
        }
    }

    /// The machine answered.
    pub fn reported(&self, now: Duration, report: &Report) -> Verdict {
        let Self {
            ordered, ticket, ..
        } = self;
        // A record of an earlier attempt says nothing about this one.
        let is_ours = |record: &&Record| record.version == *ordered && record.ticket == *ticket;
        let record = report.ledger.iter().find(is_ours);
        let running = &report.version;
        match record.map(|record| &record.standing) {
            Some(Standing::Bad {
                reason,
                detail,
                last_lines,
            }) => Verdict::Failed {
                reason: format!(
                    "Tentacle {ordered} was rolled back ({reason}): {detail}. Tentacle {running} runs again."
                ),
                last_lines: last_lines.clone(),
            },
            Some(Standing::Good) if running == ordered => Verdict::Done,
            _ if running == ordered => self.wait(
                now,
                format!("Tentacle {ordered} answers; the machine is about to confirm it"),
            ),
            _ => self.wait(
                now,
                format!("Tentacle {running} still answers; waiting for {ordered}"),
            ),
        }
    }

    /// The machine did not answer, which is normal while one version follows the other.
    pub fn silent(&self, now: Duration, why: &str) -> Verdict {
        self.wait(
            now,
            format!("waiting for Tentacle {} to answer: {why}", self.ordered),
        )
    }

    fn wait(&self, now: Duration, activity: String) -> Verdict {
        if now < self.deadline {
            return Verdict::Wait(activity);
        }
        let minutes = PATIENCE.as_secs() / 60;
        Verdict::Failed {
            reason: format!(
                "No verdict within {minutes} minutes; last seen: {activity}. \
                 Look at `suction-cup status` on the machine."
            ),
            last_lines: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests;
