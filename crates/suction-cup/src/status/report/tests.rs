//! What people and scripts get to see.

use expect_test::{Expect, expect};

use super::json::string;
use super::*;
use layout::BadReason;

fn report(state: &str) -> Report {
    let version = |version: &str, installed, standing| Version {
        version: version.parse().unwrap(),
        installed,
        entry: Entry {
            stamp: "t-1".parse().unwrap(),
            standing,
        },
    };
    Report {
        supervised: state != "dead",
        status: Status {
            state: Some(state.to_owned()),
            version: Some("2.0.0".to_owned()),
            pid: Some("123".to_owned()),
            nonce: Some("a-1".to_owned()),
            since: Some(1_772_323_200),
            next_try: (state == "waiting").then_some(1_772_323_260),
            why: (state == "waiting").then(|| "Tentacle 2.0.0 ended 5 times in 0.4 s".to_owned()),
        },
        pin: Some(Err(
            "the file pin says `latest`, which is not a version".to_owned()
        )),
        versions: vec![
            version(
                "10.0.0-rc.1",
                false,
                Standing::bad(BadReason::Crashed, "ended \"at once\""),
            ),
            version("2.0.0", true, Standing::Good),
            version("1.0.0", true, Standing::Trial),
        ],
        ledger_error: None,
    }
}

fn check(state: &str, expected: &Expect) {
    let report = report(state);
    expected.assert_eq(&format!("{}{}\n", report.text(), report.json()));
}

#[test]
fn for_people_and_for_scripts() {
    check(
        "running",
        &expect![[r#"
            Tentacle 2.0.0 is running, pid 123, since 2026-03-01T00:00:00Z
            the file pin says `latest`, which is not a version
            10.0.0-rc.1  bad, crashed: ended "at once"  (removed)
            2.0.0        good
            1.0.0        trial
            {"state":"running","version":"2.0.0","pid":123,"since":"2026-03-01T00:00:00Z","next_try":null,"why":null,"pin":null,"problems":["the file pin says `latest`, which is not a version"],"versions":[{"version":"10.0.0-rc.1","standing":"bad","reason":"crashed","detail":"ended \"at once\"","stamp":"t-1","installed":false},{"version":"2.0.0","standing":"good","reason":null,"detail":null,"stamp":"t-1","installed":true},{"version":"1.0.0","standing":"trial","reason":null,"detail":null,"stamp":"t-1","installed":true}]}
        "#]],
    );
    check(
        "waiting",
        &expect![[r#"
            no Tentacle is running: Tentacle 2.0.0 ended 5 times in 0.4 s; next try at 2026-03-01T00:01:00Z
            the file pin says `latest`, which is not a version
            10.0.0-rc.1  bad, crashed: ended "at once"  (removed)
            2.0.0        good
            1.0.0        trial
            {"state":"waiting","version":null,"pid":null,"since":"2026-03-01T00:00:00Z","next_try":"2026-03-01T00:01:00Z","why":"Tentacle 2.0.0 ended 5 times in 0.4 s","pin":null,"problems":["the file pin says `latest`, which is not a version"],"versions":[{"version":"10.0.0-rc.1","standing":"bad","reason":"crashed","detail":"ended \"at once\"","stamp":"t-1","installed":false},{"version":"2.0.0","standing":"good","reason":null,"detail":null,"stamp":"t-1","installed":true},{"version":"1.0.0","standing":"trial","reason":null,"detail":null,"stamp":"t-1","installed":true}]}
        "#]],
    );
    check(
        "installing",
        &expect![[r#"
            the bundle is being installed, since 2026-03-01T00:00:00Z
            the file pin says `latest`, which is not a version
            10.0.0-rc.1  bad, crashed: ended "at once"  (removed)
            2.0.0        good
            1.0.0        trial
            {"state":"installing","version":null,"pid":null,"since":"2026-03-01T00:00:00Z","next_try":null,"why":null,"pin":null,"problems":["the file pin says `latest`, which is not a version"],"versions":[{"version":"10.0.0-rc.1","standing":"bad","reason":"crashed","detail":"ended \"at once\"","stamp":"t-1","installed":false},{"version":"2.0.0","standing":"good","reason":null,"detail":null,"stamp":"t-1","installed":true},{"version":"1.0.0","standing":"trial","reason":null,"detail":null,"stamp":"t-1","installed":true}]}
        "#]],
    );
    check(
        "dead",
        &expect![[r#"
            Suction Cup is not running: start its service
            the file pin says `latest`, which is not a version
            10.0.0-rc.1  bad, crashed: ended "at once"  (removed)
            2.0.0        good
            1.0.0        trial
            {"state":"stopped","version":null,"pid":null,"since":null,"next_try":null,"why":null,"pin":null,"problems":["the file pin says `latest`, which is not a version"],"versions":[{"version":"10.0.0-rc.1","standing":"bad","reason":"crashed","detail":"ended \"at once\"","stamp":"t-1","installed":false},{"version":"2.0.0","standing":"good","reason":null,"detail":null,"stamp":"t-1","installed":true},{"version":"1.0.0","standing":"trial","reason":null,"detail":null,"stamp":"t-1","installed":true}]}
        "#]],
    );
}

#[test]
fn nothing_gets_out_of_a_string() {
    expect![[r#""a\"b\\c\u000ad\u0000é""#]].assert_eq(&string("a\"b\\c\nd\u{0}é"));
}
