//! Releases that are kept from later phases, and releases that change.

use api::{LifecycleProgression, TaskState};
use serde_json::{Value, json};

use crate::{
    configuration::{id, put},
    deployments::{deploy, package, release, script, step},
    packages, wait,
    world::{PACKAGE, World},
};

const API: &str = "/api/Spaces-1";

/// A second phase, with an environment to which releases go by themselves or not; its id.
fn second_phase(world: &World, targets: &str) -> String {
    let second = json!({ "Name": "Production" });
    let second = id(&world
        .http
        .post(&format!("{API}/environments"), &second)
        .expect(201));
    let lifecycle = json!({
        "Name": "Default Lifecycle",
        "Phases": [
            { "Name": "One", "OptionalDeploymentTargets": ["Environments-1"] },
            { "Name": "Two", targets: [second] },
        ],
    });
    put(
        &world.http,
        &format!("{API}/lifecycles/Lifecycles-3"),
        &lifecycle,
    )
    .expect(200);
    second
}

fn go(world: &World, release: &str, environment: &str) -> crate::http::Answer {
    let new = json!({ "ReleaseId": release, "EnvironmentId": environment });
    world.http.post(&format!("{API}/deployments"), &new)
}

#[test]
fn a_defect_keeps_a_release_from_later_phases_until_it_is_resolved() {
    let world = World::new();
    let agent = world.agent("web-1");
    let second = second_phase(&world, "OptionalDeploymentTargets");
    let mut both = agent.registration("Test");
    both["EnvironmentIds"] = json!(["Environments-1", second]);
    world.register(&both);
    let release = release(&world, &[step("First", "Success", script())]);
    let own = format!("{API}/releases/{release}");
    let defects = format!("{own}/defects");
    world.ends(&deploy(&world, &release), TaskState::Success);
    let post = |body: Value| world.http.post(&defects, &body);
    assert!(
        post(json!({ "Description": " " }))
            .refusal(400)
            .contains("Description")
    );
    let made = post(json!({ "Description": "Orders are lost" })).expect(201);
    assert_eq!(
        (&made["Status"], &made["ReportedBy"]),
        (&json!("Unresolved"), &json!("admin"))
    );
    let again = post(json!({ "Description": "x" })).refusal(400);
    assert!(again.contains("unresolved defect already"), "{again}");
    let why = go(&world, &release, &second).refusal(400);
    assert!(
        why.contains("keeps the release from later phases (Orders are lost)"),
        "{why}"
    );
    let progression = || -> LifecycleProgression {
        let value = world.http.get(&format!("{own}/progression")).expect(200);
        serde_json::from_value(value).unwrap()
    };
    let blocked = |progression: &LifecycleProgression| -> Vec<bool> {
        progression
            .phases
            .iter()
            .map(|phase| phase.blocked)
            .collect()
    };
    let held = progression();
    assert_eq!(
        (blocked(&held), held.next_deployments),
        (vec![false, true], vec![])
    );
    let project = world
        .http
        .get(&format!("{API}/projects/web/progression"))
        .expect(200);
    assert_eq!(project["Releases"][0]["HasUnresolvedDefect"], true);
    // Where it is, it may go again.
    world.ends(&deploy(&world, &release), TaskState::Success);
    let resolve = || world.http.post(&format!("{defects}/resolve"), &json!({}));
    let resolved = resolve().expect(200);
    assert_eq!(
        (&resolved["Status"], id(&resolved)),
        (&json!("Resolved"), id(&made))
    );
    assert!(resolve().refusal(400).contains("nothing to resolve"));
    let open = progression();
    assert_eq!(
        (blocked(&open), open.next_deployments),
        (vec![false, false], vec![second.clone()])
    );
    let task = go(&world, &release, &second).expect(201)["TaskId"].clone();
    world.ends(task.as_str().unwrap(), TaskState::Success);
    // Another one is another one.
    let third = post(json!({ "Description": "again" })).expect(201);
    let list = world.http.get(&defects).expect(200);
    let listed = list["Items"].as_array().unwrap().iter().map(id);
    assert_eq!(listed.collect::<Vec<_>>(), [id(&third), id(&made)]);
    let events = format!("{API}/events?eventCategories=DefectReported,DefectResolved");
    assert_eq!(world.http.get(&events).expect(200)["TotalResults"], 3);
}

#[test]
fn what_goes_by_itself_waits_for_the_defect_too() {
    let world = World::new();
    let agent = world.agent("web-1");
    let second = second_phase(&world, "AutomaticDeploymentTargets");
    let mut both = agent.registration("Test");
    both["EnvironmentIds"] = json!(["Environments-1", second]);
    world.register(&both);
    let release = release(&world, &[step("First", "Success", script())]);
    let defects = format!("{API}/releases/{release}/defects");
    world
        .http
        .post(&defects, &json!({ "Description": "wait" }))
        .expect(201);
    world.ends(&deploy(&world, &release), TaskState::Success);
    let total = || {
        let path = format!("{API}/releases/{release}/deployments");
        world.http.get(&path).expect(200)["TotalResults"]
            .as_u64()
            .unwrap()
    };
    assert_eq!(total(), 1);
    world
        .http
        .post(&format!("{defects}/resolve"), &json!({}))
        .expect(200);
    wait::until_is("it goes on by itself", || total() == 2);
    wait::until_is("both have run", || agent.runs() == [1, 1]);
}

#[test]
fn a_release_changes_its_notes_always_and_the_rest_until_it_is_deployed() {
    let world = World::new();
    let agent = world.agent("web-1");
    let release = release(&world, &[step("First", "Success", package())]);
    world.push(&packages::package(PACKAGE, "1.1.0", 2000, 1));
    let path = format!("{API}/releases/{release}");
    let now = || world.http.get(&path).expect(200);
    let before = now();
    let with = |changes: Value| {
        let mut new = now();
        for (field, value) in changes.as_object().unwrap() {
            new[field] = value.clone();
        }
        put(&world.http, &path, &new)
    };
    let packages = |version: &str| json!([{ "ActionName": "First", "Version": version }]);
    let answer = with(json!({
        "ReleaseNotes": "Fixed.", "Version": "1.0.1", "SelectedPackages": packages("1.1.0"),
    }));
    let changed = answer.expect(200);
    assert_eq!(
        (&changed["ReleaseNotes"], &changed["Version"]),
        (&json!("Fixed."), &json!("1.0.1"))
    );
    assert_eq!(changed["SelectedPackages"][0]["Version"], "1.1.0");
    assert_eq!(changed["Assembled"], before["Assembled"]);
    for (changes, words) in [
        (json!({ "Version": "x" }), "Version `x`"),
        (
            json!({ "ProjectId": "Projects-99" }),
            "ProjectId `Projects-99`",
        ),
        (
            json!({ "ChannelId": "Channels-99" }),
            "ChannelId `Channels-99`",
        ),
        (json!({ "SelectedPackages": packages("7.0.0") }), "7.0.0"),
    ] {
        let message = with(changes.clone()).refusal(400);
        assert!(message.contains(words), "{changes}: {message}");
    }
    // The snapshot is still there, and is what is deployed.
    world.ends(&deploy(&world, &release), TaskState::Success);
    assert_eq!(agent.runs(), [1]);
    let given = agent.edit(|state| state.orders[0].clone());
    let version = given
        .iter()
        .find(|one| one.name == "Octopus.Action.Package.PackageVersion");
    assert_eq!(version.unwrap().value, "1.1.0");
    for changes in [
        json!({ "Version": "2.0.0" }),
        json!({ "SelectedPackages": packages("1.0.0") }),
    ] {
        let message = with(changes).refusal(400);
        assert!(message.contains("only its notes can change"), "{message}");
    }
    let changed = with(json!({ "ReleaseNotes": "Later." })).expect(200);
    assert_eq!(changed["ReleaseNotes"], "Later.");
    // Who leaves out the rest keeps it.
    let short = put(&world.http, &path, &json!({ "ReleaseNotes": "Short." })).expect(200);
    assert_eq!(short["SelectedPackages"], changed["SelectedPackages"]);
}
