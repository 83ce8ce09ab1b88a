//! Which version to run.

use std::cmp::Reverse;

use layout::{Installed, Ledger, Standing};
use nupkg::NuGetVersion;

use super::protocol::{Pin, Snapshot};

/// The version to run: the pinned one, else the newest not marked bad, else the best of the bad.
pub(super) fn best<'a>(snapshot: &'a Snapshot, ledger: &Ledger) -> Option<&'a Installed> {
    let installed = snapshot.installed.iter();
    pinned(snapshot)
        .or_else(|| {
            installed
                .clone()
                .filter(|one| !is_bad(ledger, one))
                .max_by_key(|one| &one.version)
        })
        // One that ran and was only not confirmed can still be reached, perhaps; one that ends cannot.
        .or_else(|| installed.max_by_key(|one| (Reverse(bad_reason(ledger, one)), &one.version)))
}

/// What to run in place of a version on trial that failed: the newest good one, else the
/// newest that was not tried.
pub(super) fn fallback<'a>(
    snapshot: &'a Snapshot,
    ledger: &Ledger,
    failed: &NuGetVersion,
) -> Option<&'a Installed> {
    snapshot
        .installed
        .iter()
        .filter(|one| one.version != *failed && !is_bad(ledger, one))
        .max_by_key(|one| (ledger.standing(one) == Standing::Good, &one.version))
}

/// The pinned version, when it is installed.
pub(super) fn pinned(snapshot: &Snapshot) -> Option<&Installed> {
    let Pin::Version(pin) = &snapshot.pin else {
        return None;
    };
    snapshot.installed.iter().find(|one| one.version == *pin)
}

/// Whether a good version is installed.
pub(super) fn any_good(snapshot: &Snapshot, ledger: &Ledger) -> bool {
    snapshot
        .installed
        .iter()
        .any(|one| ledger.standing(one) == Standing::Good)
}

/// Whether nothing is installed but what is marked bad.
pub(super) fn all_bad(snapshot: &Snapshot, ledger: &Ledger) -> bool {
    snapshot.installed.iter().all(|one| is_bad(ledger, one))
}

fn is_bad(ledger: &Ledger, one: &Installed) -> bool {
    matches!(ledger.standing(one), Standing::Bad { .. })
}

fn bad_reason(ledger: &Ledger, one: &Installed) -> Option<layout::BadReason> {
    match ledger.standing(one) {
        Standing::Bad { reason, .. } => Some(reason),
        Standing::Trial | Standing::Good => None,
    }
}
