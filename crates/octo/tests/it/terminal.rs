//! On a terminal: questions and colours. `script` from util-linux plays the terminal.

use std::io::{Read, Write};
use std::path::Path;
use std::process::Stdio;

use api::TaskState;
use serde_json::json;

use crate::run::{KEY, Place};
use crate::samples::{environments, page, task};
use crate::server::{Reply, Server, ok};

/// Runs octo on a terminal where a person types each text as soon as the screen shows what is
/// paired with it; answers with all that the screen showed and the exit code.
fn on_terminal(place: &Place, arguments: &str, typed: &[(&str, &str)]) -> (String, Option<i32>) {
    let line = format!("'{}' {arguments}", env!("CARGO_BIN_EXE_octo"));
    let mut child = place
        .command(Path::new("/usr/bin/script"))
        .env("TERM", "xterm")
        .env("SHELL", "/bin/sh")
        .args(["-qec", &line, "/dev/null"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut keyboard = child.stdin.take().unwrap();
    let mut output = child.stdout.take().unwrap();
    let mut screen = Vec::new();
    for (shown, text) in typed {
        while !String::from_utf8_lossy(&screen).contains(shown) {
            let mut buffer = [0; 1024];
            let count = output.read(&mut buffer).unwrap();
            assert!(
                count > 0,
                "{shown} was not shown: {}",
                String::from_utf8_lossy(&screen)
            );
            screen.extend(&buffer[..count]);
        }
        keyboard.write_all(text.as_bytes()).unwrap();
    }
    output.read_to_end(&mut screen).unwrap();
    let code = child.wait().unwrap().code();
    // Only now, because its end would reach octo as the end of what is typed.
    drop(keyboard);
    (String::from_utf8(screen).unwrap(), code)
}

#[test]
fn what_is_missing_is_asked_for() {
    let created = Reply::Json(201, json!(environments()[0]));
    let server = Server::start(vec![("POST /api/Spaces-1/environments", created)]);
    let place = Place::with(&server);
    let (screen, code) = on_terminal(
        &place,
        "environment create",
        &[("Name of the environment:", "Staging\r")],
    );
    assert_eq!(code, Some(0), "{screen}");
    assert_eq!(server.finish()[0].json()["Name"], "Staging");
}

#[test]
fn nobody_is_asked_in_continuous_integration_or_without_prompts() {
    let place = Place::new()
        .set("OCTOPUS_URL", "http://127.0.0.1:9")
        .set("OCTOPUS_API_KEY", KEY);
    let (screen, code) = on_terminal(&place, "environment create --no-prompt", &[]);
    assert!(screen.contains("--name is missing"), "{screen}");
    assert_eq!(code, Some(2));
    let place = place.set("CI", "true");
    let (screen, code) = on_terminal(&place, "environment create", &[]);
    assert!(screen.contains("--name is missing"), "{screen}");
    assert_eq!(code, Some(2));
}

#[test]
fn login_asks_for_the_key_without_showing_it() {
    let root = json!({"Application": "Octopus", "Version": "2022.3.5512", "ServerVersion": "1.0.0", "ApiVersion": "3.0.0"});
    let user = json!({"Id": "Users-1", "Username": "admin", "DisplayName": "Ada"});
    let server = Server::start(vec![
        ("GET /api", ok(root)),
        ("GET /api/users/me", ok(user)),
    ]);
    let place = Place::new().set("OCTOPUS_URL", &server.url());
    let (first, rest) = KEY.split_at(1);
    // The first star says that the terminal's own echo is off.
    let typed = [("API key:", first), ("*", &format!("{rest}\r"))];
    let (screen, code) = on_terminal(&place, "login", &typed);
    assert_eq!(code, Some(0), "{screen}");
    assert!(!screen.contains(&KEY[1..]), "{screen}");
    assert_eq!(server.finish()[1].header("x-octopus-apikey"), KEY);
}

#[test]
fn colours_only_where_they_are_wanted() {
    let list = || {
        let tasks = page(vec![task("ServerTasks-1", TaskState::Failed)], 1);
        vec![("GET /api/Spaces-1/tasks?skip=0&take=30", ok(tasks))]
    };
    let server = Server::start(list());
    let (screen, _) = on_terminal(&Place::with(&server), "task list", &[]);
    server.finish();
    assert!(screen.contains("\u{1b}[38;5;1mFailed"), "{screen:?}");
    let server = Server::start(list());
    let place = Place::with(&server).set("NO_COLOR", "1");
    let (screen, _) = on_terminal(&place, "task list", &[]);
    server.finish();
    assert!(
        !screen.contains('\u{1b}') && screen.contains("Failed"),
        "{screen:?}"
    );
}

#[test]
fn a_person_chooses_from_what_there_is_and_is_asked_before_something_goes() {
    let all = || ("GET /api/Spaces-1/environments/all", ok(environments()));
    let script = vec![
        all(),
        all(),
        (
            "DELETE /api/Spaces-1/environments/Environments-2",
            ok(json!({})),
        ),
    ];
    let server = Server::start(script);
    // "Prod" narrows the list to one.
    let typed = [
        ("Staging", "Prod"),
        ("Environment: Prod", "\r"),
        ("Delete the environment Production for good?", "y\r"),
    ];
    let (screen, code) = on_terminal(&Place::with(&server), "environment delete", &typed);
    assert_eq!(code, Some(0), "{screen}");
    server.finish();
    let server = Server::start(vec![all()]);
    let typed = [("Delete the environment Production for good?", "\r")];
    let (screen, code) = on_terminal(
        &Place::with(&server),
        "environment delete Production",
        &typed,
    );
    assert_eq!(code, Some(1), "{screen}");
    assert!(screen.contains("Nothing was done."), "{screen}");
    server.finish();
}

#[test]
fn ctrl_c_at_a_question_ends_it() {
    let place = Place::new()
        .set("OCTOPUS_URL", "http://127.0.0.1:9")
        .set("OCTOPUS_API_KEY", KEY);
    let typed = [("Name of the environment:", "\u{3}")];
    let (screen, code) = on_terminal(&place, "environment create", &typed);
    assert_eq!(code, Some(130), "{screen}");
    assert!(!screen.contains("Error"), "{screen}");
}

#[test]
fn ctrl_c_leaves_the_task_running_and_says_so() {
    let one = || {
        (
            "GET /api/Spaces-1/tasks/ServerTasks-1",
            ok(task("ServerTasks-1", TaskState::Executing)),
        )
    };
    let details = || {
        let details = json!({
            "Task": task("ServerTasks-1", TaskState::Executing), "ActivityLogs": [],
            "Progress": { "ProgressPercentage": 40, "CurrentActivity": "Deploying to web-02" },
        });
        ("GET /api/Spaces-1/tasks/ServerTasks-1/details", ok(details))
    };
    let server = Server::start(vec![one(), details()]);
    let typed = [("Deploying to web-02", "\u{3}")];
    let (screen, code) = on_terminal(&Place::with(&server), "task wait ServerTasks-1", &typed);
    assert_eq!(code, Some(130), "{screen}");
    assert!(screen.contains("40 %"), "{screen}");
    assert!(
        screen.contains("ServerTasks-1 goes on. octo task watch ServerTasks-1 shows it, octo task cancel ServerTasks-1 stops it."),
        "{screen}"
    );
    server.finish();
}
