//! The server as a whole: the real program over real HTTP, and Tentacles that the tests play.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

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
mod kills;
mod left;
mod nodes;
mod nuget;
mod openapi;
mod operate;
mod packages;
mod people;
mod postgres;
mod resources;
mod restart;
mod retention;
mod routes;
mod schemathesis;
mod server;
mod store;
mod truth;
mod turns;
mod upgrade;
mod wait;
mod world;
