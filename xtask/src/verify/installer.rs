//! The tarball's `install.sh`, run by a user without rights on a machine without systemd: every mistake gives
//! one plain message and leaves the machine as it was, and the next run works.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use anyhow::{Context, ensure};

use crate::dist::{self, apt};
use crate::programs::{self, Target, said, target_folder};

const OLD: &str = env!("CARGO_PKG_VERSION");
const NEW: &str = "1000.0.0";
/// The user `nobody`.
const USER: u32 = 65534;

/// Builds the tarballs of two versions, and installs them in every way.
pub(super) fn run() -> anyhow::Result<()> {
    let root = rustix::process::geteuid().is_root();
    let needed = root.then_some(()).context("only root may change the user");
    if apt::or_skip("the installer", needed)?.is_none() {
        return Ok(());
    }
    for version in [OLD, NEW] {
        dist::run(&dist::Options::to_try(version, true, false))?;
    }
    // Not below the target folder, which others may not be able to enter.
    let folder = std::env::temp_dir().join(format!("octopus-installer-{}", std::process::id()));
    for name in ["octopus", "octo"] {
        programs::build(
            Target::Program(name),
            OLD,
            &folder.join("programs").join(name),
        )?;
    }
    let told = tell(&folder);
    // A failed test leaves no service behind; there may be none.
    let _stopped = as_user(&folder.join("home/bin/service"))
        .arg("stop")
        .output();
    fs::remove_dir_all(&folder)?;
    told
}

fn tell(folder: &Path) -> anyhow::Result<()> {
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))?;
    for version in [OLD, NEW] {
        let name = format!("octopus-tentacle-{version}-linux-x64.tar.gz");
        let status = Command::new("tar")
            .args(["--extract", "--file"])
            .arg(target_folder()?.join("dist").join(name))
            .arg("--directory")
            .arg(folder)
            .status()?;
        ensure!(status.success(), "tar failed");
    }
    chown(folder, Some(USER), Some(USER))?;
    let server = Server::start(folder)?;
    let machine = Machine {
        folder,
        port: free_port()?,
        address: server.address.clone(),
        key: server.key.clone(),
    };
    machine.refused()?;
    machine.installed()?;
    println!("installer: every mistake leaves the machine as it was; installed, updated, removed");
    Ok(())
}

struct Machine<'a> {
    folder: &'a Path,
    port: u16,
    address: String,
    key: String,
}

impl Machine<'_> {
    fn home(&self) -> PathBuf {
        self.folder.join("home")
    }

    /// Runs the installer of a version with the options that register, changed by `more`.
    fn install(
        &self,
        version: &str,
        server: &str,
        key: &str,
        more: &[&str],
    ) -> anyhow::Result<Output> {
        let mut command = self.script(version);
        command.args(["--server", server, "--api-key", key]);
        command.args(["--environment", "Test", "--role", "web", "--name", "here"]);
        command.args([
            "--public-host-name",
            "127.0.0.1",
            "--port",
            &self.port.to_string(),
        ]);
        Ok(command.args(more).output()?)
    }

    fn script(&self, version: &str) -> Command {
        let name = format!("octopus-tentacle-{version}-linux-x64/install.sh");
        let mut command = as_user(&self.folder.join(name));
        command.arg("--home").arg(self.home());
        command
    }

    /// Each mistake: its exit code, what is said of it, and a machine as it was.
    fn refused(&self) -> anyhow::Result<()> {
        let (server, key) = (self.address.as_str(), self.key.as_str());
        let taken = TcpListener::bind(("0.0.0.0", self.port))?;
        let port_taken = self.install(OLD, server, key, &["--wait", "20"])?;
        self.is_as_before(&port_taken, 1, "can't be listened on")?;
        drop(taken);
        let wrong_key = self.install(OLD, server, "API-WRONG", &[])?;
        self.is_as_before(&wrong_key, 1, "refused (401)")?;
        let nobody = self.install(OLD, "http://127.0.0.1:1", key, &["--wait", "5"])?;
        self.is_as_before(&nobody, 1, "can't be reached")?;
        let address = self.install(OLD, "octopus.example.com", key, &[])?;
        self.is_as_before(&address, 2, "--server takes an address")?;
        let half = self.script(OLD).args(["--server", server]).output()?;
        self.is_as_before(&half, 2, "is missing")?;
        self.no_room()
    }

    /// A disk that is too small, by a file system of its own in a name space of its own.
    fn no_room(&self) -> anyhow::Result<()> {
        let small = self.folder.join("small");
        fs::create_dir(&small)?;
        let script = format!(
            "mount -t tmpfs -o size=3m,uid={USER} tmpfs {small} && setpriv --reuid {USER} --regid {USER} --clear-groups \
             {script} --home {small}/home --server {server} --api-key {key} --environment Test --role web; \
             code=$?; test -z \"$(ls -A {small})\" || echo CHANGED; exit $code",
            small = small.display(),
            script = self
                .folder
                .join(format!("octopus-tentacle-{OLD}-linux-x64/install.sh"))
                .display(),
            server = self.address,
            key = self.key,
        );
        let output = Command::new("unshare")
            .args(["--mount", "sh", "-c", &script])
            .stdin(Stdio::null())
            .output()?;
        let said = said(&output);
        ensure!(output.status.code() == Some(1), "a small disk: {said}");
        ensure!(said.contains("there is too little room"), "{said}");
        ensure!(!said.contains("CHANGED"), "{said}");
        Ok(())
    }

    fn is_as_before(&self, output: &Output, code: i32, expected: &str) -> anyhow::Result<()> {
        let said = said(output);
        ensure!(
            output.status.code() == Some(code),
            "{}: {said}",
            output.status
        );
        ensure!(said.contains(expected), "not `{expected}` but: {said}");
        ensure!(
            !self.home().exists(),
            "the HOME is left behind after: {said}"
        );
        Ok(())
    }

    /// Installed, laid over itself, updated, laid over by an older one, and removed.
    fn installed(&self) -> anyhow::Result<()> {
        done(
            &self.install(OLD, &self.address, &self.key, &[])?,
            "Tentacle runs in",
        )?;
        self.runs(OLD)?;
        let settings = fs::read_to_string(self.home().join("config/tentacle.json"))?;
        done(&self.script(OLD).output()?, "nothing to do")?;
        // The bundle is for a machine without a good version; this one has one.
        done(&self.script(NEW).output()?, "Tentacle runs in")?;
        self.runs(OLD)?;
        let bundle = self
            .home()
            .join(format!("bundle/Octopus.Tentacle.linux-x64.{NEW}.nupkg"));
        ensure!(bundle.exists(), "the bundle is still the old one");
        done(&self.script(OLD).output()?, "Tentacle runs in")?;
        self.runs(OLD)?;
        let after = fs::read_to_string(self.home().join("config/tentacle.json"))?;
        ensure!(settings == after, "the settings changed: {after}");
        done(
            &self.script(OLD).arg("--uninstall").output()?,
            "Tentacle is removed",
        )?;
        ensure!(!self.home().exists(), "something is left behind");
        // From the newer tarball, on a clean machine.
        done(
            &self.install(NEW, &self.address, &self.key, &["--name", "again"])?,
            "Tentacle runs in",
        )?;
        self.runs(NEW)?;
        done(&self.script(OLD).output()?, "Tentacle runs in")?;
        self.runs(NEW)?;
        done(
            &self.script(OLD).arg("--uninstall").output()?,
            "Tentacle is removed",
        )
    }

    fn runs(&self, version: &str) -> anyhow::Result<()> {
        let output = as_user(&self.home().join("bin/suction-cup"))
            .args(["status", "--home"])
            .arg(self.home())
            .output()?;
        let said = said(&output);
        let expected = format!("Tentacle {version} is running");
        ensure!(said.starts_with(&expected), "not {version}: {said}");
        Ok(())
    }
}

/// A server with an environment, in a folder of its own.
struct Server {
    child: Child,
    address: String,
    key: String,
}

impl Server {
    fn start(folder: &Path) -> anyhow::Result<Self> {
        let programs = folder.join("programs");
        let data = folder.join("server");
        let mut child = Command::new("setpriv")
            .args(["--pdeathsig", "TERM", "--"])
            .arg(programs.join("octopus"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(&data)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let mut lines = BufReader::new(child.stdout.take().context("no output")?).lines();
        let address = lines.by_ref().map_while(Result::ok).find_map(|line| {
            let (_, rest) = line.split_once("serves ")?;
            Some(rest.split_whitespace().next()?.to_owned())
        });
        // Read on, or it would be held up.
        std::thread::spawn(move || lines.for_each(drop));
        let mut server = Self {
            child,
            address: address.context("the server does not start")?,
            key: String::new(),
        };
        let output = Command::new(programs.join("octopus"))
            .args(["api-key", "create", "--user", "admin", "--data"])
            .arg(&data)
            .output()?;
        server.key = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        let output = Command::new(programs.join("octo"))
            .args(["environment", "create", "--name", "Test"])
            .env("OCTOPUS_URL", &server.address)
            .env("OCTOPUS_API_KEY", &server.key)
            .env("OCTO_CONFIG", folder.join("octo.json"))
            .output()?;
        ensure!(output.status.success(), "{}", said(&output));
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail when it has ended already.
        let _gone = self.child.kill();
        let _status = self.child.wait();
    }
}

fn as_user(program: &Path) -> Command {
    let user = USER.to_string();
    let mut command = Command::new("setpriv");
    command.args(["--reuid", &user, "--regid", &user, "--clear-groups"]);
    command.arg(program).stdin(Stdio::null());
    command
}

fn done(output: &Output, expected: &str) -> anyhow::Result<()> {
    let said = said(output);
    ensure!(output.status.success(), "{}: {said}", output.status);
    ensure!(said.contains(expected), "not `{expected}` but: {said}");
    Ok(())
}

fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
