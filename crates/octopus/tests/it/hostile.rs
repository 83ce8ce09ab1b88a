//! Damaged, truncated and hostile uploads: refused in words, and nothing half-stored.

use std::{
    io::{Read, Write},
    net::TcpStream,
};

use crate::{
    feed::{files, listed},
    packages, wait,
    world::{PACKAGE, World},
};

const ADDRESSES: [(&str, &str); 3] = [
    ("POST", "/api/Spaces-1/packages/raw"),
    ("PUT", "/nuget/packages"),
    ("POST", "/nuget/packages/"),
];

#[test]
fn what_is_no_good_package_is_refused_and_leaves_nothing() {
    let world = World::new();
    let good = packages::package(PACKAGE, "1.0.0", 5000, 1);
    let half = &good[..good.len() / 2];
    let without_end = &good[..good.len() - 10];
    // One bit in the middle of the content.
    let mut damaged = good.clone();
    damaged[good.len() / 2] ^= 1;
    let cases: [(&str, Vec<u8>, &str); 9] = [
        ("nothing", Vec::new(), "not a whole zip"),
        ("garbage", packages::noise(4000, 7), "not a whole zip"),
        (
            "text",
            b"<html>Not found</html>".to_vec(),
            "not a whole zip",
        ),
        ("half of it", half.to_vec(), "not a whole zip"),
        ("without its end", without_end.to_vec(), "not a whole zip"),
        ("damaged", damaged, "`data/content.bin` is damaged"),
        ("a way out", packages::evil(PACKAGE, "1.0.0"), "../evil.txt"),
        (
            "no nuspec",
            packages::zip(&[("a.txt", b"a")]),
            "no .nuspec file",
        ),
        ("no XML", packages::zip(&[("a.nuspec", b"<a>")]), "a.nuspec"),
    ];
    for (what, bytes, words) in &cases {
        for (method, path) in ADDRESSES {
            let message = world.http.upload(method, path, bytes).refusal(400);
            assert!(
                message.contains("the package was refused"),
                "{what}: {message}"
            );
            assert!(message.contains(words), "{what}: {message}");
        }
    }
    for bad in ["1.0.0.0.0", "one", "1.0-", "-1.0", "1.0.0-a b"] {
        let bytes = nuspec_with_version(bad);
        let message = world
            .http
            .upload("PUT", "/nuget/packages", &bytes)
            .refusal(400);
        assert!(message.contains(bad), "{bad}: {message}");
    }
    assert_eq!(files(&world), [""; 0]);
    assert_eq!(listed(&world), [""; 0]);
    // The server is as good as before.
    world.push(&good);
    assert_eq!((files(&world).len(), listed(&world).len()), (1, 1));
}

/// A zip with a nuspec that no builder of ours would write.
fn nuspec_with_version(version: &str) -> Vec<u8> {
    let text = format!(
        "<package><metadata><id>Acme.Web</id><version>{version}</version>\
         <authors>a</authors><description>d</description></metadata></package>"
    );
    packages::zip(&[("Acme.Web.nuspec", text.as_bytes())])
}

/// A client that goes away in the middle leaves nothing, and neither does a killed server.
#[test]
fn an_upload_that_breaks_off_leaves_nothing() {
    let mut world = World::new();
    let begin = |world: &World| {
        let host = world.server.as_ref().unwrap().url.replace("http://", "");
        let mut socket = TcpStream::connect(&host).unwrap();
        let head = format!(
            "PUT /nuget/packages HTTP/1.1\r\nHost: {host}\r\nX-NuGet-ApiKey: {}\r\n\
             Content-Type: multipart/form-data; boundary=limit\r\nContent-Length: 100000\r\n\r\n\
             --limit\r\nContent-Disposition: form-data; name=\"package\"\r\n\r\n",
            world.key
        );
        socket.write_all(head.as_bytes()).unwrap();
        socket.write_all(&packages::noise(50_000, 3)).unwrap();
        wait::until_is("some of it is there", || !files(world).is_empty());
        socket
    };
    drop(begin(&world));
    wait::until_is("it is removed", || files(&world).is_empty());
    let mut socket = begin(&world);
    world.kill();
    let _broken = socket.read(&mut [0; 100]);
    assert_eq!(files(&world).len(), 1);
    world.start();
    assert_eq!((files(&world).len(), listed(&world).len()), (0, 0));
}

/// Clients send all of an upload before they read the answer: a connection that is closed on
/// them in the middle would tell them nothing.
#[test]
fn a_refused_upload_is_heard_out_before_it_is_answered() {
    let world = World::new();
    let host = world.server.as_ref().unwrap().url.replace("http://", "");
    let send = |more: &str, content: &[u8]| {
        let mut socket = TcpStream::connect(&host).unwrap();
        let head = format!(
            "PUT /nuget/v3/package HTTP/1.1\r\nHost: {host}\r\nX-NuGet-ApiKey: API-WRONG\r\n\
             Content-Type: multipart/form-data; boundary=limit\r\n{more}\
             Content-Length: {}\r\n\r\n",
            8 << 20
        );
        socket.write_all(head.as_bytes()).unwrap();
        for some in content.chunks(64 << 10) {
            socket.write_all(some).unwrap();
        }
        let mut answer = vec![0; 4096];
        let length = socket.read(&mut answer).unwrap();
        String::from_utf8_lossy(&answer[..length]).into_owned()
    };
    let answer = send("", &vec![0; 8 << 20]);
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    // Who asks whether to send it is told at once.
    let answer = send("Expect: 100-continue\r\n", &[]);
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
}
