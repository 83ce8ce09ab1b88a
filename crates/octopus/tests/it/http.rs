//! Requests, and answers as they come: no status is an error here.

use std::time::Duration;

use serde_json::Value;
use ureq::http::{HeaderMap, Method, Request};

/// JSON.
pub(crate) const JSON: &str = "application/json";
/// A form of a page.
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";

const MULTIPART: &str = "multipart/form-data; boundary=limit";

/// A form with one file.
fn form(name: &str, bytes: &[u8]) -> Vec<u8> {
    let head = format!(
        "--limit\r\nContent-Disposition: form-data; name=\"package\"; filename=\"{name}\"\r\n\r\n"
    );
    [head.as_bytes(), bytes, b"\r\n--limit--\r\n"].concat()
}

/// A client with headers of its own.
#[derive(Clone)]
pub(crate) struct Http {
    agent: ureq::Agent,
    base: String,
    headers: Vec<(String, String)>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Http {
    /// One that says nothing of itself.
    pub(crate) fn anonymous(base: &str) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            // A refusal may end its connection: each request has its own.
            .max_idle_connections(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(Duration::from_secs(30)));
        Self {
            agent: config.build().into(),
            base: base.to_owned(),
            headers: Vec::new(),
        }
    }

    /// One that sends a header with everything.
    pub(crate) fn with(&self, name: &str, value: &str) -> Self {
        let mut next = self.clone();
        next.headers.push((name.to_owned(), value.to_owned()));
        next
    }

    /// One that shows an API key.
    pub(crate) fn with_key(base: &str, key: &str) -> Self {
        Self::anonymous(base).with(api::API_KEY_HEADER, key)
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None)
    }

    /// The bytes behind an address that gives some.
    pub(crate) fn bytes(&self, path: &str) -> Vec<u8> {
        let mut request = Request::builder().uri(format!("{}{path}", self.base));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let answer = self.agent.run(request.body(()).unwrap());
        let mut answer = answer.unwrap_or_else(|error| panic!("{path}: {error}"));
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        let body = answer.body_mut().with_config().limit(1 << 30);
        body.read_to_vec().unwrap()
    }

    /// The status alone, of an answer that may have no end.
    pub(crate) fn status(&self, path: &str) -> u16 {
        let mut request = Request::builder().uri(format!("{}{path}", self.base));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let answer = self.agent.run(request.body(()).unwrap());
        answer
            .unwrap_or_else(|error| panic!("{path}: {error}"))
            .status()
            .as_u16()
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, Some((JSON, body.to_string().as_bytes())))
    }

    /// Posts a form's fields.
    pub(crate) fn post_form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = serde_urlencoded::to_string(fields).unwrap();
        self.send("POST", path, Some((FORM, body.as_bytes())))
    }

    /// Sends a file as the one part of a form.
    pub(crate) fn upload(&self, method: &str, path: &str, bytes: &[u8]) -> Answer {
        self.send(
            method,
            path,
            Some((MULTIPART, &form("package.nupkg", bytes))),
        )
    }

    /// Posts a file under a name.
    pub(crate) fn upload_as(&self, name: &str, path: &str, bytes: &[u8]) -> Answer {
        self.send("POST", path, Some((MULTIPART, &form(name, bytes))))
    }

    /// Anything: a body comes with its content type, which may be empty.
    #[track_caller]
    pub(crate) fn send(&self, method: &str, path: &str, body: Option<(&str, &[u8])>) -> Answer {
        let method: Method = method.parse().unwrap();
        let mut request = Request::builder().method(method);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        request = request.uri(format!("{}{path}", self.base));
        let answer = match body {
            None => self.agent.run(request.body(()).unwrap()),
            Some(("", bytes)) => self.agent.run(request.body(bytes).unwrap()),
            Some((kind, bytes)) => {
                let request = request.header("Content-Type", kind);
                self.agent.run(request.body(bytes).unwrap())
            }
        };
        let mut answer = answer.unwrap_or_else(|error| panic!("{path}: {error}"));
        Answer {
            status: answer.status().as_u16(),
            headers: answer.headers().clone(),
            text: answer.body_mut().read_to_string().unwrap_or_default(),
        }
    }
}

impl Answer {
    /// The body, when the status is this one.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }

    /// What a refusal says, when the status is this one.
    #[track_caller]
    pub(crate) fn refusal(self, status: u16) -> String {
        assert_eq!(self.status, status, "{}", self.text);
        self.message()
    }

    /// What a refusal says: in Octopus's shape, and never the server's own fault.
    #[track_caller]
    pub(crate) fn message(&self) -> String {
        assert!(
            (400..500).contains(&self.status),
            "{}: {}",
            self.status,
            self.text
        );
        let body: api::ErrorBody = serde_json::from_str(&self.text)
            .unwrap_or_else(|error| panic!("{}: {error}: {:?}", self.status, self.text));
        assert!(!body.error_message.trim().is_empty(), "{}", self.text);
        body.error_message
    }

    /// What the server says that can't do it now, when the status is this one.
    #[track_caller]
    pub(crate) fn failure(self, status: u16) -> String {
        assert_eq!(self.status, status, "{}", self.text);
        let body: api::ErrorBody = serde_json::from_str(&self.text).unwrap();
        body.error_message
    }

    /// A header's text; empty when it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.and_then(|text| text.to_str().ok()).unwrap_or("")
    }
}
