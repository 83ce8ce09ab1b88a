//! What a played Tentacle knows, and what it will do.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use sha2::{Digest, Sha256};
use tonic::Code;
use wire::v1::{
    Artifact, LogLine, PackageRef, Variable, VersionState, WorkState, work_state::Phase,
};

/// What it does for an order, one after the other; at the end the work has succeeded.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Logs a line.
    Say(String),
    /// Waits until the test opens the gate, or the work is cancelled.
    Gate(usize),
    /// Ends as failed.
    Fail(&'static str),
    /// Keeps a file: its name and content.
    Keep(&'static str, Vec<u8>),
    /// Sets an output variable: its name and value, and whether it is sensitive.
    Set(&'static str, &'static str, bool),
}

/// Logs a line.
pub(crate) fn say(text: &str) -> Step {
    Step::Say(text.to_owned())
}

/// Where calls can be stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Point {
    /// In a transfer, after its first half megabyte.
    Transfer,
    /// Before an order is looked at.
    Order,
    /// After an order has begun, before that is answered.
    OrderAnswer,
    /// Before the outcome of work is told.
    Outcome,
    /// After a ticket was forgotten, before that is answered.
    Forgotten,
}

/// What becomes of the version that an upgrade installs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum After {
    /// It runs and is good.
    Good,
    /// It runs and is on trial.
    Trial,
    /// It was rolled back.
    RolledBack,
}

/// One order.
#[derive(Clone, Debug)]
pub(crate) struct Ticket {
    pub(crate) lines: Vec<LogLine>,
    pub(crate) phase: Phase,
    pub(crate) message: String,
    pub(crate) cancelled: bool,
    /// Name and content.
    pub(crate) kept: Vec<(String, Vec<u8>)>,
    pub(crate) set: Vec<Variable>,
}

impl Ticket {
    fn artifacts(&self) -> Vec<Artifact> {
        let numbered = (1..).zip(&self.kept);
        let artifacts = numbered.map(|(number, (name, content))| Artifact {
            number,
            name: name.clone(),
            size: content.len() as u64,
            sha256: Sha256::digest(content).to_vec().into(),
        });
        artifacts.collect()
    }
}

/// What is in a played Tentacle's folder, and the test's wishes.
pub(crate) struct State {
    /// What runs, and what the ledger says, newest first.
    pub(crate) version: String,
    pub(crate) ledger: Vec<VersionState>,
    /// SHA-256 → content.
    pub(crate) packages: HashMap<Vec<u8>, Vec<u8>>,
    pub(crate) parts: HashMap<Vec<u8>, Vec<u8>>,
    /// Of each transfer, in their order: where it began, and the bytes that came.
    pub(crate) transfers: Vec<(u64, u64)>,
    pub(crate) tickets: BTreeMap<String, Ticket>,
    /// Ticket → how often its work was begun; kept when the ticket is forgotten.
    pub(crate) runs: BTreeMap<String, u32>,
    /// Ticket → how its work ended; kept too.
    pub(crate) outcomes: BTreeMap<String, Phase>,
    /// Most orders that were at work at one time.
    pub(crate) most_at_once: usize,
    /// How often the server asked for the status.
    pub(crate) status_calls: usize,
    pub(crate) cancel_calls: usize,

    pub(crate) script: Vec<Step>,
    pub(crate) open_gates: BTreeSet<usize>,
    pub(crate) after_upgrade: After,
    /// The ledger names another order than the one that installed.
    pub(crate) names_another: bool,
    pub(crate) holds: BTreeSet<Point>,
    pub(crate) held: BTreeSet<Point>,
    /// Orders are refused so.
    pub(crate) refusal: Option<(Code, &'static str)>,
    /// Transfers are refused so, at their end.
    pub(crate) transfer_refusal: Option<(Code, &'static str)>,
    /// Each log stream takes one: it breaks off after so many lines, with this error.
    pub(crate) breaks: VecDeque<(usize, Code)>,
    /// Log streams always begin with the first line.
    pub(crate) repeats_lines: bool,
    /// The next reading of an artifact breaks off after so many bytes.
    pub(crate) breaks_artifact: Option<usize>,
    /// Where each reading of an artifact began.
    pub(crate) artifact_reads: Vec<u64>,
    /// Every byte of an artifact's content that is sent is another one.
    pub(crate) damages_artifacts: bool,
    /// Of each order, in their order: the variables that came with it.
    pub(crate) orders: Vec<Vec<Variable>>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            version: "0.9.0".to_owned(),
            ledger: vec![version_state("0.9.0", "", &After::Good)],
            packages: HashMap::new(),
            parts: HashMap::new(),
            transfers: Vec::new(),
            tickets: BTreeMap::new(),
            runs: BTreeMap::new(),
            outcomes: BTreeMap::new(),
            most_at_once: 0,
            status_calls: 0,
            cancel_calls: 0,
            script: vec![say("begins"), say("ends")],
            open_gates: BTreeSet::new(),
            after_upgrade: After::Good,
            names_another: false,
            holds: BTreeSet::new(),
            held: BTreeSet::new(),
            refusal: None,
            transfer_refusal: None,
            breaks: VecDeque::new(),
            repeats_lines: false,
            breaks_artifact: None,
            artifact_reads: Vec::new(),
            damages_artifacts: false,
            orders: Vec::new(),
        }
    }
}

impl State {
    /// How the ticket stands, as the wire tells it.
    pub(super) fn work_state(&self, ticket: &str) -> WorkState {
        let known = self.tickets.get(ticket);
        WorkState {
            ticket: ticket.to_owned(),
            phase: known.map_or(Phase::Missing, |known| known.phase).into(),
            message: known.map_or_else(String::new, |known| known.message.clone()),
            last_sequence: known.map_or(0, |known| known.lines.len() as u64),
            artifacts: known.map_or_else(Vec::new, Ticket::artifacts),
            output_variables: known.map_or_else(Vec::new, |known| known.set.clone()),
        }
    }

    /// Orders at work.
    pub(crate) fn running(&self) -> usize {
        let running = |ticket: &&Ticket| ticket.phase == Phase::Running;
        self.tickets.values().filter(running).count()
    }

    /// An installation has ended well.
    pub(super) fn upgraded(&mut self, package: &PackageRef, ticket: &str) {
        let after = self.after_upgrade.clone();
        let ticket = match self.names_another {
            true => "an-earlier-one",
            false => ticket,
        };
        let record = version_state(&package.version, ticket, &after);
        self.ledger.retain(|old| old.version != record.version);
        self.ledger.insert(0, record);
        if after != After::RolledBack {
            self.version.clone_from(&package.version);
        }
    }

    /// The ledger's word on the version that is on trial.
    pub(crate) fn decide(&mut self, after: &After) {
        let newest = self.ledger.first_mut().unwrap();
        *newest = version_state(&newest.version, &newest.ticket, after);
        if *after == After::RolledBack {
            self.version
                .clone_from(&self.ledger.last().unwrap().version);
        }
    }

    /// What a real one says of work that its own end cut short.
    pub(super) fn crash(&mut self) {
        let running = |ticket: &&mut Ticket| ticket.phase == Phase::Running;
        for ticket in self.tickets.values_mut().filter(running) {
            ticket.phase = Phase::Failed;
            "Tentacle ended while this work was running.".clone_into(&mut ticket.message);
        }
    }
}

/// A line of the ledger.
pub(crate) fn version_state(version: &str, ticket: &str, after: &After) -> VersionState {
    use wire::v1::version_state::Standing;
    let mut state = VersionState {
        version: version.to_owned(),
        ticket: ticket.to_owned(),
        ..VersionState::default()
    };
    state.set_standing(match after {
        After::Good => Standing::Good,
        After::Trial => Standing::Trial,
        After::RolledBack => Standing::Bad,
    });
    if *after == After::RolledBack {
        "crashed".clone_into(&mut state.reason);
        "ended 5 times in 0.4 s, last with exit code 1".clone_into(&mut state.detail);
        state.last_lines = vec!["starting".to_owned(), "no such file: key.pem".to_owned()];
    }
    state
}
