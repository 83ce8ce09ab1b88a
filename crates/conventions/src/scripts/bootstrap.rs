//! The files by which a script gets its variables and helper functions.
//!
//! On Unix, values never pass through arguments or the environment, which other users of the
//! machine may read: they stand in a file that only the agent's own user can read.
//! The script's helpers delete it as soon as they have read it, and dropping
//! [`Bootstrap`] deletes whatever is left. A batch file alone has no way to read values
//! but its environment, which on Windows only its own user and administrators may read.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};

use self::plan::{Argument, plan};
use super::interpreter::{Language, Platform};

mod plan;

/// A folder of its own for one run of one script.
#[derive(Debug)]
pub(super) struct Bootstrap {
    folder: PathBuf,
}

impl Bootstrap {
    /// An empty folder within `work_folder`, which is made if need be.
    pub(super) fn new(work_folder: &Path) -> io::Result<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        fs::create_dir_all(work_folder)?;
        loop {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let folder = work_folder.join(format!("script-{}-{number}", std::process::id()));
            match private_folder().create(&folder) {
                Ok(()) => return Ok(Self { folder }),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Writes the files for one language and gives the command that runs `script`, an absolute path.
    pub(super) fn command(
        &self,
        language: Language,
        interpreter: &Path,
        script: &Path,
        variables: &[(String, String)],
    ) -> io::Result<Command> {
        if language == Language::Shell && Platform::HERE == Platform::Unix {
            use_unix_line_breaks(script)?;
        }
        let plan = plan(language, interpreter, script, variables);
        for (name, bytes) in &plan.files {
            self.write(name, bytes)?;
        }
        let mut command = Command::new(plan.program);
        // The nonce is between Tentacle and its supervisor.
        command.env_remove(layout::RUN_NONCE);
        for argument in plan.arguments {
            match argument {
                Argument::Text(text) => command.arg(text),
                Argument::Path(path) => command.arg(path),
                Argument::Helper(name) => command.arg(self.folder.join(name)),
            };
        }
        for (name, value) in plan.environment {
            // What the machine sets stays: PATH, TEMP.
            if std::env::var_os(&name).is_none() {
                command.env(name, value);
            }
        }
        Ok(command)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        private_file(&self.folder.join(name))?.write_all(bytes)
    }
}

impl Drop for Bootstrap {
    fn drop(&mut self) {
        // The owner of the work folder clears it at its start, so nothing that is left here stays for ever.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// A script that was written on Windows runs as it is meant to. In place, so that it still
/// finds itself and the files next to it.
fn use_unix_line_breaks(script: &Path) -> io::Result<()> {
    let bytes = fs::read(script)?;
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    let mut unix = Vec::with_capacity(text.len());
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        match line.strip_suffix(b"\r\n") {
            Some(line) => unix.extend_from_slice(&[line, b"\n"].concat()),
            None => unix.extend_from_slice(line),
        }
    }
    if unix == bytes {
        Ok(())
    } else {
        fs::write(script, unix)
    }
}

fn private_folder() -> DirBuilder {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "folders have no mode there"))]
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}

fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
