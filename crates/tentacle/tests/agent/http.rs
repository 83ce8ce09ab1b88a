//! A stand-in for the server's REST: answers as it is told, and remembers what it was asked.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::{Value, json};

/// What was asked.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// Such as `GET /api`.
    pub(crate) line: String,
    /// Header lines, names in lower case.
    pub(crate) headers: Vec<String>,
    pub(crate) body: String,
}

/// Listens until the test's process ends.
pub(crate) struct Http {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
}

/// A whole answer with this status line and body.
pub(crate) fn answer(status: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}")
}

/// The server's refusal in its own words.
pub(crate) fn refusal(status: &str, words: &str) -> String {
    answer(status, &json!({ "ErrorMessage": words }).to_string())
}

/// Answers as a server does whose thumbprint this is.
pub(crate) fn octopus(request: &Request, thumbprint: &str) -> String {
    let certificate = "GET /api/configuration/certificates/certificate-global";
    match request.line.as_str() {
        line if line == certificate => {
            answer("200 OK", &json!({ "Thumbprint": thumbprint }).to_string())
        }
        "POST /api/Spaces-1/machines" => {
            answer("201 Created", &json!({ "Id": "Machines-1" }).to_string())
        }
        _ => refusal("404 Not Found", "There is no such thing."),
    }
}

impl Http {
    pub(crate) fn new(answer: impl Fn(&Request) -> String + Send + 'static) -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").unwrap(), answer)
    }

    pub(crate) fn on(
        listener: TcpListener,
        answer: impl Fn(&Request) -> String + Send + 'static,
    ) -> Self {
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let Some(request) = read(&stream) else {
                    continue;
                };
                let text = answer(&request);
                seen.lock().unwrap().push(request);
                // A caller that has gone does not listen.
                let _ = (&stream).write_all(text.as_bytes());
            }
        });
        Self { address, requests }
    }

    /// Such as `http://127.0.0.1:8080`.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    /// The body of the one machine that was registered.
    pub(crate) fn machine(&self) -> Value {
        let requests = self.requests();
        let mut posts = requests
            .iter()
            .filter(|request| request.line.starts_with("POST"));
        let body = serde_json::from_str(&posts.next().unwrap().body).unwrap();
        assert!(posts.next().is_none());
        body
    }
}

fn read(stream: &TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        lines.push(line.to_owned());
    }
    let mut lines = lines.into_iter();
    let line = lines.next()?.rsplit_once(' ')?.0.to_owned();
    let lower = |line: String| match line.split_once(": ") {
        Some((name, value)) => format!("{}: {value}", name.to_ascii_lowercase()),
        None => line,
    };
    let headers: Vec<String> = lines.map(lower).collect();
    let value = |name: &str| {
        let mut values = headers.iter().filter_map(|line| line.strip_prefix(name));
        values.next().map(str::to_owned)
    };
    let mut body = Vec::new();
    if let Some(length) = value("content-length: ") {
        reader
            .take(length.parse().ok()?)
            .read_to_end(&mut body)
            .ok()?;
    }
    let body = String::from_utf8(body).ok()?;
    Some(Request {
        line,
        headers,
        body,
    })
}
