//! `kill -9` of the server in the middle of a deployment: after the next start the task goes
//! on, and ends with what really happened on the machine.

use api::TaskState;

use crate::{
    agent::{Point, Step, say},
    packages,
    truth::check,
    wait,
    world::{PACKAGE, World},
};

/// The outcome that a machine's work comes to, and the task's.
const OUTCOMES: [(Option<Step>, TaskState, &str); 2] = [
    (None, TaskState::Success, ""),
    (
        Some(Step::Fail("the disk is full")),
        TaskState::Failed,
        "the disk is full",
    ),
];

#[test]
fn while_the_package_is_on_its_way() {
    let mut world = World::new();
    let agent = world.agent("web-1");
    agent.hold(Point::Transfer);
    let package = packages::package(PACKAGE, "1.0.0", 3_000_000, 1);
    world.push(&package);
    let task = world.deploy_again();
    agent.wait_held(Point::Transfer);
    world.kill();
    agent.release(Point::Transfer);
    world.start();
    world.ends(&task, TaskState::Success);
    check(&world, &task, &agent, &["begins", "ends"]);
    // It went on where it broke off, and what arrived is what was pushed.
    let transfers = agent.edit(|state| state.transfers.clone());
    let [(0, first), (offset, second)] = transfers[..] else {
        panic!("{transfers:?}")
    };
    assert!(first >= 512 * 1024, "{transfers:?}");
    assert_eq!((offset, first + second), (first, package.len() as u64));
    assert_eq!(
        agent.edit(|state| state.packages.values().cloned().collect::<Vec<_>>()),
        [package]
    );
}

#[test]
fn while_the_work_runs_and_ends_without_a_server() {
    for (last, state, error) in OUTCOMES {
        let mut world = World::new();
        let agent = world.agent("web-1");
        let script = [say("one"), say("two"), Step::Gate(0), say("three")];
        agent.script(script.into_iter().chain(last).collect());
        let task = world.deploy();
        world.wait_line(&task, "two");
        world.kill();
        agent.open_gate(0);
        agent.wait("the work has ended", |agent| {
            agent
                .tickets
                .values()
                .all(|ticket| !ticket.message.is_empty())
        });
        world.start();
        assert!(world.ends(&task, state).contains(error));
        check(&world, &task, &agent, &["one", "two", "three"]);
        world.wait_line(&task, "The server has started again");
    }
}

#[test]
fn after_the_work_ended_and_before_the_server_heard() {
    for (last, state, error) in OUTCOMES {
        let mut world = World::new();
        let agent = world.agent("web-1");
        agent.script([say("one")].into_iter().chain(last).collect());
        agent.hold(Point::Outcome);
        let task = world.deploy();
        agent.wait_held(Point::Outcome);
        world.kill();
        agent.release(Point::Outcome);
        world.start();
        assert!(world.ends(&task, state).contains(error));
        check(&world, &task, &agent, &["one"]);
    }
}

#[test]
fn after_the_order_and_before_its_answer() {
    let mut world = World::new();
    let agent = world.agent("web-1");
    agent.hold(Point::OrderAnswer);
    let task = world.deploy();
    agent.wait_held(Point::OrderAnswer);
    world.kill();
    agent.release(Point::OrderAnswer);
    world.start();
    world.ends(&task, TaskState::Success);
    check(&world, &task, &agent, &["begins", "ends"]);
}

/// A machine that forgot a ticket would do its work again.
#[test]
fn when_the_machine_was_told_to_forget() {
    let mut world = World::new();
    let agent = world.agent("web-1");
    agent.hold(Point::Forgotten);
    let task = world.deploy();
    agent.wait_held(Point::Forgotten);
    world.kill();
    agent.release(Point::Forgotten);
    world.start();
    world.ends(&task, TaskState::Success);
    check(&world, &task, &agent, &["begins", "ends"]);
    agent.wait("the ticket is forgotten", |agent| agent.tickets.is_empty());
}

#[test]
fn again_and_again_no_line_is_lost_and_none_comes_twice() {
    const ROUNDS: usize = 5;
    const LINES: usize = 150;
    let mut world = World::new();
    let agent = world.agent("web-1");
    let lines: Vec<String> = (0..ROUNDS * LINES).map(|n| format!("line {n}")).collect();
    let mut script = Vec::new();
    for (round, some) in lines.chunks(LINES).enumerate() {
        script.extend(some.iter().map(|line| say(line)));
        script.push(Step::Gate(round));
    }
    agent.script(script);
    let task = world.deploy();
    for round in 0..ROUNDS {
        // In the middle of a round's lines, or after them: as the machine was quick or slow.
        let some = (round * LINES + round * 30).max(1);
        wait::until_is("some lines are there", || world.log(&task).len() > some);
        world.kill();
        agent.open_gate(round);
        world.start();
    }
    world.ends(&task, TaskState::Success);
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    check(&world, &task, &agent, &lines);
}
