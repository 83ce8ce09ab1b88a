//! The Windows machine: Suction Cup as a service, with just what an installer puts there.

use std::{fs, path::Path, path::PathBuf, process::Command, time::Duration};

use anyhow::{Context, ensure};
use serde_json::{Value, json};

use super::{output, prefix::Prefix};
use crate::demo::screen::Screen;

const SERVICE: &str = "OctopusTentacle";
const HOME: &str = r"C:\ProgramData\Octopus\Tentacle";
const PROGRAM: &str = r"C:\Program Files\Octopus\suction-cup.exe";

/// A machine with its service.
pub(super) struct Machine<'a> {
    prefix: &'a Prefix,
    /// HOME, as this system sees it.
    pub(super) home: PathBuf,
}

impl<'a> Machine<'a> {
    /// Puts everything in its place, and makes the service.
    pub(super) fn install(
        prefix: &'a Prefix,
        suction_cup: &Path,
        bundle: &Path,
        settings: &Value,
        registration: &Value,
    ) -> anyhow::Result<Self> {
        let home = prefix.drive_c().join("ProgramData/Octopus/Tentacle");
        let programs = prefix.drive_c().join("Program Files/Octopus");
        for folder in [&home.join("bundle"), &home.join("config"), &programs] {
            fs::create_dir_all(folder)?;
        }
        fs::copy(suction_cup, programs.join("suction-cup.exe"))?;
        let name = bundle.file_name().context("a package without a name")?;
        fs::copy(bundle, home.join("bundle").join(name))?;
        fs::write(home.join("config/tentacle.json"), settings.to_string())?;
        fs::write(home.join("config/register.json"), registration.to_string())?;
        let command = format!("\"{PROGRAM}\" run --home {HOME}");
        output(&mut prefix.wine(&["sc", "create", SERVICE, "binPath=", &command]))?;
        Ok(Self { prefix, home })
    }

    /// What an installer is told.
    pub(super) fn registration(server: &str, key: &str) -> Value {
        json!({
            "server": server,
            "api_key": key,
            "environments": ["Staging"],
            "roles": ["web-server"],
            "name": "win-1",
            "public_host_name": "127.0.0.1",
        })
    }

    pub(super) fn start(&self) -> anyhow::Result<String> {
        output(&mut self.prefix.wine(&["net", "start", SERVICE]))
    }

    /// Stops the service as the service manager does, and looks whether anything is left of it.
    pub(super) fn stop(&self, screen: &Screen) -> anyhow::Result<String> {
        output(&mut self.prefix.wine(&["net", "stop", SERVICE]))?;
        screen.wait_for("the service ends", Duration::from_secs(20), || {
            for program in ["suction-cup.exe", "tentacle.exe"] {
                let left = self.prefix.running(program);
                ensure!(left.is_empty(), "{program} runs: {left:?}");
            }
            Ok(())
        })?;
        let log = fs::read_to_string(self.home.join("log/tentacle.log"))?;
        ensure!(log.contains("told to end"), "Tentacle was not asked to end");
        Ok("asked to end, and no process is left".to_owned())
    }

    /// What `suction-cup status --json` says.
    pub(super) fn status(&self) -> anyhow::Result<Value> {
        let mut command = self
            .prefix
            .wine(&[PROGRAM, "status", "--json", "--home", HOME]);
        let text = output(&mut command)?;
        serde_json::from_str(&text).with_context(|| format!("status says: {text}"))
    }

    /// The running version and its process id.
    pub(super) fn runs(&self) -> anyhow::Result<(String, u64)> {
        let status = self.status()?;
        let version = status.get("version").and_then(Value::as_str);
        let pid = status.get("pid").and_then(Value::as_u64);
        version
            .map(str::to_owned)
            .zip(pid)
            .with_context(|| format!("nothing runs: {status}"))
    }

    /// Ends a Windows process with no chance to clean up.
    pub(super) fn kill(&self, pid: u64) -> anyhow::Result<String> {
        output(
            &mut self
                .prefix
                .wine(&["taskkill", "/F", "/PID", &pid.to_string()]),
        )
    }
}

/// Takes what only a debugger needs out of a program.
pub(super) fn strip(program: &Path, to: &Path) -> anyhow::Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    let status = Command::new("x86_64-w64-mingw32-strip")
        .arg("-o")
        .arg(to)
        .arg(program)
        .status()
        .context("strip can't be started")?;
    ensure!(status.success(), "{} can't be stripped", program.display());
    Ok(())
}
