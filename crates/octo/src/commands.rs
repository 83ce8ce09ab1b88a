//! The commands: one file each, in folders by noun.

pub(crate) mod api_key;
pub(crate) mod artifact;
pub(crate) mod build_information;
pub(crate) mod channel;
pub(crate) mod completion;
pub(crate) mod config;
pub(crate) mod config_file;
pub(crate) mod deployment_target;
pub(crate) mod environment;
pub(crate) mod event;
pub(crate) mod feed;
pub(crate) mod interruption;
pub(crate) mod lifecycle;
pub(crate) mod login;
pub(crate) mod logout;
pub(crate) mod manual;
pub(crate) mod package;
mod parts;
pub(crate) mod project;
pub(crate) mod project_group;
pub(crate) mod release;
pub(crate) mod space;
pub(crate) mod task;
pub(crate) mod team;
pub(crate) mod tentacle;
pub(crate) mod user;
pub(crate) mod variables;
