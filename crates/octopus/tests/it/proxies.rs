//! What is believed of a reverse proxy's word on the browser behind it.

use crate::{
    server::{misused, serve},
    world::World,
};

/// Where the feed says that it is.
fn base(world: &World) -> String {
    let told = world
        .http
        .with("x-forwarded-proto", "https")
        .with("x-forwarded-host", "octopus.example.com");
    let index = told.get("/nuget/v3/index.json").expect(200);
    let id = index["resources"][0]["@id"].as_str().unwrap();
    id.split("/nuget").next().unwrap().to_owned()
}

#[test]
fn a_stranger_s_word_does_not_count() {
    let world = World::new();
    assert_eq!(base(&world), world.server.as_ref().unwrap().url);
}

#[test]
fn a_trusted_proxy_is_believed() {
    let trusted = ("OCTOPUS_TRUSTED_PROXIES", "127.0.0.0/8,::1".to_owned());
    let world = World::with(vec![trusted]);
    assert_eq!(base(&world), "https://octopus.example.com");
}

#[test]
fn a_wrong_address_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = serve(folder.path());
    let error = misused(command.args(["--trusted-proxies", "proxy.example.com"]));
    assert!(
        error.contains("`proxy.example.com` is no address or network"),
        "{error}"
    );
}
