//! The present moment, and times as HTML relative to it.

use std::fmt;

use askama::filters::HtmlSafe;
use jiff::Timestamp;

use crate::portal::format;

/// The moment for which a page is rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now(
    /// As the driver's clock gave it.
    pub Timestamp,
);

impl Now {
    /// `3 minutes ago`, with the exact time on hover.
    pub(crate) fn ago(self, at: &Timestamp) -> Time {
        Time {
            at: *at,
            text: format::ago(self.0, *at),
            show: "ago",
        }
    }

    /// The time that passed until now; goes on counting on the page.
    pub(crate) fn since(self, start: &Timestamp) -> Time {
        Time {
            at: *start,
            text: format::duration(self.0.duration_since(*start)),
            show: "since",
        }
    }

    /// How long something took or, without an end, has been taking.
    pub(crate) fn took(self, start: &Timestamp, end: &Option<Timestamp>) -> Time {
        match end {
            None => self.since(start),
            Some(end) => Time {
                at: *end,
                text: format::duration(end.duration_since(*start)),
                show: "end",
            },
        }
    }
}

impl fmt::Display for Now {
    /// For scripts: they keep time by the server's clock.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", stamp(self.0))
    }
}

/// RFC 3339 in seconds.
fn stamp(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The time of day, for logs.
pub(crate) fn clock(at: &Timestamp) -> Time {
    Time {
        at: *at,
        text: format::clock(*at),
        show: "clock",
    }
}

/// A `<time>` element. The script rewrites it in the reader's zone by `data-show`.
pub(crate) struct Time {
    at: Timestamp,
    text: String,
    show: &'static str,
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "<time datetime=\"{}\" data-show=\"{}\"",
            stamp(self.at),
            self.show
        )?;
        // Logs have a line for each: the title comes with the script, or from the heading.
        if self.show != "clock" {
            write!(f, " title=\"{}\"", format::exact(self.at))?;
        }
        // `< 1 s` is the only text with a character that HTML knows.
        write!(f, ">{}</time>", self.text.replace('<', "&lt;"))
    }
}

impl HtmlSafe for Time {}
