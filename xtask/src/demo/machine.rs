//! One server of the demo's fleet: a HOME with just what an installer puts there.

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, ensure};
use serde_json::{Value, json};

use super::process::{self, Process};

/// A machine with its Suction Cup.
pub(super) struct Machine {
    pub(super) name: &'static str,
    pub(super) environment: &'static str,
    pub(super) home: PathBuf,
    pub(super) process: Process,
    suction_cup: PathBuf,
}

/// What an installer is told.
pub(super) struct Wish<'a> {
    pub(super) name: &'static str,
    pub(super) environment: &'static str,
    pub(super) port: u16,
    pub(super) server: &'a str,
    pub(super) key: &'a str,
    pub(super) bundle: &'a Path,
}

impl Machine {
    /// Does what an installer does, and starts the service.
    pub(super) fn install(
        folder: &Path,
        suction_cup: &Path,
        wish: &Wish<'_>,
    ) -> anyhow::Result<Self> {
        let home = folder.join(wish.name);
        let (bundle, config) = (home.join("bundle"), home.join("config"));
        fs::create_dir_all(&bundle)?;
        fs::create_dir_all(&config)?;
        let name = wish
            .bundle
            .file_name()
            .context("a package without a name")?;
        fs::copy(wish.bundle, bundle.join(name))?;
        let settings = json!({ "port": wish.port, "listen_address": "127.0.0.1" });
        fs::write(config.join("tentacle.json"), settings.to_string())?;
        let registration = json!({
            "server": wish.server,
            "api_key": wish.key,
            "environments": [wish.environment],
            "roles": ["web-server"],
            "name": wish.name,
            "public_host_name": "127.0.0.1",
        });
        fs::write(config.join("register.json"), registration.to_string())?;
        let mut command = Command::new(suction_cup);
        command.arg("run").arg("--home").arg(&home);
        let log = folder.join(format!("{}.log", wish.name));
        Ok(Self {
            process: Process::start(&command, &log)?,
            name: wish.name,
            environment: wish.environment,
            suction_cup: suction_cup.to_owned(),
            home,
        })
    }

    /// What `suction-cup status --json` says.
    pub(super) fn status(&self) -> anyhow::Result<Value> {
        let output = Command::new(&self.suction_cup)
            .args(["status", "--json", "--home"])
            .arg(&self.home)
            .output()?;
        let text = String::from_utf8_lossy(&output.stdout);
        serde_json::from_str(&text).with_context(|| format!("status says: {text}"))
    }

    /// The process id and the executable of the running Tentacle: the only child of Suction
    /// Cup, by what the kernel says.
    pub(super) fn tentacle(&self) -> anyhow::Result<(u32, PathBuf)> {
        let parent = self.process.id();
        let children = fs::read_to_string(format!("/proc/{parent}/task/{parent}/children"));
        let mut children: Vec<u32> = children
            .context("Suction Cup has gone")?
            .split_whitespace()
            .filter_map(|id| id.parse().ok())
            .collect();
        if children.is_empty() {
            children = children_of_any_thread(parent)?;
        }
        ensure!(
            children.len() == 1,
            "Suction Cup has {} children",
            children.len()
        );
        let child = children.first().copied().context("no child")?;
        let program = fs::read_link(format!("/proc/{child}/exe")).context("the child has gone")?;
        Ok((child, program))
    }

    /// The version whose program runs, by the path of the running executable.
    pub(super) fn running_version(&self) -> anyhow::Result<String> {
        let (_, program) = self.tentacle()?;
        let versions = self.home.join("versions").canonicalize()?;
        let inside = program.strip_prefix(&versions);
        let inside = inside.with_context(|| format!("{} runs", program.display()))?;
        let version = inside.iter().next().context("no version")?;
        Ok(version.to_string_lossy().into_owned())
    }

    /// The folder of an installed application.
    pub(super) fn application(&self, version: &str) -> PathBuf {
        self.home
            .join("Applications")
            .join(self.environment)
            .join("Acme.Web")
            .join(version)
    }

    /// The names below `versions/`.
    pub(super) fn installed(&self) -> anyhow::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(self.home.join("versions"))? {
            names.push(entry?.file_name().to_string_lossy().into_owned());
        }
        names.sort();
        Ok(names)
    }

    /// Ends Suction Cup, and with it Tentacle; gives the ids that must be gone.
    pub(super) fn end(&mut self) -> Vec<u32> {
        let ids = self.tentacle().map(|(id, _)| id);
        self.process.end();
        ids.into_iter().chain([self.process.id()]).collect()
    }
}

/// The kernel lists the children of each thread with that thread.
fn children_of_any_thread(parent: u32) -> anyhow::Result<Vec<u32>> {
    let mut children = Vec::new();
    for thread in fs::read_dir(format!("/proc/{parent}/task"))? {
        let listed = fs::read_to_string(thread?.path().join("children"))?;
        children.extend(
            listed
                .split_whitespace()
                .filter_map(|id| id.parse::<u32>().ok()),
        );
    }
    Ok(children)
}

/// A port that is free now, the preferred one if it is.
pub(super) fn free_port(preferred: u16) -> anyhow::Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", preferred))
        .or_else(|_| TcpListener::bind(("127.0.0.1", 0)))?;
    Ok(listener.local_addr()?.port())
}

/// Whether a process is gone for good.
pub(super) fn is_gone(id: u32) -> bool {
    !process::is_there(id)
}
