//! Machines that go away, come back, never were there, or don't do as they should.

use std::{fs, net::TcpListener, time::Instant};

use api::{HealthStatus, TaskState};
use channel::Identity;
use tonic::Code;

use crate::{
    agent::{self, Agent, Point, Step, say},
    packages,
    truth::check,
    world::{ENVIRONMENT, PACKAGE, SOON, World},
};

const LINES: [&str; 6] = ["one", "two", "three", "four", "five", "six"];

#[test]
fn the_log_goes_on_when_a_machine_comes_back() {
    let world = World::new();
    let mut agent = world.agent("web-1");
    let script = [say("one"), Step::Gate(0), say("two")];
    agent.script(script.to_vec());
    let task = world.deploy();
    world.wait_line(&task, "one");
    agent.leave();
    agent.open_gate(0);
    world.wait_line(
        &task,
        "The machine does not answer: nothing listens on 127.0.0.1:",
    );
    agent.listen();
    world.ends(&task, TaskState::Success);
    check(&world, &task, &agent, &["one", "two"]);
}

#[test]
fn a_machine_that_dies_in_the_middle_fails_the_task_with_its_own_words() {
    let world = World::new();
    let mut agent = world.agent("web-1");
    agent.script(vec![say("one"), Step::Gate(0), say("two")]);
    let task = world.deploy();
    world.wait_line(&task, "one");
    agent.crash();
    agent.listen();
    let error = world.ends(&task, TaskState::Failed);
    assert_eq!(error, "web-1: Tentacle ended while this work was running.");
    check(&world, &task, &agent, &["one"]);
}

#[test]
fn a_transfer_goes_on_when_a_machine_comes_back() {
    let world = World::new();
    let mut agent = world.agent("web-1");
    agent.hold(Point::Transfer);
    world.push(&packages::package(PACKAGE, "1.0.0", 2_000_000, 1));
    let task = world.deploy_again();
    agent.wait_held(Point::Transfer);
    agent.leave();
    agent.release(Point::Transfer);
    agent.listen();
    world.ends(&task, TaskState::Success);
    check(&world, &task, &agent, &["begins", "ends"]);
    let transfers = agent.edit(|state| state.transfers.clone());
    let [(0, first), (offset, _)] = transfers[..] else {
        panic!("{transfers:?}")
    };
    assert_eq!(offset, first);
}

/// Streams break off after any line, with any error of a link, and may begin anew each time.
#[test]
fn a_log_that_breaks_off_is_taken_over_whole() {
    for repeats_lines in [false, true] {
        let world = World::new();
        let agent = world.agent("web-1");
        agent.edit(|state| {
            state.script = LINES.into_iter().map(say).collect();
            state.repeats_lines = repeats_lines;
            let codes = [Code::Unavailable, Code::Unknown, Code::Cancelled];
            state.breaks = (0..6).zip(codes.into_iter().cycle()).collect();
        });
        let task = world.deploy();
        world.ends(&task, TaskState::Success);
        check(&world, &task, &agent, &LINES);
    }
}

#[test]
fn a_log_that_always_breaks_off_ends_the_patience() {
    let world = World::new();
    let agent = world.agent("web-1");
    agent.edit(|state| state.breaks = vec![(0, Code::Unavailable); 10_000].into());
    let error = fails_soon(&world, &world.deploy());
    let expected = "web-1: The machine did not answer for 2 s: the log breaks off";
    assert_eq!(error, expected);
}

#[test]
fn a_damaged_log_fails_the_task_at_once() {
    let world = World::new();
    let agent = world.agent("web-1");
    agent.edit(|state| state.breaks = vec![(1, Code::DataLoss); 10].into());
    let error = fails_soon(&world, &world.deploy());
    assert_eq!(error, "web-1: the log breaks off");
    check(&world, "ServerTasks-1", &agent, &["begins"]);
}

#[test]
fn a_machine_that_never_was_there_fails_the_task_within_the_patience() {
    let world = World::new();
    // Bound and given back: nothing listens there.
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let thumbprint = Identity::generate("Tentacle").unwrap().0.thumbprint();
    let thumbprint = thumbprint.to_string();
    world.register(&agent::registration("gone", ENVIRONMENT, port, &thumbprint));
    let error = fails_soon(&world, &world.deploy());
    let expected = format!(
        "gone: The machine did not answer for 2 s: \
         nothing listens on 127.0.0.1:{port}; is Tentacle running there?"
    );
    assert_eq!(error, expected);
    world.wait_health("gone", HealthStatus::Unavailable);
}

#[test]
fn another_one_at_the_same_address_is_not_talked_to() {
    let world = World::new();
    let stranger = Agent::start("stranger", &world.thumbprint());
    let mut registration = stranger.registration(ENVIRONMENT);
    let other = Identity::generate("Tentacle").unwrap().0.thumbprint();
    registration["Endpoint"]["Thumbprint"] = other.to_string().into();
    world.register(&registration);
    let error = fails_soon(&world, &world.deploy());
    for thumbprint in [other, stranger.thumbprint] {
        assert!(error.contains(&thumbprint.to_string()), "{error}");
    }
    assert_eq!(stranger.edit(|state| state.status_calls), 0);
}

#[test]
fn a_machine_that_hangs_fails_the_task_within_the_patience() {
    let world = World::new();
    let agent = world.agent("web-1");
    agent.hold(Point::Order);
    let error = fails_soon(&world, &world.deploy());
    let expected = "web-1: The machine did not answer for 2 s: no answer within 2 s";
    assert_eq!(error, expected);
    assert_eq!(agent.runs(), [0_u32; 0]);
}

#[test]
fn a_machine_that_refuses_fails_the_task_with_its_words() {
    let world = World::new();
    let agent = world.agent("web-1");
    agent.edit(|state| state.refusal = Some((Code::InvalidArgument, "not with me")));
    let error = fails_soon(&world, &world.deploy());
    assert_eq!(error, "web-1: not with me");
    agent.edit(|state| {
        state.refusal = None;
        state.packages.clear();
        state.transfer_refusal = Some((Code::ResourceExhausted, "the disk is full"));
    });
    let error = fails_soon(&world, &world.deploy_again());
    assert_eq!(error, "web-1: the disk is full");
    assert_eq!(agent.runs(), [0_u32; 0]);
}

#[test]
fn a_package_that_the_server_lost_fails_the_task() {
    let world = World::new();
    let agent = world.agent("web-1");
    world.push(&packages::package(PACKAGE, "1.0.0", 100, 1));
    let folder = world.data().join("packages");
    fs::remove_dir_all(&folder).unwrap();
    let error = fails_soon(&world, &world.deploy_again());
    assert!(
        error.contains("the server's copy of the package can't be read"),
        "{error}"
    );
    assert_eq!(agent.runs(), [0_u32; 0]);
}

/// One machine that fails is named, and does not hold up the others.
#[test]
fn one_of_many_fails_alone() {
    let world = World::new();
    let (good, bad) = (world.agent("web-1"), world.agent("web-2"));
    bad.script(vec![say("one"), Step::Fail("the disk is full")]);
    let task = world.deploy();
    let error = world.ends(&task, TaskState::Failed);
    assert_eq!(
        error,
        "1 of 2 machines failed, first web-2: the disk is full"
    );
    assert_eq!((good.runs(), bad.runs()), (vec![1], vec![1]));
    assert!(world.texts(&task).contains(&"All is done.".to_owned()));
}

#[track_caller]
fn fails_soon(world: &World, task: &str) -> String {
    let begun = Instant::now();
    let error = world.ends(task, TaskState::Failed);
    assert!(begun.elapsed() < SOON, "it took {:?}", begun.elapsed());
    error
}
