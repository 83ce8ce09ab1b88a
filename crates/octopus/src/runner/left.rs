//! Takes over what ended work leaves, before the agent may forget it.

use std::{sync::Arc, time::Duration};

use api::LogCategory;
use tokio::sync::Mutex;
use wire::v1::{Artifact, WorkState, work_state::Phase};

use super::job::{Job, Stop};
use crate::{fleet::Fetching, store::left};

/// Larger files are not kept, in bytes.
const LARGEST: u64 = 1 << 30;

/// Stores artifacts and output variables, of which those of work that ended well may wait for its
/// end. What can't be kept is told in the log, and changes no outcome.
pub(super) async fn take_over(job: &mut Job, ended: &WorkState) -> Result<(), Stop> {
    let (task, part) = (job.task.id, job.part());
    job.outputs.clone_from(&ended.output_variables);
    if ended.artifacts.is_empty() && ended.phase() == Phase::Succeeded {
        return Ok(());
    }
    job.write_down().await?;
    if ended.artifacts.is_empty() {
        return Ok(());
    }
    let known = job.app.store.artifact_numbers(task, part).await?;
    for artifact in &ended.artifacts {
        if known.contains(&i64::from(artifact.number)) {
            continue;
        }
        match fetch(job, artifact).await {
            Err(Stop::Failed(why)) => {
                let text = format!("The artifact {} could not be kept: {why}", artifact.name);
                job.log(LogCategory::Warning, "", &text).await?;
            }
            fetched => fetched?,
        }
    }
    Ok(())
}

async fn fetch(job: &mut Job, artifact: &Artifact) -> Result<(), Stop> {
    if artifact.size > LARGEST {
        let text = format!(
            "it has {} bytes, and {LARGEST} are the limit",
            artifact.size
        );
        return Err(Stop::Failed(text));
    }
    job.activity(&format!("Fetching {}", artifact.name), 100)
        .await?;
    let failed = |error: &(dyn std::error::Error + 'static)| Stop::Failed(channel::describe(error));
    let depot = job.app.depot.clone();
    let (file, place) = depot.new_file().map_err(|error| failed(&error))?;
    let fetching = Arc::new(Mutex::new(Fetching::to(file)));
    let (ticket, wanted) = (job.target.ticket.clone(), artifact.clone());
    job.patiently(Duration::MAX, |mut client| {
        let (fetching, ticket, wanted) = (Arc::clone(&fetching), ticket.clone(), wanted.clone());
        async move {
            let mut fetching = fetching.lock().await;
            fetching.fetch(&mut client, &ticket, &wanted).await
        }
    })
    .await?;
    let sha256: String = artifact
        .sha256
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    put(
        job,
        place,
        &artifact.name,
        artifact.number,
        artifact.size,
        sha256,
    )
    .await
}

/// Puts a copied file in its place, and writes it down.
pub(super) async fn put(
    job: &Job,
    place: tempfile::TempPath,
    name: &str,
    number: u32,
    size: u64,
    sha256: String,
) -> Result<(), Stop> {
    // Until the row is there, no sweep may take the file for nobody's.
    let depot = &job.app.depot;
    let _no_sweep = depot.open_for_pushes().await;
    let put = depot.put(place, &sha256).await;
    put.map_err(|error| Stop::Failed(channel::describe(&error)))?;
    let row = left::Artifact {
        id: 0,
        task_id: job.task.id,
        action: job.target.action,
        machine_id: job.target.machine_id,
        number: number.into(),
        name: name.to_owned(),
        size: i64::try_from(size).unwrap_or(i64::MAX),
        sha256,
        created_at: 0,
    };
    Ok(job.app.store.add_artifact(&row).await?)
}
