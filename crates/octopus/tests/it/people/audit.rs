//! Every change is written down: the addresses that change something are read from the source.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{
    agent::registration,
    configuration::{id, project, put},
    http::JSON,
    packages, routes,
    world::{ENVIRONMENT, World},
};

/// Changing addresses that are no change of what is kept, or the same handler at another address.
const OTHERS: [&str; 20] = [
    "POST /signin",
    "POST /signout",
    "PUT /api/v2/package",
    "PUT /api/v2/package/",
    "DELETE /api/v2/package/{id}/{version}",
    "POST /api/v2/package/{id}/{version}",
    "PUT /nuget/v2",
    "PUT /nuget/v2/",
    "DELETE /nuget/v2/{id}/{version}",
    "POST /nuget/v2/{id}/{version}",
    "PUT /nuget/v3/package/",
    "PUT /nuget/packages/",
    "POST /nuget/packages/",
    "DELETE /nuget/packages/{id}/{version}",
    "POST /nuget/packages/{id}/{version}",
    "POST /nuget/packages",
    // Tests of their own look for their events.
    "POST /api/{space}/packages/{id}/{version}/delta",
    "PUT /api/{space}/interruptions/{id}/responsible",
    "POST /api/{space}/interruptions/{id}/submit",
    "POST /interruptions/{id}",
];

/// What is done, and how many changes are written down after it.
struct Walk<'a> {
    world: &'a World,
    walked: BTreeSet<String>,
    events: u64,
}

impl Walk<'_> {
    fn count(&self) -> Value {
        let events = "/api/Spaces-1/events?includeSystem=true&take=1";
        self.world.http.get(events).expect(200)
    }

    /// Sends a change that works; it must write down at least one event, by `admin`.
    #[track_caller]
    fn change(&mut self, route: &str, path: &str, body: &Value) -> Value {
        let (method, _) = route.split_once(' ').unwrap();
        let text = body.to_string();
        let answer = self
            .world
            .http
            .send(method, path, Some((JSON, text.as_bytes())));
        assert!(
            answer.status < 300,
            "{route}: {} {}",
            answer.status,
            answer.text
        );
        self.written(route);
        serde_json::from_str(&answer.text).unwrap_or_default()
    }

    #[track_caller]
    fn written(&mut self, route: &str) {
        let now = self.count();
        let total = now["TotalResults"].as_u64().unwrap();
        assert!(total > self.events, "{route} wrote nothing down");
        let last = &now["Items"][0];
        assert_eq!(last["Username"], "admin", "{route}: {last}");
        assert!(!last["Message"].as_str().unwrap().is_empty());
        assert!(
            !last["RelatedDocumentIds"][0].as_str().unwrap().is_empty(),
            "{route}: {last}"
        );
        self.events = total;
        self.walked.insert(route.to_owned());
    }

    /// Makes, changes and removes one of a kind.
    #[track_caller]
    fn life(&mut self, pattern: &str, new: &Value, with_put: bool) {
        let path = pattern.replace("{space}", "Spaces-1");
        let made = self.change(&format!("POST {pattern}"), &path, new);
        let own = format!("{path}/{}", id(&made));
        if with_put {
            self.change(&format!("PUT {pattern}/{{id}}"), &own, &made);
        }
        self.change(&format!("DELETE {pattern}/{{id}}"), &own, &json!({}));
    }
}

#[test]
fn every_changing_address_writes_an_event() {
    let world = World::new();
    let http = &world.http;
    let mut walk = Walk {
        world: &world,
        walked: BTreeSet::new(),
        events: 0,
    };
    walk.events = walk.count()["TotalResults"].as_u64().unwrap();
    walk.life("/api/spaces", &json!({ "Name": "Second" }), true);
    walk.life(
        "/api/users",
        &json!({ "Username": "ann", "Password": "correct horse" }),
        true,
    );
    walk.life("/api/teams", &json!({ "Name": "Shop" }), true);
    let team = http
        .post("/api/teams", &json!({ "Name": "Ops" }))
        .expect(201);
    walk.life(
        "/api/scopeduserroles",
        &json!({ "TeamId": id(&team), "UserRoleId": "Reader" }),
        true,
    );
    let key = walk.change(
        "POST /api/users/{id}/apikeys",
        "/api/users/me/apikeys",
        &json!({}),
    );
    let own = format!("/api/users/me/apikeys/{}", id(&key));
    walk.change("DELETE /api/users/{id}/apikeys/{key}", &own, &json!({}));
    let shop = project(http, "Shop");
    let (group, lifecycle) = (&shop["ProjectGroupId"], &shop["LifecycleId"]);
    let named = json!({ "Name": "Second", "ProjectGroupId": group, "LifecycleId": lifecycle, "ProjectId": id(&shop) });
    for kind in [
        "environments",
        "lifecycles",
        "projectgroups",
        "projects",
        "channels",
    ] {
        walk.life(&format!("/api/{{space}}/{kind}"), &named, true);
    }
    let trigger = json!({ "Name": "New machines", "ProjectId": id(&shop) });
    walk.life("/api/{space}/projecttriggers", &trigger, true);
    walk.change(
        "PUT /api/{space}/environments/sortorder",
        "/api/Spaces-1/environments/sortorder",
        &json!(["Environments-1"]),
    );
    let feed = json!({ "Name": "Other", "FeedType": "NuGet", "FeedUri": "https://example.com/v3/index.json" });
    walk.life("/api/{space}/feeds", &feed, true);
    let build = json!({ "PackageId": "Acme", "Version": "1.0.0", "OctopusBuildInformation": {} });
    walk.life("/api/{space}/build-information", &build, false);
    let machine = registration("web-1", ENVIRONMENT, 1, &"0".repeat(64));
    walk.life("/api/{space}/machines", &machine, true);
    for (address, path) in [
        (
            "projects/{id}/deploymentprocesses",
            format!("projects/{}/deploymentprocesses", id(&shop)),
        ),
        (
            "deploymentprocesses/{id}",
            format!("deploymentprocesses/deploymentprocess-{}", id(&shop)),
        ),
        (
            "projects/{id}/variables",
            format!("projects/{}/variables", id(&shop)),
        ),
        (
            "variables/{id}",
            format!("variables/variableset-{}", id(&shop)),
        ),
    ] {
        let path = format!("/api/Spaces-1/{path}");
        let now = http.get(&path).expect(200);
        walk.change(&format!("PUT /api/{{space}}/{address}"), &path, &now);
    }
    for (number, (method, pattern)) in [
        ("POST", "/api/{space}/packages/raw"),
        ("PUT", "/nuget/v3/package"),
        ("PUT", "/nuget/packages"),
    ]
    .into_iter()
    .enumerate()
    {
        let package = packages::package("Acme", &format!("{number}.0.0"), 10, 1);
        let path = pattern.replace("{space}", "Spaces-1");
        http.upload(method, &path, &package).expect(201);
        walk.written(&format!("{method} {pattern}"));
    }
    let version = "/nuget/v3/package/Acme/1.0.0";
    walk.change(
        "DELETE /nuget/v3/package/{id}/{version}",
        version,
        &json!({}),
    );
    walk.change("POST /nuget/v3/package/{id}/{version}", version, &json!({}));
    let package = "/api/Spaces-1/packages/packages-Acme.2.0.0";
    walk.change("DELETE /api/{space}/packages/{id}", package, &json!({}));
    let release = json!({ "ProjectId": id(&shop), "Version": "1.0.0" });
    walk.life("/api/{space}/releases", &release, true);
    let by_name = json!({ "ProjectName": "Shop", "ReleaseVersion": "2.0.0" });
    let made = walk.change(
        "POST /api/{space}/releases/create/v1",
        "/api/Spaces-1/releases/create/v1",
        &by_name,
    );
    walk.change(
        "POST /api/{space}/releases/{id}/snapshot-variables",
        &format!(
            "/api/Spaces-1/releases/{}/snapshot-variables",
            made["ReleaseId"].as_str().unwrap()
        ),
        &json!({}),
    );
    let defects = format!(
        "/api/Spaces-1/releases/{}/defects",
        made["ReleaseId"].as_str().unwrap()
    );
    walk.change(
        "POST /api/{space}/releases/{id}/defects",
        &defects,
        &json!({ "Description": "Orders are lost" }),
    );
    walk.change(
        "POST /api/{space}/releases/{id}/defects/resolve",
        &format!("{defects}/resolve"),
        &json!({}),
    );
    let later = json!({ "ReleaseId": made["ReleaseId"], "EnvironmentId": "Environments-1", "QueueTime": "2999-01-01T00:00:00Z" });
    let mut tasks = Vec::new();
    for _ in 0..2 {
        let deployments = "/api/Spaces-1/deployments";
        let made = walk.change("POST /api/{space}/deployments", deployments, &later);
        tasks.push(made["TaskId"].as_str().unwrap().to_owned());
    }
    let by_name = json!({ "ProjectName": "Shop", "ReleaseVersion": "2.0.0", "EnvironmentNames": [ENVIRONMENT], "RunAt": "2999-01-01T00:00:00Z" });
    let v1 = "/api/Spaces-1/deployments/create/untenanted/v1";
    let made = walk.change(
        "POST /api/{space}/deployments/create/untenanted/v1",
        v1,
        &by_name,
    );
    let third = made["DeploymentServerTasks"][0]["ServerTaskId"]
        .as_str()
        .unwrap();
    walk.change(
        "POST /api/{space}/tasks",
        "/api/Spaces-1/tasks",
        &json!({ "Name": "Health" }),
    );
    walk.change(
        "POST /api/{space}/tasks/{id}/cancel",
        &format!("/api/Spaces-1/tasks/{}/cancel", tasks[0]),
        &json!({}),
    );
    walk.change(
        "POST /api/tasks/{id}/cancel",
        &format!("/api/tasks/{}/cancel", tasks[1]),
        &json!({}),
    );
    for (pattern, id) in [
        ("/api/{space}/tasks/rerun/{id}", &tasks[0]),
        ("/api/tasks/rerun/{id}", &tasks[1]),
    ] {
        world.ends(id, api::TaskState::Canceled);
        let path = pattern.replace("{space}", "Spaces-1").replace("{id}", id);
        walk.change(&format!("POST {pattern}"), &path, &json!({}));
    }
    let form = |path: &str, fields: &[(&str, &str)]| http.post_form(path, fields);
    form(&format!("/projects/{}/triggers", id(&shop)), &[]);
    walk.written("POST /projects/{id}/triggers");
    let triggers = format!("/api/Spaces-1/projects/{}/triggers", id(&shop));
    let trigger = id(&http.get(&triggers).expect(200)["Items"][0]);
    form(&format!("/triggers/{trigger}"), &[("disabled", "true")]);
    walk.written("POST /triggers/{id}");
    let page = defects
        .trim_start_matches("/api/Spaces-1")
        .replace("defects", "progression");
    let order = page.replace("progression", "deployments");
    form(&order, &[("environment", "Environments-1")]);
    walk.written("POST /releases/{id}/deployments");
    form(
        "/packages/Acme/deployments",
        &[("version", "1.0.0"), ("environment", "Environments-1")],
    );
    walk.written("POST /packages/{id}/deployments");
    form(&page, &[("wish", "prevent"), ("reason", "Orders are lost")]);
    walk.written("POST /releases/{id}/progression");
    // The portal's own button answers with the way back.
    http.send("POST", &format!("/tasks/{third}/cancel"), None);
    walk.written("POST /tasks/{id}/cancel");
    put(http, "/api/Spaces-1/machines/Machines-99", &machine).refusal(404);
    let changing = routes::all()
        .into_iter()
        .filter(|route| route.method != "GET");
    let mut missed: Vec<String> = changing.map(|route| route.name()).collect();
    missed.retain(|name| !walk.walked.contains(name) && !OTHERS.contains(&name.as_str()));
    assert_eq!(missed, [""; 0], "no change was tried at these");
}

#[test]
fn changes_are_found_by_who_what_and_when() {
    let world = World::new();
    let http = &world.http;
    let shop = project(http, "Shop");
    http.post(
        "/api/users",
        &json!({ "Username": "ann", "Password": "correct horse" }),
    )
    .expect(201);
    let total = |query: &str| {
        let events = http
            .get(&format!("/api/Spaces-1/events?{query}"))
            .expect(200);
        events["TotalResults"].as_u64().unwrap()
    };
    let all = total("");
    assert!(all >= 2);
    assert_eq!(total(&format!("regarding={}", id(&shop))), 1);
    assert_eq!(
        total(&format!(
            "regarding={},Projects-99",
            id(&shop).to_lowercase()
        )),
        1
    );
    assert_eq!(total("documentTypes=Projects"), 1);
    assert_eq!(total("documentTypes=Project%25"), 0);
    assert_eq!(total("documentTypes=Projects,Environments"), 2);
    assert_eq!(total("eventCategories=created"), all);
    assert_eq!(total("eventCategories=Deleted"), 0);
    assert_eq!(total("users=Users-1"), all);
    assert_eq!(total("users=ann"), 0);
    assert_eq!(
        total("from=2001-01-01T00:00:00Z&to=2999-01-01T00:00:00%2B01:00"),
        all
    );
    assert_eq!(total("to=2001-01-01T00:00:00Z"), 0);
    assert_eq!(total("documentTypes=Users"), 0);
    assert!(total("documentTypes=Users&includeSystem=true") >= 2);
    let first = http.get("/api/Spaces-1/events?take=1").expect(200)["Items"][0].clone();
    assert_eq!(
        http.get(&format!("/api/Spaces-1/events/{}", id(&first)))
            .expect(200),
        first
    );
    http.get("/api/Spaces-1/events/Events-999").refusal(404);
    assert!(
        http.get("/api/Spaces-1/events?from=yesterday")
            .refusal(400)
            .contains("from `yesterday`")
    );
}
