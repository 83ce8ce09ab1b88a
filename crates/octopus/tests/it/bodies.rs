//! Requests that make no sense: each is answered with 4xx and words, and none does anything.

use serde_json::{Value, json};

use crate::{
    agent::registration,
    http::{FORM, JSON},
    packages, routes,
    world::{ENVIRONMENT, PACKAGE, World},
};

const TASKS: &str = "/api/Spaces-1/tasks";
const MACHINES: &str = "/api/Spaces-1/machines";
const ENVIRONMENTS: &str = "/api/Spaces-1/environments";

/// Bytes that no address can make sense of.
fn nonsense() -> Vec<Vec<u8>> {
    let deep = "[".repeat(10_000);
    let texts = [
        "",
        " ",
        "{",
        "{\"Name\": \"x\"",
        "{\"Name\": \"x\", ",
        "null",
        "true",
        "7",
        "\"text\"",
        "[]",
        "[{}]",
        "{}",
        "{\"Name\": null}",
        "{\"Name\": 7}",
        "{\"Name\": {}}",
        "{\"Name\": [\"Health\"]}",
        "{\"Name\": 1e999}",
        "{\"Name\": 99999999999999999999999999999999}",
        "{\"Name\": \"\\ud800\"}",
        "{\"Name\": \"\", \"Arguments\": {}}",
        "{\"Name\": \"x\ty\", \"Arguments\": 7}",
        "{'Name': 'x'}",
        "<xml/>",
        "Name=x&Name=y",
        "%00%ff=%zz",
        &deep,
    ];
    let mut all: Vec<Vec<u8>> = texts.iter().map(|text| text.as_bytes().to_vec()).collect();
    all.push(vec![0xff, 0xfe, 0x00]);
    all.push(packages::noise(1000, 1));
    all
}

#[test]
fn nonsense_is_refused_everywhere() {
    let world = World::new();
    let kinds = [
        JSON,
        FORM,
        "",
        "text/plain",
        "application/octet-stream",
        "multipart/form-data",
        "multipart/form-data; boundary=limit",
        "no kind at all",
    ];
    let takes_a_body = |route: &&routes::Route| {
        // These take no body: a cancelled task or a closed session needs none.
        route.method != "GET"
            && !route.pattern.contains("sign")
            && route.pattern != "/tasks/{id}/cancel"
    };
    for route in routes::all().iter().filter(takes_a_body) {
        for (number, kind) in kinds.into_iter().enumerate() {
            // All of them as JSON, and some of them as whatever else, other ones each time.
            let step = if kind == JSON { 1 } else { 7 };
            for body in nonsense().iter().skip(number % step).step_by(step) {
                let answer = world
                    .http
                    .send(&route.method, &route.path(), Some((kind, body)));
                let shown = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
                assert!(
                    (400..500).contains(&answer.status),
                    "{} {kind} {shown:?}: {} {}",
                    route.name(),
                    answer.status,
                    answer.text
                );
                let is_page =
                    !route.pattern.starts_with("/api") && !route.pattern.starts_with("/nuget");
                match is_page {
                    true => assert!(answer.text.contains("<h1"), "{}", answer.text),
                    false => drop(answer.message()),
                }
            }
        }
    }
    for path in [TASKS, MACHINES, "/api/Spaces-1/packages"] {
        assert_eq!(
            world.http.get(path).expect(200)["TotalResults"],
            0,
            "{path}"
        );
    }
    assert_eq!(world.http.get(ENVIRONMENTS).expect(200)["TotalResults"], 1);
}

/// Each with the words that tell what is wrong.
#[test]
fn a_wrong_value_is_named() {
    let world = World::new();
    world.push(&packages::package(PACKAGE, "1.0.0", 10, 1));
    let long = "x".repeat(101);
    let environment = |name: &str| (ENVIRONMENTS, json!({ "Name": name }));
    let machine = |field: &str, value: Value| {
        let mut new = registration("web-1", ENVIRONMENT, 10_933, &"0".repeat(64));
        *new.pointer_mut(field).unwrap() = value;
        (MACHINES, new)
    };
    let task =
        |name: &str, arguments: Value| (TASKS, json!({ "Name": name, "Arguments": arguments }));
    let cases = [
        (environment(""), 400, "1 to 100 characters"),
        (environment("  "), 400, "1 to 100 characters"),
        (environment(&long), 400, "1 to 100 characters"),
        (environment("a\nb"), 400, "on one line"),
        (environment("test"), 409, "`test` exists already"),
        (machine("/Name", json!("")), 400, "the name of a machine"),
        (machine("/Roles", json!([])), 400, "at least one role"),
        (machine("/Roles", json!([" "])), 400, "none empty"),
        (
            machine("/EnvironmentIds", json!([])),
            400,
            "at least one environment",
        ),
        (
            machine("/EnvironmentIds", json!(["Prod"])),
            400,
            "there are: Test",
        ),
        (
            machine("/Endpoint/Uri", json!("http://x:1/")),
            400,
            "https://host:10933/",
        ),
        (
            machine("/Endpoint/Uri", json!("https://x:99999/")),
            400,
            "https://host:10933/",
        ),
        (
            machine("/Endpoint/Uri", json!("")),
            400,
            "https://host:10933/",
        ),
        (
            machine("/Endpoint/Thumbprint", json!("12")),
            400,
            "64 hexadecimal digits",
        ),
        (
            machine("/Endpoint/CommunicationStyle", json!("Ssh")),
            400,
            "Ssh",
        ),
        (
            task("Upgrade", json!({ "Version": "1.x" })),
            400,
            "Version: ",
        ),
        (
            task("Upgrade", json!({ "EnvironmentId": "Prod" })),
            400,
            "there are: Test",
        ),
        (
            task("Upgrade", json!({ "MachineIds": ["web-9"] })),
            400,
            "there is no machine yet",
        ),
        (task("Reboot", json!({})), 400, "Reboot"),
        (
            task(
                "DeployPackage",
                json!({ "PackageId": PACKAGE, "EnvironmentIds": ["Test"], "SensitiveVariables": ["Key"] }),
            ),
            400,
            "`Key` has no value",
        ),
    ];
    for ((path, body), status, words) in cases {
        let message = world.http.post(path, &body).refusal(status);
        assert!(message.contains(words), "{body}: {message}");
    }
    let other_space = world
        .http
        .post("/api/Spaces-2/tasks", &json!({ "Name": "Health" }));
    assert!(other_space.refusal(404).contains("There is no space"));
    // One byte more than the limit, so that the server reads all before it refuses.
    let many = vec![b' '; (2 << 20) + 1];
    world
        .http
        .send("POST", ENVIRONMENTS, Some((JSON, &many)))
        .refusal(413);
}

/// Addresses and queries that make no sense.
#[test]
fn a_wrong_address_is_told() {
    let world = World::new();
    for (method, path, status) in [
        ("GET", "/api/nothing", 404),
        ("GET", "/api/Spaces-1/nothing/at/all", 404),
        ("GET", "/api/Spaces-2/tasks", 404),
        ("GET", "/api/Spaces-1/tasks/ServerTasks-1", 404),
        ("GET", "/api/Spaces-1/tasks/7", 404),
        ("GET", "/api/Spaces-1/tasks/%ff", 400),
        ("GET", "/api/Spaces-1/machines/Machines--1", 404),
        ("GET", "/api/Spaces-1/tasks?skip=-1", 400),
        ("GET", "/api/Spaces-1/tasks?take=many", 400),
        ("GET", "/api/Spaces-1/tasks?states=Sleeping", 400),
        (
            "GET",
            "/api/Spaces-1/machines?skip=99999999999999999999999",
            400,
        ),
        (
            "GET",
            "/api/Spaces-1/feeds/feeds-builtin/packages/versions",
            400,
        ),
        ("GET", "/api/Spaces-1/packages/Acme.Web/1.0.0/raw", 404),
        ("GET", "/api/Spaces-2/packages/Acme.Web/1.0.0/raw", 404),
        ("DELETE", "/api/Spaces-1/machines/Machines-1", 404),
        ("DELETE", "/api/Spaces-1/tasks", 405),
        ("PATCH", "/api/Spaces-1/machines", 405),
        ("PUT", "/nuget/packages?replace=perhaps", 400),
    ] {
        let body = (method != "GET").then_some((JSON, &b"{}"[..]));
        world.http.send(method, path, body).refusal(status);
    }
    let answer = world.http.send("DELETE", TASKS, None);
    assert_eq!(answer.header("allow"), "GET,HEAD,POST");
    assert!(answer.refusal(405).contains("does not take DELETE"));
    let tasks = world
        .http
        .get("/api/Spaces-1/tasks?skip=4294967295&take=18446744073709551615");
    assert_eq!(tasks.expect(200)["Items"], json!([]));
}
