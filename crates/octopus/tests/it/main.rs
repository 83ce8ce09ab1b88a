//! The server as a whole: the real program over real HTTP, and Tentacles that the tests play.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod again;
mod agent;
mod auth;
mod away;
mod backup;
mod bodies;
mod cancel;
mod cli;
mod clients;
mod configuration;
mod crash;
mod deployments;
mod feed;
mod formats;
mod hostile;
mod http;
mod interruptions;
mod kills;
mod left;
mod nodes;
mod nuget;
mod on_server;
mod operate;
mod packages;
mod postgres;
mod promotion;
mod restart;
mod retention;
mod routes;
mod server;
mod store;
mod truth;
mod turns;
mod upgrade;
mod wait;
mod world;
