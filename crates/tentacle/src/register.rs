//! Registering with a server over its REST interface: pins the server's thumbprint here
//! and this Tentacle's there. Both are learned over the API key's own connection.

use std::{fs, io, path::PathBuf, time::Duration};

use channel::{Thumbprint, Trust};
use layout::Home;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::settings::{Settings, SettingsError};

/// `config/register.json`: what an installer was told; removed once it is done, because
/// it holds the API key.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Registration {
    /// Address of the server's portal, such as `https://octopus.example.com`.
    pub server: String,
    /// A key of the server.
    pub api_key: String,
    /// Names of environments that exist on the server.
    pub environments: Vec<String>,
    /// Roles (target tags).
    pub roles: Vec<String>,
    /// The machine's name in the portal; its host name unless it is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Under which the server reaches this machine; its host name unless it is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_host_name: Option<String>,
}

/// Why registering failed. The settings are as they were, but for a thumbprint that may be
/// trusted already.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// The address has not the form that is needed.
    #[error("`{0}` is no address of a server: it takes the form https://octopus.example.com")]
    Address(String),
    /// The key can't be one; what it is stays untold.
    #[error("the API key is empty or holds a character that no key has; copy it again")]
    Key,
    /// Nobody answers.
    #[error("{server} can't be reached; check the address and that the server runs")]
    Unreachable {
        /// Its address.
        server: String,
        /// Why.
        source: Box<ureq::Error>,
    },
    /// The server said no.
    #[error("{server} refused ({status}): {message}")]
    Refused {
        /// Its address.
        server: String,
        /// HTTP status.
        status: u16,
        /// In the server's words.
        message: String,
    },
    /// The server is elsewhere. Nobody follows: the key is for this address alone, and a
    /// POST that is sent on arrives as a GET.
    #[error("{server} points to `{location}`; register with the address that is meant")]
    Moved {
        /// The address that was asked.
        server: String,
        /// Where it points to.
        location: String,
    },
    /// The answer is not Octopus's.
    #[error("{server} does not answer like an Octopus server (status {status}); check the address")]
    NotOctopus {
        /// Its address.
        server: String,
        /// HTTP status.
        status: u16,
    },
    /// Settings.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// `register.json`.
    #[error("{path} can't be used; correct it or remove it")]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Where the installer leaves its wishes.
pub fn path(home: &Home) -> PathBuf {
    home.config().join("register.json")
}

/// What an installer was told, if it is not done yet.
pub fn pending(home: &Home) -> Result<Option<Registration>, RegisterError> {
    let path = path(home);
    let failed = |source| RegisterError::File {
        path: path.clone(),
        source,
    };
    match fs::read(&path) {
        Ok(bytes) => serde_json::from_slice(&bytes)
            .map(Some)
            .map_err(|error| failed(error.into())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(error)),
    }
}

/// Registers; blocks for as long as the server takes.
///
/// `trust` is that of the running listener, if any: the server calls at once.
pub fn register(
    home: &Home,
    wanted: &Registration,
    own: Thumbprint,
    trust: &Trust,
) -> Result<(), RegisterError> {
    let server = wanted.server.trim_end_matches('/').to_owned();
    if !server.starts_with("http://") && !server.starts_with("https://") {
        return Err(RegisterError::Address(server));
    }
    if wanted.api_key.is_empty() || !wanted.api_key.chars().all(|c| c.is_ascii_graphic()) {
        return Err(RegisterError::Key);
    }
    let client = Client {
        agent: ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(Duration::from_secs(30)))
            .build()
            .into(),
        key: &wanted.api_key,
        server: &server,
    };
    let path = "/api/configuration/certificates/certificate-global";
    let thumbprint: Thumbprint = client.call(path, "Thumbprint", None, |text| text.parse().ok())?;
    let mut settings = Settings::load(home)?;
    // Before the server knows of this machine, because it calls back at once.
    settings.trust(thumbprint, &server);
    settings.store(home)?;
    trust.allow(thumbprint);
    let here = crate::status::host_name();
    let host = wanted.public_host_name.as_deref().unwrap_or(&here);
    let machine = json!({
        "Name": wanted.name.as_deref().unwrap_or(&here),
        "EnvironmentIds": wanted.environments,
        "Roles": wanted.roles,
        "Endpoint": {
            "CommunicationStyle": "TentaclePassive",
            "Uri": format!("https://{host}:{}/", settings.port),
            "Thumbprint": own.to_string(),
        },
    });
    let path = "/api/Spaces-1/machines";
    let _id = client.call(path, "Id", Some(machine), |id| Some(id.to_owned()))?;
    Ok(())
}

struct Client<'a> {
    agent: ureq::Agent,
    key: &'a str,
    server: &'a str,
}

impl Client<'_> {
    /// A GET, or a POST when there is a body; gives the text of one property of the answer.
    fn call<T>(
        &self,
        path: &str,
        property: &str,
        body: Option<Value>,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, RegisterError> {
        let server = self.server.to_owned();
        let url = format!("{server}{path}");
        let key = ("X-Octopus-ApiKey", self.key);
        let answer = match body {
            None => self.agent.get(&url).header(key.0, key.1).call(),
            Some(body) => self.agent.post(&url).header(key.0, key.1).send_json(body),
        };
        let mut answer = match answer {
            Ok(answer) => answer,
            Err(source) => {
                let source = Box::new(source);
                return Err(RegisterError::Unreachable { server, source });
            }
        };
        let status = answer.status().as_u16();
        if let Some(location) = answer.headers().get("Location")
            && answer.status().is_redirection()
        {
            let location = String::from_utf8_lossy(location.as_bytes()).into_owned();
            return Err(RegisterError::Moved { server, location });
        }
        let body: Value = answer.body_mut().read_json().unwrap_or_default();
        let text = |name: &str| body.get(name).and_then(Value::as_str);
        match (answer.status().is_success(), text("ErrorMessage")) {
            (true, _) => text(property).and_then(parse),
            (false, None) => None,
            (false, Some(message)) => {
                let message = message.to_owned();
                return Err(RegisterError::Refused {
                    server,
                    status,
                    message,
                });
            }
        }
        .ok_or(RegisterError::NotOctopus { server, status })
    }
}
