//! The world that the machine lives in: a disk, a child, a clock, and what has happened.
//!
//! It carries out effects as the driver does, and checks every one of them.

mod disk;
mod past;
mod start;
mod store;

use std::time::Duration;

use suction_cup::machine::{Activity, Effect, Event};

pub(crate) use self::disk::{Disk, File, Marker, Package, Pinned};
pub(crate) use self::past::{Ended, Exit, PATIENCE, Past, STABLE};
use crate::names::{Install, number};
use crate::properties::{Broken, Property, holds};

/// How often each thing may still happen, so that there is an end to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Budget {
    /// Times that some time passes with nothing else.
    pub(crate) passes: u8,
    /// Versions that the server installs.
    pub(crate) publishes: u8,
    /// Crashes of the supervisor.
    pub(crate) crashes: u8,
    /// Changes of the pin.
    pub(crate) pins: u8,
    /// Times that an operator asks to look again.
    pub(crate) reloads: u8,
    /// Versions that somebody removes.
    pub(crate) removals: u8,
    /// Turns of the disk between writable and not.
    pub(crate) disk: u8,
    /// Turns of the programs between startable and not.
    pub(crate) starts: u8,
    /// Damages of the ledger.
    pub(crate) damages: u8,
    /// Changes of the bundle.
    pub(crate) bundles: u8,
}

/// Everything but the machine.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct World {
    /// Seconds since the supervisor started.
    pub(crate) now: u64,
    pub(crate) disk: Disk,
    pub(crate) child: Option<Child>,
    /// The bundle is being installed.
    pub(crate) installing: bool,
    /// The marker is looked for.
    pub(crate) watch: bool,
    pub(crate) asked_to_stop: bool,
    pub(crate) exited: bool,
    pub(crate) budget: Budget,
    pub(crate) past: Past,
    /// Lines in the log since the last event from outside.
    pub(crate) lines: u8,
    /// An operator's reload is being handled.
    pub(crate) reloads: bool,
    /// A quiet world: the child that came to rest was asked to start the newest.
    pub(crate) poked: bool,
}

/// A run of Tentacle.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Child {
    pub(crate) install: Install,
    pub(crate) run: u64,
    pub(crate) nonce: String,
    pub(crate) since: u64,
    /// It wrote its marker.
    pub(crate) marked: bool,
    /// It was asked to end.
    pub(crate) asked: bool,
    pub(crate) killed: bool,
    /// It installed another version, and means to end for it.
    pub(crate) leaving: bool,
}

impl World {
    pub(crate) fn new(disk: Disk, budget: Budget) -> World {
        let past = Past::of(&disk);
        World {
            now: 0,
            disk,
            child: None,
            installing: false,
            watch: false,
            asked_to_stop: false,
            exited: false,
            budget,
            past,
            lines: 0,
            reloads: false,
            poked: false,
        }
    }

    /// The time as the machine gets it.
    pub(crate) fn clock(&self) -> Duration {
        Duration::from_secs(self.now)
    }

    /// The same for states that behave alike: times from now on, runs without their numbers.
    pub(crate) fn normal(&self, window: u64) -> World {
        let mut world = self.clone();
        world.lines = 0;
        world.past.age(self.now, window);
        if let Some(child) = &mut world.child {
            child.run = 0;
            child.nonce.clear();
            // How long it ran counts only after waits.
            let ran = (self.now - child.since).min(STABLE);
            child.since = if world.past.waits > 0 { ran } else { 0 };
        }
        world.now = 0;
        world
    }

    /// The world after the supervisor, or the machine it runs on, went down: its child too.
    /// What was not synced is there, or not, or half of it.
    pub(crate) fn crashed(&self) -> Vec<World> {
        let mut world = self.clone();
        world.now = 0;
        world.child = None;
        world.installing = false;
        world.watch = false;
        world.lines = 0;
        world.budget.crashes -= 1;
        world.past.life_ended();
        world.disk.no_run();
        let Some(before) = world.disk.unsynced.take() else {
            return vec![world];
        };
        let with = |ledger| {
            let mut world = world.clone();
            world.disk.ledger = ledger;
            world
        };
        vec![with(before), with(File::Damaged), world.clone()]
    }

    /// Does what the machine says; the answer, if there is one.
    pub(crate) fn carry_out(
        &mut self,
        effect: Effect,
        window: u64,
    ) -> Result<Option<Event>, Broken> {
        holds(Property::OneChild, !self.exited, || {
            format!("{effect:?} after the last effect")
        })?;
        let mut answer = None;
        match effect {
            Effect::Rescan => {
                self.past.pinned = self.disk.pinned();
                answer = Some(Event::Scanned(self.disk.snapshot()));
            }
            Effect::InstallBundle => {
                self.alone("the bundle is installed")?;
                self.installing = true;
            }
            Effect::Start {
                version,
                run,
                nonce,
            } => answer = Some(self.start(number(&version), run, nonce)?),
            Effect::StoreLedger { generation, ledger } => {
                answer = Some(self.store(generation, &ledger, window)?);
            }
            Effect::WatchMarker(every) => self.watch = every.is_some(),
            Effect::Terminate => {
                if let Some(child) = &mut self.child {
                    child.asked = true;
                }
            }
            Effect::Kill => {
                if let Some(child) = &mut self.child {
                    child.killed = true;
                }
            }
            Effect::KeepLastLines(_) => {}
            Effect::Log(_) => {
                self.lines += 1;
                holds(Property::FewLines, self.lines <= 6, || {
                    "more than six lines about one event".to_owned()
                })?;
            }
            Effect::SaveStatus(Activity::Waiting { delay, .. }) => self.waits(delay)?,
            Effect::SaveStatus(_) => {}
            Effect::Exit => {
                holds(Property::OneChild, self.child.is_none(), || {
                    "it ended and left its child behind".to_owned()
                })?;
                holds(Property::RunsOrIsDue, self.asked_to_stop, || {
                    "it ended without being asked to".to_owned()
                })?;
                self.exited = true;
            }
        }
        Ok(answer)
    }

    /// Nothing else runs beside what begins now.
    fn alone(&self, what: &str) -> Result<(), Broken> {
        let alone = self.child.is_none() && !self.installing;
        holds(Property::OneChild, alone, || {
            format!("{what} beside another child")
        })
    }
}
