//! Interruptions: what tasks ask people, who has taken it, and what they say.

use std::collections::BTreeMap;

use api::{Button, Control, Form, FormElement, Interruption, InterruptionType, Page};
use axum::Json;
use conductor::deployment::{Answer, SERVER};
use serde_json::{Value, json};

use super::{
    Body, allowed,
    call::{self, Call, Paging},
    convert,
    documents::links,
    mistakes::{Mistakes, shown},
};
use crate::{
    app::Change,
    error::ApiError,
    lookup, runner,
    store::{
        interruptions::{self, Submitted, Wanted},
        users,
    },
};

/// Longest note, in characters.
const LONGEST_NOTE: usize = 10_000;

/// The element of the form that takes the answer.
fn field(row: &interruptions::Interruption) -> &'static str {
    match row.kind.as_str() {
        interruptions::MANUAL => "Result",
        _ => "Guidance",
    }
}

/// What can be answered.
pub(crate) fn choices(row: &interruptions::Interruption) -> &'static [Answer] {
    match (row.kind.as_str(), row.machine_id) {
        (interruptions::MANUAL, _) => &Answer::MANUAL,
        (_, SERVER) => &Answer::SERVER_FAILURE,
        _ => &Answer::FAILURE,
    }
}

/// `GET /api/{space}/interruptions`, of one task with `?regarding=`, those that wait for an answer with
/// `?pendingOnly=true`.
pub(super) async fn list(call: Call, paging: Paging) -> Result<Json<Page<Interruption>>, ApiError> {
    let (skip, take) = paging.skip_take();
    let task_id = match paging.word("regarding") {
        "" => 0,
        text => task_of(&call, text).await?,
    };
    let wanted = Wanted {
        space_id: call.space,
        task_id,
        pending: paging.word("pendingonly").eq_ignore_ascii_case("true"),
    };
    let (rows, total) = call.app.store.interruptions(wanted, skip, take).await?;
    let mut items = Vec::new();
    for row in rows {
        items.push(resource(&call, row).await?);
    }
    let total = u64::try_from(total).unwrap_or(0);
    Ok(Json(paging.page("Interruption", items, total)))
}

/// The task that an id stands for, which may be its deployment's; -1 for none.
async fn task_of(call: &Call, text: &str) -> Result<i64, ApiError> {
    if let Some(id) = lookup::row_id("Deployments", text) {
        let row = call.app.store.deployment(id).await?;
        return Ok(row.map_or(-1, |row| row.task_id));
    }
    Ok(lookup::row_id("ServerTasks", text).unwrap_or(-1))
}

async fn find(call: &Call) -> Result<interruptions::Interruption, ApiError> {
    let found = match lookup::row_id("Interruptions", call.id()) {
        Some(id) => call.app.store.interruption(id).await?,
        None => None,
    };
    found
        .filter(|row| row.space_id == call.space)
        .ok_or_else(|| ApiError::not_found("interruption", call.id()))
}

async fn resource(call: &Call, row: interruptions::Interruption) -> Result<Interruption, ApiError> {
    let store = &call.app.store;
    let responsible = match row.responsible.as_str() {
        "" => None,
        name => store.user_by_name(name).await?,
    };
    let deployment = store.deployment_of_task(row.task_id).await?;
    let is_pending = row.submitted_at.is_none();
    let own = format!("interruptions/{}", id(&row));
    let task_id = lookup::task_id(row.task_id);
    let place = match row.machine_id {
        SERVER => format!("step-{}", row.action),
        machine => format!("step-{}/{}", row.action, lookup::machine_id(machine)),
    };
    Ok(Interruption {
        id: id(&row),
        space_id: call::space_id(row.space_id),
        r#type: match row.kind.as_str() {
            interruptions::MANUAL => InterruptionType::ManualIntervention,
            _ => InterruptionType::GuidedFailure,
        },
        created: convert::time(row.created_at),
        is_pending,
        correlation_id: place,
        related_document_ids: vec![
            format!("Deployments-{}", deployment.id),
            task_id.clone(),
            format!("Projects-{}", deployment.project_id),
            lookup::environment_id(deployment.environment_id),
        ],
        responsible_team_ids: Vec::new(),
        can_take_responsibility: is_pending,
        has_responsibility: row.responsible == call.caller.user.username,
        responsible_user_id: responsible.map(|user| format!("Users-{}", user.id)),
        is_linked_to_other_interruption: false,
        form: form(&row),
        links: links(
            row.space_id,
            &[
                ("Submit", format!("{own}/submit")),
                ("Responsible", format!("{own}/responsible")),
                ("Task", format!("tasks/{task_id}")),
                ("Self", own),
            ],
        ),
        task_id,
        title: row.title,
    })
}

fn id(row: &interruptions::Interruption) -> String {
    format!("Interruptions-{}", row.id)
}

fn form(row: &interruptions::Interruption) -> Form {
    let said = |text: &str| (row.submitted_at.is_some()).then(|| text.to_owned());
    let values = [
        ("Instructions", None),
        ("Notes", said(&row.notes)),
        (field(row), said(&row.answer)),
    ];
    let element = |name: &str, control: Control| FormElement {
        name: name.to_owned(),
        control,
        is_value_required: false,
    };
    let control = |kind: &str| Control {
        r#type: kind.to_owned(),
        ..Control::default()
    };
    let buttons = choices(row).iter().map(|choice| Button {
        text: choice.label().to_owned(),
        value: choice.word().to_owned(),
    });
    Form {
        values: values
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
        elements: vec![
            element(
                "Instructions",
                Control {
                    text: row.instructions.clone(),
                    ..control("Paragraph")
                },
            ),
            element(
                "Notes",
                Control {
                    label: "Notes".to_owned(),
                    ..control("TextArea")
                },
            ),
            element(
                field(row),
                Control {
                    buttons: buttons.collect(),
                    ..control("SubmitButtonGroup")
                },
            ),
        ],
    }
}

/// `GET /api/{space}/interruptions/{id}`
pub(super) async fn one(call: Call) -> Result<Json<Interruption>, ApiError> {
    let row = find(&call).await?;
    resource(&call, row).await.map(Json)
}

/// `GET /api/{space}/interruptions/{id}/responsible`
pub(super) async fn responsible(call: Call) -> Result<Json<Value>, ApiError> {
    let row = find(&call).await?;
    let user = call.app.store.user_by_name(&row.responsible).await?;
    let user = user.filter(|_| !row.responsible.is_empty());
    let user = user.ok_or_else(|| {
        let text = format!("Nobody has taken the interruption {} yet.", id(&row));
        ApiError::new(axum::http::StatusCode::NOT_FOUND, text)
    })?;
    Ok(Json(user_resource(&user)))
}

/// `PUT /api/{space}/interruptions/{id}/responsible`: the caller takes it.
pub(super) async fn take(call: Call) -> Result<Json<Value>, ApiError> {
    let row = find(&call).await?;
    allowed::answer(&call, &row).await?;
    let name = &call.caller.user.username;
    let words = format!("{} was taken by {name}.", row.title);
    let event = call.event("InterruptionResponsibilityTaken", &id(&row), words);
    let store = &call.app.store;
    if store.take_interruption(row.id, name, &event).await? == Submitted::TooLate {
        return Err(too_late(&row));
    }
    call.app.changed(Change::Task(row.task_id));
    Ok(Json(user_resource(&call.caller.user)))
}

fn user_resource(user: &users::User) -> Value {
    json!({
        "Id": format!("Users-{}", user.id),
        "Username": user.username,
        "DisplayName": user.display_name,
    })
}

fn too_late(row: &interruptions::Interruption) -> ApiError {
    let text = format!(
        "The interruption {} waits for nobody any more: it was answered, or its task has ended.",
        id(row)
    );
    ApiError::new(axum::http::StatusCode::CONFLICT, text)
}

/// `POST /api/{space}/interruptions/{id}/submit`: the values of its form.
pub(super) async fn submit(
    call: Call,
    Body(values): Body<BTreeMap<String, Option<String>>>,
) -> Result<Json<Interruption>, ApiError> {
    let row = find(&call).await?;
    let value = |name: &str| {
        let found = values
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name));
        found
            .and_then(|(_, value)| value.clone())
            .unwrap_or_default()
    };
    answer(&call, &row, &value(field(&row)), &value("Notes")).await?;
    one(call).await
}

/// Checks an answer, and lets the task go on with it.
pub(crate) async fn answer(
    call: &Call,
    row: &interruptions::Interruption,
    word: &str,
    notes: &str,
) -> Result<(), ApiError> {
    allowed::answer(call, row).await?;
    let mut mistakes = Mistakes::default();
    let answer = Answer::find(choices(row), word);
    if answer.is_none() {
        let words: Vec<&str> = choices(row).iter().map(|choice| choice.word()).collect();
        mistakes.add(format!(
            "{} `{}`: one of {}.",
            field(row),
            shown(word),
            words.join(", ")
        ));
    }
    if notes.chars().count() > LONGEST_NOTE {
        mistakes.add(format!("Notes: at most {LONGEST_NOTE} characters."));
    }
    mistakes.check()?;
    let name = &call.caller.user.username;
    if !row.responsible.is_empty() && row.responsible != *name && row.submitted_at.is_none() {
        let text = format!(
            "The interruption {} was taken by {}; take it yourself first: PUT …/{}/responsible.",
            id(row),
            row.responsible,
            id(row)
        );
        return Err(ApiError::new(axum::http::StatusCode::CONFLICT, text));
    }
    let word = answer.map_or("", Answer::word);
    let words = format!("{}: {name} says {word}.", row.title);
    let event = call.event("InterruptionSubmitted", &id(row), words);
    let store = &call.app.store;
    let notes = runner::masked(&call.app, row.task_id, notes.trim()).await?;
    let said = (word, notes.as_str());
    if store
        .answer_interruption(row.id, name, said, &event)
        .await?
        == Submitted::TooLate
    {
        return Err(too_late(row));
    }
    call.app.changed(Change::Task(row.task_id));
    Ok(())
}
