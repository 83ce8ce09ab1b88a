//! Spaces, project groups, projects, channels, users and build information: made, listed, shown
//! and deleted.

use api::{BuildInformation, Channel, Commit, Lifecycle, Project, ProjectGroup, Space};
use expect_test::expect;
use serde_json::{Value, json};

use crate::run::{Place, check};
use crate::samples::{environments, page};
use crate::server::{Reply, Server, ok};

const SPACES: &str = "GET /api/spaces?skip=0&take=500";
const GROUPS: &str = "GET /api/Spaces-1/projectgroups?skip=0&take=500";
const PROJECTS: &str = "GET /api/Spaces-1/projects?skip=0&take=500";
const LIFECYCLES: &str = "GET /api/Spaces-1/lifecycles?skip=0&take=500";
const CHANNELS: &str = "GET /api/Spaces-1/projects/Projects-3/channels?skip=0&take=500";

fn space(id: &str, name: &str) -> Space {
    Space {
        id: id.to_owned(),
        name: name.to_owned(),
        slug: name.to_lowercase(),
        is_default: id == "Spaces-1",
        ..Space::default()
    }
}

fn spaces() -> Reply {
    let all = vec![space("Spaces-1", "Default"), space("Spaces-2", "Shop")];
    ok(page(all, 2))
}

fn groups() -> Reply {
    let group = ProjectGroup {
        id: "ProjectGroups-2".to_owned(),
        name: "Shop".to_owned(),
        description: "What customers see".to_owned(),
        ..ProjectGroup::default()
    };
    ok(page(vec![group], 1))
}

fn project() -> Project {
    Project {
        id: "Projects-3".to_owned(),
        name: "Web".to_owned(),
        slug: "web".to_owned(),
        project_group_id: "ProjectGroups-2".to_owned(),
        lifecycle_id: "Lifecycles-1".to_owned(),
        ..Project::default()
    }
}

fn projects() -> Reply {
    ok(page(vec![project()], 1))
}

fn channels() -> Reply {
    let channel = |id: &str, name: &str, is_default| Channel {
        id: id.to_owned(),
        name: name.to_owned(),
        project_id: "Projects-3".to_owned(),
        is_default,
        ..Channel::default()
    };
    let all = vec![
        channel("Channels-1", "Release", true),
        channel("Channels-2", "Beta", false),
    ];
    ok(page(all, 2))
}

fn lifecycles() -> Reply {
    let lifecycle = Lifecycle {
        id: "Lifecycles-1".to_owned(),
        name: "Default Lifecycle".to_owned(),
        ..Lifecycle::default()
    };
    ok(page(vec![lifecycle], 1))
}

#[test]
fn spaces_are_made_listed_shown_and_deleted() {
    let made = Reply::Json(201, json!(space("Spaces-2", "Shop")));
    let users = json!([{ "Id": "Users-5", "Username": "ada", "DisplayName": "Ada" }]);
    let requests = check(
        vec![
            (
                "GET /api/users?skip=0&take=500",
                ok(page(users.as_array().unwrap().clone(), 1)),
            ),
            ("POST /api/spaces", made),
        ],
        "space create --name Shop --user ADA",
        expect![[r#"
            Id    Spaces-2
            Name  Shop
            Slug  shop
            => 0
        "#]],
    );
    assert_eq!(
        requests[1].json()["SpaceManagersTeamMembers"],
        json!(["Users-5"])
    );
    check(
        vec![(SPACES, spaces())],
        "space list",
        expect![[r#"
        Name     Id        Description
        Default  Spaces-1
        Shop     Spaces-2
        => 0
    "#]],
    );
    check(
        vec![(SPACES, spaces())],
        "space view shop",
        expect![[r#"
        Id    Spaces-2
        Name  Shop
        Slug  shop
        => 0
    "#]],
    );
    check(
        vec![
            (SPACES, spaces()),
            ("DELETE /api/spaces/Spaces-2", ok(json!({}))),
        ],
        "space delete Shop --confirm",
        expect![[r#"
            Deleted  space Shop (Spaces-2)
            => 0
        "#]],
    );
    check(
        vec![
            (SPACES, spaces()),
            ("DELETE /api/spaces/Spaces-2", ok(json!({}))),
        ],
        "space rm Spaces-2 -y -f json",
        expect![[r#"
            {
              "Id": "Spaces-2",
              "Name": "Shop"
            }
            => 0
        "#]],
    );
    check(
        vec![(SPACES, spaces())],
        "space delete Shoop -y",
        expect![[r#"
            ! Error: There is no space "Shoop".
            ! Hint: Did you mean Shop?
            => 1
        "#]],
    );
    check(
        vec![(SPACES, spaces())],
        "space delete Shop",
        expect![[r#"
        ! Error: --confirm is missing, so the space Shop is not deleted.
        ! Hint: Give --confirm (-y) to delete without a question.
        => 2
    "#]],
    );
}

#[test]
fn a_space_that_is_unknown_is_told_with_those_there_are() {
    let message = "There is no space `Shoop`; GET /api/spaces lists what there is.";
    let refusal = || Reply::Json(404, json!({ "ErrorMessage": message }));
    check(
        vec![
            ("GET /api/Shoop/tasks?skip=0&take=30", refusal()),
            (SPACES, spaces()),
        ],
        "task list -s Shoop",
        expect![[r#"
            ! Error: There is no space "Shoop".
            ! Hint: Did you mean Shop?
            => 1
        "#]],
    );
    // In a space that is there, a refusal stays what it is.
    let refusal = Reply::Json(
        404,
        json!({ "ErrorMessage": "There is no task ServerTasks-9." }),
    );
    check(
        vec![
            ("GET /api/Shop/tasks/ServerTasks-9/details", refusal),
            (SPACES, spaces()),
        ],
        "task view ServerTasks-9 -s Shop",
        expect![[r#"
            ! Error: There is no task ServerTasks-9.
            => 1
        "#]],
    );
}

#[test]
fn environments_and_users_are_deleted() {
    check(
        vec![
            ("GET /api/Spaces-1/environments/all", ok(environments())),
            (
                "DELETE /api/Spaces-1/environments/Environments-1",
                ok(json!({})),
            ),
        ],
        "environment delete staging -y",
        expect![[r#"
            Deleted  environment Staging (Environments-1)
            => 0
        "#]],
    );
    let refusal = "The environment Staging has deployment targets; remove them first.";
    check(
        vec![
            ("GET /api/Spaces-1/environments/all", ok(environments())),
            (
                "DELETE /api/Spaces-1/environments/Environments-1",
                Reply::Json(409, json!({ "ErrorMessage": refusal })),
            ),
        ],
        "environment delete staging -y",
        expect![[r#"
            ! Error: The environment Staging has deployment targets; remove them first.
            => 1
        "#]],
    );
    let users = || {
        let user = json!({ "Id": "Users-5", "Username": "ada", "DisplayName": "Ada Lovelace" });
        ok(page(vec![user], 1))
    };
    check(
        vec![("GET /api/users?partialName=a&skip=0&take=500", users())],
        "user list -q a",
        expect![[r#"
            Username  Id       Name
            ada       Users-5  Ada Lovelace
            => 0
        "#]],
    );
    check(
        vec![
            ("GET /api/users?skip=0&take=500", users()),
            ("DELETE /api/users/Users-5", ok(json!({}))),
        ],
        "user delete ada -y -f basic",
        expect![[r#"
            ada
            => 0
        "#]],
    );
}

#[test]
fn project_groups() {
    let group = json!({ "Id": "ProjectGroups-2", "Name": "Shop" });
    check(
        vec![("POST /api/Spaces-1/projectgroups", Reply::Json(201, group))],
        "project-group create --name Shop",
        expect![[r#"
            Id    ProjectGroups-2
            Name  Shop
            => 0
        "#]],
    );
    check(
        vec![(GROUPS, groups())],
        "project-group list",
        expect![[r#"
            Name  Id               Description
            Shop  ProjectGroups-2  What customers see
            => 0
        "#]],
    );
    check(
        vec![(GROUPS, groups()), (PROJECTS, projects())],
        "project-group view Shop",
        expect![[r#"
            Id           ProjectGroups-2
            Name         Shop
            Description  What customers see
            Projects     Web
            => 0
        "#]],
    );
}

#[test]
fn a_project_is_shown_switched_copied_and_deleted() {
    check(
        vec![
            (PROJECTS, projects()),
            (GROUPS, groups()),
            (LIFECYCLES, lifecycles()),
            (CHANNELS, channels()),
        ],
        "project view web",
        expect![[r#"
            Id         Projects-3
            Name       Web
            Slug       web
            Group      Shop
            Lifecycle  Default Lifecycle
            Channels   Release, Beta
            => 0
        "#]],
    );
    let disabled = Project {
        is_disabled: true,
        ..project()
    };
    let requests = check(
        vec![
            (PROJECTS, projects()),
            ("PUT /api/Spaces-1/projects/Projects-3", ok(&disabled)),
        ],
        "project disable Web",
        expect![[r#"
            Id        Projects-3
            Name      Web
            Slug      web
            Disabled  yes
            => 0
        "#]],
    );
    assert_eq!(
        requests[1].json(),
        json!(disabled),
        "only the switch is changed"
    );
    let copy = Project {
        id: "Projects-4".to_owned(),
        name: "Api".to_owned(),
        slug: "api".to_owned(),
        ..project()
    };
    let requests = check(
        vec![
            (PROJECTS, projects()),
            (
                "POST /api/Spaces-1/projects?clone=Projects-3",
                Reply::Json(201, json!(copy)),
            ),
        ],
        "project clone Web --name Api",
        expect![[r#"
            Id    Projects-4
            Name  Api
            Slug  api
            => 0
        "#]],
    );
    let sent = requests[1].json();
    assert_eq!((&sent["Name"], &sent["Slug"]), (&json!("Api"), &json!("")));
    assert_eq!(sent["ProjectGroupId"], "ProjectGroups-2");
    check(
        vec![
            (PROJECTS, projects()),
            ("DELETE /api/Spaces-1/projects/Projects-3", ok(json!({}))),
        ],
        "project delete Web -y",
        expect![[r#"
            Deleted  project Web (Projects-3)
            => 0
        "#]],
    );
    check(
        vec![(PROJECTS, projects())],
        "project view Wep",
        expect![[r#"
            ! Error: There is no project "Wep".
            ! Hint: There is: Web.
            => 1
        "#]],
    );
}

#[test]
fn channels_of_a_project() {
    let made = json!({ "Id": "Channels-3", "Name": "Hotfix", "ProjectId": "Projects-3", "IsDefault": true });
    let requests = check(
        vec![
            (PROJECTS, projects()),
            (LIFECYCLES, lifecycles()),
            ("POST /api/Spaces-1/channels", Reply::Json(201, made)),
        ],
        "channel create -p Web -n Hotfix --lifecycle Lifecycles-1 --default",
        expect![[r#"
            Id         Channels-3
            Name       Hotfix
            Project    Projects-3
            Lifecycle  as the project's
            Default    yes
            => 0
        "#]],
    );
    let sent = requests[2].json();
    assert_eq!(
        (&sent["ProjectId"], &sent["LifecycleId"]),
        (&json!("Projects-3"), &json!("Lifecycles-1"))
    );
    check(
        vec![(PROJECTS, projects()), (CHANNELS, channels())],
        "channel list -p Web",
        expect![[r#"
            Name     Id          Default  Description
            Release  Channels-1  yes
            Beta     Channels-2
            => 0
        "#]],
    );
    check(
        vec![
            (PROJECTS, projects()),
            (CHANNELS, channels()),
            ("DELETE /api/Spaces-1/channels/Channels-2", ok(json!({}))),
        ],
        "channel delete beta -p Web -y",
        expect![[r#"
            Deleted  channel Beta (Channels-2)
            => 0
        "#]],
    );
    check(
        vec![(PROJECTS, projects()), (CHANNELS, channels())],
        "channel view Betta -p Web",
        expect![[r#"
            ! Error: There is no channel "Betta".
            ! Hint: Did you mean Beta?
            => 1
        "#]],
    );
}

#[test]
fn build_information_goes_there_and_comes_back() {
    let told = BuildInformation {
        id: "BuildInformation-7".to_owned(),
        package_id: "Acme.Web".to_owned(),
        version: "1.2.0".to_owned(),
        branch: "main".to_owned(),
        build_number: "42".to_owned(),
        commits: vec![Commit {
            id: "abc123".to_owned(),
            comment: "Orders are kept".to_owned(),
            ..Commit::default()
        }],
        ..BuildInformation::default()
    };
    let path = "POST /api/Spaces-1/build-information?overwriteMode=OverwriteExisting";
    let server = Server::start(vec![(path, ok(&told)), (path, ok(&told))]);
    let place = Place::with(&server);
    let file = json!({ "Branch": "main", "BuildNumber": "42", "New": 1 });
    place.file("build.json", file.to_string().as_bytes());
    place.check(
        "build-information upload --package-id Acme.Web --package-id Acme.Api --version 1.2.0 \
         --file build.json --overwrite-mode overwrite",
        expect![[r#"
            Package   Version  Id                  Commits
            Acme.Web  1.2.0    BuildInformation-7        1
            Acme.Web  1.2.0    BuildInformation-7        1
            => 0
        "#]],
    );
    let sent: Vec<Value> = server
        .finish()
        .iter()
        .map(|request| request.json())
        .collect();
    assert_eq!(sent[1]["PackageId"], "Acme.Api");
    assert_eq!(
        sent[0]["OctopusBuildInformation"], file,
        "the file goes as it is"
    );
    place.file("build.txt", b"[1]");
    place.check(
        "build-information upload --package-id A --version 1 --file build.txt",
        expect![[r#"
            ! Error: build.txt is JSON, but not an object.
            ! Hint: Write {"BuildEnvironment": "…", "BuildNumber": "…", "Commits": [{"Id": "…", "Comment": "…"}]}.
            => 1
        "#]],
    );
    let of_web = "GET /api/Spaces-1/build-information?packageId=Acme.Web&skip=0&take=500";
    let list = || ok(page(vec![told.clone()], 1));
    check(
        vec![(of_web, list())],
        "build-information list --package-id Acme.Web",
        expect![[r#"
            Package   Version  Id                  Build  Branch  Commit
            Acme.Web  1.2.0    BuildInformation-7  42     main
            => 0
        "#]],
    );
    check(
        vec![(of_web, list())],
        "build-information view --package-id Acme.Web --version 1.2.0",
        expect![[r#"
            Id       BuildInformation-7
            Package  Acme.Web 1.2.0
            Build    42
            Branch   main
            Commit   abc123  Orders are kept
            => 0
        "#]],
    );
    check(
        vec![
            (of_web, list()),
            (
                "DELETE /api/Spaces-1/build-information/BuildInformation-7",
                Reply::Json(200, json!(null)),
            ),
        ],
        "build-information delete --package-id Acme.Web --version 1.2.0 -y",
        expect![[r#"
            Deleted  build information BuildInformation-7 (BuildInformation-7)
            => 0
        "#]],
    );
    check(
        vec![(of_web, list())],
        "build-information view --package-id Acme.Web --version 1.3.0",
        expect![[r#"
            ! Error: There is no build information of version "1.3.0".
            ! Hint: Did you mean 1.2.0?
            => 1
        "#]],
    );
}
