//! Feeds, lifecycles and deployment processes.

use api::{DeploymentAction, DeploymentProcess, DeploymentStep, Feed, Lifecycle, Phase, Project};
use expect_test::expect;
use serde_json::{Value, json};

use crate::run::{Place, check};
use crate::samples::page;
use crate::server::{Reply, Server, ok};

#[test]
fn feeds_are_made_and_shown_without_their_password() {
    let feed = Feed {
        id: "Feeds-2".to_owned(),
        name: "Acme".to_owned(),
        feed_type: "NuGet".to_owned(),
        feed_uri: Some("https://nuget.example.com/v3/index.json".to_owned()),
        username: Some("build".to_owned()),
        ..Feed::default()
    };
    let server = Server::start(vec![("POST /api/Spaces-1/feeds", ok(&feed))]);
    let place = Place::with(&server).set("OCTO_FEED_PASSWORD", "hush");
    place.check(
        "feed create --name Acme --url https://nuget.example.com/v3/index.json --username build",
        expect![[r#"
            Id       Feeds-2
            Name     Acme
            Type     NuGet
            Address  https://nuget.example.com/v3/index.json
            User     build
            => 0
        "#]],
    );
    let sent = server.finish().remove(0).json();
    assert_eq!(sent["Password"], json!({ "NewValue": "hush" }));
    check(
        vec![],
        "feed create --name Acme --url https://nuget.example.com --username build",
        expect![[r#"
            ! Error: --password is missing.
            ! Hint: Give --password; --help tells more.
            => 2
        "#]],
    );
    const FEEDS: &str = "GET /api/Spaces-1/feeds?skip=0&take=500";
    check(
        vec![(FEEDS, ok(page(vec![feed.clone()], 1)))],
        "feed list",
        expect![[r#"
            Name  Id       Type   Address
            Acme  Feeds-2  NuGet  https://nuget.example.com/v3/index.json
            => 0
        "#]],
    );
    check(
        vec![(FEEDS, ok(page(vec![feed], 1)))],
        "feed view acme -f basic",
        expect![[r#"
            Acme
            => 0
        "#]],
    );
}

fn file(server: &Server, content: &Value) -> Place {
    let place = Place::with(server);
    place.file("new.json", content.to_string().as_bytes());
    place
}

#[test]
fn lifecycles_come_from_files() {
    let lifecycle = Lifecycle {
        id: "Lifecycles-2".to_owned(),
        name: "Shop".to_owned(),
        phases: vec![Phase {
            name: "Test".to_owned(),
            optional_deployment_targets: vec!["Environments-1".to_owned()],
            is_optional_phase: true,
            ..Phase::default()
        }],
        ..Lifecycle::default()
    };
    let server = Server::start(vec![("POST /api/Spaces-1/lifecycles", ok(&lifecycle))]);
    file(
        &server,
        &json!({ "Id": "Lifecycles-1", "Name": "Default", "Phases": [] }),
    )
    .check(
        "lifecycle create --name Shop --file new.json",
        expect![[r#"
            Id     Lifecycles-2
            Name   Shop
            Phase  Test  1 by people  optional
            => 0
        "#]],
    );
    let sent = server.finish().remove(0).json();
    assert_eq!(sent, json!({ "Name": "Shop", "Phases": [] }));
    const ALL: &str = "GET /api/Spaces-1/lifecycles?skip=0&take=500";
    let all = || ok(page(vec![lifecycle.clone()], 1));
    let server = Server::start(vec![
        (ALL, all()),
        ("PUT /api/Spaces-1/lifecycles/Lifecycles-2", ok(&lifecycle)),
    ]);
    file(&server, &json!({ "Name": "Shop" })).check(
        "lifecycle update shop --file new.json -f basic",
        expect![[r#"
            Shop
            => 0
        "#]],
    );
    server.finish();
    check(
        vec![(ALL, all())],
        "lifecycle list",
        expect![[r#"
        Name  Id            Phases  Description
        Shop  Lifecycles-2       1
        => 0
    "#]],
    );
    let place = Place::new();
    place.file("list.json", b"[]");
    place.file("half.json", b"{");
    place.check(
        "lifecycle create --file list.json",
        expect![[r#"
        ! Error: list.json is JSON, but not an object.
        ! Hint: Give one thing in braces, as `-f json` prints it.
        => 1
    "#]],
    );
    place.check(
        "lifecycle create --file half.json",
        expect![[r#"
        ! Error: half.json is not JSON: EOF while parsing an object at line 1 column 1.
        ! Hint: Give a file such as `-f json` prints it.
        => 1
    "#]],
    );
    place.check(
        "lifecycle create --file none.json",
        expect![[r#"
        ! Error: none.json cannot be read.
        ! Cause: No such file or directory (os error 2)
        => 1
    "#]],
    );
}

#[test]
fn a_process_is_shown_and_changed() {
    let project = Project {
        id: "Projects-3".to_owned(),
        name: "Web".to_owned(),
        slug: "web".to_owned(),
        ..Project::default()
    };
    let action = |name: &str| DeploymentAction {
        name: name.to_owned(),
        action_type: "Octopus.Script".to_owned(),
        ..DeploymentAction::default()
    };
    let step = |name: &str, actions: &[&str]| DeploymentStep {
        name: name.to_owned(),
        actions: actions.iter().map(|name| action(name)).collect(),
        ..DeploymentStep::default()
    };
    let process = DeploymentProcess {
        id: "deploymentprocess-Projects-3".to_owned(),
        project_id: "Projects-3".to_owned(),
        version: 4,
        steps: vec![step("Say", &["Say"]), step("Both", &["One", "Two"])],
        ..DeploymentProcess::default()
    };
    const PROJECTS: &str = "GET /api/Spaces-1/projects?skip=0&take=500";
    const PROCESS: &str = "GET /api/Spaces-1/projects/Projects-3/deploymentprocesses";
    let projects = || ok(page(vec![project.clone()], 1));
    check(
        vec![(PROJECTS, projects()), (PROCESS, ok(&process))],
        "project process view --project web",
        expect![[r#"
            Id       deploymentprocess-Projects-3
            Version  4
            Step     Say  Octopus.Script
            Step     Both  One (Octopus.Script), Two (Octopus.Script)
            => 0
        "#]],
    );
    let put = "PUT /api/Spaces-1/projects/Projects-3/deploymentprocesses";
    let conflict = "The process was changed by others since; read it again.";
    let server = Server::start(vec![
        (PROJECTS, projects()),
        (put, Reply::Json(409, json!({ "ErrorMessage": conflict }))),
    ]);
    file(&server, &json!({ "Version": 3, "Steps": [] })).check(
        "project process update --project Web --file new.json",
        expect![[r#"
            ! Error: The process was changed by others since; read it again.
            => 1
        "#]],
    );
    server.finish();
    let server = Server::start(vec![
        (PROJECTS, projects()),
        (PROCESS, ok(&process)),
        (put, ok(&process)),
    ]);
    file(
        &server,
        &json!({ "Version": 3, "Steps": [], "ProjectId": "Projects-9" }),
    )
    .check(
        "project process update --project Web --file new.json --any-version -f basic",
        expect![[r#"
            deploymentprocess-Projects-3
            => 0
        "#]],
    );
    let sent = server.finish().remove(2).json();
    assert_eq!(
        (&sent["Version"], &sent["ProjectId"]),
        (&json!(4), &json!("Projects-3"))
    );
}
