//! `GET /tasks`: what the server does and did.

use api::TaskState;
use askama::Template;
use jiff::Timestamp;

use super::Shell;
use super::filter::Count;
use super::mark::State;
use crate::portal::format::grouped;

/// A page of tasks, newest first.
#[derive(Debug, Clone, Template)]
#[template(path = "tasks.html")]
pub struct TasksPage {
    /// Around it.
    pub shell: Shell,
    /// From the query `?filter=`.
    pub filter: TaskFilter,
    /// Over all tasks, whatever the filter.
    pub counts: TaskCounts,
    /// Those of this page, narrowed by `filter`.
    pub tasks: Vec<TaskRow>,
    /// From the query `?page=`, the first is 1.
    pub page: u64,
    /// The last page; at least 1.
    pub pages: u64,
}

/// What the Tasks page is narrowed to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TaskFilter {
    /// Everything.
    #[default]
    All,
    /// `Executing` and `Cancelling`.
    Executing,
    /// `Queued`.
    Queued,
    /// `Failed`.
    Failed,
    /// `Success`.
    Success,
    /// `Canceled`.
    Canceled,
}

/// How many tasks there are by [`TaskFilter`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TaskCounts {
    /// `Executing` and `Cancelling`.
    pub executing: u64,
    /// `Queued`.
    pub queued: u64,
    /// `Failed`.
    pub failed: u64,
    /// `Success`.
    pub success: u64,
    /// `Canceled`.
    pub canceled: u64,
}

/// A task in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskRow {
    /// `ServerTasks-1`.
    pub id: String,
    /// How it stands.
    pub state: TaskState,
    /// One sentence.
    pub description: String,
    /// When it was asked for.
    pub queued: Timestamp,
    /// When it began.
    pub started: Option<Timestamp>,
    /// When it ended.
    pub completed: Option<Timestamp>,
}

impl TaskFilter {
    const NARROW: [Self; 5] = [
        Self::Executing,
        Self::Queued,
        Self::Failed,
        Self::Success,
        Self::Canceled,
    ];

    /// From the value of `?filter=`; anything unknown is [`Self::All`].
    pub fn from_query(value: &str) -> Self {
        Self::NARROW
            .into_iter()
            .find(|filter| filter.key() == value)
            .unwrap_or_default()
    }

    /// Whether a task in this state is shown.
    pub fn keeps(self, state: TaskState) -> bool {
        match self {
            Self::All => true,
            Self::Executing => matches!(state, TaskState::Executing | TaskState::Cancelling),
            Self::Queued => state == TaskState::Queued,
            Self::Failed => state == TaskState::Failed,
            Self::Success => state == TaskState::Success,
            Self::Canceled => state == TaskState::Canceled,
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::All => "",
            Self::Executing => "executing",
            Self::Queued => "queued",
            Self::Failed => "failed",
            Self::Success => "success",
            Self::Canceled => "canceled",
        }
    }
}

impl TaskCounts {
    fn of(&self, filter: TaskFilter) -> u64 {
        match filter {
            TaskFilter::All => TaskFilter::NARROW
                .iter()
                .map(|narrow| self.of(*narrow))
                .sum(),
            TaskFilter::Executing => self.executing,
            TaskFilter::Queued => self.queued,
            TaskFilter::Failed => self.failed,
            TaskFilter::Success => self.success,
            TaskFilter::Canceled => self.canceled,
        }
    }
}

impl TasksPage {
    fn counts(&self) -> Vec<Count> {
        let number = |filter| usize::try_from(self.counts.of(filter)).unwrap_or(usize::MAX);
        let current = |filter| self.filter == filter;
        let all = Count::all(
            "/tasks",
            number(TaskFilter::All),
            "task",
            current(TaskFilter::All),
        );
        let narrow = TaskFilter::NARROW.into_iter().map(|filter| {
            Count::new(
                "/tasks",
                filter.key(),
                number(filter),
                filter.key(),
                current(filter),
            )
        });
        std::iter::once(all).chain(narrow).collect()
    }

    fn url(&self, page: u64) -> String {
        let mut query = Vec::new();
        if self.filter != TaskFilter::All {
            query.push(format!("filter={}", self.filter.key()));
        }
        if page > 1 {
            query.push(format!("page={page}"));
        }
        if query.is_empty() {
            "/tasks".to_owned()
        } else {
            format!("/tasks?{}", query.join("&"))
        }
    }

    fn newer(&self) -> Option<String> {
        (self.page > 1).then(|| self.url(self.page.saturating_sub(1)))
    }

    fn older(&self) -> Option<String> {
        (self.page < self.pages).then(|| self.url(self.page.saturating_add(1)))
    }

    fn position(&self) -> String {
        format!("Page {} of {}", grouped(self.page), grouped(self.pages))
    }
}

impl TaskRow {
    pub(super) fn state(&self) -> State {
        self.state.into()
    }
}
