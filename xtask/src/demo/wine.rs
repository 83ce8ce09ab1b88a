//! The loop on Windows programs, under Wine, with the server beside it on this machine.

mod machine;
mod prefix;
mod story;

use std::process::Command;

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
    if let Err(error) = needed.and_then(|()| windows::cargo("build").map(drop)) {
        // With CI=true nothing is skipped.
        ensure!(std::env::var("CI").as_deref() != Ok("true"), error);
        println!("SKIPPED tests of Windows programs: {error:#}");
        return Ok(());
    }
    let screen = Screen::new()?;
    let folder = target_folder()?.join("wine");
    let prefix = Prefix::start(&screen, &folder)?;
    supervisor(&screen, &prefix)?;
    let mut claims = Claims::default();
    let told = story::tell(&screen, &prefix, &folder, &mut claims);
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

/// Suction Cup's own tests on Windows, with a stand-in as Tentacle.
fn supervisor(screen: &Screen, prefix: &Prefix) -> anyhow::Result<()> {
    screen.step("building Suction Cup and its tests for Windows (long the first time)");
    let what = [
        "--package",
        "suction-cup",
        "--bins",
        "--example",
        "stand_in",
    ];
    windows::build(env!("CARGO_PKG_VERSION"), &what)?;
    let mut tests = windows::cargo("test")?;
    tests.args(["--quiet", "--package", "suction-cup", "--test", "windows"]);
    let runner = "CARGO_TARGET_X86_64_WIN7_WINDOWS_GNU_RUNNER";
    tests.env(runner, "wine");
    prefix.environment(&mut tests);
    let status = tests.status().context("cargo can't be started")?;
    ensure!(status.success(), "tests of Suction Cup failed under Wine");
    screen.say("Suction Cup starts, restarts, upgrades and rolls back under Wine");
    Ok(())
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
