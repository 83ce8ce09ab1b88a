//! A clock that jumps by years, as it does where a battery is empty and the network comes late.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::cup::{Cup, HEALTHY, SILENT};

/// Moves the time of day by the seconds in a file. Nothing else is touched: time that passes passes.
const CLOCK: &str = r#"
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
int clock_gettime(clockid_t clock, struct timespec *time) {
    int result = syscall(SYS_clock_gettime, clock, time);
    FILE *file = clock == CLOCK_REALTIME ? fopen(getenv("CLOCK_MOVED_BY"), "r") : NULL;
    long long seconds = 0;
    if (file && fscanf(file, "%lld", &seconds) == 1) time->tv_sec += seconds;
    if (file) fclose(file);
    return result;
}
"#;

/// Builds it as a library that is loaded before all others.
fn clock(folder: &Path) -> std::path::PathBuf {
    let (source, library) = (folder.join("clock.c"), folder.join("clock.so"));
    fs::write(&source, CLOCK).unwrap();
    let mut command = Command::new(std::env::var_os("CC").unwrap_or_else(|| "cc".into()));
    command.args(["-shared", "-fPIC", "-o"]);
    let status = command.args([&library, &source]).status();
    assert!(status.unwrap().success(), "a C compiler is needed");
    library
}

#[test]
fn a_clock_that_jumps_by_years_changes_no_decision() {
    const YEARS: i64 = 30 * 365 * 24 * 60 * 60;
    let folder = tempfile::tempdir().unwrap();
    let library = clock(folder.path());
    let moved = folder.path().join("moved");
    // In place of the old one at once: a half-written number would be another time.
    let jump = |by: i64| {
        fs::write(moved.with_extension("new"), by.to_string()).unwrap();
        fs::rename(moved.with_extension("new"), &moved).unwrap();
    };
    let mut cup = Cup::new();
    cup.publish("1.0.0", HEALTHY);
    jump(0);
    let mut command = Command::new(env!("CARGO_BIN_EXE_suction-cup"));
    command.args(["run", "--trial-window", "3", "--home"]);
    command.arg(cup.home.root());
    command.env("LD_PRELOAD", &library);
    cup.start_as(command.env("CLOCK_MOVED_BY", &moved));
    cup.ledger("good 1.0.0");
    let child = cup.running("1.0.0");
    jump(YEARS);
    cup.publish("2.0.0", SILENT);
    rustix::process::kill_process(child, rustix::process::Signal::KILL).unwrap();
    cup.running("2.0.0");
    // The clock went beyond the window, and now goes back to before its beginning.
    jump(-3 * YEARS);
    cup.ledger("bad 2.0.0 ticket-2.0.0 unconfirmed was not confirmed within 3.0 s");
    cup.running("1.0.0");
    cup.stop();
    // It did jump.
    let log = fs::read_to_string(cup.home.supervisor_log()).unwrap();
    let year = |text: &str| -> i64 {
        let line = log.lines().find(|line| line.contains(text)).unwrap();
        line.split('-').next().unwrap().parse().unwrap()
    };
    let begun = year("started Tentacle 1.0.0 (trial)");
    assert!(year("started Tentacle 2.0.0") >= begun + 29, "{log}");
    assert_eq!(year("marked bad"), 1970, "{log}");
}
