//! What people order on pages of the portal.

use api::TaskState;
use serde_json::json;

use crate::{
    configuration::{id, project, put},
    deployments::{package, step},
    packages,
    world::{PACKAGE, World},
};

fn text(world: &World, path: &str) -> String {
    String::from_utf8(world.http.bytes(path)).unwrap()
}

#[test]
fn a_package_goes_to_servers_from_its_page() {
    let world = World::new();
    let agent = world.agent("web-1");
    for version in ["1.0.0", "2.0.0"] {
        world.push(&packages::package(PACKAGE, version, 2000, 1));
    }
    let page = text(&world, &format!("/packages/{PACKAGE}"));
    let choices = "<option>2.0.0</option><option>1.0.0</option></select>";
    assert!(page.contains(choices), "{page}");
    let place = "<option value=\"Environments-1\">Test</option>";
    assert!(page.contains(place), "{page}");
    let path = format!("/packages/{PACKAGE}/deployments");
    let order = |version: &str, environment: &str| {
        let fields = [("version", version), ("environment", environment)];
        world.http.post_form(&path, &fields)
    };
    let answer = order("1.0.0", "Environments-1");
    let task = answer.header("location").trim_start_matches("/tasks/");
    world.ends(task, TaskState::Success);
    let versions = agent.edit(|state| {
        let all = state.orders.iter().flatten();
        let named = all.filter(|one| one.name == "Octopus.Action.Package.PackageVersion");
        named.map(|one| one.value.clone()).collect::<Vec<_>>()
    });
    assert_eq!(versions, ["1.0.0"]);
    for (version, environment, why) in [
        ("3.0.0", "Environments-1", "has no version 3.0.0"),
        ("1.0.0", "Environments-9", "There is no environment"),
        ("1.0.0", "", "There is no environment"),
    ] {
        let wrong = order(version, environment);
        assert_eq!(wrong.status, 400, "{}", wrong.text);
        assert!(wrong.text.contains(why), "{}", wrong.text);
    }
    assert_eq!(agent.runs(), [1]);
}

#[test]
fn a_release_asks_on_its_page_for_what_it_needs() {
    let world = World::new();
    let agent = world.agent("web-1");
    world.push(&packages::package(PACKAGE, "1.0.0", 2000, 1));
    let project = id(&project(&world.http, "Web"));
    let api = "/api/Spaces-1";
    let process = format!("{api}/projects/{project}/deploymentprocesses");
    let steps = json!({ "Steps": [step("Install", "Success", package())] });
    put(&world.http, &process, &steps).expect(200);
    let asked = |name: &str, value: &str, sensitive: bool, required: bool| {
        json!({
            "Name": name, "Value": value, "IsSensitive": sensitive,
            "Type": if sensitive { "Sensitive" } else { "String" },
            "Prompt": { "Label": format!("The {name}"), "Description": "", "Required": required },
        })
    };
    let set = json!({ "Variables": [
        asked("Ticket", "", false, true),
        asked("Colour", "blue", false, true),
        asked("Password", "old-secret", true, false),
        { "Name": "Quiet", "Value": "never asked" },
    ]});
    let variables = format!("{api}/projects/{project}/variables");
    let ids = put(&world.http, &variables, &set).expect(200);
    let field = |name: &str| {
        let mut all = ids["Variables"].as_array().unwrap().iter();
        let found = all.find(|one| one["Name"] == name).unwrap();
        format!("variable:{}", found["Id"].as_str().unwrap())
    };
    let new = json!({ "ProjectId": project, "Version": "1.0.0" });
    let release = id(&world
        .http
        .post(&format!("{api}/releases"), &new)
        .expect(201));
    let page = text(&world, &format!("/releases/{release}"));
    for (name, rest) in [
        ("Ticket", "value=\"\" autocomplete=\"off\" required>"),
        ("Colour", "value=\"blue\" autocomplete=\"off\">"),
        (
            "Password",
            "value=\"\" type=\"password\" autocomplete=\"new-password\">",
        ),
    ] {
        let input = format!("name=\"{}\" {rest}", field(name));
        assert!(page.contains(&input), "{input} in {page}");
        assert!(page.contains(&format!(">The {name}</label>")), "{page}");
    }
    assert!(
        !page.contains("Quiet") && !page.contains("old-secret"),
        "{page}"
    );
    let (ticket, colour, password) = (field("Ticket"), field("Colour"), field("Password"));
    let order = |ticket_value: &str| {
        let fields = [
            ("environment", "Environments-1"),
            (&ticket, ticket_value),
            (&colour, "red"),
            (&password, ""),
        ];
        let path = format!("/releases/{release}/deployments");
        world.http.post_form(&path, &fields)
    };
    let wrong = order("");
    assert_eq!(wrong.status, 400, "{}", wrong.text);
    assert!(
        wrong.text.contains("Ticket takes a value"),
        "{}",
        wrong.text
    );
    let answer = order("CHG-7");
    let task = answer.header("location").trim_start_matches("/tasks/");
    world.ends(task, TaskState::Success);
    let sent = agent.edit(|state| state.orders.concat());
    let value = |name: &str| {
        let found = sent.iter().find(|one| one.name == name).unwrap();
        (found.value.as_str(), found.sensitive)
    };
    assert_eq!(value("Ticket"), ("CHG-7", false));
    assert_eq!(value("Colour"), ("red", false));
    assert_eq!(value("Password"), ("old-secret", true));
}
