//! An agent that was told by its installer to register, and does so by itself.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use tokio::net::TcpSocket;

use crate::bench::{Agent, Instance};
use crate::http::{Http, Request, answer, octopus, refusal};
use crate::processes::until;

const KEY: &str = "API-SECRETSECRET";

/// A HOME that trusts nobody yet, and is to register with this address.
fn told(server: &str) -> Instance {
    let instance = Instance::bare();
    instance.configure(&json!({ "port": 0, "listen_address": "127.0.0.1" }));
    let wanted = json!({
        "server": format!("{server}/"),
        "api_key": KEY,
        "environments": ["Production", "Environments-2"],
        "roles": ["web", "db"],
        "name": "web-1",
        "public_host_name": "web-1.example.com",
    });
    instance.write("config/register.json", &wanted.to_string());
    instance
}

fn thumbprint(instance: &Instance) -> String {
    instance.server.thumbprint().to_string()
}

/// Waits until it is registered; from then on the server can call.
async fn is_registered(instance: &Instance, agent: &Agent) {
    agent.process.log.wait("registered with ");
    until("register.json is removed", || {
        (!instance.path("config/register.json").exists()).then_some(())
    });
    agent.status().await;
    let text = agent.process.log.text();
    assert!(!text.contains(KEY), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_tells_the_server_of_itself_and_trusts_it() {
    let instance = told("");
    let trusted = thumbprint(&instance);
    let settings = instance.path("config/tentacle.json");
    let http = Http::new(move |request| {
        // A server calls as soon as it knows of the machine.
        let trusts = || {
            std::fs::read_to_string(&settings)
                .unwrap()
                .contains(&trusted)
        };
        match request.line.starts_with("GET") || trusts() {
            true => octopus(request, &trusted),
            false => refusal("400 Bad Request", "I am not trusted yet."),
        }
    });
    let text = instance.read("config/register.json");
    let text = text.replace("\"/\"", &format!("\"{}/\"", http.url()));
    instance.write("config/register.json", &text);
    let agent = instance.start();
    is_registered(&instance, &agent).await;
    assert_eq!(agent.process.log.count("not registered"), 0);

    let asked: Vec<String> = http.requests().into_iter().map(|one| one.line).collect();
    assert_eq!(
        asked,
        [
            "GET /api/configuration/certificates/certificate-global",
            "POST /api/Spaces-1/machines"
        ]
    );
    let key = format!("x-octopus-apikey: {KEY}");
    assert!(http.requests().iter().all(|one| one.headers.contains(&key)));
    assert_eq!(
        http.machine(),
        json!({
            "Name": "web-1",
            "EnvironmentIds": ["Production", "Environments-2"],
            "Roles": ["web", "db"],
            "Endpoint": {
                "CommunicationStyle": "TentaclePassive",
                "Uri": "https://web-1.example.com:0/",
                "Thumbprint": agent.thumbprint.to_string(),
            },
        })
    );
    let settings: Value = serde_json::from_str(&instance.read("config/tentacle.json")).unwrap();
    assert_eq!(
        settings["trusted"],
        json!([{ "thumbprint": thumbprint(&instance), "server": http.url() }])
    );
    // A restart finds it all.
    drop(agent);
    instance.start().status().await;
    assert_eq!(http.requests().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_not_there_yet_is_waited_for() {
    // A port that is taken and refuses, until it listens.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = socket.local_addr().unwrap();
    let instance = told(&format!("http://{address}"));
    let agent = instance.start();
    let said = agent.process.log.wait("not registered");
    let expected = format!(
        "not registered: http://{address} can't be reached; check the address and that the server runs: "
    );
    assert!(said.contains(&expected), "{said}");
    let listener = socket.listen(8).unwrap().into_std().unwrap();
    listener.set_nonblocking(false).unwrap();
    let trusted = thumbprint(&instance);
    let _http = Http::on(listener, move |request| octopus(request, &trusted));
    is_registered(&instance, &agent).await;
    assert_eq!(agent.process.log.count("not registered"), 1);
}

/// Serves the first answers as given, the others as they should be.
fn at_first(answers: Vec<String>) -> (Instance, Http) {
    let instance = told("");
    let trusted = thumbprint(&instance);
    let asked = AtomicUsize::new(0);
    let http = Http::new(move |request: &Request| {
        match answers.get(asked.fetch_add(1, Ordering::Relaxed)) {
            Some(answer) => answer.clone(),
            None => octopus(request, &trusted),
        }
    });
    let text = instance.read("config/register.json");
    let text = text.replace("\"/\"", &format!("\"{}/\"", http.url()));
    instance.write("config/register.json", &text);
    (instance, http)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_said_once_in_the_servers_words() {
    let refused = refusal("401 Unauthorized", "The API key is not known here.");
    let (instance, http) = at_first(vec![refused.clone(), refused]);
    let agent = instance.start();
    is_registered(&instance, &agent).await;
    assert_eq!(http.requests().len(), 4);
    let said = "refused (401): The API key is not known here.; tries again";
    assert_eq!(agent.process.log.count("not registered"), 1);
    assert_eq!(agent.process.log.count(said), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_reason_is_said_too() {
    let (instance, _http) = at_first(vec![
        answer("200 OK", "<html>a proxy's page</html>"),
        refusal("503 Service Unavailable", "Being upgraded."),
    ]);
    let agent = instance.start();
    is_registered(&instance, &agent).await;
    let log = &agent.process.log;
    assert_eq!(log.count("does not answer like an Octopus server"), 1);
    assert_eq!(log.count("refused (503): Being upgraded."), 1);
    assert_eq!(log.count("not registered"), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_wish_is_named_and_does_not_hold_up_the_agent() {
    let instance = Instance::new();
    instance.write("config/register.json", "{\"server\": ");
    let agent = instance.start();
    let said = instance.plain(&agent.process.log.wait("not registered"));
    let expected = "DIR/instance/config/register.json can't be used; correct it or remove it: EOF";
    assert!(said.contains(expected), "{said}");
    agent.status().await;
}
