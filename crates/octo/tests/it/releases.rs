//! `project create` and `list`, `release create`, `deploy` and `list`.

use api::{Channel, Lifecycle, Project, ProjectGroup, Release, SelectedPackage};
use expect_test::expect;
use serde_json::json;

use crate::run::{Place, check, json};
use crate::samples::page;
use crate::server::{Reply, Server, ok};

fn project() -> Project {
    Project {
        id: "Projects-3".to_owned(),
        name: "Web".to_owned(),
        slug: "web".to_owned(),
        description: "The shop".to_owned(),
        ..Project::default()
    }
}

#[test]
fn a_project_is_created_in_its_group_and_with_its_lifecycle() {
    let named = |id: &str, name: &str| (id.to_owned(), name.to_owned());
    let groups = || {
        let (id, name) = named("ProjectGroups-2", "Shop");
        ok(page(
            vec![ProjectGroup {
                id,
                name,
                ..ProjectGroup::default()
            }],
            1,
        ))
    };
    let lifecycles = || {
        let (id, name) = named("Lifecycles-1", "Default Lifecycle");
        ok(page(
            vec![Lifecycle {
                id,
                name,
                ..Lifecycle::default()
            }],
            1,
        ))
    };
    let (of_groups, of_lifecycles) = (
        "GET /api/Spaces-1/projectgroups?skip=0&take=500",
        "GET /api/Spaces-1/lifecycles?skip=0&take=500",
    );
    let requests = check(
        vec![
            (of_groups, groups()),
            (of_lifecycles, lifecycles()),
            (
                "POST /api/Spaces-1/projects",
                Reply::Json(201, json!(project())),
            ),
        ],
        "project create --name Web --group shop --description x",
        expect![[r#"
            Id           Projects-3
            Name         Web
            Slug         web
            Description  The shop
            => 0
        "#]],
    );
    let sent = requests[2].json();
    assert_eq!(sent["ProjectGroupId"], "ProjectGroups-2");
    assert_eq!(sent["LifecycleId"], "Lifecycles-1");
    assert_eq!(
        (&sent["Name"], &sent["Description"]),
        (&json!("Web"), &json!("x"))
    );
    check(
        vec![(of_groups, groups())],
        "project create --name Web --group Moon",
        expect![[r#"
            ! Error: There is no project group "Moon".
            ! Hint: There is: Shop.
            => 1
        "#]],
    );
}

#[test]
fn projects_are_listed() {
    let path = "GET /api/Spaces-1/projects?partialName=we&skip=0&take=500";
    check(
        vec![(path, ok(page(vec![project()], 1)))],
        "project list -q we",
        expect![[r#"
            Name  Id          Slug  Description
            Web   Projects-3  web   The shop
            => 0
        "#]],
    );
}

#[test]
fn a_release_is_created_from_all_that_was_said() {
    let reply = || ok(json!({ "ReleaseId": "Releases-9", "ReleaseVersion": "1.2.0" }));
    let path = "POST /api/Spaces-1/releases/create/v1";
    let requests = check(
        vec![(path, reply())],
        "release create --project Web --channel Beta --version 1.2.0 --package-version 1.1.0 \
         --package Shop:2.0.1 --package Api:3.0.0 --release-notes hello --ignore-existing \
         --ignore-channel-rules",
        expect![[r#"
            Id       Releases-9
            Version  1.2.0
            => 0
        "#]],
    );
    let expected = json!({
        "ProjectName": "Web", "PackageVersion": "1.1.0", "ReleaseVersion": "1.2.0",
        "ChannelName": "Beta", "Packages": ["Shop:2.0.1", "Api:3.0.0"], "ReleaseNotes": "hello",
        "IgnoreIfAlreadyExists": true, "IgnoreChannelRules": true,
    });
    assert_eq!(requests[0].json(), expected);
    let server = Server::start(vec![(path, reply())]);
    let place = Place::with(&server);
    place.file("notes.md", "# Änderungen\n".as_bytes());
    place.check(
        "release create -p Web --release-notes-file notes.md -f basic",
        expect![[r#"
            1.2.0
            => 0
        "#]],
    );
    assert_eq!(server.finish()[0].json()["ReleaseNotes"], "# Änderungen\n");
    check(
        vec![],
        "release create -p Web --release-notes-file nowhere.md",
        expect![[r#"
            ! Error: nowhere.md cannot be read.
            ! Cause: No such file or directory (os error 2)
            => 1
        "#]],
    );
    check(
        vec![],
        "release create --no-prompt",
        expect![[r#"
        ! Error: --project is missing.
        ! Hint: Give --project; --help tells more.
        => 2
    "#]],
    );
}

#[test]
fn a_deployment_is_ordered_for_each_environment() {
    let reply = || {
        ok(json!({ "DeploymentServerTasks": [
            { "DeploymentId": "Deployments-4", "ServerTaskId": "ServerTasks-42" },
            { "DeploymentId": "Deployments-5", "ServerTaskId": "ServerTasks-43" },
        ] }))
    };
    let path = "POST /api/Spaces-1/deployments/create/untenanted/v1";
    let order = "release deploy -p Web --version 1.2.0 -e Staging -e Production";
    let requests = check(
        vec![(path, reply())],
        &format!(
            "{order} --deploy-at 2030-01-31T20:00:00Z --deploy-at-expiry 2030-01-31T21:00:00Z \
             --skip Smoke --deployment-target web-01 --exclude-deployment-target web-02 \
             --variable Token:a:b"
        ),
        expect![[r#"
            Task            Deployment
            ServerTasks-42  Deployments-4
            ServerTasks-43  Deployments-5
            => 0
        "#]],
    );
    let expected = json!({
        "ProjectName": "Web", "ReleaseVersion": "1.2.0",
        "EnvironmentNames": ["Staging", "Production"],
        "SpecificMachineNames": ["web-01"], "ExcludedMachineNames": ["web-02"],
        "ForcePackageDownload": false,
        "SkipStepNames": ["Smoke"], "RunAt": "2030-01-31T20:00:00Z",
        "NoRunAfter": "2030-01-31T21:00:00Z", "Variables": { "Token": "a:b" }, "UpdateVariableSnapshot": false,
    });
    assert_eq!(requests[0].json(), expected);
    check(
        vec![(path, reply())],
        &format!("{order} -f basic"),
        expect![[r#"
            ServerTasks-42
            ServerTasks-43
            => 0
        "#]],
    );
    let found = json(vec![(path, reply())], &format!("{order} -f json"));
    assert_eq!(found[1]["ServerTaskId"], "ServerTasks-43");
    let message = "EnvironmentId `Production`: Staging comes first.";
    let refusal = json!({ "ErrorMessage": message, "Errors": [message] });
    check(
        vec![(path, Reply::Json(400, refusal))],
        order,
        expect![[r#"
        ! Error: EnvironmentId `Production`: Staging comes first.
        => 1
    "#]],
    );
    check(
        vec![],
        "release deploy -p Web --version 1.2.0 --no-prompt",
        expect![[r#"
            ! Error: --environment is missing.
            ! Hint: Give --environment; --help tells more.
            => 2
        "#]],
    );
}

#[test]
fn releases_are_listed() {
    let chosen = |action: &str, version: &str| SelectedPackage {
        action_name: action.to_owned(),
        version: version.to_owned(),
        ..SelectedPackage::default()
    };
    let release = Release {
        id: "Releases-9".to_owned(),
        version: "1.2.0".to_owned(),
        channel_id: "Channels-2".to_owned(),
        assembled: "2026-11-23T22:00:00.000+00:00".to_owned(),
        selected_packages: vec![chosen("Deploy web", "1.1.0"), chosen("Deploy api", "3.0.0")],
        ..Release::default()
    };
    let path = "GET /api/Spaces-1/projects/my-web/releases?skip=0&take=500";
    let channel = Channel {
        id: "Channels-2".to_owned(),
        name: "Beta".to_owned(),
        ..Channel::default()
    };
    let server = Server::start(vec![
        (path, ok(page(vec![release], 1))),
        (
            "GET /api/Spaces-1/channels?skip=0&take=500",
            ok(page(vec![channel], 1)),
        ),
    ]);
    Place::with(&server).check(
        "release list --project my-web",
        expect![[r#"
            Version  Id          Channel  Assembled         Packages
            1.2.0    Releases-9  Beta     2026-11-23 22:00  Deploy web 1.1.0, Deploy api 3.0.0
            => 0
        "#]],
    );
    server.finish();
}

#[test]
fn all_that_an_order_can_say() {
    let reply = || {
        ok(
            json!({ "DeploymentServerTasks": [{ "DeploymentId": "Deployments-4", "ServerTaskId": "ServerTasks-42" }] }),
        )
    };
    let path = "POST /api/Spaces-1/deployments/create/untenanted/v1";
    let server = Server::start(vec![(path, reply())]);
    // With offset, zone and neither; in this place the clocks show UTC.
    Place::with(&server).check(
        "release deploy -p Web --version 1.2.0 -e Staging --deploy-at 2030-01-31T20:00[Europe/Berlin] \
         --deploy-at-expiry 2030-01-31T20:30 --guided-failure --force-package-download \
         --update-variables -v Ticket:CHG-7 -v A\\:B:c -f basic",
        expect![[r#"
            ServerTasks-42
            => 0
        "#]],
    );
    let sent = server.finish()[0].json();
    assert_eq!(
        (&sent["RunAt"], &sent["NoRunAfter"]),
        (
            &json!("2030-01-31T19:00:00Z"),
            &json!("2030-01-31T20:30:00Z")
        )
    );
    assert_eq!(sent["Variables"], json!({ "Ticket": "CHG-7", "A:B": "c" }));
    let switches = [
        "UseGuidedFailure",
        "UpdateVariableSnapshot",
        "ForcePackageDownload",
    ];
    assert!(switches.iter().all(|name| sent[name] == true), "{sent}");
    let requests = check(
        vec![(path, reply())],
        "release deploy -p Web --version 1.2.0 -e Staging -G false -f basic",
        expect![[r#"
            ServerTasks-42
            => 0
        "#]],
    );
    assert_eq!(requests[0].json()["UseGuidedFailure"], false);
    for order in [
        "--deploy-at yesterday",
        "--deploy-at 2030-01-31T20:00Z --deploy-at-expiry 2030-01-31T19:00Z",
        "--deploy-at-expiry 2020-01-31T19:00Z",
        "-G perhaps",
    ] {
        let told =
            Place::new().transcript(&format!("release deploy -p Web --version 1 -e A {order}"));
        assert!(told.ends_with("=> 2\n"), "{order}: {told}");
    }
}
