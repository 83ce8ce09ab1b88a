//! One run of the child: its trial, its marker, its end.

use std::time::Duration;

use layout::{BadReason, Installed, Standing};

use super::ends::STABLE;
use super::{Activity, Effect, Exit, Machine, Phase, choose, span};

/// How often the marker is looked for while the trial's window is open.
const OPEN: Duration = Duration::from_millis(100);
/// And after it, when there is nothing good to go back to.
const OVERDUE: Duration = Duration::from_secs(5);

/// A child, from the order to start it on.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub(super) installed: Installed,
    pub(super) number: u64,
    pub(super) nonce: String,
    started: Duration,
    /// When the window of its trial closes; `None` when it is not on trial, or closed.
    pub(super) trial_ends: Option<Duration>,
    /// When it counts as stable, if that is still worth knowing.
    pub(super) stable_at: Option<Duration>,
    failed_trial: bool,
}

/// A run that is over.
#[derive(Clone, Debug)]
pub(super) struct Ended {
    pub(super) installed: Installed,
    pub(super) exit: Exit,
    pub(super) ran: Duration,
    /// It was ended because its trial failed, and is marked bad already.
    pub(super) failed_trial: bool,
}

impl Run {
    pub(super) fn new(now: Duration, installed: Installed, number: u64, nonce: String) -> Run {
        Run {
            installed,
            number,
            nonce,
            started: now,
            trial_ends: None,
            stable_at: None,
            failed_trial: false,
        }
    }

    fn ended(&self, now: Duration, exit: Exit) -> Ended {
        Ended {
            installed: self.installed.clone(),
            exit,
            ran: now.saturating_sub(self.started),
            failed_trial: self.failed_trial,
        }
    }
}

impl Machine {
    pub(super) fn child_started(&mut self, now: Duration, number: u64, pid: u32) {
        let Phase::Starting { run, stop } = &self.phase else {
            return;
        };
        if run.number != number {
            return;
        }
        let (mut run, stop) = (run.clone(), *stop);
        run.started = now;
        let standing = self.ledger.standing(&run.installed);
        if standing != Standing::Good {
            run.trial_ends = Some(self.trial_ends(now, &run.installed));
            self.push(Effect::WatchMarker(Some(OPEN)));
        }
        // Whatever made it wait ended before, and was told.
        if self.said.ended {
            run.stable_at = Some(now + STABLE);
        }
        let version = run.installed.version.clone();
        self.push(Effect::SaveStatus(Activity::Running {
            version: version.clone(),
            pid,
            nonce: run.nonce.clone(),
        }));
        if self.said.started.as_ref() != Some(&run.installed) {
            let pinned = choose::pinned(&self.snapshot).map_or("", |_| ", pinned");
            self.log(format!(
                "started Tentacle {version} ({}{pinned}), pid {pid}",
                standing.as_str()
            ));
            self.said.started = Some(run.installed.clone());
        }
        self.phase = Phase::Running(run);
        if stop {
            self.terminate(now, true);
        }
    }

    /// When the window of this install's trial closes. A restart does not prolong it.
    fn trial_ends(&mut self, now: Duration, installed: &Installed) -> Duration {
        let window = self.policy.trial_window;
        let open = self
            .trial
            .take()
            .filter(|(one, since)| one == installed && *since + window > now);
        let (one, since) = open.unwrap_or_else(|| (installed.clone(), now));
        self.trial = Some((one, since));
        since + window
    }

    pub(super) fn run_tick(&mut self, now: Duration) {
        let Phase::Running(run) = &mut self.phase else {
            return;
        };
        let version = run.installed.version.clone();
        if run.stable_at.is_some_and(|at| at <= now) {
            run.stable_at = None;
            self.said.ended = false;
            if self.ends.waits() > 0 {
                self.ends.settle();
                self.log(format!("Tentacle {version} is stable again"));
            }
        }
        if let Phase::Running(run) = &mut self.phase
            && run.trial_ends.is_some_and(|at| at <= now)
        {
            run.trial_ends = None;
            self.window_closed(now);
        }
    }

    /// No marker in time. Without a good version to go back to, or with a pin, it runs on.
    fn window_closed(&mut self, now: Duration) {
        let Phase::Running(run) = &mut self.phase else {
            return;
        };
        let installed = run.installed.clone();
        let window = span(self.policy.trial_window);
        let on_trial = self.ledger.standing(&installed) == Standing::Trial;
        let stays = if choose::pinned(&self.snapshot).is_some() {
            Some("it is pinned")
        } else if !on_trial || !choose::any_good(&self.snapshot, &self.ledger) {
            Some("there is no good version to go back to")
        } else {
            None
        };
        if let Some(why) = stays {
            self.log(format!(
                "Tentacle {} was not confirmed within {window}: it runs on, since {why}",
                installed.version
            ));
            self.push(Effect::WatchMarker(Some(OVERDUE)));
        } else {
            run.failed_trial = true;
            self.mark_bad(
                &installed,
                BadReason::Unconfirmed,
                &format!("was not confirmed within {window}"),
            );
            self.store_ledger();
            self.terminate(now, false);
        }
    }

    pub(super) fn terminate(&mut self, now: Duration, stop: bool) {
        if let Phase::Running(run) = &self.phase {
            let run = run.clone();
            self.push(Effect::WatchMarker(None));
            self.push(Effect::Terminate);
            self.phase = Phase::Ending {
                run,
                kill_at: Some(now + self.policy.stop_grace),
                stop,
            };
        }
    }

    pub(super) fn marker_seen(&mut self, nonce: &str) {
        let Phase::Running(run) = &mut self.phase else {
            return;
        };
        if run.nonce != nonce || self.ledger.standing(&run.installed) == Standing::Good {
            return;
        }
        run.trial_ends = None;
        let installed = run.installed.clone();
        self.trial = None;
        self.bundle = super::BundleTries::default();
        self.push(Effect::WatchMarker(None));
        self.log(format!(
            "Tentacle {} is healthy: marked good",
            installed.version
        ));
        self.record(installed.version, installed.stamp, Standing::Good);
        self.store_ledger();
    }

    pub(super) fn child_ended(&mut self, now: Duration, number: u64, exit: Exit) {
        let (run, stop) = match &self.phase {
            Phase::Starting { run, stop } | Phase::Ending { run, stop, .. } => (run, *stop),
            Phase::Running(run) => (run, false),
            _ => return,
        };
        if run.number != number {
            return;
        }
        let ended = run.ended(now, exit);
        if let Phase::Running(_) = self.phase {
            self.push(Effect::WatchMarker(None));
        }
        if stop {
            self.exit();
        } else {
            self.rescan(Some(ended));
        }
    }
}
