//! Two servers on one PostgreSQL database: what a dead one left, the other one ends.

use std::process::Command;

use api::TaskState;

use crate::{
    agent::{Step, say},
    feed,
    http::Http,
    packages,
    postgres::Postgres,
    server::{self, Server},
    truth::{check, told},
    wait,
    world::{PACKAGE, World},
};

/// The second server, on a data folder of its own, with the first one's certificate and packages.
pub(crate) fn second(world: &World) -> (Server, Http) {
    let data = world.data().with_file_name("second").join("data");
    std::fs::create_dir_all(&data).unwrap();
    let identity = "identity.pem";
    std::fs::copy(world.data().join(identity), data.join(identity)).unwrap();
    let mut command = server::serve(&data);
    let server = Server::run(command.envs(world.settings.clone()), &data);
    let http = Http::with_key(&server.url, &world.key);
    (server, http)
}

fn signal(server: &Server, signal: &str) {
    let sent = Command::new("kill").args([signal, &server.id()]).status();
    assert!(sent.unwrap().success());
}

#[test]
fn a_killed_server_s_task_ends_on_the_other_one() {
    let Some(postgres) = Postgres::start() else {
        return;
    };
    let mut world = World::on(&postgres);
    let agent = world.agent("web-1");
    agent.script(vec![say("one"), Step::Gate(0), say("two")]);
    let task = world.deploy();
    world.wait_line(&task, "one");
    let (other, http) = second(&world);
    world.kill();
    agent.open_gate(0);
    (world.server, world.http) = (Some(other), http);
    world.ends(&task, TaskState::Success);
    check(&world, &task, &agent, &["one", "two"]);
    world.wait_line(&task, "a task that another one began");
}

#[test]
fn a_server_that_froze_and_comes_round_changes_nothing() {
    let Some(postgres) = Postgres::start() else {
        return;
    };
    let mut world = World::on(&postgres);
    let agent = world.agent("web-1");
    agent.script(vec![say("one"), Step::Gate(0), say("two")]);
    let task = world.deploy();
    world.wait_line(&task, "one");
    let (other, http) = second(&world);
    let frozen = world.server.replace(other).unwrap();
    world.http = http;
    signal(&frozen, "-STOP");
    agent.open_gate(0);
    world.ends(&task, TaskState::Success);
    let before = world.log(&task).len();
    signal(&frozen, "-CONT");
    // What it was about to write is refused; or else, when it froze on its way to the database, it tries again
    // after a while and finds the task ended.
    let words = ["another server works on task 1 now", "task 1 waits"];
    wait::until_is("the frozen one has seen it", || {
        let log = frozen.log();
        words.iter().any(|words| log.contains(words))
    });
    wait::until_is("it is one of the servers again", || {
        frozen.log().contains("it enters again")
    });
    check(&world, &task, &agent, &["one", "two"]);
    assert_eq!(world.log(&task).len(), before);
}

#[test]
fn a_wish_for_the_end_reaches_the_server_that_works() {
    let Some(postgres) = Postgres::start() else {
        return;
    };
    let world = World::on(&postgres);
    let agent = world.agent("web-1");
    agent.script(vec![say("one"), Step::Gate(0), say("two")]);
    let task = world.deploy();
    world.wait_line(&task, "one");
    let (_other, http) = second(&world);
    let path = format!("/api/Spaces-1/tasks/{task}/cancel");
    http.post(&path, &serde_json::json!({})).expect(200);
    world.ends(&task, TaskState::Canceled);
    assert_eq!(told(&world.log(&task)), ["one"]);
}

#[test]
fn what_one_server_took_the_other_one_gives_at_once() {
    let Some(postgres) = Postgres::start() else {
        return;
    };
    let world = World::on(&postgres);
    let (_other, http) = second(&world);
    for version in ["1.0.0", "2.0.0", "3.0.0"] {
        // The other one looks at the feed, and remembers it for a while.
        assert_eq!(feed::fetch(&http, version).status, 404);
        world.push(&packages::package(PACKAGE, version, 100, 1));
        assert_eq!(feed::fetch(&http, version).status, 200, "{version}");
    }
}
