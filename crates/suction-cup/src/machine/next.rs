//! What to do next: install the bundle, start a version, go back to another one, or wait.

use std::time::Duration;

use layout::{BadReason, Entry, Installed, Stamp, Standing};
use nupkg::NuGetVersion;

use super::ends::TOO_MANY;
use super::run::{Ended, Run};
use super::{Activity, BundleTries, Effect, Exit, Machine, Phase, choose, span};

/// Entries of versions that are not installed any more stay for the server to read;
/// with more than these the oldest of them go.
const ENTRIES_KEPT: usize = 50;

impl Machine {
    /// With no child: the bundle if it is needed, else the best version, else wait.
    pub(super) fn decide(&mut self, now: Duration) {
        if self.needs_bundle() {
            self.bundle.tried = true;
            self.bundle.repair = false;
            self.phase = Phase::Installing;
            self.push(Effect::SaveStatus(Activity::Installing));
            self.push(Effect::InstallBundle);
            return;
        }
        match choose::best(&self.snapshot, &self.ledger).cloned() {
            Some(best) => self.prepare(now, best),
            None => {
                let why = match self.snapshot.bundle {
                    Some(_) => {
                        "no version of Tentacle is installed, and the bundle cannot be installed"
                    }
                    None => {
                        "no version of Tentacle is installed, and there is no bundle: put the package of Tentacle into the folder bundle of HOME, or install Tentacle again"
                    }
                };
                self.wait(now, why.to_owned());
            }
        }
    }

    /// Not while a good version is there, and once only until the next wait.
    fn needs_bundle(&self) -> bool {
        let Some(bundle) = &self.snapshot.bundle else {
            return false;
        };
        let installed = self
            .snapshot
            .installed
            .iter()
            .any(|one| one.version == *bundle);
        let useful =
            !installed || self.bundle.repair || choose::all_bad(&self.snapshot, &self.ledger);
        useful && !self.bundle.tried && !choose::any_good(&self.snapshot, &self.ledger)
    }

    pub(super) fn bundle_installed(&mut self, version: &NuGetVersion) {
        if let Phase::Installing = self.phase {
            self.said.bundle = None;
            self.log(format!("installed Tentacle {version} from the bundle"));
            // It is installed anew with the stamp that it had: what was bad may be whole now.
            let entry = self.ledger.get(version);
            if entry.is_some_and(|entry| matches!(entry.standing, Standing::Bad { .. })) {
                self.record(version.clone(), Stamp::bundle(), Standing::Trial);
                self.ends.forget(version);
            }
            self.rescan(None);
        }
    }

    pub(super) fn bundle_failed(&mut self, why: String) {
        if let Phase::Installing = self.phase {
            if self.said.bundle.as_ref() != Some(&why) {
                self.log(format!("the bundle cannot be installed: {why}"));
                self.said.bundle = Some(why);
            }
            self.bundle.repaired = false;
            // The install took its time: what was seen before it may be gone.
            self.rescan(None);
        }
    }

    /// A wait is over: what failed is tried again, and with no good version the bundle
    /// is put in place anew, once.
    pub(super) fn waited(&mut self) {
        if !self.bundle.repaired && !choose::any_good(&self.snapshot, &self.ledger) {
            self.bundle = BundleTries {
                tried: false,
                repair: true,
                repaired: true,
            };
        } else {
            // Needed only if what was installed is gone by now.
            self.bundle.tried = false;
        }
    }

    /// Starts a version, after the ledger knows of it.
    pub(super) fn prepare(&mut self, now: Duration, next: Installed) {
        if !self.ledger.knows(&next) {
            self.record(next.version.clone(), next.stamp.clone(), Standing::Trial);
            self.ends.forget(&next.version);
        }
        if self.stored == self.generation {
            self.start(now, next);
        } else {
            self.phase = Phase::Storing(next);
            self.store_ledger();
        }
    }

    pub(super) fn start(&mut self, now: Duration, next: Installed) {
        // Only one that takes turns with others gets here; five ends of its own are judged before.
        if !self.ends.may_start(&next, now) {
            return self.wait(
                now,
                format!("Tentacle {} was started too often", next.version),
            );
        }
        self.runs += 1;
        let run = Run::new(now, next, self.runs, format!("{}-{}", self.seed, self.runs));
        self.push(Effect::Start {
            version: run.installed.version.clone(),
            run: run.number,
            nonce: run.nonce.clone(),
        });
        self.phase = Phase::Starting { run, stop: false };
    }

    /// A run ended and the disk was looked at: start the newest, the same again, another one, or wait.
    pub(super) fn judge(&mut self, now: Duration, ended: &Ended) {
        let version = &ended.installed.version;
        if ended.failed_trial {
            return self.go_back(now, &ended.installed);
        }
        let best = choose::best(&self.snapshot, &self.ledger);
        if let Some(best) = best.filter(|best| **best != ended.installed) {
            let line = format!(
                "Tentacle {version} {}: starting {}",
                ended.once(),
                best.version
            );
            self.log(line);
            return self.decide(now);
        }
        let (count, time) = self.ends.ended(version, now);
        let gives_way = self.gives_way(&ended.installed);
        let on_trial = self.ledger.standing(&ended.installed) == Standing::Trial;
        let failure = if on_trial && ended.exit == Exit::Code(layout::EXIT_UNHEALTHY) {
            let detail = format!("failed its own self-check after {}", span(ended.ran));
            Some((BadReason::Unhealthy, detail))
        } else if count >= TOO_MANY {
            Some((BadReason::Crashed, ended.often(count, time)))
        } else {
            None
        };
        match failure {
            Some((reason, detail)) if gives_way => {
                self.mark_bad(&ended.installed, reason, &detail);
                self.go_back(now, &ended.installed);
            }
            _ if count >= TOO_MANY => self.wait(
                now,
                format!("Tentacle {version} {}", ended.often(count, time)),
            ),
            _ => {
                if !std::mem::replace(&mut self.said.ended, true) {
                    self.log(format!(
                        "Tentacle {version} {}: starting it again",
                        ended.once()
                    ));
                }
                self.decide(now);
            }
        }
    }

    /// Whether another version takes the place of one that failed: of one on trial at once,
    /// of a good one only when it kept failing for minutes, and only another good one.
    fn gives_way(&self, failed: &Installed) -> bool {
        let fallback = self.fallback(&failed.version);
        let Some(fallback) = fallback.filter(|_| choose::pinned(&self.snapshot).is_none()) else {
            return false;
        };
        match self.ledger.standing(failed) {
            Standing::Trial => true,
            Standing::Good => {
                self.ends.waits() >= self.policy.patience
                    && self.ledger.standing(fallback) == Standing::Good
            }
            Standing::Bad { .. } => false,
        }
    }

    pub(super) fn fallback(&self, failed: &NuGetVersion) -> Option<&Installed> {
        choose::fallback(&self.snapshot, &self.ledger, failed)
    }

    /// The ledger's word on a failed trial, and the line that tells of it.
    pub(super) fn mark_bad(&mut self, failed: &Installed, reason: BadReason, detail: &str) {
        let version = &failed.version;
        let instead = match self.fallback(version) {
            Some(other) if self.ledger.standing(other) == Standing::Good => {
                format!("going back to {}", other.version)
            }
            Some(other) => format!("trying {} instead", other.version),
            None => "no other version is there".to_owned(),
        };
        self.log(format!(
            "Tentacle {version} {detail}: marked bad, {instead}"
        ));
        self.push(Effect::KeepLastLines(version.clone()));
        self.record(
            version.clone(),
            failed.stamp.clone(),
            Standing::bad(reason, detail),
        );
    }

    /// After a failed trial: what was pinned or published meanwhile, else the last good one.
    fn go_back(&mut self, now: Duration, failed: &Installed) {
        let pinned = choose::pinned(&self.snapshot);
        let newer = || {
            let best = choose::best(&self.snapshot, &self.ledger);
            // The same version again is another order's, with another stamp.
            best.filter(|best| *best != failed && best.version >= failed.version)
        };
        let next = pinned.or_else(newer);
        match next.or_else(|| self.fallback(&failed.version)).cloned() {
            Some(next) => self.prepare(now, next),
            None => self.decide(now),
        }
    }

    fn wait(&mut self, now: Duration, why: String) {
        let (delay, longer) = self.ends.next_wait();
        if longer {
            self.log(format!("{why}: next try in {}", span(delay)));
        }
        self.push(Effect::SaveStatus(Activity::Waiting { delay, why }));
        self.phase = Phase::Waiting { until: now + delay };
    }

    pub(super) fn record(&mut self, version: NuGetVersion, stamp: Stamp, standing: Standing) {
        self.ledger.set(version, Entry { stamp, standing });
        self.generation += 1;
        let mut surplus = self.ledger.entries().count().saturating_sub(ENTRIES_KEPT);
        let installed = &self.snapshot.installed;
        self.ledger.retain(|version| {
            let goes = surplus > 0 && installed.iter().all(|one| one.version != *version);
            surplus -= usize::from(goes);
            !goes
        });
    }
}
