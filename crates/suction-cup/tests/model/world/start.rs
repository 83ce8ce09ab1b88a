//! Starts and waits, and when they are right.

use std::time::Duration;

use suction_cup::machine::Event;

use super::past::{Ended, Exit, PATIENCE};
use super::{Child, File, World};
use crate::names::{Install, VERSIONS};
use crate::properties::{Broken, Property, holds};

impl World {
    pub(super) fn start(&mut self, version: u8, run: u64, nonce: String) -> Result<Event, Broken> {
        self.alone("a version starts")?;
        let text = VERSIONS[usize::from(version)];
        let Some(install) = self.disk.install_of(version) else {
            return Err(Broken {
                property: Property::StartsWhatIsThere,
                how: format!("started {text}, which is not there"),
            });
        };
        self.may_start(install)?;
        let last = self.past.last.take();
        self.is_newest(install, last)?;
        self.is_told(install, last)?;

        self.past.starts.push((version, self.now));
        let often = self.past.starts_of(version, self.now);
        holds(Property::FiveStarts, often <= 5, || {
            format!("started {text} {often} times within 30 s")
        })?;
        if self.past.turn.is_none_or(|(one, _)| one != install) {
            self.past.turn = Some((install, self.now));
            self.past.waits = 0;
        }
        self.disk.no_run();
        if !self.disk.startable {
            self.past.ended(
                Ended {
                    install,
                    exit: Exit::NotStarted,
                    marked: false,
                },
                self.now,
            );
            let why = "permission denied".to_owned();
            return Ok(Event::StartFailed { run, why });
        }
        self.child = Some(Child {
            install,
            run,
            nonce,
            since: self.now,
            marked: false,
            asked: false,
            killed: false,
            leaving: false,
        });
        Ok(Event::ChildStarted { run, pid: 100 })
    }

    /// Not another one than the pinned, and nothing bad while there is better.
    fn may_start(&self, install: Install) -> Result<(), Broken> {
        if let Some(pinned) = self.disk.pinned() {
            return holds(Property::PinIsObeyed, install == pinned, || {
                format!("started {install}, and {pinned} is pinned")
            });
        }
        let is_bad = |one: Install| self.past.told.is_bad(one) || self.past.condemned.has(one);
        let better = self.disk.installs().find(|one| !is_bad(*one));
        holds(
            Property::BadStaysBad,
            !is_bad(install) || better.is_none(),
            || format!("started the bad {install}, and {better:?} is there"),
        )
    }

    /// The newest that is not bad; or, when a newer one than that has failed just now, the
    /// newest good one.
    fn is_newest(&self, install: Install, last: Option<Ended>) -> Result<(), Broken> {
        let told = self.past.told;
        let newest = self.disk.installs().rfind(|one| !told.is_bad(*one));
        let Some(newest) = newest.filter(|_| self.disk.pinned().is_none()) else {
            return Ok(());
        };
        let good = self.disk.installs().rfind(|one| told.is_good(*one));
        let way_back = good == Some(install)
            && last.is_some_and(|last| {
                told.is_bad(last.install) && last.install.version > newest.version
            });
        holds(Property::NewestFirst, install == newest || way_back, || {
            format!("started {install}, and {newest} is newer and not bad")
        })
    }

    /// The ledger on disk knows it, and why it does not start what failed just now.
    fn is_told(&self, install: Install, last: Option<Ended>) -> Result<(), Broken> {
        if !self.disk.writable || self.disk.ledger == File::Damaged {
            // Nothing can be told, or what was told is lost.
            return Ok(());
        }
        let table = self.disk.table();
        holds(
            Property::ToldBeforeRun,
            table.word(install).is_some(),
            || format!("started {install} before the ledger knew of it"),
        )?;
        let failed = last.map(|last| last.install).filter(|failed| {
            let gone = !self.disk.has(*failed) || self.disk.pinned().is_some();
            !gone && failed.version > install.version
        });
        let told = failed.is_none_or(|failed| table.is_bad(failed));
        holds(Property::ToldBeforeRun, told, || {
            format!("went back to {install} before the ledger called {failed:?} bad")
        })
    }

    /// Nothing can be started now, and it is not for long.
    pub(super) fn waits(&mut self, delay: Duration) -> Result<(), Broken> {
        let tired = self.disk.installs().any(|one| {
            let starts = self.past.starts_of(one.version, self.now);
            starts.max(self.past.ends_of(one, self.now)) >= 5
        });
        if !self.reloads {
            self.past.waits = (self.past.waits + 1).min(PATIENCE);
        }
        let must = tired || self.reloads || self.disk.installs().next().is_none();
        let short = delay <= Duration::from_secs(600);
        holds(Property::WaitsOnlyWhenItMust, must && short, || {
            format!("waits for {delay:?} with {:?}", self.disk.installed)
        })
    }
}
