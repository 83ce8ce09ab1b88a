//! The feed: what is taken, what is a conflict, and what is there to be deployed.

use serde_json::json;

use crate::{
    http::{Answer, Http},
    packages,
    world::{ENVIRONMENT, PACKAGE, World},
};

const RAW: &str = "/api/Spaces-1/packages/raw";
const NUGET: &str = "/nuget/packages";

/// Every file of packages, whole or half received.
pub(crate) fn files(world: &World) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![world.data().join("packages")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => found.push(path.display().to_string()),
            }
        }
    }
    found
}

/// Id and version of every package, in the order of the list.
pub(crate) fn listed(world: &World) -> Vec<String> {
    let page = world.http.get("/api/Spaces-1/packages").expect(200);
    let items = page["Items"].as_array().unwrap().iter();
    items
        .map(|item| format!("{} {}", item["PackageId"], item["Version"]).replace('"', ""))
        .collect()
}

fn content(world: &World) -> Answer {
    world
        .http
        .get(&format!("/api/Spaces-1/packages/{PACKAGE}/1.0.0/raw"))
}

#[test]
fn a_package_is_taken_once_and_its_content_stays() {
    let world = World::new();
    let (first, other) = (
        packages::package(PACKAGE, "1.0.0", 100, 1),
        packages::package(PACKAGE, "1.0", 100, 2),
    );
    let put = |bytes: &[u8]| world.http.upload("PUT", NUGET, bytes);
    let post =
        |query: &str, bytes: &[u8]| world.http.upload("POST", &format!("{RAW}{query}"), bytes);
    put(&first).expect(201);
    let first_hash = content(&world).header("etag").to_owned();
    // The same again is no mistake, whichever way it comes.
    put(&first).expect(201);
    world
        .http
        .upload("PUT", "/nuget/packages/", &first)
        .expect(201);
    assert_eq!(post("", &first).expect(200)["Version"], "1.0.0");
    // Other content is one, also under another spelling of the version.
    for refused in [
        put(&other),
        post("", &other),
        post("?overwriteMode=FailIfExists", &other),
    ] {
        let message = refused.refusal(409);
        assert!(
            message.contains("Acme.Web 1.0.0 is in the feed already"),
            "{message}"
        );
        assert!(message.contains("push it under a new version"), "{message}");
    }
    let message = post("?overwriteMode=Please", &other).refusal(400);
    assert!(
        message.contains("FailIfExists, OverwriteExisting or IgnoreIfExists"),
        "{message}"
    );
    post("?overwriteMode=IgnoreIfExists", &other).expect(200);
    assert_eq!(content(&world).header("etag"), first_hash);
    assert_eq!(files(&world).len(), 1, "{:?}", files(&world));
    // Until somebody says so.
    post("?overwriteMode=OverwriteExisting", &other).expect(201);
    assert_ne!(content(&world).header("etag"), first_hash);
    world
        .http
        .upload("PUT", "/nuget/packages?replace=true", &first)
        .expect(201);
    assert_eq!(content(&world).header("etag"), first_hash);
    assert_eq!(listed(&world), ["Acme.Web 1.0.0"]);
}

/// A file of the flat container, which many ask for at once.
pub(crate) fn fetch(http: &Http, version: &str) -> Answer {
    let id = PACKAGE.to_lowercase();
    http.get(&format!(
        "/nuget/v3/flat/{id}/{version}/{id}.{version}.nupkg"
    ))
}

#[test]
fn what_is_done_to_a_package_counts_for_the_next_download() {
    let world = World::new();
    let seeds = [1, 2];
    for seed in seeds.into_iter().cycle().take(8) {
        let (one, other) = (
            packages::package(PACKAGE, "1.0.0", 100, seed),
            packages::package(PACKAGE, "1.0.0", 100, seed + 2),
        );
        let pushed = world.http.upload("POST", RAW, &one).expect(201);
        let before = fetch(&world.http, "1.0.0");
        assert_eq!(before.status, 200);
        let replace = format!("{RAW}?overwriteMode=OverwriteExisting");
        world.http.upload("POST", &replace, &other).expect(201);
        let after = fetch(&world.http, "1.0.0");
        assert_ne!(after.header("etag"), before.header("etag"));
        let id = pushed["Id"].as_str().unwrap();
        let path = format!("/api/Spaces-1/packages/{id}");
        assert_eq!(world.http.send("DELETE", &path, None).status, 200);
        assert_eq!(fetch(&world.http, "1.0.0").status, 404);
    }
}

#[test]
fn versions_are_ordered_as_versions() {
    let world = World::new();
    for version in ["1.9.0", "1.10.0", "1.10.0-rc.2", "2.0.0-beta", "1.2"] {
        world.push(&packages::package(PACKAGE, version, 10, 1));
    }
    let expected = ["2.0.0-beta", "1.10.0", "1.10.0-rc.2", "1.9.0", "1.2.0"];
    let expected = expected.map(|version| format!("{PACKAGE} {version}"));
    assert_eq!(listed(&world), expected);
}

#[test]
fn a_deployment_of_what_is_not_there_says_what_is() {
    let world = World::new();
    let deploy = |id: Option<&str>, version: Option<&str>| {
        let arguments = json!({
            "PackageId": id, "PackageVersion": version, "EnvironmentIds": [ENVIRONMENT],
        });
        let order = json!({ "Name": "DeployPackage", "Arguments": arguments });
        world.http.post("/api/Spaces-1/tasks", &order).refusal(400)
    };
    let push = "Push it first: octo package upload --package FILE.";
    assert_eq!(
        deploy(Some("Acme.Shop"), None),
        format!("The feed has no package `Acme.Shop`; it is empty. {push}")
    );
    for (id, version) in [
        (PACKAGE, "1.0.0"),
        (PACKAGE, "1.1.0-rc"),
        ("Acme.Api", "2.0.0"),
    ] {
        world.push(&packages::package(id, version, 10, 1));
    }
    assert_eq!(
        deploy(Some("Acme.Shop"), Some("1.0.0")),
        format!("The feed has no package `Acme.Shop`; it has: Acme.Api, Acme.Web. {push}")
    );
    assert_eq!(
        deploy(Some("acme.web"), Some("3.0")),
        "The feed has no version 3.0 of `acme.web`; it has: 1.0.0, 1.1.0-rc."
    );
    let message = deploy(Some(PACKAGE), Some("one.two"));
    assert!(
        message.contains("PackageVersion: ") && message.contains("one.two"),
        "{message}"
    );
    assert!(deploy(None, None).contains("set PackageId"));
    // Where it is to go is looked at as well.
    for arguments in [
        json!({ "PackageId": PACKAGE }),
        json!({ "PackageId": PACKAGE, "EnvironmentIds": ["Nowhere"] }),
        json!({ "PackageId": PACKAGE, "MachineIds": ["Machines-7"] }),
    ] {
        let order = json!({ "Name": "DeployPackage", "Arguments": arguments });
        world.http.post("/api/Spaces-1/tasks", &order).refusal(400);
    }
    let tasks = world.http.get("/api/Spaces-1/tasks").expect(200);
    assert_eq!(tasks["TotalResults"], 0);
}
