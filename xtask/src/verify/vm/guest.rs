//! One life of the virtual machine: from the start of QEMU to its end, or to the power cut.

use std::fs;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};

use super::image::{Image, run};

/// Booting takes half a minute where nothing else runs.
const BOOT: Duration = Duration::from_secs(900);
/// Nothing that is run there takes longer.
const PATIENCE: Duration = Duration::from_secs(600);

/// What all lives have in common.
pub(super) struct Setup<'a> {
    folder: &'a Path,
    image: &'a Image,
    /// A disk with packages.
    packages: PathBuf,
    /// The ports of this machine that lead to the shell and to the portal.
    shell: u16,
    portal: u16,
}

impl<'a> Setup<'a> {
    pub(super) fn new(
        folder: &'a Path,
        image: &'a Image,
        packages: PathBuf,
    ) -> anyhow::Result<Self> {
        let free = || -> anyhow::Result<TcpListener> { Ok(TcpListener::bind("127.0.0.1:0")?) };
        let (shell, portal) = (free()?, free()?);
        Ok(Self {
            folder,
            image,
            packages,
            shell: shell.local_addr()?.port(),
            portal: portal.local_addr()?.port(),
        })
    }

    /// The portal's address.
    pub(super) fn portal(&self) -> String {
        format!("http://127.0.0.1:{}", self.portal)
    }

    /// A disk that differs from the image by what is written to it.
    pub(super) fn fresh_disk(&self, name: &str) -> anyhow::Result<PathBuf> {
        let disk = self.folder.join(format!("{name}.qcow2"));
        run(Command::new("qemu-img")
            .args(["create", "-q", "-f", "qcow2", "-F", "raw", "-b"])
            .args([&self.image.disk, &disk]))?;
        Ok(disk)
    }

    /// A copy of a disk with all of its states.
    pub(super) fn copy_disk(&self, disk: &Path, name: &str) -> anyhow::Result<PathBuf> {
        let copy = self.folder.join(format!("{name}.qcow2"));
        fs::copy(disk, &copy)?;
        Ok(copy)
    }
}

/// A running virtual machine. Dropped, it has no power any more.
pub(super) struct Guest<'a> {
    setup: &'a Setup<'a>,
    qemu: Child,
    monitor: PathBuf,
}

impl<'a> Guest<'a> {
    /// Boots, or goes on from a saved state, and waits until the shell answers.
    pub(super) fn start(
        setup: &'a Setup<'a>,
        disk: &Path,
        state: Option<&str>,
    ) -> anyhow::Result<Self> {
        let monitor = setup.folder.join("monitor");
        let console = setup.folder.join("console.log");
        let (image, log) = (
            setup.image,
            fs::File::create(setup.folder.join("qemu.log"))?,
        );
        let network = format!(
            "user,id=n,restrict=on,hostfwd=tcp:127.0.0.1:{}-:7777,hostfwd=tcp:127.0.0.1:{}-:8080",
            setup.shell, setup.portal
        );
        let mut command = Command::new("setpriv");
        command
            .args(["--pdeathsig", "KILL", "--", "qemu-system-x86_64"])
            .args(["-accel", "tcg,thread=multi", "-m", "512", "-smp", "2"])
            .args(["-display", "none", "-no-reboot"])
            .arg("-kernel")
            .arg(&image.kernel)
            .arg("-initrd")
            .arg(&image.initrd)
            .args([
                "-append",
                "root=/dev/vda rw console=ttyS0 quiet panic=-1 no_timer_check",
            ])
            .arg("-serial")
            .arg(format!("file:{}", console.display()))
            .arg("-monitor")
            .arg(format!("unix:{},server=on,wait=off", monitor.display()))
            .arg("-drive")
            .arg(drive(disk, "qcow2,cache=writeback"))
            .arg("-drive")
            .arg(drive(&setup.packages, "raw,readonly=on"))
            .args(["-netdev", &network])
            .args(["-device", "virtio-net-pci,netdev=n,romfile="]);
        if let Some(state) = state {
            command.args(["-loadvm", state]);
        }
        let qemu = command
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("setpriv can't be started; install Debian's package util-linux")?;
        let mut guest = Self {
            setup,
            qemu,
            monitor,
        };
        let until = Instant::now() + BOOT;
        while guest.shell("true").is_err() {
            ensure!(
                guest.qemu.try_wait()?.is_none() && Instant::now() < until,
                "the virtual machine does not come up; see {}",
                setup.folder.display()
            );
            thread::sleep(Duration::from_millis(500));
        }
        Ok(guest)
    }

    /// Runs a script there as root, and gives what it prints; its failure is an error.
    pub(super) fn shell(&self, script: &str) -> anyhow::Result<String> {
        let mut connection = TcpStream::connect(("127.0.0.1", self.setup.shell))?;
        connection.set_read_timeout(Some(PATIENCE))?;
        let all = format!("(set -e\n{script}\n) </dev/null 2>&1\necho \"[exit $?]\"\nexit\n");
        connection.write_all(all.as_bytes())?;
        connection.shutdown(Shutdown::Write)?;
        let mut said = String::new();
        connection.read_to_string(&mut said)?;
        let end = said.trim_end().rsplit_once("[exit ");
        let (said, status) = end.with_context(|| format!("no end of `{script}`: {said}"))?;
        ensure!(status == "0]", "`{script}` failed there ({status}: {said}");
        Ok(said.trim_end().to_owned())
    }

    /// Keeps this very moment as a state on the disk.
    pub(super) fn save(&self, state: &str) -> anyhow::Result<()> {
        let mut monitor = UnixStream::connect(&self.monitor)?;
        monitor.set_read_timeout(Some(PATIENCE))?;
        prompt(&mut monitor)?;
        monitor.write_all(format!("savevm {state}\n").as_bytes())?;
        let said = prompt(&mut monitor)?;
        ensure!(!said.contains("Error"), "the state is not saved: {said}");
        Ok(())
    }

    /// The power goes: what was not synced is lost.
    pub(super) fn cut_power(mut self) -> anyhow::Result<()> {
        self.qemu.kill()?;
        self.qemu.wait()?;
        Ok(())
    }

    /// Ends in order, by a script such as `systemctl poweroff`.
    pub(super) fn end(mut self, script: &str) -> anyhow::Result<()> {
        // It may end before it has answered.
        let _said = self.shell(script);
        let until = Instant::now() + PATIENCE;
        while self.qemu.try_wait()?.is_none() {
            ensure!(Instant::now() < until, "the virtual machine does not end");
            thread::sleep(Duration::from_millis(100));
        }
        Ok(())
    }
}

impl Drop for Guest<'_> {
    fn drop(&mut self) {
        // Both fail when it has ended already.
        let _gone = self.qemu.kill();
        let _status = self.qemu.wait();
    }
}

fn drive(file: &Path, options: &str) -> String {
    format!("file={},format={options},if=virtio", file.display())
}

/// Reads until QEMU wants a command.
fn prompt(monitor: &mut UnixStream) -> anyhow::Result<String> {
    let mut said = Vec::new();
    let mut byte = [0];
    while !said.ends_with(b"(qemu) ") {
        if monitor.read(&mut byte)? == 0 {
            bail!("QEMU closed its monitor");
        }
        said.extend(byte);
    }
    Ok(String::from_utf8_lossy(&said).into_owned())
}
