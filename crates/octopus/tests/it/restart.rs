//! More ends of the server: with work that waits, that is lost, or that a person gave up.

use std::collections::BTreeMap;

use api::{TaskArguments, TaskName, TaskState};
use octopus::{data::Data, store::Store};

use crate::{
    agent::{Point, State, Step, say},
    packages,
    store::tasks::queued,
    truth::check,
    world::{PACKAGE, World},
};

/// Does something to the database of a server that does not run.
fn in_store<T>(world: &World, change: impl AsyncFnOnce(&Store) -> T) -> T {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let data = Data::new(&world.data(), None).unwrap();
        let store = data.store().await.unwrap();
        let outcome = change(&store).await;
        store.close().await;
        outcome
    })
}

/// Queues a deployment as the server does.
async fn queue(store: &Store) -> i64 {
    let arguments = TaskArguments {
        package_id: Some(PACKAGE.to_owned()),
        package_version: Some("1.0.0".to_owned()),
        machine_ids: vec!["Machines-1".to_owned()],
        ..TaskArguments::default()
    };
    let (name, secrets) = (TaskName::DeployPackage, BTreeMap::new());
    let id = store.create_task(name, "Deploy", &arguments, &secrets, queued);
    id.await.unwrap().id
}

#[test]
fn a_queued_task_begins_after_the_start() {
    let mut world = World::new();
    let agent = world.agent("web-1");
    world.push(&packages::package(PACKAGE, "1.0.0", 100, 1));
    world.kill();
    in_store(&world, async |store| {
        assert_eq!(queue(store).await, 1);
        assert_eq!(queue(store).await, 2);
        assert!(store.request_cancel(2).await.unwrap());
    });
    world.start();
    world.ends("ServerTasks-1", TaskState::Success);
    check(&world, "ServerTasks-1", &agent, &["begins", "ends"]);
    let words = world.ends("ServerTasks-2", TaskState::Canceled);
    assert_eq!(words, "Cancelled before it began.");
    assert_eq!(agent.runs(), [1]);
}

/// Whatever it was at when it was killed: it is done once.
#[test]
fn a_task_is_done_once_when_the_server_dies_right_after_taking_it() {
    let mut world = World::new();
    let agent = world.agent("web-1");
    let task = world.deploy();
    world.kill();
    world.start();
    world.ends(&task, TaskState::Success);
    check(&world, &task, &agent, &["begins", "ends"]);
}

#[test]
fn a_machine_that_is_gone_after_the_start_fails_the_task() {
    let mut world = World::new();
    let mut agent = world.agent("web-1");
    agent.hold(Point::Transfer);
    world.push(&packages::package(PACKAGE, "1.0.0", 1_000_000, 1));
    let task = world.deploy_again();
    agent.wait_held(Point::Transfer);
    world.kill();
    agent.leave();
    world.start();
    let error = world.ends(&task, TaskState::Failed);
    assert!(error.contains("did not answer for 2 s"), "{error}");
    assert!(error.contains("nothing listens on"), "{error}");
    assert_eq!(agent.runs(), [0_u32; 0]);
}

#[test]
fn a_machine_that_died_too_tells_that_its_work_is_not_complete() {
    let mut world = World::new();
    let mut agent = world.agent("web-1");
    agent.script(vec![say("one"), Step::Gate(0), say("two")]);
    let task = world.deploy();
    world.wait_line(&task, "one");
    world.kill();
    agent.crash();
    agent.listen();
    world.start();
    let error = world.ends(&task, TaskState::Failed);
    assert!(
        error.contains("ended while this work was running"),
        "{error}"
    );
    check(&world, &task, &agent, &["one"]);
}

/// A machine that was set up anew has never heard of the ticket: it must not begin again.
#[test]
fn work_that_its_machine_lost_is_not_done_again() {
    let mut world = World::new();
    let agent = world.agent("web-1");
    agent.script(vec![say("one"), Step::Gate(0)]);
    let task = world.deploy();
    world.wait_line(&task, "one");
    world.kill();
    agent.edit(|state| {
        let runs = std::mem::take(&mut state.runs);
        *state = State {
            runs,
            ..State::default()
        };
    });
    world.start();
    let error = world.ends(&task, TaskState::Failed);
    assert!(error.contains("no longer knows this work"), "{error}");
    check(&world, &task, &agent, &["one"]);
}

/// The machine hears of the wish although the server that took it is gone.
#[test]
fn a_wish_for_the_end_outlives_the_server() {
    let mut world = World::new();
    let agent = world.agent("web-1");
    agent.script(vec![say("one"), Step::Gate(0), say("two")]);
    let task = world.deploy();
    world.wait_line(&task, "one");
    world.kill();
    in_store(&world, async |store| {
        assert!(store.request_cancel(1).await.unwrap());
    });
    world.start();
    let words = world.ends(&task, TaskState::Canceled);
    assert_eq!(words, "web-1: Cancelled on request.");
    check(&world, &task, &agent, &["one"]);
}
