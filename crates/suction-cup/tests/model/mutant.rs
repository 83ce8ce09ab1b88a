//! Seeded mistakes, each of which the search must find.
//!
//! The machine stays as it is: a mutant stands between it and the world, and changes what
//! the one hears or the other does, as the machine or its driver would with that mistake.

use std::time::Duration;

use layout::{Entry, Ledger, Standing};
use suction_cup::machine::{Activity, Effect, Event, Exit, Pin, Snapshot};

use crate::names::{VERSIONS, number, numbers, version};
use crate::properties::Property;
use crate::world::World;

/// What becomes of an event or an effect.
#[derive(Debug)]
pub(crate) enum Item {
    Event(Event),
    Effect(Effect),
}

/// One mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mutant {
    StartsBeforeTheLedgerKnows,
    AcknowledgesBeforeTheSync,
    TakesAFailedWriteForDone,
    KeepsBadInMemoryOnly,
    ForgetsTheLedgerAtTheStart,
    TakesAnyMarker,
    TakesAStartForHealth,
    ForgetsToCountExitZero,
    SkipsTheWait,
    GivesUp,
    EndsWithItsChild,
    StartsTheNewestThoughBad,
    ComparesVersionsAsText,
    IgnoresThePin,
    IgnoresStamps,
    SeesTheNewestOnly,
    CondemnsAtTheFirstEnd,
    ClosesTheWindowEarly,
    NeverClosesTheWindow,
    CondemnsTheGood,
    NeverInstallsTheBundle,
    StartsTwice,
    LeavesTheChild,
    NeverKills,
    WatchesForEver,
    WatchesNoMarkerAfterACrash,
    LogsEveryEnd,
    WaitsBeforeEveryRestart,
    CondemnsTrialsAfterACrash,
    IgnoresAReload,
    StartsWhatIsNotThere,
    NeverGivesWay,
    GivesWayTooSoon,
}

impl Mutant {
    /// Every mutant, and the property that it violates.
    pub(crate) const ALL: [(Mutant, Property); 33] = [
        (Mutant::StartsBeforeTheLedgerKnows, Property::ToldBeforeRun),
        (Mutant::AcknowledgesBeforeTheSync, Property::BadStaysBad),
        (Mutant::TakesAFailedWriteForDone, Property::ComesToRest),
        (Mutant::KeepsBadInMemoryOnly, Property::NewestFirst),
        (Mutant::ForgetsTheLedgerAtTheStart, Property::BadStaysBad),
        (Mutant::TakesAnyMarker, Property::GoodMeansConfirmed),
        (Mutant::TakesAStartForHealth, Property::GoodMeansConfirmed),
        (Mutant::ForgetsToCountExitZero, Property::FiveStarts),
        (Mutant::SkipsTheWait, Property::FiveStarts),
        (Mutant::GivesUp, Property::RunsOrIsDue),
        (Mutant::EndsWithItsChild, Property::RunsOrIsDue),
        (Mutant::StartsTheNewestThoughBad, Property::BadStaysBad),
        (Mutant::ComparesVersionsAsText, Property::NewestFirst),
        (Mutant::IgnoresThePin, Property::PinIsObeyed),
        (Mutant::IgnoresStamps, Property::ToldBeforeRun),
        (Mutant::SeesTheNewestOnly, Property::GoodIsReached),
        (Mutant::CondemnsAtTheFirstEnd, Property::BadForAReason),
        (Mutant::ClosesTheWindowEarly, Property::BadForAReason),
        (Mutant::NeverClosesTheWindow, Property::GoodIsReached),
        (Mutant::CondemnsTheGood, Property::GoodStaysGood),
        (Mutant::NeverInstallsTheBundle, Property::SurvivesACrash),
        (Mutant::StartsTwice, Property::OneChild),
        (Mutant::LeavesTheChild, Property::OneChild),
        (Mutant::NeverKills, Property::StopEnds),
        (Mutant::WatchesForEver, Property::ComesToRest),
        (Mutant::WatchesNoMarkerAfterACrash, Property::SurvivesACrash),
        (Mutant::LogsEveryEnd, Property::FewLines),
        (
            Mutant::WaitsBeforeEveryRestart,
            Property::WaitsOnlyWhenItMust,
        ),
        (Mutant::CondemnsTrialsAfterACrash, Property::SameAfterACrash),
        (Mutant::IgnoresAReload, Property::PinIsObeyed),
        (Mutant::StartsWhatIsNotThere, Property::StartsWhatIsThere),
        (Mutant::NeverGivesWay, Property::GoodIsReached),
        (Mutant::GivesWayTooSoon, Property::GoodStaysGood),
    ];

    /// What the world does instead of an effect.
    pub(crate) fn effect(self, world: &World, effect: Effect) -> Vec<Item> {
        let same = |effect| vec![Item::Effect(effect)];
        match (self, effect) {
            (Mutant::StartsBeforeTheLedgerKnows, Effect::StoreLedger { generation, .. }) => {
                vec![Item::Event(Event::LedgerStored(generation))]
            }
            (Mutant::KeepsBadInMemoryOnly, Effect::StoreLedger { generation, ledger }) => {
                let ledger = with(&ledger, |_, standing| match standing {
                    Standing::Bad { .. } => Standing::Trial,
                    Standing::Trial | Standing::Good => standing,
                });
                same(Effect::StoreLedger { generation, ledger })
            }
            (Mutant::CondemnsTheGood, Effect::StoreLedger { generation, ledger }) => {
                let bad = Standing::bad(layout::BadReason::Crashed, "it is not the newest");
                let newest = world.disk.installs().next_back().map(|one| one.version);
                let ledger = with(&ledger, |version, standing| match standing {
                    Standing::Good if Some(version) < newest => bad.clone(),
                    _ => standing,
                });
                same(Effect::StoreLedger { generation, ledger })
            }
            (Mutant::StartsTheNewestThoughBad, Effect::Start { run, nonce, .. }) => {
                let newest = world.disk.installs().next_back();
                start(newest.map(|one| one.version), run, nonce)
            }
            (Mutant::StartsWhatIsNotThere, Effect::Start { run, nonce, .. }) => {
                let absent = numbers().find(|one| world.disk.install_of(*one).is_none());
                start(absent, run, nonce)
            }
            (Mutant::ComparesVersionsAsText, Effect::Start { run, nonce, .. }) => {
                let candidates = world.disk.installs().map(|one| one.version);
                start(candidates.max_by_key(|one| text(*one)), run, nonce)
            }
            (
                Mutant::StartsTwice,
                Effect::Start {
                    version,
                    run,
                    nonce,
                },
            ) => {
                let effect = Effect::Start {
                    version,
                    run,
                    nonce,
                };
                vec![Item::Effect(effect.clone()), Item::Effect(effect)]
            }
            (Mutant::NeverInstallsTheBundle, Effect::InstallBundle) => {
                let why = "not now".to_owned();
                vec![Item::Event(Event::BundleFailed(why))]
            }
            (Mutant::NeverKills, Effect::Kill)
            | (Mutant::WatchesForEver, Effect::WatchMarker(None)) => Vec::new(),
            (Mutant::WatchesNoMarkerAfterACrash, Effect::WatchMarker(Some(_)))
                if world.past.crashed =>
            {
                Vec::new()
            }
            (_, effect) => same(effect),
        }
    }

    /// What the machine hears, or the world does, instead of an event.
    pub(crate) fn event(self, world: &World, event: Event) -> Vec<Item> {
        let same = |event| vec![Item::Event(event)];
        match (self, event) {
            (Mutant::TakesAFailedWriteForDone, Event::LedgerStoreFailed(generation, _)) => {
                same(Event::LedgerStored(generation))
            }
            (Mutant::ForgetsTheLedgerAtTheStart, Event::Started { snapshot, .. }) => {
                let ledger = Ledger::default();
                same(Event::Started { snapshot, ledger })
            }
            (Mutant::TakesAnyMarker, Event::MarkerSeen(_)) => same(healthy(world)),
            (Mutant::TakesAStartForHealth, event @ Event::ChildStarted { .. }) => {
                vec![Item::Event(event), Item::Event(healthy(world))]
            }
            (
                Mutant::ForgetsToCountExitZero,
                Event::ChildEnded {
                    run,
                    exit: Exit::Code(0),
                },
            ) => {
                let last = world.past.last.map(|last| last.install.version);
                start(last, run, "again".to_owned())
            }
            (Mutant::EndsWithItsChild, Event::ChildEnded { .. }) => {
                vec![Item::Effect(Effect::Exit)]
            }
            (Mutant::CondemnsAtTheFirstEnd, Event::ChildEnded { run, .. }) => {
                let exit = Exit::Code(layout::EXIT_UNHEALTHY);
                same(Event::ChildEnded { run, exit })
            }
            (Mutant::LogsEveryEnd, event @ Event::ChildEnded { .. }) => {
                let line = Effect::Log("it ended".to_owned());
                vec![Item::Effect(line), Item::Event(event)]
            }
            (Mutant::WaitsBeforeEveryRestart, event @ Event::ChildEnded { .. }) => {
                let (delay, why) = (Duration::from_secs(60), "it ended".to_owned());
                let waits = Effect::SaveStatus(Activity::Waiting { delay, why });
                vec![Item::Effect(waits), Item::Event(event)]
            }
            (Mutant::CondemnsTrialsAfterACrash, Event::Started { snapshot, ledger })
                if world.past.crashed =>
            {
                let bad = Standing::bad(layout::BadReason::Crashed, "its run was broken off");
                let ledger = with(&ledger, |_, standing| match standing {
                    Standing::Trial => bad.clone(),
                    _ => standing,
                });
                same(Event::Started { snapshot, ledger })
            }
            (Mutant::IgnoresAReload, Event::Reload(_)) => Vec::new(),
            (Mutant::LeavesTheChild, Event::Stop) => vec![Item::Effect(Effect::Exit)],
            (_, Event::Scanned(snapshot)) => same(Event::Scanned(self.seen(snapshot))),
            (_, Event::Started { snapshot, ledger }) => same(Event::Started {
                snapshot: self.seen(snapshot),
                ledger,
            }),
            (_, event) => same(event),
        }
    }

    fn seen(self, mut snapshot: Snapshot) -> Snapshot {
        let installed = &mut snapshot.installed;
        match self {
            Mutant::IgnoresThePin => snapshot.pin = Pin::None,
            Mutant::IgnoresStamps => {
                let all = installed.iter_mut();
                all.for_each(|one| one.stamp = layout::Stamp::bundle());
            }
            Mutant::SeesTheNewestOnly => {
                installed.sort_by_key(|one| number(&one.version));
                let older = installed.len().saturating_sub(1);
                installed.drain(..older);
            }
            _ => {}
        }
        snapshot
    }

    /// How often a good version that keeps ending is waited for.
    pub(crate) fn patience(self, right: u32) -> u32 {
        match self {
            Mutant::NeverGivesWay => u32::MAX,
            Mutant::GivesWayTooSoon => right - 1,
            _ => right,
        }
    }

    /// When the driver calls the machine, in seconds.
    pub(crate) fn deadline(self, world: &World, at: Option<u64>) -> Option<u64> {
        let waits = world.child.is_none();
        let on_trial = world.child.as_ref().is_some_and(|child| !child.asked) && world.watch;
        match self {
            Mutant::GivesUp if waits => None,
            Mutant::SkipsTheWait if waits => at.map(|_| world.now),
            Mutant::NeverClosesTheWindow if on_trial => None,
            Mutant::ClosesTheWindowEarly if on_trial => at.map(|at| at.min(world.now + 1)),
            _ => at,
        }
    }
}

/// The ledger with each standing changed.
fn with(ledger: &Ledger, mut change: impl FnMut(u8, Standing) -> Standing) -> Ledger {
    let mut changed = Ledger::default();
    for (version, entry) in ledger.entries() {
        let standing = change(number(version), entry.standing.clone());
        let stamp = entry.stamp.clone();
        changed.set(version.clone(), Entry { stamp, standing });
    }
    changed
}

fn start(number: Option<u8>, run: u64, nonce: String) -> Vec<Item> {
    let version = number.map(version);
    let start = version.map(|version| Effect::Start {
        version,
        run,
        nonce,
    });
    start.into_iter().map(Item::Effect).collect()
}

fn text(number: u8) -> &'static str {
    VERSIONS[usize::from(number)]
}

/// The marker of the run at hand.
fn healthy(world: &World) -> Event {
    let nonce = world.child.as_ref().map(|child| child.nonce.clone());
    Event::MarkerSeen(nonce.unwrap_or_default())
}
