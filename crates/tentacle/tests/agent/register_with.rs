//! `tentacle register-with`: by hand, with one sentence when it fails.

use std::process::Output;

use expect_test::{Expect, expect};
use serde_json::{Value, json};

use crate::bench::Instance;
use crate::http::{Http, Request, answer, octopus, refusal};

const KEY: &str = "API-SECRETSECRET";

fn register_with(instance: &Instance, server: &str) -> Output {
    let options = ["--server", server, "--api-key", KEY];
    let target = ["--environment", "Test", "--role", "web"];
    instance.run("register-with", &[options.as_slice(), &target].concat())
}

/// It fails with this one sentence, in which `URL` is the server's address.
fn check_address(server: &str, expected: &Expect) {
    let instance = Instance::new();
    let output = register_with(&instance, server);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!said.contains(KEY), "{said}");
    let said = said.replace(server, "URL");
    expected.assert_eq(said.strip_suffix('\n').unwrap());
}

fn check(answer: impl Fn(&Request) -> String + Send + 'static, expected: &Expect) {
    check_address(&Http::new(answer).url(), expected);
}

#[test]
fn it_tells_what_it_did() {
    let instance = Instance::bare();
    instance.configure(&json!({ "port": 10999 }));
    let trusted = instance.server.thumbprint().to_string();
    let http = Http::new(move |request| octopus(request, &trusted));
    let output = register_with(&instance, &http.url());
    assert!(output.status.success(), "{output:?}");
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(
        said.starts_with(&format!("Registered with {}", http.url())),
        "{said}"
    );
    let shown = instance.run("show-thumbprint", &[]).stdout;
    let machine = http.machine();
    assert_eq!(
        machine["Endpoint"]["Thumbprint"],
        String::from_utf8(shown).unwrap().trim_end()
    );
    let name = machine["Name"].as_str().unwrap();
    assert_eq!(machine["Endpoint"]["Uri"], format!("https://{name}:10999/"));
    let settings: Value = serde_json::from_str(&instance.read("config/tentacle.json")).unwrap();
    assert_eq!(
        settings["trusted"][0]["thumbprint"],
        instance.server.thumbprint().to_string()
    );
}

#[test]
fn a_server_that_cannot_be_reached() {
    check_address(
        "http://127.0.0.1:1",
        &expect![
            "tentacle: URL can't be reached; check the address and that the server runs: io: Connection refused (os error 111)"
        ],
    );
    check_address(
        "https://127.0.0.1:1",
        &expect![
            "tentacle: URL can't be reached; check the address and that the server runs: io: Connection refused (os error 111)"
        ],
    );
}

#[test]
fn an_address_that_is_none() {
    for address in ["", "octopus.example.com", "ftp://octopus", "https://"] {
        let output = register_with(&Instance::new(), address);
        assert_eq!(output.status.code(), Some(1));
        let address = address.trim_end_matches('/');
        assert_eq!(
            String::from_utf8(output.stderr).unwrap(),
            format!(
                "tentacle: `{address}` is no address of a server: it takes the form \
                 https://octopus.example.com\n"
            )
        );
    }
}

#[test]
fn a_key_that_cannot_be_one_is_not_repeated() {
    let instance = Instance::new();
    for key in [
        "",
        "API-SECRET SECRET",
        "API-SECRETSECRET\n",
        "API-SECRETSECRÉT",
    ] {
        let output = instance.run(
            "register-with",
            &[
                "--server",
                "http://127.0.0.1:1",
                "--api-key",
                key,
                "--environment",
                "Test",
                "--role",
                "web",
            ],
        );
        assert_eq!(output.status.code(), Some(1));
        let said = String::from_utf8(output.stderr).unwrap();
        expect![[r#"
            tentacle: the API key is empty or holds a character that no key has; copy it again
        "#]]
        .assert_eq(&said);
    }
}

#[test]
fn settings_that_are_damaged_are_not_overwritten() {
    let instance = Instance::bare();
    instance.write("config/tentacle.json", "{\"port\": 99999}");
    let http = Http::new(|request| octopus(request, &"AB".repeat(32)));
    let output = register_with(&instance, &http.url());
    assert_eq!(output.status.code(), Some(1));
    let said = instance.plain(&String::from_utf8(output.stderr).unwrap());
    expect![[r#"
        tentacle: DIR/instance/config/tentacle.json is damaged; correct it, or remove it and register again: invalid value: integer `99999`, expected u16 at line 1 column 14
    "#]].assert_eq(&said);
    assert_eq!(instance.read("config/tentacle.json"), "{\"port\": 99999}");
}

#[test]
fn a_server_that_refuses() {
    check(
        |_| refusal("401 Unauthorized", "The API key is not known here."),
        &expect!["tentacle: URL refused (401): The API key is not known here."],
    );
    check(
        |request| match request.line.starts_with("POST") {
            true => refusal("400 Bad Request", "There is no environment Test."),
            false => octopus(request, &"AB".repeat(32)),
        },
        &expect!["tentacle: URL refused (400): There is no environment Test."],
    );
}

#[test]
fn somebody_who_is_no_octopus() {
    let same = |text: String| move |_: &Request| text.clone();
    let json = |text: &str| same(answer("200 OK", text));
    check(
        same(answer("200 OK", "<html></html>")),
        &expect![
            "tentacle: URL does not answer like an Octopus server (status 200); check the address"
        ],
    );
    check(
        same(answer("404 Not Found", "gone")),
        &expect![
            "tentacle: URL does not answer like an Octopus server (status 404); check the address"
        ],
    );
    check(
        same(answer("500 Oh", "")),
        &expect![
            "tentacle: URL does not answer like an Octopus server (status 500); check the address"
        ],
    );
    check(
        json("{}"),
        &expect![
            "tentacle: URL does not answer like an Octopus server (status 200); check the address"
        ],
    );
    check(
        json("[1]"),
        &expect![
            "tentacle: URL does not answer like an Octopus server (status 200); check the address"
        ],
    );
    check(
        json("{\"Thumbprint\": \"short\"}"),
        &expect![
            "tentacle: URL does not answer like an Octopus server (status 200); check the address"
        ],
    );
    check(
        same("SSH-2.0-OpenSSH_9.2\r\n".to_owned()),
        &expect![
            "tentacle: URL can't be reached; check the address and that the server runs: protocol: http parse fail: invalid HTTP version"
        ],
    );
    check(
        same(String::new()),
        &expect![
            "tentacle: URL can't be reached; check the address and that the server runs: io: Peer disconnected"
        ],
    );
}

/// The key is for one address alone, and a POST that is sent on would arrive as a GET whose
/// answer looks like success.
#[test]
fn a_redirect_is_named_and_not_followed() {
    let moved = |location: &str| {
        format!("HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n")
    };
    let elsewhere = Http::new(|request| octopus(request, &"AB".repeat(32)));
    let text = moved(&elsewhere.url());
    let said = {
        let http = Http::new(move |_| text.clone());
        String::from_utf8(register_with(&Instance::new(), &http.url()).stderr).unwrap()
    };
    assert!(
        said.contains(&format!("points to `{}`", elsewhere.url())),
        "{said}"
    );
    assert_eq!(elsewhere.requests().len(), 0);
    check(
        move |request| match request.line.as_str() {
            "POST /api/Spaces-1/machines" => moved("/elsewhere"),
            "GET /elsewhere" => answer("200 OK", "{\"Id\": \"Machines-1\"}"),
            _ => octopus(request, &"AB".repeat(32)),
        },
        &expect!["tentacle: URL points to `/elsewhere`; register with the address that is meant"],
    );
}

#[test]
fn a_machine_that_the_server_does_not_name_is_not_registered() {
    check(
        |request| match request.line.as_str() {
            "POST /api/Spaces-1/machines" => answer("200 OK", "{\"Items\": []}"),
            _ => octopus(request, &"AB".repeat(32)),
        },
        &expect![
            "tentacle: URL does not answer like an Octopus server (status 200); check the address"
        ],
    );
}
