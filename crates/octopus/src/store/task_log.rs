//! The log of each task: lines with a sequence number, exactly once.

use api::LogCategory;

use super::{Result, Store, StoreError};

/// A line to be written.
#[derive(Debug, Clone)]
pub struct NewLine {
    /// Milliseconds since 1970.
    pub at: i64,
    /// How loud.
    pub level: LogCategory,
    /// Row id of the machine that it is about; 0 for the server itself.
    pub machine_id: i64,
    /// Such as `PreDeploy`; may be empty.
    pub step: String,
    /// One line.
    pub text: String,
}

/// A line as stored.
#[derive(Debug, Clone)]
pub struct Line {
    /// 1 for the task's first, without gaps.
    pub sequence: i64,
    /// The rest.
    pub line: NewLine,
}

const LEVELS: [LogCategory; 6] = [
    LogCategory::Verbose,
    LogCategory::Info,
    LogCategory::Highlight,
    LogCategory::Wait,
    LogCategory::Warning,
    LogCategory::Error,
];

fn level_number(level: LogCategory) -> i64 {
    let place = LEVELS.iter().position(|other| *other == level);
    place.and_then(|n| i64::try_from(n).ok()).unwrap_or(1)
}

impl Store {
    /// Appends lines of the server itself.
    pub async fn append_log(&self, task: i64, lines: &[NewLine]) -> Result<()> {
        let mut transaction = self.write().await?;
        append(&mut transaction, task, lines).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Takes over lines of an agent and, in the same transaction, how far that agent's log
    /// has been taken over: after a crash no line is lost and none comes twice.
    pub async fn append_agent_log(
        &self,
        task: i64,
        machine: i64,
        agent_sequence: u64,
        lines: &[NewLine],
    ) -> Result<()> {
        let agent_sequence = i64::try_from(agent_sequence).unwrap_or(i64::MAX);
        let mut transaction = self.write().await?;
        append(&mut transaction, task, lines).await?;
        sqlx::query(
            "update task_targets set agent_sequence = $1 where task_id = $2 and machine_id = $3",
        )
        .bind(agent_sequence)
        .bind(task)
        .bind(machine)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Lines after a sequence number, at most `limit`.
    pub async fn log_after(&self, task: i64, after: i64, limit: i64) -> Result<Vec<Line>> {
        type Row = (i64, i64, i64, i64, String, String);
        let rows: Vec<Row> = sqlx::query_as(
            "select sequence, at, level, machine_id, step, text from task_log \
             where task_id = $1 and sequence > $2 order by sequence limit $3",
        )
        .bind(task)
        .bind(after)
        .bind(limit)
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|(sequence, at, level, machine_id, step, text)| {
                let level = usize::try_from(level).ok().and_then(|n| LEVELS.get(n));
                let level = *level.ok_or_else(|| StoreError::Damaged("log level".to_owned()))?;
                let line = NewLine {
                    at,
                    level,
                    machine_id,
                    step,
                    text,
                };
                Ok(Line { sequence, line })
            })
            .collect()
    }
}

pub(super) async fn append(
    connection: &mut sqlx::AnyConnection,
    task: i64,
    lines: &[NewLine],
) -> Result<()> {
    // Takes the write lock first, so that numbers are given in one order.
    let count = i64::try_from(lines.len()).unwrap_or(i64::MAX);
    let last: i64 = sqlx::query_scalar(
        "update tasks set last_sequence = last_sequence + $1 where id = $2 returning last_sequence",
    )
    .bind(count)
    .bind(task)
    .fetch_one(&mut *connection)
    .await?;
    for (sequence, line) in (last - count + 1..).zip(lines) {
        sqlx::query("insert into task_log values ($1, $2, $3, $4, $5, $6, $7)")
            .bind(task)
            .bind(sequence)
            .bind(line.at)
            .bind(level_number(line.level))
            .bind(line.machine_id)
            .bind(&line.step)
            .bind(&line.text)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}
