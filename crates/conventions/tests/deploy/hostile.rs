//! Names and packages that mean harm.

use std::fs;

use expect_test::{Expect, expect};

use super::bench::{Bench, pack};

#[test]
fn names_stay_within_applications() {
    for (environment, package, version, folder) in [
        (
            "../../escape",
            "..",
            "../../../1.0",
            "_.._.._escape/_/_.._.._.._1.0",
        ),
        ("/etc", "a/b", "1.0\\x", "_etc/a_b/1.0_x"),
        ("nul", "con.txt", "1.0.", "_nul/_con.txt/1.0"),
        ("", " ", "\n", "_/_/_"),
        (
            "Büro / 🐙",
            ".staging",
            ".staging",
            "Büro _ 🐙/_.staging/_.staging",
        ),
        ("a\0b", "x", "1.0", "a_b/x/1.0"),
    ] {
        let mut bench = Bench::new(&[("app.txt", "")]);
        bench.request.environment = environment.to_owned();
        bench.request.package_id = package.to_owned();
        bench.request.version = version.to_owned();
        bench.succeeds();
        assert_eq!(
            bench.tree("Applications"),
            format!("{folder}/app.txt\n"),
            "{environment:?}"
        );
        assert_eq!(bench.journal()[0].environment, environment);
    }
    let mut bench = Bench::new(&[("app.txt", "")]);
    bench.request.environment = "ü".repeat(500);
    bench.succeeds();
}

/// A package whose bytes were changed after packing.
fn check(change: impl Fn(&mut Vec<u8>), expected: &Expect) {
    let bench = Bench::new(&[]);
    let mut package = pack(&[
        (
            "xx/evil.txt",
            "content that is long enough to be found again",
        ),
        ("app.txt", "x"),
    ]);
    change(&mut package);
    fs::write(&bench.request.package_file, package).unwrap();
    expected.assert_eq(&bench.fails());
    assert_eq!(bench.tree("Applications"), "");
    assert!(!bench.path("Applications/Prod/Acme.Web").exists());
    assert!(!bench.path("Applications/Prod/evil.txt").exists());
}

fn replace(package: &mut [u8], from: &[u8], to: &[u8]) {
    assert_eq!(from.len(), to.len());
    let mut found = 0;
    for at in 0..package.len() - from.len() {
        if package[at..].starts_with(from) {
            package[at..at + to.len()].copy_from_slice(to);
            found += 1;
        }
    }
    assert!(found > 0);
}

#[test]
fn a_package_that_means_harm_or_is_damaged_leaves_nothing() {
    check(
        |package| replace(package, b"xx/evil.txt", b"../evil.txt"),
        &expect![
            "Extract: the package ROOT/Acme.Web.1.2.0.nupkg cannot be unpacked: entry `../evil.txt` leaves the package's folder; the package was refused, nothing was extracted"
        ],
    );
    check(
        |package| replace(package, b"xx/evil.txt", b"/x/evil.txt"),
        &expect![
            "Extract: the package ROOT/Acme.Web.1.2.0.nupkg cannot be unpacked: entry `/x/evil.txt` is an absolute path; the package was refused, nothing was extracted"
        ],
    );
    check(
        |package| package.truncate(package.len() / 2),
        &expect![
            "Extract: the package ROOT/Acme.Web.1.2.0.nupkg cannot be unpacked: this is not a whole zip archive (invalid Zip archive: Could not find EOCD); fetch or build the package again"
        ],
    );
    let damage = |package: &mut Vec<u8>| {
        let name = package
            .windows(11)
            .position(|window| window == b"xx/evil.txt")
            .unwrap();
        package[name + 30] ^= 0x55;
    };
    check(
        damage,
        &expect![
            "Extract: the package ROOT/Acme.Web.1.2.0.nupkg cannot be unpacked: entry `xx/evil.txt` is damaged (Invalid checksum); fetch or build the package again"
        ],
    );
}

#[test]
fn a_script_may_delete_its_own_installation() {
    let bench = Bench::new(&[("Deploy.sh", "rm -rf \"$PWD\"; echo gone")]);
    expect!["PostDeploy: ROOT/Applications/Prod/Acme.Web/1.2.0 cannot be read; check that it is there, its permissions, and the space on its disk: No such file or directory (os error 2)"].assert_eq(&bench.fails());
}
