//! A server with a data folder of its own, and a client of it.

use std::{
    fs,
    io::Cursor,
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use nupkg::{Nuspec, PackageBuilder};
use serde_json::Value;
use ureq::typestate::WithBody;

use crate::bench::process::Process;

const PATIENCE: Duration = Duration::from_secs(60);

/// A running server.
pub(super) struct Stage {
    process: Option<Process>,
    agent: ureq::Agent,
    pub(super) folder: PathBuf,
    /// `http://127.0.0.1:port`.
    pub(super) url: String,
    pub(super) key: String,
}

impl Stage {
    /// Starts a server on an empty folder.
    pub(super) fn start(program: &Path, folder: &Path) -> anyhow::Result<Self> {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(PATIENCE));
        let mut stage = Self {
            process: None,
            agent: agent.build().into(),
            folder: folder.to_owned(),
            url: String::new(),
            key: String::new(),
        };
        stage.run(program)?;
        let key = Command::new(program)
            .args(["api-key", "create", "--data"])
            .arg(stage.data())
            .output()?;
        ensure!(key.status.success(), "no API key was made");
        stage.key = String::from_utf8_lossy(&key.stdout).trim().to_owned();
        Ok(stage)
    }

    /// Starts the server, again if it has run before.
    pub(super) fn run(&mut self, program: &Path) -> anyhow::Result<()> {
        let port = free_port()?;
        let mut command = Command::new(program);
        command.args(["serve", "--listen", &format!("127.0.0.1:{port}"), "--data"]);
        command.arg(self.data());
        self.url = format!("http://127.0.0.1:{port}");
        let log = self.folder.join(format!("server-{port}.log"));
        self.process = Some(Process::start(&command, &log, program)?);
        let begun = Instant::now();
        while self.agent.get(format!("{}/api", self.url)).call().is_err() {
            ensure!(
                begun.elapsed() < PATIENCE,
                "no server: see {}",
                log.display()
            );
            thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// Ends the server.
    pub(super) fn stop(&mut self) {
        self.process = None;
    }

    pub(super) fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn id(&self) -> anyhow::Result<u32> {
        Ok(self.process.as_ref().context("no server runs")?.id())
    }

    /// Resident memory, in MB.
    pub(super) fn memory(&self) -> anyhow::Result<f64> {
        self.status("VmRSS:")
    }

    /// The most since it was forgotten.
    pub(super) fn peak_memory(&self) -> anyhow::Result<f64> {
        self.status("VmHWM:")
    }

    /// See proc(5), `clear_refs`.
    pub(super) fn forget_peak(&self) -> anyhow::Result<()> {
        Ok(fs::write(format!("/proc/{}/clear_refs", self.id()?), "5")?)
    }

    fn status(&self, key: &str) -> anyhow::Result<f64> {
        let text = fs::read_to_string(format!("/proc/{}/status", self.id()?))?;
        let mut lines = text.lines();
        let found = lines.find_map(|line| line.strip_prefix(key));
        let number = found.and_then(|line| line.split_whitespace().next());
        let kilobytes: f64 = number.context("no such line in status")?.parse()?;
        Ok(kilobytes / 1024.0)
    }

    /// Processor time so far, in milliseconds.
    pub(super) fn processor_time(&self) -> anyhow::Result<f64> {
        let text = fs::read_to_string(format!("/proc/{}/stat", self.id()?))?;
        let (_, behind) = text.rsplit_once(')').context("stat is not as expected")?;
        // Fields 14 and 15, in ticks of 10 ms; field 3 is the first behind the name.
        let ticks = behind.split_whitespace().skip(11).take(2);
        let ticks: Result<Vec<f64>, _> = ticks.map(str::parse).collect();
        Ok(ticks?.iter().sum::<f64>() * 10.0)
    }

    pub(super) fn get(&self, path: &str) -> anyhow::Result<Value> {
        let text = self.text(path)?;
        Ok(serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    /// The whole body.
    pub(super) fn text(&self, path: &str) -> anyhow::Result<String> {
        let request = self.agent.get(format!("{}{path}", self.url));
        let mut answer = request.header("X-Octopus-ApiKey", &self.key).call()?;
        let text = answer.body_mut().read_to_string()?;
        ensure!(answer.status().is_success(), "{path}: {text}");
        Ok(text)
    }

    pub(super) fn post(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        let request = self.agent.post(format!("{}{path}", self.url));
        self.send(
            path,
            request,
            "application/json",
            body.to_string().as_bytes(),
        )
    }

    pub(super) fn put(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        let request = self.agent.put(format!("{}{path}", self.url));
        self.send(
            path,
            request,
            "application/json",
            body.to_string().as_bytes(),
        )
    }

    /// Pushes a package.
    pub(super) fn push(&self, package: &[u8]) -> anyhow::Result<Value> {
        let head = "--limit\r\nContent-Disposition: form-data; name=\"package\"; \
                    filename=\"package.nupkg\"\r\n\r\n";
        let body = [head.as_bytes(), package, b"\r\n--limit--\r\n"].concat();
        let kind = "multipart/form-data; boundary=limit";
        let path = "/api/Spaces-1/packages/raw";
        let request = self.agent.post(format!("{}{path}", self.url));
        self.send(path, request, kind, &body)
    }

    fn send(
        &self,
        path: &str,
        request: ureq::RequestBuilder<WithBody>,
        kind: &str,
        body: &[u8],
    ) -> anyhow::Result<Value> {
        let request = request
            .header("X-Octopus-ApiKey", &self.key)
            .header("Content-Type", kind);
        let mut answer = request.send(body)?;
        let text = answer.body_mut().read_to_string()?;
        ensure!(answer.status().is_success(), "{path}: {text}");
        Ok(serde_json::from_str(&text)?)
    }
}

pub(super) fn free_port() -> anyhow::Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    Ok(listener.local_addr()?.port())
}

/// A package of about this size, whose content does not compress.
pub(super) fn package(id: &str, version: &str, size: usize) -> anyhow::Result<Vec<u8>> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let next = || {
        // Marsaglia's xorshift.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    let content: Vec<u8> = std::iter::repeat_with(next).flatten().take(size).collect();
    let mut nuspec = Nuspec::new(id.parse()?, version.parse()?);
    nuspec.authors = vec!["Acme".to_owned()];
    nuspec.description = Some("For measuring.".to_owned());
    let builder = PackageBuilder::new(nuspec).file("content.bin", 0o644, Cursor::new(content))?;
    Ok(builder.finish(Cursor::new(Vec::new()))?.into_inner())
}
