//! Skips a package that is installed already, if the step asks for that.

use super::deployment::Deployment;
use super::failure::Failure;
use super::lock::PACKAGES;
use super::pipeline::Next;
use super::{extract, installation_directory};
use crate::scripts::Level;

/// Locks the package's folder and looks into the journal. The package is installed already if the
/// current installation, which is the last successful one, has the same version, and is still there.
pub(super) fn look(deployment: &mut Deployment<'_>) -> Result<Next, Failure> {
    let folder = extract::package_folder(deployment)?;
    let wait = || {
        deployment.say(
            Level::Wait,
            "Waiting for another deployment of this package to end.",
        )
    };
    let held = PACKAGES
        .hold(&folder, deployment.cancel, wait)
        .ok_or(Failure::Cancelled)?;
    deployment.locks.push(held);

    let journal = deployment.journal();
    let (entries, unreadable) = journal
        .read()
        .map_err(Failure::file(journal.path(), "read"))?;
    if unreadable > 0 {
        let path = journal.path().display();
        deployment.say(
            Level::Warning,
            &format!("{unreadable} lines of {path} could not be read, and do not count."),
        );
    }
    let own = deployment.entry(false);
    deployment.previous = entries
        .into_iter()
        .rev()
        .find(|entry| entry.success && entry.is_in_line_with(&own));

    if !deployment.flag("Octopus.Action.Package.SkipIfAlreadyInstalled", false)? {
        return Ok(Next::Convention);
    }
    let directory = installation_directory::wanted(deployment)?;
    let Some(previous) = &deployment.previous else {
        return Ok(Next::Convention);
    };
    let folders = [&previous.installed_to, &previous.custom_directory];
    let is_there = previous.installed_to.is_some()
        && folders.into_iter().flatten().all(|folder| folder.is_dir());
    if !is_there
        || previous.custom_directory != directory
        || !previous.version.eq_ignore_ascii_case(&own.version)
    {
        return Ok(Next::Convention);
    }
    (deployment.installed_to, deployment.custom_directory) = (
        previous.installed_to.clone(),
        previous.custom_directory.clone(),
    );
    deployment.set_directory_variable()?;
    let text = format!("{} {} is installed already.", own.package, own.version);
    deployment.say(Level::Info, &text);
    deployment.result_message = Some(text);
    Ok(Next::Finished)
}
