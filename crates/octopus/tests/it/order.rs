//! In which order deployments do what, on which machines, and with which values of variables.

use api::TaskState;
use serde_json::{Value, json};

use crate::{
    agent::{Agent, Step, say},
    configuration::{id, put},
    deployments::{deploy, release, script, step},
    world::World,
};

const API: &str = "/api/Spaces-1";

/// A machine with one role of its own.
fn agent(world: &World, name: &str, role: &str) -> Agent {
    let agent = Agent::start(name, &world.thumbprint());
    let mut new = agent.registration("Test");
    new["Roles"] = json!([role]);
    world.register(&new);
    world.wait_health(name, api::HealthStatus::Healthy);
    agent
}

fn on(role: &str, mut step: Value) -> Value {
    step["Properties"]["Octopus.Action.TargetRoles"] = json!(role);
    step
}

/// The value of a variable in each order that a machine got, in their order.
fn values(agent: &Agent, name: &str) -> Vec<String> {
    let orders = agent.edit(|state| state.orders.clone());
    let value = |order: &Vec<wire::v1::Variable>| {
        let found = order.iter().find(|one| one.name == name);
        found.map_or_else(String::new, |one| one.value.clone())
    };
    orders.iter().map(value).collect()
}

/// The actions that a machine was told to do, in their order.
fn done(agent: &Agent) -> Vec<String> {
    values(agent, "Octopus.Action.Name")
}

fn deploy_with(world: &World, release: &str, more: Value) -> crate::http::Answer {
    let mut new = more;
    new["ReleaseId"] = json!(release);
    new["EnvironmentId"] = json!("Test");
    world.http.post(&format!("{API}/deployments"), &new)
}

#[test]
fn a_rolling_step_has_no_more_machines_at_work_than_its_window() {
    let world = World::new();
    let agents = ["web-1", "web-2", "web-3"].map(|name| world.agent(name));
    for agent in &agents {
        agent.script(vec![Step::Gate(1)]);
    }
    let mut rolling = step("Roll", "Success", script());
    rolling["Properties"]["Octopus.Action.MaxParallelism"] = json!("2");
    let release = release(&world, &[rolling]);
    let task = deploy(&world, &release);
    let [one, two, three] = &agents;
    for agent in [one, two] {
        agent.wait("it is its turn", |state| state.running() == 1);
    }
    assert!(done(three).is_empty());
    // One that ends makes room for the next, and for no more.
    two.open_gate(1);
    three.wait("there is room", |state| state.running() == 1);
    assert_eq!(one.edit(|state| state.running()), 1);
    one.open_gate(1);
    three.open_gate(1);
    world.ends(&task, TaskState::Success);
    assert!(agents.iter().all(|agent| agent.runs() == [1]));
}

#[test]
fn a_failure_stops_a_rolling_step_before_the_next_machine() {
    let world = World::new();
    let (one, two) = (world.agent("web-1"), world.agent("web-2"));
    one.script(vec![Step::Fail("it broke")]);
    let mut rolling = step("Roll", "Success", script());
    rolling["Properties"]["Octopus.Action.MaxParallelism"] = json!("1");
    let release = release(&world, &[rolling]);
    let task = deploy(&world, &release);
    let why = world.ends(&task, TaskState::Failed);
    assert_eq!(why, "1 of 2 machines failed, first web-1: it broke");
    assert_eq!((done(&one).len(), done(&two).len()), (1, 0));
}

#[test]
fn a_step_begins_with_the_one_before_it_or_after_it() {
    let world = World::new();
    let web = agent(&world, "web-1", "web");
    let db = agent(&world, "db-1", "db");
    let mail = agent(&world, "mail-1", "mail");
    web.script(vec![Step::Gate(1)]);
    db.script(vec![Step::Gate(1), say("db ends")]);
    let mut with = on("db", step("With", "Success", script()));
    with["StartTrigger"] = json!("StartWithPrevious");
    let mut after = on("mail", step("After", "Success", script()));
    after["StartTrigger"] = json!("StartAfterPrevious");
    let release = release(&world, &[step("First", "Success", script()), with, after]);
    let task = deploy(&world, &release);
    web.wait("the first runs", |state| state.running() == 1);
    db.wait("the second runs with it", |state| state.running() == 1);
    // The second alone is not enough.
    db.open_gate(1);
    world.wait_line(&task, "db ends");
    db.wait("the second has ended", |state| state.running() == 0);
    assert!(done(&mail).is_empty());
    web.open_gate(1);
    world.ends(&task, TaskState::Success);
    assert_eq!(done(&mail), ["After"]);
}

/// `Mood` is happy; one step asks for that, and one for the contrary.
fn conditional() -> Vec<Value> {
    let by = |name: &str, property: &str, expression: &str| {
        let mut step = step(name, "Variable", script());
        step["Properties"][property] = json!(expression);
        step
    };
    vec![
        step("First", "Success", script()),
        step("If failed", "Failure", script()),
        step("In any case", "Always", script()),
        by(
            "If happy",
            "Octopus.Step.ConditionVariableExpression",
            "#{if Mood == \"happy\"}True#{/if}",
        ),
        by(
            "If sad",
            "Octopus.Action.ConditionVariableExpression",
            "#{if Mood == \"sad\"}True#{/if}",
        ),
        step("Last", "Success", script()),
    ]
}

/// A project with variables before its release is made.
fn release_with(world: &World, steps: &[Value], variables: &Value) -> String {
    let first = release(world, steps);
    let set = json!({ "Variables": variables });
    put(&world.http, &format!("{API}/projects/web/variables"), &set).expect(200);
    let renew = format!("{API}/releases/{first}/snapshot-variables");
    world.http.post(&renew, &json!({})).expect(200);
    first
}

/// The first order fails, those after it do not.
fn first_fails(world: &World, agent: &Agent, release: &str) {
    agent.script(vec![Step::Gate(1), Step::Fail("it broke")]);
    let task = deploy(world, release);
    agent.wait("the first part runs", |state| state.running() == 1);
    agent.script(vec![say("well")]);
    agent.open_gate(1);
    assert_eq!(world.ends(&task, TaskState::Failed), "web-1: it broke");
}

#[test]
fn steps_run_as_their_conditions_say() {
    let world = World::new();
    let agent = world.agent("web-1");
    let mood = json!([{ "Name": "Mood", "Value": "happy" }]);
    let release = release_with(&world, &conditional(), &mood);
    world.ends(&deploy(&world, &release), TaskState::Success);
    assert_eq!(done(&agent), ["First", "In any case", "If happy", "Last"]);
    agent.edit(|state| state.orders.clear());
    first_fails(&world, &agent, &release);
    assert_eq!(
        done(&agent),
        ["First", "If failed", "In any case", "If happy"]
    );
}

/// The idiom of Octopus Deploy's documentation: a step that asks whether anything has failed.
#[test]
fn conditions_and_scripts_see_what_became_of_earlier_steps() {
    let world = World::new();
    let agent = world.agent("web-1");
    let by = |name: &str, expression: &str| {
        let mut step = step(name, "Variable", script());
        step["Properties"]["Octopus.Step.ConditionVariableExpression"] = json!(expression);
        step
    };
    let code = "Octopus.Step[First].Status.Code";
    let steps = [
        step("First", "Success", script()),
        by("If failed", "#{if Octopus.Deployment.Error}True#{/if}"),
        by(
            "If well",
            "#{unless Octopus.Deployment.Error}True#{/unless}",
        ),
        by(
            "By code",
            &format!("#{{if {code} == \"Succeeded\"}}True#{{/if}}"),
        ),
        step("Tell", "Always", script()),
    ];
    let release = release(&world, &steps);
    let told = |name: &str| {
        let sent = agent.edit(|state| state.orders.last().unwrap().clone());
        let found = sent.into_iter().find(|one| one.name == name);
        found.map(|one| one.value)
    };
    world.ends(&deploy(&world, &release), TaskState::Success);
    assert_eq!(done(&agent), ["First", "If well", "By code", "Tell"]);
    assert_eq!(told(code).as_deref(), Some("Succeeded"));
    assert_eq!(
        told("Octopus.Step[If failed].Status.Code").as_deref(),
        Some("Skipped")
    );
    assert_eq!(told("Octopus.Deployment.Error"), None);
    agent.edit(|state| state.orders.clear());
    first_fails(&world, &agent, &release);
    assert_eq!(done(&agent), ["First", "If failed", "Tell"]);
    for (name, value) in [
        (code, "Failed"),
        ("Octopus.Step[First].Status.Error", "web-1: it broke"),
        ("Octopus.Deployment.Error", "web-1: it broke"),
        ("Octopus.Deployment.ErrorDetail", "web-1: it broke"),
        ("Octopus.Step[If failed].Status.Code", "Succeeded"),
    ] {
        assert_eq!(told(name).as_deref(), Some(value), "{name}");
    }
}

#[test]
fn actions_of_one_step_run_as_their_own_conditions_say() {
    let world = World::new();
    let agent = world.agent("web-1");
    let action = |name: &str, condition: &str| {
        let mut action = script();
        action["Name"] = json!(name);
        action["Condition"] = json!(condition);
        action["Properties"]["Octopus.Action.ConditionVariableExpression"] = json!("#{Wanted}");
        action
    };
    let mut rolling = step("Roll", "Success", script());
    rolling["Actions"] = json!([
        action("Install", "Success"),
        action("Roll back", "Failure"),
        action("Tell", "Always"),
        action("Wanted", "Variable"),
        action("Warm up", "Success"),
    ]);
    let wanted = json!([{ "Name": "Wanted", "Value": "True" }]);
    let release = release_with(&world, &[rolling], &wanted);
    world.ends(&deploy(&world, &release), TaskState::Success);
    assert_eq!(done(&agent), ["Install", "Tell", "Wanted", "Warm up"]);
    agent.edit(|state| state.orders.clear());
    first_fails(&world, &agent, &release);
    assert_eq!(done(&agent), ["Install", "Roll back", "Tell", "Wanted"]);
}

/// A step's once, without any machine's; an action's with those of the machine.
#[test]
fn expressions_are_evaluated_with_the_variables_of_what_they_are_about() {
    let world = World::new();
    let (one, two) = (world.agent("web-1"), world.agent("web-2"));
    let action = |name: &str, expression: &str| {
        let mut action = script();
        action["Name"] = json!(name);
        action["Condition"] = json!("Variable");
        action["Properties"]["Octopus.Action.ConditionVariableExpression"] = json!(expression);
        action
    };
    let mut many = step("Many", "Success", script());
    many["Actions"] = json!([
        action("Blue", "#{if Colour == \"blue\"}True#{/if}"),
        action("Named", "#{if Octopus.Machine.Name == \"web-1\"}True#{/if}"),
        action(
            "Own output",
            "#{if Octopus.Action[First].Output.Primary == \"yes\"}True#{/if}"
        ),
    ]);
    let alone = action("Alone", "#{if Colour == \"blue\"}True#{/if}");
    let alone = step("Alone", "Success", alone);
    let mut whole = step("Whole step", "Variable", script());
    whole["Properties"]["Octopus.Step.ConditionVariableExpression"] =
        json!("#{unless Colour == \"blue\"}True#{/unless}");
    one.script(vec![Step::Set("Primary", "no", false)]);
    two.script(vec![Step::Set("Primary", "yes", false)]);
    let colours = json!([
        { "Name": "Colour", "Value": "red" },
        { "Name": "Colour", "Value": "blue", "Scope": { "Machine": [world.machine("web-2").id] } },
    ]);
    let steps = [step("First", "Success", script()), many, alone, whole];
    let release = release_with(&world, &steps, &colours);
    world.ends(&deploy(&world, &release), TaskState::Success);
    assert_eq!(done(&one), ["First", "Named", "Whole step"]);
    assert_eq!(
        done(&two),
        ["First", "Blue", "Own output", "Alone", "Whole step"]
    );
}

#[test]
fn machines_are_named_or_left_out() {
    let world = World::new();
    let agents = ["web-1", "web-2", "web-3"].map(|name| world.agent(name));
    let db = agent(&world, "db-1", "db");
    let steps = [
        step("First", "Success", script()),
        on("db", step("Second", "Success", script())),
    ];
    let release = release(&world, &steps);
    let after = |more: Value| {
        let made = deploy_with(&world, &release, more).expect(201);
        world.ends(made["TaskId"].as_str().unwrap(), TaskState::Success);
        let all = agents.iter().chain([&db]);
        let counts = all.map(|agent| agent.edit(|state| std::mem::take(&mut state.orders)).len());
        counts.collect::<Vec<_>>()
    };
    assert_eq!(
        after(json!({ "ExcludedMachineIds": ["web-2"] })),
        [1, 0, 1, 1]
    );
    // A step that none of the named machines belongs to is passed over.
    assert_eq!(
        after(json!({ "SpecificMachineIds": ["web-2"] })),
        [0, 1, 0, 0]
    );
    assert_eq!(
        after(json!({ "SpecificMachineIds": ["web-3", "db-1"] })),
        [0, 0, 1, 1]
    );
    let made = deploy_with(
        &world,
        &release,
        json!({
            "SpecificMachineIds": ["web-1"], "ExcludedMachineIds": ["web-1"],
        }),
    );
    let task = made.expect(201)["TaskId"].as_str().unwrap().to_owned();
    let why = world.ends(&task, TaskState::Failed);
    assert!(why.contains("the step First finds no machine"), "{why}");
}

#[test]
fn variables_hold_where_their_scope_says() {
    let world = World::new();
    let web = agent(&world, "web-1", "web");
    let db = agent(&world, "db-1", "db");
    let other = json!({ "Name": "Other" });
    let other = id(&world
        .http
        .post(&format!("{API}/environments"), &other)
        .expect(201));
    let steps = [
        step("First", "Success", script()),
        on("db", step("Second", "Success", script())),
        step("Third", "Success", script()),
    ];
    let project = crate::configuration::project(&world.http, "Web");
    let process = format!("{API}/projects/{}/deploymentprocesses", id(&project));
    let kept = put(&world.http, &process, &json!({ "Steps": steps })).expect(200);
    let third = kept["Steps"][2]["Actions"][0]["Id"].clone();
    let value = |name: &str, value: &str, scope: Value| json!({ "Name": name, "Value": value, "Scope": scope });
    let set = json!({ "Variables": [
        value("Plain", "everywhere", json!({})),
        value("Place", "nowhere", json!({})),
        value("Place", "here", json!({ "Environment": ["Environments-1"] })),
        value("Place", "there", json!({ "Environment": [other] })),
        value("Role", "none", json!({})),
        value("Role", "of db", json!({ "Role": ["db"] })),
        value("Step", "any", json!({})),
        value("Step", "the third", json!({ "Action": [third] })),
        value("Machine", "of web-1", json!({ "Machine": [world.machine("web-1").id] })),
    ] });
    put(&world.http, &format!("{API}/projects/web/variables"), &set).expect(200);
    let new = json!({ "ProjectId": id(&project), "Version": "1.0.0" });
    let release = id(&world
        .http
        .post(&format!("{API}/releases"), &new)
        .expect(201));
    world.ends(&deploy(&world, &release), TaskState::Success);
    for (name, of_web, of_db) in [
        ("Octopus.Action.Name", ["First", "Third"], "Second"),
        ("Plain", ["everywhere", "everywhere"], "everywhere"),
        ("Place", ["here", "here"], "here"),
        ("Role", ["none", "none"], "of db"),
        ("Step", ["any", "the third"], "any"),
        ("Machine", ["of web-1", "of web-1"], ""),
    ] {
        assert_eq!(values(&web, name), of_web, "{name}");
        assert_eq!(values(&db, name), [of_db], "{name}");
    }
}
