//! The server's REST interface: one request at a time, every answer checked.
//!
//! Knows nothing of commands or output. Redirects are not followed, because the key would
//! travel along to wherever they point.

use std::io::{self, Read};
use std::time::Duration;

use serde::Serialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use ureq::http::Response;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Body, RequestBuilder};

mod address;
mod answer;
mod delta;
mod error;
mod key;
mod pages;
mod upload;

pub(crate) use address::Address;
pub(crate) use error::{ClientError, cause};
pub(crate) use key::{ApiKey, Credential};
pub(crate) use upload::{OverwriteMode, Uploaded};

/// A name that cannot be resolved or a host that drops packets shall not hang a build.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long the server may think about a plain request.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(60);

/// Bytes of a download that are handed on together.
const CHUNK: usize = 64 << 10;

/// A server, and the key to it.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    agent: Agent,
    address: Address,
    credential: Option<Credential>,
    space: String,
}

impl Client {
    /// Opens no connection yet. `space` is the id or name of a space.
    pub(crate) fn new(address: Address, credential: Option<Credential>, space: String) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_resolve(Some(CONNECT_TIMEOUT))
            .timeout_connect(Some(CONNECT_TIMEOUT))
            .user_agent(format!("octo/{}", crate::VERSION))
            .accept("application/json")
            .tls_config(
                TlsConfig::builder()
                    .root_certs(RootCerts::PlatformVerifier)
                    .build(),
            )
            .build();
        Self {
            agent: config.new_agent(),
            address,
            credential,
            space,
        }
    }

    /// The id or name of the space.
    pub(crate) fn space(&self) -> &str {
        &self.space
    }

    /// The path of a resource of the server: `of_server(&["users", "Users-1"])`.
    pub(crate) fn of_server(segments: &[&str]) -> String {
        let mut path = "/api".to_owned();
        add(&mut path, segments);
        path
    }

    /// The path of a resource of the space: `in_space(&["tasks", "ServerTasks-1"])`.
    pub(crate) fn in_space(&self, segments: &[&str]) -> String {
        let mut path = format!("/api/{}", address::escape(&self.space));
        add(&mut path, segments);
        path
    }

    /// `GET`, as JSON.
    ///
    /// # Errors
    /// When the server cannot be reached, refuses, or answers something else.
    pub(crate) fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<T, ClientError> {
        self.get_patiently(path, query, Duration::ZERO)
    }

    /// `GET` that the server may hold back for `wait` longer than usual.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub(crate) fn get_patiently<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, &str)],
        wait: Duration,
    ) -> Result<T, ClientError> {
        let url = self.address.join(path);
        let answer = self.ask(&url, query, wait)?;
        self.read(&url, answer).map(|(_, value)| value)
    }

    /// Sends a `GET`; what comes back is not looked at.
    fn ask(
        &self,
        url: &str,
        query: &[(&str, &str)],
        wait: Duration,
    ) -> Result<Result<Response<Body>, ureq::Error>, ClientError> {
        let request = self.with_key(self.agent.get(url))?;
        Ok(request
            .query_pairs(query.iter().copied())
            .config()
            .timeout_recv_response(Some(ANSWER_TIMEOUT.saturating_add(wait)))
            .build()
            .call())
    }

    /// `POST` of JSON, answered by JSON.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub(crate) fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, ClientError> {
        let url = self.address.join(path);
        let answer = self
            .with_key(self.agent.post(&url))?
            .config()
            .timeout_recv_response(Some(ANSWER_TIMEOUT))
            .build()
            .send_json(body);
        self.read(&url, answer).map(|(_, value)| value)
    }

    /// `PUT` of JSON, answered by JSON.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub(crate) fn put<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, ClientError> {
        let url = self.address.join(path);
        let answer = self
            .with_key(self.agent.put(&url))?
            .config()
            .timeout_recv_response(Some(ANSWER_TIMEOUT))
            .build()
            .send_json(body);
        self.read(&url, answer).map(|(_, value)| value)
    }

    /// `DELETE`. Whatever the server says about a success is passed over.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub(crate) fn delete(&self, path: &str) -> Result<(), ClientError> {
        let url = self.address.join(path);
        let answer = self
            .with_key(self.agent.delete(&url))?
            .config()
            .timeout_recv_response(Some(ANSWER_TIMEOUT))
            .build()
            .call();
        let (_, _ignored): (_, IgnoredAny) = self.read(&url, answer)?;
        Ok(())
    }

    /// `GET` of bytes, which go to `write` as they come. The inner error is that of `write`.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub(crate) fn download(
        &self,
        path: &str,
        write: &mut dyn FnMut(&[u8]) -> io::Result<()>,
    ) -> Result<io::Result<()>, ClientError> {
        let url = self.address.join(path);
        let answer = match self.ask(&url, &[], Duration::ZERO)? {
            Ok(answer) if answer.status().is_success() => answer,
            refused => return self.read::<IgnoredAny>(&url, refused).map(|_| Ok(())),
        };
        let mut body = answer.into_body().into_reader();
        let mut chunk = vec![0; CHUNK];
        loop {
            let length = body
                .read(&mut chunk)
                .map_err(|error| self.broken(error.into()))?;
            let bytes = chunk.get(..length).unwrap_or_default();
            if bytes.is_empty() {
                return Ok(Ok(()));
            }
            if let Err(error) = write(bytes) {
                return Ok(Err(error));
            }
        }
    }

    fn broken(&self, source: ureq::Error) -> ClientError {
        ClientError::Unreachable {
            server: self.address.to_string(),
            source,
        }
    }

    fn with_key<B>(&self, request: RequestBuilder<B>) -> Result<RequestBuilder<B>, ClientError> {
        match &self.credential {
            Some(credential) => {
                let (name, value) = credential.header(&self.address)?;
                Ok(request.header(name, value))
            }
            None => Ok(request),
        }
    }

    /// The status and the value of an answer.
    fn read<T: DeserializeOwned>(
        &self,
        url: &str,
        answer: Result<Response<Body>, ureq::Error>,
    ) -> Result<(u16, T), ClientError> {
        let answer = answer.map_err(|source| self.broken(source))?;
        let (head, body) = answer.into_parts();
        let mut text = Vec::new();
        body.into_reader()
            .take(answer::MOST_BYTES)
            .read_to_end(&mut text)
            .map_err(|error| self.broken(error.into()))?;
        let value = answer::judge(&self.address, self.credential.as_ref(), url, &head, &text)?;
        Ok((head.status.as_u16(), value))
    }
}

fn add(path: &mut String, segments: &[&str]) {
    for segment in segments {
        path.push('/');
        path.push_str(&address::escape(segment));
    }
}
