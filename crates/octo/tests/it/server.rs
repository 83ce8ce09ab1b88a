//! An HTTP server that expects certain requests in a certain order.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread::JoinHandle;

use serde_json::Value;

/// How a request is answered.
pub(crate) enum Reply {
    /// JSON with a status.
    Json(u16, Value),
    /// A web page with a status.
    Page(u16, &'static str),
    /// A redirect to this address.
    Redirect(&'static str),
    /// The connection breaks before any answer.
    Broken,
    /// The connection breaks within the answer.
    Half,
}

/// 200 with JSON.
pub(crate) fn ok(value: impl serde::Serialize) -> Reply {
    Reply::Json(200, serde_json::to_value(value).unwrap())
}

/// What came in.
pub(crate) struct Request {
    /// `GET /api/…`
    pub(crate) line: String,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// The body; only the first megabyte of longer ones.
    pub(crate) body: Vec<u8>,
    /// Its whole length.
    pub(crate) length: u64,
}

impl Request {
    /// The value of a header, or nothing.
    pub(crate) fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(header, _)| header == name);
        found.map_or("", |(_, value)| value)
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// A running server.
pub(crate) struct Server {
    at: SocketAddr,
    expected: Vec<String>,
    thread: JoinHandle<Vec<Request>>,
}

impl Server {
    /// Answers these requests in this order, one connection each, and is gone afterwards.
    pub(crate) fn start(script: Vec<(&str, Reply)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let at = listener.local_addr().unwrap();
        let (expected, replies): (Vec<_>, Vec<_>) = script
            .into_iter()
            .map(|(line, reply)| (line.to_owned(), reply))
            .unzip();
        let lines = expected.clone();
        let thread = std::thread::spawn(move || {
            let mut requests = Vec::new();
            for (line, reply) in lines.iter().zip(replies) {
                let (stream, _) = listener.accept().unwrap();
                let Some(request) = serve(stream, line, reply) else {
                    break;
                };
                let as_expected = request.line == *line;
                requests.push(request);
                if !as_expected {
                    break;
                }
            }
            requests
        });
        Self {
            at,
            expected,
            thread,
        }
    }

    /// `http://127.0.0.1:PORT`
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.at)
    }

    /// What came in, after a check that it was what the script says.
    pub(crate) fn finish(self) -> Vec<Request> {
        // Wakes a server that waits for a request that will not come.
        drop(TcpStream::connect(self.at));
        let requests = self.thread.join().unwrap();
        let lines: Vec<&str> = requests
            .iter()
            .map(|request| request.line.as_str())
            .collect();
        assert_eq!(lines, self.expected, "requests differ from the script");
        requests
    }
}

fn serve(mut stream: TcpStream, expected: &str, reply: Reply) -> Option<Request> {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    let line = line.trim_end().strip_suffix(" HTTP/1.1")?.to_owned();
    let mut headers = Vec::new();
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).unwrap();
        let Some((name, value)) = header.trim_end().split_once(": ") else {
            break;
        };
        headers.push((name.to_lowercase(), value.to_owned()));
    }
    let mut request = Request {
        line,
        headers,
        body: Vec::new(),
        length: 0,
    };
    let refused = matches!(reply, Reply::Json(401 | 413, _));
    if request.header("expect") == "100-continue" && !refused {
        stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").unwrap();
    }
    if request.header("expect").is_empty() || !refused {
        let length: u64 = request.header("content-length").parse().unwrap_or(0);
        let mut kept = reader.by_ref().take(length.min(1 << 20));
        kept.read_to_end(&mut request.body).unwrap();
        let rest = length - request.body.len() as u64;
        let skipped = std::io::copy(&mut reader.take(rest), &mut std::io::sink()).unwrap();
        request.length = request.body.len() as u64 + skipped;
    }
    if request.line == expected {
        answer(&mut stream, reply);
    } else {
        let text = format!("expected {expected}, got {}", request.line);
        answer(
            &mut stream,
            Reply::Json(500, serde_json::json!({"ErrorMessage": text})),
        );
    }
    Some(request)
}

fn answer(stream: &mut TcpStream, reply: Reply) {
    let (status, more, body) = match reply {
        Reply::Json(status, value) => (
            status,
            "Content-Type: application/json".to_owned(),
            value.to_string(),
        ),
        Reply::Page(status, page) => (
            status,
            "Content-Type: text/html".to_owned(),
            page.to_owned(),
        ),
        Reply::Redirect(to) => (302, format!("Location: {to}"), String::new()),
        Reply::Broken => return,
        Reply::Half => {
            let half = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n[";
            return stream.write_all(half).unwrap();
        }
    };
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status} X\r\n{more}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
    .unwrap();
}
