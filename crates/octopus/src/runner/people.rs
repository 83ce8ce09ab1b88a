//! Waits for people: steps that want their word, and failures that they decide about.

use std::time::Duration;

use api::{LogCategory, TaskState};
use conductor::deployment::{Answer, Then, then};
use tokio::time::{sleep, timeout};
use wire::v1::Variable;

use super::{
    job::{Job, Stop},
    work,
};
use crate::{
    app::Change,
    auth,
    store::{
        interruptions::{FAILURE, Interruption, MANUAL},
        targets::Verdict,
    },
};

/// Longest time between two looks at whether somebody has answered.
const ANSWER_WAIT: Duration = Duration::from_secs(5);

/// What becomes of a part that has failed.
pub(super) enum After {
    /// It is begun anew.
    Again,
    /// It has ended so, with a last line this loud.
    Ended((TaskState, Verdict), LogCategory, String),
}

/// A step that waits for a person. It ends well when they let it go on.
pub(super) async fn ask(job: &mut Job, instructions: &str) -> Result<String, Stop> {
    let title = format!("{} waits for a person", job.target.action_name);
    let said = match find(job).await? {
        Some(known) => known,
        None => interrupt(job, MANUAL, title, instructions).await?,
    };
    let said = answered(job, said).await?;
    let words = with_notes(&said);
    let output = [
        ("Manual.Notes", said.notes.as_str()),
        ("Manual.ResponsibleUser.Username", said.responsible.as_str()),
        (
            "Manual.ResponsibleUser.DisplayName",
            said.responsible.as_str(),
        ),
    ];
    let output = output.map(|(name, value)| Variable {
        name: name.to_owned(),
        value: value.to_owned(),
        sensitive: false,
    });
    job.set_outputs(&output).await?;
    match Answer::find(&Answer::MANUAL, &said.answer) {
        Some(Answer::Proceed) => Ok(format!("{} lets it go on{words}", said.responsible)),
        _ => Err(Stop::Final(format!(
            "{} has it aborted{words}",
            said.responsible
        ))),
    }
}

/// `: what was said with it.`
fn with_notes(said: &Interruption) -> String {
    match said.notes.trim() {
        "" => ".".to_owned(),
        notes => format!(": {notes}"),
    }
}

/// Why this attempt has failed, if a person was asked about that already.
pub(super) async fn known_failure(job: &Job) -> Result<Option<String>, Stop> {
    // Nobody is asked about what has not begun.
    if !job.started {
        return Ok(None);
    }
    let known = find(job).await?;
    Ok(known
        .filter(|known| known.kind == FAILURE)
        .map(|known| known.instructions))
}

/// Decides what comes after a failure, or has it decided.
pub(super) async fn after_failure(job: &mut Job, why: String) -> Result<After, Stop> {
    let failed = (TaskState::Failed, Verdict::Own);
    let ended = |why| After::Ended(failed, LogCategory::Error, why);
    if job.is_cancelled() {
        return Ok(ended(why));
    }
    let attempt = u32::try_from(job.target.attempt).unwrap_or(u32::MAX);
    match then(job.recovery, attempt) {
        Then::Fail => Ok(ended(why)),
        Then::Retry => {
            let (next, all) = (attempt + 1, job.recovery.retries + 1);
            tokio::select! {
                () = sleep(job.backoff) => {}
                () = job.cancelled() => return Ok(ended(why)),
            }
            let text = format!("{why} – it is tried again, {next} of {all} times.");
            again(job, &text).await
        }
        Then::Ask => decided(job, why).await,
    }
}

async fn decided(job: &mut Job, why: String) -> Result<After, Stop> {
    let asked = match find(job).await? {
        Some(known) => known,
        None => {
            let title = format!(
                "{} has failed on {}",
                job.target.action_name, job.target.machine_name
            );
            interrupt(job, FAILURE, title, &why).await?
        }
    };
    let said = answered(job, asked).await?;
    let (by, words) = (&said.responsible, with_notes(&said));
    match Answer::find(&Answer::FAILURE, &said.answer) {
        Some(Answer::Retry) => again(job, &format!("{by} has it tried again{words}")).await,
        Some(Answer::Ignore) => {
            let text = format!("It failed, and {by} has that ignored{words} ({why})");
            let how = (TaskState::Success, Verdict::Ignored);
            Ok(After::Ended(how, LogCategory::Warning, text))
        }
        Some(Answer::Exclude) => {
            let text = format!(
                "It failed, and {by} takes the machine out of the deployment{words} ({why})"
            );
            let how = (TaskState::Success, Verdict::Excluded);
            Ok(After::Ended(how, LogCategory::Warning, text))
        }
        _ => {
            let text = format!("{why} – {by} has the deployment aborted{words}");
            let how = (TaskState::Failed, Verdict::Own);
            Ok(After::Ended(how, LogCategory::Error, text))
        }
    }
}

/// Another attempt, under a ticket of its own; the machine may forget the one before.
async fn again(job: &mut Job, text: &str) -> Result<After, Stop> {
    let token = auth::new_token().map_err(|error| Stop::Failed(error.to_string()))?;
    let token: String = token.chars().take(16).collect();
    let (action, machine) = job.part();
    let ticket = format!("{}-{action}-{machine}-{token}", job.task.id);
    let line = job.line(LogCategory::Warning, "", text);
    let (task, part, attempt) = (job.task.id, job.part(), job.target.attempt);
    let store = &job.app.store;
    store
        .retry_target(task, part, attempt, &ticket, &line)
        .await?;
    job.app.changed(Change::Task(task));
    if job.started && !job.inherited && !job.local {
        work::forget(job).await;
    }
    job.target.ticket = ticket;
    job.target.attempt += 1;
    job.target.agent_sequence = 0;
    job.target.begun_at = None;
    job.started = false;
    job.winding_up = false;
    Ok(After::Again)
}

async fn find(job: &Job) -> Result<Option<Interruption>, Stop> {
    let store = &job.app.store;
    let (task, attempt) = (job.task.id, job.target.attempt);
    Ok(store.interruption_of(task, job.part(), attempt).await?)
}

async fn interrupt(
    job: &mut Job,
    kind: &str,
    title: String,
    instructions: &str,
) -> Result<Interruption, Stop> {
    job.activity("Waiting for a person", 0).await?;
    let (action, machine_id) = job.part();
    let new = Interruption {
        space_id: job.space,
        task_id: job.task.id,
        action,
        machine_id,
        attempt: job.target.attempt,
        kind: kind.to_owned(),
        instructions: instructions.to_owned(),
        title,
        ..Interruption::default()
    };
    let text = match (kind, instructions.trim()) {
        (MANUAL, "") => "Waiting for a person to let it go on.".to_owned(),
        (MANUAL, words) => format!("Waiting for a person to let it go on: {words}"),
        (_, words) => format!("{words} – waiting for a person to decide what comes next."),
    };
    let line = job.line(LogCategory::Wait, "", &text.replace('\n', " "));
    job.app.store.interrupt(&new, &line).await?;
    job.app.changed(Change::Task(job.task.id));
    find(job).await?.ok_or_else(|| {
        let text = "The question to a person is gone from the database.";
        Stop::Failed(text.to_owned())
    })
}

/// Waits for the answer. The task gives its place to others meanwhile.
async fn answered(job: &mut Job, asked: Interruption) -> Result<Interruption, Stop> {
    if asked.submitted_at.is_some() {
        return Ok(asked);
    }
    let mut changes = job.app.watch();
    job.slot.leave().await;
    let answer = loop {
        let now = job.app.store.interruption(asked.id).await?;
        if let Some(now) = now.filter(|now| now.submitted_at.is_some()) {
            break Ok(now);
        }
        tokio::select! {
            _ = timeout(ANSWER_WAIT, changes.recv()) => {}
            () = job.cancelled() => break Err(Stop::CancelAsked),
        }
    };
    let slot = std::sync::Arc::clone(&job.slot);
    match answer {
        Ok(answer) => tokio::select! {
            () = slot.enter() => Ok(answer),
            () = job.cancelled() => {
                slot.join().await;
                Err(Stop::CancelAsked)
            }
        },
        Err(stop) => {
            slot.join().await;
            Err(stop)
        }
    }
}
