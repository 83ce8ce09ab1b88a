//! Where the lines of a deployment go, and the files that it wants to be kept.

use std::io;

use super::Artifact;

/// How a line of the task log is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Level {
    /// Details that are hidden unless asked for.
    Verbose,
    /// An ordinary line.
    Info,
    /// A line that stands out.
    Highlight,
    /// The work waits for something.
    Wait,
    /// Something is odd, and the work goes on.
    Warning,
    /// Something went wrong, or was written to standard error.
    Error,
}

/// Takes the lines of one deployment, as they come.
///
/// Sensitive values are masked before a text gets here.
pub trait Log: Send + Sync {
    /// One line, without its line break, at most 64 KiB long; `step` names who speaks, such as `PreDeploy`.
    fn line(&self, level: Level, step: &str, text: &str);

    /// How far the step has come, from 0 to 100, and what it does now (may be empty).
    fn progress(&self, step: &str, percentage: u8, message: &str);

    /// A file that a script wants to be kept. It may be gone or changed once this has returned.
    ///
    /// # Errors
    /// It can't be kept; that becomes a warning, and the deployment goes on.
    fn keep(&self, artifact: &Artifact) -> io::Result<()>;
}
