//! The real program against a server that follows a script.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::needless_pass_by_value,
    reason = "tests"
)]

mod build_information;
mod config;
mod config_file;
#[cfg(target_os = "linux")]
mod deploy_local;
mod encodings;
mod errors;
mod evaluate;
mod extract;
mod help;
mod inspect;
mod interruptions;
mod lifecycles;
mod login;
mod machines;
mod nouns;
mod nuget;
mod packages;
mod progression;
mod project_variables;
mod projects;
mod release_names;
mod releases;
mod run;
mod samples;
mod server;
mod structured;
mod tasks;
mod teams;
#[cfg(unix)]
mod terminal;
mod transform;
mod upload;
mod variable_files;
mod waiting;
mod zip_create;
