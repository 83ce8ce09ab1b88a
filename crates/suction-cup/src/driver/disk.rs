//! What the driver reads and repairs in a HOME before and between runs.

use std::fs;
use std::hash::{BuildHasher as _, Hasher as _};
use std::io;
use std::path::PathBuf;

use layout::{Home, Ledger, LedgerError, ParseError};

use super::journal::Journal;
use crate::causes::with_causes;
use crate::machine::{Pin, Snapshot};

/// Whether there is surely no such folder. One that cannot be looked at may be there.
pub(super) fn is_missing(home: &Home) -> bool {
    match fs::metadata(home.root()) {
        Ok(data) => !data.is_dir(),
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    }
}

/// Makes the folders that are written here.
pub(super) fn make_folders(home: &Home) -> io::Result<()> {
    [home.log(), home.run(), home.versions()]
        .iter()
        .try_for_each(fs::create_dir_all)
}

/// Looks at what is installed, the bundle and the pin.
pub(super) fn look(home: &Home) -> Snapshot {
    Snapshot {
        installed: home.installed(),
        bundle: home.bundle().map(|bundle| bundle.version),
        pin: match home.read_pin() {
            Ok(pin) => pin.map_or(Pin::None, Pin::Version),
            Err(error) => Pin::Invalid(error.to_string()),
        },
    }
}

/// The ledger; one that cannot be used is kept aside and an empty one takes its place.
pub(super) fn load_ledger(home: &Home, journal: &mut Journal) -> Ledger {
    let error = match Ledger::load(home) {
        Ok(ledger) => return ledger,
        Err(error) => error,
    };
    journal.line(&with_causes(&error));
    let kind = match &error {
        LedgerError::Unreadable { .. } => return Ledger::default(),
        LedgerError::Unusable {
            source: ParseError::FromTheFuture { .. },
            ..
        } => "newer",
        LedgerError::Unusable { .. } => "damaged",
    };
    let aside = free_name(home, kind);
    let line = match fs::rename(home.ledger(), &aside) {
        Ok(()) => format!(
            "kept the old ledger as {}; every version is on trial again",
            aside.display()
        ),
        Err(error) => format!(
            "the old ledger cannot be kept as {}: {error}",
            aside.display()
        ),
    };
    journal.line(&line);
    Ledger::default()
}

fn free_name(home: &Home, kind: &str) -> PathBuf {
    let name = |number: u32| home.root().join(format!("ledger.{kind}-{number}"));
    // With very many of them the last one is replaced.
    (1..1_000)
        .map(name)
        .find(|path| !path.exists())
        .unwrap_or_else(|| name(1_000))
}

/// What makes the nonces of this Suction Cup differ from those of all others.
pub(super) fn seed() -> String {
    // Keys from the system's random source.
    let random = std::hash::RandomState::new().build_hasher().finish();
    format!("{}-{random:016x}", std::process::id())
}
