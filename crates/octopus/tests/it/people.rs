//! Users, their keys, teams and roles.

mod access;
mod audit;
mod command_line;
mod odd_text;

use serde_json::{Value, json};

use crate::{
    auth::{browser, sign_in},
    configuration::{id, put},
    http::Http,
    server::PASSWORD,
    world::{ENVIRONMENT, World},
};

/// A user who is the one member of a team with a role; gives the user, and a client with a key of it.
pub(crate) fn member(world: &World, name: &str, role: Option<Value>) -> (Value, Http) {
    let http = &world.http;
    let new = json!({ "Username": name, "Password": format!("{name} {PASSWORD}") });
    let user = http.post("/api/users", &new).expect(201);
    let team = json!({ "Name": format!("Team of {name}"), "MemberUserIds": [name] });
    let team = http.post("/api/teams", &team).expect(201);
    if let Some(mut role) = role {
        role["TeamId"] = team["Id"].clone();
        http.post("/api/scopeduserroles", &role).expect(201);
    }
    let keys = format!("/api/users/{}/apikeys", id(&user));
    let key = http.post(&keys, &json!({ "Purpose": "test" })).expect(201);
    let url = &world.server.as_ref().unwrap().url;
    (user, Http::with_key(url, key["ApiKey"].as_str().unwrap()))
}

#[test]
fn a_key_is_shown_once_and_ends() {
    let world = World::new();
    let (user, ann) = member(&world, "ann", None);
    let keys = format!("/api/users/{}/apikeys", id(&user));
    let me = ann.get("/api/users/me").expect(200);
    assert_eq!(
        (&me["Username"], &me["IsRequestor"]),
        (&json!("ann"), &json!(true))
    );
    let list = ann.get(&keys).expect(200);
    let key = &list["Items"][0];
    assert_eq!(
        (&list["TotalResults"], &key["Purpose"]),
        (&json!(1), &json!("test"))
    );
    assert_eq!(key["ApiKey"]["HasValue"], true);
    let hint = key["ApiKey"]["Hint"].as_str().unwrap();
    assert!(
        hint.starts_with("API-") && hint.chars().count() == 9,
        "{hint}"
    );
    let new = json!({ "Purpose": "soon over", "Expires": "2999-01-31T20:00:00+01:00" });
    let second = ann.post(&keys, &new).expect(201);
    assert_eq!(second["Expires"], "2999-01-31T19:00:00Z");
    let own = format!("{keys}/{}", id(&second));
    assert_eq!(ann.get(&own).expect(200)["Expires"], second["Expires"]);
    for (body, words) in [
        (json!({ "Purpose": "x".repeat(201) }), "Purpose `x"),
        (json!({ "Purpose": "a\nb" }), "on one line"),
        (
            json!({ "Expires": "2001-01-01T00:00:00Z" }),
            "Expires `2001",
        ),
        (json!({ "Expires": "tomorrow" }), "Expires `tomorrow`"),
    ] {
        let message = ann.post(&keys, &body).refusal(400);
        assert!(message.contains(words), "{message}");
    }
    // A key works until it is taken back.
    let url = &world.server.as_ref().unwrap().url;
    let by_second = Http::with_key(url, second["ApiKey"].as_str().unwrap());
    by_second.get("/api/users/me").expect(200);
    ann.send("DELETE", &own, None).expect(200);
    by_second.get("/api/users/me").refusal(401);
    ann.get(&own).refusal(404);
}

#[test]
fn people_change_themselves_and_administrators_change_all() {
    let world = World::new();
    let (user, ann) = member(&world, "ann", None);
    let own = format!("/api/users/{}", id(&user));
    let mut changed = user.clone();
    changed["DisplayName"] = json!("Ann Onymous");
    changed["EmailAddress"] = json!("ann@example.com");
    let now = put(&ann, &own, &changed).expect(200);
    assert_eq!(
        (&now["DisplayName"], &now["EmailAddress"]),
        (&changed["DisplayName"], &changed["EmailAddress"])
    );
    for (field, value) in [
        ("IsActive", json!(false)),
        ("Username", json!("root")),
        ("IsService", json!(true)),
    ] {
        let mut more = now.clone();
        more[field] = value;
        let message = put(&ann, &own, &more).refusal(403);
        assert!(
            message.contains("Missing permission: UserEdit"),
            "{message}"
        );
    }
    for (field, value, words) in [
        ("Username", json!(""), "Username ``"),
        ("Username", json!("a b"), "no spaces"),
        ("Username", json!("me"), "another thing"),
        ("Username", json!("ADMIN"), "another user has this name"),
        ("DisplayName", json!("a\u{7}"), "DisplayName"),
        ("EmailAddress", json!("nobody"), "EmailAddress `nobody`"),
        ("Password", json!("short"), "8 to 1000"),
        ("Password", json!(7), "Password: invalid type"),
    ] {
        let mut wrong = now.clone();
        wrong[field] = value;
        let message = put(&world.http, &own, &wrong).message();
        assert!(message.contains(words), "{message}");
        assert!(!message.contains("short"), "{message}");
    }
    // Nobody locks everybody out.
    let admin = world.http.get("/api/users/me").expect(200);
    let admins_own = format!("/api/users/{}", id(&admin));
    let mut off = admin;
    off["IsActive"] = json!(false);
    for refused in [
        put(&world.http, &admins_own, &off),
        world.http.send("DELETE", &admins_own, None),
    ] {
        assert!(refused.refusal(400).contains("last active member"));
    }
    let teams = world.http.get("/api/teams/all").expect(200);
    let team = teams
        .as_array()
        .unwrap()
        .iter()
        .find(|team| team["CanBeDeleted"] == false);
    let team = team.unwrap();
    let path = format!("/api/teams/{}", id(team));
    let mut empty = team.clone();
    empty["MemberUserIds"] = json!([]);
    put(&world.http, &path, &empty).refusal(400);
    world.http.send("DELETE", &path, None).refusal(400);
    let role = json!({ "TeamId": id(team), "UserRoleId": "userroles-projectviewer" });
    world.http.post("/api/scopeduserroles", &role).refusal(400);
    // With a second one, the first may go; the members of teams go with the user.
    let mut two = team.clone();
    two["MemberUserIds"] = json!(["admin", "ann"]);
    put(&world.http, &path, &two).expect(200);
    ann.send("DELETE", &admins_own, None).expect(200);
    world.http.get("/api/users/me").refusal(401);
    assert_eq!(
        ann.get(&path).expect(200)["MemberUserIds"],
        json!([id(&user)])
    );
}

#[test]
fn a_session_ends_with_its_password_and_its_user() {
    let world = World::new();
    let (user, _) = member(
        &world,
        "ann",
        Some(json!({ "UserRoleId": "userroles-projectviewer" })),
    );
    let own = format!("/api/users/{}", id(&user));
    let first = format!("ann {PASSWORD}");
    let nobody = world.anonymous();
    let at_work = || {
        let (page, _) = browser(&world, "ann", &first);
        assert_eq!(page.get("/environments").status, 200);
        page
    };
    let page = at_work();
    let mut changed = user;
    changed["Password"] = json!("another one");
    let answer = put(&world.http, &own, &changed);
    assert!(!answer.text.contains("another one"), "{}", answer.text);
    answer.expect(200);
    assert_eq!(page.get("/environments").status, 303);
    assert_eq!(sign_in(&nobody, "ann", &first, "").status, 401);
    changed["Password"] = json!("ann once again");
    put(&world.http, &own, &changed).expect(200);
    let (page, _) = browser(&world, "ann", "ann once again");
    // Deactivated: no page, no sign-in, no key.
    changed.as_object_mut().unwrap().remove("Password");
    changed["IsActive"] = json!(false);
    let key = world
        .http
        .post(&format!("{own}/apikeys"), &json!({}))
        .expect(201);
    let program = nobody.with(api::API_KEY_HEADER, key["ApiKey"].as_str().unwrap());
    program.get("/api/users/me").expect(200);
    put(&world.http, &own, &changed).expect(200);
    assert_eq!(page.get("/environments").status, 303);
    assert_eq!(sign_in(&nobody, "ann", "ann once again", "").status, 401);
    program.get("/api/users/me").refusal(401);
    // What was changed is written down, without the secrets.
    let events = "/api/Spaces-1/events?includeSystem=true&documentTypes=Users&take=100";
    let events = world.http.get(events).expect(200).to_string();
    assert!(events.contains("with a new password"), "{events}");
    assert!(
        !events.contains(PASSWORD) && !events.contains("another one"),
        "{events}"
    );
}

#[test]
fn a_deployer_deploys_to_the_environments_of_the_role_alone() {
    let world = World::new();
    let http = &world.http;
    let other = http
        .post("/api/Spaces-1/environments", &json!({ "Name": "Prod" }))
        .expect(201);
    let test = http
        .get("/api/Spaces-1/environments?partialName=Test")
        .expect(200);
    let test = &test["Items"][0];
    let agent = world.agent("web-1");
    world.push(&crate::packages::package(
        crate::world::PACKAGE,
        "1.0.0",
        10,
        1,
    ));
    let role = json!({ "UserRoleId": "userroles-projectdeployer", "EnvironmentIds": [id(test)] });
    let (_, dora) = member(&world, "dora", Some(role));
    let permissions = dora.get("/api/users/me/permissions").expect(200);
    assert_eq!(
        permissions["SpacePermissions"]["DeploymentCreate"],
        json!([{ "SpaceId": null, "RestrictedToEnvironmentIds": [id(test)] }])
    );
    let order = |environment: &str| {
        json!({ "Name": "DeployPackage", "Arguments":
            { "PackageId": crate::world::PACKAGE, "EnvironmentIds": [environment] } })
    };
    let tasks = "/api/Spaces-1/tasks";
    let task = dora.post(tasks, &order(ENVIRONMENT)).expect(201);
    world.ends(&id(&task), api::TaskState::Success);
    assert_eq!(agent.runs(), [1]);
    let message = dora.post(tasks, &order("prod")).refusal(403);
    assert!(
        message.ends_with("DeploymentCreate in the environment Prod"),
        "{message}"
    );
    let upgrade = json!({ "Name": "Upgrade", "Arguments": { "MachineIds": ["web-1"] } });
    assert!(
        dora.post(tasks, &upgrade)
            .refusal(403)
            .contains("MachineEdit")
    );
    // A machine reaches all environments that it is in.
    let machine = world.machine("web-1");
    let path = format!("/api/Spaces-1/machines/{}", machine.id);
    let mut both = serde_json::to_value(&machine).unwrap();
    both["EnvironmentIds"] = json!([id(test), id(&other)]);
    put(http, &path, &both).expect(200);
    let by_machine = json!({ "Name": "DeployPackage", "Arguments":
        { "PackageId": crate::world::PACKAGE, "MachineIds": ["web-1"] } });
    dora.post(tasks, &by_machine).refusal(403);
    put(&dora, &path, &both).refusal(403);
    // The release of a project: the same rule.
    let project = crate::configuration::project(http, "Shop");
    let release = json!({ "ProjectId": id(&project), "Version": "1.0.0" });
    let release = http.post("/api/Spaces-1/releases", &release).expect(201);
    let deployments = "/api/Spaces-1/deployments";
    let to = |environment: &Value| json!({ "ReleaseId": id(&release), "EnvironmentId": id(environment) });
    let message = dora.post(deployments, &to(&other)).refusal(403);
    assert!(message.contains("in the environment Prod"), "{message}");
    let by_name =
        json!({ "ProjectName": "Shop", "ReleaseVersion": "1.0.0", "EnvironmentNames": ["Prod"] });
    dora.post(&format!("{deployments}/create/untenanted/v1"), &by_name)
        .refusal(403);
    assert_eq!(http.get(deployments).expect(200)["TotalResults"], 0);
    dora.post(deployments, &to(test)).expect(201);
    // Neither ends what runs elsewhere.
    let later = json!({ "ReleaseId": id(&release), "EnvironmentId": id(&other), "QueueTime": "2999-01-01T00:00:00Z" });
    let waiting = http.post(deployments, &later).expect(201);
    let cancel = format!("/api/tasks/{}/cancel", waiting["TaskId"].as_str().unwrap());
    dora.post(&cancel, &json!({})).refusal(403);
    http.post(&cancel, &json!({})).expect(200);
}

#[test]
fn a_role_counts_in_its_space_alone() {
    let world = World::new();
    let http = &world.http;
    let second = http
        .post("/api/spaces", &json!({ "Name": "Second" }))
        .expect(201);
    let role = json!({ "UserRoleId": "Administrator", "SpaceId": "Second" });
    let (_, sam) = member(&world, "sam", Some(role));
    let there = format!("/api/{}/projectgroups", id(&second));
    sam.post(&there, &json!({ "Name": "Own" })).expect(201);
    sam.get("/api/Spaces-1/projectgroups").refusal(403);
    sam.get("/api/default/projectgroups").refusal(403);
    sam.post("/api/projectgroups", &json!({ "Name": "Own" }))
        .refusal(403);
    // What belongs to no space is not theirs either.
    sam.get("/api/users").refusal(403);
    sam.post("/api/spaces", &json!({ "Name": "Third" }))
        .refusal(403);
    for (role, words) in [
        (json!({ "UserRoleId": "Boss" }), "UserRoleId `Boss`"),
        (
            json!({ "UserRoleId": "Reader", "TeamId": "Teams-99" }),
            "TeamId `Teams-99`",
        ),
        (
            json!({ "UserRoleId": "Reader", "SpaceId": "Spaces-99" }),
            "SpaceId `Spaces-99`",
        ),
        (
            json!({ "UserRoleId": "Deployer", "EnvironmentIds": ["Environments-99"] }),
            "`Environments-99`",
        ),
        (
            json!({ "UserRoleId": "Reader", "EnvironmentIds": ["Environments-1"] }),
            "only the role",
        ),
        (
            json!({ "UserRoleId": "Deployer", "ProjectIds": ["Projects-1"] }),
            "ProjectIds: roles are limited",
        ),
    ] {
        let mut role = role;
        let teams = sam.get("/api/users/me/teams").expect(200);
        if role["TeamId"].is_null() {
            role["TeamId"] = teams[0]["Id"].clone();
        }
        let message = http.post("/api/scopeduserroles", &role).refusal(400);
        assert!(message.contains(words), "{message}");
    }
    // Taken away, it counts no more; with the team, all of its roles go.
    let teams = sam.get("/api/users/me/teams").expect(200);
    http.send("DELETE", &format!("/api/teams/{}", id(&teams[0])), None)
        .expect(200);
    sam.get(&there).refusal(403);
    assert_eq!(
        http.get("/api/scopeduserroles").expect(200)["TotalResults"],
        1
    );
}
