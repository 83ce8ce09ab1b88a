//! Several servers on one database: saying that this one lives, and taking over what a dead
//! one left.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use crate::{
    app::{App, Change},
    store::Result,
};

/// Between two beats.
const BEAT: Duration = Duration::from_secs(1);

/// A node whose beat stands still for so long is taken for dead.
const DEAD: Duration = Duration::from_secs(10);

/// When this node last said that it lives.
#[derive(Default)]
pub(super) struct Lease(Mutex<Option<Instant>>);

impl Lease {
    fn renew(&self, at: Instant) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(at);
    }

    /// Whether no other node can have taken this one for dead.
    pub(super) fn is_fresh(&self) -> bool {
        let renewed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        renewed.is_none_or(|at| at.elapsed() < DEAD / 2)
    }
}

/// Enters this server as `home` and takes up every task that nobody works on; called once,
/// when the server starts.
pub async fn resume(app: &App, home: &str) -> Result<()> {
    app.store.join(home).await?;
    if app.store.is_shared() {
        app.runner.lease.renew(Instant::now());
    }
    take_over(app).await
}

async fn take_over(app: &App) -> Result<()> {
    for id in app.store.claim_tasks().await? {
        super::launch(app, id, app.store.is_shared());
    }
    super::promote(app);
    super::arrive(app);
    Ok(())
}

/// Beats and watches the others, for as long as the server runs.
pub async fn keep_alive(app: App, home: String) {
    let mut ticks = tokio::time::interval(BEAT);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut watch = Watch::default();
    loop {
        ticks.tick().await;
        if let Err(error) = tick(&app, &home, &mut watch).await {
            tracing::error!(
                "this server can't say that it lives: {}",
                channel::describe(&error)
            );
        }
    }
}

async fn tick(app: &App, home: &str, watch: &mut Watch) -> Result<()> {
    let now = Instant::now();
    if !app.store.beat().await? {
        tracing::warn!("the others took this server for dead; it enters again");
        app.store.join(home).await?;
    }
    app.runner.lease.renew(now);
    for (node, beat) in watch.dead(now, app.store.beats().await?) {
        if app.store.expel(&node, beat).await? {
            tracing::warn!("another server has ended; this one takes over its tasks");
        }
    }
    take_over(app).await?;
    for id in app.store.cancelled_tasks().await? {
        app.runner.ask_for_end(id);
    }
    // Who looks at this server's pages sees what the others do.
    let elsewhere: BTreeSet<i64> = app.store.tasks_elsewhere().await?.into_iter().collect();
    for id in elsewhere.union(&watch.elsewhere) {
        app.changed(Change::Task(*id));
    }
    if elsewhere != watch.elsewhere {
        app.changed(Change::Machines);
    }
    watch.elsewhere = elsewhere;
    Ok(())
}

/// What this node has seen of the others.
#[derive(Default)]
struct Watch {
    /// Node → its beat, and since when it stands there.
    seen: HashMap<String, (i64, Instant)>,
    /// Open tasks of theirs.
    elsewhere: BTreeSet<i64>,
}

impl Watch {
    /// The nodes whose beat stands still.
    fn dead(&mut self, now: Instant, beats: Vec<(String, i64)>) -> Vec<(String, i64)> {
        let old = std::mem::take(&mut self.seen);
        let mut dead = Vec::new();
        for (node, beat) in beats {
            let known = old.get(&node).filter(|(before, _)| *before == beat);
            let since = known.map_or(now, |(_, since)| *since);
            if now.saturating_duration_since(since) >= DEAD {
                dead.push((node.clone(), beat));
            }
            self.seen.insert(node, (beat, since));
        }
        dead
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_beat_that_stands_still_long_enough_is_dead() {
        let mut watch = Watch::default();
        let begin = Instant::now();
        let mut dead = |seconds, beats: &[(&str, i64)]| {
            let beats = beats.iter().map(|(node, beat)| ((*node).to_owned(), *beat));
            let now = begin + Duration::from_secs(seconds);
            let dead = watch.dead(now, beats.collect());
            dead.into_iter().map(|(node, _)| node).collect::<Vec<_>>()
        };
        assert!(dead(0, &[("a", 1), ("b", 1)]).is_empty());
        assert!(dead(9, &[("a", 1), ("b", 2)]).is_empty());
        assert_eq!(dead(10, &[("a", 1), ("b", 2)]), ["a"]);
        // One that went on, however late, lives; a gone one is forgotten.
        assert!(dead(18, &[("a", 2), ("b", 3)]).is_empty());
        assert!(dead(40, &[]).is_empty());
        assert!(dead(41, &[("a", 2)]).is_empty());
    }
}
