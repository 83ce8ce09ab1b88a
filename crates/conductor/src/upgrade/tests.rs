//! What is decided, by what machines report.

use expect_test::{Expect, expect};

use super::*;

fn version(text: &str) -> NuGetVersion {
    text.parse().unwrap()
}

fn report(running: &str, ledger: &[(&str, &str, &str)]) -> Report {
    let record = |&(of, ticket, standing): &(&str, &str, &str)| Record {
        version: version(of),
        ticket: ticket.to_owned(),
        standing: match standing {
            "good" => Standing::Good,
            "trial" => Standing::Trial,
            detail => Standing::Bad {
                reason: "crashed".to_owned(),
                detail: detail.to_owned(),
                last_lines: vec!["no such file".to_owned()],
            },
        },
    };
    Report {
        version: version(running),
        ledger: ledger.iter().map(record).collect(),
    }
}

#[track_caller]
fn check(running: &str, ledger: &[(&str, &str, &str)], expected: &Expect) {
    let watch = Watch::new(Duration::ZERO, version("2.0"), "ours");
    let verdict = watch.reported(Duration::from_secs(1), &report(running, ledger));
    expected.assert_eq(&format!("{verdict:?}"));
}

#[test]
fn done_only_when_the_ledger_of_this_very_order_says_good() {
    let good_old = ("1.0.0", "", "good");
    let done = expect!["Done"];
    check("2.0.0", &[("2.0.0", "ours", "good"), good_old], &done);
    let answers =
        expect![[r#"Wait("Tentacle 2.0.0 answers; the machine is about to confirm it")"#]];
    check("2.0.0", &[("2.0.0", "ours", "trial"), good_old], &answers);
    check("2.0.0", &[("2.0.0", "earlier", "good"), good_old], &answers);
    check("2.0.0", &[], &answers);
    let still = expect![[r#"Wait("Tentacle 1.0.0 still answers; waiting for 2.0.0")"#]];
    check("1.0.0", &[good_old], &still);
    check("1.0.0", &[("2.0.0", "ours", "good"), good_old], &still);
}

#[test]
fn a_rollback_fails_with_its_reason_and_last_lines() {
    check(
        "1.0.0",
        &[
            ("2.0.0", "ours", "ended 5 times in 0.4 s"),
            ("1.0.0", "", "good"),
        ],
        &expect![[
            r#"Failed { reason: "Tentacle 2.0.0 was rolled back (crashed): ended 5 times in 0.4 s. Tentacle 1.0.0 runs again.", last_lines: ["no such file"] }"#
        ]],
    );
}

#[test]
fn a_rollback_of_an_earlier_order_says_nothing_about_this_one() {
    check(
        "1.0.0",
        &[("2.0.0", "earlier", "ended 5 times"), ("1.0.0", "", "good")],
        &expect![[r#"Wait("Tentacle 1.0.0 still answers; waiting for 2.0.0")"#]],
    );
}

#[test]
fn an_upgrade_of_many_passes_by_whom_it_would_not_help() {
    let ordered = version("2.0");
    let left_out = |running: Option<&str>, reachable, rolled_back| {
        let running = running.map(version);
        leave_out(
            &Known {
                reachable,
                running,
                rolled_back,
            },
            &ordered,
        )
    };
    assert_eq!(left_out(Some("1.10.0"), true, false), None);
    assert_eq!(left_out(None, true, false), None);
    assert_eq!(left_out(Some("2.0.0"), true, false), Some(LeftOut::Current));
    assert_eq!(left_out(Some("2.0.1"), false, true), Some(LeftOut::Current));
    assert_eq!(
        left_out(Some("1.0.0"), false, false),
        Some(LeftOut::Offline)
    );
    assert_eq!(
        left_out(Some("1.0.0"), true, true),
        Some(LeftOut::RolledBack)
    );
}

#[test]
fn patience_ends_without_false_success() {
    let watch = Watch::new(Duration::from_secs(5), version("2.0"), "ours");
    let at = PATIENCE + Duration::from_secs(5);
    let before = at - Duration::from_nanos(1);
    assert!(matches!(watch.silent(before, "refused"), Verdict::Wait(_)));
    assert!(matches!(
        watch.silent(at, "refused"),
        Verdict::Failed { .. }
    ));
    let trial = report("2.0.0", &[("2.0.0", "ours", "trial")]);
    assert!(matches!(watch.reported(at, &trial), Verdict::Failed { .. }));
    let good = report("2.0.0", &[("2.0.0", "ours", "good")]);
    assert_eq!(watch.reported(at, &good), Verdict::Done);
}

#[test]
fn what_runs_decides_the_opening() {
    let ordered = version("1.10.0");
    let old = report("1.9.0", &[("1.9.0", "", "good")]);
    assert_eq!(opening(&old, &ordered), Opening::Install);
    let same = report("1.10.0", &[("1.10.0", "t", "good")]);
    assert_eq!(opening(&same, &ordered), Opening::AlreadyRuns);
    let trial = report("1.10.0", &[("1.10.0", "t", "trial")]);
    assert_eq!(opening(&trial, &ordered), Opening::Install);
    let newer = report("1.10.1", &[]);
    assert!(matches!(opening(&newer, &ordered), Opening::Refuse(_)));
}
