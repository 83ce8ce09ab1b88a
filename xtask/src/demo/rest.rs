//! The server's REST interface, as a script would use it.

use std::time::Duration;

use anyhow::{Context, bail};
use serde_json::Value;

/// A client with an API key.
pub(crate) struct Rest {
    agent: ureq::Agent,
    address: String,
    key: String,
}

/// An agent that gives every status as an answer and follows no redirect.
pub(crate) fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_global(Some(Duration::from_secs(20)))
        .build()
        .into()
}

impl Rest {
    pub(crate) fn new(address: &str, key: &str) -> Self {
        Self {
            agent: agent(),
            address: address.to_owned(),
            key: key.to_owned(),
        }
    }

    pub(crate) fn get(&self, path: &str) -> anyhow::Result<Value> {
        let mut answer = self
            .agent
            .get(format!("{}{path}", self.address))
            .header("X-Octopus-ApiKey", &self.key)
            .call()
            .with_context(|| path.to_owned())?;
        let status = answer.status();
        let body: Value = answer
            .body_mut()
            .read_json()
            .with_context(|| path.to_owned())?;
        if !status.is_success() {
            bail!("{path}: {status} {body}");
        }
        Ok(body)
    }

    pub(crate) fn put(&self, path: &str, body: &Value) -> anyhow::Result<()> {
        let answer = self
            .agent
            .put(format!("{}{path}", self.address))
            .header("X-Octopus-ApiKey", &self.key)
            .send_json(body)
            .with_context(|| path.to_owned())?;
        let status = answer.status();
        if !status.is_success() {
            bail!("{path}: {status}");
        }
        Ok(())
    }

    /// All machines.
    pub(crate) fn machines(&self) -> anyhow::Result<Vec<Value>> {
        let machines = self.get("/api/Spaces-1/machines/all")?;
        machines.as_array().cloned().context("no list of machines")
    }

    /// A task, by `ServerTasks-1`.
    pub(crate) fn task(&self, id: &str) -> anyhow::Result<Value> {
        self.get(&format!("/api/Spaces-1/tasks/{id}"))
    }

    /// Every line of a task's log: machine, step, text.
    pub(crate) fn log(&self, id: &str) -> anyhow::Result<Vec<[String; 3]>> {
        let entries = self.get(&format!("/api/Spaces-1/tasks/{id}/log"))?;
        let entries = entries.as_array().context("no list of lines")?;
        let text = |entry: &Value, field: &str| string(entry, field).unwrap_or_default();
        Ok(entries
            .iter()
            .map(|entry| ["Machine", "Step", "MessageText"].map(|field| text(entry, field)))
            .collect())
    }
}

/// A text below `/`-separated names.
pub(crate) fn string(value: &Value, path: &str) -> Option<String> {
    let found = value.pointer(&format!("/{path}"))?;
    found.as_str().map(str::to_owned)
}
