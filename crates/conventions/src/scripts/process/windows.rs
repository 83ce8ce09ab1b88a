//! Windows: a program and what it starts are a job.

use std::io::{self, Read};
use std::process::{Command, ExitStatus};

use process_wrap::std::{ChildWrapper, CommandWrap, JobObject};

use super::threads::Tree;
use crate::scripts::service_message::Stream;

/// Processes that are ended together.
#[derive(Debug)]
pub(super) struct Job(Box<dyn ChildWrapper>);

/// Starts a program in a job of its own, before which it runs no instruction.
///
/// # Errors
/// Those of the operating system.
pub(super) fn spawn(command: Command) -> io::Result<Job> {
    CommandWrap::from(command).wrap(JobObject).spawn().map(Job)
}

impl Tree for Job {
    fn pipes(&mut self) -> [(Stream, Option<Box<dyn Read + Send>>); 2] {
        let out = self.0.stdout().take().map(|pipe| Box::new(pipe) as Box<_>);
        let err = self.0.stderr().take().map(|pipe| Box::new(pipe) as Box<_>);
        [(Stream::Out, out), (Stream::Err, err)]
    }

    fn try_wait(&mut self) -> io::Result<Option<ExitStatus>> {
        self.0.try_wait()
    }

    fn kill(&mut self) {
        // When nobody is left in it there is nothing to end.
        let _ = self.0.start_kill();
    }
}
