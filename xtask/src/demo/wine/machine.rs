//! The Windows machine: Suction Cup as a service, as the installer puts it there.

use std::{fs, path::Path, path::PathBuf, time::Duration};

use anyhow::{Context, bail, ensure};
use serde_json::Value;

use super::{output, prefix::Prefix};
use crate::demo::screen::Screen;

const SERVICE: &str = "OctopusTentacle";
const HOME: &str = r"C:\ProgramData\Octopus\Tentacle";
const PROGRAM: &str = r"C:\Program Files\Octopus\Tentacle\suction-cup.exe";

/// A machine, with or without the service.
pub(super) struct Machine<'a> {
    prefix: &'a Prefix,
    /// HOME, as this system sees it.
    pub(super) home: PathBuf,
}

impl<'a> Machine<'a> {
    pub(super) fn new(prefix: &'a Prefix) -> Self {
        let home = prefix.drive_c().join("ProgramData/Octopus/Tentacle");
        Self { prefix, home }
    }

    /// Runs the installer without a question, to its end.
    pub(super) fn installer(
        &self,
        action: &str,
        msi: &Path,
        properties: &[(&str, &str)],
    ) -> anyhow::Result<String> {
        let path = msi.to_str().context("a path is no text")?;
        let path = format!("Z:{}", path.replace('/', r"\"));
        let properties = properties.iter();
        let properties = properties.map(|(name, value)| format!("{name}={value}"));
        let mut command = self.prefix.wine(&["msiexec", action, &path, "/qn"]);
        output(command.args(properties))
    }

    /// Fails unless the installer refuses, and says so with these words, and leaves the disk as it was.
    pub(super) fn refuses(
        &self,
        msi: &Path,
        properties: &[(&str, &str)],
        words: &str,
    ) -> anyhow::Result<String> {
        let before = self.files();
        let Err(said) = self.installer("/i", msi, properties) else {
            bail!("it was installed");
        };
        let said = format!("{said:#}");
        ensure!(said.contains(words), "{said}");
        let (after, service) = (self.files(), self.has_service());
        ensure!(before == after, "it leaves {after:?} for {before:?}");
        ensure!(service != before.is_empty(), "the service is not as before");
        let line = said.lines().rfind(|line| line.contains(words));
        Ok(line.unwrap_or_default().to_owned())
    }

    /// What Suction Cup put there beside the logs, and the programs.
    fn files(&self) -> Vec<PathBuf> {
        let all = [&self.home, &self.programs()];
        let entries = all.into_iter().flat_map(walkdir::WalkDir::new).flatten();
        let files = entries.filter(|entry| entry.file_type().is_file());
        let mut files: Vec<PathBuf> = files.map(walkdir::DirEntry::into_path).collect();
        let changing = ["log", "run", "work"].map(|name| self.home.join(name));
        files.retain(|file| !changing.iter().any(|folder| file.starts_with(folder)));
        files.sort();
        files
    }

    /// Where the installer puts them.
    pub(super) fn programs(&self) -> PathBuf {
        self.prefix.drive_c().join("Program Files/Octopus/Tentacle")
    }

    /// Puts a program in the place of `netsh.exe`, which Wine has the name of only; gives the file in which it
    /// writes down what it is told.
    pub(super) fn record_firewall(&self, recorder: &Path) -> anyhow::Result<PathBuf> {
        let netsh = self.netsh();
        if netsh.exists() {
            fs::remove_file(&netsh)?;
        }
        fs::copy(recorder, &netsh).with_context(|| recorder.display().to_string())?;
        Ok(netsh.with_file_name("netsh.txt"))
    }

    fn netsh(&self) -> PathBuf {
        self.prefix.drive_c().join("windows/system32/netsh.exe")
    }

    /// What the installer does beside files: a rule of the firewall, a source of the event log, a service that
    /// starts with the machine.
    pub(super) fn is_set_up(&self, told: &Path, port: &str) -> anyhow::Result<String> {
        let rule = format!(
            "advfirewall firewall add rule name=Octopus Tentacle dir=in action=allow protocol=TCP localport={port}"
        );
        let told = fs::read_to_string(told).context("the firewall was not told")?;
        ensure!(told.lines().any(|line| line == rule), "told: {told}");
        let services = r"HKLM\SYSTEM\CurrentControlSet\Services";
        for (key, value, words) in [
            (
                r"EventLog\Application\OctopusTentacle",
                "EventMessageFile",
                "EventCreate.exe",
            ),
            (SERVICE, "Start", "0x2"),
        ] {
            let key = format!(r"{services}\{key}");
            let mut query = self.prefix.wine(&["reg", "query", &key, "/v", value]);
            let said = output(&mut query)?;
            ensure!(said.contains(words), "{key} {value}: {said}");
        }
        Ok(format!(
            "TCP {port}, source OctopusTentacle, automatic start"
        ))
    }

    fn has_service(&self) -> bool {
        output(&mut self.prefix.wine(&["sc", "query", SERVICE])).is_ok()
    }

    /// After the installer has removed it all: what Tentacle deployed is still there, and nothing else.
    pub(super) fn is_gone(&self) -> anyhow::Result<String> {
        ensure!(!self.has_service(), "the service is still there");
        for program in ["suction-cup.exe", "tentacle.exe"] {
            let left = self.prefix.running(program);
            ensure!(left.is_empty(), "{program} runs: {left:?}");
        }
        let applications = self.home.join("Applications");
        let (deployed, left): (Vec<PathBuf>, Vec<PathBuf>) = self
            .files()
            .into_iter()
            .partition(|file| file.starts_with(&applications));
        ensure!(left.is_empty(), "left behind: {left:?}");
        ensure!(!deployed.is_empty(), "what was deployed is gone");
        let told = fs::read_to_string(self.netsh().with_file_name("netsh.txt"))?;
        let rule = "advfirewall firewall delete rule name=Octopus Tentacle";
        ensure!(
            told.trim_end().ends_with(rule),
            "the firewall was told: {told}"
        );
        Ok("only what was deployed is still there".to_owned())
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
