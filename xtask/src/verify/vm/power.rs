//! The power goes at random moments of an upgrade; each time the machine boots to a healthy Tentacle.

use std::hash::{BuildHasher, RandomState};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

use super::guest::{Guest, Setup};
use super::story::{Access, any_healthy, patiently, say};
use super::{NEW, OLD, READY};

/// Cuts the power this often, each time in an upgrade from the same state. `took`: how long one takes.
pub(super) fn cuts(
    setup: &Setup<'_>,
    disk: &Path,
    access: &Access,
    times: u32,
    took: Duration,
) -> anyhow::Result<()> {
    for number in 1..=times {
        let copy = setup.copy_disk(disk, "cut")?;
        let guest = Guest::start(setup, &copy, Some(READY))?;
        let task = patiently("the order of an upgrade", || access.press_upgrade())?;
        // Also a little after its end.
        let moment = took.mul_f64(random() * 1.1);
        thread::sleep(moment);
        guest.cut_power()?;
        let cut = format!(
            "power cut {number} of {times}, {:.2} s",
            moment.as_secs_f64()
        );
        let begun = Instant::now();
        let guest = Guest::start(setup, &copy, None).with_context(|| cut.clone())?;
        let version = patiently("a healthy Tentacle", || any_healthy(&guest, access));
        let version = version.with_context(|| cut.clone())?;
        ensure!([OLD, NEW].contains(&version.as_str()), "{version} runs");
        let back = begun.elapsed().as_secs_f64();
        // The order was written down before it was answered: the server goes on with it.
        access
            .ended(&task, "Success")
            .with_context(|| cut.clone())?;
        let after = patiently("a healthy Tentacle", || any_healthy(&guest, access))?;
        ensure!(after == NEW, "{after} runs after a success; {cut}");
        say(&format!(
            "{cut} after the order: {version} healthy {back:.0} s later; then upgraded"
        ));
    }
    Ok(())
}

/// From 0 to 1.
fn random() -> f64 {
    // Keys from the system's random source.
    let bits = RandomState::new().hash_one(0) >> 11;
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
    let value = bits as f64 / (1_u64 << 53) as f64;
    value
}
