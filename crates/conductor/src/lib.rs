//! Planning of deployments and upgrades as pure state machines.
