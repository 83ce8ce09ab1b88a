//! Deployment processes: steps, their actions, and the packages that they use.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Links;

/// The property with the roles of a step's machines, separated by commas.
pub const TARGET_ROLES: &str = "Octopus.Action.TargetRoles";
/// The property with the number of machines that a rolling step works on at one time.
pub const MAX_PARALLELISM: &str = "Octopus.Action.MaxParallelism";
/// The property of a step with the expression of its condition `Variable`; the one of actions is
/// taken as well.
pub const STEP_CONDITION_EXPRESSION: &str = "Octopus.Step.ConditionVariableExpression";
/// The property of an action with the expression of its condition `Variable`.
pub const CONDITION_EXPRESSION: &str = "Octopus.Action.ConditionVariableExpression";
/// The property of a script that runs on the server: `True`.
pub const RUN_ON_SERVER: &str = "Octopus.Action.RunOnServer";
/// The property with a script.
pub const SCRIPT_BODY: &str = "Octopus.Action.Script.ScriptBody";
/// The property with a script's language.
pub const SCRIPT_SYNTAX: &str = "Octopus.Action.Script.Syntax";
/// The property of a script on the server that may run again when the server was ended in the
/// middle of it: `True`. This server's own.
pub const IDEMPOTENT: &str = "Octopus.Action.Script.Idempotent";
/// The property with what a person is asked to do.
pub const INSTRUCTIONS: &str = "Octopus.Action.Manual.Instructions";
/// The property with how often a failed action is tried again by itself.
pub const RETRIES: &str = "Octopus.Action.AutoRetry.MaximumCount";
/// The property with the seconds between two attempts.
pub const BACKOFF: &str = "Octopus.Action.AutoRetry.MinimumBackoff";
/// The property with the minutes that an action may take on each machine.
pub const TIME_LIMIT: &str = "Octopus.Action.ExecutionTimeout.Minutes";
/// The action type that deploys a package.
pub const TENTACLE_PACKAGE: &str = "Octopus.TentaclePackage";
/// The action type that runs a script.
pub const SCRIPT: &str = "Octopus.Script";
/// The action type that waits for a person.
pub const MANUAL: &str = "Octopus.Manual";

/// A deployment process; one for each project.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct DeploymentProcess {
    /// `deploymentprocess-Projects-1`.
    pub id: String,
    /// `Spaces-1`.
    pub space_id: String,
    /// `Projects-1`.
    pub project_id: String,
    /// In order.
    #[schemars(required)]
    pub steps: Vec<DeploymentStep>,
    /// Goes up with each change; a change must name the version that it changes.
    pub version: i64,
    /// Always empty here; releases carry their own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_snapshot_id: Option<String>,
    /// `Self`, `Project`.
    pub links: Links,
}

/// A step: one action, or several that a rolling deployment does machine by machine.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct DeploymentStep {
    /// Given by the server when empty.
    pub id: String,
    /// Unique in its process without case.
    #[schemars(required)]
    pub name: String,
    /// `Octopus.Action.TargetRoles` and the like.
    pub properties: Properties,
    /// When it runs.
    pub condition: RunCondition,
    /// Whether it waits for the step before it.
    pub start_trigger: StartTrigger,
    /// Whether packages are fetched first.
    pub package_requirement: PackageRequirement,
    /// At least one.
    #[schemars(required)]
    pub actions: Vec<DeploymentAction>,
}

/// An action: what is done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct DeploymentAction {
    /// Given by the server when empty.
    pub id: String,
    /// Unique in its process without case.
    #[schemars(required)]
    pub name: String,
    /// `Octopus.TentaclePackage`, `Octopus.Script` or `Octopus.Manual`.
    #[schemars(required)]
    pub action_type: String,
    /// Free text.
    pub notes: String,
    /// Left out.
    pub is_disabled: bool,
    /// No deployment may leave it out.
    pub is_required: bool,
    /// A package of it may give a release its number.
    pub can_be_used_for_project_versioning: bool,
    /// When it runs on a machine on which its step does; of a step's only action `Variable` alone
    /// counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition: Option<RunCondition>,
    /// Ids: only in these; empty for all.
    pub environments: Vec<String>,
    /// Ids: not in these.
    pub excluded_environments: Vec<String>,
    /// Ids: only for releases of these; empty for all.
    pub channels: Vec<String>,
    /// Always empty.
    pub tenant_tags: Vec<String>,
    /// Packages that it uses; the one without name is its own.
    pub packages: Vec<PackageReference>,
    /// `Octopus.Action.Script.ScriptBody` and the like.
    pub properties: Properties,
}

/// A package that an action uses.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct PackageReference {
    /// Given by the server when empty.
    pub id: String,
    /// Empty for the action's own package.
    pub name: String,
    /// Such as `Acme.Web`.
    #[schemars(required)]
    pub package_id: String,
    /// `feeds-builtin`.
    pub feed_id: String,
    /// `Server` or `ExecutionTarget`.
    pub acquisition_location: String,
    /// Such as `Extract`.
    pub properties: BTreeMap<String, String>,
}

/// Property name → value.
pub type Properties = BTreeMap<String, PropertyValue>;

/// The value of a property.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum PropertyValue {
    /// Text, which may hold variables.
    Text(String),
    /// A secret: goes in, never comes out.
    Sensitive(SensitiveValue),
}

impl PropertyValue {
    /// The text; empty for a secret.
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Sensitive(_) => "",
        }
    }
}

/// A secret: goes in, never comes out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct SensitiveValue {
    /// There is one.
    #[schemars(required)]
    pub has_value: bool,
    /// Sets it; absent keeps what is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_value: Option<String>,
}

/// When a step runs, by what came before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub enum RunCondition {
    /// Nothing has failed.
    #[default]
    Success,
    /// Something has failed.
    Failure,
    /// In any case.
    Always,
    /// The expression is true: a step's in `Octopus.Step.ConditionVariableExpression`, once for all
    /// its machines; an action's in `Octopus.Action.ConditionVariableExpression`, for each machine
    /// with its variables.
    Variable,
}

/// Whether a step waits for the one before it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum StartTrigger {
    /// It waits.
    #[default]
    StartAfterPrevious,
    /// It begins together with the one before it.
    StartWithPrevious,
}

/// Whether packages are fetched before a step.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum PackageRequirement {
    /// As the server likes.
    #[default]
    LetOctopusDecide,
    /// The step comes before.
    BeforePackageAcquisition,
    /// The step comes after.
    AfterPackageAcquisition,
}
