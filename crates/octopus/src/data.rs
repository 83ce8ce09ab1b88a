//! The data folder: what it holds, and who may work in it.
//!
//! `octopus.db` (without `--database`), `packages/`, `identity.pem`, `master.key`, `node`, `lock`.

use std::{
    fs::{self, File, TryLockError},
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use channel::Identity;

use crate::store::{
    Database, Store,
    vault::{self, Vault},
};

/// The database's file in the data folder.
pub const DATABASE: &str = "octopus.db";

/// The master keys' file in the data folder.
pub const MASTER_KEY: &str = "master.key";

/// The server's certificate and its key, in the data folder.
pub const IDENTITY: &str = "identity.pem";

/// The name of the data folder among those whose servers share a database.
const NODE: &str = "node";

/// The environment variable that replaces the master keys' file.
const KEY_VARIABLE: &str = "OCTOPUS_MASTER_KEY";

/// Where a server keeps everything.
#[derive(Debug, Clone)]
pub struct Data {
    /// The folder.
    pub folder: PathBuf,
    /// The database.
    pub database: Database,
}

impl Data {
    /// The data in this folder, with the database at this address, or else in the folder.
    pub fn new(folder: &Path, database: Option<&str>) -> anyhow::Result<Self> {
        Ok(Self {
            folder: folder.to_owned(),
            database: Database::choose(database, &folder.join(DATABASE))?,
        })
    }

    /// Makes the folder, and takes it for this process alone: two servers on one data folder
    /// would run every task twice.
    pub fn take(&self) -> anyhow::Result<File> {
        let folder = self.folder.display();
        fs::create_dir_all(&self.folder).with_context(|| {
            format!("the data folder {folder} can't be made; give one that this user can write")
        })?;
        let path = self.folder.join("lock");
        let file = File::create(&path).with_context(|| {
            let path = path.display();
            format!("{path} can't be written; give a data folder that this user can write")
        })?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => bail!(
                "another octopus serves {folder} already; stop it, or give another --data folder"
            ),
            Err(TryLockError::Error(error)) => {
                Err(error).context("the data folder can't be locked")
            }
        }
    }

    /// Opens the database, whether a server runs on it or not.
    pub async fn store(&self) -> anyhow::Result<Store> {
        let vault = self.vault()?;
        let store = Store::open(&self.database, vault).await;
        store.with_context(|| match &self.database {
            Database::File(_) => {
                let folder = self.folder.display();
                format!("the database in {folder} can't be opened")
            }
            // Its address may hold a password.
            Database::Postgres(_) => "the database of --database can't be opened".to_owned(),
        })
    }

    /// Opens the database of a server that has run on this folder before.
    pub async fn existing_store(&self) -> anyhow::Result<Store> {
        // The first is of 1.0.0, the second of every server since.
        if ![DATABASE, NODE]
            .iter()
            .any(|file| self.folder.join(file).exists())
        {
            let folder = self.folder.display();
            bail!(
                "{folder} holds no server's data; start `octopus serve --data {folder}` once first"
            );
        }
        self.store().await
    }

    /// The master keys: of the environment, or of the folder; made at the first start.
    pub fn vault(&self) -> anyhow::Result<Vault> {
        let given = std::env::var(KEY_VARIABLE).unwrap_or_default();
        if !given.trim().is_empty() {
            return Vault::from_text(&given).with_context(|| format!("{KEY_VARIABLE} is wrong"));
        }
        let path = self.folder.join(MASTER_KEY);
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let text = Vault::new_key()? + "\n";
                write_secret(&path, &text)
                    .with_context(|| format!("{} can't be written", path.display()))?;
                text
            }
            read => read.with_context(|| format!("{} can't be read", path.display()))?,
        };
        let vault = Vault::from_text(&text);
        vault.with_context(|| format!("{} is damaged; restore it from a backup", path.display()))
    }

    /// Names the folder among those whose servers share a database; made at the first start.
    pub fn home(&self) -> anyhow::Result<String> {
        let path = self.folder.join(NODE);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(text.trim().to_owned()),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let name = vault::new_name()?;
                write_secret(&path, &name)
                    .with_context(|| format!("{} can't be written", path.display()))?;
                Ok(name)
            }
            Err(error) => Err(error).with_context(|| format!("{} can't be read", path.display())),
        }
    }

    /// The server's certificate; made at the first start.
    pub fn identity(&self) -> anyhow::Result<Identity> {
        let path = self.folder.join(IDENTITY);
        match fs::read_to_string(&path) {
            Ok(text) => Identity::from_pem(&text).with_context(|| {
                format!("{} is damaged; restore it from a backup", path.display())
            }),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let (identity, text) = Identity::generate("Octopus")?;
                write_secret(&path, &text)
                    .with_context(|| format!("{} can't be written", path.display()))?;
                Ok(identity)
            }
            Err(error) => Err(error).with_context(|| format!("{} can't be read", path.display())),
        }
    }
}

/// Writes a file that only this user can read, whole or not at all.
pub(crate) fn write_secret(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    // Made with mode 0600.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}
