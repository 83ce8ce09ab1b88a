//! One machine on a task's page: a line that tells how it stands, its log below.

use askama::Template;
use askama::filters::HtmlSafe;

use super::{Now, TaskMachine};
use crate::portal::format::bytes;
use crate::portal::view::log::Segment;
use crate::portal::view::mark::State;

/// A machine with its log.
#[derive(Template)]
#[template(path = "parts/task_machine.html")]
pub(crate) struct MachineBlock<'a> {
    pub(crate) position: usize,
    pub(crate) machine: &'a TaskMachine,
    pub(crate) now: Now,
    pub(crate) segments: Vec<Segment<'a>>,
    pub(crate) open: bool,
}

impl HtmlSafe for MachineBlock<'_> {}

impl MachineBlock<'_> {
    fn line(&self) -> MachineLine<'_> {
        MachineLine {
            machine: self.machine,
            now: self.now,
        }
    }
}

/// The line alone: it changes while the log below stays as it is.
#[derive(Template)]
#[template(path = "parts/task_machine_line.html")]
pub(crate) struct MachineLine<'a> {
    pub(crate) machine: &'a TaskMachine,
    pub(crate) now: Now,
}

impl HtmlSafe for MachineLine<'_> {}

impl MachineLine<'_> {
    fn state(&self) -> State {
        self.machine.state.into()
    }

    /// `42 %`, or `18 of 43 MB` while bytes are carried.
    fn measure(&self) -> String {
        match (self.machine.bytes, self.machine.percent) {
            (Some((done, all)), _) => format!("{} of {}", bytes(done), bytes(all)),
            (None, Some(percent)) => format!("{percent} %"),
            (None, None) => String::new(),
        }
    }
}
