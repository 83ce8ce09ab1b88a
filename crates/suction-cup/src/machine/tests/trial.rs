//! How a trial ends: good, or back to the last good version.

use expect_test::expect;

use super::check;

#[test]
fn a_trial_that_keeps_ending_goes_back() {
    check(
        "2.0.0@a=good 2.1.0@b bundle:1.0.0",
        "start, after 0.1, exit 1, after 0.1, exit 1, after 0.1, exit 1, after 0.1, exit 1, after 0.1, exit 1, wait, after 9, exit 0",
        &expect![[r#"
            0.0 start
                store 2.1.0@b=trial 2.0.0@a=good
                start 2.1.0
                watch every 100ms
                log: started Tentacle 2.1.0 (trial), pid 100
            0.0 after 0.1
            0.1 exit 1
                log: Tentacle 2.1.0 ended with exit code 1 after 0.1 s: starting it again
                start 2.1.0
                watch every 100ms
            0.1 after 0.1
            0.2 exit 1
                start 2.1.0
                watch every 100ms
            0.2 after 0.1
            0.3 exit 1
                start 2.1.0
                watch every 100ms
            0.3 after 0.1
            0.4 exit 1
                start 2.1.0
                watch every 100ms
            0.4 after 0.1
            0.5 exit 1
                log: Tentacle 2.1.0 ended 5 times in 0.4 s, last with exit code 1: marked bad, going back to 2.0.0
                keep last lines of 2.1.0
                store 2.1.0@b=bad 2.0.0@a=good
                start 2.0.0
                log: started Tentacle 2.0.0 (good), pid 100
            0.5 wait
            60.5 after 9
            69.5 exit 0
                log: Tentacle 2.0.0 ended with exit code 0 after 69 s: starting it again
                start 2.0.0
        "#]],
    );
}

#[test]
fn a_trial_that_is_not_confirmed_goes_back() {
    check(
        "2.0.0@a=good 2.1.0@b",
        "start, after 1, marker seed-0, after 100, signal 11, wait, wait, after 2, exit 0",
        &expect![[r#"
            0.0 start
                store 2.1.0@b=trial 2.0.0@a=good
                start 2.1.0
                watch every 100ms
                log: started Tentacle 2.1.0 (trial), pid 100
            0.0 after 1
            1.0 marker seed-0
            1.0 after 100
            101.0 signal 11
                log: Tentacle 2.1.0 ended by signal 11 (SIGSEGV) after 101 s: starting it again
                start 2.1.0
                watch every 100ms
            101.0 wait
            161.0 wait
                log: Tentacle 2.1.0 was not confirmed within 300 s: marked bad, going back to 2.0.0
                keep last lines of 2.1.0
                store 2.1.0@b=bad 2.0.0@a=good
                terminate
            300.0 after 2
            302.0 exit 0
                start 2.0.0
                log: started Tentacle 2.0.0 (good), pid 100
        "#]],
    );
}

#[test]
fn a_trial_that_finds_itself_unhealthy_goes_back_at_once() {
    check(
        "2.0.0@a=good 2.1.0@b",
        "start, after 2.1, exit 70",
        &expect![[r#"
            0.0 start
                store 2.1.0@b=trial 2.0.0@a=good
                start 2.1.0
                watch every 100ms
                log: started Tentacle 2.1.0 (trial), pid 100
            0.0 after 2.1
            2.1 exit 70
                log: Tentacle 2.1.0 failed its own self-check after 2.1 s: marked bad, going back to 2.0.0
                keep last lines of 2.1.0
                store 2.1.0@b=bad 2.0.0@a=good
                start 2.0.0
                log: started Tentacle 2.0.0 (good), pid 100
        "#]],
    );
}

#[test]
fn a_child_that_does_not_end_when_asked_is_killed() {
    check(
        "2.0.0@a=good 2.1.0@b",
        "start, wait, wait, signal 9",
        &expect![[r#"
            0.0 start
                store 2.1.0@b=trial 2.0.0@a=good
                start 2.1.0
                watch every 100ms
                log: started Tentacle 2.1.0 (trial), pid 100
            0.0 wait
                log: Tentacle 2.1.0 was not confirmed within 300 s: marked bad, going back to 2.0.0
                keep last lines of 2.1.0
                store 2.1.0@b=bad 2.0.0@a=good
                terminate
            300.0 wait
                kill
            320.0 signal 9
                start 2.0.0
                log: started Tentacle 2.0.0 (good), pid 100
        "#]],
    );
    check(
        "2.0.0@a=good",
        "start, stop, wait, signal 9",
        &expect![[r#"
        0.0 start
            start 2.0.0
            log: started Tentacle 2.0.0 (good), pid 100
        0.0 stop
            terminate
        0.0 wait
            kill
        20.0 signal 9
            log: stopped
            exit
    "#]],
    );
}

#[test]
fn a_new_install_of_a_bad_version_is_a_new_trial() {
    check(
        "2.0.0@a=good 2.1.0@b=bad",
        "start, publish 2.1.0@c, exit 0, after 1, marker",
        &expect![[r#"
            0.0 start
                start 2.0.0
                log: started Tentacle 2.0.0 (good), pid 100
            0.0 publish 2.1.0@c
            0.0 exit 0
                log: Tentacle 2.0.0 ended with exit code 0 after 0.0 s: starting 2.1.0
                store 2.1.0@c=trial 2.0.0@a=good
                start 2.1.0
                watch every 100ms
                log: started Tentacle 2.1.0 (trial), pid 100
            0.0 after 1
            1.0 marker
                log: Tentacle 2.1.0 is healthy: marked good
                store 2.1.0@c=good 2.0.0@a=good
        "#]],
    );
}

#[test]
fn only_the_first_marker_is_news() {
    check(
        "1.0.0@a",
        "start, marker, marker",
        &expect![[r#"
        0.0 start
            store 1.0.0@a=trial
            start 1.0.0
            watch every 100ms
            log: started Tentacle 1.0.0 (trial), pid 100
        0.0 marker
            log: Tentacle 1.0.0 is healthy: marked good
            store 1.0.0@a=good
        0.0 marker
    "#]],
    );
}

#[test]
fn a_good_version_comes_before_an_untried_one() {
    check(
        "1.8.0@a=good 1.9.0@b 2.1.0@c",
        "start, exit 70",
        &expect![[r#"
            0.0 start
                store 2.1.0@c=trial 1.8.0@a=good
                start 2.1.0
                watch every 100ms
                log: started Tentacle 2.1.0 (trial), pid 100
            0.0 exit 70
                log: Tentacle 2.1.0 failed its own self-check after 0.0 s: marked bad, going back to 1.8.0
                keep last lines of 2.1.0
                store 2.1.0@c=bad 1.8.0@a=good
                start 1.8.0
                log: started Tentacle 1.8.0 (good), pid 100
        "#]],
    );
}

#[test]
fn a_newer_version_that_came_meanwhile_comes_before_the_last_good_one() {
    check(
        "2.0.0@a=good 2.1.0@b",
        "start, wait, publish 2.2.0@c, exit 0",
        &expect![[r#"
            0.0 start
                store 2.1.0@b=trial 2.0.0@a=good
                start 2.1.0
                watch every 100ms
                log: started Tentacle 2.1.0 (trial), pid 100
            0.0 wait
                log: Tentacle 2.1.0 was not confirmed within 300 s: marked bad, going back to 2.0.0
                keep last lines of 2.1.0
                store 2.1.0@b=bad 2.0.0@a=good
                terminate
            300.0 publish 2.2.0@c
            300.0 exit 0
                store 2.2.0@c=trial 2.1.0@b=bad 2.0.0@a=good
                start 2.2.0
                watch every 100ms
                log: started Tentacle 2.2.0 (trial), pid 100
        "#]],
    );
}
