//! One row for each rule: pattern, files of the package, and what is applied to what.

use std::path::{Path, PathBuf};

use super::{Files, Pattern};

fn applied(pattern: &Pattern, files: &str) -> String {
    let mut files: Vec<PathBuf> = files.split_whitespace().map(PathBuf::from).collect();
    files.sort();
    let index = Files::new(Path::new(""), &files);
    let mut lines = Vec::new();
    for target in &files {
        for transform in pattern.transforms(target, &index) {
            lines.push(format!("{} => {}", transform.display(), target.display()));
        }
    }
    lines.join(", ")
}

#[test]
fn patterns_lead_to_files() {
    for (pattern, files, expected) in [
        // X
        (
            "Foo",
            "web.config web.Foo.config a/app.config a/app.foo.CONFIG b.Foo.config",
            "a/app.foo.CONFIG => a/app.config, web.Foo.config => web.config",
        ),
        (
            "Foo.config",
            "web.config web.Foo.config",
            "web.Foo.config => web.config",
        ),
        (
            "Foo.xml",
            "web.config web.Foo.xml",
            "web.Foo.xml => web.config",
        ),
        ("Foo", "web.xml web.Foo.config web.Foo.xml", ""),
        ("Foo", "web.config sub/web.Foo.config", ""),
        (
            "Foo",
            "WEB.Config web.FOO.config",
            "web.FOO.config => WEB.Config",
        ),
        ("", "web.config", ""),
        // transform => target
        (
            "Foo.xml => bar.xml",
            "bar.xml Foo.xml",
            "Foo.xml => bar.xml",
        ),
        (
            "Foo.xml=>bar.xml",
            "a/BAR.xml a/foo.XML",
            "a/foo.XML => a/BAR.xml",
        ),
        ("Foo.xml => bar.xml", "a/bar.xml Foo.xml", ""),
        (
            "Foo => bar.config",
            "bar.config Foo.config",
            "Foo.config => bar.config",
        ),
        (
            "Foo => bar.xml",
            "bar.xml Foo Foo.config",
            "Foo => bar.xml, Foo.config => bar.xml",
        ),
        // a star on the target's side
        (
            "Foo.config => *.config",
            "a.config b.config Foo.config c.xml",
            "Foo.config => a.config, Foo.config => b.config",
        ),
        // on both
        (
            "*.Foo.config => *.config",
            "a.config a.Foo.config b.config b.Bar.config c.Foo.config",
            "a.Foo.config => a.config",
        ),
        (
            "*.Foo.config => *.Bar.config",
            "a.config a.Foo.config a.Bar.config",
            "a.Foo.config => a.Bar.config",
        ),
        (
            "*.Foo => *.config",
            "a.config a.Foo.config",
            "a.Foo.config => a.config",
        ),
        // on the transform's side
        (
            "*.Foo.config => web.config",
            "web.config a.Foo.config b.Foo.config",
            "a.Foo.config => web.config, b.Foo.config => web.config",
        ),
        (
            "*.config => web.config",
            "web.config a.config",
            "a.config => web.config",
        ),
        // folders
        (
            "config/*.Foo.config => ./*.config",
            "a.config config/a.Foo.config config/b.config",
            "config/a.Foo.config => a.config",
        ),
        (
            "config\\*.Foo.config => *.config",
            "deep/a.config deep/Config/a.Foo.config",
            "deep/Config/a.Foo.config => deep/a.config",
        ),
        (
            "*.Foo.config => config/*.config",
            "a.Foo.config config/a.config myconfig/a.config deep/a.Foo.config deep/config/a.config",
            "a.Foo.config => config/a.config, deep/a.Foo.config => deep/config/a.config",
        ),
        (
            "transforms/x.config => target/y.config",
            "transforms/x.config target/y.config y.config",
            "transforms/x.config => target/y.config",
        ),
        (
            "../x.config => y.config",
            "x.config a/y.config",
            "x.config => a/y.config",
        ),
        ("../x.config => y.config", "x.config y.config", ""),
        // never itself, and nothing of nothing
        ("a.config => a.config", "a.config", ""),
        ("=> a.config", "a.config", ""),
        ("a.config =>", "a.config", ""),
        ("* => *", "a b", ""),
        ("*.Foo.config => *.config", ".config .Foo.config", ""),
    ] {
        assert_eq!(
            applied(&Pattern::new(pattern), files),
            expected,
            "{pattern} for {files}"
        );
    }
}

#[test]
fn the_name_of_an_environment_is_no_pattern() {
    let name = Pattern::infix("a => web.config");
    assert_eq!(applied(&name, "web.config a web.a.config"), "");
    let dotted = Pattern::infix("Prod.EU");
    assert_eq!(
        applied(&dotted, "web.config web.prod.eu.config"),
        "web.prod.eu.config => web.config"
    );
}

#[test]
fn a_transform_may_lie_outside_of_the_package() {
    let folder = tempfile::tempdir().unwrap();
    let shared = folder.path().join("Shared.Config");
    std::fs::write(&shared, "").unwrap();
    let pattern = format!(
        "{} => *.config",
        folder.path().join("shared.config").display()
    );
    let expected = format!("{} => a/web.config", shared.display());
    assert_eq!(applied(&Pattern::new(&pattern), "a/web.config"), expected);
    let gone = format!("{}/none/x => *.config", folder.path().display());
    assert_eq!(applied(&Pattern::new(&gone), "web.config"), "");
}
