//! A HOME of its own for each test, and the real program in it.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, ExitStatus, Output, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use channel::{Identity, Thumbprint, dial};
use layout::Home;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;

use crate::calls::Client;

/// Longer than anything takes on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Of the program under test.
pub(crate) const VERSION: &str = match option_env!("OCTOPUS_BUILD_VERSION") {
    Some(version) => version,
    None => env!("CARGO_PKG_VERSION"),
};

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_tentacle");

/// A HOME, and the server that it trusts.
pub(crate) struct Instance {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) home: Home,
    pub(crate) server: Identity,
}

impl Instance {
    /// Listens on any free port of loopback, and trusts `server`.
    pub(crate) fn new() -> Self {
        let instance = Self::bare();
        let trusted = json!([{ "thumbprint": instance.server.thumbprint().to_string() }]);
        instance.configure(&json!({
            "port": 0, "listen_address": "127.0.0.1", "trusted": trusted,
        }));
        instance
    }

    /// A HOME that is not there yet.
    pub(crate) fn bare() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self {
            home: Home::new(folder.path().join("instance")),
            folder,
            server: Identity::generate("server").unwrap().0,
        }
    }

    /// Writes `tentacle.json`.
    pub(crate) fn configure(&self, settings: &serde_json::Value) {
        self.write("config/tentacle.json", &settings.to_string());
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.home.root().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The text with `DIR` for the folder of the test.
    pub(crate) fn plain(&self, text: &str) -> String {
        text.replace(self.folder.path().to_str().unwrap(), "DIR")
    }

    /// `tentacle agent`, not started yet.
    pub(crate) fn agent(&self) -> Command {
        self.agent_of(Path::new(PROGRAM))
    }

    /// The same with a program of another place.
    pub(crate) fn agent_of(&self, program: &Path) -> Command {
        let mut command = clean(program);
        command.args(["agent", "--home"]).arg(self.home.root());
        command
    }

    /// Starts the agent, and waits until it listens.
    pub(crate) fn start(&self) -> Agent {
        self.start_as(&mut self.agent())
    }

    pub(crate) fn start_as(&self, command: &mut Command) -> Agent {
        let mut process = Process::start(command);
        let line = process.log.wait(" listens on ");
        let said = line.split_once(" listens on ").unwrap().1;
        let (address, thumbprint) = said.split_once(" (thumbprint ").unwrap();
        process.listens = true;
        let mut agent = Agent {
            process,
            address: address.parse().unwrap(),
            thumbprint: thumbprint.trim_end_matches(')').parse().unwrap(),
            client: None,
        };
        agent.client = Some(agent.client_of(&self.server));
        agent
    }

    /// Starts an agent that ends by itself: its exit code, and what it said.
    pub(crate) fn fails(&self) -> (Option<i32>, String) {
        let mut process = Process::start(&mut self.agent());
        let status = process.ended();
        (status.code(), self.plain(&process.log.text()))
    }

    /// Runs another command of the program in this HOME to its end.
    pub(crate) fn run(&self, command: &str, options: &[&str]) -> Output {
        let mut tentacle = clean(Path::new(PROGRAM));
        tentacle.args([command, "--home"]).arg(self.home.root());
        tentacle.args(options).output().unwrap()
    }

    /// Everything below a folder of the HOME, sorted.
    pub(crate) fn tree(&self, name: &str) -> Vec<String> {
        tree(&self.path(name))
    }
}

/// Everything below a folder, sorted.
pub(crate) fn tree(folder: &Path) -> Vec<String> {
    fn walk(root: &Path, folder: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let entry = entry.unwrap();
            let path = entry.path();
            let name = path.strip_prefix(root).unwrap().to_str().unwrap();
            found.push(name.to_owned());
            if entry.file_type().unwrap().is_dir() {
                walk(root, &path, found);
            }
        }
    }
    let mut found = Vec::new();
    walk(folder, folder, &mut found);
    found.sort();
    found
}

/// A program that knows nothing of the environment of the tests.
pub(crate) fn clean(program: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap());
    command
}

/// An agent that listens.
pub(crate) struct Agent {
    pub(crate) process: Process,
    pub(crate) address: SocketAddr,
    pub(crate) thumbprint: Thumbprint,
    client: Option<Client>,
}

impl Agent {
    /// Calls as the trusted server, over one connection.
    pub(crate) fn client(&self) -> Client {
        self.client.clone().unwrap()
    }

    /// A connection of its own.
    pub(crate) fn client_of(&self, caller: &Identity) -> Client {
        let channel = dial(
            &format!("https://{}/", self.address),
            caller,
            self.thumbprint,
        );
        Client::new(channel.unwrap())
    }

    /// Ends the server's connection; the next call makes a new one.
    pub(crate) fn cut(&mut self, instance: &Instance) {
        self.client = None;
        self.client = Some(self.client_of(&instance.server));
    }
}

/// A program that was started, with what it says on standard error.
pub(crate) struct Process {
    child: Child,
    pub(crate) log: Log,
    listens: bool,
}

impl Process {
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let log = Log::of(child.stderr.take().unwrap());
        Self {
            child,
            log,
            listens: false,
        }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Waits for its end.
    pub(crate) fn ended(&mut self) -> ExitStatus {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                self.log.wait_for_end();
                return status;
            }
            let text = self.log.text();
            assert!(begun.elapsed() < PATIENCE, "it never ends:\n{text}");
            thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Process {
    /// Also after a failed test nothing stays.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let text = self.log.text();
        if thread::panicking() {
            eprintln!("{text}");
        } else {
            assert!(!text.contains("panicked"), "{text}");
        }
    }
}

/// Lines as they come.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<(Mutex<Lines>, Condvar)>);

#[derive(Default)]
struct Lines {
    lines: Vec<String>,
    ended: bool,
}

impl Log {
    fn of(stderr: ChildStderr) -> Self {
        let log = Self::default();
        let writer = log.clone();
        thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                writer.change(|lines| lines.lines.push(line));
            }
            writer.change(|lines| lines.ended = true);
        });
        log
    }

    fn change(&self, change: impl FnOnce(&mut Lines)) {
        change(&mut self.0.0.lock().unwrap());
        self.0.1.notify_all();
    }

    /// All that was said so far.
    pub(crate) fn text(&self) -> String {
        self.0.0.lock().unwrap().lines.join("\n")
    }

    /// How many lines have this text so far.
    pub(crate) fn count(&self, text: &str) -> usize {
        self.text()
            .lines()
            .filter(|line| line.contains(text))
            .count()
    }

    /// Waits for a line with this text.
    pub(crate) fn wait(&self, text: &str) -> String {
        let find = |lines: &Lines| {
            let found = lines.lines.iter().find(|line| line.contains(text));
            found.cloned().or_else(|| lines.ended.then(String::new))
        };
        let found = self.until(find).filter(|line| !line.is_empty());
        found.unwrap_or_else(|| panic!("never said: {text}\n{}", self.text()))
    }

    fn wait_for_end(&self) {
        self.until(|lines| lines.ended.then_some(()));
    }

    fn until<T>(&self, look: impl Fn(&Lines) -> Option<T>) -> Option<T> {
        let (lines, changed) = &*self.0;
        let blank = |lines: &mut Lines| look(lines).is_none();
        let lines = lines.lock().unwrap();
        let (lines, _) = changed.wait_timeout_while(lines, PATIENCE, blank).unwrap();
        look(&lines)
    }
}
