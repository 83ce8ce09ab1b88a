//! Two orders for one machine: one after the other.

use api::TaskState;

use crate::{
    agent::{After, Step, say},
    upgrade::world_with_newer,
    wait,
};

#[test]
fn the_second_order_waits_and_finds_nothing_left_to_do() {
    let (world, agent) = world_with_newer();
    agent.script(vec![say("one"), Step::Gate(0)]);
    let first = world.upgrade("web-1", "9.0.0");
    world.wait_line(&first, "one");
    let second = world.upgrade("web-1", "9.0.0");
    wait::until_is("both are at it", || {
        world.task(&second).state == TaskState::Executing
    });
    agent.open_gate(0);
    world.ends(&first, TaskState::Success);
    world.ends(&second, TaskState::Success);
    world.wait_line(&second, "Tentacle 9.0.0 runs there already.");
    assert_eq!(agent.runs(), [1]);
}

/// Another try after a rollback has a ticket and a verdict of its own.
#[test]
fn the_second_order_tries_again_what_the_first_did_not_bring() {
    let (world, agent) = world_with_newer();
    agent.edit(|state| {
        state.script = vec![say("one"), Step::Gate(0)];
        state.after_upgrade = After::RolledBack;
    });
    let first = world.upgrade("web-1", "9.0.0");
    let second = world.upgrade("web-1", "9.0.0");
    wait::until_is("both are at it", || {
        world.task(&second).state == TaskState::Executing
    });
    agent.open_gate(0);
    world.ends(&first, TaskState::Failed);
    world.ends(&second, TaskState::Failed);
    assert_eq!(agent.runs(), [1, 1]);
    assert_eq!(agent.edit(|state| state.most_at_once), 1);
}

/// The one that was at work goes on first, whatever order the server takes them up in.
#[test]
fn the_turn_outlives_the_server() {
    let (mut world, agent) = world_with_newer();
    agent.script(vec![say("one"), Step::Gate(0)]);
    let first = world.upgrade("web-1", "9.0.0");
    world.wait_line(&first, "one");
    let later: Vec<String> = (0..4).map(|_| world.upgrade("web-1", "9.0.0")).collect();
    wait::until_is("all are at it", || {
        let state = |task| world.task(task).state;
        later.iter().all(|task| state(task) == TaskState::Executing)
    });
    world.kill();
    world.start();
    for task in later.iter().chain([&first]) {
        world.wait_line(task, "The server has started again");
    }
    agent.open_gate(0);
    world.ends(&first, TaskState::Success);
    for task in &later {
        world.ends(task, TaskState::Success);
    }
    assert_eq!(agent.runs(), [1]);
    assert_eq!(agent.edit(|state| state.most_at_once), 1);
}
