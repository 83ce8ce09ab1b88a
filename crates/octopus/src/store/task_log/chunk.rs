//! A thousand lines in one row: deflated JSON, about a tenth of the lines' own size.

use std::io::{Read, Write};

use flate2::{Compression, read::DeflateDecoder, write::DeflateEncoder};
use sqlx::AnyConnection;

use super::{Line, Result, SELECT, StoreError, from_row, level_number};

/// Lines in a whole chunk.
pub(super) const CHUNK: i64 = 1000;

/// Most bytes that a chunk may unfold to: a damaged one fills no memory.
const LIMIT: u64 = 1 << 30;

type Stored = (i64, i64, i64, String, String);

/// Packs the whole chunks among the lines `from..=to`, or with `rest` the last, shorter one too.
pub(super) async fn pack(
    connection: &mut AnyConnection,
    task: i64,
    from: i64,
    to: i64,
    rest: bool,
) -> Result<()> {
    let mut first = (from - 1).max(0) / CHUNK * CHUNK + 1;
    while first + CHUNK - 1 <= to || (rest && first <= to) {
        let last = (first + CHUNK - 1).min(to);
        let query =
            format!("{SELECT} where task_id = $1 and sequence between $2 and $3 order by sequence");
        let rows = sqlx::query_as(sqlx::AssertSqlSafe(query))
            .bind(task)
            .bind(first)
            .bind(last)
            .fetch_all(&mut *connection)
            .await?;
        let lines: Vec<Line> = rows.into_iter().map(from_row).collect::<Result<_>>()?;
        // What is not whole stays as it is.
        let is_whole = i64::try_from(lines.len()).ok() == Some(last - first + 1);
        if is_whole && put(connection, task, first, &encode(&lines)?).await? {
            sqlx::query("delete from task_log where task_id = $1 and sequence between $2 and $3")
                .bind(task)
                .bind(first)
                .bind(last)
                .execute(&mut *connection)
                .await?;
        }
        first += CHUNK;
    }
    Ok(())
}

async fn put(connection: &mut AnyConnection, task: i64, first: i64, lines: &[u8]) -> Result<bool> {
    let done = sqlx::query(
        "insert into task_log_chunks (task_id, first_sequence, lines) values ($1, $2, $3) \
         on conflict do nothing",
    )
    .bind(task)
    .bind(first)
    .bind(lines)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() > 0)
}

fn encode(lines: &[Line]) -> Result<Vec<u8>> {
    let stored = |Line { line, .. }: &Line| {
        let level = level_number(line.level);
        (
            line.at,
            level,
            line.machine_id,
            line.step.clone(),
            line.text.clone(),
        )
    };
    let stored: Vec<Stored> = lines.iter().map(stored).collect();
    let damaged = |error: &dyn std::error::Error| StoreError::Damaged(error.to_string());
    let json = serde_json::to_vec(&stored).map_err(|error| damaged(&error))?;
    let mut packed = DeflateEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(&json).map_err(|error| damaged(&error))?;
    packed.finish().map_err(|error| damaged(&error))
}

/// The lines of a chunk whose first line has this number.
pub(super) fn decode(first: i64, packed: &[u8]) -> Result<Vec<Line>> {
    let damaged = |error: &dyn std::error::Error| {
        StoreError::Damaged(format!("lines of a task's log from {first} on: {error}"))
    };
    let mut json = Vec::new();
    let mut reader = DeflateDecoder::new(packed).take(LIMIT);
    reader
        .read_to_end(&mut json)
        .map_err(|error| damaged(&error))?;
    let stored: Vec<Stored> = serde_json::from_slice(&json).map_err(|error| damaged(&error))?;
    let numbered = (first..).zip(stored);
    numbered
        .map(|(sequence, (at, level, machine_id, step, text))| {
            from_row((sequence, at, level, machine_id, step, text))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use api::LogCategory;

    use super::{super::NewLine, Line, decode, encode};

    #[test]
    fn a_chunk_holds_its_lines_and_a_damaged_one_says_so() {
        let line = |sequence| Line {
            sequence,
            line: NewLine {
                at: 1_700_000_000_000 + sequence,
                level: LogCategory::Error,
                machine_id: sequence % 3,
                step: "Deploy".to_owned(),
                text: format!("line {sequence} \"quoted\" ☃\n"),
            },
        };
        let lines: Vec<Line> = (1001..=2000).map(line).collect();
        let packed = encode(&lines).unwrap();
        assert!(packed.len() < 20_000, "{}", packed.len());
        assert_eq!(
            format!("{:?}", decode(1001, &packed).unwrap()),
            format!("{lines:?}")
        );
        for damaged in [&packed[..packed.len() / 2], b"", b"nonsense"] {
            let error = decode(1001, damaged).unwrap_err().to_string();
            assert!(error.contains("from 1001 on"), "{error}");
        }
    }
}
