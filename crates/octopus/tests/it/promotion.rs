//! Where releases go: by themselves, as overviews tell it, and with variables taken over anew.

use api::{
    DeploymentPreview, DeploymentTemplate, LifecycleProgression, PhaseProgress, ProjectProgression,
    TaskState,
};
use serde_json::{Value, json};

use crate::{
    agent::{Step, say},
    configuration::{id, put},
    deployments::{deploy, package, release, script, step},
    wait,
    world::World,
};

const API: &str = "/api/Spaces-1";

fn read<T: serde::de::DeserializeOwned>(world: &World, path: &str) -> T {
    let value = world.http.get(&format!("{API}/{path}")).expect(200);
    serde_json::from_value(value).unwrap()
}

/// Two phases, each with an environment to which releases go by themselves; gives the second one's id.
fn automatic(world: &World) -> String {
    let second = json!({ "Name": "Production" });
    let second = world.http.post(&format!("{API}/environments"), &second);
    let second = second.expect(201)["Id"].as_str().unwrap().to_owned();
    let phase = |name: &str, id: &str| json!({ "Name": name, "AutomaticDeploymentTargets": [id] });
    let lifecycle = json!({
        "Name": "Default Lifecycle",
        "Phases": [phase("One", "Environments-1"), phase("Two", &second)],
    });
    let path = format!("{API}/lifecycles/Lifecycles-3");
    put(&world.http, &path, &lifecycle).expect(200);
    second
}

/// Tasks of a release, the oldest first.
fn tasks_of(world: &World, release: &str) -> Vec<String> {
    let page: Value = read(world, &format!("releases/{release}/deployments"));
    let items = page["Items"].as_array().unwrap().iter().rev();
    items
        .map(|item| item["TaskId"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_release_goes_by_itself_from_phase_to_phase_also_when_the_server_is_killed() {
    let mut world = World::new();
    let agent = world.agent("web-1");
    let second = automatic(&world);
    let mut both = agent.registration("Test");
    both["EnvironmentIds"] = json!(["Environments-1", second]);
    world.register(&both);
    agent.script(vec![say("begins"), Step::Gate(1)]);
    let release = release(&world, &[step("First", "Success", script())]);
    let first = wait::until("it is deployed by itself", || {
        tasks_of(&world, &release).first().cloned()
    });
    world.wait_line(&first, "begins");
    let progression: LifecycleProgression =
        read(&world, &format!("releases/{release}/progression"));
    let phases = progression.phases.iter();
    let phases = phases.map(|phase| (phase.progress, phase.blocked));
    assert_eq!(
        phases.collect::<Vec<_>>(),
        [
            (PhaseProgress::Pending, false),
            (PhaseProgress::Pending, true)
        ]
    );
    world.kill();
    agent.open_gate(1);
    world.start();
    world.ends(&first, TaskState::Success);
    let all = wait::until("it goes on by itself", || {
        Some(tasks_of(&world, &release)).filter(|all| all.len() == 2)
    });
    world.ends(&all[1], TaskState::Success);
    let progression: LifecycleProgression =
        read(&world, &format!("releases/{release}/progression"));
    let complete = |phase: &api::PhaseProgression| phase.progress == PhaseProgress::Complete;
    assert!(progression.phases.iter().all(complete));
    assert!(progression.next_deployments.is_empty());
    let project: ProjectProgression = read(&world, "projects/web/progression");
    assert_eq!(project.environments.len(), 2);
    let deployed = &project.releases[0].deployments[&second][0];
    assert_eq!(
        (deployed.state, &deployed.task_id),
        (TaskState::Success, &all[1])
    );
    assert_eq!(agent.runs(), [1, 1]);
}

#[test]
fn a_preview_tells_what_a_deployment_would_do() {
    let world = World::new();
    let _agent = world.agent("web-1");
    let mut nowhere = step("Nowhere", "Success", script());
    nowhere["Properties"]["Octopus.Action.TargetRoles"] = json!("mail");
    let steps = [
        step("First", "Success", package()),
        crate::interruptions::manual("Look"),
        nowhere,
    ];
    let release = release(&world, &steps);
    let template: DeploymentTemplate =
        read(&world, &format!("releases/{release}/deployments/template"));
    assert_eq!(template.promote_to[0].name, "Test");
    let path = format!("releases/{release}/deployments/preview/Environments-1");
    let preview: DeploymentPreview = read(&world, &path);
    let shown = preview.steps_to_execute.iter().map(|step| {
        format!(
            "{} {} {}",
            step.action_number,
            step.action_name,
            step.machine_names.join(",")
        )
    });
    assert_eq!(
        shown.collect::<Vec<_>>(),
        ["1 First web-1", "2 Look Octopus Server", "3 Nowhere "]
    );
    assert!(preview.steps_to_execute[2].has_no_applicable_machines);
    assert!(
        preview
            .notes
            .iter()
            .any(|note| note.contains("Nowhere finds no machine"))
    );
}

#[test]
fn a_release_takes_over_changed_variables_when_it_is_told_to() {
    let world = World::new();
    let agent = world.agent("web-1");
    let release = release(&world, &[step("First", "Success", script())]);
    let greet = |text: &str, version: i64| {
        let set =
            json!({ "Version": version, "Variables": [{ "Name": "Greeting", "Value": text }] });
        put(&world.http, &format!("{API}/projects/web/variables"), &set).expect(200)
    };
    let given = || {
        let task = deploy(&world, &release);
        world.ends(&task, TaskState::Success);
        let order = agent.edit(|state| state.orders.last().unwrap().clone());
        let found = order
            .into_iter()
            .find(|variable| variable.name == "Greeting");
        found.map(|variable| variable.value)
    };
    greet("hello", 0);
    assert_eq!(given(), None);
    let path = format!("{API}/releases/{release}/snapshot-variables");
    let taken = world.http.post(&path, &json!({})).expect(200);
    assert_eq!(id(&taken), release);
    assert_eq!(given().as_deref(), Some("hello"));
}
