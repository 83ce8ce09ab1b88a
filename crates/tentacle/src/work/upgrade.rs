//! The upgrade of Tentacle itself: the new version is installed beside this one, running
//! work ends, and the process exits 0 so that Suction Cup starts the newest.

use std::{
    fs::File,
    path::Path,
    sync::{TryLockError, atomic::Ordering},
    time::Duration,
};

use conventions::{Level, Log};
use layout::{
    Ledger,
    install::{Existing, install_version, remove_version},
    obsolete,
};
use nupkg::{Archive, Limits, NuGetVersion};
use wire::v1::UpgradeTentacle;

use super::{Done, Stop, Work, ticket::Ticket};

/// Between two looks at the work that is still running.
const LOOK_AGAIN: Duration = Duration::from_millis(50);
const STEP: &str = "Upgrade";

pub(super) fn run(work: &Work, ticket: &Ticket, upgrade: UpgradeTentacle) -> Result<Done, Stop> {
    // Two would wait for each other.
    let _alone = match work.upgrading.try_lock() {
        Ok(alone) => alone,
        Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
        Err(TryLockError::WouldBlock) => {
            let text = "another upgrade is under way; order this one again when that has ended";
            return Err(failed(&text));
        }
    };
    let package = upgrade
        .package
        .ok_or_else(|| failed(&"the request names no package"))?;
    let path = work
        .packages
        .find(&package)
        .map_err(|error| failed(&channel::describe(&error)))?;
    let path =
        path.ok_or_else(|| failed(&"the package has not arrived; order the upgrade again"))?;
    let stamp = ticket.id().parse().map_err(|error| failed(&error))?;
    let version: NuGetVersion = package.version.parse().map_err(|error| failed(&error))?;
    check_package(&path, &version)?;
    make_room(work, ticket, &version);
    let installed = install_version(&work.home, &path, &version, &stamp, Existing::Replace);
    work.packages.release(&package, installed.is_ok());
    installed.map_err(|error| failed(&channel::describe(&error)))?;
    let folder = work.home.version_folder(&version);
    let text = format!("Installed Tentacle {version} in {}.", folder.display());
    ticket.line(Level::Info, STEP, &text);
    work.draining.store(true, Ordering::Release);
    finish_running_work(work, ticket)?;
    let text = "Ends now, so that Suction Cup starts the newest version.";
    ticket.line(Level::Info, STEP, text);
    Ok(Done::EndProcess(format!(
        "Tentacle {version} is installed."
    )))
}

/// It is for this system, and of the version that was ordered: the server would wait for one
/// that never comes.
fn check_package(package: &Path, ordered: &NuGetVersion) -> Result<(), Stop> {
    let archive = File::open(package)
        .ok()
        .and_then(|file| Archive::open(file, &Limits::default()).ok());
    let Some(mut archive) = archive else {
        // Why it can't be opened, its installation tells.
        return Ok(());
    };
    let nuspec = archive.nuspec();
    let nuspec = nuspec.map_err(|error| failed(&channel::describe(&error)))?;
    let wanted = format!("Octopus.Tentacle.{}", layout::RID);
    if !nuspec.id.as_str().eq_ignore_ascii_case(&wanted) {
        return Err(failed(&format!(
            "the package is `{}` and not `{wanted}`; order the one for this system",
            nuspec.id
        )));
    }
    if nuspec.version != *ordered {
        return Err(failed(&format!(
            "the package holds version {} and not {ordered}, which was ordered; push it under \
             its own version",
            nuspec.version
        )));
    }
    Ok(())
}

/// Removes versions that are of no use any more, before a new one takes their place.
fn make_room(work: &Work, ticket: &Ticket, ordered: &NuGetVersion) {
    let home = &work.home;
    let Ok(ledger) = Ledger::load(home) else {
        // Nothing is removed while it is not known what is good.
        return;
    };
    let installed = home.installed();
    let bundle = home.bundle().map(|bundle| bundle.version);
    let Some(running) = running_version(home) else {
        return;
    };
    for version in obsolete(&installed, &ledger, &running, bundle.as_ref()) {
        if version == *ordered {
            continue;
        }
        let text = match remove_version(home, &version) {
            Ok(()) => format!("Removed Tentacle {version}, which is not needed any more."),
            Err(error) => format!("Tentacle {version} could not be removed: {error}"),
        };
        ticket.line(Level::Verbose, STEP, &text);
    }
}

/// The version folder that this program was started from.
fn running_version(home: &layout::Home) -> Option<NuGetVersion> {
    let program = std::env::current_exe().ok()?;
    let installed = home.installed().into_iter();
    let mut versions = installed.map(|one| one.version);
    versions.find(|version| {
        let own = home.program(version).canonicalize();
        own.is_ok_and(|path| path == program)
    })
}

/// No deployment is cut short for an upgrade.
fn finish_running_work(work: &Work, ticket: &Ticket) -> Result<(), Stop> {
    let mut said = 0;
    loop {
        let others: Vec<String> = work.running();
        let others = others.iter().filter(|id| *id != ticket.id()).count();
        if others == 0 {
            return Ok(());
        }
        if ticket.cancel.is_cancelled() {
            work.draining.store(false, Ordering::Release);
            let text = "Cancelled; the new version starts when this one ends.".to_owned();
            return Err(Stop::Cancelled(text));
        }
        if others != said {
            said = others;
            let text = format!("Waiting for {others} running deployments to end first.");
            ticket.line(Level::Wait, STEP, &text);
        }
        std::thread::sleep(LOOK_AGAIN);
    }
}

fn failed(error: &dyn std::fmt::Display) -> Stop {
    Stop::Failed(error.to_string())
}
