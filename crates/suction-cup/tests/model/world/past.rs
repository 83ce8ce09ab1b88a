//! What has happened, as far as the properties need to know it.

use super::Disk;
use crate::names::{Install, Set, Table};

/// Five starts or ends within this time are many.
pub(crate) const MANY_WITHIN: u64 = 30;

/// So many waits in a row a good version is given.
pub(crate) const PATIENCE: u32 = 3;
/// A run of this length, in seconds, ends the row.
pub(crate) const STABLE: u64 = 60;

/// Kept by the world, independently of the machine.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Past {
    /// Installs that wrote their marker once.
    pub(crate) confirmed: Set,
    /// Installs of which the machine was told that they are bad on disk.
    pub(crate) condemned: Set,
    /// The last ledger that the machine wanted on disk.
    pub(crate) told: Table,
    /// Starts of each version, in this life of the supervisor.
    pub(crate) starts: Vec<(u8, u64)>,
    /// Ends of each install.
    pub(crate) ends: Vec<(Install, u64)>,
    /// The install that runs or ran last, and since when no other.
    pub(crate) turn: Option<(Install, u64)>,
    /// Waits since then or since its last stable run, as far as they count.
    pub(crate) waits: u32,
    /// The run that ended, until the next one starts.
    pub(crate) last: Option<Ended>,
    /// What was pinned when the machine looked last.
    pub(crate) pinned: Option<Install>,
    /// The supervisor crashed before.
    pub(crate) crashed: bool,
    /// The bundle was installed just now.
    pub(crate) bundled: Option<Install>,
}

/// How a run ended, as far as it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Exit {
    /// To start the newest.
    Zero,
    Crash,
    Unhealthy,
    /// It was told to end.
    Asked,
    Killed,
    NotStarted,
}

/// A run that is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Ended {
    pub(crate) install: Install,
    pub(crate) exit: Exit,
    pub(crate) marked: bool,
}

impl Past {
    pub(crate) fn of(disk: &Disk) -> Past {
        let mut past = Past {
            confirmed: Set::default(),
            condemned: Set::default(),
            told: disk.table(),
            starts: Vec::new(),
            ends: Vec::new(),
            turn: None,
            waits: 0,
            last: None,
            pinned: None,
            crashed: false,
            bundled: None,
        };
        for (install, word) in disk.table().entries() {
            past.confirmed
                .put(install, word == crate::names::Word::Good);
            past.condemned.put(install, word.is_bad());
        }
        past
    }

    /// The supervisor is gone, and what it counted with it.
    pub(crate) fn life_ended(&mut self) {
        self.starts.clear();
        self.ends.clear();
        self.turn = None;
        self.waits = 0;
        self.last = None;
        self.bundled = None;
        self.pinned = None;
        self.crashed = true;
    }

    pub(crate) fn ended(&mut self, ended: Ended, now: u64) {
        self.ends.retain(|(_, at)| now - at <= MANY_WITHIN);
        self.ends.push((ended.install, now));
        self.last = Some(ended);
    }

    /// How often it ended within the time that counts.
    pub(crate) fn ends_of(&self, install: Install, now: u64) -> usize {
        let counts = |(one, at): &&(Install, u64)| *one == install && now - at <= MANY_WITHIN;
        self.ends.iter().filter(counts).count()
    }

    /// How often it started within the time that counts.
    pub(crate) fn starts_of(&self, version: u8, now: u64) -> usize {
        let counts = |(one, at): &&(u8, u64)| *one == version && now - at <= MANY_WITHIN;
        self.starts.iter().filter(counts).count()
    }

    /// Turns times into ages, and forgets what is too old to matter.
    pub(crate) fn age(&mut self, now: u64, window: u64) {
        self.starts.retain(|(_, at)| now - at <= MANY_WITHIN);
        self.ends.retain(|(_, at)| now - at <= MANY_WITHIN);
        let starts = self.starts.iter_mut().map(|(_, at)| at);
        let ends = self.ends.iter_mut().map(|(_, at)| at);
        for at in starts.chain(ends) {
            *at = now - *at;
        }
        if let Some((_, since)) = &mut self.turn {
            *since = (now - *since).min(window);
        }
        self.starts.sort_unstable();
        self.ends.sort_unstable();
    }
}
