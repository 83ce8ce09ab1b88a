//! What a deployment would do, without making it.

use api::{
    Control, DeploymentPreview, Form, FormElement, PreviewStep, PropertyValue, Reference, process,
};
use conductor::deployment::{self as plans, SERVER};

use super::{SERVER_NAME, content::Content, machines_of, words};
use crate::{
    app::App,
    lookup,
    store::{Result, deployments::Deployment},
};

/// Plans it; the inner error is one sentence for people.
pub(crate) async fn preview(
    app: &App,
    row: Deployment,
) -> Result<Result<DeploymentPreview, String>> {
    let content = match Content::of(app, row).await? {
        Ok(content) => content,
        Err(why) => return Ok(Err(why)),
    };
    let machines = machines_of(app, content.row.environment_id).await?;
    // What finds no machine is shown, and is no reason to show nothing.
    let order = plans::Order {
        allow_no_machines: true,
        ..content.order()
    };
    let (steps, mut notes) = match plans::plan(&content.steps(), &machines, &order) {
        Ok(plan) => (plan.steps, plan.notes),
        Err(why) => (Vec::new(), vec![why.to_string()]),
    };
    if let Err(why) = plans::plan(&content.steps(), &machines, &content.order()) {
        notes.push(format!("Nothing would be deployed: {why}."));
    }
    let reference = |id: &i64| match *id {
        SERVER => Reference {
            id: String::new(),
            name: SERVER_NAME.to_owned(),
        },
        id => Reference {
            id: lookup::machine_id(id),
            name: machines
                .iter()
                .find(|machine| machine.id == id)
                .map(|machine| machine.name.clone())
                .unwrap_or_default(),
        },
    };
    let mut shown = Vec::new();
    let mut place = 0;
    for (number, step) in (1..).zip(&content.snapshot.process.steps) {
        let roles = step.properties.get(process::TARGET_ROLES);
        let roles = words(roles.map_or("", PropertyValue::text));
        for (below, action) in (1..).zip(&step.actions) {
            place += 1;
            let planned = steps.iter().find(|one| one.actions.contains(&place));
            let is_needed = !action.is_disabled && planned.is_none();
            let machines: Vec<Reference> = planned
                .map(|one| one.machines.iter().map(reference).collect())
                .unwrap_or_default();
            shown.push(PreviewStep {
                action_id: action.id.clone(),
                action_name: action.name.clone(),
                action_number: match step.actions.len() {
                    1 => number.to_string(),
                    _ => format!("{number}.{below}"),
                },
                roles: roles.clone(),
                machine_names: machines.iter().map(|one| one.name.clone()).collect(),
                machines,
                has_no_applicable_machines: is_needed,
                can_be_skipped: !action.is_required,
            });
        }
    }
    Ok(Ok(DeploymentPreview {
        steps_to_execute: shown,
        form: form(&content),
        use_guided_failure_mode_by_default: content.guided,
        notes,
    }))
}

/// Whether a deployment, not made yet, would do anything on a machine.
pub(crate) async fn reaches(app: &App, row: Deployment, machine: i64) -> Result<bool> {
    let Ok(content) = Content::of(app, row).await? else {
        return Ok(false);
    };
    let machines = machines_of(app, content.row.environment_id).await?;
    let plan = plans::plan(&content.steps(), &machines, &content.order());
    Ok(plan.is_ok_and(|plan| {
        let mut steps = plan.steps.iter();
        steps.any(|step| step.machines.contains(&machine))
    }))
}

/// The variables that are asked for.
fn form(content: &Content) -> Form {
    let mut form = Form::default();
    for variable in &content.snapshot.variables.variables {
        let Some(prompt) = &variable.prompt else {
            continue;
        };
        let value = variable.value.clone().filter(|_| !variable.is_sensitive);
        form.values.insert(variable.id.clone(), value);
        form.elements.push(FormElement {
            name: variable.id.clone(),
            control: Control {
                r#type: "VariableValue".to_owned(),
                label: match prompt.label.as_str() {
                    "" => variable.name.clone(),
                    label => label.to_owned(),
                },
                description: prompt.description.clone(),
                ..Control::default()
            },
            is_value_required: prompt.required,
        });
    }
    form
}
