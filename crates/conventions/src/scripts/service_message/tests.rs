//! Table of lines and what they parse to.

use expect_test::{Expect, expect};

use super::split;

#[expect(
    clippy::needless_pass_by_value,
    reason = "a call reads better without a borrow"
)]
fn check(line: &str, expected: Expect) {
    let text: String = split(line)
        .iter()
        .map(|segment| format!("{segment:?}\n"))
        .collect();
    expected.assert_eq(&text);
}

#[test]
fn messages_are_recognised() {
    check(
        "##octopus[setVariable name='TmFtZQ==' value='w6TDtgrDvA==']",
        expect![[r#"
        Message(SetVariable { name: "Name", value: "äö\nü", sensitive: false })
    "#]],
    );
    check(
        "##octopus[setVariable  value='' Sensitive='VHJ1ZQ==' name='TmFtZQ==' ]",
        expect![[r#"
        Message(SetVariable { name: "Name", value: "", sensitive: true })
    "#]],
    );
    check(
        "##octopus[createArtifact path='L3RtcC9h' name='YQ==' length='MTI=']",
        expect![[r#"
        Message(CreateArtifact { path: "/tmp/a", name: "a" })
    "#]],
    );
    check(
        "##octopus[progress percentage='NTA=' message='aGFsZg==']",
        expect![[r#"
        Message(Progress { percentage: 50, message: "half" })
    "#]],
    );
    check(
        "##octopus[resultMessage message='bm8=']",
        expect![[r#"
        Message(ResultMessage("no"))
    "#]],
    );
    check(
        "##octopus[mask value='c2VjcmV0']",
        expect![[r#"
        Message(Mask("secret"))
    "#]],
    );
    check(
        "##octopus[stdout-verbose]##octopus[stderr-progress]##octopus[stdout-default]##octopus[stderr-ignore]",
        expect![[r#"
            Message(Mode(Out, Level(Verbose)))
            Message(Mode(Err, Level(Verbose)))
            Message(Mode(Out, Default))
            Message(Mode(Err, Ignore))
        "#]],
    );
    check(
        "##octopus[somethingNew key='YQ==']",
        expect![[r#"
        Message(Unknown("somethingNew"))
    "#]],
    );
}

#[test]
fn text_around_a_message_is_kept() {
    check(
        "no line break##octopus[mask value='YQ=='] and more",
        expect![[r#"
        Text("no line break")
        Message(Mask("a"))
        Text(" and more")
    "#]],
    );
    check(
        "##octopus[##octopus[mask value='YQ==']",
        expect![[r###"
        Text("##octopus[")
        Message(Mask("a"))
    "###]],
    );
    check("", expect![""]);
}

#[test]
fn what_is_no_valid_message_is_plain_output() {
    for line in [
        "##octopus",
        "##octopus[",
        "##octopus[]",
        "##octopus[mask",
        "##octopus[mask]",
        "##octopus[mask value='']",
        "##octopus[mask value='YQ=='",
        "##octopus[mask value='YQ==",
        "##octopus[mask value=YQ==]",
        "##octopus[mask value='Y']",
        "##octopus[mask value='not base64!']",
        "##octopus[mask value='/w==']",
        "##octopus[maskvalue='YQ==']",
        "##octopus[mask value='YQ=='extra='YQ==']",
        "##octopus[mask ='YQ==']",
        "##octopus[setVariable name='' value='YQ==']",
        "##octopus[setVariable name='YQ==']",
        "##octopus[progress percentage='MTAx']",
        "##octopus[progress percentage='LTE=']",
        "##octopus[progress percentage='YQ==']",
        "##octopus[stdout-verbose a='YQ==']",
        "##octopus[mask value='ä']",
        "##teamcity[mask value='YQ==']",
        "# #octopus[stdout-verbose]",
    ] {
        assert_eq!(split(line), vec![super::Segment::Text(line)], "{line}");
    }
}
