//! What happens when something goes wrong.

use expect_test::{Expect, expect};

use super::bench::Bench;

#[test]
fn a_failure_leaves_the_previous_installation_current() {
    let mut bench = Bench::new(&[("app.txt", "good")]);
    bench.succeeds();
    bench.log();
    bench.request.version = "1.3.0".to_owned();
    bench.request.ticket = "work-2".to_owned();
    bench.pack(&[
        ("app.txt", "bad"),
        (
            "Deploy.sh",
            "echo working; echo details >&2; fail_step 'the database is down'",
        ),
        ("PostDeploy.sh", "echo never"),
        ("DeployFailed.sh", "echo cleaning up in ${PWD##*/}; exit 3"),
    ]);
    let message = bench.fails();
    expect!["Deploy: Deploy.sh ended with exit code 1, in ROOT/Applications/Prod/Acme.Web/1.3.0, and says: the database is down; the lines before this one in the log say more"].assert_eq(&message);
    let log = bench.log();
    for line in [
        "Info Deploy: working\n",
        "Error Deploy: details\n",
        "Error Deploy: Deploy.sh ended with exit code 1, in ROOT/Applications/Prod/Acme.Web/1.3.0, and says: the database",
        "Info DeployFailed: cleaning up in 1.3.0\n",
        "Error DeployFailed: DeployFailed.sh ended with exit code 3",
    ] {
        assert!(log.contains(line), "{line}\nin\n{log}");
    }
    assert!(!log.contains("never"));
    assert_eq!(
        bench.read("Applications/Prod/Acme.Web/1.2.0/app.txt"),
        "good"
    );
    let entries = bench.journal();
    let current = entries.iter().rev().find(|entry| entry.success).unwrap();
    assert_eq!(
        (current.ticket.as_str(), current.version.as_str()),
        ("work-1", "1.2.0")
    );
    assert_eq!(entries[1].previous, current.installed_to);
    assert_eq!(
        entries[1].installed_to,
        Some(bench.path("Applications/Prod/Acme.Web/1.3.0"))
    );
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "a call reads better without a borrow"
)]
fn check(bench: Bench, expected: Expect) {
    expected.assert_eq(&bench.fails());
}

#[test]
fn scripts_fail_with_a_reason() {
    check(
        Bench::new(&[("PreDeploy.sh", "kill -TERM $$")]),
        expect![
            "PreDeploy: PreDeploy.sh was ended by signal 15, in ROOT/Applications/Prod/Acme.Web/1.2.0; the lines before this one in the log say more"
        ],
    );
    check(
        Bench::new(&[("PostDeploy.csx", "")]),
        expect![
            "PostDeploy: ROOT/Applications/Prod/Acme.Web/1.2.0/PostDeploy.csx cannot be run: Tentacle runs no CSharp scripts on this system; give it as a shell script (.sh), in Python (.py) or in PowerShell (.ps1)"
        ],
    );
    check(
        Bench::new(&[("Deploy.sh", "sleep 600")]).set("Octopus.Action.Script.Timeout", "0.2"),
        expect![
            "Deploy: Deploy.sh took longer than the 0.2 s that Octopus.Action.Script.Timeout allows, in ROOT/Applications/Prod/Acme.Web/1.2.0; the lines before this one in the log say more"
        ],
    );
    check(
        Bench::new(&[("Deploy.sh", "")]).set("Octopus.Action.Script.Timeout", "soon"),
        expect![[
            r#"Deploy: the variable Octopus.Action.Script.Timeout must be a number of seconds greater than 0, and is "soon""#
        ]],
    );
    check(
        Bench::new(&[("Deploy.sh", "echo oops >&2")])
            .set("Octopus.Action.FailScriptOnErrorOutput", "True"),
        expect![
            "Deploy: Deploy.sh wrote to standard error, which the step does not allow, in ROOT/Applications/Prod/Acme.Web/1.2.0; the lines before this one in the log say more"
        ],
    );
    Bench::new(&[("Deploy.sh", "echo oops >&2")]).succeeds();
}

#[test]
fn what_is_not_there_yet_is_refused() {
    check(
        Bench::new(&[]).features(&["CustomScripts", "IISWebSite"]),
        expect![
            "Features: the feature Octopus.Features.IISWebSite (Octopus.Action.EnabledFeatures) is not there in this version of Tentacle; leave it out of the step, or do its work in a script"
        ],
    );
}

#[test]
fn an_artifact_is_kept_also_of_a_failure_and_one_that_cannot_be_is_no_failure() {
    let script = "echo details > a.log; new_octopusartifact a.log 'why secret'
        printf '\\377' > b.log; new_octopusartifact b.log; exit 1";
    let bench = Bench::new(&[("Deploy.sh", script)]).set_sensitive("Password", "secret");
    bench.fails();
    let log = bench.log();
    assert!(log.contains("Info Artifact: why ****: details\n"), "{log}");
    // The bench keeps text alone.
    let lost = "Warning Deploy: The artifact b.log (ROOT/Applications/Prod/Acme.Web/1.2.0/b.log) could not be kept: stream did not contain valid UTF-8";
    assert!(log.contains(lost), "{log}");
}

#[test]
fn variables_that_make_no_sense_are_refused() {
    let cycle = Bench::new(&[])
        .set("Octopus.Action.EnabledFeatures", "#{A}")
        .set("A", "#{B}")
        .set("B", "#{A}");
    check(
        cycle,
        expect![
            "Features: the variable Octopus.Action.EnabledFeatures cannot be evaluated: variables refer to each other in a circle: A -> B -> A; break it at one of them"
        ],
    );
    let glob = Bench::new(&[]).features(&["SubstituteInFiles"]);
    check(
        glob.set("Octopus.Action.SubstituteInFiles.TargetFiles", "*.txt\n[a"),
        expect![[
            r#"Substitute: the pattern "[a" in the variable Octopus.Action.SubstituteInFiles.TargetFiles is not valid; correct it: error parsing glob '[a': unclosed character class; missing ']'"#
        ]],
    );
}

#[test]
fn a_package_that_is_no_package_leaves_nothing() {
    let bench = Bench::new(&[]);
    std::fs::write(&bench.request.package_file, "no zip").unwrap();
    check(
        bench,
        expect![
            "Extract: the package ROOT/Acme.Web.1.2.0.nupkg cannot be unpacked: this is not a whole zip archive (invalid Zip archive: Could not find EOCD); fetch or build the package again"
        ],
    );

    let mut bench = Bench::new(&[]);
    std::fs::rename(
        &bench.request.package_file,
        bench.path("Acme.Web.1.2.0.tar.gz"),
    )
    .unwrap();
    bench.request.package_file = bench.path("Acme.Web.1.2.0.tar.gz");
    check(
        bench,
        expect![
            "Extract: the package ROOT/Acme.Web.1.2.0.tar.gz cannot be unpacked: a .tar.gz package has to be a tar.gz archive, but this is a zip archive; give the file the extension of its format"
        ],
    );

    let mut bench = Bench::new(&[]);
    bench.request.package_file = bench.path("missing.nupkg");
    check(
        bench,
        expect![
            "Extract: ROOT/missing.nupkg cannot be read; check that it is there, its permissions, and the space on its disk: No such file or directory (os error 2)"
        ],
    );
}

#[test]
fn a_journal_that_cannot_be_written_fails_the_deployment() {
    let mut bench = Bench::new(&[]);
    bench.request.journal = bench.path("no/folder/journal");
    let error = bench.deploy().unwrap_err();
    expect!["ROOT/no/folder/journal cannot be written; check that it is there, its permissions, and the space on its disk: No such file or directory (os error 2)"].assert_eq(&bench.plain(&error.message));
}
