//! The machines of each task, and what became of the work there.

use std::collections::BTreeMap;

use api::{TaskName, TaskState};

use super::{
    Result, Store, from_word, now_ms,
    task_log::{self, NewLine},
    to_word,
};
use wire::v1::Variable;

/// A machine that a task is to work on.
#[derive(Debug, Clone)]
pub struct Planned {
    /// Row id.
    pub machine_id: i64,
    /// The place of the action in the process; 0: the whole task.
    pub action: i64,
    /// What people call that action.
    pub action_name: String,
    /// As it is called now.
    pub machine_name: String,
    /// In whose name it was chosen; 0 for none.
    pub environment_id: i64,
    /// Under which the agent will know the work.
    pub ticket: String,
}

/// How a part came to its end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Verdict {
    /// By its own work, or not yet.
    #[default]
    Own,
    /// It was left out.
    Skipped,
    /// It failed, and a person has that ignored.
    Ignored,
    /// It failed, and a person took its machine out of the task.
    Excluded,
}

impl Verdict {
    const ALL: [(Self, &'static str); 4] = [
        (Self::Own, ""),
        (Self::Skipped, "Skipped"),
        (Self::Ignored, "Ignored"),
        (Self::Excluded, "Excluded"),
    ];

    fn word(self) -> &'static str {
        let found = Self::ALL.iter().find(|(other, _)| *other == self);
        found.map_or("", |(_, word)| word)
    }

    fn from_word(word: &str) -> Self {
        let found = Self::ALL.iter().find(|(_, other)| *other == word);
        found.map(|(verdict, _)| *verdict).unwrap_or_default()
    }
}

/// The end of a machine's part of a task, and what comes with it.
#[derive(Debug, Clone)]
pub struct Ending<'a> {
    /// How it stands for good.
    pub state: TaskState,
    /// How it came to that.
    pub verdict: Verdict,
    /// Last lines of its log; the very last one tells people how it ended.
    pub lines: &'a [NewLine],
    /// Last log line taken over from the agent.
    pub agent_sequence: i64,
    /// What it has set for later parts.
    pub outputs: &'a [Variable],
}

/// One machine of a task.
#[derive(Debug, Clone)]
pub struct Target {
    /// Row id.
    pub machine_id: i64,
    /// The place of the action in the process; 0: the whole task.
    pub action: i64,
    /// What people call that action.
    pub action_name: String,
    /// As it was called when the task began.
    pub machine_name: String,
    /// In whose name it was chosen; 0 for none.
    pub environment_id: i64,
    /// Under which the agent knows the work.
    pub ticket: String,
    /// How it stands.
    pub state: TaskState,
    /// What is happening now.
    pub activity: String,
    /// 0 to 100.
    pub percent: i64,
    /// Why it failed.
    pub message: String,
    /// Last log line taken over from the agent.
    pub agent_sequence: i64,
    /// How often it was begun, this time included.
    pub attempt: i64,
    /// When this attempt began, milliseconds since 1970.
    pub begun_at: Option<i64>,
    /// How it came to its end.
    pub verdict: Verdict,
    /// Milliseconds since 1970.
    pub started_at: Option<i64>,
    /// Milliseconds since 1970.
    pub completed_at: Option<i64>,
}

impl Target {
    /// A step of the log: below the action of a deployment, if it has one.
    pub fn place(&self, step: &str) -> String {
        match (self.action_name.as_str(), step) {
            ("", step) => step.to_owned(),
            (action, "") => action.to_owned(),
            (action, step) => format!("{action}/{step}"),
        }
    }

    /// The step below the action, of a line's step that is this target's own.
    pub fn own_step<'a>(&self, step: &'a str) -> Option<&'a str> {
        if self.action_name.is_empty() {
            return Some(step);
        }
        let rest = step.strip_prefix(&self.action_name)?;
        if rest.is_empty() {
            Some(rest)
        } else {
            rest.strip_prefix('/')
        }
    }
}

#[derive(sqlx::FromRow)]
struct TargetRow {
    machine_id: i64,
    action: i64,
    action_name: String,
    machine_name: String,
    environment_id: i64,
    ticket: String,
    state: String,
    activity: String,
    percent: i64,
    message: String,
    agent_sequence: i64,
    attempt: i64,
    begun_at: Option<i64>,
    verdict: String,
    started_at: Option<i64>,
    completed_at: Option<i64>,
}

impl TargetRow {
    fn target(self) -> Result<Target> {
        Ok(Target {
            machine_id: self.machine_id,
            action: self.action,
            action_name: self.action_name,
            machine_name: self.machine_name,
            environment_id: self.environment_id,
            ticket: self.ticket,
            state: from_word(&self.state)?,
            activity: self.activity,
            percent: self.percent,
            message: self.message,
            agent_sequence: self.agent_sequence,
            attempt: self.attempt,
            begun_at: self.begun_at,
            verdict: Verdict::from_word(&self.verdict),
            started_at: self.started_at,
            completed_at: self.completed_at,
        })
    }
}

impl Store {
    /// The machines of a task, by name.
    pub async fn targets(&self, task: i64) -> Result<Vec<Target>> {
        let query = "select * from task_targets where task_id = $1 order by action, machine_name";
        let rows: Vec<TargetRow> = sqlx::query_as(query)
            .bind(task)
            .fetch_all(&self.pool)
            .await?;
        rows.into_iter().map(TargetRow::target).collect()
    }

    /// One of them.
    pub async fn target(&self, task: i64, (action, machine): (i64, i64)) -> Result<Option<Target>> {
        let query = "select * from task_targets \
            where task_id = $1 and action = $2 and machine_id = $3";
        let query = sqlx::query_as(query).bind(task).bind(action).bind(machine);
        let row: Option<TargetRow> = query.fetch_optional(&self.pool).await?;
        row.map(TargetRow::target).transpose()
    }

    /// What every machine that a running task works on is doing: machine → (task, activity, percent).
    pub async fn activities(&self, name: TaskName) -> Result<BTreeMap<i64, (i64, String, i64)>> {
        let rows: Vec<(i64, i64, String, i64)> = sqlx::query_as(
            "select machine_id, task_id, activity, percent from task_targets \
             join tasks on tasks.id = task_id where tasks.name = $1 and tasks.completed_at is null \
             and task_targets.state in ('Queued', 'Executing', 'Cancelling')",
        )
        .bind(to_word(name)?)
        .fetch_all(&self.pool)
        .await?;
        let entry = |(machine, task, activity, percent)| (machine, (task, activity, percent));
        Ok(rows.into_iter().map(entry).collect())
    }

    /// The newest task of each machine with a name and state.
    pub async fn newest_failed(&self, name: TaskName) -> Result<BTreeMap<i64, i64>> {
        let rows: Vec<(i64, i64)> = sqlx::query_as(
            "select machine_id, max(task_id) from task_targets join tasks on tasks.id = task_id \
             where tasks.name = $1 and task_targets.state = 'Failed' group by machine_id",
        )
        .bind(to_word(name)?)
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.into_iter().collect())
    }

    /// Writes down what is happening on a machine of a task, and what was said until then; a
    /// machine that has ended stays as it is. Refused when the task is another node's.
    pub async fn update_target(
        &self,
        task: i64,
        (action, machine): (i64, i64),
        activity: &str,
        percent: i64,
        lines: &[NewLine],
    ) -> Result<()> {
        let mut transaction = self.write().await?;
        task_log::append(&mut transaction, &self.node, task, lines).await?;
        sqlx::query(
            "update task_targets set state = $1, activity = $2, percent = $3, \
             started_at = coalesce(started_at, $4), begun_at = coalesce(begun_at, $4) \
             where task_id = $5 and action = $6 and machine_id = $7 and completed_at is null",
        )
        .bind(to_word(TaskState::Executing)?)
        .bind(activity)
        .bind(percent)
        .bind(now_ms())
        .bind(task)
        .bind(action)
        .bind(machine)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Ends a machine's part of a task for good, all at once: after a crash either all of it is
    /// there, or the agent is asked again.
    pub async fn end_target(
        &self,
        task: i64,
        (action, machine): (i64, i64),
        ending: &Ending<'_>,
    ) -> Result<()> {
        let mut transaction = self.write().await?;
        task_log::append(&mut transaction, &self.node, task, ending.lines).await?;
        self.add_outputs(&mut transaction, task, (action, machine), ending.outputs)
            .await?;
        sqlx::query(
            "update task_targets set state = $1, activity = '', percent = 100, message = $2, \
             started_at = coalesce(started_at, $3), completed_at = $3, verdict = $4, \
             agent_sequence = $8 where task_id = $5 and action = $6 and machine_id = $7",
        )
        .bind(to_word(ending.state)?)
        .bind(ending.lines.last().map_or("", |last| last.text.as_str()))
        .bind(now_ms())
        .bind(ending.verdict.word())
        .bind(task)
        .bind(action)
        .bind(machine)
        .bind(ending.agent_sequence)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Begins a part of a task anew, under another ticket and with a line in the log. An attempt
    /// that has begun after `attempt` already stays as it is.
    pub async fn retry_target(
        &self,
        task: i64,
        (action, machine): (i64, i64),
        attempt: i64,
        ticket: &str,
        line: &NewLine,
    ) -> Result<()> {
        let mut transaction = self.write().await?;
        let lines = std::slice::from_ref(line);
        task_log::append(&mut transaction, &self.node, task, lines).await?;
        sqlx::query(
            "update task_targets set ticket = $1, attempt = attempt + 1, agent_sequence = 0, \
             begun_at = null, activity = '', percent = 0 \
             where task_id = $2 and action = $3 and machine_id = $4 and attempt = $5 \
             and completed_at is null",
        )
        .bind(ticket)
        .bind(task)
        .bind(action)
        .bind(machine)
        .bind(attempt)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// The task whose upgrade of a machine has begun and not ended, if any.
    pub async fn begun_upgrade(&self, machine: i64) -> Result<Option<i64>> {
        let id = sqlx::query_scalar(
            "select task_id from task_targets join tasks on tasks.id = task_id \
             where machine_id = $1 and tasks.name = $2 and task_targets.state = $3 \
             and tasks.completed_at is null order by task_id limit 1",
        )
        .bind(machine)
        .bind(to_word(TaskName::Upgrade)?)
        .bind(to_word(TaskState::Executing)?)
        .fetch_optional(&self.pool)
        .await?;
        Ok(id)
    }
}
