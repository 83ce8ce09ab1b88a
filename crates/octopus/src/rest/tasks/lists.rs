//! What lists of tasks are narrowed by.

use api::{Page, Task, TaskName, TaskState};
use axum::Json;

use super::find;
use crate::{
    error::ApiError,
    lookup,
    rest::{
        call::{Call, Paging},
        convert,
        mistakes::{Mistakes, shown},
    },
    store::task_lists::Wanted,
};

/// `?states=&name=&project=&environment=&hasPendingInterruptions=&hasWarningsOrErrors=&running=`
pub(super) fn wanted(paging: &Paging) -> Result<Wanted, ApiError> {
    let mut mistakes = Mistakes::default();
    let mut states = Vec::new();
    for word in paging.list("states") {
        match serde_json::from_value(word.into()) {
            Ok(state) => states.push(state),
            Err(_) => mistakes.add(format!("states: `{}` is no state of a task.", shown(word))),
        }
    }
    if paging.word("running").eq_ignore_ascii_case("true") {
        states.extend([TaskState::Executing, TaskState::Cancelling]);
    }
    let name: Option<TaskName> = match paging.word("name") {
        "" => None,
        word => match serde_json::from_value(word.into()) {
            Ok(name) => Some(name),
            Err(_) => {
                mistakes.add(format!("name: no task is called `{}`.", shown(word)));
                None
            }
        },
    };
    // An id that is none finds nothing.
    let row = |word: &str, prefix: &str| match paging.word(word) {
        "" => 0,
        id => lookup::row_id(prefix, id).unwrap_or(-1),
    };
    let mut flag = |word: &str| match paging.word(word).to_lowercase().as_str() {
        "" => None,
        "true" => Some(true),
        "false" => Some(false),
        other => {
            mistakes.add(format!("{word} `{}`: true or false.", shown(other)));
            None
        }
    };
    let interrupted = flag("haspendinginterruptions");
    let warned = flag("haswarningsorerrors");
    mistakes.check()?;
    Ok(Wanted {
        states,
        name,
        project: row("project", "Projects"),
        environment: row("environment", "Environments"),
        interrupted,
        warned,
    })
}

/// `GET /api/{space}/tasks/{id}/queued-behind`
pub(in crate::rest) async fn queued_behind(
    call: Call,
    paging: Paging,
) -> Result<Json<Page<Task>>, ApiError> {
    let task = find(&call, call.id()).await?;
    let store = &call.app.store;
    let before = match (task.name, task.state) {
        (TaskName::Deploy, TaskState::Queued) => {
            let deployment = store.deployment_of_task(task.id).await?;
            store.tasks_before(&deployment).await?
        }
        _ => Vec::new(),
    };
    let before = before.into_iter().map(convert::task).collect();
    Ok(Json(paging.cut("Task", before)))
}
