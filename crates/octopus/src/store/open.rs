//! Reaching the database: a SQLite file, or PostgreSQL by its address.

use std::{
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

use sqlx::{
    AnyConnection, AnyPool, Connection, Executor,
    any::{AnyConnectOptions, AnyPoolOptions},
};

use super::{Result, StoreError};

/// Where the durable state is.
#[derive(Debug, Clone)]
pub enum Database {
    /// A SQLite file of this server alone.
    File(PathBuf),
    /// `postgres://user:password@host/name`, which several servers may share.
    Postgres(String),
}

/// What differs between the databases: nothing outside `store` and its `open` and `schema` looks at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Sqlite,
    Postgres,
}

impl Database {
    /// The one at this address, or else the file.
    ///
    /// # Errors
    /// When the address is not one of PostgreSQL.
    pub fn choose(address: Option<&str>, file: &Path) -> Result<Self> {
        match address {
            None | Some("") => Ok(Self::File(file.to_owned())),
            Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
                Ok(Self::Postgres(url.to_owned()))
            }
            Some(_) => Err(StoreError::Address),
        }
    }

    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::File(_) => Kind::Sqlite,
            Self::Postgres(_) => Kind::Postgres,
        }
    }

    fn url(&self) -> Result<String> {
        let file = match self {
            Self::Postgres(url) => return Ok(url.clone()),
            Self::File(file) => file,
        };
        let path = file
            .to_str()
            .ok_or_else(|| StoreError::Path(file.clone()))?;
        // Every byte that could mean something in an address is written as a number.
        let plain = |byte: &u8| byte.is_ascii_alphanumeric();
        let path: String = path
            .as_bytes()
            .iter()
            .map(|byte| match plain(byte) {
                true => char::from(*byte).to_string(),
                false => format!("%{byte:02X}"),
            })
            .collect();
        Ok(format!("sqlite:{path}?mode=rwc"))
    }

    pub(super) async fn connect(&self) -> Result<AnyPool> {
        sqlx::any::install_default_drivers();
        let options = AnyConnectOptions::from_str(&self.url()?)?;
        // The pool would try again and again what can't be done.
        if let Err(error) = self.try_once(&options).await
            && !is_busy(&error)
        {
            return Err(error.into());
        }
        let pool = match self.kind() {
            Kind::Sqlite => AnyPoolOptions::new()
                .max_connections(4)
                // A file does not go away; the question costs two changes of threads.
                .test_before_acquire(false)
                .after_connect(|connection, _| Box::pin(prepare(connection))),
            Kind::Postgres => AnyPoolOptions::new()
                .max_connections(16)
                .acquire_timeout(Duration::from_secs(10)),
        };
        Ok(pool.connect_with(options).await?)
    }

    async fn try_once(&self, options: &AnyConnectOptions) -> sqlx::Result<()> {
        let mut connection = AnyConnection::connect_with(options).await?;
        if self.kind() == Kind::Sqlite {
            prepare(&mut connection).await?;
        }
        connection.close().await
    }
}

/// Another process sets up the file at this moment.
fn is_busy(error: &sqlx::Error) -> bool {
    // Source: https://www.sqlite.org/rescode.html, SQLITE_BUSY and its extended forms.
    let code = error.as_database_error().and_then(|error| error.code());
    let code = code.and_then(|code| code.parse::<u32>().ok());
    code.is_some_and(|code| code & 0xff == 5)
}

/// Sets up a connection to a SQLite file.
async fn prepare(connection: &mut AnyConnection) -> sqlx::Result<()> {
    for setting in [
        "pragma busy_timeout = 30000",
        "pragma foreign_keys = on",
        "pragma journal_mode = wal",
        // A task that is shown as ended has ended, also after a power cut.
        "pragma synchronous = full",
        // What was deleted can't be read in a copy of the file.
        "pragma secure_delete = on",
    ] {
        connection.execute(setting).await?;
    }
    Ok(())
}
