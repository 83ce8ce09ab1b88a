//! What is started first: the bundle, the newest, the pinned, the best of the bad.

use expect_test::expect;

use super::check;

#[test]
fn a_new_machine_installs_the_bundle() {
    check(
        "bundle:1.0.0",
        "start, after 5, marker",
        &expect![[r#"
        0.0 start
            install bundle
            log: installed Tentacle 1.0.0 from the bundle
            store 1.0.0@bundle=trial
            start 1.0.0
            watch every 100ms
            log: started Tentacle 1.0.0 (trial), pid 100
        0.0 after 5
        5.0 marker
            log: Tentacle 1.0.0 is healthy: marked good
            store 1.0.0@bundle=good
    "#]],
    );
}

#[test]
fn an_installed_bundle_is_not_installed_again() {
    check(
        "1.0.0@bundle=good bundle:1.0.0",
        "start",
        &expect![[r#"
        0.0 start
            start 1.0.0
            log: started Tentacle 1.0.0 (good), pid 100
    "#]],
    );
    check(
        "1.0.0@bundle bundle:1.0.0",
        "start",
        &expect![[r#"
        0.0 start
            store 1.0.0@bundle=trial
            start 1.0.0
            watch every 100ms
            log: started Tentacle 1.0.0 (trial), pid 100
    "#]],
    );
    check(
        "2.0.0@a=good bundle:1.0.0",
        "start",
        &expect![[r#"
        0.0 start
            start 2.0.0
            log: started Tentacle 2.0.0 (good), pid 100
    "#]],
    );
}

#[test]
fn versions_are_numbers_and_not_text() {
    check(
        "1.9.0@a=good 1.10.0@b=good 1.10.0-rc.1@c=good",
        "start",
        &expect![[r#"
            0.0 start
                start 1.10.0
                log: started Tentacle 1.10.0 (good), pid 100
        "#]],
    );
}

#[test]
fn a_pin_wins() {
    check(
        "1.0.0@a=good 2.0.0@b=bad 3.0.0@c=good pin:2.0.0",
        "start, exit 1, exit 1, exit 1, exit 1, exit 1, pin none, wait",
        &expect![[r#"
            0.0 start
                start 2.0.0
                watch every 100ms
                log: started Tentacle 2.0.0 (bad, pinned), pid 100
            0.0 exit 1
                log: Tentacle 2.0.0 ended with exit code 1 after 0.0 s: starting it again
                start 2.0.0
                watch every 100ms
            0.0 exit 1
                start 2.0.0
                watch every 100ms
            0.0 exit 1
                start 2.0.0
                watch every 100ms
            0.0 exit 1
                start 2.0.0
                watch every 100ms
            0.0 exit 1
                log: Tentacle 2.0.0 ended 5 times in 0.0 s, last with exit code 1: next try in 60 s
                wait 60s
            0.0 pin none
            0.0 wait
                start 3.0.0
                log: started Tentacle 3.0.0 (good), pid 100
        "#]],
    );
    check(
        "1.0.0@a=good pin:3.0.0",
        "start, exit 1, pin latest, exit 1, exit 1",
        &expect![[r#"
            0.0 start
                log: pinned to Tentacle 3.0.0, which is not installed: running the best there is
                start 1.0.0
                log: started Tentacle 1.0.0 (good), pid 100
            0.0 exit 1
                log: Tentacle 1.0.0 ended with exit code 1 after 0.0 s: starting it again
                start 1.0.0
            0.0 pin latest
            0.0 exit 1
                log: `latest` is no version
                start 1.0.0
            0.0 exit 1
                start 1.0.0
        "#]],
    );
    check(
        "1.0.0@a=good 2.0.0@b pin:2.0.0",
        "start, wait, after 10, marker",
        &expect![[r#"
            0.0 start
                store 2.0.0@b=trial 1.0.0@a=good
                start 2.0.0
                watch every 100ms
                log: started Tentacle 2.0.0 (trial, pinned), pid 100
            0.0 wait
                log: Tentacle 2.0.0 was not confirmed within 300 s: it runs on, since it is pinned
                watch every 5s
            300.0 after 10
            310.0 marker
                log: Tentacle 2.0.0 is healthy: marked good
                store 2.0.0@b=good 1.0.0@a=good
        "#]],
    );
}

#[test]
fn a_reload_brings_the_pinned_version_and_shortens_a_wait() {
    check(
        "1.0.0@a=good 2.0.0@b=good",
        "start, publish 3.0.0@c, reload, pin 1.0.0, reload, signal 15",
        &expect![[r#"
            0.0 start
                start 2.0.0
                log: started Tentacle 2.0.0 (good), pid 100
            0.0 publish 3.0.0@c
            0.0 reload
            0.0 pin 1.0.0
            0.0 reload
                log: pinned to Tentacle 1.0.0: ending 2.0.0
                terminate
            0.0 signal 15
                log: Tentacle 2.0.0 ended by signal 15 (SIGTERM) after 0.0 s: starting 1.0.0
                start 1.0.0
                log: started Tentacle 1.0.0 (good, pinned), pid 100
        "#]],
    );
    check(
        "1.0.0@a=good",
        "start, exit 1, exit 1, exit 1, exit 1, exit 1, after 1, reload, reload, wait",
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
            0.0 after 1
            1.0 reload
                wait 31s
            1.0 reload
            1.0 wait
                start 1.0.0
        "#]],
    );
}

#[test]
fn with_nothing_but_bad_versions_the_best_of_them_runs() {
    check(
        "1.0.0@a=unconfirmed 2.0.0@b=bad",
        "start, exit 1, after 1, marker",
        &expect![[r#"
            0.0 start
                start 1.0.0
                watch every 100ms
                log: started Tentacle 1.0.0 (bad), pid 100
            0.0 exit 1
                log: Tentacle 1.0.0 ended with exit code 1 after 0.0 s: starting it again
                start 1.0.0
                watch every 100ms
            0.0 after 1
            1.0 marker
                log: Tentacle 1.0.0 is healthy: marked good
                store 2.0.0@b=bad 1.0.0@a=good
        "#]],
    );
    check(
        "1.0.0@bundle=bad 2.0.0@b=bad bundle:1.0.0",
        "start",
        &expect![[r#"
            0.0 start
                install bundle
                log: installed Tentacle 1.0.0 from the bundle
                store 2.0.0@b=bad 1.0.0@bundle=trial
                start 1.0.0
                watch every 100ms
                log: started Tentacle 1.0.0 (trial), pid 100
        "#]],
    );
}
