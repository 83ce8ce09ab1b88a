//! What must hold of a task whatever happened on the way.

use api::TaskLogEntry;

use crate::{agent::Agent, world::World};

/// The lines that came from machines, in the order of the server's log.
pub(crate) fn told(log: &[TaskLogEntry]) -> Vec<&str> {
    let own = log
        .iter()
        .filter(|line| line.step.as_deref() == Some("Deploy"));
    own.map(|line| line.message_text.as_str()).collect()
}

/// Every order was begun once; the server's log has each line of `expected` once and in
/// order, and numbers without gaps; the server never says that a task has ended twice.
#[track_caller]
pub(crate) fn check(world: &World, task: &str, agent: &Agent, expected: &[&str]) {
    assert!(
        agent.runs().iter().all(|runs| *runs == 1),
        "{:?}",
        agent.runs()
    );
    let log = world.log(task);
    assert_eq!(told(&log), expected);
    let numbers: Vec<u64> = log.iter().map(|line| line.sequence).collect();
    let whole: Vec<u64> = (1..=log.len() as u64).collect();
    assert_eq!(numbers, whole);
    let task = world.task(task);
    let said = match task.error_message.as_str() {
        "" => "The task has ended well on every machine.",
        error => error,
    };
    let ends = log
        .iter()
        .filter(|line| line.machine.is_none() && line.message_text == said);
    assert_eq!(ends.count(), 1, "{log:?}");
}
