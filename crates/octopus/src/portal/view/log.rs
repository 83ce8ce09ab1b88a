//! A task's log: one stream of lines, folded by machine and by step.
//!
//! Lines of one machine keep their order. As long as the step stays the same they form
//! a segment; its HTML id comes from its first line, so that a page and the live feed
//! that goes on from it agree without asking each other.

use std::collections::HashMap;

use api::LogCategory;
use askama::Template;
use askama::filters::HtmlSafe;
use jiff::Timestamp;

use super::mark::{self, State};
use super::now::{Time, clock};

/// Lines of one segment that a page shows at most; the plain text has all.
const SHOWN_LINES: usize = 500;

/// Above this, steps without trouble start folded.
const ROOMY_LINES: usize = 200;

/// One line.
#[derive(Debug, Clone, PartialEq)]
pub struct LogLine {
    /// 1 for the task's first line, then without gaps.
    pub sequence: u64,
    /// When it was said.
    pub at: Timestamp,
    /// How loud.
    pub level: LogCategory,
    /// Id of the machine that spoke, one of the task's; `None` for the server.
    pub machine: Option<String>,
    /// The step that spoke, such as `PreDeploy`; may be empty.
    pub step: String,
    /// One line, secrets already masked.
    pub text: String,
}

/// Lines of one machine and one step that follow each other.
#[derive(Template)]
#[template(path = "parts/log_segment.html")]
pub(super) struct Segment<'a> {
    /// Sequence number of its first line, shown or not.
    pub(super) first: u64,
    pub(super) step: &'a str,
    pub(super) lines: Vec<Line<'a>>,
    /// Lines at its beginning that are left out.
    pub(super) left_out: usize,
    pub(super) open: bool,
}

impl HtmlSafe for Segment<'_> {}

/// A line as HTML.
#[derive(Template)]
#[template(path = "parts/log_line.html")]
pub(super) struct Line<'a>(pub(super) &'a LogLine);

impl HtmlSafe for Line<'_> {}

impl Line<'_> {
    fn mark(&self) -> Option<State> {
        mark::level(self.0.level)
    }

    /// A class of `app.css`.
    fn class(&self) -> &'static str {
        match self.0.level {
            LogCategory::Verbose => "verbose",
            LogCategory::Info => "info",
            LogCategory::Highlight => "highlight",
            LogCategory::Wait => "wait",
            LogCategory::Warning => "warning",
            LogCategory::Error => "error",
        }
    }

    fn time(&self) -> Time {
        clock(&self.0.at)
    }
}

/// Where a line belongs: position of its machine in the task, from 1; 0 for the server,
/// which also takes the lines of machines that the task does not name.
pub(super) fn place(line: &LogLine, machines: &HashMap<&str, usize>) -> usize {
    let machine = line.machine.as_deref();
    machine
        .and_then(|id| machines.get(id))
        .copied()
        .unwrap_or_default()
}

/// The segment that grows at each place.
#[derive(Debug, Clone, Default)]
pub(super) struct Tails(HashMap<usize, (String, u64)>);

impl Tails {
    /// The segment of the next line at a place, and whether the line begins it.
    pub(super) fn take(&mut self, place: usize, line: &LogLine) -> (u64, bool) {
        match self.0.get(&place) {
            Some((step, first)) if *step == line.step => (*first, false),
            _ => {
                self.0.insert(place, (line.step.clone(), line.sequence));
                (line.sequence, true)
            }
        }
    }
}

/// The segments by place. With a query only lines that contain it, in any case.
pub(super) fn fold<'a>(
    lines: &'a [LogLine],
    machines: &HashMap<&str, usize>,
    query: &str,
) -> HashMap<usize, Vec<Segment<'a>>> {
    let query = query.to_lowercase();
    let mut tails = Tails::default();
    let mut places: HashMap<usize, Vec<Segment<'a>>> = HashMap::new();
    for line in lines {
        let place = place(line, machines);
        let (first, begins) = tails.take(place, line);
        let segments = places.entry(place).or_default();
        if begins {
            segments.push(Segment::new(first, &line.step));
        }
        if (query.is_empty() || line.text.to_lowercase().contains(&query))
            && let Some(segment) = segments.last_mut()
        {
            segment.lines.push(Line(line));
        }
    }
    for segments in places.values_mut() {
        if !query.is_empty() {
            segments.retain(|segment| !segment.lines.is_empty());
        }
        settle(segments, query.is_empty());
    }
    places
}

/// Leaves out what is too much, and folds what needs no attention.
fn settle(segments: &mut [Segment<'_>], may_fold: bool) {
    let lines: usize = segments.iter().map(|segment| segment.lines.len()).sum();
    let last = segments.last().map(|segment| segment.first);
    for segment in segments {
        segment.left_out = segment.lines.len().saturating_sub(SHOWN_LINES);
        segment.lines.drain(..segment.left_out);
        segment.open = !may_fold
            || lines <= ROOMY_LINES
            || Some(segment.first) == last
            || segment.is_troubled();
    }
}

impl<'a> Segment<'a> {
    pub(super) fn new(first: u64, step: &'a str) -> Self {
        Self {
            first,
            step,
            lines: Vec::new(),
            left_out: 0,
            open: true,
        }
    }

    pub(super) fn is_troubled(&self) -> bool {
        let loud = [LogCategory::Warning, LogCategory::Error];
        self.lines.iter().any(|line| loud.contains(&line.0.level))
    }

    /// `The first 1200 lines …`
    fn left_out(&self) -> String {
        crate::portal::format::plural(self.left_out, "line")
    }
}
