//! Octopus, the server: feed, portal, tasks and the orchestration of Tentacles.

pub mod access;
mod app;
pub mod auth;
pub mod backup;
pub mod cli;
pub mod data;
pub mod depot;
pub mod error;
pub mod feed;
pub mod fleet;
mod lifetimes;
pub mod lookup;
pub mod nuget;
pub mod operate;
pub mod portal;
mod recent;
pub mod rest;
pub mod runner;
pub mod serve;
pub mod store;
pub mod tentacles;
pub mod web;
