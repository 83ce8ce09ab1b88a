//! What happens: install and register, deploy, fail, crash, upgrade, roll back, stop.

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{Context, ensure};

use super::{
    application,
    machine::Machine,
    prefix::{Prefix, disk},
    small_disk, tests,
};
use crate::demo::{
    claims::Claims, machine::free_port, octo::Octo, packing, rest::Rest, rest::string,
    screen::Screen, server::Server,
};
use crate::{
    dist::msi,
    programs::{Target, build, repository},
    windows,
};

const ID: &str = "Octopus.Tentacle.win-x64";
/// Below HOME.
const APPLICATION: &str = "Applications/Staging/Acme.Windows/1.2.0";
const SECRET: &str = "correct-horse-battery-staple";
/// Longer than anything takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(180);

struct Stage<'a> {
    screen: &'a Screen,
    folder: &'a Path,
    octo: Octo,
    rest: Rest,
    machine: Machine<'a>,
}

/// Builds server and command line of this machine, and the Tentacles of the other; gives the folder of the
/// latter's packages.
pub(super) fn build_all(screen: &Screen, folder: &Path) -> anyhow::Result<PathBuf> {
    for (version, name) in [
        ("1.0.0", "octo"),
        ("1.0.0", "octopus"),
        ("2.0.0", "octopus"),
    ] {
        screen.step(&format!("building {name} {version}"));
        build(
            Target::Program(name),
            version,
            &program(folder, version, name),
        )?;
    }
    let octo = program(folder, "1.0.0", "octo");
    let packages = tentacles(screen, &Octo::new(&octo, "", ""), folder)?;
    for version in ["1.0.0", "2.0.0"] {
        let carried = program(folder, version, "tentacles");
        fs::create_dir_all(&carried)?;
        let name = format!("{ID}.{version}.nupkg");
        fs::copy(packages.join(&name), carried.join(&name))?;
    }
    Ok(packages)
}

fn program(folder: &Path, version: &str, name: &str) -> PathBuf {
    folder.join("programs").join(version).join(name)
}

/// `packages` is what [`build_all`] gave for the same folder.
pub(super) fn tell(
    screen: &Screen,
    prefix: &Prefix,
    folder: &Path,
    packages: &Path,
    claims: &mut Claims,
) -> anyhow::Result<()> {
    let program = |version: &str, name: &str| program(folder, version, name);
    let octo = program("1.0.0", "octo");
    let (data, log) = (folder.join("octopus"), folder.join("octopus-1.log"));
    let first = program("1.0.0", "octopus");
    let carried = program("1.0.0", "tentacles");
    let mut server = Server::start(screen, &first, &data, &carried, None, &log)?;
    let mut command = Command::new(&first);
    command.args(["api-key", "create", "--user", "admin", "--data"]);
    let key = super::output(command.arg(&data))?.trim().to_owned();
    let (address, port) = (server.address.clone(), free_port(10933)?.to_string());
    let installers = installers(folder, packages)?;
    let bundle = fs::metadata(packages.join(format!("{ID}.1.0.0.nupkg")))?;
    let room = bundle.len() + (1 << 20);
    let refused = small_disk::refused(&disk(&tests(folder)), &installers[0], room);
    claims.check("without room on the disk nothing is installed", refused);
    let stage = Stage {
        screen,
        folder,
        octo: Octo::new(&octo, &address, &key),
        rest: Rest::new(&address, &key),
        machine: Machine::new(prefix),
    };
    stage
        .octo
        .done(&["environment", "create", "--name", "Staging"])?;
    stage.install(&installers[0], &address, &key, &port, claims)?;
    stage.deployments(claims)?;
    claims.check("a killed Tentacle is started again", stage.crash());

    screen.step("upgrading Tentacle with the server");
    server.process.end();
    drop(server);
    let next = program("2.0.0", "octopus");
    let (carried, log) = (program("2.0.0", "tentacles"), folder.join("octopus-2.log"));
    let mut server = Server::start(screen, &next, &data, &carried, Some(&address), &log)?;
    claims.check("an upgrade is confirmed by the server", stage.upgrade());
    let broken = packages.join(format!("{ID}.2.1.0.nupkg"));
    claims.check(
        "a Tentacle that ends at start is rolled back",
        stage.broken(&broken),
    );
    stage.maintain(&installers, claims)?;
    claims.check("the service stops", stage.machine.stop(screen));
    let purge = [("PURGE", "1")];
    stage.machine.installer("/x", &installers[1], &purge)?;
    claims.check("the installer removes all of it", stage.machine.is_gone());
    server.process.end();
    Ok(())
}

/// Builds and packs Tentacle at three versions, the last of which ends at start; gives their folder.
/// Suction Cup stands beside the first server.
fn tentacles(screen: &Screen, octo: &Octo, folder: &Path) -> anyhow::Result<PathBuf> {
    let packages = folder.join("packages");
    let all = ["--package", "tentacle", "--bin", "tentacle"];
    let broken = ["--package", "tentacle", "--example", "ends_at_start"];
    for (version, what, built) in [
        ("1.0.0", all, "tentacle.exe"),
        ("2.0.0", all, "tentacle.exe"),
        ("2.1.0", broken, "examples/ends_at_start.exe"),
    ] {
        screen.step(&format!("building Tentacle {version} for Windows"));
        let debug = windows::build(version, &what)?.join("debug");
        let content = folder.join(format!("tentacle-{version}"));
        windows::strip(&debug.join(built), &content.join("Tentacle.exe"))?;
        packing::pack(octo, ID, version, &content, &packages)?;
        let suction_cup = folder.join("programs/1.0.0/suction-cup.exe");
        windows::strip(&debug.join("suction-cup.exe"), &suction_cup)?;
    }
    Ok(packages)
}

/// The installers of the first two versions.
fn installers(folder: &Path, packages: &Path) -> anyhow::Result<[PathBuf; 2]> {
    let suction_cup = program(folder, "1.0.0", "suction-cup.exe");
    let of = |version: &str| {
        let content = msi::Content {
            version,
            suction_cup: &suction_cup,
            bundle: &packages.join(format!("{ID}.{version}.nupkg")),
            notices: "",
        };
        msi::make(&content, &folder.join("msi"), folder)
    };
    Ok([of("1.0.0")?, of("2.0.0")?])
}

impl Stage<'_> {
    /// After a mistake, which changes nothing, the installer brings a registered Tentacle.
    fn install(
        &self,
        msi: &Path,
        address: &str,
        key: &str,
        port: &str,
        claims: &mut Claims,
    ) -> anyhow::Result<()> {
        self.screen.step("installing Tentacle by its MSI");
        let properties = |server, key| {
            [
                ("SERVER", server),
                ("API_KEY", key),
                ("ENVIRONMENT", "Staging"),
                ("ROLE", "web-server"),
                ("MACHINE_NAME", "win-1"),
                ("PUBLIC_HOST_NAME", "127.0.0.1"),
                ("PORT", port),
            ]
        };
        let told = self
            .machine
            .record_firewall(&windows::built("examples/stand_in.exe")?)?;
        let refuses = |server, key, words| {
            let properties = properties(server, key);
            self.machine.refuses(msi, &properties, words)
        };
        let wrong = refuses(address, "API-WRONG", "refused (401)");
        claims.check("with a wrong key nothing is installed", wrong);
        let nobody = refuses("http://127.0.0.1:1", key, "can't be reached");
        claims.check("without a server nothing is installed", nobody);
        let other = TcpListener::bind(format!("0.0.0.0:{port}"))?;
        let taken = refuses(address, key, "can't be listened on");
        claims.check("with a port in use nothing is installed", taken);
        drop(other);
        let half = self.machine.refuses(msi, &[("SERVER", address)], "");
        claims.check("without a key nothing is installed", half);
        self.machine
            .installer("/i", msi, &properties(address, key))?;
        claims.check(
            "the installed service starts Tentacle, which is registered",
            self.is_healthy("1.0.0"),
        );
        claims.check(
            "the firewall lets the server in, and the event log knows the service",
            self.machine.is_set_up(&told, port),
        );
        Ok(())
    }

    /// Repair, update and downgrade of what is installed, under a Tentacle that was upgraded since.
    fn maintain(&self, installers: &[PathBuf; 2], claims: &mut Claims) -> anyhow::Result<()> {
        self.screen.step("repairing and updating by the MSI");
        let [old, new] = installers;
        let settings = || fs::read_to_string(self.machine.home.join("config/tentacle.json"));
        let before = settings()?;
        let licence = self.machine.programs().join("LICENSE-MIT.txt");
        fs::remove_file(&licence)?;
        // What `/f` does on Windows, which Wine does not know.
        let all = [("REINSTALL", "ALL"), ("REINSTALLMODE", "omus")];
        self.machine.installer("/i", old, &all)?;
        ensure!(
            licence.is_file(),
            "a repair does not bring back what is missing"
        );
        claims.check(
            "a repair keeps the newer Tentacle",
            self.is_healthy("2.0.0"),
        );
        self.machine.installer("/i", new, &[])?;
        ensure!(settings()? == before, "the configuration has changed");
        claims.check(
            "a newer installer keeps configuration and Tentacle",
            self.is_healthy("2.0.0"),
        );
        let older = self.machine.refuses(old, &[], "");
        claims.check("an older installer changes nothing", older);
        Ok(())
    }

    /// Waits until this version runs, and the server sees it healthy.
    fn is_healthy(&self, version: &str) -> anyhow::Result<String> {
        self.screen
            .wait_for("the machine is healthy", PATIENCE, || {
                let machines = self.rest.machines()?;
                let machine = machines.first().context("it is not registered")?;
                let health = string(machine, "HealthStatus").unwrap_or_default();
                let text = machine.to_string();
                ensure!(health == "Healthy" && text.contains(version), "{text}");
                // The server may not have noticed yet that it was stopped.
                let (running, pid) = self.machine.runs()?;
                ensure!(running == version, "{running} runs");
                Ok(format!("{version}, pid {pid}"))
            })
    }

    fn deployments(&self, claims: &mut Claims) -> anyhow::Result<()> {
        self.screen.step("deploying by batch files");
        let content = repository().join("xtask/assets/acme-windows");
        let packages = self.folder.join("packages");
        let package = packing::pack(
            &self.octo,
            application::ID,
            application::VERSION,
            &content,
            &packages,
        )?;
        let file = package.to_str().context("a path is no text")?;
        self.octo.done(&["package", "upload", "--package", file])?;
        let (state, task) = self.deploy("")?;
        let deployed = match state.as_str() {
            "Success" => application::is_configured(&self.machine.home.join(APPLICATION)),
            _ => Err(anyhow::anyhow!("{state}: {}", self.log(&task)?)),
        };
        claims.check(
            "a package with batch files is configured and live",
            deployed,
        );
        claims.check(
            "on Linux the same package becomes the same files",
            application::is_the_same_here(&self.octo, file, self.folder),
        );
        claims.check("what a batch file prints is masked", self.masked(&task));
        let (state, task) = self.deploy("7")?;
        let log = self.log(&task)?;
        let failed = match state == "Failed" && log.contains("exit code 7") {
            true => Ok("Deploy.cmd ended with exit code 7".to_owned()),
            false => Err(anyhow::anyhow!("{state}: {log}")),
        };
        claims.check("a batch file that fails fails the deployment", failed);
        Ok(())
    }

    /// Deploys, and gives the task's state and id.
    fn deploy(&self, fail: &str) -> anyhow::Result<(String, String)> {
        let secret = format!("Database.Password:{SECRET}");
        let fail = format!("Fail:{fail}");
        let mut arguments = vec!["package", "deploy", application::ID];
        arguments.extend(["--version", application::VERSION]);
        arguments.extend(["--environment", "Staging", "--no-wait"]);
        arguments.extend(["--sensitive-variable", &secret]);
        for variable in application::VARIABLES.iter().chain([&fail.as_str()]) {
            arguments.extend(["--variable", variable]);
        }
        self.task(&arguments)
    }

    /// Starts a task, and waits for its end.
    fn task(&self, arguments: &[&str]) -> anyhow::Result<(String, String)> {
        let task = string(&self.octo.json(arguments)?, "Id").context("no task id")?;
        let state = self.screen.wait_for("the task ends", PATIENCE, || {
            let state = string(&self.rest.task(&task)?, "State").unwrap_or_default();
            ensure!(
                !["Queued", "Executing"].contains(&state.as_str()),
                "{state}"
            );
            Ok(state)
        })?;
        Ok((state, task))
    }

    fn log(&self, task: &str) -> anyhow::Result<String> {
        let lines = self.rest.log(task)?;
        let texts: Vec<String> = lines.into_iter().map(|[_, _, text]| text).collect();
        Ok(texts.join("\n"))
    }

    fn masked(&self, task: &str) -> anyhow::Result<String> {
        let log = self.log(task)?;
        ensure!(!log.contains(SECRET), "the log shows it");
        ensure!(log.contains("The password is ****"), "{log}");
        Ok("The password is ****".to_owned())
    }

    fn crash(&self) -> anyhow::Result<String> {
        let (version, killed) = self.machine.runs()?;
        self.machine.kill(killed)?;
        self.screen.wait_for("another process", PATIENCE, || {
            let (running, pid) = self.machine.runs()?;
            ensure!(pid != killed && running == version, "{killed} still runs");
            Ok(format!("{pid} after {killed}"))
        })
    }

    fn upgrade(&self) -> anyhow::Result<String> {
        let (state, task) = self.task(&["tentacle", "upgrade", "--all", "--no-wait"])?;
        ensure!(state == "Success", "{state}: {}", self.log(&task)?);
        self.is_healthy("2.0.0")
    }

    fn broken(&self, package: &Path) -> anyhow::Result<String> {
        let file = package.to_str().context("a path is no text")?;
        self.octo.done(&["package", "upload", "--package", file])?;
        let mut order = vec!["tentacle", "upgrade", "--all", "--version", "2.1.0"];
        order.push("--no-wait");
        let (state, task) = self.task(&order)?;
        let log = self.log(&task)?;
        ensure!(state == "Failed" && log.contains("rolled back"), "{log}");
        let status = self.machine.status()?.to_string();
        ensure!(status.contains("ended 5 times"), "{status}");
        self.is_healthy("2.0.0")
    }
}
