//! `task wait`.

use api::TaskState;
use expect_test::expect;
use serde_json::json;

use crate::run::{Place, check};
use crate::samples::task;
use crate::server::{Reply, Server, ok};

const ONE: &str = "GET /api/Spaces-1/tasks/ServerTasks-1";
const TWO: &str = "GET /api/Spaces-1/tasks/ServerTasks-2";

fn one(state: TaskState) -> (&'static str, Reply) {
    (ONE, ok(task("ServerTasks-1", state)))
}

fn two(state: TaskState) -> (&'static str, Reply) {
    (TWO, ok(task("ServerTasks-2", state)))
}

#[test]
fn it_ends_when_all_are_complete() {
    check(
        vec![
            one(TaskState::Success),
            two(TaskState::Executing),
            (ONE, Reply::Broken),
            one(TaskState::Success),
            two(TaskState::Success),
        ],
        "task wait ServerTasks-1 ServerTasks-2 ServerTasks-1 --poll-interval 1",
        expect![[r#"
            Id             State    Queued            Duration  Description
            ServerTasks-1  Success  2026-11-23 22:00  1 m 12 s  Deploy Acme.Web 1.2.0 to Staging
            ServerTasks-2  Success  2026-11-23 22:00  1 m 12 s  Deploy Acme.Web 1.2.0 to Staging
            ! The connection to http://server broke. Trying again.
            ! The connection is back.
            => 0
        "#]],
    );
}

#[test]
fn a_task_that_failed_is_exit_code_1() {
    check(
        vec![one(TaskState::Failed)],
        "task wait ServerTasks-1",
        expect![[r#"
            Id             State   Queued            Duration  Description
            ServerTasks-1  Failed  2026-11-23 22:00  1 m 12 s  Deploy Acme.Web 1.2.0 to Staging
            ! Error: ServerTasks-1 failed: web-02: PreDeploy.sh ended with exit code 3.
            ! Hint: octo task view ServerTasks-1 shows what it did.
            => 1
        "#]],
    );
    check(
        vec![one(TaskState::Success), two(TaskState::Canceled)],
        "task wait ServerTasks-1 ServerTasks-2 -f basic",
        expect![[r#"
            ServerTasks-1
            ServerTasks-2
            ! Error: 1 of 2 tasks did not succeed: ServerTasks-2.
            => 1
        "#]],
    );
}

#[test]
fn ids_from_standard_input() {
    let server = Server::start(vec![one(TaskState::Success), two(TaskState::Success)]);
    let place = Place::with(&server).input("ServerTasks-1\r\nServerTasks-2\n");
    place.check(
        "task wait -f basic",
        expect![[r#"
        ServerTasks-1
        ServerTasks-2
        => 0
    "#]],
    );
    server.finish();
}

#[test]
fn when_the_time_runs_out() {
    check(
        vec![one(TaskState::Executing)],
        "task wait ServerTasks-1 --timeout 0",
        expect![[r#"
            Id             State      Queued            Duration  Description
            ServerTasks-1  Executing  2026-11-23 22:00            Deploy Acme.Web 1.2.0 to Staging
            ! Error: After 0 seconds, these tasks are not complete: ServerTasks-1.
            ! Hint: They go on. Give --timeout more seconds, or --cancel-on-timeout to stop them.
            => 1
        "#]],
    );
    let cancel = "POST /api/Spaces-1/tasks/ServerTasks-2/cancel";
    check(
        vec![
            one(TaskState::Success),
            two(TaskState::Queued),
            (cancel, ok(task("ServerTasks-2", TaskState::Cancelling))),
        ],
        "task wait ServerTasks-1 ServerTasks-2 --timeout 0 --cancel-on-timeout",
        expect![[r#"
            Id             State       Queued            Duration  Description
            ServerTasks-1  Success     2026-11-23 22:00  1 m 12 s  Deploy Acme.Web 1.2.0 to Staging
            ServerTasks-2  Cancelling  2026-11-23 22:00            Deploy Acme.Web 1.2.0 to Staging
            ! Error: After 0 seconds, these tasks are not complete: ServerTasks-2.
            ! Hint: They were asked to stop.
            => 1
        "#]],
    );
}

#[test]
fn progress_is_told_when_there_is_news() {
    let details = |percent: u8, activity: &str| {
        let details = json!({
            "Task": task("ServerTasks-1", TaskState::Executing),
            "ActivityLogs": [],
            "Progress": {"ProgressPercentage": percent, "CurrentActivity": activity},
        });
        ("GET /api/Spaces-1/tasks/ServerTasks-1/details", ok(details))
    };
    check(
        vec![
            one(TaskState::Executing),
            details(0, ""),
            one(TaskState::Executing),
            details(0, ""),
            one(TaskState::Executing),
            details(50, "web-02"),
            one(TaskState::Success),
        ],
        "task wait ServerTasks-1 --progress --poll-interval 1 -f json",
        expect![[r#"
            [
              {
                "Id": "ServerTasks-1",
                "Name": "DeployPackage",
                "Description": "Deploy Acme.Web 1.2.0 to Staging",
                "Arguments": {},
                "State": "Success",
                "QueueTime": "2026-11-23T22:00:00Z",
                "StartTime": "2026-11-23T22:00:01Z",
                "CompletedTime": "2026-11-23T22:01:13Z",
                "IsCompleted": true,
                "FinishedSuccessfully": true,
                "ErrorMessage": "",
                "Duration": "1 m 12 s",
                "HasPendingInterruptions": false,
                "HasWarningsOrErrors": false,
                "HasBeenPickedUpByProcessor": true,
                "CanRerun": true,
                "Links": {}
              }
            ]
            ! ServerTasks-1: Executing, 0 %
            ! ServerTasks-1: Executing, 50 %, web-02
            ! ServerTasks-1: Success
            => 0
        "#]],
    );
}
