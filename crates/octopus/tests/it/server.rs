//! The real `octopus` program.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use crate::wait;

/// Of the user `admin`, in every test that does not look at passwords.
pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// Seconds that these servers wait for a silent machine.
pub(crate) const PATIENCE: u64 = 2;

/// A running server; ended when dropped. It must never have panicked.
pub(crate) struct Server {
    child: Child,
    log: PathBuf,
    /// `http://127.0.0.1:port`.
    pub(crate) url: String,
    /// All that it printed before it served.
    pub(crate) greeting: Vec<String>,
}

/// The program with a command, in an environment of its own.
pub(crate) fn octopus(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_octopus"));
    command.args(arguments).stdin(Stdio::null());
    for name in [
        "OCTOPUS_DATA",
        "OCTOPUS_DATABASE",
        "OCTOPUS_PACKAGES",
        "OCTOPUS_TRUSTED_PROXIES",
        "OCTOPUS_MASTER_KEY",
        "OCTOPUS_ADMIN_PASSWORD",
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "RUST_LOG",
    ] {
        command.env_remove(name);
    }
    command
}

/// `octopus serve` on a free port, with the waits of tests.
pub(crate) fn serve(data: &Path) -> Command {
    let patience = PATIENCE.to_string();
    let mut command = octopus(&["serve", "--listen", "127.0.0.1:0", "--health-interval", "1"]);
    command.args(["--patience", &patience, "--data"]).arg(data);
    command
        .arg("--tentacle-packages")
        .arg(data.with_file_name("tentacles"));
    command
}

impl Server {
    /// Starts one on a data folder, with these variables, and waits until it serves.
    pub(crate) fn start(data: &Path, settings: &[(&str, String)]) -> Self {
        let mut command = serve(data);
        command.env("OCTOPUS_ADMIN_PASSWORD", PASSWORD);
        Self::run(command.envs(settings.iter().cloned()), data)
    }

    /// Runs a prepared command, and waits until it serves.
    pub(crate) fn run(command: &mut Command, data: &Path) -> Self {
        let log = data.with_file_name("server.log");
        let errors = File::options().create(true).append(true).open(&log);
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(errors.unwrap())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let (lines, printed) = mpsc::channel();
        // Ends with the program.
        thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                let _unheard = lines.send(line);
            }
        });
        let mut server = Self {
            child,
            log,
            url: String::new(),
            greeting: Vec::new(),
        };
        while server.url.is_empty() {
            let line = printed.recv_timeout(Duration::from_secs(30));
            let line = line.unwrap_or_else(|_| panic!("no server: {}", server.log()));
            let url = line.split("serves ").nth(1).unwrap_or_default();
            server.url = url.split(' ').next().unwrap_or_default().to_owned();
            server.greeting.push(line);
        }
        server
    }

    /// Its process.
    pub(crate) fn id(&self) -> String {
        self.child.id().to_string()
    }

    /// `kill -9`: no last words, no tidying up.
    pub(crate) fn kill(mut self) {
        self.end();
    }

    /// Waits until it has ended by itself, in order.
    pub(crate) fn ended(mut self) {
        let status = self.child.wait().unwrap();
        assert!(status.success(), "{status}: {}", self.log());
    }

    fn end(&mut self) {
        let _ended_already = self.child.kill();
        self.child.wait().unwrap();
    }

    /// All that it wrote to standard error, in this life and earlier ones.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
        let log = self.log();
        if thread::panicking() {
            eprintln!("the server said:\n{log}");
        } else {
            assert!(!log.contains("panicked at"), "{log}");
        }
    }
}

/// A program that does not outlive its test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ended_already = self.0.kill();
        let _reaped_already = self.0.wait();
    }
}

/// Runs a command that is to end by itself, and whose output fits into a pipe.
#[track_caller]
pub(crate) fn run(command: &mut Command) -> Output {
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut running = Running(child.unwrap());
    let child = &mut running.0;
    let status = wait::until("the command ends", || child.try_wait().unwrap());
    let mut output = Output {
        status,
        stdout: Vec::new(),
        stderr: Vec::new(),
    };
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    stdout.unwrap().read_to_end(&mut output.stdout).unwrap();
    stderr.unwrap().read_to_end(&mut output.stderr).unwrap();
    output
}

/// Runs a command whose arguments or variables are wrong; gives what it says.
#[track_caller]
pub(crate) fn misused(command: &mut Command) -> String {
    let output = run(command);
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{text}");
    text
}

/// Runs a command that must fail with exit code 1 and one sentence; gives the sentence.
#[track_caller]
pub(crate) fn fails(command: &mut Command) -> String {
    let output = run(command);
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(!text.contains("panicked"), "{text}");
    let last = text.lines().last().unwrap_or_default();
    let sentence = last.strip_prefix("octopus: ");
    sentence.unwrap_or_else(|| panic!("{text}")).to_owned()
}
