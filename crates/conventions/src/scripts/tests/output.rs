//! How a script's output is shown.

use expect_test::expect;

use super::super::End;
use super::*;

#[test]
fn levels_follow_the_modes() {
    let bench = Bench::new();
    let script = r###"
echo one
echo "##octopus[stdout-warning]"; echo three; echo "##octopus[stdout-ignore]"; echo unseen
echo "##octopus[stdout-default]##octopus[stderr-progress]"; echo
printf 'no break##octopus[progress percentage="x"]'
"###;
    let report = bench.run("Deploy.sh", script);
    assert_eq!(report.end, End::Code(0));
    expect![[r#"
        Info: one
        Warning: three
        Info: 
        Info: no break##octopus[progress percentage="x"]
    "#]]
    .assert_eq(&bench.log.text());
    assert!(!report.wrote_errors);

    let bench = Bench::new();
    assert!(
        !bench.run("Deploy.sh", "echo >&2").wrote_errors,
        "an empty line is no error"
    );
    assert!(bench.run("Deploy.sh", "echo two >&2").wrote_errors);
    assert_eq!(bench.log.text(), "Error: \nError: two\n");
}

#[test]
fn a_mode_counts_for_what_is_written_to_the_other_output_after_it() {
    let bench = Bench::new();
    let script = r###"i=0; while [ $i -lt 500 ]; do
        echo "##octopus[stderr-verbose]"; echo quiet >&2
        i=$((i+1)); done"###;
    let report = bench.run("Deploy.sh", script);
    assert!(!report.wrote_errors, "{}", bench.log.text());
    assert_eq!(bench.log.text(), "Verbose: quiet\n".repeat(500));
}

#[test]
fn secrets_never_show() {
    let mut bench = Bench::new();
    bench.secrets = vec!["correct horse", "line one\nline two\nx"];
    let script = r###"
echo "whole: correct horse."; echo "whole: correct horse." >&2
for letter in c o r r e c t ' ' h o r s e; do printf '%s' "$letter"; printf '%s' "$letter" >&2; sleep 0.01; done
echo; echo >&2
printf '%70000s' ''; echo "correct horse"
head -c 2000000 /dev/zero | tr '\0' '.'; echo "correct horse"
write_warning "correct horse"
echo "line one"; write_verbose "line two"; printf 'line one\r\nline two\r\nx\r\n'
echo "##octopus[mask value='aHVudGVyMg==']"; echo "hunter2"; echo "hunter2" >&2
set_octopusvariable Token t0ps3cret -sensitive; echo "t0ps3cret" >&2
update_progress 10 "with correct horse"
fail_step "it is correct horse"
"###;
    let report = bench.run("Deploy.sh", script);
    let text = format!(
        "{}{:?}",
        bench.log.text(),
        bench.log.progress.lock().unwrap()
    );
    for secret in [
        "correct",
        "horse",
        "line one",
        "line two",
        "hunter2",
        "t0ps3cret",
    ] {
        assert!(!text.contains(secret), "{secret} shows");
    }
    assert!(text.contains("Info: whole: ****."), "{text}");
    assert!(text.contains("Error: whole: ****."));
    assert!(text.contains("Warning: ****"));
    assert_eq!(report.end, End::Code(1));
}

#[test]
fn hostile_output_is_shown_within_bounds() {
    let bench = Bench::new();
    let script = r###"
printf 'not UTF-8: \377\376, nul: \000.\n'
head -c 3000000 /dev/zero | tr '\0' 'a'; echo
echo "##octopus[unheardOf secret='eA==']"
echo "##octopus[createArtifact path='L25vd2hlcmU=']"
"###;
    let report = bench.run("Deploy.sh", script);
    assert_eq!(report.end, End::Code(0));
    let lines = bench.log.lines.lock().unwrap();
    assert_eq!(lines[0].1, "not UTF-8: \u{FFFD}\u{FFFD}, nul: \u{FFFD}.");
    let long: Vec<_> = lines
        .iter()
        .filter(|(_, text)| text.starts_with('a'))
        .collect();
    assert_eq!(
        long.iter().map(|(_, text)| text.len()).sum::<usize>(),
        3_000_000
    );
    assert!(long.iter().all(|(_, text)| text.len() <= 64 * 1024));
    let warnings: Vec<_> = lines
        .iter()
        .filter(|(level, _)| *level == Level::Warning)
        .map(|(_, text)| text)
        .collect();
    expect![[r#"
        [
            "The service message \"unheardOf\" is not known to this Tentacle, and was left out.",
            "The artifact was left out: there is no file \"/nowhere\".",
        ]
    "#]]
    .assert_debug_eq(&warnings);
}
