//! Upgrades: to a version that proves good, and back from one that does not.

use std::fs;

use layout::last_lines;

use crate::cup::{Cup, HEALTHY, SILENT};

/// Healthy, and ends with exit code 0 as soon as the file `upgrade` is there.
const UPGRADING: &str = r#"
echo "$TENTACLE_RUN_NONCE" > "$3/run/healthy"
while [ ! -e "$3/upgrade" ]; do sleep 0.02; done
rm "$3/upgrade"
"#;

/// A HOME where 1.9.0 runs and is good, and `newer` was installed beside it.
fn upgrade(newer: &str, script: &str, options: &[&str]) -> Cup {
    let mut cup = Cup::new();
    cup.bundle("1.9.0", UPGRADING);
    cup.start(options);
    cup.ledger("good 1.9.0");
    cup.publish(newer, script);
    fs::write(cup.home.root().join("upgrade"), "").unwrap();
    cup
}

#[test]
fn a_newer_version_starts_after_exit_0_and_becomes_good() {
    let mut cup = upgrade("1.10.0", HEALTHY, &[]);
    cup.running("1.10.0");
    cup.ledger("good 1.10.0 ticket-1.10.0");
    cup.logged("Tentacle 1.9.0 ended with exit code 0 after ");
    cup.stop();
}

#[test]
fn a_broken_version_goes_back_and_tells_why() {
    let script = "echo run $$; echo no configuration >&2; exit 3";
    let mut cup = upgrade("1.10.0", script, &[]);
    cup.ledger("bad 1.10.0 ticket-1.10.0 crashed ended 5 times in ");
    cup.running("1.9.0");
    cup.logged(", last with exit code 3: marked bad, going back to 1.9.0");
    let lines = last_lines(&cup.home, &"1.10.0".parse().unwrap());
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert_eq!(lines[1], "no configuration");
    let printed = fs::read_to_string(cup.home.tentacle_log()).unwrap();
    assert_eq!(printed.matches("run ").count(), 5, "{printed}");
    // Not started again by itself, also not by a newly started supervisor.
    cup.stop();
    cup.start(&[]);
    cup.running("1.9.0");
    let status = cup.status(&[]);
    assert!(
        status.contains("1.10.0  bad, crashed: ended 5 times in "),
        "{status}"
    );
    cup.stop();
}

#[test]
fn a_version_that_nobody_confirms_goes_back() {
    let script = &format!("echo of-another-run > \"$3/run/healthy\"; {SILENT}");
    let mut cup = upgrade("1.10.0", script, &["--trial-window", "1"]);
    cup.ledger("bad 1.10.0 ticket-1.10.0 unconfirmed was not confirmed within 1.0 s");
    cup.running("1.9.0");
    cup.gone(cup.pids(1)[0]);
    cup.stop();
}

#[test]
fn a_program_that_the_system_cannot_run_goes_back() {
    let mut cup = upgrade("1.10.0", HEALTHY, &[]);
    cup.ledger("good 1.10.0");
    cup.stop();
    cup.publish("1.11.0", "");
    let program = cup.home.program(&"1.11.0".parse().unwrap());
    fs::write(program, "#!/no/such/interpreter").unwrap();
    cup.start(&[]);
    cup.ledger("bad 1.11.0 ticket-1.11.0 crashed ended 5 times in ");
    cup.running("1.10.0");
    let lines = last_lines(&cup.home, &"1.11.0".parse().unwrap()).join("\n");
    assert!(
        lines.contains("tentacle cannot be run: No such file"),
        "{lines}"
    );
    cup.stop();
}
