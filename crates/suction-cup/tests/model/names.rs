//! Versions, stamps and what a ledger says of them, as small numbers.

use std::sync::LazyLock;

use layout::{BadReason, Entry, Installed, Ledger, Stamp, Standing};
use nupkg::NuGetVersion;

/// Oldest first, in the order of versions. As text the first would be the newest.
pub(crate) const VERSIONS: [&str; 3] = ["1.9.0", "1.10.0", "1.11.0"];
/// The installer's, and one for each of the server's orders.
const STAMPS: [&str; 4] = ["bundle", "t-1", "t-2", "t-3"];

/// The installer's stamp.
pub(crate) const BUNDLE: u8 = 0;
/// The stamp of the last order.
pub(crate) const LAST_ORDER: u8 = 3;

static PARSED: LazyLock<Vec<NuGetVersion>> =
    LazyLock::new(|| VERSIONS.iter().map(|text| text.parse().unwrap()).collect());

/// The version of a number.
pub(crate) fn version(number: u8) -> NuGetVersion {
    PARSED[usize::from(number)].clone()
}

/// The number of a version.
pub(crate) fn number(version: &NuGetVersion) -> u8 {
    let found = PARSED.iter().position(|one| one == version);
    u8::try_from(found.unwrap()).unwrap()
}

/// All numbers of versions, oldest first.
pub(crate) fn numbers() -> impl DoubleEndedIterator<Item = u8> {
    0..VERSIONS.len() as u8
}

/// One install of a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Install {
    pub(crate) version: u8,
    pub(crate) stamp: u8,
}

impl Install {
    pub(crate) fn installed(self) -> Installed {
        Installed {
            version: version(self.version),
            stamp: stamp(self.stamp),
        }
    }
}

impl std::fmt::Display for Install {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (version, stamp) = (usize::from(self.version), usize::from(self.stamp));
        write!(f, "{}@{}", VERSIONS[version], STAMPS[stamp])
    }
}

fn stamp(number: u8) -> Stamp {
    STAMPS[usize::from(number)].parse().unwrap()
}

/// A set of installs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Set(u16);

impl Set {
    fn bit(install: Install) -> u16 {
        1 << (install.version * 4 + install.stamp)
    }

    pub(crate) fn has(self, install: Install) -> bool {
        self.0 & Set::bit(install) != 0
    }

    pub(crate) fn put(&mut self, install: Install, member: bool) {
        self.0 &= !Set::bit(install);
        if member {
            self.0 |= Set::bit(install);
        }
    }
}

/// What a ledger says of one install.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Word {
    Trial,
    Good,
    Bad(BadReason),
}

impl Word {
    pub(crate) fn is_bad(self) -> bool {
        matches!(self, Word::Bad(_))
    }
}

/// A ledger without the details that are for people: stamp and word of each version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Table(pub(crate) [Option<(u8, Word)>; VERSIONS.len()]);

impl Table {
    pub(crate) fn of(ledger: &Ledger) -> Table {
        let mut table = Table::default();
        for (version, entry) in ledger.entries() {
            let stamp = STAMPS
                .iter()
                .position(|text| *text == entry.stamp.as_str())
                .unwrap();
            let word = match entry.standing {
                Standing::Trial => Word::Trial,
                Standing::Good => Word::Good,
                Standing::Bad { reason, .. } => Word::Bad(reason),
            };
            table.0[usize::from(number(version))] = Some((u8::try_from(stamp).unwrap(), word));
        }
        table
    }

    pub(crate) fn ledger(self) -> Ledger {
        let mut ledger = Ledger::default();
        for (install, word) in self.entries() {
            let standing = match word {
                Word::Trial => Standing::Trial,
                Word::Good => Standing::Good,
                Word::Bad(reason) => Standing::bad(reason, "it failed"),
            };
            let stamp = stamp(install.stamp);
            ledger.set(version(install.version), Entry { stamp, standing });
        }
        ledger
    }

    pub(crate) fn entries(self) -> impl Iterator<Item = (Install, Word)> {
        numbers().filter_map(move |version| {
            let (stamp, word) = self.0[usize::from(version)]?;
            Some((Install { version, stamp }, word))
        })
    }

    /// What it says of this very install, if anything.
    pub(crate) fn word(self, install: Install) -> Option<Word> {
        let (stamp, word) = self.0[usize::from(install.version)]?;
        (stamp == install.stamp).then_some(word)
    }

    pub(crate) fn is_bad(self, install: Install) -> bool {
        self.word(install).is_some_and(Word::is_bad)
    }

    pub(crate) fn is_good(self, install: Install) -> bool {
        self.word(install) == Some(Word::Good)
    }
}
