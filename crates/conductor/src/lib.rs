//! Planning of deployments and upgrades: pure decisions, no clock, network or storage.
//!
//! The server asks what to do and does it; nothing here knows how.

pub mod deployment;
pub mod release;
pub mod retention;
pub mod targets;
pub mod upgrade;
