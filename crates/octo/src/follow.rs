//! Following a task to its end, over lost connections and restarts of the server.

use std::thread;
use std::time::{Duration, Instant};

use api::{Task, TaskLogEntry};

use crate::client::{Client, ClientError};
use crate::error::Error;

/// How long the server may hold back an empty answer. Below the idle timeout of common
/// proxies, which is 60 s.
const LONG_POLL: Duration = Duration::from_secs(20);
/// How long a server may be away before a person should know: time enough for a restart or an
/// upgrade of the server itself.
pub(crate) const MOST_PATIENCE: Duration = Duration::from_secs(600);

const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// Between two questions to a server that does not hold answers back.
const IDLE_PAUSE: Duration = Duration::from_secs(1);

/// Repeats requests that failed for a passing reason.
pub(crate) struct Patience<'a> {
    limit: Duration,
    had_contact: bool,
    note: &'a dyn Fn(&str),
}

impl<'a> Patience<'a> {
    /// Gives up `limit` after the last contact, and at once when there was none yet: then the
    /// address is wrong rather than the server away. `note` tells the person about it.
    pub(crate) fn new(limit: Duration, note: &'a dyn Fn(&str)) -> Self {
        Self {
            limit,
            had_contact: false,
            note,
        }
    }

    /// The answer to a request that may be repeated.
    ///
    /// # Errors
    /// The last failure, when it will not pass or went on for too long.
    pub(crate) fn ask<T>(
        &mut self,
        request: impl Fn() -> Result<T, ClientError>,
    ) -> Result<T, ClientError> {
        let begin = Instant::now();
        let mut pause = FIRST_PAUSE;
        loop {
            let error = match request() {
                Ok(value) => {
                    if pause > FIRST_PAUSE {
                        (self.note)("The connection is back.");
                    }
                    self.had_contact = true;
                    return Ok(value);
                }
                Err(error) => error,
            };
            if !self.had_contact || !error.is_passing() || begin.elapsed() >= self.limit {
                return Err(error);
            }
            if pause == FIRST_PAUSE {
                (self.note)(&format!("{error} Trying again."));
            }
            thread::sleep(pause);
            pause = pause.saturating_mul(2).min(LONGEST_PAUSE);
        }
    }
}

/// Hands every log line of a task to `sink` as it comes, in order and once, until the task is
/// complete; answers with the task as it ended, well or not.
///
/// # Errors
/// When the server cannot be asked for too long, or the sink fails.
pub(crate) fn follow(
    client: &Client,
    id: &str,
    note: &dyn Fn(&str),
    mut sink: impl FnMut(&TaskLogEntry) -> Result<(), Error>,
) -> Result<Task, Error> {
    let mut patience = Patience::new(MOST_PATIENCE, note);
    let log = client.in_space(&["tasks", id, "log"]);
    let mut after = 0;
    let mut ended: Option<Task> = None;
    loop {
        // A task that is complete gets no more lines: what an answer after that lacks is not to
        // come.
        let wait = if ended.is_some() {
            Duration::ZERO
        } else {
            LONG_POLL
        };
        let asked = Instant::now();
        let entries: Vec<TaskLogEntry> = patience.ask(|| {
            let query = [
                ("after", &*after.to_string()),
                ("wait", &*wait.as_secs().to_string()),
            ];
            client.get_patiently(&log, &query, wait)
        })?;
        for entry in entries.iter().filter(|entry| entry.sequence > after) {
            sink(entry)?;
        }
        if let Some(last) = entries.iter().map(|entry| entry.sequence).max()
            && last > after
        {
            after = last;
            continue;
        }
        if let Some(task) = ended {
            return Ok(task);
        }
        let task = patience.ask(|| task(client, id))?;
        if task.is_completed {
            ended = Some(task);
        } else if asked.elapsed() < IDLE_PAUSE {
            thread::sleep(IDLE_PAUSE);
        }
    }
}

/// A task as it is now.
///
/// # Errors
/// As [`Client::get`].
pub(crate) fn task(client: &Client, id: &str) -> Result<Task, ClientError> {
    client.get(&client.in_space(&["tasks", id]), &[])
}

/// A task that did not succeed is an error.
///
/// # Errors
/// When it did not.
pub(crate) fn judge(task: &Task) -> Result<(), Error> {
    if task.finished_successfully {
        return Ok(());
    }
    Err(Error::Task {
        id: task.id.clone(),
        state: task.state,
        reason: task.error_message.clone(),
    })
}
