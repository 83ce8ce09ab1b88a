//! What a run prints: results to standard output in the format asked for, everything else
//! to standard error.

use std::io::{self, Write};

use clap::ValueEnum;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::error::{Kind, Report};
use crate::surroundings::Surroundings;

pub(crate) mod standing;
mod table;
mod task;
mod words;

pub(crate) use table::{Cell, Tone};
pub(crate) use words::{clean, size};

/// `--output-format`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    /// The server's resources, for programs.
    Json,
    /// Columns, for people.
    #[default]
    Table,
    /// Bare ids and names, one a line, for shell scripts.
    Basic,
}

/// Where a run prints to, and how.
#[derive(Debug)]
pub(crate) struct Output {
    format: Format,
    width: Option<u16>,
    color_out: bool,
    color_err: bool,
    zone: TimeZone,
}

impl Output {
    /// The output of a run in these surroundings.
    pub(crate) fn new(format: Format, around: &Surroundings) -> Self {
        Self {
            format,
            width: around.width,
            color_out: around.color_out,
            color_err: around.color_err,
            zone: around.now.time_zone().clone(),
        }
    }

    /// The format asked for.
    pub(crate) fn format(&self) -> Format {
        self.format
    }

    /// Prints a collection: a JSON array, a table with a header, or one name per line.
    ///
    /// # Errors
    /// When standard output is closed.
    pub(crate) fn list<T: Serialize>(
        &self,
        items: &[T],
        header: &[&str],
        name: impl Fn(&T) -> &str,
        row: impl Fn(&T) -> Vec<Cell>,
    ) -> io::Result<()> {
        match self.format {
            Format::Json => self.json(&items),
            Format::Basic => self.lines(items.iter().map(name)),
            Format::Table if items.is_empty() => {
                self.note("There are none.");
                Ok(())
            }
            Format::Table => {
                let rows: Vec<_> = items.iter().map(row).collect();
                self.lines(table::lines(
                    Some(header),
                    &rows,
                    self.width,
                    self.color_out,
                ))
            }
        }
    }

    /// Prints one thing: a JSON object, lines of field and value, or its name.
    ///
    /// # Errors
    /// When standard output is closed.
    pub(crate) fn record<T: Serialize>(
        &self,
        item: &T,
        name: &str,
        fields: Vec<(&str, Cell)>,
    ) -> io::Result<()> {
        match self.format {
            Format::Json => self.json(item),
            Format::Basic => self.lines([name]),
            Format::Table => {
                let rows: Vec<_> = fields
                    .into_iter()
                    .filter(|(_, value)| !value.is_empty())
                    .map(|(field, value)| vec![Cell::from(field).tone(Tone::Faint), value])
                    .collect();
                self.lines(table::lines(None, &rows, self.width, self.color_out))
            }
        }
    }

    /// Prints one JSON value on one line, for streams of them.
    ///
    /// # Errors
    /// When standard output is closed.
    pub(crate) fn json_line(&self, value: &impl Serialize) -> io::Result<()> {
        let mut out = io::stdout().lock();
        serde_json::to_writer(&mut out, value)?;
        out.write_all(b"\n")?;
        out.flush()
    }

    /// Prints lines as they are.
    ///
    /// # Errors
    /// When standard output is closed.
    pub(crate) fn lines(&self, lines: impl IntoIterator<Item: AsRef<str>>) -> io::Result<()> {
        let mut out = io::stdout().lock();
        for line in lines {
            writeln!(out, "{}", line.as_ref())?;
        }
        out.flush()
    }

    /// Prints bytes and nothing else, whatever the format: a file for people and programs.
    ///
    /// # Errors
    /// When standard output is closed.
    pub(crate) fn bytes(&self, bytes: &[u8]) -> io::Result<()> {
        let mut out = io::stdout().lock();
        out.write_all(bytes)?;
        out.flush()
    }

    /// Warns of something that does not stop the command.
    pub(crate) fn warn(&self, text: &str) {
        let label = words::paint("Warning:", Tone::Warning, self.color_err);
        error_line(&format!("{label} {}", words::clean(text)));
    }

    /// Tells the person something that is no result. A closed standard error is no reason to
    /// stop.
    pub(crate) fn note(&self, text: &str) {
        error_line(&words::clean_text(text));
    }

    /// Tells what failed.
    pub(crate) fn report(&self, report: &Report) {
        if matches!(report.kind, Kind::Quiet | Kind::Interrupted) {
            return;
        }
        let label = |label: &str, tone: Tone| words::paint(label, tone, self.color_err);
        let error = label("Error:", Tone::Bad);
        error_line(&format!("{error} {}", words::clean_text(&report.message)));
        for cause in &report.causes {
            let cause = words::clean(cause);
            error_line(&format!("{} {cause}", label("Cause:", Tone::Faint)));
        }
        for hint in &report.hints {
            let hint = words::clean(hint);
            error_line(&format!("{} {hint}", label("Hint:", Tone::Good)));
        }
    }

    /// A moment of the server (RFC 3339) in the person's zone, to the minute.
    pub(crate) fn time(&self, moment: &str) -> String {
        words::moment(moment, &self.zone, "%Y-%m-%d %H:%M")
    }

    fn json(&self, value: &impl Serialize) -> io::Result<()> {
        let mut out = io::stdout().lock();
        serde_json::to_writer_pretty(&mut out, value)?;
        out.write_all(b"\n")?;
        out.flush()
    }
}

/// Prints a line to standard error as it is. A closed one is no reason to stop.
pub(crate) fn error_line(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}
