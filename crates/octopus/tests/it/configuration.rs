//! What people configure: spaces, environments, lifecycles, projects, processes, variables.

use std::fs;

use serde_json::{Value, json};

use crate::{http::Http, world::World};

const API: &str = "/api/Spaces-1";

/// A resource's id.
pub(crate) fn id(resource: &Value) -> String {
    resource["Id"].as_str().unwrap().to_owned()
}

/// A project in the default group with the default lifecycle.
pub(crate) fn project(http: &Http, name: &str) -> Value {
    let first = |path: &str| id(&http.get(&format!("{API}/{path}")).expect(200)["Items"][0]);
    let new = json!({
        "Name": name,
        "ProjectGroupId": first("projectgroups"),
        "LifecycleId": first("lifecycles"),
    });
    http.post(&format!("{API}/projects"), &new).expect(201)
}

/// `PUT` of JSON.
#[track_caller]
pub(crate) fn put(http: &Http, path: &str, body: &Value) -> crate::http::Answer {
    let text = body.to_string();
    http.send("PUT", path, Some((crate::http::JSON, text.as_bytes())))
}

#[test]
fn every_kind_is_made_read_listed_changed_and_removed() {
    let world = World::new();
    let http = &world.http;
    let project = project(http, "First");
    let (group, lifecycle) = (&project["ProjectGroupId"], &project["LifecycleId"]);
    for (path, new) in [
        ("/api/spaces", json!({ "Name": "Second" })),
        ("/api/Spaces-1/environments", json!({ "Name": "Second" })),
        ("/api/Spaces-1/projectgroups", json!({ "Name": "Second" })),
        (
            "/api/Spaces-1/lifecycles",
            json!({ "Name": "Second", "Phases": [{ "Name": "One", "OptionalDeploymentTargets": ["Environments-1"] }] }),
        ),
        (
            "/api/Spaces-1/projects",
            json!({ "Name": "Second", "ProjectGroupId": group, "LifecycleId": lifecycle }),
        ),
        (
            "/api/Spaces-1/channels",
            json!({ "Name": "Second", "ProjectId": project["Id"], "Rules": [{
                "VersionRange": "[1.0,2.0)", "Tag": "^$", "ActionPackages": [{ "DeploymentAction": "Deploy" }] }] }),
        ),
    ] {
        let made = http.post(path, &new).expect(201);
        let own = format!("{path}/{}", id(&made));
        assert!(
            made["Links"]["Self"]
                .as_str()
                .unwrap()
                .ends_with(&id(&made)),
            "{made}"
        );
        assert_eq!(http.get(&own).expect(200), made);
        let listed = http.get(&format!("{path}?partialName=SECON")).expect(200);
        assert_eq!(listed["Items"][0], made, "{path}");
        assert_eq!(listed["TotalResults"], 1);
        assert!(
            http.get(&format!("{path}/all"))
                .expect(200)
                .as_array()
                .unwrap()
                .contains(&made)
        );
        let by_id = http
            .get(&format!("{path}?ids={},Nothing-1", id(&made)))
            .expect(200);
        assert_eq!(by_id["Items"], json!([made]));
        let again = http.post(
            path,
            &json!({ "Name": "second", "ProjectGroupId": group,
            "LifecycleId": lifecycle, "ProjectId": project["Id"], "Slug": "other" }),
        );
        assert!([400, 409].contains(&again.status), "{path}: {}", again.text);
        assert!(again.message().contains("second"), "{}", again.text);
        let mut changed = made.clone();
        changed["Name"] = json!("Third");
        changed["Description"] = json!("With words.");
        changed["SomethingNew"] = json!({ "ignored": true });
        let now = put(http, &own, &changed).expect(200);
        assert_eq!(
            (&now["Name"], &now["Description"]),
            (&json!("Third"), &json!("With words."))
        );
        assert_eq!(http.get(&own).expect(200), now);
        http.send("DELETE", &own, None).expect(200);
        http.get(&own).refusal(404);
        put(http, &own, &changed).refusal(404);
    }
    let events = http.get(&format!("{API}/events?take=100")).expect(200);
    let events: Vec<&Value> = events["Items"].as_array().unwrap().iter().collect();
    let count = |category: &str| {
        events
            .iter()
            .filter(|event| event["Category"] == category)
            .count()
    };
    assert_eq!((count("Modified"), count("Deleted")), (5, 5), "{events:?}");
    assert!(events.iter().all(|event| event["Username"] == "admin"));
}

#[test]
fn each_mistake_is_named_with_field_and_value() {
    let world = World::new();
    let http = &world.http;
    let first = id(&project(http, "First"));
    let groups = format!("{API}/projectgroups");
    let projects = format!("{API}/projects");
    let process = format!("{API}/projects/{first}/deploymentprocesses");
    let variables = format!("{API}/variables/variableset-{first}");
    let step = |action: Value| {
        json!({ "Steps": [{ "Name": "One", "Properties": { "Octopus.Action.TargetRoles": "web" },
            "Actions": [action] }] })
    };
    for (method, path, body, words) in [
        (
            "POST",
            &groups,
            json!({ "Name": "" }),
            &["Name ``", "1 to 100"][..],
        ),
        (
            "POST",
            &groups,
            json!({ "Name": 7 }),
            &["Name: invalid type: integer `7`"],
        ),
        ("POST", &groups, json!([]), &["is no object"]),
        (
            "POST",
            &projects,
            json!({ "Name": "X" }),
            &["ProjectGroupId ``", "LifecycleId ``"],
        ),
        (
            "POST",
            &projects,
            json!({ "Name": "x\u{0}", "ProjectGroupId": "ProjectGroups-99" }),
            &["Name `x", "ProjectGroups-99"],
        ),
        (
            "PUT",
            &process,
            json!({ "Steps": [{ "Name": "One" }] }),
            &["Steps.Actions", "One"],
        ),
        (
            "PUT",
            &process,
            step(json!({ "Name": "A", "ActionType": "Other" })),
            &["Steps.Actions.ActionType `Other`"],
        ),
        (
            "PUT",
            &process,
            step(json!({ "Name": "A", "ActionType": "Octopus.Script" })),
            &["ScriptBody"],
        ),
        (
            "PUT",
            &process,
            step(json!({ "Name": "A", "ActionType": "Octopus.TentaclePackage" })),
            &["Steps.Actions.Packages"],
        ),
        (
            "PUT",
            &process,
            json!({ "Steps": 7 }),
            &["Steps: invalid type"],
        ),
        (
            "PUT",
            &variables,
            json!({ "Variables": [{ "Name": "" }] }),
            &["Variables.Name ``"],
        ),
        (
            "PUT",
            &variables,
            json!({ "Variables": [{ "Name": "x", "Scope": { "Environment": ["Environments-99"] } }] }),
            &["Variables.Scope.Environment `Environments-99`"],
        ),
        (
            "PUT",
            &variables,
            json!({ "Variables": [{ "Name": "x", "Scope": 3 }] }),
            &["Variables[0].Scope: invalid type"],
        ),
    ] {
        let text = body.to_string();
        let answer = http.send(method, path, Some((crate::http::JSON, text.as_bytes())));
        assert_eq!(answer.status, 400, "{path} {text}: {}", answer.text);
        let body: api::ErrorBody = serde_json::from_str(&answer.text).unwrap();
        let all = body.errors.join("\n");
        for word in words {
            assert!(all.contains(word), "{word} is not in {all}");
        }
    }
    // Nothing of it was stored.
    assert_eq!(http.get(&process).expect(200)["Steps"], json!([]));
    assert_eq!(http.get(&variables).expect(200)["Variables"], json!([]));
}

#[test]
fn what_is_in_use_stays() {
    let world = World::new();
    let http = &world.http;
    let project = project(http, "First");
    let _agent = world.agent("web-1");
    let lifecycle = json!({ "Name": "L", "Phases": [{ "Name": "P", "OptionalDeploymentTargets": ["Environments-1"] }] });
    http.post(&format!("{API}/lifecycles"), &lifecycle)
        .expect(201);
    for (path, word) in [
        (
            format!(
                "projectgroups/{}",
                project["ProjectGroupId"].as_str().unwrap()
            ),
            "First",
        ),
        (
            format!("lifecycles/{}", project["LifecycleId"].as_str().unwrap()),
            "First",
        ),
        ("environments/Environments-1".to_owned(), "web-1"),
        (
            format!(
                "channels/{}",
                id(&http.get(&format!("{API}/channels")).expect(200)["Items"][0])
            ),
            "default",
        ),
    ] {
        let answer = http.send("DELETE", &format!("{API}/{path}"), None);
        assert!(answer.refusal(400).contains(word), "{path}");
    }
    let refused = http.send("DELETE", "/api/spaces/Spaces-1", None);
    assert!(refused.refusal(400).contains("default space"));
}

#[test]
fn a_change_from_an_old_state_is_refused() {
    let world = World::new();
    let project = id(&project(&world.http, "First"));
    let path = format!("{API}/projects/{project}/variables");
    let set = world.http.get(&path).expect(200);
    put(&world.http, &path, &set).expect(200);
    assert!(
        put(&world.http, &path, &set)
            .refusal(409)
            .contains("meanwhile")
    );
}

/// A secret goes in, stays where nobody reads it, and never comes out.
#[test]
fn secrets_do_not_come_out() {
    let world = World::new();
    let http = &world.http;
    let project = id(&project(http, "First"));
    let path = format!("{API}/projects/{project}/variables");
    let new = json!({ "Variables": [
        { "Name": "Password", "Value": "correct-horse", "Type": "Sensitive" },
        { "Name": "Host", "Value": "db-1", "Scope": { "Environment": ["Environments-1"] } },
    ]});
    let set = put(http, &path, &new).expect(200);
    let process = format!("{API}/projects/{project}/deploymentprocesses");
    let steps = json!({ "Steps": [{ "Name": "One", "Properties": { "Octopus.Action.TargetRoles": "web" }, "Actions": [{
        "Name": "A", "ActionType": "Octopus.Script", "Properties": { "Octopus.Action.Script.ScriptBody": "true",
            "Token": { "HasValue": true, "NewValue": "battery-staple" } } }] }] });
    let shown = put(http, &process, &steps).expect(200);
    let token = &shown["Steps"][0]["Actions"][0]["Properties"]["Token"];
    assert_eq!(*token, json!({ "HasValue": true }));
    assert_eq!(
        put(http, &process, &shown).expect(200)["Steps"],
        shown["Steps"]
    );
    assert!(set["Variables"][0]["Value"].is_null(), "{set}");
    assert_eq!(set["ScopeValues"]["Environments"][0]["Name"], "Test");
    // Sent back as it came, it keeps its value.
    put(http, &path, &set).expect(200);
    for secret in ["correct-horse", "battery-staple"] {
        assert!(!http.get(&path).text.contains(secret));
        assert!(!http.get(&process).text.contains(secret));
        for file in fs::read_dir(world.data()).unwrap() {
            let file = file.unwrap().path();
            let bytes = if file.is_file() {
                fs::read(&file).unwrap()
            } else {
                Vec::new()
            };
            let found = bytes
                .windows(secret.len())
                .any(|part| part == secret.as_bytes());
            assert!(!found, "{} holds {secret}", file.display());
        }
    }
}

#[test]
fn pages_link_to_each_other_and_answers_have_tags() {
    let world = World::new();
    let http = &world.http;
    let groups = format!("{API}/projectgroups");
    for n in 0..5 {
        http.post(&groups, &json!({ "Name": format!("Group {n}") }))
            .expect(201);
    }
    let mut names = Vec::new();
    let mut next = Some(format!("{groups}?take=2&partialName=group"));
    while let Some(path) = next {
        let page = http.get(&path).expect(200);
        assert_eq!(
            (
                &page["TotalResults"],
                &page["NumberOfPages"],
                &page["LastPageNumber"]
            ),
            (&json!(6), &json!(3), &json!(2))
        );
        let items = page["Items"].as_array().unwrap();
        names.extend(
            items
                .iter()
                .map(|item| item["Name"].as_str().unwrap().to_owned()),
        );
        next = page["Links"]["Page.Next"].as_str().map(str::to_owned);
    }
    let expected = [
        "Default Project Group",
        "Group 0",
        "Group 1",
        "Group 2",
        "Group 3",
        "Group 4",
    ];
    assert_eq!(names, expected);
    for wrong in ["skip=-1", "take=x", "skip=99999999999999999999"] {
        assert!(
            http.get(&format!("{groups}?{wrong}"))
                .refusal(400)
                .contains('`')
        );
    }
    let answer = http.get(&groups);
    let tag = answer.header("etag").to_owned();
    assert_eq!(http.with("If-None-Match", &tag).get(&groups).status, 304);
    http.post(&groups, &json!({ "Name": "Another" }))
        .expect(201);
    assert_eq!(http.with("If-None-Match", &tag).get(&groups).status, 200);
}

#[test]
fn addresses_are_taken_as_clients_write_them() {
    let world = World::new();
    let http = &world.http;
    let project = project(http, "My first project");
    let own = http
        .get(&format!("{API}/projects/{}", id(&project)))
        .expect(200);
    assert_eq!(own["Slug"], "my-first-project");
    for path in [
        "/api/projects/my-first-project",
        "/api/Spaces-1/Projects/MY-FIRST-PROJECT",
        "/api/spaces/Spaces-1/projects/My%20first%20project",
        "/api/default/projects/my-first-project",
    ] {
        assert_eq!(http.get(path).expect(200), own, "{path}");
    }
    http.get("/api/Spaces-99/projects").refusal(404);
    // Of another space there is nothing to be seen.
    let space = id(&http
        .post("/api/spaces", &json!({ "Name": "Other" }))
        .expect(201));
    http.get(&format!("/api/{space}/projects/{}", id(&project)))
        .refusal(404);
    assert_eq!(
        http.get(&format!("/api/{space}/environments")).expect(200)["TotalResults"],
        0
    );
    assert_eq!(
        http.get(&format!("/api/{space}/lifecycles")).expect(200)["Items"][0]["Name"],
        "Default Lifecycle"
    );
}
