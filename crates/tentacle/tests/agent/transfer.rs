//! Packages that arrive: whole, in parts, or not as announced.

use std::fs;

use expect_test::{Expect, expect};
use tokio::sync::mpsc;
use tokio_stream::iter;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Code;
use wire::v1::{PackageRef, PutPackageRequest};

use crate::bench::{Agent, Instance};
use crate::calls::{chunk, header, refused};
use crate::pack::Package;

fn package() -> Package {
    let content = format!("{:?}", (0..30_000).collect::<Vec<u32>>());
    Package::new("Acme.Web", "1.2.0", &[("data.txt", &content)])
}

/// Waits until so many bytes of an unfinished transfer are there.
pub(crate) async fn until_received(agent: &Agent, package: &Package, bytes: u64) {
    loop {
        let found = agent.find(&package.reference).await.unwrap();
        assert!(!found.complete);
        if found.received_bytes == bytes {
            return;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_package_arrives_whole_and_once() {
    let instance = Instance::new();
    let agent = instance.start();
    let package = package();
    let found = agent.find(&package.reference).await.unwrap();
    assert!(!found.complete && found.received_bytes == 0);
    agent.send(&package).await;
    let found = agent.find(&package.reference).await.unwrap();
    assert!(found.complete && found.received_bytes == 0);
    let names = instance.tree("packages");
    assert_eq!(names.len(), 1, "{names:?}");
    let path = instance.home.packages().join(&names[0]);
    assert_eq!(fs::read(path).unwrap(), package.bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_that_breaks_off_goes_on_where_it_was_also_after_a_restart() {
    let instance = Instance::new();
    let mut agent = instance.start();
    let package = package();
    let (first, rest) = package.bytes.split_at(20_000);
    let sent_so_far = first.len() as u64;
    // The stream never ends: the connection does.
    let (messages, stream) = mpsc::channel::<PutPackageRequest>(4);
    messages.send(header(&package.reference, 0)).await.unwrap();
    messages.send(chunk(first)).await.unwrap();
    let mut client = agent.client();
    let put = tokio::spawn(async move { client.put_package(ReceiverStream::new(stream)).await });
    until_received(&agent, &package, sent_so_far).await;
    put.abort();
    agent.cut(&instance);
    drop(messages);

    drop(agent);
    let agent = instance.start();
    until_received(&agent, &package, sent_so_far).await;
    let messages = [header(&package.reference, sent_so_far), chunk(rest)];
    let received = agent.put(iter(messages)).await.unwrap();
    assert_eq!(received, package.reference.size);
    assert!(agent.find(&package.reference).await.unwrap().complete);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_ends_early_leaves_a_part_to_go_on_with() {
    let instance = Instance::new();
    let agent = instance.start();
    let package = package();
    let messages = [header(&package.reference, 0), chunk(&package.bytes[..9])];
    assert_eq!(agent.put(iter(messages)).await.unwrap(), 9);
    // Going back is fine: what follows is written anew.
    assert_eq!(
        agent.send_from(&package, 4).await.unwrap(),
        package.reference.size
    );
    assert!(agent.find(&package.reference).await.unwrap().complete);
}

#[tokio::test(flavor = "multi_thread")]
async fn content_of_another_hash_is_refused_and_leaves_nothing() {
    let instance = Instance::new();
    let agent = instance.start();
    let mut package = package();
    package.bytes[100] ^= 1;
    let said = refused(agent.send_from(&package, 0).await, Code::DataLoss);
    assert!(said.contains("nothing was kept, send it again"), "{said}");
    let expected: String = package
        .reference
        .sha256
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect();
    assert!(said.contains(&expected), "{said}");
    assert_eq!(instance.tree("packages"), Vec::<String>::new());
    package.bytes[100] ^= 1;
    agent.send(&package).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_makes_no_sense_is_refused_with_the_reason() {
    let instance = Instance::new();
    let agent = instance.start();
    let package = package();
    let check = async |messages: Vec<PutPackageRequest>, code, expected: Expect| {
        expected.assert_eq(&refused(agent.put(iter(messages)).await, code));
    };
    let bad = Code::InvalidArgument;
    let reference = &package.reference;
    check(vec![], bad, expect!["the first message is not the header"]).await;
    check(
        vec![chunk(&package.bytes)],
        bad,
        expect!["the first message is not the header"],
    )
    .await;
    check(
        vec![header(reference, 5)],
        // So that the server asks again: another transfer may have completed what was here.
        Code::Unavailable,
        expect![
            "the transfer goes on at 5, and only 0 bytes are here; ask again what is here, and send that"
        ],
    )
    .await;
    let nameless = PackageRef {
        sha256: vec![1; 31].into(),
        ..reference.clone()
    };
    check(
        vec![header(&nameless, 0)],
        bad,
        expect!["the package is named without its SHA-256 of 32 bytes"],
    )
    .await;
    assert_eq!(agent.find(&nameless).await.unwrap_err().code(), bad);
    let short = PackageRef {
        size: 10,
        ..reference.clone()
    };
    check(
        vec![header(&short, 0), chunk(&package.bytes[..11])],
        bad,
        expect!["more bytes arrived than the 10 that were announced"],
    )
    .await;
    assert!(!agent.find(reference).await.unwrap().complete);
    // None of it is in the way of the true one.
    agent.send(&package).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_size_beyond_the_disk_is_refused_before_anything_is_written() {
    let instance = Instance::new();
    let agent = instance.start();
    let package = package();
    let huge = PackageRef {
        size: u64::MAX,
        ..package.reference.clone()
    };
    let messages = [header(&huge, 0), chunk(&package.bytes)];
    let said = refused(agent.put(iter(messages)).await, Code::ResourceExhausted);
    assert!(
        said.contains("the package takes 18446744073709551615 bytes"),
        "{said}"
    );
    assert!(said.ends_with("free some space"), "{said}");
    assert_eq!(instance.tree("packages"), Vec::<String>::new());
}
