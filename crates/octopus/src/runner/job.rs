//! One machine of one task: its log, its state, and its link.

use std::time::Duration;

use api::{LogCategory, TaskState};
use tokio::{
    sync::watch,
    time::{Instant, sleep},
};
use tonic::Status;

use crate::{
    app::{App, Change},
    fleet::{self, Client},
    store::{
        Result, StoreError,
        machines::Machine,
        now_ms,
        task_log::NewLine,
        tasks::{Target, Task},
    },
};

/// How long a machine may stay silent before its part of a task fails.
const PATIENCE: Duration = Duration::from_secs(60);

/// Why work on a machine stopped short.
pub(super) enum Stop {
    /// One or two sentences for people.
    Failed(String),
    /// A person asked for it.
    Cancelled,
    /// Nothing can be written down: to be taken up again later.
    Store(StoreError),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// One machine of one task.
pub(super) struct Job {
    pub(super) app: App,
    pub(super) task: Task,
    pub(super) target: Target,
    cancel: watch::Receiver<bool>,
    cancelled: bool,
}

impl Job {
    pub(super) fn new(
        app: &App,
        task: &Task,
        target: Target,
        cancel: watch::Receiver<bool>,
        cancelled: bool,
    ) -> Self {
        Self {
            app: app.clone(),
            task: task.clone(),
            target,
            cancel,
            cancelled,
        }
    }

    /// The machine as it is registered now.
    pub(super) async fn machine(&self) -> Result<Machine, Stop> {
        let machine = self.app.store.machine(self.target.machine_id).await?;
        machine.ok_or_else(|| Stop::Failed("The machine was deleted.".to_owned()))
    }

    pub(super) async fn client(&self) -> Result<Client, Stop> {
        let machine = self.machine().await?;
        let client = self.app.fleet.client(&self.app, &machine);
        client.map_err(|error| Stop::Failed(channel::describe(&error)))
    }

    /// A line of the server about this machine.
    pub(super) async fn log(&self, level: LogCategory, step: &str, text: &str) -> Result<()> {
        let line = NewLine {
            at: now_ms(),
            level,
            machine_id: self.target.machine_id,
            step: step.to_owned(),
            text: text.to_owned(),
        };
        self.app.store.append_log(self.task.id, &[line]).await?;
        self.app.changed(Change::Task(self.task.id));
        Ok(())
    }

    /// What is happening now.
    pub(super) async fn activity(&mut self, activity: &str, percent: i64) -> Result<()> {
        self.target.percent = percent;
        self.write(TaskState::Executing, activity, "").await
    }

    /// Where the target stands for good.
    pub(super) async fn end(&mut self, state: TaskState, message: &str) -> Result<()> {
        let level = match state {
            TaskState::Success => LogCategory::Info,
            TaskState::Failed => LogCategory::Error,
            _ => LogCategory::Warning,
        };
        self.log(level, "", message).await?;
        self.target.percent = 100;
        self.write(state, "", message).await
    }

    async fn write(&self, state: TaskState, activity: &str, message: &str) -> Result<()> {
        let (task, machine) = (self.task.id, self.target.machine_id);
        let percent = self.target.percent;
        self.app
            .store
            .update_target(task, machine, state, activity, percent, message)
            .await?;
        self.app.changed(Change::Task(task));
        Ok(())
    }

    /// Whether a person has asked for the end.
    pub(super) fn is_cancelled(&self) -> bool {
        self.cancelled || *self.cancel.borrow()
    }

    /// Waits until a person asks for the end; for ever when nobody does.
    pub(super) async fn cancelled(&mut self) {
        if self.is_cancelled() {
            return;
        }
        if self.cancel.wait_for(|asked| *asked).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Calls until the machine answers, it refuses, patience ends, or a person asks for the end.
    pub(super) async fn patiently<T, F>(&mut self, call: impl Fn(Client) -> F) -> Result<T, Stop>
    where
        F: Future<Output = Result<T, Status>>,
    {
        let begun = Instant::now();
        let mut pause = Duration::from_millis(100);
        let mut said = false;
        loop {
            if self.is_cancelled() {
                return Err(Stop::Cancelled);
            }
            let status = match call(self.client().await?).await {
                Ok(answer) => return Ok(answer),
                Err(status) => status,
            };
            let why = fleet::explain(&status);
            if !fleet::is_passing(&status) {
                return Err(Stop::Failed(why));
            }
            if begun.elapsed() > PATIENCE {
                let seconds = PATIENCE.as_secs();
                let text = format!("The machine did not answer for {seconds} s: {why}");
                return Err(Stop::Failed(text));
            }
            if !said {
                said = true;
                let text = format!("The machine does not answer: {why}; trying again.");
                self.log(LogCategory::Wait, "", &text).await?;
            }
            tokio::select! {
                () = sleep(pause) => {}
                () = self.cancelled() => {}
            }
            pause = (pause * 2).min(Duration::from_secs(5));
        }
    }

    /// A health check as a task of its own.
    pub(super) async fn check(&mut self) -> Result<String, Stop> {
        let machine = self.machine().await?;
        match fleet::check(&self.app, &machine).await? {
            Ok(status) => Ok(format!("Tentacle {} answers.", status.version)),
            Err(why) => Err(Stop::Failed(why)),
        }
    }
}

/// A line of the server about the task as a whole.
pub(super) async fn server_line(
    app: &App,
    task: i64,
    level: LogCategory,
    text: &str,
) -> Result<()> {
    let line = NewLine {
        at: now_ms(),
        level,
        machine_id: 0,
        step: String::new(),
        text: text.to_owned(),
    };
    app.store.append_log(task, &[line]).await?;
    app.changed(Change::Task(task));
    Ok(())
}
