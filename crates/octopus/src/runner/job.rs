//! One machine of one task: its log, its state, and its link.

mod record;

use std::{sync::Arc, time::Duration};

use api::{LogCategory, TaskState};
use conductor::deployment::Recovery;
use tokio::{
    sync::watch,
    time::{Instant, sleep, timeout},
};
use tonic::Status;
use wire::v1::Variable;

use super::{deployment::Content, on_server::Running, slots::Slot};
use crate::{
    app::App,
    fleet::{self, CALL_TIMEOUT, Client},
    store::{
        Result, StoreError, machines::Machine, now_ms, targets::Target, task_log::NewLine,
        tasks::Task,
    },
};

/// Why work on a machine stopped short.
pub(super) enum Stop {
    /// One or two sentences for people.
    Failed(String),
    /// The same, and nobody is asked whether it is to be tried again.
    Final(String),
    /// A person asks for the end; what the agent makes of it is not known yet.
    CancelAsked,
    /// It ended because a person asked for it; one or two sentences for people.
    Cancelled(String),
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
    /// The agent may have heard of the ticket.
    pub(super) started: bool,
    /// Another node, which may not be quite dead, worked on it before.
    pub(super) inherited: bool,
    /// The wish for the end is being carried out: it stops no further call.
    pub(super) winding_up: bool,
    /// The task's place among those that are at work.
    pub(super) slot: Arc<Slot>,
    /// Row id of the task's space.
    pub(super) space: i64,
    /// The deployment that it is a part of.
    pub(super) content: Option<Arc<Content>>,
    /// The server does it by itself.
    pub(super) local: bool,
    /// The server's script that this part is, until its outcome is stored.
    pub(super) running: Option<Running>,
    /// What comes after a failure.
    pub(super) recovery: Recovery,
    /// The time before another attempt.
    pub(super) backoff: Duration,
    /// Packages are sent also when the machine has them.
    pub(super) sends_anew: bool,
    /// How long an attempt may take.
    pub(super) limit: Option<Duration>,
    /// In traces, below that of the task.
    pub(super) span: tracing::Span,
    /// Lines that came with the work's good end, and what it has set: written down with that.
    pub(super) last_lines: Vec<NewLine>,
    pub(super) outputs: Vec<Variable>,
    /// As it was registered when it was looked up. After a failed call it is looked up anew: it
    /// may have moved.
    machine: Option<Machine>,
    client: Option<Client>,
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
        slot: &Arc<Slot>,
    ) -> Self {
        Self {
            app: app.clone(),
            task: task.clone(),
            started: target.state != TaskState::Queued,
            inherited: false,
            winding_up: false,
            slot: Arc::clone(slot),
            space: 1,
            content: None,
            local: false,
            running: None,
            recovery: Recovery::default(),
            backoff: Duration::ZERO,
            sends_anew: false,
            limit: None,
            span: tracing::info_span!("machine", octopus.machine.name = target.machine_name),
            target,
            last_lines: Vec::new(),
            outputs: Vec::new(),
            machine: None,
            client: None,
            cancel,
            cancelled,
        }
    }

    /// The machine as it is registered now.
    pub(super) async fn machine(&self) -> Result<Machine, Stop> {
        let machine = self.app.store.machine(self.target.machine_id).await?;
        machine.ok_or_else(|| Stop::Failed("The machine was deleted.".to_owned()))
    }

    /// The machine as it was registered when it was looked up for this attempt.
    pub(super) async fn known_machine(&mut self) -> Result<Machine, Stop> {
        if let Some(machine) = &self.machine {
            return Ok(machine.clone());
        }
        let machine = self.machine().await?;
        self.machine = Some(machine.clone());
        Ok(machine)
    }

    /// A new attempt begins.
    pub(super) fn look_anew(&mut self) {
        self.machine = None;
    }

    /// The link to the machine as it was registered when the last call went well.
    pub(super) async fn client(&mut self) -> Result<Client, Stop> {
        if let Some(client) = &self.client {
            return Ok(client.clone());
        }
        let machine = self.known_machine().await?;
        let client = self.app.fleet.client(&self.app, &machine);
        let client = client.map_err(|error| Stop::Failed(channel::describe(&error)))?;
        self.client = Some(client.clone());
        Ok(client)
    }

    /// The time that is left for this attempt; `None`: all the time there is.
    fn time_left(&self) -> Option<Duration> {
        let (limit, begun) = (self.limit?, self.target.begun_at?);
        let gone = u64::try_from(now_ms() - begun).unwrap_or(0);
        Some(limit.saturating_sub(Duration::from_millis(gone)))
    }

    /// Why it failed, when its time is over and no person asked for its end.
    pub(super) fn overdue(&self) -> Option<String> {
        let limit = self.limit.filter(|_| !self.is_asked_for())?;
        let is_over = self.time_left().is_some_and(|left| left.is_zero());
        is_over.then(|| {
            let minutes = limit.as_secs_f64() / 60.0;
            format!("It took longer than the {minutes} min that its step allows, and was ended.")
        })
    }

    fn is_asked_for(&self) -> bool {
        self.cancelled || *self.cancel.borrow()
    }

    /// Whether a person has asked for the end, or the time is over, and nothing was done about
    /// it yet.
    pub(super) fn is_cancelled(&self) -> bool {
        let is_over = || self.time_left().is_some_and(|left| left.is_zero());
        !self.winding_up && (self.is_asked_for() || is_over())
    }

    /// Waits until a person asks for the end, or the time is over; for ever when neither comes.
    pub(super) async fn cancelled(&mut self) {
        if self.is_cancelled() {
            return;
        }
        let left = self.time_left().unwrap_or(Duration::MAX);
        let asked = async {
            if self.winding_up || self.cancel.wait_for(|asked| *asked).await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            () = asked => {}
            () = sleep(left), if !self.winding_up && left < Duration::MAX => {}
        }
    }

    /// Longest wait for the answer to a short call.
    pub(super) fn call_limit(&self) -> Duration {
        CALL_TIMEOUT.min(self.app.patience)
    }

    /// Calls until the machine answers, it refuses, patience ends, or a person asks for the
    /// end. A call that is not answered within `limit` counts as a lost one.
    pub(super) async fn patiently<T, F>(
        &mut self,
        limit: Duration,
        call: impl Fn(Client) -> F,
    ) -> Result<T, Stop>
    where
        F: Future<Output = Result<T, Status>>,
    {
        let begun = Instant::now();
        let mut pause = Duration::from_millis(100);
        let mut said = false;
        loop {
            if self.is_cancelled() {
                return Err(Stop::CancelAsked);
            }
            let client = self.client().await?;
            let answer = tokio::select! {
                answer = timeout(limit, call(client)) => answer,
                () = self.cancelled() => return Err(Stop::CancelAsked),
            };
            let status = match answer {
                Ok(Ok(answer)) => return Ok(answer),
                Ok(Err(status)) => status,
                Err(_) => {
                    let text = format!("no answer within {} s", limit.as_secs());
                    Status::deadline_exceeded(text)
                }
            };
            (self.client, self.machine) = (None, None);
            let why = fleet::explain(&status);
            if !fleet::is_passing(&status) {
                return Err(Stop::Failed(why));
            }
            if begun.elapsed() >= self.app.patience {
                return Err(self.silent(&why));
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

    /// Patience has ended.
    pub(super) fn silent(&self, why: &str) -> Stop {
        let seconds = self.app.patience.as_secs();
        let text = format!("The machine did not answer for {seconds} s: {why}");
        Stop::Failed(text)
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
pub(super) fn server_line(level: LogCategory, text: &str) -> NewLine {
    NewLine {
        at: now_ms(),
        level,
        machine_id: 0,
        step: String::new(),
        text: text.to_owned(),
    }
}

/// How loud the last line is.
pub(super) fn level_of(state: TaskState) -> LogCategory {
    match state {
        TaskState::Success => LogCategory::Info,
        TaskState::Failed => LogCategory::Error,
        _ => LogCategory::Warning,
    }
}
