//! The file in which `login` and `config set` keep the server, the key and other settings.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::client::{Address, ApiKey, Credential};
use crate::output::Format;

/// What the file holds; whatever is absent was never set.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Config {
    /// Address of the server that the key belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) server: Option<String>,
    /// In clear, which is why nobody else may read the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) api_key: Option<ApiKey>,
    /// In place of a key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) access_token: Option<ApiKey>,
    /// Used when no other space is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) space: Option<String>,
    /// Used when no other format is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) output_format: Option<Format>,
    /// Nothing is ever asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) no_prompt: Option<bool>,
}

impl Config {
    /// The key counts before the token.
    pub(crate) fn credential(&self) -> Option<Credential> {
        let key = self.api_key.clone().map(Credential::Key);
        key.or_else(|| self.access_token.clone().map(Credential::Token))
    }

    /// Whether the file is about this server.
    pub(crate) fn belongs_to(&self, address: &Address) -> bool {
        let server = self.server.as_deref().map(str::parse::<Address>);
        server.is_some_and(|saved| saved.is_ok_and(|saved| saved == *address))
    }
}

/// Why the file could not be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    /// Neither `OCTO_CONFIG` nor a home folder is set.
    #[error("There is no place for the configuration: neither OCTO_CONFIG nor HOME is set.")]
    NoPlace,
    /// It is there and cannot be read.
    #[error("The configuration {} cannot be read.", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is not the JSON that `login` writes.
    /// Only the place is told: the parser's own words could quote the key.
    #[error("The configuration {} is damaged at line {line}, column {column}.", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// It cannot be written or removed.
    #[error("The configuration {} cannot be changed.", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Reads the file; all is absent when there is none yet.
///
/// # Errors
/// When it is there and cannot be used.
pub(crate) fn load(path: Option<&Path>) -> Result<Config, ConfigError> {
    let Some(path) = path else {
        return Ok(Config::default());
    };
    let text = match std::fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Config::default()),
        Err(source) => {
            return Err(ConfigError::Read {
                path: path.to_owned(),
                source,
            });
        }
    };
    serde_json::from_slice(&text).map_err(|error| ConfigError::Damaged {
        path: path.to_owned(),
        line: error.line(),
        column: error.column(),
    })
}

/// Writes the file whole or not at all, readable by its owner only (mode 0600), and its
/// folder if need be.
///
/// # Errors
/// When there is no place for it, or the place cannot be written.
pub(crate) fn save(path: Option<&Path>, config: &Config) -> Result<PathBuf, ConfigError> {
    let path = path.ok_or(ConfigError::NoPlace)?;
    write(path, config).map_err(|source| ConfigError::Write {
        path: path.to_owned(),
        source,
    })?;
    Ok(path.to_owned())
}

/// Removes the file; false when there was none.
///
/// # Errors
/// When it is there and cannot be removed.
pub(crate) fn remove(path: Option<&Path>) -> Result<bool, ConfigError> {
    let Some(path) = path else { return Ok(false) };
    match std::fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(source) => Err(ConfigError::Write {
            path: path.to_owned(),
            source,
        }),
    }
}

fn write(path: &Path, config: &Config) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    std::fs::create_dir_all(folder)?;
    // On Unix, `tempfile` creates with mode 0600, so the key is never readable by others.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    serde_json::to_writer_pretty(&mut file, config)?;
    file.write_all(b"\n")?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}
