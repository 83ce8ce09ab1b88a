//! The loop on Windows programs, under Wine, with the server beside it on this machine.

mod application;
mod machine;
mod prefix;
mod small_disk;
mod story;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};

use anyhow::{Context, bail, ensure};

use self::prefix::Prefix;
use super::{claims::Claims, screen::Screen};
use crate::dist::apt;
use crate::programs::target_folder;
use crate::windows;

/// Tests Suction Cup by itself, then the whole loop: a service, a deployment by batch files,
/// an upgrade and a rollback.
///
/// # Errors
///
/// When something is missing, a test fails, or a claim does not hold.
pub(crate) fn run() -> anyhow::Result<()> {
    let needed = apt::need(&[
        ("/usr/bin/wine", "wine"),
        ("/usr/lib/wine/wine64", "wine64"),
    ]);
    let needed = needed.and_then(|()| windows::cargo("build").map(drop));
    if apt::or_skip("the loop under Wine", needed)?.is_none() {
        return Ok(());
    }
    let screen = Screen::new()?;
    let folder = target_folder()?.join("wine");
    let prefix = Prefix::start(&screen, &folder)?;
    let mut claims = Claims::default();
    let told = all(&screen, &prefix, &folder, &mut claims);
    screen.rest();
    let left = prefix.end(&screen);
    claims.check("no process of Wine is left behind", left);
    claims.print();
    told?;
    match claims.failed() {
        0 => Ok(()),
        failed => bail!("{failed} claims do not hold"),
    }
}

fn all(screen: &Screen, prefix: &Prefix, folder: &Path, claims: &mut Claims) -> anyhow::Result<()> {
    // They wait most of the time, while the compiler computes. A disk of their own, for when one of them ends a
    // job, Wine may leave behind a process that it was about to start.
    let own = Prefix::start(screen, &tests(folder))?;
    let mut tests = supervisor(screen, &own, &folder.join("suction-cup.log"))?;
    let packages = story::build_all(screen, folder);
    let passed = tests.0.wait()?.success();
    own.end_by_force()?;
    let log = fs::read_to_string(folder.join("suction-cup.log"))?;
    ensure!(passed, "tests of Suction Cup failed under Wine: {log}");
    let count = log.lines().find(|line| line.starts_with("test result"));
    claims.check(
        "Suction Cup starts, restarts, upgrades and rolls back",
        count.map(str::to_owned).context("no test ran"),
    );
    story::tell(screen, prefix, folder, &packages?, claims)
}

/// Where the Wine of Suction Cup's own tests is kept.
fn tests(folder: &Path) -> PathBuf {
    folder.join("tests")
}

/// A program that is ended when nobody waits for it any more.
struct Background(Child);

impl Drop for Background {
    fn drop(&mut self) {
        // Both fail when it has ended already.
        let _gone = self.0.kill();
        let _status = self.0.wait();
    }
}

/// Starts Suction Cup's own tests on Windows, with a stand-in as Tentacle.
fn supervisor(screen: &Screen, prefix: &Prefix, log: &Path) -> anyhow::Result<Background> {
    screen.step("building Suction Cup and its tests for Windows (long the first time)");
    let what = [
        "--package",
        "suction-cup",
        "--bins",
        "--example",
        "stand_in",
    ];
    windows::build(env!("CARGO_PKG_VERSION"), &what)?;
    let of_tests = ["--package", "suction-cup", "--test", "windows"];
    let mut command = windows::cargo("test")?;
    // All that is to be built is built now.
    let status = command.args(["--quiet", "--no-run"]).args(of_tests);
    ensure!(status.status()?.success(), "building tests failed");
    let mut tests = windows::cargo("test")?;
    tests.arg("--quiet").args(of_tests);
    tests.env("CARGO_TARGET_X86_64_WIN7_WINDOWS_GNU_RUNNER", "wine");
    prefix.environment(&mut tests);
    let log = fs::File::create(log)?;
    let tests = tests.stdout(log.try_clone()?).stderr(log).spawn();
    Ok(Background(tests.context("cargo can't be started")?))
}

/// Runs it to its end, and gives what it printed.
fn output(command: &mut Command) -> anyhow::Result<String> {
    let name = command.get_args().next().unwrap_or_default().to_owned();
    let output = command.output().context("wine can't be started")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    ensure!(
        output.status.success(),
        "{}: {text}{}",
        name.display(),
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(text)
}
