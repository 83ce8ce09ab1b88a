//! Cancelling: what a person is told is what the machine made of it.

use api::TaskState;
use serde_json::json;

use crate::{
    agent::{After, Point, Step, say},
    packages,
    truth::check,
    world::{PACKAGE, TENTACLE, World},
};

#[test]
fn running_work_is_ended_on_the_machine() {
    let world = World::new();
    let agent = world.agent("web-1");
    agent.script(vec![say("one"), Step::Gate(0), say("two")]);
    let task = world.deploy();
    world.wait_line(&task, "one");
    world.cancel(&task);
    let words = world.ends(&task, TaskState::Canceled);
    assert_eq!(words, "web-1: Cancelled on request.");
    check(&world, &task, &agent, &["one"]);
    assert_eq!(agent.edit(|state| state.cancel_calls), 1);
}

/// The wish came too late: it was done, and that is what is told.
#[test]
fn work_that_had_ended_is_called_by_its_name() {
    let world = World::new();
    let agent = world.agent("web-1");
    agent.hold(Point::Outcome);
    let task = world.deploy();
    agent.wait_held(Point::Outcome);
    world.cancel(&task);
    world.wait_line(&task, "Cancelling.");
    agent.release(Point::Outcome);
    world.ends(&task, TaskState::Success);
    check(&world, &task, &agent, &["begins", "ends"]);
}

#[test]
fn a_transfer_is_broken_off() {
    let world = World::new();
    let agent = world.agent("web-1");
    agent.hold(Point::Transfer);
    world.push(&packages::package(PACKAGE, "1.0.0", 2_000_000, 1));
    let task = world.deploy_again();
    agent.wait_held(Point::Transfer);
    world.cancel(&task);
    world.ends(&task, TaskState::Canceled);
    assert_eq!(agent.runs(), [0_u32; 0]);
}

/// The order may have arrived although its answer did not.
#[test]
fn an_order_without_an_answer_is_taken_back() {
    let world = World::new();
    let agent = world.agent("web-1");
    agent.script(vec![Step::Gate(0)]);
    agent.hold(Point::OrderAnswer);
    let task = world.deploy();
    agent.wait_held(Point::OrderAnswer);
    world.cancel(&task);
    let words = world.ends(&task, TaskState::Canceled);
    assert_eq!(words, "web-1: Cancelled on request.");
    check(&world, &task, &agent, &[]);
}

#[test]
fn a_machine_that_is_gone_does_not_hold_it_up() {
    let world = World::new();
    let mut agent = world.agent("web-1");
    agent.script(vec![say("one"), Step::Gate(0)]);
    let task = world.deploy();
    world.wait_line(&task, "one");
    agent.leave();
    world.wait_line(&task, "The machine does not answer");
    world.cancel(&task);
    let words = world.ends(&task, TaskState::Canceled);
    assert!(
        words.contains("the machine could not be told: nothing listens on"),
        "{words}"
    );
    assert!(words.contains("may go on"), "{words}");
}

#[test]
fn an_order_that_waits_for_its_turn_never_begins() {
    let world = World::new();
    let agent = world.agent("web-1");
    world.push(&packages::package(TENTACLE, "9.0.0", 100, 1));
    agent.script(vec![say("one"), Step::Gate(0)]);
    let first = world.upgrade("web-1", "9.0.0");
    world.wait_line(&first, "one");
    let second = world.upgrade("web-1", "9.0.0");
    world.cancel(&second);
    let words = world.ends(&second, TaskState::Canceled);
    assert_eq!(
        words,
        "web-1: Cancelled before anything was started on the machine."
    );
    assert!(!world.task(&first).is_completed);
    agent.open_gate(0);
    world.ends(&first, TaskState::Success);
    assert_eq!(agent.runs(), [1]);
}

/// Installed is not upgraded: nobody waits for the verdict, so none is told.
#[test]
fn an_upgrade_on_trial_is_neither_good_nor_failed() {
    let world = World::new();
    let agent = world.agent("web-1");
    world.push(&packages::package(TENTACLE, "9.0.0", 100, 1));
    agent.edit(|state| state.after_upgrade = After::Trial);
    let task = world.upgrade("web-1", "9.0.0");
    world.wait_line(&task, "is about to confirm it");
    world.cancel(&task);
    let words = world.ends(&task, TaskState::Canceled);
    assert!(words.contains("the machine decides by itself"), "{words}");
}

#[test]
fn what_has_ended_or_never_was_can_not_be_cancelled() {
    let world = World::new();
    let agent = world.agent("web-1");
    let task = world.deploy();
    world.ends(&task, TaskState::Success);
    for (id, status, words) in [
        (task.as_str(), 400, "has ended already"),
        ("ServerTasks-99", 404, "There is no task"),
        ("ServerTasks-99999999999999999999", 404, "There is no task"),
        ("Machines-1", 404, "There is no task"),
    ] {
        let path = format!("/api/Spaces-1/tasks/{id}/cancel");
        let message = world.http.post(&path, &json!({})).refusal(status);
        assert!(message.contains(words), "{message}");
    }
    world.ends(&task, TaskState::Success);
    check(&world, &task, &agent, &["begins", "ends"]);
}
