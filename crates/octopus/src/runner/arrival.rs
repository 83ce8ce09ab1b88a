//! Machines that became available: triggers are looked at, and what they ask for is deployed.

use crate::{app::App, rest, store::Result};

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

async fn all(app: &App) -> Result<()> {
    let _one_after_another = app.runner.arrivals.lock().await;
    for arrival in app.store.arrivals().await? {
        match rest::deploy_to_arrived(app, &arrival).await {
            Ok(looked) if looked.is_open => {}
            Ok(looked) => {
                app.store.end_arrival(&arrival, &looked.events).await?;
            }
            Err(why) => tracing::warn!(
                "the triggers for Machines-{} wait: {}",
                arrival.machine_id,
                why.message
            ),
        }
    }
    Ok(())
}
