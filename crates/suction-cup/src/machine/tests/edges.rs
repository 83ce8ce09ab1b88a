//! The very moment at which a rule begins or ends to hold, and events that come too early.

use expect_test::expect;

use super::check;

#[test]
fn a_tick_that_comes_early_changes_nothing() {
    check(
        "1.0.0@a=good",
        "start, exit 1, exit 1, exit 1, exit 1, exit 1, tick, after 59, tick, wait, tick, stop, after 19, tick, wait, signal 9",
        &expect![[r#"
            0.0 start
                start 1.0.0
                log: started Tentacle 1.0.0 (good), pid 100
            0.0 exit 1
                log: Tentacle 1.0.0 ended with exit code 1 after 0.0 s: starting it again
                start 1.0.0
            0.0 exit 1
                start 1.0.0
            0.0 exit 1
                start 1.0.0
            0.0 exit 1
                start 1.0.0
            0.0 exit 1
                log: Tentacle 1.0.0 ended 5 times in 0.0 s, last with exit code 1: next try in 60 s
                wait 60s
            0.0 tick
            0.0 after 59
            59.0 tick
            59.0 wait
                start 1.0.0
            60.0 tick
            60.0 stop
                terminate
            60.0 after 19
            79.0 tick
            79.0 wait
                kill
            80.0 signal 9
                log: stopped
                exit
        "#]],
    );
    check(
        "1.0.0@a=good 1.1.0@b",
        "start, after 299, tick, wait, exit 0",
        &expect![[r#"
            0.0 start
                store 1.1.0@b=trial 1.0.0@a=good
                start 1.1.0
                watch every 100ms
                log: started Tentacle 1.1.0 (trial), pid 100
            0.0 after 299
            299.0 tick
            299.0 wait
                log: Tentacle 1.1.0 was not confirmed within 300 s: marked bad, going back to 1.0.0
                keep last lines of 1.1.0
                store 1.1.0@b=bad 1.0.0@a=good
                terminate
            300.0 exit 0
                start 1.0.0
                log: started Tentacle 1.0.0 (good), pid 100
        "#]],
    );
}

#[test]
fn a_second_reload_makes_no_wait_shorter_still() {
    check(
        "",
        "start, after 5, reload, reload, after 10, reload, wait",
        &expect![[r#"
            0.0 start
                log: no version of Tentacle is installed, and there is no bundle: put the package of Tentacle into the folder bundle of HOME, or install Tentacle again: next try in 60 s
                wait 60s
            0.0 after 5
            5.0 reload
                wait 31s
            5.0 reload
            5.0 after 10
            15.0 reload
            15.0 wait
                log: no version of Tentacle is installed, and there is no bundle: put the package of Tentacle into the folder bundle of HOME, or install Tentacle again: next try in 120 s
                wait 120s
        "#]],
    );
}

#[test]
fn a_ledger_that_was_written_late_is_not_written_again() {
    check(
        "1.0.0@a",
        "disk read-only, start, after 1, marker, wait, disk writable, wait, idle",
        &expect![[r#"
            0.0 disk read-only
            0.0 start
                store fails
                log: the ledger cannot be written (read-only file system): going on, but a restart of this service will not know what became of each version; make HOME writable and see that the disk has room
                start 1.0.0
                watch every 100ms
                log: started Tentacle 1.0.0 (trial), pid 100
            0.0 after 1
            1.0 marker
                log: Tentacle 1.0.0 is healthy: marked good
                store fails
            1.0 wait
                store fails
            61.0 disk writable
            61.0 wait
                store 1.0.0@a=good
                log: the ledger can be written again
            121.0 idle
        "#]],
    );
}

#[test]
fn a_version_that_is_published_anew_all_the_time_starts_five_times() {
    check(
        "1.0.0@a",
        "start, publish 1.0.0@b, exit 0, publish 1.0.0@c, exit 0, publish 1.0.0@d, exit 0, \
         publish 1.0.0@e, exit 0, after 30, publish 1.0.0@f, exit 0, wait",
        &expect![[r#"
            0.0 start
                store 1.0.0@a=trial
                start 1.0.0
                watch every 100ms
                log: started Tentacle 1.0.0 (trial), pid 100
            0.0 publish 1.0.0@b
            0.0 exit 0
                log: Tentacle 1.0.0 ended with exit code 0 after 0.0 s: starting 1.0.0
                store 1.0.0@b=trial
                start 1.0.0
                watch every 100ms
                log: started Tentacle 1.0.0 (trial), pid 100
            0.0 publish 1.0.0@c
            0.0 exit 0
                log: Tentacle 1.0.0 ended with exit code 0 after 0.0 s: starting 1.0.0
                store 1.0.0@c=trial
                start 1.0.0
                watch every 100ms
                log: started Tentacle 1.0.0 (trial), pid 100
            0.0 publish 1.0.0@d
            0.0 exit 0
                log: Tentacle 1.0.0 ended with exit code 0 after 0.0 s: starting 1.0.0
                store 1.0.0@d=trial
                start 1.0.0
                watch every 100ms
                log: started Tentacle 1.0.0 (trial), pid 100
            0.0 publish 1.0.0@e
            0.0 exit 0
                log: Tentacle 1.0.0 ended with exit code 0 after 0.0 s: starting 1.0.0
                store 1.0.0@e=trial
                start 1.0.0
                watch every 100ms
                log: started Tentacle 1.0.0 (trial), pid 100
            0.0 after 30
            30.0 publish 1.0.0@f
            30.0 exit 0
                log: Tentacle 1.0.0 ended with exit code 0 after 30 s: starting 1.0.0
                store 1.0.0@f=trial
                log: Tentacle 1.0.0 was started too often: next try in 60 s
                wait 60s
            30.0 wait
                start 1.0.0
                watch every 100ms
                log: started Tentacle 1.0.0 (trial), pid 100
        "#]],
    );
    check(
        "1.0.0@a",
        "start, publish 1.0.0@b, exit 0, publish 1.0.0@c, exit 0, publish 1.0.0@d, exit 0, \
         publish 1.0.0@e, exit 0, after 30.1, publish 1.0.0@f, exit 0",
        &expect![[r#"
            0.0 start
                store 1.0.0@a=trial
                start 1.0.0
                watch every 100ms
                log: started Tentacle 1.0.0 (trial), pid 100
            0.0 publish 1.0.0@b
            0.0 exit 0
                log: Tentacle 1.0.0 ended with exit code 0 after 0.0 s: starting 1.0.0
                store 1.0.0@b=trial
                start 1.0.0
                watch every 100ms
                log: started Tentacle 1.0.0 (trial), pid 100
            0.0 publish 1.0.0@c
            0.0 exit 0
                log: Tentacle 1.0.0 ended with exit code 0 after 0.0 s: starting 1.0.0
                store 1.0.0@c=trial
                start 1.0.0
                watch every 100ms
                log: started Tentacle 1.0.0 (trial), pid 100
            0.0 publish 1.0.0@d
            0.0 exit 0
                log: Tentacle 1.0.0 ended with exit code 0 after 0.0 s: starting 1.0.0
                store 1.0.0@d=trial
                start 1.0.0
                watch every 100ms
                log: started Tentacle 1.0.0 (trial), pid 100
            0.0 publish 1.0.0@e
            0.0 exit 0
                log: Tentacle 1.0.0 ended with exit code 0 after 0.0 s: starting 1.0.0
                store 1.0.0@e=trial
                start 1.0.0
                watch every 100ms
                log: started Tentacle 1.0.0 (trial), pid 100
            0.0 after 30.1
            30.1 publish 1.0.0@f
            30.1 exit 0
                log: Tentacle 1.0.0 ended with exit code 0 after 30 s: starting 1.0.0
                store 1.0.0@f=trial
                start 1.0.0
                watch every 100ms
                log: started Tentacle 1.0.0 (trial), pid 100
        "#]],
    );
}

#[test]
fn a_trial_that_ends_when_its_window_closes_has_a_new_one() {
    check(
        "1.0.0@a=good 1.1.0@b",
        "start, after 300, signal 11, wait, exit 0",
        &expect![[r#"
            0.0 start
                store 1.1.0@b=trial 1.0.0@a=good
                start 1.1.0
                watch every 100ms
                log: started Tentacle 1.1.0 (trial), pid 100
            0.0 after 300
            300.0 signal 11
                log: Tentacle 1.1.0 ended by signal 11 (SIGSEGV) after 300 s: starting it again
                start 1.1.0
                watch every 100ms
            300.0 wait
            360.0 exit 0
                log: Tentacle 1.1.0 ended with exit code 0 after 60 s: starting it again
                start 1.1.0
                watch every 100ms
        "#]],
    );
}

#[test]
fn a_ledger_that_another_write_brought_up_to_date_is_not_written_again() {
    check(
        "1.0.0@a",
        "disk read-only, start, disk writable, after 1, marker, idle",
        &expect![[r#"
            0.0 disk read-only
            0.0 start
                store fails
                log: the ledger cannot be written (read-only file system): going on, but a restart of this service will not know what became of each version; make HOME writable and see that the disk has room
                start 1.0.0
                watch every 100ms
                log: started Tentacle 1.0.0 (trial), pid 100
            0.0 disk writable
            0.0 after 1
            1.0 marker
                log: Tentacle 1.0.0 is healthy: marked good
                store 1.0.0@a=good
                log: the ledger can be written again
            1.0 idle
        "#]],
    );
}
