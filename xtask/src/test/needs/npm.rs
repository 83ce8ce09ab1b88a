//! Clients that the npm registry has. They are installed below the build's folder.

use std::fs;
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};

use crate::programs;

/// Name, exact version, and who uses it.
const PACKAGES: &[(&str, &str, &str)] = &[
    ("nuget-exe", "5.8.0", "tests with NuGet.exe"),
    ("@octopusdeploy/api-client", "3.11.0", CLIENTS),
    ("@octopusdeploy/octopackjs", "0.2.4", CLIENTS),
    ("octopus-deploy", "6.3.1", CLIENTS),
];
const CLIENTS: &str = "tests with Octopus's own clients for Node";

/// Installs what is missing into `target/npm`, and says what tests are skipped else.
///
/// # Errors
///
/// With `CI=true`, when something is still missing.
pub(super) fn install() -> anyhow::Result<()> {
    let folder = programs::target_folder()?.join("npm");
    let missing = || {
        PACKAGES.iter().filter(|(name, version, _)| {
            let manifest = folder.join("node_modules").join(name).join("package.json");
            let manifest = fs::read_to_string(manifest).unwrap_or_default();
            let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap_or_default();
            manifest["version"] != *version
        })
    };
    if missing().next().is_none() {
        return Ok(());
    }
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    let wanted = PACKAGES
        .iter()
        .map(|(name, version, _)| format!("{name}@{version}"));
    println!("== installing clients from npm");
    // Fails without npm, too; what is missing then is told below.
    let _status = Command::new("npm")
        .args([
            "install",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--prefix",
        ])
        .arg(&folder)
        .args(wanted)
        .stdin(Stdio::null())
        .status();
    for (name, version, used_by) in missing() {
        println!("SKIPPED {used_by}: npm could not install {name} {version}");
    }
    let ci = std::env::var("CI").as_deref() == Ok("true");
    ensure!(
        missing().next().is_none() || !ci,
        "with CI=true nothing is skipped; install what is missing (see above)"
    );
    Ok(())
}
