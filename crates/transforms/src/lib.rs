//! Configuration transforms: text in, text out.
//!
#![doc = include_str!("../README.md")]

mod config;
mod edit;
pub mod encoding;
mod error;
mod structured;
mod substitute;
pub mod xdt;
mod xml;
mod xpath;

pub use config::config_variables;
pub use error::TransformError;
pub use structured::json::json_variables;
pub use structured::properties::properties_variables;
pub use structured::structured_variables;
pub use structured::xml::xml_variables;
pub use structured::yaml::yaml_variables;
pub use substitute::{Substituted, substitute};

use variables::VariableSet;

/// A changed text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The whole text; byte for byte the source where nothing was replaced.
    pub text: String,
    /// Names of the variables that had a place in the text, as the text writes them, in its order.
    /// Of XML: as the variables are named, in theirs.
    pub replaced: Vec<String>,
}

/// The value of a variable, if there is one.
fn value_of(variables: &VariableSet, name: &str) -> Result<Option<String>, TransformError> {
    let value = variables.get(name);
    value.map_err(|source| TransformError::Variable {
        name: name.to_owned(),
        source,
    })
}
