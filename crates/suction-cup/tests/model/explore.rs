//! The search: every state that can be reached, each once, nearest first.
//!
//! It is our own and not a library's: what must come true in the end is checked in quiet
//! worlds, from every state and through loops, which a checker of temporal formulas over
//! an acyclic search does not do; and there is little else to it.

use std::collections::HashMap;
use std::fmt;

use crate::action::{Action, actions, apply};
use crate::life::{Between, Life, Rules};
use crate::properties::{Broken, look_only_at};
use crate::quiet::Quiet;
use crate::world::{File, World};

/// What a search came to.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// States that differ.
    pub(crate) states: usize,
    /// Ways from one to another.
    pub(crate) steps: usize,
    /// Events from the start to the farthest.
    pub(crate) depth: usize,
    /// States of quiet worlds that were seen to end well.
    pub(crate) quiet: usize,
    pub(crate) broken: Option<Failure>,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Outcome {
            states,
            steps,
            depth,
            quiet,
            broken,
        } = self;
        let result = broken.as_ref().map_or("holds", |_| "BROKEN");
        write!(
            f,
            "{states} states, {steps} steps, {depth} deep, {quiet} quiet states: {result}"
        )
    }
}

/// A property that does not hold, and the shortest way to see it.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) broken: Broken,
    pub(crate) way: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, about) = self.broken.property.text();
        write!(f, "{}\n{name}: {about}\n{}", self.way, self.broken.how)
    }
}

/// An action, or a crash in the middle of it.
#[derive(Clone, Copy, Debug)]
struct Step {
    action: Action,
    crash: Option<u8>,
}

/// Looks at every state that can be reached from `starts`, until a property is broken.
pub(crate) fn search(starts: &[World], rules: Rules) -> Outcome {
    look_only_at(rules.mutant.map(|(_, property)| property));
    let mut search = Search {
        from: HashMap::new(),
        quiet: Quiet::default(),
        steps: 0,
        depth: 0,
    };
    let broken = search
        .run(starts, rules)
        .map(|(broken, key, last)| Failure {
            way: search.way(starts, rules, key, last),
            broken,
        });
    Outcome {
        states: search.from.len(),
        steps: search.steps,
        depth: search.depth,
        quiet: search.quiet.proven(),
        broken,
    }
}

struct Search {
    /// How each state was reached first; the first ones have none.
    from: HashMap<u64, Option<(u64, Step)>>,
    quiet: Quiet,
    steps: usize,
    depth: usize,
}

/// Whether the disk of a crashed machine has what it had been told.
fn remembers(before: &Life, crashed: &Life) -> bool {
    let (world, disk) = (&before.world, &crashed.world.disk);
    disk.writable && disk.ledger != File::Damaged && world.disk.table() == world.past.told
}

impl Search {
    /// The first property that breaks, in which state, and by which action if by one.
    fn run(&mut self, starts: &[World], rules: Rules) -> Option<(Broken, u64, Option<Action>)> {
        let mut level: Vec<(u64, Life)> = Vec::new();
        for world in starts {
            let life = Life::off(world.clone(), rules);
            let key = life.key();
            if self.from.insert(key, None).is_none() {
                level.push((key, life));
            }
        }
        let mut found = Vec::new();
        while !level.is_empty() {
            let mut next = Vec::new();
            for (key, life) in level {
                if let Err(broken) = self.quiet.check(&life, &mut Between::default()) {
                    return Some((broken, key, None));
                }
                found.clear();
                actions(&life, &mut found);
                for action in &found {
                    let outcome = apply(&life, *action, &mut Between::default());
                    let (after, crashes) = match outcome {
                        Ok(outcome) => outcome,
                        Err(broken) => match rules.report(Err(broken)) {
                            Ok(()) => continue,
                            Err(broken) => return Some((broken, key, Some(*action))),
                        },
                    };
                    for (crash, world) in crashes.into_iter().enumerate() {
                        let off = Life::off(world, rules);
                        // An order that a crash broke off is the server's to give again.
                        if !matches!(action, Action::Publish(_)) && remembers(&life, &off) {
                            let same = self.quiet.same_after_crash(
                                &life,
                                &after,
                                &off,
                                &mut Between::default(),
                            );
                            if let Err(broken) = rules.report(same) {
                                return Some((broken, key, Some(*action)));
                            }
                        }
                        let crash = u8::try_from(crash).ok();
                        self.reach(off, key, *action, crash, &mut next);
                    }
                    if *action != Action::Crash {
                        self.reach(after, key, *action, None, &mut next);
                    }
                }
            }
            level = next;
            self.depth += 1;
        }
        None
    }

    fn reach(
        &mut self,
        life: Life,
        from: u64,
        action: Action,
        crash: Option<u8>,
        next: &mut Vec<(u64, Life)>,
    ) {
        self.steps += 1;
        let key = life.key();
        self.from.entry(key).or_insert_with(|| {
            next.push((key, life));
            Some((from, Step { action, crash }))
        });
    }

    /// Everything that happens on the way to a state, and what breaks there.
    fn way(&self, starts: &[World], rules: Rules, to: u64, last: Option<Action>) -> String {
        let mut steps = Vec::new();
        let mut at = to;
        while let Some(Some((from, step))) = self.from.get(&at) {
            steps.push(*step);
            at = *from;
        }
        let start = starts.iter().map(|world| Life::off(world.clone(), rules));
        let mut life = start.into_iter().find(|life| life.key() == at).unwrap();
        let mut between = Between::noting(&format!("{:?}", life.world.disk));
        steps.reverse();
        for Step { action, crash } in steps {
            between.note(|| match crash {
                None => format!("{action:?}"),
                Some(_) => format!("{action:?}, and a crash in the middle"),
            });
            between.writes.clear();
            let (after, crashes) = apply(&life, action, &mut between).unwrap();
            life = match crash {
                None => after,
                Some(crash) => Life::off(crashes[usize::from(crash)].clone(), rules),
            };
        }
        between.note(|| "now:".to_owned());
        match last {
            Some(action) => {
                between.note(|| format!("{action:?}"));
                if let Ok((after, crashes)) = apply(&life, action, &mut between) {
                    for world in crashes {
                        let off = Life::off(world, rules);
                        let mut quiet = Quiet::default();
                        if quiet
                            .same_after_crash(&life, &after, &off, &mut Between::default())
                            .is_err()
                        {
                            between.note(|| format!("a crash leaves {:?}", off.world.disk));
                            break;
                        }
                    }
                }
            }
            None => {
                let _ = Quiet::default().check(&life, &mut between);
            }
        }
        between.transcript.unwrap_or_default().join("\n")
    }
}
