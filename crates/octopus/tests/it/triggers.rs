//! Machines that become available get what their environment has: once, also when the server was
//! killed, and without anybody asking.

use api::{HealthStatus, TaskState};
use serde_json::{Value, json};

use crate::{
    agent::{Agent, Step},
    configuration::{id, put},
    deployments::{deploy, release, script, step},
    wait,
    world::{ENVIRONMENT, World},
};

const API: &str = "/api/Spaces-1";

/// Turns it on for the project.
fn trigger(world: &World, redeploys: bool) -> Value {
    let new = json!({
        "ProjectId": "web",
        "Name": "New machines",
        "Filter": {
            "FilterType": "MachineFilter",
            "EnvironmentIds": [ENVIRONMENT],
            "Roles": ["web"],
            "EventGroups": ["MachineAvailableForDeployment"],
        },
        "Action": {
            "ActionType": "AutoDeploy",
            "ShouldRedeployWhenMachineHasBeenDeployedTo": redeploys,
        },
    });
    let made = world.http.post(&format!("{API}/projecttriggers"), &new);
    made.expect(201)
}

/// Deployments of the project, the oldest first.
fn all(world: &World) -> Vec<Value> {
    let page = world.http.get(&format!("{API}/deployments?take=99"));
    let mut items = page.expect(200)["Items"].as_array().unwrap().clone();
    items.reverse();
    items
}

/// The deployment in this place, from 0, once it is there.
#[track_caller]
fn the(world: &World, place: usize) -> Value {
    let what = format!("there are {} deployments", place + 1);
    let found = wait::until(&what, || all(world).get(place).cloned());
    let task = found["TaskId"].as_str().unwrap();
    world.ends(task, TaskState::Success);
    found
}

/// A machine with another role, seen by the server: what came before it was looked at.
fn of_no_interest(world: &World, name: &str) -> Agent {
    let agent = Agent::start(name, &world.thumbprint());
    let mut new = agent.registration(ENVIRONMENT);
    new["Roles"] = json!(["mail"]);
    world.register(&new);
    world.wait_health(name, HealthStatus::Healthy);
    agent
}

#[test]
fn a_new_machine_gets_the_release_of_its_environment_once() {
    let world = World::new();
    let one = world.agent("web-1");
    let release = release(&world, &[step("First", "Success", script())]);
    // No trigger yet.
    let _early = world.agent("web-0");
    trigger(&world, false);
    world.ends(&deploy(&world, &release), TaskState::Success);
    let mail = of_no_interest(&world, "mail-1");
    let two = world.agent("web-2");
    let made = the(&world, 1);
    let machine = world.machine("web-2");
    assert_eq!(made["SpecificMachineIds"], json!([machine.id]));
    assert_eq!(
        (&made["ReleaseId"], &made["DeployedBy"]),
        (&json!(release), &json!("system"))
    );
    let words = made["Comments"].as_str().unwrap();
    assert_eq!(words, "Deployed by itself, because web-2 became available.");
    let events = format!("{API}/events?regarding={}", id(&made));
    let events = world.http.get(&events).expect(200);
    assert_eq!(events["Items"][0]["Category"], "DeploymentQueued");
    assert_eq!(events["Items"][0]["Username"], "system");
    // It has it now: going and coming back is no reason, and neither is registering again.
    let mut two = two;
    two.leave();
    world.wait_health("web-2", HealthStatus::Unavailable);
    two.listen();
    world.wait_health("web-2", HealthStatus::Healthy);
    world.register(&two.registration(ENVIRONMENT));
    // The machine that was of no interest gets the role.
    let mut new = mail.registration(ENVIRONMENT);
    new["Roles"] = json!(["mail", "web"]);
    let path = format!("{API}/machines/{}", world.machine("mail-1").id);
    put(&world.http, &path, &new).expect(200);
    let made = the(&world, 2);
    assert_eq!(
        made["SpecificMachineIds"],
        json!([world.machine("mail-1").id])
    );
    assert_eq!(all(&world).len(), 3);
    assert_eq!(
        (one.runs(), two.runs(), mail.runs()),
        (vec![1], vec![1], vec![1])
    );
}

#[test]
fn a_machine_that_comes_back_after_the_server_was_killed_gets_it_again_if_the_trigger_says_so() {
    let mut world = World::new();
    let mut agent = world.agent("web-1");
    let release = release(&world, &[step("First", "Success", script())]);
    let own = trigger(&world, true);
    world.ends(&deploy(&world, &release), TaskState::Success);
    agent.leave();
    world.wait_health("web-1", HealthStatus::Unavailable);
    let mut late = Agent::start("web-2", &world.thumbprint());
    late.leave();
    world.register(&late.registration(ENVIRONMENT));
    world.wait_health("web-2", HealthStatus::Unavailable);
    world.kill();
    world.start();
    assert_eq!(all(&world).len(), 1);
    late.listen();
    let made = the(&world, 1);
    assert_eq!(
        made["SpecificMachineIds"],
        json!([world.machine("web-2").id])
    );
    agent.listen();
    let made = the(&world, 2);
    assert_eq!(
        made["SpecificMachineIds"],
        json!([world.machine("web-1").id])
    );
    assert_eq!((agent.runs(), late.runs()), (vec![1, 1], vec![1]));
    // Switched off.
    let mut off = own.clone();
    off["IsDisabled"] = json!(true);
    let path = format!("{API}/projecttriggers/{}", id(&own));
    put(&world.http, &path, &off).expect(200);
    let _last = world.agent("web-3");
    assert_eq!(all(&world).len(), 3);
}

/// Else the machine would get the old release after the new one.
#[test]
fn what_is_under_way_comes_first() {
    let world = World::new();
    let one = world.agent("web-1");
    let first = release(&world, &[step("First", "Success", script())]);
    trigger(&world, false);
    world.ends(&deploy(&world, &first), TaskState::Success);
    let new = json!({ "ProjectId": "web", "Version": "2.0.0" });
    let second = id(&world
        .http
        .post(&format!("{API}/releases"), &new)
        .expect(201));
    one.script(vec![Step::Gate(1)]);
    let task = deploy(&world, &second);
    one.wait("the second one runs", |state| state.running() == 1);
    let two = world.agent("web-2");
    let _mail = of_no_interest(&world, "mail-1");
    assert_eq!(all(&world).len(), 2);
    one.open_gate(1);
    world.ends(&task, TaskState::Success);
    assert_eq!(the(&world, 2)["ReleaseId"], json!(second));
    assert_eq!((two.runs(), all(&world).len()), (vec![1], 3));
}

#[test]
fn a_deployment_that_can_not_be_made_is_written_down() {
    let world = World::new();
    let _one = world.agent("web-1");
    let release = release(&world, &[step("First", "Success", script())]);
    trigger(&world, false);
    world.ends(&deploy(&world, &release), TaskState::Success);
    // The lifecycle lets nothing go there any more.
    let other = json!({ "Name": "Production" });
    let other = id(&world
        .http
        .post(&format!("{API}/environments"), &other)
        .expect(201));
    let lifecycle = json!({
        "Name": "Default Lifecycle",
        "Phases": [{ "Name": "One", "OptionalDeploymentTargets": [other] }],
    });
    put(
        &world.http,
        &format!("{API}/lifecycles/Lifecycles-3"),
        &lifecycle,
    )
    .expect(200);
    let _two = world.agent("web-2");
    let events = format!("{API}/events?eventCategories=DeploymentFailed");
    let event = wait::until("it is written down", || {
        world.http.get(&events).expect(200)["Items"].get(0).cloned()
    });
    let words = event["Message"].as_str().unwrap();
    assert!(words.contains("to web-2 by itself"), "{words}");
    assert!(words.contains("no phase with this environment"), "{words}");
    assert_eq!(all(&world).len(), 1);
}

#[test]
fn triggers_are_checked_listed_and_go_with_their_project() {
    let world = World::new();
    release(&world, &[step("First", "Success", script())]);
    let own = trigger(&world, false);
    assert_eq!(own["Filter"]["EnvironmentIds"], json!(["Environments-1"]));
    let post = |change: Value| {
        let mut new = own.clone();
        for (name, value) in change.as_object().unwrap() {
            new[name] = value.clone();
        }
        world.http.post(&format!("{API}/projecttriggers"), &new)
    };
    for (change, words) in [
        (json!({}), "`New machines`: another one has this name"),
        (json!({ "Name": "" }), "Name ``"),
        (
            json!({ "ProjectId": "Projects-99" }),
            "ProjectId `Projects-99`",
        ),
        (
            json!({ "Filter": { "EnvironmentIds": ["x"] } }),
            "Filter.EnvironmentIds `x`",
        ),
        (
            json!({ "Filter": { "EventGroups": ["x"] } }),
            "one of Machine, ",
        ),
        (
            json!({ "Filter": { "EventCategories": ["x"] } }),
            "MachineHealthy",
        ),
        (json!({ "Filter": { "Roles": [" "] } }), "Filter.Roles"),
        (
            json!({ "Filter": { "FilterType": "CronFilter" } }),
            "CronFilter",
        ),
    ] {
        let answer = post(change.clone());
        assert!(
            answer.status == 400 || answer.status == 409,
            "{change}: {}",
            answer.text
        );
        assert!(answer.text.contains(words), "{change}: {}", answer.text);
    }
    let list = world
        .http
        .get(&format!("{API}/projects/web/triggers"))
        .expect(200);
    assert_eq!(list["Items"], json!([own]));
    let project = own["ProjectId"].as_str().unwrap();
    let answer = world
        .http
        .send("DELETE", &format!("{API}/projects/{project}"), None);
    assert_eq!(answer.status, 200, "{}", answer.text);
    let list = world
        .http
        .get(&format!("{API}/projecttriggers"))
        .expect(200);
    assert_eq!(list["TotalResults"], 0);
}

#[test]
fn a_copied_project_has_triggers_of_its_own() {
    let world = World::new();
    release(&world, &[step("First", "Success", script())]);
    let own = trigger(&world, true);
    let mut second = own.clone();
    second["Name"] = json!("Off");
    second["IsDisabled"] = json!(true);
    let path = format!("{API}/projecttriggers");
    world.http.post(&path, &second).expect(201);
    let project = world.http.get(&format!("{API}/projects/web")).expect(200);
    let mut new = project.clone();
    new["Name"] = json!("Copy");
    new["Slug"] = json!("");
    let path = format!("{API}/projects?clone={}", id(&project));
    let copy = id(&world.http.post(&path, &new).expect(201));
    let list = world.http.get(&format!("{API}/projects/copy/triggers"));
    let copied = list.expect(200)["Items"].as_array().unwrap().clone();
    assert_eq!(copied.len(), 2);
    for (copied, own) in copied.iter().zip([&own, &second]) {
        for field in ["Name", "Filter", "Action", "IsDisabled"] {
            assert_eq!(copied[field], own[field]);
        }
        assert_eq!(copied["ProjectId"], json!(copy));
        assert_ne!(copied["Id"], own["Id"]);
    }
    // They are no longer the same: one goes, the other one stays.
    let path = format!("{API}/projecttriggers/{}", id(&own));
    assert_eq!(world.http.send("DELETE", &path, None).status, 200);
    let list = world.http.get(&format!("{API}/projects/copy/triggers"));
    assert_eq!(list.expect(200)["TotalResults"], 2);
}

#[test]
fn the_portal_shows_and_switches_what_goes_by_itself() {
    let world = World::new();
    let _agent = world.agent("web-1");
    let release = release(&world, &[step("First", "Success", script())]);
    world.ends(&deploy(&world, &release), TaskState::Success);
    let http = &world.http;
    let text = |path: &str| {
        let page = http.get(path);
        assert_eq!(page.status, 200, "{path}: {}", page.text);
        page.text
    };
    let project = http.get(&format!("{API}/projects/web")).expect(200);
    let own = format!("/projects/{}", id(&project));
    assert!(text("/projects").contains(&own));
    let page = text(&own);
    assert!(
        page.contains("New machines get nothing by themselves."),
        "{page}"
    );
    assert!(page.contains("May go on") && page.contains(&format!("/releases/{release}")));
    assert_eq!(http.post_form(&format!("{own}/triggers"), &[]).status, 303);
    let page = text(&own);
    assert!(page.contains("all environments · all roles"), "{page}");
    assert!(page.contains("Switch off"), "{page}");
    let list = http.get(&format!("{API}/projecttriggers")).expect(200);
    let trigger = format!("/triggers/{}", id(&list["Items"][0]));
    for (wish, words) in [("true", "Switch on"), ("false", "Switch off")] {
        let answer = http.post_form(&trigger, &[("disabled", wish)]);
        assert_eq!(
            (answer.status, answer.header("location")),
            (303, own.as_str())
        );
        assert!(text(&own).contains(words), "{words}");
    }
    let page = format!("/releases/{release}");
    let progression = format!("{page}/progression");
    let held = [("wish", "prevent"), ("reason", "Orders are lost")];
    assert_eq!(http.post_form(&progression, &held).status, 303);
    let shown = text(&page);
    assert!(
        shown.contains("Orders are lost") && shown.contains("Held back"),
        "{shown}"
    );
    assert!(text(&own).contains("Held back"));
    assert_eq!(
        http.post_form(&progression, &[("wish", "allow")]).status,
        303
    );
    assert!(text(&page).contains("Resolved"));
    for (path, fields) in [
        (progression.as_str(), [("wish", "x")]),
        (progression.as_str(), [("wish", "allow")]),
        (progression.as_str(), [("wish", "prevent")]),
        (trigger.as_str(), [("disabled", "x")]),
    ] {
        let status = http.post_form(path, &fields).status;
        assert!((400..500).contains(&status), "{path} {fields:?}: {status}");
    }
    for path in [
        "/projects/Projects-99",
        "/projects/x",
        "/releases/Releases-99",
    ] {
        assert_eq!(http.get(path).status, 404, "{path}");
    }
}
