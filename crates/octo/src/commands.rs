//! The commands: one file each, in folders by noun.

pub(crate) mod completion;
pub(crate) mod config_file;
pub(crate) mod deployment_target;
pub(crate) mod environment;
pub(crate) mod login;
pub(crate) mod logout;
pub(crate) mod package;
pub(crate) mod project;
pub(crate) mod release;
pub(crate) mod task;
pub(crate) mod tentacle;
pub(crate) mod variables;
