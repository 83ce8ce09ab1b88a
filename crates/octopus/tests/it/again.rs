//! Tasks that are done again, wait behind others, are listed, and run scripts without a project.

use api::TaskState;
use serde_json::{Value, json};

use crate::{
    agent::{Step, say},
    deployments::{deploy, release, script, step},
    world::World,
};

const API: &str = "/api/Spaces-1";

fn ids(page: &Value) -> Vec<&str> {
    let items = page["Items"].as_array().unwrap().iter();
    items.map(|item| item["Id"].as_str().unwrap()).collect()
}

#[test]
fn an_ended_task_is_done_again_and_one_behind_another_says_so() {
    let world = World::new();
    let agent = world.agent("web-1");
    agent.script(vec![say("begins"), Step::Gate(1)]);
    let release = release(&world, &[step("First", "Success", script())]);
    let (first, second) = (deploy(&world, &release), deploy(&world, &release));
    world.wait_line(&first, "begins");
    let behind = format!("{API}/tasks/{second}/queued-behind");
    assert_eq!(ids(&world.http.get(&behind).expect(200)), [&first]);
    let again = |task: &str| {
        let path = format!("{API}/tasks/rerun/{task}");
        world.http.post(&path, &json!({}))
    };
    again(&first).refusal(400);
    agent.open_gate(1);
    world.ends(&first, TaskState::Success);
    world.ends(&second, TaskState::Success);
    assert!(ids(&world.http.get(&behind).expect(200)).is_empty());
    let third = again(&first).expect(201);
    assert_eq!(third["Name"], json!("Deploy"));
    world.ends(third["Id"].as_str().unwrap(), TaskState::Success);
    assert_eq!(agent.runs(), [1, 1, 1]);

    let health = world.order(&json!({ "Name": "Health" }));
    world.ends(&health, TaskState::Success);
    let list = |query: &str| {
        let page = world.http.get(&format!("{API}/tasks?{query}")).expect(200);
        page["TotalResults"].as_u64().unwrap()
    };
    assert_eq!(list("name=Deploy"), 3);
    assert_eq!(list("name=Health&states=Success"), 1);
    assert_eq!(list("project=Projects-99"), 0);
    assert_eq!(list("environment=Environments-1&name=Deploy"), 3);
    assert_eq!(list("hasPendingInterruptions=true"), 0);
    let refused = world.http.get(&format!("{API}/tasks?name=x&states=y"));
    refused.refusal(400);
}

#[test]
fn a_script_runs_on_machines_without_a_project() {
    let world = World::new();
    let (one, two) = (world.agent("web-1"), world.agent("web-2"));
    let order = |arguments: Value| json!({ "Name": "AdHocScript", "Arguments": arguments });
    let task = world.order(&order(json!({
        "ScriptBody": "echo hello", "Syntax": "Bash", "TargetRoles": ["web"], "MachineIds": ["web-1"],
    })));
    world.ends(&task, TaskState::Success);
    assert_eq!((one.runs(), two.runs()), (vec![1], vec![]));
    for (arguments, words) in [
        (json!({ "MachineIds": ["web-1"] }), "ScriptBody"),
        (
            json!({ "ScriptBody": "x", "Syntax": "Lisp", "MachineIds": ["web-1"] }),
            "Syntax `Lisp`",
        ),
        (json!({ "ScriptBody": "x" }), "MachineIds"),
    ] {
        let posted = world.http.post(&format!("{API}/tasks"), &order(arguments));
        let refusal = posted.refusal(400);
        assert!(refusal.contains(words), "{refusal}");
    }
}
