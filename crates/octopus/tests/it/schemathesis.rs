//! schemathesis reads the OpenAPI document and tries what it can think of, on a real server.

use std::{
    env, fs,
    path::PathBuf,
    process::{Command, Stdio},
};

use serde_json::{Map, Value, json};

use crate::{
    agent::registration,
    configuration::{id, project},
    packages,
    world::{ENVIRONMENT, PACKAGE, World},
};

/// Where `cargo xtask test` installs it.
fn program() -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target/pip");
    let program = folder.join("bin/schemathesis");
    if program.is_file() {
        return Some(program);
    }
    assert!(
        env::var("CI").as_deref() != Ok("true"),
        "schemathesis is missing; cargo xtask test installs it"
    );
    eprintln!("skipped: cargo xtask test installs schemathesis");
    None
}

/// A size of the run; `cargo xtask verify --api` asks for more.
fn size(variable: &str, short: &str) -> String {
    env::var(variable).unwrap_or_else(|_| short.to_owned())
}

/// A world with something of most kinds, and the document with their ids in its addresses:
/// ids that come from nowhere meet little but refusals.
fn world() -> (World, Value) {
    let world = World::new();
    let http = &world.http;
    let shop = project(http, "Shop");
    world.push(&packages::package(PACKAGE, "1.0.0", 10, 1));
    world.register(&registration("web-1", ENVIRONMENT, 1, &"0".repeat(64)));
    let release = json!({ "ProjectId": id(&shop), "Version": "1.0.0" });
    let release = http.post("/api/Spaces-1/releases", &release).expect(201);
    let deployment = json!({ "ReleaseId": id(&release), "EnvironmentId": "Environments-1" });
    let deployment = http
        .post("/api/Spaces-1/deployments", &deployment)
        .expect(201);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let ids = [
        ("projects", id(&shop)),
        ("projectgroups", text(&shop["ProjectGroupId"])),
        ("lifecycles", text(&shop["LifecycleId"])),
        (
            "deploymentprocesses",
            format!("deploymentprocess-{}", id(&shop)),
        ),
        ("variables", format!("variableset-{}", id(&shop))),
        ("channels", text(&release["ChannelId"])),
        ("releases", id(&release)),
        ("deployments", id(&deployment)),
        ("tasks", text(&deployment["TaskId"])),
        ("environments", "Environments-1".to_owned()),
        ("machines", "Machines-1".to_owned()),
        ("feeds", "feeds-builtin".to_owned()),
    ];
    let document = http.get("/api/openapi.json").expect(200);
    let document = with_ids(document, &ids);
    (world, document)
}

/// The document with ids in place of `{space}` and of `{id}`.
fn with_ids(mut document: Value, ids: &[(&str, String)]) -> Value {
    let paths = document["paths"].as_object().unwrap().clone();
    let mut filled: Map<String, Value> = Map::new();
    for (path, mut operations) in paths {
        let mut parts: Vec<String> = path.split('/').map(str::to_owned).collect();
        for place in 1..parts.len() {
            let known = ids.iter().find(|(name, _)| *name == parts[place - 1]);
            match (parts[place].as_str(), known) {
                ("{space}", _) => "Spaces-1".clone_into(&mut parts[place]),
                ("{id}", Some((_, id))) => parts[place].clone_from(id),
                _ => {}
            }
        }
        let path = parts.join("/");
        // Nothing is removed that the rest needs.
        if !path.contains('{') {
            operations.as_object_mut().unwrap().remove("delete");
        }
        for operation in operations.as_object_mut().unwrap().values_mut() {
            let parameters = operation["parameters"].as_array_mut().unwrap();
            parameters.retain(|one| {
                let name = format!("{{{}}}", one["name"].as_str().unwrap());
                one["in"] != "path" || path.contains(&name)
            });
        }
        let known = filled.entry(path).or_insert_with(|| json!({}));
        let more = operations.as_object().unwrap().clone();
        known.as_object_mut().unwrap().extend(more);
    }
    document["paths"] = filled.into();
    document
}

/// Whether it found nothing, and what it says.
fn run(world: &World, document: &Value, more: &[&str]) -> Option<(bool, String)> {
    let program = program()?;
    // It would look for settings, and leave its reports, in the folder where it runs.
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("openapi.json"), document.to_string()).unwrap();
    let checks = [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_schema_conformance",
    ];
    let mut command = Command::new(program);
    command
        .args(["run", "openapi.json", "--checks", &checks.join(",")])
        .args(["--url", &world.server.as_ref().unwrap().url])
        .args(["--max-examples", &size("OCTOPUS_API_EXAMPLES", "3")])
        .args(["--max-time", &size("OCTOPUS_API_SECONDS", "60")])
        .args(["--phases", "coverage,fuzzing", "--continue-on-failure"])
        .args(["--request-timeout", "20", "--no-color", "--warnings", "off"])
        .args(["--suppress-health-check", "all", "--seed", "1"])
        .args(["--generation-database", "none"])
        .args(["-H", &format!("{}: {}", api::API_KEY_HEADER, world.key)])
        .args(more)
        .current_dir(folder.path())
        .stdin(Stdio::null());
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    Some((output.status.success(), text + &errors))
}

/// No 500, and no answer that the document does not tell of.
#[test]
fn schemathesis_finds_nothing() {
    let (world, document) = world();
    // Left out: what could end the run's own user, and what dials where it is told to.
    let leave = [
        "--exclude-path-regex",
        "^/api/users/\\{id\\}|/machines/discover$",
    ];
    let Some((passed, text)) = run(&world, &document, &leave) else {
        return;
    };
    println!("{text}");
    assert!(passed, "{text}");
    // The server is well after it, and nothing was locked.
    world.http.get("/api/users/me").expect(200);
}

/// A check that can't fail proves nothing: a document that is wrong in one place.
#[test]
fn schemathesis_sees_an_answer_that_the_document_does_not_tell_of() {
    let (world, mut document) = world();
    let answers = &mut document["paths"]["/api/users/me"]["get"]["responses"];
    answers["200"]["content"]["application/json"]["schema"] = json!({ "type": "integer" });
    let only = ["--include-path", "/api/users/me"];
    let Some((passed, text)) = run(&world, &document, &only) else {
        return;
    };
    assert!(!passed && text.contains("/api/users/me"), "{text}");
}
