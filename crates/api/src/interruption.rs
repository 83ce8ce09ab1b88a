//! Interruptions: questions that a task has to people.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Links;

/// What a task asks for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum InterruptionType {
    /// A step waits for a person's word.
    #[default]
    ManualIntervention,
    /// A part has failed, and a person decides what comes next.
    GuidedFailure,
}

/// A question that a task has to people.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct Interruption {
    /// `Interruptions-1`.
    pub id: String,
    /// `Spaces-1`.
    pub space_id: String,
    /// One line.
    pub title: String,
    /// What it asks for.
    pub r#type: InterruptionType,
    /// When it was asked, RFC 3339.
    pub created: String,
    /// Nobody has answered it yet, and the task has not ended.
    pub is_pending: bool,
    /// `ServerTasks-1`.
    pub task_id: String,
    /// The node of the task's log that it is about.
    pub correlation_id: String,
    /// The task, and what it is about.
    pub related_document_ids: Vec<String>,
    /// Always empty: who may deploy to the environment may answer.
    pub responsible_team_ids: Vec<String>,
    /// Who has taken it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub responsible_user_id: Option<String>,
    /// The caller may take it.
    pub can_take_responsibility: bool,
    /// The caller has taken it.
    pub has_responsibility: bool,
    /// Always false.
    pub is_linked_to_other_interruption: bool,
    /// What is to be filled in, and what was.
    pub form: Form,
    /// `Self`, `Responsible`, `Submit`, `Task`.
    pub links: Links,
}

/// What is to be filled in, and what was.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct Form {
    /// Name of an element → what was filled in.
    pub values: BTreeMap<String, Option<String>>,
    /// In the order in which they are shown.
    pub elements: Vec<FormElement>,
}

/// A part of a form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct FormElement {
    /// `Instructions`, `Notes`, `Result`, `Guidance`; or the id of a variable.
    pub name: String,
    /// How it is shown.
    pub control: Control,
    /// It must be filled in.
    pub is_value_required: bool,
}

/// How a part of a form is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct Control {
    /// `Paragraph`, `TextArea`, `SubmitButtonGroup`, `VariableValue`.
    pub r#type: String,
    /// Of a paragraph.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Of what can be filled in.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub label: String,
    /// What it is for.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Of a group of buttons.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<Button>,
}

/// A button of a form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct Button {
    /// What people read.
    pub text: String,
    /// What is sent.
    pub value: String,
}
