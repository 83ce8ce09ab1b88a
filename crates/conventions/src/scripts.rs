//! Runs a deployment's scripts: finds the interpreter, offers the variables and
//! helper functions, reads the output live, masks it, and obeys service messages.
//!
//! Knows nothing of packages or conventions.

mod bootstrap;
mod cancel;
mod inline;
mod interpreter;
mod lines;
mod log;
mod masking;
mod output;
mod process;
mod run;
pub mod service_message;
mod settings;
#[cfg(unix)]
#[cfg(test)]
mod tests;

pub use cancel::CancelToken;
pub use inline::{Inline, InlineError, run_inline};
pub use interpreter::Language;
pub use log::{Level, Log};
pub use masking::MaskedLog;
pub use output::{Artifact, OutputVariable};
pub use run::{End, Report, Script, ScriptError, run};
pub use settings::{TimeoutError, timeout, values};
