//! How tasks and their logs look.

use std::io;

use api::{LogCategory, Task, TaskLogEntry, TaskState};

use super::{Cell, Format, Output, Tone, words};

/// The columns of [`Output::tasks`].
const COLUMNS: &[&str] = &["Id", "State", "Queued", "Duration", "Description"];

impl Cell {
    /// A task's state as a word in its colour.
    pub(crate) fn state(state: TaskState) -> Self {
        Self::from(format!("{state:?}")).tone(match state {
            TaskState::Success => Tone::Good,
            TaskState::Failed => Tone::Bad,
            TaskState::Canceled | TaskState::Cancelling => Tone::Warning,
            TaskState::Executing => Tone::Strong,
            TaskState::Queued => Tone::Plain,
        })
    }
}

impl Output {
    /// Prints tasks as a list.
    ///
    /// # Errors
    /// When standard output is closed.
    pub(crate) fn tasks(&self, tasks: &[Task]) -> io::Result<()> {
        self.list(
            tasks,
            COLUMNS,
            |task| &task.id,
            |task| {
                vec![
                    Cell::from(&task.id),
                    Cell::state(task.state),
                    self.time(&task.queue_time).into(),
                    Cell::from(&task.duration),
                    Cell::from(&task.description),
                ]
            },
        )
    }

    /// Prints one task.
    ///
    /// # Errors
    /// When standard output is closed.
    pub(crate) fn task(&self, task: &Task) -> io::Result<()> {
        self.record(task, &task.id, self.task_fields(task))
    }

    /// A task's fields and values.
    pub(crate) fn task_fields<'a>(&self, task: &Task) -> Vec<(&'a str, Cell)> {
        let time = |moment: &Option<String>| match moment {
            Some(moment) => self.time(moment),
            None => String::new(),
        };
        vec![
            ("Id", Cell::from(&task.id)),
            ("Task", format!("{:?}", task.name).into()),
            ("Description", Cell::from(&task.description)),
            ("State", Cell::state(task.state)),
            ("Error", Cell::from(&task.error_message).tone(Tone::Bad)),
            ("Queued", self.time(&task.queue_time).into()),
            ("Started", time(&task.start_time).into()),
            ("Completed", time(&task.completed_time).into()),
            ("Duration", Cell::from(&task.duration)),
        ]
    }

    /// Prints a line of a log as a result: text, or JSON on one line.
    ///
    /// # Errors
    /// When standard output is closed.
    pub(crate) fn log_result(&self, entry: &TaskLogEntry) -> io::Result<()> {
        match self.format {
            Format::Json => self.json_line(entry),
            Format::Table | Format::Basic => self.lines([self.log_line(entry, self.color_out)]),
        }
    }

    /// Prints a line of a log as progress.
    pub(crate) fn log_progress(&self, entry: &TaskLogEntry) {
        super::error_line(&self.log_line(entry, self.color_err));
    }

    fn log_line(&self, entry: &TaskLogEntry, color: bool) -> String {
        let time = words::moment(&entry.occurred_at, &self.zone, "%H:%M:%S");
        let mut line = words::paint(&time, Tone::Faint, color);
        let origin = [&entry.machine, &entry.step];
        let origin: Vec<&str> = origin.into_iter().flatten().map(String::as_str).collect();
        if !origin.is_empty() {
            let origin = origin.join(" ");
            let origin = words::paint(&words::clean(&origin), Tone::Strong, color);
            line.push_str(&format!("  {origin}"));
        }
        let (label, tone) = match entry.category {
            LogCategory::Verbose => ("", Tone::Faint),
            LogCategory::Info | LogCategory::Wait => ("", Tone::Plain),
            LogCategory::Highlight => ("", Tone::Strong),
            LogCategory::Warning => ("Warning: ", Tone::Warning),
            LogCategory::Error => ("Error: ", Tone::Bad),
        };
        let text = format!("{label}{}", words::clean(&entry.message_text));
        line.push_str(&format!("  {}", words::paint(&text, tone, color)));
        line
    }
}
