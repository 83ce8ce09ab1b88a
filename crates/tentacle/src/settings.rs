//! What Tentacle keeps in `config/`: its settings and whom it trusts.
//!
//! The files only ever grow: what this version does not know it keeps as it is, so that
//! an older version that comes back finds its settings, and a newer one too.

use std::{fs, io, net::IpAddr, path::PathBuf};

use channel::{Thumbprint, Trust};
use layout::{Home, replace_file};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// `config/tentacle.json`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Settings {
    /// TCP port that the server calls.
    #[serde(default = "default_port")]
    pub port: u16,
    /// Address to listen on; every address of the machine unless it is set.
    #[serde(default = "default_address")]
    pub listen_address: IpAddr,
    /// Where applications are installed; `HOME/Applications` unless it is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applications: Option<PathBuf>,
    /// The servers that may call.
    #[serde(default)]
    pub trusted: Vec<Trusted>,
    /// What other versions wrote.
    #[serde(flatten)]
    others: Map<String, Value>,
}

/// A server that may call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trusted {
    /// 64 hexadecimal digits.
    pub thumbprint: String,
    /// Where it was registered with; empty when the thumbprint was given by hand.
    #[serde(default)]
    pub server: String,
    /// What other versions wrote.
    #[serde(flatten)]
    others: Map<String, Value>,
}

/// Why the settings can't be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file system refused.
    #[error("{path} can't be read or written; check its owner and the disk")]
    Io {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file holds something else.
    #[error("{path} is damaged; correct it, or remove it and register again")]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// Where and why.
        source: serde_json::Error,
    },
    /// A trusted thumbprint is none.
    #[error("{path} names a trusted server by something that is no thumbprint")]
    Thumbprint {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: channel::ThumbprintError,
    },
}

fn default_port() -> u16 {
    wire::TENTACLE_PORT
}

fn default_address() -> IpAddr {
    IpAddr::from([0, 0, 0, 0])
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            port: default_port(),
            listen_address: default_address(),
            applications: None,
            trusted: Vec::new(),
            others: Map::new(),
        }
    }
}

impl Settings {
    /// Reads the settings; the defaults when there are none yet.
    pub fn load(home: &Home) -> Result<Self, SettingsError> {
        let path = path(home);
        match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map_err(|source| SettingsError::Damaged { path, source }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(source) => Err(SettingsError::Io { path, source }),
        }
    }

    /// Writes the settings, whole or not at all.
    pub fn store(&self, home: &Home) -> Result<(), SettingsError> {
        let path = path(home);
        let mut text = serde_json::to_string_pretty(self).map_err(|source| {
            let path = path.clone();
            SettingsError::Damaged { path, source }
        })?;
        text.push('\n');
        fs::create_dir_all(home.config())
            .and_then(|()| replace_file(&path, text.as_bytes()))
            .map_err(|source| SettingsError::Io { path, source })
    }

    /// Trusts a server; one that was trusted under the same address before is replaced.
    pub fn trust(&mut self, thumbprint: Thumbprint, server: &str) {
        let text = thumbprint.to_string();
        self.trusted.retain(|known| {
            known.thumbprint != text && (server.is_empty() || known.server != server)
        });
        self.trusted.push(Trusted {
            thumbprint: text,
            server: server.to_owned(),
            others: Map::new(),
        });
    }

    /// The thumbprints that may call.
    pub fn thumbprints(&self, home: &Home) -> Result<Trust, SettingsError> {
        let trust = Trust::default();
        for known in &self.trusted {
            let thumbprint = known.thumbprint.parse().map_err(|source| {
                let path = path(home);
                SettingsError::Thumbprint { path, source }
            })?;
            trust.allow(thumbprint);
        }
        Ok(trust)
    }
}

fn path(home: &Home) -> PathBuf {
    home.config().join("tentacle.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_another_version_wrote_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::new(folder.path());
        fs::create_dir(home.config()).unwrap();
        let text = r#"{"port": 10999, "proxy": {"host": "p"}, "trusted": [
            {"thumbprint": "AA", "server": "http://a", "since": 5}]}"#;
        fs::write(path(&home), text).unwrap();
        let mut settings = Settings::load(&home).unwrap();
        settings.trust(Thumbprint::of(b"x"), "http://b");
        settings.store(&home).unwrap();
        let value: Value = serde_json::from_slice(&fs::read(path(&home)).unwrap()).unwrap();
        assert_eq!(value["proxy"]["host"], "p");
        assert_eq!(value["trusted"][0]["since"], 5);
        assert_eq!(value["trusted"][1]["server"], "http://b");
        assert_eq!(value["port"], 10999);
    }

    #[test]
    fn damaged_settings_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::new(folder.path());
        fs::create_dir(home.config()).unwrap();
        fs::write(path(&home), "{\"port\": 99999}").unwrap();
        let error = Settings::load(&home).unwrap_err().to_string();
        assert!(error.contains("tentacle.json is damaged"), "{error}");
    }

    #[test]
    fn a_server_that_changed_its_certificate_is_trusted_once() {
        let mut settings = Settings::default();
        settings.trust(Thumbprint::of(b"old"), "http://a");
        settings.trust(Thumbprint::of(b"new"), "http://a");
        settings.trust(Thumbprint::of(b"hand"), "");
        let trusted: Vec<_> = settings.trusted.iter().map(|t| &t.thumbprint).collect();
        let expected = [b"new".as_slice(), b"hand"].map(|name| Thumbprint::of(name).to_string());
        assert_eq!(trusted, expected.iter().collect::<Vec<_>>());
    }
}
