//! Other installs of a version, the bundle's among them, and pins: what each of them changes.

use expect_test::expect;

use super::check;

#[test]
fn the_ends_of_an_earlier_install_do_not_count() {
    check(
        "1.0.0@a=good 1.1.0@b",
        "start, after 25, exit 1, exit 1, exit 1, publish 1.1.0@c, exit 1, after 6, exit 1, exit 1",
        &expect![[r#"
            0.0 start
                store 1.1.0@b=trial 1.0.0@a=good
                start 1.1.0
                watch every 100ms
                log: started Tentacle 1.1.0 (trial), pid 100
            0.0 after 25
            25.0 exit 1
                log: Tentacle 1.1.0 ended with exit code 1 after 25 s: starting it again
                start 1.1.0
                watch every 100ms
            25.0 exit 1
                start 1.1.0
                watch every 100ms
            25.0 exit 1
                start 1.1.0
                watch every 100ms
            25.0 publish 1.1.0@c
            25.0 exit 1
                log: Tentacle 1.1.0 ended with exit code 1 after 0.0 s: starting 1.1.0
                store 1.1.0@c=trial 1.0.0@a=good
                start 1.1.0
                watch every 100ms
                log: started Tentacle 1.1.0 (trial), pid 100
            25.0 after 6
            31.0 exit 1
                start 1.1.0
                watch every 100ms
            31.0 exit 1
                log: Tentacle 1.1.0 was started too often: next try in 60 s
                wait 60s
        "#]],
    );
}

#[test]
fn another_install_has_a_window_of_its_own() {
    check(
        "1.0.0@a=good 1.1.0@b",
        "start, after 100, publish 1.1.0@c, exit 0, wait, wait",
        &expect![[r#"
            0.0 start
                store 1.1.0@b=trial 1.0.0@a=good
                start 1.1.0
                watch every 100ms
                log: started Tentacle 1.1.0 (trial), pid 100
            0.0 after 100
            100.0 publish 1.1.0@c
            100.0 exit 0
                log: Tentacle 1.1.0 ended with exit code 0 after 100 s: starting 1.1.0
                store 1.1.0@c=trial 1.0.0@a=good
                start 1.1.0
                watch every 100ms
                log: started Tentacle 1.1.0 (trial), pid 100
            100.0 wait
                log: Tentacle 1.1.0 was not confirmed within 300 s: marked bad, going back to 1.0.0
                keep last lines of 1.1.0
                store 1.1.0@c=bad 1.0.0@a=good
                terminate
            400.0 wait
                kill
        "#]],
    );
}

#[test]
fn without_a_good_version_the_bundle_is_there_before_an_untried_one_runs() {
    check(
        "1.9.0@a bundle:1.0.0",
        "start",
        &expect![[r#"
        0.0 start
            install bundle
            log: installed Tentacle 1.0.0 from the bundle
            store 1.9.0@a=trial
            start 1.9.0
            watch every 100ms
            log: started Tentacle 1.9.0 (trial), pid 100
    "#]],
    );
}

#[test]
fn a_bundle_that_was_repaired_and_then_removed_comes_back() {
    check(
        "bundle:1.0.0",
        "start, exit 1, exit 1, exit 1, exit 1, exit 1, wait, \
         exit 1, exit 1, exit 1, exit 1, exit 1, remove 1.0.0, wait, wait",
        &expect![[r#"
            0.0 start
                install bundle
                log: installed Tentacle 1.0.0 from the bundle
                store 1.0.0@bundle=trial
                start 1.0.0
                watch every 100ms
                log: started Tentacle 1.0.0 (trial), pid 100
            0.0 exit 1
                log: Tentacle 1.0.0 ended with exit code 1 after 0.0 s: starting it again
                start 1.0.0
                watch every 100ms
            0.0 exit 1
                start 1.0.0
                watch every 100ms
            0.0 exit 1
                start 1.0.0
                watch every 100ms
            0.0 exit 1
                start 1.0.0
                watch every 100ms
            0.0 exit 1
                log: Tentacle 1.0.0 ended 5 times in 0.0 s, last with exit code 1: next try in 60 s
                wait 60s
            0.0 wait
                install bundle
                log: installed Tentacle 1.0.0 from the bundle
                start 1.0.0
                watch every 100ms
            60.0 exit 1
                start 1.0.0
                watch every 100ms
            60.0 exit 1
                start 1.0.0
                watch every 100ms
            60.0 exit 1
                start 1.0.0
                watch every 100ms
            60.0 exit 1
                start 1.0.0
                watch every 100ms
            60.0 exit 1
                log: Tentacle 1.0.0 ended 5 times in 0.0 s, last with exit code 1: next try in 120 s
                wait 120s
            60.0 remove 1.0.0
            60.0 wait
                install bundle
                log: installed Tentacle 1.0.0 from the bundle
                start 1.0.0
                watch every 100ms
            180.0 wait
                log: Tentacle 1.0.0 is stable again
        "#]],
    );
}

#[test]
fn a_pinned_version_is_not_replaced_whatever_it_does() {
    check(
        "1.0.0@a=good 1.1.0@b pin:1.1.0",
        "start, exit 70, exit 1, exit 1, exit 1, exit 1, wait",
        &expect![[r#"
            0.0 start
                store 1.1.0@b=trial 1.0.0@a=good
                start 1.1.0
                watch every 100ms
                log: started Tentacle 1.1.0 (trial, pinned), pid 100
            0.0 exit 70
                log: Tentacle 1.1.0 ended with exit code 70 after 0.0 s: starting it again
                start 1.1.0
                watch every 100ms
            0.0 exit 1
                start 1.1.0
                watch every 100ms
            0.0 exit 1
                start 1.1.0
                watch every 100ms
            0.0 exit 1
                start 1.1.0
                watch every 100ms
            0.0 exit 1
                log: Tentacle 1.1.0 ended 5 times in 0.0 s, last with exit code 1: next try in 60 s
                wait 60s
            0.0 wait
                start 1.1.0
                watch every 100ms
        "#]],
    );
}

#[test]
fn with_nothing_good_an_untried_version_is_tried_and_runs_on_unconfirmed() {
    check(
        "1.8.0@a 1.9.0@b",
        "start, exit 70, wait, idle",
        &expect![[r#"
            0.0 start
                store 1.9.0@b=trial
                start 1.9.0
                watch every 100ms
                log: started Tentacle 1.9.0 (trial), pid 100
            0.0 exit 70
                log: Tentacle 1.9.0 failed its own self-check after 0.0 s: marked bad, trying 1.8.0 instead
                keep last lines of 1.9.0
                store 1.9.0@b=bad 1.8.0@a=trial
                start 1.8.0
                watch every 100ms
                log: started Tentacle 1.8.0 (trial), pid 100
            0.0 wait
                log: Tentacle 1.8.0 was not confirmed within 300 s: it runs on, since there is no good version to go back to
                watch every 5s
            300.0 idle
        "#]],
    );
}
