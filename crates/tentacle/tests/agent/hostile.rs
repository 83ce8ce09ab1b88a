//! Packages that mean harm, or are damaged: refused with the reason, and nothing of them stays.

use expect_test::{Expect, expect};

use crate::bench::{Agent, Instance, tree};
use crate::calls::failure;
use crate::pack::{Package, Zip, tentacle_id};

/// What is in the folder of the test before anything is deployed.
fn outside(instance: &Instance) -> Vec<String> {
    let mut names = tree(instance.folder.path());
    let of_agent = ["instance/work/", "instance/packages/", "instance/config/"];
    names.retain(|name| !of_agent.iter().any(|folder| name.starts_with(folder)));
    names
}

/// Neither a deployment nor an upgrade takes it; both name the reason.
async fn check(make: impl Fn(&str, &str) -> Package, expected: Expect) {
    let instance = Instance::new();
    let agent = instance.start();
    let before = outside(&instance);
    let deployed = deploys(&agent, &make("Acme.Web", "1.2.0")).await;
    assert_eq!(instance.tree("Applications"), ["Test"]);
    std::fs::remove_dir_all(instance.home.applications()).unwrap();
    let upgraded = upgrades(&agent, &make(&tentacle_id(), "9.9.9")).await;
    let mut after = outside(&instance);
    after.retain(|name| name != "instance/versions");
    assert_eq!(after, before);
    assert_eq!(instance.tree("versions"), Vec::<String>::new());
    let reason = |message: &str| {
        let message = message.split_once(".nupkg cannot be unpacked: ");
        message.map(|(_, reason)| reason.to_owned())
    };
    let reason = reason(&deployed).unwrap_or(deployed);
    assert!(upgraded.contains(&reason), "{upgraded}\n{reason}");
    expected.assert_eq(&reason);
    assert_eq!(agent.status().await.running, Vec::<String>::new());
}

async fn deploys(agent: &Agent, package: &Package) -> String {
    let (_, state) = agent.deploy("t-1", package).await;
    failure(&state).to_owned()
}

async fn upgrades(agent: &Agent, package: &Package) -> String {
    let state = agent.upgrade("t-2", package).await;
    failure(&state).to_owned()
}

/// A package that would do but for one entry more.
fn good(id: &str, version: &str) -> Zip {
    let nuspec = format!(
        "<package><metadata><id>{id}</id><version>{version}</version>\
         <authors>a</authors><description>d</description></metadata></package>"
    );
    Zip::new()
        .file(&format!("{id}.nuspec"), nuspec.as_bytes())
        .file("tentacle", b"#!/bin/sh\n")
        .file("Deploy.sh", b"echo never\n")
}

async fn with_file(name: &str, expected: Expect) {
    check(|id, version| good(id, version).file(name, b"harm").package(id, version), expected).await;
}

async fn with_link(target: &str, expected: Expect) {
    check(|id, version| good(id, version).link("link", target).package(id, version), expected).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_that_leave_the_folder() {
    with_file("../../../../evil.txt", expect![""]).await;
    with_file("a/../../evil.txt", expect![""]).await;
    with_file("..\\evil.txt", expect![""]).await;
    with_file("/tmp/evil.txt", expect![""]).await;
    with_file("C:/evil.txt", expect![""]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn links_that_point_outside() {
    with_link("../../../../evil.txt", expect![""]).await;
    with_link("/etc/passwd", expect![""]).await;
    check(
        |id, version| {
            let zip = good(id, version).link("link", "lib").file("link/evil.txt", b"harm");
            zip.package(id, version)
        },
        expect![""],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bombs() {
    let zeros = vec![0; 48 * 1024 * 1024];
    check(
        |id, version| good(id, version).file("zeros", &zeros).package(id, version),
        expect![""],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_damaged_though_its_hash_is_right() {
    check(
        |id, version| good(id, version).package(id, version).truncated(),
        expect![""],
    )
    .await;
    check(
        |id, version| Package::of(id, version, b"<html>not a package</html>".to_vec()),
        expect![""],
    )
    .await;
    check(|id, version| Package::of(id, version, Vec::new()), expect![""]).await;
    check(
        |id, version| {
            let content = [b"content".as_slice(), version.as_bytes()].concat().repeat(9);
            let mut package = good(id, version).file("data", &content).package(id, version);
            let at = package.bytes.windows(4).rposition(|bytes| bytes == b"data").unwrap();
            // The local header's copy of the name is before the content, this one after it.
            package.bytes[at - 60] ^= 0x55;
            Package::of(id, version, package.bytes)
        },
        expect![""],
    )
    .await;
}
