//! One ticket on disk: its state and its log.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufRead, BufReader, Write},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use conventions::{Artifact, CancelToken, Level, Log, OutputVariable};
use layout::replace_file;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use wire::v1::{LogLine, Variable, WorkState, log_line, work_state::Phase};

use super::artifacts::{self, Kept, Output};
use super::{Done, Stop, WorkError};

/// One ticket.
pub(super) struct Ticket {
    folder: PathBuf,
    told: watch::Sender<Told>,
    log: Mutex<LogFile>,
    /// Asks the work to end.
    pub(super) cancel: CancelToken,
}

/// What those who watch are told.
#[derive(Clone)]
pub(super) struct Told {
    pub(super) state: WorkState,
    /// Bytes of the log up to the end of its last line.
    pub(super) log_bytes: u64,
}

struct LogFile {
    file: File,
    /// Lines that could not be written since the last one that could.
    lost: u64,
}

const LEFT: &str = "Tentacle ended while this work was running, so it is not complete; what was \
                    installed before is untouched. Deploy again.";
const UNREADABLE: &str = "What became of this work can't be read any more, so it counts as \
                          failed. See what is installed, and deploy again.";

/// `state.json`.
#[derive(Default, Serialize, Deserialize)]
struct Stored {
    phase: String,
    #[serde(default)]
    message: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    artifacts: Vec<Kept>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    output: Vec<Output>,
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
        private_folder(folder).map_err(failed)?;
        let begin = || {
            let file = open_log(folder)?;
            let state = state_of(folder, Phase::Running, "", 0);
            let ticket = Self::new(folder.to_owned(), state, 0, file);
            ticket.write_state(&ticket.state())?;
            Ok(ticket)
        };
        begin().map_err(|source| {
            // It was not begun, so the same ticket can be tried again.
            let _gone = fs::remove_dir_all(folder);
            failed(source)
        })
    }

    fn new(folder: PathBuf, state: WorkState, log_bytes: u64, file: File) -> Self {
        Self {
            folder,
            told: watch::Sender::new(Told { state, log_bytes }),
            log: Mutex::new(LogFile { file, lost: 0 }),
            cancel: CancelToken::new(),
        }
    }

    /// A ticket of an earlier process. What that process left running has failed.
    ///
    /// # Errors
    /// `NotFound` when the work was never begun, others when the folder can't be used.
    pub(super) fn reopen(folder: PathBuf) -> io::Result<Self> {
        // Script files of a process that was killed: they may hold secrets.
        match fs::remove_dir_all(scripts_folder(&folder)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let bytes = fs::read(folder.join("state.json"))?;
        let stored: Option<Stored> = serde_json::from_slice(&bytes).ok();
        let stored = stored.and_then(|stored| {
            let phase = Phase::from_str_name(&stored.phase)?;
            Some((phase, stored))
        });
        // It was begun once, and is not begun again, whatever a later version wrote here.
        let (phase, stored, lost) = match stored {
            Some((Phase::Running, stored)) => (Phase::Running, stored, Some(LEFT)),
            Some((phase, stored)) => (phase, stored, None),
            None => (Phase::Running, Stored::default(), Some(UNREADABLE)),
        };
        let (last, log_bytes) = whole_lines(&folder)?;
        let file = open_log(&folder)?;
        let mut state = state_of(&folder, phase, &stored.message, last);
        state.artifacts = artifacts::to_wire(stored.artifacts);
        state.output_variables = stored.output.into_iter().map(Into::into).collect();
        let ticket = Self::new(folder, state, log_bytes, file);
        if let Some(text) = lost {
            ticket.append(log_line::Level::Error, "", text);
            ticket.end(Err(Stop::Failed(text.to_owned())));
        }
        Ok(ticket)
    }

    pub(super) fn id(&self) -> &str {
        id_of(&self.folder)
    }

    pub(super) fn state(&self) -> WorkState {
        self.told.borrow().state.clone()
    }

    pub(super) fn watch(&self) -> watch::Receiver<Told> {
        self.told.subscribe()
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn log_file(&self) -> PathBuf {
        self.folder.join("log.jsonl")
    }

    /// For files that exist only while scripts run.
    pub(super) fn scripts_folder(&self) -> PathBuf {
        scripts_folder(&self.folder)
    }

    /// What scripts have set for later steps; written down with the outcome.
    pub(super) fn set_output(&self, variables: &[OutputVariable]) {
        let wire = variables.iter().map(|variable| Variable {
            name: variable.name.clone(),
            value: variable.value.clone(),
            sensitive: variable.sensitive,
        });
        let wire = wire.collect();
        self.told
            .send_modify(|told| told.state.output_variables = wire);
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
        self.told.send_modify(|told| told.state = next);
    }

    /// Removes the ticket from disk.
    pub(super) fn remove(&self) {
        if let Err(error) = fs::remove_dir_all(&self.folder) {
            tracing::warn!("{} can't be removed: {error}", self.folder.display());
        }
    }

    fn write_state(&self, state: &WorkState) -> io::Result<()> {
        let stored = Stored {
            phase: state.phase().as_str_name().to_owned(),
            message: state.message.clone(),
            artifacts: artifacts::from_wire(&state.artifacts),
            output: state.output_variables.iter().map(Into::into).collect(),
        };
        let text = serde_json::to_vec(&stored)?;
        replace_file(&self.folder.join("state.json"), &text)
    }

    fn append(&self, level: log_line::Level, step: &str, text: &str) {
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        let written = match log.lost {
            0 => Ok(()),
            lost => {
                let note = format!("{lost} lines could not be written and are missing here.");
                self.write_line(&mut log.file, log_line::Level::Warning, "", &note)
            }
        };
        let written = written.and_then(|()| {
            log.lost = 0;
            self.write_line(&mut log.file, level, step, text)
        });
        if let Err(error) = written {
            if log.lost == 0 {
                tracing::error!("the log of {} can't be written: {error}", self.id());
            }
            log.lost = log.lost.saturating_add(1);
        }
    }

    /// Writes a line, whole or not at all.
    fn write_line(
        &self,
        file: &mut File,
        level: log_line::Level,
        step: &str,
        text: &str,
    ) -> io::Result<()> {
        let Told { state, log_bytes } = self.told.borrow().clone();
        let line = StoredLine {
            n: state.last_sequence.saturating_add(1),
            at: jiff::Timestamp::now().as_millisecond(),
            level: level.into(),
            step: step.to_owned(),
            text: text.to_owned(),
        };
        let mut bytes = serde_json::to_vec(&line)?;
        bytes.push(b'\n');
        if let Err(error) = file.write_all(&bytes) {
            // Half a line, on a disk that is full, would spoil the next one.
            file.set_len(log_bytes)?;
            return Err(error);
        }
        self.told.send_modify(|told| {
            told.state.last_sequence = line.n;
            told.log_bytes = log_bytes.saturating_add(bytes.len() as u64);
        });
        Ok(())
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

    fn keep(&self, artifact: &Artifact) -> io::Result<()> {
        // One thread does the work of a ticket, so nobody else counts meanwhile.
        let mut next = self.state();
        next.artifacts.push(artifacts::keep(
            &self.folder,
            artifact,
            next.artifacts.len(),
        )?);
        self.write_state(&next)?;
        self.told
            .send_modify(|told| told.state.artifacts = next.artifacts);
        Ok(())
    }
}

/// Scripts, artifacts and output variables may hold secrets that no other user is to read.
fn private_folder(folder: &Path) -> io::Result<()> {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "folders have no mode there"))]
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
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

/// The number and the end of the last whole line; a torn one, left by a power cut, is cut off.
fn whole_lines(folder: &Path) -> io::Result<(u64, u64)> {
    let path = folder.join("log.jsonl");
    let mut reader = match File::open(&path) {
        Ok(file) => BufReader::new(file),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((0, 0)),
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
    Ok((last, whole))
}
