//! What an end of the child leads to.

use expect_test::expect;

use super::check;
use super::world::World;

#[test]
fn exit_0_starts_a_newer_version() {
    check(
        "1.9.0@a=good",
        "start, after 100, publish 1.10.0@t-1, after 1, exit 0, after 3, marker, stop, exit 0",
        &expect![[r#"
            0.0 start
                start 1.9.0
                log: started Tentacle 1.9.0 (good), pid 100
            0.0 after 100
            100.0 publish 1.10.0@t-1
            100.0 after 1
            101.0 exit 0
                log: Tentacle 1.9.0 ended with exit code 0 after 101 s: starting 1.10.0
                store 1.10.0@t-1=trial 1.9.0@a=good
                start 1.10.0
                watch every 100ms
                log: started Tentacle 1.10.0 (trial), pid 100
            101.0 after 3
            104.0 marker
                log: Tentacle 1.10.0 is healthy: marked good
                store 1.10.0@t-1=good 1.9.0@a=good
            104.0 stop
                terminate
            104.0 exit 0
                log: stopped
                exit
        "#]],
    );
}

#[test]
fn any_other_end_is_a_restart_at_once() {
    check(
        "1.0.0@a=good",
        "start, after 100, signal 9, after 70, exit 1, wait, after 100, exit 1",
        &expect![[r#"
            0.0 start
                start 1.0.0
                log: started Tentacle 1.0.0 (good), pid 100
            0.0 after 100
            100.0 signal 9
                log: Tentacle 1.0.0 ended by signal 9 (SIGKILL) after 100 s: starting it again
                start 1.0.0
            100.0 after 70
            170.0 exit 1
                start 1.0.0
            170.0 wait
            230.0 after 100
            330.0 exit 1
                log: Tentacle 1.0.0 ended with exit code 1 after 160 s: starting it again
                start 1.0.0
        "#]],
    );
}

#[test]
fn a_good_version_that_keeps_ending_waits_longer_and_longer() {
    check(
        "1.0.0@a=good 0.9.0@b=good",
        "start, exit 0, exit 0, exit 0, exit 0, exit 0, wait, \
         exit 1, exit 1, exit 1, exit 1, exit 1, wait, wait",
        &expect![[r#"
            0.0 start
                start 1.0.0
                log: started Tentacle 1.0.0 (good), pid 100
            0.0 exit 0
                log: Tentacle 1.0.0 ended with exit code 0 after 0.0 s: starting it again
                start 1.0.0
            0.0 exit 0
                start 1.0.0
            0.0 exit 0
                start 1.0.0
            0.0 exit 0
                start 1.0.0
            0.0 exit 0
                log: Tentacle 1.0.0 ended 5 times in 0.0 s, last with exit code 0: next try in 60 s
                wait 60s
            0.0 wait
                start 1.0.0
            60.0 exit 1
                start 1.0.0
            60.0 exit 1
                start 1.0.0
            60.0 exit 1
                start 1.0.0
            60.0 exit 1
                start 1.0.0
            60.0 exit 1
                log: Tentacle 1.0.0 ended 5 times in 0.0 s, last with exit code 1: next try in 120 s
                wait 120s
            60.0 wait
                start 1.0.0
            180.0 wait
                log: Tentacle 1.0.0 is stable again
        "#]],
    );
    let mut world = World::new("1.0.0@a=good");
    world.step("start");
    for _ in 0..8 {
        for _ in 0..5 {
            world.step("exit 1");
        }
        world.wait();
    }
    let said: Vec<&str> = world
        .transcript
        .lines()
        .map(str::trim)
        .filter(|line| line.starts_with("log: Tentacle 1.0.0 ended 5") || line.starts_with("wait "))
        .collect();
    expect![[r#"
            log: Tentacle 1.0.0 ended 5 times in 0.0 s, last with exit code 1: next try in 60 s
            wait 60s
            log: Tentacle 1.0.0 ended 5 times in 0.0 s, last with exit code 1: next try in 120 s
            wait 120s
            log: Tentacle 1.0.0 ended 5 times in 0.0 s, last with exit code 1: next try in 240 s
            wait 240s
            log: Tentacle 1.0.0 ended 5 times in 0.0 s, last with exit code 1: next try in 480 s
            wait 480s
            log: Tentacle 1.0.0 ended 5 times in 0.0 s, last with exit code 1: next try in 600 s
            wait 600s
            wait 600s
            wait 600s
            wait 600s"#]]
    .assert_eq(&said.join("\n"));
}

#[test]
fn slow_ends_do_not_wait() {
    check(
        "1.0.0@a=good",
        "start, after 8, exit 1, after 8, exit 1, after 8, exit 1, after 8, exit 1, after 8, exit 1",
        &expect![[r#"
            0.0 start
                start 1.0.0
                log: started Tentacle 1.0.0 (good), pid 100
            0.0 after 8
            8.0 exit 1
                log: Tentacle 1.0.0 ended with exit code 1 after 8.0 s: starting it again
                start 1.0.0
            8.0 after 8
            16.0 exit 1
                start 1.0.0
            16.0 after 8
            24.0 exit 1
                start 1.0.0
            24.0 after 8
            32.0 exit 1
                start 1.0.0
            32.0 after 8
            40.0 exit 1
                start 1.0.0
        "#]],
    );
}

#[test]
fn a_program_that_cannot_be_started_counts_as_an_end() {
    check(
        "2.0.0@a=good",
        "program broken, start, program whole, wait",
        &expect![[r#"
            0.0 program broken
            0.0 start
                start 2.0.0
                log: Tentacle 2.0.0 could not be started (Permission denied): starting it again
                start 2.0.0
                start 2.0.0
                start 2.0.0
                start 2.0.0
                log: Tentacle 2.0.0 ended 5 times in 0.0 s, and at last could not be started (Permission denied): next try in 60 s
                wait 60s
            0.0 program whole
            0.0 wait
                start 2.0.0
                log: started Tentacle 2.0.0 (good), pid 100
        "#]],
    );
}

#[test]
fn stopping_needs_no_child() {
    check(
        "",
        "start, stop",
        &expect![[r#"
        0.0 start
            log: no version of Tentacle is installed, and there is no bundle: put the package of Tentacle into the folder bundle of HOME, or install Tentacle again: next try in 60 s
            wait 60s
        0.0 stop
            log: stopped
            exit
    "#]],
    );
}

/// What is said and done at the ends of a version of which every run ends at once.
fn broken_for_good(home: &str, rounds: usize) -> String {
    let mut world = World::new(home);
    world.step("start");
    for _ in 0..rounds {
        for _ in 0..5 {
            world.step("exit 1");
        }
        if world.child.is_none() {
            world.wait();
        }
    }
    let lines = world.transcript.lines();
    let told = lines.filter(|line| !line.contains("exit 1") && !line.contains("    start"));
    told.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_good_version_that_ends_for_minutes_gives_way_to_another_good_one() {
    expect![[r#"
        0.0 start
            log: started Tentacle 2.0.0 (good), pid 100
            log: Tentacle 2.0.0 ended with exit code 1 after 0.0 s: starting it again
            log: Tentacle 2.0.0 ended 5 times in 0.0 s, last with exit code 1: next try in 60 s
            wait 60s
            log: Tentacle 2.0.0 ended 5 times in 0.0 s, last with exit code 1: next try in 120 s
            wait 120s
            log: Tentacle 2.0.0 ended 5 times in 0.0 s, last with exit code 1: next try in 240 s
            wait 240s
            log: Tentacle 2.0.0 ended 5 times in 0.0 s, last with exit code 1: marked bad, going back to 1.0.0
            keep last lines of 2.0.0
            store 2.0.0@b=bad 1.0.0@a=good
            log: started Tentacle 1.0.0 (good), pid 100"#]]
    .assert_eq(&broken_for_good("2.0.0@b=good 1.0.0@a=good", 4));
    // The other one has nothing to give way to, and waits from the beginning.
    let told = broken_for_good("2.0.0@b=good 1.0.0@a=good", 9);
    let waits = told.lines().filter(|line| line.contains("wait "));
    let waits: Vec<&str> = waits.map(str::trim).collect();
    let expected = ["60", "120", "240", "60", "120", "240", "480", "600"];
    assert_eq!(waits, expected.map(|time| format!("wait {time}s")));
}

#[test]
fn a_good_version_gives_way_to_nothing_less_and_a_pin_holds() {
    for home in [
        "2.0.0@b=good",
        "2.0.0@b=good 1.0.0@a",
        "2.0.0@b=good 1.0.0@a=bad",
        "2.0.0@b=good 1.0.0@a=good pin:2.0.0",
    ] {
        let told = broken_for_good(home, 8);
        assert!(!told.contains("marked bad"), "{home}: {told}");
        assert!(told.ends_with("wait 600s"), "{home}: {told}");
    }
}

#[test]
fn its_own_self_check_condemns_no_good_version() {
    let mut world = World::new("2.0.0@b=good 1.0.0@a=good");
    world.step("start");
    for _ in 0..3 {
        for _ in 0..5 {
            world.step("exit 70");
        }
        world.wait();
    }
    world.step("exit 70");
    assert!(!world.transcript.contains("marked bad"));
    for _ in 0..4 {
        world.step("exit 70");
    }
    assert!(world.transcript.contains("marked bad, going back to 1.0.0"));
}
