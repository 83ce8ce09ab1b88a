//! Packages that are kept no longer, and files that no package has.

use std::{
    fs::File,
    time::{Duration, SystemTime},
};

use api::TaskState;
use serde_json::json;

use crate::{
    deployments::{package, release, step},
    feed::{files, listed},
    packages,
    server::{self, Server},
    wait,
    world::{ENVIRONMENT, PACKAGE, World},
};

/// Makes every file look as if it had been pushed yesterday.
fn age(world: &World) {
    let yesterday = SystemTime::now() - Duration::from_secs(86_400);
    for file in files(world) {
        let file = File::options().write(true).open(file).unwrap();
        file.set_modified(yesterday).unwrap();
    }
}

/// Starts the server again with more options.
fn restart(world: &mut World, options: &[&str]) {
    world.kill();
    let mut command = server::serve(&world.data());
    let server = Server::run(command.args(options), &world.data());
    world.http = crate::http::Http::with_key(&server.url, &world.key);
    world.server = Some(server);
}

#[test]
fn old_versions_go_unless_something_uses_them() {
    let mut world = World::new();
    let _agent = world.agent("web-1");
    for version in ["1.0.0", "1.1.0", "1.2.0", "1.3.0"] {
        world.push(&packages::package(PACKAGE, version, 100, 1));
    }
    world.push(&packages::package("Acme.Api", "1.0.0", 100, 1));
    let task = world.order(&json!({
        "Name": "DeployPackage",
        "Arguments": {
            "PackageId": PACKAGE, "PackageVersion": "1.1.0", "EnvironmentIds": [ENVIRONMENT],
        },
    }));
    world.ends(&task, TaskState::Success);
    age(&world);
    // Young versions stay, whatever their number.
    let keep = ["--keep-package-versions", "1"];
    restart(
        &mut world,
        &[&keep[..], &["--keep-package-days", "1"]].concat(),
    );
    world.push(&packages::package("Acme.Shop", "1.0.0", 100, 1));
    assert_eq!((listed(&world).len(), files(&world).len()), (6, 6));
    restart(&mut world, &keep);
    wait::until_is("old versions are gone", || {
        listed(&world)
            == [
                "Acme.Api 1.0.0",
                "Acme.Shop 1.0.0",
                "Acme.Web 1.3.0",
                "Acme.Web 1.1.0",
            ]
    });
    wait::until_is("their files are gone", || files(&world).len() == 4);
    // What is left is whole.
    for (id, version) in [
        (PACKAGE, "1.1.0"),
        (PACKAGE, "1.3.0"),
        ("Acme.Api", "1.0.0"),
    ] {
        let path = format!("/api/Spaces-1/packages/{id}/{version}/raw");
        assert_eq!(world.http.get(&path).status, 200, "{path}");
    }
}

#[test]
fn what_a_release_was_made_of_stays() {
    let mut world = World::new();
    // Makes 1.0.0 of the package, and a release of it.
    release(&world, &[step("First", "Success", package())]);
    for version in ["1.1.0", "1.2.0"] {
        world.push(&packages::package(PACKAGE, version, 100, 1));
    }
    age(&world);
    restart(&mut world, &["--keep-package-versions", "1"]);
    wait::until_is("what nothing uses is gone", || {
        listed(&world) == ["Acme.Web 1.2.0", "Acme.Web 1.0.0"]
    });
}

#[test]
fn replaced_content_is_removed_later() {
    let mut world = World::new();
    world.push(&packages::package(PACKAGE, "1.0.0", 100, 1));
    age(&world);
    let other = packages::package(PACKAGE, "1.0.0", 100, 2);
    let path = "/nuget/packages?replace=true";
    world.http.upload("PUT", path, &other).expect(201);
    assert_eq!(files(&world).len(), 2);
    restart(&mut world, &[]);
    wait::until_is("the old file is gone", || files(&world).len() == 1);
    assert_eq!(
        world
            .http
            .get(&format!("/api/Spaces-1/packages/{PACKAGE}/1.0.0/raw"))
            .status,
        200
    );
}
