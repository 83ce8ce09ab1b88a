//! A real `suction-cup` in the console on a HOME of its own.

use std::fs::{self, File};
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use layout::install::{Existing, install_version};
use layout::{Home, Ledger, RID, Stamp};
use nupkg::{Nuspec, PackageBuilder};

/// Longer than anything takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(90);

pub(crate) struct Cup {
    pub(crate) home: Home,
    folder: tempfile::TempDir,
    process: Option<Child>,
}

impl Cup {
    /// A HOME with nothing in it, and no process yet.
    pub(crate) fn new() -> Cup {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::new(folder.path().join("home"));
        fs::create_dir(home.root()).unwrap();
        Cup {
            home,
            folder,
            process: None,
        }
    }

    /// Puts a package into `bundle/`.
    pub(crate) fn bundle(&self, version: &str, behaviour: &str) {
        let folder = self.home.bundle_folder();
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join(format!("Octopus.Tentacle.{RID}.{version}.nupkg"));
        fs::write(path, package(version, behaviour)).unwrap();
    }

    /// Installs a version as Tentacle does it.
    pub(crate) fn publish(&self, version: &str, behaviour: &str) {
        let path = self.folder.path().join("received.nupkg");
        fs::write(&path, package(version, behaviour)).unwrap();
        let stamp: Stamp = format!("ticket-{version}").parse().unwrap();
        let version = version.parse().unwrap();
        install_version(&self.home, &path, &version, &stamp, Existing::Keep).unwrap();
    }

    /// Starts `suction-cup run` in the console.
    pub(crate) fn start(&mut self, options: &[&str]) {
        assert!(self.process.is_none());
        let mut command = Command::new(env!("CARGO_BIN_EXE_suction-cup"));
        command.args(["run", "--home"]).arg(self.home.root());
        command.args(options).stdin(Stdio::null());
        command.stderr(File::create(self.folder.path().join("stderr")).unwrap());
        self.process = Some(command.spawn().unwrap());
    }

    /// Ends it with no chance to clean up.
    pub(crate) fn kill(&mut self) {
        let mut process = self.process.take().unwrap();
        process.kill().unwrap();
        process.wait().unwrap();
    }

    /// Its own lines so far.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.home.supervisor_log()).unwrap_or_default()
    }

    /// Waits until the log has this text.
    pub(crate) fn logged(&self, text: &str) {
        self.until(&format!("the log says `{text}`"), || {
            self.log().contains(text).then_some(())
        });
    }

    /// Waits for something to be so, by looking again and again.
    pub(crate) fn until<T>(&self, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
        let start = Instant::now();
        loop {
            if let Some(found) = look() {
                return found;
            }
            assert!(start.elapsed() < PATIENCE, "never: {what}\n{}", self.log());
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// The answer to `suction-cup status`.
    pub(crate) fn status(&self) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_suction-cup"));
        command.args(["status", "--home"]).arg(self.home.root());
        // While a job ends, Wine may be too busy with it to start a program (1359: internal error).
        let output = self.until("a status", || match command.output() {
            Err(error) if error.raw_os_error() == Some(1359) => None,
            output => Some(output.unwrap()),
        });
        String::from_utf8(output.stdout).unwrap()
    }

    /// Waits until this version runs, and gives its process id.
    pub(crate) fn running(&self, version: &str) -> u32 {
        let start = format!("Tentacle {version} is running, pid ");
        self.until(&start, || {
            let status = self.status();
            status.strip_prefix(&start)?.split(',').next()?.parse().ok()
        })
    }

    /// Waits until the ledger has a line that begins like this.
    pub(crate) fn ledger(&self, line: &str) {
        self.until(&format!("the ledger says `{line}`"), || {
            let text = Ledger::load(&self.home).ok()?.to_string();
            let mut lines = text.lines();
            lines.any(|found| found.starts_with(line)).then_some(())
        });
    }

    /// Waits until at least `count` processes have shown a sign of life, and names the signs.
    pub(crate) fn signs(&self, count: usize) -> Vec<PathBuf> {
        self.until(&format!("{count} signs of life"), || {
            let entries = fs::read_dir(self.home.root().join("alive")).ok()?;
            let signs: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
            (signs.len() >= count).then_some(signs)
        })
    }

    /// Waits until the process of a sign of life is gone.
    pub(crate) fn gone(&self, sign: &Path) {
        let what = format!("{} is gone", sign.display());
        self.until(&what, || (!is_alive(sign)).then_some(()));
    }
}

impl Drop for Cup {
    /// Everything it started ends with it, which the tests are about.
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

/// The file of a process that lives cannot be opened by others.
pub(crate) fn is_alive(sign: &Path) -> bool {
    File::options().write(true).open(sign).is_err()
}

/// Ends a process by its id, with no chance to clean up.
pub(crate) fn kill(pid: u32) {
    let mut command = Command::new("taskkill");
    let output = command.args(["/F", "/PID", &pid.to_string()]).output();
    assert!(output.unwrap().status.success());
}

fn package(version: &str, behaviour: &str) -> Vec<u8> {
    let xml = format!(
        "<package><metadata><id>Octopus.Tentacle.{RID}</id><version>{version}</version>\
         <authors>a</authors><description>d</description></metadata></package>"
    );
    let nuspec = Nuspec::from_bytes(xml.as_bytes()).unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_suction-cup"));
    let program = program.with_file_name("examples").join("stand_in.exe");
    let builder = PackageBuilder::new(nuspec)
        .file("Tentacle.exe", 0o755, File::open(program).unwrap())
        .and_then(|package| package.file("behaviour", 0o644, Cursor::new(behaviour.to_owned())))
        .unwrap();
    let package = builder.finish(Cursor::new(Vec::new())).unwrap();
    package.into_inner()
}
