//! Both of Debian's packages on a real Debian with systemd, in a virtual machine whose power is cut.
//!
//! Server, Tentacle and octo run in the virtual machine; this program speaks to the portal as a browser
//! does, and to the machine by a shell on a port. Software emulation, so everything takes its time.

mod guest;
mod image;
mod power;
mod story;

use std::fs;

use anyhow::Context;

use self::guest::{Guest, Setup};
use crate::dist::{self, apt};
use crate::programs::target_folder;

/// The version that is installed first.
const OLD: &str = env!("CARGO_PKG_VERSION");
/// The version that it is upgraded to: newer than any.
const NEW: &str = "1000.0.0";
/// The state of the virtual machine from which every upgrade starts.
const READY: &str = "ready";

/// Builds both versions, and tells the whole story. `short`: unoptimised, and two power cuts instead of twenty.
pub(super) fn run(short: bool, cuts: Option<u32>) -> anyhow::Result<()> {
    let Some(image) = apt::or_skip("the virtual machine", image::cached())? else {
        return Ok(());
    };
    for version in [OLD, NEW] {
        dist::run(&dist::Options::to_try(version, short, true))?;
    }
    let folder = target_folder()?.join("vm/run");
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| folder.display().to_string())?;
    }
    fs::create_dir_all(&folder)?;
    let names = [OLD, NEW].map(|version| {
        ["server", "tentacle"].map(|id| format!("octopus-{id}_{version}_amd64.deb"))
    });
    let mut names = names.concat();
    names.push(format!("{}.tar.gz", story::tarball_folder()));
    let packages = image::packages(&folder, &names)?;
    let setup = Setup::new(&folder, &image, packages)?;
    let disk = setup.fresh_disk("machine")?;
    let guest = Guest::start(&setup, &disk, None)?;
    let (portal, took) = story::until_upgraded(guest, &setup, &disk)?;
    let cuts = cuts.unwrap_or(if short { 2 } else { 20 });
    power::cuts(&setup, &disk, &portal, cuts, took)
}
