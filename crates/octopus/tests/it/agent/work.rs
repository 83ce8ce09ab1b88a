//! Doing what the script says, whether or not anybody is linked.

use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use tokio::{runtime::Runtime, sync::watch};
use wire::v1::{LogLine, PackageRef, Variable, log_line::Level, work_state::Phase};

use super::state::{Point, State, Step, Ticket};

/// Work outlives links, so it has a runtime of its own.
static WORKSHOP: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());

/// The state, and who waits for its changes.
pub(crate) struct Shared {
    state: Mutex<State>,
    changes: watch::Sender<()>,
}

impl Default for Shared {
    fn default() -> Self {
        Self {
            state: Mutex::default(),
            changes: watch::Sender::new(()),
        }
    }
}

impl Shared {
    /// Looks at the state, or changes it.
    pub(crate) fn edit<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let outcome = change(&mut state);
        drop(state);
        self.changes.send_replace(());
        outcome
    }

    /// Looks after every change until there is something.
    pub(super) async fn until<T>(&self, mut look: impl FnMut(&mut State) -> Option<T>) -> T {
        let mut changes = self.changes.subscribe();
        loop {
            let found = look(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
            match found {
                Some(found) => return found,
                None => changes.changed().await.unwrap(),
            }
        }
    }

    /// Stands still as long as the test holds this point.
    pub(super) async fn pass(&self, point: Point) {
        if !self.edit(|state| state.holds.contains(&point)) {
            return;
        }
        self.edit(|state| state.held.insert(point));
        self.until(|state| (!state.holds.contains(&point)).then_some(()))
            .await;
    }

    /// Begins the work of a new ticket, and only of a new one. `installs` is the package of
    /// an upgrade.
    pub(super) fn begin(self: &Arc<Self>, id: &str, installs: Option<PackageRef>) {
        let script = self.edit(|state| {
            if state.tickets.contains_key(id) {
                return None;
            }
            let ticket = Ticket {
                lines: Vec::new(),
                phase: Phase::Running,
                message: String::new(),
                cancelled: false,
                kept: Vec::new(),
                set: Vec::new(),
            };
            state.tickets.insert(id.to_owned(), ticket);
            *state.runs.entry(id.to_owned()).or_default() += 1;
            state.most_at_once = state.most_at_once.max(state.running());
            // Whoever sees it run may change the script for those after it.
            Some(state.script.clone())
        });
        if let Some(script) = script {
            let (shared, id) = (Arc::clone(self), id.to_owned());
            WORKSHOP.spawn(async move { shared.run(&id, script, installs).await });
        }
    }

    async fn run(&self, id: &str, script: Vec<Step>, installs: Option<PackageRef>) {
        for step in script {
            match step {
                Step::Say(text) => self.edit(|state| log(state, id, text)),
                Step::Gate(gate) => {
                    self.until(|state| {
                        let over = state.tickets.get(id).is_none_or(|ticket| {
                            ticket.cancelled || ticket.phase != Phase::Running
                        });
                        (over || state.open_gates.contains(&gate)).then_some(())
                    })
                    .await;
                }
                Step::Keep(name, content) => self.edit(|state| {
                    let ticket = state.tickets.get_mut(id);
                    ticket.unwrap().kept.push((name.to_owned(), content));
                }),
                Step::Set(name, value, sensitive) => self.edit(|state| {
                    let variable = Variable {
                        name: name.to_owned(),
                        value: value.to_owned(),
                        sensitive,
                    };
                    state.tickets.get_mut(id).unwrap().set.push(variable);
                }),
                Step::Fail(why) => {
                    self.edit(|state| end(state, id, Phase::Failed, why));
                }
            }
            let cancelled = |ticket: &Ticket| ticket.cancelled;
            if self.edit(|state| state.tickets.get(id).is_some_and(cancelled)) {
                self.edit(|state| end(state, id, Phase::Cancelled, "Cancelled on request."));
            }
        }
        self.edit(|state| {
            if end(state, id, Phase::Succeeded, "All is done.")
                && let Some(package) = &installs
            {
                state.upgraded(package, id);
            }
        });
    }
}

/// A running ticket ends once. Whether it was this time.
fn end(state: &mut State, id: &str, phase: Phase, message: &str) -> bool {
    let running = |ticket: &&mut Ticket| ticket.phase == Phase::Running;
    let Some(ticket) = state.tickets.get_mut(id).filter(running) else {
        return false;
    };
    ticket.phase = phase;
    message.clone_into(&mut ticket.message);
    state.outcomes.insert(id.to_owned(), phase);
    true
}

fn log(state: &mut State, id: &str, text: String) {
    let running = |ticket: &&mut Ticket| ticket.phase == Phase::Running;
    let Some(ticket) = state.tickets.get_mut(id).filter(running) else {
        return;
    };
    let line = LogLine {
        sequence: ticket.lines.len() as u64 + 1,
        at_unix_ms: 1_700_000_000_000,
        level: Level::Info.into(),
        step: "Deploy".to_owned(),
        text,
    };
    ticket.lines.push(line);
}
