//! Tentacle, the agent: receives packages, installs and configures them by convention.

pub mod agent;
pub mod cli;
pub mod confirm;
pub mod identity;
pub mod packages;
mod private;
pub mod register;
pub mod service;
pub mod settings;
pub mod status;
pub mod work;
