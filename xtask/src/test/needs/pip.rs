//! Tools that Python's registry has. They are installed into an environment of their own below
//! the build's folder.

use std::process::{Command, Stdio};

use anyhow::ensure;

use crate::programs;

/// Name and exact version.
const TOOL: (&str, &str) = ("schemathesis", "4.32.5");
const USED_BY: &str = "tests of the REST interface with schemathesis";

/// Installs schemathesis into `target/schemathesis`, and says what tests are skipped else.
///
/// # Errors
///
/// With `CI=true`, when it is still missing.
pub(super) fn install() -> anyhow::Result<()> {
    let (name, version) = TOOL;
    let folder = programs::target_folder()?.join(name);
    let program = folder.join("bin").join(name);
    let is_there = || {
        let shown = Command::new(&program)
            .arg("--version")
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .output();
        shown.is_ok_and(|shown| String::from_utf8_lossy(&shown.stdout).contains(version))
    };
    if is_there() {
        return Ok(());
    }
    println!("== installing {name} from PyPI");
    let run = |command: &mut Command| {
        // What is missing then is told below.
        let _status = command.stdin(Stdio::null()).status();
    };
    run(Command::new("python3").args(["-m", "venv"]).arg(&folder));
    run(Command::new(folder.join("bin/pip"))
        .args(["install", "--quiet", "--disable-pip-version-check"])
        .arg(format!("{name}=={version}")));
    if is_there() {
        return Ok(());
    }
    println!("SKIPPED {USED_BY}: pip could not install {name} {version}");
    let ci = std::env::var("CI").as_deref() == Ok("true");
    ensure!(
        !ci,
        "with CI=true nothing is skipped; install what is missing (see above)"
    );
    Ok(())
}
