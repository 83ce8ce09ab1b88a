//! A real `suction-cup` on a HOME of its own, with shell scripts as Tentacle.

use std::fs::{self, File};
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::thread;
use std::time::{Duration, Instant};

use layout::install::{Existing, install_version};
use layout::{Home, Ledger, RID, Stamp};
use nupkg::{Nuspec, PackageBuilder};
use rustix::process::{Pid, Signal, kill_process};

/// Longer than anything takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// Says that it is healthy, and runs until it is asked to end. Puts its process id into the file `pids`.
pub(crate) const HEALTHY: &str = r#"
echo $$ >> "$3/pids"
echo "$TENTACLE_RUN_NONCE" > "$3/run/healthy.part" && mv "$3/run/healthy.part" "$3/run/healthy"
exec sleep 600
"#;

/// Runs, and never says anything.
pub(crate) const SILENT: &str = r#"
echo $$ >> "$3/pids"
exec sleep 600
"#;

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
    pub(crate) fn bundle(&self, version: &str, script: &str) -> PathBuf {
        let folder = self.home.bundle_folder();
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join(format!("Octopus.Tentacle.{RID}.{version}.nupkg"));
        fs::write(&path, package(version, script)).unwrap();
        path
    }

    /// Installs a version as Tentacle does it.
    pub(crate) fn publish(&self, version: &str, script: &str) {
        let path = self.folder.path().join("received.nupkg");
        fs::write(&path, package(version, script)).unwrap();
        let stamp: Stamp = format!("ticket-{version}").parse().unwrap();
        let version = version.parse().unwrap();
        install_version(&self.home, &path, &version, &stamp, Existing::Keep).unwrap();
    }

    /// Starts `suction-cup run`.
    pub(crate) fn start(&mut self, options: &[&str]) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_suction-cup"));
        self.start_as(
            command
                .args(["run", "--home"])
                .arg(self.home.root())
                .args(options),
        );
    }

    /// Starts it by a command of one's own.
    pub(crate) fn start_as(&mut self, command: &mut Command) {
        assert!(self.process.is_none());
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.log_path())
            .unwrap();
        self.process = Some(command.stderr(log).spawn().unwrap());
    }

    fn log_path(&self) -> PathBuf {
        self.folder.path().join("stderr")
    }

    /// What it wrote to standard error.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.log_path()).unwrap()
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
            let log = fs::read_to_string(self.log_path()).unwrap_or_default();
            assert!(start.elapsed() < PATIENCE, "never: {what}\n{log}");
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// The answer to `suction-cup status` with these options.
    pub(crate) fn status(&self, options: &[&str]) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_suction-cup"));
        let output = command
            .args(["status", "--home"])
            .arg(self.home.root())
            .args(options)
            .output()
            .unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    }

    /// Waits until this version runs, and gives its process id.
    pub(crate) fn running(&self, version: &str) -> Pid {
        let start = format!("Tentacle {version} is running, pid ");
        self.until(&start, || {
            let status = self.status(&[]);
            let pid = status.strip_prefix(&start)?.split(',').next()?;
            // The status is written just before the program takes the place of what starts it.
            is_tentacle(self.home.root(), pid.parse().ok()?).then(|| process_id(pid))
        })
    }

    /// Waits until the ledger has a line that begins like this.
    pub(crate) fn ledger(&self, line: &str) {
        self.until(&format!("the ledger says `{line}`"), || {
            let text = Ledger::load(&self.home).ok()?.to_string();
            text.lines()
                .any(|found| found.starts_with(line))
                .then_some(())
        });
    }

    /// The processes that wrote their ids into `pids`, at least `count` of them.
    pub(crate) fn pids(&self, count: usize) -> Vec<Pid> {
        self.until(&format!("{count} process ids"), || {
            let text = fs::read_to_string(self.home.root().join("pids")).ok()?;
            let pids: Vec<Pid> = text.split_terminator('\n').map(process_id).collect();
            (text.ends_with('\n') && pids.len() >= count).then_some(pids)
        })
    }

    /// Waits until a process is gone, or a zombie that its parent has yet to reap.
    pub(crate) fn gone(&self, pid: Pid) {
        self.until(&format!("{pid} is gone"), || (!is_alive(pid)).then_some(()));
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let process = self.process.as_ref().unwrap();
        kill_process(process_id(&process.id().to_string()), signal).unwrap();
    }

    /// Waits for its end.
    pub(crate) fn ended(&mut self) -> ExitStatus {
        let mut process = self.process.take().unwrap();
        let status = self.until("suction-cup ends", || process.try_wait().unwrap());
        drop(process);
        status
    }

    pub(crate) fn stop(&mut self) {
        self.signal(Signal::TERM);
        assert!(self.ended().success(), "{}", self.log());
    }

    pub(crate) fn process(&self) -> Pid {
        process_id(&self.process.as_ref().unwrap().id().to_string())
    }
}

impl Drop for Cup {
    /// Also after a failed test nothing stays: each process by its own id.
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
        let pids = fs::read_to_string(self.home.root().join("pids")).unwrap_or_default();
        for pid in pids
            .lines()
            .filter_map(|pid| Pid::from_raw(pid.parse().ok()?))
        {
            if is_tentacle(self.home.root(), pid.as_raw_nonzero().get().unsigned_abs()) {
                let _ = kill_process(pid, Signal::KILL);
            }
        }
    }
}

/// A process that a script of this HOME started, and not another one that got its id.
fn is_tentacle(home: &Path, pid: u32) -> bool {
    let environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
    let nonce = layout::RUN_NONCE.as_bytes();
    let started_here = fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|folder| folder == home);
    let program = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let is_starter = program.windows(8).any(|at| at == b"--parent");
    started_here && !is_starter && environment.windows(nonce.len()).any(|at| at == nonce)
}

pub(crate) fn is_alive(pid: Pid) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(") ")
        .is_some_and(|(_, state)| !state.starts_with('Z'))
}

pub(crate) fn process_id(text: &str) -> Pid {
    Pid::from_raw(text.parse().unwrap()).unwrap()
}

fn package(version: &str, script: &str) -> Vec<u8> {
    let xml = format!(
        "<package><metadata><id>Octopus.Tentacle.{RID}</id><version>{version}</version>\
         <authors>a</authors><description>d</description></metadata></package>"
    );
    let nuspec = Nuspec::from_bytes(xml.as_bytes()).unwrap();
    let script = format!("#!/bin/sh\n{script}");
    let builder = PackageBuilder::new(nuspec)
        .file("tentacle", 0o755, Cursor::new(script))
        .and_then(|package| package.file("lib/words", 0o644, Cursor::new("whole")))
        .unwrap();
    builder
        .finish(Cursor::new(Vec::new()))
        .unwrap()
        .into_inner()
}
