//! One package over two connections at once.

use std::fs;

use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Code;

use crate::bench::Instance;
use crate::calls::{bounded, chunk, header, refused};
use crate::pack::Package;
use crate::transfer::until_received;

#[tokio::test(flavor = "multi_thread")]
async fn the_second_waits_its_turn() {
    let instance = Instance::new();
    let agent = instance.start();
    let package = Package::script("echo");
    let (messages, stream) = mpsc::channel(4);
    messages.send(header(&package.reference, 0)).await.unwrap();
    messages.send(chunk(&package.bytes[..100])).await.unwrap();
    let mut client = agent.client();
    let first = tokio::spawn(async move { client.put_package(ReceiverStream::new(stream)).await });
    until_received(&agent, &package, 100).await;

    let said = refused(agent.send_from(&package, 0).await, Code::Unavailable);
    assert!(
        said.contains("over another connection; try again later"),
        "{said}"
    );
    messages.send(chunk(&package.bytes[100..])).await.unwrap();
    drop(messages);
    let received = bounded(first).await.unwrap().unwrap().into_inner();
    assert_eq!(received.received_bytes, package.reference.size);
    assert!(agent.find(&package.reference).await.unwrap().complete);
}

/// Whichever comes first: what is told to be there is there, and whole.
#[tokio::test(flavor = "multi_thread")]
async fn a_race_leaves_the_package_whole() {
    let instance = Instance::new();
    let agent = instance.start();
    for round in 0..100 {
        let package = Package::script(&format!("echo {round}"));
        let send = || agent.send_from(&package, 0);
        let (a, b, c) = tokio::join!(send(), send(), send());
        let mut arrived = 0;
        for answer in [a, b, c] {
            match answer {
                Ok(received) => {
                    assert_eq!(received, package.reference.size);
                    arrived += 1;
                }
                Err(status) => assert_eq!(status.code(), Code::Unavailable, "{status}"),
            }
        }
        assert!(arrived > 0);
        let found = agent.find(&package.reference).await.unwrap();
        assert!(found.complete && found.received_bytes == 0, "round {round}");
        let names = instance.tree("packages");
        assert_eq!(names.len(), 1, "{names:?}");
        let path = instance.home.packages().join(&names[0]);
        assert!(fs::read(&path).unwrap() == package.bytes, "round {round}");
        fs::remove_file(path).unwrap();
    }
}
