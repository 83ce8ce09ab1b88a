//! `config`, access tokens, and settings that count.

use expect_test::expect;

use crate::run::{KEY, Place};
use crate::samples::page;
use crate::server::{Server, ok};

#[test]
fn settings_are_kept_shown_and_forgotten() {
    let place = Place::new();
    let silent = expect![[r#"
        => 0
    "#]];
    place.check("config set url http://octopus.example/", silent);
    for setting in [
        &format!("ApiKey {KEY}"),
        "space Shop",
        "output-format json",
        "NOPROMPT true",
    ] {
        assert!(
            place.run(&format!("config set {setting}")).status.success(),
            "{setting}"
        );
    }
    place.check(
        "config list -f table",
        expect![[r#"
        Url           http://octopus.example
        ApiKey        ***
        AccessToken   (not set)
        Space         Shop
        OutputFormat  json
        NoPrompt      true
        => 0
    "#]],
    );
    place.check(
        "config list -f basic",
        expect![[r#"
        Url=http://octopus.example
        ApiKey=***
        Space=Shop
        OutputFormat=json
        NoPrompt=true
        => 0
    "#]],
    );
    place.check(
        "config get space",
        expect![[r#"
        {
          "Space": "Shop"
        }
        => 0
    "#]],
    );
    place.check(
        "config get apikey -f table",
        expect![[r#"
        ***
        => 0
    "#]],
    );
    place.check(
        "config set outputformat xml",
        expect![[r#"
        ! Error: OutputFormat cannot be "xml".
        ! Hint: It is json, table or basic.
        => 2
    "#]],
    );
    place.check(
        "config set noprompt perhaps",
        expect![[r#"
        ! Error: NoPrompt cannot be "perhaps".
        ! Hint: It is true or false.
        => 2
    "#]],
    );
    place.check(
        "config set sapce Shop",
        expect![[r#"
        ! Error: There is no setting "sapce".
        ! Hint: Did you mean Space?
        => 1
    "#]],
    );
    place.check("config set url octopus.example", expect![[r#"
        ! Error: The server's address "octopus.example" cannot be used: it must begin with http:// or https://.
        ! Hint: Give an address such as https://octopus.example.com with --server or OCTOPUS_URL.
        => 2
    "#]]);
    // The key was for the server before.
    place.check("config set Url http://other.example", expect![[r#"
        ! Warning: The key of the server before is forgotten; octo login saves one for the new server.
        => 0
    "#]]);
    let forget = ["config", "set", "Space", ""];
    let mut octo = place.command(env!("CARGO_BIN_EXE_octo").as_ref());
    assert!(octo.args(forget).status().unwrap().success());
    place.check(
        "config list -f basic",
        expect![[r#"
        Url=http://other.example
        OutputFormat=json
        NoPrompt=true
        => 0
    "#]],
    );
}

#[test]
fn a_format_that_is_kept_counts_until_another_is_asked_for() {
    let script = || {
        let none = page(Vec::<api::Task>::new(), 0);
        vec![("GET /api/Spaces-1/tasks?skip=0&take=30", ok(none))]
    };
    let server = Server::start(script());
    let place = Place::with(&server);
    assert!(place.run("config set OutputFormat json").status.success());
    place.check(
        "task list",
        expect![[r#"
        []
        => 0
    "#]],
    );
    server.finish();
    let server = Server::start(script());
    let place = place.set("OCTOPUS_URL", &server.url());
    place.check(
        "task list -f table",
        expect![[r#"
        ! There are none.
        => 0
    "#]],
    );
    server.finish();
}

#[test]
fn a_token_signs_as_a_bearer_and_a_key_counts_before_it() {
    let path = "GET /api/Spaces-1/tasks?skip=0&take=30";
    let none = || ok(page(Vec::<api::Task>::new(), 0));
    let server = Server::start(vec![(path, none()), (path, none())]);
    let place = Place::new()
        .set("OCTOPUS_URL", &server.url())
        .set("OCTOPUS_ACCESS_TOKEN", "abc.def");
    assert!(place.run("task list").status.success());
    let place = place.set("OCTOPUS_API_KEY", KEY);
    assert!(place.run("task list").status.success());
    let requests = server.finish();
    assert_eq!(requests[0].header("authorization"), "Bearer abc.def");
    assert_eq!(requests[0].header("x-octopus-apikey"), "");
    assert_eq!(requests[1].header("authorization"), "");
    assert_eq!(requests[1].header("x-octopus-apikey"), KEY);
}
