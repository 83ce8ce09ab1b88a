//! The gap of an upgrade: from the end of one Tentacle to the next one answering on the port.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use rustix::process::Signal;
use serde_json::{Value, json};

use super::contestants::copy;
use crate::bench::process::{Process, program, signal};

const PATIENCE: Duration = Duration::from_secs(60);
const STEP: Duration = Duration::from_micros(200);

/// Upgrades Tentacle this often, each time as it upgrades itself: a new folder is published,
/// and the process exits 0. Gives milliseconds. Every version is the same program, which no
/// server has reached yet, so that each confirms itself.
pub(super) fn measure(
    folder: &Path,
    suction_cup: &Path,
    tentacle: &Path,
    times: u32,
) -> anyhow::Result<Vec<f64>> {
    let home = folder.join("upgrades");
    let address = free_port()?;
    fs::create_dir_all(home.join("config"))?;
    let settings = json!({ "port": address.port(), "listen_address": address.ip() });
    fs::write(home.join("config/tentacle.json"), settings.to_string())?;
    let own_version = env!("CARGO_PKG_VERSION");
    let mut runs = publish(&home, tentacle, own_version)?;
    let mut command = Command::new(suction_cup);
    command.arg("run").arg("--home").arg(&home);
    let log = folder.join("upgrades.log");
    let supervisor = Process::start(&command, &log, &runs)?;
    let mut gaps = Vec::new();
    for upgrade in 0..=times {
        confirmed(suction_cup, &home)?;
        if upgrade == times {
            break;
        }
        eprintln!("upgrading Tentacle, {} of {times}", upgrade + 1);
        let old = running(&supervisor, &runs)?;
        runs = publish(&home, tentacle, &format!("1000.{upgrade}.0"))?;
        signal(old, Signal::TERM);
        wait("the old version does not end", || program(old).is_none())?;
        let ended = Instant::now();
        wait("the new version does not answer", || answers(address))?;
        gaps.push(ended.elapsed().as_secs_f64() * 1000.0);
        running(&supervisor, &runs)?;
    }
    Ok(gaps)
}

/// A version's folder, whole or not at all.
fn publish(home: &Path, tentacle: &Path, version: &str) -> anyhow::Result<std::path::PathBuf> {
    let staging = home.join("versions/.staging-bench");
    copy(tentacle, &staging.join("tentacle"))?;
    fs::write(staging.join(".stamp"), "bundle\n")?;
    let folder = home.join("versions").join(version);
    fs::rename(&staging, &folder)?;
    Ok(folder.join("tentacle").canonicalize()?)
}

/// The process that runs this program, which must be the supervisor's child.
fn running(supervisor: &Process, runs: &Path) -> anyhow::Result<u32> {
    let mut found = None;
    wait("the wrong version runs", || {
        found = supervisor.running_of(runs);
        found.is_some()
    })?;
    found.context("no Tentacle runs")
}

/// Waits until what runs is good.
fn confirmed(suction_cup: &Path, home: &Path) -> anyhow::Result<()> {
    wait("a version is not confirmed", || {
        let output = Command::new(suction_cup)
            .args(["status", "--json", "--home"])
            .arg(home)
            .output();
        let status: Value = output
            .ok()
            .and_then(|output| serde_json::from_slice(&output.stdout).ok())
            .unwrap_or_default();
        let version = status.get("version").filter(|version| version.is_string());
        let mut versions = status
            .get("versions")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        version.is_some()
            && versions.any(|one| {
                one.get("version") == version
                    && one.get("standing").and_then(Value::as_str) == Some("good")
            })
    })
}

/// Whether a process answers, not the kernel alone: what is sent is no TLS, upon which
/// Tentacle says so or closes the connection.
fn answers(address: SocketAddr) -> bool {
    let asked = || -> std::io::Result<usize> {
        let mut connection = TcpStream::connect(address)?;
        connection.set_read_timeout(Some(Duration::from_secs(2)))?;
        connection.write_all(b"hello\r\n\r\n")?;
        connection.read(&mut [0; 16])
    };
    asked().is_ok()
}

fn wait(otherwise: &str, mut done: impl FnMut() -> bool) -> anyhow::Result<()> {
    let until = Instant::now() + PATIENCE;
    while !done() {
        ensure!(Instant::now() < until, "{otherwise}");
        thread::sleep(STEP);
    }
    Ok(())
}

fn free_port() -> anyhow::Result<SocketAddr> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?)
}
