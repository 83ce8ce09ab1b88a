//! Why a deployment did not come to its end.

use std::error::Error as _;
use std::io;
use std::path::{Path, PathBuf};

use layout::install::UnpackError;
use thiserror::Error;
use transforms::TransformError;
use transforms::encoding::EncodingError;
use variables::EvaluateError;

use crate::scripts::{MaskedLog, ScriptError, TimeoutError};

/// A deployment that failed or was cancelled.
#[derive(Debug, Clone, Error)]
#[error("{message}")]
pub struct DeployError {
    /// The convention that failed, as it is called in the log.
    pub step: &'static str,
    /// What went wrong and what to do, with all its reasons; secrets are masked.
    pub message: String,
    /// Whether it was cancelled, and did not fail by itself.
    pub cancelled: bool,
}

impl DeployError {
    pub(super) fn new(step: &'static str, failure: &Failure, log: &MaskedLog<'_>) -> Self {
        Self {
            step,
            message: log.mask(&chain(failure)),
            cancelled: matches!(failure, Failure::Cancelled),
        }
    }
}

/// The failure with all its reasons. May hold secrets.
pub(super) fn chain(failure: &Failure) -> String {
    let mut message = failure.to_string();
    let mut source = failure.source();
    while let Some(error) = source {
        message.push_str(": ");
        message.push_str(&error.to_string());
        source = error.source();
    }
    message
}

/// Why a convention failed. May hold secrets: only [`DeployError`] leaves this module.
#[derive(Debug, Error)]
pub(super) enum Failure {
    #[error("the deployment was cancelled")]
    Cancelled,
    #[error("the variable {name} cannot be evaluated")]
    Variable { name: String, source: EvaluateError },
    #[error("the variable {name} must be {expected}, and is \"{value}\"")]
    BadValue {
        name: &'static str,
        expected: &'static str,
        value: String,
    },
    #[error("the pattern \"{pattern}\" in the variable {name} is not valid; correct it")]
    Pattern {
        name: &'static str,
        pattern: String,
        source: globset::Error,
    },
    #[error(
        "the feature {feature} ({name}) is not there in this version of Tentacle; leave it out of the step, or do its work in a script"
    )]
    NoFeature { feature: String, name: &'static str },
    #[error("the package {} cannot be unpacked", .file.display())]
    Package { file: PathBuf, source: UnpackError },
    #[error("{} cannot be {action}; check that it is there, its permissions, and the space on its disk", .path.display())]
    File {
        path: PathBuf,
        action: &'static str,
        source: io::Error,
    },
    #[error("{} cannot be configured", .path.display())]
    Transform {
        path: PathBuf,
        source: TransformError,
    },
    #[error("{} cannot be transformed by {}", .target.display(), .transform.display())]
    Xdt {
        target: PathBuf,
        transform: PathBuf,
        source: TransformError,
    },
    #[error(
        "{} cannot be transformed by {}: line {line}, column {column} of the transform: {message}; correct the transform, or set {name} to False",
        .target.display(), .transform.display()
    )]
    XdtWarning {
        target: PathBuf,
        transform: PathBuf,
        line: usize,
        column: usize,
        message: String,
        name: &'static str,
    },
    #[error("{} cannot be read or stored as text", .path.display())]
    Encoding {
        path: PathBuf,
        source: EncodingError,
    },
    #[error(
        "the custom installation directory {} {reason}; choose another one in Octopus.Action.Package.CustomInstallationDirectory",
        .path.display()
    )]
    CustomDirectory { path: PathBuf, reason: &'static str },
    #[error(transparent)]
    Timeout(#[from] TimeoutError),
    #[error(transparent)]
    Script(#[from] ScriptError),
    #[error(
        "{script} {how}, in {}{}; the lines before this one in the log say more",
        .directory.display(),
        .message.as_ref().map(|message| format!(", and says: {message}")).unwrap_or_default()
    )]
    ScriptEnded {
        script: String,
        how: String,
        directory: PathBuf,
        message: Option<String>,
    },
}

impl Failure {
    /// For `map_err`: what could not be done to a file or folder.
    pub(super) fn file(
        path: &Path,
        action: &'static str,
    ) -> impl FnOnce(io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| Self::File {
            path,
            action,
            source,
        }
    }

    /// For `map_err`: a file's content that can't be changed as asked.
    pub(super) fn transform(path: &Path) -> impl FnOnce(TransformError) -> Self + use<> {
        let path = path.to_owned();
        move |source| Self::Transform { path, source }
    }

    /// For `map_err`: a file that is no text, or can't be stored as it was.
    pub(super) fn encoding(path: &Path) -> impl FnOnce(EncodingError) -> Self + use<> {
        let path = path.to_owned();
        move |source| Self::Encoding { path, source }
    }
}
