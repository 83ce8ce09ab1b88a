//! A PostgreSQL server of its own for a test: Debian's programs, in a temporary folder, on a
//! socket there, as a user without rights.

use std::{
    fs,
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

use tempfile::TempDir;

use crate::wait;

/// Debian's `nobody`: PostgreSQL does not run as root.
const NOBODY: u32 = 65534;

/// A running server; ended when dropped.
pub(crate) struct Postgres {
    child: Child,
    folder: TempDir,
    programs: PathBuf,
    databases: AtomicU32,
}

impl Postgres {
    /// Starts one; `None`, said so, where PostgreSQL is not installed.
    pub(crate) fn start() -> Option<Self> {
        let Some(programs) = programs() else {
            let text = "PostgreSQL is missing; install Debian's package `postgresql`";
            assert!(std::env::var("CI").as_deref() != Ok("true"), "{text}");
            println!("SKIPPED: {text}");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        if is_root() {
            fs::set_permissions(path, fs::Permissions::from_mode(0o711)).unwrap();
            std::os::unix::fs::chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
        }
        let made = plain(&programs.join("initdb"), path)
            .args(["--no-sync", "--encoding=UTF8", "--locale=C", "--auth=trust"])
            .args(["--username=octopus", "--pgdata"])
            .arg(path.join("data"))
            .output()
            .unwrap();
        assert!(made.status.success(), "{made:?}");
        let child = plain(&programs.join("postgres"), path)
            .arg("-D")
            .arg(path.join("data"))
            .args(["-c", "listen_addresses=", "-c", "fsync=off", "-k"])
            .arg(path)
            .spawn()
            .unwrap();
        let server = Self {
            child,
            folder,
            programs,
            databases: AtomicU32::new(0),
        };
        wait::until_is("PostgreSQL answers", || server.sql("postgres", "select 1"));
        Some(server)
    }

    /// The address of a new, empty database.
    pub(crate) fn database(&self) -> String {
        let name = format!("test{}", self.databases.fetch_add(1, Ordering::Relaxed));
        assert!(self.sql("postgres", &format!("create database {name}")));
        let folder = self.folder.path().display();
        format!("postgres://octopus@localhost/{name}?host={folder}")
    }

    fn sql(&self, database: &str, command: &str) -> bool {
        plain(&self.programs.join("psql"), self.folder.path())
            .args(["-q", "-U", "octopus", "-d", database, "-c", command, "-h"])
            .arg(self.folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap()
            .success()
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // Its "immediate shutdown": nothing of this is kept.
        let id = self.child.id().to_string();
        let _ended_already = Command::new("kill").args(["-QUIT", &id]).status();
        let _reaped_already = self.child.wait();
    }
}

fn plain(program: &Path, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .current_dir(folder)
        .stdin(Stdio::null())
        .stderr(Stdio::null());
    if is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    command
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout.trim_ascii() == b"0"
}

/// The folder of the newest PostgreSQL that Debian installed.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    let versions = versions
        .map_while(Result::ok)
        .map(|one| one.path().join("bin"));
    let there = versions.filter(|bin| bin.join("initdb").exists() && bin.join("postgres").exists());
    there.max()
}
