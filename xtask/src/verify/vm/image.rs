//! A Debian with systemd on a disk, made once and kept under the hash of its recipe.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};

use crate::dist::apt;
use crate::programs::target_folder;

const NEEDS: &[(&str, &str)] = &[
    ("/usr/bin/mmdebstrap", "mmdebstrap"),
    ("/usr/bin/qemu-system-x86_64", "qemu-system-x86"),
    ("/usr/bin/qemu-img", "qemu-utils"),
    ("/sbin/mke2fs", "e2fsprogs"),
];

/// What is in it beside Debian's base.
const INCLUDE: &str =
    "adduser,init-system-helpers,iproute2,linux-image-cloud-amd64,systemd,systemd-sysv,udev";

/// The machine's own files. The shell is a test's: who connects to its port sends a script.
const FILES: &[(&str, &str)] = &[
    ("etc/hostname", "guest\n"),
    ("etc/hosts", "127.0.0.1 localhost guest\n"),
    ("etc/fstab", "/dev/vda / ext4 defaults 0 1\n"),
    (
        "etc/systemd/network/10-e.network",
        "[Match]\nName=e*\n[Network]\nDHCP=yes\n",
    ),
    (
        "etc/systemd/system/verify.socket",
        "[Socket]\nListenStream=7777\nAccept=yes\n",
    ),
    (
        "etc/systemd/system/verify@.service",
        "[Service]\nExecStart=-/bin/sh -s\nStandardInput=socket\nStandardOutput=socket\nStandardError=inherit\nEnvironment=HOME=/root\n",
    ),
];

/// Units that start with the machine.
const ENABLED: &[(&str, &str)] = &[
    (
        "multi-user.target.wants/systemd-networkd.service",
        "/lib/systemd/system/systemd-networkd.service",
    ),
    (
        "sockets.target.wants/verify.socket",
        "/etc/systemd/system/verify.socket",
    ),
    // Nothing here is to be done by the clock.
    ("apt-daily.timer", "/dev/null"),
    ("apt-daily-upgrade.timer", "/dev/null"),
    ("dpkg-db-backup.timer", "/dev/null"),
    ("e2scrub_all.timer", "/dev/null"),
    ("fstrim.timer", "/dev/null"),
];

/// A disk, and what boots it.
pub(super) struct Image {
    pub(super) disk: PathBuf,
    pub(super) kernel: PathBuf,
    pub(super) initrd: PathBuf,
}

/// The image; makes it when there is none of this recipe.
pub(super) fn cached() -> anyhow::Result<Image> {
    apt::need(NEEDS)?;
    let suite = suite()?;
    let mut hash = DefaultHasher::new();
    (INCLUDE, FILES, ENABLED, &suite).hash(&mut hash);
    let folder = target_folder()?.join("vm");
    let folder = folder.join(format!("{suite}-{:016x}", hash.finish()));
    let image = Image {
        disk: folder.join("disk.img"),
        kernel: folder.join("vmlinuz"),
        initrd: folder.join("initrd.img"),
    };
    if !folder.exists() {
        let new = folder.with_extension("new");
        if new.exists() {
            fs::remove_dir_all(&new)?;
        }
        make(&new, &suite)?;
        // Whole or not at all.
        fs::rename(&new, &folder)?;
    }
    Ok(image)
}

/// A disk with these files of `target/dist/`.
pub(super) fn packages(folder: &Path, names: &[String]) -> anyhow::Result<PathBuf> {
    let content = folder.join("packages");
    fs::create_dir_all(&content)?;
    for name in names {
        let from = target_folder()?.join("dist").join(name);
        fs::copy(&from, content.join(name)).with_context(|| from.display().to_string())?;
    }
    let disk = folder.join("packages.img");
    file_system(&content, &disk, "300M")?;
    Ok(disk)
}

fn make(folder: &Path, suite: &str) -> anyhow::Result<()> {
    eprintln!("making a Debian {suite} for the virtual machine (a minute or more)");
    fs::create_dir_all(folder)?;
    let root = folder.join("root");
    let options = folder.join("apt.conf");
    fs::write(&options, acquire_options()?)?;
    let mut command = Command::new("mmdebstrap");
    command
        .args(["--quiet", "--variant=minbase"])
        .arg(format!("--include={INCLUDE}"))
        .arg(format!("--aptopt={}", options.display()))
        .args([suite.as_ref(), root.as_os_str()])
        .args(sources());
    run(&mut command)?;
    for (path, content) in FILES {
        let path = root.join(path);
        fs::create_dir_all(path.parent().context("a file in a folder")?)?;
        fs::write(path, content)?;
    }
    for (name, target) in ENABLED {
        let link = root.join("etc/systemd/system").join(name);
        fs::create_dir_all(link.parent().context("a link in a folder")?)?;
        symlink(target, &link)?;
    }
    for (link, name) in [("vmlinuz", "vmlinuz"), ("initrd.img", "initrd.img")] {
        fs::copy(boot_file(&root, link)?, folder.join(name))?;
    }
    file_system(&root, &folder.join("disk.img"), "1500M")?;
    Ok(fs::remove_dir_all(root)?)
}

fn boot_file(root: &Path, start: &str) -> anyhow::Result<PathBuf> {
    for entry in fs::read_dir(root.join("boot"))? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(start) {
            return Ok(entry.path());
        }
    }
    anyhow::bail!("Debian's kernel brought no {start}")
}

fn file_system(content: &Path, disk: &Path, size: &str) -> anyhow::Result<()> {
    run(Command::new("mke2fs")
        .args(["-q", "-F", "-t", "ext4", "-d"])
        .args([content, disk])
        .arg(size))
}

/// That of this machine, for the programs are built against its C library.
fn suite() -> anyhow::Result<String> {
    let text = fs::read_to_string("/etc/os-release").context("/etc/os-release")?;
    let mut lines = text.lines();
    let found = lines.find_map(|line| line.strip_prefix("VERSION_CODENAME="));
    Ok(found.context("this is no Debian")?.to_owned())
}

/// Where this machine's apt gets Debian's packages from.
fn sources() -> Vec<PathBuf> {
    let known = [
        "/etc/apt/sources.list",
        "/etc/apt/sources.list.d/debian.list",
        "/etc/apt/sources.list.d/debian.sources",
    ];
    let there = known.iter().map(PathBuf::from);
    there.filter(|path| path.is_file()).collect()
}

/// And how.
fn acquire_options() -> anyhow::Result<String> {
    let output = Command::new("apt-config")
        .args(["dump", "Acquire"])
        .output()
        .context("apt-config can't be started")?;
    let text = String::from_utf8_lossy(&output.stdout);
    let set = text.lines().filter(|line| !line.ends_with("\"\";"));
    Ok(set.map(|line| format!("{line}\n")).collect())
}

/// Runs a tool; its failure is an error.
pub(super) fn run(command: &mut Command) -> anyhow::Result<()> {
    let name = command.get_program().display().to_string();
    let status = command.stdin(Stdio::null()).status();
    let status = status.with_context(|| format!("{name} can't be started"))?;
    ensure!(status.success(), "{name} failed");
    Ok(())
}
