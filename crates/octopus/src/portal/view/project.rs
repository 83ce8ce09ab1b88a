//! `GET /projects`, `/projects/{id}` and `/releases/{id}`.

use api::TaskState;
use askama::Template;
use jiff::Timestamp;

use super::Shell;
use super::mark::{Shape, State};

/// All projects.
#[derive(Debug, Clone, Template)]
#[template(path = "projects.html")]
pub struct ProjectsPage {
    /// Around it.
    pub shell: Shell,
    /// By name.
    pub projects: Vec<ProjectRow>,
}

/// A project in the list.
#[derive(Debug, Clone)]
pub struct ProjectRow {
    /// `Projects-1`.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Free text.
    pub description: String,
    /// Takes no release and no deployment.
    pub is_disabled: bool,
}

/// One project: what it deploys by itself, and its newest releases.
#[derive(Debug, Clone, Template)]
#[template(path = "project.html")]
pub struct ProjectPage {
    /// Around it.
    pub shell: Shell,
    /// As in the list.
    pub project: ProjectRow,
    /// By name.
    pub triggers: Vec<TriggerRow>,
    /// The newest first.
    pub releases: Vec<ReleaseRow>,
}

/// A trigger.
#[derive(Debug, Clone)]
pub struct TriggerRow {
    /// `ProjectTriggers-1`.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Names; empty for all.
    pub environments: Vec<String>,
    /// Empty for all.
    pub roles: Vec<String>,
    /// Also what has the release already.
    pub redeploys: bool,
    /// Switched off.
    pub is_disabled: bool,
}

/// A release in a list.
#[derive(Debug, Clone)]
pub struct ReleaseRow {
    /// `Releases-1`.
    pub id: String,
    /// Its number.
    pub version: String,
    /// Names of the environments that it was deployed to.
    pub environments: Vec<String>,
    /// When it was made.
    pub made: Timestamp,
    /// A person keeps it from later phases.
    pub is_held: bool,
}

/// One release: where it was deployed to, and whether it may go on.
#[derive(Debug, Clone, Template)]
#[template(path = "release.html")]
pub struct ReleasePage {
    /// Around it.
    pub shell: Shell,
    /// Its project.
    pub project: ProjectRow,
    /// As in the list.
    pub release: ReleaseRow,
    /// Markdown, shown as it is; may be empty.
    pub notes: String,
    /// In the order of its lifecycle.
    pub places: Vec<PlaceRow>,
    /// What a deployment of it takes from people.
    pub asked: Vec<AskedRow>,
    /// The newest first.
    pub defects: Vec<DefectRow>,
}

/// A variable that people give when they deploy.
#[derive(Debug, Clone)]
pub struct AskedRow {
    /// Name of the form's field.
    pub field: String,
    /// What people call it.
    pub label: String,
    /// What it is for; may be empty.
    pub description: String,
    /// What it is unless people say otherwise; always empty when it is sensitive.
    pub value: String,
    /// There is no deployment without it.
    pub is_required: bool,
    /// Shown to nobody.
    pub is_sensitive: bool,
}

/// An environment on the way of a release.
#[derive(Debug, Clone)]
pub struct PlaceRow {
    /// `Environments-1`.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The newest deployment of the release there.
    pub last: Option<LastDeployment>,
    /// Why it can't go there now; one sentence, without capital and full stop.
    pub obstacle: Option<String>,
}

/// A deployment of a release.
#[derive(Debug, Clone)]
pub struct LastDeployment {
    /// `ServerTasks-1`.
    pub task: String,
    /// How it stands.
    pub state: TaskState,
    /// When it ended, or was queued.
    pub when: Timestamp,
}

impl LastDeployment {
    fn state(&self) -> State {
        self.state.into()
    }
}

/// Why a release is, or was, to go no further.
#[derive(Debug, Clone)]
pub struct DefectRow {
    /// What people said.
    pub description: String,
    /// Who, and when.
    pub reported: (String, Timestamp),
    /// The same of the end; `None`: it holds the release up.
    pub resolved: Option<(String, Timestamp)>,
}

fn standing(is_disabled: bool) -> State {
    match is_disabled {
        true => State::new("idle", Shape::Ring, "Off"),
        false => State::new("good", Shape::Check, "On"),
    }
}

fn progression(is_held: bool) -> State {
    match is_held {
        true => State::new("warn", Shape::Slash, "Held back"),
        false => State::new("good", Shape::Check, "May go on"),
    }
}

impl TriggerRow {
    fn state(&self) -> State {
        standing(self.is_disabled)
    }

    /// `Staging, Production · web-server`
    fn machines(&self) -> String {
        let or_all = |list: &[String], all: &str| match list {
            [] => all.to_owned(),
            some => some.join(", "),
        };
        let environments = or_all(&self.environments, "all environments");
        format!("{environments} · {}", or_all(&self.roles, "all roles"))
    }

    fn rule(&self) -> &'static str {
        match self.redeploys {
            true => "Always deploys the release of the environment",
            false => "Deploys the release of the environment, unless the machine has it",
        }
    }

    fn switch_label(&self) -> &'static str {
        match self.is_disabled {
            true => "Switch on",
            false => "Switch off",
        }
    }
}

impl ReleaseRow {
    fn state(&self) -> State {
        progression(self.is_held)
    }

    fn places(&self) -> String {
        match self.environments.as_slice() {
            [] => "not deployed".to_owned(),
            some => some.join(", "),
        }
    }
}

impl DefectRow {
    fn state(&self) -> State {
        match self.resolved {
            Some(_) => State::new("idle", Shape::Check, "Resolved"),
            None => State::new("warn", Shape::Slash, "Unresolved"),
        }
    }
}
