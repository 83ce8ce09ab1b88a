//! Stands in for Tentacle in tests on Windows: does what the file `behaviour` beside it says. In place of
//! `netsh.exe` it writes down what it is told.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::thread;
use std::time::Duration;

fn main() -> io::Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let this = std::env::current_exe()?;
    if this.file_stem().is_some_and(|name| name == "netsh") {
        return write_down(&this.with_file_name("netsh.txt"), &arguments.join(" "));
    }
    match arguments.as_slice() {
        [command, option, home] if command == "agent" && option == "--home" => {
            agent(&this, Path::new(home))
        }
        [command, home] if command == "child" => {
            let _sign = sign_of_life(Path::new(home))?;
            sleep_for_ever()
        }
        _ => Ok(ExitCode::from(2)),
    }
}

fn write_down(file: &Path, line: &str) -> io::Result<ExitCode> {
    let mut file = File::options().create(true).append(true).open(file)?;
    writeln!(file, "{line}")?;
    Ok(ExitCode::SUCCESS)
}

fn agent(this: &Path, home: &Path) -> io::Result<ExitCode> {
    let _sign = sign_of_life(home)?;
    println!("run {}", std::process::id());
    for line in fs::read_to_string(this.with_file_name("behaviour"))?.lines() {
        match line.split_once(' ').unwrap_or((line, "")) {
            ("healthy", _) => {
                let nonce = std::env::var(layout::RUN_NONCE).unwrap_or_default();
                layout::write_marker(&layout::Home::new(home), &nonce)?;
            }
            ("child", flags) => {
                start(this, home, flags.parse().unwrap_or_default())?;
            }
            ("says", text) => eprintln!("{text}"),
            ("until-told", _) => {
                io::stdin().read_to_end(&mut Vec::new())?;
                fs::write(home.join("ended-in-order"), "")?;
            }
            ("until", file) => wait_for(&home.join(file))?,
            ("for-ever", _) => return sleep_for_ever(),
            ("exit", code) => return Ok(ExitCode::from(code.parse().unwrap_or(99))),
            _ => return Ok(ExitCode::from(98)),
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A file that nobody else can open while this process lives.
fn sign_of_life(home: &Path) -> io::Result<File> {
    let folder = home.join("alive");
    fs::create_dir_all(&folder)?;
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(windows)]
    std::os::windows::fs::OpenOptionsExt::share_mode(&mut options, 0);
    options.open(folder.join(std::process::id().to_string()))
}

fn start(this: &Path, home: &Path, flags: u32) -> io::Result<()> {
    let mut command = Command::new(this);
    command.arg("child").arg(home).stdin(Stdio::null());
    #[cfg(windows)]
    std::os::windows::process::CommandExt::creation_flags(&mut command, flags);
    let _ = flags;
    command.spawn().map(drop)
}

fn wait_for(file: &Path) -> io::Result<()> {
    while !file.exists() {
        thread::sleep(Duration::from_millis(20));
    }
    fs::remove_file(file)
}

fn sleep_for_ever() -> io::Result<ExitCode> {
    loop {
        thread::sleep(Duration::from_secs(600));
    }
}
