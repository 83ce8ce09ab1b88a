//! The server's durable state in SQLite: one module per table group.
//!
//! Knows nothing of HTTP, agents or the portal. Ids are the database's integers here;
//! `Machines-3` is made at the edge.

use std::{path::Path, time::Duration};

use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

pub mod environments;
pub mod machines;
pub mod packages;
pub mod sessions;
pub mod task_log;
pub mod tasks;
pub mod users;

/// Why the store did not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused, or can't be reached.
    #[error("the database did not take the request; look at its disk space and permissions")]
    Database(#[from] sqlx::Error),
    /// The database has another shape than this program needs.
    #[error("the database could not be brought to this version's schema")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A stored value can't be read back.
    #[error("the database holds a value that can't be read: {0}")]
    Damaged(String),
    /// Something with this name is there already.
    #[error("{0}")]
    Conflict(String),
}

/// The outcome of a store call.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// A handle to the database; cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    pool: SqlitePool,
}

impl Store {
    /// Opens, or creates, the database file and brings it to the present schema.
    pub async fn open(file: &Path) -> Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // A task that is shown as ended has ended, also after a power cut.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(30));
        let pool = SqlitePoolOptions::new()
            .max_connections(4)
            .connect_with(options)
            .await?;
        sqlx::migrate!("./migrations").run(&pool).await?;
        Ok(Self { pool })
    }

    /// Waits until open connections are back, and closes the file.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

/// Milliseconds since 1970-01-01 UTC.
pub fn now_ms() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

/// The enum that a stored word stands for.
fn from_word<T: serde::de::DeserializeOwned>(word: &str) -> Result<T> {
    serde_json::from_value(word.into()).map_err(|_| StoreError::Damaged(word.to_owned()))
}

/// The word that an enum without fields is stored and sent as.
fn to_word<T: serde::Serialize>(value: T) -> Result<String> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        other => Err(StoreError::Damaged(format!("{other:?}"))),
    }
}

/// A stored JSON text.
fn from_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| StoreError::Damaged(error.to_string()))
}

/// A value as JSON text.
fn to_json<T: serde::Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| StoreError::Damaged(error.to_string()))
}

/// Turns a broken unique rule into words.
fn conflict(error: sqlx::Error, words: impl FnOnce() -> String) -> StoreError {
    match &error {
        sqlx::Error::Database(inner) if inner.is_unique_violation() => {
            StoreError::Conflict(words())
        }
        _ => error.into(),
    }
}
