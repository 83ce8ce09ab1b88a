//! Quiet worlds: from any state on, nobody interferes, and versions work or fail in one way.
//!
//! There each state has one successor, so every run ends at rest or in a loop, and both
//! must be as they should.

use std::collections::HashMap;

use crate::action::{self, Action, apply};
use crate::life::{Between, Life};
use crate::names::{Install, Word};
use crate::properties::{Broken, Property, holds};
use crate::world::{Budget, Exit, File, Marker, Package, World};

/// How versions behave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Temper {
    /// All are confirmed soon.
    AllWork,
    /// Those that were confirmed once are again; the others end at once.
    OthersCrash,
    /// Or find themselves unhealthy.
    OthersAreUnhealthy,
    /// Or run on, and do not end when they are asked to.
    OthersAreSilent,
    /// The newest ends at once, also when it was confirmed before; the others work.
    NewestCrashes,
    /// All end at once.
    AllCrash,
    /// All end at once, to start the newest.
    AllEndWithZero,
    /// And the ledger cannot be written.
    NothingIsWritten,
    /// No program can be started.
    NothingStarts,
}

const TEMPERS: [Temper; 9] = [
    Temper::AllWork,
    Temper::OthersCrash,
    Temper::OthersAreUnhealthy,
    Temper::OthersAreSilent,
    Temper::NewestCrashes,
    Temper::AllCrash,
    Temper::AllEndWithZero,
    Temper::NothingIsWritten,
    Temper::NothingStarts,
];

/// Remembers the states from which all is well, and where each of them leads.
#[derive(Debug, Default)]
pub(crate) struct Quiet {
    proven: HashMap<(Temper, u64), Ending>,
}

/// Where a quiet world ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// This runs on, and the ledger says this of it.
    Rest(Install, Option<Word>),
    /// It goes on trying for ever.
    Loop,
    /// It may end otherwise after a crash.
    Unknown,
}

/// Where each quiet world ends.
pub(crate) type Endings = [Ending; TEMPERS.len()];

impl Quiet {
    /// Whether it ends well in every quiet world, and when it is asked to stop.
    pub(crate) fn check(&mut self, life: &Life, between: &mut Between) -> Result<(), Broken> {
        if life.machine.is_some() {
            life.rules.report(stops(life, false, between))?;
            life.rules.report(stops(life, true, between))?;
        }
        self.endings(life, between).map(drop)
    }

    /// Where it ends in every quiet world.
    pub(crate) fn endings(
        &mut self,
        life: &Life,
        between: &mut Between,
    ) -> Result<Endings, Broken> {
        let machine = life.machine_key();
        let mut endings = [Ending::Unknown; TEMPERS.len()];
        for (ending, temper) in endings.iter_mut().zip(TEMPERS) {
            match self.ends_well(life, machine, temper, between) {
                Ok(found) => *ending = found,
                Err(broken) => life.rules.report(Err(broken))?,
            }
        }
        Ok(endings)
    }

    /// After a crash it ends where it would have ended without it: the crash may undo the
    /// event during which it came, and no more.
    pub(crate) fn same_after_crash(
        &mut self,
        before: &Life,
        after: &Life,
        crashed: &Life,
        between: &mut Between,
    ) -> Result<(), Broken> {
        let without = self.endings(before, between)?;
        let with = self.endings(after, between)?;
        let found = self.endings(crashed, between)?;
        let rows = TEMPERS.iter().zip(without).zip(with).zip(found);
        for (((temper, without), with), found) in rows {
            let known = ![without, with, found].contains(&Ending::Unknown);
            let same = found == without || found == with;
            holds(Property::SameAfterACrash, !known || same, || {
                format!(
                    "{temper:?}: {without:?} before, {with:?} without the crash, {found:?} after it"
                )
            })?;
        }
        Ok(())
    }

    /// How many states were proven to end well.
    pub(crate) fn proven(&self) -> usize {
        self.proven.len()
    }

    fn ends_well(
        &mut self,
        from: &Life,
        machine: u64,
        temper: Temper,
        between: &mut Between,
    ) -> Result<Ending, Broken> {
        let mut life = from.clone();
        life.world.budget = Budget::default();
        life.world.disk.writable = temper != Temper::NothingIsWritten;
        life.world.disk.startable = temper != Temper::NothingStarts;
        between.begin(&format!("then: {temper:?}"));
        let rest = match from.machine {
            Some(_) => Property::ComesToRest,
            None => Property::SurvivesACrash,
        };
        let mut path = Vec::new();
        let mut places = HashMap::new();
        let mut key = life.key_with(machine);
        let ending = loop {
            if let Some(ending) = self.proven.get(&(temper, key)) {
                break *ending;
            }
            if let Some(place) = places.insert(key, path.len()) {
                let lines = path.iter().skip(place).map(|(_, lines)| u32::from(*lines));
                is_right_loop(&life, temper, rest, lines.sum())?;
                break looping(temper);
            }
            let next = next(&mut life, temper, between)?;
            path.push((key, life.world.lines));
            if let Next::Rest = next {
                is_right_rest(&life, temper, rest)?;
                break resting(&life);
            }
            key = life.key();
        };
        let proven = path.into_iter().map(|(key, _)| ((temper, key), ending));
        self.proven.extend(proven);
        Ok(ending)
    }
}

enum Next {
    Moved,
    Rest,
}

/// The one thing that happens next.
fn next(life: &mut Life, temper: Temper, between: &mut Between) -> Result<Next, Broken> {
    let action = match &life.world.child {
        _ if life.machine.is_none() => Action::Boot,
        _ if life.world.installing => Action::BundleDone,
        None => Action::Wake,
        Some(child) if child.killed => Action::End(Exit::Killed),
        Some(child) if child.asked && temper != Temper::OthersAreSilent => Action::End(Exit::Asked),
        Some(child) if child.asked => Action::Wake,
        Some(child) if child.leaving => Action::End(Exit::Zero),
        Some(child) => {
            let (install, marked) = (child.install, child.marked);
            let fails = fails(&life.world, temper, install);
            let current = life.world.disk.marker == Marker::Current;
            match fails {
                Some(Some(exit)) => Action::End(exit),
                None if !marked && life.world.watch && life.world.disk.writable => Action::Confirm,
                None if current && life.world.watch => Action::Look,
                _ if life.deadline().is_some() => Action::Wake,
                _ if !life.world.poked => {
                    life.world.poked = true;
                    Action::End(Exit::Zero)
                }
                _ => return Ok(Next::Rest),
            }
        }
    };
    between.note(|| format!("{action:?}"));
    (*life, _) = apply(life, action, between)?;
    Ok(Next::Moved)
}

/// Whether a version fails, and how it ends if it does.
fn fails(world: &World, temper: Temper, install: Install) -> Option<Option<Exit>> {
    let confirmed = world.past.confirmed.has(install);
    match temper {
        Temper::AllWork => None,
        Temper::NewestCrashes if world.disk.installs().next_back() != Some(install) => None,
        Temper::OthersCrash | Temper::OthersAreUnhealthy | Temper::OthersAreSilent if confirmed => {
            None
        }
        Temper::OthersAreUnhealthy => Some(Some(Exit::Unhealthy)),
        Temper::OthersAreSilent => Some(None),
        Temper::AllEndWithZero => Some(Some(Exit::Zero)),
        _ => Some(Some(Exit::Crash)),
    }
}

fn looping(temper: Temper) -> Ending {
    match temper {
        // A crash that loses the word `good` makes a failure that of a trial, in whose place
        // also a version may run that was never tried.
        Temper::NewestCrashes => Ending::Unknown,
        _ => Ending::Loop,
    }
}

fn resting(life: &Life) -> Ending {
    let Some(child) = &life.world.child else {
        return Ending::Loop;
    };
    match life.world.past.told.word(child.install) {
        // Nothing good is there: a restart is another chance for the bundle.
        Some(Word::Bad(_)) => Ending::Unknown,
        word => Ending::Rest(child.install, word),
    }
}

fn is_right_rest(life: &Life, temper: Temper, rest: Property) -> Result<(), Broken> {
    let world = &life.world;
    let Some(child) = &world.child else {
        return Ok(());
    };
    if temper == Temper::AllWork {
        let (told, table) = (world.past.told, world.disk.table());
        let newest = world.disk.installs().rfind(|one| !told.is_bad(*one));
        let due = world.disk.pinned().or(newest);
        // A ledger that was damaged behind its back is written again with the next change.
        let kept = world.disk.ledger == File::Damaged || table == told;
        let right = kept && told.is_good(child.install) && !world.watch;
        return holds(rest, right && due == Some(child.install), || {
            format!(
                "{} runs, {due:?} is due, the ledger says {table:?}",
                child.install
            )
        });
    }
    let works = fails(world, temper, child.install).is_none();
    holds(
        Property::GoodIsReached,
        works || !good_is_there(world, temper),
        || format!("{} runs on, and a good one is there", child.install),
    )
}

fn is_right_loop(life: &Life, temper: Temper, rest: Property, lines: u32) -> Result<(), Broken> {
    let world = &life.world;
    if temper == Temper::AllWork {
        let startable = world.disk.installs().next().is_some();
        let nothing = !startable && world.disk.bundle != Package::Whole;
        return holds(rest, nothing, || "it goes round in circles".to_owned());
    }
    holds(
        Property::GoodIsReached,
        !good_is_there(world, temper),
        || "it tries what is broken for ever, and a good one is there".to_owned(),
    )?;
    holds(Property::FewLines, lines == 0, || {
        format!("{lines} lines each time round, {temper:?}")
    })
}

/// Whether a version that works could be reached by the rules.
fn good_is_there(world: &World, temper: Temper) -> bool {
    let works = |one: Install| fails(world, temper, one).is_none();
    let told = world.past.told;
    match world.past.pinned {
        Some(pinned) => works(pinned),
        // A silent version gives way only to one that is good for sure.
        None => world.disk.installs().any(|one| match temper {
            Temper::OthersAreSilent | Temper::NewestCrashes => works(one) && told.is_good(one),
            _ => works(one) && !told.is_bad(one),
        }),
    }
}

/// Asked to stop, it ends, whether the child obeys or has to be killed.
fn stops(from: &Life, stubborn: bool, between: &mut Between) -> Result<(), Broken> {
    let mut life = from.clone();
    between.begin(&format!("then: Stop, stubborn: {stubborn}"));
    action::stop(&mut life, between)?;
    for _ in 0..5 {
        let action = match &life.world.child {
            _ if life.world.exited => return Ok(()),
            Some(child) if child.killed => Action::End(Exit::Killed),
            Some(child) if child.asked && !stubborn => Action::End(Exit::Asked),
            _ => Action::Wake,
        };
        between.note(|| format!("{action:?}"));
        (life, _) = apply(&life, action, between)?;
    }
    holds(Property::StopEnds, life.world.exited, || {
        "it runs on, or waits for ever".to_owned()
    })
}
