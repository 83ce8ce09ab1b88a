//! What tasks ask people, wherever the server is killed: steps that wait, failures that are decided about.

use api::{Interruption, InterruptionType, TaskState};
use serde_json::{Value, json};

use crate::{
    agent::{Point, Step, say},
    configuration::put,
    deployments::{package, release, script, step},
    wait,
    world::World,
};

const API: &str = "/api/Spaces-1";

/// A step that waits for a person.
pub(crate) fn manual(name: &str) -> Value {
    let mut step = step(
        name,
        "Success",
        json!({
            "ActionType": "Octopus.Manual",
            "Properties": { "Octopus.Action.Manual.Instructions": "Look at #{Octopus.Release.Number}" },
        }),
    );
    step["Properties"] = json!({});
    step
}

/// Deploys a release, people are asked about failures; gives the task.
fn deploy_guided(world: &World, release: &str) -> String {
    let new = json!({
        "ReleaseId": release, "EnvironmentId": "Environments-1", "UseGuidedFailure": true,
    });
    let made = world
        .http
        .post(&format!("{API}/deployments"), &new)
        .expect(201);
    made["TaskId"].as_str().unwrap().to_owned()
}

fn open(world: &World, task: &str) -> Vec<Interruption> {
    let path = format!("{API}/interruptions?regarding={task}&pendingOnly=true");
    let page = world.http.get(&path).expect(200);
    serde_json::from_value(page["Items"].clone()).unwrap()
}

/// The one question that a task asks.
#[track_caller]
pub(crate) fn asked(world: &World, task: &str) -> Interruption {
    let mut all = wait::until(&format!("{task} asks"), || {
        Some(open(world, task)).filter(|all| !all.is_empty())
    });
    assert_eq!(all.len(), 1);
    assert!(world.task(task).has_pending_interruptions);
    all.remove(0)
}

#[track_caller]
pub(crate) fn answer(world: &World, asked: &Interruption, word: &str, notes: &str) {
    let field = match asked.r#type {
        InterruptionType::ManualIntervention => "Result",
        InterruptionType::GuidedFailure => "Guidance",
    };
    let path = format!("{API}/interruptions/{}/submit", asked.id);
    let values = json!({ field: word, "Notes": notes, "Instructions": null });
    let answered = world.http.post(&path, &values).expect(200);
    assert_eq!(answered["IsPending"], json!(false));
    assert_eq!(answered["Form"]["Values"][field], json!(word));
}

/// Name and state of each step in a task's log.
fn steps_of(world: &World, task: &str) -> Vec<String> {
    let path = format!("{API}/tasks/{task}/details");
    let details = world.http.get(&path).expect(200);
    let steps = details["ActivityLogs"][0]["Children"].as_array().unwrap();
    let text = |step: &Value| {
        format!(
            "{} {}",
            step["Name"].as_str().unwrap(),
            step["Status"].as_str().unwrap()
        )
    };
    steps.iter().map(text).collect()
}

#[test]
fn a_step_waits_for_a_person_also_when_the_server_is_killed() {
    let mut world = World::new();
    let agent = world.agent("web-1");
    let release = release(
        &world,
        &[
            step("First", "Success", package()),
            manual("Look"),
            step("Last", "Success", script()),
        ],
    );
    let task = crate::deployments::deploy(&world, &release);
    let first = asked(&world, &task);
    assert_eq!(first.r#type, InterruptionType::ManualIntervention);
    assert_eq!(first.form.elements[0].control.text, "Look at 1.0.0");
    assert_eq!(agent.runs(), [1]);
    world.kill();
    world.start();
    let asked = asked(&world, &task);
    assert_eq!(asked.id, first.id);
    let path = format!("{API}/interruptions/{}", asked.id);
    let submit = |values: Value| world.http.post(&format!("{path}/submit"), &values);
    let refusal = submit(json!({ "Result": "Retry" })).refusal(400);
    assert!(
        refusal.contains("Result `Retry`: one of Proceed, Abort"),
        "{refusal}"
    );
    world.http.get(&format!("{path}/responsible")).refusal(404);
    let taken = put(&world.http, &format!("{path}/responsible"), &json!({}));
    assert_eq!(taken.expect(200)["Username"], json!("admin"));
    answer(&world, &asked, "Proceed", "all is well");
    submit(json!({ "Result": "Abort" })).refusal(409);
    world.ends(&task, TaskState::Success);
    assert_eq!(agent.runs(), [1, 1]);
    let notes = agent.edit(|state| {
        let last = state.orders.last().unwrap().clone();
        let name = "Octopus.Action[Look].Output.Manual.Notes";
        last.into_iter().find(|variable| variable.name == name)
    });
    assert_eq!(notes.unwrap().value, "all is well");
    let log = world.texts(&task).join("\n");
    assert!(log.contains("admin lets it go on: all is well"), "{log}");
    assert!(!world.task(&task).has_pending_interruptions);
    let told = world.http.get("/api/Spaces-1/events?take=100").expect(200);
    let told = told["Items"].as_array().unwrap().iter();
    let told: Vec<&Value> = told
        .filter(|one| one["RelatedDocumentIds"][0] == asked.id)
        .collect();
    let kinds: Vec<&Value> = told.iter().map(|one| &one["Category"]).collect();
    assert_eq!(
        kinds,
        ["InterruptionSubmitted", "InterruptionResponsibilityTaken"]
    );
    let known = world
        .http
        .get("/api/Spaces-1/events/categories")
        .expect(200);
    let known = known.as_array().unwrap();
    let known: Vec<&Value> = known.iter().map(|one| &one["Id"]).collect();
    assert!(kinds.iter().all(|kind| known.contains(kind)), "{known:?}");
}

#[test]
fn a_person_can_have_it_aborted_and_a_cancelled_task_asks_no_more() {
    let world = World::new();
    let agent = world.agent("web-1");
    let steps = [manual("Look"), step("Last", "Success", script())];
    let release = release(&world, &steps);
    let task = crate::deployments::deploy(&world, &release);
    answer(&world, &asked(&world, &task), "Abort", "no");
    let error = world.ends(&task, TaskState::Failed);
    assert!(error.contains("admin has it aborted: no"), "{error}");
    assert_eq!(steps_of(&world, &task), ["Look Failed", "Last Skipped"]);
    let task = crate::deployments::deploy(&world, &release);
    let question = asked(&world, &task);
    world.cancel(&task);
    world.ends(&task, TaskState::Canceled);
    let path = format!("{API}/interruptions/{}/submit", question.id);
    world
        .http
        .post(&path, &json!({ "Result": "Proceed" }))
        .refusal(409);
    assert!(agent.runs().is_empty());
}

/// Fails once, and a person has it tried again; the server is killed while it waits, and again when the new
/// attempt was ordered.
#[test]
fn a_failure_is_tried_again_under_another_ticket_whenever_the_server_is_killed() {
    let mut world = World::new();
    let agent = world.agent("web-1");
    agent.script(vec![Step::Fail("it broke")]);
    let steps = [
        step("First", "Success", package()),
        step("Last", "Success", script()),
    ];
    let release = release(&world, &steps);
    let task = deploy_guided(&world, &release);
    let question = asked(&world, &task);
    assert_eq!(question.r#type, InterruptionType::GuidedFailure);
    assert_eq!(question.form.elements[0].control.text, "it broke");
    world.kill();
    agent.script(vec![say("begins"), Step::Gate(1)]);
    world.start();
    assert_eq!(asked(&world, &task).id, question.id);
    assert_eq!(agent.runs(), [1]);
    agent.hold(Point::OrderAnswer);
    answer(&world, &question, "Retry", "");
    agent.wait_held(Point::OrderAnswer);
    world.kill();
    agent.release(Point::OrderAnswer);
    agent.open_gate(1);
    world.start();
    world.ends(&task, TaskState::Success);
    // The first attempt, the second one, and the last step: each ticket once.
    assert_eq!(agent.runs(), [1, 1, 1]);
    let log = world.texts(&task).join("\n");
    assert!(log.contains("admin has it tried again."), "{log}");
}

#[test]
fn a_failure_can_be_ignored_and_a_machine_taken_out() {
    let world = World::new();
    let (one, two) = (world.agent("web-1"), world.agent("web-2"));
    let steps = [
        step("First", "Success", script()),
        step("Last", "Success", script()),
    ];
    let release = release(&world, &steps);
    one.script(vec![Step::Fail("it broke")]);
    let task = deploy_guided(&world, &release);
    let question = asked(&world, &task);
    one.script(vec![say("ends")]);
    answer(&world, &question, "Ignore", "known");
    world.ends(&task, TaskState::Success);
    assert_eq!((one.runs(), two.runs()), (vec![1, 1], vec![1, 1]));
    assert_eq!(
        steps_of(&world, &task),
        ["First SuccessWithWarning", "Last Success"]
    );
    assert!(world.task(&task).has_warnings_or_errors);

    one.script(vec![Step::Fail("it broke")]);
    let task = deploy_guided(&world, &release);
    answer(&world, &asked(&world, &task), "Exclude", "");
    world.ends(&task, TaskState::Success);
    assert_eq!((one.runs().len(), two.runs().len()), (3, 4));

    // Without any machine left it is no success.
    two.script(vec![Step::Fail("it broke too")]);
    let task = deploy_guided(&world, &release);
    let both = wait::until("both ask", || {
        Some(open(&world, &task)).filter(|all| all.len() == 2)
    });
    for question in &both {
        answer(&world, question, "Exclude", "");
    }
    let error = world.ends(&task, TaskState::Failed);
    assert!(error.contains("Every machine has failed"), "{error}");
    let task = deploy_guided(&world, &release);
    let both = wait::until("both ask", || {
        Some(open(&world, &task)).filter(|all| all.len() == 2)
    });
    answer(&world, &both[0], "Abort", "");
    answer(&world, &both[1], "Ignore", "");
    world.ends(&task, TaskState::Failed);
}

#[test]
fn an_action_is_tried_again_by_itself_as_often_as_its_process_says() {
    let world = World::new();
    let agent = world.agent("web-1");
    let mut action = script();
    action["Properties"]["Octopus.Action.AutoRetry.MaximumCount"] = json!("2");
    let release = release(&world, &[step("First", "Success", action)]);
    agent.script(vec![Step::Fail("it broke")]);
    let task = crate::deployments::deploy(&world, &release);
    assert_eq!(world.ends(&task, TaskState::Failed), "web-1: it broke");
    assert_eq!(agent.runs(), [1, 1, 1]);
    let task = crate::deployments::deploy(&world, &release);
    world.wait_line(&task, "it is tried again, 2 of 3 times");
    agent.script(vec![say("ends")]);
    let ended = world.ended(&task).state;
    assert!(matches!(ended, TaskState::Success | TaskState::Failed));
    assert!(agent.runs().iter().all(|count| *count == 1));
}

#[test]
fn an_action_that_takes_too_long_is_ended() {
    let world = World::new();
    let agent = world.agent("web-1");
    let mut action = script();
    action["Properties"]["Octopus.Action.ExecutionTimeout.Minutes"] = json!("0.01");
    let release = release(&world, &[step("First", "Success", action)]);
    agent.script(vec![say("begins"), Step::Gate(1)]);
    let task = crate::deployments::deploy(&world, &release);
    let error = world.ends(&task, TaskState::Failed);
    assert!(
        error.contains("It took longer than the 0.01 min"),
        "{error}"
    );
    assert_eq!(agent.edit(|state| state.cancel_calls), 1);
}

#[test]
fn what_is_asked_and_said_holds_no_secret() {
    let world = World::new();
    let agent = world.agent("web-1");
    agent.script(vec![Step::Set("Token", "s3cr3t-token", true)]);
    let mut look = manual("Look");
    look["Actions"][0]["Properties"]["Octopus.Action.Manual.Instructions"] =
        json!("Sign in with #{Password}");
    let release = release(&world, &[step("First", "Success", script()), look]);
    let secret = |value: &str, scope: Value| {
        json!({
            "Name": "Password", "Value": value, "Type": "Sensitive", "IsSensitive": true,
            "Scope": scope,
        })
    };
    let of_machine = json!({ "Machine": [world.machine("web-1").id] });
    let set = json!({
        "Variables": [
            secret("s3cr3t-password", json!({})),
            secret("s3cr3t-of-web-1", of_machine),
        ],
    });
    put(&world.http, &format!("{API}/projects/web/variables"), &set).expect(200);
    let renew = format!("{API}/releases/{release}/snapshot-variables");
    world.http.post(&renew, &json!({})).expect(200);
    let task = crate::deployments::deploy(&world, &release);
    let asked = asked(&world, &task);
    assert_eq!(asked.form.elements[0].control.text, "Sign in with ****");
    let notes = "s3cr3t-password works, s3cr3t-of-web-1 and s3cr3t-token too";
    answer(&world, &asked, "Proceed", notes);
    world.ends(&task, TaskState::Success);
    let path = format!("{API}/interruptions/{}", asked.id);
    let told = world.http.get(&path).expect(200);
    let notes = &told["Form"]["Values"]["Notes"];
    assert_eq!(*notes, json!("**** works, **** and **** too"));
    let log = world.texts(&task).join("\n");
    assert!(
        log.contains("lets it go on: **** works") && !log.contains("s3cr3t"),
        "{log}"
    );
    for entry in std::fs::read_dir(world.data()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap_or_default();
        assert!(!bytes.windows(7).any(|part| part == b"s3cr3t-"));
    }
}
