//! Doing a task once more.

use api::{NewTask, Task, TaskName};
use axum::{Json, http::StatusCode};

use super::{create, find};
use crate::{
    error::ApiError,
    lookup,
    rest::{allowed, call::Call, convert, deployments},
};

/// `POST /api/{space}/tasks/rerun/{id}`: a new task that does the same.
pub(in crate::rest) async fn rerun(call: Call) -> Result<(StatusCode, Json<Task>), ApiError> {
    let old = find(&call, call.id()).await?;
    let id = lookup::task_id(old.id);
    if !old.state.is_completed() {
        return Err(ApiError::bad(format!(
            "The task {id} has not ended; only what has ended is done again."
        )));
    }
    if !old.arguments.sensitive_variables.is_empty() {
        return Err(ApiError::bad(format!(
            "The task {id} had sensitive variables, whose values are forgotten since it ended; \
             start it anew with them."
        )));
    }
    let queued = |new: &str| {
        let words = format!(
            "The task {id} ({}) is done again as {new}.",
            old.description
        );
        call.event("Queued", new, words)
    };
    let task = match old.name {
        TaskName::Deploy => {
            let made = deployments::again(&call, old.id).await?;
            call.app.store.record(&queued(&made.task_id)).await?;
            find(&call, &made.task_id).await?
        }
        name => {
            let new = NewTask {
                name,
                description: old.description.clone(),
                arguments: old.arguments.clone(),
            };
            allowed::task(&call, &new).await?;
            create::create(&call.app, new, |new, _| queued(new)).await?
        }
    };
    Ok((StatusCode::CREATED, Json(convert::task(task))))
}
