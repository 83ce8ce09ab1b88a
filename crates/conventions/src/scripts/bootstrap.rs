//! The files by which a script gets its variables and helper functions.
//!
//! Values never pass through arguments or the environment, which other users of the
//! machine may read: they stand in a file that only the agent's own user can read.
//! The script's helpers delete it as soon as they have read it, and dropping
//! [`Bootstrap`] deletes whatever is left. A batch file alone has no way to read values
//! but its environment, which on Windows only its own user and administrators may read.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};

use super::interpreter::Language;

const SHELL_HELPERS: &str = include_str!("../../assets/scripts/bootstrap.sh");
const PYTHON_HELPERS: &str = include_str!("../../assets/scripts/bootstrap.py");

/// Run by `sh -c` with the script as `$0`, as a script expects that looks for its own folder.
const SHELL_LOADER: &str = r#". "$1" && rm -f -- "$1"; shift; . "$0""#;

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
        let mut command = match language {
            // The standard library quotes for `cmd` as `cmd` wants it.
            Language::Batch => Command::new(script),
            _ => Command::new(interpreter),
        };
        // The nonce is between Tentacle and its supervisor.
        command.env_remove(layout::RUN_NONCE);
        if language == Language::Batch {
            command.envs(environment(variables, |name| {
                std::env::var_os(name).is_some()
            }));
        } else if language == Language::Python {
            let values: serde_json::Map<String, serde_json::Value> = variables
                .iter()
                .map(|(name, value)| (name.clone(), value.as_str().into()))
                .collect();
            let file = self.write(
                "variables.json",
                serde_json::Value::Object(values).to_string().as_bytes(),
            )?;
            let helpers = self.write("bootstrap.py", PYTHON_HELPERS.as_bytes())?;
            // Unbuffered, so that the log is live; UTF-8 whatever the locale says.
            command
                .args(["-u", "-X", "utf8"])
                .arg(helpers)
                .arg(file)
                .arg(script);
        } else {
            if cfg!(unix) {
                use_unix_line_breaks(script)?;
            }
            let text = format!("{}\n{SHELL_HELPERS}", shell_values(variables));
            let file = self.write("bootstrap.sh", text.as_bytes())?;
            command.arg("-c").arg(SHELL_LOADER).arg(script).arg(file);
        }
        Ok(command)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<PathBuf> {
        let path = self.folder.join(name);
        let mut file = private_file(&path)?;
        file.write_all(bytes)?;
        Ok(path)
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

/// What a batch file finds as `%name%`. A variable that has the name of one of the system's,
/// `Path` for example, must not take its place: programs would no longer be found.
fn environment(
    variables: &[(String, String)],
    is_taken: impl Fn(&str) -> bool,
) -> Vec<(&str, &str)> {
    let offered = variables.iter().filter(|(name, value)| {
        let possible = !name.is_empty() && !name.contains(['=', '\0']) && !value.contains('\0');
        possible && !is_taken(name)
    });
    offered
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}

/// A shell function that prints the value of the variable with the given name in lower case (ASCII).
fn shell_values(variables: &[(String, String)]) -> String {
    let mut text = String::from("__octopus_value() {\n  case \"$1\" in\n");
    for (name, value) in variables {
        // The argument of a shell function cannot hold a NUL, so nobody can ask for such a name.
        if name.contains('\0') {
            continue;
        }
        let name = quote(&name.to_ascii_lowercase());
        // Neither can a quoted text, but a format can.
        let print = match value.contains('\0') {
            false => format!("'%s' {}", quote(value)),
            true => format!(
                "-- {}",
                quote(
                    &value
                        .replace('\\', "\\\\")
                        .replace('%', "%%")
                        .replace('\0', "\\000")
                )
            ),
        };
        text.push_str(&format!("  {name}) printf {print} ;;\n"));
    }
    text.push_str("  esac\n}\n");
    text
}

/// In single quotes every byte but the quote itself stands for itself.
fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::environment;

    #[test]
    fn a_batch_file_gets_what_an_environment_can_hold() {
        let variables = [
            ("Octopus.Release.Number", "1.2.3"),
            ("Path", "mine"),
            ("a=b", "x"),
            ("", "x"),
            ("n\0", "x"),
            ("nul", "a\0b"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let offered = environment(&variables, |name| name.eq_ignore_ascii_case("PATH"));
        assert_eq!(offered, [("Octopus.Release.Number", "1.2.3")]);
    }
}
