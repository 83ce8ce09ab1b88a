//! The ledger: what may be written into it.

use layout::{BadReason, Ledger};
use suction_cup::machine::Event;

use super::past::{Exit, PATIENCE};
use super::{File, World};
use crate::names::{Install, Table, Word};
use crate::properties::{Broken, Property, holds};

impl World {
    pub(super) fn store(
        &mut self,
        generation: u64,
        ledger: &Ledger,
        window: u64,
    ) -> Result<Event, Broken> {
        let table = Table::of(ledger);
        let before = std::mem::replace(&mut self.past.told, table);
        for (install, word) in table.entries() {
            self.may_say(install, before.word(install), word, window)?;
        }
        for (install, word) in before.entries() {
            let forgotten = self.disk.has(install) && table.word(install).is_none();
            let property = match word {
                Word::Good => Property::GoodStaysGood,
                Word::Trial | Word::Bad(_) => Property::BadStaysBad,
            };
            holds(property, !forgotten, || {
                format!("the ledger forgot {install}, {word:?}")
            })?;
        }
        if !self.disk.writable {
            let why = "no space left on the disk".to_owned();
            return Ok(Event::LedgerStoreFailed(generation, why));
        }
        self.disk.ledger = File::Whole(table);
        self.disk.unsynced = None;
        for (install, word) in table.entries() {
            self.past.condemned.put(install, word.is_bad());
        }
        Ok(Event::LedgerStored(generation))
    }

    /// Whether what has happened bears out a new word on an install.
    fn may_say(
        &self,
        install: Install,
        before: Option<Word>,
        word: Word,
        window: u64,
    ) -> Result<(), Broken> {
        if before == Some(word) {
            return Ok(());
        }
        let kept = before != Some(Word::Good) || self.may_give_way(install);
        holds(Property::GoodStaysGood, kept, || {
            format!("the ledger says {word:?} of {install}, which was good")
        })?;
        let (property, right) = match word {
            Word::Good => (Property::GoodMeansConfirmed, self.run_was_marked(install)),
            Word::Bad(reason) => (
                Property::BadForAReason,
                self.has_failed(install, reason, window),
            ),
            // Whole again, perhaps.
            Word::Trial => (
                Property::BadStaysBad,
                before.is_none() || self.past.bundled == Some(install),
            ),
        };
        holds(property, right, || {
            format!("the ledger says {word:?} of {install} after {before:?}")
        })
    }

    /// Whether a good one has failed for so long that another good one should have its place.
    fn may_give_way(&self, install: Install) -> bool {
        let told = self.past.told;
        let other = |one: Install| one != install && told.is_good(one);
        self.past.waits >= PATIENCE
            && self.past.ends_of(install, self.now) >= 5
            && self.past.pinned.is_none()
            && self.disk.installs().any(other)
    }

    /// The run at hand, or the one that just ended, wrote its own nonce.
    fn run_was_marked(&self, install: Install) -> bool {
        let child = self.child.as_ref();
        let child = child.map(|child| (child.install, child.marked));
        let last = self.past.last.map(|last| (last.install, last.marked));
        child.or(last) == Some((install, true))
    }

    fn has_failed(&self, install: Install, reason: BadReason, window: u64) -> bool {
        let last = self.past.last.filter(|last| last.install == install);
        match reason {
            BadReason::Crashed => last.is_some() && self.past.ends_of(install, self.now) >= 5,
            BadReason::Unhealthy => last.is_some_and(|last| last.exit == Exit::Unhealthy),
            BadReason::Unconfirmed => {
                let since = self.past.turn.filter(|(one, _)| *one == install);
                self.child
                    .as_ref()
                    .is_some_and(|child| child.install == install && !child.marked)
                    && since.is_some_and(|(_, since)| self.now - since >= window)
            }
        }
    }
}
