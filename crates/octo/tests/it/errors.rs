//! Whatever goes wrong is told in clear words with the way out, and by the exit code.

use expect_test::{Expect, expect};
use serde_json::json;

use crate::run::{KEY, Place, check};
use crate::samples::environments;
use crate::server::{Reply, ok};

const LIST: &str = "GET /api/Spaces-1/tasks?skip=0&take=30";

fn told(reply: Reply, expected: Expect) {
    check(vec![(LIST, reply)], "task list", expected);
}

#[test]
fn nobody_there() {
    // Nothing listens on the first port.
    let place = Place::new()
        .set("OCTOPUS_URL", "http://127.0.0.1:1")
        .set("OCTOPUS_API_KEY", KEY);
    place.check(
        "task list",
        expect![[r#"
        ! Error: http://server cannot be reached.
        ! Cause: Connection refused (os error 111)
        ! Hint: Check that the server runs, and that --server or OCTOPUS_URL names it.
        => 1
    "#]],
    );
}

#[test]
fn a_wrong_key() {
    told(
        Reply::Json(401, json!({"ErrorMessage": "No."})),
        expect![[r#"
            ! Error: http://server does not accept the API key.
            ! Hint: Give a valid key with --api-key or OCTOPUS_API_KEY, or save one with octo login. On the server, octopus api-key create makes one.
            => 1
        "#]],
    );
}

#[test]
fn a_user_who_may_not() {
    let body = json!({"ErrorMessage": "You may not see tasks.", "Errors": []});
    told(
        Reply::Json(403, body),
        expect![[r#"
        ! Error: You may not see tasks.
        ! Hint: Use the key of a user who may do this.
        => 1
    "#]],
    );
}

#[test]
fn a_wrong_address() {
    told(
        Reply::Page(200, "<html>Welcome</html>"),
        expect![[r#"
        ! Error: http://server/api/Spaces-1/tasks was answered with a web page (status 200), which is no answer of an Octopus server.
        ! Hint: Check the address: --server and OCTOPUS_URL name the server itself, such as https://octopus.example.com, without /api or /app.
        => 1
    "#]],
    );
    told(
        Reply::Page(404, "<html>Not found</html>"),
        expect![[r#"
        ! Error: http://server/api/Spaces-1/tasks was answered with a web page (status 404), which is no answer of an Octopus server.
        ! Hint: Check the address: --server and OCTOPUS_URL name the server itself, such as https://octopus.example.com, without /api or /app.
        => 1
    "#]],
    );
    told(
        Reply::Json(200, json!({"version": "3.0"})),
        expect![[r#"
            ! Error: The answer to http://server/api/Spaces-1/tasks is not what this version of octo understands: missing field `ItemType` at line 1 column 17.
            ! Hint: Use the octo that belongs to the server's version.
            => 1
        "#]],
    );
}

#[test]
fn a_proxy_without_its_server() {
    told(
        Reply::Page(502, "<html>Bad gateway</html>"),
        expect![[r#"
            ! Error: http://server/api/Spaces-1/tasks was answered with a web page (status 502), which is no answer of an Octopus server.
            ! Hint: A proxy answered in the server's place. Try again when the server is up.
            => 1
        "#]],
    );
}

#[test]
fn redirects_are_not_followed_because_the_key_would_travel_along() {
    told(
        Reply::Redirect("https://elsewhere.example/"),
        expect![[r#"
            ! Error: http://server/api/Spaces-1/tasks redirects to https://elsewhere.example/.
            ! Hint: Give the address that it redirects to with --server.
            => 1
        "#]],
    );
}

#[test]
fn a_connection_that_breaks() {
    told(
        Reply::Broken,
        expect![[r#"
        ! Error: The connection to http://server broke.
        ! Cause: Peer disconnected
        ! Hint: Check that the server runs, and that --server or OCTOPUS_URL names it.
        => 1
    "#]],
    );
    told(
        Reply::Half,
        expect![[r#"
        ! Error: The connection to http://server broke.
        ! Cause: Peer disconnected
        ! Hint: Check that the server runs, and that --server or OCTOPUS_URL names it.
        => 1
    "#]],
    );
}

#[test]
fn the_servers_own_words() {
    let body = json!({
        "ErrorMessage": "The task cannot be listed.",
        "Errors": ["take: 30 is more than 10.", "skip: \u{1b}[31m0\u{7} is odd."],
    });
    told(
        Reply::Json(400, body),
        expect![[r#"
        ! Error: The task cannot be listed.
        !   take: 30 is more than 10.
        !   skip: 0 is odd.
        => 1
    "#]],
    );
}

#[test]
fn unknown_names() {
    let all = || vec![("GET /api/Spaces-1/environments/all", ok(environments()))];
    check(
        all(),
        "deployment-target list --environment stagging",
        expect![[r#"
            ! Error: There is no environment "stagging".
            ! Hint: Did you mean Staging?
            => 1
        "#]],
    );
    check(
        all(),
        "package deploy Acme.Web -e Test",
        expect![[r#"
        ! Error: There is no environment "Test".
        ! Hint: There is: Staging, Production.
        => 1
    "#]],
    );
}

#[test]
fn incomplete_command_lines() {
    let place = Place::new();
    let mut seen = String::new();
    for arguments in [
        "task list",
        "task list --server http://127.0.0.1:9",
        "task list --server octopus.example --api-key x",
        "task list --server http://me:hunter2@octopus.example --api-key x",
        "task view",
        "task list --state asleep",
        "task list -f xml",
        "task wait",
        "environment create",
        "package upload",
        "package versions",
        "package deploy Acme.Web",
        "package deploy Acme.Web -e A --variable Port",
        "package deploy Acme.Web -e A --variable Port:1 --sensitive-variable Port:2",
        "package nuget create",
        "package nuget create --id Acme/Web",
        "package nuget create --id Acme.Web --version one",
        "tentacle upgrade",
        "tentacle upgrade --all --environment A",
        "login",
        "login --server http://127.0.0.1:9",
        "frobnicate",
    ] {
        let told = place.transcript(arguments);
        assert!(!told.contains("hunter2"), "a password is shown: {told}");
        let first = told.lines().next().unwrap();
        let code = told.lines().last().unwrap();
        seen.push_str(&format!("{arguments}\n  {first}\n  {code}\n"));
    }
    expect![[r#"
        task list
          ! Error: No server is named.
          => 2
        task list --server http://127.0.0.1:9
          ! Error: No API key is known for http://127.0.0.1:9.
          => 2
        task list --server octopus.example --api-key x
          ! Error: The server's address "octopus.example" cannot be used: it must begin with http:// or https://.
          => 2
        task list --server http://me:hunter2@octopus.example --api-key x
          ! Error: The server's address cannot be used: it must not hold a user name or password.
          => 2
        task view
          ! error: the following required arguments were not provided:
          => 2
        task list --state asleep
          ! error: invalid value 'asleep' for '--state <STATE>'
          => 2
        task list -f xml
          ! error: invalid value 'xml' for '--output-format <FORMAT>'
          => 2
        task wait
          ! Error: No task is named.
          => 2
        environment create
          ! Error: --name is missing.
          => 2
        package upload
          ! Error: --package is missing.
          => 2
        package versions
          ! Error: --package is missing.
          => 2
        package deploy Acme.Web
          ! Error: --environment is missing.
          => 2
        package deploy Acme.Web -e A --variable Port
          ! error: invalid value 'Port' for '--variable <NAME:VALUE>': it must be NAME:VALUE
          => 2
        package deploy Acme.Web -e A --variable Port:1 --sensitive-variable Port:2
          ! Error: The variable "Port" is given twice.
          => 2
        package nuget create
          ! Error: --id is missing.
          => 2
        package nuget create --id Acme/Web
          ! Error: `Acme/Web` is not a package id: only letters, digits, `_`, `.` and `-` are allowed.
          => 2
        package nuget create --id Acme.Web --version one
          ! Error: `one` is not a version: it must begin with one to four numbers, joined by single dots.
          => 2
        tentacle upgrade
          ! error: the following required arguments were not provided:
          => 2
        tentacle upgrade --all --environment A
          ! error: the argument '--all' cannot be used with '--environment <NAME>'
          => 2
        login
          ! Error: --server is missing.
          => 2
        login --server http://127.0.0.1:9
          ! Error: --api-key is missing.
          => 2
        frobnicate
          ! error: unrecognized subcommand 'frobnicate'
          => 2
    "#]].assert_eq(&seen);
}

#[test]
fn a_key_that_was_mistyped_into_the_wrong_place_is_not_repeated() {
    let place = Place::new();
    for arguments in [
        format!("--apikey={KEY} task list"),
        format!("task list --server http://127.0.0.1:9 --api-key {KEY} --apikey={KEY}"),
    ] {
        let output = place.run(&arguments);
        assert_eq!(output.status.code(), Some(2));
    }
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let script = vec![(LIST, ok(crate::samples::page(Vec::<api::Task>::new(), 0)))];
    let server = crate::server::Server::start(script);
    let place = Place::with(&server);
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = place
        .command(env!("CARGO_BIN_EXE_octo").as_ref())
        .args(["task", "list", "-f", "json"])
        .stdin(std::process::Stdio::null())
        .stdout(writer)
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap()
        .wait_with_output()
        .unwrap();
    server.finish();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}
