//! Nuspec files, read and written.

use expect_test::{Expect, expect};
use nupkg::{Dependency, DependencyGroup, License, Nuspec, NuspecError, PackageType, VersionRange};

const FULL: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
  <metadata>
    <id>Acme.Web</id>
    <version>1.2.0-rc.1+build.7</version>
    <title>Acme &amp; Söhne</title>
    <authors>Ann,Bob &lt;b@acme.example&gt;</authors>
    <owners>Acme</owners>
    <requireLicenseAcceptance>true</requireLicenseAcceptance>
    <license type="expression">MIT OR Apache-2.0</license>
    <licenseUrl>https://acme.example/license?a=1&amp;b=2</licenseUrl>
    <projectUrl>https://acme.example/</projectUrl>
    <iconUrl>https://acme.example/icon.png</iconUrl>
    <description>Line one
line "two"</description>
    <summary>Short</summary>
    <releaseNotes>- fixed</releaseNotes>
    <copyright>© Acme</copyright>
    <language>en-US</language>
    <tags>web acme</tags>
    <packageTypes>
      <packageType name="Dependency" />
      <packageType name="DotnetTool" version="1.0" />
    </packageTypes>
    <dependencies>
      <group>
        <dependency id="Acme.Core" version="[1.0.0, 2.0.0)" />
      </group>
      <group targetFramework="net8.0">
        <dependency id="Acme.Any" />
      </group>
      <group targetFramework="net9.0">
      </group>
    </dependencies>
  </metadata>
</package>
"#;

fn minimal(more: &str) -> String {
    format!("<package><metadata><id>A</id><version>1</version>{more}</metadata></package>")
}

#[test]
fn every_field() {
    let nuspec = Nuspec::parse(FULL).unwrap();
    let some = |text: &str| Some(text.to_owned());
    let expected = Nuspec {
        title: some("Acme & Söhne"),
        authors: vec!["Ann".to_owned(), "Bob <b@acme.example>".to_owned()],
        owners: vec!["Acme".to_owned()],
        description: some("Line one\nline \"two\""),
        summary: some("Short"),
        release_notes: some("- fixed"),
        project_url: some("https://acme.example/"),
        icon_url: some("https://acme.example/icon.png"),
        license_url: some("https://acme.example/license?a=1&b=2"),
        license: Some(License::Expression("MIT OR Apache-2.0".to_owned())),
        tags: vec!["web".to_owned(), "acme".to_owned()],
        copyright: some("© Acme"),
        language: some("en-US"),
        require_license_acceptance: true,
        dependency_groups: vec![
            group(
                None,
                &[("Acme.Core", VersionRange::parse("[1.0,2.0)").unwrap())],
            ),
            group(Some("net8.0"), &[("Acme.Any", VersionRange::any())]),
            group(Some("net9.0"), &[]),
        ],
        package_types: vec![
            PackageType {
                name: "Dependency".to_owned(),
                version: None,
            },
            PackageType {
                name: "DotnetTool".to_owned(),
                version: some("1.0"),
            },
        ],
        ..Nuspec::new("Acme.Web".parse().unwrap(), "1.2.0-rc.1".parse().unwrap())
    };
    assert_eq!(nuspec, expected);
    assert_eq!(nuspec.version.metadata(), Some("build.7"));
    assert_eq!(nuspec.to_xml().replace("&quot;", "\""), FULL);
}

fn group(framework: Option<&str>, dependencies: &[(&str, VersionRange)]) -> DependencyGroup {
    DependencyGroup {
        target_framework: framework.map(str::to_owned),
        dependencies: dependencies
            .iter()
            .map(|(id, range)| Dependency {
                id: id.parse().unwrap(),
                range: range.clone(),
            })
            .collect(),
    }
}

#[test]
fn what_clients_demand_is_filled_in() {
    let nuspec = Nuspec::new("Acme.Web".parse().unwrap(), "1.2".parse().unwrap());
    let read = Nuspec::parse(&nuspec.to_xml()).unwrap();
    assert_eq!(read.authors, ["Acme.Web"]);
    assert_eq!(read.description.as_deref(), Some("Acme.Web"));
    let owned = Nuspec {
        owners: vec!["Ann".to_owned()],
        title: Some("T".to_owned()),
        ..nuspec
    };
    let read = Nuspec::parse(&owned.to_xml()).unwrap();
    assert_eq!(
        (read.authors, read.description.as_deref()),
        (vec!["Ann".to_owned()], Some("T"))
    );
}

#[test]
fn variations_that_clients_write() {
    let plain = Nuspec::parse(&minimal("")).unwrap();
    for namespace in [
        "2010/07", "2011/08", "2011/10", "2012/06", "2013/01", "2016/06",
    ] {
        let attribute = format!(
            "<package xmlns=\"http://schemas.microsoft.com/packaging/{namespace}/nuspec.xsd\">"
        );
        let xml = minimal("").replace("<package>", &attribute);
        assert_eq!(Nuspec::parse(&xml).unwrap(), plain);
    }
    let flat = minimal("<dependencies><dependency id='B' version=' 1.0 '/></dependencies>");
    assert_eq!(
        Nuspec::parse(&flat).unwrap().dependency_groups,
        [group(None, &[("B", VersionRange::parse("1.0").unwrap())])]
    );
    let odd = minimal(
        "<title> a<!-- b -->c </title><summary/><license type='file'>L.txt</license><new>x</new><requireLicenseAcceptance>False</requireLicenseAcceptance>",
    );
    let odd = Nuspec::parse(&odd).unwrap();
    assert_eq!(odd.title.as_deref(), Some("ac"));
    assert_eq!(odd.summary, None);
    assert_eq!(odd.license, Some(License::File("L.txt".to_owned())));
    assert!(!odd.require_license_acceptance);
}

#[test]
fn encodings() {
    let xml = minimal("<title>ä</title>");
    let plain = Nuspec::from_bytes(xml.as_bytes()).unwrap();
    let with_mark = [&[0xef, 0xbb, 0xbf], xml.as_bytes()].concat();
    let little: Vec<u8> = format!("\u{feff}{xml}")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let big: Vec<u8> = format!("\u{feff}{xml}")
        .encode_utf16()
        .flat_map(u16::to_be_bytes)
        .collect();
    for bytes in [with_mark, little.clone(), big] {
        assert_eq!(Nuspec::from_bytes(&bytes).unwrap(), plain);
    }
    for bytes in [
        &b"\xff\xff"[..],
        b"<\xe4/>",
        &little[..little.len() - 1],
        b"\xff\xfe\x00\xd8",
    ] {
        assert_eq!(Nuspec::from_bytes(bytes), Err(NuspecError::NotText));
    }
}

#[test]
fn what_is_no_nuspec() {
    let check = |xml: &str, expected: Expect| {
        expected.assert_eq(&Nuspec::parse(xml).unwrap_err().to_string());
    };
    check(
        "",
        expect!["the nuspec is not well-formed XML: the document does not have a root node"],
    );
    check(
        "<!DOCTYPE package [<!ENTITY x 'y'>]><package/>",
        expect!["the nuspec is not well-formed XML: XML with DTD detected"],
    );
    check("<feed/>", expect!["the nuspec has no <package>; add it"]);
    check(
        "<package/>",
        expect!["the nuspec has no <metadata>; add it"],
    );
    check(
        "<package><metadata><id> </id></metadata></package>",
        expect!["the nuspec has no <id>; add it"],
    );
    check(
        &minimal("").replace("<version>1<", "<version>$version$<"),
        expect![
            "`$version$` is not a version: it must begin with one to four numbers, joined by single dots"
        ],
    );
    check(
        &minimal("").replace("<id>A<", "<id>A B<"),
        expect!["`A B` is not a package id: only letters, digits, `_`, `.` and `-` are allowed"],
    );
    check(
        &minimal("<requireLicenseAcceptance>maybe</requireLicenseAcceptance>"),
        expect!["<requireLicenseAcceptance> is not `true` or `false` but `maybe`"],
    );
    check(
        &minimal("<dependencies><dependency id='B' version='x'/></dependencies>"),
        expect![
            "the version of dependency B: `x` is not a version range: `x` is not a version: it must begin with one to four numbers, joined by single dots"
        ],
    );
    check(
        &minimal("<dependencies><dependency/></dependencies>"),
        expect![[r#"the nuspec has no <dependency id="…">; add it"#]],
    );
}

/// As deep as fits into the longest nuspec that is read from a package.
#[test]
fn deep_nesting_does_no_harm() {
    let depth = 1024 * 1024 / 7;
    let deep = "<a>".repeat(depth) + &"</a>".repeat(depth);
    assert_eq!(Nuspec::parse(&minimal(&deep)), Nuspec::parse(&minimal("")));
    assert!(Nuspec::parse(&"<a>".repeat(1024 * 1024 / 3)).is_err());
}
