//! The server as a whole: the real program over real HTTP, and Tentacles that the tests play.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod again;
mod agent;
mod attacks;
mod auth;
mod away;
mod backup;
mod bodies;
mod bucket;
mod cancel;
mod cli;
mod clients;
mod configuration;
mod crash;
mod defects;
mod delta;
mod deployments;
mod ends;
mod feed;
mod formats;
mod hostile;
mod http;
mod interruptions;
mod kills;
mod left;
mod lifetimes;
mod nodes;
mod nuget;
mod on_server;
mod openapi;
mod operate;
mod order;
mod packages;
mod pages;
mod people;
mod postgres;
mod promotion;
mod proxies;
mod quiet;
mod resources;
mod restart;
mod retention;
mod routes;
mod s3;
mod schemathesis;
mod server;
mod store;
mod traces;
mod triggers;
mod truth;
mod turns;
mod upgrade;
mod wait;
mod world;
