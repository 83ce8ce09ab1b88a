//! Nothing good left, lost or unwritable ledgers, broken bundles.

use expect_test::expect;

use super::check;
use super::world::World;
use crate::machine::Exit;

#[test]
fn without_a_good_version_the_bundle_is_put_in_place_anew_once() {
    check(
        "bundle:1.0.0",
        "start, exit 1, exit 1, exit 1, exit 1, exit 1, wait, \
         exit 1, exit 1, exit 1, exit 1, exit 1, wait, after 1, marker",
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
            60.0 wait
                start 1.0.0
                watch every 100ms
            180.0 after 1
            181.0 marker
                log: Tentacle 1.0.0 is healthy: marked good
                store 1.0.0@bundle=good
        "#]],
    );
}

#[test]
fn a_broken_bundle_is_said_once_and_tried_again() {
    check(
        "bundle:1.0.0",
        "bundle broken, start, wait, bundle whole, wait",
        &expect![[r#"
            0.0 bundle broken
            0.0 start
                install bundle
                log: the bundle cannot be installed: it is damaged
                log: no version of Tentacle is installed, and the bundle cannot be installed: next try in 60 s
                wait 60s
            0.0 wait
                install bundle
                log: no version of Tentacle is installed, and the bundle cannot be installed: next try in 120 s
                wait 120s
            60.0 bundle whole
            60.0 wait
                install bundle
                log: installed Tentacle 1.0.0 from the bundle
                store 1.0.0@bundle=trial
                start 1.0.0
                watch every 100ms
                log: started Tentacle 1.0.0 (trial), pid 100
        "#]],
    );
    check(
        "",
        "start, wait, publish 1.0.0@a, wait",
        &expect![[r#"
        0.0 start
            log: no version of Tentacle is installed, and there is no bundle: put the package of Tentacle into the folder bundle of HOME, or install Tentacle again: next try in 60 s
            wait 60s
        0.0 wait
            log: no version of Tentacle is installed, and there is no bundle: put the package of Tentacle into the folder bundle of HOME, or install Tentacle again: next try in 120 s
            wait 120s
        60.0 publish 1.0.0@a
        60.0 wait
            store 1.0.0@a=trial
            start 1.0.0
            watch every 100ms
            log: started Tentacle 1.0.0 (trial), pid 100
    "#]],
    );
}

#[test]
fn a_lost_ledger_puts_everything_on_trial_newest_first() {
    check(
        "1.0.0@bundle 2.0.0@a 2.1.0@b bundle:1.0.0",
        "start, exit 1, exit 1, exit 1, exit 1, exit 1, wait, marker",
        &expect![[r#"
            0.0 start
                store 2.1.0@b=trial
                start 2.1.0
                watch every 100ms
                log: started Tentacle 2.1.0 (trial), pid 100
            0.0 exit 1
                log: Tentacle 2.1.0 ended with exit code 1 after 0.0 s: starting it again
                start 2.1.0
                watch every 100ms
            0.0 exit 1
                start 2.1.0
                watch every 100ms
            0.0 exit 1
                start 2.1.0
                watch every 100ms
            0.0 exit 1
                start 2.1.0
                watch every 100ms
            0.0 exit 1
                log: Tentacle 2.1.0 ended 5 times in 0.0 s, last with exit code 1: marked bad, trying 2.0.0 instead
                keep last lines of 2.1.0
                store 2.1.0@b=bad 2.0.0@a=trial
                start 2.0.0
                watch every 100ms
                log: started Tentacle 2.0.0 (trial), pid 100
            0.0 wait
            60.0 marker
                log: Tentacle 2.0.0 is healthy: marked good
                store 2.1.0@b=bad 2.0.0@a=good
        "#]],
    );
}

#[test]
fn a_ledger_that_cannot_be_written_is_said_once() {
    check(
        "2.0.0@a=good 2.1.0@b",
        "disk read-only, start, exit 1, exit 1, exit 1, exit 1, exit 1, disk writable, exit 0",
        &expect![[r#"
            0.0 disk read-only
            0.0 start
                store fails
                log: the ledger cannot be written (read-only file system): going on, but a restart of this service will not know what became of each version; make HOME writable and see that the disk has room
                start 2.1.0
                watch every 100ms
                log: started Tentacle 2.1.0 (trial), pid 100
            0.0 exit 1
                log: Tentacle 2.1.0 ended with exit code 1 after 0.0 s: starting it again
                store fails
                start 2.1.0
                watch every 100ms
            0.0 exit 1
                store fails
                start 2.1.0
                watch every 100ms
            0.0 exit 1
                store fails
                start 2.1.0
                watch every 100ms
            0.0 exit 1
                store fails
                start 2.1.0
                watch every 100ms
            0.0 exit 1
                log: Tentacle 2.1.0 ended 5 times in 0.0 s, last with exit code 1: marked bad, going back to 2.0.0
                keep last lines of 2.1.0
                store fails
                start 2.0.0
                log: started Tentacle 2.0.0 (good), pid 100
            0.0 disk writable
            0.0 exit 0
                store 2.1.0@b=bad 2.0.0@a=good
                log: the ledger can be written again
                start 2.0.0
        "#]],
    );
}

#[test]
fn the_ledger_forgets_the_oldest_of_what_is_no_longer_installed() {
    let bad: Vec<String> = (1..=60).map(|n| format!("1.{n}.0@a=bad")).collect();
    let mut world = World::new(&format!("0.9.0@a=good {} 2.0.0@b", bad.join(" ")));
    world
        .snapshot
        .installed
        .retain(|one| !one.version.to_string().starts_with("1."));
    world.step("start");
    let kept: Vec<String> = world
        .ledger
        .entries()
        .map(|(version, _)| version.to_string())
        .collect();
    assert_eq!(kept.len(), 50);
    assert_eq!(kept.first().unwrap(), "2.0.0");
    assert_eq!(kept[48..], ["1.13.0", "0.9.0"]);
}

#[test]
fn thousands_of_ends_leave_nothing_behind() {
    let mut world = World::new("1.0.0@a=good");
    world.step("start");
    let mut sizes = Vec::new();
    for round in 1..=5_000 {
        world.end(Exit::Code(round % 3));
        if world.child.is_none() {
            world.wait();
        }
        if round % 1_000 == 0 {
            sizes.push(format!("{:?}", world.machine).len());
        }
    }
    // The numbers in it get longer, nothing else.
    assert!(
        sizes.iter().all(|size| size.abs_diff(sizes[0]) < 200),
        "{sizes:?}"
    );
    let lines = world
        .transcript
        .lines()
        .filter(|line| line.contains("next try in"));
    assert_eq!(lines.count(), 5, "{}", world.transcript);
    assert!(world.child.is_some() && !world.exited);
}
