//! A Windows of one's own: its disk is a folder, and it runs as long as this value is there.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use anyhow::{Context, ensure};
use rustix::process::{Pid, Signal, kill_process};

use crate::demo::screen::Screen;

/// A running Wine.
pub(super) struct Prefix {
    folder: PathBuf,
    /// When the last program of a person ends, Wine ends its services, without asking them.
    session: Child,
}

impl Prefix {
    /// A new one. What an earlier run left is removed.
    pub(super) fn start(screen: &Screen, folder: &Path) -> anyhow::Result<Self> {
        screen.step("starting Wine on an empty disk");
        if folder.exists() {
            fs::remove_dir_all(folder).with_context(|| format!("{}", folder.display()))?;
        }
        let prefix = disk(folder);
        fs::create_dir_all(&prefix)?;
        let mut command = Command::new("wine");
        command.args(["cmd", "/c", "ver"]);
        set(&mut command, &prefix);
        super::output(&mut command)?;
        let mut command = Command::new("wine");
        command.arg("cmd").stdout(Stdio::null());
        set(&mut command, &prefix);
        let session = command.stdin(Stdio::piped()).spawn()?;
        let folder = prefix;
        Ok(Self { folder, session })
    }

    /// Where this drive's folders are.
    pub(super) fn drive_c(&self) -> PathBuf {
        drive_c(&self.folder)
    }

    /// A program in it, without input.
    pub(super) fn wine(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("wine");
        command.args(arguments);
        self.environment(&mut command);
        command
    }

    /// Makes a command run in it.
    pub(super) fn environment(&self, command: &mut Command) {
        set(command, &self.folder);
    }

    /// Process ids of Windows programs with this name, by what the kernel says.
    pub(super) fn running(&self, program: &str) -> Vec<u32> {
        let ours = format!("WINEPREFIX={}", self.folder.display());
        let is_ours = |folder: &Path| {
            let environment = fs::read(folder.join("environ")).unwrap_or_default();
            let line = fs::read(folder.join("cmdline")).unwrap_or_default();
            let first = line.split(|byte| *byte == 0).next().unwrap_or_default();
            let mut variables = environment.split(|byte| *byte == 0);
            variables.any(|variable| variable == ours.as_bytes())
                && String::from_utf8_lossy(first)
                    .to_lowercase()
                    .ends_with(program)
        };
        let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
        let ours = entries.filter(|entry| is_ours(&entry.path()));
        ours.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
            .collect()
    }

    /// Ends it with whatever still runs in it.
    pub(super) fn end_by_force(mut self) -> anyhow::Result<()> {
        self.ask_to_end()?;
        for pid in self.running("") {
            let pid = i32::try_from(pid).ok().and_then(Pid::from_raw);
            let pid = pid.context("no process id")?;
            // It may have ended by itself meanwhile.
            let _gone = kill_process(pid, Signal::KILL);
        }
        Ok(())
    }

    fn ask_to_end(&mut self) -> anyhow::Result<()> {
        drop(self.session.stdin.take());
        let mut server = Command::new("wineserver");
        server.arg("-k");
        self.environment(&mut server);
        server.status().context("wineserver can't be started")?;
        self.session.wait()?;
        Ok(())
    }

    /// Ends it, and looks whether all that ran in it is gone.
    pub(super) fn end(mut self, screen: &Screen) -> anyhow::Result<String> {
        self.ask_to_end()?;
        screen.wait_for("Wine ends", Duration::from_secs(20), || {
            let left = self.running("");
            ensure!(left.is_empty(), "{left:?}");
            Ok("the prefix is empty".to_owned())
        })
    }
}

/// Where a Wine that is kept in this folder has its disk.
pub(super) fn disk(folder: &Path) -> PathBuf {
    folder.join("prefix")
}

/// Where the first drive of the Wine in this folder is.
pub(super) fn drive_c(prefix: &Path) -> PathBuf {
    prefix.join("drive_c")
}

/// Makes a command run in the Wine of this folder.
pub(super) fn set(command: &mut Command, prefix: &Path) {
    command
        .env("WINEPREFIX", prefix)
        .env("WINEDEBUG", "-all")
        // A test puts a program of its own in its place.
        .env("WINEDLLOVERRIDES", "netsh.exe=n")
        .env_remove("DISPLAY")
        .stdin(Stdio::null());
}
