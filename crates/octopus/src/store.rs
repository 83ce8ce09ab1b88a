//! The server's durable state, in SQLite or PostgreSQL: one module per table group.
//!
//! Knows nothing of HTTP, agents or the portal. Ids are the database's integers here;
//! `Machines-3` is made at the edge. `schema` tells what queries may use.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicU64},
};

use sqlx::{AnyPool, Row, any::AnyRow};
use tokio::sync::Mutex;

pub mod arrivals;
pub mod causes;
mod counts;
pub mod deployments;
pub mod documents;
pub mod environments;
pub mod events;
pub mod interruptions;
pub mod left;
pub mod machines;
pub mod nodes;
mod open;
pub mod packages;
mod promotions;
pub mod releases;
mod reseal;
mod schema;
pub mod sessions;
pub mod standings;
pub mod targets;
pub mod task_lists;
pub mod task_log;
pub mod tasks;
pub mod users;
pub mod vault;
mod writing;

pub use self::open::Database;
use self::{
    open::Kind,
    vault::{Vault, VaultError},
    writing::Writing,
};

/// Why the store did not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused, or can't be reached.
    #[error(
        "the database did not take the request; look at its disk space and permissions, \
         and at the connection to it"
    )]
    Database(#[from] sqlx::Error),
    /// The database has another shape than this program needs.
    #[error("the database could not be brought to this version's schema")]
    Migration(#[source] sqlx::migrate::MigrateError),
    /// A later program has changed the database's shape.
    #[error(
        "the database was brought to a newer version of Octopus; run that version, or restore \
         a backup from before"
    )]
    Newer,
    /// A stored value can't be read back.
    #[error("the database holds a value that can't be read: {0}")]
    Damaged(String),
    /// A secret can't be sealed or read.
    #[error("a secret can't be stored or read")]
    Vault(#[from] VaultError),
    /// The address of the database is none.
    #[error(
        "the database's address must be like postgres://user@host/name; without one a SQLite file is used"
    )]
    Address,
    /// The file's name has bytes that are no text.
    #[error("the database can't be at {0}: its name is no UTF-8; give another folder")]
    Path(PathBuf),
    /// Another server has taken the task over.
    #[error("another server works on task {0} now")]
    Taken(i64),
    /// Something with this name is there already.
    #[error("{0}")]
    Conflict(String),
}

impl From<sqlx::migrate::MigrateError> for StoreError {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        match error {
            sqlx::migrate::MigrateError::VersionMissing(_) => Self::Newer,
            other => Self::Migration(other),
        }
    }
}

impl StoreError {
    /// PostgreSQL holds no text with the character U+0000 in it (its error 22021).
    pub fn is_bad_text(&self) -> bool {
        let Self::Database(sqlx::Error::Database(error)) = self else {
            return false;
        };
        error.code().as_deref() == Some("22021")
    }
}

/// The outcome of a store call.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// A handle to the database; cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    pool: AnyPool,
    kind: Kind,
    vault: Vault,
    /// Whose turn it is to write to a SQLite file: whoever waits here costs nothing, and SQLite
    /// would have it look again and again.
    turn: Arc<Mutex<()>>,
    settled: counts::Settled,
    /// How often this process has changed the feed.
    feed_changes: Arc<AtomicU64>,
    /// Names this process among those that share the database.
    node: Arc<str>,
}

impl Store {
    /// Opens the database, makes the file when there is none, and brings it to the present
    /// schema.
    pub async fn open(database: &Database, vault: Vault) -> Result<Self> {
        let pool = database.connect().await?;
        let kind = database.kind();
        schema::migrate(&pool, kind).await?;
        let store = Self {
            pool,
            kind,
            vault,
            turn: Arc::default(),
            settled: counts::Settled::default(),
            feed_changes: Arc::default(),
            node: vault::new_name()?.into(),
        };
        store.reseal().await?;
        Ok(store)
    }

    /// Writes the whole database, as it is at this moment, to a new file.
    ///
    /// # Errors
    /// When the file is there already, or the database is not in a file itself.
    pub async fn copy_to(&self, file: &Path) -> Result<()> {
        let name = file
            .to_str()
            .ok_or_else(|| StoreError::Path(file.to_owned()))?;
        let copy = sqlx::query("vacuum into $1").bind(name);
        copy.execute(&self.pool).await?;
        if cfg!(unix) {
            std::fs::File::open(file)
                .and_then(|file| file.sync_all())
                .map_err(sqlx::Error::Io)?;
        }
        Ok(())
    }

    /// Waits until open connections are back, and closes the database.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// Seals a value for the column `place`, such as `variables.value`.
    pub fn seal(&self, place: &str, plain: &str) -> Result<String> {
        Ok(self.vault.seal(place, plain)?)
    }

    /// The value that was sealed for the column `place`.
    pub fn unseal(&self, place: &str, sealed: &str) -> Result<String> {
        Ok(self.vault.unseal(place, sealed)?)
    }

    /// A transaction that is going to write. SQLite gets its lock at once: one that began by
    /// reading could be refused the lock later.
    async fn write(&self) -> Result<Writing> {
        Ok(match self.kind {
            Kind::Sqlite => {
                let turn = Arc::clone(&self.turn).lock_owned().await;
                let transaction = self.pool.begin_with("begin immediate").await?;
                Writing::new(transaction, Some(turn))
            }
            Kind::Postgres => Writing::new(self.pool.begin().await?, None),
        })
    }

    /// The same, for whoever decides what is deployed of a project, or looks at what is: one at
    /// a time. SQLite has no two writers anyway; on PostgreSQL two could look, each before the
    /// other's work is to be seen.
    async fn write_alone(&self, project: i64) -> Result<Writing> {
        let mut transaction = self.write().await?;
        if self.kind == Kind::Postgres {
            let query = "select id from documents where id = $1 for no key update";
            let query = sqlx::query(query).bind(project);
            query.fetch_optional(&mut *transaction).await?;
        }
        Ok(transaction)
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

/// A column that holds 0 or 1.
fn flag(row: &AnyRow, column: &str) -> sqlx::Result<bool> {
    Ok(row.try_get::<i64, _>(column)? != 0)
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
