//! One life of the server.

use std::{fs, path::Path, process::Command, time::Duration};

use anyhow::{Context, bail};

use super::{process::Process, screen::Screen};

/// How people sign in to the demo's portal.
pub(super) const PASSWORD: &str = "octopus-demo";

/// A running server.
pub(super) struct Server {
    pub(super) process: Process,
    pub(super) address: String,
}

impl Server {
    /// Starts a version on its data; on the same port as before when `address` is given.
    pub(super) fn start(
        screen: &Screen,
        program: &Path,
        data: &Path,
        tentacles: &Path,
        address: Option<&str>,
        log: &Path,
    ) -> anyhow::Result<Self> {
        let listen = address.and_then(|address| address.strip_prefix("http://"));
        let mut command = Command::new(program);
        command.arg("serve").arg("--data").arg(data);
        command.arg("--tentacle-packages").arg(tentacles);
        command.args([
            "--listen",
            listen.unwrap_or("127.0.0.1:0"),
            "--health-interval",
            "2",
        ]);
        command.env("OCTOPUS_ADMIN_PASSWORD", PASSWORD);
        let mut process = Process::start(&command, log)?;
        let address = screen.wait_for("the server serves", Duration::from_secs(60), || {
            let text = fs::read_to_string(log)?;
            if process.ended().is_some() {
                bail!("it ended: {text}");
            }
            let (_, rest) = text.split_once("serves ").context("not yet")?;
            let address = rest.split_whitespace().next().context("no address")?;
            Ok(address.to_owned())
        })?;
        Ok(Self { process, address })
    }
}
