//! Upgrades: only the machine's own ledger decides, and only about this very order.

use api::{HealthStatus, TaskState};
use serde_json::json;

use crate::{
    agent::{After, Agent, State, Step, say},
    packages,
    world::{ENVIRONMENT, OWN_VERSION, TENTACLE, World},
};

/// A world with a machine that runs 0.9.0, and 9.0.0 in the feed.
pub(crate) fn world_with_newer() -> (World, Agent) {
    let world = World::new();
    let agent = world.agent("web-1");
    world.push(&packages::package(TENTACLE, "9.0.0", 100, 1));
    (world, agent)
}

const ROLLED_BACK: &str = "web-1: Tentacle 9.0.0 was rolled back (crashed): ended 5 times in 0.4 s, \
                           last with exit code 1. Tentacle 0.9.0 runs again. \
                           It said: no such file: key.pem";

#[test]
fn it_is_done_when_the_ledger_calls_it_good_and_not_before() {
    let (world, agent) = world_with_newer();
    agent.edit(|state| state.after_upgrade = After::Trial);
    let task = world.upgrade("web-1", "9.0.0");
    world.wait_line(
        &task,
        "Tentacle 9.0.0 answers; the machine is about to confirm it",
    );
    waits_on(&world, &task, &agent);
    agent.edit(|state| state.decide(&After::Good));
    world.ends(&task, TaskState::Success);
    world.wait_line(&task, "Tentacle 9.0.0 runs and is good.");
    world.wait_line(&task, "the supervisor speaks");
    assert_eq!(agent.runs(), [1]);
}

#[test]
fn a_rollback_fails_with_its_reason_and_the_last_lines() {
    let (world, agent) = world_with_newer();
    agent.edit(|state| state.after_upgrade = After::Trial);
    let task = world.upgrade("web-1", "9.0.0");
    world.wait_line(&task, "is about to confirm it");
    agent.edit(|state| state.decide(&After::RolledBack));
    assert_eq!(world.ends(&task, TaskState::Failed), ROLLED_BACK);
    let log = world.log(&task);
    let last = log.iter().filter(|line| {
        let step = line.step.as_deref().unwrap_or_default();
        step == "Last lines of Tentacle 9.0.0"
    });
    let last: Vec<&str> = last.map(|line| line.message_text.as_str()).collect();
    assert_eq!(last, ["starting", "no such file: key.pem"]);
}

/// What an earlier order came to says nothing about this one, neither well nor badly.
#[test]
fn an_old_entry_of_the_ledger_does_not_count() {
    for (old, new, state) in [
        (After::Good, After::RolledBack, TaskState::Failed),
        (After::RolledBack, After::Good, TaskState::Success),
    ] {
        let (world, agent) = world_with_newer();
        agent.edit(|state| {
            state.after_upgrade = old;
            state.names_another = true;
        });
        let task = world.upgrade("web-1", "9.0.0");
        agent.wait("it is installed", |agent| agent.ledger.len() == 2);
        waits_on(&world, &task, &agent);
        agent.edit(|state| {
            let ticket = state.runs.keys().next().unwrap().clone();
            state.ledger.first_mut().unwrap().ticket = ticket;
            "9.0.0".clone_into(&mut state.version);
            state.decide(&new);
        });
        world.ends(&task, state);
    }
}

/// The task has not ended after the machine was asked several times more.
#[track_caller]
fn waits_on(world: &World, task: &str, agent: &Agent) {
    let calls = agent.edit(|state| state.status_calls);
    agent.wait("it was asked some more", |agent| {
        agent.status_calls > calls + 4
    });
    let task = world.task(task);
    assert!(
        !task.is_completed,
        "{:?}: {}",
        task.state, task.error_message
    );
}

#[test]
fn the_verdict_comes_after_a_restart_of_the_server() {
    for (verdict, state) in [
        (After::Good, TaskState::Success),
        (After::RolledBack, TaskState::Failed),
    ] {
        let (mut world, agent) = world_with_newer();
        agent.edit(|state| state.after_upgrade = After::Trial);
        let task = world.upgrade("web-1", "9.0.0");
        world.wait_line(&task, "is about to confirm it");
        world.kill();
        world.start();
        world.wait_line(&task, "The server has started again");
        waits_on(&world, &task, &agent);
        agent.edit(|state| state.decide(&verdict));
        world.ends(&task, state);
        assert_eq!(agent.runs(), [1]);
        assert_eq!(agent.edit(|state| state.transfers.len()), 1);
    }
}

#[test]
fn the_machine_may_be_silent_between_two_versions() {
    let (world, mut agent) = world_with_newer();
    agent.edit(|state| state.after_upgrade = After::Trial);
    let task = world.upgrade("web-1", "9.0.0");
    world.wait_line(&task, "is about to confirm it");
    agent.leave();
    world.wait_line(
        &task,
        "waiting for Tentacle 9.0.0 to answer: nothing listens on",
    );
    agent.edit(|state| state.decide(&After::Good));
    agent.listen();
    world.ends(&task, TaskState::Success);
    assert_eq!(agent.runs(), [1]);
}

#[test]
fn an_installation_that_fails_is_no_upgrade() {
    let (world, agent) = world_with_newer();
    agent.script(vec![say("one"), Step::Fail("the disk is full")]);
    let task = world.upgrade("web-1", "9.0.0");
    let error = world.ends(&task, TaskState::Failed);
    assert_eq!(error, "web-1: the disk is full");
}

#[test]
fn what_would_not_help_is_not_begun() {
    let (world, agent) = world_with_newer();
    for (running, ordered, state, words) in [
        (
            "0.9.0",
            "8.0.0",
            TaskState::Failed,
            "This server has no Octopus.Tentacle.linux-x64 8.0.0",
        ),
        (
            "10.0.0",
            "9.0.0",
            TaskState::Failed,
            "10.0.0 runs there, which is newer than 9.0.0",
        ),
        (
            "no version",
            "9.0.0",
            TaskState::Failed,
            "reports a version that is none",
        ),
    ] {
        agent.edit(|state| running.clone_into(&mut state.version));
        let task = world.upgrade("web-1", ordered);
        let error = world.ends(&task, state);
        assert!(error.contains(words), "{error}");
    }
    assert_eq!(agent.runs(), [0_u32; 0]);
}

/// Five machines, of which one is upgraded; each of the others is left out with a reason.
#[test]
fn an_environment_takes_along_only_those_whom_it_helps() {
    let world = World::with_carried_tentacle();
    let runs =
        |version: &'static str| move |state: &mut State| version.clone_into(&mut state.version);
    let (old, current) = (world.agent("old"), world.agent("current"));
    let (newer, rolled_back) = (world.agent("newer"), world.agent("rolled-back"));
    let mut offline = world.agent("offline");
    current.edit(runs(OWN_VERSION));
    newer.edit(runs("99.0.0"));
    rolled_back.edit(|state| {
        let bad = crate::agent::version_state(OWN_VERSION, "earlier", &After::RolledBack);
        state.ledger.insert(0, bad);
    });
    offline.leave();
    world.wait_health("offline", HealthStatus::Unavailable);
    for (name, count) in [("current", 1), ("newer", 1), ("rolled-back", 2)] {
        crate::wait::until_is("the server has seen it", || {
            let seen = world.machine(name).endpoint.tentacle_version_details;
            seen.versions.len() == count && (count == 2 || seen.version.as_deref() != Some("0.9.0"))
        });
    }
    let order = json!({ "Name": "Upgrade", "Arguments": { "EnvironmentId": ENVIRONMENT } });
    let task = world.order(&order);
    world.ends(&task, TaskState::Success);
    let texts = world.texts(&task);
    for why in [
        "current is left out: it runs that version or a newer one.",
        "newer is left out: it runs that version or a newer one.",
        "offline is left out: it is offline.",
        "rolled-back is left out: it rolled that version back before; \
         name the machine to try once more.",
    ] {
        let count = texts.iter().filter(|text| *text == why).count();
        assert_eq!(count, 1, "{why}: {texts:?}");
    }
    assert_eq!(old.edit(|state| state.version.clone()), OWN_VERSION);
    for agent in [&current, &newer, &rolled_back, &offline] {
        assert_eq!(agent.runs(), [0_u32; 0], "{}", agent.name);
    }
    // Now nobody is left whom it would help.
    let task = world.order(&order);
    let error = world.ends(&task, TaskState::Failed);
    assert!(error.contains("There is nothing to upgrade"), "{error}");
}
