//! What a task's page is told while the task runs.
//!
//! Sans IO: the handler hands over the task and the new lines whenever either changed,
//! and sends what comes out as an unnamed server-sent event with its id. The browser
//! gives the last id back when it reconnects, so nothing is lost or shown twice.

mod append;

use std::fmt;
use std::fmt::Write as _;
use std::str::FromStr;

use super::log::{self, LogLine, Tails};
use super::now::Now;
use super::task::{MachineLine, TaskHead, TaskMachine, TaskView};

/// How far a page has come. Written `340.5` in `?after=` and `Last-Event-ID`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cursor {
    /// Sequence number of the last line that the page has.
    pub sequence: u64,
    /// How many of the task's machines the page has.
    pub machines: usize,
}

/// One event for a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Update {
    /// For the event's `id`: the cursor after it.
    pub id: String,
    /// For the event's `data`. May have several lines, never a carriage return.
    pub html: String,
}

/// The state of one page's connection.
#[derive(Debug, Clone)]
pub struct TaskFeed {
    cursor: Cursor,
    tails: Tails,
    sent: Option<TaskView>,
}

impl TaskFeed {
    /// Goes on from a cursor. `shown` are the task's lines up to it, from the first on;
    /// later ones are passed over.
    pub fn new(cursor: Cursor, task: &TaskView, shown: &[LogLine]) -> Self {
        let mut tails = Tails::default();
        let machines = task.positions();
        for line in shown.iter().filter(|line| line.sequence <= cursor.sequence) {
            tails.take(log::place(line, &machines), line);
        }
        Self {
            cursor,
            tails,
            sent: None,
        }
    }

    /// How far the page is: ask the store for the lines after `sequence`.
    pub fn cursor(&self) -> Cursor {
        self.cursor
    }

    /// What has changed since the last call; `None` when nothing has. The first call
    /// always brings the task's state, because the page may be older.
    ///
    /// # Errors
    /// When a template cannot be rendered.
    pub fn update(
        &mut self,
        now: Now,
        csrf: &str,
        task: &TaskView,
        lines: &[LogLine],
    ) -> askama::Result<Option<Update>> {
        let mut html = String::new();
        let known = self.cursor.machines;
        self.append(&mut html, now, task, lines)?;
        self.machines(&mut html, now, task, known)?;
        if self.sent.as_ref().map(gist) != Some(gist(task)) {
            let head = TaskHead { task, now, csrf };
            let title = askama::filters::escape(task.title(), askama::filters::Html)?;
            write!(html, "<title>{title} · Octopus</title>")?;
            partial(&mut html, "#task-head", "innerMorph", &head)?;
        }
        self.sent = Some(task.clone());
        if html.is_empty() {
            return Ok(None);
        }
        // A carriage return would end the event's line.
        html.retain(|character| character != '\r');
        Ok(Some(Update {
            id: self.cursor.to_string(),
            html,
        }))
    }

    /// Those machines of the first `known` whose state changed.
    fn machines(
        &self,
        html: &mut String,
        now: Now,
        task: &TaskView,
        known: usize,
    ) -> askama::Result<()> {
        let sent = self.sent.as_ref().map_or(&[][..], |sent| &sent.machines);
        for (index, machine) in task.machines.iter().enumerate().take(known) {
            if sent.get(index) != Some(machine) {
                let target = format!("#r{}", index.saturating_add(1));
                partial(html, &target, "innerMorph", &MachineLine { machine, now })?;
            }
        }
        Ok(())
    }
}

/// An element that htmx swaps into the page by itself.
fn partial(
    html: &mut String,
    target: &str,
    swap: &str,
    content: &impl fmt::Display,
) -> fmt::Result {
    write!(
        html,
        "<hx-partial hx-target=\"{target}\" hx-swap=\"{swap}\">{content}</hx-partial>"
    )
}

/// What the head shows of a task: machines by name and state, not by progress.
fn gist(task: &TaskView) -> TaskView {
    let machines = task.machines.iter().map(|machine| TaskMachine {
        activity: String::new(),
        percent: None,
        bytes: None,
        ..machine.clone()
    });
    TaskView {
        machines: machines.collect(),
        ..task.clone()
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.sequence, self.machines)
    }
}

impl FromStr for Cursor {
    type Err = std::num::ParseIntError;

    /// Without the second number, no machine is on the page yet.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (sequence, machines) = text.split_once('.').unwrap_or((text, "0"));
        Ok(Self {
            sequence: sequence.parse()?,
            machines: machines.parse()?,
        })
    }
}
