//! States as word, shape and colour, never as colour alone.

use std::fmt;

use api::{HealthStatus, LogCategory, TaskState};
use askama::filters::HtmlSafe;

/// A small drawing, 12 by 12, in the colour of the text around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// ●
    Disc,
    /// ▲
    Triangle,
    /// ○
    Ring,
    /// ◇
    Diamond,
    /// ◐
    Half,
    /// ↺
    Back,
    /// ✓
    Check,
    /// ✕
    Cross,
    /// ⊘
    Slash,
    /// …
    Dots,
}

impl Shape {
    fn drawing(self) -> &'static str {
        match self {
            Self::Disc => r#"<circle class="full" cx="6" cy="6" r="4"/>"#,
            Self::Triangle => r#"<path class="full" d="M6 1 11.4 10.5H.6Z"/>"#,
            Self::Ring => r#"<circle cx="6" cy="6" r="3.6"/>"#,
            Self::Diamond => r#"<path d="M6 1.4 10.6 6 6 10.6 1.4 6Z"/>"#,
            Self::Half => {
                r#"<circle cx="6" cy="6" r="4.2"/><path class="full" d="M6 1.8a4.2 4.2 0 0 1 0 8.4Z"/>"#
            }
            Self::Back => r#"<path d="M2.6 3.4A4.4 4.4 0 1 1 1.6 6.6"/><path d="M2.4.8V3.8H5.4"/>"#,
            Self::Check => r#"<path d="M1.6 6.6 4.6 9.6 10.4 2.8"/>"#,
            Self::Cross => r#"<path d="M2.2 2.2 9.8 9.8M9.8 2.2 2.2 9.8"/>"#,
            Self::Slash => r#"<circle cx="6" cy="6" r="4.4"/><path d="M3 9 9 3"/>"#,
            Self::Dots => r#"<path class="full" d="M1 5h2v2H1ZM5 5h2v2H5ZM9 5h2v2H9Z"/>"#,
        }
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let drawing = self.drawing();
        write!(
            f,
            r#"<svg class="mark" viewBox="0 0 12 12" aria-hidden="true">{drawing}</svg>"#
        )
    }
}

impl HtmlSafe for Shape {}

/// How something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct State {
    /// A class of `app.css` that gives the colour: `good`, `warn`, `bad`, `busy`, `idle`.
    pub(crate) tone: &'static str,
    pub(crate) shape: Shape,
    pub(crate) word: &'static str,
}

impl State {
    pub(crate) const fn new(tone: &'static str, shape: Shape, word: &'static str) -> Self {
        Self { tone, shape, word }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            r#"<span class="state {}">{}{}</span>"#,
            self.tone, self.shape, self.word
        )
    }
}

impl HtmlSafe for State {}

impl From<HealthStatus> for State {
    fn from(health: HealthStatus) -> Self {
        match health {
            HealthStatus::Unknown => Self::new("idle", Shape::Diamond, "Unknown"),
            HealthStatus::Healthy => Self::new("good", Shape::Disc, "Healthy"),
            HealthStatus::Unhealthy => Self::new("bad", Shape::Triangle, "Unhealthy"),
            HealthStatus::Unavailable => Self::new("idle", Shape::Ring, "Offline"),
        }
    }
}

impl From<TaskState> for State {
    fn from(state: TaskState) -> Self {
        match state {
            TaskState::Queued => Self::new("idle", Shape::Dots, "Queued"),
            TaskState::Executing => Self::new("busy", Shape::Half, "Executing"),
            TaskState::Success => Self::new("good", Shape::Check, "Success"),
            TaskState::Failed => Self::new("bad", Shape::Cross, "Failed"),
            TaskState::Canceled => Self::new("idle", Shape::Slash, "Canceled"),
            TaskState::Cancelling => Self::new("busy", Shape::Slash, "Cancelling"),
        }
    }
}

/// The mark in the margin of a log line; `None` for what needs no attention.
pub(crate) fn level(category: LogCategory) -> Option<State> {
    match category {
        LogCategory::Verbose | LogCategory::Info => None,
        LogCategory::Highlight => Some(State::new("busy", Shape::Diamond, "Highlight")),
        LogCategory::Wait => Some(State::new("idle", Shape::Dots, "Wait")),
        LogCategory::Warning => Some(State::new("warn", Shape::Triangle, "Warning")),
        LogCategory::Error => Some(State::new("bad", Shape::Cross, "Error")),
    }
}
