//! Live updates, as server-sent events.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::{Path, Query, State},
    http::HeaderMap,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::{Stream, StreamExt};
use serde::Deserialize;
use tokio::sync::{broadcast::error::RecvError, mpsc};
use tokio_stream::wrappers::ReceiverStream;

use super::{Person, WebError, now, rows, tasks};
use crate::{
    app::{App, Change},
    portal::view::{Cursor, TaskFeed},
    store::Result,
};

/// Changes that come together are told together.
const GATHER: Duration = Duration::from_millis(150);

pub(super) async fn machines(State(app): State<App>, _person: Person) -> Response {
    refresh(&app, |change| change == Change::Machines)
}

pub(super) async fn tasks(State(app): State<App>, _person: Person) -> Response {
    refresh(&app, |change| matches!(change, Change::Task(_)))
}

/// Tells a list that it is out of date; it fetches itself.
fn refresh(app: &App, concerns: fn(Change) -> bool) -> Response {
    let mut changes = app.watch();
    let (events, stream) = mpsc::channel(1);
    tokio::spawn(async move {
        loop {
            let changed = tokio::select! {
                change = changes.recv() => match change {
                    Ok(change) => concerns(change),
                    // Some were missed: any of them may concern.
                    Err(RecvError::Lagged(_)) => true,
                    Err(RecvError::Closed) => return,
                },
                () = events.closed() => return,
            };
            if changed {
                let event = Event::default().event("refresh").data("changed");
                if events.send(event).await.is_err() {
                    return;
                }
                tokio::time::sleep(GATHER).await;
            }
        }
    });
    answer(app, ReceiverStream::new(stream))
}

fn answer(app: &App, events: impl Stream<Item = Event> + Send + 'static) -> Response {
    // Who listens would keep a server from ending.
    let events = events.take_until(app.ending().cancelled_owned());
    let events = events.map(Ok::<Event, Infallible>);
    // An event and not a comment: the page's script can't see comments, and tells people
    // when it hears nothing for too long.
    let alive = Event::default().event("alive").data("");
    let keep_alive = KeepAlive::new()
        .interval(Duration::from_secs(15))
        .event(alive);
    Sse::new(events).keep_alive(keep_alive).into_response()
}

#[derive(Deserialize)]
pub(super) struct From {
    #[serde(default)]
    after: String,
}

/// Follows one task: its new lines and its state, until it has ended.
pub(super) async fn task(
    State(app): State<App>,
    person: Person,
    Path(id): Path<String>,
    Query(from): Query<From>,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let row = tasks::find(&app, &id).await?.id;
    // What a reconnecting browser has already counts more than the page's own address.
    let last = headers.get("Last-Event-ID").and_then(|id| id.to_str().ok());
    let cursor = last.unwrap_or(&from.after).parse::<Cursor>();
    let cursor = cursor.unwrap_or_default();
    let csrf = person.0.csrf().to_owned();
    let (events, stream) = mpsc::channel(4);
    let watched = app.clone();
    tokio::spawn(async move {
        if let Err(error) = follow(&app, row, cursor, &csrf, &events).await {
            tracing::error!(
                "a task's page lost its updates: {}",
                channel::describe(&error)
            );
        }
    });
    Ok(answer(&watched, ReceiverStream::new(stream)))
}

async fn follow(
    app: &App,
    id: i64,
    cursor: Cursor,
    csrf: &str,
    events: &mpsc::Sender<Event>,
) -> Result<()> {
    let mut changes = app.watch();
    let mut feed: Option<TaskFeed> = None;
    loop {
        let Some(task) = app.store.task(id).await? else {
            return Ok(());
        };
        let view = rows::task(app, &task).await?;
        let feed = match &mut feed {
            Some(feed) => feed,
            None => {
                let last = i64::try_from(cursor.sequence).unwrap_or(i64::MAX);
                let shown = tasks::recent_lines(app, id, last).await?;
                feed.insert(TaskFeed::new(cursor, &view, &shown))
            }
        };
        let after = i64::try_from(feed.cursor().sequence).unwrap_or(i64::MAX);
        let lines = tasks::lines_after(app, id, after).await?;
        match feed.update(now(), csrf, &view, &lines) {
            Ok(Some(update)) => {
                let event = Event::default().id(update.id).data(update.html);
                if events.send(event).await.is_err() {
                    return Ok(());
                }
            }
            Ok(None) => {}
            Err(error) => tracing::error!("a task's page can't be updated: {error}"),
        }
        if task.state.is_completed() {
            // Nobody listening any more is as good.
            let _told = events
                .send(Event::default().event("end").data("ended"))
                .await;
            return Ok(());
        }
        tokio::time::sleep(GATHER).await;
        loop {
            tokio::select! {
                change = changes.recv() => match change {
                    Ok(change) if change == Change::Task(id) => break,
                    Ok(_) => {}
                    Err(RecvError::Lagged(_)) => break,
                    Err(RecvError::Closed) => return Ok(()),
                },
                () = events.closed() => return Ok(()),
            }
        }
    }
}
