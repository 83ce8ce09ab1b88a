//! The variable language, scoping of variables, and masking of sensitive values.
//!
#![doc = include_str!("../README.md")]

mod error;
mod evaluate;
mod filters;
mod mask;
pub mod scope;
mod set;
mod template;
mod tree;

pub use error::{EvaluateError, ParseError};
pub use evaluate::{Evaluation, is_truthy};
pub use filters::escape;
pub use mask::{MIN_SECRET_CHARS, Masker, is_maskable};
pub use set::{Variable, VariableSet};
