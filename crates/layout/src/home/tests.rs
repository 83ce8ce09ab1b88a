//! What is found in a HOME.

use super::*;
use expect_test::{Expect, expect, expect_file};

fn home_with(files: &[(&str, &str)]) -> (tempfile::TempDir, Home) {
    let folder = tempfile::tempdir().unwrap();
    for (path, content) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    let home = Home::new(folder.path());
    (folder, home)
}

fn check_installed(files: &[(&str, &str)], expected: &str) {
    let (_folder, home) = home_with(files);
    let found: Vec<String> = home
        .installed()
        .iter()
        .map(|one| format!("{}@{}", one.version, one.stamp))
        .collect();
    assert_eq!(found.join(" "), expected);
}

#[test]
fn newest_first_by_version_order_and_only_what_can_start() {
    let program = |version: &str| format!("versions/{version}/{PROGRAM}");
    let (a, b, c) = (program("1.9.0"), program("1.10.0"), program("1.10.0-rc.1"));
    check_installed(
        &[
            (&a, ""),
            (&b, ""),
            (&c, ""),
            ("versions/1.9.0/.stamp", "bundle\n"),
        ],
        "1.10.0@unknown 1.10.0-rc.1@unknown 1.9.0@bundle",
    );
    let (staging, no_version, other_spelling) =
        (program(".staging-1.0.0"), program("backup"), program("1.0"));
    check_installed(
        &[(&staging, ""), (&no_version, ""), (&other_spelling, "")],
        "",
    );
    check_installed(&[("versions/1.0.0/README", ""), ("versions/2.0.0", "")], "");
    check_installed(&[], "");
}

#[test]
fn the_newest_bundle_of_this_runtime_identifier_counts() {
    let name = |version: &str, rid: &str| format!("bundle/Octopus.Tentacle.{rid}.{version}.nupkg");
    let (a, b, other) = (
        name("1.9.0", RID),
        name("1.10.0", RID),
        name("2.0.0", "plan9-x64"),
    );
    let (_folder, home) = home_with(&[(&a, ""), (&b, ""), (&other, ""), ("bundle/README", "")]);
    let bundle = home.bundle().unwrap();
    assert_eq!(bundle.version.to_string(), "1.10.0");
    assert_eq!(bundle.path, home.root().join(b));
    assert_eq!(home_with(&[]).1.bundle(), None);
}

fn check_pin(content: &str, expected: &Expect) {
    let (folder, home) = home_with(&[("pin", content)]);
    let pin = match home.read_pin() {
        Ok(pin) => format!("{:?}", pin.map(|version| version.to_string())),
        Err(error) => error
            .to_string()
            .replace(folder.path().to_str().unwrap(), "HOME"),
    };
    expected.assert_eq(&pin);
}

#[test]
fn a_pin_is_a_version_or_an_error_that_says_what_to_do() {
    assert!(home_with(&[]).1.read_pin().unwrap().is_none());
    check_pin("1.2\n", &expect![[r#"Some("1.2.0")"#]]);
    check_pin(
        "latest",
        &expect![
            "the file HOME/pin says `latest`, which is not a version: write one such as 1.2.0, or remove the file to run the newest"
        ],
    );
    check_pin(
        "",
        &expect![
            "the file HOME/pin says ``, which is not a version: write one such as 1.2.0, or remove the file to run the newest"
        ],
    );
}

#[test]
fn a_pin_that_cannot_be_read_is_an_error_too() {
    let (folder, home) = home_with(&[]);
    fs::create_dir(home.pin()).unwrap();
    let text = home.read_pin().unwrap_err().to_string();
    expect![
        "the file HOME/pin cannot be read: make it readable, or remove it to run the newest version"
    ]
    .assert_eq(&text.replace(folder.path().to_str().unwrap(), "HOME"));
}

#[test]
fn cleaning_removes_staging_and_nothing_else() {
    let program = format!("versions/1.0.0/{PROGRAM}");
    let (_folder, home) = home_with(&[(&program, ""), ("versions/.staging-2.0.0/a/b", "")]);
    home.clean_staging().unwrap();
    assert_eq!(names_in(&home.versions()), ["1.0.0"]);
}

/// Every version ever published relies on these names.
#[test]
fn the_folder_tree_of_the_contract() {
    let home = Home::new("HOME");
    let version = "1.10.0-RC.1".parse().unwrap();
    let paths = [
        home.bundle_folder(),
        home.version_folder(&version),
        home.version_folder(&version).join(crate::stamp::STAMP_FILE),
        home.staging("x"),
        home.ledger(),
        home.pin(),
        home.config(),
        home.marker(),
        home.tentacle_log(),
        home.supervisor_log(),
        home.failed_run(&version),
        home.packages(),
        home.work(),
        home.applications(),
    ];
    let names: Vec<String> = paths
        .iter()
        .map(|path| path.to_str().unwrap().replace('\\', "/"))
        .collect();
    expect_file!["../../../../docs/contract/tree"].assert_eq(&(names.join("\n") + "\n"));
    assert_eq!(crate::RUN_NONCE, "TENTACLE_RUN_NONCE");
    assert_eq!(crate::EXIT_UNHEALTHY, 70);
}
