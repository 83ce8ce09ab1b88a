//! The same with deployments of a release, whose failures are tried again by themselves and by people.

use api::{Interruption, TaskState};
use serde_json::json;

use super::{Story, setting};
use crate::{
    agent::{Step, say},
    deployments::{release_of, script, step},
    interruptions::answer,
};

const API: &str = "/api/Spaces-1";

fn open(story: &Story) -> Vec<Interruption> {
    let path = format!("{API}/interruptions?pendingOnly=true");
    let page = story.world.http.get(&path).expect(200);
    serde_json::from_value(page["Items"].clone()).unwrap()
}

/// Answers everything that is asked, by chance.
fn say_something(story: &mut Story) {
    for question in open(story) {
        let word = match story.roll(4) {
            0 => "Ignore",
            1 => "Abort",
            _ => "Retry",
        };
        answer(&story.world, &question, word, "");
    }
}

#[test]
fn with_retries_and_questions_no_ticket_is_run_twice_and_none_is_lost() {
    let kills = setting("OCTOPUS_KILLS", 6);
    let mut story = Story::begin();
    for (n, agent) in story.agents.iter().enumerate() {
        agent.script(match n {
            0 => vec![say("begins"), Step::Fail("the disk is full")],
            _ => vec![say("begins"), say("ends")],
        });
    }
    let mut action = script();
    action["Properties"]["Octopus.Action.AutoRetry.MaximumCount"] = json!("1");
    let release = release_of(&story.world, &[step("First", "Success", action)]);
    let mut tasks = Vec::new();
    for _ in 0..kills {
        let new = json!({
            "ReleaseId": release, "EnvironmentId": "Environments-1", "UseGuidedFailure": true,
        });
        let made = story
            .world
            .http
            .post(&format!("{API}/deployments"), &new)
            .expect(201);
        tasks.push(made["TaskId"].as_str().unwrap().to_owned());
        say_something(&mut story);
        story.kill(|_| {});
    }
    while tasks
        .iter()
        .any(|task| !story.world.task(task).is_completed)
    {
        say_something(&mut story);
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    for agent in &story.agents {
        let runs = agent.runs();
        assert!(runs.iter().all(|count| *count == 1), "{runs:?}");
    }
    for task in &tasks {
        let log = story.world.texts(task);
        let said = |words: &str| log.iter().any(|line| line.contains(words));
        let state = story.world.task(task).state;
        // The first machine never succeeds: only a person's word makes a success of it.
        let expected = match said("has that ignored") {
            true => TaskState::Success,
            false => TaskState::Failed,
        };
        assert_eq!(state, expected, "{task}: {log:#?}");
    }
}
