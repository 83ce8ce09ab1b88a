//! Project groups, projects and channels: made, listed, shown, switched, copied and deleted.

use api::{Channel, Lifecycle, Project, ProjectGroup};
use expect_test::expect;
use serde_json::json;

use crate::run::check;
use crate::samples::page;
use crate::server::{Reply, ok};

const GROUPS: &str = "GET /api/Spaces-1/projectgroups?skip=0&take=500";
const PROJECTS: &str = "GET /api/Spaces-1/projects?skip=0&take=500";
const LIFECYCLES: &str = "GET /api/Spaces-1/lifecycles?skip=0&take=500";
const CHANNELS: &str = "GET /api/Spaces-1/projects/Projects-3/channels?skip=0&take=500";

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
