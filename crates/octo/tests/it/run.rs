//! Runs of the program.

use std::io::{Seek, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use expect_test::Expect;
use tempfile::TempDir;

use crate::server::{Reply, Request, Server};

/// The key of every run; no output may ever hold it.
pub(crate) const KEY: &str = "API-SEESNOONE1234";

/// A place where octo runs: a folder of its own as home and current folder, and nothing in the
/// environment but what a test puts there.
pub(crate) struct Place {
    /// The folder.
    pub(crate) home: TempDir,
    variables: Vec<(String, String)>,
    input: Vec<u8>,
}

impl Place {
    /// With no server known.
    pub(crate) fn new() -> Self {
        Self {
            home: tempfile::tempdir().unwrap(),
            variables: vec![("TZ".to_owned(), "UTC".to_owned())],
            input: Vec::new(),
        }
    }

    /// With the server and the key in the environment.
    pub(crate) fn with(server: &Server) -> Self {
        Self::new()
            .set("OCTOPUS_URL", &server.url())
            .set("OCTOPUS_API_KEY", KEY)
    }

    /// One more variable in the environment.
    pub(crate) fn set(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Text on standard input.
    pub(crate) fn input(mut self, text: impl AsRef<[u8]>) -> Self {
        text.as_ref().clone_into(&mut self.input);
        self
    }

    /// A file in the folder.
    pub(crate) fn file(&self, name: &str, content: &[u8]) {
        let path = self.home.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    /// `program` with octo's surroundings.
    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("HOME", self.home.path())
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .current_dir(self.home.path());
        command
    }

    /// Runs octo and checks that it keeps the key to itself.
    pub(crate) fn run(&self, arguments: &str) -> Output {
        let words: Vec<&str> = arguments.split_whitespace().collect();
        let mut input = tempfile::tempfile().unwrap();
        input.write_all(&self.input).unwrap();
        input.rewind().unwrap();
        let output = self
            .command(Path::new(env!("CARGO_BIN_EXE_octo")))
            .args(words)
            .stdin(Stdio::from(input))
            .output()
            .unwrap();
        for stream in [&output.stdout, &output.stderr] {
            let text = String::from_utf8_lossy(stream);
            assert!(!text.contains(KEY), "the key is shown: {text}");
            assert!(
                !text.contains('\u{1b}'),
                "colours without a terminal: {text}"
            );
        }
        output
    }

    /// Runs octo and compares everything that people see.
    pub(crate) fn check(&self, arguments: &str, expected: Expect) {
        expected.assert_eq(&self.transcript(arguments));
    }

    /// What people see: standard output, then standard error, then the exit code. Tells when
    /// standard output ends within a line.
    pub(crate) fn transcript(&self, arguments: &str) -> String {
        let output = self.run(arguments);
        let mut text = String::from_utf8(output.stdout).unwrap();
        if !text.is_empty() && !text.ends_with('\n') {
            text.push_str("<no line break>\n");
        }
        for line in String::from_utf8(output.stderr).unwrap().lines() {
            text.push_str(&format!("! {line}\n"));
        }
        text.push_str(&format!("=> {}\n", output.status.code().unwrap()));
        for (name, value) in &self.variables {
            if name == "OCTOPUS_URL" {
                text = text.replace(value, "http://server");
            }
        }
        text.replace(&self.home.path().display().to_string(), "HOME")
    }
}

/// Runs octo against a server with this script, compares what people see, and hands out the
/// requests.
pub(crate) fn check(script: Vec<(&str, Reply)>, arguments: &str, expected: Expect) -> Vec<Request> {
    let server = Server::start(script);
    Place::with(&server).check(arguments, expected);
    let requests = server.finish();
    for request in &requests {
        assert_eq!(request.header("x-octopus-apikey"), KEY, "{}", request.line);
    }
    requests
}

/// The standard output of a run against a server with this script, as JSON.
pub(crate) fn json(script: Vec<(&str, Reply)>, arguments: &str) -> serde_json::Value {
    let server = Server::start(script);
    let output = Place::with(&server).run(arguments);
    assert!(output.status.success(), "{output:?}");
    server.finish();
    serde_json::from_slice(&output.stdout).unwrap()
}
