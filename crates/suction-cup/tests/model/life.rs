//! The machine in its world, joined as the driver joins them: first every effect, then
//! every answer, then the next thing that happens outside.

use std::collections::VecDeque;
use std::time::Duration;

use suction_cup::machine::{Effect, Event, Machine, Policy};

use crate::key;
use crate::mutant::{Item, Mutant};
use crate::properties::{Broken, Property, holds};
use crate::world::{File, Marker, PATIENCE, World};

/// One supervisor and its world; after a crash the world alone.
#[derive(Clone, Debug)]
pub(crate) struct Life {
    pub(crate) machine: Option<Machine>,
    pub(crate) world: World,
    pub(crate) rules: Rules,
    /// What a mutant's clock is ahead.
    skew: Duration,
}

/// What is the same for all states of one search.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    /// Seconds that a trial may take.
    pub(crate) window: u64,
    /// The mistake that is made, and the property that is to show it: no other is looked at.
    pub(crate) mutant: Option<(Mutant, Property)>,
}

impl Rules {
    /// Goes on after what nobody looks at.
    pub(crate) fn report(&self, result: Result<(), Broken>) -> Result<(), Broken> {
        match (result, self.mutant) {
            (Err(broken), Some((_, wanted))) if broken.property != wanted => Ok(()),
            (result, _) => result,
        }
    }
}

/// What is between an event from outside and the rest that follows it.
#[derive(Debug, Default)]
pub(crate) struct Between {
    /// The worlds right before each write.
    pub(crate) writes: Vec<World>,
    /// Every event and effect, if wanted.
    pub(crate) transcript: Option<Vec<String>>,
    begun: Option<usize>,
}

impl Between {
    /// One that keeps a transcript.
    pub(crate) fn noting(first: &str) -> Between {
        Between {
            transcript: Some(vec![first.to_owned()]),
            ..Between::default()
        }
    }

    pub(crate) fn note(&mut self, line: impl FnOnce() -> String) {
        if let Some(transcript) = &mut self.transcript {
            transcript.push(short(&line()));
        }
    }

    /// What was noted since the last beginning turned out to be well.
    pub(crate) fn begin(&mut self, line: &str) {
        if let Some(transcript) = &mut self.transcript {
            transcript.truncate(self.begun.unwrap_or(transcript.len()));
            self.begun = Some(transcript.len());
            transcript.push(line.to_owned());
        }
    }
}

impl Life {
    /// A machine that is off.
    pub(crate) fn off(world: World, rules: Rules) -> Life {
        Life {
            machine: None,
            world,
            rules,
            skew: Duration::ZERO,
        }
    }

    /// Two states with the same key behave alike from now on.
    pub(crate) fn key(&self) -> u64 {
        self.key_with(self.machine_key())
    }

    /// The same, with the machine's part known.
    pub(crate) fn key_with(&self, machine: u64) -> u64 {
        key::hash(&(machine, self.world.normal(self.rules.window)))
    }

    /// The machine's part, which most changes of the world leave as it is.
    pub(crate) fn machine_key(&self) -> u64 {
        let child = self.world.child.as_ref();
        let context = key::Context {
            now: self.world.clock() + self.skew,
            window: Duration::from_secs(self.rules.window),
            run: child.map_or(0, |child| child.run),
            nonce: child.map_or("", |child| &child.nonce),
        };
        let machine = self.machine.as_ref();
        key::hash(&machine.map(|machine| key::key(machine, &context)))
    }

    /// The supervisor starts.
    pub(crate) fn boot(&mut self, between: &mut Between) -> Result<(), Broken> {
        let policy = Policy {
            trial_window: Duration::from_secs(self.rules.window),
            stop_grace: Duration::from_secs(20),
            patience: match self.rules.mutant {
                Some((mutant, _)) => mutant.patience(PATIENCE),
                None => PATIENCE,
            },
        };
        self.machine = Some(Machine::new(policy, "seed"));
        self.skew = Duration::ZERO;
        let disk = &mut self.world.disk;
        let ledger = disk.table();
        if disk.ledger == File::Damaged && disk.writable {
            disk.ledger = File::Missing;
        }
        self.world.past.told = ledger;
        self.world.past.pinned = disk.pinned();
        let started = Event::Started {
            snapshot: disk.snapshot(),
            ledger: ledger.ledger(),
        };
        self.happens([started], between)
    }

    /// When the machine wants to be called, in the world's time.
    pub(crate) fn deadline(&self) -> Option<u64> {
        let at = self.machine.as_ref()?.poll_deadline();
        let at = at.map(|at| at.saturating_sub(self.skew).as_secs().max(self.world.now));
        match self.rules.mutant {
            Some((mutant, _)) => mutant.deadline(&self.world, at),
            None => at,
        }
    }

    /// Time passes until then.
    pub(crate) fn wake(&mut self, between: &mut Between) -> Result<(), Broken> {
        let Some(at) = self.deadline() else {
            return Ok(());
        };
        self.world.now = at;
        // Only a mutant is called before its time.
        let wanted = self.machine.as_ref().and_then(Machine::poll_deadline);
        let early = wanted
            .unwrap_or_default()
            .saturating_sub(self.world.clock() + self.skew);
        self.skew += early;
        let marker = self.marker_seen();
        self.happens([marker, Some(Event::Tick)].into_iter().flatten(), between)
    }

    /// What the driver finds when it looks for the marker.
    pub(crate) fn marker_seen(&self) -> Option<Event> {
        let child = self.world.child.as_ref();
        let nonce = match self.world.disk.marker {
            Marker::None => return None,
            Marker::Stale => "of another run",
            Marker::Current => child.map_or("", |child| &child.nonce),
        };
        self.world
            .watch
            .then(|| Event::MarkerSeen(nonce.to_owned()))
    }

    /// These events come from outside, at once.
    pub(crate) fn happens(
        &mut self,
        events: impl IntoIterator<Item = Event>,
        between: &mut Between,
    ) -> Result<(), Broken> {
        self.world.lines = 0;
        let mut events: VecDeque<Event> = events.into_iter().collect();
        for _ in 0..1_000 {
            let effect = self.machine.as_mut().and_then(Machine::poll_effect);
            if let Some(effect) = effect {
                for item in self.altered_effect(effect) {
                    self.does(item, &mut events, between)?;
                }
            } else if let Some(event) = events.pop_front() {
                for item in self.altered_event(event) {
                    match item {
                        Item::Event(event) => self.handle(event, between),
                        Item::Effect(_) => self.does(item, &mut events, between)?,
                    }
                }
            } else {
                return self.is_alive();
            }
        }
        Err(Broken {
            property: Property::RunsOrIsDue,
            how: "it is busy for ever without waiting for anything".to_owned(),
        })
    }

    fn handle(&mut self, event: Event, between: &mut Between) {
        between.note(|| format!("{event:?}"));
        let now = self.world.clock() + self.skew;
        if let Some(machine) = &mut self.machine {
            machine.handle(now, event);
        }
    }

    fn does(
        &mut self,
        item: Item,
        events: &mut VecDeque<Event>,
        between: &mut Between,
    ) -> Result<(), Broken> {
        let effect = match item {
            Item::Event(event) => {
                events.push_back(event);
                return Ok(());
            }
            Item::Effect(effect) => effect,
        };
        between.note(|| format!("    {effect:?}"));
        let before = self.world.disk.ledger;
        let writes = matches!(effect, Effect::StoreLedger { .. });
        if writes {
            between.writes.push(self.world.clone());
        }
        events.extend(self.world.carry_out(effect, self.rules.window)?);
        let mutant = self.rules.mutant.map(|(mutant, _)| mutant);
        if writes && mutant == Some(Mutant::AcknowledgesBeforeTheSync) {
            self.world.disk.unsynced = Some(before);
        }
        Ok(())
    }

    fn altered_effect(&self, effect: Effect) -> Vec<Item> {
        match self.rules.mutant {
            Some((mutant, _)) => mutant.effect(&self.world, effect),
            None => vec![Item::Effect(effect)],
        }
    }

    fn altered_event(&self, event: Event) -> Vec<Item> {
        match self.rules.mutant {
            Some((mutant, _)) => mutant.event(&self.world, event),
            None => vec![Item::Event(event)],
        }
    }

    /// With nothing more to do something runs, is being installed, or is due.
    fn is_alive(&mut self) -> Result<(), Broken> {
        let world = &self.world;
        let busy = world.child.is_some() || world.installing || world.exited;
        let deadline = self.deadline();
        let due = deadline.is_some_and(|at| at <= world.now + 600);
        holds(Property::RunsOrIsDue, busy || due, || {
            format!("nothing runs, and the next try is at {deadline:?}")
        })?;
        // For what is judged next; a run that ended is judged by now.
        self.world.past.last = None;
        self.world.past.bundled = None;
        Ok(())
    }
}

/// Versions as people write them.
fn short(line: &str) -> String {
    let mut parts = line.split("NuGetVersion {");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (_, rest) = part.split_once("original: \"").unwrap();
        let (version, rest) = rest.split_once("\" }").unwrap();
        text += version;
        text += rest;
    }
    text
}
