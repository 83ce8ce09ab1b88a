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
    check(
        |id, version| good(id, version).file(name, b"harm").package(id, version),
        expected,
    )
    .await;
}

async fn with_link(target: &str, expected: Expect) {
    check(
        |id, version| good(id, version).link("link", target).package(id, version),
        expected,
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_that_leave_the_folder() {
    with_file("../../../../evil.txt", expect!["entry `../../../../evil.txt` leaves the package's folder; the package was refused, nothing was extracted"]).await;
    with_file("a/../../evil.txt", expect!["entry `a/../../evil.txt` leaves the package's folder; the package was refused, nothing was extracted"]).await;
    with_file("..\\evil.txt", expect![[r#"entry `..\evil.txt` leaves the package's folder; the package was refused, nothing was extracted"#]]).await;
    with_file("/tmp/evil.txt", expect!["entry `/tmp/evil.txt` is an absolute path; the package was refused, nothing was extracted"]).await;
    with_file("C:/evil.txt", expect!["entry `C:/evil.txt` contains a `:`, which names a drive or a stream on Windows; the package was refused, nothing was extracted"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn links_that_point_outside() {
    with_link("../../../../evil.txt", expect!["entry `link` is a link that leaves the package's folder; the package was refused, nothing was extracted"]).await;
    with_link("/etc/passwd", expect!["entry `link` is a link that leaves the package's folder; the package was refused, nothing was extracted"]).await;
    check(
        |id, version| {
            let zip = good(id, version).link("link", "lib").file("link/evil.txt", b"harm");
            zip.package(id, version)
        },
        expect!["entry `link/evil.txt` is both a folder and something else; the package was refused, nothing was extracted"],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bombs() {
    let zeros = vec![0; 48 * 1024 * 1024];
    check(
        |id, version| good(id, version).file("zeros", &zeros).package(id, version),
        expect!["entry `zeros` grows from 48898 to 50331648 bytes, more than 1000 times; the package was refused, nothing was extracted"],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_damaged_though_its_hash_is_right() {
    check(
        |id, version| good(id, version).package(id, version).truncated(),
        expect!["this is not a whole zip archive (invalid Zip archive: Could not find EOCD); fetch or build the package again"],
    )
    .await;
    check(
        |id, version| Package::of(id, version, b"<html>not a package</html>".to_vec()),
        expect!["this is not a whole zip archive (invalid Zip archive: Could not find EOCD); fetch or build the package again"],
    )
    .await;
    check(|id, version| Package::of(id, version, Vec::new()), expect!["this is not a whole zip archive (invalid Zip archive: Could not find EOCD); fetch or build the package again"]).await;
    check(
        |id, version| {
            let mut package = good(id, version).package(id, version);
            let at = package
                .bytes
                .windows(10)
                .position(|bytes| bytes == b"echo never");
            package.bytes[at.unwrap()] ^= 1;
            Package::of(id, version, package.bytes)
        },
        expect![
            "entry `Deploy.sh` is damaged (Invalid checksum); fetch or build the package again"
        ],
    )
    .await;
}
