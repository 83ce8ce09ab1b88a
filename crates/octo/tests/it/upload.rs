//! `package upload`.

use base64::{Engine, prelude::BASE64_STANDARD as BASE64};
use expect_test::expect;
use serde_json::json;
use sha1::{Digest, Sha1};

use crate::run::Place;
use crate::samples::package;
use crate::server::{Reply, Server};

const FAIL: &str = "POST /api/Spaces-1/packages/raw?overwriteMode=FailIfExists";
const IGNORE: &str = "POST /api/Spaces-1/packages/raw?overwriteMode=IgnoreIfExists";

fn stored(status: u16, version: &str) -> Reply {
    Reply::Json(status, json!(package("Acme.Web", version)))
}

fn conflict() -> Reply {
    let text = "Acme.Web 1.1.0 is in the feed with other content.";
    Reply::Json(409, json!({"ErrorMessage": text}))
}

#[test]
fn the_file_arrives_as_it_is() {
    let server = Server::start(vec![(FAIL, stored(201, "1.2.0"))]);
    let place = Place::with(&server);
    let content: Vec<u8> = (0..100_000_u32).map(|n| (n % 251) as u8).collect();
    place.file("out/Acme.Web.1.2.0.nupkg", &content);
    place.check(
        "package upload --package out/Acme.Web.1.2.0.nupkg",
        expect![[r#"
            Outcome   Package   Version     Size  File
            Uploaded  Acme.Web  1.2.0    1.23 MB  out/Acme.Web.1.2.0.nupkg
            ! Uploading Acme.Web.1.2.0.nupkg (100.00 kB)
            => 0
        "#]],
    );
    let request = server.finish().remove(0);
    let boundary = request
        .header("content-type")
        .strip_prefix("multipart/form-data; boundary=")
        .unwrap();
    let mut expected = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; \
         filename=\"Acme.Web.1.2.0.nupkg\"\r\nContent-Type: application/octet-stream\r\n\r\n"
    )
    .into_bytes();
    expected.extend(&content);
    expected.extend(format!("\r\n--{boundary}--\r\n").as_bytes());
    assert!(request.body == expected, "the body differs");
}

const SIGNATURE: &str = "GET /api/Spaces-1/packages/Acme.Web/1.2.0/delta-signature";
const DELTA: &str = "POST /api/Spaces-1/packages/Acme.Web/1.1.0/delta?overwriteMode=FailIfExists";

/// Of a version that has this content, in one chunk of 4,096 bytes after another.
fn signature(content: &[u8]) -> Reply {
    let mut bytes = b"OCTOSIG\x01\x04SHA1\x07Adler32>>>".to_vec();
    for chunk in content.chunks(4096) {
        let add = |(a, b): (u16, u16), byte: &u8| {
            let a = a.wrapping_add(u16::from(*byte));
            (a, b.wrapping_add(a))
        };
        let (a, b) = chunk.iter().fold((1, 0), add);
        bytes.extend(u16::try_from(chunk.len()).unwrap().to_le_bytes());
        bytes.extend(a.to_le_bytes());
        bytes.extend(b.to_le_bytes());
        bytes.extend(Sha1::digest(chunk));
    }
    let signature = BASE64.encode(bytes);
    Reply::Json(
        200,
        json!({ "Signature": signature, "BaseVersion": "1.1.0" }),
    )
}

#[test]
fn where_another_version_is_only_what_is_new_is_sent() {
    let old: Vec<u8> = (0..1_500_000_u32).map(|n| (n / 7 % 251) as u8).collect();
    let new = [&old[..], b"a little more"].concat();
    let at = |script: Vec<(&str, Reply)>| {
        let server = Server::start(script);
        let place = Place::with(&server);
        place.file("Acme.Web.1.2.0.nupkg", &new);
        (place, server)
    };
    let refused = || Reply::Json(400, json!({"ErrorMessage": "The delta can't be read."}));
    let (place, server) = at(vec![
        (SIGNATURE, signature(&old)),
        (DELTA, stored(201, "1.2.0")),
    ]);
    let upload = "package upload --package Acme.Web.1.2.0.nupkg";
    place.check(
        upload,
        expect![[r#"
        Outcome   Package   Version     Size  File
        Uploaded  Acme.Web  1.2.0    1.23 MB  Acme.Web.1.2.0.nupkg
        ! Uploading Acme.Web.1.2.0.nupkg (945 B, its difference from version 1.1.0)
        => 0
    "#]],
    );
    let sent = server.finish().remove(1);
    let found = |bytes: &[u8]| sent.body.windows(bytes.len()).any(|part| part == bytes);
    assert!(sent.length < 10_000, "{}", sent.length);
    assert!(found(b"OCTODELTA") && found(b"a little more") && found(b"Acme.Web.1.2.0.nupkg"));

    // Whatever is in the way: the whole package goes.
    let whole = || (FAIL, stored(201, "1.2.0"));
    let missing = || Reply::Json(404, json!({"ErrorMessage": "There is no package."}));
    for (script, flag, expected) in [
        (
            vec![whole()],
            "=false",
            expect![[r#"
            Outcome   Package   Version     Size  File
            Uploaded  Acme.Web  1.2.0    1.23 MB  Acme.Web.1.2.0.nupkg
            ! Uploading Acme.Web.1.2.0.nupkg (1.50 MB)
            => 0
        "#]],
        ),
        (
            vec![(SIGNATURE, missing()), whole()],
            "",
            expect![[r#"
            Outcome   Package   Version     Size  File
            Uploaded  Acme.Web  1.2.0    1.23 MB  Acme.Web.1.2.0.nupkg
            ! Uploading Acme.Web.1.2.0.nupkg (1.50 MB)
            => 0
        "#]],
        ),
        (
            vec![(SIGNATURE, signature(b"other")), whole()],
            "=true",
            expect![[r#"
                Outcome   Package   Version     Size  File
                Uploaded  Acme.Web  1.2.0    1.23 MB  Acme.Web.1.2.0.nupkg
                ! Uploading Acme.Web.1.2.0.nupkg (1.50 MB)
                => 0
            "#]],
        ),
        (
            vec![(SIGNATURE, signature(&old)), (DELTA, refused()), whole()],
            "",
            expect![[r#"
                Outcome   Package   Version     Size  File
                Uploaded  Acme.Web  1.2.0    1.23 MB  Acme.Web.1.2.0.nupkg
                ! Uploading Acme.Web.1.2.0.nupkg (945 B, its difference from version 1.1.0)
                ! The server does not take the difference; the whole package follows.
                ! Uploading Acme.Web.1.2.0.nupkg (1.50 MB)
                => 0
            "#]],
        ),
    ] {
        let (place, server) = at(script);
        place.check(&format!("{upload} --use-delta-compression{flag}"), expected);
        let sent = server.finish().pop().unwrap();
        assert!(sent.length > 1_500_000, "{}", sent.length);
    }
    // That the feed has other content is no reason.
    let (place, server) = at(vec![(SIGNATURE, signature(&old)), (DELTA, conflict())]);
    place.check(upload, expect![[r#"
        Outcome  Package  Version  Size  File
        Failed                           Acme.Web.1.2.0.nupkg
        ! Uploading Acme.Web.1.2.0.nupkg (945 B, its difference from version 1.1.0)
        ! Error: Acme.Web 1.1.0 is in the feed with other content.
        ! Hint: Raise the version; or give --overwrite-mode overwrite to replace the package, or --overwrite-mode ignore to keep it.
        => 1
    "#]]);
    server.finish();
}

#[test]
fn the_first_failure_ends_it() {
    let server = Server::start(vec![(FAIL, stored(201, "1.0.0")), (FAIL, conflict())]);
    let place = Place::with(&server);
    for version in ["1.0.0", "1.1.0", "1.2.0"] {
        place.file(&format!("Acme.Web.{version}.nupkg"), b"content");
    }
    place.check("package upload --package *.nupkg", expect![[r#"
        Outcome   Package   Version     Size  File
        Uploaded  Acme.Web  1.0.0    1.23 MB  Acme.Web.1.0.0.nupkg
        Failed                                Acme.Web.1.1.0.nupkg
        ! Uploading Acme.Web.1.0.0.nupkg (7 B)
        ! Uploading Acme.Web.1.1.0.nupkg (7 B)
        ! Error: Acme.Web 1.1.0 is in the feed with other content.
        ! Hint: Raise the version; or give --overwrite-mode overwrite to replace the package, or --overwrite-mode ignore to keep it.
        => 1
    "#]]);
    server.finish();
}

#[test]
fn the_others_go_on_when_told_so() {
    let script = || {
        vec![
            (IGNORE, stored(200, "1.0.0")),
            (IGNORE, conflict()),
            (IGNORE, stored(201, "1.2.0")),
        ]
    };
    let upload = "package upload --package *.nupkg b/*.nupkg *.0.nupkg --overwrite-mode ignore --continue-on-error";
    let at = |script| {
        let server = Server::start(script);
        let place = Place::with(&server);
        place.file("Acme.Web.1.0.0.nupkg", b"content");
        place.file("Acme.Web.1.1.0.nupkg", b"content");
        place.file("b/Acme.Web.1.2.0.nupkg", b"content");
        (place, server)
    };
    let (place, server) = at(script());
    place.check(upload, expect![[r#"
        Outcome    Package   Version     Size  File
        Unchanged  Acme.Web  1.0.0    1.23 MB  Acme.Web.1.0.0.nupkg
        Failed                                 Acme.Web.1.1.0.nupkg
        Uploaded   Acme.Web  1.2.0    1.23 MB  b/Acme.Web.1.2.0.nupkg
        ! Uploading Acme.Web.1.0.0.nupkg (7 B)
        ! Uploading Acme.Web.1.1.0.nupkg (7 B)
        ! Uploading Acme.Web.1.2.0.nupkg (7 B)
        ! Error: Acme.Web 1.1.0 is in the feed with other content.
        ! Hint: Raise the version; or give --overwrite-mode overwrite to replace the package, or --overwrite-mode ignore to keep it.
        => 1
    "#]]);
    server.finish();
    let (place, server) = at(script());
    place.check(&format!("{upload} -f json"), expect![[r#"
        [
          {
            "File": "Acme.Web.1.0.0.nupkg",
            "Outcome": "Unchanged",
            "Package": {
              "Id": "packages-Acme.Web.1.0.0",
              "PackageId": "Acme.Web",
              "Version": "1.0.0",
              "Title": "",
              "Description": "",
              "FileExtension": ".nupkg",
              "PackageSizeBytes": 1234567,
              "Hash": "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd",
              "Published": "2026-11-20T08:30:00Z",
              "Links": {}
            },
            "Error": null
          },
          {
            "File": "Acme.Web.1.1.0.nupkg",
            "Outcome": "Failed",
            "Package": null,
            "Error": "Acme.Web 1.1.0 is in the feed with other content."
          },
          {
            "File": "b/Acme.Web.1.2.0.nupkg",
            "Outcome": "Uploaded",
            "Package": {
              "Id": "packages-Acme.Web.1.2.0",
              "PackageId": "Acme.Web",
              "Version": "1.2.0",
              "Title": "",
              "Description": "",
              "FileExtension": ".nupkg",
              "PackageSizeBytes": 1234567,
              "Hash": "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd",
              "Published": "2026-11-20T08:30:00Z",
              "Links": {}
            },
            "Error": null
          }
        ]
        ! Uploading Acme.Web.1.0.0.nupkg (7 B)
        ! Uploading Acme.Web.1.1.0.nupkg (7 B)
        ! Uploading Acme.Web.1.2.0.nupkg (7 B)
        ! Error: Acme.Web 1.1.0 is in the feed with other content.
        ! Hint: Raise the version; or give --overwrite-mode overwrite to replace the package, or --overwrite-mode ignore to keep it.
        => 1
    "#]]);
    server.finish();
    let mut two = script();
    two[2].1 = Reply::Json(400, json!({"ErrorMessage": "This is no package."}));
    let (place, server) = at(two);
    place.check(&format!("{upload} -f basic"), expect![[r#"
        Acme.Web.1.0.0.nupkg
        ! Uploading Acme.Web.1.0.0.nupkg (7 B)
        ! Uploading Acme.Web.1.1.0.nupkg (7 B)
        ! Uploading Acme.Web.1.2.0.nupkg (7 B)
        ! Error: Acme.Web 1.1.0 is in the feed with other content.
        ! Hint: Raise the version; or give --overwrite-mode overwrite to replace the package, or --overwrite-mode ignore to keep it.
        ! Error: This is no package.
        ! Error: 2 of 3 packages were not uploaded.
        => 1
    "#]]);
    server.finish();
}

#[test]
fn a_wrong_key_is_told_before_the_package_travels() {
    let refused = || Reply::Json(401, json!({"ErrorMessage": "No."}));
    let asked = "GET /api/Spaces-1/packages/Acme.Web/1.0.0/delta-signature";
    let server = Server::start(vec![(asked, refused()), (FAIL, refused())]);
    let place = Place::with(&server);
    place.file("Acme.Web.1.0.0.nupkg", &[7; 5_000_000]);
    let output = place.run("package upload --package Acme.Web.1.0.0.nupkg");
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("does not accept the API key"), "{error}");
    assert_eq!(server.finish()[1].length, 0);
}

#[test]
fn patterns_that_name_nothing() {
    let place = Place::new()
        .set("OCTOPUS_URL", "http://127.0.0.1:9")
        .set("OCTOPUS_API_KEY", "x");
    place.file("a.zip", b"");
    place.check("package upload --package a.zip *.nupkg", expect![[r#"
        ! Error: No file matches "*.nupkg".
        ! Hint: Paths are relative to the current folder; quote patterns to keep them from the shell.
        => 1
    "#]]);
    place.check(
        "package upload --package [",
        expect![[r#"
        ! Error: "[" is not a pattern: unclosed character class; missing ']'.
        ! Hint: Write * for any characters in a name, ** for any folders, {a,b} for either.
        => 2
    "#]],
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_large_package_costs_no_memory() {
    const MEGABYTE: u64 = 1 << 20;
    let asked = "GET /api/Spaces-1/packages/Large/1.0.0/delta-signature";
    let missing = Reply::Json(404, json!({"ErrorMessage": "There is no package."}));
    let server = Server::start(vec![(asked, missing), (FAIL, stored(201, "1.0.0"))]);
    let place = Place::with(&server);
    let path = place.home.path().join("Large.1.0.0.nupkg");
    std::fs::File::create(&path)
        .unwrap()
        .set_len(400 * MEGABYTE)
        .unwrap();
    // The address space, in kB, is far smaller than the file.
    let limited = "ulimit -v 200000; exec \"$0\" package upload --package Large.1.0.0.nupkg";
    let output = place
        .command("/bin/sh".as_ref())
        .args(["-c", limited, env!("CARGO_BIN_EXE_octo")])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(server.finish()[1].length > 400 * MEGABYTE);
}
