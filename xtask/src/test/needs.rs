//! Programs that tests run beside our own, and how they get here.

mod npm;
mod pip;

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::ensure;

/// A program or file, and Debian's package that has it.
struct Need {
    program: &'static str,
    package: &'static str,
    used_by: &'static str,
}

const NEEDS: &[Need] = &[
    Need {
        program: "nuget",
        package: "nuget",
        used_by: "tests with a real NuGet client",
    },
    // With the libraries that NuGet.exe needs beside the runtime.
    Need {
        program: "/usr/lib/pkgconfig/mono.pc",
        package: "libmono-cil-dev",
        used_by: "tests with NuGet.exe",
    },
    Need {
        program: "script",
        package: "bsdutils",
        used_by: "tests with NuGet clients, which need a terminal",
    },
    Need {
        program: "npm",
        package: "npm",
        used_by: "tests with clients from npm",
    },
    Need {
        program: "strace",
        package: "strace",
        used_by: "tests of a loss of power after each operation on the disk",
    },
    Need {
        program: "zip",
        package: "zip",
        used_by: "tests of packages that zip makes",
    },
    Need {
        program: "bzip2",
        package: "bzip2",
        used_by: "tests of packages that bzip2 makes",
    },
    Need {
        program: "python3",
        package: "python3",
        used_by: "tests of Python deployment scripts",
    },
    // The package itself has no program; what it depends on has.
    Need {
        program: "/usr/share/doc/python3-venv/copyright",
        package: "python3-venv",
        used_by: "tests with programs from PyPI",
    },
    Need {
        program: "postgres",
        package: "postgresql",
        used_by: "tests of the server's data in PostgreSQL",
    },
];

/// Debian keeps the server's programs of each version here, off the path.
const POSTGRESQL: &str = "/usr/lib/postgresql";

/// Installs what is missing where the machine allows it, and says what tests are skipped else.
///
/// # Errors
///
/// With `CI=true`, when something is still missing.
pub(super) fn install() -> anyhow::Result<()> {
    let missing = missing();
    if missing.is_empty() {
        return others();
    }
    let packages: Vec<&str> = missing.iter().map(|need| need.package).collect();
    let reason = match apt_get(&packages) {
        Ok(()) => "apt-get installed it, but it can't be found".to_owned(),
        Err(reason) => reason,
    };
    let missing = self::missing();
    for need in &missing {
        println!("{}", skipped(need, &reason));
    }
    let ci = std::env::var("CI").as_deref() == Ok("true");
    ensure!(
        missing.is_empty() || !ci,
        "with CI=true nothing is skipped; install what is missing (see above)"
    );
    others()
}

/// What comes from elsewhere.
fn others() -> anyhow::Result<()> {
    npm::install()?;
    pip::install()
}

fn skipped(need: &Need, reason: &str) -> String {
    let Need {
        program,
        package,
        used_by,
    } = need;
    format!(
        "SKIPPED {used_by}: {program} is missing and {reason}; install Debian's package {package}"
    )
}

fn missing() -> Vec<&'static Need> {
    NEEDS
        .iter()
        .filter(|need| which(need.program).is_none())
        .collect()
}

pub(super) fn which(program: &str) -> Option<PathBuf> {
    if program.starts_with('/') {
        return Some(program.into()).filter(|file: &PathBuf| file.is_file());
    }
    let path = std::env::var_os("PATH")?;
    let versions = std::fs::read_dir(POSTGRESQL).into_iter().flatten();
    let beside = versions
        .map_while(Result::ok)
        .map(|version| version.path().join("bin"));
    std::env::split_paths(&path)
        .chain(beside)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

/// Installs packages, or tells why not.
fn apt_get(packages: &[&str]) -> Result<(), String> {
    if which("apt-get").is_none() {
        return Err("there is no apt-get here".to_owned());
    }
    let id = Command::new("id").arg("-u").stdin(Stdio::null()).output();
    if id.map_or(true, |id| id.stdout.trim_ascii() != b"0") {
        return Err("only root may install packages".to_owned());
    }
    println!("== installing {}", packages.join(" "));
    for arguments in [
        &["update"][..],
        &["install", "--yes", "--no-install-recommends"],
    ] {
        let packages = match arguments {
            ["update"] => &[],
            _ => packages,
        };
        let status = Command::new("apt-get")
            .arg("--quiet")
            .args(arguments)
            .args(packages)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .stdin(Stdio::null())
            .status();
        // A list that could not be renewed may still be good enough to install from.
        let failed = !status.is_ok_and(|status| status.success());
        if failed && !packages.is_empty() {
            return Err("apt-get could not install it".to_owned());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{NEEDS, skipped, which};

    #[test]
    fn programs_are_found_on_the_path() {
        assert!(which("cargo").is_some());
        assert_eq!(which("no-such-program-anywhere"), None);
    }

    #[test]
    fn a_skip_says_what_is_lost_and_what_helps() {
        let lines: Vec<String> = NEEDS.iter().map(|need| skipped(need, "why")).collect();
        let expected = "SKIPPED tests with a real NuGet client: nuget is missing and why; install Debian's package nuget";
        assert_eq!(lines.first().map(String::as_str), Some(expected));
    }
}
