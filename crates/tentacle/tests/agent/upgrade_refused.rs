//! Orders to upgrade that must not be obeyed: the agent goes on as it is.

use expect_test::{Expect, expect};
use wire::v1::work_state::Phase;

use crate::bench::Instance;
use crate::calls::failure;
use crate::pack::{Package, tentacle_id};

async fn check(package: Package, expected: Expect) {
    let instance = Instance::new();
    let agent = instance.start();
    let state = agent.upgrade("t-1", &package).await;
    let said = instance.plain(failure(&state));
    let hash: String = package
        .reference
        .sha256
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect();
    expected.assert_eq(&said.replace(&hash, "SHA256"));
    assert!(!instance.path("versions").exists());
    // It runs, takes work, and would take another upgrade.
    assert!(!agent.status().await.draining);
    let (_, state) = agent.deploy("t-2", &Package::script("echo")).await;
    assert_eq!(state.phase(), Phase::Succeeded);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_package() {
    let files = [("tentacle", "#!/bin/sh\n")];
    check(Package::new("Acme.Web", "9.9.9", &files), expect!["the package is `Acme.Web` and not `Octopus.Tentacle.linux-x64`; order the one for this system"]).await;
    check(
        Package::new("Octopus.Tentacle.win-x64", "9.9.9", &files),
        expect!["the package is `Octopus.Tentacle.win-x64` and not `Octopus.Tentacle.linux-x64`; order the one for this system"],
    )
    .await;
    check(
        Package::new(&tentacle_id(), "9.9.9", &[("lib/tentacle", "")]),
        expect!["the package DIR/instance/packages/SHA256.nupkg has no file `tentacle` at its root: build or download it again"],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_that_is_none() {
    let mut package = Package::tentacle("9.9.9");
    package.reference.version = "newest".to_owned();
    check(package, expect!["`newest` is not a version: it must begin with one to four numbers, joined by single dots"]).await;
    let mut package = Package::tentacle("9.9.9");
    package.reference.version = "9.9.8".to_owned();
    check(package, expect!["the package holds version 9.9.9 and not 9.9.8, which was ordered; push it under its own version"]).await;
    let mut package = Package::tentacle("9.9.9");
    package.reference.version = String::new();
    check(
        package,
        expect![
            "`` is not a version: it must begin with one to four numbers, joined by single dots"
        ],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_package() {
    check(Package::tentacle("9.9.9").truncated(), expect!["the package DIR/instance/packages/SHA256.nupkg cannot be installed: this is not a whole zip archive (invalid Zip archive: Could not find EOCD); fetch or build the package again"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_package_that_has_not_arrived() {
    let instance = Instance::new();
    let agent = instance.start();
    let order = crate::calls::upgrade(&Package::tentacle("9.9.9"));
    let state = agent.watch_order("t-1", order).await.unwrap();
    assert_eq!(
        failure(&state),
        "the package has not arrived; order the upgrade again"
    );
}
