//! A Tentacle is killed; Suction Cup starts it again at once.

use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use rustix::process::Signal;

use super::fleet::versions;
use crate::demo::{claims::Claims, process::signal, screen::Screen, stage::Stage};

pub(super) fn kill(stage: &mut Stage, screen: &Screen, claims: &mut Claims) -> anyhow::Result<()> {
    screen.step("killing the Tentacle of web-2 with SIGKILL");
    let machine = stage.machines.get(1).context("no second machine")?;
    let (killed, _) = machine.tentacle()?;
    let begun = Instant::now();
    signal(killed, Signal::KILL);
    let look = || {
        let (id, _) = machine.tentacle()?;
        ensure!(id != killed, "pid {id} still runs");
        let version = machine.running_version()?;
        ensure!(version == "2.0.0", "{version} runs");
        Ok(id)
    };
    // Without a pause between two looks: it takes only milliseconds.
    let mut again = look();
    while again.is_err() && begun.elapsed() < Duration::from_secs(10) {
        again = look();
    }
    let took = begun.elapsed();
    let outcome = again.and_then(|id| {
        ensure!(
            took < Duration::from_secs(1),
            "only after {} ms",
            took.as_millis()
        );
        Ok(format!(
            "pid {killed} → {id} within {:.1} ms",
            took.as_secs_f64() * 1e3
        ))
    });
    claims.check("Suction Cup restarts a killed Tentacle at once", outcome);
    let healthy = screen.wait_for("all are healthy", Duration::from_secs(30), || {
        versions(stage, "2.0.0")
    });
    claims.check("the machine is healthy again", healthy);
    screen.say("web-2 runs again");
    Ok(())
}
