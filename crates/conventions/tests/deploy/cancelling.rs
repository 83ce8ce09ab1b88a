//! Cancelling, and deployments that wait for each other.

use std::fs;
use std::path::Path;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use conventions::deploy;

use super::bench::Bench;

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

#[test]
fn cancelling_ends_a_script_and_all_it_started() {
    let bench = Bench::new(&[
        (
            "Deploy.sh",
            "sh -c 'sleep 600 & echo $! > sleeper; wait' &\nwhile [ ! -s sleeper ]; do sleep 0.01; done; echo now; wait",
        ),
        ("PostDeploy.sh", "echo never"),
        ("DeployFailed.sh", "echo never"),
    ]);
    let cancel = bench.cancel.clone();
    bench.log.on("now", move || cancel.cancel());
    let error = bench.deploy().unwrap_err();
    assert!(error.cancelled);
    assert_eq!(
        (error.step, error.message.as_str()),
        ("Deploy", "the deployment was cancelled")
    );
    let pid = bench.read("Applications/Prod/Acme.Web/1.2.0/sleeper");
    let since = Instant::now();
    // Killed is not yet gone: the kernel takes its time.
    while is_running(&pid) {
        assert!(
            since.elapsed() < Duration::from_secs(10),
            "the grandchild still runs"
        );
        std::thread::yield_now();
    }
    assert!(!bench.log().contains("never"));
    assert!(!bench.journal()[0].success);
}

#[test]
fn cancelled_before_it_began_it_leaves_nothing() {
    let bench = Bench::new(&[("app.txt", "")]);
    bench.cancel.cancel();
    assert!(bench.deploy().unwrap_err().cancelled);
    assert_eq!(bench.tree("Applications"), "");
}

#[test]
fn the_same_package_waits_and_another_does_not() {
    let first = Bench::new(&[(
        "Deploy.sh",
        "echo started; while [ ! -e ../go ]; do sleep 0.01; done",
    )]);
    let (started, has_started) = channel();
    first.log.on("started", move || started.send(()).unwrap());
    let second = Bench::new(&[("app.txt", "")]);
    let (waiting, waits) = channel();
    second.log.on(
        "Waiting for another deployment of this package to end.",
        move || waiting.send(()).unwrap(),
    );
    let mut request = second.request.clone();
    request.applications.clone_from(&first.request.applications);

    std::thread::scope(|scope| {
        let running = scope.spawn(|| first.succeeds());
        has_started.recv().unwrap();

        let mut other = request.clone();
        other.package_id = "Acme.Other".to_owned();
        deploy(&other, &second.log, &second.cancel).unwrap();

        let waiter = scope.spawn(|| deploy(&request, &second.log, &second.cancel).unwrap());
        waits.recv().unwrap();
        assert!(!waiter.is_finished());
        fs::write(first.path("Applications/Prod/Acme.Web/go"), "").unwrap();
        running.join().unwrap();
        let outcome = waiter.join().unwrap();
        assert_eq!(
            outcome.installation_directory,
            first.path("Applications/Prod/Acme.Web/1.2.0_1")
        );
    });
}

#[test]
fn a_shared_custom_directory_is_waited_for_until_cancelled() {
    const DIRECTORY: &str = "Octopus.Action.Package.CustomInstallationDirectory";
    let first = Bench::new(&[(
        "Deploy.sh",
        "echo started; while [ ! -e go ]; do sleep 0.01; done",
    )]);
    let directory = first.path("srv");
    let first = first.set(DIRECTORY, directory.to_str().unwrap());
    let (started, has_started) = channel();
    first.log.on("started", move || started.send(()).unwrap());
    let second =
        Bench::new(&[("app.txt", "")]).set(DIRECTORY, directory.join("inner").to_str().unwrap());
    let cancel = second.cancel.clone();
    let line = format!(
        "Waiting for another deployment to {}",
        directory.join("inner").display()
    );
    second.log.on(&line, move || cancel.cancel());

    std::thread::scope(|scope| {
        let running = scope.spawn(|| first.succeeds());
        has_started.recv().unwrap();
        assert!(second.deploy().unwrap_err().cancelled);
        assert!(!directory.join("inner/app.txt").exists());
        fs::write(directory.join("go"), "").unwrap();
        running.join().unwrap();
    });
}
