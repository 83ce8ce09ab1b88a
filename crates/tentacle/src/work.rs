//! Work under tickets: started once, logged to disk, remembered until the server has
//! stored the outcome.
//!
//! A ticket's folder is `HOME/work/<ticket>/` with `state.json` and `log.jsonl`. Work that
//! a dead process left running has failed: whether it went on is never guessed.

mod artifacts;
mod deploy;
mod script;
mod ticket;
mod upgrade;
mod watch;

use std::{
    collections::HashMap,
    fs, io,
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use layout::Home;
use tokio::sync::Notify;
use wire::v1::{StartWorkRequest, WorkState, start_work_request, work_state::Phase};

use self::ticket::Ticket;
use crate::packages::Packages;

/// Ended tickets that are kept when no server ever forgets them.
const ENDED_KEPT: usize = 500;

/// Why work was not taken.
#[derive(Debug, thiserror::Error)]
pub enum WorkError {
    /// The request makes no sense.
    #[error("{0}")]
    Request(String),
    /// This process is about to end.
    #[error("this Tentacle is about to end, as for a newer version; ask again in a moment")]
    Draining,
    /// The ticket can't be written down, so it is not begun.
    #[error("{path} can't be written; check the space on its disk and its owner")]
    Io {
        /// Which file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// All tickets of this HOME.
pub struct Work {
    home: Home,
    packages: Packages,
    applications: PathBuf,
    tickets: Mutex<HashMap<String, Arc<Ticket>>>,
    draining: AtomicBool,
    /// Told to end by the machine or its operator.
    ending: AtomicBool,
    /// Held by the one upgrade.
    upgrading: Mutex<()>,
    /// Told when the process is to end, so that the next version starts.
    pub finished: Notify,
}

impl Work {
    /// Reads the tickets of earlier runs.
    pub fn open(home: Home, packages: Packages, applications: PathBuf) -> Result<Self, WorkError> {
        let folder = home.work();
        let failed = |source| WorkError::Io {
            path: folder.clone(),
            source,
        };
        fs::create_dir_all(&folder).map_err(failed)?;
        let mut known = Vec::new();
        for entry in fs::read_dir(&folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            match Ticket::reopen(entry.path()) {
                Ok(ticket) => {
                    let age = entry.metadata().and_then(|m| m.modified()).ok();
                    known.push((age, ticket));
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    // A folder without a state was never begun.
                    tracing::warn!("{} is removed: {error}", entry.path().display());
                    let _gone = fs::remove_dir_all(entry.path());
                }
                // Left as it is: its ticket can't be begun a second time.
                Err(error) => tracing::error!("{} can't be read: {error}", entry.path().display()),
            }
        }
        known.sort_by_key(|(age, _)| std::cmp::Reverse(*age));
        for (_, ticket) in known.split_off(known.len().min(ENDED_KEPT)) {
            ticket.remove();
        }
        let tickets = known
            .into_iter()
            .map(|(_, ticket)| (ticket.id().to_owned(), Arc::new(ticket)));
        Ok(Self {
            packages,
            applications,
            tickets: Mutex::new(tickets.collect()),
            draining: AtomicBool::new(false),
            ending: AtomicBool::new(false),
            upgrading: Mutex::new(()),
            finished: Notify::new(),
            home,
        })
    }

    /// Starts work on a thread of its own; a known ticket is answered with its present state.
    pub fn start(this: &Arc<Self>, request: StartWorkRequest) -> Result<WorkState, WorkError> {
        let id = request.ticket;
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if id.is_empty() || id.len() > 100 || !id.chars().all(is_plain) {
            let text = "a ticket takes 1 to 100 letters, digits and dashes".to_owned();
            return Err(WorkError::Request(text));
        }
        let work = request
            .work
            .ok_or_else(|| WorkError::Request("the request holds no work".to_owned()))?;
        let mut tickets = this.tickets();
        if let Some(known) = tickets.get(&id) {
            return Ok(known.state());
        }
        if this.is_draining() {
            return Err(WorkError::Draining);
        }
        let ticket = Arc::new(Ticket::create(&this.home.work().join(&id))?);
        tickets.insert(id, Arc::clone(&ticket));
        drop(tickets);
        let state = ticket.state();
        let worker = {
            let (this, ticket) = (Arc::clone(this), Arc::clone(&ticket));
            move || this.perform(&ticket, work)
        };
        let spawned = std::thread::Builder::new()
            .name("work".to_owned())
            .spawn(worker);
        if let Err(error) = spawned {
            let text = format!("no thread could be started for it: {error}; deploy again");
            ticket.end(Err(Stop::Failed(text)));
        }
        Ok(state)
    }

    fn perform(&self, ticket: &Ticket, work: start_work_request::Work) {
        let outcome = catch_unwind(AssertUnwindSafe(|| match work {
            start_work_request::Work::DeployPackage(order) => deploy::run(self, ticket, order),
            start_work_request::Work::RunScript(order) => script::run(self, ticket, order),
            start_work_request::Work::UpgradeTentacle(order) => upgrade::run(self, ticket, order),
        }));
        // A ticket that never ended would be waited for, for ever.
        let outcome = outcome.unwrap_or_else(|_| {
            let text = "a fault in Tentacle broke this work off; its own log says more";
            Err(Stop::Failed(text.to_owned()))
        });
        let ends_process = matches!(outcome, Ok(Done::EndProcess(_)));
        ticket.end(outcome);
        if ends_process {
            self.finished.notify_one();
        }
    }

    /// Asks a ticket's work to end.
    pub fn cancel(&self, id: &str) -> WorkState {
        let Some(ticket) = self.find(id) else {
            return missing(id);
        };
        ticket.cancel.cancel();
        ticket.state()
    }

    /// Asks all work to end, because the process is to end.
    pub fn cancel_all(&self) {
        self.ending.store(true, Ordering::Release);
        for ticket in self.tickets().values() {
            ticket.cancel.cancel();
        }
    }

    /// Forgets a ticket that has ended.
    pub fn forget(&self, id: &str) -> Result<(), WorkError> {
        let mut tickets = self.tickets();
        let Some(ticket) = tickets.get(id) else {
            return Ok(());
        };
        if ticket.state().phase() == Phase::Running {
            let text = format!("the work of ticket {id} has not ended");
            return Err(WorkError::Request(text));
        }
        ticket.remove();
        tickets.remove(id);
        Ok(())
    }

    /// The file of an artifact, if the ticket keeps one of this number.
    pub fn artifact(&self, id: &str, number: u32) -> Option<PathBuf> {
        let ticket = self.find(id)?;
        let artifacts = ticket.state().artifacts;
        let is_kept = artifacts.iter().any(|artifact| artifact.number == number);
        is_kept.then(|| artifacts::file(ticket.folder(), number))
    }

    /// Tickets whose work has not ended.
    pub fn running(&self) -> Vec<String> {
        let tickets = self.tickets();
        let running = tickets
            .values()
            .filter(|ticket| ticket.state().phase() == Phase::Running);
        let mut ids: Vec<String> = running.map(|ticket| ticket.id().to_owned()).collect();
        ids.sort();
        ids
    }

    /// Whether no new work is taken any more.
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Acquire) || self.is_ending()
    }

    fn is_ending(&self) -> bool {
        self.ending.load(Ordering::Acquire)
    }

    fn find(&self, id: &str) -> Option<Arc<Ticket>> {
        self.tickets().get(id).cloned()
    }

    fn tickets(&self) -> MutexGuard<'_, HashMap<String, Arc<Ticket>>> {
        self.tickets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How work ended well.
enum Done {
    /// With these words.
    Well(String),
    /// And now the process is to end, so that the next version starts.
    EndProcess(String),
}

/// How work ended otherwise.
enum Stop {
    /// What was wrong and what to do.
    Failed(String),
    /// It was asked to.
    Cancelled(String),
}

fn missing(id: &str) -> WorkState {
    let mut state = WorkState {
        ticket: id.to_owned(),
        message: "this Tentacle does not know the ticket".to_owned(),
        ..WorkState::default()
    };
    state.set_phase(Phase::Missing);
    state
}

#[cfg(test)]
mod tests;
