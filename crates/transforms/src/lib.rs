#![doc = include_str!("../README.md")]

mod config;
mod edit;
pub mod encoding;
mod error;
mod substitute;

pub use config::config_variables;
pub use error::TransformError;
pub use substitute::{Substituted, substitute};

/// A changed text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The whole text; byte for byte the source where nothing was replaced.
    pub text: String,
    /// Names of the variables that had a place in the text, as the text writes them, in its order.
    pub replaced: Vec<String>,
}
