//! The log of a task, as a tree.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Task, TaskState};

/// How loud a log line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub enum LogCategory {
    /// For who looks closely.
    Verbose,
    /// The normal level.
    Info,
    /// Worth a second look.
    Highlight,
    /// Waiting for something.
    Wait,
    /// Did not stop the task.
    Warning,
    /// Why it failed.
    Error,
}

/// One log line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct ActivityLogEntry {
    /// 1 for the task's first line, then without gaps. Resume with `?after=`.
    pub sequence: u64,
    /// How loud.
    pub category: LogCategory,
    /// RFC 3339.
    pub occurred_at: String,
    /// One line.
    pub message_text: String,
}

/// How a node of the log stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum ActivityStatus {
    /// It has not begun.
    #[default]
    Pending,
    /// It is under way.
    Running,
    /// It ended well.
    Success,
    /// It failed, and a person has that ignored.
    SuccessWithWarning,
    /// It ended otherwise.
    Failed,
    /// It was left out.
    Skipped,
    /// It ended because a person asked for it.
    Canceled,
}

impl From<TaskState> for ActivityStatus {
    fn from(state: TaskState) -> Self {
        match state {
            TaskState::Queued => Self::Pending,
            TaskState::Executing | TaskState::Cancelling => Self::Running,
            TaskState::Success => Self::Success,
            TaskState::Failed => Self::Failed,
            TaskState::Canceled => Self::Canceled,
        }
    }
}

impl From<ActivityStatus> for TaskState {
    fn from(status: ActivityStatus) -> Self {
        match status {
            ActivityStatus::Pending => Self::Queued,
            ActivityStatus::Running => Self::Executing,
            ActivityStatus::Success
            | ActivityStatus::SuccessWithWarning
            | ActivityStatus::Skipped => Self::Success,
            ActivityStatus::Failed => Self::Failed,
            ActivityStatus::Canceled => Self::Canceled,
        }
    }
}

/// A node: the task, a machine, or a step on a machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct ActivityElement {
    /// Unique within the task: `task`, `Machines-1`, `Machines-1/PreDeploy`.
    pub id: String,
    /// What people read: the task's description, a machine's name, a step's name.
    pub name: String,
    /// How it stands.
    pub status: ActivityStatus,
    /// When it began, RFC 3339.
    #[serde(default)]
    pub started: Option<String>,
    /// When it ended, RFC 3339.
    #[serde(default)]
    pub ended: Option<String>,
    /// Summaries have it.
    #[serde(default)]
    pub show_at_summary_level: bool,
    /// 0 to 100.
    #[serde(default)]
    pub progress_percentage: u8,
    /// What it does now, or came to.
    #[serde(default)]
    pub progress_message: String,
    /// Lines directly below this node.
    pub log_elements: Vec<ActivityLogEntry>,
    /// Nodes below this one.
    pub children: Vec<ActivityElement>,
}

/// How many machines are through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct TaskProgress {
    /// 0 to 100.
    pub progress_percentage: u8,
    /// What is happening now.
    pub current_activity: String,
    /// Always empty: nothing is guessed here.
    #[serde(default)]
    pub estimated_time_remaining: String,
}

/// `GET /api/{space}/tasks/{id}/details`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct TaskDetails {
    /// The task.
    pub task: Task,
    /// The log.
    pub activity_logs: Vec<ActivityElement>,
    /// How far it is.
    pub progress: TaskProgress,
    /// Lines of the log.
    #[serde(default)]
    pub physical_log_size: u64,
}

/// A log line with its place in the tree, for who follows a task:
/// `GET /api/{space}/tasks/{id}/log?after=SEQUENCE&wait=SECONDS` answers an array of these
/// in ascending order, and holds an empty answer back for up to `wait` seconds while the
/// task is not complete.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct TaskLogEntry {
    /// As in [`ActivityLogEntry`]; the next `after`.
    pub sequence: u64,
    /// How loud.
    pub category: LogCategory,
    /// RFC 3339.
    pub occurred_at: String,
    /// One line.
    pub message_text: String,
    /// The machine's name; `None` for lines of the task itself.
    #[serde(default)]
    pub machine: Option<String>,
    /// The step on that machine, such as `PreDeploy`.
    #[serde(default)]
    pub step: Option<String>,
}
