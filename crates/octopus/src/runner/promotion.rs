//! Automatic deployments: where a lifecycle says that a release goes by itself.
//!
//! What is to be looked at is written down with the release, or with the end of a deployment
//! that opens the way; so nothing is forgotten when the server ends in between.

use crate::{app::App, rest, store::Result};

/// Looks at what is written down, in the background.
pub fn promote(app: &App) {
    let app = app.clone();
    tokio::spawn(async move {
        if let Err(error) = all(&app).await {
            // The next one, or the next start, finds it.
            tracing::error!("automatic deployments wait: {}", channel::describe(&error));
        }
    });
}

async fn all(app: &App) -> Result<()> {
    let _one_after_another = app.runner.promotions.lock().await;
    loop {
        let claimed = app.store.claim_promotions().await?;
        if claimed.is_empty() {
            return Ok(());
        }
        for (release, revision) in claimed {
            // What is wrong with one release holds up no other.
            if let Err(why) = rest::deploy_automatically(app, release).await {
                tracing::warn!(
                    "Releases-{release} is not deployed by itself: {}",
                    why.message
                );
            }
            app.store.end_promotion(release, revision).await?;
        }
    }
}
