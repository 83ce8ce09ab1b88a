//! What differs between operating systems: process trees, signals, orphans.
//!
//! Everything here is called from one thread, which alone starts, signals and reaps:
//! so no process id is ever signalled after it was reaped.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(unix)]
mod unix;

#[cfg(windows)]
mod windows;

#[cfg(unix)]
pub(crate) use unix::{
    Messages, Output, Tree, become_child_of, bound_to_this, end_leftovers, exec, messages,
    own_program, supervise, tell,
};
#[cfg(windows)]
pub(crate) use windows::{
    Messages, Output, Tree, become_child_of, bound_to_this, end_leftovers, exec, messages,
    own_program, supervise, tell,
};

/// What wakes the supervisor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Message {
    /// It is asked to end.
    Stop,
    /// It is asked to look at HOME again.
    Reload,
    /// Some child of it ended.
    ChildEnded,
}
