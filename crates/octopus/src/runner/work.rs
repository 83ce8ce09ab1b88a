//! Work under a ticket: the package goes over, the agent works, its log comes back.

use std::{pin::pin, time::Duration};

use api::LogCategory;
use tokio::{
    sync::watch,
    time::{Instant, sleep, timeout},
};
use tokio_stream::StreamExt;
use tonic::Status;
use wire::v1::{
    LogLine, PackageRef, StartWorkRequest, TicketRequest, WatchWorkRequest, WorkEvent, WorkState,
    log_line, start_work_request::Work, work_event::Event, work_state::Phase,
};

use super::{
    job::{Job, Stop},
    left,
};
use crate::{
    app::Change,
    fleet::{self, SendError},
    store::{Result, packages::Package, targets::Target, task_log::NewLine},
};

/// Lines that are written down together.
const BATCH: usize = 256;
/// How long lines wait for company.
const BATCH_WAIT: Duration = Duration::from_millis(40);
/// How long a package is on its way before people are told.
const SHOW_AFTER: Duration = Duration::from_millis(300);

/// How the wire names a package of the feed.
pub(super) fn package_ref(package: &Package) -> PackageRef {
    let hex = package.sha256.as_bytes();
    let digit = |byte: u8| char::from(byte).to_digit(16).unwrap_or(0);
    let bytes = hex.chunks(2).filter_map(|pair| match *pair {
        [high, low] => u8::try_from(digit(high) * 16 + digit(low)).ok(),
        _ => None,
    });
    PackageRef {
        id: package.package_id.clone(),
        version: package.version.clone(),
        sha256: bytes.collect::<Vec<u8>>().into(),
        size: u64::try_from(package.size).unwrap_or(0),
        file_name: package.file_name.clone(),
    }
}

/// Sends the package, and says what that was like; the agent takes nothing twice and checks
/// what it gets.
async fn send(job: &mut Job, package: &Package) -> Result<NewLine, Stop> {
    let name = format!("{} {}", package.package_id, package.version);
    job.begins();
    let reference = package_ref(package);
    let (depot, sha256) = (job.app.depot.clone(), package.sha256.clone());
    let begun = Instant::now();
    let (sent, progress) = watch::channel(0_u64);
    let size = reference.size.max(1);
    let app = job.app.clone();
    let (task, part) = (job.task.id, job.part());
    let text = format!("Sending {name}");
    let show = tokio::spawn(show_progress(app, task, part, text, progress, size));
    let anew = job.sends_anew;
    let outcome = job
        .patiently(Duration::MAX, |mut client| {
            let (reference, sent) = (reference.clone(), sent.clone());
            let (depot, sha256) = (depot.clone(), sha256.clone());
            async move {
                let content = (&depot, sha256.as_str());
                match fleet::send_package(&mut client, &reference, content, anew, &sent).await {
                    Ok(bytes) => Ok(bytes),
                    Err(SendError::Call(status)) => Err(status),
                    Err(error @ SendError::Read(_)) => {
                        Err(Status::internal(channel::describe(&error)))
                    }
                }
            }
        })
        .await;
    show.abort();
    let text = match outcome? {
        0 => format!("{name} is there already."),
        bytes => format!(
            "Sent {name}: {bytes} bytes in {:.1} s.",
            begun.elapsed().as_secs_f64()
        ),
    };
    Ok(job.line(LogCategory::Info, "Transfer", &text))
}

async fn show_progress(
    app: crate::app::App,
    task: i64,
    part: (i64, i64),
    text: String,
    mut progress: watch::Receiver<u64>,
    size: u64,
) {
    // Most are there already, or small.
    sleep(SHOW_AFTER).await;
    loop {
        let sent = *progress.borrow_and_update();
        let percent = i64::try_from(sent.saturating_mul(100) / size).unwrap_or(100);
        let wrote = app.store.update_target(task, part, &text, percent, &[]);
        if wrote.await.is_err() {
            return;
        }
        app.changed(Change::Task(task));
        sleep(Duration::from_millis(500)).await;
        if progress.changed().await.is_err() {
            return;
        }
    }
}

/// Sends the package and starts the work, takes over its log until it ends, and gives its
/// last words. Work that has begun before the server's restart is only followed: a machine
/// that lost it must not do it again.
pub(super) async fn perform(
    job: &mut Job,
    package: Option<&Package>,
    work: Work,
) -> Result<String, Stop> {
    if job.target.agent_sequence > 0 {
        return settle(job, None).await;
    }
    let mut said = Vec::new();
    if let Some(package) = package {
        said.push(send(job, package).await?);
    }
    let request = StartWorkRequest {
        ticket: job.target.ticket.clone(),
        work: Some(work),
    };
    job.activity_after(&said, "Working", 0).await?;
    job.started = true;
    let app = job.app.clone();
    let begun = job
        .patiently(job.call_limit(), |mut client| {
            let request = request.clone();
            // Another node may have this task by now.
            let is_ours = app.runner.lease.is_fresh();
            async move {
                if !is_ours {
                    let words = "this server can't reach its database";
                    return Err(Status::unavailable(words));
                }
                Ok(client.start_work(request).await?.into_inner())
            }
        })
        .await?;
    if is_ended(&begun) && begun.last_sequence <= taken_over(job) {
        return settle(job, Some(begun)).await;
    }
    settle(job, None).await
}

/// Follows work that has not ended to its end, and takes over what it leaves.
async fn settle(job: &mut Job, ended: Option<WorkState>) -> Result<String, Stop> {
    let ended = match ended {
        Some(ended) => ended,
        None => follow(job).await?,
    };
    left::take_over(job, &ended).await?;
    outcome(ended)
}

fn outcome(ended: WorkState) -> Result<String, Stop> {
    match ended.phase() {
        Phase::Succeeded => Ok(ended.message),
        Phase::Cancelled if ended.message.is_empty() => {
            Err(Stop::Cancelled("Cancelled.".to_owned()))
        }
        Phase::Cancelled => Err(Stop::Cancelled(ended.message)),
        Phase::Missing => Err(Stop::Failed(
            "The machine no longer knows this work: its HOME was changed or replaced.".to_owned(),
        )),
        _ => Err(Stop::Failed(ended.message)),
    }
}

fn taken_over(job: &Job) -> u64 {
    u64::try_from(job.target.agent_sequence).unwrap_or(0)
}

fn is_ended(state: &WorkState) -> bool {
    !matches!(state.phase(), Phase::Running | Phase::Unspecified)
}

/// A person asks for the end: tells the machine, and takes over how its work really ended,
/// which may be otherwise.
pub(super) async fn wind_up(job: &mut Job) -> Result<String, Stop> {
    job.winding_up = true;
    if !job.started {
        let text = "Cancelled before anything was started on the machine.";
        return Err(Stop::Cancelled(text.to_owned()));
    }
    job.log(LogCategory::Warning, "", "Cancelling.").await?;
    let ticket = job.target.ticket.clone();
    let mut client = match job.client().await {
        Ok(client) => client,
        Err(Stop::Failed(why)) => return Err(untold(&why)),
        Err(other) => return Err(other),
    };
    let told = timeout(
        job.call_limit(),
        client.cancel_work(TicketRequest { ticket }),
    );
    let state = match told.await {
        Ok(Ok(state)) => state.into_inner(),
        Ok(Err(status)) => return Err(untold(&fleet::explain(&status))),
        Err(_) => return Err(untold("it did not answer in time")),
    };
    if state.phase() == Phase::Missing {
        let text = "Cancelled; nothing was at work on the machine.";
        return Err(Stop::Cancelled(text.to_owned()));
    }
    let ended = settle(job, None).await?;
    match job.task.name {
        // Installed is not upgraded: only the machine's ledger tells that.
        api::TaskName::Upgrade => Err(Stop::Cancelled(
            "Cancelled after the new version was installed; the machine decides by itself \
             which version it keeps, and its page shows that."
                .to_owned(),
        )),
        _ => Ok(ended),
    }
}

fn untold(why: &str) -> Stop {
    Stop::Cancelled(format!(
        "Cancelled, but the machine could not be told: {why}; work that has begun there may go on."
    ))
}

/// The outcome is stored, so the agent may forget the ticket. Only tidies up: an agent
/// that never hears it keeps a small file.
pub(super) async fn forget(job: &mut Job) {
    let ticket = job.target.ticket.clone();
    if let Ok(mut client) = job.client().await {
        let call = client.forget_work(TicketRequest { ticket });
        let _answer = timeout(job.call_limit(), call).await;
    }
}

/// Follows the log, over lost connections, until the work has ended.
async fn follow(job: &mut Job) -> Result<WorkState, Stop> {
    let mut broken_since: Option<Instant> = None;
    loop {
        let request = WatchWorkRequest {
            ticket: job.target.ticket.clone(),
            after_sequence: taken_over(job),
        };
        let stream = job
            .patiently(job.call_limit(), |mut client| {
                let request = request.clone();
                async move { client.watch_work(request).await }
            })
            .await?;
        let opened = Instant::now();
        let mut batches = pin!(stream.into_inner().chunks_timeout(BATCH, BATCH_WAIT));
        let mut why = "its log breaks off again and again".to_owned();
        loop {
            let batch = tokio::select! {
                batch = batches.next() => batch,
                () = job.cancelled() => return Err(Stop::CancelAsked),
            };
            let Some(mut batch) = batch else { break };
            let error = batch.pop_if(|event| event.is_err()).and_then(Result::err);
            if !batch.is_empty() {
                broken_since = None;
            }
            if let Some(ended) = take_over(job, batch).await? {
                return Ok(ended);
            }
            if let Some(status) = error {
                why = fleet::explain(&status);
                if !fleet::is_passing(&status) {
                    return Err(Stop::Failed(why));
                }
            }
        }
        // The stream broke: the agent restarts, or the network does. One that stood for a
        // while was no futile one.
        if opened.elapsed() > Duration::from_secs(1) {
            broken_since = None;
        }
        let since = broken_since.get_or_insert_with(Instant::now);
        if since.elapsed() > job.app.patience {
            return Err(job.silent(&why));
        }
        sleep(Duration::from_millis(100)).await;
    }
}

/// Writes lines down; gives the outcome when the batch held it. Lines that came with a good one
/// are written down together with it.
async fn take_over(
    job: &mut Job,
    batch: Vec<Result<WorkEvent, Status>>,
) -> Result<Option<WorkState>> {
    let mut lines = Vec::with_capacity(batch.len());
    let mut ended = None;
    let mut last = taken_over(job);
    for event in batch.into_iter().flatten() {
        match event.event {
            // A line that came twice is not taken twice.
            Some(Event::Line(line)) if line.sequence > last => {
                last = line.sequence;
                lines.push(new_line(&job.target, line));
            }
            Some(Event::Ended(state)) => ended = Some(state),
            _ => {}
        }
    }
    job.last_lines = lines;
    job.target.agent_sequence = i64::try_from(last).unwrap_or(i64::MAX);
    let is_well = |state: &WorkState| state.phase() == Phase::Succeeded;
    if !ended.as_ref().is_some_and(is_well) {
        job.write_down().await?;
    }
    Ok(ended)
}

fn new_line(target: &Target, line: LogLine) -> NewLine {
    use log_line::Level;
    let level = match line.level() {
        Level::Verbose => LogCategory::Verbose,
        Level::Highlight => LogCategory::Highlight,
        Level::Wait => LogCategory::Wait,
        Level::Warning => LogCategory::Warning,
        Level::Error => LogCategory::Error,
        Level::Info | Level::Unspecified => LogCategory::Info,
    };
    NewLine {
        at: line.at_unix_ms,
        level,
        machine_id: target.machine_id,
        step: target.place(&line.step),
        text: line.text,
    }
}
