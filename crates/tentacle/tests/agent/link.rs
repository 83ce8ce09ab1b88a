//! Who may call, and what the agent tells of itself.

use std::io::Write;
use std::net::TcpStream;

use channel::{Identity, describe};
use layout::{BadReason, Entry, Ledger, Standing, write_last_lines};
use wire::v1::{StatusRequest, version_state};

use crate::bench::{Instance, VERSION};
use crate::calls::bounded;

#[tokio::test(flavor = "multi_thread")]
async fn status_tells_who_runs_and_what_became_of_each_version() {
    let instance = Instance::new();
    std::fs::create_dir_all(instance.home.log()).unwrap();
    let mut ledger = Ledger::default();
    for (version, stamp, standing) in [
        ("1.0.0", "bundle", Standing::Good),
        (
            "1.1.0",
            "t-7",
            Standing::bad(BadReason::Crashed, "ended 5 times"),
        ),
        ("1.10.0", "t-8", Standing::Trial),
    ] {
        let stamp = stamp.parse().unwrap();
        ledger.set(version.parse().unwrap(), Entry { stamp, standing });
    }
    ledger.store(&instance.home).unwrap();
    let lines = ["cannot start".to_owned()];
    write_last_lines(&instance.home, &"1.1.0".parse().unwrap(), &lines).unwrap();
    instance.write("log/suction-cup.log", "rolled back\n");

    let mut command = instance.agent();
    let agent = instance.start_as(command.env(layout::RUN_NONCE, "nonce-1"));
    let status = agent.status().await;
    assert_eq!(status.version, VERSION);
    assert_eq!(status.rid, layout::RID);
    assert_eq!(status.run, "nonce-1");
    assert_eq!(status.process_id, agent.process.id());
    assert!(status.disk_free_bytes > 0);
    assert!(!status.draining && status.running.is_empty());
    assert_eq!(status.supervisor_log, ["rolled back"]);
    let told = status.versions.iter().map(|one| {
        let lines = one.last_lines.join("|");
        let (ticket, reason, detail) = (&one.ticket, &one.reason, &one.detail);
        let standing = one.standing().as_str_name();
        format!(
            "{} {standing} {ticket} {reason} {detail} {lines}",
            one.version
        )
    });
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            "1.10.0 TRIAL t-8   ",
            "1.1.0 BAD t-7 crashed ended 5 times cannot start",
            "1.0.0 GOOD    "
        ]
    );
    assert_eq!(status.versions[2].standing(), version_state::Standing::Good);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_caller_is_refused_and_both_sides_name_both_thumbprints() {
    let instance = Instance::new();
    let agent = instance.start();
    let stranger = Identity::generate("stranger").unwrap().0;
    let mut client = agent.client_of(&stranger);
    let refused = bounded(client.status(StatusRequest::default())).await;
    let said = describe(&refused.unwrap_err());
    let logged = agent.process.log.wait("refused a link from ");
    for text in [&said, &logged] {
        for thumbprint in [stranger.thumbprint(), agent.thumbprint] {
            assert!(text.contains(&thumbprint.to_string()), "{text}");
        }
    }
    assert!(said.contains("tentacle configure --trust"), "{said}");
    // Those whom it knows are not held up.
    assert_eq!(agent.status().await.version, VERSION);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_link_at_all_is_logged_and_does_no_harm() {
    let instance = Instance::new();
    let agent = instance.start();
    for bytes in [
        b"GET / HTTP/1.1\r\n\r\n".as_slice(),
        &[0x16, 3, 1, 255],
        b"",
    ] {
        let mut stream = TcpStream::connect(agent.address).unwrap();
        stream.write_all(bytes).unwrap();
    }
    agent.process.log.wait("refused a link from ");
    assert_eq!(agent.status().await.version, VERSION);
}
