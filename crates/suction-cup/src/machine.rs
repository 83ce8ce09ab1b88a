//! The rules of the supervisor as a pure state machine: events in, effects out.
//!
//! It knows no clock, file or process. `now` is the time since Suction Cup started.
//! What must be on disk before something else happens is an effect that an event
//! acknowledges, so that a crash between any two is harmless:
//! a version starts for the first time only after the ledger says `trial`, and
//! the last good one starts again only after the ledger says `bad`.

mod choose;
mod ends;
mod next;
mod protocol;
mod run;
mod text;

#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::time::Duration;

use layout::{Installed, Ledger};

use self::ends::Ends;
pub use self::protocol::{Activity, Effect, Event, Exit, Pin, Policy, Snapshot};
use self::run::{Ended, Run};
pub(crate) use self::text::{how, span};

/// How long after a failed write of the ledger it is tried again. The server waits for what
/// the ledger says, so a disk that was full for a moment must not keep it from being said.
const STORE_AGAIN: Duration = Duration::from_secs(60);

/// When an operator's reload lets a wait end: when all that counts has been forgotten.
const TRY_SOON: Duration = ends::WINDOW.saturating_add(Duration::from_secs(1));

/// The supervisor's state. Feed it [`Event`]s, carry out its [`Effect`]s in order,
/// and send [`Event::Tick`] at its deadline.
#[derive(Clone, Debug)]
pub struct Machine {
    policy: Policy,
    /// Makes the nonces of this Suction Cup differ from those of any other.
    seed: String,
    effects: VecDeque<Effect>,
    phase: Phase,
    ledger: Ledger,
    /// Of the ledger's content; grows with every change that is to be stored.
    generation: u64,
    /// The generation on disk.
    stored: u64,
    /// When a write that failed is tried again; sooner, if something is to start.
    store_again: Option<Duration>,
    snapshot: Snapshot,
    runs: u64,
    ends: Ends,
    /// The trial that is open, and when it began: a restart does not prolong it.
    trial: Option<(Installed, Duration)>,
    bundle: BundleTries,
    said: Said,
}

#[derive(Clone, Debug)]
enum Phase {
    New,
    /// The bundle is being installed.
    Installing,
    /// The disk is looked at; then what ended is judged.
    Scanning(Option<Ended>),
    /// The ledger is written; then this starts.
    Storing(Installed),
    /// The child is being started. `stop`: and is to end at once.
    Starting {
        run: Run,
        stop: bool,
    },
    Running(Run),
    /// The child was asked to end. `stop`: and so was Suction Cup.
    Ending {
        run: Run,
        kill_at: Option<Duration>,
        stop: bool,
    },
    Waiting {
        until: Duration,
    },
    Stopped,
}

/// The tries to install the bundle since there was a good version.
#[derive(Clone, Debug, Default)]
struct BundleTries {
    tried: bool,
    /// What is installed keeps ending: put the bundle in place anew.
    repair: bool,
    /// That was done.
    repaired: bool,
}

/// What the log says already, so that nothing is said twice.
#[derive(Clone, Debug, Default)]
struct Said {
    started: Option<Installed>,
    /// An end was told, and no stable run since.
    ended: bool,
    pin: Option<String>,
    bundle: Option<String>,
    ledger: bool,
}

impl Machine {
    /// A machine that has seen nothing yet. No two machines may share a `seed`
    /// on one HOME: the nonces of the runs begin with it.
    pub fn new(policy: Policy, seed: impl Into<String>) -> Machine {
        Machine {
            policy,
            seed: seed.into(),
            effects: VecDeque::new(),
            phase: Phase::New,
            ledger: Ledger::default(),
            generation: 0,
            stored: 0,
            store_again: None,
            snapshot: Snapshot::default(),
            runs: 0,
            ends: Ends::default(),
            trial: None,
            bundle: BundleTries::default(),
            said: Said::default(),
        }
    }

    /// Takes in what happened. An event that does not fit the state is ignored.
    pub fn handle(&mut self, now: Duration, event: Event) {
        match event {
            Event::Started { snapshot, ledger } => {
                if let Phase::New = self.phase {
                    self.ledger = ledger;
                    self.take(snapshot);
                    self.decide(now);
                }
            }
            Event::Scanned(snapshot) => self.scanned(now, snapshot),
            Event::BundleInstalled(version) => self.bundle_installed(&version),
            Event::BundleFailed(why) => self.bundle_failed(why),
            Event::ChildStarted { run, pid } => self.child_started(now, run, pid),
            Event::StartFailed { run, why } => self.child_ended(now, run, Exit::NotStarted(why)),
            Event::ChildEnded { run, exit } => self.child_ended(now, run, exit),
            Event::MarkerSeen(nonce) => self.marker_seen(&nonce),
            Event::LedgerStored(generation) => self.ledger_stored(now, generation, None),
            Event::LedgerStoreFailed(generation, why) => {
                self.ledger_stored(now, generation, Some(why));
            }
            Event::Tick => self.tick(now),
            Event::Reload(snapshot) => self.reload(now, snapshot),
            Event::Stop => self.stop(now),
        }
    }

    /// The next thing to do, if any.
    pub fn poll_effect(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    /// When to send [`Event::Tick`]; `None` when only an event can change anything.
    pub fn poll_deadline(&self) -> Option<Duration> {
        match &self.phase {
            Phase::Waiting { until } => Some(*until),
            Phase::Running(run) => [run.trial_ends, run.stable_at, self.store_again]
                .into_iter()
                .flatten()
                .min(),
            Phase::Ending { kill_at, .. } => *kill_at,
            _ => None,
        }
    }

    fn tick(&mut self, now: Duration) {
        match &mut self.phase {
            Phase::Waiting { until } if *until <= now => {
                self.waited();
                self.rescan(None);
            }
            Phase::Ending { kill_at, .. } if kill_at.is_some_and(|at| at <= now) => {
                *kill_at = None;
                self.push(Effect::Kill);
            }
            Phase::Running(_) => {
                if self.store_again.is_some_and(|at| at <= now) {
                    self.store_again = None;
                    self.store_ledger();
                }
                self.run_tick(now);
            }
            _ => {}
        }
    }

    /// What runs goes on, unless it is not what the pin says: work is never ended for a newer version.
    fn reload(&mut self, now: Duration, snapshot: Snapshot) {
        match &mut self.phase {
            // Not at once: no version starts more than five times in this time.
            Phase::Waiting { until } if *until > now + TRY_SOON => {
                *until = now + TRY_SOON;
                let (delay, why) = (TRY_SOON, "asked to try again".to_owned());
                self.push(Effect::SaveStatus(Activity::Waiting { delay, why }));
            }
            Phase::Running(run) => {
                let running = run.installed.clone();
                self.take(snapshot);
                let pinned = choose::pinned(&self.snapshot).cloned();
                if let Some(pinned) = pinned.filter(|pinned| *pinned != running) {
                    self.log(format!(
                        "pinned to Tentacle {}: ending {}",
                        pinned.version, running.version
                    ));
                    self.terminate(now, false);
                }
            }
            // It is about to look by itself.
            _ => {}
        }
    }

    fn stop(&mut self, now: Duration) {
        match &mut self.phase {
            Phase::Running(_) => self.terminate(now, true),
            Phase::Starting { stop, .. } | Phase::Ending { stop, .. } => *stop = true,
            Phase::Stopped => {}
            Phase::New
            | Phase::Installing
            | Phase::Scanning(_)
            | Phase::Storing(_)
            | Phase::Waiting { .. } => self.exit(),
        }
    }

    fn exit(&mut self) {
        self.phase = Phase::Stopped;
        self.log("stopped");
        self.push(Effect::SaveStatus(Activity::Stopped));
        self.push(Effect::Exit);
    }

    fn rescan(&mut self, ended: Option<Ended>) {
        self.phase = Phase::Scanning(ended);
        self.push(Effect::Rescan);
    }

    fn scanned(&mut self, now: Duration, snapshot: Snapshot) {
        if let Phase::Scanning(ended) = &mut self.phase {
            let ended = ended.take();
            self.take(snapshot);
            match ended {
                Some(ended) => self.judge(now, &ended),
                None => self.decide(now),
            }
        }
    }

    /// Takes over what is on disk, and says what is wrong with the pin.
    fn take(&mut self, snapshot: Snapshot) {
        let problem = match &snapshot.pin {
            Pin::Version(pin) if choose::pinned(&snapshot).is_none() => Some(format!(
                "pinned to Tentacle {pin}, which is not installed: running the best there is"
            )),
            Pin::Invalid(problem) => Some(problem.clone()),
            Pin::Version(_) | Pin::None => None,
        };
        if self.said.pin != problem {
            if let Some(problem) = &problem {
                self.log(problem.clone());
            }
            self.said.pin = problem;
        }
        self.snapshot = snapshot;
    }

    fn store_ledger(&mut self) {
        self.push(Effect::StoreLedger {
            generation: self.generation,
            ledger: self.ledger.clone(),
        });
    }

    fn ledger_stored(&mut self, now: Duration, generation: u64, failed: Option<String>) {
        match failed {
            None => {
                self.stored = self.stored.max(generation);
                if self.stored == self.generation {
                    self.store_again = None;
                }
                if std::mem::take(&mut self.said.ledger) {
                    self.log("the ledger can be written again");
                }
            }
            Some(why) => {
                self.store_again = Some(now + STORE_AGAIN);
                if !std::mem::replace(&mut self.said.ledger, true) {
                    self.log(format!(
                        "the ledger cannot be written ({why}): going on, but a restart of this service will not know what became of each version; make HOME writable and see that the disk has room"
                    ));
                }
            }
        }
        if let Phase::Storing(next) = &self.phase
            && generation == self.generation
        {
            let next = next.clone();
            self.start(now, next);
        }
    }

    fn push(&mut self, effect: Effect) {
        self.effects.push_back(effect);
    }

    fn log(&mut self, line: impl Into<String>) {
        self.push(Effect::Log(line.into()));
    }
}
