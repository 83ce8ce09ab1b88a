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

/// A node: the task, a machine, or a step on a machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct ActivityElement {
    /// Unique within the task: `task`, `Machines-1`, `Machines-1/PreDeploy`.
    pub id: String,
    /// What people read: the task's description, a machine's name, a step's name.
    pub name: String,
    /// `Queued` until it begins.
    pub status: TaskState,
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
