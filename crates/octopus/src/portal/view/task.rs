//! `GET /tasks/{id}`: what a task is doing or did, and its log.

mod block;
mod head;

use std::collections::HashMap;

use api::TaskState;
use askama::Template;
use jiff::Timestamp;

pub(super) use block::{MachineBlock, MachineLine};
pub(super) use head::TaskHead;

use super::feed::Cursor;
use super::log::{self, LogLine, Segment};
use super::{Now, Shell};

/// Failed machines that start unfolded at most.
const OPEN_FAILURES: usize = 3;

/// The page of a task.
#[derive(Debug, Clone, Template)]
#[template(path = "task.html")]
pub struct TaskPage {
    /// Around it.
    pub shell: Shell,
    /// The task.
    pub task: TaskView,
    /// All lines so far, by sequence number. The page leaves out what is too much.
    pub lines: Vec<LogLine>,
    /// From `?q=`: only lines that contain it; may be empty.
    pub query: String,
}

/// A task and how its machines stand.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskView {
    /// `ServerTasks-1`.
    pub id: String,
    /// How it stands.
    pub state: TaskState,
    /// One sentence.
    pub description: String,
    /// What is happening now and what comes next; empty once it ended.
    pub activity: String,
    /// 0 to 100; `None` when it cannot be said.
    pub percent: Option<u8>,
    /// Why it failed; empty otherwise.
    pub error: String,
    /// When it was asked for.
    pub queued: Timestamp,
    /// When it began.
    pub started: Option<Timestamp>,
    /// When it ended.
    pub completed: Option<Timestamp>,
    /// Its machines. Machines may be added at the end while it runs; the order of those
    /// that are there must not change.
    pub machines: Vec<TaskMachine>,
    /// Files that its scripts wanted to be kept.
    pub artifacts: Vec<TaskArtifact>,
    /// What it asks people.
    pub questions: Vec<TaskQuestion>,
}

/// What a task asks people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskQuestion {
    /// `Interruptions-1`.
    pub id: String,
    /// One line.
    pub title: String,
    /// What is to be done, or why it failed.
    pub instructions: String,
    /// Who has taken it; empty for nobody.
    pub responsible: String,
    /// What can be said: what is sent, and what people read.
    pub choices: Vec<(&'static str, &'static str)>,
}

/// A file of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskArtifact {
    /// `Artifacts-1`.
    pub id: String,
    /// As the script called it.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// Name of its machine; empty when that is no longer known.
    pub machine: String,
}

/// How a task stands on one machine.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskMachine {
    /// `Machines-1`.
    pub id: String,
    /// Such as `web-01`.
    pub name: String,
    /// How it stands there.
    pub state: TaskState,
    /// What it does now, such as `Copying the package`; what came of it in the end.
    pub activity: String,
    /// 0 to 100; `None` when it cannot be said or nothing is under way.
    pub percent: Option<u8>,
    /// Bytes carried over and bytes in all, while that is what happens.
    pub bytes: Option<(u64, u64)>,
    /// Why it failed there; empty otherwise.
    pub error: String,
    /// When it began there.
    pub started: Option<Timestamp>,
    /// When it ended there.
    pub completed: Option<Timestamp>,
}

impl TaskView {
    /// Machine id → position from 1, which is part of its HTML ids.
    pub(super) fn positions(&self) -> HashMap<&str, usize> {
        let ids = self.machines.iter().map(|machine| machine.id.as_str());
        ids.zip(1..).collect()
    }

    /// For the browser's title.
    pub(super) fn title(&self) -> String {
        format!(
            "{} · {}",
            super::mark::State::from(self.state).word,
            self.description
        )
    }
}

impl TaskPage {
    fn head(&self) -> TaskHead<'_> {
        TaskHead {
            task: &self.task,
            now: self.shell.now,
            csrf: &self.shell.csrf,
        }
    }

    fn log(&self) -> Log<'_> {
        let mut places = log::fold(&self.lines, &self.task.positions(), &self.query);
        let searching = !self.query.is_empty();
        let failed = self
            .task
            .machines
            .iter()
            .filter(|machine| machine.is_failed())
            .count();
        let server = places.remove(&0).unwrap_or_default();
        let blocks = self
            .task
            .machines
            .iter()
            .zip(1..)
            .map(|(machine, position)| {
                let segments = places.remove(&position).unwrap_or_default();
                let open = self.task.machines.len() == 1
                    || (machine.is_failed() && failed <= OPEN_FAILURES)
                    || (searching && !segments.is_empty());
                MachineBlock {
                    position,
                    machine,
                    now: self.shell.now,
                    segments,
                    open,
                }
            });
        let machines: Vec<_> = blocks
            .filter(|block| !searching || !block.segments.is_empty())
            .collect();
        let open = machines.is_empty() || searching || server.iter().any(Segment::is_troubled);
        Log {
            server,
            open,
            machines,
        }
    }

    /// Where the live updates come from; `None` when nothing will change any more, or
    /// when a search narrows the log.
    fn live_url(&self) -> Option<String> {
        let sequence = self
            .lines
            .last()
            .map(|line| line.sequence)
            .unwrap_or_default();
        let cursor = Cursor {
            sequence,
            machines: self.task.machines.len(),
        };
        let live = self.query.is_empty() && !self.task.state.is_completed();
        live.then(|| format!("/tasks/{}/events?after={cursor}", self.task.id))
    }

    fn matches(&self) -> String {
        let places = log::fold(&self.lines, &self.task.positions(), &self.query);
        let found = places
            .values()
            .flatten()
            .map(|segment| segment.lines.len())
            .sum();
        crate::portal::format::plural(found, "line")
    }
}

/// The log as the page shows it.
struct Log<'a> {
    server: Vec<Segment<'a>>,
    open: bool,
    machines: Vec<MachineBlock<'a>>,
}

impl TaskMachine {
    pub(super) fn is_failed(&self) -> bool {
        self.state == TaskState::Failed
    }
}
