//! What lifecycles say of old releases, and of old installations on machines.

use api::TaskState;
use serde_json::{Value, json};

use crate::{
    configuration::{id, put},
    deployments::{deploy, package, release, script, step},
    wait,
    world::World,
};

const API: &str = "/api/Spaces-1";

fn keep(unit: &str, quantity: u32) -> Value {
    json!({ "Unit": unit, "QuantityToKeep": quantity, "ShouldKeepForever": false })
}

fn lifecycle(world: &World, change: Value) {
    let mut new = change;
    new["Name"] = json!("Default Lifecycle");
    put(&world.http, &format!("{API}/lifecycles/Lifecycles-3"), &new).expect(200);
}

fn numbers(world: &World) -> Vec<String> {
    let page = world
        .http
        .get(&format!("{API}/projects/web/releases"))
        .expect(200);
    let items = page["Items"].as_array().unwrap().iter();
    items
        .map(|one| one["Version"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn old_releases_go_when_the_lifecycle_says_so() {
    let mut world = World::new();
    let _agent = world.agent("web-1");
    let first = release(&world, &[step("First", "Success", script())]);
    world.ends(&deploy(&world, &first), TaskState::Success);
    let mut all = vec![first.clone()];
    for number in ["1.1.0", "1.2.0", "1.3.0", "1.4.0", "1.5.0"] {
        let new = json!({ "ProjectId": "web", "Version": number });
        all.push(id(&world
            .http
            .post(&format!("{API}/releases"), &new)
            .expect(201)));
    }
    for release in &all[1..4] {
        world.ends(&deploy(&world, release), TaskState::Success);
    }
    let defect = json!({ "Description": "gone with it" });
    world
        .http
        .post(&format!("{API}/releases/{first}/defects"), &defect)
        .expect(201);
    // Back to an older one: that is what is there.
    world.ends(&deploy(&world, &all[1]), TaskState::Success);
    // Days: they are all young.
    lifecycle(&world, json!({ "ReleaseRetentionPolicy": keep("Days", 1) }));
    world.kill();
    world.start();
    // The phase has its own rule; what has been nowhere follows the lifecycle's.
    lifecycle(
        &world,
        json!({
            "ReleaseRetentionPolicy": keep("Items", 1),
            "Phases": [{
                "Name": "One",
                "OptionalDeploymentTargets": ["Environments-1"],
                "ReleaseRetentionPolicy": keep("Items", 2),
            }],
        }),
    );
    assert_eq!(numbers(&world).len(), 6);
    world.kill();
    world.start();
    wait::until_is("old releases are gone", || {
        numbers(&world) == ["1.5.0", "1.3.0", "1.1.0"]
    });
    let events = format!("{API}/events?eventCategories=Deleted&documentTypes=Releases");
    let events = world.http.get(&events).expect(200);
    assert_eq!(events["TotalResults"], 3);
    let last = &events["Items"][0];
    assert_eq!(last["Username"], "system");
    assert!(
        last["Message"]
            .as_str()
            .unwrap()
            .contains("keeps it no longer"),
        "{last}"
    );
    world
        .http
        .get(&format!("{API}/releases/{first}"))
        .refusal(404);
    // What they did stays told.
    let deployments = world.http.get(&format!("{API}/deployments")).expect(200);
    assert_eq!(deployments["TotalResults"], 5);
    let task = deployments["Items"][4]["TaskId"].as_str().unwrap();
    assert_eq!(world.task(task).state, TaskState::Success);
    world.ends(&deploy(&world, &all[1]), TaskState::Success);
}

#[test]
fn machines_are_told_how_much_they_keep() {
    let world = World::new();
    let agent = world.agent("web-1");
    let release = release(
        &world,
        &[
            step("First", "Success", package()),
            step("Second", "Success", script()),
        ],
    );
    let told = || {
        world.ends(&deploy(&world, &release), TaskState::Success);
        let orders = agent.edit(|state| std::mem::take(&mut state.orders));
        let words = orders.iter().map(|order| {
            let found = order
                .iter()
                .filter(|one| one.name.contains("RetentionPolicy"));
            let texts = found.map(|one| format!("{}={}", one.name, one.value));
            texts.collect::<Vec<_>>().join(" ")
        });
        words.collect::<Vec<_>>()
    };
    assert_eq!(told(), ["", ""]);
    lifecycle(
        &world,
        json!({ "TentacleRetentionPolicy": keep("Items", 3) }),
    );
    assert_eq!(told(), ["OctopusRetentionPolicyItemsToKeep=3", ""]);
    lifecycle(
        &world,
        json!({
            "TentacleRetentionPolicy": keep("Items", 3),
            "Phases": [{ "Name": "All", "TentacleRetentionPolicy": keep("Days", 30) }],
        }),
    );
    assert_eq!(told(), ["OctopusRetentionPolicyDaysToKeep=30", ""]);
    for (policy, expected) in [
        (
            json!({ "Unit": "Items", "QuantityToKeep": 4 }),
            "OctopusRetentionPolicyItemsToKeep=4",
        ),
        (keep("Items", 0), ""),
    ] {
        lifecycle(&world, json!({ "TentacleRetentionPolicy": policy }));
        assert_eq!(told(), [expected, ""]);
    }
    // A variable of the project has the last word.
    let own = json!({ "Name": "OctopusRetentionPolicyItemsToKeep", "Value": "7" });
    let set = json!({ "Variables": [own] });
    put(&world.http, &format!("{API}/projects/web/variables"), &set).expect(200);
    let renew = format!("{API}/releases/{release}/snapshot-variables");
    world.http.post(&renew, &json!({})).expect(200);
    let own = "OctopusRetentionPolicyItemsToKeep=7";
    assert_eq!(told(), [own, own]);
}

/// However the channel was told of it.
#[test]
fn a_channels_own_lifecycle_holds_for_its_releases() {
    let mut world = World::new();
    let agent = world.agent("web-1");
    release(&world, &[step("First", "Success", package())]);
    let short = json!({
        "Name": "Short",
        "ReleaseRetentionPolicy": keep("Items", 1),
        "TentacleRetentionPolicy": keep("Items", 5),
    });
    let short = world.http.post(&format!("{API}/lifecycles"), &short);
    let short = id(&short.expect(201));
    let beta = json!({ "ProjectId": "web", "Name": "Beta", "LifecycleId": "short" });
    let beta = world
        .http
        .post(&format!("{API}/channels"), &beta)
        .expect(201);
    assert_eq!(beta["LifecycleId"], json!(short));
    let new = |number: &str| {
        let new = json!({ "ProjectId": "web", "Version": number, "ChannelId": "Beta" });
        id(&world
            .http
            .post(&format!("{API}/releases"), &new)
            .expect(201))
    };
    world.ends(&deploy(&world, &new("2.0.0")), TaskState::Success);
    let order = agent.edit(|state| state.orders.pop().unwrap());
    let told = order
        .iter()
        .find(|one| one.name.contains("RetentionPolicy"));
    assert_eq!(told.map(|one| one.value.as_str()), Some("5"));
    for number in ["3.0.0", "4.0.0", "5.0.0"] {
        new(number);
    }
    world.kill();
    world.start();
    wait::until_is("all but the newest, and what is deployed, are gone", || {
        numbers(&world) == ["5.0.0", "2.0.0", "1.0.0"]
    });
}
