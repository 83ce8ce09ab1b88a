//! Packages of other formats than NuGet's: their names say what they are.

use std::io::Write;

use crate::{packages, world::World};

const RAW: &str = "/api/Spaces-1/packages/raw";

fn tar() -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_ustar();
    header.set_size(5);
    header.set_mode(0o644);
    header.set_cksum();
    let content: &[u8] = b"hello";
    archive
        .append_data(&mut header, "index.html", content)
        .unwrap();
    archive.into_inner().unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn an_archive_is_what_its_name_says() {
    let world = World::new();
    let (zip, tar) = (packages::zip(&[("index.html", b"hello")]), tar());
    let gzip = gzip(&tar);
    let push = |name: &str, bytes: &[u8]| world.http.upload_as(name, RAW, bytes);
    for (name, bytes, version, extension) in [
        ("Acme.Site.1.2.zip", &zip, "1.2.0", ".zip"),
        ("Acme.Site.1.3.0-rc.1.tar", &tar, "1.3.0-rc.1", ".tar"),
        ("Acme.Site.1.4.0.tar.gz", &gzip, "1.4.0", ".tar.gz"),
        ("Acme.Site.1.5.0.TGZ", &gzip, "1.5.0", ".tgz"),
    ] {
        let taken = push(name, bytes).expect(201);
        assert_eq!(taken["PackageId"], "Acme.Site", "{name}");
        assert_eq!(taken["Version"], version, "{name}");
        assert_eq!(taken["FileExtension"], extension, "{name}");
        let path = format!("/api/Spaces-1/packages/Acme.Site/{version}/raw");
        let file = world
            .http
            .get(&path)
            .header("content-disposition")
            .to_owned();
        assert_eq!(
            file,
            format!("attachment; filename=\"Acme.Site.{version}{extension}\"")
        );
    }
    for (name, bytes, words) in [
        ("Acme.Site.2.0.0.tar.gz", &zip, "zip"),
        ("Acme.Site.2.0.0.zip", &tar, "tar"),
        ("Acme.Site.2.0.0.nupkg", &zip, "nuspec"),
        (
            "site.zip",
            &zip,
            "needs a name that says its id and version",
        ),
        ("Acme.Site.2.0.0.tar", &b"hello".to_vec(), "none at all"),
    ] {
        let message = push(name, bytes).refusal(400);
        assert!(message.contains(words), "{name}: {message}");
    }
    // Other content under the same version, whatever the format.
    push("Acme.Site.1.2.0.tar", &tar).refusal(409);
    // NuGet clients could do nothing with them.
    let found = world.http.get("/nuget/v3/search?q=acme").expect(200);
    assert_eq!(found["totalHits"], 0);
}

#[test]
fn symbols_are_refused_in_words() {
    let world = World::new();
    let nuspec =
        b"<package><metadata><id>Acme.Web</id><version>1.0.0</version><authors>A</authors>\
        <description>D</description><packageTypes><packageType name=\"SymbolsPackage\" />\
        </packageTypes></metadata></package>";
    let symbols = packages::zip(&[
        ("Acme.Web.nuspec", nuspec.as_slice()),
        ("Acme.Web.pdb", b"x"),
    ]);
    let message = world
        .http
        .upload("PUT", "/api/v2/package", &symbols)
        .refusal(400);
    assert!(
        message.contains("Acme.Web 1.0.0 is a package of symbols"),
        "{message}"
    );
}
