//! The custom installation directory.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use expect_test::expect;

use super::bench::{Bench, mode};

const DIRECTORY: &str = "Octopus.Action.Package.CustomInstallationDirectory";
const PURGE: &str =
    "Octopus.Action.Package.CustomInstallationDirectoryShouldBePurgedBeforeDeployment";
const EXCLUSIONS: &str = "Octopus.Action.Package.CustomInstallationDirectoryPurgeExclusions";

fn into(bench: Bench, name: &str) -> Bench {
    let path = bench.path(name);
    bench.set(DIRECTORY, path.to_str().unwrap())
}

#[test]
fn files_are_copied_over_what_is_there() {
    let bench = Bench::new(&[
        ("app.txt", "new"),
        ("bin/tool.sh", "echo new"),
        (
            "PreDeploy.sh",
            "mkdir empty; ln -s app.txt link; touch -d 2001-02-03T04:05:06Z app.txt; chmod 440 app.txt",
        ),
    ]);
    fs::create_dir_all(bench.path("srv/bin")).unwrap();
    fs::write(bench.path("srv/app.txt"), "old").unwrap();
    fs::write(bench.path("srv/other.txt"), "stays").unwrap();
    fs::write(
        bench.path("srv/Deploy.sh"),
        "echo never: not of this package",
    )
    .unwrap();
    // A program that runs from the file that is replaced.
    fs::copy("/bin/sleep", bench.path("srv/bin/tool.sh")).unwrap();
    fs::set_permissions(
        bench.path("srv/bin/tool.sh"),
        fs::Permissions::from_mode(0o700),
    )
    .unwrap();
    let mut running = std::process::Command::new(bench.path("srv/bin/tool.sh"))
        .arg("600")
        .spawn()
        .unwrap();
    let bench = into(bench, "srv");
    let outcome = bench.succeeds();
    assert!(running.try_wait().unwrap().is_none());
    running.kill().unwrap();
    running.wait().unwrap();

    assert_eq!(outcome.installation_directory, bench.path("srv"));
    assert_eq!(
        bench.tree("srv"),
        "Deploy.sh\napp.txt\nbin/tool.sh\nlink\nother.txt\n"
    );
    assert_eq!(bench.read("srv/app.txt"), "new");
    assert_eq!(mode(&bench.path("srv/app.txt")), 0o440);
    assert_eq!(mode(&bench.path("srv/bin/tool.sh")), 0o755);
    assert!(bench.path("srv/empty").is_dir());
    assert_eq!(
        fs::read_link(bench.path("srv/link")).unwrap().to_str(),
        Some("app.txt")
    );
    let modified = bench
        .path("srv/app.txt")
        .metadata()
        .unwrap()
        .modified()
        .unwrap();
    assert_eq!(
        modified,
        std::time::UNIX_EPOCH + std::time::Duration::from_secs(981_173_106)
    );
    assert!(!bench.log().contains("never"));
    assert_eq!(bench.journal()[0].custom_directory, Some(bench.path("srv")));
    // Again, over its own read-only file and link.
    bench.succeeds();
}

#[test]
fn it_is_emptied_first_if_asked() {
    let bench = into(Bench::new(&[("app.txt", "new")]), "srv")
        .set(PURGE, "true")
        .set(EXCLUSIONS, "logs\n*.db, kept/**/*.txt");
    for file in [
        "old.txt",
        "logs/deep/1.log",
        "data.db",
        "sub/data.db",
        "kept/a/b.txt",
        "kept/a/b.bin",
        "gone/deep/x",
    ] {
        fs::create_dir_all(bench.path("srv").join(file).parent().unwrap()).unwrap();
        fs::write(bench.path("srv").join(file), "").unwrap();
    }
    fs::write(bench.path("outside.txt"), "").unwrap();
    fs::create_dir(bench.path("outside")).unwrap();
    symlink(bench.path("outside.txt"), bench.path("srv/link")).unwrap();
    symlink(bench.path("outside"), bench.path("srv/folder-link")).unwrap();
    bench.succeeds();
    expect![[r#"
        app.txt
        data.db
        kept/a/b.txt
        logs/deep/1.log
    "#]]
    .assert_eq(&bench.tree("srv"));
    assert!(!bench.path("srv/gone").exists());
    assert!(bench.path("outside.txt").exists() && bench.path("outside").exists());
}

#[test]
fn a_directory_that_cannot_be_meant_is_refused() {
    let check = |bench: Bench, expected: expect_test::Expect| {
        let bench = bench.set(PURGE, "true");
        let app = bench.path("Applications/Other/App/1.0/app.txt");
        fs::create_dir_all(app.parent().unwrap()).unwrap();
        fs::write(&app, "stays").unwrap();
        expected.assert_eq(&bench.fails());
        assert!(app.exists() && bench.request.package_file.exists());
    };
    check(
        Bench::new(&[]).set(DIRECTORY, "/"),
        expect![
            "Copy: the custom installation directory / is the root of a disk; choose another one in Octopus.Action.Package.CustomInstallationDirectory"
        ],
    );
    check(
        Bench::new(&[]).set(DIRECTORY, "srv/web"),
        expect![[
            r#"Copy: the variable Octopus.Action.Package.CustomInstallationDirectory must be an absolute path, and is "srv/web""#
        ]],
    );
    check(
        Bench::new(&[]).set(DIRECTORY, "/srv/#{Nowhere}"),
        expect![[
            r#"Copy: the variable Octopus.Action.Package.CustomInstallationDirectory must be a path whose variables all have a value, and is "/srv/#{Nowhere}""#
        ]],
    );
    check(
        into(Bench::new(&[]), ""),
        expect![
            "Copy: the custom installation directory ROOT/ holds files of Tentacle itself; choose another one in Octopus.Action.Package.CustomInstallationDirectory"
        ],
    );
    check(
        into(Bench::new(&[]), "Applications/Other/App"),
        expect![
            "Copy: the custom installation directory ROOT/Applications/Other/App is in the folder Applications, where packages are kept side by side; choose another one in Octopus.Action.Package.CustomInstallationDirectory"
        ],
    );
    check(
        into(Bench::new(&[]), "Acme.Web.1.2.0.nupkg/x"),
        expect![
            "Copy: ROOT/Acme.Web.1.2.0.nupkg/x cannot be made; check that it is there, its permissions, and the space on its disk: Not a directory (os error 20)"
        ],
    );
}
