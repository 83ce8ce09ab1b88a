//! Octopus's own clients for Node, unmodified, against the server.

use std::{fs, path::PathBuf, process::Command};

use api::TaskState;
use serde_json::Value;

use crate::{
    agent::{Agent, Step},
    packages, server,
    world::World,
};

/// Where `cargo xtask test` installs the clients.
fn modules() -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target/npm/node_modules");
    if folder.join("@octopusdeploy/api-client").is_dir() {
        return Some(folder);
    }
    assert!(
        std::env::var("CI").as_deref() != Ok("true"),
        "the clients for Node are missing; cargo xtask test installs them"
    );
    eprintln!("skipped: cargo xtask test installs the clients for Node");
    None
}

/// Runs a script; gives the JSON in the last line of its output.
fn node(world: &World, script: &str, variables: &[(&str, &str)]) -> Option<Value> {
    let modules = modules()?;
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/clients")
        .join(script);
    let mut command = Command::new("node");
    command.arg(file).env("NODE_PATH", modules);
    command.env("OCTOPUS_URL", &world.server.as_ref().unwrap().url);
    command.env("OCTOPUS_API_KEY", &world.key);
    command.envs(variables.iter().copied());
    let output = server::run(&mut command);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script}: {errors}");
    let text = String::from_utf8(output.stdout).unwrap();
    Some(serde_json::from_str(text.lines().last().unwrap()).unwrap())
}

#[test]
fn a_whole_story_is_told_by_the_official_clients() {
    let world = World::new();
    let agent = Agent::start("web-1", &world.thumbprint());
    agent.script(vec![Step::Keep("build.log", b"all is well".to_vec())]);
    let mut machine = agent.registration("to be set by the story");
    machine["Roles"] = serde_json::json!(["web"]);
    let folder = tempfile::tempdir().unwrap();
    let package = folder.path().join("Acme.Web.1.0.0.nupkg");
    fs::write(&package, packages::package("Acme.Web", "1.0.0", 2000, 1)).unwrap();
    let variables = [
        ("MACHINE", machine.to_string()),
        ("PACKAGE", package.display().to_string()),
    ];
    let variables = variables
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    let Some(story) = node(&world, "story.cjs", &variables) else {
        return;
    };
    // One piece of work for each of the two steps, each once.
    assert_eq!(agent.runs(), [1, 1]);
    let told = story.to_string();
    let deployed = node(&world, "node_functions.cjs", &[("STORY", &told)]).unwrap();
    world.ends(deployed["task"].as_str().unwrap(), TaskState::Success);
    assert_eq!(agent.runs(), [1, 1, 1, 1]);
}

#[test]
fn people_machines_feeds_and_builds_are_kept_by_the_official_client() {
    let world = World::new();
    let agent = Agent::start("web-1", &world.thumbprint());
    let machine = agent.registration("to be set by the story").to_string();
    node(&world, "people.cjs", &[("MACHINE", &machine)]);
    // The password of the feed is sealed where it is kept.
    if modules().is_some() {
        let database = fs::read(world.data().join("octopus.db")).unwrap();
        let log = fs::read(world.data().join("octopus.db-wal")).unwrap_or_default();
        for bytes in [database, log] {
            let holds = |words: &[u8]| bytes.windows(words.len()).any(|part| part == words);
            assert!(!holds(b"very secret"));
        }
    }
}
