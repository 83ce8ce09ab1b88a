//! Machines that became available: triggers are looked at, and what they ask for is deployed.
//!
//! Whoever writes an arrival down looks at it at once. One that is held up by a deployment is
//! looked at again when a task ends, and for that alone the database is asked there: [`Held`]
//! knows. Of a deployment on another server this one hears nothing, so servers that share a
//! database look with every beat as well.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::{app::App, rest, store::Result};

/// Whether an arrival waits, as far as this server has seen.
#[derive(Default)]
pub(super) struct Held {
    /// Held while triggers are looked at.
    turn: tokio::sync::Mutex<()>,
    waits: AtomicBool,
}

/// Looks at every arrival that is written down, in the background.
pub fn arrive(app: &App) {
    let app = app.clone();
    tokio::spawn(async move {
        if let Err(error) = all(&app).await {
            // The next one, or the next start, finds it.
            tracing::error!("triggers wait: {}", channel::describe(&error));
        }
    });
}

/// A task has ended: a machine may have waited for it.
pub(super) fn go_on(app: &App) {
    if app.runner.arrivals.waits.load(Ordering::SeqCst) {
        arrive(app);
    }
}

async fn all(app: &App) -> Result<()> {
    let held = &app.runner.arrivals;
    let _one_after_another = held.turn.lock().await;
    // Before anything is read: a task that ends from here on looks again.
    held.waits.store(true, Ordering::SeqCst);
    let mut waits = false;
    for arrival in app.store.arrivals().await? {
        match rest::deploy_to_arrived(app, &arrival).await {
            Ok(looked) if looked.is_open => waits = true,
            Ok(looked) => {
                app.store.end_arrival(&arrival, &looked.events).await?;
            }
            Err(why) => {
                waits = true;
                tracing::warn!(
                    "the triggers for Machines-{} wait: {}",
                    arrival.machine_id,
                    why.message
                );
            }
        }
    }
    held.waits.store(waits, Ordering::SeqCst);
    Ok(())
}
