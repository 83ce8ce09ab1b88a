//! The answer to `suction-cup status`, from files only.

mod json;

#[cfg(test)]
mod tests;

use std::fmt::Write as _;

use layout::{Entry, Home, Ledger, Standing};
use nupkg::NuGetVersion;

use super::Status;
use crate::causes::with_causes;
use crate::utc::utc;

/// Everything there is to tell about one HOME.
#[derive(Debug)]
pub(crate) struct Report {
    /// Whether a Suction Cup runs.
    pub(crate) supervised: bool,
    /// What it wrote last.
    pub(crate) status: Status,
    /// What the pin says, or what is wrong with it.
    pub(crate) pin: Option<Result<NuGetVersion, String>>,
    /// Newest first: installed, or known to the ledger.
    pub(crate) versions: Vec<Version>,
    /// What is wrong with the ledger.
    pub(crate) ledger_error: Option<String>,
}

/// One version.
#[derive(Debug)]
pub(crate) struct Version {
    pub(crate) version: NuGetVersion,
    pub(crate) installed: bool,
    pub(crate) entry: Entry,
}

impl Report {
    /// Reads the files of a HOME.
    pub(crate) fn read(home: &Home, supervised: bool) -> Report {
        let (ledger, ledger_error) = match Ledger::load(home) {
            Ok(ledger) => (ledger, None),
            Err(error) => (Ledger::default(), Some(with_causes(&error))),
        };
        Report {
            supervised,
            status: Status::load(home),
            pin: home
                .read_pin()
                .map_err(|error| error.to_string())
                .transpose(),
            versions: versions(home, &ledger),
            ledger_error,
        }
    }

    /// For people: a sentence about now, and a line per version.
    pub(crate) fn text(&self) -> String {
        let mut text = self.now() + "\n";
        match &self.pin {
            Some(Ok(version)) => text += &format!("pinned to {version}\n"),
            Some(Err(problem)) => text += &format!("{problem}\n"),
            None => {}
        }
        if let Some(error) = &self.ledger_error {
            text += &format!("{error}\n");
        }
        let width = self
            .versions
            .iter()
            .map(|one| one.version.to_string().len())
            .max()
            .unwrap_or(0);
        for Version {
            version,
            installed,
            entry,
        } in &self.versions
        {
            // Writing to a string cannot fail.
            let _ = write!(text, "{version:width$}  {}", entry.standing.as_str());
            if let Standing::Bad { reason, detail } = &entry.standing {
                let _ = write!(text, ", {}: {detail}", reason.as_str());
            }
            text += if *installed { "\n" } else { "  (removed)\n" };
        }
        text
    }

    fn now(&self) -> String {
        let since = self.status.since.map(utc).unwrap_or_default();
        let version = self.status.version.as_deref().unwrap_or_default();
        if !self.supervised {
            return "Suction Cup is not running: start its service".to_owned();
        }
        match self.status.state.as_deref() {
            Some("running") => {
                let pid = self.status.pid.as_deref().unwrap_or("?");
                format!("Tentacle {version} is running, pid {pid}, since {since}")
            }
            Some("waiting") => {
                let why = self.status.why.as_deref().unwrap_or_default();
                let next = self.status.next_try.map(utc).unwrap_or_default();
                format!("no Tentacle is running: {why}; next try at {next}")
            }
            Some("installing") => format!("the bundle is being installed, since {since}"),
            _ => "Suction Cup is starting".to_owned(),
        }
    }
}

fn versions(home: &Home, ledger: &Ledger) -> Vec<Version> {
    let installed = home.installed();
    let mut versions: Vec<Version> = ledger
        .entries()
        .filter(|(version, _)| installed.iter().all(|one| one.version != **version))
        .map(|(version, entry)| Version {
            version: version.clone(),
            installed: false,
            entry: entry.clone(),
        })
        .chain(installed.iter().map(|one| Version {
            version: one.version.clone(),
            installed: true,
            entry: Entry {
                stamp: one.stamp.clone(),
                standing: ledger.standing(one),
            },
        }))
        .collect();
    versions.sort_by(|a, b| b.version.cmp(&a.version));
    versions
}
