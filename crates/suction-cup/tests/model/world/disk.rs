//! What is on the disk.

use suction_cup::machine::{Pin, Snapshot};

use crate::names::{BUNDLE, Install, Table, VERSIONS, numbers, version};

/// What the supervisor and Tentacle find in HOME.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Disk {
    /// The stamp of each version that is installed.
    pub(crate) installed: [Option<u8>; VERSIONS.len()],
    /// The installer's package, of the oldest version.
    pub(crate) bundle: Package,
    pub(crate) pin: Pinned,
    pub(crate) ledger: File,
    /// What the ledger was before a write that is not synced yet.
    pub(crate) unsynced: Option<File>,
    pub(crate) marker: Marker,
    pub(crate) writable: bool,
    /// Programs can be started.
    pub(crate) startable: bool,
}

/// The installer's package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Package {
    Absent,
    Whole,
    Damaged,
}

/// The operator's pin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Pinned {
    No,
    To(u8),
    Invalid,
}

/// The ledger as a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum File {
    Missing,
    Damaged,
    Whole(Table),
}

/// The nonce in the marker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Marker {
    None,
    /// Of an earlier run.
    Stale,
    /// Of the run at hand.
    Current,
}

/// The bundle's version.
const BUNDLED: Install = Install {
    version: 0,
    stamp: BUNDLE,
};

impl Disk {
    /// Every install, oldest version first.
    pub(crate) fn installs(&self) -> impl DoubleEndedIterator<Item = Install> + use<> {
        let installed = self.installed;
        numbers().filter_map(move |version| {
            let stamp = installed[usize::from(version)]?;
            Some(Install { version, stamp })
        })
    }

    /// The install of a version.
    pub(crate) fn install_of(&self, version: u8) -> Option<Install> {
        let stamp = self.installed[usize::from(version)]?;
        Some(Install { version, stamp })
    }

    pub(crate) fn has(&self, install: Install) -> bool {
        self.install_of(install.version) == Some(install)
    }

    /// The pinned install, when it is there.
    pub(crate) fn pinned(&self) -> Option<Install> {
        match self.pin {
            Pinned::To(version) => self.install_of(version),
            Pinned::No | Pinned::Invalid => None,
        }
    }

    /// What a reader finds in the ledger; empty when it cannot be used.
    pub(crate) fn table(&self) -> Table {
        match self.ledger {
            File::Whole(table) => table,
            File::Missing | File::Damaged => Table::default(),
        }
    }

    /// What the machine is shown.
    pub(crate) fn snapshot(&self) -> Snapshot {
        Snapshot {
            installed: self.installs().map(Install::installed).collect(),
            bundle: (self.bundle != Package::Absent).then(|| version(BUNDLED.version)),
            pin: match self.pin {
                Pinned::No => Pin::None,
                Pinned::To(number) => Pin::Version(version(number)),
                Pinned::Invalid => Pin::Invalid("it is no version".to_owned()),
            },
        }
    }

    /// Puts the bundle's version in place; `None` when it cannot be.
    pub(crate) fn install_bundle(&mut self) -> Option<Install> {
        (self.bundle == Package::Whole && self.writable).then(|| {
            self.put(BUNDLED);
            BUNDLED
        })
    }

    pub(crate) fn put(&mut self, install: Install) {
        self.installed[usize::from(install.version)] = Some(install.stamp);
    }

    /// The marker is no longer that of a run at hand.
    pub(crate) fn no_run(&mut self) {
        if self.marker == Marker::Current {
            self.marker = Marker::Stale;
        }
    }
}
