//! What was asked for is not there, not allowed, or went wrong.

use askama::Template;

use super::Shell;

/// A page for an error that no form or list can show beside its cause.
#[derive(Debug, Clone, Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    /// Around it; without a user the navigation is left out.
    pub shell: Shell,
    /// HTTP status, such as 404.
    pub status: u16,
    /// What happened, a few words: `This task does not exist`.
    pub title: String,
    /// What was wrong and what to do.
    pub message: String,
    /// The way out: path and text of the link, such as `/tasks` and `All tasks`.
    pub way_out: (String, String),
}
