//! Nothing that opens a door stands in the server's log, however much is logged.

use std::fs;

use api::TaskState;
use serde_json::json;

use crate::{
    packages,
    server::{PASSWORD, fails, octopus},
    world::{ENVIRONMENT, PACKAGE, World},
};

const SECRET: &str = "a-secret-of-a-deployment";

#[test]
fn no_secret_is_logged_at_any_level() {
    for format in ["text", "json"] {
        let world = World::with(vec![
            ("RUST_LOG", "trace,h2=debug,sqlx=debug".to_owned()),
            ("OCTOPUS_LOG_FORMAT", format.to_owned()),
        ]);
        let _agent = world.agent("web-1");
        let nobody = world.anonymous();
        let page = nobody.get("/signin");
        let cookie = page
            .header("set-cookie")
            .split(';')
            .next()
            .unwrap()
            .to_owned();
        let token = cookie.split_once('=').unwrap().1.to_owned();
        let fields = [
            ("username", "admin"),
            ("password", PASSWORD),
            ("csrf", &token),
        ];
        let signed_in = nobody.with("Cookie", &cookie).post_form("/signin", &fields);
        assert_eq!(signed_in.status, 303);
        let sessions = signed_in.headers.get_all("set-cookie").into_iter();
        let mut sessions = sessions.filter_map(|it| it.to_str().unwrap().split(';').next());
        let session = sessions
            .find_map(|it| it.strip_prefix("octopus_session="))
            .unwrap();
        world.push(&packages::package(PACKAGE, "1.0.0", 100, 1));
        let task = world.order(&json!({
            "Name": "DeployPackage",
            "Arguments": {
                "PackageId": PACKAGE, "EnvironmentIds": [ENVIRONMENT],
                "Variables": { "Password": SECRET }, "SensitiveVariables": ["Password"],
            },
        }));
        world.ends(&task, TaskState::Success);
        world.http.get("/api?apikey=API-WRONGKEYINTHEADDRESS");
        let log = world.server.as_ref().unwrap().log();
        // It does say much.
        assert!(log.len() > 5_000, "{}", log.len());
        let master = fs::read_to_string(world.data().join("master.key")).unwrap();
        for (what, secret) in [
            ("the password", PASSWORD),
            ("the API key", world.key.as_str()),
            ("a session", session),
            ("a variable", SECRET),
            ("the master key", master.trim()),
            ("a key in an address", "WRONGKEYINTHEADDRESS"),
        ] {
            let line = log.lines().find(|line| line.contains(secret));
            assert_eq!(line, None, "{what} stands in the log");
        }
    }
}

#[test]
fn the_password_of_a_database_is_shown_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let url = "postgres://octopus:hush-hush@127.0.0.1:1/none";
    let mut serve = octopus(&["serve", "--listen", "127.0.0.1:0", "--data"]);
    serve.arg(folder.path()).env("OCTOPUS_DATABASE", url);
    let error = fails(&mut serve);
    assert!(error.contains("--database can't be opened"), "{error}");
    assert!(!error.contains("hush-hush"), "{error}");
}
