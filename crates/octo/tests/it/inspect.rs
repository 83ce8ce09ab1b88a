//! `package inspect`.

use expect_test::expect;

use crate::extract::{Item, zip};
use crate::run::Place;

const NUSPEC: &str = r#"<package><metadata>
  <id>Acme.Web</id><version>1.2.0-beta.1</version><title>Acme's web</title>
  <authors>Ada, Ben</authors><description>The shop.
And the blog.</description><releaseNotes>Faster.</releaseNotes>
  <projectUrl>https://example.com/</projectUrl><license type="expression">MIT</license>
  <copyright>2026 Acme</copyright><tags>web shop</tags>
  <dependencies>
    <group targetFramework="net8.0"><dependency id="Acme.Core" version="[1.0,2.0)" /></group>
    <group><dependency id="Other" version="3.0" /></group>
  </dependencies>
</metadata></package>"#;

fn place() -> Place {
    let place = Place::new();
    let nupkg = zip(&[
        Item::File("Acme.Web.nuspec", NUSPEC, 0o644),
        Item::File("[Content_Types].xml", "<Types/>", 0o644),
        Item::Folder("logs"),
        Item::File("PreDeploy.sh", "#!/bin/sh\n", 0o755),
        Item::File("bin/a%20b.dll", "MZ", 0o644),
        Item::Link("current", "bin/a b.dll"),
    ]);
    place.file("some.nupkg", &nupkg);
    place
}

#[test]
fn a_nuget_package() {
    place().check(
        "package inspect some.nupkg",
        expect![[r#"
        Package        Acme.Web
        Version        1.2.0-beta.1
        Size           1.22 kB
        Title          Acme's web
        Authors        Ada, Ben
        Description    The shop. And the blog.
        Release notes  Faster.
        Project        https://example.com/
        License        MIT
        Copyright      2026 Acme
        Tags           web, shop
        Depends on     Acme.Core [1.0.0, 2.0.0) (net8.0)
        Depends on     Other 3.0.0

        Path                  Size  Mode  Kind
        Acme.Web.nuspec      565 B  644   packaging
        [Content_Types].xml    8 B  644   packaging
        logs                        755   folder
        PreDeploy.sh          10 B  755   file
        bin/a b.dll            2 B  644   file
        current               11 B  777   link to bin/a b.dll
        => 0
    "#]],
    );
    place().check(
        "package inspect some.nupkg -f basic",
        expect![[r#"
        PreDeploy.sh
        bin/a b.dll
        current
        => 0
    "#]],
    );
    place().check(
        "package inspect some.nupkg -f json",
        expect![[r#"
        {
          "PackageId": "Acme.Web",
          "Version": "1.2.0-beta.1",
          "PackageSizeBytes": 1216,
          "Metadata": {
            "Title": "Acme's web",
            "Authors": [
              "Ada",
              "Ben"
            ],
            "Description": "The shop.\nAnd the blog.",
            "ReleaseNotes": "Faster.",
            "ProjectUrl": "https://example.com/",
            "License": "MIT",
            "Copyright": "2026 Acme",
            "Tags": [
              "web",
              "shop"
            ],
            "Dependencies": [
              {
                "PackageId": "Acme.Core",
                "VersionRange": "[1.0.0, 2.0.0)",
                "TargetFramework": "net8.0"
              },
              {
                "PackageId": "Other",
                "VersionRange": "3.0.0",
                "TargetFramework": null
              }
            ]
          },
          "Entries": [
            {
              "Path": "Acme.Web.nuspec",
              "Kind": "Packaging",
              "LinkTarget": null,
              "SizeBytes": 565,
              "Mode": "644"
            },
            {
              "Path": "[Content_Types].xml",
              "Kind": "Packaging",
              "LinkTarget": null,
              "SizeBytes": 8,
              "Mode": "644"
            },
            {
              "Path": "logs",
              "Kind": "Folder",
              "LinkTarget": null,
              "SizeBytes": 0,
              "Mode": "755"
            },
            {
              "Path": "PreDeploy.sh",
              "Kind": "File",
              "LinkTarget": null,
              "SizeBytes": 10,
              "Mode": "755"
            },
            {
              "Path": "bin/a b.dll",
              "Kind": "File",
              "LinkTarget": null,
              "SizeBytes": 2,
              "Mode": "644"
            },
            {
              "Path": "current",
              "Kind": "Link",
              "LinkTarget": "bin/a b.dll",
              "SizeBytes": 11,
              "Mode": "777"
            }
          ]
        }
        => 0
    "#]],
    );
}

#[test]
fn a_zip_has_its_version_in_its_name() {
    let place = Place::new();
    let content = zip(&[Item::File("a.txt", "a", 0o600)]);
    place.file("Acme.Web.1.2.0.zip", &content);
    place.file("thing.zip", &content);
    place.file("Empty.1.0.zip", &zip(&[]));
    place.check(
        "package inspect Acme.Web.1.2.0.zip",
        expect![[r#"
        Package  Acme.Web
        Version  1.2.0
        Size     109 B

        Path   Size  Mode  Kind
        a.txt   1 B  600   file
        => 0
    "#]],
    );
    place.check(
        "package inspect thing.zip -f json",
        expect![[r#"
        {
          "PackageId": null,
          "Version": null,
          "PackageSizeBytes": 109,
          "Metadata": null,
          "Entries": [
            {
              "Path": "a.txt",
              "Kind": "File",
              "LinkTarget": null,
              "SizeBytes": 1,
              "Mode": "600"
            }
          ]
        }
        => 0
    "#]],
    );
    place.check(
        "package inspect Empty.1.0.zip",
        expect![[r#"
        Package  Empty
        Version  1.0.0
        Size     22 B

        ! There are none.
        => 0
    "#]],
    );
}

#[test]
fn what_is_no_package() {
    let place = Place::new();
    place.file("a.zip", b"PK, but no more");
    place.file("Acme.1.0.0.tar.gz", b"\x1f\x8b");
    let nuspec = NUSPEC.replace("1.2.0", "newest");
    place.file("b.nupkg", &zip(&[Item::File("b.nuspec", &nuspec, 0o644)]));
    place.check("package inspect a.zip", expect![[r#"
        ! Error: a.zip cannot be opened.
        ! Cause: this is not a whole zip archive (invalid Zip archive: Could not find EOCD); fetch or build the package again
        => 1
    "#]]);
    place.check(
        "package inspect Acme.1.0.0.tar.gz",
        expect![[r#"
        ! Error: Acme.1.0.0.tar.gz cannot be opened.
        ! Cause: the package is damaged (it ends too early); fetch or build it again
        => 1
    "#]],
    );
    place.check("package inspect b.nupkg", expect![[r#"
        ! Error: b.nupkg cannot be opened.
        ! Cause: `b.nuspec` is not a valid nuspec
        ! Cause: `newest-beta.1` is not a version: it must begin with one to four numbers, joined by single dots
        => 1
    "#]]);
    place.check(
        "package inspect none.zip",
        expect![[r#"
        ! Error: none.zip cannot be read.
        ! Cause: No such file or directory (os error 2)
        => 1
    "#]],
    );
    place.check(
        "package inspect .",
        expect![[r#"
        ! Error: . cannot be opened.
        ! Cause: the package could not be read
        ! Cause: Is a directory (os error 21)
        => 1
    "#]],
    );
}
