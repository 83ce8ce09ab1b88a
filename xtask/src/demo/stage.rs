//! The programs, folders and running processes of one demo.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, bail};

use super::{
    machine::{Machine, Wish, free_port, is_gone},
    octo::Octo,
    packing,
    process::signal,
    rest::Rest,
    screen::Screen,
    server::{PASSWORD, Server},
};
use crate::programs::{Target, build, target_folder};

/// Everything that is on stage.
pub(super) struct Stage {
    pub(super) folder: PathBuf,
    pub(super) server: Option<Server>,
    pub(super) machines: Vec<Machine>,
    pub(super) octo: Octo,
    pub(super) rest: Rest,
    pub(super) bundle: PathBuf,
    pub(super) broken: PathBuf,
    key: String,
}

impl Stage {
    /// Builds every program at every version, and packs Tentacle. What an earlier demo left is removed.
    pub(super) fn build(screen: &Screen) -> anyhow::Result<Self> {
        let folder = target_folder()?.join("demo");
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(|| format!("{}", folder.display()))?;
        }
        let program = |version: &str, name: &str| folder.join("programs").join(version).join(name);
        for (version, name) in [
            ("1.0.0", "octo"),
            ("1.0.0", "suction-cup"),
            ("1.0.0", "octopus"),
            ("2.0.0", "octopus"),
        ] {
            screen.step(&format!("building {name} {version}"));
            build(Target::Program(name), version, &program(version, name))?;
        }
        let octo = Octo::new(&program("1.0.0", "octo"), "", "");
        let tentacle = Target::Program("tentacle");
        let broken = Target::Example("tentacle", "ends_at_start");
        let mut packages = Vec::new();
        for (version, what) in [("1.0.0", tentacle), ("2.0.0", tentacle), ("2.1.0", broken)] {
            screen.step(&format!("building and packing Tentacle {version}"));
            packages.push(packing::tentacle(&octo, &folder, version, what)?);
        }
        let Ok([bundle, newer, broken]) = <[PathBuf; 3]>::try_from(packages) else {
            bail!("three packages were packed");
        };
        for (version, package) in [("1.0.0", &bundle), ("2.0.0", &newer)] {
            let carried = program(version, "tentacles");
            fs::create_dir_all(&carried)?;
            let name = package.file_name().context("a package without a name")?;
            fs::copy(package, carried.join(name))?;
        }
        screen.say("built everything");
        Ok(Self {
            server: None,
            machines: Vec::new(),
            rest: Rest::new("", ""),
            octo,
            folder,
            bundle,
            broken,
            key: String::new(),
        })
    }

    /// Starts a version of the server on the same data and, after the first time, the same port.
    pub(super) fn start_server(&mut self, screen: &Screen, version: &str) -> anyhow::Result<()> {
        let address = self.server.take().map(|server| server.address);
        let program = self.folder.join("programs").join(version).join("octopus");
        let server = Server::start(
            screen,
            &program,
            &self.data(),
            &program.with_file_name("tentacles"),
            address.as_deref(),
            &self.folder.join(format!("octopus-{version}.log")),
        )?;
        if self.key.is_empty() {
            let output = Command::new(&program)
                .args(["api-key", "create", "--user", "admin", "--data"])
                .arg(self.data())
                .output()?;
            self.key = String::from_utf8_lossy(&output.stdout).trim().to_owned();
            anyhow::ensure!(self.key.starts_with("API-"), "no key: {output:?}");
        }
        let octo = self.folder.join("programs/1.0.0/octo");
        self.octo = Octo::new(&octo, &server.address, &self.key);
        self.rest = Rest::new(&server.address, &self.key);
        self.server = Some(server);
        Ok(())
    }

    /// Does what an installer does on a machine.
    pub(super) fn install(
        &mut self,
        name: &'static str,
        environment: &'static str,
        port: u16,
    ) -> anyhow::Result<()> {
        let wish = Wish {
            name,
            environment,
            port: free_port(port)?,
            server: self.address()?,
            key: &self.key,
            bundle: &self.bundle,
        };
        let suction_cup = self.folder.join("programs/1.0.0/suction-cup");
        let machine = Machine::install(&self.folder.join("machines"), &suction_cup, &wish)?;
        self.machines.push(machine);
        Ok(())
    }

    /// The portal's address.
    pub(super) fn address(&self) -> anyhow::Result<&str> {
        let server = self.server.as_ref().context("no server runs")?;
        Ok(&server.address)
    }

    pub(super) fn how_to_sign_in(&self) -> String {
        let address = self.address().unwrap_or("(no server)");
        format!("Portal: {address} – sign in as admin with the password {PASSWORD}")
    }

    fn data(&self) -> PathBuf {
        self.folder.join("octopus")
    }

    /// Ends every process, and looks whether it is gone.
    pub(super) fn end(&mut self) -> anyhow::Result<String> {
        let mut ids = Vec::new();
        // All at once: each takes a moment.
        for machine in &self.machines {
            signal(machine.process.id(), rustix::process::Signal::TERM);
        }
        for machine in &mut self.machines {
            ids.extend(machine.end());
        }
        if let Some(server) = &mut self.server {
            server.process.end();
            ids.push(server.process.id());
        }
        ids.extend(running_below(&self.folder)?);
        let left: Vec<u32> = ids.iter().copied().filter(|id| !is_gone(*id)).collect();
        anyhow::ensure!(left.is_empty(), "processes {left:?} are still there");
        Ok(format!("{} processes have ended", ids.len()))
    }
}

/// Processes whose program lies in a folder, by what the kernel says.
fn running_below(folder: &Path) -> anyhow::Result<Vec<u32>> {
    let folder = folder.canonicalize()?;
    let mut ids = Vec::new();
    for entry in fs::read_dir("/proc")?.flatten() {
        let id = entry.file_name().to_string_lossy().parse::<u32>();
        let program = fs::read_link(entry.path().join("exe"));
        if let (Ok(id), Ok(program)) = (id, program)
            && program.starts_with(&folder)
        {
            ids.push(id);
        }
    }
    Ok(ids)
}
