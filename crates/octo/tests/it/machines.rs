//! Environments, deployment targets and their Tentacles.

use api::TaskState;
use expect_test::{Expect, expect};
use serde_json::json;

use crate::run::{Place, check, json};
use crate::samples::{environments, machines, page, task};
use crate::server::{Reply, Server, ok};

const ENVIRONMENTS: &str = "GET /api/Spaces-1/environments/all";
const MACHINES: &str = "GET /api/Spaces-1/machines/all";

#[test]
fn environment_list() {
    let script = || {
        vec![(
            "GET /api/Spaces-1/environments?skip=0&take=500",
            ok(page(environments(), 2)),
        )]
    };
    check(
        script(),
        "environment list",
        expect![[r#"
        Name        Id              Description
        Staging     Environments-1  The Staging servers
        Production  Environments-2  The Production servers
        => 0
    "#]],
    );
    check(
        script(),
        "environment list -f basic",
        expect![[r#"
        Staging
        Production
        => 0
    "#]],
    );
    let found = json(script(), "environment list -f json");
    expect![[r#"[{"Id":"Environments-1","SpaceId":"","Name":"Staging","Slug":"","Description":"The Staging servers","SortOrder":0,"UseGuidedFailure":false,"AllowDynamicInfrastructure":false,"Links":{}},{"Id":"Environments-2","SpaceId":"","Name":"Production","Slug":"","Description":"The Production servers","SortOrder":1,"UseGuidedFailure":false,"AllowDynamicInfrastructure":false,"Links":{}}]"#]].assert_eq(&found.to_string());
    let none = page(Vec::<api::Environment>::new(), 0);
    let path = "GET /api/Spaces-1/environments?partialName=x&skip=0&take=500";
    check(
        vec![(path, ok(&none))],
        "environment list -q x",
        expect![[r#"
            ! There are none.
            => 0
        "#]],
    );
    check(
        vec![(path, ok(&none))],
        "environment list -q x -f json",
        expect![[r#"
            []
            => 0
        "#]],
    );
}

#[test]
fn environment_create() {
    let created = || Reply::Json(201, json!(environments()[0]));
    let path = "POST /api/Spaces-1/environments";
    let requests = check(
        vec![(path, created())],
        "environment create --name Staging",
        expect![[r#"
            Id           Environments-1
            Name         Staging
            Description  The Staging servers
            => 0
        "#]],
    );
    let sent = requests[0].json();
    assert_eq!(
        (&sent["Name"], &sent["Description"]),
        (&json!("Staging"), &json!(""))
    );
    check(
        vec![(path, created())],
        "environment create --name Staging -f basic",
        expect![[r#"
            Staging
            => 0
        "#]],
    );
    let taken = Reply::Json(
        409,
        json!({"ErrorMessage": "There is an environment Staging already."}),
    );
    check(
        vec![(path, taken)],
        "environment create --name Staging",
        expect![[r#"
            ! Error: There is an environment Staging already.
            => 1
        "#]],
    );
}

#[test]
fn deployment_target_list() {
    let all = || {
        (
            "GET /api/Spaces-1/machines?skip=0&take=500",
            ok(page(machines(), 3)),
        )
    };
    let names = || (ENVIRONMENTS, ok(environments()));
    check(
        vec![all(), names()],
        "deployment-target list",
        expect![[r#"
            Name    Id          Health     Environments  Roles       Tentacle
            web-01  Machines-1  Healthy    Staging       web, cache  1.2.0
            web-02  Machines-2  Unhealthy  Staging       web, cache  1.2.0
            db-01   Machines-3  Unknown    Staging       web, cache  unknown
            => 0
        "#]],
    );
    let some =
        "GET /api/Spaces-1/machines?environmentIds=Environments-2%2CEnvironments-1&skip=0&take=500";
    check(
        vec![names(), (some, ok(page(machines(), 3)))],
        "deployment-target list -e Production -e staging -f basic",
        expect![[r#"
            web-01
            web-02
            db-01
            => 0
        "#]],
    );
}

#[test]
fn deployment_target_view() {
    let script = || {
        vec![
            (MACHINES, ok(machines())),
            (ENVIRONMENTS, ok(environments())),
        ]
    };
    check(
        script(),
        "deployment-target view WEB-02",
        expect![[r#"
        Name          web-02
        Id            Machines-2
        Health        Unhealthy
        Summary       The disk is almost full.
        Last seen     2026-11-23 22:15
        Environments  Staging
        Roles         web, cache
        Address       https://web-02:10933/ (listens)
        Thumbprint    ABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABAB
        System        Linux 6.1
        Runtime       linux-x64
        Tentacle      1.2.0
        Version       1.3.0 Bad, crashed: It ended five times within 30 s.
        Version       1.2.0 Good
        => 0
    "#]],
    );
    let found = json(
        vec![(MACHINES, ok(machines()))],
        "deployment-target view machines-1 -f json",
    );
    expect![[r#"
        {
          "Id": "Machines-1",
          "Name": "web-01",
          "EnvironmentIds": [
            "Environments-1"
          ],
          "Roles": [
            "web",
            "cache"
          ],
          "Endpoint": {
            "CommunicationStyle": "TentaclePassive",
            "Uri": "https://web-01:10933/",
            "Thumbprint": "ABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABAB",
            "TentacleVersionDetails": {
              "Version": "1.2.0",
              "AvailableVersion": "1.3.0",
              "UpgradeSuggested": true,
              "UpgradeStatus": null,
              "Versions": [
                {
                  "Version": "1.2.0",
                  "Standing": "Good",
                  "Reason": "",
                  "Detail": "",
                  "LastLines": []
                }
              ]
            }
          },
          "HealthStatus": "Healthy",
          "StatusSummary": "",
          "LastSeen": "2026-11-23T22:15:00Z",
          "Rid": "linux-x64",
          "OperatingSystem": "Linux 6.1",
          "SpaceId": "Spaces-1",
          "IsDisabled": false,
          "MachinePolicyId": "MachinePolicies-1",
          "HasLatestCalamari": true,
          "IsInProcess": false,
          "Uri": "https://web-01:10933/",
          "Thumbprint": "ABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABAB",
          "Links": {}
        }"#]]
    .assert_eq(&serde_json::to_string_pretty(&found).unwrap());
    check(
        vec![(MACHINES, ok(machines()))],
        "deployment-target view web-3",
        expect![[r#"
            ! Error: There is no deployment target "web-3".
            ! Hint: Did you mean web-01 or web-02?
            => 1
        "#]],
    );
}

#[test]
fn tentacle_versions() {
    let script = || vec![(MACHINES, ok(machines()))];
    check(
        script(),
        "tentacle versions",
        expect![[r#"
        Machine  Version  Available  Standing
        web-01   1.2.0    1.3.0      Good
        web-02   1.2.0    -          Rolled back from 1.3.0: crashed
        db-01    unknown  -          Never checked
        => 0
    "#]],
    );
    check(
        script(),
        "tentacle versions -f basic",
        expect![[r#"
        web-01
        web-02
        db-01
        => 0
    "#]],
    );
    let found = json(script(), "tentacle versions -f json");
    expect![[r#"
        {
          "Id": "Machines-2",
          "Name": "web-02",
          "Version": "1.2.0",
          "AvailableVersion": null,
          "UpgradeStatus": "RolledBack",
          "Versions": [
            {
              "Version": "1.3.0",
              "Standing": "Bad",
              "Reason": "crashed",
              "Detail": "It ended five times within 30 s.",
              "LastLines": []
            },
            {
              "Version": "1.2.0",
              "Standing": "Good",
              "Reason": "",
              "Detail": "",
              "LastLines": []
            }
          ],
          "Standing": "Rolled back from 1.3.0: crashed"
        }"#]]
    .assert_eq(&serde_json::to_string_pretty(&found[1]).unwrap());
}

/// The task that a command line starts.
fn upgrade(mut script: Vec<(&str, Reply)>, arguments: &str, expected: Expect) {
    let started = json!(task("ServerTasks-9", TaskState::Queued));
    script.push(("POST /api/Spaces-1/tasks", Reply::Json(201, started)));
    let server = Server::start(script);
    let output = Place::with(&server).run(&format!("tentacle upgrade --no-wait {arguments}"));
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let request = server.finish().pop().unwrap();
    expected.assert_eq(&request.json().to_string());
}

#[test]
fn tentacle_upgrade() {
    let names = || (ENVIRONMENTS, ok(environments()));
    upgrade(
        vec![],
        "--all",
        expect![[r#"{"Name":"Upgrade","Description":"","Arguments":{}}"#]],
    );
    upgrade(
        vec![names()],
        "-e production --version 1.4.0",
        expect![[
            r#"{"Name":"Upgrade","Description":"","Arguments":{"EnvironmentId":"Environments-2","Version":"1.4.0"}}"#
        ]],
    );
    upgrade(
        vec![(MACHINES, ok(machines()))],
        "--deployment-target web-01 --deployment-target Machines-3",
        expect![[
            r#"{"Name":"Upgrade","Description":"","Arguments":{"MachineIds":["Machines-1","Machines-3"]}}"#
        ]],
    );
    let both =
        "GET /api/Spaces-1/machines?environmentIds=Environments-1%2CEnvironments-2&skip=0&take=500";
    let in_both = (both, ok(page(machines(), 3)));
    upgrade(
        vec![names(), in_both],
        "-e Staging -e Production",
        expect![[
            r#"{"Name":"Upgrade","Description":"","Arguments":{"MachineIds":["Machines-1","Machines-2","Machines-3"]}}"#
        ]],
    );
    // No machine must never turn into all machines.
    let none = page(Vec::<api::Machine>::new(), 0);
    check(
        vec![names(), (both, ok(none))],
        "tentacle upgrade -e Staging -e Production",
        expect![[r#"
            ! Error: There is no deployment target in these environments.
            ! Hint: octo deployment-target list shows which environments they are in.
            => 1
        "#]],
    );
}
