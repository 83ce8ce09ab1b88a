//! `login` and `logout`.

use expect_test::expect;
use serde_json::json;

use crate::run::{KEY, Place};
use crate::samples::page;
use crate::server::{Reply, Server, ok};

const FILE: &str = ".config/octopus/octo.json";

fn root() -> (&'static str, Reply) {
    let root = json!({"Application": "Octopus", "Version": "2022.3.5512", "ServerVersion": "1.0.0", "ApiVersion": "3.0.0"});
    ("GET /api", ok(root))
}

fn me() -> (&'static str, Reply) {
    let user = json!({"Id": "Users-1", "Username": "admin", "DisplayName": "Ada"});
    ("GET /api/users/me", ok(user))
}

fn no_tasks() -> Reply {
    ok(page(Vec::<api::Task>::new(), 0))
}

#[test]
fn what_login_saves_serves_other_commands_until_logout() {
    let server = Server::start(vec![
        root(),
        me(),
        ("GET /api/Spaces-7/tasks?skip=0&take=30", no_tasks()),
    ]);
    let url = server.url();
    let place = Place::new();
    let output = place.run(&format!(
        "login --server {url}/ --api-key {KEY} -s Spaces-7"
    ));
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let saved = std::fs::read_to_string(place.home.path().join(FILE)).unwrap();
    let saved: serde_json::Value = serde_json::from_str(&saved).unwrap();
    assert_eq!(
        saved,
        json!({"Server": url, "ApiKey": KEY, "Space": "Spaces-7"})
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let file = std::fs::metadata(place.home.path().join(FILE)).unwrap();
        assert_eq!(file.permissions().mode() & 0o777, 0o600);
    }
    place.check(
        "task list",
        expect![[r#"
        ! There are none.
        => 0
    "#]],
    );
    let requests = server.finish();
    assert_eq!(requests[2].header("x-octopus-apikey"), KEY);
    place.check(
        "logout",
        expect![[r#"
            Signed out.
            => 0
        "#]],
    );
    place.check(
        "logout -f json",
        expect![[r#"
        {
          "Removed": false
        }
        => 0
    "#]],
    );
    assert!(!place.home.path().join(FILE).exists());
    place.check(
        "task list",
        expect![[r#"
        ! Error: No server is named.
        ! Hint: Run octo login once, or give --server (OCTOPUS_URL) and --api-key (OCTOPUS_API_KEY).
        => 2
    "#]],
    );
}

#[test]
fn the_outcome_of_login() {
    for (format, expected) in [
        (
            "table",
            expect![[r#"
            Signed in as  admin
            Server        http://server (version 1.0.0)
            Saved in      HOME/.config/octopus/octo.json
            => 0
        "#]],
        ),
        (
            "json",
            expect![[r#"
            {
              "Server": "http://server",
              "ServerVersion": "1.0.0",
              "Username": "admin",
              "DisplayName": "Ada",
              "ConfigFile": "HOME/.config/octopus/octo.json"
            }
            => 0
        "#]],
        ),
        (
            "basic",
            expect![[r#"
            admin
            => 0
        "#]],
        ),
    ] {
        let server = Server::start(vec![root(), me()]);
        let place = Place::with(&server);
        place.check(&format!("login -f {format}"), expected);
        server.finish();
    }
}

#[test]
fn a_key_that_does_not_work_is_not_saved() {
    let refused = Reply::Json(401, json!({"ErrorMessage": "No."}));
    let server = Server::start(vec![root(), ("GET /api/users/me", refused)]);
    let place = Place::with(&server);
    place.check("login", expect![[r#"
        ! Error: http://server does not accept the API key.
        ! Hint: Give a valid key with --api-key or OCTOPUS_API_KEY, or save one with octo login. On the server, octopus api-key create makes one.
        => 1
    "#]]);
    server.finish();
    assert!(!place.home.path().join(FILE).exists());
}

#[test]
fn a_saved_key_goes_to_no_other_server() {
    let server = Server::start(vec![root(), me()]);
    let place = Place::new();
    place.run(&format!("login --server {} --api-key {KEY}", server.url()));
    server.finish();
    place.check(
        "task list --server http://other.example",
        expect![[r#"
        ! Error: No API key is known for http://other.example.
        ! Hint: Run octo login once, or give --api-key (OCTOPUS_API_KEY).
        => 2
    "#]],
    );
}

#[test]
fn flags_count_before_the_environment_and_that_before_the_file() {
    let saved = Server::start(vec![root(), me()]);
    let other = Server::start(vec![
        ("GET /api/Spaces-2/tasks?skip=0&take=30", no_tasks()),
        ("GET /api/Spaces%203/tasks?skip=0&take=30", no_tasks()),
    ]);
    let place = Place::new()
        .set("OCTO_CONFIG", "here.json")
        .set("OCTOPUS_SPACE", "Spaces-2");
    place.run(&format!(
        "login --server {} --api-key {KEY} -s Spaces-1",
        saved.url()
    ));
    saved.finish();
    assert!(place.home.path().join("here.json").exists());
    let place = place
        .set("OCTOPUS_URL", &other.url())
        .set("OCTOPUS_API_KEY", "API-OTHER");
    assert!(place.run("task list").status.success());
    let place = place.set("OCTOPUS_SPACE", "Spaces 3");
    assert!(place.run("task list --api-key API-FLAG").status.success());
    let keys: Vec<_> = other
        .finish()
        .iter()
        .map(|request| request.header("x-octopus-apikey").to_owned())
        .collect();
    assert_eq!(keys, ["API-OTHER", "API-FLAG"]);
}

#[test]
fn a_damaged_file_is_named_and_its_content_is_not_shown() {
    let place = Place::new();
    place.file(FILE, format!("{{\n \"Server\": \"{KEY}\", oops").as_bytes());
    place.check(
        "task list",
        expect![[r#"
        ! Error: The configuration HOME/.config/octopus/octo.json is damaged at line 2, column 33.
        ! Hint: Delete it, then run octo login.
        => 1
    "#]],
    );
    place.file(FILE, format!("\"{KEY}\"").as_bytes());
    place.check(
        "task list",
        expect![[r#"
        ! Error: The configuration HOME/.config/octopus/octo.json is damaged at line 1, column 19.
        ! Hint: Delete it, then run octo login.
        => 1
    "#]],
    );
}
