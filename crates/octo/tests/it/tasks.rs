//! `task list`, `view`, `cancel` and `watch`.

use api::{ActivityElement, LogCategory, Task, TaskDetails, TaskProgress, TaskState};
use expect_test::expect;
use serde_json::json;

use crate::run::{check, json};
use crate::samples::{line, page, task};
use crate::server::{Reply, ok};

#[test]
fn list() {
    let tasks = || {
        vec![
            task("ServerTasks-12", TaskState::Executing),
            task("ServerTasks-9", TaskState::Failed),
        ]
    };
    let path = "GET /api/Spaces-1/tasks?skip=0&take=2&states=Executing%2CFailed";
    let arguments = "task list --state executing --state failed --limit 2";
    check(
        vec![(path, ok(page(tasks(), 40)))],
        arguments,
        expect![[r#"
            Id              State      Queued            Duration  Description
            ServerTasks-12  Executing  2026-11-23 22:00            Deploy Acme.Web 1.2.0 to Staging
            ServerTasks-9   Failed     2026-11-23 22:00  1 m 12 s  Deploy Acme.Web 1.2.0 to Staging
            ! 2 of 40 tasks; --limit shows more.
            => 0
        "#]],
    );
    check(
        vec![(path, ok(page(tasks(), 2)))],
        &format!("{arguments} -f basic"),
        expect![[r#"
            ServerTasks-12
            ServerTasks-9
            => 0
        "#]],
    );
    let found = json(
        vec![(path, ok(page(tasks(), 2)))],
        &format!("{arguments} -f json"),
    );
    expect![[r#"
        {
          "Id": "ServerTasks-9",
          "Name": "DeployPackage",
          "Description": "Deploy Acme.Web 1.2.0 to Staging",
          "Arguments": {},
          "State": "Failed",
          "QueueTime": "2026-11-23T22:00:00Z",
          "StartTime": "2026-11-23T22:00:01Z",
          "CompletedTime": "2026-11-23T22:01:13Z",
          "IsCompleted": true,
          "FinishedSuccessfully": false,
          "ErrorMessage": "web-02: PreDeploy.sh ended with exit code 3.",
          "Duration": "1 m 12 s",
          "HasPendingInterruptions": false,
          "HasWarningsOrErrors": true,
          "HasBeenPickedUpByProcessor": true,
          "CanRerun": true,
          "Links": {}
        }"#]]
    .assert_eq(&serde_json::to_string_pretty(&found[1]).unwrap());
}

fn details(state: TaskState) -> TaskDetails {
    let element = |id: &str, name: &str, state: TaskState, children| ActivityElement {
        id: id.to_owned(),
        name: name.to_owned(),
        status: state.into(),
        started: None,
        ended: None,
        show_at_summary_level: false,
        progress_percentage: 0,
        progress_message: String::new(),
        log_elements: vec![api::ActivityLogEntry {
            sequence: 1,
            category: LogCategory::Info,
            occurred_at: "2026-11-23T22:00:01Z".to_owned(),
            message_text: "A line.".to_owned(),
        }],
        children,
    };
    let step = element("Machines-2/PreDeploy", "PreDeploy", state, vec![]);
    let machines = vec![
        element("Machines-1", "web-01", TaskState::Success, vec![]),
        element("Machines-2", "web-02", state, vec![step]),
    ];
    TaskDetails {
        task: task("ServerTasks-9", state),
        activity_logs: vec![element("task", "Deploy", state, machines)],
        progress: TaskProgress {
            progress_percentage: 50,
            current_activity: "web-02: PreDeploy".to_owned(),
            estimated_time_remaining: String::new(),
        },
        physical_log_size: 5,
    }
}

#[test]
fn view() {
    let script = |state| {
        vec![(
            "GET /api/Spaces-1/tasks/ServerTasks-9/details",
            ok(details(state)),
        )]
    };
    check(
        script(TaskState::Failed),
        "task view ServerTasks-9",
        expect![[r#"
            Id           ServerTasks-9
            Task         DeployPackage
            Description  Deploy Acme.Web 1.2.0 to Staging
            State        Failed
            Error        web-02: PreDeploy.sh ended with exit code 3.
            Queued       2026-11-23 22:00
            Started      2026-11-23 22:00
            Completed    2026-11-23 22:01
            Duration     1 m 12 s
            web-01       Success
            web-02       Failed
              PreDeploy  Failed
            => 0
        "#]],
    );
    check(
        script(TaskState::Executing),
        "task view ServerTasks-9",
        expect![[r#"
            Id           ServerTasks-9
            Task         DeployPackage
            Description  Deploy Acme.Web 1.2.0 to Staging
            State        Executing
            Queued       2026-11-23 22:00
            Started      2026-11-23 22:00
            Progress     50 %  web-02: PreDeploy
            web-01       Success
            web-02       Executing
              PreDeploy  Executing
            => 0
        "#]],
    );
    check(
        script(TaskState::Failed),
        "task view ServerTasks-9 -f basic",
        expect![[r#"
            ServerTasks-9
            => 0
        "#]],
    );
    let found = json(script(TaskState::Failed), "task view ServerTasks-9 -f json");
    assert_eq!(found, json!(details(TaskState::Failed)));
}

#[test]
fn cancel() {
    let path = "POST /api/Spaces-1/tasks/ServerTasks-9/cancel";
    let answer = ok(task("ServerTasks-9", TaskState::Cancelling));
    check(
        vec![(path, answer)],
        "task cancel ServerTasks-9",
        expect![[r#"
            Id           ServerTasks-9
            Task         DeployPackage
            Description  Deploy Acme.Web 1.2.0 to Staging
            State        Cancelling
            Queued       2026-11-23 22:00
            Started      2026-11-23 22:00
            => 0
        "#]],
    );
    let unknown = Reply::Json(404, json!({"ErrorMessage": "There is no task a/../b."}));
    let path = "POST /api/Spaces-1/tasks/a%2F..%2Fb/cancel";
    check(
        vec![(path, unknown)],
        "task cancel a/../b",
        expect![[r#"
            ! Error: There is no task a/../b.
            => 1
        "#]],
    );
}

const TASK: &str = "GET /api/Spaces-1/tasks/ServerTasks-9";
const FROM_0: &str = "GET /api/Spaces-1/tasks/ServerTasks-9/log?after=0&wait=20";
const FROM_2: &str = "GET /api/Spaces-1/tasks/ServerTasks-9/log?after=2&wait=20";
const FROM_3: &str = "GET /api/Spaces-1/tasks/ServerTasks-9/log?after=3&wait=20";
const REST: &str = "GET /api/Spaces-1/tasks/ServerTasks-9/log?after=3&wait=0";

fn watched(last: Task) -> Vec<(&'static str, Reply)> {
    let lines = || {
        [
            line(1, LogCategory::Info, "One."),
            line(2, LogCategory::Highlight, "Two."),
        ]
    };
    vec![
        (FROM_0, ok(lines())),
        // Lost while waiting, lost within an answer, and a proxy while the server restarts.
        (FROM_2, Reply::Broken),
        (FROM_2, Reply::Half),
        (FROM_2, Reply::Page(503, "<html>Starting</html>")),
        // Line 2 again: it is not printed twice.
        (
            FROM_2,
            ok([
                line(2, LogCategory::Info, "Two."),
                line(3, LogCategory::Error, "Three."),
            ]),
        ),
        (FROM_3, ok(json!([]))),
        (TASK, Reply::Broken),
        (TASK, ok(last)),
        (REST, ok(json!([]))),
    ]
}

#[test]
fn watch_takes_up_a_lost_connection_where_it_broke() {
    let script = watched(task("ServerTasks-9", TaskState::Success));
    check(
        script,
        "task watch ServerTasks-9",
        expect![[r#"
        22:00:01  One.
        22:00:02  web-01  Two.
        22:00:03  web-01 PreDeploy  Error: Three.
        ! The connection to http://server broke. Trying again.
        ! The connection is back.
        ! The connection to http://server broke. Trying again.
        ! The connection is back.
        ! ServerTasks-9 succeeded.
        => 0
    "#]],
    );
}

#[test]
fn watch_ends_as_the_task_does() {
    let failed = watched(task("ServerTasks-9", TaskState::Failed));
    check(
        failed,
        "task watch ServerTasks-9 -f json",
        expect![[r#"
        {"Sequence":1,"Category":"Info","OccurredAt":"2026-11-23T22:00:01Z","MessageText":"One.","Machine":null,"Step":null}
        {"Sequence":2,"Category":"Highlight","OccurredAt":"2026-11-23T22:00:02Z","MessageText":"Two.","Machine":"web-01","Step":null}
        {"Sequence":3,"Category":"Error","OccurredAt":"2026-11-23T22:00:03Z","MessageText":"Three.","Machine":"web-01","Step":"PreDeploy"}
        {"Id":"ServerTasks-9","Name":"DeployPackage","Description":"Deploy Acme.Web 1.2.0 to Staging","Arguments":{},"State":"Failed","QueueTime":"2026-11-23T22:00:00Z","StartTime":"2026-11-23T22:00:01Z","CompletedTime":"2026-11-23T22:01:13Z","IsCompleted":true,"FinishedSuccessfully":false,"ErrorMessage":"web-02: PreDeploy.sh ended with exit code 3.","Duration":"1 m 12 s","HasPendingInterruptions":false,"HasWarningsOrErrors":true,"HasBeenPickedUpByProcessor":true,"CanRerun":true,"Links":{}}
        ! The connection to http://server broke. Trying again.
        ! The connection is back.
        ! The connection to http://server broke. Trying again.
        ! The connection is back.
        ! Error: ServerTasks-9 failed: web-02: PreDeploy.sh ended with exit code 3.
        ! Hint: octo task view ServerTasks-9 shows what it did.
        => 1
    "#]],
    );
    let cancelled = vec![
        (FROM_0, ok(json!([]))),
        (TASK, ok(task("ServerTasks-9", TaskState::Canceled))),
        (
            "GET /api/Spaces-1/tasks/ServerTasks-9/log?after=0&wait=0",
            ok(json!([])),
        ),
    ];
    check(
        cancelled,
        "task watch ServerTasks-9",
        expect![[r#"
        ! Error: ServerTasks-9 was cancelled.
        ! Hint: octo task view ServerTasks-9 shows what it did.
        => 1
    "#]],
    );
}

#[test]
fn watch_gives_up_at_once_when_trying_again_cannot_help() {
    let refused = || Reply::Json(401, json!({"ErrorMessage": "No."}));
    let script = vec![
        (FROM_0, ok([line(3, LogCategory::Info, "One.")])),
        (FROM_3, refused()),
    ];
    check(
        script,
        "task watch ServerTasks-9",
        expect![[r#"
        22:00:03  web-01 PreDeploy  One.
        ! Error: http://server does not accept the API key.
        ! Hint: Give a valid key with --api-key or OCTOPUS_API_KEY, or save one with octo login. On the server, octopus api-key create makes one.
        => 1
    "#]],
    );
    // There was no contact yet: a wrong address, rather than a server that is away.
    check(
        vec![(FROM_0, Reply::Broken)],
        "task watch ServerTasks-9",
        expect![[r#"
            ! Error: The connection to http://server broke.
            ! Cause: Peer disconnected
            ! Hint: Check that the server runs, and that --server or OCTOPUS_URL names it.
            => 1
        "#]],
    );
}
