//! What commands fail with, and the one place where that becomes words.

use std::io;
use std::path::PathBuf;

use api::TaskState;
use layout::install::UnpackError;
use transforms::TransformError;
use transforms::encoding::EncodingError;

use crate::client::{self, ClientError};
use crate::config::ConfigError;

mod hints;

/// Why a command did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The command line lacks something, or says something impossible.
    #[error("{message}")]
    Usage {
        /// What is wrong.
        message: String,
        /// What to type.
        hint: String,
    },
    /// The server, or the way to it.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The configuration file.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A name that nothing bears.
    #[error("There is no {kind} \"{name}\".")]
    Unknown {
        /// Such as `environment`.
        kind: &'static str,
        /// As given.
        name: String,
        /// What there is.
        known: Vec<String>,
    },
    /// A file or folder.
    #[error("{} cannot be {verb}.", path.display())]
    File {
        /// Such as `read`.
        verb: &'static str,
        /// Which one.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Files that were named are not what the command needs.
    #[error("{message}")]
    Files {
        /// What is wrong.
        message: String,
        /// The way out.
        hint: &'static str,
    },
    /// Some of the uploads failed; each was told when it did.
    #[error("{failed} of {total} packages were not uploaded.")]
    Uploads {
        /// How many failed.
        failed: usize,
        /// How many were to be sent.
        total: usize,
    },
    /// A task that was waited for ended badly.
    #[error("{id} {}.", ended(*state, reason))]
    Task {
        /// `ServerTasks-1`.
        id: String,
        /// How it ended.
        state: TaskState,
        /// The server's words.
        reason: String,
    },
    /// Several tasks were waited for.
    #[error("{} of {total} tasks did not succeed: {}.", ids.len(), ids.join(", "))]
    Tasks {
        /// The bad ones.
        ids: Vec<String>,
        /// How many were waited for.
        total: usize,
    },
    /// Tasks still run after the time that was given.
    #[error("After {seconds} seconds, these tasks are not complete: {}.", ids.join(", "))]
    TimedOut {
        /// The time that was given.
        seconds: u64,
        /// Those tasks.
        ids: Vec<String>,
        /// They were asked to stop.
        cancelled: bool,
    },
    /// A person was asked, and said no.
    #[error("Nothing was done.")]
    Declined,
    /// A text cannot be changed as asked.
    #[error("{name} cannot be {verb}.")]
    Text {
        /// Such as `evaluated`.
        verb: &'static str,
        /// Which file, or standard input.
        name: String,
        /// Where and why.
        source: TransformError,
    },
    /// A file is no text, or the result cannot be stored as the file was.
    #[error("{name} cannot be {verb} as text.")]
    Encoding {
        /// `read` or `stored`.
        verb: &'static str,
        /// Which file, or standard input.
        name: String,
        /// Why.
        source: EncodingError,
    },
    /// A file does not hold variables.
    #[error("{name} cannot be read as variables: line {line}, column {column}: {message}.")]
    Variables {
        /// Which file, or standard input.
        name: String,
        /// From 1.
        line: usize,
        /// From 1, in bytes.
        column: usize,
        /// What is wrong there.
        message: String,
    },
    /// Names in a template have no value, and that was not allowed.
    #[error("These names have no value: {}.", names.join(", "))]
    Missing {
        /// Those names.
        names: Vec<String>,
    },
    /// A package cannot be read, or is refused.
    #[error("{} cannot be opened.", path.display())]
    Package {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: nupkg::ArchiveError,
    },
    /// The content of a package cannot be taken out.
    #[error("{} cannot be extracted; nothing was left in {}.", path.display(), into.display())]
    Extract {
        /// The package.
        path: PathBuf,
        /// The folder.
        into: PathBuf,
        /// Which file, and why.
        source: Box<UnpackError>,
    },
    /// A package cannot be made.
    #[error("The package cannot be made.")]
    Pack(#[from] nupkg::pack::PackError),
    /// A deployment on this machine failed or was cancelled.
    #[error("{id} {version} was not installed; what was there before is untouched.")]
    Deploy {
        /// The package's id.
        id: String,
        /// Its version.
        version: String,
        /// What went wrong and what to do.
        source: conventions::DeployError,
    },
    /// The terminal, or a pipe, went away.
    #[error("The terminal cannot be used.")]
    Terminal(#[from] io::Error),
}

/// What kind of failure it is, which decides the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Exit code 1.
    Failed,
    /// Exit code 2.
    Usage,
    /// A person ended a question. Exit code 130.
    Interrupted,
    /// Who read the output has enough: `octo task list | head`. Not worth a word.
    Quiet,
}

/// A failure as people read it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Report {
    /// Decides the exit code.
    pub(crate) kind: Kind,
    /// What was wrong, in one sentence.
    pub(crate) message: String,
    /// Why, from the outermost cause to the innermost.
    pub(crate) causes: Vec<String>,
    /// What to do.
    pub(crate) hints: Vec<String>,
}

impl Error {
    /// A usage error.
    pub(crate) fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Usage {
            message: message.into(),
            hint: hint.into(),
        }
    }

    /// Folds the failure into words.
    pub(crate) fn report(&self) -> Report {
        let mut causes = Vec::new();
        let mut source = std::error::Error::source(self);
        while let Some(error) = source {
            causes.push(match error.downcast_ref() {
                Some(error) => client::cause(error),
                None => error.to_string(),
            });
            source = error.source();
        }
        Report {
            kind: match self {
                Self::Usage { .. } | Self::Client(ClientError::Address { .. }) => Kind::Usage,
                Self::Terminal(error) if error.kind() == io::ErrorKind::BrokenPipe => Kind::Quiet,
                Self::Terminal(error) if error.kind() == io::ErrorKind::Interrupted => {
                    Kind::Interrupted
                }
                _ => Kind::Failed,
            },
            message: self.to_string(),
            causes,
            hints: hints::of(self),
        }
    }
}

fn ended(state: TaskState, reason: &str) -> String {
    let verb = match state {
        TaskState::Canceled => "was cancelled",
        _ => "failed",
    };
    match reason.trim_end_matches('.') {
        "" => verb.to_owned(),
        reason => format!("{verb}: {reason}"),
    }
}
