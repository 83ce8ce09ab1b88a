//! Side by side installations, and what the journal knows of them.

use std::fs;

use super::bench::Bench;

#[test]
fn installations_stand_side_by_side() {
    let bench = Bench::new(&[("app.txt", "first")]);
    bench.succeeds();
    bench.pack(&[("app.txt", "second")]);
    bench.succeeds();
    bench.pack(&[("app.txt", "third")]);
    bench.succeeds();
    for (folder, content) in [
        ("1.2.0", "first"),
        ("1.2.0_1", "second"),
        ("1.2.0_2", "third"),
    ] {
        assert_eq!(
            bench.read(&format!("Applications/Prod/Acme.Web/{folder}/app.txt")),
            content
        );
    }
    let entries = bench.journal();
    let folders: Vec<_> = entries
        .iter()
        .map(|entry| (entry.installed_to.clone(), entry.previous.clone()))
        .collect();
    let path = |name: &str| Some(bench.path("Applications/Prod/Acme.Web").join(name));
    assert_eq!(
        folders,
        [
            (path("1.2.0"), None),
            (path("1.2.0_1"), path("1.2.0")),
            (path("1.2.0_2"), path("1.2.0_1"))
        ]
    );
    assert!(
        entries
            .iter()
            .all(|entry| entry.success && entry.version == "1.2.0" && entry.environment == "Prod")
    );
}

#[test]
fn a_package_that_is_current_is_skipped_if_asked() {
    const SKIP: &str = "Octopus.Action.Package.SkipIfAlreadyInstalled";
    let mut bench = Bench::new(&[("Deploy.sh", "echo ran")]).set(SKIP, "True");
    let ran = |bench: &Bench| {
        bench.succeeds();
        bench.log().contains("Info Deploy: ran")
    };
    assert!(ran(&bench));
    assert!(!ran(&bench));
    let outcome = bench.succeeds();
    assert_eq!(
        outcome.installation_directory,
        bench.path("Applications/Prod/Acme.Web/1.2.0")
    );
    assert_eq!(
        outcome.result_message,
        "Acme.Web 1.2.0 is installed already."
    );
    assert_eq!(outcome.output_variables.len(), 1);
    assert_eq!(bench.journal().len(), 1, "nothing happened");

    bench.request.version = "1.3.0".to_owned();
    assert!(ran(&bench), "another version");
    bench.request.version = "1.2.0".to_owned();
    assert!(ran(&bench), "1.2.0 is not the current one any more");
    assert!(!ran(&bench));
    bench.request.environment = "Test".to_owned();
    assert!(ran(&bench), "another environment");
    bench
        .request
        .variables
        .set("Octopus.Action.Name", "Another step");
    assert!(ran(&bench), "another step");
    assert!(!ran(&bench));
    let custom = bench.path("srv");
    bench.request.variables.set(
        "Octopus.Action.Package.CustomInstallationDirectory",
        custom.to_str().unwrap(),
    );
    assert!(ran(&bench), "to another directory");
    assert!(!ran(&bench));
    fs::remove_dir_all(custom).unwrap();
    assert!(ran(&bench), "its files are gone");
    bench.request.variables.set(SKIP, "False");
    assert!(ran(&bench), "not asked to skip");
}

#[test]
fn a_failed_installation_is_never_current() {
    let bench = Bench::new(&[("Deploy.sh", "exit 1")])
        .set("Octopus.Action.Package.SkipIfAlreadyInstalled", "True");
    bench.fails();
    bench.pack(&[("Deploy.sh", "echo ran")]);
    bench.succeeds();
    assert!(bench.log().contains("Info Deploy: ran"));
}

#[test]
fn a_torn_journal_is_told_and_no_obstacle() {
    let bench = Bench::new(&[("app.txt", "")]);
    bench.succeeds();
    let mut journal = fs::read(bench.path("journal")).unwrap();
    journal.extend_from_slice(br#"{"ticket":"torn","#);
    fs::write(bench.path("journal"), journal).unwrap();
    bench.log();
    bench.succeeds();
    assert!(
        bench
            .log()
            .starts_with("Warning Installed: 1 lines of ROOT/journal could not be read")
    );
}

#[test]
fn a_folder_left_by_a_killed_tentacle_is_cleared_away() {
    let bench = Bench::new(&[("app.txt", "new")]);
    let staging = bench.path("Applications/Prod/Acme.Web/.staging/deep");
    fs::create_dir_all(&staging).unwrap();
    fs::write(staging.join("half"), "").unwrap();
    bench.succeeds();
    assert_eq!(bench.tree("Applications"), "Prod/Acme.Web/1.2.0/app.txt\n");
}

#[test]
fn old_installations_are_removed_as_the_step_allows() {
    let mut bench = Bench::new(&[("a", "")])
        .set("OctopusRetentionPolicyItemsToKeep", "3")
        .set("Octopus.Action.Package.CustomInstallationDirectory", "");
    for version in ["1.0.0", "1.1.0", "1.2.0", "1.3.0"] {
        bench.request.version = version.to_owned();
        bench.succeeds();
    }
    let folder = "Applications/Prod/Acme.Web";
    assert_eq!(bench.tree(folder), "1.1.0/a\n1.2.0/a\n1.3.0/a\n");
    let log = bench.log();
    assert!(
        log.ends_with("Verbose Retention: Removed ROOT/Applications/Prod/Acme.Web/1.0.0\n"),
        "{log}"
    );

    // A failure removes nothing, and its folder is no reason to remove another.
    bench.request.version = "1.4.0".to_owned();
    bench.pack(&[("Deploy.sh", "exit 1")]);
    bench.fails();
    assert_eq!(bench.tree(folder), "1.1.0/a\n1.2.0/a\n1.3.0/a\n");

    // Another line of deployments keeps what is its own.
    bench.pack(&[("b", "")]);
    let mut bench = bench.set("Octopus.Project.Name", "Other");
    for version in ["2.0.0", "2.1.0", "2.2.0", "2.3.0"] {
        bench.request.version = version.to_owned();
        bench.succeeds();
    }
    assert_eq!(
        bench.tree(folder),
        "1.1.0/a\n1.2.0/a\n1.3.0/a\n2.1.0/b\n2.2.0/b\n2.3.0/b\n"
    );

    let bench = bench.set("OctopusRetentionPolicyItemsToKeep", "few");
    bench.succeeds();
    let log = bench.log();
    assert!(
        log.ends_with("Warning Retention: Old installations stay: the variable OctopusRetentionPolicyItemsToKeep must be a whole number, 0 for no limit, and is \"few\"\n"),
        "{log}"
    );
}
