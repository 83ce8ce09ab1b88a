//! What a deployment is made of: its order, and the release's snapshot.

use std::sync::{Arc, PoisonError, RwLock, atomic::AtomicBool};

use ::variables::{Masker, VariableSet};
use api::{
    DeploymentAction, Project, PropertyValue, Release, RetentionPeriod, RunCondition, Snapshot,
    StartTrigger, process,
};
use conductor::deployment as plans;

use super::{progress::Progress, variables};
use crate::{
    app::App,
    lifetimes, lookup,
    rest::documents::Resource,
    store::{Result, StoreError, deployments::Deployment, left::Output, machines::Machine},
};

/// A deployment with everything that it needs to know.
pub(in crate::runner) struct Content {
    pub(super) row: Deployment,
    pub(super) deployment: api::Deployment,
    pub(super) release: Release,
    pub(super) snapshot: Snapshot,
    pub(super) project: Project,
    pub(super) environment: String,
    pub(super) space: String,
    /// The store's own values, unsealed.
    pub(super) variables: Vec<::variables::scope::ScopedVariable>,
    /// What its parts have set so far, as of the last look.
    outputs: RwLock<Arc<Vec<Output>>>,
    /// How far it has come, as of the last look.
    progress: RwLock<Arc<Progress>>,
    /// A part has set more since.
    pub(in crate::runner) has_more_outputs: AtomicBool,
    /// People are asked about failures.
    pub(super) guided: bool,
    /// What the lifecycle says of old installations on machines.
    pub(super) kept: RetentionPeriod,
}

impl Content {
    /// Reads it; the inner error is one sentence for people.
    pub(super) async fn load(app: &App, task: i64) -> Result<Result<Self, String>> {
        let row = app.store.deployment_of_task(task).await?;
        let task = row.task_id;
        let content = match Self::of(app, row).await? {
            Ok(content) => content,
            Err(why) => return Ok(Err(why)),
        };
        content.set_outputs(app.store.outputs(task).await?);
        Ok(Ok(content))
    }

    /// The same of a deployment that is not made, or has not begun.
    pub(super) async fn of(app: &App, row: Deployment) -> Result<Result<Self, String>> {
        let mut deployment: api::Deployment = read(&row.body)?;
        deployment.id = format!("Deployments-{}", row.id);
        let missing = |what: &str| Ok(Err(format!("The {what} of this deployment was deleted.")));
        let Some(document) = app.store.document(Release::KIND, row.release_id).await? else {
            return missing("release");
        };
        let mut release: Release = read(&document.body)?;
        let snapshot = *release.snapshot.take().unwrap_or_default();
        release.place(&document);
        let Some(document) = app.store.document(Project::KIND, row.project_id).await? else {
            return missing("project");
        };
        let mut project: Project = read(&document.body)?;
        project.place(&document);
        let environments = app.store.environments_of(row.space_id).await?;
        let Some(environment) = environments
            .into_iter()
            .find(|one| one.id == row.environment_id)
        else {
            return missing("environment");
        };
        let lifecycle = lifetimes::lifecycle(&app.store, &project, &release).await?;
        let id = lookup::environment_id(row.environment_id);
        let kept = lifecycle.map(|lifecycle| lifetimes::of_machines(&lifecycle, &id));
        let space = app.store.document("Spaces", row.space_id).await?;
        let mut content = Self {
            row,
            guided: guided(&deployment, &project, environment.guided_failure),
            deployment,
            release,
            snapshot,
            project,
            environment: environment.name,
            space: space.map(|space| space.name).unwrap_or_default(),
            variables: Vec::new(),
            outputs: RwLock::default(),
            progress: RwLock::default(),
            has_more_outputs: AtomicBool::default(),
            kept: kept.unwrap_or_default(),
        };
        content.variables = variables::unsealed(app, &content)?;
        Ok(Ok(content))
    }

    /// What its parts have set so far.
    pub(super) fn outputs(&self) -> Arc<Vec<Output>> {
        let outputs = self.outputs.read();
        Arc::clone(&outputs.unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn set_outputs(&self, outputs: Vec<Output>) {
        let place = self.outputs.write();
        *place.unwrap_or_else(PoisonError::into_inner) = Arc::new(outputs);
    }

    pub(super) fn progress(&self) -> Arc<Progress> {
        let progress = self.progress.read();
        Arc::clone(&progress.unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn set_progress(&self, progress: Progress) {
        let place = self.progress.write();
        *place.unwrap_or_else(PoisonError::into_inner) = Arc::new(progress);
    }

    /// What people call the step with this number, from 1.
    pub(super) fn step_name(&self, number: usize) -> Option<&str> {
        let step = self.snapshot.process.steps.get(number.checked_sub(1)?)?;
        Some(&step.name)
    }

    /// Why it is too late to begin.
    pub(super) fn too_late(&self, now: i64) -> Option<String> {
        let expiry = self.deployment.queue_time_expiry.as_ref()?;
        let limit: jiff::Timestamp = expiry.parse().ok()?;
        (limit.as_millisecond() < now).then(|| {
            format!("It was not to begin after {expiry}, and that has passed; deploy again.")
        })
    }

    /// The process, reduced to what decides.
    pub(super) fn steps(&self) -> Vec<plans::Step> {
        let text = |step: &api::DeploymentStep, name: &str| {
            step.properties
                .get(name)
                .map_or("", PropertyValue::text)
                .to_owned()
        };
        let condition = |condition: RunCondition| match condition {
            RunCondition::Success => plans::Condition::Success,
            RunCondition::Failure => plans::Condition::Failure,
            RunCondition::Always => plans::Condition::Always,
            RunCondition::Variable => plans::Condition::Variable,
        };
        let says_when = |action: &DeploymentAction| {
            action
                .properties
                .contains_key(process::CONDITION_EXPRESSION)
        };
        let action = |action: &DeploymentAction, is_alone: bool| plans::Action {
            id: action.id.clone(),
            name: action.name.clone(),
            condition: match condition(action.condition.unwrap_or_default()) {
                plans::Condition::Variable if says_when(action) => plans::Condition::Variable,
                // What went before a step's only action is the step's own business.
                _ if is_alone => plans::Condition::Success,
                own => own,
            },
            disabled: action.is_disabled,
            required: action.is_required,
            environments: action.environments.clone(),
            excluded_environments: action.excluded_environments.clone(),
            channels: action.channels.clone(),
            by: by(action),
        };
        let step = |step: &api::DeploymentStep| plans::Step {
            name: step.name.clone(),
            roles: words(&text(step, process::TARGET_ROLES)),
            condition: condition(step.condition),
            with_previous: step.start_trigger == StartTrigger::StartWithPrevious,
            window: self
                .evaluated(&text(step, process::MAX_PARALLELISM))
                .parse()
                .ok(),
            actions: step
                .actions
                .iter()
                .map(|one| action(one, step.actions.len() == 1))
                .collect(),
        };
        self.snapshot.process.steps.iter().map(step).collect()
    }

    /// Who does an action.
    pub(super) fn by(&self, action: &DeploymentAction) -> plans::By {
        by(action)
    }

    pub(super) fn order(&self) -> plans::Order {
        let rows = |ids: &[String]| -> Vec<i64> {
            ids.iter()
                .filter_map(|id| lookup::row_id("Machines", id))
                .collect()
        };
        let policy = &self.project.project_connectivity_policy;
        plans::Order {
            environment: lookup::environment_id(self.row.environment_id),
            channel: self.release.channel_id.clone(),
            skip: self.deployment.skip_actions.clone(),
            specific: rows(&self.deployment.specific_machine_ids),
            excluded: rows(&self.deployment.excluded_machine_ids),
            skip_unavailable: policy.skip_machine_behavior
                == api::SkipMachineBehavior::SkipUnavailableMachines,
            skip_roles: policy.target_roles.clone(),
            skip_unhealthy: policy.exclude_unhealthy_targets,
            allow_no_machines: policy.allow_deployments_to_no_targets,
        }
    }

    /// The action at a place in the process, from 1, and its step's number.
    pub(super) fn action(&self, place: usize) -> Option<(usize, &DeploymentAction)> {
        let steps = (1..).zip(&self.snapshot.process.steps);
        let mut actions =
            steps.flat_map(|(number, step)| step.actions.iter().map(move |a| (number, a)));
        actions.nth(place.checked_sub(1)?)
    }

    pub(super) fn action_name(&self, place: usize) -> String {
        self.action(place)
            .map(|(_, action)| action.name.clone())
            .unwrap_or_default()
    }

    /// Whether the expression of a step with the condition `Variable` is true. It is evaluated
    /// once for the whole step, so with what holds for the deployment: a value that is scoped to
    /// a machine, a role or an action is not there, and of an output that several machines have
    /// set the last one counts.
    ///
    /// Source: Octopus's documentation of run conditions.
    pub(super) fn condition_holds(&self, number: usize) -> bool {
        let step = number
            .checked_sub(1)
            .and_then(|at| self.snapshot.process.steps.get(at));
        let own = |name| step.and_then(|step| step.properties.get(name));
        let expression =
            own(process::STEP_CONDITION_EXPRESSION).or_else(|| own(process::CONDITION_EXPRESSION));
        is_true(&variables::general(self), expression)
    }

    /// The same of the action at a place in the process, from 1, for a machine: with all that the
    /// action would get there. `None`: on the server.
    pub(super) fn action_condition_holds(
        &self,
        app: &App,
        place: usize,
        machine: Option<&Machine>,
    ) -> Result<bool> {
        let Some(part) = self.action(place) else {
            return Ok(false);
        };
        let set = variables::of_part(app, self, part, machine, &[])?;
        let expression = part.1.properties.get(process::CONDITION_EXPRESSION);
        Ok(is_true(&set, expression))
    }

    /// A text without the values of sensitive variables, whatever they hold for.
    fn masked(&self, text: &str) -> String {
        let mut secrets = variables::general(self).sensitive_values();
        let scoped = self.variables.iter().filter(|one| one.sensitive);
        secrets.extend(scoped.map(|one| one.value.clone()));
        let outputs = self.outputs();
        let outputs = outputs.iter().filter(|output| output.variable.sensitive);
        secrets.extend(outputs.map(|output| output.variable.value.clone()));
        Masker::new(secrets).mask(text)
    }

    /// A text with the variables that hold for all machines.
    pub(super) fn evaluated(&self, text: &str) -> String {
        variables::general(self).evaluate(text).text
    }

    /// The version that the release has chosen for an action's own package.
    pub(super) fn package_version(&self, action: &str) -> Option<&str> {
        let chosen = self.release.selected_packages.iter();
        let mut own = chosen.filter(|one| one.package_reference_name.is_empty());
        own.find(|one| one.action_name.eq_ignore_ascii_case(action))
            .map(|one| one.version.as_str())
    }
}

fn is_true(set: &VariableSet, expression: Option<&PropertyValue>) -> bool {
    let value = set
        .evaluate(expression.map_or("", PropertyValue::text))
        .text;
    // What has no value stays as it is written, and is not true.
    !value.contains("#{") && ::variables::is_truthy(&value)
}

/// What a person says about the task of a deployment, without the values of its sensitive
/// variables: it is stored as it is, and shown to everybody who sees the task.
pub(crate) async fn masked(app: &App, task: i64, text: &str) -> Result<String> {
    Ok(match Content::load(app, task).await? {
        Ok(content) => content.masked(text),
        // The deployment can't go on, and nobody knows its secrets.
        Err(_) => text.to_owned(),
    })
}

/// Who does an action.
fn by(action: &DeploymentAction) -> plans::By {
    let on_server = action.properties.get(process::RUN_ON_SERVER);
    match action.action_type.as_str() {
        process::MANUAL => plans::By::Person,
        process::SCRIPT if on_server.is_some_and(|it| it.text().eq_ignore_ascii_case("true")) => {
            plans::By::Server
        }
        _ => plans::By::Machines,
    }
}

fn guided(deployment: &api::Deployment, project: &Project, environment: bool) -> bool {
    let mode = match project.default_guided_failure_mode {
        api::GuidedFailureMode::EnvironmentDefault => plans::GuidedMode::Environment,
        api::GuidedFailureMode::Off => plans::GuidedMode::Off,
        api::GuidedFailureMode::On => plans::GuidedMode::On,
    };
    plans::guided(deployment.use_guided_failure, mode, environment)
}

pub(super) fn words(text: &str) -> Vec<String> {
    let words = text.split([',', ';', '\n']).map(str::trim);
    words
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

fn read<T: serde::de::DeserializeOwned>(body: &str) -> Result<T> {
    serde_json::from_str(body).map_err(|error| StoreError::Damaged(error.to_string()))
}
