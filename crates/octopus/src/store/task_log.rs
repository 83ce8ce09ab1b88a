//! The log of each task: lines with a sequence number, exactly once.
//!
//! New lines are rows; each full thousand of them becomes one packed row (`chunk`).

mod chunk;

use api::LogCategory;
use sqlx::AnyConnection;

use super::{Result, Store, StoreError};

/// A row of `task_log`.
type Row = (i64, i64, i64, i64, String, String);

const SELECT: &str = "select sequence, at, level, machine_id, step, text from task_log";

/// The end of a change to a task that gives lines their numbers; binds first [`count`], [`warns`],
/// the task, and this node.
pub(super) const NUMBER_LINES: &str = "last_sequence = last_sequence + $1, \
    has_warnings = case when $2 = 1 then 1 else has_warnings end \
    where id = $3 and node = $4 returning last_sequence";

/// Lines that one statement writes.
const AT_ONCE: usize = 64;

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
        append(&mut transaction, &self.node, task, lines).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Takes over lines of an agent and, in the same transaction, how far that agent's log
    /// has been taken over: after a crash no line is lost and none comes twice. `activity`, if
    /// any, is what people see of the machine from now on.
    pub async fn append_agent_log(
        &self,
        task: i64,
        (action, machine): (i64, i64),
        agent_sequence: u64,
        lines: &[NewLine],
        activity: Option<&str>,
    ) -> Result<()> {
        let agent_sequence = i64::try_from(agent_sequence).unwrap_or(i64::MAX);
        let mut transaction = self.write().await?;
        append(&mut transaction, &self.node, task, lines).await?;
        sqlx::query(
            "update task_targets set agent_sequence = $1, activity = \
             case when completed_at is null then coalesce($5, activity) else activity end \
             where task_id = $2 and action = $3 and machine_id = $4",
        )
        .bind(agent_sequence)
        .bind(task)
        .bind(action)
        .bind(machine)
        .bind(activity)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Lines after a sequence number, at most `limit`.
    pub async fn log_after(&self, task: i64, after: i64, limit: i64) -> Result<Vec<Line>> {
        for last_try in [false, false, false, true] {
            let mut lines = self.packed_after(task, after, limit).await?;
            let last = lines.last().map_or(after, |line| line.sequence);
            let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
                "{SELECT} where task_id = $1 and sequence > $2 order by sequence limit $3"
            )))
            .bind(task)
            .bind(last)
            .bind(limit - i64::try_from(lines.len()).unwrap_or(limit))
            .fetch_all(&self.pool)
            .await?;
            // Between the two looks, rows may have been packed.
            if last_try || rows.first().is_none_or(|row| row.0 == last + 1) {
                for row in rows {
                    lines.push(from_row(row)?);
                }
                return Ok(lines);
            }
        }
        Ok(Vec::new())
    }

    async fn packed_after(&self, task: i64, after: i64, limit: i64) -> Result<Vec<Line>> {
        let chunks: Vec<(i64, Vec<u8>)> = sqlx::query_as(
            "select first_sequence, lines from task_log_chunks \
             where task_id = $1 and first_sequence > $2 order by first_sequence limit $3",
        )
        .bind(task)
        .bind(after - chunk::CHUNK)
        .bind(limit / chunk::CHUNK + 2)
        .fetch_all(&self.pool)
        .await?;
        let limit = usize::try_from(limit).unwrap_or(0);
        let mut lines = Vec::new();
        for (first, packed) in chunks {
            let found = chunk::decode(first, &packed)?.into_iter();
            lines.extend(found.filter(|line| line.sequence > after));
        }
        lines.truncate(limit);
        Ok(lines)
    }
}

pub(super) fn count(lines: &[NewLine]) -> i64 {
    i64::try_from(lines.len()).unwrap_or(i64::MAX)
}

/// 1 where one of the lines warns.
pub(super) fn warns(lines: &[NewLine]) -> i64 {
    let warns = |line: &NewLine| matches!(line.level, LogCategory::Warning | LogCategory::Error);
    i64::from(lines.iter().any(warns))
}

fn from_row((sequence, at, level, machine_id, step, text): Row) -> Result<Line> {
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
}

/// Appends lines to a task that this node works on; gives the log's last sequence number.
pub(super) async fn append(
    connection: &mut AnyConnection,
    node: &str,
    task: i64,
    lines: &[NewLine],
) -> Result<i64> {
    // Takes the task's lock first, so that numbers are given in one order.
    let query = format!("update tasks set {NUMBER_LINES}");
    let last: Option<i64> = sqlx::query_scalar(sqlx::AssertSqlSafe(query))
        .bind(count(lines))
        .bind(warns(lines))
        .bind(task)
        .bind(node)
        .fetch_optional(&mut *connection)
        .await?;
    let last = last.ok_or(StoreError::Taken(task))?;
    insert(connection, task, lines, last).await?;
    Ok(last)
}

/// Writes lines down whose numbers have been taken: `last` is that of the last one.
pub(super) async fn insert(
    connection: &mut AnyConnection,
    task: i64,
    lines: &[NewLine],
    last: i64,
) -> Result<()> {
    let mut sequence = last - count(lines);
    for some in lines.chunks(AT_ONCE) {
        let places: Vec<String> = (0..some.len())
            .map(|n| n * 7)
            .map(|n| {
                let places: Vec<String> = (n + 1..n + 8).map(|n| format!("${n}")).collect();
                format!("({})", places.join(", "))
            })
            .collect();
        let query = format!("insert into task_log values {}", places.join(", "));
        let mut query = sqlx::query(sqlx::AssertSqlSafe(query));
        for line in some {
            sequence += 1;
            query = query
                .bind(task)
                .bind(sequence)
                .bind(line.at)
                .bind(level_number(line.level))
                .bind(line.machine_id)
                .bind(&line.step)
                .bind(&line.text);
        }
        query.execute(&mut *connection).await?;
    }
    chunk::pack(connection, task, last - count(lines) + 1, last, false).await
}

/// Packs what is left of a task's log when it ends with the line `last`.
pub(super) async fn pack_rest(connection: &mut AnyConnection, task: i64, last: i64) -> Result<()> {
    chunk::pack(connection, task, last, last, true).await
}
