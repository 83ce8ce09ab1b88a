//! The other commands, and starts that fail: one clear sentence each.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Output;

use channel::Identity;
use expect_test::{Expect, expect};
use layout::{EXIT_UNHEALTHY, Home};
use serde_json::{Value, json};
use wire::v1::work_state::Phase;

use crate::bench::{Instance, PROGRAM, clean};
use crate::pack::Package;

fn printed(output: Output) -> String {
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    text.trim_end().to_owned()
}

/// What a command that fails says; it is one line.
fn said(instance: &Instance, output: &Output, code: i32) -> String {
    assert_eq!(output.status.code(), Some(code), "{output:?}");
    let text = instance.plain(str::from_utf8(&output.stderr).unwrap());
    let line = text.strip_suffix('\n').unwrap();
    assert!(!line.contains('\n'), "{line}");
    line.to_owned()
}

/// The agent does not start, with this exit code and these words.
fn check_start(instance: &Instance, code: i32, expected: &Expect) {
    let (found, text) = instance.fails();
    assert_eq!(found, Some(code), "{text}");
    expected.assert_eq(&text);
}

#[test]
fn a_port_in_use() {
    let instance = Instance::new();
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = other.local_addr().unwrap().port();
    instance.configure(&json!({ "port": port, "listen_address": "127.0.0.1" }));
    let (code, text) = instance.fails();
    assert_eq!(code, Some(1));
    let text = text.replace(&port.to_string(), "PORT");
    expect!["tentacle: 127.0.0.1:PORT can't be listened on; end the program that uses the port, or choose another port or address with `tentacle configure`: Address already in use (os error 98)"].assert_eq(&text);
}

#[test]
fn an_installer_learns_of_a_port_in_use_before_anything_is_changed() {
    let instance = Instance::new();
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = other.local_addr().unwrap().port().to_string();
    let local = [
        "--listen-address",
        "127.0.0.1",
        "--port",
        &port,
        "--check-port",
    ];
    let settings = instance.home.config().join("tentacle.json");
    let before = fs::read(&settings).ok();
    let text = said(&instance, &instance.run("configure", &local), 1);
    assert!(
        text.contains("can't be listened on; end the program that uses the port"),
        "{text}"
    );
    assert_eq!(fs::read(&settings).ok(), before);
    drop(other);
    printed(instance.run("configure", &local));
    assert!(fs::read_to_string(&settings).unwrap().contains(&port));
}

#[test]
fn an_address_of_another_machine() {
    let instance = Instance::new();
    instance.configure(&json!({ "port": 10933, "listen_address": "192.0.2.1" }));
    check_start(
        &instance,
        1,
        &expect![
            "tentacle: 192.0.2.1:10933 can't be listened on; end the program that uses the port, or choose another port or address with `tentacle configure`: Cannot assign requested address (os error 99)"
        ],
    );
}

#[test]
fn a_home_that_cannot_be_written() {
    // Below a file no folder can be made, not even by root.
    let mut instance = Instance::bare();
    let file = instance.folder.path().join("file");
    fs::write(&file, "").unwrap();
    instance.home = Home::new(file.join("home"));
    check_start(
        &instance,
        1,
        &expect![
            "tentacle: the HOME DIR/file/home/config can't be used; make it writable for this user: Not a directory (os error 20)"
        ],
    );
    let said = |command, options: &[&str]| said(&instance, &instance.run(command, options), 1);
    expect!["tentacle: DIR/file/home/config/identity.pem can't be read or written; check its owner and the disk: Not a directory (os error 20)"].assert_eq(&said("show-thumbprint", &[]));
    expect!["tentacle: DIR/file/home/config/identity.pem can't be read or written; check its owner and the disk: Not a directory (os error 20)"].assert_eq(&said("new-certificate", &[]));
    expect!["tentacle: DIR/file/home/config/tentacle.json can't be read or written; check its owner and the disk: Not a directory (os error 20)"].assert_eq(&said("show-configuration", &[]));
    expect!["tentacle: DIR/file/home/config/tentacle.json can't be read or written; check its owner and the disk: Not a directory (os error 20)"].assert_eq(&said("configure", &["--port", "1"]));
    let server = ["--server", "http://127.0.0.1:1", "--api-key", "API-X"];
    let target = ["--environment", "Test", "--role", "web"];
    expect!["tentacle: DIR/file/home/config/identity.pem can't be read or written; check its owner and the disk: Not a directory (os error 20)"].assert_eq(&said("register-with", &[server, target].concat()));
}

#[test]
fn a_folder_of_the_home_that_is_a_file() {
    for folder in ["config", "run", "log", "work", "packages"] {
        let instance = Instance::bare();
        instance.write(folder, "");
        let (code, text) = instance.fails();
        assert_eq!(code, Some(1), "{text}");
        let expected = format!("tentacle: the HOME DIR/instance/{folder} can't be used; make it");
        assert!(text.starts_with(&expected), "{text}");
    }
}

#[test]
fn settings_that_are_damaged() {
    let check = |text: &str, expected: &Expect| {
        let instance = Instance::bare();
        instance.write("config/tentacle.json", text);
        check_start(&instance, EXIT_UNHEALTHY, expected);
        assert_eq!(instance.read("config/tentacle.json"), text);
    };
    check(
        "",
        &expect![
            "tentacle: DIR/instance/config/tentacle.json is damaged; correct it, or remove it and register again: EOF while parsing a value at line 1 column 0"
        ],
    );
    check(
        "{\"port\": 10933",
        &expect![
            "tentacle: DIR/instance/config/tentacle.json is damaged; correct it, or remove it and register again: EOF while parsing an object at line 1 column 14"
        ],
    );
    check(
        "{\"port\": 99999}",
        &expect![
            "tentacle: DIR/instance/config/tentacle.json is damaged; correct it, or remove it and register again: invalid value: integer `99999`, expected u16 at line 1 column 14"
        ],
    );
    check(
        "[]",
        &expect![
            "tentacle: DIR/instance/config/tentacle.json is damaged; correct it, or remove it and register again: invalid type: sequence, expected struct Settings at line 1 column 0"
        ],
    );
    check(
        r#"{"trusted": [{"thumbprint": "AB"}]}"#,
        &expect![
            "tentacle: DIR/instance/config/tentacle.json names a trusted server by something that is no thumbprint: `AB` is no thumbprint: it takes 64 hexadecimal digits, as `tentacle show-thumbprint` prints them"
        ],
    );
    check(
        r#"{"listen_address": "here"}"#,
        &expect![
            "tentacle: DIR/instance/config/tentacle.json is damaged; correct it, or remove it and register again: invalid IP address syntax at line 1 column 25"
        ],
    );
}

#[test]
fn a_certificate_that_is_damaged() {
    let (_, one) = Identity::generate("one").unwrap();
    let (_, other) = Identity::generate("other").unwrap();
    let (certificate, key) = one.split_at(one.find("-----BEGIN PRIVATE").unwrap());
    let other_key = &other[other.find("-----BEGIN PRIVATE").unwrap()..];
    let check = |bytes: &[u8], expected: &Expect| {
        let instance = Instance::new();
        instance.write("config/identity.pem", "");
        fs::write(instance.path("config/identity.pem"), bytes).unwrap();
        check_start(&instance, EXIT_UNHEALTHY, expected);
        // It is nobody's to replace but a person's.
        assert_eq!(
            fs::read(instance.path("config/identity.pem")).unwrap(),
            bytes
        );
    };
    check(
        b"",
        &expect![
            "tentacle: DIR/instance/config/identity.pem can't be used: the text holds no certificate and private key in PEM form; make a new one with `tentacle new-certificate`: no items found"
        ],
    );
    check(
        b"nonsense",
        &expect![
            "tentacle: DIR/instance/config/identity.pem can't be used: the text holds no certificate and private key in PEM form; make a new one with `tentacle new-certificate`: no items found"
        ],
    );
    check(
        &[0xff, 0xfe, 0, 1],
        &expect![
            "tentacle: DIR/instance/config/identity.pem can't be used: the text holds no certificate and private key in PEM form; make a new one with `tentacle new-certificate`: no items found"
        ],
    );
    check(
        certificate.as_bytes(),
        &expect![
            "tentacle: DIR/instance/config/identity.pem can't be used: the text holds no certificate and private key in PEM form; make a new one with `tentacle new-certificate`: no items found"
        ],
    );
    check(
        key.as_bytes(),
        &expect![
            "tentacle: DIR/instance/config/identity.pem can't be used: the text holds no certificate and private key in PEM form; make a new one with `tentacle new-certificate`: no items found"
        ],
    );
    check(
        &one.as_bytes()[..one.len() - 90],
        &expect![
            "tentacle: DIR/instance/config/identity.pem can't be used: the text holds no certificate and private key in PEM form; make a new one with `tentacle new-certificate`: missing section end marker: [80, 82, 73, 86, 65, 84, 69, 32, 75, 69, 89]"
        ],
    );
    check(
        [certificate, other_key].concat().as_bytes(),
        &expect![
            "tentacle: the certificate can't be used; make a new one with `tentacle new-certificate`: keys may not be consistent: KeyMismatch"
        ],
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thumbprint_is_stable_until_a_new_certificate_is_made() {
    let instance = Instance::new();
    let print = |command| printed(instance.run(command, &[]));
    let first = print("show-thumbprint");
    assert_eq!(first.len(), 64);
    assert_eq!(print("show-thumbprint"), first);
    assert_eq!(instance.start().thumbprint.to_string(), first);
    let second = print("new-certificate");
    assert_ne!(second, first);
    assert_eq!(print("show-thumbprint"), second);
    assert_eq!(instance.start().thumbprint.to_string(), second);
    let file = fs::metadata(instance.path("config/identity.pem")).unwrap();
    assert_eq!(file.permissions().mode() & 0o777, 0o600);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_configured_is_shown_and_used() {
    let instance = Instance::bare();
    instance.configure(&json!({ "later": { "kept": true } }));
    let app = instance.folder.path().join("srv");
    let app = app.to_str().unwrap();
    let thumbprint = instance.server.thumbprint().to_string();
    let (start, rest) = thumbprint.split_at(8);
    let spaced = format!("{} {rest}", start.to_lowercase());
    let options = ["--port", "0", "--listen-address", "127.0.0.1", "--app", app];
    printed(instance.run("configure", &options));
    printed(instance.run("configure", &["--trust", &spaced]));
    let shown: Value =
        serde_json::from_str(&printed(instance.run("show-configuration", &[]))).unwrap();
    let expected = json!({
        "port": 0,
        "listen_address": "127.0.0.1",
        "applications": app,
        "trusted": [{ "thumbprint": thumbprint, "server": "" }],
        "later": { "kept": true },
    });
    assert_eq!(shown, expected);
    let agent = instance.start();
    let (_, state) = agent.deploy("t-1", &Package::script("echo")).await;
    assert_eq!(state.phase(), Phase::Succeeded);
    assert!(
        instance
            .folder
            .path()
            .join("srv/Test/Acme.Web/1.2.0")
            .is_dir()
    );
}

#[test]
fn what_cannot_be_configured_is_refused_and_changes_nothing() {
    let instance = Instance::new();
    let before = instance.read("config/tentacle.json");
    for options in [
        ["--port", "70000"],
        ["--port", "http"],
        ["--listen-address", "localhost"],
        ["--trust", "AB:CD"],
        ["--unknown", "1"],
    ] {
        let output = instance.run("configure", &options);
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(text.contains(options[0]), "{text}");
    }
    assert_eq!(instance.read("config/tentacle.json"), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_home_may_be_given_by_a_relative_path() {
    let instance = Instance::new();
    let mut command = clean(Path::new(PROGRAM));
    command
        .args(["agent", "--home", "instance"])
        .current_dir(instance.folder.path());
    let agent = instance.start_as(&mut command);
    let (_, state) = agent
        .deploy("t-1", &Package::script("echo a > made.txt"))
        .await;
    assert_eq!(state.phase(), Phase::Succeeded, "{state:?}");
    assert_eq!(
        instance.read("Applications/Test/Acme.Web/1.2.0/made.txt"),
        "a\n"
    );
}
