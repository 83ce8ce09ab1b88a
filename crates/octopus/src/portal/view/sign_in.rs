//! `GET /signin`, and the answer to a refused `POST /signin`.

use askama::Template;

/// The sign-in form. Posts `username`, `password`, `next` and `csrf` to `/signin`.
#[derive(Debug, Clone, Template)]
#[template(path = "sign_in.html")]
pub struct SignInPage {
    /// Goes into the form.
    pub csrf: String,
    /// The server's own version.
    pub server_version: String,
    /// What was typed before, or empty.
    pub username: String,
    /// Why the last try was refused and what to do.
    pub error: Option<String>,
    /// The path to go to afterwards, such as `/tasks/ServerTasks-3`; may be empty.
    /// The receiver must check that it is a path of this server.
    pub next: String,
}
