//! Asking machines how they are, and writing down what they answer.

use std::{sync::Arc, time::Duration};

use tokio::sync::Semaphore;
use tonic::Request;
use wire::v1::{StatusRequest, StatusResponse};

use super::{CALL_TIMEOUT, explain, report::seen};
use crate::{
    app::{App, Change},
    runner,
    store::{Result, machines::Machine},
};

/// Machines that are asked at one time.
const CHECKS_AT_ONCE: usize = 64;

/// From one machine to the next: ten thousand handshakes in one go would hold up everybody else.
const PACE: Duration = Duration::from_millis(5);

/// Asks one machine, and writes the answer, or why there is none, down.
///
/// The inner result is the answer, or one sentence on why there is none.
pub async fn check(app: &App, machine: &Machine) -> Result<Result<StatusResponse, String>> {
    let answer = ask(app, machine).await;
    note(app, machine, &answer).await?;
    Ok(answer)
}

/// Like [`check`], while a machine changes its version: not to answer is expected then, and
/// does not make it count as offline.
pub async fn look(app: &App, machine: &Machine) -> Result<Result<StatusResponse, String>> {
    let answer = ask(app, machine).await;
    if answer.is_ok() {
        note(app, machine, &answer).await?;
    }
    Ok(answer)
}

async fn note(app: &App, machine: &Machine, answer: &Result<StatusResponse, String>) -> Result<()> {
    let state = |m: &Machine| (m.health, m.version.clone(), m.versions.clone());
    match answer {
        Ok(status) => {
            let seen = seen(status);
            if app.store.machine_answered(machine.id, &seen).await? {
                runner::arrive(app);
            }
        }
        Err(why) => app.store.machine_unavailable(machine.id, why).await?,
    }
    let now = app.store.machine(machine.id).await?;
    if now.as_ref().map(state) != Some(state(machine)) {
        app.changed(Change::Machines);
    }
    Ok(())
}

async fn ask(app: &App, machine: &Machine) -> Result<StatusResponse, String> {
    let mut client = app
        .fleet
        .client(app, machine)
        .map_err(|error| channel::describe(&error))?;
    let mut request = Request::new(StatusRequest {
        server_version: app.version.to_string(),
    });
    request.set_timeout(CALL_TIMEOUT);
    let call = tokio::time::timeout(CALL_TIMEOUT, client.status(request));
    match call.await {
        Ok(Ok(answer)) => Ok(answer.into_inner()),
        Ok(Err(status)) => Err(explain(&status)),
        Err(_) => Err(format!(
            "{} did not answer within {} s",
            machine.uri,
            CALL_TIMEOUT.as_secs()
        )),
    }
}

/// Asks a machine as it is now: it may have moved since its round began.
async fn check_again(app: &App, id: i64) -> Result<()> {
    if let Some(machine) = app.store.machine(id).await? {
        check(app, &machine).await.map(drop)?;
    }
    Ok(())
}

/// Asks every machine, again and again.
pub async fn keep_checking(app: App, every: Duration) {
    let slots = Arc::new(Semaphore::new(CHECKS_AT_ONCE));
    let mut ticks = tokio::time::interval(every);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let machines = match app.store.machines().await {
            Ok(machines) => machines,
            Err(error) => {
                tracing::error!("machines were not checked: {}", channel::describe(&error));
                continue;
            }
        };
        let mut checks = tokio::task::JoinSet::new();
        for machine in machines {
            tokio::time::sleep(PACE).await;
            let (app, slots) = (app.clone(), Arc::clone(&slots));
            checks.spawn(async move {
                let _slot = slots.acquire_owned().await;
                if let Err(error) = check_again(&app, machine.id).await {
                    tracing::error!("{}: {}", machine.name, channel::describe(&error));
                }
            });
        }
        while checks.join_next().await.is_some() {}
        // What could not be looked at before is looked at now.
        runner::arrive(&app);
    }
}
