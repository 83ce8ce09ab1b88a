//! The supervisor that installs, runs, restarts and rolls back Tentacle.
