//! Carries out what the machine says: reads the clock, waits, starts and ends processes.
//!
//! One thread does all of it, blocked until something comes. While no trial is open and
//! nothing is to be waited for, nothing wakes it but a signal.

mod child;
mod disk;
mod journal;

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use layout::Home;

use self::child::Child;
use self::journal::Journal;
use crate::lock::{Lock, LockError};
use crate::machine::{Activity, Effect, Event, Machine, Policy};
use crate::notify::Notify;
use crate::os::{self, Message, Messages};
use crate::status::Status;

/// How often it tries to get at its signals, a second apart.
const START_TRIES: u32 = 60;
/// How long after a failure to write folders or status it is tried again.
const WRITE_AGAIN: Duration = Duration::from_secs(30);

/// Why Suction Cup did not begin.
#[derive(Debug)]
pub(crate) enum StartError {
    /// There is no such folder.
    NoHome(Home),
    /// Another one runs.
    Taken(Home),
    /// The operating system refused something essential.
    System(io::Error),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StartError::NoHome(home) => write!(
                f,
                "the folder {} is not there: install Tentacle, or name its folder with --home",
                home.root().display()
            ),
            StartError::Taken(home) => write!(
                f,
                "another Suction Cup runs on {} already: stop it first, or use another folder",
                home.root().display()
            ),
            StartError::System(error) => write!(f, "the system does not let it work: {error}"),
        }
    }
}

/// Supervises one HOME until it is asked to end.
///
/// # Errors
/// [`StartError`], before anything was started.
pub(crate) fn run(home: Home, policy: Policy) -> Result<ExitCode, StartError> {
    if disk::is_missing(&home) {
        return Err(StartError::NoHome(home));
    }
    let folders = disk::make_folders(&home);
    let mut journal = Journal::new(&home);
    let _lock = match Lock::acquire(&home) {
        Ok(lock) => Some(lock),
        Err(LockError::Taken) => return Err(StartError::Taken(home)),
        Err(LockError::Failed(error)) => {
            journal.line(&format!("HOME cannot be locked ({error}): going on without, see that no second Suction Cup runs on it"));
            None
        }
    };
    // Before anything is started, so that no end is missed.
    let messages = messages(&mut journal)?;
    journal.line(&format!(
        "Suction Cup {} started on {}",
        crate::VERSION,
        home.root().display()
    ));
    let unwritten = folders.is_err();
    // Under the lock, for a Tentacle of another one could be installing.
    if let Err(error) = folders.and_then(|()| home.clean_staging()) {
        journal.line(&format!(
            "{} cannot be written ({error}): nothing can be installed or remembered there, make it writable for the user of this service",
            home.root().display()
        ));
    }
    if let Some(nonce) = Status::load(&home).nonce
        && os::end_leftovers(&nonce) > 0
    {
        journal.line("ended what an earlier Suction Cup had left running");
    }
    let ledger = disk::load_ledger(&home, &mut journal);
    let snapshot = disk::look(&home);
    let mut driver = Driver {
        start: Instant::now(),
        machine: Machine::new(policy, disk::seed()),
        events: VecDeque::from([Event::Started { snapshot, ledger }]),
        messages,
        child: None,
        last_lines: Vec::new(),
        watch: None,
        untold: None,
        write_again: unwritten.then_some(WRITE_AGAIN),
        done: false,
        home,
        journal,
        notify: Notify::from_environment(),
    };
    // Not only once Tentacle runs: a start that waits for it would be given up by systemd.
    driver.notify.ready();
    driver.supervise();
    Ok(ExitCode::SUCCESS)
}

/// Signals as messages. What the system has too little of now it may have in a moment.
fn messages(journal: &mut Journal) -> Result<Messages, StartError> {
    let mut tries = 0;
    loop {
        match os::messages() {
            Ok(messages) => return Ok(messages),
            Err(error) if tries == START_TRIES => return Err(StartError::System(error)),
            Err(error) if tries == 0 => journal.line(&format!("cannot start yet: {error}")),
            Err(_) => {}
        }
        tries += 1;
        thread::sleep(Duration::from_secs(1));
    }
}

struct Driver {
    start: Instant,
    machine: Machine,
    events: VecDeque<Event>,
    messages: Messages,
    child: Option<Child>,
    /// What the last child of a run printed last.
    last_lines: Vec<String>,
    /// How often the marker is looked for, and when next.
    watch: Option<(Duration, Duration)>,
    /// The status that could not be written.
    untold: Option<Status>,
    /// When what could not be written is tried again.
    write_again: Option<Duration>,
    done: bool,
    home: Home,
    journal: Journal,
    notify: Notify,
}

impl Driver {
    fn supervise(&mut self) {
        while !self.done {
            if let Some(effect) = self.machine.poll_effect() {
                self.carry_out(effect);
            } else if let Some(event) = self.events.pop_front() {
                self.machine.handle(self.start.elapsed(), event);
            } else {
                self.wait();
            }
        }
    }

    /// Until a signal comes, the child prints something, the machine's deadline, or the time to
    /// look for the marker.
    fn wait(&mut self) {
        let deadline = self.machine.poll_deadline();
        let watch = self.watch.map(|(_, next)| next);
        let until = [deadline, watch, self.write_again]
            .into_iter()
            .flatten()
            .min();
        let timeout = until.map(|until| until.saturating_sub(self.start.elapsed()));
        let output = self.child.as_mut().map(Child::output);
        match self.messages.wait(output, timeout) {
            Some(Message::Stop) => {
                self.notify.stopping();
                self.events.push_back(Event::Stop);
            }
            Some(Message::Reload) => {
                let snapshot = disk::look(&self.home);
                self.events.push_back(Event::Reload(snapshot));
            }
            Some(Message::ChildEnded) => self.child_ended(),
            None => {}
        }
        // Whatever woke it: a stream of signals must not hold up the time.
        let now = self.start.elapsed();
        let due = deadline.is_some_and(|at| at <= now);
        // Looked for first: a marker that was written before the window closed counts.
        if let Some((every, next)) = &mut self.watch
            && (due || *next <= now)
        {
            *next = now + *every;
            self.look_for_marker();
        }
        if due {
            self.events.push_back(Event::Tick);
        }
        if self.write_again.is_some_and(|at| at <= now) {
            self.write_again();
        }
    }

    /// The folders and the status, once the disk can be written again.
    fn write_again(&mut self) {
        let folders = disk::make_folders(&self.home);
        let told = folders.and_then(|()| match &self.untold {
            Some(status) => status.store(&self.home),
            None => Ok(()),
        });
        match told {
            Ok(()) => (self.untold, self.write_again) = (None, None),
            Err(_) => self.write_again = Some(self.start.elapsed() + WRITE_AGAIN),
        }
    }

    fn look_for_marker(&mut self) {
        self.events
            .extend(layout::read_marker(&self.home).map(Event::MarkerSeen));
    }

    fn child_ended(&mut self) {
        let Some(child) = self.child.take() else {
            return;
        };
        match child.ended() {
            Err(child) => self.child = Some(child),
            Ok(ended) => {
                // A marker that was written just before the end counts.
                if self.watch.is_some() {
                    self.look_for_marker();
                }
                if ended.is_run {
                    self.last_lines = ended.last_lines;
                }
                self.events.push_back(ended.event);
            }
        }
    }

    fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Rescan => self
                .events
                .push_back(Event::Scanned(disk::look(&self.home))),
            Effect::InstallBundle => match Child::install_bundle(&self.home) {
                Ok(child) => self.child = Some(child),
                Err(error) => self
                    .events
                    .push_back(Event::BundleFailed(error.to_string())),
            },
            Effect::Start {
                version,
                run,
                nonce,
            } => match Child::tentacle(&self.home, &version, run, &nonce) {
                Ok(child) => {
                    let pid = child.id();
                    self.child = Some(child);
                    self.events.push_back(Event::ChildStarted { run, pid });
                }
                Err(error) => {
                    let why = error.to_string();
                    self.events.push_back(Event::StartFailed { run, why });
                }
            },
            Effect::StoreLedger { generation, ledger } => {
                self.events.push_back(match ledger.store(&self.home) {
                    Ok(()) => Event::LedgerStored(generation),
                    Err(error) => Event::LedgerStoreFailed(generation, error.to_string()),
                })
            }
            Effect::WatchMarker(every) => {
                let now = self.start.elapsed();
                self.watch = every.map(|every| (every, now + every));
            }
            Effect::Terminate => self.child.iter().for_each(Child::terminate),
            Effect::Kill => self.child.iter().for_each(Child::kill),
            Effect::KeepLastLines(version) => {
                let running = self.child.as_mut().map(|child| child.output().last_lines());
                let lines = running.unwrap_or_else(|| std::mem::take(&mut self.last_lines));
                if let Err(error) = layout::write_last_lines(&self.home, &version, &lines) {
                    self.journal.line(&format!(
                        "the last lines of Tentacle {version} cannot be kept: {error}"
                    ));
                }
            }
            Effect::Log(line) => self.journal.line(&line),
            Effect::SaveStatus(activity) => self.save_status(&activity),
            Effect::Exit => {
                // Only an install can be under way; its staging is removed on the next start.
                self.child.iter().for_each(Child::kill);
                self.done = true;
            }
        }
    }

    fn save_status(&mut self, activity: &Activity) {
        self.notify.status(activity);
        let status = Status::of(activity, std::time::SystemTime::now());
        // It tells people only, and a disk that cannot be written is told by the ledger's line already.
        match status.store(&self.home) {
            Ok(()) => self.untold = None,
            Err(_) => {
                self.untold = Some(status);
                self.write_again = Some(self.start.elapsed() + WRITE_AGAIN);
            }
        }
    }
}
