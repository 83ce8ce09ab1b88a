//! Packages and artifacts in a bucket, as in a folder: pushed, given out, swept, backed up, checked.

use std::{fs, process::Command};

use api::TaskState;
use serde_json::json;

use crate::{
    agent::Step,
    deployments::{deploy, package, release, step},
    feed::listed,
    http::Http,
    nodes::second,
    packages,
    postgres::Postgres,
    s3::{S3, SECRET},
    server::{self, Server, fails, misused, octopus, run},
    wait,
    world::{PACKAGE, World},
};

/// More than fits into one part of an upload.
const LARGE: usize = 14 << 20;

fn raw(id: &str) -> String {
    format!("/api/Spaces-1/packages/{id}/1.0.0/raw")
}

fn command(words: &[&str], world: &World, settings: &[(&'static str, String)]) -> Command {
    let mut command = octopus(words);
    command.arg("--data").arg(world.data());
    command.envs(settings.iter().cloned());
    command
}

#[track_caller]
fn prints(mut command: Command) -> String {
    let output = run(&mut command);
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn packages_are_streamed_into_a_bucket_and_out_of_it() {
    let Some(s3) = S3::start() else { return };
    let world = World::with(s3.settings("feed"));
    let large = packages::package("Acme.Large", "1.0.0", LARGE, 1);
    world.push(&large);
    world.push(&packages::package(PACKAGE, "1.0.0", 100, 2));
    assert_eq!(s3.keys("feed/").len(), 2, "{:?}", s3.keys(""));
    assert_eq!(s3.uploads(), 0);
    assert!(world.http.bytes(&raw("Acme.Large")) == large);
    let some = world.http.with("Range", "bytes=6291000-6292000");
    assert!(some.bytes(&raw("Acme.Large")) == large[6_291_000..=6_292_000]);
    let answer = world.http.send("HEAD", &raw("Acme.Large"), None);
    assert_eq!(answer.header("content-length"), large.len().to_string());
    let tag = answer.header("etag").to_owned();
    let same = world.http.with("If-None-Match", &tag);
    assert_eq!(same.get(&raw("Acme.Large")).status, 304);
    let nuspec = world
        .http
        .bytes("/nuget/v3/flat/acme.large/1.0.0/acme.large.nuspec");
    assert!(
        String::from_utf8(nuspec)
            .unwrap()
            .contains("<id>Acme.Large</id>")
    );
    // Nothing stays on the server's disk.
    assert!(!world.data().join("packages").exists());
    let mut left = fs::read_dir(world.data().join("incoming")).unwrap();
    let left = fs::read_dir(left.next().unwrap().unwrap().path()).unwrap();
    assert_eq!(left.count(), 0);
    // What is refused gets nowhere.
    let evil = packages::evil("Acme.Evil", "1.0.0");
    let path = "/api/Spaces-1/packages/raw";
    world.http.upload("POST", path, &evil).refusal(400);
    assert_eq!(s3.keys("").len(), 2);
    let log = world.server.as_ref().unwrap().log();
    assert!(!log.contains(SECRET), "{log}");
}

#[test]
fn a_deployment_takes_from_the_bucket_and_leaves_its_artifact_there() {
    let Some(s3) = S3::start() else { return };
    let world = World::with(s3.settings(""));
    let agent = world.agent("web-1");
    let content = packages::noise(300_000, 7);
    agent.script(vec![Step::Keep("build log.txt", content.clone())]);
    let release = release(&world, &[step("First", "Success", package())]);
    let task = deploy(&world, &release);
    world.ends(&task, TaskState::Success);
    assert_eq!(agent.runs(), [1]);
    let list = world
        .http
        .get(&format!("/api/Spaces-1/artifacts?regarding={task}"));
    let list = list.expect(200);
    let link = list["Items"][0]["Links"]["Content"].as_str().unwrap();
    assert!(world.http.bytes(link) == content);
    assert_eq!(s3.keys("").len(), 2);
}

#[test]
fn a_backup_of_a_bucket_is_restored_into_another_one() {
    let Some(s3) = S3::start() else { return };
    let (here, there) = (s3.settings("here"), s3.settings("there"));
    let mut world = World::with(here.clone());
    let large = packages::package("Acme.Large", "1.0.0", LARGE, 1);
    world.push(&large);
    world.push(&packages::package(PACKAGE, "1.0.0", 100, 2));
    let folder = world.folder().join("backup");
    let to = folder.display().to_string();
    let said = prints(command(&["backup", "--to", &to], &world, &here));
    assert!(said.contains("with 2 packages"), "{said}");
    world.kill();
    for key in s3.keys("here/") {
        s3.delete(&key);
    }
    let output = run(&mut command(&["check"], &world, &here));
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.contains("Acme.Large 1.0.0 can't be read: s3://acme/here/"),
        "{said}"
    );
    fs::remove_dir_all(world.data()).unwrap();
    prints(command(&["restore", "--from", &to], &world, &there));
    let said = prints(command(&["check"], &world, &there));
    assert_eq!(said, "2 packages are as pushed.\n");
    world.settings = there;
    world.start();
    assert!(world.http.bytes(&raw("Acme.Large")) == large);
}

#[test]
fn what_is_damaged_in_the_bucket_is_found_and_another_push_heals_it() {
    let Some(s3) = S3::start() else { return };
    let settings = s3.settings("feed");
    let mut world = World::with(settings.clone());
    let bytes = packages::package(PACKAGE, "1.0.0", 100, 1);
    world.push(&bytes);
    let [key] = &s3.keys("")[..] else {
        panic!("not one object")
    };
    for spoil in [
        (|s3, key| S3::put(s3, key, b"x")) as fn(&S3, &str),
        S3::delete,
    ] {
        spoil(&s3, key);
        let error = fails(&mut command(&["check"], &world, &settings));
        assert!(error.contains("1 of 1 package can't be used"), "{error}");
        world.http.get(&raw(PACKAGE)).failure(500);
        let path = "/api/Spaces-1/packages/raw";
        world.http.upload("POST", path, &bytes).expect(200);
        assert!(world.http.bytes(&raw(PACKAGE)) == bytes);
        prints(command(&["check"], &world, &settings));
        // It keeps in memory for a while what it has just sent.
        world.kill();
        world.start();
    }
}

#[test]
fn objects_without_a_package_are_swept_and_others_stay() {
    let Some(s3) = S3::start() else { return };
    let mut world = World::with(s3.settings("feed"));
    world.push(&packages::package(PACKAGE, "1.0.0", 100, 1));
    let other = packages::package(PACKAGE, "1.0.0", 100, 2);
    let path = "/nuget/packages?replace=true";
    world.http.upload("PUT", path, &other).expect(201);
    // No file of ours.
    s3.put("feed/readme.txt", b"x");
    assert_eq!(s3.keys("feed/").len(), 3);
    world.kill();
    let mut command = server::serve(&world.data());
    command.args(["--grace", "0"]).envs(world.settings.clone());
    let server = Server::run(&mut command, &world.data());
    world.http = Http::with_key(&server.url, &world.key);
    world.server = Some(server);
    wait::until_is("the old content is gone", || s3.keys("feed/").len() == 2);
    assert!(world.http.bytes(&raw(PACKAGE)) == other);
}

#[test]
fn servers_on_one_database_share_a_bucket() {
    let (Some(s3), Some(postgres)) = (S3::start(), Postgres::start()) else {
        return;
    };
    let mut settings = s3.settings("shared");
    settings.push(("OCTOPUS_DATABASE", postgres.database()));
    settings.push(("OCTOPUS_MASTER_KEY", "A".repeat(43) + "="));
    let world = World::with(settings);
    let (_other, http) = second(&world);
    let bytes = packages::package(PACKAGE, "1.0.0", LARGE, 1);
    http.upload("POST", "/api/Spaces-1/packages/raw", &bytes)
        .expect(201);
    assert_eq!(listed(&world), ["Acme.Web 1.0.0"]);
    assert!(world.http.bytes(&raw(PACKAGE)) == bytes);
    let _agent = world.agent("web-1");
    let task = world.order(&json!({
        "Name": "DeployPackage",
        "Arguments": { "PackageId": PACKAGE, "EnvironmentIds": ["Test"] },
    }));
    world.ends(&task, TaskState::Success);
}

#[test]
fn a_bucket_that_can_t_be_used_is_told_at_the_start() {
    let Some(s3) = S3::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let start = |name: &'static str, value: &str| {
        let mut command = server::serve(&folder.path().join("data"));
        command.envs(s3.settings("x")).env(name, value);
        command
    };
    for (name, value, words) in [
        ("AWS_ALLOW_HTTP", "false", "set AWS_ALLOW_HTTP=true"),
        ("OCTOPUS_PACKAGES", "s3://nobody/x", "NoSuchBucket"),
    ] {
        let error = fails(&mut start(name, value));
        assert!(error.contains("packages can't be kept in s3://"), "{error}");
        assert!(error.contains(words), "{name}={value}: {error}");
        assert!(!error.contains(SECRET), "{error}");
    }
    for (value, words) in [
        ("gs://acme/x", "give a folder, file:///folder or s3://"),
        ("s3://ACME/x", "is no bucket's name"),
    ] {
        let error = misused(&mut start("OCTOPUS_PACKAGES", value));
        assert!(error.contains(words), "{value}: {error}");
    }
}

#[test]
fn a_store_that_has_gone_is_told_and_nothing_half_pushed_is_listed() {
    let Some(s3) = S3::start() else { return };
    let world = World::with(s3.settings("feed"));
    world.push(&packages::package(PACKAGE, "1.0.0", 100, 1));
    drop(s3);
    let path = "/api/Spaces-1/packages/raw";
    let bytes = packages::package("Acme.Api", "1.0.0", 100, 1);
    let words = world.http.upload("POST", path, &bytes).failure(503);
    assert!(words.contains("try again later"), "{words}");
    assert_eq!(listed(&world), ["Acme.Web 1.0.0"]);
    assert_eq!(world.anonymous().get("/readyz").status, 503);
    assert_eq!(world.anonymous().get("/healthz").status, 200);
}
