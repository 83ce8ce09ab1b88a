//! Tasks: starting, looking, following, cancelling.

mod create;
mod lists;
mod rerun;
mod tree;

use std::{sync::Arc, time::Duration};

use api::{Page, Task, TaskDetails, TaskLogEntry};
use axum::{Json, body::Body, extract::Query, http::header, response::IntoResponse};
use futures_util::{StreamExt, stream};
use tokio::time::{Instant, timeout_at};

pub(super) use create::post;
pub(crate) use create::start;
pub(super) use lists::queued_behind;
pub(super) use rerun::rerun;

use super::{
    allowed,
    call::{Call, Paging},
    convert,
};
use crate::{
    app::{App, Change},
    auth::Caller,
    error::ApiError,
    lookup::{self, Names},
    runner,
    store::{self, StoreError, task_log::Line, tasks},
};

/// Lines in one answer.
const LOG_PAGE: i64 = 2000;
/// Lines that the details of a task have at most, the last ones; its raw log has all.
const DETAILED: i64 = 10_000;
/// Longest wait for a new line, in seconds.
const LONGEST_WAIT: u64 = 60;

pub(super) async fn list(call: Call, paging: Paging) -> Result<Json<Page<Task>>, ApiError> {
    let store = &call.app.store;
    let ids = paging.list("ids");
    if !ids.is_empty() {
        let mut found = Vec::new();
        for id in ids {
            // As Octopus does: what is not there is left out.
            if let Ok(row) = find(&call, id).await {
                found.push(convert::task(row));
            }
        }
        return Ok(Json(paging.cut("Task", found)));
    }
    let wanted = lists::wanted(&paging)?;
    let (skip, take) = paging.skip_take();
    let (rows, total) = store.tasks(&wanted, skip, take).await?;
    let items = rows.into_iter().map(convert::task).collect();
    let total = u64::try_from(total).unwrap_or(0);
    Ok(Json(paging.page("Task", items, total)))
}

pub(super) async fn one(call: Call) -> Result<Json<Task>, ApiError> {
    Ok(Json(convert::task(find(&call, call.id()).await?)))
}

/// The row behind `ServerTasks-3`.
async fn find(call: &Call, id: &str) -> Result<tasks::Task, ApiError> {
    let row = match lookup::row_id("ServerTasks", id) {
        Some(row) => call.app.store.task(row).await?,
        None => None,
    };
    row.ok_or_else(|| ApiError::not_found("task", id))
}

pub(super) async fn details(call: Call) -> Result<Json<TaskDetails>, ApiError> {
    let task = find(&call, call.id()).await?;
    let targets = call.app.store.targets(task.id).await?;
    let lines = last_lines(&call.app, &task).await?;
    Ok(Json(tree::details(task, &targets, &lines)))
}

/// The last lines of a task.
async fn last_lines(app: &App, task: &tasks::Task) -> store::Result<Vec<Line>> {
    let mut lines: Vec<Line> = Vec::new();
    let mut after = task.last_sequence.saturating_sub(DETAILED);
    loop {
        let page = app.store.log_after(task.id, after, LOG_PAGE).await?;
        let Some(last) = page.last() else {
            return Ok(lines);
        };
        after = last.sequence;
        lines.extend(page);
    }
}

#[derive(Debug, serde::Deserialize)]
pub(super) struct LogQuery {
    #[serde(default)]
    after: u32,
    #[serde(default)]
    wait: u64,
}

/// Lines after a sequence number; waits for the first new one when asked to.
pub(super) async fn log(
    call: Call,
    Query(query): Query<LogQuery>,
) -> Result<Json<Vec<TaskLogEntry>>, ApiError> {
    let app = &call.app;
    let task = find(&call, call.id()).await?.id;
    let until = Instant::now() + Duration::from_secs(query.wait.min(LONGEST_WAIT));
    let mut changes = app.watch();
    let ending = app.ending();
    loop {
        let lines = app
            .store
            .log_after(task, query.after.into(), LOG_PAGE)
            .await?;
        let ended = find(&call, call.id()).await?.state.is_completed();
        let waits = !ending.is_cancelled() && Instant::now() < until;
        if !lines.is_empty() || ended || !waits {
            let names = Names::load(&app.store).await?;
            let entries = lines.into_iter().map(|line| entry(line, &names));
            return Ok(Json(entries.collect()));
        }
        let mut recv = async || ending.run_until_cancelled(changes.recv()).await;
        while let Ok(Some(Ok(change))) = timeout_at(until, recv()).await {
            if change == Change::Task(task) {
                break;
            }
        }
    }
}

fn entry(line: Line, names: &Names) -> TaskLogEntry {
    let Line { sequence, line } = line;
    TaskLogEntry {
        sequence: u64::try_from(sequence).unwrap_or(0),
        category: line.level,
        occurred_at: convert::time(line.at),
        message_text: line.text,
        machine: some(names.machine_name(line.machine_id)),
        step: some(&line.step),
    }
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// The log as plain text.
pub(super) async fn raw(call: Call) -> Result<impl IntoResponse, ApiError> {
    let task = find(&call, call.id()).await?;
    let text = plain_text(&call.app, &task).await?;
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text))
}

/// The log as plain text, read page by page while it is sent.
pub(crate) async fn plain_text(app: &App, task: &tasks::Task) -> store::Result<Body> {
    let names = Arc::new(Names::load(&app.store).await?);
    let head = format!("{} {}\n", lookup::task_id(task.id), task.description);
    let (app, id) = (app.clone(), task.id);
    let pages = stream::try_unfold(0, move |after| {
        let (app, names) = (app.clone(), Arc::clone(&names));
        async move {
            let page = app.store.log_after(id, after, LOG_PAGE).await?;
            let next = page.last().map(|line| line.sequence);
            let text: String = page.iter().map(|line| plain_line(line, &names)).collect();
            Ok::<_, StoreError>(next.map(|next| (text, next)))
        }
    });
    let head = stream::once(std::future::ready(Ok(head)));
    Ok(Body::from_stream(head.chain(pages)))
}

fn plain_line(Line { line, .. }: &Line, names: &Names) -> String {
    let machine = names.machine_name(line.machine_id);
    let place = [machine, line.step.as_str()];
    let place: Vec<&str> = place.into_iter().filter(|part| !part.is_empty()).collect();
    let (at, level) = (convert::time(line.at), convert::level_word(line.level));
    format!("{at}  {level:<9}  {}  {}\n", place.join(" / "), line.text)
}

pub(super) async fn cancel(call: Call) -> Result<Json<Task>, ApiError> {
    let task = find(&call, call.id()).await?;
    allowed::cancel(&call.app, &call.caller, &task).await?;
    if !runner::cancel(&call.app, task.id).await? {
        let id = call.id();
        return Err(ApiError::bad(format!("The task {id} has ended already.")));
    }
    record_cancel(&call.app, &call.caller, &task).await?;
    Ok(Json(convert::task(find(&call, call.id()).await?)))
}

/// Writes down who asked for a task's end.
pub(crate) async fn record_cancel(
    app: &App,
    caller: &Caller,
    task: &tasks::Task,
) -> Result<(), ApiError> {
    let words = format!("The end of the task {} was asked for.", task.description);
    let event = caller.event(1, "Canceled", &lookup::task_id(task.id), words);
    app.store.record(&event).await?;
    Ok(())
}
