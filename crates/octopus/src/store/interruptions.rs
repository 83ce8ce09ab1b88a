//! Questions that a task has to people, and what they said.

use super::{
    Result, Store,
    events::{self, NewEvent},
    now_ms,
    task_log::{self, NewLine},
};

/// A question as stored.
#[derive(Debug, Clone, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Interruption {
    /// Row id.
    pub id: i64,
    /// Row id.
    pub space_id: i64,
    /// Row id.
    pub task_id: i64,
    /// The place of its action in the process.
    pub action: i64,
    /// Row id; 0 for the server.
    pub machine_id: i64,
    /// From 1.
    pub attempt: i64,
    /// `Manual` or `Failure`.
    pub kind: String,
    /// One line.
    pub title: String,
    /// What is to be done, or why it failed.
    pub instructions: String,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// The user who has taken it; empty for none.
    pub responsible: String,
    /// What was said; empty while it is open.
    pub answer: String,
    /// What was said with it.
    pub notes: String,
    /// Milliseconds since 1970.
    pub submitted_at: Option<i64>,
}

/// The kind of a step that waits for a person.
pub const MANUAL: &str = "Manual";
/// The kind of a part that has failed.
pub const FAILURE: &str = "Failure";

/// Which are listed; 0 stands for all.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    /// Row id.
    pub space_id: i64,
    /// Row id.
    pub task_id: i64,
    /// Only those that wait for an answer.
    pub pending: bool,
}

const FILTER: &str = "($1 = 0 or space_id = $1) and ($2 = 0 or task_id = $2) \
    and ($3 = 0 or submitted_at is null)";

/// What became of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Submitted {
    /// It counts.
    Taken,
    /// There was one already, or the task has ended.
    TooLate,
}

impl Store {
    /// Asks, once for each attempt at a part, with a line in the log of the task.
    pub async fn interrupt(&self, new: &Interruption, line: &NewLine) -> Result<()> {
        let mut transaction = self.write().await?;
        let done = sqlx::query(
            "insert into interruptions (space_id, task_id, action, machine_id, attempt, kind, title, \
             instructions, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
             on conflict do nothing",
        )
        .bind(new.space_id)
        .bind(new.task_id)
        .bind(new.action)
        .bind(new.machine_id)
        .bind(new.attempt)
        .bind(&new.kind)
        .bind(&new.title)
        .bind(&new.instructions)
        .bind(now_ms())
        .execute(&mut *transaction)
        .await?;
        if done.rows_affected() > 0 {
            let lines = std::slice::from_ref(line);
            task_log::append(&mut transaction, &self.node, new.task_id, lines).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// The question about one attempt at a part, if there is one.
    pub async fn interruption_of(
        &self,
        task: i64,
        (action, machine): (i64, i64),
        attempt: i64,
    ) -> Result<Option<Interruption>> {
        let query = "select * from interruptions where task_id = $1 and action = $2 \
            and machine_id = $3 and attempt = $4";
        let query = sqlx::query_as(query).bind(task).bind(action);
        let query = query.bind(machine).bind(attempt);
        Ok(query.fetch_optional(&self.pool).await?)
    }

    /// One of them.
    pub async fn interruption(&self, id: i64) -> Result<Option<Interruption>> {
        let query = sqlx::query_as("select * from interruptions where id = $1").bind(id);
        Ok(query.fetch_optional(&self.pool).await?)
    }

    /// The newest first, and how many there are in all.
    pub async fn interruptions(
        &self,
        wanted: Wanted,
        skip: i64,
        take: i64,
    ) -> Result<(Vec<Interruption>, i64)> {
        let pending = i64::from(wanted.pending);
        let count = format!("select count(*) from interruptions where {FILTER}");
        let total = sqlx::query_scalar(sqlx::AssertSqlSafe(count))
            .bind(wanted.space_id)
            .bind(wanted.task_id)
            .bind(pending)
            .fetch_one(&self.pool)
            .await?;
        let page = format!(
            "select * from interruptions where {FILTER} order by id desc limit $4 offset $5"
        );
        let rows = sqlx::query_as(sqlx::AssertSqlSafe(page))
            .bind(wanted.space_id)
            .bind(wanted.task_id)
            .bind(pending)
            .bind(take)
            .bind(skip)
            .fetch_all(&self.pool)
            .await?;
        Ok((rows, total))
    }

    /// Writes down who has taken an open question; empty gives it back.
    pub async fn take_interruption(
        &self,
        id: i64,
        username: &str,
        event: &NewEvent,
    ) -> Result<Submitted> {
        let mut transaction = self.write().await?;
        let done = sqlx::query(
            "update interruptions set responsible = $1 where id = $2 and submitted_at is null",
        )
        .bind(username)
        .bind(id)
        .execute(&mut *transaction)
        .await?;
        if done.rows_affected() == 0 {
            return Ok(Submitted::TooLate);
        }
        events::append(&mut transaction, event).await?;
        transaction.commit().await?;
        Ok(Submitted::Taken)
    }

    /// Writes down an answer: the first one counts.
    pub async fn answer_interruption(
        &self,
        id: i64,
        username: &str,
        (answer, notes): (&str, &str),
        event: &NewEvent,
    ) -> Result<Submitted> {
        let mut transaction = self.write().await?;
        let done = sqlx::query(
            "update interruptions set responsible = $1, answer = $2, notes = $3, submitted_at = $4 \
             where id = $5 and submitted_at is null",
        )
        .bind(username)
        .bind(answer)
        .bind(notes)
        .bind(now_ms())
        .bind(id)
        .execute(&mut *transaction)
        .await?;
        if done.rows_affected() == 0 {
            return Ok(Submitted::TooLate);
        }
        events::append(&mut transaction, event).await?;
        transaction.commit().await?;
        Ok(Submitted::Taken)
    }
}

/// Closes what a task that ends still asks.
pub(super) async fn close(connection: &mut sqlx::AnyConnection, task: i64) -> Result<()> {
    sqlx::query(
        "update interruptions set answer = 'Canceled', submitted_at = $1 \
         where task_id = $2 and submitted_at is null",
    )
    .bind(now_ms())
    .bind(task)
    .execute(connection)
    .await?;
    Ok(())
}
