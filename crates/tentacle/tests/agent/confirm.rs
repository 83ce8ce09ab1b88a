//! When a run may call itself confirmed: Suction Cup looks for its nonce in the marker.

use channel::Identity;
use layout::{RUN_NONCE, read_marker};
use serde_json::json;
use wire::v1::StatusRequest;

use crate::bench::{Agent, Instance, VERSION};
use crate::calls::bounded;
use crate::http::{Http, octopus};
use crate::pack::Package;

/// Starts an agent whose version was installed by `stamp`.
fn start(instance: &Instance, stamp: &str) -> Agent {
    instance.write(&format!("versions/{VERSION}/.stamp"), stamp);
    instance.start_as(instance.agent().env(RUN_NONCE, "nonce-1"))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_installer_brought_confirms_itself() {
    let instance = Instance::new();
    let agent = start(&instance, "bundle\n");
    agent.process.log.wait("confirmed by its self-check");
    assert_eq!(read_marker(&instance.home).as_deref(), Some("nonce-1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_ordered_is_confirmed_by_its_call_alone() {
    for stamp in ["7-2-abc\n", "no stamp at all"] {
        let instance = Instance::new();
        let agent = start(&instance, stamp);
        agent.process.log.wait("waiting for the server to confirm");
        let stranger = Identity::generate("stranger").unwrap().0;
        let mut client = agent.client_of(&stranger);
        bounded(client.status(StatusRequest::default()))
            .await
            .unwrap_err();
        let package = Package::script("echo").reference;
        agent.find(&package).await.unwrap();
        assert_eq!(read_marker(&instance.home), None);
        agent.status().await;
        assert_eq!(read_marker(&instance.home).as_deref(), Some("nonce-1"));
        agent.process.log.wait("confirmed by the server");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_answers_confirms_too() {
    let instance = Instance::bare();
    instance.configure(&json!({ "port": 0, "listen_address": "127.0.0.1" }));
    let trusted = instance.server.thumbprint().to_string();
    let http = Http::new(move |request| octopus(request, &trusted));
    let wanted = json!({
        "server": http.url(), "api_key": "API-X", "environments": ["Test"], "roles": ["web"],
    });
    instance.write("config/register.json", &wanted.to_string());
    let agent = start(&instance, "7-2-abc\n");
    agent.process.log.wait("confirmed by the server");
    assert_eq!(read_marker(&instance.home).as_deref(), Some("nonce-1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn once_a_server_has_called_the_self_check_is_not_enough() {
    let instance = Instance::new();
    start(&instance, "bundle\n").status().await;
    std::fs::remove_file(instance.home.marker()).unwrap();
    let agent = start(&instance, "bundle\n");
    agent.process.log.wait("waiting for the server to confirm");
    assert_eq!(read_marker(&instance.home), None);
    agent.status().await;
    assert_eq!(read_marker(&instance.home).as_deref(), Some("nonce-1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_supervisor_there_is_no_marker() {
    let instance = Instance::new();
    let agent = instance.start();
    agent.status().await;
    assert_eq!(read_marker(&instance.home), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_marker_that_cannot_be_written_is_tried_again() {
    let instance = Instance::new();
    instance.write("run/healthy/in-the-way", "");
    let agent = start(&instance, "7-2-abc\n");
    agent.status().await;
    agent.process.log.wait("the health marker can't be written");
    std::fs::remove_dir_all(instance.home.marker()).unwrap();
    agent.status().await;
    assert_eq!(read_marker(&instance.home).as_deref(), Some("nonce-1"));
}
