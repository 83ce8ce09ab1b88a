//! Stubs
