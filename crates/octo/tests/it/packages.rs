//! `package list`, `versions` and `deploy`.

use api::{LogCategory, TaskState};
use expect_test::expect;
use serde_json::json;

use crate::run::{check, json};
use crate::samples::{environments, line, machines, package, page, task, version};
use crate::server::{Reply, ok};

#[test]
fn list() {
    let first = || {
        let some = vec![
            package("Acme.Web", "1.2.0"),
            package("Acme.Jobs", "10.0.1-beta.2"),
        ];
        (
            "GET /api/Spaces-1/packages?latest=true&skip=0&take=500",
            ok(page(some, 3)),
        )
    };
    let second = || {
        let rest = vec![package("Zeta", "0.1.0")];
        (
            "GET /api/Spaces-1/packages?latest=true&skip=2&take=500",
            ok(page(rest, 3)),
        )
    };
    check(
        vec![first(), second()],
        "package list",
        expect![[r#"
        Package    Newest version     Size  Published
        Acme.Web   1.2.0           1.23 MB  2026-11-20 08:30
        Acme.Jobs  10.0.1-beta.2   1.23 MB  2026-11-20 08:30
        Zeta       0.1.0           1.23 MB  2026-11-20 08:30
        => 0
    "#]],
    );
    check(
        vec![first(), second()],
        "package ls -f basic",
        expect![[r#"
            Acme.Web
            Acme.Jobs
            Zeta
            => 0
        "#]],
    );
    let one = "GET /api/Spaces-1/packages?latest=true&filter=we%20b%26&skip=0&take=500";
    let one = vec![(one, ok(page(vec![package("Acme.Web", "1.2.0")], 1)))];
    let server = crate::server::Server::start(one);
    let output = crate::run::Place::with(&server)
        .command(env!("CARGO_BIN_EXE_octo").as_ref())
        .args(["package", "list", "--filter", "we b&", "-f", "json"])
        .output()
        .unwrap();
    server.finish();
    expect![[r#"
        [
          {
            "Id": "packages-Acme.Web.1.2.0",
            "PackageId": "Acme.Web",
            "Version": "1.2.0",
            "Title": "",
            "Description": "",
            "FileExtension": ".nupkg",
            "PackageSizeBytes": 1234567,
            "Hash": "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd",
            "Published": "2026-11-20T08:30:00Z",
            "Links": {}
          }
        ]
    "#]]
    .assert_eq(&String::from_utf8(output.stdout).unwrap());
}

#[test]
fn a_collection_that_shrinks_while_it_is_read_ends() {
    let none: Vec<api::Package> = Vec::new();
    let first = "GET /api/Spaces-1/packages?latest=true&skip=0&take=500";
    let second = "GET /api/Spaces-1/packages?latest=true&skip=1&take=500";
    check(
        vec![
            (first, ok(page(vec![package("A", "1.0.0")], 9))),
            (second, ok(page(none, 9))),
        ],
        "package list -f basic",
        expect![[r#"
            A
            => 0
        "#]],
    );
}

#[test]
fn versions() {
    let path = "GET /api/Spaces-1/feeds/feeds-builtin/packages/versions?packageId=Acme.Web&skip=0&take=500";
    let script = || {
        vec![(
            path,
            ok(page(
                vec![version("1.10.0", 20_480), version("1.9.0", 999)],
                2,
            )),
        )]
    };
    check(
        script(),
        "package versions --package Acme.Web",
        expect![[r#"
            Version      Size  Published
            1.10.0   20.48 kB  2026-11-20 08:30
            1.9.0       999 B  2026-11-20 08:30
            => 0
        "#]],
    );
    check(
        script(),
        "package versions --package Acme.Web -f basic",
        expect![[r#"
            1.10.0
            1.9.0
            => 0
        "#]],
    );
    let found = json(script(), "package versions --package Acme.Web -f json");
    expect![[r#"[{"PackageId":"Acme.Web","Version":"1.10.0","Published":"2026-11-20T08:30:00Z","SizeBytes":20480},{"PackageId":"Acme.Web","Version":"1.9.0","Published":"2026-11-20T08:30:00Z","SizeBytes":999}]"#]].assert_eq(&found.to_string());
}

#[test]
fn deploy_waits_and_tells() {
    let requests = check(
        vec![
            ("GET /api/Spaces-1/environments/all", ok(environments())),
            ("GET /api/Spaces-1/machines/all", ok(machines())),
            (
                "POST /api/Spaces-1/tasks",
                Reply::Json(201, json!(task("ServerTasks-5", TaskState::Queued))),
            ),
            (
                "GET /api/Spaces-1/tasks/ServerTasks-5/log?after=0&wait=20",
                ok([
                    line(1, LogCategory::Info, "Deploying to 2 machines."),
                    line(2, LogCategory::Verbose, "Extracting."),
                    line(3, LogCategory::Warning, "Port is \u{1b}[31m8080\u{1b}[0m."),
                ]),
            ),
            (
                "GET /api/Spaces-1/tasks/ServerTasks-5/log?after=3&wait=20",
                ok(json!([])),
            ),
            (
                "GET /api/Spaces-1/tasks/ServerTasks-5",
                ok(task("ServerTasks-5", TaskState::Success)),
            ),
            (
                "GET /api/Spaces-1/tasks/ServerTasks-5/log?after=3&wait=0",
                ok(json!([])),
            ),
        ],
        "package deploy Acme.Web --version 1.2.0 -e staging -e ENVIRONMENTS-2 --deployment-target WEB-02 \
         --role web --variable Port:8080 --sensitive-variable Db\\:Password:a:b",
        expect![[r#"
            Id           ServerTasks-5
            Task         DeployPackage
            Description  Deploy Acme.Web 1.2.0 to Staging
            State        Success
            Queued       2026-11-23 22:00
            Started      2026-11-23 22:00
            Completed    2026-11-23 22:01
            Duration     1 m 12 s
            ! ServerTasks-5: Deploy Acme.Web 1.2.0 to Staging
            ! 22:00:01  Deploying to 2 machines.
            ! 22:00:02  web-01  Extracting.
            ! 22:00:03  web-01 PreDeploy  Warning: Port is 8080.
            => 0
        "#]],
    );
    let mut body = serde_json::to_string_pretty(&requests[2].json()).unwrap();
    body.push('\n');
    expect![[r#"
        {
          "Name": "DeployPackage",
          "Description": "",
          "Arguments": {
            "MachineIds": [
              "Machines-2"
            ],
            "EnvironmentIds": [
              "Environments-1",
              "Environments-2"
            ],
            "Roles": [
              "web"
            ],
            "PackageId": "Acme.Web",
            "PackageVersion": "1.2.0",
            "Variables": {
              "Db:Password": "a:b",
              "Port": "8080"
            },
            "SensitiveVariables": [
              "Db:Password"
            ]
          }
        }
    "#]]
    .assert_eq(&body);
}

#[test]
fn a_deployment_that_fails_is_exit_code_1() {
    check(
        vec![
            ("GET /api/Spaces-1/environments/all", ok(environments())),
            (
                "POST /api/Spaces-1/tasks",
                Reply::Json(201, json!(task("ServerTasks-5", TaskState::Queued))),
            ),
            (
                "GET /api/Spaces-1/tasks/ServerTasks-5/log?after=0&wait=20",
                ok(json!([])),
            ),
            (
                "GET /api/Spaces-1/tasks/ServerTasks-5",
                ok(task("ServerTasks-5", TaskState::Failed)),
            ),
            (
                "GET /api/Spaces-1/tasks/ServerTasks-5/log?after=0&wait=0",
                ok([line(1, LogCategory::Error, "Late words.")]),
            ),
            (
                "GET /api/Spaces-1/tasks/ServerTasks-5/log?after=1&wait=0",
                ok(json!([])),
            ),
        ],
        "package deploy Acme.Web --environment Staging -f basic",
        expect![[r#"
            ServerTasks-5
            ! ServerTasks-5: Deploy Acme.Web 1.2.0 to Staging
            ! 22:00:01  Error: Late words.
            ! Error: ServerTasks-5 failed: web-02: PreDeploy.sh ended with exit code 3.
            ! Hint: octo task view ServerTasks-5 shows what it did.
            => 1
        "#]],
    );
}

#[test]
fn deploy_without_waiting() {
    let script = || {
        vec![
            ("GET /api/Spaces-1/environments/all", ok(environments())),
            (
                "POST /api/Spaces-1/tasks",
                Reply::Json(201, json!(task("ServerTasks-5", TaskState::Queued))),
            ),
        ]
    };
    check(
        script(),
        "package deploy Acme.Web -e Staging --no-wait",
        expect![[r#"
            Id           ServerTasks-5
            Task         DeployPackage
            Description  Deploy Acme.Web 1.2.0 to Staging
            State        Queued
            Queued       2026-11-23 22:00
            ! ServerTasks-5: Deploy Acme.Web 1.2.0 to Staging
            => 0
        "#]],
    );
    let found = json(
        script(),
        "package deploy Acme.Web -e Staging --no-wait -f json",
    );
    expect![[r#"{"Id":"ServerTasks-5","Name":"DeployPackage","Description":"Deploy Acme.Web 1.2.0 to Staging","Arguments":{},"State":"Queued","QueueTime":"2026-11-23T22:00:00Z","StartTime":null,"CompletedTime":null,"IsCompleted":false,"FinishedSuccessfully":false,"ErrorMessage":"","Duration":"","HasPendingInterruptions":false,"HasWarningsOrErrors":false,"HasBeenPickedUpByProcessor":false,"CanRerun":false,"Links":{}}"#]].assert_eq(&found.to_string());
}

#[test]
fn a_version_is_deleted() {
    let versions = || {
        let path = "GET /api/Spaces-1/feeds/feeds-builtin/packages/versions?packageId=acme.web&skip=0&take=500";
        let version = |version: &str| json!({ "PackageId": "Acme.Web", "Version": version, "Published": "2026-11-23T22:00:00Z", "SizeBytes": 10 });
        (path, ok(page(vec![version("1.2.0"), version("1.1.0")], 2)))
    };
    check(
        vec![
            versions(),
            (
                "DELETE /api/Spaces-1/packages/packages-Acme.Web.1.2.0",
                ok(json!({})),
            ),
        ],
        "package delete --package acme.web --version 1.2.0 -y",
        expect![[r#"
            Deleted  package Acme.Web 1.2.0 (packages-Acme.Web.1.2.0)
            => 0
        "#]],
    );
    check(
        vec![versions()],
        "package delete --package acme.web --version 1.2 -y",
        expect![[r#"
            ! Error: There is no version "1.2".
            ! Hint: Did you mean 1.2.0?
            => 1
        "#]],
    );
}
