//! Tasks and their targets: the durable record of everything that takes time.

use std::collections::BTreeMap;

use api::{TaskArguments, TaskName, TaskState};

use super::{
    Result, Store, from_json, from_word, now_ms,
    task_log::{self, NewLine},
    to_json, to_word,
};

/// A task.
#[derive(Debug, Clone)]
pub struct Task {
    /// Row id.
    pub id: i64,
    /// What it does.
    pub name: TaskName,
    /// One sentence for lists.
    pub description: String,
    /// Without the values of sensitive variables.
    pub arguments: TaskArguments,
    /// How it stands.
    pub state: TaskState,
    /// Why it failed.
    pub error: String,
    /// Milliseconds since 1970.
    pub queued_at: i64,
    /// Milliseconds since 1970.
    pub started_at: Option<i64>,
    /// Milliseconds since 1970.
    pub completed_at: Option<i64>,
    /// The log's last sequence number.
    pub last_sequence: i64,
    /// A person asked for its end.
    pub cancel_requested: bool,
}

/// A machine that a task is to work on.
#[derive(Debug, Clone)]
pub struct Planned {
    /// Row id.
    pub machine_id: i64,
    /// As it is called now.
    pub machine_name: String,
    /// In whose name it was chosen; 0 for none.
    pub environment_id: i64,
    /// Under which the agent will know the work.
    pub ticket: String,
}

/// One machine of a task.
#[derive(Debug, Clone)]
pub struct Target {
    /// Row id.
    pub machine_id: i64,
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
    /// Milliseconds since 1970.
    pub started_at: Option<i64>,
    /// Milliseconds since 1970.
    pub completed_at: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct TaskRow {
    id: i64,
    name: String,
    description: String,
    arguments: String,
    state: String,
    error: String,
    queued_at: i64,
    started_at: Option<i64>,
    completed_at: Option<i64>,
    last_sequence: i64,
    cancel_requested: bool,
}

impl TaskRow {
    fn task(self) -> Result<Task> {
        Ok(Task {
            id: self.id,
            name: from_word(&self.name)?,
            description: self.description,
            arguments: from_json(&self.arguments)?,
            state: from_word(&self.state)?,
            error: self.error,
            queued_at: self.queued_at,
            started_at: self.started_at,
            completed_at: self.completed_at,
            last_sequence: self.last_sequence,
            cancel_requested: self.cancel_requested,
        })
    }
}

#[derive(sqlx::FromRow)]
struct TargetRow {
    machine_id: i64,
    machine_name: String,
    environment_id: i64,
    ticket: String,
    state: String,
    activity: String,
    percent: i64,
    message: String,
    agent_sequence: i64,
    started_at: Option<i64>,
    completed_at: Option<i64>,
}

impl TargetRow {
    fn target(self) -> Result<Target> {
        Ok(Target {
            machine_id: self.machine_id,
            machine_name: self.machine_name,
            environment_id: self.environment_id,
            ticket: self.ticket,
            state: from_word(&self.state)?,
            activity: self.activity,
            percent: self.percent,
            message: self.message,
            agent_sequence: self.agent_sequence,
            started_at: self.started_at,
            completed_at: self.completed_at,
        })
    }
}

impl Store {
    /// Queues a task. `secrets` are variable name → value, kept until the task ends.
    pub async fn create_task(
        &self,
        name: TaskName,
        description: &str,
        arguments: &TaskArguments,
        secrets: &BTreeMap<String, String>,
    ) -> Result<i64> {
        let id = sqlx::query_scalar(
            "insert into tasks (name, description, arguments, secrets, state, queued_at) \
             values (?, ?, ?, ?, ?, ?) returning id",
        )
        .bind(to_word(name)?)
        .bind(description)
        .bind(to_json(arguments)?)
        .bind(to_json(secrets)?)
        .bind(to_word(TaskState::Queued)?)
        .bind(now_ms())
        .fetch_one(&self.pool)
        .await?;
        Ok(id)
    }

    /// One task.
    pub async fn task(&self, id: i64) -> Result<Option<Task>> {
        let query = sqlx::query_as("select * from tasks where id = ?").bind(id);
        let row: Option<TaskRow> = query.fetch_optional(&self.pool).await?;
        row.map(TaskRow::task).transpose()
    }

    /// Newest first; `states` empty means all.
    pub async fn tasks(&self, states: &[TaskState], skip: i64, take: i64) -> Result<Vec<Task>> {
        let words: Vec<String> = states.iter().map(to_word).collect::<Result<_>>()?;
        let rows: Vec<TaskRow> = sqlx::query_as(
            "select * from tasks where ?1 = '[]' or state in (select value from json_each(?1)) \
             order by id desc limit ?2 offset ?3",
        )
        .bind(to_json(&words)?)
        .bind(take)
        .bind(skip)
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(TaskRow::task).collect()
    }

    /// How many tasks are in each state.
    pub async fn count_tasks(&self) -> Result<Vec<(TaskState, i64)>> {
        let rows: Vec<(String, i64)> =
            sqlx::query_as("select state, count(*) from tasks group by state")
                .fetch_all(&self.pool)
                .await?;
        rows.into_iter()
            .map(|(state, count)| Ok((from_word(&state)?, count)))
            .collect()
    }

    /// Tasks in which a machine took part, newest first.
    pub async fn tasks_of_machine(&self, machine: i64, take: i64) -> Result<Vec<Task>> {
        let rows: Vec<TaskRow> = sqlx::query_as(
            "select tasks.* from tasks join task_targets on task_id = tasks.id \
             where machine_id = ? order by tasks.id desc limit ?",
        )
        .bind(machine)
        .bind(take)
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(TaskRow::task).collect()
    }

    /// The values of a task's sensitive variables; empty once it ended.
    pub async fn task_secrets(&self, id: i64) -> Result<BTreeMap<String, String>> {
        let query = sqlx::query_scalar("select secrets from tasks where id = ?").bind(id);
        let text: String = query.fetch_one(&self.pool).await?;
        from_json(&text)
    }

    /// Writes down the plan: from now on the task's machines and tickets are fixed, so a
    /// restart carries on with the very same tickets.
    pub async fn start_task(&self, id: i64, targets: &[Planned], notes: &[NewLine]) -> Result<()> {
        let mut transaction = self.pool.begin().await?;
        task_log::append(&mut transaction, id, notes).await?;
        sqlx::query("update tasks set state = ?, started_at = ? where id = ?")
            .bind(to_word(TaskState::Executing)?)
            .bind(now_ms())
            .bind(id)
            .execute(&mut *transaction)
            .await?;
        for target in targets {
            sqlx::query(
                "insert into task_targets \
                 (task_id, machine_id, machine_name, environment_id, ticket, state) \
                 values (?, ?, ?, ?, ?, ?)",
            )
            .bind(id)
            .bind(target.machine_id)
            .bind(&target.machine_name)
            .bind(target.environment_id)
            .bind(&target.ticket)
            .bind(to_word(TaskState::Queued)?)
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Ends a task with its last log lines, and empties its secrets.
    pub async fn end_task(
        &self,
        id: i64,
        state: TaskState,
        error: &str,
        last: &[NewLine],
    ) -> Result<()> {
        let mut transaction = self.pool.begin().await?;
        task_log::append(&mut transaction, id, last).await?;
        sqlx::query(
            "update tasks set state = ?, error = ?, completed_at = ?, secrets = '{}' where id = ?",
        )
        .bind(to_word(state)?)
        .bind(error)
        .bind(now_ms())
        .bind(id)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Asks for a task's end. False when it has ended already.
    pub async fn request_cancel(&self, id: i64) -> Result<bool> {
        let done = sqlx::query(
            "update tasks set cancel_requested = 1, \
             state = case state when 'Executing' then 'Cancelling' else state end \
             where id = ? and state in ('Queued', 'Executing', 'Cancelling')",
        )
        .bind(id)
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// The machines of a task, by name.
    pub async fn targets(&self, task: i64) -> Result<Vec<Target>> {
        let query = "select * from task_targets where task_id = ? order by machine_name";
        let rows: Vec<TargetRow> = sqlx::query_as(query)
            .bind(task)
            .fetch_all(&self.pool)
            .await?;
        rows.into_iter().map(TargetRow::target).collect()
    }

    /// What every machine that a running task works on is doing: machine → (task, activity, percent).
    pub async fn activities(&self, name: TaskName) -> Result<BTreeMap<i64, (i64, String, i64)>> {
        let rows: Vec<(i64, i64, String, i64)> = sqlx::query_as(
            "select machine_id, task_id, activity, percent from task_targets \
             join tasks on tasks.id = task_id where tasks.name = ? and tasks.completed_at is null \
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
             where tasks.name = ? and task_targets.state = 'Failed' group by machine_id",
        )
        .bind(to_word(name)?)
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.into_iter().collect())
    }

    /// Writes down what is happening on a machine of a task; one that has ended stays as it is.
    pub async fn update_target(
        &self,
        task: i64,
        machine: i64,
        activity: &str,
        percent: i64,
    ) -> Result<()> {
        sqlx::query(
            "update task_targets set state = ?, activity = ?, percent = ?, \
             started_at = coalesce(started_at, ?) \
             where task_id = ? and machine_id = ? and completed_at is null",
        )
        .bind(to_word(TaskState::Executing)?)
        .bind(activity)
        .bind(percent)
        .bind(now_ms())
        .bind(task)
        .bind(machine)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Ends a machine's part of a task for good, with its last log line.
    pub async fn end_target(&self, task: i64, state: TaskState, last: &NewLine) -> Result<()> {
        let mut transaction = self.pool.begin().await?;
        task_log::append(&mut transaction, task, std::slice::from_ref(last)).await?;
        sqlx::query(
            "update task_targets set state = ?, activity = '', percent = 100, message = ?, \
             started_at = coalesce(started_at, ?), completed_at = ? \
             where task_id = ? and machine_id = ?",
        )
        .bind(to_word(state)?)
        .bind(&last.text)
        .bind(now_ms())
        .bind(now_ms())
        .bind(task)
        .bind(last.machine_id)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// The task whose upgrade of a machine has begun and not ended, if any.
    pub async fn begun_upgrade(&self, machine: i64) -> Result<Option<i64>> {
        let id = sqlx::query_scalar(
            "select task_id from task_targets join tasks on tasks.id = task_id \
             where machine_id = ? and tasks.name = ? and task_targets.state = ? \
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
