//! Removes installations that nobody goes back to any more, as far as the step allows it.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};

use super::deployment::Deployment;
use super::extract;
use super::failure::{Failure, chain};
use super::journal::Entry;
use crate::scripts::Level;

/// How many successful installations of a line of deployments are kept, the current one included.
const ITEMS: &str = "OctopusRetentionPolicyItemsToKeep";
/// For how many days installations are kept.
const DAYS: &str = "OctopusRetentionPolicyDaysToKeep";

/// What the step allows. Whatever one of the two keeps is kept.
#[derive(Debug, Clone, Copy, Default)]
struct Policy {
    items: Option<u32>,
    days: Option<u32>,
}

/// After a deployment that is in the journal. What goes wrong here changes nothing about it.
pub(super) fn apply(deployment: &Deployment<'_>) {
    if let Err(failure) = remove(deployment) {
        let text = format!("Old installations stay: {}", chain(&failure));
        deployment.say(Level::Warning, &text);
    }
}

fn remove(deployment: &Deployment<'_>) -> Result<(), Failure> {
    let policy = Policy {
        items: number(deployment, ITEMS)?,
        days: number(deployment, DAYS)?,
    };
    if policy.items.is_none() && policy.days.is_none() {
        return Ok(());
    }
    let journal = deployment.journal();
    let (entries, _) = journal
        .read()
        .map_err(Failure::file(journal.path(), "read"))?;
    let own = deployment.entry(true);
    let package = extract::package_folder(deployment)?;
    for folder in superseded(&entries, &own, policy, Timestamp::now()) {
        // The journal is a file that people can write to.
        let is_installation = folder.parent() == Some(package.as_path());
        if !is_installation || !is_folder(&folder) {
            continue;
        }
        fs::remove_dir_all(&folder).map_err(Failure::file(&folder, "removed"))?;
        deployment.say(Level::Verbose, &format!("Removed {}", folder.display()));
    }
    Ok(())
}

/// Not a link to one.
fn is_folder(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_dir())
}

fn number(deployment: &Deployment<'_>, name: &'static str) -> Result<Option<u32>, Failure> {
    let value = deployment.get(name)?;
    if value.is_empty() {
        return Ok(None);
    }
    match value.parse() {
        // Octopus's way to say "keep all".
        Ok(0) => Ok(None),
        Ok(number) => Ok(Some(number)),
        Err(_) => Err(Failure::BadValue {
            name,
            expected: "a whole number, 0 for no limit",
            value,
        }),
    }
}

/// Folders of the line of `own` that the policy does not keep; never that of the current nor
/// of the previous successful deployment, and none that any other entry names.
fn superseded(entries: &[Entry], own: &Entry, policy: Policy, now: Timestamp) -> Vec<PathBuf> {
    let oldest = policy.days.map(|days| {
        let age = SignedDuration::from_hours(i64::from(days).saturating_mul(24));
        now.checked_sub(age).unwrap_or(Timestamp::MIN)
    });
    let items = policy.items.unwrap_or(0).max(2);
    let mut kept = HashSet::new();
    let mut candidates = Vec::new();
    let mut successes = 0;
    for entry in entries.iter().rev() {
        let Some(folder) = &entry.installed_to else {
            continue;
        };
        // A failed one stays as long as the success before it, so that it can be looked into.
        let is_kept = !entry.is_in_line_with(own)
            || successes < items
            || oldest.is_some_and(|oldest| entry.time >= oldest);
        if entry.success && entry.is_in_line_with(own) {
            successes = successes.saturating_add(1);
        }
        match is_kept {
            true => drop(kept.insert(folder)),
            false => candidates.push(folder),
        }
    }
    candidates.retain(|folder| !kept.contains(folder));
    let mut folders: Vec<_> = candidates.into_iter().cloned().collect();
    folders.sort();
    folders.dedup();
    folders
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Entries as `folder day`, oldest first; `!` for a failure, `other:` for another line.
    fn check(entries: &str, items: Option<u32>, days: Option<u32>, expected: &str) {
        let entries: Vec<Entry> = entries.split(", ").map(entry).collect();
        let own = entry("x 2026-11-20");
        let policy = Policy { items, days };
        let now = "2026-11-20T12:00:00Z".parse().unwrap();
        let folders = superseded(&entries, &own, policy, now);
        let folders: Vec<_> = folders.iter().map(|f| f.display().to_string()).collect();
        assert_eq!(folders.join(" "), expected, "{items:?} {days:?}");
    }

    fn entry(text: &str) -> Entry {
        let (folder, day) = text.split_once(' ').unwrap();
        let (policy, folder) = folder.split_once(':').unwrap_or(("own", folder));
        Entry {
            ticket: "t".to_owned(),
            time: format!("{day}T10:00:00Z").parse().unwrap(),
            package: "Acme.Web".to_owned(),
            version: "1.0.0".to_owned(),
            environment: "Prod".to_owned(),
            policy: policy.to_owned(),
            success: !folder.contains('!'),
            installed_to: Some(folder.trim_end_matches('!').into()),
            custom_directory: None,
            previous: None,
        }
    }

    #[test]
    fn what_is_kept() {
        let five = "a 2026-11-01, b 2026-11-05, c 2026-11-10, d 2026-11-19, e 2026-11-20";
        check(five, Some(3), None, "a b");
        check(five, Some(9), None, "");
        // The current and the previous one stay, whatever the policy says.
        check(five, Some(1), None, "a b c");
        check(five, None, Some(1), "a b c");
        check(five, None, Some(11), "a b");
        check(five, Some(4), Some(1), "a");
        // A failure is no success, and goes with what is as old.
        let failed =
            "a 2026-11-01, f! 2026-11-02, b 2026-11-05, g! 2026-11-06, c 2026-11-10, h! 2026-11-11";
        check(failed, Some(1), None, "a f");
        check(failed, Some(2), None, "a f");
        // Other lines keep what is theirs, and a folder with two lives is kept.
        check(
            "other:a 2026-11-01, b 2026-11-02, b 2026-11-03, c 2026-11-04",
            Some(2),
            None,
            "",
        );
        check(
            "a 2026-11-01, other:a 2026-11-02, b 2026-11-03, c 2026-11-04",
            Some(2),
            None,
            "",
        );
        check(
            "a 2026-11-01, a 2026-11-02, b 2026-11-03, c 2026-11-04",
            Some(2),
            None,
            "a",
        );
        check(
            "a 2026-11-01, b 2026-11-03, c 2026-11-04",
            Some(u32::MAX),
            Some(u32::MAX),
            "",
        );
    }
}
