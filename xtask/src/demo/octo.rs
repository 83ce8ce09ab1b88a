//! `octo`, as a person would type it.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, bail};
use serde_json::Value;

/// The command line with its settings.
pub(super) struct Octo {
    program: PathBuf,
    config: PathBuf,
    address: String,
    key: String,
}

/// What a command gave.
pub(super) struct Said {
    pub(super) succeeded: bool,
    pub(super) output: String,
    pub(super) errors: String,
}

impl Octo {
    pub(super) fn new(program: &Path, address: &str, key: &str) -> Self {
        Self {
            program: program.to_owned(),
            config: program.with_file_name("octo.json"),
            address: address.to_owned(),
            key: key.to_owned(),
        }
    }

    /// Runs a command to its end.
    pub(super) fn run(&self, arguments: &[&str]) -> anyhow::Result<Said> {
        let output = Command::new(&self.program)
            .args(arguments)
            // Never the settings of whoever runs the demo.
            .env("OCTO_CONFIG", &self.config)
            .env("OCTOPUS_URL", &self.address)
            .env("OCTOPUS_API_KEY", &self.key)
            .env("CI", "true")
            .stdin(Stdio::null())
            .output()
            .context("octo can't be started")?;
        Ok(Said {
            succeeded: output.status.success(),
            output: String::from_utf8_lossy(&output.stdout).into_owned(),
            errors: String::from_utf8_lossy(&output.stderr).into_owned(),
        })
    }

    /// Runs a command that must succeed; gives its output.
    pub(super) fn done(&self, arguments: &[&str]) -> anyhow::Result<String> {
        let said = self.run(arguments)?;
        if !said.succeeded {
            bail!(
                "octo {}: {}{}",
                arguments.join(" "),
                said.output,
                said.errors
            );
        }
        Ok(said.output)
    }

    /// Runs a command that must succeed and print JSON.
    pub(super) fn json(&self, arguments: &[&str]) -> anyhow::Result<Value> {
        let mut arguments = arguments.to_vec();
        arguments.extend(["--output-format", "json"]);
        let output = self.done(&arguments)?;
        serde_json::from_str(&output).with_context(|| format!("not JSON: {output}"))
    }
}
