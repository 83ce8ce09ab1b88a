//! The ledger's form on disk, and what it says of an install.

use expect_test::{Expect, expect};

use super::*;

fn sample() -> Ledger {
    let mut ledger = Ledger::default();
    for (version, stamp, standing) in [
        ("2.0.0", "ServerTasks-7", Standing::Good),
        ("2.10.0", "ServerTasks-9", Standing::Trial),
        (
            "2.9.0",
            "ServerTasks-8",
            Standing::bad(
                BadReason::Crashed,
                "ended 5 times in 0.4 s, last with exit code 1",
            ),
        ),
        (
            "1.0.0",
            "bundle",
            Standing::bad(BadReason::Unconfirmed, "was not\nconfirmed within\t300 s"),
        ),
        (
            "1.1.0-rc.1",
            "bundle",
            Standing::bad(BadReason::Unhealthy, ""),
        ),
    ] {
        let stamp = stamp.parse().unwrap();
        ledger.set(version.parse().unwrap(), Entry { stamp, standing });
    }
    ledger
}

/// The text form is a contract with every version ever published: this must not change.
const GOLDEN: &str = "\
octopus-ledger 1
trial 2.10.0 ServerTasks-9
bad 2.9.0 ServerTasks-8 crashed ended 5 times in 0.4 s, last with exit code 1
good 2.0.0 ServerTasks-7
bad 1.1.0-rc.1 bundle unhealthy \n\
bad 1.0.0 bundle unconfirmed was not confirmed within 300 s
crc32 c38a5674
";

#[test]
fn the_form_on_disk() {
    assert_eq!(sample().to_string(), GOLDEN);
    assert_eq!(Ledger::parse(GOLDEN.as_bytes()), Ok(sample()));
    expect![[r#"
        octopus-ledger 1
        crc32 2763adec
    "#]]
    .assert_eq(&Ledger::default().to_string());
}

#[test]
fn every_single_byte_counts() {
    let golden = GOLDEN.as_bytes();
    for position in 0..golden.len() {
        let mut altered = golden.to_vec();
        altered[position] ^= 1;
        assert!(Ledger::parse(&altered).is_err(), "byte {position}");
        assert!(
            Ledger::parse(&golden[..position]).is_err(),
            "cut at {position}"
        );
    }
}

fn check_error(text: &str, expected: &Expect) {
    expected.assert_eq(&Ledger::parse(text.as_bytes()).unwrap_err().to_string());
}

/// With a right checksum, so that what comes after it is looked at.
fn signed(body: &str) -> String {
    format!("{body}crc32 {:08x}\n", crc32fast::hash(body.as_bytes()))
}

#[test]
fn damaged_and_from_the_future_are_told_apart() {
    check_error(
        "",
        &expect![
            "it is damaged (it has no header): it is kept aside and every version goes on trial again"
        ],
    );
    check_error(
        "\0\0\0\0",
        &expect![
            "it is damaged (it has no header): it is kept aside and every version goes on trial again"
        ],
    );
    check_error(
        "octopus-ledger 1\n",
        &expect![
            "it is damaged (it has no checksum): it is kept aside and every version goes on trial again"
        ],
    );
    check_error(
        "octopus-ledger 1\ngood 1.0.0 bundle\ncrc32 00000000\n",
        &expect![
            "it is damaged (its checksum does not match): it is kept aside and every version goes on trial again"
        ],
    );
    check_error(
        "octopus-ledger 2\nanything\n",
        &expect![
            "it has form 2, and this program knows form 1 only: install the newer Suction Cup again"
        ],
    );
    check_error(
        &signed("octopus-ledger 1\nfine 1.0.0 bundle\n"),
        &expect![
            "it is damaged (no entry: `fine 1.0.0 bundle`): it is kept aside and every version goes on trial again"
        ],
    );
    check_error(
        &signed("octopus-ledger 1\ngood one bundle\n"),
        &expect![
            "it is damaged (no entry: `good one bundle`): it is kept aside and every version goes on trial again"
        ],
    );
    check_error(
        &signed("octopus-ledger 1\ngood 1.0.0 bundle more\n"),
        &expect![
            "it is damaged (no entry: `good 1.0.0 bundle more`): it is kept aside and every version goes on trial again"
        ],
    );
    check_error(
        &signed("octopus-ledger 1\nbad 1.0.0 bundle\n"),
        &expect![
            "it is damaged (no entry: `bad 1.0.0 bundle`): it is kept aside and every version goes on trial again"
        ],
    );
}

#[test]
fn stored_and_loaded() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::new(folder.path());
    assert_eq!(Ledger::load(&home).unwrap(), Ledger::default());
    sample().store(&home).unwrap();
    assert_eq!(Ledger::load(&home).unwrap(), sample());
    fs::write(home.ledger(), "torn").unwrap();
    assert!(matches!(
        Ledger::load(&home),
        Err(LedgerError::Unusable { .. })
    ));
    fs::remove_file(home.ledger()).unwrap();
    fs::create_dir(home.ledger()).unwrap();
    assert!(matches!(
        Ledger::load(&home),
        Err(LedgerError::Unreadable { .. })
    ));
}

#[test]
fn another_stamp_is_a_new_install_and_on_trial() {
    let ledger = sample();
    let install = |version: &str, stamp: &str| Installed {
        version: version.parse().unwrap(),
        stamp: stamp.parse().unwrap(),
    };
    assert_eq!(
        ledger.standing(&install("2.0.0", "ServerTasks-7")),
        Standing::Good
    );
    assert_eq!(
        ledger.standing(&install("2.0.0", "ServerTasks-10")),
        Standing::Trial
    );
    assert_eq!(
        ledger.standing(&install("3.0.0", "ServerTasks-11")),
        Standing::Trial
    );
    assert!(ledger.knows(&install("2.10.0", "ServerTasks-9")));
    assert!(!ledger.knows(&install("2.10.0", "ServerTasks-12")));
}

#[test]
fn a_detail_is_one_line_of_words() {
    let standing = Standing::bad(BadReason::Crashed, " a\tb\u{1b}[1mc  d\r\n");
    let Standing::Bad { detail, .. } = standing else {
        panic!("{standing:?}");
    };
    assert_eq!(detail, "a b [1mc d");
}

#[test]
fn what_is_not_kept_is_forgotten() {
    let mut ledger = sample();
    ledger.retain(|version| version.to_string() != "2.9.0");
    let left: Vec<String> = ledger
        .entries()
        .map(|(version, _)| version.to_string())
        .collect();
    assert_eq!(left, ["2.10.0", "2.0.0", "1.1.0-rc.1", "1.0.0"]);
}
