//! How scripts end, by themselves and not.

use std::path::Path;
use std::time::Instant;

use super::super::End;
use super::*;

/// Whether a process runs; one that is dead and not yet reaped by its parent does not.
fn is_running(pid: &str) -> bool {
    let stat =
        fs::read_to_string(Path::new("/proc").join(pid.trim()).join("stat")).unwrap_or_default();
    let state = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .trim()
        .chars()
        .next();
    state.is_some_and(|state| !matches!(state, 'Z' | 'X'))
}

/// A script that has grandchildren, one of which does not end when asked to.
const TREE: &str = r#"
bash -c 'trap "" TERM; echo $BASHPID > stubborn; exec sleep 600 >/dev/null 2>&1' &
sh -c 'sleep 600 & echo $! > sleeper; wait' &
while [ ! -s stubborn ] || [ ! -s sleeper ]; do sleep 0.01; done
"#;

fn assert_tree_is_gone(bench: &Bench) {
    for file in ["stubborn", "sleeper"] {
        let pid = fs::read_to_string(bench.folder.path().join("app's folder").join(file)).unwrap();
        let since = Instant::now();
        // Killed is not yet gone: the kernel takes its time.
        while is_running(&pid) {
            assert!(
                since.elapsed() < Duration::from_secs(10),
                "{file} still runs"
            );
            std::thread::yield_now();
        }
    }
}

#[test]
fn cancelling_ends_the_whole_tree() {
    let bench = Bench::new();
    let report = bench.run(
        "Deploy.sh",
        &format!("{TREE}\necho 'cancel now'; sleep 600"),
    );
    assert_eq!(report.end, End::Cancelled);
    assert_tree_is_gone(&bench);
}

#[test]
fn a_script_that_takes_too_long_is_ended() {
    let mut bench = Bench::new();
    bench.timeout = Some(Duration::from_millis(100));
    assert_eq!(bench.run("Deploy.sh", "sleep 600").end, End::TimedOut);
}

#[test]
fn a_script_may_end_in_good_order_when_asked() {
    let bench = Bench::new();
    let script =
        "trap 'echo cleaning up; exit 7' TERM; echo 'cancel now'; while :; do sleep 0.05; done";
    assert_eq!(bench.run("Deploy.sh", script).end, End::Cancelled);
    let text = bench.log.text();
    assert!(text.contains("Info: cleaning up\n"), "{text}");
}

#[test]
fn exit_codes_and_signals_are_told() {
    let bench = Bench::new();
    assert_eq!(bench.run("Deploy.sh", "exit 42").end, End::Code(42));
    assert_eq!(bench.run("Deploy.sh", "false").end, End::Code(1));
    assert_eq!(bench.run("Deploy.sh", "kill -9 $$").end, End::Signal(9));
    assert_eq!(bench.run("Deploy.sh", "if").end, End::Code(2));
    let report = bench.run("Deploy.sh", "fail_step 'no disk'; echo unseen");
    assert_eq!(
        (report.end, report.result_message.as_deref()),
        (End::Code(1), Some("no disk"))
    );
    assert_eq!(
        bench.run("Deploy.py", "raise ValueError('x')").end,
        End::Code(1)
    );
}

#[test]
fn a_process_left_behind_does_not_hold_the_deployment_up() {
    let bench = Bench::new();
    let report = bench.run("Deploy.sh", "sleep 600 & echo $! > left; echo done");
    assert_eq!(report.end, End::Code(0));
    let pid = fs::read_to_string(bench.folder.path().join("app's folder/left")).unwrap();
    assert!(is_running(&pid), "what a script starts on purpose goes on");
    std::process::Command::new("kill")
        .arg(pid.trim())
        .status()
        .unwrap();
    let text = bench.log.text();
    assert!(
        text.starts_with("Info: done\nWarning: The script ended, but a process that it started"),
        "{text}"
    );
}

#[test]
fn a_background_process_with_its_own_output_is_no_matter() {
    let bench = Bench::new();
    bench.run("Deploy.sh", "sleep 600 >/dev/null 2>&1 & echo $! > left");
    let pid = fs::read_to_string(bench.folder.path().join("app's folder/left")).unwrap();
    std::process::Command::new("kill")
        .arg(pid.trim())
        .status()
        .unwrap();
    assert_eq!(bench.log.text(), "");
}
