//! What Tentacle tells the server of itself and of its machine.

use std::{fs, time::Instant};

use layout::{Home, Ledger, Stamp, Standing, install::free_bytes, last_lines};
use nupkg::NuGetVersion;
use wire::v1::{StatusResponse, VersionState, version_state};

/// Lines of Suction Cup's log that go along.
const SUPERVISOR_LINES: usize = 20;

/// What does not change while the process runs.
#[derive(Debug, Clone)]
pub struct Facts {
    /// Of this build.
    pub version: NuGetVersion,
    /// New for each start.
    pub run: String,
    /// When it started.
    pub started: Instant,
}

/// The answer to the server's question.
pub fn status(home: &Home, facts: &Facts, running: Vec<String>, draining: bool) -> StatusResponse {
    // Damaged is for Suction Cup to repair: until then nothing is known.
    let ledger = Ledger::load(home).unwrap_or_default();
    let mut versions: Vec<_> = ledger.entries().collect();
    versions.sort_by(|(a, _), (b, _)| b.cmp(a));
    let versions = versions.into_iter().map(|(version, entry)| {
        let standing = match &entry.standing {
            Standing::Trial => version_state::Standing::Trial,
            Standing::Good => version_state::Standing::Good,
            Standing::Bad { .. } => version_state::Standing::Bad,
        };
        let mut state = VersionState {
            version: version.to_string(),
            ticket: ticket(&entry.stamp),
            ..VersionState::default()
        };
        state.set_standing(standing);
        if let Standing::Bad { reason, detail, .. } = &entry.standing {
            state.reason = reason.as_str().to_owned();
            state.detail = detail.clone();
            state.last_lines = last_lines(home, version);
        }
        state
    });
    StatusResponse {
        version: facts.version.to_string(),
        rid: layout::RID.to_owned(),
        run: facts.run.clone(),
        uptime_seconds: facts.started.elapsed().as_secs(),
        process_id: std::process::id(),
        machine_name: host_name(),
        operating_system: operating_system(),
        versions: versions.collect(),
        running,
        disk_free_bytes: free_bytes(home.root()).ok().flatten().unwrap_or(0),
        supervisor_log: supervisor_log(home),
        draining,
    }
}

/// A stamp that is no order of a server stands for none.
fn ticket(stamp: &Stamp) -> String {
    if *stamp == Stamp::bundle() {
        String::new()
    } else {
        stamp.to_string()
    }
}

fn supervisor_log(home: &Home) -> Vec<String> {
    let text = fs::read(home.supervisor_log()).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let mut lines: Vec<String> = text
        .lines()
        .rev()
        .take(SUPERVISOR_LINES)
        .map(str::to_owned)
        .collect();
    lines.reverse();
    lines
}

/// The machine's name in its network; `localhost` when it has none.
pub fn host_name() -> String {
    let kernel = fs::read_to_string("/proc/sys/kernel/hostname").ok();
    let name = kernel.or_else(|| std::env::var("COMPUTERNAME").ok());
    let name = name.map(|name| name.trim().to_owned());
    name.filter(|name| !name.is_empty())
        .unwrap_or_else(|| "localhost".to_owned())
}

/// The operating system as it calls itself (os-release(5)).
fn operating_system() -> String {
    let text = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let pretty = text
        .lines()
        .find_map(|line| line.strip_prefix("PRETTY_NAME="));
    pretty.map_or_else(
        || std::env::consts::OS.to_owned(),
        |name| name.trim_matches('"').to_owned(),
    )
}
