//! Uploads of what is new in a package only.

use base64::{Engine, prelude::BASE64_STANDARD as BASE64};
use sha1::{Digest, Sha1};

use crate::{
    feed::{files, listed},
    packages,
    world::{PACKAGE, World},
};

fn address(version: &str) -> String {
    format!("/api/Spaces-1/packages/{PACKAGE}/{version}")
}

/// What a client of Octopus makes of a signature and the new file: copies of chunks that are at
/// the same place in both, and the rest.
fn delta(signature: &[u8], new: &[u8]) -> (Vec<u8>, usize) {
    let head = b"OCTOSIG\x01\x04SHA1\x07Adler32>>>";
    let chunks = signature.strip_prefix(head).unwrap().chunks(26);
    let mut delta = b"OCTODELTA\x01\x04SHA1\x14\0\0\0".to_vec();
    delta.extend(Sha1::digest(new));
    delta.extend(b">>>");
    let (mut at, mut copied) = (0, 0);
    for chunk in chunks {
        let length = usize::from(u16::from_le_bytes([chunk[0], chunk[1]]));
        let Some(same) = new.get(at..at + length) else {
            break;
        };
        let known = Sha1::digest(same)[..] == chunk[6..];
        delta.push(if known { 0x60 } else { 0x80 });
        if known {
            delta.extend((at as u64).to_le_bytes());
            copied += length;
        }
        delta.extend((length as u64).to_le_bytes());
        if !known {
            delta.extend(same);
        }
        at += length;
    }
    delta.push(0x80);
    delta.extend(((new.len() - at) as u64).to_le_bytes());
    delta.extend(&new[at..]);
    (delta, copied)
}

/// A package whose content differs from that of another one at its end only.
fn version(version: &str, end: u8) -> Vec<u8> {
    let mut content = packages::noise(2_000_000, 1);
    content.extend([end; 100]);
    packages::with_file(PACKAGE, version, "data/content.bin", &content)
}

#[test]
fn a_package_is_made_of_the_version_before_it_and_a_delta() {
    let world = World::new();
    world.push(&version("1.0.0", 1));
    world.push(&version("3.0.0", 3));
    let root = world.http.get("/api").expect(200);
    let link = root["Links"]["PackageDeltaSignature"].as_str().unwrap();
    assert_eq!(
        link,
        "/api/Spaces-1/packages/{packageId}/{version}/delta-signature"
    );
    let signature = |wanted: &str| {
        let path = format!("{}/delta-signature", address(wanted));
        world.http.get(&path).expect(200)
    };
    assert_eq!(signature("0.1.0")["BaseVersion"], "1.0.0");
    assert_eq!(signature("4.0.0-beta.1")["BaseVersion"], "3.0.0");
    let found = signature("2.0.0");
    assert_eq!(found["BaseVersion"], "1.0.0");
    let bytes = BASE64.decode(found["Signature"].as_str().unwrap()).unwrap();
    let new = version("2.0.0", 2);
    let (good, copied) = delta(&bytes, &new);
    assert!(copied > 1_900_000 && good.len() < 100_000, "{copied}");
    let file = "Acme.Web.2.0.0.nupkg";
    let path = format!("{}/delta", address("1.0.0"));
    let taken = world.http.upload_as(file, &path, &good).expect(201);
    let events = format!("/api/Spaces-1/events?regarding=packages-{PACKAGE}.2.0.0");
    let events = world.http.get(&events).expect(200);
    assert_eq!(events["Items"][0]["Category"], "Created", "{events}");
    assert_eq!(taken["Version"], "2.0.0");
    assert!(world.http.bytes(&format!("{}/raw", address("2.0.0"))) == new);

    // What is wrong is told, and leaves nothing.
    let (listed_before, files_before) = (listed(&world), files(&world).len());
    for (base, delta, words) in [
        ("3.0.0", &good[..], "was not made for this version"),
        ("1.0.0", &good[..good.len() - 1], "it ends early"),
        ("1.0.0", b"x", "it ends early"),
        ("1.0.0", &new[..], "it does not begin as one"),
    ] {
        let path = format!("{}/delta", address(base));
        let refused = world.http.upload_as(file, &path, delta).refusal(400);
        assert!(refused.contains(words), "{words}: {refused}");
    }
    let path = format!("{}/delta", address("9.0.0"));
    world.http.upload_as(file, &path, &good).refusal(404);
    let none = "/api/Spaces-1/packages/Acme.None/1.0.0/delta-signature";
    world.http.get(none).refusal(404);
    world
        .http
        .get(&format!("{}/delta-signature", address("x")))
        .refusal(400);
    assert_eq!(
        (listed(&world), files(&world).len()),
        (listed_before, files_before)
    );
}

#[test]
fn the_delta_of_a_version_that_is_there_follows_the_mode() {
    let world = World::new();
    world.push(&version("1.0.0", 1));
    let path = format!("{}/delta-signature", address("1.0.0"));
    let found = world.http.get(&path).expect(200);
    let bytes = BASE64.decode(found["Signature"].as_str().unwrap()).unwrap();
    let new = version("1.0.0", 2);
    let (delta, _) = delta(&bytes, &new);
    let path = format!("{}/delta", address("1.0.0"));
    let put = |query: &str| {
        world
            .http
            .upload_as("a.nupkg", &format!("{path}{query}"), &delta)
    };
    let refused = put("").refusal(409);
    assert!(refused.contains("already"), "{refused}");
    put("?overwriteMode=IgnoreIfExists").expect(200);
    put("?overwriteMode=OverwriteExisting").expect(201);
    assert!(world.http.bytes(&format!("{}/raw", address("1.0.0"))) == new);
}
