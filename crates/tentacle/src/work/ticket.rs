//! One ticket on disk: its state and its log.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufRead, BufReader, Write},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use layout::replace_file;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use wire::v1::{LogLine, WorkState, log_line, work_state::Phase};

use super::{Done, Stop, WorkError};
use crate::scripts::{CancelToken, Level, Log};

/// One ticket.
pub(super) struct Ticket {
    folder: PathBuf,
    state: watch::Sender<WorkState>,
    log: Mutex<File>,
    /// Asks the work to end.
    pub(super) cancel: CancelToken,
}

/// `state.json`.
#[derive(Serialize, Deserialize)]
struct Stored {
    phase: String,
    #[serde(default)]
    message: String,
}

/// A line of `log.jsonl`.
#[derive(Serialize, Deserialize)]
pub(super) struct StoredLine {
    n: u64,
    at: i64,
    level: i32,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    step: String,
    text: String,
}

impl StoredLine {
    pub(super) fn into_wire(self) -> LogLine {
        LogLine {
            sequence: self.n,
            at_unix_ms: self.at,
            level: self.level,
            step: self.step,
            text: self.text,
        }
    }
}

impl Ticket {
    /// A new ticket: from now on it is known, whatever happens.
    pub(super) fn create(folder: &Path) -> Result<Self, WorkError> {
        let failed = |source| WorkError::Io {
            path: folder.to_owned(),
            source,
        };
        fs::create_dir(folder).map_err(failed)?;
        let log = open_log(folder).map_err(failed)?;
        let (state, _) = watch::channel(state_of(folder, Phase::Running, "", 0));
        let ticket = Self {
            state,
            log: Mutex::new(log),
            cancel: CancelToken::new(),
            folder: folder.to_owned(),
        };
        ticket.store().map_err(failed)?;
        Ok(ticket)
    }

    /// A ticket of an earlier process. What that process left running has failed.
    pub(super) fn reopen(folder: PathBuf) -> io::Result<Self> {
        // Script files of a process that was killed: they may hold secrets.
        match fs::remove_dir_all(scripts_folder(&folder)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let stored: Stored = serde_json::from_slice(&fs::read(folder.join("state.json"))?)?;
        let phase = Phase::from_str_name(&stored.phase)
            .ok_or_else(|| io::Error::other(format!("unknown phase {}", stored.phase)))?;
        let last = last_sequence(&folder)?;
        let log = open_log(&folder)?;
        let (state, _) = watch::channel(state_of(&folder, phase, &stored.message, last));
        let ticket = Self {
            folder,
            state,
            log: Mutex::new(log),
            cancel: CancelToken::new(),
        };
        if phase == Phase::Running {
            let text = "Tentacle ended while this work was running, so it is not complete; \
                        what was installed before is untouched. Deploy again.";
            ticket.end(Err(Stop::Failed(text.to_owned())));
        }
        Ok(ticket)
    }

    pub(super) fn id(&self) -> &str {
        id_of(&self.folder)
    }

    pub(super) fn state(&self) -> WorkState {
        self.state.borrow().clone()
    }

    pub(super) fn watch(&self) -> watch::Receiver<WorkState> {
        self.state.subscribe()
    }

    pub(super) fn log_file(&self) -> PathBuf {
        self.folder.join("log.jsonl")
    }

    /// For files that exist only while scripts run.
    pub(super) fn scripts_folder(&self) -> PathBuf {
        scripts_folder(&self.folder)
    }

    /// Writes the outcome down, then tells it.
    pub(super) fn end(&self, outcome: Result<Done, Stop>) {
        let (phase, message) = match outcome {
            Ok(Done::Well(message) | Done::EndProcess(message)) => (Phase::Succeeded, message),
            Err(Stop::Failed(message)) => (Phase::Failed, message),
            Err(Stop::Cancelled(message)) => (Phase::Cancelled, message),
        };
        let mut next = self.state();
        next.set_phase(phase);
        next.message = message;
        if let Err(error) = self.write_state(&next) {
            // Told all the same: after a restart it would count as failed, never as done.
            tracing::error!("the outcome of {} can't be written: {error}", self.id());
        }
        self.state.send_replace(next);
    }

    /// Removes the ticket from disk.
    pub(super) fn remove(&self) {
        if let Err(error) = fs::remove_dir_all(&self.folder) {
            tracing::warn!("{} can't be removed: {error}", self.folder.display());
        }
    }

    fn store(&self) -> io::Result<()> {
        self.write_state(&self.state.borrow())
    }

    fn write_state(&self, state: &WorkState) -> io::Result<()> {
        let stored = Stored {
            phase: state.phase().as_str_name().to_owned(),
            message: state.message.clone(),
        };
        let text = serde_json::to_vec(&stored)?;
        replace_file(&self.folder.join("state.json"), &text)
    }

    fn append(&self, level: log_line::Level, step: &str, text: &str) {
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        let line = StoredLine {
            n: self.state.borrow().last_sequence + 1,
            at: jiff::Timestamp::now().as_millisecond(),
            level: level.into(),
            step: step.to_owned(),
            text: text.to_owned(),
        };
        let written = serde_json::to_vec(&line)
            .map_err(io::Error::from)
            .and_then(|mut bytes| {
                bytes.push(b'\n');
                log.write_all(&bytes)
            });
        match written {
            Ok(()) => self.state.send_modify(|state| state.last_sequence = line.n),
            Err(error) => tracing::error!("a log line of {} is lost: {error}", self.id()),
        }
    }
}

impl Log for Ticket {
    fn line(&self, level: Level, step: &str, text: &str) {
        let level = match level {
            Level::Verbose => log_line::Level::Verbose,
            Level::Info => log_line::Level::Info,
            Level::Highlight => log_line::Level::Highlight,
            Level::Wait => log_line::Level::Wait,
            Level::Warning => log_line::Level::Warning,
            Level::Error => log_line::Level::Error,
        };
        self.append(level, step, text);
    }

    fn progress(&self, step: &str, percentage: u8, message: &str) {
        let text = format!("{percentage} % {message}");
        self.append(log_line::Level::Verbose, step, text.trim_end());
    }
}

fn scripts_folder(folder: &Path) -> PathBuf {
    folder.join("scripts")
}

fn id_of(folder: &Path) -> &str {
    folder
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or("")
}

fn state_of(folder: &Path, phase: Phase, message: &str, last_sequence: u64) -> WorkState {
    let mut state = WorkState {
        ticket: id_of(folder).to_owned(),
        message: message.to_owned(),
        last_sequence,
        ..WorkState::default()
    };
    state.set_phase(phase);
    state
}

fn open_log(folder: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    options.open(folder.join("log.jsonl"))
}

/// The number of the last whole line; a torn one, left by a power cut, is cut off.
fn last_sequence(folder: &Path) -> io::Result<u64> {
    let path = folder.join("log.jsonl");
    let mut reader = match File::open(&path) {
        Ok(file) => BufReader::new(file),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(error),
    };
    let (mut last, mut whole) = (0, 0);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line)? > 0 {
        let parsed = serde_json::from_slice::<StoredLine>(&line);
        let (Ok(parsed), true) = (parsed, line.ends_with(b"\n")) else {
            break;
        };
        last = parsed.n;
        whole += line.len() as u64;
        line.clear();
    }
    OpenOptions::new().write(true).open(&path)?.set_len(whole)?;
    Ok(last)
}
