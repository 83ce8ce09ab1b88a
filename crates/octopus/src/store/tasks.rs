//! Tasks and their targets: the durable record of everything that takes time.

use std::collections::BTreeMap;

use api::{TaskArguments, TaskName, TaskState};

use super::{
    Result, Store, StoreError,
    events::{self, NewEvent},
    from_json, from_word, interruptions, now_ms, promotions,
    targets::Planned,
    task_log::{self, NUMBER_LINES, NewLine},
    to_json, to_word,
};

/// Where sealed values of tasks belong.
const SECRETS: &str = "tasks.secrets";

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
    /// Its log has lines that warn or tell of errors.
    pub has_warnings: bool,
    /// It waits for what people say.
    pub is_interrupted: bool,
    /// Sealed; empty when there are none, and once it ended.
    secrets: String,
}

#[derive(sqlx::FromRow)]
pub(super) struct TaskRow {
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
    cancel_requested: i64,
    has_warnings: i64,
    secrets: String,
    questions: i64,
}

/// What a task is read from.
pub(super) const SELECT: &str = "select tasks.*, (select count(*) from interruptions as question \
    where question.task_id = tasks.id and question.submitted_at is null) as questions from tasks";

impl TaskRow {
    pub(super) fn task(self) -> Result<Task> {
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
            cancel_requested: self.cancel_requested != 0,
            has_warnings: self.has_warnings != 0,
            is_interrupted: self.questions > 0,
            secrets: self.secrets,
        })
    }
}

impl Store {
    /// Queues a task for this node, and writes down that it did: `event` gets its row id.
    /// `secrets` are variable name → value, kept until the task ends.
    pub async fn create_task(
        &self,
        name: TaskName,
        description: &str,
        arguments: &TaskArguments,
        secrets: &BTreeMap<String, String>,
        event: impl FnOnce(i64) -> NewEvent,
    ) -> Result<Task> {
        let secrets = match secrets.is_empty() {
            true => String::new(),
            false => self.vault.seal(SECRETS, &to_json(secrets)?)?,
        };
        let (state, queued_at) = (TaskState::Queued, now_ms());
        let mut transaction = self.write().await?;
        let id = sqlx::query_scalar(
            "insert into tasks (name, description, arguments, secrets, state, queued_at, node) \
             values ($1, $2, $3, $4, $5, $6, $7) returning id",
        )
        .bind(to_word(name)?)
        .bind(description)
        .bind(to_json(arguments)?)
        .bind(&secrets)
        .bind(to_word(state)?)
        .bind(queued_at)
        .bind(&*self.node)
        .fetch_one(&mut *transaction)
        .await?;
        events::append(&mut transaction, &event(id)).await?;
        transaction.commit().await?;
        Ok(Task {
            id,
            name,
            description: description.to_owned(),
            arguments: arguments.clone(),
            state,
            error: String::new(),
            queued_at,
            started_at: None,
            completed_at: None,
            last_sequence: 0,
            cancel_requested: false,
            has_warnings: false,
            is_interrupted: false,
            secrets,
        })
    }

    /// One task.
    pub async fn task(&self, id: i64) -> Result<Option<Task>> {
        let query = format!("{SELECT} where id = $1");
        let query = sqlx::query_as(sqlx::AssertSqlSafe(query)).bind(id);
        let row: Option<TaskRow> = query.fetch_optional(&self.pool).await?;
        row.map(TaskRow::task).transpose()
    }

    /// Tasks in which a machine took part, newest first.
    pub async fn tasks_of_machine(&self, machine: i64, take: i64) -> Result<Vec<Task>> {
        let rows: Vec<TaskRow> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "{SELECT} where id in \
             (select task_id from task_targets where machine_id = $1) order by id desc limit $2",
        )))
        .bind(machine)
        .bind(take)
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(TaskRow::task).collect()
    }

    /// The values of a task's sensitive variables; none once it has ended.
    pub fn secrets_of(&self, task: &Task) -> Result<BTreeMap<String, String>> {
        match task.secrets.is_empty() {
            true => Ok(BTreeMap::new()),
            false => from_json(&self.vault.unseal(SECRETS, &task.secrets)?),
        }
    }

    /// Writes down the plan: from now on the task's machines and tickets are fixed, so a
    /// restart carries on with the very same tickets.
    pub async fn start_task(&self, id: i64, targets: &[Planned], notes: &[NewLine]) -> Result<()> {
        let mut transaction = self.write().await?;
        let query = format!("update tasks set state = $5, started_at = $6, {NUMBER_LINES}");
        let last: Option<i64> = sqlx::query_scalar(sqlx::AssertSqlSafe(query))
            .bind(task_log::count(notes))
            .bind(task_log::warns(notes))
            .bind(id)
            .bind(&*self.node)
            .bind(to_word(TaskState::Executing)?)
            .bind(now_ms())
            .fetch_optional(&mut *transaction)
            .await?;
        let last = last.ok_or(StoreError::Taken(id))?;
        task_log::insert(&mut transaction, id, notes, last).await?;
        for target in targets {
            sqlx::query(
                "insert into task_targets \
                 (task_id, machine_id, machine_name, environment_id, ticket, state, \
                 action, action_name) values ($1, $2, $3, $4, $5, $6, $7, $8)",
            )
            .bind(id)
            .bind(target.machine_id)
            .bind(&target.machine_name)
            .bind(target.environment_id)
            .bind(&target.ticket)
            .bind(to_word(TaskState::Queued)?)
            .bind(target.action)
            .bind(&target.action_name)
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Ends a task with its last log lines, and empties its secrets. True: it was a deployment
    /// that may open the way for automatic ones.
    pub async fn end_task(
        &self,
        id: i64,
        state: TaskState,
        error: &str,
        last: &[NewLine],
    ) -> Result<bool> {
        let mut transaction = self.write().await?;
        let query = format!(
            "update tasks set state = $5, error = $6, completed_at = $7, secrets = '', \
             {NUMBER_LINES}, name, (select count(*) from interruptions \
             where task_id = tasks.id and submitted_at is null)"
        );
        let ended: Option<(i64, String, i64)> = sqlx::query_as(sqlx::AssertSqlSafe(query))
            .bind(task_log::count(last))
            .bind(task_log::warns(last))
            .bind(id)
            .bind(&*self.node)
            .bind(to_word(state)?)
            .bind(error)
            .bind(now_ms())
            .fetch_optional(&mut *transaction)
            .await?;
        let (sequence, name, questions) = ended.ok_or(StoreError::Taken(id))?;
        task_log::insert(&mut transaction, id, last, sequence).await?;
        if questions > 0 {
            interruptions::close(&mut transaction, id).await?;
        }
        let is_deployment = from_word::<TaskName>(&name)? == TaskName::Deploy;
        let opens = is_deployment
            && state == TaskState::Success
            && promotions::of_task(&mut transaction, id).await?;
        task_log::pack_rest(&mut transaction, id, sequence).await?;
        transaction.commit().await?;
        Ok(opens)
    }

    /// What all tasks of a kind were told to do, each once.
    pub async fn all_arguments(&self, name: TaskName) -> Result<Vec<TaskArguments>> {
        let query = sqlx::query_scalar("select distinct arguments from tasks where name = $1");
        let texts: Vec<String> = query.bind(to_word(name)?).fetch_all(&self.pool).await?;
        texts.iter().map(|text| from_json(text)).collect()
    }

    /// Whether any task is queued or runs.
    pub async fn has_unfinished_tasks(&self) -> Result<bool> {
        let query = "select 1 from tasks \
                     where state in ('Queued', 'Executing', 'Cancelling') limit 1";
        let found = sqlx::query(query).fetch_optional(&self.pool).await?;
        Ok(found.is_some())
    }

    /// Asks for a task's end. False when it has ended already.
    pub async fn request_cancel(&self, id: i64) -> Result<bool> {
        let done = sqlx::query(
            "update tasks set cancel_requested = 1, \
             state = case state when 'Executing' then 'Cancelling' else state end \
             where id = $1 and state in ('Queued', 'Executing', 'Cancelling')",
        )
        .bind(id)
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() > 0)
    }
}
