//! `GET /tasks` and `GET /tasks/{id}`.

use api::TaskState;
use axum::{
    Form,
    extract::{Path, Query, State, rejection::FormRejection},
    http::header,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{Person, WebError, html, moment, rows, sent};
use crate::{
    app::App,
    error::ApiError,
    lookup,
    portal::view::{LogLine, Section, TaskCounts, TaskFilter, TaskPage, TasksPage},
    rest::{self, call::Call},
    runner,
    store::{self, task_lists::Wanted, task_log::Line, tasks::Task},
};

/// Tasks on one page.
const PAGE: u64 = 50;
/// Lines that a page asks the store for at once.
const LINES: i64 = 5000;
/// Lines that a page shows at most.
const RECENT: i64 = 10_000;

const STATES: [TaskState; 6] = [
    TaskState::Queued,
    TaskState::Executing,
    TaskState::Cancelling,
    TaskState::Success,
    TaskState::Failed,
    TaskState::Canceled,
];

#[derive(Deserialize)]
pub(super) struct Narrow {
    #[serde(default)]
    filter: String,
    #[serde(default)]
    page: u64,
}

pub(super) async fn list(
    State(app): State<App>,
    person: Person,
    Query(narrow): Query<Narrow>,
) -> Result<Response, WebError> {
    let filter = TaskFilter::from_query(&narrow.filter);
    let states: Vec<TaskState> = STATES.into_iter().filter(|s| filter.keeps(*s)).collect();
    let mut counts = TaskCounts::default();
    let mut shown = 0;
    for (state, count) in app.store.count_tasks().await? {
        let count = u64::try_from(count).unwrap_or(0);
        let place = match state {
            TaskState::Executing | TaskState::Cancelling => &mut counts.executing,
            TaskState::Queued => &mut counts.queued,
            TaskState::Failed => &mut counts.failed,
            TaskState::Success => &mut counts.success,
            TaskState::Canceled => &mut counts.canceled,
        };
        *place += count;
        if filter.keeps(state) {
            shown += count;
        }
    }
    let pages = shown.div_ceil(PAGE).max(1);
    let page = narrow.page.clamp(1, pages);
    let skip = i64::try_from((page - 1) * PAGE).unwrap_or(i64::MAX);
    let take = i64::try_from(PAGE).unwrap_or(i64::MAX);
    let wanted = Wanted {
        states,
        ..Wanted::default()
    };
    let (tasks, _) = app.store.tasks(&wanted, skip, take).await?;
    html(&TasksPage {
        shell: person.shell(&app, Section::Tasks),
        filter,
        counts,
        tasks: tasks.into_iter().map(rows::task_row).collect(),
        page,
        pages,
    })
}

#[derive(Deserialize)]
pub(super) struct Search {
    #[serde(default)]
    q: String,
}

pub(super) async fn one(
    State(app): State<App>,
    person: Person,
    Path(id): Path<String>,
    Query(search): Query<Search>,
) -> Result<Response, WebError> {
    let task = find(&app, &id).await?;
    let lines = recent_lines(&app, task.id, task.last_sequence).await?;
    html(&TaskPage {
        shell: person.shell(&app, Section::Tasks),
        task: rows::task(&app, &task).await?,
        lines,
        query: search.q,
    })
}

/// The task behind `ServerTasks-3`.
pub(super) async fn find(app: &App, id: &str) -> Result<Task, WebError> {
    let task = match lookup::row_id("ServerTasks", id) {
        Some(row) => app.store.task(row).await?,
        None => None,
    };
    task.ok_or_else(|| ApiError::not_found("task", id).into())
}

/// The last lines up to a sequence number; the first one tells how many are left out.
pub(super) async fn recent_lines(app: &App, task: i64, last: i64) -> store::Result<Vec<LogLine>> {
    let left_out = last.saturating_sub(RECENT).max(0);
    let mut lines = lines_after(app, task, left_out).await?;
    lines.retain(|line| i64::try_from(line.sequence).is_ok_and(|number| number <= last));
    if left_out > 0
        && let Some(first) = lines.first_mut()
    {
        let count = left_out + 1;
        first.text = format!("{count} earlier lines are not shown here; the raw log has them.");
    }
    Ok(lines)
}

/// All lines after a sequence number.
pub(super) async fn lines_after(app: &App, task: i64, after: i64) -> store::Result<Vec<LogLine>> {
    let mut lines: Vec<LogLine> = Vec::new();
    let mut after = after;
    loop {
        let page = app.store.log_after(task, after, LINES).await?;
        let Some(last) = page.last() else {
            return Ok(lines);
        };
        after = last.sequence;
        lines.extend(page.into_iter().map(log_line));
    }
}

fn log_line(Line { sequence, line }: Line) -> LogLine {
    let machine = (line.machine_id != 0).then(|| lookup::machine_id(line.machine_id));
    LogLine {
        sequence: u64::try_from(sequence).unwrap_or(0),
        at: moment(line.at),
        level: line.level,
        machine,
        step: line.step,
        text: line.text,
    }
}

pub(super) async fn raw(
    State(app): State<App>,
    _person: Person,
    Path(id): Path<String>,
) -> Result<Response, WebError> {
    let task = find(&app, &id).await?;
    let text = rest::plain_text(&app, &task).await?;
    let kind = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    Ok((kind, text).into_response())
}

pub(super) async fn cancel(
    State(app): State<App>,
    Person(caller): Person,
    Path(id): Path<String>,
) -> Result<Response, WebError> {
    let task = find(&app, &id).await?;
    rest::may_cancel(&app, &caller, &task).await?;
    // One that ended meanwhile needs no cancelling: its page says how it ended.
    if runner::cancel(&app, task.id).await? {
        rest::record_cancel(&app, &caller, &task).await?;
    }
    Ok(Redirect::to(&format!("/tasks/{id}")).into_response())
}

#[derive(Deserialize)]
pub(super) struct Said {
    #[serde(default)]
    answer: String,
    #[serde(default)]
    notes: String,
}

/// `POST /interruptions/{id}`: what a person says, and back to the task.
pub(super) async fn answer(
    _person: Person,
    call: Call,
    said: Result<Form<Said>, FormRejection>,
) -> Result<Response, WebError> {
    let said = sent(said)?;
    let found = match lookup::row_id("Interruptions", call.id()) {
        Some(id) => call.app.store.interruption(id).await?,
        None => None,
    };
    let row = found.ok_or_else(|| ApiError::not_found("interruption", call.id()))?;
    let call = call.in_space(row.space_id);
    rest::interruptions::answer(&call, &row, &said.answer, &said.notes).await?;
    let task = lookup::task_id(row.task_id);
    Ok(Redirect::to(&format!("/tasks/{task}")).into_response())
}
