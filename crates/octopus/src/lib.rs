//! The server: feed, portal, tasks and the orchestration of Tentacles.
