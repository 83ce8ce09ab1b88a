//! The command line.

mod parse;

use std::ffi::OsString;
use std::io::{ErrorKind, Write as _, stderr, stdout};
use std::process::{Command as Process, ExitCode};
use std::thread;
use std::time::Duration;

use layout::install::{Existing, install_version};
use layout::{Bundle, Home, RID, Stamp};

use self::parse::{Command, parse};
use crate::causes::with_causes;
use crate::driver;
use crate::lock::Lock;
use crate::os;
use crate::status::Report;

/// Exit codes: 0 done, 1 failed, 2 wrong usage.
const FAILED: u8 = 1;
const USAGE: u8 = 2;
/// What shells use when they cannot run a program.
const CANNOT_RUN: u8 = 127;

/// Runs what the arguments, without the program's name, ask for.
pub fn main(arguments: impl Iterator<Item = OsString>) -> ExitCode {
    match parse(arguments) {
        Ok(command) => run(command),
        Err(problem) => fail(USAGE, &format!("{problem}\nSee `suction-cup --help`.")),
    }
}

fn run(command: Command) -> ExitCode {
    match command {
        Command::Help => print(parse::HELP),
        Command::Version => print(&format!("suction-cup {}\n", crate::VERSION)),
        Command::Run { home, policy } => match os::supervise(move || driver::run(home, policy)) {
            Ok(code) => code,
            Err(error) => fail(FAILED, &error.to_string()),
        },
        Command::Status { home, json } => status(&home, json),
        Command::InstallBundle { home } => match install_bundle(&home) {
            Ok(version) => print(&format!("{version}\n")),
            Err(problem) => fail(FAILED, &problem),
        },
        Command::Exec {
            parent,
            program,
            arguments,
        } => exec(parent, &program, &arguments),
    }
}

fn status(home: &Home, json: bool) -> ExitCode {
    if !home.root().is_dir() {
        let text = format!(
            "the folder {} is not there: name the folder of Tentacle with --home",
            home.root().display()
        );
        return fail(FAILED, &text);
    }
    let report = Report::read(home, Lock::is_taken(home));
    match json {
        true => print(&(report.json() + "\n")),
        false => print(&report.text()),
    }
}

fn install_bundle(home: &Home) -> Result<String, String> {
    let bundle = home.bundle().ok_or_else(|| {
        format!(
            "there is no package Octopus.Tentacle.{RID} in {}: put it there",
            home.bundle_folder().display()
        )
    })?;
    let Bundle { path, version } = bundle;
    install_version(home, &path, &version, &Stamp::bundle(), Existing::Replace)
        .map(|()| version.to_string())
        .map_err(|error| with_causes(&error))
}

/// Becomes another program that ends together with `parent`.
fn exec(parent: u32, program: &OsString, arguments: &[OsString]) -> ExitCode {
    os::become_child_of(parent);
    let mut error = os::exec(Process::new(program).args(arguments));
    // A program that was just written can still be open in a process that was forked meanwhile.
    for _ in 0..20 {
        if error.kind() != ErrorKind::ExecutableFileBusy {
            break;
        }
        thread::sleep(Duration::from_millis(50));
        error = os::exec(Process::new(program).args(arguments));
    }
    fail(
        CANNOT_RUN,
        &format!("{} cannot be run: {error}", program.display()),
    )
}

fn print(text: &str) -> ExitCode {
    match stdout().write_all(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::from(FAILED),
    }
}

fn fail(code: u8, problem: &str) -> ExitCode {
    // Nobody is left to tell when standard error is closed.
    let _ = writeln!(stderr(), "{problem}");
    ExitCode::from(code)
}
