//! A script of a step that runs on the server itself.
//!
//! Before it begins, its first line is written down. A server that finds that line and no
//! outcome was killed in the middle: the script has failed then, and does not run again, unless
//! its step says that it may.

use std::{
    fs::File,
    io::{self, Read, Write},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use api::LogCategory;
use conventions::scripts::{
    Artifact, CancelToken, Inline, InlineError, Level, Log, MaskedLog, OutputVariable, run_inline,
};
use sha2::{Digest, Sha256};
use tokio::sync::{mpsc, oneshot, watch};
use variables::VariableSet;
use wire::v1::Variable;

use super::{
    job::{Job, Stop},
    left,
};
use crate::{
    app::{App, Change},
    depot::Depot,
    store::task_log::NewLine,
};

/// What the server knows and scripts don't need to.
const HIDDEN: [&str; 8] = [
    "OCTOPUS_ADMIN_PASSWORD",
    "OCTOPUS_API_KEY",
    "OCTOPUS_DATABASE",
    "OCTOPUS_MASTER_KEY",
    "OCTOPUS_OLD_MASTER_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
];

/// Lines on their way to the store.
const LINES: usize = 1024;

/// How long the server waits for its scripts when it ends.
const LAST_WAIT: Duration = Duration::from_secs(10);

/// The scripts that run now.
pub(super) struct Scripts {
    /// Where they run; empty: in the system's own place for such things.
    folder: PathBuf,
    ending: watch::Sender<bool>,
    running: watch::Sender<usize>,
}

impl Default for Scripts {
    fn default() -> Self {
        Self::inside(std::env::temp_dir())
    }
}

impl Scripts {
    /// They run in folders of their own in there.
    pub(super) fn inside(folder: PathBuf) -> Self {
        Self {
            folder,
            ending: watch::channel(false).0,
            running: watch::channel(0).0,
        }
    }

    /// Ends them, because the server ends.
    pub(super) async fn end(&self) {
        self.ending.send_replace(true);
        let mut running = self.running.subscribe();
        let none = running.wait_for(|count| *count == 0);
        let _late = tokio::time::timeout(LAST_WAIT, none).await;
    }
}

/// One of them is running.
pub(super) struct Running(App);

impl Running {
    fn begin(app: &App) -> Self {
        app.runner
            .scripts()
            .running
            .send_modify(|count| *count += 1);
        Self(app.clone())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let running = &self.0.runner.scripts().running;
        running.send_modify(|count| *count = count.saturating_sub(1));
    }
}

/// Nobody follows the script any more.
struct CancelOnDrop(CancelToken);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// What is to be run.
pub(super) struct ServerScript {
    /// The step's name in the log.
    pub(super) step: String,
    /// The script.
    pub(super) body: String,
    /// Its language.
    pub(super) syntax: String,
    /// What it may ask for.
    pub(super) variables: VariableSet,
    /// It may run again when it is not known whether it has done its work.
    pub(super) idempotent: bool,
}

/// Runs it to its end.
pub(super) async fn run(job: &mut Job, script: ServerScript) -> Result<String, Stop> {
    job.local = true;
    if job.target.agent_sequence > 0 && !script.idempotent {
        let text = "The server was ended while this script ran on it. Whether the script has done its work \
            is not known, it may even still be at it, so it was not run again: look at what it does, and \
            deploy again.";
        return Err(Stop::Failed(text.to_owned()));
    }
    let again = job.target.agent_sequence > 0;
    let mut sequence = job.target.agent_sequence;
    let first = match again {
        false => "The script begins on the server.",
        true => {
            "The server was ended while this script ran. Its step says that it may run again, so it begins anew."
        }
    };
    job.activity("Running on the server", 0).await?;
    let first = job.line(LogCategory::Info, "", first);
    take_over(job, &mut sequence, &[first]).await?;
    let running = Running::begin(&job.app);
    let mut ending = job.app.runner.scripts().ending.subscribe();
    let folder = tempfile::Builder::new()
        .prefix("script-")
        .tempdir_in(&job.app.runner.scripts().folder)
        .map_err(|error| {
            let folder = job.app.runner.scripts().folder.display();
            Stop::Failed(format!(
                "the script's folder can't be made in {folder}: {error}"
            ))
        })?;
    let idempotent = script.idempotent;
    let cancel = CancelToken::new();
    let _ends_with_this = CancelOnDrop(cancel.clone());
    let (lines, mut said) = mpsc::channel(LINES);
    let (told, mut outcome) = oneshot::channel();
    let worker = {
        let (cancel, depot) = (cancel.clone(), job.app.depot.clone());
        move || {
            let log = Lines {
                to: lines,
                depot,
                kept: Mutex::default(),
            };
            let ended = perform(&script, &folder.path().join("run"), &log, &cancel);
            let kept = log
                .kept
                .into_inner()
                .unwrap_or_else(PoisonError::into_inner);
            let _nobody = told.send((ended, kept));
        }
    };
    std::thread::Builder::new()
        .name("script".to_owned())
        .spawn(worker)
        .map_err(|error| Stop::Failed(format!("no thread could be started for it: {error}")))?;
    let mut batch = Vec::new();
    let mut asked = false;
    loop {
        tokio::select! {
            count = said.recv_many(&mut batch, LINES) => {
                if count == 0 {
                    break;
                }
                let lines: Vec<NewLine> = batch
                    .drain(..)
                    .map(|(level, step, text)| job.line(level, step_of(job, &step), &text))
                    .collect();
                take_over(job, &mut sequence, &lines).await?;
            }
            () = job.cancelled(), if !asked => {
                asked = true;
                cancel.cancel();
            }
            true = is_ending(&mut ending), if !cancel.is_cancelled() => cancel.cancel(),
        }
    }
    let Ok((ended, kept)) = (&mut outcome).await else {
        return Err(Stop::Failed(
            "a fault in the server broke the script off; its own log says more".to_owned(),
        ));
    };
    let ended = match ended {
        Ok((message, output)) => {
            leave(job, &output, kept).await?;
            Ok(message)
        }
        Err(InlineError::Failed(why)) => Err(Stop::Failed(why)),
        Err(InlineError::Cancelled) if asked => Err(Stop::Cancelled("Cancelled.".to_owned())),
        Err(InlineError::Cancelled) if idempotent => {
            // The next life of this server runs it again.
            drop(running);
            return std::future::pending().await;
        }
        Err(InlineError::Cancelled) => Err(Stop::Failed(
            "The server was told to end, and ended this script in the middle: look at what it has done, and \
             deploy again."
                .to_owned(),
        )),
    };
    job.running = Some(running);
    ended
}

async fn is_ending(ending: &mut watch::Receiver<bool>) -> bool {
    ending.wait_for(|ending| *ending).await.is_ok()
}

/// The log has the action's name above the script's own step.
fn step_of<'a>(job: &Job, step: &'a str) -> &'a str {
    if step == job.target.action_name {
        ""
    } else {
        step
    }
}

async fn take_over(job: &mut Job, sequence: &mut i64, lines: &[NewLine]) -> Result<(), Stop> {
    *sequence += i64::try_from(lines.len()).unwrap_or(0);
    let (task, part) = (job.task.id, job.part());
    let until = u64::try_from(*sequence).unwrap_or(0);
    let store = &job.app.store;
    store
        .append_agent_log(task, part, until, lines, None)
        .await?;
    job.target.agent_sequence = *sequence;
    job.app.changed(Change::Task(task));
    Ok(())
}

async fn leave(job: &mut Job, output: &[OutputVariable], kept: Vec<Kept>) -> Result<(), Stop> {
    let output = output.iter().map(|variable| Variable {
        name: variable.name.clone(),
        value: variable.value.clone(),
        sensitive: variable.sensitive,
    });
    let output: Vec<Variable> = output.collect();
    if !output.is_empty() {
        job.set_outputs(&output).await?;
    }
    for (number, kept) in (1..).zip(kept) {
        left::put(job, kept.place, &kept.name, number, kept.size, kept.sha256).await?;
    }
    Ok(())
}

fn perform(
    script: &ServerScript,
    folder: &Path,
    log: &Lines,
    cancel: &CancelToken,
) -> Result<(String, Vec<OutputVariable>), InlineError> {
    let inline = Inline {
        step: &script.step,
        body: &script.body,
        syntax: &script.syntax,
        variables: &script.variables,
        folder,
        hidden: &HIDDEN,
    };
    let masked = MaskedLog::new(log, script.variables.sensitive_values());
    run_inline(&inline, &masked, cancel)
}

/// A file that the script wants to be kept, copied.
struct Kept {
    place: tempfile::TempPath,
    name: String,
    size: u64,
    sha256: String,
}

/// Hands lines over to the task's log. A script that is quicker than the store waits for it.
struct Lines {
    to: mpsc::Sender<(LogCategory, String, String)>,
    depot: Depot,
    kept: Mutex<Vec<Kept>>,
}

impl Log for Lines {
    fn line(&self, level: Level, step: &str, text: &str) {
        let level = match level {
            Level::Verbose => LogCategory::Verbose,
            Level::Info => LogCategory::Info,
            Level::Highlight => LogCategory::Highlight,
            Level::Wait => LogCategory::Wait,
            Level::Warning => LogCategory::Warning,
            Level::Error => LogCategory::Error,
        };
        let line = (level, step.to_owned(), text.to_owned());
        // Nobody listens any more when the task was taken over by another server.
        let _gone = self.to.blocking_send(line);
    }

    fn progress(&self, step: &str, percentage: u8, message: &str) {
        let text = format!("{percentage} % {message}");
        self.line(Level::Verbose, step, text.trim_end());
    }

    fn keep(&self, artifact: &Artifact) -> io::Result<()> {
        if !std::fs::metadata(&artifact.path)?.is_file() {
            return Err(io::Error::other("it is no file"));
        }
        let mut source = File::open(&artifact.path)?;
        let (mut file, place) = self.depot.new_file().map_err(io::Error::other)?;
        let (mut size, mut hash) = (0, Sha256::new());
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let count = source.read(&mut buffer)?;
            let Some(bytes) = buffer.get(..count).filter(|bytes| !bytes.is_empty()) else {
                break;
            };
            hash.update(bytes);
            file.write_all(bytes)?;
            size += bytes.len() as u64;
        }
        file.sync_all()?;
        let hash = hash.finalize();
        let sha256 = hash.iter().map(|byte| format!("{byte:02x}"));
        let kept = Kept {
            place,
            name: artifact.name.clone(),
            size,
            sha256: sha256.collect(),
        };
        let mut all = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        all.push(kept);
        Ok(())
    }
}
