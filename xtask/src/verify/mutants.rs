//! Mutation tests of the supervisor's machine and of the layout on disk, by `cargo-mutants`: no change that it
//! makes to them goes unnoticed by their tests, but for those that are accepted with a reason.

mod accepted;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, ensure};

use self::accepted::{differences, parse, without_place};
use crate::programs::{repository, target_folder};

/// The survivors that are accepted, with a reason each.
const ACCEPTED: &str = "xtask/assets/accepted-mutants.txt";
/// The version that the list is about: another one may make other mutants.
const VERSION: &str = "27.1.0";

/// Files to change, and the tests that are to notice it.
struct Part {
    package: &'static str,
    files: &'static [&'static str],
    /// Which of the package's unit tests run; all, if it is empty.
    tests: &'static [&'static str],
}

/// Tests with real processes take too long for each mutant, and the search of all states has mutants of its own.
const PARTS: [Part; 2] = [
    Part {
        package: "layout",
        files: &["crates/layout/src/**/*.rs"],
        tests: &[],
    },
    Part {
        package: "suction-cup",
        files: &[
            "crates/suction-cup/src/machine.rs",
            "crates/suction-cup/src/machine/**/*.rs",
        ],
        tests: &["machine::"],
    },
];

/// Changes them one by one.
///
/// # Errors
///
/// When a mutant survives that is not accepted, or one is accepted that does not survive.
pub(super) fn run() -> anyhow::Result<()> {
    let top = repository();
    let list = top.join(ACCEPTED);
    let text = fs::read_to_string(&list).with_context(|| list.display().to_string())?;
    let accepted = parse(&text)?;
    let folder = target_folder()?.join("mutants");
    let tool = tool(&folder)?;
    let mut survivors = Vec::new();
    for part in &PARTS {
        survivors.extend(mutate(part, &tool, &folder)?);
    }
    let wrong = differences(&survivors, &accepted);
    for line in &wrong {
        println!("mutants: {line}");
    }
    ensure!(
        wrong.is_empty(),
        "{} mutants are not as {ACCEPTED} says: write a test that notices them, or a reason",
        wrong.len()
    );
    println!("mutants: {} survive, each for a reason", survivors.len());
    Ok(())
}

/// `cargo-mutants`, built here the first time.
fn tool(folder: &Path) -> anyhow::Result<PathBuf> {
    let root = folder.join(format!("tool-{VERSION}"));
    let program = root.join("bin/cargo-mutants");
    if !program.is_file() {
        println!("== building cargo-mutants (once)");
        let status = cargo()
            .args(["install", "--quiet", "--locked", "--debug", "--root"])
            .arg(&root)
            .args(["--version", VERSION, "cargo-mutants"])
            .status()?;
        ensure!(
            status.success() && program.is_file(),
            "cargo-mutants can't be installed; see above"
        );
    }
    Ok(program)
}

/// Changes one part, and gives the mutants that survive.
fn mutate(part: &Part, tool: &Path, folder: &Path) -> anyhow::Result<Vec<String>> {
    println!("== mutants of {}", part.package);
    let start = Instant::now();
    let (copies, output) = (folder.join("copies"), folder.join(part.package));
    for empty in [&copies, &output] {
        if empty.exists() {
            fs::remove_dir_all(empty)?;
        }
        fs::create_dir_all(empty)?;
    }
    let mut command = Command::new(tool);
    command
        .current_dir(repository())
        // The copy finds libraries built, and is itself unoptimised: it is built often and runs shortly.
        .env("CARGO_TARGET_DIR", folder.join("build"))
        .env("CARGO_PROFILE_DEV_DEBUG", "false")
        .env("TMPDIR", &copies)
        .args(["mutants", "--no-config", "--package", part.package])
        .args(["--cap-lints", "true", "--minimum-test-timeout", "120"])
        .args([
            "-C=--lib",
            "-C=--config=profile.dev.package.suction-cup.opt-level=0",
        ])
        .arg("--output")
        .arg(&output);
    for files in part.files {
        command.args(["--file", files]);
    }
    let status = command
        .arg("--")
        .args(part.tests)
        .stdin(Stdio::null())
        .stdout(fs::File::create(
            folder.join(format!("{}.log", part.package)),
        )?)
        .status()
        .context("cargo-mutants can't be started")?;
    let found = output.join("mutants.out");
    let names = |outcome: &str| -> anyhow::Result<Vec<String>> {
        let file = found.join(format!("{outcome}.txt"));
        let text = fs::read_to_string(&file).with_context(|| {
            format!(
                "cargo-mutants ended with {status} and left no {}",
                file.display()
            )
        })?;
        Ok(text.lines().map(without_place).collect())
    };
    let (caught, timeouts) = (names("caught")?.len(), names("timeout")?.len());
    let (survivors, unviable) = (names("missed")?, names("unviable")?.len());
    println!(
        "mutants: {}: {caught} caught, {timeouts} did not end, {} survive, {unviable} can't be built; {} s",
        part.package,
        survivors.len(),
        start.elapsed().as_secs()
    );
    // 0: all caught, 2: some survive, 3: some did not end. Else it did not come to its end.
    let ended = matches!(status.code(), Some(0 | 2 | 3));
    ensure!(
        ended && caught > 0,
        "cargo-mutants ended with {status}; see {}",
        found.display()
    );
    Ok(survivors)
}

fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.stdin(Stdio::null());
    command
}
