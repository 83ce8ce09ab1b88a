//! What is going on, for people and scripts: written by the running service, read by anyone.

mod report;

use std::fs;
use std::io;
use std::path::PathBuf;
use std::time::SystemTime;

use layout::Home;

pub(crate) use self::report::Report;
use crate::machine::Activity;
use crate::utc::unix_seconds;

/// The content of `run/status`: lines of a key and a value. Every value may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Status {
    /// `installing`, `running`, `waiting` or `stopped`.
    pub(crate) state: Option<String>,
    /// The running version.
    pub(crate) version: Option<String>,
    /// The running process.
    pub(crate) pid: Option<String>,
    /// The run's nonce, to find what a killed Suction Cup left behind.
    pub(crate) nonce: Option<String>,
    /// Unix time of the beginning of the state.
    pub(crate) since: Option<u64>,
    /// Unix time of the next try.
    pub(crate) next_try: Option<u64>,
    /// Why it waits.
    pub(crate) why: Option<String>,
}

impl Status {
    /// The status at `now`.
    pub(crate) fn of(activity: &Activity, now: SystemTime) -> Status {
        let since = unix_seconds(now);
        let mut status = Status {
            since: Some(since),
            ..Status::default()
        };
        let state = match activity {
            Activity::Installing => "installing",
            Activity::Running {
                version,
                pid,
                nonce,
            } => {
                status.version = Some(version.to_string());
                status.pid = Some(pid.to_string());
                status.nonce = Some(nonce.clone());
                "running"
            }
            Activity::Waiting { delay, why } => {
                status.next_try = Some(since + delay.as_secs());
                status.why = Some(why.clone());
                "waiting"
            }
            Activity::Stopped => "stopped",
        };
        status.state = Some(state.to_owned());
        status
    }

    /// What the service wrote last; empty when it never did.
    pub(crate) fn load(home: &Home) -> Status {
        let text = fs::read_to_string(path(home)).unwrap_or_default();
        let value = |key: &str| {
            let mut lines = text.lines().filter_map(|line| line.split_once(' '));
            lines
                .find(|(found, _)| *found == key)
                .map(|(_, value)| value.to_owned())
        };
        let number = |key: &str| value(key)?.parse().ok();
        Status {
            state: value("state"),
            version: value("version"),
            pid: value("pid"),
            nonce: value("nonce"),
            since: number("since"),
            next_try: number("next-try"),
            why: value("why"),
        }
    }

    /// Replaces what was written last. Not made durable: after a loss of power nothing runs.
    pub(crate) fn store(&self, home: &Home) -> io::Result<()> {
        let (since, next_try) = (
            self.since.map(|at| at.to_string()),
            self.next_try.map(|at| at.to_string()),
        );
        let values = [
            ("state", &self.state),
            ("version", &self.version),
            ("pid", &self.pid),
            ("nonce", &self.nonce),
            ("since", &since),
            ("next-try", &next_try),
            ("why", &self.why),
        ];
        let lines = values
            .iter()
            .filter_map(|(key, value)| Some(format!("{key} {}\n", value.as_ref()?)));
        let new = path(home).with_extension("new");
        fs::write(&new, lines.collect::<String>())?;
        fs::rename(new, path(home))
    }
}

fn path(home: &Home) -> PathBuf {
    home.run().join("status")
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    #[test]
    fn what_is_stored_is_loaded() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::new(folder.path());
        assert_eq!(Status::load(&home), Status::default());
        fs::create_dir(home.run()).unwrap();
        for activity in [
            Activity::Running {
                version: "2.0.0".parse().unwrap(),
                pid: 7,
                nonce: "a-1".to_owned(),
            },
            Activity::Waiting {
                delay: Duration::from_secs(60),
                why: "it ended".to_owned(),
            },
            Activity::Stopped,
        ] {
            let status = Status::of(&activity, UNIX_EPOCH + Duration::from_secs(5));
            status.store(&home).unwrap();
            assert_eq!(Status::load(&home), status);
        }
    }
}
