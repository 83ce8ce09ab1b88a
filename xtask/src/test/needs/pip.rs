//! Programs that PyPI has. They are installed below the build's folder, in an environment of their own.

use std::process::{Command, Stdio};

use anyhow::ensure;

use crate::programs;

/// Name, what of it is imported to see that all of it is there, exact version, and who uses it.
const PACKAGES: &[(&str, &str, &str, &str)] = &[
    (
        "moto[server]",
        "moto.server",
        "5.2.5",
        "tests of packages in a bucket",
    ),
    (
        "schemathesis",
        "schemathesis.cli",
        "4.32.5",
        "tests of the REST interface by what a fuzzer thinks of",
    ),
];

/// Installs what is missing into `target/pip`, and says what tests are skipped else.
///
/// # Errors
///
/// With `CI=true`, when something is still missing.
pub(super) fn install() -> anyhow::Result<()> {
    let folder = programs::target_folder()?.join("pip");
    let python = folder.join("bin/python");
    let missing = || {
        PACKAGES.iter().filter(|(name, module, version, _)| {
            let plain = name.split('[').next().unwrap_or(name);
            // What extras bring is asked for, too: an installation may have broken off.
            let script = format!(
                "import importlib.metadata, {module}; \
                 assert importlib.metadata.version('{plain}') == '{version}'"
            );
            let there = Command::new(&python)
                .args(["-c", &script])
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status();
            !there.is_ok_and(|status| status.success())
        })
    };
    if missing().next().is_none() {
        return Ok(());
    }
    println!("== installing programs from PyPI");
    // What fails here is missing below. Debian's own Python: others may have no `ensurepip`.
    let debian = std::path::Path::new("/usr/bin/python3");
    let base = if debian.is_file() {
        debian.as_os_str()
    } else {
        "python3".as_ref()
    };
    let run = |program: &std::ffi::OsStr, arguments: &[String]| {
        Command::new(program)
            .args(arguments)
            .stdin(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    };
    let venv = ["-m", "venv", "--clear"].map(str::to_owned).to_vec();
    if run(base, &[venv, vec![folder.display().to_string()]].concat()) {
        let mut arguments = [
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ]
        .map(str::to_owned)
        .to_vec();
        arguments.extend(
            PACKAGES
                .iter()
                .map(|(name, _, version, _)| format!("{name}=={version}")),
        );
        let _told_below = run(python.as_os_str(), &arguments);
    }
    for (name, _, version, used_by) in missing() {
        println!("SKIPPED {used_by}: pip could not install {name} {version}");
    }
    let ci = std::env::var("CI").as_deref() == Ok("true");
    ensure!(
        missing().next().is_none() || !ci,
        "with CI=true nothing is skipped; install what is missing (see above)"
    );
    Ok(())
}
