//! The programs of every machine, and octo, static: they need nothing of the machine but a kernel.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

use anyhow::{Context, ensure};

use super::apt;
use super::tools::{output, succeed};
use crate::programs::{VERSION_VARIABLE, repository, target_folder};

/// What they are built for.
pub(crate) const TARGET: &str = "x86_64-unknown-linux-musl";
/// Debian's compiler, whose standard library comes with its source.
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_LIBRARY: &str = "/usr/lib/rustlib/src/rust/library";

/// A program that runs on every machine, or on any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Agent {
    /// The supervisor: as small as it gets, for it never ends.
    SuctionCup,
    /// The agent proper.
    Tentacle,
    /// The command line.
    Octo,
}

impl Agent {
    /// Name of the crate, the program, and what is stripped of it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Agent::SuctionCup => "suction-cup",
            Agent::Tentacle => "tentacle",
            Agent::Octo => "octo",
        }
    }

    fn profile(self) -> &'static str {
        match self {
            Agent::SuctionCup => "supervisor",
            Agent::Tentacle | Agent::Octo => "agent",
        }
    }

    /// What cargo gets when the standard library is built along. Its features leave out
    /// backtraces, which say nothing in a program without symbols.
    fn standard_library(self) -> &'static [&'static str] {
        match self {
            Agent::SuctionCup => &["-Zbuild-std=std", "-Zbuild-std-features=optimize_for_size"],
            Agent::Tentacle | Agent::Octo => {
                &["-Zbuild-std=std,panic_abort", "-Zbuild-std-features="]
            }
        }
    }

    /// A panic ends the program; Suction Cup without a word, for the words would stay in
    /// memory for good. It also goes without `{:?}`, which it never prints, and shares pieces of
    /// code that are alike.
    fn flags(self) -> &'static [&'static str] {
        match self {
            Agent::SuctionCup => &[
                "-Cpanic=immediate-abort",
                "-Zlocation-detail=none",
                "-Zfmt-debug=none",
                "-Cllvm-args=-enable-machine-outliner=always",
            ],
            Agent::Tentacle | Agent::Octo => &["-Cpanic=abort"],
        }
    }
}

/// Builds it, makes sure that it is static, and gives its path. Of another version than the workspace's
/// where one is given.
///
/// # Errors
///
/// When something that the build needs is missing, or the build fails.
pub(crate) fn build(agent: Agent, version: Option<&str>) -> anyhow::Result<PathBuf> {
    let name = agent.name();
    // Apart from other builds: another compiler would make cargo build those anew.
    let folder = target_folder()?.join("static").join(name);
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .current_dir(repository())
        .env_remove("RUSTFLAGS")
        .args(["build", "--quiet", "--package", name, "--bin", name])
        .args(["--profile", agent.profile(), "--target", TARGET])
        .arg("--target-dir")
        .arg(&folder)
        .stdin(Stdio::null());
    if let Some(version) = version.filter(|version| *version != env!("CARGO_PKG_VERSION")) {
        command.env(VERSION_VARIABLE, version);
    }
    if target_is_installed() {
        let flags = ["-Cpanic=abort", "-Ctarget-feature=+crt-static"];
        command.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
        if agent != Agent::SuctionCup {
            // `ring` has C in it.
            apt::need(&[("/usr/bin/musl-gcc", "musl-tools")])?;
            command.env("CC_x86_64_unknown_linux_musl", "musl-gcc");
        }
    } else {
        with_standard_library(&mut command, agent, &folder)?;
    }
    let status = command.status().context("cargo can't be started")?;
    ensure!(status.success(), "building {name} for {TARGET} failed");
    let program = folder.join(TARGET).join(agent.profile()).join(name);
    check_static(&program)?;
    Ok(program)
}

/// Whether rustup has the standard library for the target ready.
fn target_is_installed() -> bool {
    let output = Command::new("rustup")
        .args(["target", "list", "--installed"])
        .current_dir(repository())
        .stdin(Stdio::null())
        .output();
    output.is_ok_and(|output| {
        let text = String::from_utf8_lossy(&output.stdout);
        text.lines().any(|line| line.trim() == TARGET)
    })
}

/// Builds the standard library along, from the source that Debian's compiler comes with.
fn with_standard_library(command: &mut Command, agent: Agent, folder: &Path) -> anyhow::Result<()> {
    apt::need(&[
        (DEBIAN_RUSTC, "rustc-web"),
        (DEBIAN_LIBRARY, "rust-web-src"),
        ("/usr/bin/musl-gcc", "musl-tools"),
        ("/usr/bin/gcc", "gcc"),
    ])?;
    let unwinding = folder.join("unwinding");
    provide_unwinding(agent, &unwinding)?;
    let unwinding = format!("-L{}", unwinding.display());
    let mut flags = vec![
        "-Clink-self-contained=no",
        "-Clinker=musl-gcc",
        "-Ctarget-feature=+crt-static",
        "-Crelocation-model=static",
        "-Zunstable-options",
        "-Cforce-unwind-tables=no",
        "-Clink-arg=-Wl,-z,noseparate-code",
        &unwinding,
    ];
    flags.extend(agent.flags());
    command
        .env("RUSTC", DEBIAN_RUSTC)
        // Building the standard library is not stable yet, and its source lies elsewhere.
        .env("RUSTC_BOOTSTRAP", "1")
        .env("__CARGO_TESTS_ONLY_SRC_ROOT", DEBIAN_LIBRARY)
        .env("CC_x86_64_unknown_linux_musl", "musl-gcc")
        .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"))
        .args(agent.standard_library());
    Ok(())
}

/// The standard library asks for a library to unwind with. Suction Cup has no use for one, for it ends
/// at a panic; libraries of the others ask for backtraces, so it gets that of gcc, less what only glibc has.
fn provide_unwinding(agent: Agent, folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder)?;
    let content = match agent {
        Agent::SuctionCup => "INPUT(-lc)\n".to_owned(),
        Agent::Tentacle | Agent::Octo => {
            let (source, object) = (folder.join("find_object.c"), folder.join("find_object.o"));
            fs::write(&source, FIND_OBJECT)?;
            succeed(
                Command::new("musl-gcc")
                    .args(["-Os", "-c", "-o"])
                    .args([&object, &source]),
            )?;
            let library = output(Command::new("gcc").arg("-print-file-name=libgcc_eh.a"))?;
            format!("INPUT({library} {})\n", object.display())
        }
    };
    let path = folder.join("libunwind.a");
    // The same content is left alone: a newer file would be linked anew.
    if fs::read_to_string(&path).ok().as_deref() != Some(&content) {
        fs::write(path, content)?;
    }
    Ok(())
}

/// Says that it knows no object at that address, upon which gcc's library looks for itself.
const FIND_OBJECT: &str = "int _dl_find_object(void *a, void *b) { return -1; }\n";

/// Neither an interpreter nor a shared library.
fn check_static(program: &Path) -> anyhow::Result<()> {
    let output = Command::new("readelf")
        .args(["--wide", "--program-headers", "--dynamic"])
        .arg(program)
        .output()
        .context("readelf can't be started; install Debian's package binutils")?;
    ensure!(
        output.status.success(),
        "{} is no program",
        program.display()
    );
    let text = String::from_utf8_lossy(&output.stdout);
    let found = ["INTERP", "(NEEDED)"]
        .iter()
        .find(|word| text.contains(**word));
    ensure!(
        found.is_none(),
        "{} is not static: readelf shows {}",
        program.display(),
        found.unwrap_or(&"")
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Path, check_static};

    #[test]
    fn a_program_with_shared_libraries_is_refused() {
        let this = std::env::current_exe().unwrap();
        let error = check_static(&this).unwrap_err().to_string();
        assert!(
            error.contains("is not static: readelf shows INTERP"),
            "{error}"
        );
        let error = check_static(Path::new("Cargo.toml"))
            .unwrap_err()
            .to_string();
        assert!(error.contains("is no program"), "{error}");
    }
}
